"""The facts of GTFS Schedule: its files, their fields, and what each rule says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.resources import data_file, load_yaml
from opendata_check.standards.rulebook import RuleBook

Conditions = tuple[Mapping[str, frozenset[str]], ...]
"""Alternatives, each a set of fields and the values they must have: "" for empty, "*" for filled."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column. Source: GTFS Schedule reference."""

    name: str
    type: str
    required: bool
    column: bool
    """True when the column must be there, even with empty cells."""
    values: frozenset[str]
    minimum: float | None
    above: float | None
    nonzero: bool
    refs: tuple[str, ...]
    """« stops.txt/stop_id »: the columns of which it must be a value."""
    required_if: Conditions
    forbidden_if: Conditions


@dataclass(frozen=True, slots=True)
class Sequence:
    """How the rows of a file follow each other inside a group: the stops of a trip, the points of a shape."""

    group: str
    order: str
    distance: str
    times: tuple[str, ...]
    """Arrival and departure, or nothing."""
    windows: tuple[str, ...]
    """Fields that make a row on demand: it has no time."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file of the dataset."""

    name: str
    presence: str
    """``required``, ``conditional`` or ``optional``."""
    fields: Mapping[str, Field]
    key: tuple[str, ...]
    key_is_all: bool
    single: bool
    point: tuple[str, ...]
    ordered: tuple[tuple[str, str], ...]
    sequence: Sequence | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole reference."""

    tables: Mapping[str, Table]
    referred: frozenset[str]
    """Columns that others refer to: « stops.txt/stop_id »."""
    extended_route_types: tuple[int, int]
    days_ahead: int


@cache
def facts() -> Facts:
    """Return the facts, files in the order they are judged."""
    given = load_yaml(data_file("standards", "gtfs.yaml"))
    tables = {name: _table(name, table) for name, table in given["files"].items()}
    first, last = given["extended_route_types"]
    return Facts(
        tables=tables,
        referred=frozenset(ref for table in tables.values() for field in table.fields.values() for ref in field.refs),
        extended_route_types=(first, last),
        days_ahead=given["days_ahead"],
    )


def _table(name: str, given: Mapping[str, Any]) -> Table:
    key = given.get("key", ())
    sequence = given.get("sequence")
    return Table(
        name=name,
        presence=given.get("presence", "optional"),
        fields={field: _field(field, value) for field, value in given["fields"].items()},
        key=tuple(given["fields"]) if key == "*" else tuple(key),
        key_is_all=key == "*",
        single=given.get("single", False),
        point=tuple(given.get("point", ())),
        ordered=tuple((first, second) for first, second in given.get("ordered", ())),
        sequence=None
        if sequence is None
        else Sequence(
            sequence["group"],
            sequence["order"],
            sequence["distance"],
            tuple(sequence.get("times", ())),
            tuple(sequence.get("windows", ())),
        ),
    )


def _field(name: str, given: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        type=given["type"],
        required=given.get("required", False),
        column=given.get("column", False),
        values=frozenset(given.get("values", "").split()),
        minimum=given.get("minimum"),
        above=given.get("above"),
        nonzero=given.get("nonzero", False),
        refs=tuple(given.get("ref", ())),
        required_if=_conditions(given.get("required_if", ())),
        forbidden_if=_conditions(given.get("forbidden_if", ())),
    )


def _conditions(given: Any) -> Conditions:
    return tuple({field: frozenset(values) for field, values in one.items()} for one in given)


RULES = RuleBook("gtfs_rules.yaml")
