"""What the law says to this body, duty by duty, and the questions a machine cannot answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from opendata_check.model.legal import Applicability, Certainty, Duty
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.basics import Fact
from opendata_check.reports.outline.phrases import say, sentence
from opendata_check.reports.outline.states import state_of
from opendata_check.reports.outline.values import Brief, OtherRules, Question, Rule
from opendata_check.wording import french_date, join_list, word

_ORGANIZATION_FACTS = {
    "agents_etp": ("agents_etp = …",),
    "agents_effectif": ("agents_effectif = …",),
    "population": ("population_municipale = …", "population_date = …"),
    "population_totale": ("population_totale = …", "population_date = …"),
    "kind": ("kind = …",),
}
"""Facts the file holds under [organization]; the others are declarations."""
_ASKED = 3
"""Questions shown: more would not be answered; « init » asks them all."""


def rules(report: AuditReport) -> tuple[Rule, ...]:
    """Return the duties this audit looked into: those that bind first, those that ask nothing last."""
    return tuple(_rule(duty, state_of(duty, report.findings, report.datasets)) for duty in _examined(report))


def _examined(report: AuditReport) -> list[Duty]:
    """Return the duties that a finding speaks of; all of them when nothing was examined."""
    spoken = {finding.obligation for finding in report.findings}
    return [duty for duty in _ordered(report.duties) if duty.obligation in spoken or not spoken]


def _ordered(duties: Iterable[Duty]) -> list[Duty]:
    rank = {Applicability.APPLIES: 0, Applicability.UNKNOWN: 1}
    return sorted(duties, key=lambda duty: (rank.get(duty.applicability, 2), -duty.weight))


def others(report: AuditReport) -> OtherRules:
    """Return, in a few lines, the duties that no check of this audit looks into."""
    examined = {duty.obligation for duty in _examined(report)}
    rest = [duty for duty in _ordered(report.duties) if duty.obligation not in examined]
    kept = {answer: [duty for duty in rest if duty.applicability is answer] for answer in Applicability}
    out = [duty.title for duty in rest if duty.applicability.binds_not]
    return OtherRules(
        binding=tuple(_brief(duty) for duty in kept[Applicability.APPLIES]),
        unknown=tuple(_brief(duty) for duty in kept[Applicability.UNKNOWN]),
        out=join_list([f"« {title} »" for title in out]),
        elsewhere=tuple(say("elsewhere_open", title=item.title, by=item.by, where=item.where)
                        for item in report.already_open),
    )  # fmt: skip


def _brief(duty: Duty) -> Brief:
    condition = say("if_event", event=duty.event.rstrip(". ")) if duty.event and duty.event_happened is None else ""
    article = phrases.first_text(duty.legal_basis)
    if duty.certainty is Certainty.INTERPRETATION:
        article = say("brief_doubt", article=article)
    return Brief(duty.title, condition, article)


def _rule(duty: Duty, state: str) -> Rule:
    exempt = duty.applicability.binds_not
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
        obligation=duty.obligation,
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
    if duty.licence:
        yield Fact(say("licence"), sentence(duty.licence))
    if duty.sanction:
        yield Fact(say("risk"), sentence(duty.sanction))
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
    return tuple(_questions(report).values())[:_ASKED]


def answers_file(asked: Iterable[Question]) -> str:
    """Return what to write in opendata-check.toml for all the questions at once, lines ended by line ends."""
    tables: dict[str, list[str]] = {}
    for question in asked:
        lines = tables.setdefault(question.table, [])
        lines += [answer for answer in question.answers if answer not in lines]
    return "\n".join(
        f"[{table}]\n" + "".join(f"{line}\n" for line in lines)
        for table, lines in sorted(tables.items(), key=lambda entry: entry[0] != "organization")
    )


def more_questions(report: AuditReport) -> str:
    """Return the sentence that tells how many questions are left to « init », or ""."""
    rest = len(_questions(report)) - _ASKED if report.organization is not None else 0
    return phrases.say_count("more_questions", rest) if rest > 0 else ""


def _questions(report: AuditReport) -> dict[str, Question]:
    found: dict[str, Question] = {}
    needing: dict[str, list[str]] = {}
    for duty in sorted(report.duties, key=lambda duty: -duty.weight):
        for fact, question in (*_missing(duty), *_event(duty)):
            found.setdefault(fact, question)
            needing.setdefault(fact, []).append(f"« {duty.title} »")
    return {
        fact: replace(question, stakes=f"{say('init_stakes')} {join_list(needing[fact])}.")
        for fact, question in found.items()
    }


def _missing(duty: Duty) -> Iterator[tuple[str, Question]]:
    if duty.applicability is not Applicability.UNKNOWN:
        return
    for missing in duty.missing_facts:
        if not missing.fact:
            continue
        table = "organization" if missing.fact in _ORGANIZATION_FACTS else "declarations"
        answer = say("answer_event", fact=missing.fact) if missing.yes_or_no else f"{missing.fact} = …"
        answers = _ORGANIZATION_FACTS.get(missing.fact, (answer,))
        text = missing.question or say("question_fact", fact=sentence(missing.name).rstrip("."))
        what_if = tuple(item.text for item in duty.what_if if item.fact == missing.fact)
        # « oui : cette obligation s'applique » tells nothing that the stakes do not
        yield (
            missing.fact,
            Question(text, table, answers, () if missing.yes_or_no else what_if, yes_or_no=missing.yes_or_no),
        )


def _event(duty: Duty) -> Iterator[tuple[str, Question]]:
    if duty.event and duty.event_fact and duty.event_happened is None and not duty.applicability.binds_not:
        text = say("question_event", event=duty.event.rstrip(". "))
        answers = (say("answer_event", fact=duty.event_fact),)
        yield duty.event_fact, Question(text, "declarations", answers, yes_or_no=True)
