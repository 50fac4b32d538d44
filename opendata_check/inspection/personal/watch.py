"""Watches a table go by and tells, at the end, which columns seem to hold personal data: counts and rows only."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.personal import contacts, life
from opendata_check.inspection.personal.tally import Budget, Tally
from opendata_check.inspection.personal.together import context_of
from opendata_check.inspection.personal_words import label_text, words
from opendata_check.inspection.rows import RowRecorder
from opendata_check.model.facts import PersonalDataHint
from opendata_check.ranges import column_letter

MAX_COLUMNS = 10_000
_LONGEST_LABEL = 60
_LABEL_KINDS = (
    "birth", "first_name", "last_name", "full_name", "private_person", "public_person", "phone", "email", "address",
    "home_address", "health", "social", "school", "nir", "iban", "plate", "row_id", "thing_name", "other_date",
)  # fmt: skip
"""What a cell of a first row must announce to be taken for a label."""
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
        self._unlabelled = bool(labels) and not any(label.strip() for label in labels)

    def take(self, batch: TableBatch) -> None:
        """Look at a batch of rows."""
        if self._unlabelled:
            self._unlabelled = False
            self._read_first_row(batch)
        for tally, column in zip(self._tallies, batch.columns, strict=False):
            tally.take(column, batch.lines, self._budget)

    def _read_first_row(self, batch: TableBatch) -> None:
        """Take for labels the first row of a table that seems to have none, where most of its cells speak as labels."""
        cells = [str(column.cells[0]) if len(column) else "" for column in batch.columns[:MAX_COLUMNS]]
        texts = [label_text(cell) if len(cell) <= _LONGEST_LABEL else "" for cell in cells]
        speaking = sum(words().says(text, *_LABEL_KINDS) for text in texts)
        if texts and speaking > len(texts) / 2:
            self._tallies = [Tally("", place, self._recorder, read_as=cell) for place, cell in enumerate(cells)]

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
