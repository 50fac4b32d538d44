"""Tells the rows of a table that are no data: totals, section titles, repeated headers, notes under the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from opendata_check.folding import fold
from opendata_check.inspection.layout.grid import ColumnHabit, Grid, GridRow, habits
from opendata_check.inspection.layout.header import Header
from opendata_check.inspection.layout.marks import SheetMarks, Span
from opendata_check.inspection.layout.sums import RunningSums
from opendata_check.inspection.layout.words import is_bare_total, is_note, period_of, total_kind

DATA, TOTAL, SUBTOTAL, SECTION, HEADER, NOTE, TITLE = (
    "data", "total", "subtotal", "section", "repeated_header", "notes", "titles",
)  # fmt: skip
_REPEATED = 0.8
_OPENING = 12
_MAX_NAMES = 50
_LONG_NOTE = 60
_ALWAYS = 0.95
_CATEGORY = 3
"""A total's name that comes back this often in rows as full as others is a category, as statisticians write them."""
_MOST_SECTIONS = 0.34
_MERGED = 0.95
_ENOUGH_DATA = 5


@dataclass
class Reading:
    """What each row is, and how sure it is for the kinds that are not data."""

    kinds: list[str] = field(default_factory=list)
    confidences: dict[int, float] = field(default_factory=dict)
    """By index of the row."""

    def mark(self, index: int, kind: str, confidence: float) -> None:
        """Say what a row is."""
        self.kinds[index] = kind
        self.confidences[index] = confidence

    def count(self, kind: str) -> int:
        """Return how many rows are of a kind."""
        return self.kinds.count(kind)


def read_rows(grid: Grid, header: Header | None, marks: SheetMarks) -> Reading:
    """Return what each row of the grid is; those up to the header are titles or header."""
    reading = Reading([DATA] * len(grid.rows))
    start = 0
    if header is not None:
        for index, row in enumerate(grid.rows):
            if row.line < header.first:
                reading.mark(index, TITLE, 1.0)
            elif row.line <= header.last:
                reading.mark(index, HEADER, 1.0)
            else:
                break
            start = index + 1
        _repeated(grid, header, reading, start)
    wide = _wide_rows(marks.spans)
    _notes(grid, reading, start)
    _sections(grid, reading, start, wide)
    _totals(grid, reading, start, marks.sum_rows)
    _close(reading)
    return reading


def _close(reading: Reading) -> None:
    """Call subtotals the totals that data or another total follow."""
    followed = False
    for index in range(len(reading.kinds) - 1, -1, -1):
        if followed and reading.kinds[index] == TOTAL:
            reading.kinds[index] = SUBTOTAL
        followed = followed or reading.kinds[index] in (DATA, TOTAL)


def _wide_rows(spans: Sequence[Span]) -> dict[int, int]:
    """Return, by line, the width of the widest merge of a single row."""
    found: dict[int, int] = {}
    for first, left, last, right in spans:
        if first == last:
            found[first] = max(found.get(first, 0), right - left + 1)
    return found


def _repeated(grid: Grid, header: Header, reading: Reading, start: int) -> None:
    """Mark the rows that say the header again, as each printed page does."""
    names = [(at, fold(label)) for at, label in enumerate(header.labels) if label][:_MAX_NAMES]
    if len(names) < 2:
        return
    starts = {at: header.labels[at][:2].casefold() for at, _ in names}
    for index in range(start, len(grid.rows)):
        row = grid.rows[index]
        # Most rows are left here: folding every cell would cost more than all the rest.
        if sum(row.cell(at)[:2].casefold() == start for at, start in starts.items()) < max(2, 0.6 * len(names)):
            continue
        cells = [(fold(row.cell(at)), name) for at, name in names]
        same = sum(cell == name for cell, name in cells)
        # Long names often end in what changes from page to page: « montant du marché - tranche 1 ».
        alike = sum(
            cell == name or (len(name) > _OPENING and cell[:_OPENING] == name[:_OPENING]) for cell, name in cells
        )
        if same >= max(2, _REPEATED * len(names)):
            reading.mark(index, HEADER, 0.95)
        elif max(same / 0.6, alike / _REPEATED) >= max(2, len(names)) and len(row.filled) == len(row.texts):
            reading.mark(index, HEADER, 0.8)


def _notes(grid: Grid, reading: Reading, start: int) -> None:
    """Mark the lone texts that close the sheet: a source, a long remark, or whatever a blank line sets apart."""
    if grid.typical < 3:
        return
    found: list[tuple[int, bool]] = []
    for index in range(len(grid.rows) - 1, start - 1, -1):
        row = grid.rows[index]
        text = row.cells[row.filled[0]]
        told = is_note(text) or len(text) > _LONG_NOTE
        if reading.kinds[index] != DATA or len(row.filled) > (2 if is_note(text) else 1) or not row.texts:
            break
        found.append((index, told))
        if grid.after_blank(index):
            if not told and len(found) == 1 and total_kind(text):
                break
            for at, _ in found:
                reading.mark(at, NOTE, 0.9)
            found = []
    for index, told in found:
        if told:
            reading.mark(index, NOTE, 0.85 if is_note(grid.rows[index].cells[grid.rows[index].filled[0]]) else 0.6)


def _sections(grid: Grid, reading: Reading, start: int, wide: dict[int, int]) -> None:
    """Mark the lone cells that name the rows under them."""
    data = [row for row, kind in zip(grid.rows[start:], reading.kinds[start:], strict=True)
            if kind == DATA and len(row.filled) > 1]  # fmt: skip
    if len(data) < 2:
        return
    usual = habits(data)
    always = {at for at, habit in usual.items() if habit.filled >= _ALWAYS * len(data)}
    found: list[tuple[int, float]] = []
    for index in range(start, len(grid.rows) - 1):
        if reading.kinds[index] == DATA and len(grid.rows[index].filled) == 1:
            sure = _section(grid, reading, index, usual, always, wide.get(grid.rows[index].line, 0))
            if sure:
                found.append((index, sure))
    # A lone cell may be a record that nobody finished: without a merge, one is not enough to tell.
    plain = [index for index, sure in found if sure < _MERGED]
    crowd = len(found) > _MOST_SECTIONS * (len(found) + len(data))
    for index, sure in found:
        apart = sure >= 0.8 and grid.after_blank(index) and len(data) >= _ENOUGH_DATA
        if sure >= _MERGED or (not crowd and (len(plain) > 1 or apart)):
            reading.mark(index, SECTION, sure)


def _section(
    grid: Grid, reading: Reading, index: int, usual: dict[int, ColumnHabit], always: set[int], width: int
) -> float:
    """Return how surely a lone cell names what follows, 0 when it does not."""
    row, following = grid.rows[index], index + 1
    position = row.filled[0]
    text = row.cells[position]
    while following < min(index + 3, len(grid.rows) - 1) and len(grid.rows[following].filled) == 1:
        # A title under a title: « Fonctionnement », then « Dépenses ».
        following += 1
    if total_kind(text) or len(grid.rows[following].filled) < 2:
        return 0.0
    if width > 1 or reading.kinds[following] == HEADER:
        return _MERGED
    if grid.typical < 3 or len(always - {position}) < 2:
        return 0.0
    if not row.texts and not period_of(text):
        return 0.0
    habit = usual.get(position)
    if habit is None or habit.is_value or habit.filled < 0.2 * max(h.filled for h in usual.values()):
        return 0.85
    return 0.7 if grid.after_blank(index) or text.isupper() or text.endswith(":") else 0.6


def _totals(grid: Grid, reading: Reading, start: int, sum_rows: set[int]) -> None:
    """Mark the rows that add up others: their name, their formula or their figures say so."""
    data = [index for index in range(start, len(grid.rows)) if reading.kinds[index] == DATA]
    named = {index: cells for index in data if (cells := _total_cells(grid.rows[index]))}
    names = Counter(fold(cell) for cells in named.values() for cell in cells)
    typical_texts = _median([len(grid.rows[index].texts) for index in data])
    last = data[-1] if data else -1
    sums = RunningSums()
    for index in range(start, len(grid.rows)):
        row, kind = grid.rows[index], reading.kinds[index]
        if grid.gap_after is not None and index and grid.rows[index - 1].line <= grid.gap_after < row.line:
            sums.forget()
        if kind in (SECTION, HEADER):
            sums.new_part()
        if kind != DATA:
            continue
        found, sure = "", 0.0
        formula, is_last = row.line in sum_rows, index == last
        if index in named:
            found, sure = _named_total(row, named[index][0], sums, formula, typical_texts, names, grid.typical, is_last)
        elif formula or not row.texts or len(row.texts) < min(typical_texts, 2):
            found, sure = _bare_total(row, sums, formula, is_last)
        if sure:
            reading.mark(index, found, sure)
            sums.subtotal(row.figures)
        else:
            sums.data(row.figures)


def _total_cells(row: GridRow) -> list[str]:
    """Return the cells among the first texts that name a total."""
    return [row.cells[at] for at in row.texts[:3] if total_kind(row.cells[at])]


def _bare_total(row: GridRow, sums: RunningSums, formula: bool, is_last: bool) -> tuple[str, float]:
    """Return what a row without the name of a total is: its formula or all its figures must add up those above."""
    kind = TOTAL if is_last else SUBTOTAL
    if formula and sums.matching(row.figures)[0]:
        return kind, 0.9
    equal, figures = sums.matching(row.figures, fewest=3)
    if figures and equal == figures and (figures >= 2 or not row.texts):
        return kind, 0.75
    return "", 0.0


def _named_total(
    row: GridRow,
    name: str,
    sums: RunningSums,
    formula: bool,
    texts: float,
    names: Counter[str],
    typical: float,
    is_last: bool,
) -> tuple[str, float]:
    """Return what a row that names a total is, and how sure it is; 0 for a row of data all the same."""
    kind = total_kind(name)
    equal, figures = sums.matching(row.figures)
    if len(row.filled) >= typical and names[fold(name)] >= _CATEGORY and len(row.texts) >= texts > 1:
        return "", 0.0
    if formula or (figures and equal >= max(1, figures / 2)):
        return kind, 0.95
    # Nothing adds up: the name alone must fill what is text in the row, where other rows say more.
    if not figures or len(row.texts) > 1 or row.texts[0] > row.filled[0] or not is_bare_total(name):
        return "", 0.0
    if texts > 1:
        return kind, 0.8
    return kind, 0.7 if is_last or kind == SUBTOTAL or names[fold(name)] == 1 else 0.0


def _median(values: list[int]) -> float:
    return sorted(values)[len(values) // 2] if values else 0
