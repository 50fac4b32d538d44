"""The dates that tell when data changed: declared by the catalogue, written in the data, read in the files' names.

A file's own date on disk is never evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from opendata_check.checks.subjects import is_main
from opendata_check.folding import fold
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.legal import Applicability, Duty

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FIRST_YEAR = 1990
_SHORTEST_SERIES = 3
_LABEL_LIMIT = 120


@dataclass(frozen=True, slots=True)
class DataDates:
    """A column of dates within a file of the dataset."""

    file: InspectedFile
    label: str
    letter: str
    first: date
    last: date


def last_change(dataset: InspectedDataset) -> date | None:
    """Return the declared date of the last change: the dataset's, else its newest file's; None when nobody says."""
    return dataset.dataset.modified or newest_file(dataset)


def newest_file(dataset: InspectedDataset) -> date | None:
    """Return the newest date that the catalogue gives to a file; None when it gives none."""
    return max((item.modified for item in dataset.dataset.distributions if item.modified is not None), default=None)


def columns_of_dates(dataset: InspectedDataset) -> tuple[DataDates, ...]:
    """Return the columns of dates of the main files read whole, in order."""
    found = []
    for file in dataset.files:
        table = file.facts.table if file.facts is not None else None
        if table is None or table.truncated or not is_main(file):
            continue
        for column in table.columns:
            first, last = _iso(column.first_date), _iso(column.last_date)
            if first is not None and last is not None:
                found.append(DataDates(file, column.label, column.letter, first, last))
    return tuple(found)


def says(label: str, words: Iterable[str]) -> bool:
    """Return whether a column's label holds one of the words (« dateNotification » holds « notification »)."""
    return bool(_words(label) & set(words))


def tells_events(label: str, words: Iterable[str]) -> bool:
    """Return whether a column's label says that its dates are those of events: one of the words, or « date » alone."""
    return _words(label) == {"date"} or says(label, words)


def _words(label: str) -> set[str]:
    return {word for word in re.split(r"[\W_]+", fold(_CAMEL.sub(" ", label[:_LABEL_LIMIT]))) if word}


def latest_event(dataset: InspectedDataset, words: tuple[str, ...]) -> DataDates | None:
    """Return the column of events that goes furthest; None when no file read holds such dates."""
    found = [item for item in columns_of_dates(dataset) if tells_events(item.label, words)]
    return max(found, key=lambda item: (item.last, item.file.name, item.label), default=None)


def years_named(texts: Iterable[str], until: int) -> frozenset[int]:
    """Return the years that each text names, the last of those it names (« 2019-2020 » is 2020)."""
    found = set()
    for text in texts:
        years = [int(year) for year in _YEAR.findall(text[:300])]
        years = [year for year in years if _FIRST_YEAR <= year <= until]
        if years:
            found.add(max(years))
    return frozenset(found)


def series_of_years(dataset: InspectedDataset, until: int) -> tuple[int, ...]:
    """Return the years after which the dataset's files are named, sorted; () when they are no series.

    A series is at least three years, most of the main files, and no more holes than years.
    """
    names = [_name(file) for file in dataset.files if is_main(file)]
    dated = [name for name in names if years_named([name], until)]
    years = sorted(years_named(dated, until))
    whole = len(years) >= _SHORTEST_SERIES and years[-1] - years[0] < 2 * len(years)
    return tuple(years) if whole and 2 * len(dated) > len(names) else ()


def applying(duties: Iterable[Duty], obligation: str) -> Duty | None:
    """Return the duty of that id when it binds the body."""
    return next(
        (one for one in duties if one.obligation == obligation and one.applicability is Applicability.APPLIES), None
    )


def _name(file: InspectedFile) -> str:
    """Return what names a file: its title, and its own name without the folders."""
    return f"{file.distribution.title} {file.name.rsplit('/', 1)[-1]}"


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
