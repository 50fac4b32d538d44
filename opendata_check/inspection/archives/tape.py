"""Lists a tar, plain or in a gz, and tells what a gz holds: nothing is unpacked to disk."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from opendata_check.inspection.archives.names import formats_inside, is_nested, name_dangers, printable, shown
from opendata_check.inspection.archives.zip import MAX_LISTED, MAX_RATIO, RATIO_MATTERS_FROM, bounded
from opendata_check.inspection.magic import is_tar_header
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, ArchiveMember

_BLOCK = 512
_STEP = 262_144
_MAX_INFLATED = 200_000_000
_MAX_SECONDS = 5.0
_ORDINARY, _LINKS, _SPECIAL = (b"0", b"\0", b"7", b""), (b"1", b"2"), (b"3", b"4", b"6")
"""Types of entries (ustar); the rest are folders and notes about the next entry."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    byte_size: int
    kind: bytes


class _Inflated:
    """The bytes of a gz, read forward within a size and a time."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._inflate = zlib.decompressobj(wbits=31)
        self._pending = b""
        self._ready = bytearray()
        self._given = 0
        self._until = time.monotonic() + _MAX_SECONDS
        self.stopped = False
        """True when a limit or a damage ended the reading."""

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes, fewer at the end."""
        while len(self._ready) < size and self._more():
            pass
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes."""
        while size > 0:
            passed = len(self.read(min(size, _STEP)))
            if not passed:
                return
            size -= passed

    def _more(self) -> bool:
        if self._inflate.eof:
            return False
        if self._given > _MAX_INFLATED or time.monotonic() > self._until:
            self.stopped = True
            return False
        if not self._pending:
            self._pending = self._file.read(_STEP)
            if not self._pending:
                self.stopped = True
                return False
        try:
            piece = self._inflate.decompress(self._pending, 4 * _STEP)
        except zlib.error:
            self.stopped = True
            return False
        self._pending = self._inflate.unconsumed_tail
        self._given += len(piece)
        self._ready += piece
        return True


def read_tape(content: Content, detected: str) -> tuple[ArchiveFacts, bool]:
    """Return what a ``tar`` or a ``gz`` holds, and whether it is a tar.

    A plain gz holds one file, named after it; its size is the one it announces. Raises OSError.
    Source: POSIX.1-1988 (ustar), RFC 1952.
    """
    with content.path.open("rb") as file:
        if detected == "tar":
            size = content.path.stat().st_size
            return _listed(_entries(file.read, partial(_skip, file, size), lambda: file.tell() > size)), True
        stream = _Inflated(file)
        head = stream.read(_BLOCK)
        if is_tar_header(head):
            entries = _entries(_after(head, stream), stream.skip, lambda: stream.stopped)
            return _listed(entries), True
    return _one_file(content), False


def _skip(file: BinaryIO, size: int, step: int) -> None:
    """Pass over ``step`` bytes, and just beyond the end of a file of ``size`` bytes when it is cut."""
    file.seek(min(file.tell() + step, size + 1))


def _after(head: bytes, stream: _Inflated) -> Callable[[int], bytes]:
    """Return a reader that gives ``head`` first."""
    given = [head]
    return lambda size: given.pop() if given else stream.read(size)


def _entries(
    read: Callable[[int], bytes], skip: Callable[[int], None], stopped: Callable[[], bool]
) -> Iterator[_Entry | None]:
    """Yield the entries; None at last when the list was cut short."""
    for _ in range(MAX_LISTED + 1):
        block = read(_BLOCK)
        if not is_tar_header(block):
            if stopped() or block.strip(b"\0"):
                yield None
            return
        size = _number(block[124:136])
        prefix = block[345:500].split(b"\0")[0] if block[257:262] == b"ustar" else b""
        name = b"/".join(part for part in (prefix, block[:100].split(b"\0")[0]) if part)
        yield _Entry(name.decode("utf-8", "replace"), size, block[156:157])
        skip(-(-size // _BLOCK) * _BLOCK)
    yield None


def _number(field: bytes) -> int:
    """Return a size, in octal or, above 8 GB, in binary (GNU)."""
    if field[:1] == b"\x80":
        return min(int.from_bytes(field[1:], "big"), 1 << 62)
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.translate(None, b"01234567") else 0


def _listed(entries: Iterator[_Entry | None]) -> ArchiveFacts:
    found = list(entries)
    files = [entry for entry in found if entry is not None and entry.kind in _ORDINARY]
    everything = [entry for entry in found if entry is not None]
    return ArchiveFacts(
        members=tuple(ArchiveMember(printable(entry.name), entry.byte_size, entry.byte_size) for entry in files),
        member_count=len(files),
        total_size=sum(entry.byte_size for entry in files),
        dangers=tuple(bounded(danger for entry in everything for danger in _dangers(entry))),
        formats=formats_inside(entry.name for entry in files),
        nested_count=sum(is_nested(entry.name) for entry in files),
        partly_read=None in found,
    )


def _dangers(entry: _Entry) -> Iterator[str]:
    for danger in name_dangers(entry.name):
        yield f"« {shown(entry.name)} » : {danger}"
    if entry.kind in _LINKS:
        yield f"« {shown(entry.name)} » : c’est un lien vers un autre fichier"
    elif entry.kind in _SPECIAL:
        yield f"« {shown(entry.name)} » : c’est un fichier spécial du système"


def _one_file(content: Content) -> ArchiveFacts:
    """Return what a gz announces: its file's size is in its last four bytes, modulo 2³²."""
    packed = content.path.stat().st_size
    with content.path.open("rb") as file:
        file.seek(max(0, packed - 4))
        tail = file.read(4)
    size = int(struct.unpack("<I", tail)[0]) if len(tail) == 4 else 0
    name = content.name[:-3] if content.name.lower().endswith(".gz") else content.name
    dangers = list(name_dangers(name))
    if size > RATIO_MATTERS_FROM and size > MAX_RATIO * max(packed, 1):
        ratio = size // max(packed, 1)
        dangers.append(f"le taux de compression est anormal ({ratio} fois) : c’est le signe d’une archive piégée")
    return ArchiveFacts(
        members=(ArchiveMember(printable(name), size, packed),),
        member_count=1,
        total_size=size,
        dangers=tuple(f"« {shown(name)} » : {danger}" for danger in dangers),
        formats=formats_inside([name]),
        nested_count=int(is_nested(name)),
    )
