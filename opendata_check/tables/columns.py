"""Judges one column: from distinct cells to the rules each of them breaks, remembered within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set

from opendata_check.model.schema import CustomCheck, Field
from opendata_check.tables.exact import exact_reader, missing_values_of
from opendata_check.tables.quick import quick_test
from opendata_check.tables.value_checks import ValueTest, value_test

Rules = tuple[str, ...]

RULE_OF_CONSTRAINT = {
    "type": "type",
    "required": "required",
    "pattern": "pattern",
    "patternTimeout": "pattern_timeout",
    "enum": "enum",
    "minimum": "minimum",
    "exclusiveMinimum": "minimum",
    "maximum": "maximum",
    "exclusiveMaximum": "maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
}
"""frictionless' names → ours."""

_ALONE = {name: (rule,) for name, rule in RULE_OF_CONSTRAINT.items()}
_MEMO_ENTRIES = 20_000
_SHARED_ENTRIES = 600_000
_MEMO_CELL = 200


class ColumnJudge:
    """Gives the rules that cells of one column break; verdicts are remembered, so a repeated cell is judged once."""

    def __init__(
        self, field: Field, missing_values: tuple[str, ...], checks: Sequence[CustomCheck] = (), *, sharers: int = 1
    ) -> None:
        """``sharers`` is how many columns are judged together: they share what is remembered."""
        self.missing_values = missing_values
        self.checks = tuple(checks)
        self._verdict = cell_verdict(field, missing_values, checks)
        self._memo: dict[str, Rules] = {}
        self._most = min(_MEMO_ENTRIES, _SHARED_ENTRIES // max(1, sharers))
        self.only_required = _only_required(field, checks)
        """True when nothing but being filled is asked of a cell."""
        self._missing = missing_values_of(field, missing_values)
        self._required = field.required
        self._quick = quick_test(field, missing_values, checks) if not self.only_required else None

    def rules(self, cell: str) -> Rules:
        """Return the rules one cell breaks, in frictionless' order; empty when it is right."""
        rules = self._memo.get(cell)
        if rules is None:
            rules = self._verdict(cell)
            if len(cell) <= _MEMO_CELL:
                if len(self._memo) >= self._most:
                    self._memo.clear()
                self._memo[cell] = rules
        return rules

    def faulty(self, cells: Set[str | None]) -> dict[str, Rules]:
        """Return the faulty ones among distinct cells; None (the row stops before the column) is not judged."""
        if self.only_required:
            return {cell: ("required",) for cell in self._missing if cell in cells} if self._required else {}
        if self._quick is None:
            return {cell: rules for cell in cells if cell is not None and (rules := self.rules(cell))}
        quick = self._quick
        left = [cell for cell in cells if not cell or not quick(cell)]
        return {cell: rules for cell in left if cell is not None and (rules := self.rules(cell))}


def cell_verdict(
    field: Field, missing_values: tuple[str, ...], checks: Iterable[CustomCheck] = ()
) -> Callable[[str], Rules]:
    """Return a function that gives the rules one cell breaks, in frictionless' order; empty when it is right.

    ``checks`` are the schema's checks on this column: they are tried on cells that break no other rule.
    """
    exact = exact_reader(field, missing_values)
    missing = missing_values_of(field, missing_values)
    when_missing: Rules = ("required",) if field.required else ()
    tests: list[tuple[str, ValueTest]] = [(c.name, test) for c in checks if (test := value_test(c)) is not None]

    def verdict(cell: str) -> Rules:
        if cell in missing:
            return when_missing
        broken = exact(cell)[1]
        if len(broken) == 1:
            return _ALONE[broken[0]]
        if broken:
            return tuple(dict.fromkeys(RULE_OF_CONSTRAINT[name] for name in broken))
        return tuple(name for name, right in tests if not right(cell))

    return verdict


def _only_required(field: Field, checks: Sequence[CustomCheck]) -> bool:
    return (
        field.type == "string"
        and field.format == "default"
        and not any(value_test(check) for check in checks)
        and all(value is None or name in ("required", "unique") for name, value in field.constraints.items())
    )
