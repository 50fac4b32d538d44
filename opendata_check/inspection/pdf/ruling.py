"""Sees tables by the lines that rule them: crossing lines that make at least two columns and three rows with text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opendata_check.inspection.pdf.surface import Line, Surface
from opendata_check.inspection.pdf.table import Table

_TOUCH = 3.0
"""Points between two lines that meet."""
_SAME = 3.0
_MIN_COLUMNS, _MIN_ROWS = 2, 3
_TEXT_A_CELL = 1.0
"""Characters a cell of a table holds on average, at least: a chart's grid holds none."""


def ruled_tables(textpage: Any, surface: Surface) -> list[Table]:
    """Return the ruled tables of a page, from top to bottom; a frame around one text is none."""
    tables = []
    for rows, columns in _networks(surface.horizontals, surface.verticals):
        levels, edges = _distinct([line[0] for line in rows]), _distinct([line[0] for line in columns])
        if len(edges) - 1 < _MIN_COLUMNS or len(levels) - 1 < _MIN_ROWS:
            continue
        cells = (len(levels) - 1) * (len(edges) - 1)
        text = textpage.get_text_bounded(edges[0], levels[0], edges[-1], levels[-1])
        if sum(map(len, text.split())) >= _TEXT_A_CELL * cells:
            tables.append(Table(levels[-1], levels[0], tuple(edges), len(levels) - 1))
    return sorted(tables, key=lambda table: -table.top)


def _networks(horizontals: Sequence[Line], verticals: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Return the groups of lines that cross each other, directly or through others."""
    owner = list(range(len(horizontals) + len(verticals)))

    def head(item: int) -> int:
        while owner[item] != item:
            owner[item] = owner[owner[item]]
            item = owner[item]
        return item

    ordered = sorted(range(len(horizontals)), key=lambda index: horizontals[index][0])
    for number, (x, bottom, top) in enumerate(verticals, start=len(horizontals)):
        for index in ordered:
            y, left, right = horizontals[index]
            if y > top + _TOUCH:
                break
            if y >= bottom - _TOUCH and left - _TOUCH <= x <= right + _TOUCH:
                owner[head(index)] = head(number)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for index, line in enumerate(horizontals):
        groups.setdefault(head(index), ([], []))[0].append(line)
    for index, line in enumerate(verticals, start=len(horizontals)):
        groups.setdefault(head(index), ([], []))[1].append(line)
    return [group for group in groups.values() if group[0] and group[1]]


def _distinct(places: list[float]) -> list[float]:
    """Return the places in order, those closer than 3 points counted once."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _SAME:
            found.append(place)
    return found
