"""Makes a table of a sheet's rows as they come: header, titles, columns and personal data, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from opendata_check.inspection.columns import MAX_COLUMNS, TableProfiler
from opendata_check.inspection.header import ROWS_READ, clean_label, find_header
from opendata_check.inspection.layout.marks import SheetMarks
from opendata_check.inspection.layout.watch import LayoutWatch
from opendata_check.model.facts import PersonalDataHint, SpatialFacts, TableFacts
from opendata_check.ranges import column_letter

MAX_CELLS = 2_000_000
"""Cells read in a workbook, empty ones under a label included; beyond, tables are marked truncated."""
MAX_CELL = 32_767
"""Characters of a cell: the limit of every spreadsheet program."""
MAX_SHEETS = 200
MAX_MERGED = 50
_MAX_GAP = 1_000
"""Rows without any cell are counted as blank up to this many in a row: more is the void before a stray cell."""


Keep = Callable[[str, int, list[str]], None]
"""Takes a sheet's name, a row's physical number and its cells."""


class CellBudget:
    """How many cells may still be read in the workbook, and who else wants its rows as they pass."""

    def __init__(self, keep: Keep | None = None) -> None:
        self._left = MAX_CELLS
        self.keep = keep

    def spend(self, cells: int) -> bool:
        """Count cells about to be read; return False when there are too many."""
        self._left -= cells
        return not self.is_spent

    @property
    def is_spent(self) -> bool:
        """Return whether no more cells may be read."""
        return self._left < 0


class SheetTable:
    """The table of one sheet. Rows come in order, with their physical number (1-based)."""

    def __init__(self, name: str, budget: CellBudget) -> None:
        self.name = name
        self.filled = False
        self.truncated = False
        self._budget = budget
        self._sample: list[tuple[int, list[str]]] = []
        self._line = 0
        self._width = 0
        self._header: int | None = None
        self._labels: list[str] = []
        self._profiler: TableProfiler | None = None
        self._facts: TableFacts | None = None
        self._personal: tuple[PersonalDataHint, ...] = ()
        self._spatial: SpatialFacts | None = None
        self._layout = LayoutWatch()

    def add(self, line: int, cells: list[str]) -> bool:
        """Add one row; return False when no more rows are wanted (a limit is reached, which marks the table)."""
        while cells and not cells[-1].strip():
            cells.pop()
        if line <= self._line or not cells:
            return not self.truncated
        if not self._budget.spend(max(self._width, len(cells))):
            self.truncated = True
            return False
        self.filled = True
        if line - self._line <= _MAX_GAP:
            for blank in range(self._line + 1, line):
                self._take(blank, [])
        self._layout.add(line, cells)
        self._take(line, cells)
        self._line = line
        return True

    def _take(self, line: int, cells: list[str]) -> None:
        if self._budget.keep is not None:
            self._budget.keep(self.name, line, cells)
        if self._profiler is not None:
            self._profiler.add(line, _padded(cells, self._width))
            return
        self._sample.append((line, cells))
        if len(self._sample) >= ROWS_READ:
            self._start()

    def _start(self) -> TableProfiler:
        """Find the header in the first rows, then give the rows under it to the profiler."""
        rows = [cells for _, cells in self._sample]
        index = find_header(rows)
        self._width = min(_table_width(rows, index), MAX_COLUMNS)
        if index is not None:
            self._header = self._sample[index][0]
            self._labels = [clean_label(cell) for cell in _padded(rows[index], self._width)[: self._width]]
        profiler = self._profiler = TableProfiler(self._labels or [""] * self._width, sheet=self.name)
        for line, cells in self._sample[index + 1 if index is not None else 0 :]:
            profiler.add(line, _padded(cells, self._width))
        self._sample = []
        return profiler

    def close(self, marks: SheetMarks) -> None:
        """Turn what was read into facts, and let the rows go; ``marks`` is what the format told besides texts."""
        profiler = self._profiler or self._start()
        labels = self._labels
        table = TableFacts(
            header_row=self._header,
            labels=tuple(labels),
            row_count=0,
            title_rows=((1, self._header - 1),) if self._header and self._header > 1 else (),
            duplicate_labels=_duplicates(labels),
            sheet=self.name,
            truncated=self.truncated,
            layout=self._layout.facts(self._header, self.name, marks) if self.filled else None,
        )
        told = profiler.completed(table)
        filled = {column.position for column in told.columns if column.filled}
        self._facts = replace(
            told,
            empty_labels=tuple(at for at, label in enumerate(labels) if not label.strip() and at in filled),
        )
        self._personal = profiler.personal()
        self._spatial = profiler.spatial()
        self._profiler = None
        self._layout = LayoutWatch()

    def facts(self) -> TableFacts:
        """Return the table's facts; the table must be closed."""
        assert self._facts is not None
        return self._facts

    def spatial(self) -> SpatialFacts | None:
        """Return where the rows lie, None when no column tells; the table must be closed."""
        return self._spatial

    def personal(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints of personal data; the table must be closed."""
        return self._personal


@dataclass
class Sheet:
    """One sheet as it is read."""

    name: str
    hidden: bool
    table: SheetTable
    merged: list[str] = field(default_factory=list)
    """The first 50, « A1:D1 »."""
    merged_count: int = 0
    formula_count: int = 0
    marks: SheetMarks = field(default_factory=SheetMarks)
    very_hidden: bool = False
    notes: int = 0
    """Comments seen among the cells (ODS)."""
    changes: bool = False
    """The document follows changes (ODS)."""

    def close(self) -> None:
        """Turn the rows read into facts."""
        self.table.close(self.marks)
        self.marks.forget()

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Record a merged range (0-based, both ends included)."""
        self.merged_count += 1
        self.marks.span(first_row + 1, first_column, last_row + 1, last_column)
        if len(self.merged) < MAX_MERGED:
            first = f"{column_letter(first_column)}{first_row + 1}"
            self.merged.append(f"{first}:{column_letter(last_column)}{last_row + 1}")


def new_sheet(name: str, hidden: bool, budget: CellBudget) -> Sheet:
    """Return an empty sheet; its name is made fit to be shown."""
    shown = clean_label(name).strip()[:100]
    return Sheet(shown, hidden, SheetTable(shown, budget))


def number_text(value: float) -> str:
    """Return a number as a CSV would write it: « 12 » rather than « 12.0 », the shortest exact decimals otherwise."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells)) if len(cells) < width else cells


def _table_width(rows: Sequence[Sequence[str]], header: int | None) -> int:
    """Return how many columns the table has: the header's, and further ones filled in at least two rows."""
    named = len(rows[header]) if header is not None else 0
    below = rows[header + 1 if header is not None else 0 :]
    filled = Counter(at for cells in below for at, cell in enumerate(cells) if cell.strip())
    enough = 2 if sum(1 for cells in below if cells) > 2 else 1
    return max(named, max((at + 1 for at, rows_filled in filled.items() if rows_filled >= enough), default=0))


def _duplicates(labels: Sequence[str]) -> tuple[str, ...]:
    counts = Counter(label.strip() for label in labels)
    return tuple(label for label, count in counts.items() if count > 1 and label)
