"""Gives the objects of a JSON array to the table profiler, as the rows of a table named by their keys."""

from __future__ import annotations

from opendata_check.inspection.columns import TableProfiler
from opendata_check.inspection.header import clean_label
from opendata_check.model.facts import PersonalDataHint

MAX_LABELS = 1_000
_FIRST_RECORDS = 200


class RecordTable:
    """Gives the objects of one array to the profiler; the first 200 of them name the columns."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, dict[str, str]]] = []
        self._labels: list[str] = []
        self._profiler: TableProfiler | None = None

    def add(self, ordinal: int, record: dict[str, str]) -> None:
        """Add one record; its ordinal (1-based) stands for its line."""
        if self._profiler is not None:
            self._profiler.add(ordinal, [record.get(label, "") for label in self._labels])
            return
        self._waiting.append((ordinal, record))
        if len(self._waiting) >= _FIRST_RECORDS:
            self._start()

    def _start(self) -> TableProfiler:
        labels = dict.fromkeys(label for _, record in self._waiting for label in record)
        self._labels = list(labels)[:MAX_LABELS]
        self._profiler = TableProfiler([clean_label(label) for label in self._labels])
        waiting, self._waiting = self._waiting, []
        for ordinal, record in waiting:
            self.add(ordinal, record)
        return self._profiler

    def personal(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints of personal data of the records."""
        return (self._profiler or self._start()).personal()
