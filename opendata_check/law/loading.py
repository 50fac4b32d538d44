"""Reads what rules/ says of the law: facts, thresholds, conditions, obligations, sentences; controls their form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from opendata_check import wording
from opendata_check.folding import fold
from opendata_check.law import form
from opendata_check.law.apart import read_apart, read_kinds, read_open_elsewhere, read_open_since
from opendata_check.law.conditions import Names, read_certainty, read_condition, read_parameter_id
from opendata_check.law.errors import LawError
from opendata_check.law.facts import read_facts
from opendata_check.law.references import check_references
from opendata_check.law.rules import (
    Comparison,
    DatedValue,
    DoubtfulExemption,
    Event,
    Example,
    Fact,
    FactType,
    Law,
    Obligation,
    Parameter,
    Part,
    Source,
)
from opendata_check.law.sentences import read_sentences
from opendata_check.model.legal import Applicability, LegalReference, Proof
from opendata_check.resources import as_written, load_yaml, refuse_hostile_yaml, rules_folder

LEVELS = ("hard", "conditional", "soft")
PLACES = ("folder", "site", "portal", "national_base")
EVIDENCE = ("observed", "declared")
_MAX_WEIGHT = 5
_MOST_FILES = 500
"""Files of rules read in a folder of the user's."""
_NO_EFFORT = 9  # what wording.effort_rank says of an effort that words.yaml lacks
_SAID = ("what", "where", "format", "licence", "delay", "frequency", "authority", "sanction", "note", "holder",
         "software")  # fmt: skip
_MUST_BE_SAID = ("what", "where", "authority", "holder")
REQUIRED = ("id", "title", "level", "weight", "who", "parts", "effort", "legal_basis", "proof", "examples", *_SAID)
OPTIONAL = ("sectoral", "certainty", "exempt", "doubtful_exemption", "event", "earlier", "to_verify")


@cache
def law() -> Law:
    """Return the whole law of `rules/`, read once. Raises LawError or RulesError."""
    try:
        return read_law(rules_folder())
    except LawError:
        with as_written():  # to name the line
            return read_law(rules_folder())


def obligations() -> tuple[Obligation, ...]:
    """Return every obligation that is applied, sorted by id. Raises LawError or RulesError."""
    return law().obligations


def read_law(folder: Path) -> Law:
    """Return the law written in the ``rules`` folder given. Raises LawError or RulesError naming file, line and key."""
    facts = read_facts(folder / "facts.yaml", "")
    parameters = {item.id: item for path in _files(folder, "parameters") for item in [_read_parameter(path, "")]}
    written = {path.stem: _read_named(path, "") for path in _files(folder, "conditions")}
    names = Names(facts, parameters, written)
    read = tuple(_read_obligation(path, "", names, local=False) for path in _files(folder, "obligations"))
    return _assembled(
        read,
        Law(
            facts=facts,
            parameters=parameters,
            obligations=(),
            sentences=read_sentences(folder / "parameters" / "wording" / "reasons.yaml"),
            apart=read_apart(folder / "apart.yaml"),
            open_elsewhere=read_open_elsewhere(folder / "open_nationally.yaml"),
            open_since=read_open_since(folder / "open_nationally.yaml"),
            read_on=_read_on(folder / "apart.yaml"),
        ),
    )


def with_local_rules(national: Law, folder: Path) -> Law:
    """Return the national law and the rules of the user's own folder; a national one is never replaced.

    The folder may hold ``facts.yaml``, ``parameters/``, ``conditions/`` and ``obligations/``, in the same form. Raises
    LawError naming file, line and what was expected.
    """
    if not folder.is_dir():
        what = "ce n'est pas un dossier" if folder.exists() else "ce dossier de règles n'existe pas"
        raise LawError(what, where=str(folder), remedy="Vérifiez --rules.")
    found = {part: sorted((folder / part).glob("*.yaml")) for part in ("parameters", "conditions", "obligations")}
    if not found["obligations"]:
        raise LawError(
            "ce dossier ne contient aucune règle",
            where=str(folder),
            remedy="On attend un fichier par règle, dans un sous-dossier « obligations ».",
        )
    if sum(map(len, found.values())) > _MOST_FILES:
        raise LawError(f"ce dossier contient plus de {_MOST_FILES} fichiers de règles", where=str(folder))
    extra = folder / "facts.yaml"
    for path in (*(path for paths in found.values() for path in paths), *([extra] if extra.is_file() else [])):
        refuse_hostile_yaml(path)
    prefix = f"{folder.resolve().name}/"
    facts = read_facts(extra, prefix) if extra.is_file() else {}
    parameters = {item.id: item for path in found["parameters"] for item in [_read_parameter(path, prefix)]}
    written = {path.stem: _read_named(path, prefix) for path in found["conditions"]}
    _refuse_replacing(facts, national.facts, f"{prefix}facts.yaml")
    _refuse_replacing(parameters, national.parameters, f"{prefix}parameters")
    national_conditions = {path.stem: _read_named(path, "") for path in _files(rules_folder(), "conditions")}
    _refuse_replacing(written, national_conditions, f"{prefix}conditions")
    names = Names(
        {**national.facts, **facts}, {**national.parameters, **parameters}, {**national_conditions, **written}
    )
    local = tuple(_read_obligation(path, prefix, names, local=True) for path in found["obligations"])
    _refuse_replacing({item.id: item for item in local}, national.by_id, f"{prefix}obligations")
    known = (*national.obligations, *national.to_verify)
    return _assembled((*known, *local), replace(national, facts=names.facts, parameters=names.parameters))


def _refuse_replacing(own: Mapping[str, object], national: Mapping[str, object], where: str) -> None:
    taken = next((name for name in own if name in national), None)
    if taken is not None:
        raise LawError(
            f"« {taken} » est déjà le nom d'une règle nationale, qui ne se remplace pas",
            where=where,
            remedy="Donnez un autre nom à la vôtre.",
        )


def _assembled(read: Sequence[Obligation], law: Law) -> Law:
    """Return the law with its obligations, those that are applied and those that are not yet."""
    every = sorted(read, key=lambda item: item.id)
    whole = replace(
        law,
        obligations=tuple(item for item in every if not item.to_verify),
        to_verify=tuple(item for item in every if item.to_verify),
        by_id={item.id: item for item in every},
    )
    check_references(whole)
    return whole


def _files(folder: Path, part: str) -> list[Path]:
    found = sorted((folder / part).glob("*.yaml"))
    if not found:
        raise LawError("ce dossier de règles est vide ou absent", where=str(folder / part))
    return found


def _read_on(path: Path) -> date:
    return form.day(load_yaml(path), "read_on", path.name)


def _read_id(entry: dict[str, Any], path: Path, where: str) -> str:
    name = form.identifier(entry, "id", where)
    if name != path.stem:
        raise LawError(f"« id » : « {name} » doit être le nom du fichier", where=form.at(where, entry, "id"))
    return name


def _read_named(path: Path, prefix: str) -> tuple[object, str]:
    where = f"{prefix}conditions/{path.name}"
    entry = form.mapping(load_yaml(path), where, ("id", "condition"))
    _read_id(entry, path, where)
    return entry["condition"], f"{where}, condition"


def _read_parameter(path: Path, prefix: str) -> Parameter:
    where = f"{prefix}parameters/{path.name}"
    entry = form.mapping(load_yaml(path), where, ("id", "title", "unit", "unit_one", "values"), ("before",))
    values = []
    for index, written in enumerate(form.items(entry, "values", where, at_least=1), 1):
        place = f"{where}, values[{index}]"
        value = form.mapping(written, place, ("from", "value", "reference"))
        reference = _read_source(value["reference"], f"{place}.reference").reference
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
        form.text(entry, "before", where),
    )


def _read_source(content: object, where: str) -> Source:
    optional = ("version", "copy", "url", "according_to", "since", "until", "kinds")
    entry = form.mapping(content, where, ("text", "article", "certainty"), optional)
    certainty = read_certainty(entry, where)
    according_to = form.text(entry, "according_to", where)
    if bool(according_to) != (certainty == "interpretation"):
        raise LawError(
            "« according_to » va avec « certainty: interpretation », et avec elle seule",
            where=form.at(where, entry, "certainty"),
        )
    version = form.day(entry, "version", where) if "version" in entry else None
    if version is None and "copy" not in entry and not according_to:
        raise LawError("il manque « version », ou « copy » si la date n'est pas connue", where=form.at(where, entry))
    reference = LegalReference(
        form.filled(entry, "text", where),
        form.filled(entry, "article", where),
        version.isoformat() if version else "",
        form.text(entry, "url", where),
        certainty=certainty,
        according_to=according_to,
        copy=form.text(entry, "copy", where),
    )
    since = form.day(entry, "since", where) if "since" in entry else version
    until = form.day(entry, "until", where) if "until" in entry else None
    return Source(reference, since, until, read_kinds(entry, where) if "kinds" in entry else frozenset())


def _read_obligation(path: Path, prefix: str, names: Names, *, local: bool) -> Obligation:
    where = f"{prefix}obligations/{path.name}"
    entry = form.mapping(load_yaml(path), where, REQUIRED, OPTIONAL)
    weight = entry["weight"]
    if type(weight) is not int or not 1 <= weight <= _MAX_WEIGHT:
        place = form.at(where, entry, "weight")
        raise LawError(f"« weight » doit être un nombre entier de 1 à {_MAX_WEIGHT}", where=place)
    said = {key: form.text(entry, key, where) for key in _SAID}
    for key in _MUST_BE_SAID:
        form.filled(entry, key, where)
    effort = form.identifier(entry, "effort", where)
    if wording.effort_rank(effort) == _NO_EFFORT:
        place = form.at(where, entry, "effort")
        raise LawError(f"« effort » : « {effort} » n'est pas un effort de rules/words.yaml", where=place)
    sources = form.items(entry, "legal_basis", where, at_least=1)
    return Obligation(
        id=_read_id(entry, path, where),
        title=form.filled(entry, "title", where),
        level=form.choice(entry, "level", where, LEVELS),
        weight=weight,
        sectoral=form.boolean(entry, "sectoral", where),
        certainty=read_certainty(entry, where),
        who=read_condition(entry["who"], f"{where}, who", names),
        parts=_read_parts(entry, where, names),
        effort=effort,
        sources=tuple(_read_source(item, f"{where}, legal_basis[{index}]") for index, item in enumerate(sources, 1)),
        proof=_read_proof(entry["proof"], f"{where}, proof"),
        exempt=form.text(entry, "exempt", where),
        doubtful_exemption=(
            _read_doubt(entry["doubtful_exemption"], f"{where}, doubtful_exemption", names)
            if "doubtful_exemption" in entry
            else None
        ),
        event=_read_event(entry["event"], f"{where}, event", names) if "event" in entry else None,
        earlier=form.text(entry, "earlier", where),
        to_verify=form.text(entry, "to_verify", where),
        examples=_read_examples(entry, where, names.facts),
        local=local,
        **said,
    )


def _read_parts(entry: dict[str, Any], where: str, names: Names) -> tuple[Part, ...]:
    parts = []
    for index, written in enumerate(form.items(entry, "parts", where, at_least=1), 1):
        place = f"{where}, parts[{index}]"
        part = form.mapping(written, place, ("since", "label"), ("certainty", "until", "when", "judged"))
        since = form.day(part, "since", place)
        until = form.day(part, "until", place) if "until" in part else None
        if until is not None and until < since:
            raise LawError("« until » vient avant « since »", where=form.at(place, part, "until"))
        when = read_condition(part["when"], f"{place}.when", names) if "when" in part else None
        judged = form.choice(part, "judged", place, ("each_day", "at_start"), "each_day")
        label = form.filled(part, "label", place)
        parts.append(Part(since, label, read_certainty(part, place), until, when, at_start=judged == "at_start"))
    if [part.since for part in parts] != sorted(part.since for part in parts):
        place = form.at(where, entry, "parts")
        raise LawError("« parts » : les dates doivent se suivre, la plus ancienne en premier", where=place)
    return tuple(parts)


def _read_doubt(content: object, where: str, names: Names) -> DoubtfulExemption:
    entry = form.mapping(content, where, ("kinds", "note"), ("when",))
    when = read_condition(entry["when"], f"{where}, when", names) if "when" in entry else None
    return DoubtfulExemption(read_kinds(entry, where), form.filled(entry, "note", where), when)


def _read_event(content: object, where: str, names: Names) -> Event:
    comparisons = tuple(item.value for item in Comparison)
    entry = form.mapping(content, where, ("label", "fact", "absent"), (*comparisons, "label_unknown", "amount"))
    written = [key for key in comparisons if key in entry]
    if len(written) > 1 or bool(written) != ("label_unknown" in entry):
        raise LawError(
            "« label_unknown » va avec une comparaison et une seule (at_least, more_than…)", where=form.at(where, entry)
        )
    placeholders = ("seuil",) if written else ()
    return Event(
        form.filled(entry, "label", where, placeholders),
        form.text(entry, "label_unknown", where),
        _read_fact(entry, "fact", where, names.facts, FactType.BOOLEAN),
        form.filled(entry, "absent", where, placeholders),
        read_parameter_id(entry, written[0], where, names.parameters) if written else "",
        Comparison(written[0]) if written else Comparison.AT_LEAST,
        _read_fact(entry, "amount", where, names.facts, FactType.NUMBER) if "amount" in entry else "",
    )


def _read_fact(entry: dict[str, Any], key: str, where: str, facts: Mapping[str, Fact], wanted: FactType) -> str:
    name = form.identifier(entry, key, where)
    if name not in facts:
        raise form.unknown(key, name, facts, "rules/facts.yaml", form.at(where, entry, key))
    if facts[name].type is not wanted:
        raise LawError(f"« {key} » : « {name} » n'est pas du type {wanted.value}", where=form.at(where, entry, key))
    return name


def _read_proof(content: object, where: str) -> Proof:
    entry = form.mapping(content, where, ("places", "evidence"), ("elsewhere", "titles", "schemas"))
    read = {}
    for key, known in (("places", PLACES), ("evidence", EVIDENCE)):
        read[key] = form.texts(entry, key, where, at_least=1)
        for value in read[key]:
            form.choice({key: value}, key, form.at(where, entry, key), known)
    titles = form.texts(entry, "titles", where)
    for title in titles:
        if title != fold(title):
            place = form.at(where, entry, "titles")
            raise LawError(f"« titles » : « {title} » doit être en minuscules et sans accents", where=place)
    elsewhere, schemas = form.text(entry, "elsewhere", where), form.texts(entry, "schemas", where)
    evidence = tuple(kind for kind in EVIDENCE if kind in read["evidence"])
    return Proof(read["places"], elsewhere, titles, schemas, evidence)


def _read_examples(entry: dict[str, Any], where: str, facts: Mapping[str, Fact]) -> tuple[Example, ...]:
    examples = []
    for index, written in enumerate(form.items(entry, "examples", where, at_least=2), 1):
        place = f"{where}, examples[{index}]"
        example = form.mapping(written, place, ("title", "body", "date", "status"))
        body = form.mapping(example["body"], f"{place}.body", ("kind",), tuple(facts))
        answer = form.choice(example, "status", place, [item.value for item in Applicability])
        day = form.day(example, "date", place)
        examples.append(Example(form.filled(example, "title", place), dict(body), day, Applicability(answer)))
    return tuple(examples)
