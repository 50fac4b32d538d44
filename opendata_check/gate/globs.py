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
    wanted = _compiled(pattern)
    return _meets(wanted, tuple(unicodedata.normalize("NFC", path).split("/")))


def is_pattern(text: str) -> bool:
    """Return whether a text holds a sign of patterns."""
    return any(sign in text for sign in "*?[")


@lru_cache(maxsize=4000)
def _compiled(pattern: str) -> tuple[re.Pattern[str] | None, ...]:
    """Return the parts of a pattern; None stands for ``**``."""
    plain = unicodedata.normalize("NFC", pattern.replace("\\", "/")).strip()
    anywhere = "/" not in plain.rstrip("/")
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    listed = ["**", *parts] if anywhere else parts
    return tuple(None if part == "**" else re.compile(fnmatch.translate(part)) for part in listed)


def _meets(wanted: tuple[re.Pattern[str] | None, ...], names: tuple[str, ...]) -> bool:
    """Return whether the beginning of ``names`` meets all of ``wanted``: a cost of the product of their lengths."""
    reached = {0}
    for part in wanted:
        if part is None:
            reached = set(range(min(reached), len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and part.match(names[at])}
        if not reached:
            return False
    return True
