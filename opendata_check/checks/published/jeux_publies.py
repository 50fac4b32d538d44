"""Decides whether at least one dataset is published."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.duties import Sightings, in_order, judge
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import is_data, is_main
from opendata_check.model.inspected import InspectedDataset, InspectedFile


def decide(case: Case) -> Iterable[Verdict]:
    """Return the verdict on the general duty: one file that a program can use as data is enough."""
    found: list[InspectedDataset] = []
    probable: list[InspectedDataset] = []
    broken: list[InspectedDataset] = []
    for dataset in case.evidence.datasets:
        files = [file for file in dataset.files if is_main(file) and is_data(file)]
        if any(_holds_something(file) for file in files):
            found.append(dataset)
        elif files and all(file.unreachable for file in files):
            broken.append(dataset)
        elif any(file.facts is None and not file.unreachable for file in files):
            probable.append(dataset)
    return judge(case, "diffusion-par-principe", Sightings(in_order(found), in_order(probable), in_order(broken)))


def _holds_something(file: InspectedFile) -> bool:
    """Return whether rows, shapes or items were found; a plain text without a table (README) holds no data."""
    if file.facts is None or file.facts.envelope.detected == "empty":
        return False
    if file.facts.table is None:
        return file.facts.envelope.detected != "txt"
    return file.facts.table.row_count > 0
