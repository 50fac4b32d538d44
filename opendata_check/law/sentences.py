"""The sentences the reasons are made of: read from YAML, with the placeholders each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opendata_check.law import form
from opendata_check.resources import load_yaml

_BOTH = ("municipale", "totale", "seuil")
_YEARS = ("annee", "autre_annee")
_FORMS: dict[str, dict[str, tuple[str, ...]]] = {
    "population": {
        "name_in_year": ("nom", "annee"),
        "name_ambiguous": (),
        "name_totale": (),
        "in_force": ("annee", "source"),
        "latest_known": ("annee", "source"),
        "declared": ("annee",),
        "other_year": (*_YEARS, "municipale", "totale"),
        "municipale_only": (),
        "totale_only": (),
        "totale_counts": ("municipale", "totale"),
        "totale_unknown": (*_BOTH, *_YEARS),
        "no_vintage": (),
        "ambiguous": _BOTH,
        "ambiguous_other_year": (*_BOTH, *_YEARS),
    },
    "agents": {
        "declared": (),
        "declared_on": ("date",),
        "at_most": ("nombre",),
        "at_least": ("nombre",),
        "people": ("nombre",),
        "people_not_etp": ("nombre",),
        "from_etp": ("nombre",),
        "etp_not_people": ("nombre",),
        "band": ("tranche",),
        "band_etp": ("tranche",),
        "band_not_etp": ("tranche",),
        "band_too_wide": ("tranche",),
        "band_closed": ("bas", "haut"),
        "band_open": ("bas",),
        "band_none": (),
        "band_year": ("tranche", "annee"),
    },
    "reasons": {
        "no_organization": (),
        "any_kind": (),
        "missing": ("manque",),
        "inside": (),
        "outside": (),
        "other_not_in_force": ("titre",),
        "depends": ("question",),
        "depends_many": ("question",),
        "according_to": ("selon",),
        "acts_as": ("nature",),
        "declared": (),
        "not_in_force": ("date",),
        "not_in_force_until": ("date", "debut"),
        "member": (),
        "answers_used": ("fichier",),
        "answers_broken": ("faute",),
        "not_in_force_earlier": ("date", "debut", "avant"),
        "no_longer_in_force": ("date", "fin"),
        "parameter_name": ("date", "titre"),
        "parameter_unknown": (),
        "before_all": ("debut",),
        "after_reading": ("date",),
        "full_time": (),
        "local": (),
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
        "apart": (),
        "local": ("titre",),
        "answer_yes": (),
        "answer_no": (),
        "answer_unknown": (),
    },
    "what_if": {
        "at_least_yes": ("seuil",),
        "at_least_no": ("seuil",),
        "more_than_yes": ("seuil",),
        "more_than_no": ("seuil",),
        "at_most_yes": ("seuil",),
        "at_most_no": ("seuil",),
        "less_than_yes": ("seuil",),
        "less_than_no": ("seuil",),
        "said_yes": (),
        "said_no": (),
        "said_yes_of": ("nom",),
        "said_no_of": ("nom",),
        "applies": ("reponse",),
        "exempt": ("reponse",),
        "not_in_force": ("reponse",),
        "unknown": ("reponse", "manque"),
    },
    "card": {
        "all": ("nom",),
        "any": ("nom",),
        "not": ("nom",),
        "other": ("nom", "regle"),
        "test": ("nom", "reponse"),
        "at_least": ("valeur", "unite"),
        "more_than": ("valeur", "unite"),
        "at_most": ("valeur", "unite"),
        "less_than": ("valeur", "unite"),
        "dated": ("valeur", "date"),
    },
    "changes": {
        "begins": ("etape",),
        "ends": ("etape",),
        "threshold": ("titre", "avant", "apres"),
        "text": ("texte",),
    },
    "doubts": {
        "more_agents_than_inhabitants": ("agents", "habitants"),
        "more_etp_than_people": ("etp", "personnes"),
        "band_passed": ("etp", "personnes"),
        "unknown_answer": ("nom",),
        "unknown_answer_near": ("nom", "proche"),
        "not_boolean": ("nom",),
        "not_number": ("nom",),
        "not_choice": ("nom",),
    },
}


def read_sentences(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Return the sentences by section (« population », « reasons »…) and key. Raises LawError."""
    where = f"parameters/{path.parent.name}/{path.name}"
    content = form.mapping(load_yaml(path), where, _FORMS)
    read = {}
    for section, keys in _FORMS.items():
        place = f"{where}, {section}"
        entry = form.mapping(content[section], place, keys)
        read[section] = {key: form.filled(entry, key, place, allowed) for key, allowed in keys.items()}
    return read
