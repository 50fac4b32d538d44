"""Reads a zip's list: names as French Windows and macOS write them, clutter, lost members, size of the list itself."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

_TAIL_BYTES = 65535 + 22 + 20 + 56  # longest comment, end record, zip64 locator, zip64 end record
_SEE_ZIP64 = 0xFFFFFFFF
_SEE_ZIP64_COUNT = 0xFFFF
_UTF8_FLAG = 0x800
_CLUTTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name with ``/`` between folders.

    Without the UTF-8 flag, zipfile reads names as cp437 (APPNOTE 6.3.10, appendix D); macOS writes UTF-8 there all
    the same, and French Windows writes cp850.
    """
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG and not name.isascii():
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:  # the name came from an extra field
            return name.replace("\\", "/")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    return name.replace("\\", "/")


def is_clutter(name: str, info: zipfile.ZipInfo) -> bool:
    """Return True for folders and for what systems leave behind."""
    parts = name.split("/")
    folder = name.endswith("/") and not info.file_size
    return folder or "__MACOSX" in parts or parts[-1].lower() in _CLUTTER or parts[-1].startswith("._")


def lost_members(path: Path, listed: int) -> str:
    """Return in French that the directory shows fewer (or more) members than the end record announces, or "".

    zipfile believes the size of the directory, and skips what stands outside of it without a word. Without zip64, the
    announced number is modulo 65 536. Source: APPNOTE 6.3.10, §4.3.14 and §4.3.16.
    """
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        tail = stream.read()
    plain = len(tail) - 22  # where zipfile looks first: an end record without comment
    found = plain if tail[plain : plain + 4] == b"PK\x05\x06" and tail[-2:] == b"\0\0" else tail.rfind(b"PK\x05\x06")
    if not 0 <= found <= plain:
        return ""
    announced = int(struct.unpack_from("<H", tail, found + 10)[0])
    wide = tail.rfind(b"PK\x06\x06", 0, found)
    if announced == _SEE_ZIP64_COUNT and wide >= 0 and wide + 40 <= found:
        announced = int(struct.unpack_from("<Q", tail, wide + 32)[0])
        same = announced == listed
    else:
        same = announced == listed % (_SEE_ZIP64_COUNT + 1)
    return "" if same else f"l'archive est abîmée : elle annonce {announced} fichiers et en montre {listed}"


def directory_size(path: Path) -> int:
    """Return the size of a zip's central directory, which zipfile loads whole; 0 when it is not found.

    The end of a hostile archive may hold several end records: the largest size any of them announces is returned.
    Source: APPNOTE 6.3.10, §4.3.14 to §4.3.16.
    """
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        tail = stream.read()
    sizes = [0]
    for signature, layout, place in ((b"PK\x05\x06", "<L", 12), (b"PK\x06\x06", "<Q", 40)):
        found = tail.find(signature)
        while found >= 0:
            if found + place + struct.calcsize(layout) <= len(tail):
                size: int = struct.unpack_from(layout, tail, found + place)[0]
                sizes.append(0 if size == _SEE_ZIP64 else size)
            found = tail.find(signature, found + 1)
    return max(sizes)
