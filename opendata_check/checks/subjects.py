"""What several checks ask of their subject: the file, its table, its format, the duty its schema serves."""

from __future__ import annotations

from opendata_check.checks.interface import Case
from opendata_check.checks.texts import lines
from opendata_check.model.catalog import Dataset
from opendata_check.model.facts import ContentFacts, RowRange, TableFacts
from opendata_check.model.finding import Location
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.vocabulary import Format, format_of, format_of_extension, formats

MAIN_ROLES = frozenset({"main", "api", ""})
"""Roles of the distributions that are the data; documentation, code and the rest only go with them."""
UNRECOGNISED = frozenset({"binary", "empty"})


def file_of(case: Case) -> InspectedFile:
    """Return the file under judgement (the check's scope is ``file``)."""
    assert case.file is not None
    return case.file


def dataset_of(case: Case) -> InspectedDataset:
    """Return the dataset under judgement."""
    assert case.dataset is not None
    return case.dataset


def record_of(case: Case) -> Dataset:
    """Return what the catalogue says of the dataset under judgement."""
    return dataset_of(case).dataset


def facts_of(case: Case) -> ContentFacts | None:
    """Return what was read in the file; None when its bytes could not be had."""
    return file_of(case).facts


def table_of(case: Case) -> TableFacts | None:
    """Return the file's main table, or None."""
    facts = facts_of(case)
    return facts.table if facts else None


def is_cut_short(facts: ContentFacts) -> bool:
    """Return whether the file breaks off: nothing good can be said of what was not read (another check tells it)."""
    return bool(facts.fault) or (facts.structure is not None and not facts.structure.well_formed)


def place(case: Case, *, column: str = "", letter: str = "", rows: tuple[RowRange, ...] = ()) -> tuple[Location, ...]:
    """Return where in the file under judgement."""
    file = file_of(case)
    table = table_of(case)
    return (
        Location(
            dataset=dataset_of(case).key,
            file=file.name,
            sheet=table.sheet if table else "",
            column=column,
            letter=letter,
            rows=rows,
            url=file.distribution.url or "",
        ),
    )


def at(rows: tuple[RowRange, ...]) -> str:
    """Return « (lignes 4 à 415) » with a space before it, or ""."""
    return f" ({lines(rows)})" if rows else ""


def announced_format(file: InspectedFile) -> str:
    """Return the format id that catalogue or name announce, or ""."""
    if file.facts is not None:
        return file.facts.envelope.declared_format or file.facts.envelope.extension_format
    declared = format_of(file.distribution.declared_format)
    extension = file.name.rsplit(".", 1)[-1] if "." in file.name else ""
    return declared or format_of_extension(extension)


def format_in(file: InspectedFile) -> Format | None:
    """Return the format found in the bytes, else the one announced; None when neither says anything known."""
    detected = file.facts.envelope.detected if file.facts else ""
    if detected in UNRECOGNISED or not detected:
        detected = announced_format(file)
    return formats().get(detected)


def is_data(file: InspectedFile) -> bool:
    """Return whether a program can use the file as data."""
    found = format_in(file)
    return found is not None and found.machine and found.role in {"data", "service", "archive"}


def is_main(file: InspectedFile) -> bool:
    """Return whether the file is the data itself rather than what goes with it."""
    return file.distribution.role in MAIN_ROLES


def obligation_of_schema(case: Case) -> str:
    """Return the obligation whose proof is the schema this table was meant for, or ""."""
    match = file_of(case).schema
    if match is None:
        return ""
    return next((duty.obligation for duty in case.evidence.duties if match.schema.id in duty.proof.schemas), "")
