"""Records which rows of a table hold flagged cells, by reason, within a fixed amount of memory."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from opendata_check.model.facts import RowRange
from opendata_check.ranges import LineRanges

_MAX_LISTS = 64


class RowRecorder:
    """Row ranges and exact counts for any number of reasons.

    The first 64 reasons keep their rows (about 1 MB each at worst); later ones, which only a hostile table has, keep
    their count.
    """

    __slots__ = ("_counts", "_ranges")

    def __init__(self) -> None:
        self._ranges: dict[Hashable, LineRanges] = {}
        self._counts: dict[Hashable, int] = {}

    def record_lines(self, reason: Hashable, lines: Any) -> None:
        """Record for ``reason`` an increasing numpy array of lines; they must not decrease between calls."""
        ranges = self._ranges.get(reason)
        if ranges is None and len(self._ranges) < _MAX_LISTS and reason not in self._counts:
            ranges = self._ranges[reason] = LineRanges()
        if ranges is None:
            self._counts[reason] = self._counts.get(reason, 0) + len(lines)
        else:
            ranges.extend(lines)

    def forget(self, reason: Hashable) -> None:
        """Drop what was recorded for ``reason``."""
        self._ranges.pop(reason, None)
        self._counts.pop(reason, None)

    def count(self, reason: Hashable) -> int:
        """Return how many rows were recorded for ``reason``."""
        ranges = self._ranges.get(reason)
        return ranges.count if ranges is not None else self._counts.get(reason, 0)

    def rows(self, reason: Hashable) -> tuple[RowRange, ...]:
        """Return the rows recorded for ``reason``, as ranges."""
        ranges = self._ranges.get(reason)
        return ranges.ranges() if ranges is not None else ()
