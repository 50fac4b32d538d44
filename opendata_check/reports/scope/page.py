"""`scope` as a page of text: the verdict first, then each duty with its reason and its text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from opendata_check.model.legal import Applicability, Duty
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline import verdict
from opendata_check.reports.outline.phrases import citations, say, sentence
from opendata_check.wording import french_date, word


def page(report: AuditReport, width: int) -> str:
    """Return the page, no line longer than ``width``."""
    lines: list[str] = []
    for indent, text in _paragraphs(report):
        pad = " " * indent
        hanging = pad + ("  " if text.startswith("- ") else "")
        lines += textwrap.wrap(text, width, initial_indent=pad, subsequent_indent=hanging, break_on_hyphens=False) or [
            ""
        ]
    return "\n".join(lines) + "\n"


def _paragraphs(report: AuditReport) -> Iterator[tuple[int, str]]:
    """Yield (indent, paragraph)."""
    block = verdict.verdict(report)
    yield 0, block.sentence
    yield 0, block.reason
    for text in block.what_if:
        yield 2, f"- {text}"
    yield 0, ""
    for fact in verdict.body(report)[:2]:
        yield 0, f"{fact.label} : {fact.text}"
    for statement in block.figures:
        yield 0, statement.text
    for text in block.more:
        yield 0, text
    yield 0, ""
    yield 0, say("law").upper()
    for applicability in Applicability:
        chosen = [duty for duty in report.duties if duty.applicability is applicability]
        if chosen:
            yield 0, ""
            yield 0, f"{sentence(word('applicability', applicability))[:-1]} ({len(chosen)})"
        for duty in chosen:
            yield 0, ""
            yield from _duty(duty)


def _duty(duty: Duty) -> Iterator[tuple[int, str]]:
    yield 2, duty.title
    yield 4, duty.reason
    for text in duty.what_if:
        yield 4, f"- {text}"
    if duty.applicability is not Applicability.EXEMPT:
        if duty.event and duty.event_happened is None:
            yield 4, say("if_event", event=duty.event.rstrip(". "))
        yield 4, f"{say('remedy')} : {duty.what}"
        if duty.since is not None:
            yield 4, say("since", day=french_date(duty.since))
        elif duty.parts:
            steps = [f"{french_date(part.since)} ({part.label})" for part in duty.parts]
            yield 4, f"{say('steps')} : {' ; '.join(steps)}."
    yield 4, f"{say('article')} : {' ; '.join(item.version or item.label for item in citations(duty.legal_basis))}"
    if duty.note:
        yield 4, f"{say('to_know')} : {duty.note}"
