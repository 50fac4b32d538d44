"""Follows one column of a table batch after batch, in bounded memory, and tells at the end what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.profile import ColumnProfile, FrequentValue
from opendata_check.ranges import column_letter
from opendata_check.tables.examples import MASKED
from opendata_check.tables.kernels import Column
from opendata_check.tables.profile_kinds import (
    FIRST_LINES,
    TEXT,
    WORDS,
    Decision,
    Seen,
    Tally,
    decided,
    digits_of,
    first_lines,
)
from opendata_check.tables.profile_shapes import Look, looks_of
from opendata_check.tables.profile_values import Budget, Distinct, Formats, Identified, Persons, Showers, words_of

_ORDERED = frozenset({"integer", "number", "year", "date", "datetime"})
_STRIPPED = frozenset({"integer", "number", "string"})
"""Kinds whose readers do not mind spaces around a value."""
_WORDS = pa.array(list(WORDS), pa.string())
_WORD_LOOKS = list(WORDS.values())
_LONG_DIGITS = 9
_SILENT = ("empty", "nothing")
_MOSTLY_ALONE = 0.7
_KEPT_VALUE = 100
_SPELLINGS = 20
"""Words for nothing, or runs of spaces, that are told apart."""
_SHOWN_VALUES = 10
_ENUMERATED, _ENUMERATED_LENGTH, _OFTEN = 20, 60, 5
_COMMON, _LEAST_COMMON, _ALL_COMMON = 100, 20, 100_000
_DISTINCT, _LEAST_DISTINCT, _ALL_DISTINCT = 100_000, 1_000, 10_000_000
_SAMPLE, _LEAST_SAMPLE, _ALL_SAMPLE = 1_000, 50, 200_000


class Shared:
    """What the columns of one table share: what inspection saw of persons, and how much may be remembered."""

    def __init__(self, columns: int, hints: tuple[PersonalDataHint, ...]) -> None:
        self.hints = hints
        self.showers = Showers()
        self.budget = Budget()
        width = max(1, columns)
        self.distinct = max(_LEAST_DISTINCT, min(_DISTINCT, _ALL_DISTINCT // width))
        """Distinct values that are counted exactly, in each column."""
        self.common = max(_LEAST_COMMON, min(_COMMON, _ALL_COMMON // width))
        """Values whose cells are counted, in each column."""
        self.sample = max(_LEAST_SAMPLE, min(_SAMPLE, _ALL_SAMPLE // width))
        """Values that are looked at for persons, in each column."""


class _Batch:
    """The distinct cells of one column in one batch, and how often each stands.

    Where nearly all are expected to be ``alone``, a value that comes twice may stand twice: to find it costs more.
    """

    def __init__(self, array: Any, lines: Any, *, alone: bool) -> None:
        if alone:
            self.values = Column(array)
            self.codes = np.arange(len(array))
            self.counts = np.ones(len(array), np.int64)
        else:
            encoded = array.dictionary_encode()
            self.values = Column(encoded.dictionary)
            self.codes = encoded.indices.to_numpy()
            self.counts = np.bincount(self.codes, minlength=self.values.size)
        self.lines = lines
        self.trimmed = _trimmed(self.values)
        self.filled = np.flatnonzero(self.trimmed.lengths > 0)
        self.look_of = np.zeros(self.values.size, np.int16)
        """By distinct cell: its place in ``looks``."""
        self.looks: list[Look] = [Look("empty")]

    def mark(self, look: Look, cells: Any) -> None:
        """Say what some of the distinct cells look like."""
        self.look_of[cells] = len(self.looks)
        self.looks.append(look)

    def where(self, kinds: Sequence[str]) -> Any:
        """Return the distinct cells of some kinds."""
        return np.flatnonzero(self.among(kinds))

    def among(self, kinds: Sequence[str]) -> Any:
        """Return whether each distinct cell is of some kinds."""
        return np.array([look.kind in kinds for look in self.looks])[self.look_of]

    def texts(self, cells: Any) -> Any:
        """Return distinct cells as an array of objects."""
        return self.values.array.take(pa.array(cells)).to_numpy(zero_copy_only=False)


_EDGES = np.zeros(256, bool)
_EDGES[[*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3]] = True
"""First bytes of white space."""
_ENDS = _EDGES.copy()
_ENDS[0x80:0xC0] = True


def _trimmed(cells: Column) -> Column:
    """Return the cells without the white space around them; most columns have none, which their edges tell."""
    size = cells.data.size
    if not size:
        return cells
    bounds = cells.offsets - cells.start
    first, last = cells.data[np.minimum(bounds[:-1], size - 1)], cells.data[np.maximum(bounds[1:] - 1, 0)]
    if not (_EDGES[first].any() or _ENDS[last].any()):
        return cells
    return Column(pc.utf8_trim_whitespace(cells.array))


class ColumnWatch:
    """What is known of one column so far."""

    def __init__(self, label: str, position: int, shared: Shared) -> None:
        self.label = label
        self.letter = column_letter(position)
        self.position = position
        self._shared = shared
        self._tallies: dict[Look, Tally] = {}
        self._also: dict[Look, Tally] = {}
        self._widths: set[int] = set()
        self._alone = False
        """True when nearly all cells of the last batch were distinct."""
        self._empty = self._filled = self._padded = 0
        self._shortest = self._longest = 0
        self._nothing: dict[str, bool] = {}
        """Cells that stand for nothing, as written; True for those made of spaces."""
        self._all_listed = True
        """False when there are too many ways to write nothing, or too long ones."""
        self._common: dict[str, int] | None = {}
        self._distinct = Distinct(shared.distinct, shared.budget)
        self._persons = Persons(label, self.letter, shared.hints, shared.sample, shared.showers)
        self._formats = Formats()
        self._identified = Identified(label)

    def take(self, array: Any, lines: Any) -> tuple[Any, Any]:
        """Add a batch of cells (an Arrow array of texts) that stand at these physical lines, in order.

        Returns which distinct cells say something, and the distinct cell that each row holds.
        """
        batch = _Batch(array, lines, alone=self._alone and self._common is None)
        self._look(batch)
        self._count(batch)
        if batch.filled.size:
            self._measure(batch)
            self._remember(batch)
            self._recognise(batch)
        self._spell(batch)
        self._alone = batch.values.size >= _MOSTLY_ALONE * len(lines)
        return ~batch.among(_SILENT), batch.codes

    def _look(self, batch: _Batch) -> None:
        for sighting in looks_of(batch.trimmed):
            tallies = self._also if sighting.look.tag == "also" else self._tallies
            tally = tallies.setdefault(sighting.look, Tally())
            tally.widen(sighting.low, sighting.high)
            if tallies is self._also:
                tally.count += int(batch.counts[sighting.cells].sum())
                continue
            batch.mark(sighting.look, sighting.cells)
            if sighting.look in (Look("integer"), Look("zeros")):
                self._widths.update(np.unique(batch.trimmed.lengths[sighting.cells]).tolist())
        rest = batch.filled[batch.look_of[batch.filled] == 0]
        if not rest.size:
            return
        batch.mark(TEXT, rest)
        found = pc.index_in(batch.trimmed.array.take(pa.array(rest)), value_set=_WORDS)
        if found.null_count < len(found):
            which = found.fill_null(-1).to_numpy()
            for word in np.unique(which[which >= 0]).tolist():
                batch.mark(_WORD_LOOKS[word], rest[which == word])

    def _count(self, batch: _Batch) -> None:
        counts = np.bincount(batch.look_of, weights=batch.counts, minlength=len(batch.looks))
        self._empty += int(counts[0])
        self._filled += int(counts[1:].sum())
        rows = None
        for place, look in enumerate(batch.looks[1:], start=1):
            count = int(counts[place])
            if not count:
                continue
            tally = self._tallies.setdefault(look, Tally())
            tally.count += count
            if len(tally.lines) < FIRST_LINES or batch.lines[0] < tally.lines[-1]:
                rows = batch.look_of[batch.codes] if rows is None else rows
                first = batch.lines[np.flatnonzero(rows == place)[:FIRST_LINES]].tolist()
                tally.lines = sorted(tally.lines + first)[:FIRST_LINES]

    def _measure(self, batch: _Batch) -> None:
        """Note lengths, spaces around values, and how words for nothing are written."""
        lengths = pc.utf8_length(batch.values.array).to_numpy()[batch.filled]
        shortest, longest = int(lengths.min()), int(lengths.max())
        self._shortest = min(self._shortest or shortest, shortest)
        self._longest = max(self._longest, longest)
        padded = batch.trimmed.lengths[batch.filled] != batch.values.lengths[batch.filled]
        if padded.any():
            self._padded += int(batch.counts[batch.filled[padded]].sum())

    def _remember(self, batch: _Batch) -> None:
        """Note the distinct values, and the commonest as long as they are few."""
        if self._distinct.done and self._common is None:
            return
        texts, counts = batch.texts(batch.filled), batch.counts[batch.filled]
        self._distinct.add(texts, int(counts.sum()))
        common = self._common
        if common is None:
            return
        if len(texts) > self._shared.common or max(map(len, texts)) > _KEPT_VALUE:
            self._common = None
            return
        for text, count in zip(texts, counts.tolist(), strict=True):
            common[text] = common.get(text, 0) + count
        if len(common) > self._shared.common:
            self._common = None

    def _recognise(self, batch: _Batch) -> None:
        """Follow what values may be: identifiers, texts of some format, persons."""
        self._identified.take(batch.values, batch.filled, batch.counts)
        texts = batch.where(["text"])
        if texts.size:
            self._formats.take(batch.values.array.take(pa.array(texts)), batch.counts[texts])
        if self._persons.curious:
            digits = batch.where(["integer", "zeros"])
            long = digits[batch.trimmed.lengths[digits] >= _LONG_DIGITS]
            asked = np.sort(np.concatenate([texts, long]))[: 2 * self._shared.sample]
            self._persons.take(batch.texts(asked).tolist())

    def _spell(self, batch: _Batch) -> None:
        """Note how words for nothing, and cells of spaces, are written."""
        silent = batch.where(_SILENT)
        silent = silent[batch.values.lengths[silent] > 0]
        for text in batch.texts(silent[: _SPELLINGS + 1]).tolist() if silent.size else ():
            if len(text) <= _KEPT_VALUE and (text in self._nothing or len(self._nothing) < _SPELLINGS):
                self._nothing[text] = not text.strip()
            else:
                self._all_listed = False

    # --- the whole ---

    def profile(self) -> ColumnProfile:
        """Return what the column holds."""
        identifier, invalid = self._identified.result()
        seen = Seen(self._tallies, self._also, self._filled, frozenset(self._widths), frozenset(words_of(self.label)))
        found = decided(seen, identifier=bool(identifier))
        text = found.kind == "string"
        absent = 0 if text else seen.absent
        others = [t for look, t in self._tallies.items() if look not in found.looks and look.kind != "nothing"]
        personal = self._persons.suspected
        written_nothing = tuple(sorted(word for word, spaces in self._nothing.items() if spaces or not text))
        format_, format_exceptions = self._formats.result(self._filled) if text and not identifier else ("", 0)
        distinct, exact, unique = self._distinct.result()
        exceptions = 0 if text else sum(tally.count for tally in others)
        frequent, values = self._told(found, distinct if exact else None, personal=personal)
        plain = text and not self._padded
        return ColumnProfile(
            label=self.label,
            letter=self.letter,
            position=self.position,
            filled=self._filled,
            empty=self._empty,
            kind=found.kind,
            written=found.written,
            mixed=found.mixed,
            format=format_,
            format_exceptions=format_exceptions,
            absent=absent,
            exceptions=exceptions,
            exception_lines=() if text else first_lines(others),
            uniform=self._uniform(found, exceptions),
            missing_values=written_nothing if self._all_listed else (),
            distinct=distinct,
            distinct_exact=exact,
            unique=unique,
            **({} if personal or found.kind not in _ORDERED else _extremes(found)),
            shortest=self._shortest,
            longest=self._longest,
            digits=digits_of(seen) if plain else 0,
            identifier=identifier,
            identifier_invalid=invalid,
            padded=self._padded,
            frequent=frequent,
            values=values if plain and not identifier else (),
            personal=personal,
        )

    def _uniform(self, found: Decision, exceptions: int) -> bool:
        padded = self._padded and found.kind not in _STRIPPED
        return self._all_listed and not (exceptions or found.mixed or padded)

    def _told(
        self, found: Decision, distinct: int | None, *, personal: bool
    ) -> tuple[tuple[FrequentValue, ...], tuple[str, ...]]:
        """Return the commonest values as shown, and all of them when they are few, often repeated, and nobody's."""
        common = self._common
        if personal or not common or distinct is None or self._filled < 2 * len(common):
            return (), ()
        ordered = sorted(common.items(), key=lambda item: (-item[1], item[0]))
        shown = tuple(
            FrequentValue(self._shared.showers.show(value), count) for value, count in ordered[:_SHOWN_VALUES]
        )
        few = len(common) <= _ENUMERATED and self._filled >= _OFTEN * len(common)
        if not few or max(map(len, common)) > _ENUMERATED_LENGTH:
            return shown, ()
        nobody = all(self._shared.showers.show(value) != MASKED for value in common)
        return shown, tuple(sorted(common)) if nobody and found.kind == "string" else ()


def _extremes(found: Decision) -> dict[str, str]:
    lows = [tally.low for tally in found.extremes if tally.low is not None]
    highs = [tally.high for tally in found.extremes if tally.high is not None]
    if not lows or not highs:
        return {}
    return {"minimum": min(lows)[1], "maximum": max(highs)[1]}
