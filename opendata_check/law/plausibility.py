"""Says which facts about one body cannot be true together, so that they are asked again, and which say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from opendata_check.law import form
from opendata_check.law.figures import exact_number
from opendata_check.law.loading import law as national_law
from opendata_check.law.rules import Fact, FactType, Law
from opendata_check.model.organization import DeclaredFact, Organization, OrganizationKind

_FEW = 20
"""Below that many agents nothing is odd: a tiny commune may share its staff."""
_WITH_INHABITANTS = frozenset({OrganizationKind.COMMUNE, OrganizationKind.EPCI, OrganizationKind.DEPARTEMENT})


def doubts(organization: Organization, law: Law) -> tuple[str, ...]:
    """Return a French sentence for each pair of facts that contradict each other."""
    return tuple(_doubts(organization, law))


def unread_answers(organization: Organization, law: Law) -> tuple[str, ...]:
    """Return a French sentence for each declared answer that no rule can use: an unknown name, or the wrong type."""
    return tuple(said for item in organization.declared if (said := _unread(item, law)))


def with_doubts_noted(organization: Organization | None) -> Organization | None:
    """Return the organization with what contradicts itself or says nothing among its facts added to its notes."""
    if organization is None:
        return None
    law = national_law()
    said = (*doubts(organization, law), *unread_answers(organization, law))
    return replace(organization, notes=(*organization.notes, *said)) if said else organization


def _unread(item: DeclaredFact, law: Law) -> str:
    fact = law.facts.get(item.name)
    if fact is None or fact.id == "kind":
        close = form.near(item.name, [name for name in law.facts if name != "kind"])
        shown = "".join(character for character in item.name if character.isprintable())[:60]
        key = "unknown_answer_near" if close else "unknown_answer"
        return law.say("doubts", key, nom=shown, proche=close[0] if close else "")
    return "" if _has_type(item.value, fact) else law.say("doubts", f"not_{fact.type}", nom=fact.id)


def _has_type(value: object, fact: Fact) -> bool:
    if fact.type is FactType.BOOLEAN:
        return isinstance(value, bool)
    if fact.type is FactType.CHOICE:
        return value in fact.choices
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= fact.highest


def _doubts(body: Organization, law: Law) -> Iterator[str]:
    etp, people = body.agents_etp or 0, body.agents_effectif or 0
    figures = [figure for item in body.populations for figure in (item.municipale, item.totale) if figure]
    agents, inhabitants = max(etp, people), max(figures, default=0)
    if body.kind in _WITH_INHABITANTS and 0 < inhabitants < agents and agents > _FEW:
        said = {"agents": exact_number(agents), "habitants": exact_number(inhabitants)}
        yield law.say("doubts", "more_agents_than_inhabitants", **said)
    if body.agents_effectif is not None and etp > people:
        yield law.say("doubts", "more_etp_than_people", etp=exact_number(etp), personnes=exact_number(people))
    band = body.headcount_band
    if band is not None and band.highest is not None and etp > band.highest:
        yield law.say("doubts", "band_passed", etp=exact_number(etp), personnes=exact_number(band.highest))
