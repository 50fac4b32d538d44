"""Table Schema as we need it: the facts of a national schema, and what a table gave against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opendata_check.model.facts import RowRange

TABLE_SCHEMA_OPTIONS = (
    "trueValues",
    "falseValues",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "floatNumber",
    "arrayItem",
    "delimiter",
    "itemType",
)
"""Keys of a field that say how its cells are written, beside its type and format."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a Table Schema."""

    name: str
    type: str = "string"
    format: str = "default"
    constraints: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    """trueValues, falseValues, decimalChar, groupChar, bareNumber…"""
    example: str = ""
    meaning: str = ""
    """French, in our words: what to put in the column."""

    @property
    def required(self) -> bool:
        """Return True when an empty cell is a fault (constraint ``required``)."""
        return bool(self.constraints.get("required"))


@dataclass(frozen=True, slots=True)
class CustomCheck:
    """A check that a French schema names beyond Table Schema (``custom_checks``)."""

    name: str
    """As published: ``french-siret-value``, ``compare-columns-value``, ``one-of-required``…"""
    params: Mapping[str, Any] = field(default_factory=dict)
    """``column``, ``column2``, ``op``, ``columns``, ``othercolumns``, ``allow-year-only``…"""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must exist elsewhere."""

    fields: tuple[str, ...]
    resource: str
    """Name of the other table in its data package; "" for the table itself."""
    reference_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One version of a schema."""

    id: str
    """As on schema.data.gouv.fr: ``scdl/deliberations``."""
    version: str
    title: str
    fields: tuple[Field, ...]
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    optional_columns: frozenset[str] = frozenset()
    """Columns that may be left out altogether."""
    source: str = ""
    """Where the facts come from, with the licence."""
    checks: tuple[CustomCheck, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    carrier: str = "table"
    """``table``, or ``geojson`` when the fields are the properties of features."""


@dataclass(frozen=True, slots=True)
class SchemaMatch:
    """Which schema a table was meant for."""

    schema: TableSchema
    confidence: float
    """0 to 1."""
    by: str
    """``declared`` (the catalogue says so) or ``header`` (the columns say so)."""
    missing_columns: tuple[str, ...] = ()
    """Mandatory columns the header lacks."""
    extra_columns: tuple[str, ...] = ()
    misspelt_columns: tuple[tuple[str, str], ...] = ()
    """(as written, as it should be): case, accents, spaces or a typo apart."""


@dataclass(frozen=True, slots=True)
class ValueIssue:
    """All the cells of one column that break one rule, together."""

    rule: str
    """``type``, ``required``, ``pattern``, ``enum``, ``minimum``, ``maximum``, ``min_length``, ``max_length``,
    ``unique``, ``primary_key``, ``foreign_key``, ``extra_cell``, ``missing_cell``, ``blank_row``, ``encoding``, the
    name of a custom check (``french-siret-value``) and, after a slash, its other columns; (rule, column) is unique in
    one validation."""
    column: str
    letter: str
    count: int
    rows: tuple[RowRange, ...]
    """Physical lines, all of them (grouped in ranges)."""
    message: str
    """French, one sentence for the whole group."""
    before: str = ""
    """One faulty value, shortened and, in a column that may hold personal data, masked."""
    after: str = ""
    """What it should look like, when that can be said."""
    level: str = "error"
    """``error``, or ``warning`` for what is likely wrong but not against the schema."""


@dataclass(frozen=True, slots=True)
class TableValidation:
    """What a table gave against a schema."""

    schema_id: str
    schema_version: str
    row_count: int
    """Rows judged."""
    issues: tuple[ValueIssue, ...] = ()
    complete: bool = True
    """False when a limit stopped the reading: the rest was not judged."""
    note: str = ""
    """French: what was not judged and why; "" when complete."""

    @property
    def valid(self) -> bool:
        """Return True when every row was judged and none is at fault; warnings leave a table valid."""
        return self.complete and not any(issue.level == "error" for issue in self.issues)
