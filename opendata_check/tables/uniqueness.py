"""Values seen twice in a column declared unique, or in a primary key, with bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from hashlib import blake2b
from typing import Any

from opendata_check.model.schema import Field
from opendata_check.tables.exact import exact_reader

MAX_VALUES = 500_000
"""Distinct values remembered; beyond, uniqueness is no longer judged and the validation says so."""


class UniqueKey:
    """Remembers the typed values of one or several columns.

    Like frictionless: values are compared once typed (1.0 equals 1.00), null ones are left out unless they are part of
    a larger key, a cell of the wrong type is null, and a primary key that is wholly null is a fault.
    """

    def __init__(self, fields: Sequence[Field], positions: Sequence[int], missing_values: tuple[str, ...]) -> None:
        self.positions = tuple(positions)
        self.full = False
        self._seen: set[Hashable] = set()
        self._typed = [_typed_reader(field, missing_values) for field in fields]

    def repeated(self, row: Sequence[str | None]) -> bool:
        """Return True when the row's key was seen before; remember it otherwise."""
        key = self._key(row)
        if all(part is None for part in key):
            return False
        if key in self._seen:
            return True
        if len(self._seen) >= MAX_VALUES:
            self.full = True
        else:
            self._seen.add(key)
        return False

    def null(self, row: Sequence[str | None]) -> bool:
        """Return True when every part of the row's key is null."""
        return all(part is None for part in self._key(row))

    def _key(self, row: Sequence[str | None]) -> tuple[Hashable, ...]:
        cells = (row[position] for position in self.positions)
        return tuple(None if cell is None else typed(cell) for typed, cell in zip(self._typed, cells, strict=True))


def _typed_reader(field: Field, missing_values: tuple[str, ...]) -> Callable[[str], Hashable]:
    """Return what to compare of a cell: a digest for a text (16 bytes whatever its length), else the typed value."""
    missing = frozenset(missing_values)
    read = exact_reader(field, missing_values)

    def typed(cell: str) -> Hashable:
        if cell in missing:
            return None
        if field.type == "string" and field.format == "default":
            return blake2b(cell.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        return _hashable(read(cell)[0])

    return typed


def _hashable(value: Any) -> Hashable:
    """Return the value, or its text when it has no hash (a list, a signalling NaN)."""
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value  # type: ignore[no-any-return]
