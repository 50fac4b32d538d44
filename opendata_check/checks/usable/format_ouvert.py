"""Decides whether a dataset can be had in an open format that a program reads."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of, format_in, is_main
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.vocabulary import Format, format_of_extension, formats
from opendata_check.wording import join_list


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset; one open format is enough.

    Where only documents are found, what the text wants fixed and complete (acts, budget documents, the inventory of
    public information) may stay so: a document and its data are judged apart.
    """
    dataset = dataset_of(case)
    files = _files(dataset)
    found = [item for file in files for item in _formats(file)]
    if not found:
        if any(file.facts is not None and file.facts.envelope.detected == "binary" for file in files):
            yield Verdict(Outcome.UNVERIFIABLE, case="unknown_format")
        return
    outcome, kind = _decide(case, dataset, files, found)
    titles = join_list(sorted({item.title for item in found}))
    places = tuple(
        Location(dataset=dataset.key, file=file.name, url=file.distribution.url or "")
        for file in sorted(files, key=lambda file: (file.name, file.distribution.id))
    )
    values = {"formats": titles}
    yield Verdict(outcome, case=kind, values=values, locations=places, seen=f"Formats trouvés : {titles}.")


def _files(dataset: InspectedDataset) -> list[InspectedFile]:
    """Return the main files; an archive whose members were read is judged by its members."""
    files = [file for file in dataset.files if is_main(file)]
    opened = {file.distribution.id for file in files if file.member}
    return [file for file in files if file.member or file.distribution.id not in opened]


def _formats(file: InspectedFile) -> list[Format]:
    found = format_in(file)
    if found is None:
        return []
    if found.role == "archive" and file.facts is not None and file.facts.archive is not None:
        endings = {member.name.rsplit(".", 1)[-1] for member in file.facts.archive.members if "." in member.name}
        inside = {format_of_extension(ending) for ending in endings} - {""}
        return [formats()[name] for name in sorted(inside)]
    return [found]


def _decide(
    case: Case, dataset: InspectedDataset, files: list[InspectedFile], found: list[Format]
) -> tuple[Outcome, str]:
    free = [item for item in found if item.open and item.machine]
    if free:
        sheets = all(item.id in case.words("spreadsheets") for item in free)
        return Outcome.COMPLIANT, "spreadsheet" if sheets else "compliant"
    if any(item.machine for item in found):
        return Outcome.NON_COMPLIANT, "closed"
    families = {match.family for match in dataset.matches}
    if families.intersection(case.words("document_families")):
        return Outcome.NOT_APPLICABLE, "document"
    if any(file.facts and file.facts.document and file.facts.document.looks_tabular for file in files):
        return Outcome.NON_COMPLIANT, "locked_table"
    if families or dataset.dataset.described:
        return Outcome.NON_COMPLIANT, "not_machine"
    return Outcome.UNVERIFIABLE, "data_or_document"
