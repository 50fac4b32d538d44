"""The report on a screen: readable at 80 columns, without colour, and where the screen only carries ASCII."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import StringIO

from opendata_check.model.report import AuditReport
from opendata_check.reports.explain.standing import summary
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline import outline
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.outline.values import Outline
from opendata_check.reports.page import details, opening
from opendata_check.reports.page.console import FREED, ScreenPage

EXTENSION = "txt"
SUMMARY = "l'écran"


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
    page = ScreenPage(console, layout)
    _write(page, outline(report), summary(report.others_scores))
    page.flush()
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().translate(FREED).strip("\n") + "\n"


def _write(page: ScreenPage, told: Outline, peers: Sequence[str]) -> None:
    """Write the blocks in the reader's order: the answer, what to do, then why and where."""
    opening.verdict(page, told.verdict)
    page.gap()
    for fact in told.body:
        page.fact(fact.label, fact.text, margin=0)
    if told.partial:
        page.line(told.partial, first=page.sign("error"), style="bold")
    page.gap()
    credit = say("stated", label=say("credit"), text=told.credit.text)
    page.line(f"{credit}.", first=page.sign(told.credit.state), style="green")
    opening.actions(page, told.actions)
    opening.board(page, told.board)
    opening.rules(page, told.rules, told.tallies)
    opening.others(page, told.others)
    opening.questions(page, told.questions, told.answers, told.more_questions)
    details.files(page, told.files, told.documents)
    details.personal(page, told.personal)
    details.further(page, told.further)
    details.limits(page, told.limits)
    details.peers(page, peers)
    details.closing(page, told)
