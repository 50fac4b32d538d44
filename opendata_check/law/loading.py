"""Reads rules/parameters, rules/obligations and the sentences of the law's explanations, and controls their form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from opendata_check import wording
from opendata_check.law import form
from opendata_check.law.conditions import read_certainty, read_condition, read_parameter_id
from opendata_check.law.errors import LawError
from opendata_check.law.rules import DatedValue, Event, Law, Obligation, Parameter, Part
from opendata_check.law.sentences import read_sentences
from opendata_check.model.legal import LegalReference, Proof
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.vocabulary import fold

_LEVELS = ("hard", "conditional", "soft")
_PLACES = ("folder", "site", "portal", "national_base")
_MAX_WEIGHT = 5
_NO_EFFORT = 9  # what wording.effort_rank says of an effort that words.yaml lacks
_SAID = ("what", "where", "format", "delay", "frequency", "authority", "note", "holder", "software")
_MUST_BE_SAID = ("what", "where", "authority", "holder")
_REQUIRED = ("id", "title", "level", "weight", "who", "parts", "effort", "legal_basis", "proof", *_SAID)
_OPTIONAL = ("sectoral", "certainty", "exempt", "event")


@cache
def law() -> Law:
    """Return the whole law of `rules/`, read once. Raises LawError or RulesError."""
    return read_law(rules_folder())


def obligations() -> tuple[Obligation, ...]:
    """Return every obligation of rules/obligations, sorted by id. Raises LawError or RulesError."""
    return law().obligations


def read_law(folder: Path) -> Law:
    """Return the law written in the ``rules`` folder given. Raises LawError or RulesError naming file and key."""
    parameters = {item.id: item for item in map(_read_parameter, _files(folder / "parameters"))}
    read = tuple(_read_obligation(path, parameters) for path in _files(folder / "obligations"))
    return Law(parameters, read, read_sentences(folder / "parameters" / "wording" / "reasons.yaml"))


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise LawError("ce dossier de règles est vide ou absent", where=str(folder))
    return found


def _read_id(entry: dict[str, Any], path: Path, where: str) -> str:
    name = form.identifier(entry, "id", where)
    if name != path.stem:
        raise LawError(f"« id » : « {name} » doit être le nom du fichier", where=where)
    return name


def _read_parameter(path: Path) -> Parameter:
    where = f"parameters/{path.name}"
    entry = form.mapping(load_yaml(path), where, ("id", "title", "unit", "unit_one", "values"))
    values = []
    for index, written in enumerate(form.items(entry, "values", where, at_least=1), 1):
        place = f"{where}, values[{index}]"
        value = form.mapping(written, place, ("from", "value", "reference"))
        reference = _read_reference(value["reference"], f"{place}.reference")
        values.append(DatedValue(form.day(value, "from", place), form.number(value, "value", place), reference))
    dates = [value.since for value in values]
    if dates != sorted(set(dates)):
        raise LawError("« values » : les dates doivent se suivre, la plus ancienne en premier", where=where)
    return Parameter(
        _read_id(entry, path, where),
        form.filled(entry, "title", where),
        form.filled(entry, "unit", where),
        form.filled(entry, "unit_one", where),
        tuple(values),
    )


def _read_reference(content: object, where: str) -> LegalReference:
    entry = form.mapping(content, where, ("text", "article", "certainty"), ("version", "url", "according_to"))
    certainty = read_certainty(entry, where)
    according_to = form.text(entry, "according_to", where)
    if bool(according_to) != (certainty == "interpretation"):
        raise LawError("« according_to » va avec « certainty: interpretation », et avec elle seule", where=where)
    return LegalReference(
        form.filled(entry, "text", where),
        form.filled(entry, "article", where),
        form.day(entry, "version", where).isoformat() if "version" in entry else "",
        form.text(entry, "url", where),
        certainty=certainty,
        according_to=according_to,
    )


def _read_obligation(path: Path, parameters: Mapping[str, Parameter]) -> Obligation:
    where = f"obligations/{path.name}"
    entry = form.mapping(load_yaml(path), where, _REQUIRED, _OPTIONAL)
    weight = entry["weight"]
    if type(weight) is not int or not 1 <= weight <= _MAX_WEIGHT:
        raise LawError(f"« weight » doit être un nombre entier de 1 à {_MAX_WEIGHT}", where=where)
    said = {key: form.text(entry, key, where) for key in _SAID}
    for key in _MUST_BE_SAID:
        form.filled(entry, key, where)
    effort = form.identifier(entry, "effort", where)
    if wording.effort_rank(effort) == _NO_EFFORT:
        raise LawError(f"« effort » : « {effort} » n'est pas un effort de rules/words.yaml", where=where)
    references = form.items(entry, "legal_basis", where, at_least=1)
    return Obligation(
        id=_read_id(entry, path, where),
        title=form.filled(entry, "title", where),
        level=form.choice(entry, "level", where, _LEVELS),
        weight=weight,
        sectoral=form.boolean(entry, "sectoral", where),
        certainty=read_certainty(entry, where),
        who=read_condition(entry["who"], f"{where}, who", parameters),
        parts=_read_parts(entry, where, parameters),
        effort=effort,
        legal_basis=tuple(
            _read_reference(item, f"{where}, legal_basis[{index}]") for index, item in enumerate(references, 1)
        ),
        proof=_read_proof(entry["proof"], f"{where}, proof"),
        exempt=form.text(entry, "exempt", where),
        event=_read_event(entry["event"], f"{where}, event", parameters) if "event" in entry else None,
        **said,
    )


def _read_parts(entry: dict[str, Any], where: str, parameters: Mapping[str, Parameter]) -> tuple[Part, ...]:
    parts = []
    for index, written in enumerate(form.items(entry, "parts", where, at_least=1), 1):
        place = f"{where}, parts[{index}]"
        part = form.mapping(written, place, ("since", "label"), ("certainty", "until", "when"))
        since = form.day(part, "since", place)
        until = form.day(part, "until", place) if "until" in part else None
        if until is not None and until < since:
            raise LawError("« until » vient avant « since »", where=place)
        when = read_condition(part["when"], f"{place}.when", parameters) if "when" in part else None
        parts.append(Part(since, form.filled(part, "label", place), read_certainty(part, place), until, when))
    if [part.since for part in parts] != sorted(part.since for part in parts):
        raise LawError("« parts » : les dates doivent se suivre, la plus ancienne en premier", where=where)
    return tuple(parts)


def _read_event(content: object, where: str, parameters: Mapping[str, Parameter]) -> Event:
    entry = form.mapping(content, where, ("label", "fact", "absent"), ("parameter", "label_unknown"))
    bounded = "parameter" in entry
    if bounded != ("label_unknown" in entry):
        raise LawError("« parameter » et « label_unknown » vont ensemble", where=where)
    placeholders = ("seuil",) if bounded else ()
    return Event(
        form.filled(entry, "label", where, placeholders),
        form.text(entry, "label_unknown", where),
        form.identifier(entry, "fact", where),
        form.filled(entry, "absent", where, placeholders),
        read_parameter_id(entry, "parameter", where, parameters) if bounded else "",
    )


def _read_proof(content: object, where: str) -> Proof:
    entry = form.mapping(content, where, ("places",), ("elsewhere", "titles", "schemas"))
    places = form.texts(entry, "places", where, at_least=1)
    for place in places:
        form.choice({"places": place}, "places", where, _PLACES)
    titles = form.texts(entry, "titles", where)
    for title in titles:
        if title != fold(title):
            raise LawError(f"« titles » : « {title} » doit être en minuscules et sans accents", where=where)
    return Proof(places, form.text(entry, "elsewhere", where), titles, form.texts(entry, "schemas", where))
