"""The law as JSON values: a body, its duties, their texts; the same form in every command's answer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

from opendata_check.model.legal import ConditionNode, DatedPart, Duty, LegalReference, OpenElsewhere, WhatIf
from opendata_check.model.organization import HeadcountBand, Organization

Payload = dict[str, Any]


def day(value: date | None) -> str | None:
    """Return an ISO date."""
    return None if value is None else value.isoformat()


def number(value: float | None) -> float | None:
    """Return a number JSON can carry: a declaration may hold what it cannot (``nan``, ``inf`` in TOML)."""
    return value if value is not None and math.isfinite(value) else None


def organization(body: Organization) -> Payload:
    """Return a body with the facts the law reads."""
    return {
        "name": body.name,
        "kind": body.kind.value,
        "acts_as": [kind.value for kind in body.acts_as],
        "insee_code": body.insee_code,
        "siren": body.siren,
        "departement_code": body.departement_code,
        "departement_name": body.departement_name,
        "epci_siren": body.epci_siren,
        "epci_name": body.epci_name,
        "epci_nature": body.epci_nature,
        "populations": [
            {
                "reference_year": figures.reference_year,
                "in_force_year": figures.in_force_year,
                "municipale": figures.municipale,
                "totale": figures.totale,
                "source": figures.source,
                "evidence": figures.evidence.value,
            }
            for figures in body.populations
        ],
        "agents_etp": number(body.agents_etp),
        "agents_etp_stated_on": day(body.agents_etp_stated_on),
        "agents_effectif": body.agents_effectif,
        "agents_effectif_stated_on": day(body.agents_effectif_stated_on),
        "headcount_band": None if body.headcount_band is None else _band(body.headcount_band),
        "declared": [
            {
                "name": fact.name,
                "value": number(fact.value) if isinstance(fact.value, float) else fact.value,
                "stated_on": day(fact.stated_on),
                "note": fact.note,
            }
            for fact in body.declared
        ],
        "notes": list(body.notes),
    }


def _band(band: HeadcountBand) -> Payload:
    return {
        "code": band.code,
        "lowest": band.lowest,
        "highest": band.highest,
        "year": band.year,
        "evidence": band.evidence.value,
    }


def reference(cited: LegalReference) -> Payload:
    """Return a citation; ``article`` stands without the word « article », ``version`` is "" when unknown."""
    return {
        "label": cited.label,
        "code": cited.text,
        "article": cited.article.removeprefix("articles ").removeprefix("article "),
        "version": cited.version,
        "copy": cited.copy,
        "url": cited.url,
        "kind": cited.kind.value,
        "certainty": cited.certainty.value,
        "according_to": cited.according_to,
    }


def condition(node: ConditionNode) -> Payload:
    """Return a condition tree with the value of each node."""
    return {
        "kind": node.kind.value,
        "result": node.result,
        "label": node.label,
        "fact": node.fact,
        "parameter": node.parameter,
        "value": number(node.value) if isinstance(node.value, float) else node.value,
        "threshold": number(node.threshold),
        "obligation": node.obligation,
        "children": [condition(child) for child in node.children],
    }


def parts(steps: Iterable[DatedPart]) -> list[dict[str, Any]]:
    """Return the steps of an entry into force."""
    return [
        {
            "since": step.since.isoformat(),
            "until": day(step.until),
            "label": step.label,
            "certainty": step.certainty.value,
        }
        for step in steps
    ]


def duty(item: Duty) -> Payload:
    """Return one duty; ``missing_facts`` are the names that ``--fact`` takes, ``questions`` say them in French."""
    return {
        "id": item.obligation,
        "status": item.applicability.value,
        "title": item.title,
        "reason": item.reason,
        "missing_facts": list(dict.fromkeys(missing.fact for missing in item.missing_facts if missing.fact)),
        "questions": [
            {"fact": missing.fact, "name": missing.name, "question": missing.question} for missing in item.missing_facts
        ],
        "declared_facts": list(item.declared_facts),
        "what_if": [what_if(answer) for answer in item.what_if],
        "legal_basis": [reference(cited) for cited in item.legal_basis],
        "confidence": item.certainty.value,
        "condition": condition(item.condition),
        "what": item.what,
        "where": item.where,
        "format": item.format,
        "licence": item.licence,
        "delay": item.delay,
        "frequency": item.frequency,
        "authority": item.authority,
        "sanction": item.sanction,
        "since": day(item.since),
        "parts": parts(item.parts),
        "level": item.level,
        "weight": item.weight,
        "sectoral": item.sectoral,
        "event": item.event,
        "event_fact": item.event_fact,
        "event_happened": item.event_happened,
        "note": item.note,
        "holder": item.holder,
        "software": item.software,
        "effort": item.effort,
        "elsewhere": item.proof.elsewhere,
        "evidence": list(item.proof.evidence),
    }


def kept_duty(item: Duty) -> Payload:
    """Return a duty as an audit keeps it: with what « scope » leaves out and a report made again needs."""
    asked = dict.fromkeys(missing.fact for missing in item.missing_facts if missing.yes_or_no)
    return {
        **duty(item),
        "yes_or_no": list(asked),
        "places": list(item.proof.places),
        "schemas": list(item.proof.schemas),
    }


def what_if(item: WhatIf) -> Payload:
    """Return what would follow from one answer."""
    return {"fact": item.fact, "answer": item.answer, "status": item.status.value, "text": item.text}


def already_open(item: OpenElsewhere) -> Payload:
    """Return a dataset that the State already publishes."""
    return {"id": item.id, "title": item.title, "by": item.by, "where": item.where, "family": item.family}
