"""Decides whether the data themselves follow the rhythm announced: files named by year, dates within tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from opendata_check.checks.dates import DataDates, latest_event, series_of_years
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.checks.texts import column, plain
from opendata_check.model.finding import Location, Outcome
from opendata_check.vocabulary import Frequency, frequency_of
from opendata_check.wording import french_date

_YEAR = 366


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict for a dataset whose content tells its own dates; none when it promises no rhythm of time."""
    dataset = dataset_of(case)
    frequency = frequency_of(dataset.dataset.frequency)
    if frequency is not None and frequency.stated and frequency.days is None:
        return
    rhythm = frequency if frequency is not None and frequency.stated else None
    years = series_of_years(dataset, case.evidence.on.year + 1)
    if years:
        yield _of_series(case, years, rhythm)
        return
    latest = latest_event(dataset, case.words("event_words"))
    if latest is not None and rhythm is not None:
        yield _of_dates(case, latest, rhythm)


def _of_series(case: Case, years: tuple[int, ...], rhythm: Frequency | None) -> Verdict:
    """Judge files named by year: the year after the last one must have had all of the next to be published."""
    values = {"first": str(years[0]), "last": str(years[-1]), "frequency": rhythm.title if rhythm else ""}
    steps = max(1, -(-(rhythm.days or 0) // _YEAR)) if rhythm else 1
    late = case.evidence.on > date(min(years[-1] + steps + 1, date.max.year), 12, 31)
    if not late:
        return Verdict(Outcome.COMPLIANT, case="series", values=values)
    if rhythm is None:
        return Verdict(Outcome.UNVERIFIABLE, case="series_ends", values=values)
    return Verdict(Outcome.NON_COMPLIANT, values=values)


def _of_dates(case: Case, latest: DataDates, rhythm: Frequency) -> Verdict:
    """Judge the latest date of a column of events; a silence may be a lack of events, hence a question."""
    values = {
        "date": french_date(latest.last),
        "column": column(latest.label, latest.letter),
        "file": plain(latest.file.name),
        "frequency": rhythm.title,
    }
    where = (Location(dataset=dataset_of(case).key, file=latest.file.name, column=latest.label, letter=latest.letter),)
    allowed = case.number("rhythms") * (rhythm.days or 0) + case.number("days")
    if (case.evidence.on - latest.last).days > allowed:
        return Verdict(Outcome.UNVERIFIABLE, case="dates_end", values=values, locations=where)
    return Verdict(Outcome.COMPLIANT, values=values, locations=where)
