"""Judges one column: from the distinct values of a batch of rows to the rules each of them breaks."""

from __future__ import annotations

from collections.abc import Callable, Set

from opendata_check.model.schema import Field
from opendata_check.tables.exact import exact_reader
from opendata_check.tables.identifiers import is_siret
from opendata_check.tables.ordinary import own_verdict

Rules = tuple[str, ...]

RULE_OF_CONSTRAINT = {
    "type": "type",
    "required": "required",
    "pattern": "pattern",
    "enum": "enum",
    "minimum": "minimum",
    "exclusiveMinimum": "minimum",
    "maximum": "maximum",
    "exclusiveMaximum": "maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
}
"""frictionless' names → ours."""

_MEMO_ENTRIES = 20_000
_MEMO_CELL = 200


def column_judge(field: Field, missing_values: tuple[str, ...]) -> Callable[[Set[str | None]], dict[str, Rules]]:
    """Return a function that takes the distinct cells of a batch and returns the faulty ones with the rules they break.

    A None cell (the row stops before the column) is not judged here. Verdicts are remembered within bounds, so a value
    repeated over a million rows is judged a few times.
    """
    verdict = cell_verdict(field, missing_values)
    if field.type == "string" and not _judges_text(field):
        return _only_required(field, missing_values)
    memo: dict[str, Rules] = {}

    def judge(cells: Set[str | None]) -> dict[str, Rules]:
        faulty: dict[str, Rules] = {}
        for cell in cells:
            if cell is None:
                continue
            rules = memo.get(cell)
            if rules is None:
                rules = verdict(cell)
                if len(cell) <= _MEMO_CELL:
                    if len(memo) >= _MEMO_ENTRIES:
                        memo.clear()
                    memo[cell] = rules
            if rules:
                faulty[cell] = rules
        return faulty

    return judge


def cell_verdict(field: Field, missing_values: tuple[str, ...]) -> Callable[[str], Rules]:
    """Return a function that gives the rules one cell breaks, in frictionless' order; empty when it is right."""
    own = own_verdict(field)
    exact = exact_reader(field, missing_values)
    missing = frozenset(missing_values)
    when_missing: Rules = ("required",) if field.required else ()
    siret = bool(field.options.get("check_siret"))

    def verdict(cell: str) -> Rules:
        if cell in missing:
            return when_missing
        broken = own(cell) if own is not None else None
        if broken is None:
            broken = exact(cell)[1]
        if broken:
            return tuple(dict.fromkeys(RULE_OF_CONSTRAINT[name] for name in broken))
        return ("siret",) if siret and not is_siret(cell) else ()

    return verdict


def _judges_text(field: Field) -> bool:
    """Return True when what a text says matters, beyond being there."""
    return (
        field.format != "default"
        or bool(field.options.get("check_siret"))
        or any(value is not None for name, value in field.constraints.items() if name not in ("required", "unique"))
    )


def _only_required(field: Field, missing_values: tuple[str, ...]) -> Callable[[Set[str | None]], dict[str, Rules]]:
    required = field.required

    def judge(cells: Set[str | None]) -> dict[str, Rules]:
        return {cell: ("required",) for cell in missing_values if cell in cells} if required else {}

    return judge
