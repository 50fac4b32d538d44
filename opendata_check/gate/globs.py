"""Which files a pattern of the settings means: `data/*.csv`, `**/brouillons/**`, `*.csv`, `data`."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from functools import lru_cache

LONGEST = 300


def matches(pattern: str, path: str) -> bool:
    """Return whether a path (from the root, with « / ») is meant by a pattern.

    A pattern without « / » means a file or a folder of that name anywhere; one with a « / » starts at the root.
    ``*`` and ``?`` stop at « / », ``**`` does not. A folder means all it holds.
    """
    wanted = _parts(pattern)
    return _meets(wanted, tuple(unicodedata.normalize("NFC", path).split("/")))


def is_pattern(text: str) -> bool:
    """Return whether a text holds a sign of patterns."""
    return any(sign in text for sign in "*?[")


@lru_cache(maxsize=1000)
def _parts(pattern: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFC", pattern.replace("\\", "/")).strip()
    anywhere = "/" not in plain.rstrip("/")
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    return tuple(["**", *parts] if anywhere else parts)


@lru_cache(maxsize=1000)
def _name(part: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(part))


def _meets(wanted: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Return whether the beginning of ``names`` meets all of ``wanted``: a cost of the product of their lengths."""
    reached = {0}
    for part in wanted:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1)) if reached else set()
        else:
            meant = _name(part)
            reached = {at + 1 for at in reached if at < len(names) and meant.match(names[at])}
    return bool(reached)
