"""Decides which columns of a table seem to hold personal data, from their labels, their values and their neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opendata_check.inspection import labels as label_words
from opendata_check.inspection import personal_values as values_of
from opendata_check.inspection.rows import RowRecorder
from opendata_check.inspection.shapes import DATES
from opendata_check.model.facts import PersonalDataHint
from opendata_check.ranges import column_letter

_MOSTLY = 0.5


class ColumnWatch:
    """Watches one column: what its label announces, and which rows hold what.

    ``takes`` batches of cells; the rows go to the table's recorder under (position, kind).
    """

    __slots__ = ("_recorder", "birth", "filled", "label", "name", "nir", "position")

    def __init__(self, label: str, position: int, recorder: RowRecorder) -> None:
        self.label = label
        self.position = position
        self.birth = label_words.announces_birth_date(label)
        self.nir = label_words.announces_nir(label)
        self.name = label_words.name_part(label)
        self.filled = 0
        self._recorder = recorder

    def take(self, cells: Iterable[tuple[str, str, int, str]], values: Sequence[str], lines: Sequence[int]) -> None:
        """Add a batch: distinct filled cells as (raw, stripped, count, shape), then all raw cells and their lines."""
        flagged: dict[str, set[str]] = {}
        shortest, never = values_of.SHORTEST, values_of.NEVER
        filled: set[str] = set()
        for raw, cell, count, shape in cells:
            self.filled += count
            if self.name is not None:
                filled.add(raw)
            if self.birth and shape in DATES:
                flagged.setdefault("birth_date", set()).add(raw)
            if len(cell) >= shortest.get(shape, never):
                for kind in values_of.kinds_in(cell, shape):
                    flagged.setdefault(kind, set()).add(raw)
        if filled:
            flagged["person_name"] = filled
        for kind, raws in flagged.items():
            self._recorder.record((self.position, kind), raws, values, lines)

    def count(self, kind: str) -> int:
        """Return how many cells were recorded for this kind."""
        return self._recorder.count((self.position, kind))

    def hint(self, kind: str, by: str, recorded: str = "") -> PersonalDataHint:
        """Return the hint for one kind; ``recorded`` is the recorder's name for it when it differs."""
        reason = (self.position, recorded or kind)
        return PersonalDataHint(
            kind=kind,
            column=self.label,
            letter=column_letter(self.position),
            count=self._recorder.count(reason),
            rows=self._recorder.rows(reason),
            by=by,
        )


def hints(watches: Sequence[ColumnWatch]) -> tuple[PersonalDataHint, ...]:
    """Return the hints of a whole table, by column then kind. Counts and rows only, never a value."""
    found: list[PersonalDataHint] = []
    persons = _names_of_persons(watches)
    births = [watch for watch in watches if watch.birth and watch.count("birth_date") > _MOSTLY * watch.filled]
    about_persons = bool(persons or births) or any(
        watch.filled and label_words.announces_person(watch.label) for watch in watches
    )
    for watch in watches:
        nir = _nir_hint(watch)
        if nir is not None:
            found.append(nir)
        if watch in births:
            found.append(watch.hint("birth_date", "label"))
        if watch.count(values_of.EMAIL):
            found.append(watch.hint("email", "values", values_of.EMAIL))
        if watch.count(values_of.PHONE) and (about_persons or label_words.announces_own_phone(watch.label)):
            found.append(watch.hint("phone", "values", values_of.PHONE))
        if watch in persons:
            found.append(watch.hint("person_name", "label"))
        if watch.count(values_of.IBAN):
            found.append(watch.hint("iban", "values", values_of.IBAN))
    return tuple(found)


def _nir_hint(watch: ColumnWatch) -> PersonalDataHint | None:
    """Return the NIR hint of a column, if any.

    A 15-digit number passes the control once in 97: where most 15-digit cells fail it, they are numbers of
    another kind. When the label announces a NIR, its shape is enough (13 digits have no key).
    """
    valid, failed = watch.count(values_of.NIR), watch.count(values_of.NIR_FAILED)
    if valid and (watch.nir or valid >= _MOSTLY * (valid + failed)):
        return watch.hint("nir", "values", values_of.NIR)
    if watch.nir and watch.count(values_of.NIR_SHAPED):
        return watch.hint("nir", "label", values_of.NIR_SHAPED)
    return None


def _names_of_persons(watches: Sequence[ColumnWatch]) -> list[ColumnWatch]:
    """Return the columns that hold names of persons: a last name whose first name stands beside it, both filled.

    First names alone are statistics of births; names of elected officials are public.
    """
    if any(label_words.announces_elected(watch.label) for watch in watches):
        return []
    named = [(watch, *watch.name) for watch in watches if watch.name is not None and watch.filled]
    first = {whose for _, part, whose in named if part == "first"}
    return [watch for watch, part, whose in named if part == "both" or (part == "last" and whose in first)]
