"""Knows formats by their first bytes: signatures, and the few headers that need a second look."""

from __future__ import annotations

import struct

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "zip", ""),
    (b"PK\x05\x06", "zip", ""),
    (b"\x89PNG\r\n\x1a\n", "png", ""),
    (b"\xff\xd8\xff", "jpeg", ""),
    (b"GIF87a", "gif", ""),
    (b"GIF89a", "gif", ""),
    (b"II*\x00", "tiff", ""),
    (b"MM\x00*", "tiff", ""),
    (b"II+\x00", "tiff", ""),
    (b"MM\x00+", "tiff", ""),
    (b"%!PS", "eps", ""),
    (b"\xc5\xd0\xd3\xc6", "eps", ""),
    (b"\x1f\x8b", "gz", ""),
    (b"7z\xbc\xaf\x27\x1c", "7z", ""),
    (b"Rar!\x1a\x07", "7z", "rar"),
    (b"\xfd7zXZ\x00", "bz2", "xz"),
    (b"\x28\xb5\x2f\xfd", "bz2", "zst"),
    (b"PAR1", "parquet", ""),
    (b"{\\rtf", "doc", "rtf"),
    (b"AC10", "dwg", ""),
    (b"AutoCAD Binary DXF\r\n", "dxf", ""),
    (b"\x00\x01\x00\x00Standard Jet DB", "mdb", ""),
    (b"\x00\x01\x00\x00Standard ACE DB", "mdb", ""),
    (b"\x00\x00\x27\x0a\x00\x00\x00\x00", "shp", ""),
    (b"\x7fELF", "exe", ""),
)
"""Signature, format of rules/formats.yaml, variety. Source: Wikipedia's list of file signatures; PRONOM."""
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE = b"SQLite format 3\x00"
_GEOPACKAGE = (b"GPKG", b"GP10", b"GP11")
_DBF_VERSIONS = frozenset(b"\x02\x03\x30\x31\x43\x63\x83\x8b\xcb\xf5")
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_TAR_BLOCK = 512


def signature(head: bytes) -> tuple[str, str]:
    """Return the format and the variety that the first bytes prove; ("", "") for a text or the unknown.

    ``ole2`` stands for an old Office file, whose kind is deeper inside. A PDF is not decided here.
    """
    for magic, found, variety in _MAGIC:
        if head.startswith(magic):
            return found, variety
    if head.startswith(_SQLITE):
        return ("gpkg" if head[68:72] in _GEOPACKAGE else "sqlite"), ""
    if head.startswith(OLE2):
        return "ole2", ""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp", ""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic", ""
    if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bz2", ""
    if _is_program(head):
        return "exe", ""
    if is_tar_header(head[:_TAR_BLOCK]):
        return "tar", ""
    return ("shp", "dbf") if _is_dbf(head) else ("", "")


def _is_program(head: bytes) -> bool:
    """Return whether this is a Windows program: « MZ », and « PE » where the header says (PE/COFF 3.1)."""
    if head[:2] != b"MZ" or len(head) < 64:
        return False
    (at,) = struct.unpack_from("<I", head, 60)
    return head[at : at + 4] == b"PE\0\0"


def is_tar_header(block: bytes) -> bool:
    """Return whether 512 bytes are a tar header whose sum is right (POSIX.1-1988, ustar)."""
    if len(block) < _TAR_BLOCK or not block[0]:
        return False
    announced = block[148:156].strip(b" \0")
    if not 1 <= len(announced) <= 7 or announced.translate(None, b"01234567"):
        return False
    return int(announced, 8) == sum(block[:148]) + 8 * 32 + sum(block[156:])


def _is_dbf(head: bytes) -> bool:
    """Return whether this is a dBASE header: version, date, sizes that agree, and the mark that ends the fields."""
    if len(head) < 33 or head[0] not in _DBF_VERSIONS or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):
        return False
    header_size, record_size = struct.unpack("<HH", head[8:12])
    ends = (header_size - 1, header_size - 264)  # Visual FoxPro leaves 263 bytes after the mark.
    return record_size > 0 and any(32 < end < len(head) and head[end] == 13 for end in ends)
