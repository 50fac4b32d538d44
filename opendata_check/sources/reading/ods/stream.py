"""Gives the items of a long JSON array one at a time, in bounded memory whatever the file holds.

ijson would do, but for hostile files: it keeps the whole path of each value, so that a hundred thousand opening
brackets cost it gigabytes. Here the standard decoder reads one item after another from a sliding text; an item nested
too deep or too long ends the reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20
_LONGEST_ITEM = 4 << 20
_BETWEEN = re.compile(r"[\s,]*")


def items(path: Path) -> Iterator[Any]:
    """Yield the items of the JSON array in a file. Raises ValueError where it is cut, malformed or unreasonable."""
    decoder = json.JSONDecoder(parse_constant=lambda _: None)
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        text = stream.read(_CHUNK).lstrip()
        if not text.startswith("["):
            raise ValueError("no array")
        at, wanted = 1, _CHUNK
        while True:
            at = _after(_BETWEEN, text, at)
            if text.startswith("]", at):
                return
            value, end = _decoded(decoder, text, at)
            if at < end < len(text):  # at the very end, a number might go on
                yield value
                at, wanted = end, _CHUNK
                continue
            more = stream.read(wanted)
            if not more or len(text) - at > _LONGEST_ITEM:
                raise ValueError("the array does not end")
            text, at = text[at:] + more, 0
            wanted *= 2  # an item longer than what was read is tried again: fewer and fewer times


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return where what ``pattern`` matches at ``at`` ends."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _decoded(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int]:
    """Return the value that begins at ``at`` and where it ends; (None, -1) when it is not all there."""
    try:
        return decoder.raw_decode(text, at)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except ValueError:
        return None, -1
