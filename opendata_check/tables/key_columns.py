"""Notes the keys of a batch of columns as hashes, without reading each row."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.model.schema import Field
from opendata_check.tables.batches import BatchFaults, KeyWatch
from opendata_check.tables.exact import exact_reader, missing_values_of
from opendata_check.tables.kernels import (
    NOT_NUMERIC,
    NOT_WHOLE,
    Column,
    Indexes,
    hashes_of,
    kernel_of,
    numbers_of,
)
from opendata_check.tables.keys import KeyPlan, canonical, hashable
from opendata_check.tables.listing import LONGEST_VALUE

_NULL, _NUMBER, _OTHER = np.uint64(0x5BD1E9955BD1E995), np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
_FLOAT_DIGITS = 15
_KEPT_BYTES = 24_000_000
"""Cells of keys kept in memory: about 1.5 million identifiers."""
_ROW_BYTES = 4
_MIX = np.uint64(0x9E3779B97F4A7C15)


class KeyColumns:
    """One key of the plan, read column by column."""

    def __init__(self, key: KeyPlan, watch: KeyWatch, sharers: int) -> None:
        self._key = key
        self._watch = watch
        salt = secrets.randbits(64)
        self._parts = [_Part(field, key.missing_values, salt) for field in key.fields]
        self._kept = _KeptCells(_KEPT_BYTES // sharers)
        if watch.rule == "foreign_key":
            return
        watch.hash_key = self.hash_key
        watch.recall = self._kept.recall

    def note(self, columns: Sequence[Column], rows: Any, blank: Indexes, faults: BatchFaults) -> None:
        """Remember the keys of a batch; a primary key wholly null is a fault."""
        if self._watch.rule == "foreign_key":
            self._note_foreign(columns, rows, blank)
            return
        size = columns[0].size
        high, low = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
        usable = np.ones(size, bool)
        null = np.ones(size, bool)
        for part, position in zip(self._parts, self._key.positions, strict=True):
            part_high, part_low, part_null, part_none = part.hashes(columns[position])
            high, low = _mixed(high, part_high), _mixed(low, part_low)
            null &= part_null
            usable &= ~part_none
        usable &= ~null
        null[blank] = False
        usable[blank] = False
        chosen = np.flatnonzero(usable)
        self._remember(high[chosen], low[chosen], rows.numbers(chosen))
        self._kept.keep(columns[self._watch.position], rows)
        if self._watch.rule == "primary_key" and null.any():
            at = np.flatnonzero(null)
            numbers, lines = rows.places(at)
            cells = columns[self._watch.position].array.take(pa.array(at)).to_pylist()
            faults.add("primary_key", self._watch.position, numbers, lines, cells)

    def hash_key(self, key: tuple[Any, ...], row: int) -> None:
        """Remember the key of one row read apart, hashed as the others."""
        high, low = np.zeros(1, np.uint64), np.zeros(1, np.uint64)
        for part, value in zip(self._parts, key, strict=True):
            part_high, part_low, none = part.hashes_of_values([value])
            if none[0]:
                return
            high, low = _mixed(high, part_high), _mixed(low, part_low)
        self._remember(high, low, np.array([row], np.int64))

    def _remember(self, high: Any, low: Any, numbers: Any) -> None:
        self._watch.seen.add_arrays(high, (low >> np.uint64(32)).astype(np.uint32), numbers)

    def _note_foreign(self, columns: Sequence[Column], rows: Any, blank: Indexes) -> None:
        size = columns[0].size
        skipped = set(blank.tolist())
        numbers = rows.numbers(np.arange(size)).tolist()
        needed = {*self._key.positions, *self._key.reference}
        empty: Sequence[str | None] = [None] * size
        cells = [column.array.to_pylist() if place in needed else empty for place, column in enumerate(columns)]
        for index, row in enumerate(zip(*cells, strict=True)):
            if index not in skipped:
                self._watch.note(numbers[index], row)


class _KeptCells:
    """The cells of a key's first column, kept as they were read: the file need not be read again to show them."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._batches: list[tuple[int, Any, Any]] = []
        """(first record, rows, cells) of each batch."""
        self._bytes = 0

    def keep(self, column: Column, rows: Any) -> None:
        """Keep the cells of a batch; beyond a bound, nothing is kept any more."""
        if self._bytes > self._room or not column.size:
            return
        self._bytes += column.data.size + _ROW_BYTES * column.size
        self._batches.append((int(rows.numbers(0)), rows, column.array))
        if self._bytes > self._room:
            self._batches.clear()

    def recall(self, wanted: Sequence[int]) -> dict[int, tuple[int, str]]:
        """Return line and cell of these rows, those that are still known."""
        found: dict[int, tuple[int, str]] = {}
        numbers = np.array(wanted, np.int64)
        starts = np.array([start for start, *_ in self._batches], np.int64)
        owners = np.searchsorted(starts, numbers, "right") - 1
        for owner in np.unique(owners[owners >= 0]).tolist():
            _, rows, cells = self._batches[owner]
            here, indexes = rows.indexes(numbers[owners == owner], len(cells))
            _, lines = rows.places(indexes)
            texts = [cell[:LONGEST_VALUE] for cell in cells.take(pa.array(indexes)).to_pylist()]
            found.update(zip(here.tolist(), zip(lines.tolist(), texts, strict=True), strict=True))
        return found


def _mixed(total: Any, part: Any) -> Any:
    with np.errstate(over="ignore"):
        total = (total ^ part) * _MIX
        return total ^ (total >> np.uint64(31))


class _Part:
    """Hashes the typed values of one column of a key."""

    def __init__(self, field: Field, missing_values: tuple[str, ...], salt: int) -> None:
        self._read = exact_reader(field, missing_values)
        missing = missing_values_of(field, missing_values)
        self._empty_is_null = "" in missing
        self._tokens = pa.array(sorted(missing - {""}), pa.string()) if missing - {""} else None
        self._salt = salt
        bare = Field(field.name, field.type, field.format, options=field.options)
        self._kind = _kind_of(field)
        self._any_text = field.type == "string" and field.format == "default"
        self._kernel = kernel_of(bare, ("",), ()) if self._kind in ("text", "date") else None
        self._refused = NOT_WHOLE if field.type == "integer" else NOT_NUMERIC

    def hashes(self, column: Column) -> tuple[Any, Any, Any, Any]:
        """Return two hashes a cell, then masks: the cell is null; it equals nothing, itself included."""
        size = column.size
        null, none = np.zeros(size, bool), np.zeros(size, bool)
        odd: Any = None
        if self._kind == "number":
            high, low = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
            odd, values, rows = numbers_of(column, self._refused)
            if values is None:
                odd = None
            else:
                high[rows], low[rows] = _hash_numbers(values, self._salt)
        else:
            odd = self._kernel(column) if self._kernel is not None else None
            high, low = _wide(*hashes_of(column, self._salt))
        if odd is None:
            odd = np.flatnonzero(column.lengths)
        if not self._empty_is_null and not self._any_text:
            odd = np.union1d(odd, column.empty)
        if odd.size:
            self._read_odd(column, odd, high, low, null, none)
        if self._empty_is_null:
            null[column.empty] = True
        if self._tokens is not None:
            null |= np.asarray(pc.is_in(column.array, value_set=self._tokens))
        high[null], low[null] = _NULL, _NULL
        return high, low, null, none

    def _read_odd(self, column: Column, odd: Indexes, high: Any, low: Any, null: Any, none: Any) -> None:
        encoded = column.array.take(pa.array(odd)).dictionary_encode()
        codes = encoded.indices.to_numpy()
        values = [hashable(self._read(cell)[0]) for cell in encoded.dictionary.to_pylist()]
        each_high, each_low, each_none = self.hashes_of_values(values)
        high[odd], low[odd], none[odd] = each_high[codes], each_low[codes], each_none[codes]
        null[odd] = np.array([value is None for value in values], bool)[codes]

    def hashes_of_values(self, values: Sequence[Any]) -> tuple[Any, Any, Any]:
        """Return two hashes a typed value, as a column's, then a mask: the value equals nothing, itself included."""
        count = len(values)
        high, low, none = np.full(count, _NULL), np.full(count, _NULL), np.zeros(count, bool)
        short: list[int] = []
        texts: list[tuple[int, bytes]] = []
        others: list[tuple[int, bytes]] = []
        for index, value in enumerate(values):
            if value is None:
                continue
            if self._kind == "number" and _is_short(value):
                short.append(index)
            elif self._kind in ("text", "date"):
                texts.append((index, str(value).encode("utf-8", "surrogatepass")))
            elif (whole := canonical((value,))) is None:
                none[index] = True
            else:
                others.append((index, whole))
        if short:
            high[short], low[short] = _hash_numbers(np.array([float(values[index]) for index in short]), self._salt)
        for raws, salt in ((texts, self._salt), (others, self._salt ^ int(_OTHER))):
            if raws:
                column = Column(pa.array([raw for _, raw in raws], pa.binary()))
                where = [index for index, _ in raws]
                high[where], low[where] = _wide(*hashes_of(column, salt))
        return high, low, none


def _wide(high: Any, low: Any) -> tuple[Any, Any]:
    return high, low.astype(np.uint64) << np.uint64(32) | (high & np.uint64(0xFFFFFFFF))


def _kind_of(field: Field) -> str:
    if field.type == "string" and field.format in ("default", "uri", "email", "uuid"):
        return "text"
    if field.type == "date" and field.format == "default":
        return "date"
    plain = not {"decimalChar", "groupChar", "bareNumber", "floatNumber"} & field.options.keys()
    return "number" if field.type in ("number", "integer") and plain else "other"


def _is_short(value: Any) -> bool:
    """Return True when the number has few enough digits for a float to be told from its neighbours."""
    if value == 0:
        return True
    if isinstance(value, int):
        return len(str(abs(value)).rstrip("0")) <= _FLOAT_DIGITS and abs(value) < 10**22
    if isinstance(value, Decimal) and value.is_finite():
        digits = "".join(map(str, value.as_tuple().digits)).strip("0")
        return len(digits) <= _FLOAT_DIGITS and abs(value.adjusted()) < 22
    return False


def _hash_numbers(values: Any, salt: int) -> tuple[Any, Any]:
    with np.errstate(over="ignore"):
        bits = (values + 0.0).view(np.uint64)
        high = (bits ^ np.uint64(salt)) * _NUMBER
        high ^= high >> np.uint64(29)
        high *= _MIX
        high ^= high >> np.uint64(32)
        low = (bits + np.uint64(salt >> 3)) * _MIX
        low ^= low >> np.uint64(31)
        low *= _NUMBER
    return high, low ^ (low >> np.uint64(30))
