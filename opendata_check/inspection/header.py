"""Finds the row that names the columns, under the titles and blank rows people put above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from opendata_check.inspection.label_masking import masked
from opendata_check.inspection.shapes import BOOLEAN, TEXT, shape_of

ROWS_READ = 30
"""How many rows are enough to decide."""

_MOSTLY_FILLED = 0.5
_TOO_MANY_VALUES = 1 / 3
_REPEATED = 0.8
_OPENING = 12
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_VALUE = re.compile(r"[^@\s]+@[^@\s]+\.\w+|(?:\+33|0)[1-9](?:[ .]?\d\d){4}|https?://\S+", re.ASCII)
_LONGEST_LABEL = 150
_LONGEST_SHOWN = 200


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the 0-based index of the header among the first rows of a table (at most 30 are read).

    Blank rows, titles and merged cells (rows with much fewer filled cells than the table has columns) are skipped.
    None when nothing is filled, or when the first full row already looks like data.
    """
    rows = rows[:ROWS_READ]
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    typical = median([len(cells) for cells in filled if cells] or [0])
    if not typical:
        return None
    usual = max(typical, _usual_of_full_rows(filled))
    for index, cells in enumerate(filled):
        if len(cells) < min(2, usual) or len(cells) < _MOSTLY_FILLED * usual:
            continue
        return None if _looks_like_data(rows, index, cells) else index
    return None


def _usual_of_full_rows(filled: Sequence[Sequence[str]]) -> float:
    """Return the median count of filled cells, rows with a single one (titles, notes) left out."""
    full = [len(cells) for cells in filled if len(cells) > 1]
    return median(full) if full else 0


def _looks_like_data(rows: Sequence[Sequence[str]], index: int, cells: Sequence[str]) -> bool:
    """Return whether a row holds values rather than labels."""
    values = sum(_is_value(cell) for cell in cells)
    if values and not _counts_up(cells) and values > _TOO_MANY_VALUES * len(cells):
        return True
    if any(_VALUE.fullmatch(cell) for cell in cells):
        return True
    return _comes_back(rows, index)


def _is_value(cell: str) -> bool:
    """Return whether a cell is a number, a date or a long text; years are common labels and do not count."""
    if len(cell) > _LONGEST_LABEL:
        return True
    return shape_of(cell) not in (TEXT, BOOLEAN) and not _YEAR.fullmatch(cell)


def _counts_up(cells: Sequence[str]) -> bool:
    """Return whether the numeric cells count up one by one (months, floors): labels all the same."""
    numbers = [int(cell) for cell in cells if cell.isascii() and cell.isdigit() and len(cell) < 6]
    return len(numbers) >= 3 and all(after == before + 1 for before, after in pairwise(numbers))


def _comes_back(rows: Sequence[Sequence[str]], index: int) -> bool:
    """Return whether half of the filled cells stand again, in the same column, in rows below.

    Nearly all of them in one row below is something else: a header repeated from page to page.
    """
    below = rows[index + 1 :]
    filled = [(position, cell) for position, cell in enumerate(rows[index]) if cell.strip()]
    if len(below) < 2 or not filled:
        return False
    again: set[int] = set()
    for row in below:
        same = {position for position, cell in filled if position < len(row) and row[position] == cell}
        alike = sum(1 for position, cell in filled if position < len(row) and _opens_alike(row[position], cell))
        if alike >= _REPEATED * len(filled):
            return False
        again |= same
    return 2 * len(again) >= len(filled)


def _opens_alike(cell: str, label: str) -> bool:
    """Return whether two cells are the same, or long names that only differ by their end from page to page."""
    opening = label[:_OPENING].casefold()
    return cell == label or (len(opening) == _OPENING and cell[:_OPENING].casefold() == opening)


def clean_label(cell: str) -> str:
    """Return a header cell fit to be shown: 200 characters at most, all visible, none that names a person."""
    return masked("".join(char if char.isprintable() else " " for char in cell[:_LONGEST_SHOWN]))
