"""Finds in the datasets what a finding only points at: its files, and the before/after pair that validation kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from opendata_check.model.finding import Axis, Finding, Outcome
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.safety import shorten

_MANY = 6
"""A fault of a whole dataset names its files up to that many; else, or when others name theirs alike, itself."""
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Example:
    """One faulty value, shortened, and what it should look like; either may be empty."""

    before: str
    after: str


class Lookup:
    """Files and examples of findings. No example for private life, nor in a column that seems personal.

    A name that several datasets give to a file (« data.csv ») is printed with its dataset: alone it points nowhere.
    """

    def __init__(self, datasets: tuple[InspectedDataset, ...]) -> None:
        self._files = {(item.key, file.name): file for item in datasets for file in item.files}
        self._names = {item.key: tuple(file.name for file in item.files if not file.member) for item in datasets}
        self._titles = {item.key: shorten(item.dataset.title, _TITLE) for item in datasets}
        self._kinds = {
            item.key: frozenset(file.facts.envelope.detected for file in item.files if file.facts) for item in datasets
        }
        holders = Counter(name for item in datasets for name in {file.name for file in item.files})
        self._shared = frozenset(name for name, count in holders.items() if count > 1)

    def files(self, finding: Finding) -> tuple[str, ...]:
        """Return the files a finding speaks of; else its dataset's, its address, its dataset, or (a fault) none."""
        found = tuple(dict.fromkeys(location.file for location in finding.locations if location.file))
        if found:
            return tuple(self._told(finding, name) for name in found)
        names = self._names.get(finding.dataset, ())
        if 0 < len(names) <= _MANY and (self._shared.isdisjoint(names) or not finding.dataset_title):
            return names
        if finding.dataset_title:
            return (finding.dataset_title,)
        urls = tuple(dict.fromkeys(location.url for location in finding.locations if location.url))
        return urls or ((say("no_file"),) if finding.outcome is Outcome.NON_COMPLIANT else ())

    def kinds(self, finding: Finding) -> frozenset[str]:
        """Return the formats detected in the dataset of a finding."""
        return self._kinds.get(finding.dataset, frozenset())

    def _told(self, finding: Finding, name: str) -> str:
        title = self._titles.get(finding.dataset, "")
        return say("file_of", file=name, title=title) if title and name in self._shared else name

    def example(self, finding: Finding) -> Example | None:
        """Return the example for a finding, or None."""
        if finding.axis is Axis.PROTECTED:
            return None
        for location in finding.locations:
            file = self._files.get((finding.dataset, location.file))
            if file is None or file.validation is None or _is_personal(file, location.column):
                continue
            for issue in file.validation.issues:
                same = issue.column == location.column and issue.letter == location.letter
                if same and issue.rows == location.rows and (issue.before or issue.after):
                    return Example(issue.before, issue.after)
        return None


def is_local(item: InspectedDataset) -> bool:
    """Return whether every file of a dataset lies in a folder, and none at an address."""
    found = item.dataset.distributions
    return bool(found) and all(one.path is not None and not one.url for one in found)


def _is_personal(file: InspectedFile, column: str) -> bool:
    return file.facts is not None and any(hint.column == column for hint in file.facts.personal)
