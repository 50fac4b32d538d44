"""Finds the settings and the root of the repository: names, and so fingerprints, are counted from there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from opendata_check.config import FILE_NAME, PROJECT_FILE, Written, written
from opendata_check.errors import ConfigError
from opendata_check.gate.errors import GateError

_DEEPEST = 60


def settings_near(paths: Sequence[Path], explicit: Path | None) -> Written | None:
    """Return the settings named, else those found from the current folder up to the repository's root, else from the
    first path's folder; None without any.

    Raises ConfigError when they cannot be read.
    """
    if explicit is not None:
        return written(explicit)
    starts = [Path.cwd(), *(folder_of(path) for path in paths[:1])]
    for start in starts:
        for folder in _upwards(start):
            if (folder / FILE_NAME).is_file():
                return written(_near(folder / FILE_NAME))
            if (folder / PROJECT_FILE).is_file() and (ours := _project(_near(folder / PROJECT_FILE))) is not None:
                return ours
    return None


def root_of(settings: Written | None, paths: Sequence[Path], *, named: bool) -> Path:
    """Return the folder that names are counted from: the settings', else the repository's, else the current one.

    Settings ``named`` with --config may lie anywhere: then they say nothing of the root.
    """
    if settings is not None and not named:
        return settings.path.parent.resolve()
    here = Path.cwd()
    places = [folder_of(path) for path in paths]
    for start in [here, *places[:1]]:
        root = next((folder for folder in _upwards(start) if (folder / ".git").exists()), None)
        if root is not None and all(place.is_relative_to(root) for place in places):
            return root
    if all(place.is_relative_to(here.resolve()) for place in places):
        return here.resolve()
    return Path(os.path.commonpath(places))


def place_in_repository(root: Path) -> str:
    """Return where a root lies in its git repository, « . » when it is the whole: services count paths from there."""
    return root.relative_to(top_of(root)).as_posix()


def top_of(root: Path) -> Path:
    """Return the folder of the git repository that holds a root; the root itself without one."""
    *_, top = _upwards(root)
    return top


def folder_of(path: Path) -> Path:
    """Return the real folder of a path: itself, or the one that holds the file."""
    try:
        real = path.resolve()
        return real if real.is_dir() else real.parent
    except (OSError, RuntimeError, ValueError) as error:
        raise GateError("ce chemin ne peut pas être suivi", where=str(path)[:200]) from error


def _upwards(start: Path) -> Iterator[Path]:
    """Yield a folder and those above it, up to the repository's root; the folder alone when there is no repository."""
    real = start.resolve()
    above = [real, *real.parents][:_DEEPEST]
    rank = next((rank for rank, folder in enumerate(above) if (folder / ".git").exists()), 0)
    yield from above[: rank + 1]


def _near(path: Path) -> Path:
    """Return a path as somebody here would type it."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # another disk
        return path


def _project(path: Path) -> Written | None:
    """Return what a pyproject.toml says of us; None when it does not: its other faults are not ours to tell."""
    try:
        found = written(path)
    except ConfigError:
        return None
    return found if found.content else None
