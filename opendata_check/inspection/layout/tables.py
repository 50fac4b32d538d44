"""Finds where tables start and end on a sheet: one under another, side by side, and void columns inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opendata_check.folding import fold
from opendata_check.inspection.layout.grid import Grid, GridRow, habits
from opendata_check.inspection.layout.header import Header
from opendata_check.inspection.layout.rows import DATA, SECTION, SUBTOTAL, TITLE, Reading
from opendata_check.ranges import column_letter

_MAX_LABEL = 60
_BODY = (DATA, SECTION, SUBTOTAL)
MAX_TABLES = 20
_FEWEST_ITEMS = 8


@dataclass(frozen=True)
class Box:
    """A table's place: lines 1-based, columns 0-based, ends included."""

    first: int
    last: int
    left: int
    right: int

    @property
    def region(self) -> str:
        """« A4:F215 »."""
        return f"{column_letter(self.left)}{self.first}:{column_letter(self.right)}{self.last}"

    @property
    def area(self) -> int:
        """Cells inside."""
        return (self.last - self.first + 1) * (self.right - self.left + 1)


def stacked_headers(grid: Grid, reading: Reading, header: Header | None) -> list[int]:
    """Return the indexes of the rows that start another table under the first, with names of their own."""
    if header is None:
        return []
    body = [row for row, kind in zip(grid.rows, reading.kinds, strict=True) if kind == DATA]
    usual = habits(body)
    found: list[int] = []
    for index, row in enumerate(grid.rows[:-1]):
        if row.line <= header.last or reading.kinds[index] not in (DATA, SECTION) or len(found) >= MAX_TABLES:
            continue
        if len(row.filled) < 2 or not _stands_apart(grid, index):
            continue
        if _names_columns(row, grid.rows[index + 1 : index + 3], grid, index) and (
            any(at in usual and usual[at].is_value for at in row.texts) or _elsewhere(row, header)
        ):
            found.append(index)
    return found


def _stands_apart(grid: Grid, index: int) -> bool:
    """Return whether a blank line stands above the row, titles of one cell left aside."""
    while index and not grid.after_blank(index):
        index -= 1
        if len(grid.rows[index].filled) > 1:
            return False
    return index > 0


def _names_columns(row: GridRow, below: Sequence[GridRow], grid: Grid, index: int) -> bool:
    """Return whether a row holds names: short different texts, values under them from the next row on."""
    texts = [fold(row.cells[at]) for at in row.filled]
    if len(row.texts) < len(row.filled) or len(set(texts)) < len(texts):
        return False
    if any(len(text) > _MAX_LABEL for text in texts) or not below or grid.after_blank(index + 1):
        return False
    named = set(row.filled)
    for under in below:
        inside = [at for at in under.filled if at in named]
        if len(inside) < max(2, 0.5 * len(named)) or len(inside) < len(under.filled):
            return False
    first = below[0]
    return any(at not in first.texts for at in first.filled if at in named)


def _elsewhere(row: GridRow, header: Header) -> bool:
    """Return whether the names stand in other columns than the header's."""
    labelled = {at for at, label in enumerate(header.labels) if label}
    shared = len(labelled & set(row.filled))
    return shared <= 0.5 * max(len(labelled), len(row.filled))


def mark_titles(grid: Grid, reading: Reading, starts: Sequence[int]) -> None:
    """Mark as titles the lone cells that stand right above a further table."""
    for start in starts:
        index = start
        while index and not grid.after_blank(index) and len(grid.rows[index - 1].filled) == 1:
            index -= 1
            reading.mark(index, TITLE, 0.9)


def boxes(grid: Grid, reading: Reading, header: Header | None, starts: Sequence[int]) -> list[Box]:
    """Return the place of each table, the first one first; [] when the sheet holds no table."""
    body = [index for index, kind in enumerate(reading.kinds) if kind in _BODY]
    if not body:
        return []
    first_line = header.first if header is not None else grid.rows[body[0]].line
    edges = [*starts, len(grid.rows)]
    found: list[Box] = []
    begin = 0
    for edge in edges:
        top = first_line if begin == 0 else grid.rows[begin].line
        inside = [index for index in body if begin <= index < edge and grid.rows[index].line >= top]
        while inside and reading.kinds[inside[-1]] != DATA:
            inside.pop()
        if not found and header is not None and not inside:
            inside = []
        if inside:
            found += _split(grid, inside, top, grid.rows[inside[-1]].line, header if begin == 0 else None)
        begin = edge
    return found[: MAX_TABLES + 1]


def _split(grid: Grid, inside: list[int], top: int, bottom: int, header: Header | None) -> list[Box]:
    """Return the box of these rows, or those of the tables side by side that void columns separate."""
    rows = [row for row in grid.rows if top <= row.line <= bottom]
    named = _named(rows, header)
    used = columns_used(rows, named)
    if not used:
        return []
    groups = _groups(used)
    if len(groups) > 1 and header is not None and _are_tables(rows, groups, header):
        return [_box(rows, group, top) for group in groups if len(group) > 1]
    lists = _lists_in_a_row(rows, used, header) if header is not None else []
    if lists:
        return [_box(rows, group, top) for group in lists]
    return [Box(top, bottom, used[0], used[-1])]


def _named(rows: Sequence[GridRow], header: Header | None) -> set[int]:
    if header is not None:
        return {at for at, label in enumerate(header.labels) if label}
    return set(rows[0].filled) if rows else set()


def columns_used(rows: Sequence[GridRow], named: set[int]) -> list[int]:
    """Return the positions of the columns with a name, or filled in at least two rows (in one, when rows are few)."""
    counts: dict[int, int] = {}
    for row in rows:
        for at in row.filled:
            counts[at] = counts.get(at, 0) + 1
    enough = 2 if len(rows) > 3 else 1
    return sorted(named | {at for at, count in counts.items() if count >= enough})


def _groups(used: Sequence[int]) -> list[list[int]]:
    """Return the columns in runs that void columns separate."""
    groups: list[list[int]] = []
    for at in used:
        if groups and at == groups[-1][-1] + 1:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _are_tables(rows: Sequence[GridRow], groups: Sequence[Sequence[int]], header: Header) -> bool:
    """Return whether each group is a table of its own: it has names, and its names or its length tell it apart."""
    wide = [group for group in groups if len(group) > 1]
    if len(wide) < 2:
        return False
    names = [
        {fold(header.labels[at]) for at in group if at < len(header.labels) and header.labels[at]} for group in wide
    ]
    if any(len(labels) < 2 for labels in names):
        return False
    again = any(
        len(one & other) >= 0.5 * min(len(one), len(other)) for one in names for other in names if one is not other
    )
    ends = [max((row.line for row in rows if any(row.cell(at) for at in group)), default=0) for group in wide]
    return again or max(ends) - min(ends) >= 2


def _lists_in_a_row(rows: Sequence[GridRow], used: Sequence[int], header: Header) -> list[Sequence[int]]:
    """Return the columns of lists set side by side without a void column: [] when the table is one.

    Their first columns have the same name, figures aside (« Prénom 2012 », « Prénom 2013 »), and the same texts in
    another order: a row then says nothing as a whole.
    """
    body = [row for row in rows if row.line > header.last]
    for width in range(2, len(used) // 2 + 1):
        firsts = used[::width]
        names = {_bare_name(header.labels[at]) if at < len(header.labels) else "" for at in firsts}
        if len(used) % width or len(names) > 1 or "" in names:
            continue
        columns = [[row.cells[at] for row in body if at in row.texts] for at in firsts]
        sets = [set(texts) for texts in columns]
        if any(
            len(texts) < _FEWEST_ITEMS or len(found) < 0.9 * len(texts)
            for texts, found in zip(columns, sets, strict=True)
        ):
            continue
        shared = set.intersection(*sets)
        alike = sum(row.cell(firsts[0]) == row.cell(firsts[1]) for row in body)
        if len(shared) >= 0.3 * min(map(len, sets)) and alike < 0.5 * len(shared):
            return [used[at : at + width] for at in range(0, len(used), width)]
    return []


def _bare_name(label: str) -> str:
    return "".join(letter for letter in fold(label) if letter.isalpha())


def _box(rows: Sequence[GridRow], group: Sequence[int], top: int) -> Box:
    last = max((row.line for row in rows if any(row.cell(at) for at in group)), default=top)
    return Box(top, last, group[0], group[-1])


def void_columns(grid: Grid, box: Box) -> list[int]:
    """Return the columns of a table that hold nothing at all, between filled ones."""
    rows = [row for row in grid.rows if box.first <= row.line <= box.last]
    used = {at for row in rows for at in row.filled}
    return [at for at in range(box.left, box.right + 1) if at not in used]
