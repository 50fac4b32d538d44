"""A folder of the user's where values of the model are kept between runs, as plain JSON under the digest they rest on.

It is never in the repository: whoever proposes a change to the repository cannot write there. What cannot be trusted
(another owner, a folder that others may write in, a link, a damaged file) counts as not being there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opendata_check import kept
from opendata_check.gate.plain import plain, read

_FORM = 2
"""To change with what is kept and how."""
_LARGEST = 100_000_000
"""Bytes of one value, unpacked: more is read anew."""
_IN_REPOSITORY = "la mémoire n'est pas utilisée : son dossier est dans le dépôt, où chacun peut écrire"
_OTHERS = "la mémoire n'est pas utilisée : d'autres que vous peuvent écrire dans son dossier"


@dataclass(frozen=True, slots=True)
class Room:
    """A folder of the memory, with what it may hold: the values used longest ago are dropped."""

    name: str
    most: int
    """Values."""
    bytes: int
    """All of them together, on disk."""


class Memory:
    """What was kept before; nothing when its folder cannot be trusted."""

    def __init__(self, roots: Iterable[Path], room: Room, *, wanted: bool = True) -> None:
        """Open the memory. ``roots`` are the folders it must not be in: the settings' and the git repository's."""
        self.refused = ""
        """Why it is not used, when that is worth telling."""
        self._room = room
        self._folder: Path | None = None
        self._writable = True
        self._put = False
        if not wanted:
            return
        try:
            folder = (kept.cache_folder() / room.name).resolve()
        except (RuntimeError, OSError):  # nobody's home, or a loop of links
            return
        if any(folder.is_relative_to(root.resolve()) for root in roots):
            self.refused = _IN_REPOSITORY
        elif _is_others(folder):
            self.refused = _OTHERS
        else:
            self._folder = folder

    def get(self, key: str, kind: Any, part: str) -> Any:
        """Return the value of type ``kind`` kept under a key, None when there is none or it is damaged."""
        raw = self._load(key, part)
        if raw is None:
            return None
        try:
            return read(kind, json.loads(raw))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None

    def put(self, key: str, value: Any, part: str) -> None:
        """Keep a value; without effect where nothing can be written."""
        if self._folder is None or not self._writable:
            return
        text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        if len(text) > _LARGEST:
            return
        body = zlib.compress(text, 1)
        temporary = ""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, temporary = tempfile.mkstemp(prefix=".gate.", dir=self._folder)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(_head(key, part, body) + body)
            Path(temporary).replace(self._folder / f"{key}.{part}")
            self._put = True
        except OSError:  # a read-only home, a full disk: it will not be better for the next file
            self._writable = False
            with contextlib.suppress(OSError):
                Path(temporary).unlink()

    def prune(self) -> None:
        """Drop what was used longest ago, when something was kept since the last time."""
        if self._folder is None or not self._put:
            return
        self._put = False
        with contextlib.suppress(OSError):
            with os.scandir(self._folder) as entries:
                known = [(entry.stat(follow_symlinks=False), entry.path) for entry in entries]
            total = 0
            for rank, (status, path) in enumerate(sorted(known, key=lambda one: (-one[0].st_mtime_ns, one[1]))):
                total += status.st_size
                if rank >= self._room.most or total > self._room.bytes:
                    with contextlib.suppress(OSError):
                        Path(path).unlink()

    def _load(self, key: str, part: str) -> str | None:
        if self._folder is None:
            return None
        place = self._folder / f"{key}.{part}"
        try:
            raw = _own_bytes(place)
            body = raw.partition(b"\n")[2]
            if not raw.startswith(_head(key, part, body)):
                return None
            opened = zlib.decompressobj()
            text = opened.decompress(body, _LARGEST)
            if opened.unconsumed_tail or not opened.eof:
                return None
            with contextlib.suppress(OSError):
                os.utime(place)
            return text.decode("utf-8", "surrogatepass")
        except (OSError, ValueError, zlib.error):
            return None


def _own_bytes(place: Path) -> bytes:
    """Return what an ordinary file of ours holds. Raises OSError for a link, a pipe, or somebody else's.

    A second name (a hard link) would let whoever writes in a public folder pass a file of the repository for ours.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place, flags), "rb") as stream:
        known = os.fstat(stream.fileno())
        if not stat.S_ISREG(known.st_mode) or not _is_ours(known) or known.st_nlink > 1 or known.st_size > _LARGEST:
            raise PermissionError(place.name)
        return stream.read()


def _is_ours(known: os.stat_result) -> bool:
    return known.st_uid == getattr(os, "geteuid", lambda: known.st_uid)()


def _is_others(folder: Path) -> bool:
    """Return whether somebody else owns a folder that is there, or may write in it."""
    try:
        known = folder.stat()
    except OSError:  # to be made
        return False
    shared = hasattr(os, "geteuid") and bool(known.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    return shared or not _is_ours(known)


def _head(key: str, part: str, body: bytes) -> bytes:
    return f"{_FORM} {key} {part} {hashlib.sha256(body).hexdigest()}\n".encode()
