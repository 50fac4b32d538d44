"""Examines each file, or recalls what it said when nothing that its answer rests on has changed.

It rests on its bytes, on the files of the same name beside it, on what its catalogue says of it, and on the program.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.gate.keeping import State, key_of
from opendata_check.gate.memory import Memory, Room
from opendata_check.gate.plain import plain
from opendata_check.model.catalog import Distribution
from opendata_check.model.facts import ContentFacts
from opendata_check.model.inspected import InspectedFile
from opendata_check.model.schema import SchemaMatch, TableValidation

if TYPE_CHECKING:
    from opendata_check.fetching import Fetcher

ROOM = Room("gate-files", most=20_000, bytes=400_000_000)
_PART = "files"
_UNHURRIED = 3.0
"""Seconds under which no limit of time was met on the way (the shortest is 4 s, in inspection/pdf): beyond, the answer
may tell how busy the machine was, and is not kept for the formats that have such a limit."""
_TIMED = frozenset({"pdf", "gpkg", "sqlite", "tar", "gz"})
_MOST_DOTS = 20


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What a file, or a member of an archive, said. Its distribution is the run's own, never a kept one."""

    name: str
    facts: ContentFacts
    schema: SchemaMatch | None
    validation: TableValidation | None
    member: bool


class Recall:
    """An ``examine`` that remembers: the same answers as ``examination.examine``."""

    def __init__(self, root: Path, state: State, memory: Memory, program: str) -> None:
        """``root`` is the folder that names are counted from; ``state`` tells what each file held before the run."""
        self._root = root
        self._state = state
        self._memory = memory
        self._program = program
        self._beside: dict[Path, dict[str, list[Path]]] = {}
        """By folder: its files by each name that they extend."""

    def __call__(
        self, distribution: Distribution, fetcher: Fetcher, *, root: Path | None, online: bool
    ) -> list[InspectedFile]:
        """Return the file with its facts, then its members."""
        from opendata_check import examination

        key = ""
        if examination.is_read(distribution, root, online=online):
            key = self._key(distribution, root, online)
        known: tuple[KeptFile, ...] | None = self._memory.get(key, tuple[KeptFile, ...], _PART) if key else None
        if known:
            return [
                InspectedFile(distribution, one.name, one.facts, one.schema, one.validation, member=one.member)
                for one in known
            ]
        start = time.monotonic()
        files = examination.examine(distribution, fetcher, root=root, online=online)
        hurried = time.monotonic() - start > _UNHURRIED
        if key and self._may_be_kept(files, hurried) and all(map(self._state.holds, self._read_with(distribution))):
            self._memory.put(key, tuple(_kept(files)), _PART)
        return files

    def _key(self, distribution: Distribution, root: Path | None, online: bool) -> str:
        """Return what the answer rests on, "" for a file whose bytes were not seen before the run."""
        path = distribution.path
        if path is None or root is None or path.is_symlink():  # what lies beside the real file is not looked at
            return ""
        together = self._read_with(distribution)
        held = {os.fsencode(one.name).hex(): self._state.digest_of(one) for one in together}
        if path not in together or not all(held.values()):
            return ""
        return key_of(
            self._program, _PART, _place(path, self._root), _place(root, self._root), online,
            plain(replace(distribution, path=None)), held,
        )  # fmt: skip

    def _read_with(self, distribution: Distribution) -> Sequence[Path]:
        """Return the files that may be read for one: itself, and those of its name (a shapefile's .dbf and .prj)."""
        path = distribution.path
        if path is None:
            return ()
        if path.parent not in self._beside:
            self._beside[path.parent] = _by_stem(path.parent)
        return self._beside[path.parent].get(path.stem.casefold(), ())

    @staticmethod
    def _may_be_kept(files: Iterable[InspectedFile], hurried: bool) -> bool:
        """Return whether an answer would be the same another time: nothing went wrong, and no limit of time was met."""
        return all(
            file.facts is not None
            and file.fault is None
            and not (hurried and file.facts.envelope.detected in _TIMED)
            and (file.validation is None or file.validation.complete)
            for file in files
        )


def _kept(files: Iterable[InspectedFile]) -> Iterable[KeptFile]:
    for file in files:
        if file.facts is not None:
            yield KeptFile(file.name, file.facts, file.schema, file.validation, file.member)


def _place(path: Path, root: Path) -> str:
    return os.fsencode(os.path.relpath(path, root)).hex()


def _by_stem(folder: Path) -> dict[str, list[Path]]:
    """Return the files of a folder by each name that they extend: « a.b.csv » extends « a » and « a.b »."""
    found: dict[str, list[Path]] = {}
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.is_dir())
    except OSError:
        return {}
    for name in names:
        parts = name.casefold().split(".")
        for end in range(1, len(parts) + 1)[:_MOST_DOTS]:
            found.setdefault(".".join(parts[:end]), []).append(folder / name)
    return found
