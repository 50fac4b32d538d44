"""The plan of work as a calendar: tasks to tick, weeks proposed, dates that a text gives, rhythms to keep.

Outlook and Google show events and ignore tasks; Thunderbird, Apple and Nextcloud show both. So each action is a task
(VTODO, without a due date: no text gives one), and each week proposed is one event of a day that lists its actions,
seen as free time. Only the dates that a text gives, and the rhythms of datasets, make other events.
"""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.report import AuditReport
from opendata_check.reports.interface import Layout
from opendata_check.reports.office.calendar import Property, component, folded, stamp, whole_day, written
from opendata_check.reports.office.phrases import tell, tell_count
from opendata_check.reports.office.plan import LegalDate, Plan, Step, plan, stable_key
from opendata_check.reports.office.plan_table import span
from opendata_check.reports.office.rhythm import Reminder, reminders
from opendata_check.reports.outline.phrases import labels, main_citations, say, sentence
from opendata_check.reports.safety import shorten
from opendata_check.wording import french_date

EXTENSION = "ics"
SUMMARY = "le plan d'action, pour un agenda"

_REMINDERS = 200
_WEEKS = 520
_TITLE = 120
_FREE: tuple[Property, ...] = (("TRANSP", "TRANSPARENT"), ("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"))
"""What takes no place in the day, for others who look at the agenda (RFC 5545, 3.8.2.7; MS-OXCICAL)."""


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the calendar, in pieces. The same action keeps its UID from one audit to the next, so it is not doubled."""
    work = plan(report)
    name = tell("calendar_name", name=work.body) if work.body else tell("calendar_nobody")
    yield "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    for line in (
        f"PRODID:-//opendata-check//{written(report.tool_version)}//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{written(name)}",
        f"X-WR-CALDESC:{written(tell('plan_honest'))}",
    ):
        yield folded(line)
    common = (("DTSTAMP", stamp(report.on)), ("CATEGORIES", written(tell("category"))), ("CLASS", "PUBLIC"))
    for kind, properties in _components(report, work):
        yield from component(kind, (*properties, *common, *(_FREE if kind == "VEVENT" else ())))
    yield "END:VCALENDAR\r\n"


def _components(report: AuditReport, work: Plan) -> Iterator[tuple[str, Iterator[Property]]]:
    """Yield the kind and the properties of each component; there must be one at least (RFC 5545, 3.6)."""
    for step in work.steps:
        yield "VTODO", _task(step)
    for week in range(1, min(work.weeks, _WEEKS) + 1):
        if doing := work.doing(week):
            yield "VEVENT", _week(report, work, week, doing)
    for one in work.dates:
        yield "VEVENT", _date(one)
    rhythms = reminders(report, _REMINDERS)
    for reminder in rhythms:
        yield "VEVENT", _reminder(reminder)
    if not (work.steps or work.dates or rhythms):
        yield "VEVENT", _nothing(report, work)


def _nothing(report: AuditReport, work: Plan) -> Iterator[Property]:
    yield _uid(stable_key(report, "nothing"))
    yield from whole_day(work.monday)
    yield _text("SUMMARY", tell("week_event_none"))
    yield _text("DESCRIPTION", work.nothing)


def _uid(key: str) -> Property:
    return ("UID", f"{key}@opendata-check")


def _text(name: str, words: str) -> Property:
    return (name, written(words))


def _task(step: Step) -> Iterator[Property]:
    action = step.action
    yield _uid(step.key)
    yield _text("SUMMARY", shorten(action.title, _TITLE))
    lines = [sentence(action.flag)] if action.flag else []
    lines += [say("stated", label=fact.label, text=fact.text) for fact in (*action.gesture, *action.practical)]
    lines.append(say("stated", label=say("article"), text=labels(action.articles)))
    if step.delay:
        lines.append(say("stated", label=tell("column_delay"), text=step.delay))
    if not action.blocker:  # what is to be withdrawn now waits for no week
        lines.append(tell("task_week", week=step.first_week, until=span(step)).replace(" .", "."))
    yield _text("DESCRIPTION", "\n".join(lines))
    yield ("STATUS", "NEEDS-ACTION")
    yield ("PRIORITY", "1" if action.blocker else "5")


def _week(report: AuditReport, work: Plan, week: int, doing: tuple[Step, ...]) -> Iterator[Property]:
    yield _uid(stable_key(report, "week", str(week)))
    yield from whole_day(work.monday_of(week))
    yield _text("SUMMARY", tell_count("week_event", len(doing)))
    lines = [say("stated", label=f"{step.action.rank}. {step.action.title}", text=_time(step)) for step in doing]
    yield _text("DESCRIPTION", "\n".join([*lines, tell("plan_honest")]))


def _time(step: Step) -> str:
    return next((fact.text for fact in step.action.practical if fact.label == say("time")), tell("time_unknown"))


def _date(one: LegalDate) -> Iterator[Property]:
    yield _uid(one.key)
    yield from whole_day(one.day)
    yield _text("SUMMARY", shorten(one.title, _TITLE))
    article = say("stated", label=say("article"), text=labels(main_citations(one.articles)))
    yield _text("DESCRIPTION", f"{sentence(one.what)}\n{article}")


def _reminder(one: Reminder) -> Iterator[Property]:
    yield _uid(one.key)
    yield from whole_day(one.first)
    years, rest = divmod(one.months, 12)
    rule = f"FREQ=MONTHLY;INTERVAL={one.months}" if rest else f"FREQ=YEARLY;INTERVAL={years}"
    yield ("RRULE", rule)
    yield _text("SUMMARY", tell("reminder", title=shorten(one.title, _TITLE)))
    lines = [say("stated", label=say("frequency"), text=f"{one.rhythm} ({one.source})")]
    if one.modified:
        lines.append(tell("last_change", day=french_date(one.modified)))
    yield _text("DESCRIPTION", "\n".join([*lines, tell("rhythms_honest")]))
