"""The rows of a sheet that are looked at: which cells are filled, their shape, what each column usually holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from opendata_check.inspection.shapes import BOOLEAN, INTEGER, NUMBER, TEXT, shape_of

_NUMBER = re.compile(r"[+-]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?(?:[eE][+-]?\d{1,3})?(?:[ \u00a0\u202f]?[€%])?", re.ASCII)
_SPACES = str.maketrans({" ": "", "\u00a0": "", "\u202f": "", "€": "", "%": "", ",": "."})


@dataclass(frozen=True)
class GridRow:
    """One row: its physical line (1-based), its cells, stripped."""

    line: int
    cells: tuple[str, ...]

    @cached_property
    def filled(self) -> tuple[int, ...]:
        """0-based positions of the filled cells."""
        return tuple(at for at, cell in enumerate(self.cells) if cell)

    @cached_property
    def shapes(self) -> dict[int, str]:
        """The shape of each filled cell, by position."""
        return {at: shape_of(self.cells[at]) for at in self.filled}

    @cached_property
    def texts(self) -> tuple[int, ...]:
        """Positions of the filled cells that are no number nor date."""
        return tuple(at for at, shape in self.shapes.items() if shape in (TEXT, BOOLEAN))

    @cached_property
    def figures(self) -> dict[int, float]:
        """The numbers of the row, by position."""
        found = {}
        for at, shape in self.shapes.items():
            value = number_of(self.cells[at]) if shape in (INTEGER, NUMBER, TEXT) else None
            if value is not None:
                found[at] = value
        return found

    def cell(self, position: int) -> str:
        """Return the cell at a position, "" beyond the row's end."""
        return self.cells[position] if position < len(self.cells) else ""


def number_of(cell: str) -> float | None:
    """Return what a cell counts, None when it is no number; dates and codes with a leading zero are none."""
    if len(cell) > 40 or not _NUMBER.fullmatch(cell) or (cell[0] == "0" and cell[1:2].isdigit()):
        return None
    try:
        return float(cell.translate(_SPACES))
    except ValueError:
        return None


class Grid:
    """Rows in order of line; blank rows have no place in it: two lines that do not follow each other tell them."""

    def __init__(self, rows: Sequence[GridRow], gap_after: int | None = None) -> None:
        self.rows = [row for row in rows if row.filled]
        self.gap_after = gap_after
        """The line after which rows were not looked at, None when all were."""

    @cached_property
    def typical(self) -> float:
        """Median count of filled cells of the rows that have several; 1 when none has."""
        several = [len(row.filled) for row in self.rows if len(row.filled) > 1]
        return median(several) if several else 1

    def after_blank(self, index: int) -> bool:
        """Return whether a blank line stands above the row."""
        if index == 0:
            return self.rows[0].line > 1
        before = self.rows[index - 1].line
        return self.rows[index].line > before + 1 and before != self.gap_after


@dataclass(frozen=True)
class ColumnHabit:
    """What the data rows usually hold in one column."""

    filled: int
    numbers: int
    values: int
    """Cells that are a number, a date, a code…: anything but text."""

    @property
    def is_value(self) -> bool:
        """Return whether the column mostly holds something else than text."""
        return self.filled >= 2 and self.values >= 0.6 * self.filled


def habits(rows: Sequence[GridRow]) -> dict[int, ColumnHabit]:
    """Return the habits of every column filled in these rows."""
    counts: dict[int, list[int]] = {}
    for row in rows:
        for at, shape in row.shapes.items():
            count = counts.setdefault(at, [0, 0, 0])
            count[0] += 1
            count[1] += shape in (INTEGER, NUMBER)
            count[2] += shape not in (TEXT, BOOLEAN)
    return {at: ColumnHabit(*count) for at, count in counts.items()}
