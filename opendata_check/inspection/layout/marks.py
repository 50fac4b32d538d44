"""What a spreadsheet file tells of a sheet besides its texts: merges, sums, fills, what is hidden; all bounded."""

from __future__ import annotations

from dataclasses import dataclass, field

from opendata_check.ranges import LineRanges

HEAD_ROWS = 2_000
"""Rows whose fills and kinds of cells are kept."""
MAX_SPANS = 5_000
MAX_MARKED = 100_000
"""Cells of one sheet whose fill or kind is kept."""
_MAX_SUMS = 10_000
_MAX_COLUMNS = 16_384
_MAX_HIDDEN = 100_000

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merge; rows 1-based, columns 0-based, ends included."""


@dataclass
class SheetMarks:
    """Filled by the reader of a format as a sheet streams."""

    spans: list[Span] = field(default_factory=list)
    sum_rows: set[int] = field(default_factory=set)
    """Rows that hold a formula adding up the cells above it."""
    fills: dict[int, dict[int, str]] = field(default_factory=dict)
    """For the first rows: the colour id of each coloured cell, by column."""
    text_numbers: dict[int, list[int]] = field(default_factory=dict)
    """For the first rows: the columns of cells that look like numbers and are stored as text."""
    hidden_rows: LineRanges = field(default_factory=LineRanges)
    hidden_columns: set[int] = field(default_factory=set)
    protected: bool = False
    drawing: bool = False
    _marked: int = 0
    _hidden: int = 0

    def span(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Record a merge."""
        if len(self.spans) < MAX_SPANS:
            self.spans.append((first_row, first_column, last_row, last_column))

    def sums(self, row: int) -> None:
        """Record a row with a vertical sum."""
        if len(self.sum_rows) < _MAX_SUMS:
            self.sum_rows.add(row)

    def fill(self, row: int, column: int, colour: str) -> None:
        """Record the colour of one cell of the first rows."""
        if row <= HEAD_ROWS and self._marked < MAX_MARKED:
            self._marked += 1
            self.fills.setdefault(row, {})[column] = colour

    def text_number(self, row: int, column: int) -> None:
        """Record a number kept as text in one of the first rows."""
        if row <= HEAD_ROWS and self._marked < MAX_MARKED:
            self._marked += 1
            self.text_numbers.setdefault(row, []).append(column)

    def hide_columns(self, first: int, last: int) -> None:
        """Record hidden columns (0-based, both included)."""
        first, last = max(first, 0), min(last, _MAX_COLUMNS - 1)
        # A file may hide the same columns a million times.
        self._hidden += max(0, last - first + 1)
        if self._hidden <= _MAX_HIDDEN:
            self.hidden_columns.update(range(first, last + 1))

    def forget(self) -> None:
        """Drop what only the layout needed, once it is told."""
        self.spans, self.sum_rows, self.fills, self.text_numbers = [], set(), {}, {}
