"""Reads the small language of conditions: all, any, not, tests on facts, named conditions, other obligations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opendata_check.law import form
from opendata_check.law.errors import LawError
from opendata_check.law.rules import (
    Answer,
    Comparison,
    Condition,
    Fact,
    FactType,
    Group,
    OneOf,
    OtherObligation,
    Parameter,
    Test,
    Threshold,
)
from opendata_check.model.legal import Certainty, NodeKind
from opendata_check.model.organization import OrganizationKind

MAX_DEPTH = 6
_GROUPS = ("all", "any", "not")
_COMMON = ("certainty", "note")
_CLAUSES = ("if_true", "if_false", "if_missing")
_COMPARISONS = tuple(item.value for item in Comparison)
KINDS = tuple(kind.value for kind in OrganizationKind if kind is not OrganizationKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Names:
    """What a condition may refer to."""

    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    written: Mapping[str, tuple[object, str]] = field(default_factory=dict)
    """Named conditions as written, with their place; they are read where they are used."""


def read_condition(content: object, where: str, names: Names, depth: int = 1, within: Sequence[str] = ()) -> Condition:
    """Return the condition written in ``content``.

    ``within`` are the named conditions being read, the outermost first. Raises LawError for an unknown key, kind, fact
    or parameter, a named condition that leans on itself, or a tree deeper than the form allows.
    """
    if depth > MAX_DEPTH:
        raise LawError("la condition a trop d'étages", where=form.at(where, content))
    keys = content.keys() if isinstance(content, dict) else ()
    if "use" in keys:
        return _named(content, where, names, depth, within)
    if "obligation" in keys:
        return _other(content, where)
    group = next((name for name in _GROUPS if name in keys), None)
    if group is None:
        return _read_test(content, where, names)
    entry = form.mapping(content, where, ("label", group), _COMMON)
    written = [entry[group]] if group == "not" else form.items(entry, group, where, at_least=1)
    children = tuple(
        read_condition(child, f"{where}.{group}[{index}]", names, depth + 1, within)
        for index, child in enumerate(written, 1)
    )
    return Group(
        NodeKind(group),
        form.filled(entry, "label", where),
        children,
        read_certainty(entry, where),
        form.text(entry, "note", where),
    )


def read_certainty(entry: dict[str, Any], where: str) -> Certainty:
    """Return the certainty written under ``certainty``, TEXT when nothing is. Raises LawError."""
    return Certainty(form.choice(entry, "certainty", where, [item.value for item in Certainty], "text"))


def _named(content: object, where: str, names: Names, depth: int, within: Sequence[str]) -> Condition:
    entry = form.mapping(content, where, ("use",))
    name = form.identifier(entry, "use", where)
    if len(within) >= MAX_DEPTH:
        raise LawError("trop de conditions nommées s'appellent l'une l'autre", where=form.at(where, entry, "use"))
    if name in within:
        round_trip = " → ".join((*within, name))
        raise LawError(f"la condition « {name} » tourne en rond : {round_trip}", where=form.at(where, entry, "use"))
    if name not in names.written:
        raise form.unknown("use", name, names.written, "rules/conditions", form.at(where, entry, "use"))
    written, place = names.written[name]
    return read_condition(written, place, names, depth, (*within, name))


def _other(content: object, where: str) -> OtherObligation:
    entry = form.mapping(content, where, ("label", "obligation"), _COMMON)
    return OtherObligation(
        form.filled(entry, "label", where),
        form.identifier(entry, "obligation", where),
        read_certainty(entry, where),
        form.text(entry, "note", where),
    )


def _read_test(content: object, where: str, names: Names) -> Test:
    if not isinstance(content, dict) or "fact" not in content:
        known = ", ".join((*_GROUPS, "use", "obligation", "fact"))
        raise LawError(f"on attend ici une de ces clés : {known}", where=form.at(where, content))
    fact = names.facts.get(form.identifier(content, "fact", where))
    if fact is None:
        raise form.unknown("fact", content["fact"], names.facts, "rules/facts.yaml", form.at(where, content, "fact"))
    comparison: OneOf | Threshold | Answer
    placeholders: tuple[str, ...] = ()
    if fact.type is FactType.CHOICE:
        entry = form.mapping(content, where, ("label", "fact", "in"), ("itself", *_CLAUSES, *_COMMON))
        itself = form.boolean(entry, "itself", where) if "itself" in entry else False
        comparison = OneOf(_read_values(entry, where, fact), itself)
    elif fact.type is FactType.NUMBER:
        entry = form.mapping(content, where, ("label", "fact"), (*_COMPARISONS, *_CLAUSES, *_COMMON))
        comparison = _read_threshold(entry, where, names.parameters)
        placeholders = ("valeur", "seuil", "article")
    else:
        entry = form.mapping(content, where, ("label", "fact", "is"), (*_CLAUSES, *_COMMON))
        comparison = Answer(form.boolean(entry, "is", where))
    return Test(
        form.filled(entry, "label", where),
        fact.id,
        comparison,
        form.text(entry, "if_true", where, placeholders),
        form.text(entry, "if_false", where, placeholders),
        form.text(entry, "if_missing", where),
        read_certainty(entry, where),
        form.text(entry, "note", where),
    )


def _read_values(entry: dict[str, Any], where: str, fact: Fact) -> tuple[str, ...]:
    known = KINDS if fact.id == "kind" else tuple(fact.choices)
    values = form.texts(entry, "in", where, at_least=1)
    for value in values:
        if value not in known:
            raise LawError(
                f"« in » : « {value} » n'est pas prévu",
                where=form.at(where, entry, "in"),
                remedy=f"Valeurs possibles : {', '.join(known)}.",
            )
    return values


def _read_threshold(entry: dict[str, Any], where: str, parameters: Mapping[str, Parameter]) -> Threshold:
    written = [key for key in _COMPARISONS if key in entry]
    if len(written) != 1:
        known = ", ".join(f"« {key} »" for key in _COMPARISONS)
        raise LawError(f"il faut une de ces clés, et une seule : {known}", where=form.at(where, entry))
    return Threshold(read_parameter_id(entry, written[0], where, parameters), Comparison(written[0]))


def read_parameter_id(entry: dict[str, Any], key: str, where: str, parameters: Mapping[str, Parameter]) -> str:
    """Return the id of an existing parameter written under ``key``. Raises LawError when there is none."""
    name = form.identifier(entry, key, where)
    if name not in parameters:
        raise form.unknown(key, name, parameters, "rules/parameters", form.at(where, entry, key))
    return name
