"""Clears the plain cells of a column with one call each: what it lets through is surely right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from opendata_check.model.schema import CustomCheck, Field
from opendata_check.tables.exact import missing_values_of
from opendata_check.tables.patterns import pattern_test
from opendata_check.tables.readers import DEFAULT_FALSE, DEFAULT_TRUE, PLAIN
from opendata_check.tables.value_checks import value_test

Quick = Callable[[str], Any]
"""Truthy for a cell that is surely right."""

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_DATE = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
_OPTIONS = frozenset({"decimalChar", "groupChar", "bareNumber", "floatNumber"})


def quick_test(field: Field, missing_values: tuple[str, ...], checks: Sequence[CustomCheck]) -> Quick | None:
    """Return the quick test of a column, or None when each cell must be judged exactly.

    The caller looks at empty cells itself. Where other cells than "" count as empty, nothing is quick: one of them may
    look like a right value.
    """
    if missing_values_of(field, missing_values) - {""} or any(value_test(check) for check in checks):
        return None
    wanted = {k: v for k, v in field.constraints.items() if v is not None and k not in ("required", "unique")}
    if field.type == "string":
        return _text(field, wanted)
    if field.type in ("integer", "number") and not _OPTIONS & field.options.keys():
        return _figure(field.type, wanted)
    if wanted or field.format != "default":
        return None
    if field.type == "date":
        return _DATE.fullmatch
    if field.type == "datetime":
        return PLAIN["datetime"].fullmatch
    if field.type == "boolean":
        words = (*field.options.get("trueValues", DEFAULT_TRUE), *field.options.get("falseValues", DEFAULT_FALSE))
        return frozenset(words).__contains__
    return None


def _text(field: Field, wanted: Mapping[str, Any]) -> Quick | None:
    if field.format in PLAIN:
        return PLAIN[field.format].fullmatch if not wanted else None
    if field.format != "default" or len(wanted) != 1:
        return None
    [(name, value)] = wanted.items()
    if name == "pattern":
        return pattern_test(field).plain_match
    if name == "enum" and isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return frozenset(value).__contains__
    if name == "maxLength" and isinstance(value, int) and not isinstance(value, bool):
        return lambda cell: len(cell) <= value
    return None


def _figure(kind: str, wanted: Mapping[str, Any]) -> Quick | None:
    """Bounds are compared as floats once the figure has fifteen digits at most: they say which is larger."""
    form = (_INTEGER if kind == "integer" else _NUMBER).fullmatch
    if not wanted:
        return form
    if not wanted.keys() <= {"minimum", "maximum"}:
        return None
    bounds = [wanted.get("minimum"), wanted.get("maximum")]
    if not all(bound is None or (isinstance(bound, int | float) and _short(bound)) for bound in bounds):
        return None
    low = float("-inf") if bounds[0] is None else float(bounds[0])
    high = float("inf") if bounds[1] is None else float(bounds[1])
    return lambda cell: len(cell) <= 15 and form(cell) and low <= float(cell) <= high


def _short(bound: float) -> bool:
    return not isinstance(bound, bool) and len(Decimal(str(bound)).as_tuple().digits) <= 15
