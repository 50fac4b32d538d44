"""Decides whether the dates of the record and of the data are possible ones; a date to come is a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from opendata_check.checks.dates import columns_of_dates, says
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.checks.texts import column, plain
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.organization import EvidenceKind
from opendata_check.wording import french_date

_MOST = 10


def decide(case: Case) -> Iterable[Verdict]:
    """Yield the odd dates declared, then those of the data (at most ten columns); one good verdict when all is well."""
    dataset = dataset_of(case)
    declared = _declared(dataset)
    odd = [*_odd_declared(case, declared), *_odd_inside(case, dataset)]
    if odd:
        yield from odd
    elif declared:
        yield Verdict(Outcome.COMPLIANT, evidence_kind=EvidenceKind.DECLARED)


def _declared(dataset: InspectedDataset) -> list[tuple[date, str]]:
    """Return the dates of change that the catalogue declares, with the file each is about ("" for the record)."""
    record = dataset.dataset
    own = [(day, "") for day in (record.modified, record.metadata_modified, record.issued) if day is not None]
    files = [
        (day, item.title or item.id)
        for item in record.distributions
        for day in (item.modified, item.issued)
        if day is not None
    ]
    return own + files


def _odd_declared(case: Case, declared: list[tuple[date, str]]) -> Iterator[Verdict]:
    """Yield one verdict for the dates that cannot be, one for those to come: the furthest is shown."""
    on = case.evidence.on
    key = dataset_of(case).key
    impossible, coming = [], []
    for day, file in declared:
        if day.year < case.number("first_year") or (day - on).days > case.number("ahead_days"):
            impossible.append((day, file))
        elif (day - on).days > 1:
            coming.append((day, file))
    for found, outcome, kind in (
        (impossible, Outcome.NON_COMPLIANT, ""),
        (coming, Outcome.UNVERIFIABLE, "declared_ahead"),
    ):
        if not found:
            continue
        names = sorted({file for _, file in found if file})
        shown = max(found, key=lambda item: (abs((item[0] - on).days), item))[0]
        yield Verdict(
            outcome,
            case=kind,
            values={"date": french_date(shown)},
            locations=tuple(Location(dataset=key, file=name) for name in names) or (Location(dataset=key),),
            count=len(found),
            rule=kind or "impossible",
            evidence_kind=EvidenceKind.DECLARED,
        )


def _odd_inside(case: Case, dataset: InspectedDataset) -> Iterator[Verdict]:
    """Yield a question for each column of past events that holds a date to come, or any with a date of no sense."""
    on, told = case.evidence.on, 0
    for item in columns_of_dates(dataset):
        far = [
            day
            for day in (item.first, item.last)
            if not case.number("oldest") <= day.year <= on.year + case.number("years_ahead")
        ]
        coming = item.last > on and says(item.label, case.words("past_words"))
        if not far and not coming:
            continue
        if told == _MOST:
            return
        told += 1
        yield Verdict(
            Outcome.UNVERIFIABLE,
            case="senseless" if far else "inside_ahead",
            values={
                "date": french_date(far[0] if far else item.last),
                "column": column(item.label, item.letter),
                "file": plain(item.file.name),
            },
            locations=(Location(dataset=dataset.key, file=item.file.name, column=item.label, letter=item.letter),),
            rule=f"{item.file.name}:{item.letter}",
            column=item.label,
        )
