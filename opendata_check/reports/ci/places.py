"""Where a finding is in the repository that the chain looks at: a relative path and lines, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from opendata_check.config import FILE_NAME
from opendata_check.model.finding import Finding, Location
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import AuditReport
from opendata_check.reports.safety import is_absolute, last_part

_INSIDE = " › "
"""What stands between an archive and its member in a printed name."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of one file."""

    path: str
    """From where the command ran, with « / », never « ./ » first."""
    first: int = 0
    """First line, 1-based; 0 for the whole file. In a workbook, the row of the sheet."""
    last: int = 0
    location: Location = field(default_factory=Location)
    member: str = ""
    """Name inside the archive ``path``; "" for an ordinary file."""
    own: bool = True
    """False when the finding has no file of its own: ``path`` is then where the settings are kept."""


class Places:
    """Finds the places of the findings of one report.

    A finding about a dataset has its first file; one about the body, or about what a portal holds, has the file of
    settings: every tool of these chains wants a path, and that one is where the body is described.
    """

    def __init__(self, report: AuditReport) -> None:
        self._base = _base(report)
        self.settings = self._under(FILE_NAME)
        """Path of the file of settings, there or not."""
        local = {catalog.location for catalog in report.catalogs if catalog.source == "folder"}
        every = len(local) == len({catalog.location for catalog in report.catalogs})
        here = [item for item in report.datasets if local and (every or _is_local(item, local))]
        self._here = {item.key for item in here}
        self._members = {(item.key, file.name) for item in here for file in item.files if file.member}
        self._remote = {(item.key, file.name) for item in here for file in item.files if _is_remote(file)}
        self._first = {
            item.key: next((file.name for file in item.files if not file.member and not _is_remote(file)), "")
            for item in here
        }
        self._all_local = bool(local) and every

    def of(self, finding: Finding) -> Iterator[Place]:
        """Yield the places of a finding, at least one: one for each range of rows."""
        here = self._all_local or finding.dataset in self._here
        found = False
        for location in finding.locations if here else ():
            name = location.file or (self._first.get(finding.dataset, "") if location.dataset else "")
            if not name or (finding.dataset, name) in self._remote:
                continue
            found = True
            path, member = self._split(finding.dataset, name)
            for first, last in location.rows or ((0, 0),):
                yield Place(path, max(first, 0), max(first, last, 0), location, member)
        if not found:
            name = self._first.get(finding.dataset, "") if here else ""
            path, member = self._split(finding.dataset, name) if name else (self.settings, "")
            location = finding.locations[0] if finding.locations else Location()
            yield Place(path, location=location, member=member, own=bool(name))

    def first(self, finding: Finding) -> Place:
        """Return the first place of a finding."""
        return next(self.of(finding))

    def _split(self, dataset: str, name: str) -> tuple[str, str]:
        if (dataset, name) in self._members and _INSIDE in name:
            archive, _, member = name.partition(_INSIDE)
            return self._under(archive), member
        return self._under(name), ""

    def _under(self, name: str) -> str:
        return f"{self._base}{name.removeprefix('./').lstrip('/')}"


def _base(report: AuditReport) -> str:
    """Return the folder examined, as it was typed, with its last « / »; "" when it is here or cannot be told.

    Paths are relative to where the command ran: in a chain, the root of the repository. A folder typed in full, or
    above, says nothing of that root: paths are then relative to the folder itself.
    """
    folders = [catalog.location for catalog in report.catalogs if catalog.source == "folder"]
    if not folders:
        return ""
    typed = folders[0]
    if typed in (".", report.target, last_part(report.target)) and len(set(folders)) == 1:
        typed = report.target  # the catalogue may say less: a report read again from JSON, a folder typed in full
    if "/" not in typed:
        typed = typed.replace("\\", "/")
    parts = [part for part in typed.split("/") if part not in ("", ".")]
    if is_absolute(typed) or not parts or ".." in parts or parts[0].startswith("~"):
        return ""
    if any(file.name == parts[-1] for item in report.datasets for file in item.files):
        parts.pop()  # a file was typed
    return "".join(f"{part}/" for part in parts)


def _is_remote(file: InspectedFile) -> bool:
    """Return whether a catalogue kept in the folder points at a file that is elsewhere."""
    return file.distribution.path is None and bool(file.distribution.url)


def _is_local(item: InspectedDataset, folders: set[str]) -> bool:
    return item.catalog_location in folders or any(copy.source == "folder" for copy in item.copies)
