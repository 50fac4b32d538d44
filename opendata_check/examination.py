"""Each dataset's files through four rooms: their bytes are had, inspected, recognised and validated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from opendata_check import inspection, matching, schemas, tables
from opendata_check.errors import OpendataCheckError
from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.model.catalog import Distribution, Fault
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.listed import Listed
from opendata_check.model.report import Progress
from opendata_check.model.schema import SchemaMatch, TableValidation
from opendata_check.vocabulary import format_of, formats

_ARCHIVES = frozenset({"zip", "gz"})
_READ_ROLES = frozenset({"main", "update"})


class Examine(Protocol):
    """How one distribution is examined: ``examine`` below, or what answers the same without reading it again."""

    def __call__(
        self, distribution: Distribution, fetcher: Fetcher, *, root: Path | None, online: bool
    ) -> list[InspectedFile]:
        """Return the file with its facts, then its members."""


def examined(listed: Sequence[Listed], fetcher: Fetcher, examine: Examine) -> Iterator[Progress | InspectedDataset]:
    """Yield progress, then each dataset with its files read and what it seems to be, in the list's order."""
    total = sum(len(item.dataset.distributions) for item in listed)
    done = 0
    for item in listed:
        files: list[InspectedFile] = []
        spare = item.dataset.spare_exports
        for distribution in item.dataset.distributions:
            yield Progress(f"Lecture de {distribution.title or distribution.id}", done, total)
            mine = item.online and not item.dataset.about_others and distribution.id not in spare
            files += examine(distribution, fetcher, root=item.root, online=mine)
            done += 1
        yield _dataset(item, files)


def unread(item: Listed) -> InspectedDataset:
    """Return a dataset whose files were not read: what its title and its keywords tell is all there is."""
    return _dataset(item, [InspectedFile(one, name_of(one)) for one in item.dataset.distributions])


def not_read(item: InspectedDataset, file: InspectedFile) -> bool:
    """Return whether a file on line was neither had nor tried: its link is all that can be told."""
    online = any(copy.source != "folder" for copy in item.copies) and not item.dataset.about_others
    return online and file.facts is None and file.fault is None


def _dataset(item: Listed, files: list[InspectedFile]) -> InspectedDataset:
    matches = matching.match(item.dataset, files)
    return InspectedDataset(item.dataset, tuple(files), matches, item.location, item.copies)


def name_of(distribution: Distribution) -> str:
    """Return a file's name as printed: its path in the folder, else its title."""
    return distribution.id if distribution.path else (distribution.title or distribution.id)


def is_read(distribution: Distribution, root: Path | None, *, online: bool) -> bool:
    """Return whether a distribution's bytes are read: data, no service, and within reach."""
    declared = format_of(distribution.declared_format)
    service = distribution.service is not None or (bool(declared) and formats()[declared].role == "service")
    reachable = root is not None if distribution.path is not None else online and bool(distribution.url)
    return distribution.role in _READ_ROLES and not service and reachable


def examine(distribution: Distribution, fetcher: Fetcher, *, root: Path | None, online: bool) -> list[InspectedFile]:
    """Return the file with its facts, then the members when it is a plain archive.

    ``root`` is the folder that a local file must not leave; ``online`` lets the others be downloaded.
    Raises nothing that one file could cause: what went wrong is in ``InspectedFile.fault``.
    """
    name = name_of(distribution)
    if not is_read(distribution, root, online=online):
        return [InspectedFile(distribution, name)]
    try:
        content = _content(distribution, root, fetcher)
    except FetchingError as error:
        gone = error.status is not None and not error.temporary
        return [InspectedFile(distribution, name, fault=_fault(error), unreachable=gone)]
    try:
        file = _read(content, distribution, name)
        archive = file.facts is not None and file.facts.envelope.detected in _ARCHIVES
        return [file, *_members(content, distribution, name, fetcher)] if archive else [file]
    finally:
        fetcher.release(content)


def _content(distribution: Distribution, root: Path | None, fetcher: Fetcher) -> Content:
    if distribution.path is not None and root is not None:
        return fetcher.local(distribution.path, root if root.is_dir() else root.parent)
    return fetcher.download(distribution.url or "")


def _members(content: Content, distribution: Distribution, name: str, fetcher: Fetcher) -> Iterator[InspectedFile]:
    try:
        for member in fetcher.members(content):
            if isinstance(member, Fault):
                yield InspectedFile(distribution, name, fault=member, member=True)
                continue
            inside = f"{name} › {member.origin.removeprefix(f'{content.origin} › ')}"
            yield _read(member, distribution, inside, member=True)
            fetcher.release(member)
    except FetchingError as error:
        yield InspectedFile(distribution, name, fault=_fault(error), member=True)


def _read(content: Content, distribution: Distribution, name: str, *, member: bool = False) -> InspectedFile:
    """Return what one file says; a fault of ours on this file is told and does not stop the others."""
    try:
        facts = inspection.inspect(content, declared_format="" if member else distribution.declared_format)
        match = validation = None
        if facts.table is not None and facts.table.header_row is not None:
            match = schemas.recognise(facts.table.labels, declared="" if member else distribution.schema_name)
            validation = _validate(content, facts, match) if match is not None else None
    except OpendataCheckError as error:
        return InspectedFile(distribution, name, fault=_fault(error), member=member)
    except Exception as error:  # noqa: BLE001 - one file's unforeseen fault must not lose the audit of the others
        what = f"ce fichier n'a pas pu être contrôlé (erreur imprévue : {type(error).__name__})"
        unforeseen = Fault(what, name, "Signalez-le nous avec ce fichier.")
        return InspectedFile(distribution, name, fault=unforeseen, member=member)
    return InspectedFile(distribution, name, facts, match, validation, _partial(content, facts, name), member=member)


def _validate(content: Content, facts: ContentFacts, match: SchemaMatch) -> TableValidation:
    """Judge the table, a workbook's through its CSV: national models are made for CSV."""
    if facts.spreadsheet is None:
        return tables.validate(content, facts, match)
    with inspection.sheet_as_csv(content, facts) as (exported, described):
        return tables.validate(exported, described, match)


def _partial(content: Content, facts: ContentFacts, name: str) -> Fault | None:
    """Return what kept the file from being read whole, or None."""
    if content.truncated:
        return Fault("seul le début a été lu, le fichier est trop gros", name, "Découpez-le, par exemple par année.")
    return Fault(facts.fault, name) if facts.fault else None


def _fault(error: OpendataCheckError) -> Fault:
    return Fault(error.what, error.where, error.remedy)
