"""Reads rules/checks/<axis>/<check-id>.yaml into Rules, strictly, and finds the function that goes with each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from opendata_check.checks.interface import Decide, Parameter, Rule, Scope
from opendata_check.errors import RulesError
from opendata_check.model.finding import Axis, Outcome, Severity
from opendata_check.model.legal import Certainty, LegalReference, ReferenceKind
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.wording import effort_rank

_REQUIRED = frozenset(
    {"id", "axis", "scope", "title", "action", "severity", "weight", "effort", "obligation", "why", "remedy",
     "messages", "legal_basis", "examples"}
)  # fmt: skip
_OPTIONAL = frozenset({"blocker", "severities", "remedies", "parameters"})
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CASE = re.compile(r"[a-z][a-z0-9_]*")
_EXAMPLE_KEYS = frozenset({"title", "facts", "outcome", "case", "count"})
_NO_EFFORT = 9

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Check:
    """The pair: what people read and the function that decides."""

    rule: Rule
    decide: Decide


class _Reader:
    """Takes typed values out of one YAML mapping; every refusal names the file and the key."""

    def __init__(self, content: Any, where: str) -> None:
        self.where = where
        if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
            raise RulesError("on attend une table de clés et de valeurs", where=where)
        self.content: dict[str, Any] = content

    def refuse(self, key: str, what: str) -> RulesError:
        return RulesError(f"clé « {key} » : {what}", where=self.where)

    def only(self, required: frozenset[str], optional: frozenset[str]) -> None:
        for key in sorted(required - self.content.keys()):
            raise self.refuse(key, "elle manque")
        for key in sorted(self.content.keys() - required - optional):
            raise self.refuse(key, "elle n'est pas connue")

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self.content.get(key, default)
        if isinstance(value, date):
            value = value.isoformat()
        if not isinstance(value, str):
            raise self.refuse(key, "on attend un texte")
        if not value.strip() and default is None:
            raise self.refuse(key, "le texte est vide")
        return " ".join(value.split("\n")).strip()

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        value = self.content.get(key, default)
        try:
            return kind(str(value))
        except ValueError as error:
            raise self.refuse(key, f"« {value} » n'est pas parmi {', '.join(kind)}") from error

    def inner(self, key: str) -> _Reader:
        return _Reader(self.content.get(key, {}), f"{self.where}, clé « {key} »")

    def items(self, key: str) -> list[_Reader]:
        value = self.content[key]
        if not isinstance(value, list) or not value:
            raise self.refuse(key, "on attend une liste d'au moins un élément")
        return [_Reader(item, f"{self.where}, clé « {key} » n° {rank}") for rank, item in enumerate(value, start=1)]


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, axes in order, then ids. Raises RulesError naming the file and the key at fault."""
    folder = rules_folder() / "checks"
    found = [read_rule(path) for axis in Axis for path in sorted((folder / axis).glob("*.yaml"))]
    if not found:
        raise RulesError("aucune règle de contrôle n'a été trouvée", where=str(folder))
    ids: set[str] = set()
    for rule in found:
        if rule.id in ids:
            raise RulesError(f"l'identifiant « {rule.id} » sert deux fois", where=str(folder))
        ids.add(rule.id)
    return tuple(found)


@cache
def all_checks() -> tuple[Check, ...]:
    """Return every rule with its function. Raises RulesError for a rule without a function."""
    return tuple(Check(rule, _function(rule)) for rule in rules())


def module_name(rule: Rule) -> str:
    """Return the dotted name of the module that decides for a rule."""
    return f"opendata_check.checks.{rule.axis}.{rule.id.replace('-', '_')}"


def _function(rule: Rule) -> Decide:
    name = module_name(rule)
    try:
        decide = import_module(name).decide
    except (ModuleNotFoundError, AttributeError) as error:
        raise RulesError("cette règle n'a pas de fonction « decide »", where=name) from error
    result: Decide = decide
    return result


def read_rule(path: Path) -> Rule:
    """Return the rule of one YAML file. Raises RulesError naming the file and the key at fault."""
    reader = _Reader(load_yaml(path), f"{path.parent.name}/{path.name}")
    reader.only(_REQUIRED, _OPTIONAL)
    messages = _texts(reader, "messages")
    rule = Rule(
        id=reader.text("id"),
        axis=reader.choice("axis", Axis),
        scope=reader.choice("scope", Scope),
        title=reader.text("title"),
        action=reader.text("action"),
        severity=reader.choice("severity", Severity),
        weight=_weight(reader),
        why=reader.text("why"),
        remedy=reader.text("remedy"),
        effort=_effort(reader),
        obligation=reader.text("obligation", default=""),
        legal_basis=tuple(_reference(item) for item in reader.items("legal_basis")),
        messages=messages,
        blocker=frozenset(_cases(reader, "blocker", messages)),
        examples=tuple(_example(item, messages) for item in reader.items("examples")),
        severities={key: reader.inner("severities").choice(key, Severity)
                    for key in _cases(reader, "severities", messages)},
        remedies={key: reader.inner("remedies").text(key) for key in _cases(reader, "remedies", messages)},
        parameters=_parameters(reader),
    )  # fmt: skip
    if rule.id != path.stem or not _ID.fullmatch(rule.id):
        raise reader.refuse("id", f"« {rule.id} » devrait être le nom du fichier, « {path.stem} »")
    if rule.axis != path.parent.name:
        raise reader.refuse("axis", f"« {rule.axis} » devrait être le dossier, « {path.parent.name} »")
    return rule


def _weight(reader: _Reader) -> int:
    value = reader.content["weight"]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 5:
        raise reader.refuse("weight", "on attend un entier de 1 à 5")
    return value


def _effort(reader: _Reader) -> str:
    effort = reader.text("effort")
    if effort_rank(effort) == _NO_EFFORT:
        raise reader.refuse("effort", f"« {effort} » n'est pas dans words.yaml")
    return effort


def _texts(reader: _Reader, key: str) -> dict[str, str]:
    inner = reader.inner(key)
    for case in inner.content:
        if not _CASE.fullmatch(case):
            raise inner.refuse(case, "on attend des lettres minuscules et « _ »")
        try:
            names = [name for _, name, _, _ in Formatter().parse(inner.text(case)) if name is not None]
        except ValueError as error:
            raise inner.refuse(case, "une accolade n'est pas fermée") from error
        if not all(_CASE.fullmatch(name) for name in names):
            raise inner.refuse(case, "une accolade ne contient qu'un nom")
    if not inner.content:
        raise reader.refuse(key, "elle est vide")
    return {case: inner.text(case) for case in inner.content}


def _cases(reader: _Reader, key: str, messages: Mapping[str, str]) -> list[str]:
    """Return the cases named under ``key`` (a list or a table); each must have a message."""
    value = reader.content.get(key, [])
    if not isinstance(value, list | dict):
        raise reader.refuse(key, "on attend une liste ou une table de cas")
    for case in value:
        if case not in messages:
            raise reader.refuse(key, f"le cas « {case} » n'a pas de message")
    return list(value)


def _reference(item: _Reader) -> LegalReference:
    optional = frozenset({"version", "copy", "url", "kind", "certainty", "according_to"})
    item.only(frozenset({"text", "article"}), optional)
    return LegalReference(
        text=item.text("text"),
        article=item.text("article"),
        version=item.text("version", default=""),
        url=item.text("url", default=""),
        kind=item.choice("kind", ReferenceKind, ReferenceKind.LAW),
        certainty=item.choice("certainty", Certainty, Certainty.TEXT),
        according_to=item.text("according_to", default=""),
        copy=item.text("copy", default=""),
    )


def _example(item: _Reader, messages: Mapping[str, str]) -> Mapping[str, object]:
    item.only(frozenset({"title", "facts", "outcome"}), _EXAMPLE_KEYS)
    if item.content["outcome"] != "none":
        case = item.text("case", default="") or item.choice("outcome", Outcome)
        if case not in messages:
            raise item.refuse("case", f"le cas « {case} » n'a pas de message")
    return dict(item.content)


def _parameters(reader: _Reader) -> dict[str, Parameter]:
    inner = reader.inner("parameters")
    result: dict[str, Parameter] = {}
    for key, value in inner.content.items():
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            result[key] = tuple(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            result[key] = value
        else:
            raise inner.refuse(key, "on attend un nombre ou une liste de mots")
    return result
