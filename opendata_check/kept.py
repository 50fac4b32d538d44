"""Keeps `rules/` as it was last read, in the user's cache folder: reading YAML takes most of a short command's time.

What is kept is the plain content of each file as JSON, never code. It counts only while no file of the folder has
changed (names, sizes and times), and is read anew otherwise. Nothing depends on it: without a cache folder, or with
one that cannot be written, the files are read each time.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

_NAME = "regles-{crc:08x}.json"
"""One file by folder of rules: two installations do not write over each other's."""
_FORM = 1
"""To change with what is kept and how."""
_LONGEST = 10_000_000
_DAY = "\0date"
"""The only key of what stands for a date: no YAML of ours can hold it."""


def cache_folder() -> Path:
    """Return where things are kept between runs: $OPENDATA_CHECK_CACHE, else the system's cache folder."""
    explicit = os.environ.get("OPENDATA_CHECK_CACHE")
    if explicit:
        return Path(explicit)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "opendata-check"


def texts(folder: Path, version: str, read: Callable[[Path], Any]) -> dict[str, str]:
    """Return the content of each YAML file under ``folder`` as JSON for ``value_of``, by full path.

    ``read`` reads one file; whatever it raises goes to the caller. Another ``version`` of the program reads anew.
    """
    files = sorted(_files(str(folder)))
    seal = f"{_FORM} {version} {len(files)} {zlib.crc32(repr(files).encode()):08x} {sum(item[1] for item in files)}"
    place = _place(folder)
    kept = _load(place, seal) if place else None
    if kept is None:
        kept = {name: json.dumps(read(Path(name)), ensure_ascii=False, default=_plain) for name, *_ in files}
        if place:
            _save(place, seal, kept)
    return kept


def _place(folder: Path) -> Path | None:
    try:
        return cache_folder() / _NAME.format(crc=zlib.crc32(str(folder).encode(errors="replace")))
    except RuntimeError:  # nobody's home
        return None


def _files(folder: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield (path, size, times of change of the content and of the file) of each YAML file."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith(".yaml"):
                known = entry.stat()
                yield entry.path, known.st_size, known.st_mtime_ns, known.st_ctime_ns


def value_of(text: str) -> Any:
    """Return the value of one kept text, made anew each time."""
    return json.loads(text, object_hook=_dated)


def _dated(mapping: dict[str, Any]) -> Any:
    return date.fromisoformat(mapping[_DAY]) if _DAY in mapping else mapping


def _plain(value: object) -> dict[str, str]:
    if type(value) is date:
        return {_DAY: value.isoformat()}
    raise TypeError(f"{type(value).__name__} is no plain value")


def _load(place: Path, seal: str) -> dict[str, str] | None:
    """Return what was kept under this seal, None when there is none, when it is damaged or somebody else's."""
    try:
        known = place.stat()
        if not stat.S_ISREG(known.st_mode) or known.st_uid != getattr(os, "getuid", lambda: known.st_uid)():
            return None
        with place.open("rb") as stream:
            head, _, body = stream.read(_LONGEST).partition(b"\n")
        if head.decode() != f"{seal} {zlib.crc32(body):08x}":
            return None
        kept = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return None
    return kept if isinstance(kept, dict) and all(isinstance(text, str) for text in kept.values()) else None


def _save(place: Path, seal: str, kept: dict[str, str]) -> None:
    body = json.dumps(kept, ensure_ascii=False).encode()
    temporary = ""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(f"{seal} {zlib.crc32(body):08x}\n".encode() + body)
        Path(temporary).replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
