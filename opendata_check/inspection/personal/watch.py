"""Watches a table go by and tells, at the end, which columns seem to hold personal data: counts and rows only."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.personal import contacts, life
from opendata_check.inspection.personal.tally import Budget, Tally
from opendata_check.inspection.personal.together import context_of
from opendata_check.inspection.personal_words import words
from opendata_check.inspection.rows import RowRecorder
from opendata_check.model.facts import PersonalDataHint
from opendata_check.ranges import column_letter

MAX_COLUMNS = 10_000
_LABEL_REASONS = frozenset(
    {"nir_label", "birth_label", "first_and_last", "names_and_label", "home_label", "health_label", "social_label",
     "school_label", "own_phone_label"}
)  # fmt: skip


class PersonalWatch:
    """Takes the batches of a table, then tells its hints of personal data.

    Every cell is looked at for what a key or a shape proves; names, addresses and sentences are judged on a bounded
    sample of each column. Memory: counters, and row ranges within RowRecorder's bounds.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self._recorder = RowRecorder()
        self._budget = Budget()
        self._tallies = [Tally(label, place, self._recorder) for place, label in enumerate(labels[:MAX_COLUMNS])]

    def take(self, batch: TableBatch) -> None:
        """Look at a batch of rows."""
        for tally, column in zip(self._tallies, batch.columns, strict=False):
            tally.take(column, batch.lines, self._budget)

    def hints(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints, by column then kind. Counts and rows only, never a value."""
        context = context_of(self._tallies)
        found: list[PersonalDataHint] = []
        for tally in context.tallies:
            for room in (contacts, life):
                for kind, recorded, confidence, reason, family in room.judged(tally, context):
                    if confidence < words().thresholds["hint"]:
                        continue
                    found.append(
                        PersonalDataHint(
                            kind=kind,
                            column=tally.label,
                            letter=column_letter(tally.position),
                            count=tally.count(recorded),
                            rows=tally.rows(recorded),
                            by="label" if reason in _LABEL_REASONS else "values",
                            confidence=confidence,
                            reason=reason,
                            public_family=family,
                        )
                    )
        return tuple(found)
