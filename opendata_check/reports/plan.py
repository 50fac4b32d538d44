"""The plan of work to print or to share: week by week, each action with all it takes to start."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.report import AuditReport
from opendata_check.reports.interface import Layout
from opendata_check.reports.office import plan as work
from opendata_check.reports.office.actions import action
from opendata_check.reports.office.marks import bullets, heading, paragraph, table, text
from opendata_check.reports.office.phrases import tell, tell_count
from opendata_check.reports.office.plan_table import span
from opendata_check.reports.office.rhythm import reminders
from opendata_check.reports.outline.basics import Fact
from opendata_check.reports.outline.phrases import labels, main_citations, say
from opendata_check.reports.outline.verdict import verdict
from opendata_check.wording import french_date

EXTENSION = "md"
SUMMARY = "le plan d'action, semaine par semaine"
_SHOWN_REMINDERS = 60


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the plan in Markdown, in pieces: a table of all, each action in its week, the dates and the rhythms."""
    plan, day = work.plan(report), french_date(report.on)
    yield heading(1, tell("plan_title", name=plan.body or say("nobody"), day=day))
    yield paragraph(verdict(report.organization, report.duties, report.on).sentence, strong=True)
    yield paragraph(plan.nothing)
    if plan.steps:
        yield paragraph(tell_count("plan_intro", len(plan.steps), weeks=tell_count("weeks", plan.weeks)))
        yield paragraph(tell("plan_honest"))
        yield _overview(plan)
        yield from _weeks(plan)
    yield from _dates(plan)
    yield from _rhythms(report)
    yield heading(2, say("help"))
    yield bullets(say(helper) for helper in ("help_epci", "help_supplier", "help_data_gouv"))
    yield paragraph(say("made_by", version=report.tool_version, day=day)).rstrip("\n") + "\n"


def _overview(plan: work.Plan) -> str:
    titles = [tell(f"column_{key}") for key in ("rank", "action", "effort", "holder", "week", "who", "done")]
    return table(titles, ([text(cell) for cell in _line(step)] for step in plan.steps))


def _line(step: work.Step) -> tuple[str, ...]:
    facts = {fact.label: fact.text for fact in step.action.practical}
    week = str(step.first_week)
    if step.last_week > step.first_week:
        week = say("to", first=week, last=step.last_week)
    return (
        str(step.action.rank),
        step.action.title,
        facts.get(say("time"), ""),
        facts.get(say("holder"), ""),
        week,
        "",
        "",
    )


def _weeks(plan: work.Plan) -> Iterator[str]:
    for week in range(1, plan.weeks + 1):
        begun = [step for step in plan.doing(week) if step.first_week == week]
        if not begun:
            continue
        yield heading(2, tell("week_title", week=week, day=french_date(plan.monday_of(week))))
        for step in begun:
            yield action(step.action, 3, _more(step))


def _more(step: work.Step) -> Iterator[Fact]:
    if step.delay:
        yield Fact(tell("column_delay"), step.delay)
    if step.last_week > step.first_week:
        yield Fact(tell("column_note"), tell("several_weeks", until=span(step)))


def _dates(plan: work.Plan) -> Iterator[str]:
    yield heading(2, tell("dates_title"))
    if not plan.dates:
        yield paragraph(tell("dates_none"))
    yield bullets(
        tell("date_line", day=french_date(one.day), title=one.title, what=one.what.rstrip("."),
             article=labels(main_citations(one.articles)))
        for one in plan.dates
    )  # fmt: skip


def _rhythms(report: AuditReport) -> Iterator[str]:
    found = reminders(report, _SHOWN_REMINDERS + 1)
    if not found:
        return
    yield heading(2, tell("rhythms_title"))
    yield table(
        [tell("column_dataset"), tell("column_rhythm"), tell("column_source"), tell("column_next")],
        ([text(one.title), text(one.rhythm), text(one.source), text(french_date(one.first))]
         for one in found[:_SHOWN_REMINDERS]),
    )  # fmt: skip
    if len(found) > _SHOWN_REMINDERS:
        yield paragraph(tell("rhythms_more"))
    yield paragraph(tell("rhythms_honest"))
