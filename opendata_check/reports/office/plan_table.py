"""The plan of work as a table: for a CSV file, with columns left to fill in, and for a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.reports.office.phrases import tell
from opendata_check.reports.office.plan import Plan, Step
from opendata_check.reports.office.tables import Cell, Column, Kind
from opendata_check.reports.outline.phrases import labels, listed, say

COLUMNS = (
    Column("rank", Kind.WHOLE, 7),
    Column("week", Kind.WHOLE, 16),
    Column("monday", Kind.DATE, 18),
    Column("action", Kind.LONG, 40),
    Column("why", Kind.LONG, 44),
    Column("remedy", Kind.LONG, 50),
    Column("effort", width=26),
    Column("holder", Kind.LONG, 26),
    Column("software", Kind.LONG, 26),
    Column("ask", Kind.LONG, 44),
    Column("files", Kind.LONG, 34),
    Column("points", Kind.WHOLE, 14),
    Column("rhythm", Kind.LONG, 22),
    Column("rule", Kind.LONG, 26),
    Column("article", Kind.LONG, 34),
    Column("delay", Kind.LONG, 30),
    Column("note", Kind.LONG, 26),
    Column("check", width=26),
    Column("key", width=20),
)
TO_FILL = (Column("who", width=18), Column("due", Kind.DATE, 14), Column("done", width=10))
"""What the town hall writes itself."""
_SHOWN_FILES = 40


def rows(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    """Yield one line an action, as COLUMNS says."""
    for step in plan.steps:
        yield _row(step, plan)


def _row(step: Step, plan: Plan) -> tuple[Cell, ...]:
    action, priority = step.action, step.priority
    facts = {fact.label: fact.text for fact in (*action.gesture, *action.practical)}
    return (
        action.rank,
        step.first_week,
        plan.monday_of(step.first_week),
        action.title,
        priority.why,
        priority.remedy,
        facts.get(say("time"), ""),
        facts.get(say("holder"), ""),
        facts.get(say("software"), ""),
        facts.get(say("ask"), ""),
        listed(priority.files, _SHOWN_FILES),
        round(priority.gain),
        facts.get(say("frequency"), ""),
        step.duty.title if step.duty else "",
        labels(action.articles),
        step.delay,
        " ; ".join(filter(None, (action.flag, span(step)))),
        priority.check,
        step.key,
    )


def span(step: Step) -> str:
    """Return « jusqu'à la semaine 5 » when an action takes several weeks, else ""."""
    return tell("until_week", week=step.last_week) if step.last_week > step.first_week else ""
