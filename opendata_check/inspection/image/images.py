"""Reads the header of an image: its size, the place where it was taken, its author. Pixels are never decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from opendata_check.inspection.image.exif import Exif, read_exif
from opendata_check.model.facts import ImageFacts, TraceFacts

_MAX_PARTS = 500
_MAX_EXIF = 1_000_000
_MAX_TIFF = 4_000_000
_MAX_SEARCHED = 16_000_000
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that carry the size (ITU T.81, table B.1)."""
_ALONE = frozenset({0x01, *range(0xD0, 0xDA)})
_XMP = b"http://ns.adobe.com/xap/1.0/\0"


def read_image(file: BinaryIO, detected: str) -> tuple[ImageFacts, TraceFacts]:
    """Return an image's size and traces; a damaged or cut header gives less, and never fails.

    An image whose size is not found was read in part: nothing is said of what it may keep.

    ``file`` is open in binary; ``detected`` is png, jpeg, gif, tiff, webp or heic. Raises OSError.
    """
    file.seek(0)
    exif = _READERS[detected](file)
    image = ImageFacts(exif.width, exif.height, georeferenced=exif.georeferenced)
    unread = not (exif.width and exif.height)
    return image, TraceFacts(author=exif.author, positions=int(exif.position), partly_read=unread)


def _png(file: BinaryIO) -> Exif:
    """Read the chunks before the pixels and after (PNG 1.3, section 3.2; eXIf: extensions 1.5)."""
    exif, width, height = Exif(), 0, 0
    file.seek(8)
    for _ in range(_MAX_PARTS):
        head = file.read(8)
        if len(head) < 8:
            break
        size, kind = struct.unpack(">I4s", head)
        if kind == b"IHDR":
            data = file.read(8)
            width, height = struct.unpack(">II", data) if len(data) == 8 else (0, 0)
            file.seek(size - len(data) + 4, 1)
        elif kind == b"eXIf":
            exif = read_exif(file.read(min(size, _MAX_EXIF)))
            break
        elif kind == b"IEND":
            break
        else:
            file.seek(size + 4, 1)
    return replace(exif, width=width, height=height)


def _jpeg(file: BinaryIO) -> Exif:
    """Read the segments up to the pixels (ITU T.81, annex B; EXIF 2.32, 4.7.2)."""
    exif, width, height, placed = Exif(), 0, 0, False
    file.seek(2)
    for _ in range(_MAX_PARTS):
        head = file.read(2)
        if len(head) < 2 or head[0] != 0xFF:
            break
        if head[1] == 0xFF:
            file.seek(-1, 1)
            continue
        if head[1] in _ALONE:
            continue
        length = file.read(2)
        if head[1] == 0xDA or len(length) < 2:
            break
        body = file.read(max(0, struct.unpack(">H", length)[0] - 2))
        if head[1] in _SIZES and len(body) >= 5:
            height, width = struct.unpack_from(">HH", body, 1)
        elif head[1] == 0xE1 and body.startswith(b"Exif\0"):
            exif = read_exif(body[6:])
        elif head[1] == 0xE1 and body.startswith(_XMP):
            placed = placed or b"GPSLatitude" in body
    return replace(exif, width=width, height=height, position=exif.position or placed)


def _gif(file: BinaryIO) -> Exif:
    head = file.read(10)
    return Exif(*struct.unpack_from("<HH", head, 6)) if len(head) == 10 else Exif()


def _tiff(file: BinaryIO) -> Exif:
    """Read the first directory, at the beginning or at the end of the file (TIFF 6.0, section 2)."""
    head = file.read(_MAX_TIFF)
    if len(head) < 8 or head[2:4] not in (b"*\0", b"\0*"):
        return Exif()  # BigTIFF: its header says nothing at the same places
    return read_exif(head if _directory_inside(head) else _moved_up(file, head))


def _directory_inside(head: bytes) -> bool:
    return int(struct.unpack_from(">I" if head[:2] == b"MM" else "<I", head, 4)[0]) + 6 <= len(head)


def _moved_up(file: BinaryIO, head: bytes) -> bytes:
    """Return a header followed by the directory that stands far away; values kept elsewhere are lost, sizes are not."""
    order = ">" if head[:2] == b"MM" else "<"
    (at,) = struct.unpack_from(order + "I", head, 4)
    file.seek(at)
    return head[:4] + struct.pack(order + "I", 8) + file.read(2 + 12 * _MAX_PARTS)


def _webp(file: BinaryIO) -> Exif:
    """Read the chunks (WebP container specification)."""
    exif, width, height = Exif(), 0, 0
    file.seek(12)
    for _ in range(_MAX_PARTS):
        head = file.read(8)
        if len(head) < 8:
            break
        kind, size = struct.unpack("<4sI", head)
        body = file.read(min(size, _MAX_EXIF if kind == b"EXIF" else 30))
        if kind == b"VP8X" and len(body) >= 10:
            width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        elif kind == b"VP8 " and len(body) >= 10 and not width:
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", body, 6))
        elif kind == b"VP8L" and len(body) >= 5 and not width:
            bits = int.from_bytes(body[1:5], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"EXIF":
            exif = read_exif(body.removeprefix(b"Exif\0\0"))
        file.seek(size - len(body) + size % 2, 1)
    return replace(exif, width=width, height=height)


def _heic(file: BinaryIO) -> Exif:
    """Look for the EXIF item and the largest size announced (ISO/IEC 23008-12, 6.5.3 and annex A)."""
    data = file.read(_MAX_SEARCHED)
    sizes = [struct.unpack_from(">II", data, at + 8) for at in _places(data, b"ispe") if at + 16 <= len(data)]
    width, height = max(sizes, default=(0, 0))
    found = (read_exif(data[at + 6 : at + 6 + _MAX_EXIF]) for at in _places(data, b"Exif\0\0"))
    exif = next((item for item in found if item != Exif()), Exif())
    return replace(exif, width=width, height=height)


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    for _ in range(_MAX_PARTS):
        if at < 0:
            return
        yield at
        at = data.find(mark, at + 1)


_READERS = {"png": _png, "jpeg": _jpeg, "gif": _gif, "tiff": _tiff, "webp": _webp, "heic": _heic}
