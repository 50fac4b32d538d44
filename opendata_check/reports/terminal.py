"""The report on a screen: readable at 80 columns, without colour, and where the screen only carries ASCII."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from opendata_check.model.report import AuditReport
from opendata_check.reports.explain.phrases import phrase
from opendata_check.reports.explain.standing import summary
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline import outline
from opendata_check.reports.outline.basics import Citation, Fact, VerdictBlock
from opendata_check.reports.outline.phrases import labels, listed, say, versions
from opendata_check.reports.outline.values import (
    Action,
    Actions,
    Board,
    DatasetBlock,
    Files,
    Further,
    Gauge,
    Group,
    Limits,
    OtherRules,
    Outline,
    Personal,
    Question,
    Rule,
)
from opendata_check.reports.page.typesetting import typeset
from opendata_check.wording import carries, glossary, legible, word

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

EXTENSION = "txt"
SUMMARY = "l'écran"

_GAUGE = 20
_LABEL = 11
_SHOWN_FILES = 12
_SHOWN_UNDECIDED = 6
"""Files named on a screen for one gesture, for one doubt; the page names all."""
_HELD = str.maketrans({"\N{NO-BREAK SPACE}": "\ue000", "\N{NARROW NO-BREAK SPACE}": "\ue001"})
"""rich breaks lines at no-break spaces: they become private signs (safety leaves none in the data) and back."""
_FREED = str.maketrans({"\ue000": "\N{NO-BREAK SPACE}", "\ue001": "\N{NARROW NO-BREAK SPACE}"})


def render(report: AuditReport, layout: Layout) -> str:
    """Return the report as lines of at most ``layout.width`` cells; escape codes only when colour is asked."""
    from rich.console import Console

    color = layout.color and not os.environ.get("NO_COLOR")
    console = Console(
        file=StringIO(),
        width=layout.width,
        color_system="standard" if color else None,
        force_terminal=color,
        force_jupyter=False,
        force_interactive=False,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        _environ={},
    )
    page = _Page(console, layout)
    _write(page, outline(report), summary(report.others_scores))
    console.print(page.text(), soft_wrap=True)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().translate(_FREED).strip("\n") + "\n"


class _Page:
    """Cuts texts into lines that fit, with a margin; every text goes through ``_carried`` and none is markup."""

    def __init__(self, console: Console, layout: Layout) -> None:
        self._console = console
        self._width = layout.width
        self._encoding = encoding = layout.encoding
        self._lines: list[Text] = []
        signs = "".join(word("outcomes", state, "sign") for state in ("compliant", "non_compliant", "not_found"))
        self._signs = "sign" if carries(signs + "█░─", encoding) else "ascii"

    def text(self) -> Text:
        """Return all lines written so far."""
        from rich.text import Text

        return Text("\n").join(self._lines)

    def sign(self, state: str) -> str:
        """Return the sign of a state, in ASCII when the screen needs it."""
        return word("outcomes", state, self._signs)

    def line(self, text: str, *, margin: int = 0, style: str = "", first: str = "") -> None:
        """Write a paragraph; ``first`` stands before it and the following lines align under the text."""
        from rich.text import Text

        first = self._carried(first)[: self._width // 3] + " " if first else ""
        indent = margin + len(first)
        lines = Text(self._carried(text), style=style).wrap(self._console, self._width - indent, overflow="fold")
        for number, line in enumerate(lines):
            line.rstrip()
            lead = Text(" " * margin + first if number == 0 else " " * indent, style=style if number == 0 else "")
            self._lines.append(lead.append_text(line))

    def fact(self, label: str, text: str, *, margin: int = 3) -> None:
        """Write « Label      text », the text aligned in its column."""
        if text:
            self.line(text, margin=margin, first=label.ljust(_LABEL))

    def heading(self, text: str) -> None:
        """Write the title of a block, underlined across the page."""
        rule = "─" if self._signs == "sign" else "-"
        self.gap()
        self.line(text.upper(), style="bold cyan")
        self.line(rule * self._width, style="cyan")

    def gap(self) -> None:
        """Write an empty line."""
        self.line("")

    def bar(self, score: int) -> str:
        """Return a gauge of 20 cells, rounded downwards."""
        filled = score * _GAUGE // 100
        return "█" * filled + "░" * (_GAUGE - filled)

    def _carried(self, text: str) -> str:
        return legible(typeset(text), self._encoding).translate(_HELD)


def _write(page: _Page, told: Outline, peers: Sequence[str]) -> None:
    _verdict(page, told.verdict)
    page.gap()
    for fact in told.body:
        page.fact(fact.label, fact.text, margin=0)
    if told.partial:
        page.line(told.partial, first=page.sign("error"), style="bold")
    page.gap()
    credit = say("stated", label=say("credit"), text=told.credit.text)
    page.line(f"{credit}.", first=page.sign(told.credit.state), style="green")
    _actions(page, told.actions)
    _board(page, told.board)
    _rules(page, told.rules)
    _others(page, told.others)
    _questions(page, told.questions, told.more_questions)
    _files(page, told.files)
    _personal(page, told.personal)
    _further(page, told.further)
    _limits(page, told.limits)
    _peers(page, peers)
    _closing(page, told)


def _verdict(page: _Page, verdict: VerdictBlock) -> None:
    page.line(verdict.sentence, style="bold")
    page.line(verdict.reason)
    for text in verdict.what_if:
        page.line(text, margin=2, first="-")
    for text in verdict.more:
        page.line(text)
    for figure in verdict.figures:
        page.line(figure.text, margin=2, first=page.sign(figure.state) if figure.state else "-")
    if verdict.articles:
        page.fact(say("article"), labels(verdict.articles), margin=2)


def _actions(page: _Page, actions: Actions) -> None:
    page.heading(actions.heading)
    if actions.nothing:
        page.line(actions.nothing)
    for action in actions.first:
        _action(page, action)
    if actions.others_title:
        page.gap()
        page.line(f"… {say('stated', label=actions.others_title, text=actions.others_where)}")


def _action(page: _Page, action: Action) -> None:
    if action.rank > 1:
        page.gap()
    title = f"{action.title} ({action.flag})" if action.flag else action.title
    page.line(title, first=f"{action.rank}.".ljust(2), style="bold yellow" if action.blocker else "bold")
    for fact in (*action.gesture, *action.practical):
        page.fact(fact.label, fact.text)
    page.fact(say("article"), labels(action.articles))


def _board(page: _Page, board: Board) -> None:
    page.heading(say("scores"))
    _gauge(page, board.overall)
    page.line(board.next, margin=2)
    if board.partial:
        page.line(board.partial, margin=2, first=page.sign("error"))
    for gauge in board.axes:
        page.gap()
        _gauge(page, gauge)
        page.line(gauge.question, margin=2, style="dim")
    page.gap()
    page.line(board.note, style="dim")


def _gauge(page: _Page, gauge: Gauge) -> None:
    bar = "" if gauge.score is None else f"{page.bar(gauge.score)} "
    page.line(f"{bar}{gauge.text}", first=gauge.title.ljust(_LABEL + 2), style="bold")
    page.line(f"{gauge.word} {gauge.share}".strip(), margin=2, first=page.sign(gauge.state))


def _rules(page: _Page, rules: Sequence[Rule]) -> None:
    page.heading(say("law"))
    if not rules:
        page.line(say("law_none"))
    for position, rule in enumerate(rules):
        if position:
            page.gap()
        page.line(say("stated", label=rule.title, text=rule.state_word), first=page.sign(rule.state), style="bold")
        page.line(" ".join(text for text in (rule.reason, rule.since, rule.doubt) if text), margin=2)
        for fact in rule.facts:
            page.line(say("stated", label=fact.label, text=fact.text), margin=2)
        page.fact(say("article"), versions(rule.articles), margin=2)
    if any(rule.more for rule in rules):
        page.gap()
        page.line(say("law_more"), style="dim")


def _others(page: _Page, others: OtherRules) -> None:
    if others.binding or others.unknown or others.out:
        page.heading(say("law_others"))
    for text, briefs, state in (
        ("law_others_binding", others.binding, "compliant"),
        ("law_others_unknown", others.unknown, "unverifiable"),
    ):
        if briefs:
            page.line(say(text))
        for brief in briefs:
            sign = "-" if state == "compliant" else page.sign(state)
            page.line(f"{brief.title} ({brief.article})", margin=2, first=sign)
        if briefs:
            page.gap()
    if others.out:
        page.line(say("law_others_out", titles=others.out))
    if others.elsewhere:
        page.heading(say("law_elsewhere"))
        page.line(say("law_elsewhere_how"))
        for published in others.elsewhere:
            page.line(f"{published}.", margin=2, first=page.sign("already_open"))


def _questions(page: _Page, questions: Sequence[Question], more: str) -> None:
    if not questions:
        return
    page.heading(say("questions"))
    page.line(say("questions_how"))
    for number, question in enumerate(questions, start=1):
        page.gap()
        page.line(question.text, first=f"{number}.".ljust(2), style="bold")
        for text in (question.stakes, *question.what_if):
            page.line(text, margin=3)
        for answer in (f"[{question.table}]", *question.answers):
            page.line(answer, margin=3)
    if more:
        page.gap()
        page.line(more)


def _files(page: _Page, files: Files) -> None:
    page.heading(say("found"))
    if files.nothing:
        page.line(files.nothing)
    _titled_groups(page, say("found_general"), files.general)
    _titled_groups(page, say("found_repeated"), files.repeated)
    alone: dict[tuple[str, ...], list[str]] = {}
    for dataset in files.datasets:
        if dataset.groups or dataset.notes:
            _dataset(page, dataset)
        else:
            alone.setdefault(dataset.also, []).append(_titled(dataset))
    if alone:
        page.gap()
        page.line(say("found_alone"), style="bold underline")
    for also, titles in alone.items():
        page.line(say("stated", label=" ; ".join(titles), text=" ".join(also)), margin=1, first="-")
    if files.good:
        page.gap()
        good = say("stated", label=say("found_good"), text=", ".join(files.good))
        page.line(good, first=page.sign("compliant"), style="green")


def _titled_groups(page: _Page, title: str, groups: Sequence[Group]) -> None:
    if groups:
        page.gap()
        page.line(title, style="bold underline")
        for group in groups:
            _group(page, group)


def _dataset(page: _Page, dataset: DatasetBlock) -> None:
    page.gap()
    page.line(_titled(dataset), style="bold underline")
    for text in (*dataset.notes, *dataset.also):
        page.line(text)
    for group in dataset.groups:
        _group(page, group)


def _titled(dataset: DatasetBlock) -> str:
    return dataset.title if dataset.files == dataset.title else f"{dataset.title} ({dataset.files})"


def _group(page: _Page, group: Group) -> None:
    page.line(f"{group.title} ({group.severity})", margin=1, first=page.sign(group.state), style="bold")
    several, files = len(group.items) > 1, len(group.files) > 1
    for item in group.items:
        message = say("stated", label=_few(item.files), text=item.message) if several and files else item.message
        page.line(message, margin=3, first="-" if several else "")
        for fact in (Fact(say("where"), item.place), Fact(say("example"), item.example), item.evidence):
            if fact is not None:
                page.fact(fact.label, fact.text, margin=5 if several else 3)
    page.fact(say("remedy"), group.remedy)
    page.fact(say("time"), group.time)
    if not (several and files):  # else each line has named its own
        page.fact(say("file" if len(group.files) == 1 else "files"), _few(group.files))
    page.fact(say("article"), labels(group.articles))


def _few(files: Sequence[str], shown: int = _SHOWN_FILES) -> str:
    return listed(files, shown)


def _personal(page: _Page, personal: Personal) -> None:
    if not personal.sentence:
        return
    page.heading(say("personal"))
    page.line(personal.sentence)
    for group in personal.groups:
        _group(page, group)
    if personal.facts:
        page.gap()
    for fact in personal.facts:
        page.line(say("stated", label=fact.label, text=fact.text), margin=1)
    _article(page, personal.articles)


def _article(page: _Page, articles: Sequence[Citation]) -> None:
    if articles:
        page.fact(say("article"), labels(articles), margin=1)


def _further(page: _Page, further: Further) -> None:
    if not (further.usual or further.years or further.others):
        return
    page.heading(say("further"))
    for text in further.usual:
        page.line(text, first="-")
    for text in (further.years, further.others, further.like):
        if text:
            page.line(text)


def _limits(page: _Page, limits: Limits) -> None:
    page.heading(say("limits"))
    if not (limits.undecided or limits.faults):
        page.line(say("limits_none"))
    for position, undecided in enumerate(limits.undecided):
        if position:
            page.gap()
        for point in undecided.points:
            page.line(point.label, first=page.sign(undecided.state), style="bold")
            page.line(point.text, margin=2)
        named = _few(undecided.files, _SHOWN_UNDECIDED)
        page.fact(say("file" if len(undecided.files) == 1 else "files"), named, margin=2)
    if limits.undecided and limits.faults:
        page.gap()
    for fault in limits.faults:
        page.line(fault, first=page.sign("error"))


def _peers(page: _Page, lines: Sequence[str]) -> None:
    if lines:
        page.heading(phrase("scores_heading"))
    for line in lines:
        page.line(line, first="-")


def _closing(page: _Page, told: Outline) -> None:
    page.heading(say("risk"))
    page.line(say("risk_text"))
    page.heading(say("help"))
    for helper in ("help_epci", "help_supplier", "help_data_gouv"):
        page.line(say(helper), first="-")
    page.heading(say("glossary"))
    for term, meaning in glossary():
        page.line(say("stated", label=term, text=meaning), first="-")
    page.heading(say("method"))
    page.line(f"{say('method_text')} {told.reserve}")
    page.line(told.made_by, style="dim")
