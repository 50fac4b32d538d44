"""Members of a zip (or the one file of a .gz), unpacked one at a time within bounds on number, size and ratio.

Sizes are counted while unpacking, never believed; archives inside the archive are not opened, so a bomb that unpacks
into itself stops at its first level. Names without the UTF-8 flag are read as French Windows writes them (cp850).
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from opendata_check.fetching.errors import storage_error
from opendata_check.fetching.inflating import DamagedError, inflated
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.naming import file_name, printable, short_suffix
from opendata_check.model.catalog import Fault
from opendata_check.model.content import Content

_CHUNK = 64 * 1024
_FREE_RATIO_BYTES = 1_000_000
_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
_TAIL_BYTES = 65535 + 22 + 20 + 56  # longest comment, end record, zip64 locator, zip64 end record
_SEE_ZIP64 = 0xFFFFFFFF
_SEE_ZIP64_COUNT = 0xFFFF
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_ARCHIVE_SUFFIXES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".tbz2", ".txz", ".jar")
_CLUTTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})

_BROKEN = "l'archive est abîmée : elle ne peut pas être ouverte"
_BOMB = "ce fichier devient démesuré une fois décompressé : il n'est pas lu"
_NESTED = "c'est une archive dans une archive : elle n'est pas ouverte"
NewPath = Callable[[str], Path]
"""Gives a path to write to, with the suffix it is given."""


class _OverLimitError(Exception):
    """A member went over a bound while it was unpacked."""


def unpack(content: Content, new_path: NewPath, limits: Limits) -> Iterator[Content | Fault]:
    """Yield each member of ``content`` as a file of its own, or the Fault that says why not.

    Zip members come in the order of their names. Raises StorageError when the temporary folder cannot be written.
    """
    with content.path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] == b"\x1f\x8b":
        yield _gunzip(content, new_path, limits)
    elif start[:2] == b"PK" or zipfile.is_zipfile(content.path):
        yield from _unzip(content, new_path, limits)
    else:
        yield Fault("ce n'est pas une archive zip ou gz", content.origin)


def _unzip(content: Content, new_path: NewPath, limits: Limits) -> Iterator[Content | Fault]:
    """Yield the members of a zip."""
    if _directory_size(content.path) > _MAX_DIRECTORY_BYTES:
        yield Fault("l'archive annonce trop de fichiers : elle n'est pas ouverte", content.origin)
        return
    try:
        archive = zipfile.ZipFile(content.path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        yield Fault(_BROKEN, content.origin, "Recréez l'archive.")
        return
    left = limits.archive_bytes
    with archive:
        listed = sorted(((member_name(info), info) for info in archive.infolist()), key=lambda pair: pair[0])
        lost = _lost_members(content.path, len(listed))
        listed = [(name, info) for name, info in listed if not _is_clutter(name, info)]
        for name, info in listed[: limits.archive_members]:
            found = _member(archive, info, name, content, new_path, min(left, _most(info, content, limits)))
            if isinstance(found, Content):
                left -= found.byte_size
            yield found
    if len(listed) > limits.archive_members:
        yield Fault(
            f"l'archive contient {len(listed)} fichiers : seuls les {limits.archive_members} premiers sont lus",
            content.origin,
        )
    if lost:
        yield Fault(lost, content.origin, "Recréez l'archive.")


def _most(info: zipfile.ZipInfo, content: Content, limits: Limits) -> int:
    """Return the most bytes a member may unpack to, by its packed size (never more than the archive's own)."""
    packed = min(info.compress_size, content.byte_size)
    return max(_FREE_RATIO_BYTES, packed * limits.member_ratio)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, content: Content, new_path: NewPath, most: int
) -> Content | Fault:
    """Return one member unpacked, or why it is not."""
    origin = f"{content.origin} › {printable(name, 300)}"
    refusal = _refusal(info, name)
    if refusal:
        return Fault(refusal, origin)
    path = new_path(short_suffix(name))
    try:
        with archive.open(info) as packed:
            size = _copy(_pieces(packed), path, most, info.CRC)
    except _OverLimitError:
        path.unlink(missing_ok=True)
        return Fault(_BOMB, origin)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        path.unlink(missing_ok=True)
        return Fault("ce fichier est abîmé dans l'archive : il ne peut pas être lu", origin, "Recréez l'archive.")
    return Content(path=path, name=file_name(name), byte_size=size, origin=origin)


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Return why a member must not be unpacked, in French, or ""."""
    parts = name.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":"):
        return "le nom de ce fichier sort de l'archive : il n'est pas lu"
    if kind not in (0, stat.S_IFREG):
        return "c'est un lien ou un fichier spécial : il n'est pas lu"
    if info.flag_bits & _ENCRYPTED_FLAG:
        return "ce fichier est protégé par un mot de passe : il n'est pas lu"
    if name.lower().endswith(_ARCHIVE_SUFFIXES):
        return _NESTED
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "ce fichier est compressé d'une façon inhabituelle : il n'est pas lu"
    return ""


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(_CHUNK), b"")


def _copy(pieces: Iterable[bytes], path: Path, most: int, checksum: int | None = None) -> int:
    """Write ``pieces`` to ``path`` and return their size.

    zipfile does not check the sum of a member whose size was damaged to 0. Raises _OverLimitError, StorageError, and
    BadZipFile when the bytes do not have the ``checksum`` given.
    """
    size = found = 0
    try:
        out = path.open("xb")
    except OSError as error:
        raise storage_error(str(path.parent)) from error
    with out:
        for chunk in pieces:
            size += len(chunk)
            if size > most:
                raise _OverLimitError
            found = zlib.crc32(chunk, found)
            try:
                out.write(chunk)
            except OSError as error:
                raise storage_error(str(path.parent)) from error
    if checksum is not None and found != checksum:
        raise zipfile.BadZipFile("checksum")
    return size


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


def _is_clutter(name: str, info: zipfile.ZipInfo) -> bool:
    """Return True for folders and for what systems leave behind."""
    parts = name.split("/")
    folder = name.endswith("/") and not info.file_size
    return folder or "__MACOSX" in parts or parts[-1].lower() in _CLUTTER or parts[-1].startswith("._")


def _lost_members(path: Path, listed: int) -> str:
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


def _directory_size(path: Path) -> int:
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


def _gunzip(content: Content, new_path: NewPath, limits: Limits) -> Content | Fault:
    """Return the one file of a .gz, named after the archive."""
    lower = content.name.lower()
    name = content.name[:-3] if lower.endswith(".gz") else content.name
    if lower.endswith((".tgz", ".tar.gz")):
        return Fault(_NESTED, content.origin, "Publiez plutôt les fichiers eux-mêmes, ou un zip.")
    path = new_path(short_suffix(name))
    most = min(limits.archive_bytes, max(_FREE_RATIO_BYTES, content.byte_size * limits.member_ratio))
    origin = f"{content.origin} › {name}"
    try:
        with content.path.open("rb") as packed:
            size = _copy(inflated(_pieces(packed), _CHUNK), path, most)
    except _OverLimitError:
        path.unlink(missing_ok=True)
        return Fault(_BOMB, origin)
    except (OSError, DamagedError):
        path.unlink(missing_ok=True)
        return Fault(_BROKEN, content.origin, "Recréez l'archive.")
    return Content(path=path, name=file_name(name), byte_size=size, origin=origin)
