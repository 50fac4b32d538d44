"""The verdict on one cell: its typed value and the Table Schema rules it breaks, as frictionless gives them.

Our own readers for ordinary types (``readers``), frictionless' for the others; constraints are applied the same way
and in the same order. Departures from frictionless 5.21, all of them (their tests: test_tables_differential, _attacks):

1. a pattern that is an alternative, ``a|b``, is anchored on both sides of each branch: frictionless reads ``^a|b$``
   and lets « ax » and « xb » through;
2. a cell that makes its reader crash (a signalling NaN against a bound, a time with an offset against one without) is a
   fault of type: one cell never stops an audit;
3. a pattern that could take a cell for ever (nested repetitions) is given a tenth of a second; once five cells took
   longer, long ones are no longer judged;
4. a date or time of format ``any`` in more than 200 characters is a fault of type;
5. a foreign key is judged when the file has all its columns, those it points to included;
6. cells lacking or in excess after the first of their row are listed a million times at most.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from opendata_check.model.schema import TABLE_SCHEMA_OPTIONS, Field
from opendata_check.tables.errors import TablesError
from opendata_check.tables.patterns import pattern_test
from opendata_check.tables.readers import constraint_reader, value_reader

Reading = tuple[Any, tuple[str, ...]]
"""The typed value (None when missing or wrong) and the Table Schema names of the rules broken."""
CellReader = Callable[[str], Reading]
Test = Callable[[Any], bool]

_BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}
_ORDERED = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum")
_SUPPORTED: dict[str, tuple[str, ...]] = {
    "any": ("enum",),
    "string": ("minLength", "maxLength", "pattern", "enum"),
    "boolean": ("enum",),
    "geopoint": ("enum",),
    **dict.fromkeys(("integer", "number", "date", "datetime", "time", "year", "yearmonth"), _ORDERED),
}
"""Constraints frictionless applies to each type, in its order; others are left out."""


def missing_values_of(field: Field, missing_values: tuple[str, ...]) -> frozenset[str]:
    """Return the cells that count as empty in a column: the field's own list when it has one, else its schema's."""
    own = field.options.get("missingValues")
    return frozenset(missing_values if own is None else own)


def exact_reader(field: Field, missing_values: tuple[str, ...]) -> CellReader:
    """Return a reader of one field's cells, made on its first call.

    Raises TablesError, on that first call, when the field makes no sense (unknown type, pattern or bound that cannot
    be read).
    """
    reader: CellReader | None = None

    def read(cell: str) -> Reading:
        nonlocal reader
        if reader is None:
            reader = _our_reader(field, missing_values) or _frictionless_reader(field, missing_values)
        return reader(cell)

    return read


def descriptor(field: Field, missing_values: tuple[str, ...]) -> dict[str, Any]:
    """Return the field as a Table Schema descriptor, without our own keys."""
    return {
        "name": field.name,
        "type": field.type,
        "format": field.format,
        "constraints": dict(field.constraints),
        "missingValues": list(field.options.get("missingValues", missing_values)),
        **{key: field.options[key] for key in TABLE_SCHEMA_OPTIONS if key in field.options},
    }


def _our_reader(field: Field, missing_values: tuple[str, ...]) -> CellReader | None:
    read = value_reader(field)
    if read is None:
        return None
    missing = missing_values_of(field, missing_values)
    when_missing: Reading = (None, ("required",)) if field.required else (None, ())
    tests = tuple(_tests(field))

    def verdict(cell: str) -> Reading:
        if cell in missing:
            return when_missing
        value = read(cell)
        if value is None:
            return None, ("type",)
        if not tests:
            return value, ()
        try:
            return value, tuple(name for name, passes in tests if not passes(value))
        except (ArithmeticError, TypeError, ValueError):
            return None, ("type",)

    return verdict


def _tests(field: Field) -> list[tuple[str, Test]]:
    typed = constraint_reader(field)
    tests: list[tuple[str, Test]] = []
    for name in _SUPPORTED[field.type]:
        wanted = field.constraints.get(name)
        if wanted is None:
            continue
        if name == "pattern":
            pattern = pattern_test(field)
            tests.append((name, pattern.fits))
            if not pattern.plain:
                tests.append(("patternTimeout", pattern.was_judged))
        elif name == "enum":
            tests.append((name, _one_of([typed(value) for value in _list_of(field, wanted)])))
        elif name in _BOUNDS:
            tests.append((name, _bound(field, name, typed(wanted))))
        else:
            tests.append((name, _length(field, name, wanted)))
    return tests


def _list_of(field: Field, wanted: Any) -> list[Any]:
    if not isinstance(wanted, list | tuple):
        raise _senseless(field, "la liste de valeurs permises")
    return list(wanted)


def _one_of(values: list[Any]) -> Test:
    try:
        return frozenset(values).__contains__
    except TypeError:
        return values.__contains__


def _bound(field: Field, name: str, bound: Any) -> Test:
    if bound is None:
        raise _senseless(field, "une borne")
    compare = _BOUNDS[name]
    # NaN equals nothing, itself included: frictionless says that it breaks every bound.
    return lambda value: bool(value == value and compare(value, bound))


def _length(field: Field, name: str, wanted: Any) -> Test:
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise _senseless(field, "une longueur")
    if name == "minLength":
        return lambda value: len(value) >= wanted
    return lambda value: len(value) <= wanted


def _senseless(field: Field, what: str) -> TablesError:
    return TablesError(
        f"{what} de ce champ du schéma ne se lit pas",
        where=field.name,
        remedy="Le schéma est à corriger par ceux qui le publient.",
    )


def _frictionless_reader(field: Field, missing_values: tuple[str, ...]) -> CellReader:
    from frictionless import Field as FrictionlessField
    from frictionless import FrictionlessException

    try:
        read = FrictionlessField.from_descriptor(descriptor(field, missing_values)).create_cell_reader()
    except (FrictionlessException, re.error, TypeError) as error:
        raise TablesError(
            "ce champ du schéma ne peut pas être contrôlé",
            where=field.name,
            remedy="Le schéma est à corriger par ceux qui le publient.",
        ) from error

    def verdict(cell: str) -> Reading:
        try:
            value, notes = read(cell)
        except (ArithmeticError, TypeError, ValueError, RecursionError):
            return None, ("type",)
        return value, tuple(notes or ())

    return verdict
