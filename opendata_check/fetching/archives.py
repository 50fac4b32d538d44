"""Members of a zip (or the one file of a .gz), unpacked one at a time within bounds on number, size and ratio.

Sizes are counted while unpacking, never believed. A zip or a .gz inside the archive is opened too, one level down and
within the same bounds; a bomb that unpacks into itself stops there.
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
from opendata_check.fetching.zip_listing import directory_size, is_clutter, lost_members, member_name
from opendata_check.model.catalog import Fault
from opendata_check.model.content import Content

_CHUNK = 64 * 1024
_FREE_RATIO_BYTES = 1_000_000
_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
_ENCRYPTED_FLAG = 0x1
_MAX_DEPTH = 1
"""Levels of archives inside the archive that are opened."""
_OPENED_SUFFIXES = (".zip", ".gz")
_TAPE_SUFFIXES = (".tgz", ".tar.gz")
_ARCHIVE_SUFFIXES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".tbz2", ".txz", ".jar")

_BROKEN = "l'archive est abîmée : elle ne peut pas être ouverte"
_BOMB = "ce fichier devient démesuré une fois décompressé : il n'est pas lu"
_NESTED = "c'est une archive dans une archive : elle n'est pas ouverte"
_TRANSIT = frozenset({"agency.txt", "routes.txt", "trips.txt", "stop_times.txt"})
NewPath = Callable[[str], Path]
"""Gives a path to write to, with the suffix it is given."""


class _OverLimitError(Exception):
    """A member went over a bound while it was unpacked."""


class _Budget:
    """What is left to unpack of one archive, all levels together."""

    def __init__(self, limits: Limits) -> None:
        self.bytes = limits.archive_bytes
        self.members = limits.archive_members


def unpack(content: Content, new_path: NewPath, limits: Limits) -> Iterator[Content | Fault]:
    """Yield each member of ``content`` as a file of its own, or the Fault that says why not.

    Zip members come in the order of their names, those of an archive inside at its place. A shapefile or a GTFS in a
    zip of its own stays whole. Raises StorageError when the temporary folder cannot be written.
    """
    yield from _opened(content, new_path, limits, _Budget(limits), 0)


def _opened(
    content: Content, new_path: NewPath, limits: Limits, budget: _Budget, depth: int
) -> Iterator[Content | Fault]:
    with content.path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] == b"\x1f\x8b":
        yield _gunzip(content, new_path, limits, budget)
    elif start[:2] == b"PK" or zipfile.is_zipfile(content.path):
        yield from _unzip(content, new_path, limits, budget, depth)
    else:
        yield Fault("ce n'est pas une archive zip ou gz", content.origin)


def _unzip(
    content: Content, new_path: NewPath, limits: Limits, budget: _Budget, depth: int
) -> Iterator[Content | Fault]:
    """Yield the members of a zip."""
    if directory_size(content.path) > _MAX_DIRECTORY_BYTES:
        yield Fault("l'archive annonce trop de fichiers : elle n'est pas ouverte", content.origin)
        return
    try:
        archive = zipfile.ZipFile(content.path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        yield Fault(_BROKEN, content.origin, "Recréez l'archive.")
        return
    with archive:
        listed = sorted(((member_name(info), info) for info in archive.infolist()), key=lambda pair: pair[0])
        lost = lost_members(content.path, len(listed))
        listed = [(name, info) for name, info in listed if not is_clutter(name, info)]
        if depth and _is_whole({name.lower() for name, _ in listed}):
            yield content
            return
        read = 0
        for name, info in listed:
            if not budget.members:
                break
            read += 1
            budget.members -= 1
            if depth >= _MAX_DEPTH and name.lower().endswith(_ARCHIVE_SUFFIXES):
                yield Fault(_NESTED, f"{content.origin} › {printable(name, 300)}")
                continue
            found = _member(archive, info, name, content, new_path, min(budget.bytes, _most(info, content, limits)))
            if isinstance(found, Content):
                budget.bytes -= found.byte_size
            if isinstance(found, Content) and _is_opened(name):
                yield from _inside(found, new_path, limits, budget, depth + 1)
            else:
                yield found
    if read < len(listed):
        yield Fault(
            f"l'archive contient {len(listed)} fichiers : seuls les {read} premiers sont lus",
            content.origin,
        )
    if lost:
        yield Fault(lost, content.origin, "Recréez l'archive.")


def _inside(
    nested: Content, new_path: NewPath, limits: Limits, budget: _Budget, depth: int
) -> Iterator[Content | Fault]:
    """Yield what an archive inside the archive holds, then forget it, unless it is itself what was yielded."""
    kept = False
    try:
        for found in _opened(nested, new_path, limits, budget, depth):
            kept = kept or found is nested
            yield found
    finally:
        if not kept:
            nested.path.unlink(missing_ok=True)


def _is_opened(name: str) -> bool:
    lower = name.lower()
    return lower.endswith(_OPENED_SUFFIXES) and not lower.endswith(_TAPE_SUFFIXES)


def _is_whole(names: set[str]) -> bool:
    """Return whether files make sense only together: a shapefile, a GTFS."""
    stems = {name[:-4] for name in names if name.endswith(".shp")}
    transit = {name.rpartition("/")[2] for name in names}
    return any(f"{stem}.dbf" in names or f"{stem}.shx" in names for stem in stems) or transit >= _TRANSIT


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
    if name.lower().endswith(_ARCHIVE_SUFFIXES) and not _is_opened(name):
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


def _gunzip(content: Content, new_path: NewPath, limits: Limits, budget: _Budget) -> Content | Fault:
    """Return the one file of a .gz, named after the archive."""
    lower = content.name.lower()
    name = content.name[:-3] if lower.endswith(".gz") else content.name
    if lower.endswith(_TAPE_SUFFIXES):
        return Fault(_NESTED, content.origin, "Publiez plutôt les fichiers eux-mêmes, ou un zip.")
    path = new_path(short_suffix(name))
    most = min(budget.bytes, max(_FREE_RATIO_BYTES, content.byte_size * limits.member_ratio))
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
    budget.bytes -= size
    return Content(path=path, name=file_name(name), byte_size=size, origin=origin)
