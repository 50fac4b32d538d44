"""Gives the objects of a JSON array to the table profiler, as the rows of a table named by their keys."""

from __future__ import annotations

from dataclasses import replace

from opendata_check.inspection.columns import TableProfiler
from opendata_check.inspection.header import clean_label
from opendata_check.model.facts import PersonalDataHint

MAX_LABELS = 1_000
_FIRST_RECORDS = 200
_MOST_TABLES = 3
"""Tables of one array: each one after the first holds the keys that the one before did not know."""


class RecordTable:
    """Gives the objects of one array to the profiler; the first 200 of them name the columns.

    The keys that come later go to a further table, named by the first 200 records that have some.
    """

    def __init__(self, rank: int = 1) -> None:
        self._rank = rank
        self._waiting: list[tuple[int, dict[str, str]]] = []
        self._labels: dict[str, None] = {}
        self._profiler: TableProfiler | None = None
        self._later: RecordTable | None = None

    def add(self, ordinal: int, record: dict[str, str]) -> None:
        """Add one record; its ordinal (1-based) stands for its line."""
        if self._profiler is not None:
            if not self._labels.keys().isdisjoint(record):
                self._profiler.add(ordinal, [record.get(label, "") for label in self._labels])
            self._add_later(ordinal, record)
            return
        self._waiting.append((ordinal, record))
        if len(self._waiting) >= _FIRST_RECORDS:
            self._start()

    def _add_later(self, ordinal: int, record: dict[str, str]) -> None:
        """Give the keys that no column has to the further table."""
        if self._rank >= _MOST_TABLES or record.keys() <= self._labels.keys():
            return
        if self._later is None:
            self._later = RecordTable(self._rank + 1)
        self._later.add(ordinal, {key: value for key, value in record.items() if key not in self._labels})

    def _start(self) -> TableProfiler:
        labels = dict.fromkeys(label for _, record in self._waiting for label in record)
        self._labels = dict.fromkeys(list(labels)[:MAX_LABELS])
        self._profiler = TableProfiler([clean_label(label) for label in self._labels])
        waiting, self._waiting = self._waiting, []
        for ordinal, record in waiting:
            self.add(ordinal, record)
        return self._profiler

    def personal(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints of personal data of the records; a column of a further table has no letter."""
        found = (self._profiler or self._start()).personal()
        later = self._later.personal() if self._later is not None else ()
        return (*found, *(replace(hint, letter="") for hint in later))
