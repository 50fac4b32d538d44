"""What the cases of tests/law/*.yaml mean: a body, a day, and what the law answers; shared by several tests.

Keys of a case: ``cas`` (title), ``organisme`` (``inconnu``, or ``nature``, ``populations``, ``plus_grande_commune``, ``agents``,
``effectif``, ``tranche``, ``aussi``, ``faits``), ``date``, ``attendu`` (obligation → concerné, non concerné, à confirmer, pas en
vigueur) and, all optional and by obligation: ``raison_contient``, ``manque_contient``, ``si_contient``, ``note_contient`` (lists of
texts that must be found), ``note_sans`` (texts that must not be), ``manque`` (names of facts), ``certitude``, ``depuis``, ``etapes`` (first days), ``evenement``,
``evenement_contient``, ``texte_contient``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from opendata_check.law import scope
from opendata_check.law.rules import Law
from opendata_check.model.legal import Applicability, Duty
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.territory.headcount import band

HERE = Path(__file__).parent
WORDS = {
    "concerné": Applicability.APPLIES,
    "non concerné": Applicability.EXEMPT,
    "à confirmer": Applicability.UNKNOWN,
    "pas en vigueur": Applicability.NOT_IN_FORCE,
}
WITHOUT = "note_sans"
LISTS = ("raison_contient", "manque_contient", "si_contient", "note_contient", "texte_contient")
KEYS = {
    "cas", "organisme", "date", "attendu", *LISTS, WITHOUT, "manque", "certitude", "depuis", "etapes", "evenement", "evenement_contient",
}  # fmt: skip
BODY = {
    "nature", "populations", "plus_grande_commune", "agents", "effectif", "tranche", "aussi", "faits", "reponses",
    "departement",
}  # fmt: skip

Case = dict[str, Any]


def cases() -> list[Case]:
    """Return every case, in the order of files."""
    return [
        {**case, "_file": path.stem}
        for path in sorted(HERE.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _figures(items: list[dict[str, Any]]) -> tuple[PopulationFigures, ...]:
    return tuple(
        PopulationFigures(
            reference_year=item["annee"] - 3,
            in_force_year=item["annee"],
            municipale=item.get("municipale"),
            totale=item.get("totale"),
            source=f"Insee, populations de référence {item['annee'] - 3}",
            evidence=EvidenceKind.DECLARED if item.get("declaree") else EvidenceKind.OBSERVED,
        )
        for item in items
    )


def organization(written: Any) -> Organization | None:
    """Return the body of a case."""
    if written == "inconnu":
        return None
    assert set(written) <= BODY, written
    facts = {**written.get("reponses", {}), **written.get("faits", {})}
    code, _, year = str(written.get("tranche", "")).partition(" ")
    return Organization(
        "Organisme d'essai",
        OrganizationKind(written["nature"]),
        departement_code=written.get("departement"),
        populations=_figures(written.get("populations", [])),
        largest_member_populations=_figures(written.get("plus_grande_commune", [])),
        agents_etp=written.get("agents"),
        agents_effectif=written.get("effectif"),
        headcount_band=band(code, year),
        acts_as=tuple(OrganizationKind(kind) for kind in written.get("aussi", [])),
        declared=tuple(DeclaredFact(name, value) for name, value in facts.items()),
    )


def plain(text: str) -> str:
    """Return the text with ordinary spaces, as a lawyer types them."""
    return " ".join(text.split())


def _said(duty: Duty) -> dict[str, str]:
    return {
        "raison_contient": duty.reason,
        "manque_contient": " | ".join(missing.name for missing in duty.missing_facts),
        "si_contient": " | ".join(item.text for item in duty.what_if),
        "note_contient": duty.note,
        "texte_contient": " | ".join(f"{ref.label} {ref.version}" for ref in duty.legal_basis),
    }


def differences(case: Case, law: Law | None = None, only: str = "") -> list[str]:
    """Return what a case expects and does not get, for every obligation it speaks of (or ``only`` one)."""
    duties = {duty.obligation: duty for duty in scope(organization(case["organisme"]), case["date"], law)}
    return [
        difference
        for name in {
            *case["attendu"],
            *(name for key in KEYS - {"cas", "organisme", "date"} for name in case.get(key, {})),
        }
        if not only or name == only
        for difference in _differences(case, name, duties[name])
    ]


def _differences(case: Case, name: str, duty: Duty) -> list[str]:
    found = []
    expected = case["attendu"].get(name)
    if expected is not None and duty.applicability is not WORDS[expected]:
        found.append(f"{name} : {duty.applicability}, on attendait « {expected} ». {duty.reason}")
    for key in LISTS:
        said = _said(duty)[key]
        found += [
            f"{name}, {key} : « {text} » n'est pas dans « {said} »"
            for text in case.get(key, {}).get(name, [])
            if plain(text) not in plain(said)
        ]
    found += [
        f"{name} : la note dit « {text} »"
        for text in case.get(WITHOUT, {}).get(name, [])
        if plain(text) in plain(duty.note)
    ]
    got: dict[str, object] = {
        "certitude": duty.certainty,
        "depuis": duty.since,
        "evenement": duty.event_happened,
        "manque": [missing.fact for missing in duty.missing_facts],
        "etapes": [part.since for part in duty.parts],
    }
    for key, value in got.items():
        wanted = case.get(key, {})
        if name in wanted and wanted[name] != value:
            found.append(f"{name}, {key} : {value!r}, on attendait {wanted[name]!r}")
    if plain(case.get("evenement_contient", {}).get(name, "")) not in plain(duty.event):
        found.append(f"{name} : l'événement est « {duty.event} »")
    return found


def day(text: str) -> date:
    """Return an ISO date."""
    return date.fromisoformat(text)
