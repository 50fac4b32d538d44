"""What an answer depends on, as digests: the files as they are, and the program that reads them.

A key is a digest of every byte that may change the answer: the files, the settings, the date, the program, its rules
and its schemas. An unchanged repository is then not read again, nor an unchanged file of a changed one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from opendata_check import __version__
from opendata_check.resources import rules_folder

_CODE = (".py", ".yaml", ".yml", ".json", ".txt", ".j2", ".tsv", ".bin")
_LIBRARIES = ("numpy", "pyarrow", "python-calamine", "pypdfium2", "ijson", "frictionless", "python-stdnum", "rapidfuzz")
"""Those that read the files: another version may read them otherwise."""
_RECENT_NS = 2_000_000_000
"""A file changed so shortly before may change again within one tick of the disk's clock, without a sign of it."""

Sign = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """One file as it was before the run."""

    digest: str
    """SHA-256 of what it holds; "" when it could not be read."""
    sign: Sign
    """Size, times of change and inode."""


@dataclass(frozen=True, slots=True)
class State:
    """The files of a run as they were before it."""

    digest: str
    """Of all of them, names and contents."""
    files: Mapping[Path, Seen]
    taken: int
    """When, in nanoseconds: never printed."""

    def digest_of(self, path: Path) -> str:
        """Return the digest of what a file held, "" when it could not be read or is none of these."""
        seen = self.files.get(path)
        return seen.digest if seen else ""

    def holds(self, path: Path) -> bool:
        """Return whether a file is as it was when the state was taken."""
        before = self.files.get(path)
        if before is None:
            return False
        try:
            with path.open("rb") as stream:
                known = os.fstat(stream.fileno())
                if _sign(known) != before.sign:
                    return False
                recent = max(known.st_mtime_ns, known.st_ctime_ns) > self.taken - _RECENT_NS
                return not recent or hashlib.file_digest(stream, "sha256").hexdigest() == before.digest
        except OSError as error:
            return before == _unreadable(error)

    def unchanged(self) -> bool:
        """Return whether no file has changed since."""
        return all(map(self.holds, self.files))


def state_of(root: Path, paths: Iterable[Path]) -> State:
    """Return the state of files under ``root``; one that cannot be read counts as such.

    Their names are the disk's own: two names may be printed alike.
    """
    taken = time.time_ns()
    whole = hashlib.sha256()
    files: dict[Path, Seen] = {}
    for path in paths:
        try:
            with path.open("rb") as stream:
                sign = _sign(os.fstat(stream.fileno()))
                files[path] = Seen(hashlib.file_digest(stream, "sha256").hexdigest(), sign)
        except OSError as error:
            files[path] = _unreadable(error)
        whole.update(os.fsencode(os.path.relpath(path, root)) + b"\0" + files[path].digest.encode() + b"\0")
    return State(whole.hexdigest(), files, taken)


def _sign(known: os.stat_result) -> Sign:
    return known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino


def _unreadable(error: OSError) -> Seen:
    return Seen("", (0, 0, 0, error.errno or 0))


def key_of(program: str, *parts: object) -> str:
    """Return the key of an answer: what was asked, and the program that answers (``program_digest``)."""
    whole = hashlib.sha256(program.encode())
    whole.update(json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str).encode())
    return whole.hexdigest()


def program_digest() -> str:
    """Return a digest of the program: its code, its rules, its schemas, what it reads files with."""
    from importlib.metadata import PackageNotFoundError, version

    whole = hashlib.sha256(f"{__version__} {sys.version}".encode())
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
