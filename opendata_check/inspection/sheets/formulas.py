"""Tells which rows hold a formula that adds up the cells above it, in an XLSX or an ODS."""

from __future__ import annotations

import re

from opendata_check.inspection.layout.marks import SheetMarks

_LONGEST = 400
_MAX_SHARED = 10_000
_SUM = re.compile(
    r"(?:SUM|SUBTOTAL)\((?:[0-9]{1,3}[,;])?\[?\.?\$?([A-Z]{1,3})\$?([0-9]{1,7}):\[?\.?\$?([A-Z]{1,3})\$?([0-9]{1,7})",
    re.ASCII,
)


def adds_up_above(formula: str, row: int) -> bool:
    """Return whether a formula sums at least two cells of one column, above the row (1-based) it stands in."""
    for left, first, right, last in _SUM.findall(formula[:_LONGEST]):
        if left == right and int(first) < int(last) < row:
            return True
    return False


class FormulaWatch:
    """Follows the formulas of an XLSX sheet; those that are shared say once what they do (18.3.1.40)."""

    def __init__(self, marks: SheetMarks) -> None:
        self.inside = False
        self._marks = marks
        self._row = 0
        self._shared = ""
        self._pieces: list[str] = []
        self._sums: set[str] = set()

    def enter(self, row: int, shared: str) -> None:
        """Enter a formula."""
        self.inside, self._row, self._shared, self._pieces = True, row, shared[:10], []

    def text(self, data: str) -> None:
        """Take characters of a formula."""
        if len(self._pieces) < _LONGEST:
            self._pieces.append(data[:_LONGEST])

    def leave(self) -> None:
        """Leave a formula; note its row when it is a sum of cells above."""
        self.inside = False
        if self._pieces:
            if adds_up_above("".join(self._pieces), self._row):
                self._marks.sums(self._row)
                if self._shared and len(self._sums) < _MAX_SHARED:
                    self._sums.add(self._shared)
        elif self._shared in self._sums:
            self._marks.sums(self._row)
