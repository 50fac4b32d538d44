"""Watches a table go by for amounts, totals, orders and dates that somebody should look at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import date

import numpy as np

from opendata_check.inspection.batch import ColumnBatch, Integers, Mask, TableBatch
from opendata_check.inspection.rows import RowRecorder
from opendata_check.inspection.sense import words
from opendata_check.inspection.sense.figures import Numbers, days, numbers, numeric_values
from opendata_check.model.facts import Oddity
from opendata_check.ranges import column_letter

_MOST_COLUMNS = 300
"""Columns looked at."""
_DECADES = 40
_EPOCH = date(1970, 1, 1)
_MODERN = (date(1950, 1, 1) - _EPOCH).days
_FEW_OLD = 0.01
_DAYS_IN_YEAR = 365.2425


class SenseWatch:
    """Sees every row, by batches; tells at the end what is odd. Counts and places, never a value."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = list(labels[:_MOST_COLUMNS])
        self._pairs = words.ordered_pairs(self._labels)
        self._in_pairs = {position for pair in self._pairs for position in pair}
        self._recorder = RowRecorder()
        self._filled: Counter[int] = Counter()
        self._numeric: Counter[int] = Counter()
        self._decades: dict[int, Integers] = {}
        self._groups: list[tuple[int, tuple[int, ...]]] | None = None
        self._held: Counter[tuple[int, tuple[int, ...]]] = Counter()
        self._compared: Counter[tuple[int, int]] = Counter()
        self._dated: Counter[int] = Counter()
        self._modern: Counter[int] = Counter()

    def take(self, batch: TableBatch) -> None:
        """Look at a batch of rows."""
        by_row: dict[int, Numbers] = {}
        for column in batch.columns[: len(self._labels)]:
            self._look(column, batch.lines, by_row)
        if self._groups is None:  # the first batch tells which columns hold numbers
            enough = [p for p in sorted(by_row) if self._numeric[p] >= 0.8 * self._filled[p]]
            self._groups = words.total_groups(self._labels, enough)
        for group in self._groups:
            self._add_up(group, by_row, batch.lines)
        for lesser, greater in self._pairs:
            self._compare(lesser, greater, by_row, batch.lines)

    def _look(self, column: ColumnBatch, lines: Integers, by_row: dict[int, Numbers]) -> None:
        position = column.position
        filled = int(column.counts[column.filled].sum())
        self._filled[position] += filled
        if not filled:
            return
        written = numeric_values(column)
        count = int(column.counts[written].sum())
        self._numeric[position] += count
        if 2 * count > filled:
            values = numbers(column, written)
            by_row[position] = values[column.codes]
            self._weigh(column, values, lines)
        elif position in self._in_pairs or "date" in self._labels[position].casefold():
            since = days(column)
            by_row[position] = since[column.codes]
            self._date(column, since, lines)

    def _weigh(self, column: ColumnBatch, values: Numbers, lines: Integers) -> None:
        """Note the size of amounts, and those that are below zero or beyond a hundred per cent."""
        position, label = column.position, self._labels[column.position]
        if words.is_percent(label):
            self._record("percent", column, (values < 0) | (values > 100), lines)
        if not words.is_amount(label):
            return
        self._record("negative", column, values < 0, lines)
        size = np.abs(values)
        known = np.isfinite(size) & (size > 0)
        decade = np.clip(np.floor(np.log10(np.where(known, size, 1.0))), 0, _DECADES - 1).astype(np.int64)
        counts = np.bincount(decade[known], weights=column.counts[known], minlength=_DECADES).astype(np.int64)
        self._decades[position] = self._decades.get(position, np.zeros(_DECADES, dtype=np.int64)) + counts
        for at in np.flatnonzero(counts):
            self._record(f"decade-{at}", column, known & (decade == at), lines, least=self._rare(position, int(at)))

    def _rare(self, position: int, decade: int) -> bool:
        """Return whether a decade is still far above most: only such rows are worth remembering."""
        counts = self._decades[position]
        below = counts[: max(0, decade - int(_figure("decades_apart")) + 1)].sum()
        return bool(below >= 0.5 * counts.sum())

    def _record(self, kind: str, column: ColumnBatch, found: Mask, lines: Integers, *, least: bool = True) -> None:
        if least and found.any():
            self._recorder.record_lines((column.position, kind), lines[column.rows(found)])

    def _date(self, column: ColumnBatch, since: Numbers, lines: Integers) -> None:
        known = np.isfinite(since)
        oldest = (_figure("oldest_year") - _EPOCH.year) * _DAYS_IN_YEAR
        self._dated[column.position] += int(column.counts[known].sum())
        self._modern[column.position] += int(column.counts[known & (since >= _MODERN)].sum())
        self._record("old_date", column, known & (since < oldest), lines)

    def _add_up(self, group: tuple[int, tuple[int, ...]], by_row: dict[int, Numbers], lines: Integers) -> None:
        total, parts = group
        if total not in by_row or any(part not in by_row for part in parts):
            return
        added = np.nansum([by_row[part] for part in parts], axis=0)
        said = by_row[total]
        known = np.isfinite(said) & (said != 0)
        wrong = known & (np.abs(added - said) > _figure("tolerance") * np.maximum(1.0, np.abs(said)))
        self._held[group] += int((known & ~wrong).sum())
        if wrong.any():
            self._recorder.record_lines(group, lines[wrong])

    def _compare(self, lesser: int, greater: int, by_row: dict[int, Numbers], lines: Integers) -> None:
        if lesser not in by_row or greater not in by_row:
            return
        small, great = by_row[lesser], by_row[greater]
        self._compared[lesser, greater] += int((np.isfinite(small) & np.isfinite(great)).sum())
        wrong = small > great
        if wrong.any():
            self._recorder.record_lines(("order", lesser, greater), lines[wrong])

    def oddities(self) -> tuple[Oddity, ...]:
        """Return what is odd, by kind then column."""
        told = [*self._amounts(), *self._totals(), *self._orders(), *self._dates()]
        return tuple(sorted(told, key=lambda item: (item.kind, len(item.letter), item.letter, item.other)))

    def _odd(self, kind: str, position: int, reason: Hashable, other: int | None = None) -> Oddity:
        return Oddity(
            kind=kind,
            column=self._labels[position],
            letter=column_letter(position),
            count=self._recorder.count(reason),
            rows=self._recorder.rows(reason),
            other="" if other is None else self._labels[other],
        )

    def _amounts(self) -> list[Oddity]:
        told = []
        for position in sorted(self._numeric):
            enough = self._filled[position] >= _figure("least_cells")
            for kind in ("negative", "percent"):
                count = self._recorder.count((position, kind))
                if count and enough and count < 0.1 * self._filled[position]:  # many of them: it is how it is counted
                    told.append(self._odd(kind, position, (position, kind)))
            huge = self._huge(position) if enough else None
            if huge is not None:
                told.append(self._odd("huge", position, (position, f"decade-{huge}")))
        return told

    def _huge(self, position: int) -> int | None:
        """Return the decade of the amounts that stand far above 99 % of the others; None when none does."""
        counts = self._decades.get(position)
        if counts is None or not counts.any():
            return None
        top = int(np.flatnonzero(counts)[-1])
        usual = int(np.searchsorted(np.cumsum(counts), math.ceil(0.99 * counts.sum())))
        return top if top - usual >= _figure("decades_apart") else None

    def _totals(self) -> list[Oddity]:
        told = []
        for group in self._groups or []:
            wrong, held = self._recorder.count(group), self._held[group]
            rows = wrong + held
            if wrong and rows >= _figure("least_rows") and held >= _figure("total_holds") * rows:
                told.append(self._odd("wrong_total", group[0], group))
        return told

    def _orders(self) -> list[Oddity]:
        told = []
        for (lesser, greater), compared in sorted(self._compared.items()):
            reason = ("order", lesser, greater)
            wrong = self._recorder.count(reason)
            if wrong and 2 * wrong < compared:  # else the two are not what their titles seem to say
                told.append(self._odd("order", lesser, reason, greater))
        return told

    def _dates(self) -> list[Oddity]:
        return [
            self._odd("old_date", position, (position, "old_date"))
            for position, count in sorted(self._dated.items())
            if 0 < self._recorder.count((position, "old_date")) <= max(3, _FEW_OLD * count)  # more is a history
            and count >= _figure("least_rows")
            and self._modern[position] >= 0.9 * count
        ]


def _figure(name: str) -> float:
    return words.sense_rules().figures[name]
