"""Profiles a table's columns batch by batch: kinds, dates, identifiers and personal data, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from opendata_check.inspection.batch import ColumnBatch, Integers, TableBatch
from opendata_check.inspection.cell_damage import DamageWatch
from opendata_check.inspection.column_shapes import NAMES, DateSpan, counted, shapes_of
from opendata_check.inspection.identifiers import IdentifierTracker
from opendata_check.inspection.labels import identifier_of
from opendata_check.inspection.personal import ColumnWatch, hints
from opendata_check.inspection.rows import RowRecorder
from opendata_check.inspection.sense import SenseWatch
from opendata_check.inspection.sense.rows_seen import RowsSeen
from opendata_check.inspection.shapes import column_kind
from opendata_check.model.facts import CellDamage, ColumnFacts, Oddity, PersonalDataHint
from opendata_check.ranges import LineRanges, column_letter

MAX_COLUMNS = 10_000
"""Columns beyond this one are not profiled."""

_BATCH_ROWS = 20_000
_BATCH_CHARACTERS = 4_000_000
_BATCH_CELLS = 400_000


class _ColumnProfile:
    """What is known of one column so far."""

    __slots__ = ("_recorder", "_trackers", "dates", "label", "position", "shapes", "watch")

    def __init__(self, label: str, position: int, recorder: RowRecorder) -> None:
        announced = identifier_of(label)
        kinds = (announced,) if announced else ("siret", "siren")
        self.label = label
        self.position = position
        self.shapes: Counter[str] = Counter()
        self.dates = DateSpan()
        self.watch = ColumnWatch(label, position, recorder)
        self._recorder = recorder
        self._trackers = [IdentifierTracker(kind, bool(announced)) for kind in kinds]

    def take(self, column: ColumnBatch, lines: Integers) -> None:
        """Add a batch; each distinct value is judged once."""
        if not column.filled.any():
            return
        shapes = shapes_of(column)
        self.shapes.update(counted(column, shapes))
        self.dates.take(column, shapes)
        for tracker in self._trackers:
            failing = tracker.take(column)
            if not tracker.alive:
                self._recorder.forget((self.position, tracker.kind))
            elif failing.any():
                self._recorder.record_lines((self.position, tracker.kind), lines[column.rows(failing)])
        self._trackers = [tracker for tracker in self._trackers if tracker.alive]
        self._watched(column, shapes, lines)

    def _watched(self, column: ColumnBatch, shapes: Integers, lines: Integers) -> None:
        cells = [
            (raw, cell, count, NAMES[shape])
            for raw, cell, count, shape in zip(
                column.values.to_pylist(),
                column.trimmed.to_pylist(),
                column.counts.tolist(),
                shapes.tolist(),
                strict=True,
            )
            if cell
        ]
        self.watch.take(cells, column.cells.to_pylist(), lines.tolist())

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
            first_date=self.dates.first if kind == "date" else "",
            last_date=self.dates.last if kind == "date" else "",
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
        self._damage = DamageWatch(labels[:MAX_COLUMNS])
        self._sense = SenseWatch(labels[:MAX_COLUMNS])
        self._seen = RowsSeen()
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

    def damage(self) -> tuple[CellDamage, ...]:
        """Return what spreadsheet programs did to the cells, by column then kind."""
        self._flush()
        return self._damage.damage()

    def oddities(self) -> tuple[Oddity, ...]:
        """Return what is odd in the figures and the dates, by kind then column."""
        self._flush()
        return self._sense.oddities()

    def seen(self) -> RowsSeen:
        """Return the digests of the rows."""
        self._flush()
        return self._seen

    def _flush(self) -> None:
        if not self._rows:
            return
        self._seen.take(self._rows, self._lines)
        columns = list(zip_longest(*self._rows, fillvalue=""))
        empty = ("",) * len(self._rows)
        columns += [empty] * (len(self._columns) - len(columns))
        batch = TableBatch.of_rows(self._lines, columns[: len(self._columns)])
        self._rows, self._lines, self._characters = [], [], 0
        for profile, column in zip(self._columns, batch.columns, strict=True):
            profile.take(column, batch.lines)
        self._damage.take(batch)
        self._sense.take(batch)
