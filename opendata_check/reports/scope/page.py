"""`scope` as a page of text: the verdict, then a table of duties, the questions left, and what asks nothing."""

from __future__ import annotations

from opendata_check.model.legal import Applicability, Certainty, Duty
from opendata_check.model.scope import OpenQuestion, ScopeAnswer
from opendata_check.reports.outline import verdict
from opendata_check.reports.outline.basics import VerdictBlock
from opendata_check.reports.outline.phrases import a_few, first_text, say, sentence
from opendata_check.reports.page.lines import Lines
from opendata_check.wording import french_date, word

_DATE_WIDTH = 10


def page(answer: ScopeAnswer, width: int, target: str | None = None, interview: str | None = None) -> str:
    """Return the page, no line longer than ``width``."""
    lines = Lines(width)
    block = verdict.verdict(
        answer.organization,
        answer.duties,
        answer.on,
        sentence(word("applicability", Applicability.APPLIES)).rstrip("."),
    )
    _verdict(lines, answer, block)
    _binding(lines, answer, width)
    _questions(lines, answer)
    for state, title in ((Applicability.EXEMPT, "scope_exempt"), (Applicability.NOT_IN_FORCE, "scope_not_in_force")):
        chosen = [duty for duty in answer.duties if duty.applicability is state]
        if chosen:
            lines.heading(say(title, count=len(chosen)))
        if len(chosen) > 1 and len({duty.reason for duty in chosen}) == 1:
            _together(lines, chosen)
            continue
        for duty in chosen:
            lines.paragraph(f"{duty.title}{_doubt(duty)}. {duty.reason}", mark="-")
    if any(_doubt(duty) for duty in answer.duties):
        lines.gap()
        lines.paragraph(say("scope_doubt"))
    _elsewhere(lines, answer)
    _next_steps(lines, answer, target, interview)
    lines.heading(say("scope_short"))
    lines.paragraph(f"{block.sentence} {verdict.counted(answer.duties)}")  # the last lines are those that are read
    return lines.text()


def _verdict(lines: Lines, answer: ScopeAnswer, block: VerdictBlock) -> None:
    lines.paragraph(block.sentence)
    lines.paragraph(block.reason)
    for text in block.what_if:
        lines.paragraph(text, 2, "-")
    lines.gap()
    if answer.organization.name:
        lines.paragraph(f"{say('body')} : {verdict.identity(answer.organization)}")
    lines.paragraph(f"{say('date')} : {say('scope_on', day=french_date(answer.on))}")
    for statement in block.figures:
        lines.paragraph(statement.text)
    for text in (*block.more, *answer.remarks):
        lines.paragraph(text)


def _binding(lines: Lines, answer: ScopeAnswer, width: int) -> None:
    chosen = [duty for duty in answer.duties if duty.applicability is Applicability.APPLIES]
    if not chosen:
        return
    lines.heading(say("scope_applies", count=len(chosen)))
    title_width = (width - _DATE_WIDTH - 4) * 3 // 5
    widths = (title_width, _DATE_WIDTH, width - title_width - _DATE_WIDTH - 4)
    lines.row((say("rule"), say("scope_since"), say("article")), widths)
    for duty in chosen:
        since = duty.since.strftime("%d/%m/%Y") if duty.since else say("scope_steps")
        lines.row((f"{duty.title}{_doubt(duty)}", since, _texts(duty)), widths)
        if duty.event and duty.event_happened is None:
            lines.paragraph(say("if_event", event=duty.event.rstrip(". ")), 2)
        elif duty.event_happened is False:
            lines.paragraph(duty.reason, 2)


def _together(lines: Lines, duties: list[Duty]) -> None:
    """Write once the one reason of several duties."""
    lines.paragraph(duties[0].reason)
    lines.paragraph(f"{' ; '.join(duty.title for duty in duties)}.")


def _doubt(duty: Duty) -> str:
    return " *" if duty.certainty is Certainty.INTERPRETATION else ""


def _texts(duty: Duty) -> str:
    """Return the first text; the whole list is in the duty's explanation."""
    return first_text(duty.legal_basis)


def _questions(lines: Lines, answer: ScopeAnswer) -> None:
    unknown = [duty for duty in answer.duties if duty.applicability is Applicability.UNKNOWN]
    if unknown:
        lines.heading(say("scope_unknown" if answer.questions else "scope_unanswered", count=len(unknown)))
    if len(unknown) > 1 and not answer.questions and len({duty.reason for duty in unknown}) == 1:
        _together(lines, unknown)
        return
    unanswered = {title for question in answer.questions for title in question.duties}
    for duty in unknown:
        if duty.title not in unanswered:  # no answer of the body's own would settle it
            lines.paragraph(f"{duty.title}{_doubt(duty)}. {duty.reason}", mark="-")
    if not answer.questions:
        return
    if not unknown:
        lines.heading(say("scope_events"))
    lines.paragraph(say("scope_how", fact=answer.questions[0].fact))
    events = {duty.event_fact for duty in answer.duties}
    for number, question in enumerate(answer.questions, start=1):
        lines.gap()
        _question(lines, number, question, happens=question.fact in events)


def _question(lines: Lines, number: int, question: OpenQuestion, *, happens: bool) -> None:
    lines.paragraph(f"{question.question} [{question.fact}]", mark=f"{number}.".ljust(3))
    key = "scope_decides" if question.what_if else "scope_event" if happens else "scope_counts_for"
    lines.paragraph(say(key, titles=" ; ".join(a_few(question.duties))), 4)
    if question.what_if:
        parts = [f"{item.answer} : {word('applicability', item.status)}" for item in question.what_if]
        lines.paragraph(sentence(" ; ".join(parts)), 4)
    for value, label in question.choices:
        lines.paragraph(f"{question.fact}={value} : {label}", 4, "-")


def _elsewhere(lines: Lines, answer: ScopeAnswer) -> None:
    if answer.already_open:
        lines.heading(say("law_elsewhere"))
        lines.paragraph(say("law_elsewhere_how"))
        for item in answer.already_open:
            text = say("elsewhere_open", title=item.title, by=item.by, where=item.where)
            lines.paragraph(f"{text}.", mark=word("outcomes", "already_open", "sign"))
    if answer.set_aside:
        lines.heading(say("scope_set_aside"))
        for rule in answer.set_aside:
            lines.paragraph(f"{rule.title}. {sentence(rule.why)}", mark="-")


def _next_steps(lines: Lines, answer: ScopeAnswer, target: str | None, interview: str | None) -> None:
    if target is None:
        return
    lines.heading(say("scope_next"))
    lines.paragraph(" ".join(f"opendata-check scope {target} --explain {verdict.OPENING}".split()), 2)
    lines.paragraph(say("scope_next_explain"), 4)
    if answer.questions and interview is not None:
        lines.paragraph(f"opendata-check init {interview}".rstrip(), 2)
        lines.paragraph(say("scope_next_init"), 4)
