"""Decides whether each dataset of a body has a title of its own, its year included where others give theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.texts import quoted
from opendata_check.folding import fold
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.organization import EvidenceKind
from opendata_check.wording import plural

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per title that several records share, or that lacks the year its likes give; one when all is
    well. A folder's file without a record has no title of its own."""
    datasets = [item for item in case.evidence.datasets if item.dataset.described and item.dataset.title.strip()]
    if len(datasets) < 2:
        return
    alike: dict[str, list[InspectedDataset]] = {}
    for item in datasets:
        alike.setdefault(_folded(item.dataset.title), []).append(item)
    faults = [_fault("", found) for found in alike.values() if len(found) > 1]
    dated = {_folded(_YEAR.sub("", item.dataset.title)) for item in datasets if _YEAR.search(item.dataset.title)}
    faults += [_fault("no_year", found) for title, found in alike.items() if title in dated and len(found) == 1]
    yield from faults or [
        Verdict(
            Outcome.COMPLIANT,
            values={"count": plural(len(datasets), "jeu", "jeux")},
            evidence_kind=EvidenceKind.DECLARED,
        )
    ]


def _fault(case: str, found: list[InspectedDataset]) -> Verdict:
    title = min(item.dataset.title for item in found)
    return Verdict(
        Outcome.NON_COMPLIANT,
        case=case,
        values={"count": str(len(found)), "title": quoted([title])},
        locations=tuple(
            Location(dataset=key, url=page)
            for key, page in sorted((one.key, one.dataset.landing_page) for one in found)
        ),
        count=len(found),
        rule=f"{case}:{_folded(title)}",
        evidence_kind=EvidenceKind.DECLARED,
    )


def _folded(title: str) -> str:
    return re.sub(r"\W+", " ", fold(title)).strip()
