"""Decides whether a dataset can be had in an open format that a program reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import announced_format, dataset_of, format_in, is_main
from opendata_check.folding import fold
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.vocabulary import Format, format_of_extension, formats
from opendata_check.wording import french_number, join_list

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset; one open format is enough.

    Where only documents are found, what the text wants fixed and complete (acts, budget documents, the inventory of
    public information) may stay so: a document and its data are judged apart. A document beside data of another year
    is still alone.
    """
    dataset = dataset_of(case)
    files = _files(dataset)
    found = [item for file in files for item in _formats(file)]
    if not found:
        if any(file.facts is not None and file.facts.envelope.detected == "binary" for file in files):
            yield Verdict(Outcome.UNVERIFIABLE, case="unknown_format")
        return
    outcome, kind = _decide(case, dataset, files, found)
    alone = _alone(case, dataset, files) if outcome is Outcome.COMPLIANT else []
    if alone:
        outcome, kind = Outcome.NON_COMPLIANT, "other_year"
    titles = join_list(sorted({item.title for item in found}))
    places = tuple(
        Location(dataset=dataset.key, file=file.name, url=file.distribution.url or "")
        for file in sorted(alone or files, key=lambda file: (file.name, file.distribution.id))
    )
    values = {
        "formats": titles,
        "tables": _tables(alone or files),
        "years": join_list(sorted({year for file in alone for year in _years(file)})),
    }
    yield Verdict(outcome, case=kind, values=values, locations=places, seen=f"Formats trouvés : {titles}.")


def _files(dataset: InspectedDataset) -> list[InspectedFile]:
    """Return the main files; an archive whose members were read is judged by its members."""
    files = [file for file in dataset.files if is_main(file)]
    opened = {file.distribution.id for file in files if file.member}
    return [file for file in files if file.member or file.distribution.id not in opened]


def _years(file: InspectedFile) -> frozenset[str]:
    """Return the years that the name of the file, or its title, says."""
    return frozenset(_YEAR.findall(f"{file.name} {file.distribution.title}"))


def _holds_tables(file: InspectedFile) -> bool:
    return bool(file.facts and file.facts.document and file.facts.document.looks_tabular)


def _alone(case: Case, dataset: InspectedDataset, files: list[InspectedFile]) -> list[InspectedFile]:
    """Return the documents with tables whose year no data file of the dataset has: a CSV of 2024 is not that of 2025.

    A file whose name says no year, a notice, and what the text wants fixed are left alone.
    """
    if _is_document(case, dataset):
        return []
    opened = {year for file in files if any(item.machine for item in _formats(file)) for year in _years(file)}
    if not opened or any(not _years(file) for file in files if any(item.machine for item in _formats(file))):
        return []
    notices = case.words("notices")
    return [
        file
        for file in files
        if _holds_tables(file)
        and _years(file)
        and opened.isdisjoint(_years(file))
        and not any(word in fold(f"{file.name} {file.distribution.title}") for word in notices)
    ]


def _tables(files: list[InspectedFile]) -> str:
    """Return how many tables the documents hold: « un tableau, que personne ne peut réutiliser tel quel »."""
    documents = [file.facts.document for file in files if file.facts and file.facts.document]
    count = sum(document.table_count for document in documents)
    if count < 2:
        return "un tableau, que personne ne peut réutiliser tel quel"
    least = "au moins " if any(document.sampled for document in documents) else ""
    return f"{least}{french_number(count)} tableaux, que personne ne peut réutiliser tels quels"


def _is_failure(file: InspectedFile) -> bool:
    """Return whether a server's page or message was had in place of the data: other checks tell it."""
    if file.facts is None:
        return False
    announced = formats().get(announced_format(file))
    page = file.facts.envelope.detected == "html" and announced is not None and announced.role == "data"
    return page or file.facts.envelope.variety == "error"


def _formats(file: InspectedFile) -> list[Format]:
    found = format_in(file)
    if found is None or _is_failure(file):
        return []
    if file.facts is not None and file.facts.envelope.variety == "geotiff":
        return [replace(found, machine=True)]
    if found.role == "archive" and file.facts is not None and file.facts.archive is not None:
        endings = {member.name.rsplit(".", 1)[-1] for member in file.facts.archive.members if "." in member.name}
        inside = set(file.facts.archive.formats) or {format_of_extension(ending) for ending in endings} - {""}
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
    if _is_document(case, dataset):
        return Outcome.NOT_APPLICABLE, "document_tables" if any(map(_holds_tables, files)) else "document"
    if any(map(_holds_tables, files)):
        return Outcome.NON_COMPLIANT, "locked_table"
    if any(match.named for match in dataset.matches) or dataset.dataset.described:
        return Outcome.NON_COMPLIANT, "not_machine"
    if all(item.role == "image" for item in found):
        return Outcome.NOT_APPLICABLE, "picture"
    return Outcome.UNVERIFIABLE, "data_or_document"


def _is_document(case: Case, dataset: InspectedDataset) -> bool:
    """Return whether its text wants the dataset fixed and complete (acts, budgets), or it is there to be read."""
    named = {match.family for match in dataset.matches if match.named}
    return not named.isdisjoint(case.words("document_families"))
