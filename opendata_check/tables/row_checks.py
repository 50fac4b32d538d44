"""The checks that look at several cells of a row: what French schemas name and Table Schema cannot say."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from opendata_check.model.schema import CustomCheck, Field, TableSchema
from opendata_check.tables.exact import exact_reader, missing_values_of

RowTest = Callable[[tuple[str, ...]], bool]
"""From the cells of the check's columns to True when they are at fault; a column the file lacks gives ""."""
Typed = Callable[[str], Any]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "=": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
    "!=": operator.ne,
}


_FEWEST = 2
"""Columns below which there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A check of a schema, bound to the columns of one file."""

    rule: str
    """Name of the check and, after a slash, its other columns: unique in a schema."""
    check: CustomCheck
    names: tuple[str, ...]
    """Columns it looks at; the fault is shown at the first one that the file has."""
    positions: tuple[int | None, ...]
    """0-based; None when the file lacks the column."""
    faulty: RowTest

    @property
    def place(self) -> int:
        """Position the fault is shown at."""
        return next(position for position in self.positions if position is not None)

    def faulty_rows(self, columns: Sequence[Sequence[str | None]], size: int) -> list[int]:
        """Return the indexes of the rows of a batch at fault; rows too short to tell are left out."""
        empty: Sequence[str | None] = [""] * size
        cells = [columns[position] if position is not None else empty for position in self.positions]
        wrong = {row for row in set(zip(*cells, strict=True)) if None not in row and self.faulty(row)}
        if not wrong:
            return []
        return [index for index, row in enumerate(zip(*cells, strict=True)) if row in wrong]


def row_checks(schema: TableSchema, positions: Mapping[str, int]) -> tuple[RowCheck, ...]:
    """Return the schema's checks on several columns that the file's columns allow to judge."""
    fields = {field.name: field for field in schema.fields}
    found: list[RowCheck] = []
    for check in schema.checks:
        make = ROW_CHECKS.get(check.name)
        if make is None:
            continue
        names = _columns_of(check)
        if len(names) < _FEWEST or not set(names) <= fields.keys():
            continue
        present = [name for name in names if name in positions]
        if len(present) < (1 if check.name == "one-of-required" else len(names)):
            continue
        rule = f"{check.name}/{'+'.join(names[1:])}"
        test = make(check.params, [fields[name] for name in names], schema.missing_values)
        found.append(RowCheck(rule, check, names, tuple(positions.get(name) for name in names), test))
    return tuple(found)


def _columns_of(check: CustomCheck) -> tuple[str, ...]:
    params = check.params
    single = [params[key] for key in ("column", "column1", "column2", "unless") if isinstance(params.get(key), str)]
    lists = [params[key] for key in ("columns", "othercolumns") if isinstance(params.get(key), list | tuple)]
    several = [name for names in lists for name in names if isinstance(name, str)]
    return tuple(dict.fromkeys([*single, *several]))


def _typed(fields: Sequence[Field], missing_values: tuple[str, ...]) -> list[Typed]:
    def typed(field: Field) -> Typed:
        read = exact_reader(field, missing_values)
        return lambda cell: read(cell)[0]

    return [typed(field) for field in fields]


def _compare(params: Mapping[str, Any], fields: list[Field], missing_values: tuple[str, ...]) -> RowTest:
    """``column op column2``, both typed; nothing is said when one is empty, wrong or of another kind."""
    holds = _OPERATORS.get(str(params.get("op", "")))
    first, second = _typed(fields[:2], missing_values)

    def faulty(cells: tuple[str, ...]) -> bool:
        left, right = first(cells[0]), second(cells[1])
        if holds is None or left is None or right is None:
            return False
        try:
            return not holds(left, right)
        except (TypeError, InvalidOperation):
            return False

    return faulty


def _sum(params: Mapping[str, Any], fields: list[Field], missing_values: tuple[str, ...]) -> RowTest:
    """``column`` is the sum of ``columns``; nothing is said when one of them is empty or wrong."""
    total, *parts = _typed(fields, missing_values)

    def faulty(cells: tuple[str, ...]) -> bool:
        values = [read(cell) for read, cell in zip((total, *parts), cells, strict=True)]
        if not all(isinstance(value, int | Decimal | float) for value in values):
            return False
        try:
            return all(value == value for value in values) and bool(values[0] != sum(values[1:]))
        except (TypeError, InvalidOperation):
            return False

    return faulty


def _cohesive(params: Mapping[str, Any], fields: list[Field], missing_values: tuple[str, ...]) -> RowTest:
    """``column`` and ``othercolumns`` are all filled or all empty."""
    missing = [missing_values_of(field, missing_values) for field in fields]
    return lambda cells: len({cell in empty for cell, empty in zip(cells, missing, strict=True)}) > 1


def _one_of(params: Mapping[str, Any], fields: list[Field], missing_values: tuple[str, ...]) -> RowTest:
    """At least one of the columns is filled."""
    missing = [missing_values_of(field, missing_values) for field in fields]
    return lambda cells: all(cell in empty or not cell for cell, empty in zip(cells, missing, strict=True))


def _required_unless(params: Mapping[str, Any], fields: list[Field], missing_values: tuple[str, ...]) -> RowTest:
    """``column`` may be empty only where ``unless`` holds ``value`` (ours, for BAL's places without an address)."""
    missing = missing_values_of(fields[0], missing_values)
    value = str(params.get("value", ""))
    return lambda cells: cells[0] in missing and cells[1].strip() != value


ROW_CHECKS: Mapping[str, Callable[[Mapping[str, Any], list[Field], tuple[str, ...]], RowTest]] = {
    "compare-columns-value": _compare,
    "sum-columns-value": _sum,
    "cohesive-columns-value": _cohesive,
    "one-of-required": _one_of,
    "required-unless-value": _required_unless,
}
"""By the name that schemas give; the last one is ours."""
