"""The facts of budget documents: the parts they must have, their codes, and what each rule says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.resources import data_file, load_yaml
from opendata_check.standards.rulebook import RuleBook

RULES = RuleBook("totem_rules.yaml")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the document."""

    inside: str
    required: Mapping[str, str]
    """Name of each value it must hold, and what the value must be."""
    known: Mapping[str, str]
    """The same, with those it may hold."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the format. Source: documentation of the flux of @CTES, real files."""

    roots: Mapping[str, str]
    """Namespace of each root."""
    blocks: Mapping[str, Block]
    steps: frozenset[str]
    voted_budget: str
    nomenclatures: frozenset[str]
    sectioned: frozenset[str]
    """Nomenclatures of which the section is told by the account."""
    operating: tuple[str, ...]
    investment: tuple[str, ...]
    """Accounts, whole (three digits) or by their first digit."""
    person_element: str
    person_kind: tuple[str, str]
    person_name: str


@cache
def facts() -> Facts:
    """Return the facts."""
    given = load_yaml(data_file("standards", "totem.yaml"))
    sections, person = given["sections"], given["person"]
    return Facts(
        roots=dict(given["roots"]),
        blocks={name: _block(block) for name, block in given["blocks"].items()},
        steps=frozenset(given["steps"]),
        voted_budget=given["voted_budget"],
        nomenclatures=frozenset(given["nomenclatures"]),
        sectioned=frozenset(sections["nomenclatures"]),
        operating=tuple(sections["operating"]),
        investment=tuple(sections["investment"]),
        person_element=person["element"],
        person_kind=(person["kind"]["name"], person["kind"]["value"]),
        person_name=person["named_by"],
    )


def _block(given: Mapping[str, Any]) -> Block:
    required = dict(given.get("required", {}))
    return Block(given["inside"], required, {**required, **given.get("optional", {})})
