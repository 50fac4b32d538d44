"""Reads in the header of an image (TIFF structure of EXIF) whether it says where it was taken and by whom."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from opendata_check.inspection.traces import names_a_person

_MAX_ENTRIES = 500
_MAX_TEXT = 200
_GPS_IFD, _EXIF_IFD = 0x8825, 0x8769
_LATITUDE, _LONGITUDE = 2, 4
_WIDTH, _HEIGHT = 0x0100, 0x0101
_ARTIST, _AUTHOR_WINDOWS, _OWNER = 0x013B, 0x9C9D, 0xA430
_GEO = frozenset({33_550, 33_922, 34_264, 34_735})
"""GeoTIFF 1.1, 7.1: pixel scale, tie points, transformation, keys."""
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


@dataclass(frozen=True, slots=True)
class Exif:
    """What the tags say. Values are read and forgotten, but for the size."""

    width: int = 0
    height: int = 0
    position: bool = False
    author: bool = False
    georeferenced: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    value: bytes


def read_exif(data: bytes) -> Exif:
    """Return what a TIFF structure says; a damaged or cut one says less, and never fails.

    ``data`` starts with « II » or « MM »; tags beyond its end count for nothing. Source: TIFF 6.0, section 2;
    EXIF 2.32, 4.6.6 (GPS).
    """
    order = {b"II": "<", b"MM": ">"}.get(data[:2], "")
    if not order or len(data) < 8:
        return Exif()
    (first,) = struct.unpack_from(order + "I", data, 4)
    main = {entry.tag: entry for entry in _entries(data, order, first)}
    details = {entry.tag: entry for entry in _linked(data, order, main.get(_EXIF_IFD))}
    gps = {entry.tag: entry for entry in _linked(data, order, main.get(_GPS_IFD))}
    return Exif(
        width=_number(main.get(_WIDTH), order),
        height=_number(main.get(_HEIGHT), order),
        position=_LATITUDE in gps and _LONGITUDE in gps and (any(gps[_LATITUDE].value) or any(gps[_LONGITUDE].value)),
        author=any(
            names_a_person(_text(entry))
            for entry in (main.get(_ARTIST), main.get(_AUTHOR_WINDOWS), details.get(_OWNER))
        ),
        georeferenced=not _GEO.isdisjoint(main),
    )


def _linked(data: bytes, order: str, link: _Entry | None) -> Iterator[_Entry]:
    return _entries(data, order, _number(link, order)) if link else iter(())


def _entries(data: bytes, order: str, at: int) -> Iterator[_Entry]:
    """Yield the tags of the list that starts there."""
    if not 8 <= at <= len(data) - 2:
        return
    (count,) = struct.unpack_from(order + "H", data, at)
    for rank in range(min(count, _MAX_ENTRIES)):
        place = at + 2 + 12 * rank
        if place + 12 > len(data):
            return
        tag, kind, number = struct.unpack_from(order + "HHI", data, place)
        size = _SIZES.get(kind, 1) * number
        start = place + 8
        if size > 4:
            (start,) = struct.unpack_from(order + "I", data, place + 8)
        yield _Entry(tag, kind, number, data[start : start + min(size, _MAX_TEXT)])


def _number(entry: _Entry | None, order: str) -> int:
    if entry is None:
        return 0
    code = {1: "B", 3: "H", 4: "I", 13: "I"}.get(entry.kind)
    if code is None or len(entry.value) < _SIZES[entry.kind]:
        return 0
    return int(struct.unpack_from(order + code, entry.value)[0])


def _text(entry: _Entry | None) -> str:
    if entry is None:
        return ""
    return entry.value.decode("utf-16-le" if entry.tag == _AUTHOR_WINDOWS else "utf-8", "replace").replace("\0", "")
