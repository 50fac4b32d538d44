"""Tells whether cell colours carry a meaning that no text gives, apart from bands, headers and totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from opendata_check.inspection.layout.grid import GridRow
from opendata_check.inspection.layout.marks import HEAD_ROWS, SheetMarks
from opendata_check.model.facts import LayoutMark
from opendata_check.ranges import column_letter

_FEWEST_ROWS = 6
_FEWEST_CELLS = 3
_MOST_CHANGES = 0.6
_MOST_COLOURS = 12


def colour_marks(rows: Sequence[GridRow], marks: SheetMarks, left: int, right: int) -> LayoutMark | None:
    """Return the mark of the columns (0-based, both included) whose data cells have colours that say something.

    None when colours are bands, are everywhere the same, or follow what a column with few values already says.
    """
    seen = [row for row in rows if row.line <= HEAD_ROWS]
    if not marks.fills or len(seen) < _FEWEST_ROWS:
        return None
    columns: list[int] = []
    cells: list[str] = []
    count = 0
    for at in range(left, min(right, left + 200) + 1):
        colours = [marks.fills.get(row.line, {}).get(at, "") for row in seen]
        if _says_something(colours) and not _told(seen, colours):
            usual = Counter(colours).most_common(1)[0][0]
            apart = [row.line for row, colour in zip(seen, colours, strict=True) if colour != usual]
            columns.append(at)
            count += len(apart)
            cells += [f"{column_letter(at)}{line}" for line in apart[: 10 - len(cells)]]
    if not columns:
        return None
    return LayoutMark("colour", count, (), tuple(column_letter(at) for at in columns[:50]), tuple(cells), 0.7)


def _says_something(colours: Sequence[str]) -> bool:
    """Return whether a column has several colours in a way that is neither a band nor an accident."""
    found = Counter(colours)
    apart = len(colours) - found.most_common(1)[0][1]
    if len(found) > _MOST_COLOURS or apart < _FEWEST_CELLS:
        return False
    # Bands change from row to row; what has a meaning comes in places.
    changes = sum(1 for one, other in pairwise(colours) if one != other)
    if changes >= _MOST_CHANGES * (len(colours) - 1):
        return False
    return not _period(colours)


def _period(colours: Sequence[str]) -> bool:
    """Return whether colours repeat every two to six rows: bands again."""
    return any(
        len(colours) >= 3 * step and all(one == other for one, other in zip(colours, colours[step:], strict=False))
        for step in range(1, 7)
    )


def _told(rows: Sequence[GridRow], colours: Sequence[str]) -> bool:
    """Return whether some column with few different values (this one included) always goes with one colour."""
    width = max(len(row.cells) for row in rows)
    for at in range(min(width, 200)):
        values: dict[str, str] = {}
        repeated = False
        for row, colour in zip(rows, colours, strict=True):
            known = values.setdefault(row.cell(at), colour)
            if known != colour:
                break
        else:
            repeated = len(values) <= 0.5 * len(rows) and len(values) > 1
        if repeated:
            return True
    return False
