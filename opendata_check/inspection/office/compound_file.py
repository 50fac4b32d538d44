"""Takes one stream out of an OLE compound file, and puts one in a clean file: Microsoft's MS-CFB."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from opendata_check.inspection.errors import InspectionError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_REGULAR = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""
_SMALL = 4_096
_STREAM, _ROOT = 2, 5
_MAX_ENTRIES = 20_000


def damaged() -> InspectionError:
    """Return the fault of a compound file whose sectors lead nowhere."""
    return InspectionError(
        "le fichier est abîmé ou incomplet",
        remedy="Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis republiez-le.",
    )


class CompoundFile:
    """The streams of a compound file (MS-CFB 2.2 to 2.6). Raises InspectionError when it is damaged."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or data[:8] != SIGNATURE:
            raise damaged()
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise damaged()
        self._sector = 1 << shift
        self._last = max(0, (len(data) - 1) >> shift)
        (directory,) = struct.unpack_from("<I", data, 48)
        (mini_fat,) = struct.unpack_from("<I", data, 60)
        self._fat = self._read_fat()
        self._mini_fat_start = mini_fat
        entries = self._chain(directory)
        if len(entries) % self._sector:
            raise damaged()
        self._streams = dict(self._entries(entries))

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the streams, all storages together."""
        return frozenset(self._streams)

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream."""
        start, size = self._streams[name]
        if size >= _SMALL:
            content = self._chain(start)[:size]
            if len(content) < size:
                raise damaged()
            return content
        root_start, root_size = self._streams.get("Root Entry", (_END, 0))
        container = self._chain(root_start)[:root_size] if root_size else b""
        table = self._chain(self._mini_fat_start) if self._mini_fat_start < _REGULAR else b""
        links = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
        pieces = [container[at * 64 : at * 64 + 64] for at in _follow(start, links, size // 64 + 1)]
        return b"".join(pieces)[:size]

    def _at(self, sector: int) -> bytes:
        if sector >= self._last:
            raise damaged()
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector]

    def _read_fat(self) -> tuple[int, ...]:
        """Return the table that links sectors, from the header's list and its continuation (2.5)."""
        sectors = [at for at in struct.unpack_from("<109I", self._data, 76) if at < _REGULAR]
        (following,) = struct.unpack_from("<I", self._data, 68)
        steps = 0
        while following < _REGULAR:
            steps += 1
            if steps > self._last:
                raise damaged()
            numbers = struct.unpack(f"<{self._sector // 4}I", self._at(following).ljust(self._sector, b"\xff"))
            sectors += [at for at in numbers[:-1] if at < _REGULAR]
            following = numbers[-1]
        if len(sectors) > self._last:
            raise damaged()
        table = b"".join(self._at(at).ljust(self._sector, b"\xff") for at in sectors)
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _chain(self, start: int) -> bytes:
        if start >= _REGULAR:
            return b""
        return b"".join(self._at(at) for at in _follow(start, self._fat, self._last + 1))

    def _entries(self, directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield the name, first sector and size of the streams (2.6.1), the deepest storages last."""
        seen: set[str] = set()
        for offset in range(0, min(len(directory), _MAX_ENTRIES * 128) - 127, 128):
            (length, kind) = struct.unpack_from("<HB", directory, offset + 64)
            if kind not in (_STREAM, _ROOT) or not 2 <= length <= 64:
                continue
            name = directory[offset : offset + length - 2].decode("utf-16-le", "replace")
            name = "Root Entry" if kind == _ROOT else name
            start, size = struct.unpack_from("<II", directory, offset + 116)
            if name not in seen:
                seen.add(name)
                yield name, (start, size)


def _follow(start: int, links: tuple[int, ...], limit: int) -> Iterator[int]:
    """Yield the sectors of a chain. Raises InspectionError when it leaves the table or comes back on itself."""
    at = start
    for _ in range(limit):
        if at >= _REGULAR:
            return
        if at >= len(links):
            raise damaged()
        yield at
        at = links[at]
    if at < _REGULAR:
        raise damaged()


def compound_file(name: str, stream: bytes) -> bytes:
    """Return a compound file that holds this stream alone (version 4, sectors of 4096 bytes, no mini stream)."""
    sector = 4_096
    stream = stream.ljust(_SMALL, b"\0")
    count = -(-len(stream) // sector)
    tables = 1
    while tables * (sector // 4) < tables + 2 + count:
        tables += 1
    # Sectors in order: the tables, the directory, an empty mini stream (calamine wants one), the stream.
    directory, mini, first = tables, tables + 1, tables + 2
    links = [_FAT] * tables + [_END, _END] + [*range(first + 1, first + count), _END]
    links += [_FREE] * (tables * (sector // 4) - len(links))
    header = SIGNATURE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<IIIIIIIII", 1, tables, directory, 0, _SMALL, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    entries = _entry("Root Entry", _ROOT, child=1, start=mini, size=64)
    entries += _entry(name, _STREAM, child=_FREE, start=first, size=len(stream))
    body = struct.pack(f"<{len(links)}I", *links) + entries.ljust(sector, b"\0") + bytes(sector) + stream
    return header.ljust(sector, b"\0") + body.ljust(sector * (tables + 2 + count), b"\0")


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
    return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<IQ", start, size)
