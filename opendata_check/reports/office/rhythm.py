"""Datasets whose rhythm is known: when each should next be looked at, and how often after that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.report import AuditReport
from opendata_check.reports.office.phrases import tell
from opendata_check.reports.office.plan import later, next_monday, stable_key
from opendata_check.rhythms import Frequency, frequency_of

_SHORTEST = 28
_LONGEST = 3660
"""Days between two updates: what comes oftener needs no reminder, what is rarer than ten years is forgotten."""
_MONTH = 30.44
_LAST_SURE_DAY = 28
"""Every month has it: a reminder on the 31st would skip months (RFC 5545, 3.3.10)."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A dataset to update, again and again."""

    key: str
    title: str
    first: date
    months: int
    """Between two reminders."""
    rhythm: str
    """French: « tous les ans »."""
    source: str
    """French: who says so."""
    modified: date | None


def reminders(report: AuditReport, limit: int) -> tuple[Reminder, ...]:
    """Return at most ``limit`` reminders, the earliest first; none for what has no rhythm, or one shorter than a month.

    The rhythm is the one the dataset announces, else the one that the rules know for its family.
    """
    usual = {one.family: one.frequency for one in report.expected.families}
    usual |= {duty.obligation: duty.frequency for duty in report.duties if duty.frequency}
    found = (one for item in report.datasets for one in _reminder(item, usual, report))
    return tuple(sorted(found, key=lambda one: (one.first, one.title, one.key)))[:limit]


def _reminder(item: InspectedDataset, usual: dict[str, str], report: AuditReport) -> Iterator[Reminder]:
    frequency, source = frequency_of(item.dataset.frequency), tell("rhythm_announced")
    if frequency is None:
        best = max((match for match in item.matches if match.named), key=lambda match: match.confidence, default=None)
        text = usual.get(best.family, "") if best else ""
        frequency, source = frequency_of(text), tell("rhythm_usual", text=text)
    if frequency is None or frequency.days is None or not _SHORTEST <= frequency.days <= _LONGEST:
        return
    yield Reminder(
        key=stable_key(report, "reminder", item.dataset.landing_page, item.key),
        title=item.dataset.title,
        first=_first(item.dataset.modified, frequency, report.on),
        months=max(1, round(frequency.days / _MONTH)),
        rhythm=frequency.title,
        source=source,
        modified=item.dataset.modified,
    )


def _first(modified: date | None, frequency: Frequency, on: date) -> date:
    """Return the day after which an update is awaited, or the Monday after the audit when it is past.

    Without a declared date of change, one rhythm after the audit.
    """
    awaited = later(modified if modified and modified <= on else on, frequency.days or 0)
    first = awaited if awaited > on else next_monday(on)
    if first.day > _LAST_SURE_DAY:
        first = later(first.replace(day=1), 32).replace(day=1)
    return first
