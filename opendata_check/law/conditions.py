"""Reads the small language of conditions: all, any, not, and tests on facts (see rules/README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opendata_check.law import form
from opendata_check.law.errors import LawError
from opendata_check.law.rules import NUMBER_FACTS, Answer, Condition, Group, OneOf, Parameter, Test, Threshold
from opendata_check.model.legal import Certainty, NodeKind
from opendata_check.model.organization import OrganizationKind

_MAX_DEPTH = 6
_GROUPS = ("all", "any", "not")
_COMMON = ("certainty", "note")
_CLAUSES = ("if_true", "if_false", "if_missing")
_KINDS = tuple(kind.value for kind in OrganizationKind if kind is not OrganizationKind.UNKNOWN)


def read_condition(content: object, where: str, parameters: Mapping[str, Parameter], depth: int = 1) -> Condition:
    """Return the condition written in ``content``.

    Raises LawError for an unknown key, kind or parameter, or a tree deeper than the form allows.
    """
    if depth > _MAX_DEPTH:
        raise LawError("la condition a trop d'étages", where=where)
    keys = content.keys() if isinstance(content, dict) else ()
    group = next((name for name in _GROUPS if name in keys), None)
    if group is None:
        return _read_test(content, where, parameters)
    entry = form.mapping(content, where, ("label", group), _COMMON)
    written = [entry[group]] if group == "not" else form.items(entry, group, where, at_least=1)
    children = tuple(
        read_condition(child, f"{where}.{group}[{index}]", parameters, depth + 1)
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


def _read_test(content: object, where: str, parameters: Mapping[str, Parameter]) -> Test:
    fact = content.get("fact", "") if isinstance(content, dict) else ""
    comparison: OneOf | Threshold | Answer
    placeholders: tuple[str, ...] = ()
    if fact == "kind":
        entry = form.mapping(content, where, ("label", "fact", "in"), (*_CLAUSES, *_COMMON))
        comparison = OneOf(_read_kinds(entry, where))
    elif fact in NUMBER_FACTS:
        entry = form.mapping(content, where, ("label", "fact"), ("at_least", "more_than", *_CLAUSES, *_COMMON))
        comparison = _read_threshold(entry, where, parameters)
        placeholders = ("valeur", "seuil", "article")
    else:
        entry = form.mapping(content, where, ("label", "fact", "is", "name"), (*_CLAUSES, *_COMMON))
        comparison = Answer(form.boolean(entry, "is", where), form.filled(entry, "name", where))
    return Test(
        form.filled(entry, "label", where),
        form.identifier(entry, "fact", where),
        comparison,
        form.text(entry, "if_true", where, placeholders),
        form.text(entry, "if_false", where, placeholders),
        form.text(entry, "if_missing", where),
        read_certainty(entry, where),
        form.text(entry, "note", where),
    )


def _read_kinds(entry: dict[str, Any], where: str) -> tuple[OrganizationKind, ...]:
    names = form.texts(entry, "in", where, at_least=1)
    for name in names:
        form.choice({"in": name}, "in", where, _KINDS)
    return tuple(OrganizationKind(name) for name in names)


def _read_threshold(entry: dict[str, Any], where: str, parameters: Mapping[str, Parameter]) -> Threshold:
    written = [key for key in ("at_least", "more_than") if key in entry]
    if len(written) != 1:
        raise LawError("il faut « at_least » ou « more_than », une seule des deux clés", where=where)
    return Threshold(read_parameter_id(entry, written[0], where, parameters), strict=written[0] == "more_than")


def read_parameter_id(entry: dict[str, Any], key: str, where: str, parameters: Mapping[str, Parameter]) -> str:
    """Return the id of an existing parameter written under ``key``. Raises LawError when there is none."""
    name = form.identifier(entry, key, where)
    if name not in parameters:
        raise LawError(f"« {key} » : aucun fichier de rules/parameters ne s'appelle « {name}.yaml »", where=where)
    return name
