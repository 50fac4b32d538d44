"""Line numbers kept as ranges: exact counts and bounded memory whatever the number of faulty lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opendata_check.model.facts import RowRange

_MAX_RANGES = 10_000


class LineRanges:
    """Collects line numbers in increasing order; keeps at most 10 000 ranges, and the count of all of them."""

    __slots__ = ("_ranges", "count")

    def __init__(self) -> None:
        self._ranges: list[list[int]] = []
        self.count = 0

    def add(self, line: int) -> None:
        """Record one line (1-based); lines must not decrease."""
        self.count += 1
        if self._ranges and line <= self._ranges[-1][1] + 1:
            self._ranges[-1][1] = max(line, self._ranges[-1][1])
        elif len(self._ranges) < _MAX_RANGES:
            self._ranges.append([line, line])

    def extend(self, lines: Iterable[int]) -> None:
        """Record several lines, in increasing order; an array of numpy's is read without a loop over its lines."""
        if hasattr(lines, "dtype"):
            self._extend_array(lines)
        else:
            for line in lines:
                self.add(line)

    def _extend_array(self, lines: Any) -> None:
        if not len(lines):
            return
        if len(self._ranges) >= _MAX_RANGES and lines[0] > self._ranges[-1][1] + 1:
            self.count += len(lines)
            return
        self.count += len(lines)
        breaks = (lines[1:] - lines[:-1] > 1).nonzero()[0]
        firsts = [int(lines[0]), *lines[breaks + 1].tolist()]
        lasts = [*lines[breaks].tolist(), int(lines[-1])]
        if self._ranges and firsts[0] <= self._ranges[-1][1] + 1:
            self._ranges[-1][1] = max(lasts.pop(0), self._ranges[-1][1])
            firsts.pop(0)
        room = _MAX_RANGES - len(self._ranges)
        self._ranges += [list(pair) for pair in zip(firsts[:room], lasts[:room], strict=True)]

    def ranges(self) -> tuple[RowRange, ...]:
        """Return the ranges, first and last line included."""
        return tuple((first, last) for first, last in self._ranges)


def column_letter(position: int) -> str:
    """Return the spreadsheet letter of a 0-based column: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
