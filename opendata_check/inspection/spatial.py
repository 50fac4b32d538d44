"""Reads where shapes lie: a shapefile's header and its .prj, and the coordinate system that figures betray."""

from __future__ import annotations

import math
import re
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import IO

from opendata_check.inspection.archive import MAX_RATIO, RATIO_MATTERS_FROM
from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, SpatialFacts

BBox = tuple[float, float, float, float]

_HEADER_BYTES = 100
_MAX_PRJ_BYTES = 64_000
_MAX_DBF_HEADER = 32
_MERCATOR_EDGE = 20_037_508.4
# ESRI Shapefile Technical Description (1998), p. 4: shape types; Z and M variants are 10 and 20 above.
_SHAPES = {1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint", 31: "MultiPatch"}
# A rough outline of metropolitan France with Corsica and its near waters (longitude, latitude), counter-clockwise.
_FRANCE = (
    (-2.2, 43.1), (0.7, 42.4), (3.4, 42.1), (6.4, 42.7), (8.2, 41.1), (9.8, 41.1), (9.8, 43.3), (7.9, 43.6),
    (7.3, 44.6), (7.5, 46.2), (8.5, 49.2), (6.1, 49.8), (4.0, 50.6), (2.2, 51.3), (1.2, 50.5), (-2.2, 50.0),
    (-5.6, 48.9), (-5.6, 47.8), (-2.8, 46.3), (-1.9, 44.0),
)  # fmt: skip


def read_shapefile_zip(content: Content, facts: ArchiveFacts) -> SpatialFacts | None:
    """Return what the first layer (by name) of a zipped shapefile says of itself, or None when it holds none.

    Reads at most a few kilobytes of the archive. Raises InspectionError when the layer is damaged or refused.
    """
    names = sorted(member.name for member in facts.members if member.name.lower().endswith(".shp"))
    names = [name for name in names if not name.startswith("__MACOSX/")]
    if not names:
        return None
    try:
        with zipfile.ZipFile(content.path) as archive:
            return _layer(_ZippedLayer(archive, names[0]))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise InspectionError(
            "la carte contenue dans l’archive ne peut pas être lue",
            remedy="Refaites l’archive sans mot de passe, puis publiez-la de nouveau.",
        ) from error


def read_shapefile(content: Content) -> SpatialFacts | None:
    """Return what a .shp on disk says of itself, with the .prj, .shx and .dbf that lie beside it.

    Raises InspectionError when the file is damaged.
    """
    try:
        return _layer(_LayerOnDisk(content.path))
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error


class _LayerOnDisk:
    """The files of one layer, side by side in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = {sibling.suffix.lower(): sibling for sibling in sorted(path.parent.glob(f"{_globless(path)}.*"))}
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


class _ZippedLayer:
    """The files of one layer inside an archive."""

    def __init__(self, archive: zipfile.ZipFile, shp: str) -> None:
        self._archive = archive
        stem = shp[:-4]
        self._infos = {
            info.filename[len(stem) :].lower(): info
            for info in archive.infolist()
            if info.filename.lower().startswith(stem.lower()) and "." not in info.filename[len(stem) + 1 :]
        }

    def size(self, suffix: str) -> int | None:
        """Return the announced bytes of the member of that suffix, None when it is missing."""
        info = self._infos.get(suffix)
        return info.file_size if info else None

    def start(self, suffix: str, limit: int) -> bytes:
        """Return the first ``limit`` bytes of the member of that suffix, b"" when it is missing."""
        info = self._infos.get(suffix)
        if info is None:
            return b""
        if info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise InspectionError("l’archive est refusée : son taux de compression est anormal")
        with self._archive.open(info) as member:
            return _read_up_to(member, limit)


def _read_up_to(member: IO[bytes], limit: int) -> bytes:
    """Return ``limit`` bytes or less; a member's read may return short."""
    pieces = []
    while limit > 0 and (piece := member.read(limit)):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _globless(path: Path) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", path.stem)


def _layer(layer: _LayerOnDisk | _ZippedLayer) -> SpatialFacts:
    """Return the facts of a layer from its header (ESRI Shapefile Technical Description, pp. 3-4)."""
    head = layer.start(".shp", _HEADER_BYTES)
    if len(head) < _HEADER_BYTES or struct.unpack(">i", head[:4])[0] != 9994:
        raise InspectionError(
            "le fichier .shp est coupé ou n’est pas un shapefile", remedy="Exportez la couche de nouveau."
        )
    (shape,) = struct.unpack("<i", head[32:36])
    box = struct.unpack("<4d", head[36:68])
    bbox = (box[0], box[1], box[2], box[3]) if all(math.isfinite(value) for value in box) else None
    count = _feature_count(layer)
    name = _SHAPES.get(shape if shape in _SHAPES else shape % 10, "")
    return SpatialFacts(
        geometry_types=(name,) if name else (),
        feature_count=count,
        bbox=bbox if count else None,
        declared_crs=crs_of_prj(_decoded(layer.start(".prj", _MAX_PRJ_BYTES))),
        apparent_crs=apparent_crs(bbox) if count else "",
        carrier="shapefile",
    )


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


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8-sig", errors="replace")


# Names found in .prj files, folded (lower case, letters and digits only), and the EPSG code they mean.
_NAMED = {
    "rgf93lambert93": 2154, "rgf1993lambert93": 2154, "rgf93v1lambert93": 2154, "rgf93v2lambert93": 9793,
    "rgf93v2blambert93": 9794, "lambert93": 2154,
    "wgs84": 4326, "gcswgs1984": 4326, "wgs1984": 4326,
    "gcsrgf1993": 4171, "rgf93": 4171, "rgf1993": 4171, "rgf93v1": 4171,
    "wgs1984webmercatorauxiliarysphere": 3857, "wgs84pseudomercator": 3857, "wgs1984webmercator": 3857,
    "ntfparislambertzoneii": 27572, "ntflambertiietendu": 27572, "ntflambertiitendu": 27572, "lambertiietendu": 27572,
    "rgr921992utm40s": 2975, "rgr92utmzone40s": 2975, "rgr92utm40s": 2975, "rgr1992utm40s": 2975,
    "rgaf09utmzone20n": 5490, "rgfg95utmzone22n": 2972, "rgm04utmzone38s": 4471,
    "wgs1984utmzone20n": 32620, "wgs84utmzone20n": 32620,
    "rrafutm20n": 2989, "rrafutmzone20n": 2989, "rgfg1995utm22n": 2972, "rgm042004utm38s": 4471,
}  # fmt: skip
_CONIC = re.compile(r"rgf(?:19)?93(?:v1)?(?:lambert)?cc(4[2-9]|50)(?:zone[1-9])?")


def crs_of_prj(text: str) -> str:
    """Return « EPSG:2154 » for a .prj whose name or authority is known, its own name otherwise, "" when it is empty.

    A .prj is well-known text (OGC 01-009): its first quoted string is the name, and an AUTHORITY at the outermost
    level, when present, is the code.
    """
    named = re.match(r'\s*[A-Za-z_]+\s*\[\s*"([^"]{1,200})"', text)
    if not named:
        return ""
    authority = _outermost_authority(text)
    if authority:
        return authority
    folded = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", named[1]).lower())
    if folded in _NAMED:
        return f"EPSG:{_NAMED[folded]}"
    conic = _CONIC.fullmatch(folded)
    if conic:
        return f"EPSG:39{conic[1]}"
    return "".join(character for character in named[1] if character.isprintable())[:80].strip()


def _outermost_authority(text: str) -> str:
    """Return the code of the AUTHORITY (or ID) that belongs to the whole definition, not to one of its parts."""
    depth = 0
    for token in re.finditer(r'"[^"]*"|\[|\]|(?:AUTHORITY|ID)(?=\s*\[\s*"EPSG"\s*,\s*"?(\d{4,6})\b)', text):
        if token[0] == "[":
            depth += 1
        elif token[0] == "]":
            depth -= 1
        elif token[1] and depth == 1:
            return f"EPSG:{token[1]}"
    return ""


def apparent_crs(bbox: BBox | None) -> str:
    """Return the coordinate system that a box of coordinates betrays.

    ``wgs84``, ``swapped`` (latitude first), ``lambert93``, ``lambert-cc`` (one of the nine conic zones),
    ``web-mercator``, or "" when undecided. ``bbox`` is min x, min y, max x, max y in the file's own units.
    """
    if bbox is None or not all(math.isfinite(value) for value in bbox):
        return ""
    west, south, east, north = bbox
    if west > east or south > north:
        return ""
    if west >= 41 and east <= 51.5 and south >= -5.5 and north <= 10:
        return "swapped"
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        # Nothing but the point (0, 0) is a missing value, not a place.
        return "" if not any(bbox) else "wgs84"
    return _metric(bbox)


class Box:
    """The smallest box around the points given, and the same without the points at (0, 0), which stand for nothing."""

    __slots__ = ("_placed", "east", "north", "south", "west")

    def __init__(self) -> None:
        self.west = self.south = math.inf
        self.east = self.north = -math.inf
        self._placed: Box | None = None

    def add(self, x: float, y: float) -> None:
        """Widen the box to one point; what is not a finite number is left out."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return
        if not x and not y and self._placed is None:
            self._placed = Box()
            self._placed.west, self._placed.south = self.west, self.south
            self._placed.east, self._placed.north = self.east, self.north
        elif self._placed is not None and (x or y):
            self._placed._widen(x, y)
        self._widen(x, y)

    def _widen(self, x: float, y: float) -> None:
        if x < self.west:
            self.west = x
        if x > self.east:
            self.east = x
        if y < self.south:
            self.south = y
        if y > self.north:
            self.north = y

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return min x, min y, max x, max y, or None when no point was given."""
        return None if self.west > self.east else (self.west, self.south, self.east, self.north)

    def placed(self) -> tuple[float, float, float, float] | None:
        """Return the box of the points that are not (0, 0), or the whole box when there is no other."""
        return (self._placed.bounds() if self._placed else None) or self.bounds()


def _metric(bbox: BBox) -> str:
    """Return the metric system that puts the middle of the box in metropolitan France, Lambert-93 first.

    Lambert-93 and the web's Mercator share ordinates: trying both on a map tells them apart. Outside the outline,
    only the zones' own figures decide.
    """
    west, south, east, north = bbox
    centre = ((west + east) / 2, (south + north) / 2)
    lambert = west >= -4e5 and east <= 1.4e6 and south >= 5.9e6 and north <= 7.3e6
    if lambert and _in_france(*lambert93_to_wgs84(*centre)):
        return "lambert93"
    if west >= 1.1e6 and east <= 2.3e6 and _in_conic_zone(south, north):
        return "lambert-cc"
    if max(map(abs, bbox)) <= _MERCATOR_EDGE and _in_france(*mercator_to_wgs84(*centre)):
        return "web-mercator"
    return "lambert93" if west >= 0 and east <= 1.3e6 and south >= 6.0e6 and north <= 7.2e6 else ""


def _in_conic_zone(south: float, north: float) -> bool:
    """Return True when both ordinates fall in one zone of RGF93 CC42 to CC50.

    Zone n is centred on latitude n, where the ordinate is (n - 41) million plus 200 000 metres (decree 2006-272).
    """
    zone = round((south - 200_000) / 1e6)
    centre = zone * 1e6 + 200_000
    return 1 <= zone <= 9 and abs(south - centre) <= 150_000 and abs(north - centre) <= 150_000


# Constants of RGF93 / Lambert-93: IGN, « Projections cartographiques en usage en France », ALG0004 and NTG 71.
_L93_N = 0.7256077650532670
_L93_C = 11_754_255.426096
_L93_X = 700_000.0
_L93_Y = 12_655_612.049876
_GRS80_E = 0.08181919104281579


def lambert93_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in RGF93 / Lambert-93 (IGN, algorithm ALG0004)."""
    radius = math.hypot(x - _L93_X, y - _L93_Y)
    angle = math.atan2(x - _L93_X, _L93_Y - y)
    isometric = math.log(_L93_C / radius) / _L93_N if radius else math.inf
    latitude = math.asin(math.tanh(min(isometric, 50.0)))
    for _ in range(8):
        latitude = math.asin(math.tanh(min(isometric + _GRS80_E * math.atanh(_GRS80_E * math.sin(latitude)), 50.0)))
    return 3 + math.degrees(angle / _L93_N), math.degrees(latitude)


def mercator_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in the web's Mercator projection (EPSG:3857)."""
    radius = 6_378_137.0
    return math.degrees(x / radius), math.degrees(math.atan(math.sinh(max(-20.0, min(20.0, y / radius)))))


def _in_france(longitude: float, latitude: float) -> bool:
    """Return True inside the rough outline of metropolitan France (even-odd rule)."""
    inside = False
    for (x1, y1), (x2, y2) in zip(_FRANCE, (*_FRANCE[1:], _FRANCE[0]), strict=True):
        if (y1 > latitude) != (y2 > latitude) and longitude < x1 + (latitude - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside
