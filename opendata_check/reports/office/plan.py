"""The plan of work: every action with a week proposed, the dates that a text gives, the rhythms to keep."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from opendata_check.model.legal import Applicability, Duty, LegalReference
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Priority
from opendata_check.reports.office.phrases import tell
from opendata_check.reports.outline import actions as outline_actions
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.outline.phrases import ASK_SUPPLIER
from opendata_check.reports.outline.values import Action
from opendata_check.reports.safety import is_absolute, last_part
from opendata_check.wording import word


@dataclass(frozen=True, slots=True)
class Step:
    """One action and when one could do it."""

    key: str
    """Stable from one audit to the next: 16 hexadecimal characters over the body, the check and the obligation."""
    action: Action
    priority: Priority
    first_week: int
    """From 1."""
    last_week: int
    duty: Duty | None
    """The rule it serves."""

    @property
    def delay(self) -> str:
        """Return the delay that the rule's text sets, "" when it asks nothing of this body."""
        return self.duty.delay if self.duty is not None and not self.duty.applicability.binds_not else ""


@dataclass(frozen=True, slots=True)
class LegalDate:
    """A day to come that a text gives."""

    key: str
    day: date
    title: str
    what: str
    articles: tuple[LegalReference, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be done, in the order of the report."""

    monday: date
    """First day of week 1: the first Monday after the audit."""
    steps: tuple[Step, ...]
    dates: tuple[LegalDate, ...]
    body: str
    nothing: str = ""
    """What to say when there is nothing to do."""

    @property
    def weeks(self) -> int:
        """Return how many weeks the plan takes."""
        return max((step.last_week for step in self.steps), default=0)

    def monday_of(self, week: int) -> date:
        """Return the Monday of a week counted from 1."""
        return later(self.monday, (week - 1) * 7)

    def doing(self, week: int) -> tuple[Step, ...]:
        """Return what is done, begun or continued in a week."""
        return tuple(step for step in self.steps if step.first_week <= week <= step.last_week)


def plan(report: AuditReport) -> Plan:
    """Return the plan of a report made safe. Weeks are a proposal: no text sets them, and the plan says so."""
    told = outline_actions.actions(report, Lookup(report.datasets))
    weeks = _weeks(report.priorities)
    duties = {duty.obligation: duty for duty in report.duties}
    keys = _keys(report)
    return Plan(
        monday=next_monday(report.on),
        steps=tuple(
            Step(key, action, priority, *span, duties.get(priority.obligation))
            for key, action, priority, span in zip(
                keys, (*told.first, *told.others), report.priorities, weeks, strict=True
            )
        ),
        dates=tuple(sorted(_dates(report), key=lambda one: (one.day, one.title))),
        body=report.organization.name if report.organization else "",
        nothing=told.nothing,
    )


def stable_key(report: AuditReport, *parts: str) -> str:
    """Return 16 hexadecimal characters that stay the same for one body and one thing, audit after audit."""
    body = report.organization
    target = last_part(report.target) if is_absolute(report.target) else report.target
    who = (body.siren or body.insee_code or body.name) if body else target
    return hashlib.sha256("\0".join((who, *parts)).encode()).hexdigest()[:16]


def later(day: date, days: int) -> date:
    """Return the date some days after; the calendar's last one when it would end before."""
    return day + timedelta(days=min(days, (date.max - day).days))


def next_monday(day: date) -> date:
    """Return the first Monday after a day."""
    return later(day, 7 - day.weekday())


def _keys(report: AuditReport) -> list[str]:
    """Return a key an action; the rank of its kind tells apart two actions of one check and one rule."""
    seen: Counter[tuple[str, str]] = Counter()
    keys = []
    for one in report.priorities:
        kind = (one.check, one.obligation)
        seen[kind] += 1
        keys.append(stable_key(report, *kind, str(seen[kind])))
    return keys


def _weeks(priorities: tuple[Priority, ...]) -> list[tuple[int, int]]:
    """Return the first and last week of each action, in the order of the priorities, within the hours of a week.

    Blockers and questions to a supplier (an e-mail, then waiting) go to the first week, whatever it holds already;
    what is longer than a week takes whole weeks; what is short fills the first week where it fits.
    """
    room = _half_hours("week")
    taken: Counter[int] = Counter()
    spans = []
    for one in priorities:
        need = _half_hours(one.effort) if one.effort else 0
        if one.blocker or one.effort == ASK_SUPPLIER:
            first = last = 1
            taken[1] = min(room, taken[1] + need)
        else:
            length = max(1, -(-need // room))
            first = 1
            while any(taken[first + n] + min(need, room) > room for n in range(length)):
                first += 1
            last = first + length - 1
            for week in range(first, last + 1):
                taken[week] += min(need, room)
        spans.append((first, last))
    return spans


def _half_hours(name: str) -> int:
    return int(word("office_half_hours", name))


def _dates(report: AuditReport) -> Iterator[LegalDate]:
    """Yield the days to come on which a rule that binds this body enters into force, for one more part of it.

    Whom a rule not yet in force will bind, nobody can tell from today's answer: it is left out.
    """
    for duty in report.duties:
        steps = {part.since: part.label for part in duty.parts if part.since > report.on}
        if duty.since and duty.since > report.on:
            steps.setdefault(duty.since, duty.what)
        for day, what in steps.items():
            if duty.applicability is Applicability.APPLIES:
                key = stable_key(report, "date", duty.obligation, day.isoformat())
                yield LegalDate(key, day, tell("date_title", title=duty.title), what, duty.legal_basis)
