"""Which duties bind a body on a date: the room's one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from opendata_check.law.consequences import what_if
from opendata_check.law.deciding import concerned, decide
from opendata_check.law.evaluation import Outcome
from opendata_check.law.figures import Figures, figures_of
from opendata_check.law.loading import law as whole_law
from opendata_check.law.reasons import event_label, missing_facts, reason
from opendata_check.law.rules import Law, Obligation, Part
from opendata_check.law.territories import unread_territory
from opendata_check.model.legal import Applicability, Certainty, DatedPart, Duty
from opendata_check.model.organization import Organization

_VERDICTS = {True: Applicability.APPLIES, False: Applicability.EXEMPT, None: Applicability.UNKNOWN}


def scope(organization: Organization | None, on: date) -> tuple[Duty, ...]:
    """Return every obligation of `rules/obligations`, decided for ``organization`` on the day ``on``.

    Sorted by legal weight, heaviest first, then by id. Without an organization, or when its kind is unknown, a duty is
    unknown, even one that binds every administration, since we cannot tell that this is one; it is exempt only when
    the text was not yet in force or another known fact exempts whoever it is. An event (a grant, a contract) never
    changes the verdict: the duty carries the declared answer apart. Overseas, where own rules apply that were not read,
    every duty is unknown. Raises LawError or RulesError when the rules are
    malformed.
    """
    law = whole_law()
    figures = figures_of(organization)
    duties = [_duty(obligation, organization, figures, on, law) for obligation in law.obligations]
    unread = unread_territory(organization)
    if unread:
        duties = [_undecided(duty, unread) for duty in duties]
    return tuple(sorted(duties, key=lambda duty: (-duty.weight, duty.obligation)))


def _undecided(duty: Duty, reason: str) -> Duty:
    """Return a duty of which nothing is said but why."""
    return replace(
        duty, applicability=Applicability.UNKNOWN, reason=reason, since=None, parts=(), what_if=(), missing_facts=()
    )


def _since(parts: Sequence[tuple[Part, bool | None]]) -> date | None:
    """Return the day of the first step that concerns the body, or None when that step is undecided."""
    concerning = sorted(((part.since, ours) for part, ours in parts if ours is not False), key=lambda step: step[0])
    return concerning[0][0] if concerning and concerning[0][1] else None


def _duty(obligation: Obligation, organization: Organization | None, figures: Figures, on: date, law: Law) -> Duty:
    root = decide(obligation, figures, on, law)
    decisive = root.decisive()
    parts = [(part, concerned(part, figures, law)) for part in obligation.parts]
    event = obligation.event
    return Duty(
        obligation=obligation.id,
        title=obligation.title,
        applicability=_VERDICTS[root.result],
        reason=reason(obligation, root, organization, figures, on, law),
        condition=root.node(),
        what=obligation.what,
        where=obligation.where,
        format=obligation.format,
        delay=obligation.delay,
        frequency=obligation.frequency,
        authority=obligation.authority,
        since=_since(parts),
        parts=tuple(
            DatedPart(part.since, part.label, part.certainty, part.until) for part, ours in parts if ours is not False
        ),
        legal_basis=obligation.legal_basis,
        certainty=_certainty(obligation, decisive),
        level=obligation.level,
        weight=obligation.weight,
        sectoral=obligation.sectoral,
        missing_facts=missing_facts(root),
        what_if=what_if(obligation, root, figures, on, law),
        event=event_label(event, on, law) if event else "",
        event_fact=event.fact if event else "",
        event_happened=figures.answers.get(event.fact) if event else None,
        note=_note(obligation, decisive),
        holder=obligation.holder,
        software=obligation.software,
        effort=obligation.effort,
        proof=obligation.proof,
    )


def _certainty(obligation: Obligation, decisive: list[Outcome]) -> Certainty:
    """Return INTERPRETATION as soon as the obligation, a threshold used or a branch taken is one."""
    doubtful = any(_branch_taken(node) or (node.according_to and node.result is not None) for node in decisive)
    return Certainty.INTERPRETATION if doubtful else obligation.certainty


def _branch_taken(node: Outcome) -> bool:
    """Return whether the verdict leans on a reading of ours: a node so marked that holds."""
    return node.result is True and node.certainty is Certainty.INTERPRETATION and not node.according_to


def _note(obligation: Obligation, decisive: list[Outcome]) -> str:
    notes = [obligation.note, *(node.note for node in decisive if node.result is True)]
    return " ".join(dict.fromkeys(note for note in notes if note))
