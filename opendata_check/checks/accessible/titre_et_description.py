"""Decides whether a dataset has a title and a description that people understand."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.folding import fold
from opendata_check.model.finding import Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.vocabulary import format_of_extension


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset, or one per fault (title, description)."""
    dataset = dataset_of(case)
    if not dataset.dataset.described:
        yield Verdict(Outcome.UNVERIFIABLE)
        return
    faults = list(_faults(case, dataset))
    yield from faults or [Verdict(Outcome.COMPLIANT)]


def _faults(case: Case, dataset: InspectedDataset) -> Iterable[Verdict]:
    title = dataset.dataset.title.strip()
    if not title or _is_file_name(title, dataset):
        yield Verdict(Outcome.NON_COMPLIANT, case="title", values={"title": title}, rule="title")
    size, wanted = len(dataset.dataset.description.strip()), int(case.number("description_characters"))
    if not size:
        yield Verdict(Outcome.NON_COMPLIANT, case="no_description", rule="description")
    elif size < wanted:
        values = {"size": str(size), "wanted": str(wanted)}
        yield Verdict(Outcome.NON_COMPLIANT, case="short_description", values=values, rule="description")


def _is_file_name(title: str, dataset: InspectedDataset) -> bool:
    """Return whether the title is a file's name, with its extension or glued by underscores."""
    names = {fold(file.name.rsplit("/", 1)[-1]) for file in dataset.files}
    ending = title.rsplit(".", 1)[-1] if "." in title else ""
    if fold(title) in names or (ending and " " not in ending and format_of_extension(ending)):
        return True
    return " " not in title and "_" in title
