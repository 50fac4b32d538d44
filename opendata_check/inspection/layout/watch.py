"""Looks at the rows of a sheet, or of a CSV made from one, and proposes where its table is and what is in the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from opendata_check.inspection.layout.cells import cell_marks
from opendata_check.inspection.layout.colours import colour_marks
from opendata_check.inspection.layout.grid import Grid, GridRow
from opendata_check.inspection.layout.header import Header, header_at, period_columns
from opendata_check.inspection.layout.marks import SheetMarks
from opendata_check.inspection.layout.rows import (
    DATA,
    HEADER,
    NOTE,
    SECTION,
    SUBTOTAL,
    TITLE,
    TOTAL,
    Reading,
    read_rows,
)
from opendata_check.inspection.layout.tables import Box, boxes, mark_titles, stacked_headers, void_columns
from opendata_check.model.facts import LayoutFacts, LayoutMark
from opendata_check.ranges import LineRanges, column_letter

HEAD_ROWS, TAIL_ROWS = 2_000, 200
MAX_CELLS = 60_000
"""Cells kept of the first rows, so that a very wide sheet costs no more than another."""
_MAX_COLUMNS = 500
_MAX_CHARACTERS = 300
_MAX_RANGES = 50


class LayoutWatch:
    """Keeps the first 2 000 rows and the last 200 as they pass, cut short; tells the layout at the end.

    Memory: 60 000 cells of 300 characters at most, and the last rows; cost per row: one copy of its cells.
    """

    def __init__(self) -> None:
        self._head: list[tuple[int, list[str]]] = []
        self._tail: deque[tuple[int, list[str]]] = deque(maxlen=TAIL_ROWS)
        self._cells = 0
        self.is_sampled = False
        """Rows between the first and the last ones were not kept."""

    @property
    def is_full(self) -> bool:
        """Return whether the first rows are kept: only the last ones still matter."""
        return len(self._head) >= HEAD_ROWS or self._cells >= MAX_CELLS

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Add one row: its physical line (1-based, increasing) and its cells; blank rows may be left out."""
        kept = [cell[:_MAX_CHARACTERS] for cell in cells[:_MAX_COLUMNS]]
        if len(self._head) < HEAD_ROWS and self._cells < MAX_CELLS:
            self._head.append((line, kept))
            self._cells += len(kept)
        else:
            self.is_sampled = self.is_sampled or len(self._tail) == TAIL_ROWS
            self._tail.append((line, kept))

    def add_last(self, line: int, cells: Sequence[str]) -> None:
        """Add one of the last rows, when those between were not given: what a fast reader of long files does."""
        if self._head and line <= self._head[-1][0]:
            return
        if not self._tail and self._head and line > self._head[-1][0] + 1:
            self.is_sampled = True
        self.add(line, cells)

    def facts(self, header_row: int | None, sheet: str = "", marks: SheetMarks | None = None) -> LayoutFacts:
        """Return the layout, given the line where the header was found (None without one)."""
        rows = [GridRow(line, tuple(cell.strip() for cell in cells)) for line, cells in (*self._head, *self._tail)]
        grid = Grid(rows, self._head[-1][0] if self.is_sampled and self._head else None)
        found = _Layout(grid, header_row, marks or SheetMarks())
        return LayoutFacts(
            sheet=sheet,
            region=found.boxes[0].region if found.boxes else "",
            confidence=found.confidence(),
            other_regions=tuple(box.region for box in found.boxes[1:]),
            marks=tuple(found.marks()),
            rows_read=len(rows),
            sampled=self.is_sampled,
        )


class _Layout:
    """The reading of one grid, step by step."""

    def __init__(self, grid: Grid, header_row: int | None, marks: SheetMarks) -> None:
        self._grid = grid
        self._marks = marks
        self.header: Header | None = header_at(grid, header_row, marks.spans)
        self._reading: Reading = read_rows(grid, self.header, marks)
        self.boxes: list[Box] = []
        self._starts: set[int] = set()
        if grid.rows and self._is_table():
            starts = stacked_headers(grid, self._reading, self.header)
            mark_titles(grid, self._reading, starts)
            self.boxes = _main_first(boxes(grid, self._reading, self.header, starts))
            self._starts = set(starts)

    def _is_table(self) -> bool:
        """Return whether rows have several cells, or make a plain list under a name."""
        several = sum(len(row.filled) > 1 for row in self._grid.rows)
        if several >= 2 and several >= 0.3 * len(self._grid.rows):
            return True
        voids = sum(self._grid.after_blank(index) for index in range(1, len(self._grid.rows)))
        short = sum(len(row.cells[row.filled[0]]) <= 60 for row in self._grid.rows)
        rows = len(self._grid.rows)
        return self.header is not None and rows > 1 and voids <= 0.1 * rows and short >= 0.9 * rows and several == 0

    def confidence(self) -> float:
        """Return how sure the first region is: each thing in the way makes it less so."""
        if not self.boxes:
            return 0.0
        sure = 0.95 if self.header is not None else 0.5
        sure -= 0.2 * (len(self.boxes) > 1)
        sure -= 0.1 * (self.header is not None and self.header.on_two_rows)
        sure -= 0.05 * len({kind for kind in self._reading.kinds if kind in (NOTE, SECTION, SUBTOTAL)})
        sure -= 0.1 * any(value < 0.7 for value in self._reading.confidences.values())
        return round(max(sure, 0.3), 2)

    def marks(self) -> Iterator[LayoutMark]:
        """Yield what is in the way, kind after kind."""
        if not self.boxes:
            yield from cell_marks(self._grid.rows, (), self._marks)
            return
        yield from self._row_marks()
        labels = self.header.labels if self.header else ()
        if self.header is not None and self.header.on_two_rows:
            yield LayoutMark(
                "two_row_header", 1, ((self.header.first, self.header.last),), confidence=self.header.confidence
            )
        yield from self._merges()
        voids = void_columns(self._grid, self.boxes[0])
        if voids and len(self.boxes) == 1:
            yield LayoutMark("blank_column", len(voids), (), tuple(column_letter(at) for at in voids[:50]))
        letters, which = period_columns(labels)
        if letters:
            yield LayoutMark("periods", len(letters), (), letters, (), 0.9 if which == "year" else 0.7)
        data = self._data()
        yield from cell_marks(data, labels, self._marks)
        colour = colour_marks(data, self._marks, self.boxes[0].left, self.boxes[0].right)
        if colour is not None:
            yield colour

    def _data(self) -> list[GridRow]:
        pairs = zip(self._grid.rows, self._reading.kinds, strict=True)
        return [row for index, (row, kind) in enumerate(pairs) if kind == DATA and index not in self._starts]

    def _row_marks(self) -> Iterator[LayoutMark]:
        end = self.header.last if self.header else 0
        for kind in (TITLE, NOTE, TOTAL, SUBTOTAL, SECTION, HEADER):
            lines, sure = LineRanges(), 1.0
            for index, row in enumerate(self._grid.rows):
                if self._reading.kinds[index] == kind and (kind != HEADER or row.line > end):
                    lines.add(row.line)
                    sure = min(sure, self._reading.confidences.get(index, 1.0))
            if lines.count:
                yield LayoutMark(kind, lines.count, lines.ranges()[:_MAX_RANGES], confidence=sure)

    def _merges(self) -> Iterator[LayoutMark]:
        """Yield the merges of the header, then those of the data; titles and sections are told apart."""
        box, header = self.boxes[0], self.header
        told = {row.line for row, kind in zip(self._grid.rows, self._reading.kinds, strict=True)
                if kind not in (DATA, SUBTOTAL, TOTAL)}  # fmt: skip
        top = header.first if header else box.first
        end = header.last if header else box.first - 1
        places: dict[str, list[str]] = {"merged_header": [], "merged_body": []}
        for first, left, last, right in sorted(self._marks.spans):
            if top <= first <= end:
                kind = "merged_header"
            elif end < first <= box.last and (last > first or first not in told):
                kind = "merged_body"
            else:
                continue
            places[kind].append(f"{column_letter(left)}{first}:{column_letter(right)}{last}")
        for kind, cells in places.items():
            if cells:
                yield LayoutMark(kind, len(cells), cells=tuple(cells[:10]))


def _main_first(found: list[Box]) -> list[Box]:
    """Return the boxes, the largest first."""
    largest = max(found, key=lambda box: box.area, default=None)
    return [] if largest is None else [largest, *(box for box in found if box is not largest)]
