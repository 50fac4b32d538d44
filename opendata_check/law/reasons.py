"""Assembles the reason of a verdict, in French, from the clauses of the nodes that decided it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from opendata_check.law.deciding import concerned
from opendata_check.law.evaluation import Outcome
from opendata_check.law.figures import Figures, exact_number
from opendata_check.law.rules import Event, Law, Obligation
from opendata_check.model.organization import Organization
from opendata_check.wording import french_date, join_list, word


def missing_facts(root: Outcome) -> tuple[str, ...]:
    """Return the French names of the facts that leave ``root`` undecided; nothing when it is decided."""
    return _unique(node.missing for node in root.decisive()) if root.result is None else ()


def event_label(event: Event, on: date, law: Law) -> str:
    """Return the event in French, with the threshold in force on ``on``."""
    return _with_threshold(event.label, event, on, law) or event.label_unknown


def reason(
    obligation: Obligation, root: Outcome, organization: Organization | None, figures: Figures, on: date, law: Law
) -> str:
    """Return why the obligation binds, does not bind or cannot be decided: a few short French sentences."""
    entry_into_force, who = root.children[:2]
    if entry_into_force.result is False:
        return _not_in_force(obligation, figures, on, law)
    if root.result is None:
        return _undecided(root, organization, law)
    decisive = who.decisive()
    clauses = _clauses(decisive)
    end = f" : {obligation.exempt}" if root.result is False and obligation.exempt else ""
    said = [_sentence(organization, clauses, end), *_precisions(decisive, law)]
    event = obligation.event
    if root.result and event is not None and figures.answers.get(event.fact) is False:
        said.append(_with_threshold(event.absent, event, on, law))
    return " ".join(said)


def _not_in_force(obligation: Obligation, figures: Figures, on: date, law: Law) -> str:
    day = french_date(on)
    future = [(part.since, concerned(part, figures, law)) for part in obligation.parts if part.since > on]
    if not future:
        return law.say("reasons", "no_longer_in_force", date=day)
    start, ours = next(((since, ours) for since, ours in future if ours is not False), (on, False))
    if ours is not True:
        return law.say("reasons", "not_in_force", date=day)
    return law.say("reasons", "not_in_force_until", date=day, debut=french_date(start))


def _undecided(root: Outcome, organization: Organization | None, law: Law) -> str:
    if organization is None:
        return law.say("reasons", "no_organization")
    decisive = root.decisive()
    missing = missing_facts(root)
    sentence = law.say("reasons", "missing", manque=join_list(missing))
    whys = _unique(node.why for node in decisive)
    if len(missing) == 1 and len(whys) == 1:
        said = [f"{sentence.rstrip('.')} : {whys[0]}."]
    else:
        said = [sentence, *(f"{_capital(why)}." for why in whys)]
    said += _unique(node.test.if_missing for node in decisive if node.test is not None and node.result is None)
    known = _clauses(decisive)
    return " ".join([_sentence(organization, known, ""), *said] if known else said)


def _sentence(organization: Organization | None, clauses: tuple[str, ...], end: str) -> str:
    kind = organization.kind.value if organization is not None else "unknown"
    return f"{word('kinds', kind, 'The')} {join_list(clauses)}{end}."


def _clauses(nodes: list[Outcome]) -> tuple[str, ...]:
    return _unique(node.clause for node in nodes)


def _precisions(nodes: list[Outcome], law: Law) -> list[str]:
    """Return the sentences on the figures used and on who gives a threshold whose text was not read."""
    details = [f"{_capital(detail)}." for detail in _unique(node.detail for node in nodes)]
    said_by = _unique(node.according_to for node in nodes if node.clause)
    return details + [law.say("reasons", "according_to", selon=name) for name in said_by]


def _with_threshold(template: str, event: Event, on: date, law: Law) -> str:
    """Return an event's text with its threshold, or "" when the threshold was not read for that date."""
    if not event.parameter:
        return template
    dated = law.parameters[event.parameter].on(on)
    return template.format(seuil=exact_number(dated.value)) if dated is not None else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
