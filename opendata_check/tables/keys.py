"""Values seen twice in a unique column or a primary key, and values a foreign key does not find.

A key is kept as 96 bits of hash and a row number, whatever its cells: in memory first, then in temporary files that are
sorted apart, so that a file of any length costs the same memory. The hash is salted anew at each run: nobody can
prepare two values that meet.
"""

from __future__ import annotations

import secrets
import tempfile
from array import array
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import IO, Any

from opendata_check.model.schema import Field, TableSchema
from opendata_check.tables.exact import CellReader, exact_reader
from opendata_check.tables.issues import JudgedColumn

HELD_KEYS = 1_100_000
"""Keys kept in memory; beyond, they are written to temporary files."""
OFFERED = -1
"""Row of a key that foreign keys may be."""
_FEW_KEYS = 50_000
"""Keys up to which numpy is not worth its import."""
_PARTS = 32
Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """A key to watch: ``unique`` on one column, ``primary_key`` or ``foreign_key`` on one or several."""

    rule: str
    fields: tuple[Field, ...]
    positions: tuple[int, ...]
    missing_values: tuple[str, ...]
    reference: tuple[int, ...] = ()
    """Positions of the columns a foreign key points to, in the same table."""
    reference_fields: tuple[Field, ...] = ()

    def reader(self) -> KeyReader:
        """Return what reads the key of a row."""
        return KeyReader(self.fields, self.positions, self.missing_values)

    def reference_reader(self) -> KeyReader:
        """Return what reads the key that a row offers to others."""
        return KeyReader(self.reference_fields, self.reference, self.missing_values)


def key_plans(schema: TableSchema, columns: Sequence[JudgedColumn]) -> tuple[KeyPlan, ...]:
    """Return the keys that the file's columns allow to watch, in frictionless' order."""
    by_name = {column.field.name: column for column in columns}
    missing = schema.missing_values
    plans = [
        KeyPlan("unique", (c.field,), (c.position,), missing) for c in columns if c.field.constraints.get("unique")
    ]
    if schema.primary_key and set(schema.primary_key) <= by_name.keys():
        key = [by_name[name] for name in schema.primary_key]
        plans.append(KeyPlan("primary_key", tuple(c.field for c in key), tuple(c.position for c in key), missing))
    for foreign in schema.foreign_keys:
        if foreign.resource or not {*foreign.fields, *foreign.reference_fields} <= by_name.keys():
            continue
        here = [by_name[name] for name in foreign.fields]
        there = [by_name[name] for name in foreign.reference_fields]
        plans.append(
            KeyPlan(
                "foreign_key",
                tuple(c.field for c in here),
                tuple(c.position for c in here),
                missing,
                tuple(c.position for c in there),
                tuple(c.field for c in there),
            )
        )
    return tuple(plans)


def whole_row(labels: Sequence[str]) -> KeyPlan:
    """Return the key made of all the cells of a row, as they are written."""
    fields = tuple(Field(label or "?") for label in labels)
    return KeyPlan("duplicate_row", fields, tuple(range(len(labels))), ())


class KeyReader:
    """Reads the key of a row: its typed values, None for a cell that is empty, wrong or lacking.

    Like frictionless: values are compared once typed (1.0 equals 1.00).
    """

    def __init__(self, fields: Sequence[Field], positions: Sequence[int], missing_values: tuple[str, ...]) -> None:
        self._readers: list[CellReader] = [exact_reader(field, missing_values) for field in fields]
        self._positions = tuple(positions)

    def key(self, row: Sequence[str | None]) -> Key:
        """Return the key of a row of cells."""
        return self.of([row[position] for position in self._positions])

    def of(self, cells: Sequence[str | None]) -> Key:
        """Return the key made of these cells."""
        return tuple(
            None if cell is None else hashable(read(cell)[0]) for read, cell in zip(self._readers, cells, strict=True)
        )


def hashable(value: Any) -> Hashable:
    """Return the value, or its text when it has no hash (a list, a signalling NaN)."""
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value  # type: ignore[no-any-return]


def canonical(key: Key) -> bytes | None:
    """Return bytes that two keys share exactly when they are equal; None when the key equals none, itself included."""
    parts = []
    for value in key:
        if isinstance(value, str):
            part = b"s" + value.encode("utf-8", "surrogatepass")
        elif isinstance(value, bool | int | float | Decimal):
            if value != value:
                return None
            part = b"n" + _number(value)
        elif isinstance(value, tuple):
            inner = canonical(value)
            if inner is None:
                return None
            part = b"t" + inner
        else:
            part = b"\0" if value is None else b"o" + repr(_moment(value)).encode("utf-8", "surrogatepass")
        parts.append(len(part).to_bytes(4, "little") + part)
    return b"".join(parts)


def _moment(value: Any) -> Any:
    """Return a moment without its offset: 10:00Z is 12:00+02:00. Other values are left as they are."""
    offset = value.utcoffset() if isinstance(value, datetime | time) else None
    if offset is None:  # the hour that comes twice in autumn is one hour to Python's equality
        return value.replace(fold=0) if isinstance(value, datetime | time) else value
    if isinstance(value, datetime):
        return "datetime", value - datetime(2000, 1, 1, tzinfo=UTC)
    clock = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    return "time", clock - offset


def _number(value: bool | int | float | Decimal) -> bytes:
    if isinstance(value, float):
        value = Decimal(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            return str(value).encode()
        sign, digits, exponent = value.as_tuple()
        text = "".join(map(str, digits)).lstrip("0").rstrip("0")
        stripped = len("".join(map(str, digits))) - len("".join(map(str, digits)).rstrip("0"))
        return f"{'-' if sign and text else ''}{text}e{int(exponent) + stripped if text else 0}".encode()
    text = str(abs(int(value)))
    short = text.rstrip("0")
    return f"{'-' if value < 0 else ''}{short}e{len(text) - len(short) if short else 0}".encode()


class Spill:
    """A temporary file where what does not fit in memory waits; it is made on the first write."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def append(self, data: bytes) -> int:
        """Write bytes at the end, and return where."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="opendata-check-")  # noqa: SIM115 - closed by close()
        start = self._file.seek(0, 2)
        self._file.write(data)
        return start

    def read(self, start: int, size: int) -> bytes:
        """Return bytes written before."""
        assert self._file is not None
        self._file.seek(start)
        return self._file.read(size)

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


class SeenKeys:
    """Remembers keys and tells the rows that repeat an earlier one, or that no offered one answers, once all are seen.

    ``sharers`` is how many are watched together: they share HELD_KEYS and one temporary file.
    """

    def __init__(self, spill: Spill | None = None, sharers: int = 1) -> None:
        self._salt = secrets.token_bytes(16)
        self._high, self._low, self._rows = array("Q"), array("I"), array("q")
        self._spill = spill or Spill()
        self._sharers = sharers
        self._pieces: list[list[tuple[int, int]]] = []
        """For each part of the keys, where its pieces are in the temporary file: start and size."""
        self.count = 0

    def add(self, key: bytes, row: int) -> None:
        """Record the key of one row; rows must increase. OFFERED instead of a row says what foreign keys may be."""
        digest = blake2b(key, digest_size=12, key=self._salt).digest()
        self._high.append(int.from_bytes(digest[:8], "little"))
        self._low.append(int.from_bytes(digest[8:], "little"))
        self._rows.append(row)
        self.count += 1
        self._make_room()

    def add_arrays(self, high: Any, low: Any, rows: Any) -> None:
        """Record many keys given as numpy arrays (uint64, uint32, int64) of salted hashes."""
        self._high.frombytes(high.tobytes())
        self._low.frombytes(low.tobytes())
        self._rows.frombytes(rows.tobytes())
        self.count += len(rows)
        self._make_room()

    def repeated(self) -> Iterator[int]:
        """Yield the rows whose key an earlier one had, in no order."""
        if not self._pieces and self.count < _FEW_KEYS:
            yield from self._repeated_plainly()
            return
        for high, low, rows in self._parts():
            yield from _repeated(high, low, rows)

    def unanswered(self) -> Iterator[int]:
        """Yield the rows whose key was never offered, in no order."""
        if not self._pieces and self.count < _FEW_KEYS:
            keys = list(zip(self._rows, self._high, self._low, strict=True))
            offered = {(high, low) for row, high, low in keys if row == OFFERED}
            yield from (row for row, high, low in keys if row != OFFERED and (high, low) not in offered)
            return
        import numpy as np

        for high, _, rows in self._parts():
            asked = rows != OFFERED
            yield from rows[asked][~np.isin(high[asked], high[~asked])].tolist()

    def close(self) -> None:
        """Remove the temporary file."""
        self._spill.close()

    def _repeated_plainly(self) -> Iterator[int]:
        seen: set[tuple[int, int]] = set()
        for row, high, low in sorted(zip(self._rows, self._high, self._low, strict=True)):
            if (high, low) in seen:
                yield row
            seen.add((high, low))

    def _make_room(self) -> None:
        if len(self._rows) * self._sharers >= HELD_KEYS:
            self._write_out()

    def _write_out(self) -> None:
        """Move what is held to the temporary file, in parts chosen by the key: equal keys meet in the same part."""
        import numpy as np

        if not self._pieces:
            self._pieces = [[] for _ in range(_PARTS)]
        high, low = np.frombuffer(self._high, np.uint64), np.frombuffer(self._low, np.uint32)
        rows = np.frombuffer(self._rows, np.int64)
        part = (high >> np.uint64(59)).astype(np.uint8)
        order = np.argsort(part, kind="stable").astype(np.uint32)
        bounds = np.cumsum(np.bincount(part, minlength=_PARTS)).tolist()
        for pieces, first, last in zip(self._pieces, [0, *bounds[:-1]], bounds, strict=True):
            if last > first:  # one part after another: all at once would weigh twice what is held
                chosen = order[first:last]
                records = np.empty(last - first, _record_type())
                records["high"], records["low"], records["row"] = high[chosen], low[chosen], rows[chosen]
                pieces.append((self._spill.append(records.tobytes()), records.nbytes))
        del high, low, rows
        self._high, self._low, self._rows = array("Q"), array("I"), array("q")

    def _parts(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield all the keys as arrays (high and low hashes, rows), a part at a time."""
        import numpy as np

        if not self._pieces:
            yield (
                np.frombuffer(self._high, np.uint64),
                np.frombuffer(self._low, np.uint32),
                np.frombuffer(self._rows, np.int64),
            )
            return
        if self._rows:
            self._write_out()
        for pieces in self._pieces:
            data = b"".join(self._spill.read(start, size) for start, size in pieces)
            records = np.frombuffer(data, _record_type())
            yield records["high"], records["low"], records["row"]


def _record_type() -> Any:
    import numpy as np

    return np.dtype([("high", "<u8"), ("low", "<u4"), ("row", "<i8")])


_MARKS = 1 << 20


_SLICE = 1_000_000


def _repeated(high: Any, low: Any, rows: Any) -> Iterator[int]:
    """Yield the rows whose hashes an earlier row had.

    Sorting the hashes alone is ten times faster than sorting their ranks: only rows that may be repeated are ranked.
    """
    import numpy as np

    if len(high) > _SLICE:
        yield from _repeated_by_slices(high, rows)
        return
    ordered = np.sort(high)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not twice.size:
        return
    last_bits = np.uint64(_MARKS - 1)
    marked = np.zeros(_MARKS, bool)
    marked[twice & last_bits] = True
    chosen = np.flatnonzero(marked[high & last_bits])
    chosen = chosen[np.lexsort((rows[chosen], low[chosen], high[chosen]))]
    again = (high[chosen][1:] == high[chosen][:-1]) & (low[chosen][1:] == low[chosen][:-1])
    yield from rows[chosen][1:][again].tolist()


def _repeated_by_slices(high: Any, rows: Any) -> Iterator[int]:
    """Yield the same when a few keys fill a part (millions of rows alike): memory follows the distinct keys.

    Sixty-four bits tell them apart: two keys of a million meet once in thirty million files.
    """
    import numpy as np

    seen = np.empty(0, np.uint64)
    for start in range(0, len(high), _SLICE):
        keys = high[start : start + _SLICE]
        distinct, first = np.unique(keys, return_index=True)
        again = np.ones(len(keys), bool)
        again[first] = np.isin(distinct, seen, assume_unique=True)
        numbers = rows[start : start + _SLICE]
        yield from numbers[again].tolist()
        seen = np.union1d(seen, distinct)
