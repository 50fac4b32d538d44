"""What frictionless says of a table, and what our two engines say: the three must agree."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tables_factory import content_of

from opendata_check import tables
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import Field, SchemaMatch, TableSchema, TableValidation
from opendata_check.tables.ambiguity import ends_with_mark, parse
from opendata_check.tables.exact import descriptor
from opendata_check.tables.listing import CellFault, Listing
from opendata_check.tables.types import error_type

Faults = list[tuple[int, str, str]]
_HEADER_ERRORS = (
    "missing-label",
    "extra-label",
    "unmatched-header",
    "incorrect-label",
    "blank-label",
    "duplicate-label",
)
_SECOND_VERSION = "https://datapackage.org/profiles/2.0"
_OURS_ONLY = ("duplicate_row",)
"""Rules that frictionless does not have, and no schema asks for."""


def plain(schema: TableSchema) -> TableSchema:
    """Return the schema with Table Schema's rules only, without the national checks frictionless does not know."""
    return replace(schema, checks=())


def anchored_for_frictionless(field: Field) -> Field:
    """Return the field with its alternative in a group: what we make of « a|b » (a departure, tested apart)."""
    pattern = field.constraints.get("pattern")
    if not isinstance(pattern, str) or ends_with_mark(parse(f"^{pattern}$")):
        return field
    return replace(field, constraints={**field.constraints, "pattern": f"(?:{pattern})"})


def frictionless_reader(field: Field, missing_values: tuple[str, ...]) -> Callable[[str], tuple[Any, tuple[str, ...]]]:
    """Return frictionless' own reader of a field's cells, in our form."""
    import frictionless

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = frictionless.Field.from_descriptor(descriptor(anchored_for_frictionless(field), missing_values))
        read = made.create_cell_reader()

    def reading(cell: str) -> tuple[Any, tuple[str, ...]]:
        value, notes = read(cell)
        return value, tuple(notes or ())

    return reading


def with_supported_constraints(field: Field) -> Field:
    """Return the field without the constraints its type does not have: frictionless refuses them, we leave them out."""
    from frictionless import Field as FrictionlessField

    known = [*FrictionlessField.metadata_select_class(field.type).supported_constraints, "unique"]
    return replace(field, constraints={name: value for name, value in field.constraints.items() if name in known})


def schema_descriptor(schema: TableSchema) -> dict[str, Any]:
    """Return the schema as frictionless reads it."""
    keys = [
        {"fields": list(key.fields), "reference": {"resource": key.resource, "fields": list(key.reference_fields)}}
        for key in schema.foreign_keys
        if not key.resource
    ]
    return {
        **({"$schema": f"{_SECOND_VERSION}/tableschema.json"} if _needs_second_version(schema) else {}),
        "fields": [
            descriptor(with_supported_constraints(anchored_for_frictionless(field)), schema.missing_values)
            for field in schema.fields
        ],
        "missingValues": list(schema.missing_values),
        **({"primaryKey": list(schema.primary_key)} if schema.primary_key else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _needs_second_version(schema: TableSchema) -> bool:
    return any("exclusive" in name for field in schema.fields for name in field.constraints)


def frictionless_faults(path: Path, facts: ContentFacts, schema: TableSchema) -> Faults:
    """Return what frictionless.validate says of rows and cells, sorted; raises what it raises."""
    import frictionless
    from frictionless import formats, resources

    assert facts.text is not None
    assert facts.table is not None
    assert facts.table.dialect is not None
    control = formats.CsvControl(
        delimiter=facts.table.dialect.delimiter,
        quote_char=facts.table.dialect.quotechar,
        double_quote=True,
        skip_initial_space=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resource = resources.TableResource(
            path=path.name,
            basepath=str(path.parent),
            format="csv",
            encoding=facts.text.encoding,
            dialect=frictionless.Dialect(header_rows=[facts.table.header_row or 1], controls=[control]),
            detector=frictionless.Detector(schema_sync=True),
            schema_profile=f"{_SECOND_VERSION}/dataresource.json" if _needs_second_version(schema) else None,
            schema=frictionless.Schema.from_descriptor(schema_descriptor(schema)),
        )
        before = csv.field_size_limit(2**31 - 1)
        try:
            report = resource.validate(limit_errors=10**9)
        finally:
            csv.field_size_limit(before)
    assert not report.errors, report.errors
    found = []
    for error in report.tasks[0].errors:
        if error.type in _HEADER_ERRORS:
            continue
        assert hasattr(error, "row_number"), error
        name = "" if error.type in ("primary-key", "foreign-key") else getattr(error, "field_name", "")
        found.append((error.row_number, name, error.type))
    return sorted(found)


def listed(
    path: Path, facts: ContentFacts, schema: TableSchema, *, columnar: bool, **match: Any
) -> tuple[TableValidation, list[CellFault]]:
    """Validate with one engine; return the validation, and every fault as it is listed."""
    listing = Listing()
    try:
        validation = tables.validate(
            content_of(path), facts, SchemaMatch(schema, 1.0, "declared", **match), listing=listing, columnar=columnar
        )
        found = [fault for fault in listing if fault.rule not in _OURS_ONLY]
    finally:
        listing.close()
    assert [fault.row for fault in found] == sorted(fault.row for fault in found)
    return validation, found


def both_engines(path: Path, facts: ContentFacts, schema: TableSchema) -> tuple[TableValidation, list[CellFault]]:
    """Validate with both engines, see that they say the same thing to the letter, and return it."""
    by_rows = listed(path, facts, schema, columnar=False)
    by_columns = listed(path, facts, schema, columnar=True)
    assert by_columns[1] == by_rows[1]
    assert replace(by_columns[0], issues=()) == replace(by_rows[0], issues=())
    assert _told(by_columns[0]) == _told(by_rows[0])
    return by_rows


def _told(validation: TableValidation) -> list[tuple[Any, ...]]:
    return [(i.rule, i.column, i.letter, i.count, i.rows, i.message, i.level) for i in validation.issues]


def faults_of(found: list[CellFault], facts: ContentFacts) -> Faults:
    """Return listed faults in frictionless' words, sorted."""
    assert facts.table is not None
    names = dict(enumerate(label.lstrip("\ufeff") for label in facts.table.labels))
    told = [(fault.row, fault.position, error_type(fault.rule)) for fault in found]
    unnamed = ("primary-key", "foreign-key", "extra-cell", "blank-row")
    return sorted((row, "" if kind in unnamed else names[place], kind) for row, place, kind in told)


def same_as_frictionless(path: Path, facts: ContentFacts, schema: TableSchema) -> Faults:
    """See that both engines say what frictionless says of a file; return it."""
    validation, found = both_engines(path, facts, schema)
    assert validation.complete, validation.note
    ours = faults_of(found, facts)
    expected = frictionless_faults(path, facts, schema)
    longer = {row for row, _, kind in ours if kind == "extra-cell"}
    # A departure, tested apart: a row blank but for cells in excess is not called blank.
    apart = longer & {row for row, _, kind in expected if kind == "blank-row"}
    ours, expected = ([fault for fault in faults if fault[0] not in apart] for faults in (ours, expected))
    assert ours == expected, (set(ours) - set(expected), set(expected) - set(ours))
    return ours
