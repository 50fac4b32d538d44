"""Assembles the reason of a verdict, in French, from the clauses of the nodes that decided it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from opendata_check.law.deciding import concerned, status
from opendata_check.law.evaluation import Outcome
from opendata_check.law.figures import Figures, exact_number
from opendata_check.law.rules import Event, FactType, Law, Obligation
from opendata_check.model.legal import Applicability, MissingFact
from opendata_check.model.organization import Organization
from opendata_check.wording import french_date, join_list, word


def missing_facts(root: Outcome) -> tuple[MissingFact, ...]:
    """Return the facts that leave ``root`` undecided; nothing when it is decided."""
    if root.result is not None:
        return ()
    return tuple(dict.fromkeys(node.missing for node in root.decisive() if node.missing is not None))


def missing_names(root: Outcome) -> tuple[str, ...]:
    """Return the French names of the facts that leave ``root`` undecided."""
    return _unique(missing.name for missing in missing_facts(root))


def event_label(event: Event, on: date, law: Law) -> str:
    """Return the event in French, with the threshold in force on ``on``."""
    return _with_threshold(event.label, event, on, law) or event.label_unknown


def event_happened(event: Event, figures: Figures, on: date, law: Law) -> bool | None:
    """Return whether the event took place as far as the organization said, None when it did not.

    An amount that was told is compared with the threshold of the day. Else the plain answer counts; it speaks of the
    latest threshold, so that a « no » says nothing of a day when the threshold was lower, nor a « yes » of a day
    when it was higher.
    """
    answer = figures.answers.get(event.fact)
    if not event.parameter:
        return answer
    parameter = law.parameters[event.parameter]
    amount, dated = figures.numbers.get(event.amount), parameter.on(on)
    if dated is None:
        return answer
    if amount is not None:
        return event.comparison.holds(amount, dated.value)
    asked = parameter.values[-1].value
    told = (answer is True and dated.value <= asked) or (answer is False and dated.value >= asked)
    return answer if told else None


def reason(
    obligation: Obligation, root: Outcome, organization: Organization | None, figures: Figures, on: date, law: Law
) -> str:
    """Return why the obligation binds, does not bind or cannot be decided: a few short French sentences."""
    who = root.children[1]
    if status(root) is Applicability.NOT_IN_FORCE:
        return _not_in_force(obligation, figures, on, law)
    if root.result is None:
        return _undecided(root, organization, law)
    decisive = who.decisive() if who.result is root.result else []
    clauses = _clauses(decisive) or (law.say("reasons", "inside" if root.result else "outside"),)
    end = f" : {obligation.exempt}" if root.result is False and obligation.exempt else ""
    said = [_sentence(organization, clauses, end), *_precisions(decisive, law)]
    event = obligation.event
    if root.result and event is not None and event_happened(event, figures, on, law) is False:
        said.append(_with_threshold(event.absent, event, on, law))
    return " ".join(text for text in said if text)


def _not_in_force(obligation: Obligation, figures: Figures, on: date, law: Law) -> str:
    day = french_date(on)
    future = [(part.since, concerned(part, figures, on, law)) for part in obligation.parts if part.since > on]
    if not future:
        ended = [part.until for part in obligation.parts if part.until is not None and part.until < on]
        return law.say("reasons", "no_longer_in_force", date=day, fin=french_date(max(ended)))
    if obligation.earlier and all(part.since > on for part in obligation.parts):
        first = french_date(min(part.since for part in obligation.parts))
        return law.say("reasons", "not_in_force_earlier", date=day, debut=first, avant=obligation.earlier)
    start, ours = next(((since, ours) for since, ours in future if ours is not False), (on, False))
    if ours is not True:
        return law.say("reasons", "not_in_force", date=day)
    return law.say("reasons", "not_in_force_until", date=day, debut=french_date(start))


def _undecided(root: Outcome, organization: Organization | None, law: Law) -> str:
    if organization is None:
        return law.say("reasons", "no_organization")
    decisive = root.decisive()
    missing = missing_facts(root)
    asked = _unique(item.question for item in missing if _is_answer(item, law))
    names = _unique(item.name for item in missing if not _is_answer(item, law))
    whys = _unique(node.why for node in decisive)
    said = [law.say("reasons", "missing", manque=join_list(names))] if names else []
    if asked:
        said.append(law.say("reasons", "depends" if len(asked) == 1 else "depends_many", question=" ".join(asked)))
    if len(missing) == 1 and len(whys) == 1:
        said = [f"{said[0].rstrip('.')} : {whys[0]}."]
    else:
        said += [f"{_capital(why)}." for why in whys]
    said += _unique(node.test.if_missing for node in decisive if node.test is not None and node.result is None)
    known = _clauses(decisive)
    return " ".join([_sentence(organization, known, ""), *said] if known else said)


def _is_answer(missing: MissingFact, law: Law) -> bool:
    """Return whether what is missing is a plain answer (yes or no, one of a few), best told as its question."""
    fact = law.facts.get(missing.fact)
    return fact is not None and fact.type is not FactType.NUMBER and fact.id != "kind"


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
