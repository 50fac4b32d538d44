"""What the law says to this body, duty by duty, and the questions a machine cannot answer."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.legal import Applicability, Certainty, ConditionNode, Duty, NodeKind
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.phrases import say, sentence
from opendata_check.reports.outline.states import state_of
from opendata_check.reports.outline.values import Fact, Question, Rule
from opendata_check.wording import french_date, join_list, word

_ORGANIZATION_FACTS = {
    "agents_etp": ("agents_etp = …",),
    "population": ("population_municipale = …", "population_date = …"),
    "kind": ("kind = …",),
}
"""Facts the file holds under [organization]; the others are declarations."""


def rules(report: AuditReport) -> tuple[Rule, ...]:
    """Return the duties: those that bind first, the weightiest first, exempt ones last."""
    rank = {Applicability.APPLIES: 0, Applicability.UNKNOWN: 1, Applicability.EXEMPT: 2}
    ordered = sorted(report.duties, key=lambda duty: (rank[duty.applicability], -duty.weight))
    return tuple(_rule(duty, state_of(duty, report.findings, report.datasets)) for duty in ordered)


def _rule(duty: Duty, state: str) -> Rule:
    exempt = duty.applicability is Applicability.EXEMPT
    return Rule(
        title=duty.title,
        state=state,
        state_word=word("outcomes", state),
        reason=sentence(duty.reason),
        facts=() if exempt else tuple(_facts(duty, state)),
        more=() if exempt else tuple(_more(duty)),
        since=say("since", day=french_date(duty.since)) if duty.since and not exempt else "",
        doubt=_doubt(duty),
        articles=phrases.citations(duty.legal_basis),
    )


def _doubt(duty: Duty) -> str:
    if duty.certainty is Certainty.TEXT:
        return ""
    unread = [ref for ref in duty.legal_basis if ref.certainty is Certainty.INTERPRETATION and ref.according_to]
    sources = tuple(dict.fromkeys(ref.according_to for ref in unread))
    return say("interpretation", source=join_list(sources)) if sources else say("interpretation_alone")


def _facts(duty: Duty, state: str) -> Iterator[Fact]:
    yield Fact(say("remedy"), sentence(duty.what))
    if duty.event and duty.event_happened is None:
        yield Fact(say("to_confirm"), say("if_event", event=duty.event.rstrip(".")))
    if duty.proof.elsewhere and state in {"not_found", "unverifiable"}:
        yield Fact(say("look_yourself"), sentence(duty.proof.elsewhere))


def _more(duty: Duty) -> Iterator[Fact]:
    if len(duty.parts) > 1:
        steps = " ".join(
            f"{say('since', day=french_date(part.since)).rstrip('.')} : {part.label}." for part in duty.parts
        )
        yield Fact(say("steps"), steps)
    if duty.note:
        yield Fact(say("to_know"), sentence(duty.note))


def questions(report: AuditReport) -> tuple[Question, ...]:
    """Return what only the body can say, the weightiest duty first; one question a fact, whatever needs it."""
    if report.organization is None:
        return (Question(say("question_who"), "organization", (say("answer_who"),)),)
    found: dict[str, Question] = {}
    for duty in sorted(report.duties, key=lambda duty: -duty.weight):
        for fact, question in (*_missing(duty), *_event(duty)):
            found.setdefault(fact, question)
    return tuple(found.values())


def _missing(duty: Duty) -> Iterator[tuple[str, Question]]:
    if duty.applicability is not Applicability.UNKNOWN:
        return
    facts = tuple(dict.fromkeys(_undecided(duty.condition)))
    names = (
        duty.missing_facts if len(duty.missing_facts) == len(facts) else (join_list(duty.missing_facts),) * len(facts)
    )
    for fact, name in zip(facts, names, strict=True):
        text = say("question_fact", fact=sentence(name).rstrip("."))
        table = "organization" if fact in _ORGANIZATION_FACTS else "declarations"
        yield fact, Question(text, table, _ORGANIZATION_FACTS.get(fact, (f"{fact} = …",)), duty.what_if)


def _undecided(node: ConditionNode) -> Iterator[str]:
    """Yield the facts that would settle a node: below a settled node nothing is missing."""
    if node.result is not None:
        return
    if node.kind is NodeKind.TEST and node.fact:
        yield node.fact
    for child in node.children:
        yield from _undecided(child)


def _event(duty: Duty) -> Iterator[tuple[str, Question]]:
    exempt = duty.applicability is Applicability.EXEMPT
    if duty.event and duty.event_fact and duty.event_happened is None and not exempt:
        text = say("question_event", event=duty.event.rstrip(". "))
        yield duty.event_fact, Question(text, "declarations", (say("answer_event", fact=duty.event_fact),))
