"""Profiles a table's columns row by row: kinds, dates, identifiers and personal data, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from opendata_check.inspection.identifiers import IdentifierTracker
from opendata_check.inspection.labels import identifier_of
from opendata_check.inspection.personal import ColumnWatch, hints
from opendata_check.inspection.rows import RowRecorder
from opendata_check.inspection.shapes import column_kind, shape_of
from opendata_check.model.facts import ColumnFacts, PersonalDataHint
from opendata_check.ranges import LineRanges, column_letter

MAX_COLUMNS = 10_000
"""Columns beyond this one are not profiled."""

_BATCH_ROWS = 4_000
_BATCH_CHARACTERS = 4_000_000
_BATCH_CELLS = 400_000


class _ColumnProfile:
    """What is known of one column so far."""

    __slots__ = ("_recorder", "_trackers", "label", "position", "shapes", "watch")

    def __init__(self, label: str, position: int, recorder: RowRecorder) -> None:
        announced = identifier_of(label)
        kinds = (announced,) if announced else ("siret", "siren")
        self.label = label
        self.position = position
        self.shapes: Counter[str] = Counter()
        self.watch = ColumnWatch(label, position, recorder)
        self._recorder = recorder
        self._trackers = [IdentifierTracker(kind, bool(announced)) for kind in kinds]

    def take(self, values: Sequence[str], lines: Sequence[int]) -> None:
        """Add a batch of raw cells; each distinct value is judged once."""
        cells = [(raw, cell, count, shape_of(cell)) for raw, count in Counter(values).items() if (cell := raw.strip())]
        for _, _, count, shape in cells:
            self.shapes[shape] += count
        if not cells:
            return
        for tracker in self._trackers:
            failing = tracker.take((raw, cell, count) for raw, cell, count, _ in cells)
            if not tracker.alive:
                self._recorder.forget((self.position, tracker.kind))
            elif failing:
                self._recorder.record((self.position, tracker.kind), failing, values, lines)
        self._trackers = [tracker for tracker in self._trackers if tracker.alive]
        self.watch.take(cells, values, lines)

    def facts(self) -> ColumnFacts:
        """Return what is known of the column."""
        kind, date_form = column_kind(self.shapes)
        tracker = next((tracker for tracker in self._trackers if tracker.decided), None)
        reason = (self.position, tracker.kind if tracker else "")
        return ColumnFacts(
            label=self.label,
            position=self.position,
            letter=column_letter(self.position),
            filled=self.shapes.total(),
            kind=kind,
            date_form=date_form,
            identifier=tracker.kind if tracker else "",
            identifier_invalid=tracker.filled - tracker.passing if tracker else 0,
            identifier_invalid_rows=self._recorder.rows(reason) if tracker else (),
        )


class TableProfiler:
    """Takes a table's data rows one after the other and tells what its columns hold.

    Rows are judged by batches, column by column, each distinct value once: the cost is linear and the memory that of
    a batch plus the row ranges. ``labels`` is the header (empty strings where there is none).
    """

    def __init__(self, labels: Sequence[str], sheet: str = "") -> None:
        self.sheet = sheet
        self.row_count = 0
        self.ragged = LineRanges()
        self.blank = LineRanges()
        self._width = len(labels)
        self._recorder = RowRecorder()
        self._columns = [
            _ColumnProfile(label, position, self._recorder) for position, label in enumerate(labels[:MAX_COLUMNS])
        ]
        self._rows: list[Sequence[str]] = []
        self._lines: list[int] = []
        self._characters = 0
        self._batch_rows = max(1, min(_BATCH_ROWS, _BATCH_CELLS // max(1, self._width)))

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Add one row: its physical line (1-based, increasing) and its cells as text.

        A row without any character but spaces counts as blank; another whose number of cells is not the header's
        counts as ragged, and its cells are still read as far as the header goes.
        """
        text = "".join(cells)
        if not text or text.isspace():
            self.blank.add(line)
            return
        if len(cells) != self._width:
            self.ragged.add(line)
            cells = cells[: self._width]
        self.row_count += 1
        self._rows.append(cells)
        self._lines.append(line)
        self._characters += len(text)
        if len(self._rows) >= self._batch_rows or self._characters >= _BATCH_CHARACTERS:
            self._flush()

    def columns(self) -> tuple[ColumnFacts, ...]:
        """Return the facts of each column, in order."""
        self._flush()
        return tuple(column.facts() for column in self._columns)

    def personal(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints of personal data, by column then kind: counts and rows, never a value."""
        self._flush()
        return hints([column.watch for column in self._columns])

    def _flush(self) -> None:
        if not self._rows:
            return
        lines = self._lines
        for column, values in zip(self._columns, zip_longest(*self._rows, fillvalue=""), strict=False):
            column.take(values, lines)
        self._rows, self._lines, self._characters = [], [], 0
