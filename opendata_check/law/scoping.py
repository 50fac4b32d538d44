"""Which duties bind a body on a date: the room's one question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from opendata_check.law.apart import apart_of
from opendata_check.law.consequences import what_if
from opendata_check.law.deciding import concerned, decide, status
from opendata_check.law.evaluation import Outcome, evaluate
from opendata_check.law.figures import Figures, figures_of
from opendata_check.law.loading import law as whole_law
from opendata_check.law.numbers import AGENTS, POPULATION, POPULATION_TOTALE
from opendata_check.law.reasons import event_happened, event_label, missing_facts, reason
from opendata_check.law.rules import Apart, Law, Obligation, Part
from opendata_check.model.legal import (
    Applicability,
    Certainty,
    ConditionNode,
    DatedPart,
    Duty,
    NodeKind,
    OpenElsewhere,
)
from opendata_check.model.organization import EvidenceKind, Organization, OrganizationKind


def scope(organization: Organization | None, on: date, law: Law | None = None) -> tuple[Duty, ...]:
    """Return every obligation of ``law`` (that of `rules/` by default), decided for ``organization`` on the day ``on``.

    Sorted by legal weight, heaviest first, then by id. Without an organization, or when its kind is unknown, a duty is
    unknown, even one that binds every administration, since we cannot tell that this is one; it is exempt only when
    another known fact exempts whoever it is. Where no text was in force that day, the answer is « not in force »,
    whoever it is. An event (a grant, a contract) never changes the verdict: the duty carries the declared answer
    apart. Bodies judged apart (territories whose own rules were not read, bodies without legal existence) get one
    answer for all. Raises LawError or RulesError when the rules are malformed.
    """
    law = law or whole_law()
    figures = figures_of(organization)
    apart = apart_of(organization, law.apart)
    duties = [_duty(obligation, organization, figures, on, law, apart) for obligation in law.obligations]
    return tuple(sorted(duties, key=lambda duty: (-duty.weight, duty.obligation)))


def open_elsewhere(organization: Organization | None, on: date, law: Law | None = None) -> tuple[OpenElsewhere, ...]:
    """Return the datasets about such a body that the State already publishes, in the order of the rules.

    None before the day the law first asked for databases, since nothing was excepted yet.
    """
    law = law or whole_law()
    if organization is None or on < law.open_since:
        return ()
    kinds = {organization.kind, *organization.acts_as}
    return tuple(item for concerned_kinds, item in law.open_elsewhere if kinds & concerned_kinds)


def _since(parts: Sequence[tuple[Part, bool | None]]) -> date | None:
    """Return the day of the first step that concerns the body, or None when that step is undecided."""
    concerning = sorted(((part.since, ours) for part, ours in parts if ours is not False), key=lambda step: step[0])
    return concerning[0][0] if concerning and concerning[0][1] else None


def _duty(
    obligation: Obligation, organization: Organization | None, figures: Figures, on: date, law: Law, apart: Apart | None
) -> Duty:
    root = decide(obligation, figures, on, law)
    answer = status(root)
    if apart is not None and apart.kinds and answer is Applicability.NOT_IN_FORCE:
        apart = None  # nobody of any kind was bound that day
    decisive = root.decisive()
    doubt = "" if apart else _doubt_of_exemption(obligation, answer, figures, on, law)
    parts = [] if apart else [(part, concerned(part, figures, on, law)) for part in obligation.parts]
    event = None if apart else obligation.event
    return Duty(
        obligation=obligation.id,
        title=law.say("labels", "local", titre=obligation.title) if obligation.local else obligation.title,
        applicability=apart.answer if apart else answer,
        reason=apart.reason if apart else _reason(obligation, root, organization, figures, on, law, doubt),
        condition=_apart_node(apart, law) if apart else root.node(),
        what=obligation.what,
        where=obligation.where,
        format=obligation.format,
        licence=obligation.licence,
        delay=obligation.delay,
        frequency=obligation.frequency,
        authority=obligation.authority,
        sanction=obligation.sanction,
        since=_since(parts),
        parts=tuple(
            DatedPart(part.since, part.label, part.certainty, part.until) for part, ours in parts if ours is not False
        ),
        legal_basis=obligation.legal_basis(on, _kinds(figures)),
        certainty=obligation.certainty if apart else _certainty(obligation, root, figures, on, doubt),
        level=obligation.level,
        weight=obligation.weight,
        sectoral=obligation.sectoral,
        missing_facts=() if apart else missing_facts(root),
        declared_facts=() if apart else _declared_facts(decisive, figures),
        what_if=() if apart else what_if(obligation, root, figures, on, law),
        event=event_label(event, on, law) if event else "",
        event_fact=event.fact if event else "",
        event_happened=event_happened(event, figures, on, law) if event else None,
        note=obligation.note if apart else _note(obligation, decisive),
        holder=obligation.holder,
        software=obligation.software,
        effort=obligation.effort,
        proof=obligation.proof,
    )


def _certainty(obligation: Obligation, root: Outcome, figures: Figures, on: date, doubt: str) -> Certainty:
    """Return INTERPRETATION as soon as the exemption is doubtful, or the decision leans on a reading of ours."""
    if doubt or root.doubtful():
        return Certainty.INTERPRETATION
    return obligation.certainty_on(on, _kinds(figures))


def _kinds(figures: Figures) -> frozenset[OrganizationKind]:
    known = frozenset((figures.kind, *figures.acts_as))
    return frozenset() if OrganizationKind.UNKNOWN in known else known


def _apart_node(apart: Apart, law: Law) -> ConditionNode:
    """Return the tree of a body judged apart: one node, which carries the answer."""
    result = False if apart.answer is Applicability.EXEMPT else None
    return ConditionNode(NodeKind.TEST, result, law.say("labels", "apart"), fact="kind")


def _reason(
    obligation: Obligation,
    root: Outcome,
    organization: Organization | None,
    figures: Figures,
    on: date,
    law: Law,
    doubt: str,
) -> str:
    said = reason(obligation, root, organization, figures, on, law)
    local = law.say("reasons", "local") if obligation.local else ""
    return " ".join(text for text in (said, doubt, local) if text)


def _declared_facts(decisive: list[Outcome], figures: Figures) -> tuple[str, ...]:
    """Return the declared facts among those that decided, in the order they are read."""
    facts = (node.fact for node in decisive if node.kind is NodeKind.TEST and node.result is not None)
    return tuple(dict.fromkeys(fact for fact in facts if _is_declared(fact, figures)))


def _is_declared(fact: str, figures: Figures) -> bool:
    if fact in AGENTS:
        band = figures.band is not None and figures.band.evidence is EvidenceKind.DECLARED
        return band or figures.agents_etp is not None or figures.agents_effectif is not None
    if fact in (POPULATION, POPULATION_TOTALE) and fact not in figures.numbers:
        return bool(figures.populations) and figures.populations[0].evidence is EvidenceKind.DECLARED
    return fact in figures.answers or fact in figures.numbers or fact in figures.choices


def _doubt_of_exemption(obligation: Obligation, answer: Applicability, figures: Figures, on: date, law: Law) -> str:
    """Return why an exemption may be wrong for such a body, or ""."""
    doubt = obligation.doubtful_exemption
    if doubt is None or answer is not Applicability.EXEMPT or figures.kind not in doubt.kinds:
        return ""
    holds = doubt.when is None or evaluate(doubt.when, figures, on, law).result is True
    return doubt.note if holds else ""


def _note(obligation: Obligation, decisive: list[Outcome]) -> str:
    notes = [obligation.note, *(node.note for node in decisive if node.result is True)]
    return " ".join(dict.fromkeys(note for note in notes if note))
