"""Profiles a table's columns batch by batch: kinds, dates, identifiers and personal data, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from opendata_check.inspection.batch import ColumnBatch, Integers, Mask, TableBatch
from opendata_check.inspection.cell_damage import DamageWatch
from opendata_check.inspection.column_shapes import DateSpan, counted, shapes_of
from opendata_check.inspection.identifiers import IdentifierTracker
from opendata_check.inspection.labels import identifier_of
from opendata_check.inspection.personal import PersonalWatch
from opendata_check.inspection.row_as_header import without_value
from opendata_check.inspection.rows import RowRecorder
from opendata_check.inspection.sense import SenseWatch
from opendata_check.inspection.sense.rows_seen import RowsSeen
from opendata_check.inspection.shapes import column_kind
from opendata_check.inspection.spatial.columns import CoordinateWatch
from opendata_check.model.facts import ColumnFacts, NumbersSeen, PersonalDataHint, SpatialFacts, TableFacts
from opendata_check.ranges import LineRanges, column_letter

MAX_COLUMNS = 1_000
"""Columns beyond this one are not profiled."""

_MOST_NUMBERS = 20_000
_BATCH_ROWS = 20_000
_LAST_ROWS = 200
_BATCH_CHARACTERS = 4_000_000
_BATCH_CELLS = 600_000


class _ColumnProfile:
    """What is known of one column so far."""

    __slots__ = ("_recorder", "_trackers", "dates", "label", "numbers", "position", "shapes")

    def __init__(self, label: str, position: int, recorder: RowRecorder) -> None:
        announced = identifier_of(label)
        kinds = (announced,) if announced else ("siret", "siren")
        self.label = label
        self.position = position
        self.shapes: Counter[str] = Counter()
        self.dates = DateSpan()
        self.numbers: dict[str, dict[str, int]] = {}
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
            self._note(tracker.kind, column, column.filled & ~failing, lines)
            if not tracker.alive:
                self._recorder.forget((self.position, tracker.kind))
            elif failing.any():
                self._recorder.record_lines((self.position, tracker.kind), lines[column.rows(failing)])
        self._trackers = [tracker for tracker in self._trackers if tracker.alive]
        self.numbers = {tracker.kind: self.numbers[tracker.kind] for tracker in self._trackers}

    def _note(self, kind: str, column: ColumnBatch, passing: Mask, lines: Integers) -> None:
        """Keep the first line of each number that passes, up to a limit."""
        noted = self.numbers.setdefault(kind, {})
        if len(noted) < _MOST_NUMBERS and passing.any():
            firsts = np.unique(column.codes, return_index=True)[1]
            for cell, row in zip(column.texts(passing), firsts[passing].tolist(), strict=True):
                if len(noted) < _MOST_NUMBERS:
                    noted.setdefault("".join(cell.split()), int(lines[row]))

    def numbers_seen(self) -> NumbersSeen | None:
        """Return the SIRET or SIREN of the column, None when it holds none."""
        tracker = next((tracker for tracker in self._trackers if tracker.decided), None)
        noted = self.numbers.get(tracker.kind) if tracker else None
        return NumbersSeen(tracker.kind, self.label, column_letter(self.position), noted) if tracker and noted else None

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
        self._personal = PersonalWatch(labels[:MAX_COLUMNS])
        self._coordinates = CoordinateWatch(labels[:MAX_COLUMNS])
        self._seen = RowsSeen()
        self.last_rows: list[tuple[int, Sequence[str]]] = []
        """Line and cells of the last 200 rows; complete once the columns were asked for."""
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

    def completed(self, table: TableFacts) -> TableFacts:
        """Return the table with all that its rows told: how many they are, what the columns hold, what is odd."""
        columns = self.columns()
        repeated_count, repeated_rows = self._seen.repeated
        return replace(
            table,
            row_count=self.row_count,
            columns=columns,
            ragged_count=self.ragged.count,
            ragged_rows=self.ragged.ranges(),
            blank_count=self.blank.count,
            blank_rows=self.blank.ranges(),
            damage=self._damage.damage(),
            oddities=self._sense.oddities(),
            repeated_count=repeated_count,
            repeated_rows=repeated_rows,
            row_sketch=self._seen.sketch(),
            numbers=tuple(seen for column in self._columns if (seen := column.numbers_seen()) is not None),
        )

    def personal(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints of personal data, by column then kind: counts and rows, never a value."""
        self._flush()
        return tuple(map(without_value, self._personal.hints()))

    def spatial(self) -> SpatialFacts | None:
        """Return where the rows lie, None when no column tells."""
        self._flush()
        return self._coordinates.spatial()

    def _flush(self) -> None:
        if not self._rows:
            return
        self._seen.take(self._rows, self._lines)
        columns = list(zip_longest(*self._rows, fillvalue=""))
        empty = ("",) * len(self._rows)
        columns += [empty] * (len(self._columns) - len(columns))
        batch = TableBatch.of_rows(self._lines, columns[: len(self._columns)])
        last = list(zip(self._lines[-_LAST_ROWS:], self._rows[-_LAST_ROWS:], strict=True))
        self.last_rows = [*self.last_rows, *last][-_LAST_ROWS:]
        self._rows, self._lines, self._characters = [], [], 0
        for profile, column in zip(self._columns, batch.columns, strict=True):
            profile.take(column, batch.lines)
        self._damage.take(batch)
        self._sense.take(batch)
        self._personal.take(batch)
        self._coordinates.take(batch)
