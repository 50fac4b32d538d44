"""Keeps what the gate found, by the content of all that it depends on: an unchanged repository is not read again.

The key is a digest of every byte that may change the answer: the files, the settings, the date, the program, its rules
and its schemas. What is kept lies in the user's cache folder, never in the repository: whoever proposes a change to the
repository cannot write there. It is plain JSON, read as values of known types only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opendata_check import __version__, kept
from opendata_check.gate.plain import plain, read
from opendata_check.resources import rules_folder

_FORM = 1
"""To change with what is kept and how."""
_ENTRIES = 60
"""Answers kept; the oldest are dropped."""
_LARGEST = 200_000_000
_CODE = (".py", ".yaml", ".yml", ".json", ".txt", ".j2", ".tsv", ".bin")
_LIBRARIES = ("numpy", "pyarrow", "python-calamine", "pypdfium2", "ijson", "frictionless", "python-stdnum", "rapidfuzz")
"""Those that read the files: another version may read them otherwise."""


@dataclass(frozen=True, slots=True)
class State:
    """The files of a run as they were before it: what they hold, and signs that they have not changed since."""

    digest: str
    signs: tuple[tuple[int, int, int, int], ...]


def state_of(files: Iterable[tuple[str, Path]]) -> State:
    """Return the state of files given with their names; one that cannot be read counts as such."""
    whole = hashlib.sha256()
    signs = []
    for name, path in files:
        whole.update(name.encode("utf-8", "surrogatepass") + b"\0")
        try:
            with path.open("rb") as stream:
                signs.append(_sign(os.fstat(stream.fileno())))
                whole.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            signs.append((0, 0, 0, error.errno or 0))
            whole.update(b"unreadable")
    return State(whole.hexdigest(), tuple(signs))


def unchanged(state: State, files: Iterable[tuple[str, Path]]) -> bool:
    """Return whether no file has changed since ``state`` was taken."""
    now = []
    for _, path in files:
        try:
            with path.open("rb") as stream:
                now.append(_sign(os.fstat(stream.fileno())))
        except OSError as error:
            now.append((0, 0, 0, error.errno or 0))
    return tuple(now) == state.signs


def _sign(known: os.stat_result) -> tuple[int, int, int, int]:
    return known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino


def key_of(*parts: object) -> str:
    """Return the key of an answer: what was asked, and the program that answers."""
    whole = hashlib.sha256(_program().encode())
    whole.update(json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str).encode())
    return whole.hexdigest()


def _program() -> str:
    """Return a digest of the program: its code, its rules, its schemas, what it reads files with."""
    from importlib.metadata import PackageNotFoundError, version

    whole = hashlib.sha256(f"{_FORM} {__version__} {sys.version}".encode())
    package = Path(__file__).resolve().parents[1]
    rules = rules_folder()
    folders = [package] if rules.is_relative_to(package) else [package, rules]
    for folder in folders:
        for path in sorted(_content(str(folder))):
            whole.update(os.path.relpath(path, folder).encode("utf-8", "surrogatepass") + b"\0")
            with open(path, "rb") as stream:  # noqa: PTH123 - a thousand files: a Path each costs as much as the reading
                whole.update(hashlib.sha256(stream.read()).digest())
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            whole.update(f"{name} {version(name)}\n".encode())
    return whole.hexdigest()


def _content(folder: str) -> Iterable[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _content(entry.path)
            elif entry.name.endswith(_CODE) or f"{os.sep}data{os.sep}" in entry.path:
                yield entry.path


class Memory:
    """What was found before, in a folder of the user's; nothing when that folder cannot be trusted."""

    def __init__(self, root: Path, *, wanted: bool = True) -> None:
        self.refused = ""
        self._folder: Path | None = None
        if not wanted:
            return
        try:
            folder = (kept.cache_folder() / "gate").resolve()
        except (RuntimeError, OSError):  # nobody's home
            return
        if folder.is_relative_to(root.resolve()):
            self.refused = "la mémoire n'est pas utilisée : son dossier est dans le dépôt, où chacun peut écrire"
            return
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
        if self._folder is None:
            return
        body = zlib.compress(json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"), 1)  # fmt: skip
        temporary = ""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, temporary = tempfile.mkstemp(prefix=".gate.", dir=self._folder)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(_head(key, part, body) + body)
            Path(temporary).replace(self._folder / f"{key}.{part}")
        except OSError:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        self._drop_oldest()

    def _load(self, key: str, part: str) -> str | None:
        if self._folder is None:
            return None
        place = self._folder / f"{key}.{part}"
        try:
            known = place.lstat()
            if not stat.S_ISREG(known.st_mode) or known.st_uid != getattr(os, "getuid", lambda: known.st_uid)():
                return None
            raw = place.read_bytes() if known.st_size <= _LARGEST else b""
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

    def _drop_oldest(self) -> None:
        with contextlib.suppress(OSError):
            assert self._folder is not None
            with os.scandir(self._folder) as entries:
                listed = sorted((-entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in entries)
            for _, path in listed[2 * _ENTRIES :]:
                with contextlib.suppress(OSError):
                    Path(path).unlink()


def _head(key: str, part: str, body: bytes) -> bytes:
    return f"{_FORM} {key} {part} {hashlib.sha256(body).hexdigest()}\n".encode()
