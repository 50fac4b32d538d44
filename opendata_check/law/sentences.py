"""The sentences the reasons are made of: read from YAML, with the placeholders each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opendata_check.law import form
from opendata_check.resources import load_yaml

_BOTH = ("municipale", "totale", "seuil")
_YEARS = ("annee", "autre_annee")
_FORMS: dict[str, dict[str, tuple[str, ...]]] = {
    "facts.kind": {"name": (), "any_kind": ()},
    "facts.population": {
        "name": (),
        "name_in_year": ("annee",),
        "name_ambiguous": (),
        "in_force": ("annee", "source"),
        "latest_known": ("annee", "source"),
        "declared": ("annee",),
        "other_year": (*_YEARS, "municipale", "totale"),
        "municipale_only": (),
        "totale_only": (),
        "no_vintage": (),
        "ambiguous": _BOTH,
        "ambiguous_other_year": (*_BOTH, *_YEARS),
    },
    "facts.agents_etp": {"name": (), "declared": (), "declared_on": ("date",)},
    "reasons": {
        "no_organization": (),
        "missing": ("manque",),
        "according_to": ("selon",),
        "not_in_force": ("date",),
        "not_in_force_until": ("date", "debut"),
        "no_longer_in_force": ("date",),
        "parameter_name": ("date", "titre"),
        "parameter_unknown": (),
    },
    "labels": {
        "root": (),
        "in_force": ("date", "debut"),
        "stages": (),
        "stage": ("date", "etape"),
        "number": ("nom", "valeur", "seuil"),
        "number_detail": ("nom", "valeur", "seuil", "precision"),
        "number_missing": ("nom", "seuil"),
        "number_without_threshold": ("nom",),
        "choice": ("nom", "reponse"),
        "threshold_missing": ("titre",),
        "answer_yes": (),
        "answer_no": (),
        "answer_unknown": (),
    },
    "what_if": {
        "at_least_yes": ("seuil",),
        "at_least_no": ("seuil",),
        "more_than_yes": ("seuil",),
        "more_than_no": ("seuil",),
        "choice_yes": ("nom",),
        "choice_no": ("nom",),
        "applies": ("reponse",),
        "exempt": ("reponse",),
        "unknown": ("reponse", "manque"),
    },
}


def read_sentences(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Return the sentences by section (« facts.population », « reasons »…) and key. Raises LawError."""
    where = f"parameters/{path.parent.name}/{path.name}"
    sections = {name.split(".")[0] for name in _FORMS}
    content = form.mapping(load_yaml(path), where, sections)
    facts = {name.split(".")[1] for name in _FORMS if "." in name}
    form.mapping(content["facts"], f"{where}, facts", facts)
    read = {}
    for name, keys in _FORMS.items():
        section, _, fact = name.partition(".")
        place = f"{where}, {name}"
        entry = form.mapping(content[section][fact] if fact else content[section], place, keys)
        read[name] = {key: form.filled(entry, key, place, allowed) for key, allowed in keys.items()}
    return read
