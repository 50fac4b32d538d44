"""Reads rules/facts.yaml: what the texts ask about a body, with the question that a town hall understands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opendata_check.law import form
from opendata_check.law.errors import LawError
from opendata_check.law.rules import Fact, FactType
from opendata_check.resources import load_yaml

_REQUIRED = ("id", "type", "name", "question")
_OPTIONAL = ("help", "unit", "unit_one", "decimals", "highest", "choices")


def read_facts(path: Path, prefix: str) -> Mapping[str, Fact]:
    """Return the facts by id, in the order of the file. Raises LawError naming the fact and key at fault."""
    where = f"{prefix}{path.name}"
    entry = form.mapping(load_yaml(path), where, ("facts",))
    facts: dict[str, Fact] = {}
    for index, written in enumerate(form.items(entry, "facts", where, at_least=1), 1):
        fact = _read_fact(written, f"{where}, facts[{index}]")
        if fact.id in facts:
            raise LawError(f"« {fact.id} » est écrit deux fois", where=form.at(where, written))
        facts[fact.id] = fact
    return facts


def _read_fact(content: object, where: str) -> Fact:
    entry = form.mapping(content, where, _REQUIRED, _OPTIONAL)
    kind = FactType(form.choice(entry, "type", where, [item.value for item in FactType]))
    choices = form.mapping(entry["choices"], f"{where}.choices", (), entry["choices"]) if "choices" in entry else {}
    if bool(choices) and kind is not FactType.CHOICE:
        raise LawError("« choices » ne va qu'avec le type choice", where=form.at(where, entry, "choices"))
    if kind is FactType.NUMBER and not ("unit" in entry and "unit_one" in entry):
        raise LawError("un nombre a une unité : « unit » et « unit_one »", where=form.at(where, entry))
    return Fact(
        form.identifier(entry, "id", where),
        kind,
        form.filled(entry, "name", where),
        form.filled(entry, "question", where),
        form.text(entry, "help", where),
        form.text(entry, "unit", where),
        form.text(entry, "unit_one", where),
        _flag(entry, "decimals", where),
        form.number(entry, "highest", where) if "highest" in entry else 1e9,
        {name: form.filled(choices, name, f"{where}.choices") for name in choices},
    )


def _flag(entry: dict[str, Any], key: str, where: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise LawError(f"« {key} » doit être true ou false", where=form.at(where, entry, key))
    return value
