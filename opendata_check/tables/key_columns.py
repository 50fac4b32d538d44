"""Notes the keys of a batch of columns as hashes, without reading each row."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from opendata_check.model.schema import Field
from opendata_check.tables.batches import BatchFaults, KeyWatch
from opendata_check.tables.exact import exact_reader, missing_values_of
from opendata_check.tables.kernels import Column, Indexes, hashes_of, kernel_of, numbers_of
from opendata_check.tables.keys import KeyPlan, canonical
from opendata_check.tables.plan import Plan

_NULL, _NUMBER, _OTHER = np.uint64(0x5BD1E9955BD1E995), np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
_FLOAT_DIGITS = 15
_SIEVE_BITS = 24
_BATCH_BITS = 20
_SIEVED_KEYS = 3_000_000
"""Keys up to which the sieve tells few enough others; beyond, the file is read again for those that are repeated."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


class KeyColumns:
    """One key of the plan, read column by column."""

    def __init__(self, key: KeyPlan, watch: KeyWatch, plan: Plan) -> None:
        self._key = key
        self._watch = watch
        self._width = plan.width
        self._salt = secrets.randbits(64)
        self._parts = [_Part(field, key.missing_values, self._salt) for field in key.fields]
        watch.hash_key = self.hash_key
        self._sieve: _Sieve | None = None
        if watch.rule != "foreign_key":
            self._sieve = _Sieve()
            watch.held, watch.candidates = {}, self._sieve.found

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
        keys = high[chosen]
        numbers = rows.numbers(chosen)
        self._watch.seen.add_arrays(keys, (low[chosen] >> np.uint64(32)).astype(np.uint32), numbers)
        if self._sieve is not None:
            self._note_candidates(columns, rows, chosen, keys)
        if self._watch.rule == "primary_key" and null.any():
            at = np.flatnonzero(null)
            numbers, lines = rows.places(at)
            cells = columns[self._watch.position].array.take(pa.array(at)).to_pylist()
            faults.add("primary_key", self._watch.position, numbers, lines, cells)

    def _note_candidates(self, columns: Sequence[Column], rows: Any, chosen: Indexes, keys: Any) -> None:
        """Keep what the rows that may repeat a key hold, so that the file need not be read again to say it."""
        assert self._sieve is not None
        again = chosen[self._sieve.maybe_seen(keys)]
        if self._sieve.count > _SIEVED_KEYS:
            self._sieve, self._watch.held, self._watch.candidates = None, None, None
            return
        if not again.size:
            return
        numbers, lines = rows.places(again)
        cells = columns[self._watch.position].array.take(pa.array(again)).to_pylist()
        held = self._watch.held
        assert held is not None
        held.update(zip(numbers.tolist(), zip(lines.tolist(), cells, strict=True), strict=True))

    def hash_key(self, key: tuple[Any, ...], row: int) -> None:
        """Remember the key of one row read apart, hashed as the others."""
        high, low = np.zeros(1, np.uint64), np.zeros(1, np.uint64)
        for part, value in zip(self._parts, key, strict=True):
            found = part.hash_of(value)
            if found is None:
                return
            high, low = _mixed(high, found[0]), _mixed(low, found[1])
        self._watch.seen.add_arrays(high, (low >> np.uint64(32)).astype(np.uint32), np.array([row], np.int64))

    def _note_foreign(self, columns: Sequence[Column], rows: Any, blank: Indexes) -> None:
        size = columns[0].size
        skipped = set(blank.tolist())
        numbers = rows.numbers(np.arange(size)).tolist()
        cells = [column.array.to_pylist() for column in columns]
        for index in range(size):
            if index in skipped:
                continue
            row = [column[index] for column in cells]
            self._watch.note(numbers[index], row)
            if self._watch.referenced is not None:
                self._watch.offered.add(self._watch.referenced.key(row))


class _Sieve:
    """Tells the keys that may have been seen before, and never misses one: a Bloom filter."""

    def __init__(self) -> None:
        self.count = 0
        self.found: list[Any] = []
        """The keys told, as arrays."""
        self._marks = np.zeros(1 << _SIEVE_BITS, bool)
        self._last = np.zeros(1 << _BATCH_BITS, np.int32)

    def maybe_seen(self, keys: Any) -> Any:
        """Return a mask over the keys of a batch, and remember them."""
        self.count += len(keys)
        first = (keys >> np.uint64(64 - _SIEVE_BITS)).astype(np.int64)
        second = (keys & np.uint64((1 << _SIEVE_BITS) - 1)).astype(np.int64)
        seen = self._marks[first] & self._marks[second]
        self._marks[first] = True
        self._marks[second] = True
        # Two keys of the same batch: the last one to claim a place is told from those before it.
        place = second & ((1 << _BATCH_BITS) - 1)
        order = np.arange(len(keys), dtype=np.int32)
        self._last[place] = order
        earlier = np.flatnonzero(self._last[place] != order)
        if earlier.size:
            claimed = np.zeros(1 << _BATCH_BITS, bool)
            claimed[place[earlier]] = True
            seen |= claimed[place]
        self.found.append(keys[seen])
        return seen


def _mixed(total: Any, part: Any) -> Any:
    with np.errstate(over="ignore"):
        total = (total ^ part) * _MIX
        return total ^ (total >> np.uint64(31))


class _Part:
    """Hashes the typed values of one column of a key."""

    def __init__(self, field: Field, missing_values: tuple[str, ...], salt: int) -> None:
        self._read = exact_reader(field, missing_values)
        self._missing = missing_values_of(field, missing_values)
        self._salt = salt
        bare = Field(field.name, field.type, field.format, options=field.options)
        self._kernel = kernel_of(bare, missing_values, ())
        self._kind = _kind_of(field)
        self._tokens = len(self._missing) > 1
        self._as_written = field.type == "string" and field.format == "default"
        """True when every cell is its own value."""

    def hashes(self, column: Column) -> tuple[Any, Any, Any, Any]:
        """Return two hashes a cell, then masks: the cell is null; it equals nothing, itself included."""
        size = column.size
        null, none = np.zeros(size, bool), np.zeros(size, bool)
        null[column.empty] = True
        if self._kind == "number":
            odd, values, rows = numbers_of(column)
            high, low = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
            if values is None:
                odd = np.flatnonzero(~null)
            else:
                high[rows], low[rows] = _hash_numbers(values, self._salt)
        else:
            if self._as_written:
                suspects = np.empty(0, np.int64)
            else:
                suspects = self._kernel(column) if self._kind != "other" else None
            odd = np.flatnonzero(~null) if suspects is None or self._tokens else suspects
            high, low32 = hashes_of(column, self._salt)
            low = low32.astype(np.uint64) << np.uint64(32) | (high & np.uint64(0xFFFFFFFF))
        if odd.size:
            self._read_odd(column, odd, high, low, null, none)
        high[null], low[null] = _NULL, _NULL
        return high, low, null, none

    def _read_odd(self, column: Column, odd: Indexes, high: Any, low: Any, null: Any, none: Any) -> None:
        encoded = column.array.take(pa.array(odd)).dictionary_encode()
        codes = encoded.indices.to_numpy()
        for code, cell in enumerate(encoded.dictionary.to_pylist()):
            at = odd[codes == code] if len(encoded.dictionary) < 100 else None
            value = self._read(cell)[0]
            found = self.hash_of(_hashable(value))
            where = at if at is not None else odd[np.flatnonzero(codes == code)]
            if value is None:
                null[where] = True
            elif found is None:
                none[where] = True
            else:
                high[where], low[where] = found[0][0], found[1][0]

    def hash_of(self, value: Any) -> tuple[Any, Any] | None:
        """Return the hashes of one typed value, as a column's; None when it equals nothing."""
        if value is None:
            return np.array([_NULL]), np.array([_NULL])
        whole = canonical((value,))
        if whole is None:
            return None
        if self._kind == "number" and _is_short(value):
            return _hash_numbers(np.array([float(value)]), self._salt)
        text = str(value) if self._kind in ("text", "date") else None
        raw = text.encode("utf-8", "surrogatepass") if text is not None else whole
        array = pa.array([raw], pa.binary())
        high, low = hashes_of(Column(array), self._salt if text is not None else self._salt ^ int(_OTHER))
        return high, low.astype(np.uint64) << np.uint64(32) | (high & np.uint64(0xFFFFFFFF))


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value


def _kind_of(field: Field) -> str:
    if field.type == "string" and field.format in ("default", "uri", "email", "uuid"):
        return "text"
    if field.type == "date" and field.format == "default":
        return "date"
    plain = not {"decimalChar", "groupChar", "bareNumber", "floatNumber"} & field.options.keys()
    return "number" if field.type in ("number", "integer") and plain else "other"


def _is_short(value: Any) -> bool:
    """Return True when the number has few enough digits for a float to be told from its neighbours."""
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
