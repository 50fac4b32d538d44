"""Tells whether OpenStreetMap may take geographic data in under the licence stated; never a legal fault by itself."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of, format_in, is_main, record_of
from opendata_check.checks.texts import plain
from opendata_check.licensing import statements
from opendata_check.model.finding import Outcome
from opendata_check.model.inspected import InspectedDataset

_CASES = {
    "yes": (Outcome.COMPLIANT, ""),
    "waiver": (Outcome.UNVERIFIABLE, "waiver"),
    "no": (Outcome.NOT_APPLICABLE, "share_alike"),
}


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict for a geographic dataset whose licence is known; none for any other."""
    stated = statements(record_of(case))
    licence = stated[0].reading.licence if stated else None
    if licence is None or not _is_geographic(case, dataset_of(case)):
        return
    outcome, kind = _CASES.get(licence.osm, (Outcome.NOT_APPLICABLE, "unknown"))
    if licence.status == "closed":
        outcome, kind = Outcome.NON_COMPLIANT, "closed"
    if kind != "unknown":
        yield Verdict(outcome, case=kind, values={"licence": plain(licence.title)})


def _is_geographic(case: Case, dataset: InspectedDataset) -> bool:
    for file in dataset.files:
        if not is_main(file):
            continue
        found = format_in(file)
        if (file.facts is not None and file.facts.spatial is not None) or (
            found is not None and found.id in case.words("formats")
        ):
            return True
    return False
