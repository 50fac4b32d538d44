"""Decides whether a dataset that answers a duty keeps the delay its text sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from opendata_check.checks.dates import applying, last_change, latest_event, years_named
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of, is_main
from opendata_check.checks.texts import column, plain
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.legal import Certainty, Duty
from opendata_check.wording import french_date


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per duty with a legal delay that the dataset answers and that binds the body."""
    dataset = dataset_of(case)
    answered = {match.family for match in dataset.matches if match.confidence >= case.number("enough")}
    for obligation, limit in _pairs(case.words("event_delays")):
        duty = applying(case.evidence.duties, obligation) if obligation in answered else None
        if duty is not None and duty.event_happened is not False:
            yield from _of_events(case, dataset, duty, int(limit))
    for obligation, limit in _pairs(case.words("yearly")):
        duty = applying(case.evidence.duties, obligation) if obligation in answered else None
        if duty is not None:
            yield from _of_years(case, dataset, duty, limit)


def _pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return (obligation, limit) of « obligation=limit »."""
    return [(word.partition("=")[0], word.partition("=")[2]) for word in words]


def _of_events(case: Case, dataset: InspectedDataset, duty: Duty, days: int) -> Iterator[Verdict]:
    """Judge a delay that counts from each event. What happened and is not in the file cannot be seen: no fault.

    A file that gave a sign of life within the year raises no question, nor does one that a later dataset carries on.
    """
    on, changed = case.evidence.on, last_change(dataset)
    signs = [_last_sign(case, one) for one in _answering(case, duty)]
    if _last_sign(case, dataset) < max(signs, default=date.min):
        return
    latest = latest_event(dataset, case.words("event_words"))
    quiet = (on - _last_sign(case, dataset)).days > case.number("silent_days")
    values = {"delay": _delay(duty), "title": plain(duty.title)}
    if latest is None or latest.last > on:
        if quiet:
            yield _verdict(duty, Outcome.UNVERIFIABLE, "event_unseen", values)
        return
    values |= {
        "date": french_date(latest.last),
        "column": column(latest.label, latest.letter),
        "file": plain(latest.file.name),
    }
    where = (Location(dataset=dataset.key, file=latest.file.name, column=latest.label, letter=latest.letter),)
    if quiet:
        yield _verdict(duty, Outcome.UNVERIFIABLE, "silent", values, where)
    elif (on - latest.last).days <= days or (changed is not None and 0 <= (changed - latest.last).days <= days):
        yield _verdict(duty, Outcome.COMPLIANT, "", values, where)


def _last_sign(case: Case, dataset: InspectedDataset) -> date:
    """Return the last day on which the dataset is known to have lived: declared, written inside or in its name."""
    on = case.evidence.on
    latest = latest_event(dataset, case.words("event_words"))
    year = _year_named(case, dataset)
    signs = [last_change(dataset), latest.last if latest else None, date(year, 12, 31) if year else None]
    return max((min(day, on) for day in signs if day is not None), default=date.min)


def _verdict(
    duty: Duty, outcome: Outcome, kind: str, values: Mapping[str, str], where: tuple[Location, ...] = ()
) -> Verdict:
    return Verdict(outcome, case=kind, values=values, locations=where, obligation=duty.obligation, rule=duty.obligation)


def _of_years(case: Case, dataset: InspectedDataset, duty: Duty, limit: str) -> Iterator[Verdict]:
    """Judge what is due every year on a day (« 06-30 ») for the year before, by the latest year seen anywhere.

    Only the dataset that goes furthest is judged: each year may have its own.
    """
    on = case.evidence.on
    due = on.year - 1 if (on.month, on.day) > _day(limit) else on.year - 2
    latest = _latest_year(case, dataset)
    others = [_latest_year(case, one) for one in _answering(case, duty)]
    values = {"delay": _delay(duty), "title": plain(duty.title), "due": str(due), "last": str(latest)}
    if latest == 0:
        if not any(others):
            yield _verdict(duty, Outcome.UNVERIFIABLE, "year_unseen", values)
        return
    if latest < max(others, default=0):
        return
    late = latest < due
    outcome, kind = (Outcome.NON_COMPLIANT, "") if late else (Outcome.COMPLIANT, "year")
    if late and duty.certainty is Certainty.INTERPRETATION:
        outcome, kind = Outcome.UNVERIFIABLE, "year_said"
    yield _verdict(duty, outcome, kind, values)


def _answering(case: Case, duty: Duty) -> list[InspectedDataset]:
    enough = case.number("enough")
    return [
        one
        for one in case.evidence.datasets
        if any(match.family == duty.obligation and match.confidence >= enough for match in one.matches)
    ]


def _latest_year(case: Case, dataset: InspectedDataset) -> int:
    """Return the latest year that names, the period declared or dates of the data tell; 0 when none does."""
    latest = latest_event(dataset, case.words("event_words"))
    written = latest.last.year if latest is not None and latest.last <= case.evidence.on else 0
    return max(written, _year_named(case, dataset))


def _year_named(case: Case, dataset: InspectedDataset) -> int:
    """Return the latest year of the title, the period declared and the files' names; 0 when none says one."""
    record = dataset.dataset
    names = [f"{file.distribution.title} {file.name.rsplit('/', 1)[-1]}" for file in dataset.files if is_main(file)]
    return max(years_named([record.title, record.temporal, *names], case.evidence.on.year), default=0)


def _delay(duty: Duty) -> str:
    return plain(duty.delay.rstrip("."), 300)


def _day(limit: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2024-{limit}")
    return day.month, day.day
