"""Bounds how deep a JSON may nest, and passes over what is not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opendata_check.inspection.json_text.syntax import MAX_DEPTH

Event = tuple[str, Any]
"""What ijson yields: start_map, map_key, end_map, start_array, end_array, string, number, boolean, null; its value."""

OPENING = ("start_map", "start_array")
CLOSING = ("end_map", "end_array")


class TooDeep(Exception):  # noqa: N818 - it only leaves the reading; the second reading says where
    """The nesting goes beyond the limit."""


def check(depth: int) -> None:
    """Raise TooDeep beyond the depth allowed."""
    if depth > MAX_DEPTH:
        raise TooDeep


def skip(events: Iterator[Event], depth: int) -> None:
    """Pass over the container just opened, at that depth. Raises TooDeep."""
    limit = MAX_DEPTH - depth + 1
    opened = 1
    if limit < 1:
        raise TooDeep
    for event, _ in events:
        if event in OPENING:
            opened += 1
            if opened > limit:
                raise TooDeep
        elif event in CLOSING:
            opened -= 1
            if not opened:
                return
