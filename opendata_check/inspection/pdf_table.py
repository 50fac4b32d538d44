"""Sees a table locked in a PDF page: figures that stand under each other on many rows."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

_MAX_FIGURES = 1_500
_ROWS = 5
"""Rows that must share the same two columns of figures."""
_SAME_COLUMN = 4.0
_SAME_ROW = 3.0
"""Points (1/72 inch)."""
_GAP = 0.8
"""What parts two cells, in heights of a character: words stand closer."""
# Digits that are not amounts: dates, times, phone numbers, numbers of articles.
_NOT_AMOUNTS = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}\s?[h:]\s?\d{2}"
    r"|(?:\+33\s?|0)[1-9](?:[ .\u00a0-]?\d{2}){4}|\d+(?:[.-]\d+){2,}"
)
_AMOUNT = re.compile(r"(?<![\w,.])[-+]?\d+(?:[ \u00a0\u202f.]\d{3}(?!\d))*(?:[.,]\d+)?(?![\w,.]*[A-Za-z])")
_SPACE = re.compile(r"[ \u00a0\u202f]")


def holds_table(textpage: Any, text: str) -> bool:
    """Return True when at least five rows of the page have figures in the same two columns.

    ``textpage`` is pypdfium2's, ``text`` its whole text: a character's index is the same in both. A column is a right
    edge (how amounts are set) or a left edge, within 4 points.
    """
    text = _NOT_AMOUNTS.sub(lambda found: "x" * len(found[0]), text)
    rows: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for number, found in enumerate(_AMOUNT.finditer(text)):
        if number >= _MAX_FIGURES:
            break
        for start, end in _parted(textpage, text, found.span()):
            left, bottom, _, top = textpage.get_charbox(start, loose=True)
            right = textpage.get_charbox(end - 1, loose=True)[2]
            if _stands_apart(textpage, text, (start, end), (left, right), _GAP * (top - bottom)):
                rows[round(bottom / _SAME_ROW)].append((left, right))
    wide = [figures for figures in rows.values() if len(figures) > 1]
    return len(wide) >= _ROWS and any(_columns(wide, edge) > 1 for edge in (0, 1))


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


def _columns(rows: list[list[tuple[float, float]]], edge: int) -> int:
    """Return how many places hold a figure's edge on five rows or more, neighbouring places counted once."""
    filled: dict[int, int] = defaultdict(int)
    for figures in rows:
        for place in {round(figure[edge] / _SAME_COLUMN) for figure in figures}:
            filled[place] += 1
    columns, last = 0, -10
    for place in sorted(filled):
        if filled[place] >= _ROWS and place - last > 1:
            columns += 1
            last = place
    return columns
