"""Finds on how many rows a table names its columns, and whether its names are periods rather than properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opendata_check.inspection.layout.grid import Grid, GridRow, habits
from opendata_check.inspection.layout.marks import Span
from opendata_check.inspection.layout.words import period_of
from opendata_check.ranges import column_letter

_MAX_LABEL = 80
_FEWEST_YEARS, _FEWEST_MONTHS = 4, 6


@dataclass(frozen=True)
class Header:
    """The rows that name the columns."""

    first: int
    last: int
    """Physical lines."""
    labels: tuple[str, ...]
    """Those of the row that names most columns."""
    confidence: float = 1.0

    @property
    def on_two_rows(self) -> bool:
        """Return whether one row is not enough to read the names."""
        return self.last > self.first


def header_at(grid: Grid, line: int | None, spans: Sequence[Span]) -> Header | None:
    """Return the header found on ``line``, with the row of groups above or the row of details below it."""
    index = next((at for at, row in enumerate(grid.rows) if row.line == line), None)
    if index is None:
        return None
    row = grid.rows[index]
    first = last = row.line
    labels, sure = row.cells, 1.0
    below = grid.rows[index + 1] if index + 1 < len(grid.rows) else None
    if below is not None and below.line == row.line + 1 and _details(grid, index, spans):
        last = below.line
        labels = tuple(below.cell(at) or row.cell(at) for at in range(max(len(row.cells), len(below.cells))))
        sure = 0.9 if any(span[0] == row.line for span in spans) else 0.8 if _in_brackets(below) else 0.6
    above = grid.rows[index - 1] if index else None
    if above is not None and above.line == row.line - 1 and _groups(above, row, spans):
        first = above.line
        sure = 0.9 if any(span[0] == first and span[3] > span[1] for span in spans) else 0.6
    return Header(first, last, labels, sure)


def _details(grid: Grid, index: int, spans: Sequence[Span]) -> bool:
    """Return whether the row under the header names the parts of its columns.

    It only holds short texts, it names columns that the header leaves without a name, and the rows under it differ:
    a merge says so, or values stand under its names.
    """
    header, below = grid.rows[index], grid.rows[index + 1]
    if len(below.texts) != len(below.filled) or any(len(below.cells[at]) > _MAX_LABEL for at in below.filled):
        return False
    if _in_brackets(below) and len(below.filled) > 1:
        return True
    unnamed = [at for at in below.filled if not header.cell(at)]
    wide = any(span[0] == header.line and span[2] == header.line and span[3] > span[1] for span in spans)
    tall = any(span[0] == header.line and span[2] == below.line for span in spans)
    if wide and tall:
        return True
    if not unnamed or len(below.filled) < 2:
        return False
    usual = habits(grid.rows[index + 2 : index + 40])
    valued = [at for at in below.filled if at in usual and usual[at].is_value]
    return len(valued) >= 2 and (wide or len(below.filled) < len(header.filled) + len(unnamed))


def _in_brackets(row: GridRow) -> bool:
    """Return whether a row only holds precisions: « (m²) », « (en euros) »."""
    return all(row.cells[at].startswith("(") and row.cells[at].endswith(")") for at in row.filled)


def _groups(above: GridRow, header: GridRow, spans: Sequence[Span]) -> bool:
    """Return whether the row above the header names groups of columns rather than the whole table."""
    if len(above.filled) >= len(header.filled) or len(above.texts) + _years(above) < len(above.filled):
        return False
    if any(len(above.cells[at]) > _MAX_LABEL for at in above.filled):
        return False
    inside = [at for at in above.filled if at <= len(header.cells)]
    wide = [s for s in spans if s[0] == s[2] == above.line and s[3] > s[1] and s[3] - s[1] + 1 < len(header.filled)]
    if len(wide) >= 2 or (wide and inside[:1] != [header.filled[0]]):
        return True
    return len(inside) >= 2 and inside[0] > header.filled[0]


def _years(row: GridRow) -> int:
    return sum(period_of(row.cells[at]) == "year" for at in row.filled if at not in row.texts)


def period_columns(labels: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the letters of the columns named by years or months, and which; () when they are too few to matter."""
    found: dict[str, list[int]] = {"year": [], "month": []}
    for at, label in enumerate(labels):
        kind = period_of(label) if label else ""
        if kind:
            found[kind].append(at)
    years = {labels[at].strip() for at in found["year"]}
    if len(years) >= _FEWEST_YEARS and len(found["year"]) == len(years):
        return tuple(column_letter(at) for at in found["year"][:50]), "year"
    if len(found["month"]) >= _FEWEST_MONTHS:
        return tuple(column_letter(at) for at in found["month"][:50]), "month"
    return (), ""
