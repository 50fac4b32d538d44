"""Writes the Table Schema that a profiled table already satisfies: types, formats, and what all its cells share.

A field is only as strict as the whole column: where a few cells are not of the kind, its type is ``string`` and its
description says what was seen. Follows specs.frictionlessdata.io/table-schema (version 1) and, for the keys of French
identifiers, the ``custom_checks`` that schemas of schema.data.gouv.fr name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from opendata_check.folding import fold
from opendata_check.model.profile import ColumnProfile, TableProfile

_ENOUGH_ROWS = 20
"""Rows from which values that are all different are likely to stay so."""
_LONGEST_KEY = 60
_UNIQUE_TYPES = frozenset({"integer", "string"})
_BOUNDED = frozenset({"integer", "number", "year", "date", "datetime"})
_PATTERNS = {
    "siret": "[0-9]{14}",
    "siren": "[0-9]{9}",
    "code_insee": "([0-9]{2}|2[AB])[0-9]{3}",
    "code_postal": "[0-9]{5}",
}
_CHECKS = {"siret": "french-siret-value", "siren": "french-siren-value"}
_KINDS = {
    "integer": "des nombres entiers",
    "number": "des nombres",
    "date": "des dates",
    "datetime": "des dates avec l'heure",
    "boolean": "des oui ou non",
    "year": "des années",
    "geopoint": "des coordonnées",
}


def inferred(profile: TableProfile, *, name: str = "", bounds: bool = False) -> dict[str, Any]:
    """Return the Table Schema descriptor of a profiled table.

    ``name`` is kept as its title; ``bounds`` adds the least and greatest value of each column, where they are known.
    A label that comes twice, or is empty, gets a name made up, and its field asks for nothing.
    """
    fields, checks = [], []
    for column, own_name in zip(profile.columns, _names(profile), strict=True):
        made_up = own_name != column.label.lstrip("\ufeff")
        field = _field(column, profile, bounds=bounds)
        if made_up:
            field.get("constraints", {}).pop("required", None)
        fields.append({"name": own_name, **{key: value for key, value in field.items() if value not in ({}, "")}})
        check = _CHECKS.get(column.identifier)
        if check and not column.identifier_invalid and column.filled and not made_up:
            checks.append({"name": check, "params": {"column": own_name}})
    descriptor: dict[str, Any] = {"title": name} if name else {}
    descriptor |= {"fields": fields, "missingValues": [""]}
    return descriptor | ({"custom_checks": checks} if checks else {})


def _names(profile: TableProfile) -> Iterator[str]:
    """Yield one name a column, all different: its label wherever that is possible."""
    taken = {column.label.lstrip("\ufeff") for column in profile.columns}
    given: set[str] = set()
    for column in profile.columns:
        label = column.label.lstrip("\ufeff")
        name = label if fold(label).strip() else f"colonne_{column.letter}"
        number = 2
        stem = name
        while name in given or (name in taken and name != label):
            name = f"{stem}_{number}"
            number += 1
        given.add(name)
        yield name


def _field(column: ColumnProfile, profile: TableProfile, *, bounds: bool) -> dict[str, Any]:
    nothing = list(column.missing_values)
    # Words for nothing cannot be listed where they would make a whole row empty: that row would be a fault.
    listed = not nothing or not profile.hollow_rows
    typed = column.uniform and listed and _is_readable(column)
    field: dict[str, Any] = _typed(column) if typed else {"type": "string"}
    if not typed and column.kind not in ("string", "empty"):
        field["description"] = _seen(column)
    plain = listed and column.uniform
    if nothing and plain and (typed or column.kind == "string"):
        field["missingValues"] = ["", *nothing]
    if plain and column.kind == "string" and column.format and not column.format_exceptions:
        field["format"] = column.format
    field["constraints"] = dict(_constraints(column, profile, field["type"], plain=plain))
    if bounds and typed and column.kind in _BOUNDED:
        field["constraints"] |= _bounds(column)
    return field


def _is_readable(column: ColumnProfile) -> bool:
    """Return whether Table Schema has a type for a column of this kind and form."""
    return column.kind not in ("string", "empty") and not (column.kind == "geopoint" and column.written.example)


def _typed(column: ColumnProfile) -> dict[str, Any]:
    """Return the type of a column whose every cell is read the same way, with what Table Schema needs to read it."""
    written = column.written
    field: dict[str, Any] = {"type": column.kind, "format": written.date_format}
    if column.kind in ("integer", "number"):
        marks = {"decimalChar": written.decimal_char, "groupChar": written.group_char}
        told = {key: mark for key, mark in marks.items() if mark not in ("", ".")}
        if written.unit:
            told["bareNumber"] = False  # type: ignore[assignment]
        # Integers have no mark between thousands in Table Schema.
        field |= {**told, "type": "number" if told else column.kind}
    if column.kind == "boolean" and written.true_values:
        field |= {"trueValues": list(written.true_values), "falseValues": list(written.false_values)}
    return field


def _constraints(column: ColumnProfile, profile: TableProfile, type_: str, *, plain: bool) -> Iterator[tuple[str, Any]]:
    """Yield what holds of every cell; ``plain`` says that the cells for nothing are all listed."""
    if column.filled and not column.empty and not column.missing_values:
        yield "required", True
        key = type_ in _UNIQUE_TYPES and column.kind in _UNIQUE_TYPES and column.longest <= _LONGEST_KEY
        if column.unique and key and not column.padded and profile.rows >= _ENOUGH_ROWS:
            yield "unique", True
    if column.kind != "string" or not plain or not column.filled:
        return
    if column.identifier and not column.identifier_invalid:
        yield "pattern", _PATTERNS[column.identifier]
    elif column.digits:
        yield "pattern", f"[0-9]{{{column.digits}}}"
    elif len(column.values) > 1:
        yield "enum", list(column.values)


def _bounds(column: ColumnProfile) -> Iterator[tuple[str, Any]]:
    """Yield the extremes as the field's own cells are written."""
    for name, text in (("minimum", column.minimum), ("maximum", column.maximum)):
        value = _written(column, text) if text else None
        if value is not None:
            yield name, value


def _written(column: ColumnProfile, text: str) -> Any:
    """Return an ISO value in the form of its column, or None when that cannot be sure."""
    if column.kind in ("integer", "year"):
        return int(text)
    if column.kind == "number":
        if column.written.unit:
            return None
        try:
            value = float(text)
            return value if Decimal(repr(value)) == Decimal(text) else text.replace(".", column.written.decimal_char)
        except (ValueError, InvalidOperation, OverflowError):
            return None
    form = column.written.date_format
    if not form or text < "1000":
        return text if text >= "1000" else None
    try:
        return datetime.fromisoformat(text).strftime(form)
    except ValueError:
        return None


def _seen(column: ColumnProfile) -> str:
    """Return a sentence on what a column of strings seems to hold."""
    kind = _KINDS[column.kind]
    if column.mixed:
        return f"Contient {kind}, sous plusieurs formes."
    if column.exceptions:
        return f"Contient {kind}, sauf {column.exceptions} cellule{'s' if column.exceptions > 1 else ''}."
    if column.written.example:
        return f"Contient {kind} ({column.written.example})."
    return f"Contient {kind}."
