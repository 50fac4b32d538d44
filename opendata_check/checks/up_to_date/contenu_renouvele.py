"""Decides whether the date of update is that of the files, not only that of the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from opendata_check.checks.dates import latest_event, newest_file
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import MAIN_ROLES, dataset_of
from opendata_check.checks.texts import column, plain
from opendata_check.model.catalog import Dataset
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.organization import EvidenceKind
from opendata_check.vocabulary import frequency_of
from opendata_check.wording import french_date


def decide(case: Case) -> Iterable[Verdict]:
    """Yield at most one verdict, for a dataset whose record and files (or data) both give dates."""
    dataset = dataset_of(case)
    declared, newest = dataset.dataset.modified, newest_file(dataset)
    if declared is None or declared > case.evidence.on:
        return
    verdicts = list(_of_files(case, dataset, declared, newest)) or list(_of_data(case, dataset, declared))
    yield from verdicts[:1]


def _of_files(case: Case, dataset: InspectedDataset, declared: date, newest: date | None) -> Iterator[Verdict]:
    """Compare the declared date with the newest file's, when every main file has one."""
    if newest is None or not _all_dated(dataset.dataset):
        return
    values = {"date": french_date(declared), "newest": french_date(newest)}
    gap = (declared - newest).days
    if gap <= case.number("same_days"):
        if not _all_on_one_day(dataset.dataset):
            yield Verdict(Outcome.COMPLIANT, values=values, evidence_kind=EvidenceKind.DECLARED)
        return
    if gap <= case.number("apart_days"):
        return
    frequency = frequency_of(dataset.dataset.frequency)
    late = frequency is not None and frequency.days is not None and frequency.stated
    if late and frequency is not None and frequency.days is not None:
        age = (case.evidence.on - newest).days
        late = age > frequency.days * (1 + case.number("tolerance_share")) + case.number("tolerance_days")
        values["frequency"] = frequency.title
    if late and declared == dataset.dataset.metadata_modified:
        yield Verdict(Outcome.NON_COMPLIANT, values=values, evidence_kind=EvidenceKind.DECLARED)
    else:
        yield Verdict(Outcome.UNVERIFIABLE, case="record_only", values=values, evidence_kind=EvidenceKind.DECLARED)


def _of_data(case: Case, dataset: InspectedDataset, declared: date) -> Iterator[Verdict]:
    """Compare the declared date, when it is that of the record, with the latest date written in the data."""
    if declared != dataset.dataset.metadata_modified:
        return
    latest = latest_event(dataset, case.words("event_words"))
    if latest is None or (declared - latest.last).days <= case.number("data_days"):
        return
    yield Verdict(
        Outcome.UNVERIFIABLE,
        case="data_end_before",
        values={
            "date": french_date(declared),
            "newest": french_date(latest.last),
            "column": column(latest.label, latest.letter),
            "file": plain(latest.file.name),
        },
        locations=(Location(dataset=dataset.key, file=latest.file.name, column=latest.label, letter=latest.letter),),
    )


def _all_dated(dataset: Dataset) -> bool:
    main = [item for item in dataset.distributions if item.role in MAIN_ROLES]
    return bool(main) and all(item.modified is not None for item in main)


def _all_on_one_day(dataset: Dataset) -> bool:
    """Return whether several files and the record bear one date: a move of the portal proves nothing."""
    days = {item.modified for item in dataset.distributions}
    return len(dataset.distributions) > 1 and days == {dataset.metadata_modified}
