"""Rebuilds a body, its duties and the texts they cite."""

from __future__ import annotations

from functools import lru_cache

from opendata_check.model.legal import (
    Applicability,
    Certainty,
    ConditionNode,
    DatedPart,
    Duty,
    LegalReference,
    MissingFact,
    NodeKind,
    OpenElsewhere,
    Proof,
    ReferenceKind,
    WhatIf,
)
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    HeadcountBand,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.rereading.nodes import Node

_DEEPEST = 40
"""Levels of a condition: the law's have five or six."""


def organization(node: Node) -> Organization:
    """Return a body."""
    band = node.inner("headcount_band")
    return Organization(
        name=node.text("name"),
        kind=node.word("kind", OrganizationKind),
        insee_code=node.text_or_none("insee_code"),
        siren=node.text_or_none("siren"),
        departement_code=node.text_or_none("departement_code"),
        departement_name=node.text_or_none("departement_name"),
        epci_siren=node.text_or_none("epci_siren"),
        epci_name=node.text_or_none("epci_name"),
        epci_nature=node.text_or_none("epci_nature"),
        populations=tuple(_figures(item) for item in node.items("populations")),
        agents_etp=node.number_or_none("agents_etp"),
        agents_etp_stated_on=node.day_or_none("agents_etp_stated_on"),
        agents_effectif=node.whole_or_none("agents_effectif"),
        agents_effectif_stated_on=node.day_or_none("agents_effectif_stated_on"),
        headcount_band=None if band is None else _band(band),
        acts_as=node.words("acts_as", OrganizationKind),
        declared=tuple(_declared(item) for item in node.items("declared")),
        notes=node.texts("notes"),
    )


def _figures(node: Node) -> PopulationFigures:
    return PopulationFigures(
        reference_year=node.whole("reference_year"),
        in_force_year=node.whole("in_force_year"),
        municipale=node.whole_or_none("municipale"),
        totale=node.whole_or_none("totale"),
        source=node.text("source"),
        evidence=node.word("evidence", EvidenceKind),
    )


def _band(node: Node) -> HeadcountBand:
    return HeadcountBand(
        code=node.text("code"),
        lowest=node.whole("lowest"),
        highest=node.whole_or_none("highest"),
        year=node.whole_or_none("year"),
        evidence=node.word("evidence", EvidenceKind),
    )


def _declared(node: Node) -> DeclaredFact:
    value = node.fact("value")
    return DeclaredFact(
        name=node.text("name"),
        value=float("nan") if value is None else value,  # what JSON could not carry
        stated_on=node.day_or_none("stated_on"),
        note=node.text("note", ""),
    )


def references(node: Node) -> tuple[LegalReference, ...]:
    """Return the citations under ``legal_basis``."""
    return tuple(reference(item) for item in node.items("legal_basis"))


def reference(node: Node) -> LegalReference:
    """Return a citation; the same one met again is the same value."""
    return _reference(
        node.text("label"),
        node.text("code"),
        node.text("article"),
        node.text("version"),
        node.text("url"),
        node.word("kind", ReferenceKind),
        node.word("certainty", Certainty),
        node.text("according_to"),
        node.text("copy", ""),
    )


@lru_cache(4096)
def _reference(
    label: str,
    text: str,
    article: str,
    version: str,
    url: str,
    kind: ReferenceKind,
    certainty: Certainty,
    according_to: str,
    copy: str,
) -> LegalReference:
    """The word « article » stands in the label only."""
    told = label.removesuffix(f" ({copy})") if copy else label
    said = told.removeprefix(f"{text}, ")
    whole = said if told != said and said.endswith(article) else article
    return LegalReference(
        text=text,
        article=whole,
        version=version,
        url=url,
        kind=kind,
        certainty=certainty,
        according_to=according_to,
        copy=copy,
    )


def _condition(node: Node, depth: int = 0) -> ConditionNode:
    if depth > _DEEPEST:
        raise node.wrong(f"{_DEEPEST} niveaux de conditions au plus")
    return ConditionNode(
        kind=node.word("kind", NodeKind),
        result=node.flag_or_none("result"),
        label=node.text("label"),
        children=tuple(_condition(child, depth + 1) for child in node.items("children")),
        fact=node.text("fact"),
        parameter=node.text("parameter"),
        value=node.fact("value"),
        threshold=node.number_or_none("threshold"),
        obligation=node.text("obligation", ""),
    )


def duty(node: Node) -> Duty:
    """Return one duty."""
    condition = node.inner("condition")
    if condition is None:
        raise node.at("condition").wrong("un objet { … }")
    yes_or_no = set(node.texts("yes_or_no"))
    return Duty(
        obligation=node.name("id"),
        title=node.text("title"),
        applicability=node.word("status", Applicability),
        reason=node.text("reason"),
        condition=_condition(condition),
        what=node.text("what"),
        where=node.text("where"),
        format=node.text("format"),
        licence=node.text("licence"),
        delay=node.text("delay"),
        frequency=node.text("frequency"),
        authority=node.text("authority"),
        sanction=node.text("sanction"),
        since=node.day_or_none("since"),
        parts=tuple(_part(item) for item in node.items("parts")),
        legal_basis=references(node),
        certainty=node.word("confidence", Certainty),
        level=node.text("level"),
        weight=node.whole("weight"),
        sectoral=node.flag("sectoral"),
        missing_facts=tuple(_missing(item, yes_or_no) for item in node.items("questions")),
        declared_facts=node.texts("declared_facts"),
        what_if=tuple(_what_if(item) for item in node.items("what_if")),
        event=node.text("event"),
        event_fact=node.text("event_fact"),
        event_happened=node.flag_or_none("event_happened"),
        note=node.text("note"),
        holder=node.text("holder"),
        software=node.text("software"),
        effort=node.known("effort", "efforts"),
        proof=Proof(
            places=node.texts("places"),
            elsewhere=node.text("elsewhere"),
            schemas=node.texts("schemas"),
            evidence=node.texts("evidence"),
        ),
    )


def _part(node: Node) -> DatedPart:
    return DatedPart(
        since=node.day("since"),
        label=node.text("label"),
        certainty=node.word("certainty", Certainty),
        until=node.day_or_none("until"),
    )


def _missing(node: Node, yes_or_no: set[str]) -> MissingFact:
    fact = node.text("fact")
    return MissingFact(fact, node.text("name"), node.text("question"), fact in yes_or_no)


def _what_if(node: Node) -> WhatIf:
    return WhatIf(node.text("fact"), node.text("answer"), node.word("status", Applicability), node.text("text"))


def open_elsewhere(node: Node) -> OpenElsewhere:
    """Return a dataset that the State publishes already."""
    return OpenElsewhere(
        node.text("id"), node.text("title"), node.text("by"), node.text("where"), node.text("family", "")
    )
