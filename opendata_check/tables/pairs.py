"""Rules between two columns of a row: the national schemas' own checks that Table Schema cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from opendata_check.model.schema import Field, TableSchema

PairTest = Callable[[str, str], bool]

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class PairRule:
    """A rule on a column that looks at another one of the same row."""

    kind: str
    """``at_least``, ``at_most``, ``together``, ``one_of`` or ``required_unless``."""
    field: Field
    other: Field
    position: int | None
    """0-based; None when the file lacks the column, whose cells are then taken for empty."""
    other_position: int | None
    faulty: PairTest

    @property
    def rule(self) -> str:
        """The rule as it is reported: an empty cell is ``required``, whatever makes it so."""
        return "required" if self.kind in ("one_of", "required_unless") else self.kind

    @property
    def place(self) -> int:
        """Position the fault is shown at."""
        place = self.position if self.position is not None else self.other_position
        assert place is not None
        return place

    def faulty_cells(self, columns: Sequence[Sequence[str | None]], size: int) -> list[int]:
        """Return the indexes of the rows of a batch that break the rule; rows too short to tell are left out."""
        empty = [""] * size
        left = columns[self.position] if self.position is not None else empty
        right = columns[self.other_position] if self.other_position is not None else empty
        wrong = {
            pair
            for pair in set(zip(left, right, strict=True))
            if pair[0] is not None and pair[1] is not None and self.faulty(pair[0], pair[1])
        }
        if not wrong:
            return []
        return [index for index, pair in enumerate(zip(left, right, strict=True)) if pair in wrong]


def pair_rules(schema: TableSchema, positions: Mapping[str, int]) -> tuple[PairRule, ...]:
    """Return the rules between columns that the file's columns allow to judge.

    A rule that compares needs both columns; ``check_one_of`` (one of the two must be filled) needs one of them.
    """
    fields = {field.name: field for field in schema.fields}
    missing = frozenset(schema.missing_values)
    rules = []
    for field in schema.fields:
        for kind, other, faulty, needs_both in _declared(field, missing):
            here, there = positions.get(field.name), positions.get(other)
            present = (here is not None) + (there is not None)
            if present == 2 or (present == 1 and not needs_both):
                rules.append(PairRule(kind, field, fields[other], here, there, faulty))
    return tuple(rules)


def _declared(field: Field, missing: frozenset[str]) -> list[tuple[str, str, PairTest, bool]]:
    """Return (kind, other column, faulty test, needs both columns) for each check the field's options name."""
    options = field.options
    found: list[tuple[str, str, PairTest, bool]] = []
    if "check_at_least" in options:
        found.append(("at_least", options["check_at_least"], lambda a, b: _decreasing(b, a), True))
    if "check_at_most" in options:
        found.append(("at_most", options["check_at_most"], lambda a, b: _decreasing(a, b), True))
    if "check_together" in options:
        found.append(("together", options["check_together"], lambda a, b: (a in missing) != (b in missing), True))
    if "check_one_of" in options:
        found.append(("one_of", options["check_one_of"], lambda a, b: a in missing and b in missing, False))
    if "check_required_unless" in options:
        unless = options["check_required_unless"]
        value = unless["value"]
        found.append(("required_unless", unless["column"], lambda a, b: a in missing and b.strip() != value, True))
    return found


def _decreasing(first: str, second: str) -> bool:
    """Return True when both cells are plain dates, or plain integers, and the first is greater."""
    if _ISO_DATE.fullmatch(first) and _ISO_DATE.fullmatch(second):
        return first > second
    if _INTEGER.fullmatch(first) and _INTEGER.fullmatch(second):
        return int(first) > int(second)
    return False
