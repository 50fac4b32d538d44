"""The first half of a screen's page: bound or not, what to do first, where one stands, the law, what is asked."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.reports.outline.basics import VerdictBlock
from opendata_check.reports.outline.counted import Tally
from opendata_check.reports.outline.counts import said
from opendata_check.reports.outline.phrases import a_few, labels, say, versions
from opendata_check.reports.outline.values import Action, Actions, Board, Gauge, OtherRules, Question, Rule
from opendata_check.reports.page.console import ScreenPage


def verdict(page: ScreenPage, block: VerdictBlock) -> None:
    """Write whether the body is bound, and why."""
    page.line(block.sentence, style="bold")
    page.line(block.reason)
    for text in block.what_if:
        page.line(text, margin=2, first="-")
    for text in block.more:
        page.line(text)
    for figure in block.figures:
        page.line(figure.text, margin=2, first=page.sign(figure.state) if figure.state else "-")
    if block.articles:
        page.fact(say("article"), labels(block.articles), margin=2)


def actions(page: ScreenPage, block: Actions) -> None:
    """Write the first things to do."""
    page.heading(block.heading)
    if block.nothing:
        page.line(block.nothing)
    for action in block.first:
        _action(page, action)
    if block.others_title:
        page.gap()
        page.line(f"… {say('stated', label=block.others_title, text=block.others_where)}")


def _action(page: ScreenPage, action: Action) -> None:
    if action.rank > 1:
        page.gap()
    title = f"{action.title} ({action.flag})" if action.flag else action.title
    page.line(title, first=f"{action.rank}.".ljust(2), style="bold yellow" if action.blocker else "bold")
    for fact in (*action.gesture, *action.practical):
        page.fact(fact.label, fact.text)
    page.fact(say("article"), labels(action.articles))


def board(page: ScreenPage, block: Board) -> None:
    """Write the scores, axis by axis."""
    page.heading(say("scores"))
    _gauge(page, block.overall)
    page.line(f"{block.overall.word} {block.overall.share}".strip(), margin=2)  # a level is neither right nor wrong
    page.line(block.next, margin=2)
    if block.partial:
        page.line(block.partial, margin=2, first=page.sign("error"))
    for gauge in block.axes:
        page.gap()
        _gauge(page, gauge)
        page.line(f"{gauge.word} {gauge.share}".strip(), margin=2, first=page.sign(gauge.state))
        page.line(gauge.question, margin=2, style="dim")
    page.gap()
    page.line(block.note, style="dim")


def _gauge(page: ScreenPage, gauge: Gauge) -> None:
    bar = "" if gauge.score is None else f"{page.bar(gauge.score)} "
    page.line(f"{bar}{gauge.text}", first=page.column(gauge.title), style="bold")


def rules(page: ScreenPage, every: Sequence[Rule], tallies: Sequence[Tally]) -> None:
    """Write what the law says, duty by duty, after a line that counts them."""
    page.heading(say("law"))
    if tallies:
        page.line(said(tallies))
        page.gap()
    if not every:
        page.line(say("law_none"))
    for position, rule in enumerate(every):
        if position:
            page.gap()
        page.line(say("stated", label=rule.title, text=rule.state_word), first=page.sign(rule.state), style="bold")
        page.line(" ".join(text for text in (rule.reason, rule.since, rule.doubt) if text), margin=2)
        for fact in rule.facts:
            page.line(say("stated", label=fact.label, text=fact.text), margin=2)
        page.fact(say("article"), versions(rule.articles), margin=2)
    if any(rule.more for rule in every):
        page.gap()
        page.line(say("law_more"), style="dim")


def others(page: ScreenPage, block: OtherRules) -> None:
    """Write, in a line each, the duties that this report does not look into."""
    if block.binding or block.unknown or block.out:
        page.heading(say("law_others"))
    for text, briefs, sign in (
        ("law_others_binding", block.binding, "-"),
        ("law_others_unknown", block.unknown, page.sign("unverifiable")),
    ):
        if briefs:
            page.line(say(text))
        for brief in briefs:
            page.line(f"{brief.title} ({brief.article})", margin=2, first=sign)
        if briefs:
            page.gap()
    if block.out:
        page.line(say("law_others_out", titles=block.out))
    if block.elsewhere:
        page.heading(say("law_elsewhere"))
        page.line(say("law_elsewhere_how"))
        for published in a_few(block.elsewhere):
            page.line(f"{published}.", margin=2, first=page.sign("already_open"))


def questions(page: ScreenPage, asked: Sequence[Question], answers: str, more: str) -> None:
    """Write what only the body can say, and how to keep its answers."""
    if not asked:
        return
    page.heading(say("questions"))
    page.line(say("questions_how"))
    for number, question in enumerate(asked, start=1):
        page.gap()
        page.line(question.text, first=f"{number}.".ljust(2), style="bold")
        for text in filter(None, (question.stakes, *question.what_if)):
            page.line(text, margin=3)
    page.gap()
    page.line(say("questions_keep"))
    for line in answers.splitlines():
        page.line(line, margin=3)
    if more:
        page.gap()
        page.line(more)
