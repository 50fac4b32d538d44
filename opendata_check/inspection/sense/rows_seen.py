"""Remembers rows by a digest: which come twice in a table, and how much two tables share."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from opendata_check.model.facts import RowRange
from opendata_check.ranges import LineRanges

MOST_ROWS = 200_000
"""Rows remembered; later ones are not compared."""
SKETCH = 256
"""Digests kept to compare two tables (A. Broder, « On the resemblance and containment of documents », 1997)."""


class RowsSeen:
    """The digests of a table's rows: never a cell."""

    def __init__(self) -> None:
        self._digests: set[int] = set()
        self._read = 0
        self._repeated = LineRanges()

    def take(self, rows: Iterable[Sequence[str]], lines: Sequence[int]) -> None:
        """Add rows with their physical lines, until there are too many."""
        if self._read >= MOST_ROWS:
            return
        for cells, line in zip(rows, lines, strict=True):
            if len(cells) - cells.count("") < min(2, len(cells)):
                continue  # a title between two parts of the table may come back
            digest = _digest(cells)
            if digest in self._digests:
                self._repeated.add(line)
            else:
                self._digests.add(digest)
        self._read += len(lines)

    @property
    def repeated(self) -> tuple[int, tuple[RowRange, ...]]:
        """How many rows had come before, and where."""
        return self._repeated.count, self._repeated.ranges()

    def sketch(self) -> tuple[int, ...]:
        """Return the smallest digests, in order: two tables share as many of them as they share rows."""
        return tuple(heapq.nsmallest(SKETCH, self._digests))


def _digest(cells: Sequence[str]) -> int:
    text = "\x1f".join(cells)
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
