"""Reads a shapefile, zipped or in a folder: its header, the files that go with it, and its first shapes."""

from __future__ import annotations

import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO

from opendata_check.inspection.archives.zip import MAX_RATIO, RATIO_MATTERS_FROM
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.spatial.apparent import apparent_crs
from opendata_check.inspection.spatial.extent import dominant
from opendata_check.inspection.spatial.geometry import Shapes
from opendata_check.inspection.spatial.prj import crs_of_prj
from opendata_check.inspection.spatial.shapes_esri import read_shapes
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, LayerFacts, SpatialFacts

_HEADER_BYTES = 100
_MAX_PRJ_BYTES = 64_000
_MAX_DBF_HEADER = 32
_MAX_LAYERS = 20
_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
# ESRI Shapefile Technical Description (1998), p. 4: shape types; Z and M variants are 10 and 20 above.
_SHAPES = {1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint", 31: "MultiPatch"}
# The dBASE « language driver » byte that software writes in France, and the encoding it means.
_DRIVERS = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252", 0x58: "cp1252", 0x64: "cp852", 0x7B: "cp932"}


def read_shapefile_zip(content: Content, facts: ArchiveFacts) -> SpatialFacts | None:
    """Return what the first layer (by name) of a zipped shapefile says of itself, or None when it holds none.

    Of the other layers, only headers are read, and of the first twenty. Raises InspectionError when the first layer
    is damaged or refused.
    """
    names = sorted(member.name for member in facts.members if member.name.lower().endswith(".shp"))
    names = [name for name in names if not name.startswith("__MACOSX/")]
    if not names:
        return None
    try:
        with zipfile.ZipFile(content.path) as archive:
            members = _by_stem(archive)
            first = _layer(_ZippedLayer(archive, members, names[0]))
            layers = tuple(_summary(_ZippedLayer(archive, members, name), name) for name in names[:_MAX_LAYERS])
            return replace(first, layers=layers if len(names) > 1 else (), layer_count=len(names))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise InspectionError(
            "la carte contenue dans l’archive ne peut pas être lue",
            remedy="Refaites l’archive sans mot de passe, puis publiez-la de nouveau.",
        ) from error


def read_shapefile(content: Content) -> SpatialFacts | None:
    """Return what a .shp on disk says of itself, with the .prj, .shx and .dbf that lie beside it.

    What lies beside a temporary copy says nothing of what was published: nothing is then missing.
    Raises InspectionError when the file is damaged.
    """
    try:
        facts = _layer(_LayerOnDisk(content.path))
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error
    published_there = content.path.name == content.name.replace("\\", "/").rsplit("/", 1)[-1]
    return facts if published_there else replace(facts, missing=())


class _LayerOnDisk:
    """The files of one layer, side by side in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = {
            sibling.suffix.lower(): sibling
            for sibling in sorted(path.parent.glob(f"{_globless(path)}.*"))
            if _stays(sibling)
        }
        self._beside[".shp"] = path

    def size(self, suffix: str) -> int | None:
        """Return the bytes of the file of that suffix, None when it is missing."""
        found = self._beside.get(suffix)
        return found.stat().st_size if found else None

    def start(self, suffix: str, limit: int) -> bytes:
        """Return the first ``limit`` bytes of the file of that suffix, b"" when it is missing."""
        found = self._beside.get(suffix)
        if found is None:
            return b""
        with found.open("rb") as file:
            return file.read(limit)

    def opened(self, suffix: str) -> AbstractContextManager[IO[bytes]]:
        """Return the file of that suffix, open."""
        return self._beside[suffix].open("rb")


Members = dict[str, dict[str, zipfile.ZipInfo]]
"""By stem in lower case, then by suffix in lower case."""


def _by_stem(archive: zipfile.ZipFile) -> Members:
    found: Members = {}
    for info in archive.infolist():
        stem, dot, suffix = info.filename.lower().rpartition(".")
        if dot and "/" not in suffix:
            found.setdefault(stem, {})[f".{suffix}"] = info
    return found


class _ZippedLayer:
    """The files of one layer inside an archive."""

    def __init__(self, archive: zipfile.ZipFile, members: Members, shp: str) -> None:
        self._archive = archive
        self._infos = members.get(shp[:-4].lower(), {})

    def size(self, suffix: str) -> int | None:
        """Return the announced bytes of the member of that suffix, None when it is missing."""
        info = self._infos.get(suffix)
        return info.file_size if info else None

    def start(self, suffix: str, limit: int) -> bytes:
        """Return the first ``limit`` bytes of the member of that suffix, b"" when it is missing."""
        if suffix not in self._infos:
            return b""
        with self.opened(suffix) as member:
            return _read_up_to(member, limit)

    def opened(self, suffix: str) -> AbstractContextManager[IO[bytes]]:
        """Return the member of that suffix, open. Raises InspectionError for one that unpacks beyond reason."""
        info = self._infos.get(suffix)
        if info is None:
            return BytesIO()
        if info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise InspectionError("l’archive est refusée : son taux de compression est anormal")
        return self._archive.open(info)


def _read_up_to(member: IO[bytes], limit: int) -> bytes:
    """Return ``limit`` bytes or less; a member's read may return short."""
    pieces = []
    while limit > 0 and (piece := member.read(limit)):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _stays(sibling: Path) -> bool:
    """Return whether a file beside the map is itself there: a link could lead to any file of the computer."""
    try:
        return not sibling.is_symlink() or sibling.resolve().parent == sibling.parent.resolve()
    except (OSError, RuntimeError):
        return False


def _globless(path: Path) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", path.stem)


def _layer(layer: _LayerOnDisk | _ZippedLayer) -> SpatialFacts:
    """Return the facts of a layer from its header (ESRI Shapefile Technical Description, pp. 3-4) and first shapes."""
    head = layer.start(".shp", _HEADER_BYTES)
    if len(head) < _HEADER_BYTES or struct.unpack(">i", head[:4])[0] != 9994:
        raise InspectionError(
            "le fichier .shp est coupé ou n’est pas un shapefile", remedy="Exportez la couche de nouveau."
        )
    box = struct.unpack("<4d", head[36:68])
    bbox = (box[0], box[1], box[2], box[3]) if all(math.isfinite(value) for value in box) else None
    count = _feature_count(layer)
    name = _type_of(head)
    declared = crs_of_prj(_decoded(layer.start(".prj", _MAX_PRJ_BYTES)))
    shapes = Shapes(counter_clockwise=False)
    with layer.opened(".shp") as file:
        read, whole = read_shapes(_pieces(file), shapes)
    if layer.size(".shx") is None:
        count = max(count, read)
    sampled = shapes.facts(carrier="shapefile", feature_count=count, declared=declared)
    return replace(
        sampled,
        geometry_types=(name,) if name else (),
        bbox=bbox if count else None,
        apparent_crs=dominant(sampled.systems, bbox, apparent_crs(bbox)) if count else "",
        partly_read=bool(count) and not (whole and read >= count),
        missing=tuple(suffix for suffix in _COMPANIONS if _is_missing(layer, suffix)),
        encoding=_encoding(layer),
    )


def _summary(layer: _ZippedLayer, name: str) -> LayerFacts:
    """Return what the header of one layer among several says; nothing of one that is damaged."""
    try:
        head = layer.start(".shp", _HEADER_BYTES)
        prj = layer.start(".prj", _MAX_PRJ_BYTES)
        count = _feature_count(layer)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError, InspectionError):
        return LayerFacts(name[:200])
    kind = _type_of(head) if len(head) == _HEADER_BYTES else ""
    return LayerFacts(name[:200], count, kind, crs_of_prj(_decoded(prj)))


def _type_of(head: bytes) -> str:
    (shape,) = struct.unpack("<i", head[32:36])
    return _SHAPES.get(shape if shape in _SHAPES else shape % 10, "")


def _is_missing(layer: _LayerOnDisk | _ZippedLayer, suffix: str) -> bool:
    """Return whether a companion is missing; a .cpg is not when the .dbf says its encoding."""
    if layer.size(suffix) is not None:
        return False
    return suffix != ".cpg" or (layer.size(".dbf") is not None and not _encoding(layer))


def _encoding(layer: _LayerOnDisk | _ZippedLayer) -> str:
    """Return the encoding that the .cpg says, else the one the .dbf's language driver means."""
    said = layer.start(".cpg", 40).decode("ascii", "replace").strip()
    if said:
        return "".join(character for character in said if character.isprintable())
    table = layer.start(".dbf", _MAX_DBF_HEADER)
    return _DRIVERS.get(table[29], "") if len(table) >= _MAX_DBF_HEADER else ""


def _feature_count(layer: _LayerOnDisk | _ZippedLayer) -> int:
    """Return the number of shapes: 8 bytes each in the .shx, else what the .dbf announces, else 0 or 1 by the .shp."""
    index = layer.size(".shx")
    if index is not None and index >= _HEADER_BYTES:
        return (index - _HEADER_BYTES) // 8
    table = layer.start(".dbf", _MAX_DBF_HEADER)
    if len(table) >= 8:
        (rows,) = struct.unpack("<I", table[4:8])
        return int(rows)
    return 1 if (layer.size(".shp") or 0) > _HEADER_BYTES else 0


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(262_144):
        yield piece


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8-sig", errors="replace")
