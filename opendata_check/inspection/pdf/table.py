"""Sees a table locked in a PDF page: figures that stand under each other on many rows."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_MAX_FIGURES = 1_500
_ROWS = 5
"""Rows that must share the same two columns of figures."""
_SAME_COLUMN = 4.0
_SAME_ROW = 3.0
"""Points (1/72 inch)."""
_APART = 45.0
"""Points of white that part two tables."""
_Figure = tuple[float, float, str]
"""Left and right edges, and what is written."""
_Row = tuple[int, list[_Figure]]
"""A level of the page, in steps of 3 points from the bottom, and its figures."""
_PAGE_DIGITS = 4
_GAP = 0.8
"""What parts two cells, in heights of a character: words stand closer."""
# Digits that are not amounts: dates, times, phone numbers, numbers of articles.
_NOT_AMOUNTS = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}\s?[h:]\s?\d{2}"
    r"|(?:\+33\s?|0)[1-9](?:[ .\u00a0-]?\d{2}){4}|\d+(?:[.-]\d+){2,}"
)
_AMOUNT = re.compile(r"(?<![\w,.])[-+]?\d+(?:[ \u00a0\u202f.]\d{3}(?!\d))*(?:[.,]\d+)?(?![\w,.]*[A-Za-z])")
_SPACE = re.compile(r"[ \u00a0\u202f]")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's place on its page (points from the bottom), its column edges from left to right and its rows."""

    top: float
    bottom: float
    edges: tuple[float, ...]
    rows: int


def figure_tables(textpage: Any, text: str) -> list[Table]:
    """Return the tables of a page, from top to bottom: at least five rows with figures in the same two columns.

    ``textpage`` is pypdfium2's, ``text`` its whole text: a character's index is the same in both. A column is a right
    edge (how amounts are set) or a left edge, within 4 points. White of more than 45 points parts two tables.
    """
    text = _NOT_AMOUNTS.sub(lambda found: "x" * len(found[0]), text)
    rows: dict[int, list[_Figure]] = defaultdict(list)
    for number, found in enumerate(_AMOUNT.finditer(text)):
        if number >= _MAX_FIGURES:
            break
        for start, end in _parted(textpage, text, found.span()):
            left, bottom, _, top = textpage.get_charbox(start, loose=True)
            right = textpage.get_charbox(end - 1, loose=True)[2]
            if _stands_apart(textpage, text, (start, end), (left, right), _GAP * (top - bottom)):
                rows[round(bottom / _SAME_ROW)].append((left, right, text[start:end]))
    wide = sorted(((level, figures) for level, figures in rows.items() if len(figures) > 1), reverse=True)
    tables = [table for group in _groups(wide) if (table := _table(group))]
    whole = _table(wide)
    return tables or ([whole] if whole else [])


def _groups(rows: list[_Row]) -> list[list[_Row]]:
    """Part the rows, from top to bottom, where much white stands between two."""
    groups: list[list[_Row]] = []
    for row in rows:
        if groups and (groups[-1][-1][0] - row[0]) * _SAME_ROW <= _APART:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _table(rows: list[_Row]) -> Table | None:
    """Return the table that the rows make, or None."""
    if len(rows) < _ROWS or _is_contents([figures for _, figures in rows]):
        return None
    figures = [row for _, row in rows]
    edges = max((_columns(figures, edge) for edge in (0, 1)), key=lambda found: (len(found[0]) > 1, found[1]))[0]
    if len(edges) < 2:
        return None
    return Table(rows[0][0] * _SAME_ROW, rows[-1][0] * _SAME_ROW, edges, len(rows))


def _is_contents(rows: list[list[_Figure]]) -> bool:
    """Return whether the rows are a table of contents: a number, a title, and a page that never goes back."""
    if any(len(figures) != 2 for figures in rows):
        return False
    numbers, pages = (
        [min(figures)[2] for figures in rows],
        [max(figures)[2] for figures in rows],
    )
    if not all(page.isdigit() and len(page) <= _PAGE_DIGITS for page in (*numbers, *pages)):
        return False
    return all(int(before) < int(after) for before, after in pairwise(numbers)) and all(
        int(before) <= int(after) for before, after in pairwise(pages)
    )


def _parted(textpage: Any, text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """Split « 12 500 130 000 » where its spaces are as wide as between two columns: that is two figures."""
    spans, start = [], span[0]
    for space in _SPACE.finditer(text, *span):
        _, bottom, right, top = textpage.get_charbox(space.start() - 1, loose=True)
        if textpage.get_charbox(space.end(), loose=True)[0] - right >= _GAP * (top - bottom):
            spans.append((start, space.start()))
            start = space.end()
    return [*spans, (start, span[1])]


def _stands_apart(textpage: Any, text: str, span: tuple[int, int], edges: tuple[float, float], gap: float) -> bool:
    """Return True when white wider than ``gap``, or the line's end, is on both sides of a figure."""
    before, after = span[0] - 1, span[1]
    while before >= 0 and text[before] in " \u00a0":
        before -= 1
    while after < len(text) and text[after] in " \u00a0€%":
        after += 1
    if before >= 0 and text[before] not in "\r\n" and edges[0] - textpage.get_charbox(before, loose=True)[2] < gap:
        return False
    if after >= len(text) or text[after] in "\r\n":
        return True
    return bool(textpage.get_charbox(after, loose=True)[0] - edges[1] >= gap)


def _columns(rows: list[list[_Figure]], edge: int) -> tuple[tuple[float, ...], int]:
    """Return the places that hold a figure's edge on five rows or more, and how many figures stand there.

    Neighbouring places count once. The edge that holds more figures is how the columns are set.
    """
    filled: dict[int, int] = defaultdict(int)
    for figures in rows:
        for place in {round(figure[:2][edge] / _SAME_COLUMN) for figure in figures}:
            filled[place] += 1
    columns: list[int] = []
    held = 0
    for place in sorted(filled):
        if filled[place] < _ROWS:
            continue
        held += filled[place]
        if not columns or place - columns[-1] > 1:
            columns.append(place)
    return tuple(place * _SAME_COLUMN for place in columns), held
