"""One batch of rows of a file: its columns as Arrow arrays, what was understood of them, and the faults found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opendata_check.standards.bal import profiles
from opendata_check.standards.bal.communes import Communes
from opendata_check.standards.interface import Fault

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNREAD = -1
"""The number of a row that has none, or none that can be read."""
TOPONYM = 99_999
"""The number that says « no number »: a hamlet, or a street without numbers."""
_SHOWN = 200
"""Characters kept of a value at fault: a hostile cell may hold megabytes."""


def mask_of(array: Any) -> Mask:
    """Return a boolean Arrow array as a NumPy one (null: False)."""
    plain = pc.fill_null(array, False) if array.null_count else array
    mask: Mask = plain.to_numpy(zero_copy_only=False)
    return mask


def matches(array: Any, pattern: str) -> Mask:
    """Return where a whole text follows a regular expression."""
    return mask_of(pc.match_substring_regex(array, rf"^(?:{pattern})$"))


def filled(array: Any) -> Mask:
    """Return where a text is not empty."""
    return mask_of(pc.greater(pc.binary_length(array), 0))


class Column:
    """The cells of one column in one batch."""

    def __init__(self, name: str, language: str, label: str, raw: Any) -> None:
        """Take ``raw``, an Arrow array of texts, of the model's column ``name``; ``label`` is as the file writes it."""
        self.name = name
        self.code = f"{name}_{language}" if language else name
        self.label = label
        raw = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
        raw = raw if raw.type == pa.string() else raw.cast(pa.string())
        self.raw = pc.fill_null(raw, "") if raw.null_count else raw
        self.text = pc.utf8_trim_whitespace(self.raw)

    @cached_property
    def padded(self) -> Mask:
        """Where white space stands around the value."""
        return mask_of(pc.not_equal(self.raw, self.text))

    @cached_property
    def filled(self) -> Mask:
        """Where the cell is not empty."""
        return filled(self.text)

    @cached_property
    def _encoded(self) -> Any:
        return self.text.dictionary_encode()

    @property
    def words(self) -> Any:
        """The distinct values, trimmed."""
        return self._encoded.dictionary

    @property
    def codes(self) -> NDArray[np.int32]:
        """The position in ``words`` of each row's value."""
        codes: NDArray[np.int32] = self._encoded.indices.to_numpy()
        return codes

    def spread(self, on_words: Mask) -> Mask:
        """Return on rows what was judged on distinct values."""
        if not on_words.any():
            return np.zeros(len(self.text), np.bool_)
        return on_words[self.codes]


class Findings:
    """Collects the faults of one batch."""

    def __init__(self, profile: profiles.Profile, records: Ints) -> None:
        self._profile = profile
        self._records = records
        self.faults: list[Fault] = []

    def cell(
        self,
        column: Column,
        rule: str,
        where: Mask,
        mend: Callable[[list[str]], list[str]] | None = None,
        *,
        shown: bool = True,
    ) -> None:
        """Note cells at fault. ``mend`` tells what each value should be; ``shown`` is False when there is no value."""
        if not where.any() or not self._profile.judges(column.name):
            return
        rows = np.flatnonzero(where)
        values = _texts(column.raw, rows) if shown else []
        expected = _mended(_texts(column.text, rows), mend) if mend else []
        self._note(f"{column.code}.{rule}", rows, values, expected, column.label)

    def rows(
        self, code: str, where: Mask, text: Any = None, mend: Callable[[list[str]], list[str]] | None = None
    ) -> None:
        """Note rows whose columns disagree; ``text`` (Arrow) holds the value to show of each row of the batch."""
        if where.any():
            rows = np.flatnonzero(where)
            values = _texts(text, rows) if text is not None else []
            self._note(code, rows, values, _mended(values, mend) if mend else [])

    def _note(
        self, code: str, rows: NDArray[np.intp], values: Sequence[str], expected: Sequence[str], label: str = ""
    ) -> None:
        words = profiles.wording(code)
        self.faults.append(
            Fault(
                code=code,
                level=self._profile.level(code),
                message=words.message,
                field=label,
                rows=tuple(self._records[rows].tolist()),
                values=tuple(values),
                expected=tuple(expected),
                remedy=words.remedy,
            )
        )


def _texts(array: Any, rows: NDArray[np.intp]) -> list[str]:
    texts: list[str] = pc.utf8_slice_codeunits(array.take(pa.array(rows)), 0, _SHOWN).to_pylist()
    return texts


def _mended(values: list[str], mend: Callable[[list[str]], list[str]]) -> list[str]:
    """Return what values should be: nothing for one that was cut, and no list of nothings."""
    due = [right if len(value) < _SHOWN else "" for value, right in zip(values, mend(values), strict=True)]
    return due if any(due) else []


@dataclass(slots=True)
class Sheet:
    """One batch, and what has been understood of it so far; an attribute is read once the rule that fills it ran."""

    size: int
    columns: dict[str, Column]
    """By name of the model: ``voie_nom``, ``voie_nom_bre``…"""
    findings: Findings
    communes: Communes
    numero: Ints = field(init=False)
    """UNREAD where it cannot be read."""
    has_voie: Mask = field(init=False)
    """Where the name of the street or hamlet can be used."""
    place: Column | None = field(init=False, default=None)
    """The column that names the street or hamlet."""
    commune: NDArray[np.int32] = field(init=False)
    """Position in ``commune_codes`` of the row's commune, UNREAD where it is unknown."""
    commune_codes: list[str] = field(init=False, default_factory=list)
    has_key: Mask = field(init=False)
    """Where ``cle_interop`` can be read."""
    long: Floats = field(init=False)
    lat: Floats = field(init=False)
    """Degrees; NaN where missing or not numbers."""
    x: Floats = field(init=False)
    y: Floats = field(init=False)
    """Metres; NaN where missing or not numbers."""

    def __post_init__(self) -> None:
        self.numero = np.full(self.size, UNREAD, np.int64)
        self.commune = np.full(self.size, UNREAD, np.int32)
        self.has_voie = np.zeros(self.size, np.bool_)
        self.has_key = np.zeros(self.size, np.bool_)
        self.long, self.lat, self.x, self.y = (np.full(self.size, np.nan) for _ in range(4))

    def filled(self, name: str) -> Mask:
        """Return where a column is not empty; nowhere when the file lacks it."""
        column = self.columns.get(name)
        return column.filled if column else np.zeros(self.size, np.bool_)

    def text(self, name: str) -> Any:
        """Return the values of a column, None when the file lacks it."""
        column = self.columns.get(name)
        return column.text if column else None
