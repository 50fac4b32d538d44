"""Turns groups of faulty cells into the issues a reader sees: a French sentence, an example, what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.schema import Field, ValueIssue
from opendata_check.tables.columns import cell_verdict
from opendata_check.tables.examples import MASKED, may_hold_personal_data, shortened, shown_example
from opendata_check.tables.groups import STRUCTURE, Group, Groups
from opendata_check.tables.pairs import PairRule
from opendata_check.tables.suggestions import suggestion
from opendata_check.tables.wordings import column_message, pair_message, structure_message

RULES = (
    "encoding", "blank_row", "missing_cell", "extra_cell",
    "required", "type", "pattern", "enum", "minimum", "maximum", "min_length", "max_length", "siret",
    "unique", "primary_key", "at_least", "at_most", "together",
)  # fmt: skip
"""Every rule, in the order its faults are given."""


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


def issues_of(
    groups: Groups,
    columns: Sequence[JudgedColumn],
    pairs: Sequence[PairRule],
    missing_values: tuple[str, ...],
    hints: tuple[PersonalDataHint, ...],
) -> tuple[ValueIssue, ...]:
    """Return one issue per group: whole rows first, then columns from left to right."""
    by_position = {column.position: column for column in columns}
    by_pair = {(pair.rule, pair.place): pair for pair in pairs}
    issues = []
    for rule, position, group in groups.ordered(RULES.index):
        if position == STRUCTURE:
            issues.append(_structure_issue(rule, group))
        elif (pair := by_pair.get((rule, position))) and not (
            rule == "required" and by_position[position].field.required
        ):
            issues.append(_pair_issue(pair, by_position, group))
        else:
            issues.append(_column_issue(rule, by_position[position], group, missing_values, hints))
    return tuple(issues)


def _structure_issue(rule: str, group: Group) -> ValueIssue:
    count = group.lines.count
    return ValueIssue(rule, "", "", count, group.lines.ranges(), structure_message(rule, count))


def _pair_issue(pair: PairRule, by_position: dict[int, JudgedColumn], group: Group) -> ValueIssue:
    column = by_position[pair.place]
    other = _other_name(pair, by_position)
    count = group.lines.count
    message = pair_message(pair.kind, pair.field, count, column.where, other)
    return ValueIssue(pair.rule, shortened(column.label), column.letter, count, group.lines.ranges(), message)


def _other_name(pair: PairRule, by_position: dict[int, JudgedColumn]) -> str:
    """Return how the sentence names the pair's other column, which the file may lack."""
    if pair.position is None:
        return f"la colonne {pair.field.name}, absente,"
    if pair.other_position is None:
        return f"la colonne {pair.other.name}, absente,"
    return by_position[pair.other_position].where


def _column_issue(
    rule: str,
    column: JudgedColumn,
    group: Group,
    missing_values: tuple[str, ...],
    hints: tuple[PersonalDataHint, ...],
) -> ValueIssue:
    field = column.field
    before = after = ""
    if group.example is not None and rule != "required":
        personal = may_hold_personal_data(field, column.label, column.letter, hints)
        before = shown_example(rule, field, group.example, personal=personal)
        if before and before != MASKED and rule not in ("max_length", "min_length", "unique", "primary_key"):
            verdict = cell_verdict(field, missing_values)
            after = suggestion(field, group.example, lambda cell: shortened(cell) == cell and not verdict(cell))
    count = group.lines.count
    message = column_message(rule, field, count, column.where)
    return ValueIssue(
        rule, shortened(column.label), column.letter, count, group.lines.ranges(), message, before=before, after=after
    )
