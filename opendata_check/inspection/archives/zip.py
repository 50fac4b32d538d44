"""Lists a zip without unpacking it: what it holds, what it would weigh, and why it should not be trusted."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from opendata_check.inspection.archives.names import formats_inside, is_nested, name_dangers, printable, shown
from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, ArchiveMember

MAX_MEMBERS = 20_000
"""Beyond this many entries the list is not read: each entry costs memory before anything is known of it."""
MAX_DIRECTORY_BYTES = 8_000_000
MAX_LISTED = 10_000
MAX_TOTAL_BYTES = 2_000_000_000
MAX_RATIO = 200
"""Deflate cannot exceed 1032; a table of figures or of repeated words stays under 60."""
RATIO_MATTERS_FROM = 10_000_000
_MAX_DANGERS = 20
_CHUNK = 262_144
_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_END64 = b"PK\x06\x06"
# A zip's ``mimetype`` entry says which office document it is; its length is enough to tell, without opening it.
_OPENDOCUMENT = {46: "ods", 55: "ods", 39: "odt", 48: "odt", 47: "pptx", 56: "pptx"}
_GTFS = {"agency.txt", "routes.txt", "trips.txt", "stop_times.txt"}


def read_zip(content: Content) -> ArchiveFacts:
    """Return the list of a zip's files (folders apart), their announced sizes and the dangers found, in French.

    Nothing is unpacked. Raises InspectionError when the list of entries is missing or damaged.
    Format: PKWARE APPNOTE 6.3, sections 4.3.12 (central directory), 4.3.14 and 4.3.16 (end records).
    """
    return list_zip(content.path)


def list_zip(path: Path) -> ArchiveFacts:
    """Return the same as ``read_zip`` for a path."""
    try:
        with path.open("rb") as file:
            count, directory_bytes = _announced(file, path.stat().st_size)
            if count > MAX_MEMBERS or directory_bytes > MAX_DIRECTORY_BYTES:
                danger = f"l’archive contient trop de fichiers ({count} annoncés, {MAX_MEMBERS} au plus)"
                return ArchiveFacts(members=(), member_count=count, total_size=0, dangers=(danger,))
            with zipfile.ZipFile(file) as archive:
                return _facts(archive.infolist())
    except (zipfile.BadZipFile, struct.error, ValueError, EOFError, NotImplementedError) as error:
        raise _damaged() from error
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error


def _damaged() -> InspectionError:
    return InspectionError(
        "l’archive ZIP est coupée ou abîmée : sa liste de fichiers est illisible",
        remedy="Refaites l’archive, puis publiez-la de nouveau.",
    )


def _announced(file: BinaryIO, size: int) -> tuple[int, int]:
    """Return the number of entries and the bytes of their list, as the end record announces them.

    Read before zipfile does, because zipfile loads every entry whatever their number.
    """
    start = max(0, size - 65_557 - 20)
    file.seek(start)
    tail = file.read(65_577)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise _damaged()
    count, directory_bytes = struct.unpack("<HL", tail[at + 10 : at + 16])
    if at >= 20 and tail[at - 20 : at - 16] == _END64_LOCATOR:
        (offset,) = struct.unpack("<Q", tail[at - 12 : at - 4])
        if offset < size:
            file.seek(offset)
            record = file.read(56)
            if record[:4] == _END64 and len(record) == 56:
                count, directory_bytes = struct.unpack("<QQ", record[32:48])
    file.seek(0)
    return count, directory_bytes


def _facts(infos: Sequence[zipfile.ZipInfo]) -> ArchiveFacts:
    if len(infos) > MAX_MEMBERS:
        danger = f"l’archive contient trop de fichiers ({len(infos)}, {MAX_MEMBERS} au plus)"
        return ArchiveFacts(members=(), member_count=len(infos), total_size=0, dangers=(danger,))
    files = [info for info in infos if not info.filename.endswith("/")]
    members = tuple(
        ArchiveMember(printable(info.filename), info.file_size, info.compress_size) for info in files[:MAX_LISTED]
    )
    total = sum(info.file_size for info in files)
    return ArchiveFacts(
        members,
        len(files),
        total,
        tuple(bounded(_dangers(infos, total))),
        formats=formats_inside(info.filename for info in files),
        encrypted_count=sum(info.flag_bits & 1 for info in files),
        nested_count=sum(is_nested(info.filename) for info in files),
    )


def bounded(dangers: Iterable[str]) -> list[str]:
    """Return the first 20 dangers, then how many more there are."""
    found = list(dangers)
    if len(found) > _MAX_DANGERS:
        return [*found[:_MAX_DANGERS], f"et {len(found) - _MAX_DANGERS} autres anomalies du même ordre"]
    return found


def _dangers(infos: Sequence[zipfile.ZipInfo], total: int) -> Iterable[str]:
    """Yield, in French, what makes the archive or one of its entries unsafe to unpack."""
    for info in infos:
        for danger in _entry_dangers(info):
            yield f"« {shown(info.orig_filename)} » : {danger}"
    for name, times in sorted(Counter(info.filename for info in infos).items()):
        if times > 1:
            yield f"« {shown(name)} » : ce nom revient {times} fois dans l’archive"
    if _overlap(infos):
        yield "des fichiers de l’archive se chevauchent : c’est le signe d’une archive piégée"
    if total > MAX_TOTAL_BYTES:
        yield f"une fois ouverte, l’archive pèserait {total / 1e9:.1f} Go".replace(".", ",")


def _entry_dangers(info: zipfile.ZipInfo) -> Iterable[str]:
    name = info.orig_filename
    if not info.filename:
        yield "le fichier n’a pas de nom"
    yield from name_dangers(name)
    # Only a zip made on Unix (3) or macOS (19) keeps file types in its external attributes.
    if info.create_system in (3, 19) and stat.S_ISLNK(info.external_attr >> 16):
        yield "c’est un lien vers un autre fichier"
    if info.flag_bits & 0x1:
        yield "le fichier est protégé par un mot de passe"
    if info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        ratio = info.file_size // max(info.compress_size, 1)
        yield f"le taux de compression est anormal ({ratio} fois) : c’est le signe d’une archive piégée"


def _overlap(infos: Sequence[zipfile.ZipInfo]) -> bool:
    """Return True when two entries share bytes of the file: the trick of bombs that repeat one kernel."""
    spans = sorted((info.header_offset, info.header_offset + 30 + info.compress_size) for info in infos)
    return any(after[0] < before[1] for before, after in pairwise(spans))


def member_chunks(archive: zipfile.ZipFile, name: str, limit: int) -> Iterator[bytes]:
    """Yield a member's bytes, unpacked piece by piece.

    Raises InspectionError when it weighs more than ``limit`` bytes, more than it announces, or cannot be unpacked.
    """
    try:
        info = archive.getinfo(name)
        announced = info.file_size
        # zipfile stops at the announced size; other readers do not. Reading on shows a size that lies.
        info.file_size = max(announced, limit) + 1
        unpacked = 0
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > limit:
                    raise InspectionError("une fois ouvert, le fichier pèse trop lourd pour être lu")
                if unpacked > announced:
                    raise _damaged()
                yield chunk
        info.file_size = announced
    except KeyError as error:
        raise _damaged() from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        # RuntimeError: zipfile's way to ask for a password. ValueError: a name that is not the UTF-8 it claims to be.
        raise _damaged() from error


def kind_of(facts: ArchiveFacts) -> str:
    """Return what the zip is, told by the names it holds.

    ``xlsx``, ``docx``, ``pptx``, ``xlsb``, ``ods``, ``odt``, ``kmz``, ``gtfs``, ``shapefile-zip``, else ``zip``.
    """
    useful = [member for member in facts.members if not _is_litter(member.name)]
    names = {member.name.lower().replace("\\", "/") for member in useful}
    if "[content_types].xml" in names:
        for inner, kind in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"), ("word/document.xml", "docx")):
            if inner in names:
                return kind
        if any(name.startswith("ppt/") for name in names):
            return "pptx"
        if any(name.startswith("xl/worksheets/") for name in names):
            return "xlsx"
    if "content.xml" in names:
        for member in useful:
            if member.name == "mimetype" and member.byte_size in _OPENDOCUMENT:
                return _OPENDOCUMENT[member.byte_size]
    return _geographic_kind(names)


def _geographic_kind(names: set[str]) -> str:
    stems = {name.removesuffix(".shp") for name in names if name.endswith(".shp")}
    if any(f"{stem}.dbf" in names or f"{stem}.shx" in names for stem in stems):
        return "shapefile-zip"
    folders: dict[str, set[str]] = {}
    for name in names:
        folder, _, base = name.rpartition("/")
        folders.setdefault(folder, set()).add(base)
    if any(inside >= _GTFS for inside in folders.values()):
        return "gtfs"
    kml = [name for name in names if name.endswith(".kml")]
    if "doc.kml" in names or (len(kml) == 1 and all(n.endswith((".kml", ".png", ".jpg", ".gif")) for n in names)):
        return "kmz"
    return "zip"


def _is_litter(name: str) -> bool:
    """Return True for what macOS and Windows leave in an archive."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
