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
from decimal import Decimal
from hashlib import blake2b
from typing import IO, Any

from opendata_check.model.schema import Field, TableSchema
from opendata_check.tables.exact import CellReader, exact_reader
from opendata_check.tables.issues import JudgedColumn

HELD_KEYS = 1_500_000
"""Keys kept in memory; beyond, they are written to temporary files."""
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
            None if cell is None else _hashable(read(cell)[0]) for read, cell in zip(self._readers, cells, strict=True)
        )


def _hashable(value: Any) -> Hashable:
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
        if value is None:
            parts.append(b"\0")
        elif isinstance(value, str):
            parts.append(b"s" + value.encode("utf-8", "surrogatepass"))
        elif isinstance(value, bool | int | float | Decimal):
            if value != value:
                return None
            parts.append(b"n" + _number(value))
        else:
            parts.append(b"o" + repr(value).encode())
    return b"".join(len(part).to_bytes(4, "little") + part for part in parts)


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


class SeenKeys:
    """Remembers keys and tells the rows that repeat an earlier one, once all are seen."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._high, self._low, self._rows = array("Q"), array("I"), array("q")
        self._files: list[IO[bytes]] = []
        self.count = 0

    def add(self, key: bytes, row: int) -> None:
        """Record the key of one row; rows must increase."""
        digest = blake2b(key, digest_size=12, key=self._salt).digest()
        self._high.append(int.from_bytes(digest[:8], "little"))
        self._low.append(int.from_bytes(digest[8:], "little"))
        self._rows.append(row)
        self.count += 1
        if len(self._rows) >= HELD_KEYS:
            self._write_out()

    def add_arrays(self, high: Any, low: Any, rows: Any) -> None:
        """Record many keys given as numpy arrays (uint64, uint32, int64) of salted hashes."""
        self._high.frombytes(high.tobytes())
        self._low.frombytes(low.tobytes())
        self._rows.frombytes(rows.tobytes())
        self.count += len(rows)
        if len(self._rows) >= HELD_KEYS:
            self._write_out()

    def repeated(self, among: Sequence[Any] | None = None) -> Iterator[tuple[int, int]]:
        """Yield (row, previous row with the same key), in no order; ``among`` are the only hashes that may be repeated."""
        if not self._files and self.count < 50_000:
            yield from self._repeated_plainly()
            return
        import numpy as np

        if not self._files:
            high, low = np.frombuffer(self._high, np.uint64), np.frombuffer(self._low, np.uint32)
            rows = np.frombuffer(self._rows, np.int64)
            if among is not None:
                told = np.zeros(1 << 20, bool)
                told[np.concatenate([*among, np.empty(0, np.uint64)]) & np.uint64((1 << 20) - 1)] = True
                kept = np.flatnonzero(told[high & np.uint64((1 << 20) - 1)])
                high, low, rows = high[kept], low[kept], rows[kept]
            yield from _repeated(high, low, rows)
            return
        self._write_out()
        for file in self._files:
            file.seek(0)
            records = np.frombuffer(file.read(), _record_type())
            yield from _repeated(records["high"], records["low"], records["row"])

    def close(self) -> None:
        """Remove the temporary files."""
        for file in self._files:
            file.close()

    def _repeated_plainly(self) -> Iterator[tuple[int, int]]:
        last: dict[tuple[int, int], int] = {}
        for row, high, low in sorted(zip(self._rows, self._high, self._low, strict=True)):
            before = last.get((high, low))
            last[high, low] = row
            if before is not None:
                yield row, before

    def _write_out(self) -> None:
        """Append what is held to one of several files, chosen by the key: equal keys meet in the same file."""
        import numpy as np

        if not self._files:
            self._files = [tempfile.TemporaryFile(prefix="opendata-check-") for _ in range(_PARTS)]
        records = np.empty(len(self._rows), _record_type())
        records["high"] = np.frombuffer(self._high, np.uint64)
        records["low"] = np.frombuffer(self._low, np.uint32)
        records["row"] = np.frombuffer(self._rows, np.int64)
        part = (records["high"] >> np.uint64(59)).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        records = records[order]
        bounds = np.searchsorted(part[order], np.arange(_PARTS + 1))
        for file, start, end in zip(self._files, bounds[:-1], bounds[1:], strict=True):
            file.write(records[start:end].tobytes())
        self._high, self._low, self._rows = array("Q"), array("I"), array("q")


def _record_type() -> Any:
    import numpy as np

    return np.dtype([("high", "<u8"), ("low", "<u4"), ("row", "<i8")])


def _repeated(high: Any, low: Any, rows: Any) -> Iterator[tuple[int, int]]:
    """Yield (row, previous row) for equal hashes."""
    import numpy as np

    order = np.argsort(high, kind="stable")
    sorted_high = high[order]
    same = np.flatnonzero(sorted_high[1:] == sorted_high[:-1])
    if not same.size:
        return
    among = np.unique(np.concatenate((same, same + 1)))
    last: dict[tuple[int, int], int] = {}
    chosen = order[among]
    for index in chosen[np.argsort(rows[chosen], kind="stable")].tolist():
        key = (int(high[index]), int(low[index]))
        row = int(rows[index])
        before = last.get(key)
        last[key] = row
        if before is not None:
            yield row, before
