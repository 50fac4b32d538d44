"""frictionless' own cell readers: the verdict on every cell whose type or content is not ordinary."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from opendata_check.model.schema import Field
from opendata_check.tables.errors import TablesError

Reading = tuple[Any, tuple[str, ...]]
"""The typed value (None when missing or wrong) and the Table Schema names of the rules broken."""
CellReader = Callable[[str], Reading]

_TABLE_SCHEMA_OPTIONS = (
    "trueValues",
    "falseValues",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "floatNumber",
    "arrayItem",
)


def exact_reader(field: Field, missing_values: tuple[str, ...]) -> CellReader:
    """Return a reader of one field's cells; frictionless is imported and the reader made on its first call.

    Departure from frictionless 5.21: a cell that makes its reader crash (a signalling NaN against a bound, a time
    with an offset against one without) is a fault of type, so that one cell never stops an audit.
    Raises TablesError, on that first call, when frictionless refuses the field.
    """
    reader: Callable[[Any], tuple[Any, dict[str, str] | None]] | None = None

    def read(cell: str) -> Reading:
        nonlocal reader
        if reader is None:
            reader = _create_reader(field, missing_values)
        try:
            target, notes = reader(cell)
        except (ArithmeticError, TypeError, ValueError):
            return None, ("type",)
        return target, tuple(notes or ())

    return read


def descriptor(field: Field, missing_values: tuple[str, ...]) -> dict[str, Any]:
    """Return the field as a Table Schema descriptor, without our own keys."""
    return {
        "name": field.name,
        "type": field.type,
        "format": field.format,
        "constraints": dict(field.constraints),
        "missingValues": list(missing_values),
        **{key: field.options[key] for key in _TABLE_SCHEMA_OPTIONS if key in field.options},
    }


def _create_reader(field: Field, missing_values: tuple[str, ...]) -> Callable[[Any], tuple[Any, dict[str, str] | None]]:
    from frictionless import Field as FrictionlessField
    from frictionless import FrictionlessException

    try:
        reader: Callable[[Any], tuple[Any, dict[str, str] | None]] = FrictionlessField.from_descriptor(
            descriptor(field, missing_values)
        ).create_cell_reader()
    except (FrictionlessException, re.error) as error:
        raise TablesError(
            "ce champ du schéma ne peut pas être contrôlé",
            where=field.name,
            remedy="Le schéma est à corriger par ceux qui le publient.",
        ) from error
    return reader
