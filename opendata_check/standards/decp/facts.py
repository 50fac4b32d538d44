"""The facts of the formats of public contracts: what each value must be, and what each rule says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from opendata_check.resources import data_file, load_yaml
from opendata_check.standards.rulebook import RuleBook


@dataclass(slots=True, eq=False)
class Kind:
    """What a value must be. Source: 139bercy/format-commande-publique."""

    type: str = ""
    """``object``, ``array``, ``string``, ``integer``, ``number`` or ``boolean``; "" for any."""
    untyped: bool = False
    """True when the schema forgets to state the type."""
    keys: Mapping[str, Kind] | None = None
    required: tuple[str, ...] = ()
    closed: bool = False
    former: tuple[str, ...] = ()
    """Keys that an earlier version admitted."""
    items: Kind | None = None
    wrapper: str = ""
    """In JSON, each item is an object of this one key; "" when it is not wrapped."""
    element: str = ""
    """Name of an item in XML; "" when any name will do."""
    repeated: bool = False
    """True when XML has no element for the list itself: its key is repeated."""
    min_items: int = 0
    unique: bool = False
    enum: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    """Values that only an earlier version admitted."""
    pattern: re.Pattern[str] | None = None
    min_length: int = 0
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    empty_in_xml: bool = False
    personal: bool = False
    rule: str = ""
    """Name of the rule beyond the schema that judges the value."""


@dataclass(frozen=True, slots=True)
class Format:
    """One version of the format."""

    name: str
    contracts: Mapping[str, Kind]
    telling: frozenset[str]
    """Keys of a contract that tell this version from the other."""
    decimal_integers: bool
    """True when 12.0 is an integer (JSON Schema since draft-06)."""
    closed_in_xml: bool
    """True when no element of XML may hold what the format does not name."""
    until: date | None
    """Contracts concluded from that day are due in a later format."""


@cache
def format_named(name: str) -> Format:
    """Return a version of the format: « 2019 » or « 2022 »."""
    facts = load_yaml(data_file("standards", f"decp_{name}.yaml"))
    kinds: dict[str, Kind] = {}
    for kind_name in facts["kinds"]:
        _kind(kind_name, facts["kinds"], kinds)
    return Format(
        name=facts["name"],
        contracts={key: kinds[kind_name] for key, kind_name in facts["contracts"].items()},
        telling=frozenset(facts["telling"]),
        decimal_integers=bool(facts["decimal_integers"]),
        closed_in_xml=bool(facts["closed_in_xml"]),
        until=date.fromisoformat(facts["until"]) if "until" in facts else None,
    )


def _kind(name: str, facts: Mapping[str, Any], kinds: dict[str, Kind]) -> Kind:
    """Return a kind and all those it is made of."""
    if name in kinds:
        return kinds[name]
    given = facts[name]
    kind = kinds[name] = Kind(
        type=given.get("type", ""),
        untyped=given.get("untyped", False) and "wrapped_in" not in given,
        closed=given.get("closed", False),
        former=tuple(given.get("former", ())),
        wrapper=given.get("wrapped_in", ""),
        element=given.get("element", ""),
        repeated=given.get("repeated_in_xml", False),
        min_items=given.get("min_items", 0),
        unique=given.get("unique", False),
        enum=tuple(given.get("enum", ())),
        formerly=tuple(given.get("formerly", ())),
        pattern=re.compile(given["pattern"]) if "pattern" in given else None,
        min_length=given.get("min_length", 0),
        max_length=given.get("max_length"),
        minimum=given.get("minimum"),
        maximum=given.get("maximum"),
        empty_in_xml=given.get("empty_in_xml", False),
        personal=given.get("personal", False),
        rule=given.get("is", ""),
    )
    required, optional = given.get("required", {}), given.get("optional", {})
    if kind.type == "object":
        kind.keys = {key: _kind(value, facts, kinds) for key, value in {**required, **optional}.items()}
        kind.required = tuple(required)
    if "items" in given:
        item = _kind(given["items"], facts, kinds)
        kind.items = item
        if kind.wrapper:
            kind.items = Kind("object", given.get("untyped", False), {kind.wrapper: item}, (kind.wrapper,))
    return kind


RULES = RuleBook("decp_rules.yaml")


def limit(name: str) -> int:
    """Return a figure beyond which a value is worth a look: ``months``, ``amount``…"""
    return int(RULES.sentences["limits"][name])


def expected_type(kind: str, *, in_xml: bool) -> str:
    """Return the sentence that says what a value of that type looks like."""
    return str(RULES.sentences["expected_in_xml" if in_xml else "expected_types"][kind])


def expected_form(rule: str) -> str:
    """Return the sentence that says what form the value of a rule has."""
    forms = RULES.sentences["expected_forms"]
    return str(forms.get(rule, forms[""]))


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """What the code of a place looks like, for one type of code."""

    codes: frozenset[str]
    pattern: re.Pattern[str] | None
    prefixes: frozenset[str]
    """What the code must begin with; empty for anything."""


@cache
def place_forms() -> Mapping[str, PlaceForm]:
    """Return the form of the code of a place, by the type of code it claims."""
    facts = _places()
    return {
        name: PlaceForm(
            frozenset(facts[form["list"]].split()) if "list" in form else frozenset(),
            re.compile(form["pattern"], re.ASCII) if "pattern" in form else None,
            frozenset(prefix for listed in form.get("begins", ()) for prefix in facts[listed].split()),
        )
        for name, form in facts["forms"].items()
    }


@cache
def cpv_divisions() -> frozenset[str]:
    """Return the two first digits that a CPV code may have."""
    return frozenset(_places()["cpv_divisions"].split())


@cache
def _places() -> Mapping[str, Any]:
    return dict(load_yaml(data_file("standards", "decp_places.yaml")))
