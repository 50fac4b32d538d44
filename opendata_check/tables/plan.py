"""Settles, once the header is read, what is judged in which column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opendata_check.model.facts import TableFacts
from opendata_check.model.schema import CustomCheck, Field, SchemaMatch
from opendata_check.ranges import column_letter
from opendata_check.tables.columns import ColumnJudge
from opendata_check.tables.exact import missing_values_of
from opendata_check.tables.issues import JudgedColumn
from opendata_check.tables.keys import KeyPlan, key_plans, whole_row
from opendata_check.tables.row_checks import RowCheck, row_checks
from opendata_check.tables.value_checks import VALUE_CHECKS


@dataclass(frozen=True, slots=True)
class Plan:
    """What to judge of a table."""

    width: int
    """Cells a row should have."""
    header_record: int
    """Record number of the header, so that the first row is the next one."""
    columns: tuple[JudgedColumn, ...]
    judges: tuple[ColumnJudge, ...]
    """One per column of ``columns``."""
    row_checks: tuple[RowCheck, ...]
    keys: tuple[KeyPlan, ...]
    names: tuple[str, ...]
    """What each cell of a row is called: its field, else its label."""
    missing: tuple[frozenset[str], ...]
    """By position: the cells that count as empty."""
    required: frozenset[int]
    """Positions whose cells must be filled."""


def plan_of(header: Sequence[str], table: TableFacts, match: SchemaMatch, *, same_rows: bool = False) -> Plan:
    """Return the plan for a file whose header line gave ``header``; columns are matched by name, in any order.

    ``same_rows`` adds the whole row as a key, unless another key already forbids two rows alike.
    """
    schema = match.schema
    # Inspection's labels are those the match was made with; the line itself says how many cells a row should have.
    labels = list(table.labels) if len(table.labels) == len(header) else [cell.strip() for cell in header]
    positions = _positions(labels, match)
    fields = {field.name: field for field in schema.fields}
    columns = tuple(
        JudgedColumn(fields[name], position, labels[position].lstrip("\ufeff"), _letter(table, position))
        for name, position in sorted(positions.items(), key=lambda item: item[1])
    )
    keys = key_plans(schema, columns)
    by_position = {column.position: column.field for column in columns}
    return Plan(
        width=len(header),
        header_record=table.header_row or 1,
        columns=columns,
        judges=tuple(
            ColumnJudge(c.field, schema.missing_values, _checks_on(c.field, schema.checks), sharers=len(columns))
            for c in columns
        ),
        row_checks=row_checks(schema, positions),
        keys=keys if keys or not same_rows else (whole_row(labels),),
        names=tuple(by_position[p].name if p in by_position else label for p, label in enumerate(labels)),
        missing=tuple(
            missing_values_of(by_position[p], schema.missing_values) if p in by_position else frozenset(("",))
            for p in range(len(labels))
        ),
        required=frozenset(c.position for c in columns if c.field.required),
    )


def _positions(labels: Sequence[str], match: SchemaMatch) -> Mapping[str, int]:
    names = {field.name for field in match.schema.fields}
    misspelt = dict(match.misspelt_columns)
    positions: dict[str, int] = {}
    taken: set[int] = set()
    for read in (lambda label: label.lstrip("\ufeff"), lambda label: misspelt.get(label, "")):
        for position, label in enumerate(labels):
            name = read(label)
            if name in names and name not in positions and position not in taken:
                positions[name] = position
                taken.add(position)
    return positions


def _checks_on(field: Field, checks: Sequence[CustomCheck]) -> list[CustomCheck]:
    return [check for check in checks if check.name in VALUE_CHECKS and check.params.get("column") == field.name]


def _letter(table: TableFacts, position: int) -> str:
    if position < len(table.columns) and table.columns[position].position == position:
        return table.columns[position].letter
    return column_letter(position)
