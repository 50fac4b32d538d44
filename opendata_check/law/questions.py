"""Which questions are left: facts whose answer would change a verdict, each with what it would decide."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.law.loading import law as whole_law
from opendata_check.law.rules import Law
from opendata_check.model.legal import Applicability, Duty
from opendata_check.model.scope import OpenQuestion, SetAside


def open_questions(duties: Sequence[Duty], law: Law | None = None) -> tuple[OpenQuestion, ...]:
    """Return the questions that these duties leave open, in the order of rules/facts.yaml.

    A fact is asked once, whatever needs it: to decide a duty, or to know whether there is anything to publish.
    """
    law = law or whole_law()
    needing: dict[str, list[Duty]] = {}
    for duty in sorted(duties, key=lambda duty: -duty.weight):
        for fact in dict.fromkeys((*_missing(duty), *_event(duty))):
            needing.setdefault(fact, []).append(duty)
    return tuple(_question(name, needing[name], law) for name in law.facts if name in needing)


def _missing(duty: Duty) -> tuple[str, ...]:
    if duty.applicability is not Applicability.UNKNOWN:
        return ()
    return tuple(missing.fact for missing in duty.missing_facts if missing.fact)


def _event(duty: Duty) -> tuple[str, ...]:
    open_event = duty.event_fact and duty.event_happened is None and not duty.applicability.binds_not
    return (duty.event_fact,) if open_event else ()


def _question(name: str, duties: Sequence[Duty], law: Law) -> OpenQuestion:
    fact = law.facts[name]
    first = next((duty for duty in duties if name in _missing(duty)), None)
    return OpenQuestion(
        fact=name,
        question=fact.question,
        help=fact.help,
        duties=tuple(duty.title for duty in duties),
        what_if=tuple(item for item in first.what_if if item.fact == name) if first else (),
        choices=tuple(fact.choices.items()),
    )


def set_aside(law: Law | None = None) -> tuple[SetAside, ...]:
    """Return the rules that are listed but not applied, with the reason."""
    return tuple(SetAside(item.id, item.title, item.to_verify) for item in (law or whole_law()).to_verify)
