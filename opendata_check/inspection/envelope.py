"""Tells what a file is from its first bytes, against what its name and its catalogue announce."""

from __future__ import annotations

import re
import struct
from pathlib import PurePosixPath
from typing import BinaryIO

from opendata_check.inspection.text import unicode_mark
from opendata_check.model.content import Content
from opendata_check.model.facts import EnvelopeFacts
from opendata_check.vocabulary import format_of, format_of_extension

HEAD = 65_536
"""First bytes read."""

TEXT = "txt"
"""What ``detect`` answers for a text that is neither a page, XML nor JSON: it may be a table."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\x1f\x8b", "gz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "7z"),
    (b"PAR1", "parquet"),
    (b"{\\rtf", "doc"),
    (b"AC10", "dwg"),
    (b"\x00\x01\x00\x00Standard Jet DB", "mdb"),
    (b"\x00\x01\x00\x00Standard ACE DB", "mdb"),
    (b"\x00\x00\x27\x0a\x00\x00\x00\x00", "shp"),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE = b"SQLite format 3\x00"
_GEOPACKAGE = (b"GPKG", b"GP10", b"GP11")
_DBF_VERSIONS = frozenset(b"\x02\x03\x30\x31\x43\x63\x83\x8b\xcb\xf5")
# The streams an OLE2 file must have (MS-XLS 2.1.2, MS-DOC 2.1.1, MS-PPT 2.1.1).
_OLE2_STREAMS = (("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "doc"), ("PowerPoint Document", "pptx"))
_OFFICE = ("xls", "xlsx", "doc", "docx", "pptx")

# Control characters no text holds: NUL is counted apart, for some exports pad with it.
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\x00\t\n\x0b\x0c\r\x1a\x1b") + b"\x7f"
_MAX_CONTROLS = 0.01
_MAX_NULS = 0.1

_BEFORE_ROOT = re.compile(r"\s*(?:<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE(?!\s+html)[^>\[]*(?:\[.*?\]\s*)?>)", re.S | re.I)
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|title|script|meta|table|div|center|h1|p|br)\b", re.I)
_ROOT = re.compile(r"\s*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s>/]|$)")
_ROOTS = {"kml": "kml", "rdf": "rdf"}
_JSON_OBJECT = re.compile(r'\s*\{\s*(?:"|\}|$)')
_JSON_ARRAY = re.compile(r'\s*\[\s*(?:[\[{"\]\d-]|true|false|null|$)')
_JSON_ARRAY_SURE = re.compile(r"\s*\[\s*[\[{\]]")
_TEXT_STARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*BEGIN:VCALENDAR"), "ics"),
    (re.compile(r"\s*@prefix\s"), "rdf"),
    (re.compile(r"\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS)\["), "shp"),
    (re.compile(r"\s*0\r?\n\s*SECTION\r?\n"), "dwg"),
)
_CODE_PAGE = re.compile(r"\s*[\w -]{3,20}\s*", re.ASCII)


def envelope_of(content: Content, declared_format: str) -> EnvelopeFacts:
    """Return the envelope of a file. Formats are ids of rules/formats.yaml.

    ``detected`` is found in the first 64 KB: a zip is only « zip » until its list of files is read, a text that may
    be a table is « txt » until its lines are. Raises OSError when the file cannot be read.
    """
    extension = _extension(content.name)
    with content.path.open("rb") as file:
        head = file.read(HEAD)
        detected = _magic(head)
        if detected == "ole2":
            detected = _ole2_kind(head, file, format_of_extension(extension))
    if not detected:
        detected = _text_kind(head, extension)
    return EnvelopeFacts(
        detected=detected,
        extension=extension,
        extension_format=format_of_extension(extension),
        declared_format=format_of(declared_format),
    )


def _extension(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    return suffix if suffix.isalnum() and len(suffix) <= 12 else ""


def _magic(head: bytes) -> str:
    """Return the format the first bytes prove, ``ole2`` for an old Office file, or "" for a text or the unknown."""
    if not head:
        return "empty"
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(_SQLITE):
        return "gpkg" if head[68:72] in _GEOPACKAGE else "sqlite"
    if head.startswith(_OLE2):
        return "ole2"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return "shp" if _is_dbf(head) else ""


def _is_dbf(head: bytes) -> bool:
    """Return whether this is a dBASE header: version, date, sizes that agree, and the mark that ends the fields."""
    if len(head) < 33 or head[0] not in _DBF_VERSIONS or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):
        return False
    header_size, record_size = struct.unpack("<HH", head[8:12])
    ends = (header_size - 1, header_size - 264)  # Visual FoxPro leaves 263 bytes after the mark.
    return record_size > 0 and any(32 < end < len(head) and head[end] == 13 for end in ends)


def _ole2_kind(head: bytes, file: BinaryIO, announced: str) -> str:
    """Return which old Office file this is, from the names of its streams (MS-CFB 2.6), else what its name announces.

    A new Office file locked by a password is also an OLE2 file: nothing but its name says what it was.
    """
    if len(head) >= 76:
        shift, first_sector = struct.unpack("<H", head[30:32])[0], struct.unpack("<I", head[48:52])[0]
        # Sector numbers from 0xFFFFFFFA up mean « none ».
        file.seek((first_sector + 1 if first_sector < 0xFFFFFFFA else 0) << min(shift, 12))
        directory = file.read(4096)
        names = {
            directory[at : at + max(0, min(64, struct.unpack("<H", directory[at + 64 : at + 66])[0]) - 2)]
            for at in range(0, len(directory) - 127, 128)
        }
        for stream, kind in _OLE2_STREAMS:
            if stream.encode("utf-16-le") in names:
                return kind
    return announced if announced in _OFFICE else "binary"


def is_text(head: bytes) -> bool:
    """Return whether the first bytes are text in some encoding: nearly no control character, few NULs."""
    if unicode_mark(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls <= _MAX_CONTROLS * len(head) and head.count(0) <= _MAX_NULS * len(head)


def _text_kind(head: bytes, extension: str) -> str:
    """Return the format of a text from its first characters, or ``binary``."""
    if not is_text(head):
        return "binary"
    text = head.decode(unicode_mark(head) or "latin-1", "replace")
    if not text.strip("\ufeff \t\r\n") and len(head) < HEAD:
        return "empty"
    found = _markup_kind(text)
    if found:
        return found
    if _JSON_OBJECT.match(text) or _is_json_array(text, extension):
        return "jsonld" if '"@context"' in text[:4_000] else "json"
    for pattern, kind in _TEXT_STARTS:
        if pattern.match(text):
            return kind
    if extension == "cpg" and _CODE_PAGE.fullmatch(text):
        return "shp"
    return TEXT


def _markup_kind(text: str) -> str:
    """Return html, xml, kml, rdf, or "" when the text is not markup."""
    start = 0
    while found := _BEFORE_ROOT.match(text, start):
        start = found.end()
    if _PAGE.match(text, start):
        return "html"
    root = _ROOT.match(text, start)
    if root:
        return _ROOTS.get(root[1].lower(), "xml")
    return "xml" if text.lstrip().startswith("<?xml") else ""


def _is_json_array(text: str, extension: str) -> bool:
    """Return whether the text starts as a JSON array; « [1] » may also start a text, so its name is heard."""
    announced = format_of_extension(extension) in ("json", "geojson", "jsonld")
    return bool((_JSON_ARRAY if announced else _JSON_ARRAY_SURE).match(text))
