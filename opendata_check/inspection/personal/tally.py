"""Counts what one column holds, batch after batch: shapes, kinds, years; the rows go to a recorder, never a value."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import numpy as np

from opendata_check.inspection.batch import ColumnBatch, Integers, Mask
from opendata_check.inspection.personal import names, patterns, sentences, years
from opendata_check.inspection.personal_words import label_text, words
from opendata_check.inspection.rows import RowRecorder
from opendata_check.model.facts import RowRange

WHOLE = "whole"
"""Reason under which the filled rows of a column are recorded, when it may concern persons as a whole."""
NAMED = "named"
FEW = "few"
"""Counts from 1 to 4."""
_COUNTED = frozenset({"mail", "free_mail", "spaced", "landline", "nir_failed"})
"""Kinds that only help to decide: counted, without their rows."""
_WHOLE_LABELS = (
    "first_name", "last_name", "full_name", "private_person", "public_person", "home_address", "address", "latitude",
    "longitude", "health", "social", "school", "owner", "phone",
)  # fmt: skip
_FIRST_SAMPLE, _NEXT_SAMPLE = 400, 40
PERSON_SHAPES = (names.FULL, names.CIVIL, names.INITIAL)
"""Shapes of a whole name of a person."""
_NUMBERS_ONLY = re.compile(r"[^A-Za-zÀ-ÿ]*")
_LADIES = frozenset({"mme", "mlle", "madame", "mademoiselle", "mrs", "ms"})
_MASKED = frozenset({"s", "ns", "nd", "nc", "n.d.", "c", "secret"})
"""What stands for a small count that is kept secret."""
_NUMBERED = re.compile(r"\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?,? {1,2}[A-Za-zÀ-ÿ'’-]{2,}", re.IGNORECASE)
_POINT = re.compile(r"[\[(]?-?\d{1,2}\.\d{3,}[,;] ?-?\d{1,3}\.\d{3,}[\])]?")
_SAYS_LITTLE = 3
"""Letters of a label that says nothing."""
_LONGEST_VALUE = 2_000
_LONGEST_DATE = 60
_FIGURES_OF_BIRTH = 5
_SHORTEST_SENTENCE = 9
_CHECKED_AT_ONCE, _MOST_CHECKED, _ENOUGH_CONFIRMED = 20, 200, 3
_TEXT_SHARE = 0.15


class Budget:
    """How many values may still be looked at one by one, all columns together: first batches apart from later ones."""

    __slots__ = ("_first", "_next")

    def __init__(self, first: int = 30_000, following: int = 10_000) -> None:
        self._first = first
        self._next = following

    def take(self, *, first: bool) -> int:
        """Return how many values of a column may be looked at in this batch."""
        if first:
            granted = min(_FIRST_SAMPLE, self._first)
            self._first -= granted
        else:
            granted = min(_NEXT_SAMPLE, self._next)
            self._next -= granted
        return granted


class Tally:
    """What is known of one column so far: counts only."""

    def __init__(self, label: str, position: int, recorder: RowRecorder, *, read_as: str = "") -> None:
        self.label = label
        self.position = position
        self.text = label_text(label or read_as)
        """The label's words, folded."""
        self.filled = 0
        self.distinct = 0
        """Distinct values of the batch that had most."""
        self.distinct_of = 0
        """Filled cells of that batch."""
        self.read = 0
        """Values looked at one by one."""
        self.shapes: Counter[str] = Counter()
        """Of the values looked at: the shapes of ``names``, and text, address, bare, civil, office, private, health…"""
        self.years: Counter[int] = Counter()
        """Years of the dates looked at."""
        self.whole = 0
        """Cells that are whole numbers, in columns of numbers."""
        self.confirmed = 0
        """Cells read whose civility goes with a name, up to a few."""
        self._checked = 0
        self._counts: Counter[str] = Counter()
        self._said: dict[str, bool] = {}
        self._wordy = True
        self._counts_persons = self.says("persons_counted", "breakdown", "statistics")
        self._wholly = self.says(*_WHOLE_LABELS)
        self._recorder = recorder
        self._born = self.says("birth")
        self._dated = self._born or self.says("dead") or not self.says("other_date")

    def says(self, *kinds: str) -> bool:
        """Return whether the label announces one of these things (labels of rules/personal_data.yaml)."""
        said = self._said
        for kind in kinds:
            if kind not in said:
                said[kind] = words().says(self.text, kind)
        return any(said[kind] for kind in kinds)

    def share(self, *shapes: str) -> float:
        """Return the share of the values looked at that have one of these shapes."""
        return sum(self.shapes[shape] for shape in shapes) / self.read if self.read else 0.0

    def count(self, kind: str) -> int:
        """Return how many cells are of this kind."""
        if kind == WHOLE:
            return self.filled
        return self._counts[kind] if kind in _COUNTED else self._recorder.count((self.position, kind))

    def rows(self, kind: str) -> tuple[RowRange, ...]:
        """Return the rows of this kind, as far as they were recorded."""
        return self._recorder.rows((self.position, kind))

    def part(self, kind: str) -> float:
        """Return the share of the filled cells that are of this kind."""
        return self.count(kind) / self.filled if self.filled else 0.0

    def take(self, column: ColumnBatch, lines: Integers, budget: Budget) -> None:
        """Add the cells of a batch."""
        filled = column.filled
        count = int(column.counts[filled].sum())
        if not count:
            return
        first = not self.filled
        self.filled += count
        distinct = int(filled.sum())
        if distinct > self.distinct:
            self.distinct, self.distinct_of = distinct, count
        longest = int(column.lengths.max())
        self._take_shapes(column, lines, longest)
        if self._wordy or first:
            self._sample(column, lines, filled, budget.take(first=first))
        if self.years and longest >= 4 and self.years.total() >= 0.3 * self.read:
            found = patterns.dates(column)
            self._record("date", found | patterns.glued_dates(column) if self._born else found, column, lines)
        if not self._wordy and longest <= 9:
            whole, few = patterns.whole_numbers(column)
            self.whole += int(column.counts[whole].sum())
            if self._counts_persons:
                self._record(FEW, few, column, lines)
        self._wholly = self._wholly or (
            first and self.share(*PERSON_SHAPES, names.FIRST, names.LAST, "address", "point") > 0.2
        )
        if self._wholly:
            self._record(WHOLE, filled, column, lines)

    def _take_shapes(self, column: ColumnBatch, lines: Integers, longest: int) -> None:
        """Record the cells that a control key or a shape proves."""
        if longest < 7:
            return
        if longest <= 30 or self.shapes["plate"] or self._wordy:
            self._record("plate", patterns.plates(column), column, lines)
        boxes = patterns.mailboxes(column)
        if boxes is not None:
            for kind, found in zip(("mail", "own_mail", "free_mail"), boxes, strict=True):
                self._record(kind, found, column, lines)
        if longest < 9:
            return
        if self.says("notes"):
            self._record("noted", column.matching(patterns.ANY_PHONE, column.digits >= 10), column, lines)
        phones = patterns.phones(column)
        if phones is not None:
            for kind, found in zip(("mobile", "spaced", "landline"), phones, strict=True):
                self._record(kind, found, column, lines)
        if self._wordy:
            self._look_for_civilities(column, lines)
            told = (column.digits >= _FIGURES_OF_BIRTH) & (column.lengths > _LONGEST_DATE // 2)
            self._record("born", column.matching(patterns.BORN, told) if told.any() else None, column, lines)
        if longest < 13:
            return
        nirs = patterns.nirs(column)
        if nirs is not None:
            for kind, found in zip(("nir", "nir_shaped", "nir_failed"), nirs, strict=True):
                self._record(kind, found, column, lines)
        self._record("iban", patterns.ibans(column), column, lines)

    def _look_for_civilities(self, column: ColumnBatch, lines: Integers) -> None:
        """Record the cells with a civility and a name; a few are read: « MADAME LE MAIRE » is nobody."""
        found = column.matching(sentences.CIVILITY, column.lengths >= _SHORTEST_SENTENCE)
        if not found.any():
            return
        self._record("civil_text", found, column, lines)
        if self.confirmed < _ENOUGH_CONFIRMED and self._checked < _MOST_CHECKED:
            found[np.flatnonzero(found)[_CHECKED_AT_ONCE:]] = False
            texts = column.texts(found)
            self._checked += len(texts)
            self.confirmed += sum(sentences.names_in(text) == "civil" for text in texts)

    def _record(self, kind: str, found: Mask | None, column: ColumnBatch, lines: Integers) -> None:
        if found is None or not found.any():
            return
        if kind in _COUNTED:
            self._counts[kind] += int(column.counts[found].sum())
            return
        chosen = lines if found.all() else lines[column.rows(found)]
        self._recorder.record_lines((self.position, kind), chosen)

    def _sample(self, column: ColumnBatch, lines: Integers, filled: Mask, size: int) -> None:
        """Look at some of the distinct values one by one."""
        places = np.flatnonzero(filled)
        if len(places) > size:
            places = places[np.linspace(0, len(places) - 1, size).astype(np.int64)] if size else places[:0]
        chosen = np.zeros(len(filled), dtype=np.bool_)
        chosen[places] = True
        named = np.zeros(len(filled), dtype=np.bool_)
        letters = 0
        for place, value in zip(np.flatnonzero(chosen), column.texts(chosen), strict=True):
            value = value[:_LONGEST_VALUE]
            letters += _NUMBERS_ONLY.fullmatch(value) is None and value.lower() not in _MASKED
            self.read += 1
            named[place] = self._judge(value)
        self._record(NAMED, named, column, lines)
        if len(places):
            self._wordy = letters > 0.02 * len(places)

    def _judge(self, value: str) -> bool:
        """Add one value to the counters; return whether it names somebody."""
        counts = self.shapes
        if self._dated and len(value) <= _LONGEST_DATE:
            year = years.year_of(value, born=self._born)
            if year:
                self.years[year] += 1
                counts["year"] += years.is_bare(value)
        if _NUMBERS_ONLY.fullmatch(value):
            counts["point"] += _POINT.fullmatch(value) is not None
            return False
        for kind in ("health", "social", "school", "regulated"):
            counts[kind] += sentences.says(kind, value)
        if "@" in value:
            counts["mailbox"] += 1
            counts["named_mailbox"] += names.names_mailbox(value)
            return False
        if _address().match(value):
            counts["address"] += 1
        elif _NUMBERED.match(value):
            counts["numbered"] += 1
        shape = names.shape_of_name(value)
        counts[shape] += 1
        counts["lady"] += value.rstrip(".").lower() in _LADIES
        if shape in PERSON_SHAPES or shape == names.FIRST:
            counts["eponym"] += names.is_eponym(value)
        if shape in PERSON_SHAPES:
            return True
        if shape not in (names.OTHER, names.ORGANISATION) or len(value.split()) < words().thresholds["text_words"]:
            return False
        named = sentences.names_in(value)
        if shape == names.ORGANISATION and named != "civil":
            return False
        counts["text"] += 1
        if named:
            counts[f"{named}_text"] += 1
            office = sentences.about_office(value)
            counts["office_text"] += office
            counts[f"{named}_elsewhere"] += not office
            counts["private_text"] += sentences.about_private_life(value)
        return bool(named)

    @property
    def says_much(self) -> bool:
        """Whether the label tells what the cells are, rather than « c3 », « date » or nothing."""
        return not self.says("plain_date") and sum(map(str.isalpha, self.text)) > _SAYS_LITTLE

    @property
    def wordy(self) -> bool:
        """Whether the cells have letters, in the last batch looked at."""
        return self._wordy

    @property
    def is_text(self) -> bool:
        """Whether a fair share of the values are sentences."""
        return self.share("text") >= _TEXT_SHARE


@cache
def _address() -> re.Pattern[str]:
    """Return what a street address looks like: a number and a way, or a way and its name."""
    streets = words().patterns["streets"]
    return re.compile(
        rf"(?:\d{{1,4}}(?:[-/ ]\d{{1,4}})?(?: ?(?:bis|ter|quater|[a-d]))?,? {{0,2}}{streets}|{streets}) +\w",
        re.IGNORECASE,
    )
