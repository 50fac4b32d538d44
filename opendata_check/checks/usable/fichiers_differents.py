"""Asks about two files that should differ, by their year or their dataset, and hold the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import is_main
from opendata_check.checks.texts import plain
from opendata_check.folding import fold
from opendata_check.model.facts import TableFacts
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import Evidence, InspectedDataset, InspectedFile

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_WINDOW = 200
"""Files of the same header, just before it, that a file is compared with."""
_MOST_PAIRS = 100_000
"""Comparisons that one audit makes; files without number are compared with their nearest neighbours."""


@dataclass(frozen=True, slots=True)
class _Table:
    dataset: InspectedDataset
    file: InspectedFile
    facts: TableFacts
    year: str
    """The only year its name tells; "" for none or several."""
    format: str


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one question per file that repeats another: of two years, or of two datasets, most rows in common.

    The other is the nearest before it, by year then dataset: ten copies of one file are nine questions, not forty-five.
    """
    share = case.number("share")
    groups = _by_header(case.evidence, int(case.number("least_rows"))).values()
    window = min(_WINDOW, max(1, _MOST_PAIRS // max(1, sum(map(len, groups)))))
    for group in groups:
        for rank, other in enumerate(group):
            for one in reversed(group[max(0, rank - window) : rank]):
                kind = _kind(one, other)
                common = _common(one.facts, other.facts) if kind else 0.0
                if kind and common >= share:
                    yield _question(kind, one, other, common)
                    break


def _by_header(evidence: Evidence, least_rows: int) -> dict[tuple[str, ...], list[_Table]]:
    groups: dict[tuple[str, ...], list[_Table]] = {}
    for table in _tables(evidence):
        if table.facts.row_count >= least_rows and table.facts.row_sketch:
            groups.setdefault(tuple(fold(label) for label in table.facts.labels), []).append(table)
    for group in groups.values():
        group.sort(key=lambda item: (item.year, item.dataset.key, item.file.name))
    return groups


def _tables(evidence: Evidence) -> Iterator[_Table]:
    for dataset in evidence.datasets:
        for file in dataset.files:
            if is_main(file) and file.facts is not None and file.facts.table is not None:
                years = set(_YEAR.findall(file.name)) or set(_YEAR.findall(dataset.dataset.title))
                yield _Table(
                    dataset,
                    file,
                    file.facts.table,
                    years.pop() if len(years) == 1 else "",
                    file.facts.envelope.detected,
                )


def _kind(one: _Table, other: _Table) -> str:
    """Return why the two should differ: their years, their datasets; "" when nothing says so."""
    if one.year and other.year and one.year != other.year:
        return "years"
    apart = one.dataset.key != other.dataset.key and one.year == other.year and one.format == other.format
    return "datasets" if apart else ""


def _common(one: TableFacts, other: TableFacts) -> float:
    """Return the share of the smaller table's rows that the other holds, estimated on the common digests."""
    small, large = sorted((one.row_sketch, other.row_sketch), key=lambda sketch: sketch[-1], reverse=True)
    within = [digest for digest in small if digest <= large[-1]] or list(small[:1])
    return len(set(within) & set(large)) / len(within)


def _question(kind: str, one: _Table, other: _Table, common: float) -> Verdict:
    return Verdict(
        Outcome.UNVERIFIABLE,
        case=kind,
        values={
            "first": plain(one.file.name),
            "second": plain(other.file.name),
            "share": f"{100 * common:.0f} %",
            "first_year": one.year,
            "second_year": other.year,
        },
        locations=tuple(
            Location(dataset=table.dataset.key, file=table.file.name, url=table.file.distribution.url or "")
            for table in (one, other)
        ),
        rule=f"{one.dataset.key}\x1f{one.file.name}\x1f{other.dataset.key}\x1f{other.file.name}",
    )
