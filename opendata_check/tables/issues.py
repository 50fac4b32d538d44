"""Turns groups of faulty cells into the issues a reader sees: a French sentence, an example, what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.schema import CustomCheck, Field, TableSchema, ValueIssue
from opendata_check.tables.columns import cell_verdict
from opendata_check.tables.examples import MASKED, may_hold_personal_data, shortened, shown_example
from opendata_check.tables.groups import Group, Groups
from opendata_check.tables.row_checks import RowCheck
from opendata_check.tables.suggestions import suggestion
from opendata_check.tables.value_checks import VALUE_CHECKS
from opendata_check.tables.wordings import (
    column_complaint,
    counted,
    row_complaint,
    structure_complaint,
    structure_message,
)

_STRUCTURAL = ("unclosed_quote", "encoding", "blank_row", "missing_cell", "extra_cell", "duplicate_row")
RULES = (
    *_STRUCTURAL,
    "required", "type", "pattern", "pattern_timeout", "enum", "minimum", "maximum", "min_length", "max_length",
    *VALUE_CHECKS,
    "unique", "primary_key", "foreign_key",
)  # fmt: skip
"""Every rule on one cell or row, in the order its faults are given; checks between columns come last."""

_NO_SUGGESTION = ("max_length", "min_length", "unique", "primary_key", "foreign_key", "pattern_timeout")


@dataclass(frozen=True, slots=True)
class JudgedColumn:
    """A column of the file that a field of the schema judges."""

    field: Field
    position: int
    label: str
    """As the header writes it."""
    letter: str

    @property
    def where(self) -> str:
        """Return how a sentence names the column: « la colonne B (dateConvention) »."""
        return f"la colonne {self.letter} ({shortened(self.label)})"


class Speaker:
    """Says what is wrong, knowing the columns and the schema."""

    def __init__(self, columns: Sequence[JudgedColumn], checks: Sequence[RowCheck], schema: TableSchema) -> None:
        self._columns = {column.position: column for column in columns}
        self._checks = {check.rule: check for check in checks}
        self._schema = schema

    def column(self, position: int) -> JudgedColumn | None:
        """Return the judged column at a position, if there is one."""
        return self._columns.get(position)

    def complaint(self, rule: str, position: int) -> str:
        """Return what is wrong, for one cell as for many, without a count."""
        if rule in _STRUCTURAL:
            return structure_complaint(rule)
        column = self._columns[position]
        if rule in self._checks:
            check = self._checks[rule]
            others = [
                self._name(name, at) for name, at in zip(check.names, check.positions, strict=True) if at != position
            ]
            dated = column.field.type in ("date", "datetime", "time")
            return row_complaint(check.check, column.where, others, dated=dated)
        return column_complaint(rule, column.field, column.where)

    def level(self, rule: str, position: int) -> str:
        """Return how serious a rule is: ``error``, or what the schema says of its own check."""
        if rule == "duplicate_row":
            return "warning"
        check = self._check(rule, position)
        return str(check.params.get("level", "error")) if check is not None else "error"

    def _check(self, rule: str, position: int) -> CustomCheck | None:
        if rule in self._checks:
            return self._checks[rule].check
        column = self._columns.get(position)
        if rule not in VALUE_CHECKS or column is None:
            return None
        name = column.field.name
        return next((c for c in self._schema.checks if c.name == rule and c.params.get("column") == name), None)

    def _name(self, name: str, position: int | None) -> str:
        """Return how the sentence names another column, which the file may lack."""
        if position is None:
            return f"la colonne {name}, absente,"
        return self._columns[position].where


def issues_of(
    groups: Groups, speaker: Speaker, schema: TableSchema, hints: tuple[PersonalDataHint, ...]
) -> tuple[ValueIssue, ...]:
    """Return one issue per group: whole rows first, then columns from left to right."""
    issues = []
    for rule, position, group in groups.ordered(_rank):
        count, rows = group.lines.count, group.lines.ranges()
        column = speaker.column(position)
        if rule in _STRUCTURAL or column is None:
            message = structure_message(rule, count)
            issues.append(ValueIssue(rule, "", "", count, rows, message, level=speaker.level(rule, position)))
            continue
        before, after = _example(rule, column, group, schema, hints)
        issues.append(
            ValueIssue(
                rule,
                shortened(column.label),
                column.letter,
                count,
                rows,
                counted(count, speaker.complaint(rule, position)),
                before=before,
                after=after,
                level=speaker.level(rule, position),
            )
        )
    return tuple(issues)


def _rank(rule: str) -> int:
    return RULES.index(rule) if rule in RULES else len(RULES)


def _example(
    rule: str, column: JudgedColumn, group: Group, schema: TableSchema, hints: tuple[PersonalDataHint, ...]
) -> tuple[str, str]:
    """Return one value as seen and as it should be, each "" when it cannot be said."""
    if group.example is None or rule == "required" or "/" in rule:
        return "", ""
    field = column.field
    personal = may_hold_personal_data(field, column.label, column.letter, hints)
    before = shown_example(rule, field, group.example, personal=personal)
    if not before or before == MASKED:
        return before, ""
    return before, corrected(rule, field, group.example, schema)


def corrected(rule: str, field: Field, cell: str, schema: TableSchema) -> str:
    """Return what a faulty cell should be, when that is sure: the schema accepts it, and it says the same."""
    if rule in _NO_SUGGESTION or rule == "required" or "/" in rule:
        return ""
    checks = [check for check in schema.checks if check.params.get("column") == field.name]
    verdict = cell_verdict(field, schema.missing_values, checks)
    return suggestion(field, cell, lambda text: shortened(text) == text and not verdict(text))
