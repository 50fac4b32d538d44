"""What the values of one column are, beyond their type: how many differ, whether they name somebody or something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.folding import fold
from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.schema import CustomCheck, Field
from opendata_check.tables.examples import MASKED, may_hold_personal_data
from opendata_check.tables.kernels import Column, Indexes, kernel_of
from opendata_check.tables.readers import value_reader
from opendata_check.tables.telling import value_shower
from opendata_check.tables.value_checks import is_siren, is_siret

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ALL_DISTINCT = 8_000_000
"""Hashes kept beyond the distinct limit, all columns together, to tell whether long columns repeat a value."""
_MERGED = 50_000


def words_of(label: str) -> tuple[str, ...]:
    """Return the words of a label, folded: « dateConvention », « CODE_INSEE » → (date, convention), (code, insee)."""
    return tuple(re.findall(r"[a-z0-9]+", fold(_CAMEL.sub(" ", label[:200]))))


# --- distinct values ------------------------------------------------------------------------------------------------


class Budget:
    """Hashes that may still be kept for a whole table."""

    def __init__(self) -> None:
        self.left = _ALL_DISTINCT

    def grants(self, count: int) -> bool:
        """Take ``count`` hashes off; return False, and take none, when there are not so many left."""
        if count > self.left:
            return False
        self.left -= count
        return True

    def back(self, count: int) -> None:
        """Take back hashes that are no longer kept."""
        self.left += count


class Distinct:
    """Counts the distinct values of one column, exactly up to ``limit``, and tells whether any is repeated.

    Values are kept as 64 bits of Python's keyed hash: two of a million meet once in a hundred million runs.
    """

    def __init__(self, limit: int, budget: Budget) -> None:
        self._limit = limit
        self._budget = budget
        self._known = np.empty(0, np.int64)
        self._pending: list[Any] = []
        self._waiting = 0
        self._charged = 0
        self._cells = 0
        self._repeated = False
        self._given_up = False
        self.done = False
        """True when nothing more can be learnt: more than ``limit`` values, some of them repeated or too many."""

    def add(self, values: Any, cells: int) -> None:
        """Note the distinct values of ``cells`` cells (an array of objects)."""
        if self.done:
            return
        self._cells += cells
        self._repeated = self._repeated or len(values) < cells
        self._pending.append(np.fromiter(map(hash, values), np.int64, len(values)))
        self._waiting += len(values)
        if self._waiting >= max(_MERGED, self._known.size):
            self._merge()

    def _merge(self) -> None:
        self._known = _sorted_once([self._known, *self._pending])
        self._pending, self._waiting = [], 0
        self._repeated = self._repeated or self._known.size < self._cells
        if self._known.size <= self._limit:
            return
        more = self._known.size - self._charged
        self._given_up = not self._repeated and not self._budget.grants(more)
        if self._repeated or self._given_up:
            self._budget.back(self._charged)
            self._known = np.empty(0, np.int64)
            self.done = True
        else:
            self._charged += more

    def result(self) -> tuple[int, bool, bool | None]:
        """Return how many distinct values there are (at least), whether that is exact, and whether each is alone."""
        if self._pending:
            self._merge()
        if self.done:
            return self._limit, False, None if self._given_up else False
        return int(self._known.size), True, bool(self._cells) and not self._repeated


def _sorted_once(parts: Sequence[Any]) -> Any:
    """Return the numbers of several arrays in order, each once (numpy's own ``unique`` takes five times as long)."""
    joined = np.concatenate(parts)
    joined.sort()
    kept = np.ones(joined.size, bool)
    np.not_equal(joined[1:], joined[:-1], out=kept[1:])
    return joined if kept.all() else joined[kept]


# --- persons --------------------------------------------------------------------------------------------------------

_PERSONAL_CELLS = 0.05
_LIKE_NAMES = 0.8
_ENOUGH_NAMES = 10
"""Values up to which two words with capitals may be anything; each such value is masked all the same."""


_PERIOD = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[/ _][0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Two dates, in which some see a phone number."""


class Showers:
    """What makes cells fit to be shown, shared by all columns so that what they remember is bounded."""

    def __init__(self) -> None:
        self._shown = value_shower(None, personal=False)
        self._numbers = value_shower(Field("x", options={"personal": False}), personal=False)

    def show(self, text: str) -> str:
        """Return a cell as it may be shown."""
        return text if _PERIOD.fullmatch(text) else self._shown(text)

    def identifies(self, text: str) -> bool:
        """Return whether a cell holds a mailbox, a phone or a number that is somebody's; a name is not looked for."""
        return not _PERIOD.fullmatch(text) and self._numbers(text) == MASKED


class Persons:
    """Suspects a column of naming persons, from what inspection saw, its label and a sample of its values."""

    def __init__(
        self, label: str, letter: str, hints: tuple[PersonalDataHint, ...], sample: int, showers: Showers
    ) -> None:
        self.by_label = may_hold_personal_data(Field(label or "?"), label, letter, hints)
        self._left = 0 if self.by_label else sample
        self._showers = showers
        self._judged: set[int] = set()
        self._identified = self._named = 0

    @property
    def curious(self) -> bool:
        """True while more values are wanted."""
        return self._left > len(self._judged)

    def take(self, texts: Sequence[str]) -> None:
        """Judge some distinct values."""
        for text in texts:
            key = hash(text)
            if not self.curious or key in self._judged:
                continue
            self._judged.add(key)
            self._identified += self._showers.identifies(text)
            self._named += self._showers.show(text) == MASKED

    @property
    def suspected(self) -> bool:
        """True when the label, the values or inspection suggest persons."""
        judged = len(self._judged)
        if self.by_label or not judged:
            return self.by_label
        named = judged >= _ENOUGH_NAMES and self._named >= _LIKE_NAMES * judged
        return self._identified >= _PERSONAL_CELLS * judged or named


# --- formats of texts -----------------------------------------------------------------------------------------------

_FORMATS = {
    "email": re.compile(r"[^@\s]{1,100}@[^@\s]{1,200}\.\w{2,24}"),
    "uri": re.compile(r"(?:https?|ftp)://\S+"),
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
}
_TRIED = 100
_PROMISING = 0.9
MOSTLY = 0.99
"""Share of the filled cells that decides what a column holds."""


class Formats:
    """Follows the formats that the texts of a column may have, as long as nearly all of them do."""

    def __init__(self) -> None:
        self._alive: dict[str, int] = {}
        self._started = False
        self._read = {name: value_reader(Field("x", format=name)) for name in _FORMATS}

    def take(self, texts: Any, counts: Any) -> None:
        """Judge a batch of distinct texts (an Arrow array) and how often each occurs."""
        if not self._started:
            self._started = True
            tried = texts[:_TRIED].to_pylist()
            for name, expression in _FORMATS.items():
                if sum(expression.fullmatch(text) is not None for text in tried) >= _PROMISING * len(tried):
                    self._alive[name] = 0
        for name in tuple(self._alive):
            wrong = self._wrong(name, texts)
            if wrong is None:
                del self._alive[name]
            else:
                self._alive[name] += int(counts.sum() - counts[wrong].sum())

    def _wrong(self, name: str, texts: Any) -> Indexes | None:
        """Return the texts that are not of a format, or None when they are too many to be worth counting."""
        suspects = kernel_of(Field("x", format=name), ("",), ())(Column(texts))
        if suspects is None or suspects.size > max(_TRIED, len(texts) // 2):
            return None
        read = self._read[name]
        assert read is not None
        cells = texts.take(pa.array(suspects)).to_pylist()
        return suspects[[not _FORMATS[name].fullmatch(cell) or read(cell) is None for cell in cells]]

    def result(self, filled: int) -> tuple[str, int]:
        """Return the format of a column of texts ("" when it has none) and how many cells are not of it."""
        for name, count in self._alive.items():
            if filled and count >= MOSTLY * filled:
                return name, filled - count
        return "", 0


# --- identifiers ----------------------------------------------------------------------------------------------------

_BY_VALUES = 0.8
_PLAUSIBLE = 0.5
_ENOUGH_VALUES = 3
_DECIDABLE = 1_000


@dataclass(frozen=True, slots=True)
class _Identifier:
    """How an identifier is recognised."""

    plausible: str
    """What its cells look like, well or badly written."""
    valid: str
    width: int = 0
    check: str = ""
    """The French check of its key."""


_S = "[ .\u00a0\u202f]?"
IDENTIFIERS = {
    "siret": _Identifier(rf"(?:[0-9]{_S}){{14}}", "[0-9]{14}", 14, "french-siret-value"),
    "siren": _Identifier(rf"(?:[0-9]{_S}){{9}}", "[0-9]{9}", 9, "french-siren-value"),
    "code_insee": _Identifier("(?:[0-9]{1,2}|2[AB])[0-9]{3}", "(?:0[1-9]|[1-9][0-9]|2[AB])[0-9]{3}"),
    "code_postal": _Identifier(rf"[0-9]{{1,2}}{_S}[0-9]{{3}}", "(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}"),
}
_EXACT = {"siret": is_siret, "siren": is_siren}
_SIRET_OF = frozenset({"attribuant", "beneficiaire", "acheteur"})
"""The national models of grants and markets call SIRET columns « idAttribuant », « idBeneficiaire »…"""
_NOT_THE_NUMBER = frozenset(
    {"nb", "nbre", "nombre", "date", "nom", "denomination", "libelle", "valide", "type", "etat", "lib", "region", "reg"}
)


def announced_identifier(label: str) -> str:
    """Return the identifier that a label promises, or ""."""
    words = set(words_of(label))
    if words & _NOT_THE_NUMBER:
        return ""
    if any("siret" in word for word in words) or (len(words) == 2 and "id" in words and words & _SIRET_OF):
        return "siret"
    if any("siren" in word and not word.startswith("sirene") for word in words):
        return "siren"
    if words & {"insee", "codeinsee", "codgeo", "depcom", "cog"} or words >= {"code", "commune"}:
        return "code_insee" if not words & {"dep", "departement", "iris", "pays"} else ""
    if words & {"cp", "codepostal", "postcode"} or words >= {"code", "postal"}:
        return "code_postal"
    return ""


class Identified:
    """Counts, in one column, the cells that are identifiers: of the kind its label says, else SIRET or SIREN."""

    def __init__(self, label: str) -> None:
        self._announced = announced_identifier(label)
        self._valid = dict.fromkeys((self._announced,) if self._announced else ("siret", "siren"), 0)
        self._values = dict.fromkeys(self._valid, 0)
        self._plausible = 0
        self._filled = 0

    def take(self, values: Column, filled: Any, counts: Any) -> None:
        """Judge a batch of distinct cells; ``filled`` are the indexes of those that hold something."""
        if not self._valid:
            return
        self._filled += int(counts[filled].sum())
        for kind in tuple(self._valid):
            at = self._right(kind, values, filled)
            self._valid[kind] += int(counts[at].sum())
            self._values[kind] = max(self._values[kind], at.size)
            if not self._announced and self._filled >= _DECIDABLE and self._valid[kind] < _PLAUSIBLE * self._filled:
                del self._valid[kind]
        if self._announced:
            shaped = _matching(values.array, IDENTIFIERS[self._announced].plausible)
            self._plausible += int(counts[shaped].sum())

    def _right(self, kind: str, values: Column, filled: Any) -> Indexes:
        """Return the cells that are valid identifiers of a kind."""
        identifier = IDENTIFIERS[kind]
        if not identifier.check:
            return np.flatnonzero(_matching(values.array, identifier.valid))
        at = filled[values.lengths[filled] == identifier.width]
        if not at.size:
            return at
        cells = values.array.take(pa.array(at))
        suspects = kernel_of(Field("x"), ("",), (CustomCheck(identifier.check, {"column": "x"}),))(Column(cells))
        if suspects is None:
            suspects = np.arange(at.size)
        right = np.ones(at.size, bool)
        right[suspects] = [_EXACT[kind](cell) for cell in cells.take(pa.array(suspects)).to_pylist()]
        return at[right]

    def result(self) -> tuple[str, int]:
        """Return the identifier a column holds ("" for none) and how many filled cells are not valid ones."""
        if self._announced:
            holds = self._filled and self._plausible >= _PLAUSIBLE * self._filled
            return (self._announced, self._filled - self._valid[self._announced]) if holds else ("", 0)
        for kind, count in self._valid.items():
            if self._values[kind] >= _ENOUGH_VALUES and count >= _BY_VALUES * self._filled:
                return kind, self._filled - count
        return "", 0


def _matching(texts: Any, expression: str) -> Any:
    return np.asarray(pc.match_substring_regex(texts, rf"\A(?:{expression})\z").to_numpy(zero_copy_only=False))
