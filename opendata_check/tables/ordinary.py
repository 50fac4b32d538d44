"""Our own verdict on cells of ordinary types: the same as frictionless', without its import (0.4 s and more).

The law, proven by differential tests: when a verdict of this module is not None, frictionless gives the same.
Whatever is rare (other types and formats, options, infinite numbers) gets None and goes to frictionless itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from opendata_check.model.schema import Field

OwnVerdict = Callable[[str], tuple[str, ...] | None]
"""From a cell that is not missing: the Table Schema rules it breaks, or None when frictionless must be asked."""

_DATE = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]*")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_SHAPES = {"uri": _URI, "uuid": _UUID}
_ANYWHERE = {"required", "unique"}
_STRING = {"minLength", "maxLength", "pattern", "enum"}
_BOUNDS = {"minimum", "maximum"}
_TRUE = ("true", "True", "TRUE", "1")
_FALSE = ("false", "False", "FALSE", "0")
_NONE: tuple[str, ...] = ()
_TYPE = ("type",)


def own_verdict(field: Field) -> OwnVerdict | None:
    """Return our reader of a field's cells, or None when every cell must go to frictionless."""
    constraints = {
        name: value for name, value in field.constraints.items() if value is not None and name not in _ANYWHERE
    }
    rules = set(constraints)
    if (
        field.type == "string"
        and rules <= _STRING
        and field.format in ("default", *_SHAPES)
        and _plain_text(constraints)
    ):
        return _string_verdict(_SHAPES.get(field.format), constraints)
    if field.type in ("integer", "number") and rules <= _BOUNDS and not _reads_otherwise(field):
        if all(_plain_bound(bound, field.type) for bound in constraints.values()):
            return _number_verdict(field.type, constraints)
    elif field.type == "date" and field.format == "default" and not rules:
        return _date_verdict
    elif field.type == "boolean" and not rules:
        words = frozenset((*field.options.get("trueValues", _TRUE), *field.options.get("falseValues", _FALSE)))
        return lambda cell: _NONE if cell in words else _TYPE
    return None


def _plain_text(constraints: Mapping[str, Any]) -> bool:
    """Return False for a pattern that Python cannot compile or an enumeration of other things than texts."""
    try:
        re.compile(constraints.get("pattern", ""))
    except (re.error, TypeError):
        return False
    return all(isinstance(value, str) for value in constraints.get("enum", ()))


def _reads_otherwise(field: Field) -> bool:
    return any(key in field.options for key in ("decimalChar", "groupChar", "bareNumber", "floatNumber"))


def _plain_bound(bound: Any, type_: str) -> bool:
    return not isinstance(bound, bool) and isinstance(bound, int if type_ == "integer" else int | float)


def _date_verdict(cell: str) -> tuple[str, ...]:
    if _DATE.fullmatch(cell):
        return _NONE
    try:
        datetime.strptime(cell, "%Y-%m-%d")  # frictionless' own call: « 2024-1-5 » is accepted
    except ValueError:
        return _TYPE
    return _NONE


def _number_verdict(type_: str, constraints: Mapping[str, Any]) -> OwnVerdict:
    form, read = (_INTEGER, int) if type_ == "integer" else (_NUMBER, Decimal)
    # frictionless reads a bound of 0.1 as the decimal 0.1, not as the nearest binary fraction.
    bounds = {name: Decimal(str(bound)) for name, bound in constraints.items()}
    lowest, highest = bounds.get("minimum"), bounds.get("maximum")

    def verdict(cell: str) -> tuple[str, ...] | None:
        if form.fullmatch(cell):
            if not bounds:
                return _NONE
            value: int | Decimal = read(cell)
        else:
            try:
                value = read(cell.strip())
            except (ArithmeticError, ValueError):
                return _TYPE
            if isinstance(value, Decimal) and not value.is_finite():
                return None
        if lowest is not None and value < lowest:
            return ("minimum",)
        return ("maximum",) if highest is not None and value > highest else _NONE

    return verdict


def _string_verdict(shape: re.Pattern[str] | None, constraints: Mapping[str, Any]) -> OwnVerdict:
    tests: list[tuple[str, Callable[[str], object]]] = []
    if "minLength" in constraints:
        shortest = constraints["minLength"]
        tests.append(("minLength", lambda cell: len(cell) >= shortest))
    if "maxLength" in constraints:
        longest = constraints["maxLength"]
        tests.append(("maxLength", lambda cell: len(cell) <= longest))
    if "pattern" in constraints:
        # frictionless builds exactly this expression, anchors and all.
        tests.append(("pattern", re.compile(f"^{constraints['pattern']}$").match))
    if "enum" in constraints:
        tests.append(("enum", frozenset(constraints["enum"]).__contains__))

    def verdict(cell: str) -> tuple[str, ...] | None:
        if shape is not None and not shape.fullmatch(cell):
            return None
        return tuple(name for name, test in tests if not test(cell)) if tests else _NONE

    return verdict
