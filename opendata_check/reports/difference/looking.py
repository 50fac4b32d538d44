"""Tells whether an audit looked at what a finding of an earlier one is about: only then may it be called mended."""

from __future__ import annotations

from collections import defaultdict

from opendata_check.model.finding import Finding, Outcome
from opendata_check.model.inspected import InspectedFile
from opendata_check.model.report import AuditReport
from opendata_check.model.summary import FindingMark

_JUDGED = frozenset({Outcome.COMPLIANT, Outcome.NON_COMPLIANT, Outcome.NOT_APPLICABLE})


class Looked:
    """What one audit looked at, asked finding by finding."""

    def __init__(self, report: AuditReport) -> None:
        self._partial = report.partial
        self._files: dict[str, dict[str, InspectedFile]] = defaultdict(dict)
        for item in report.datasets:
            for file in item.files:
                self._files[item.dataset.title].setdefault(file.name, file)
        self._titles = {item.dataset.title for item in report.datasets}
        self._found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in report.findings:
            self._found[finding.check, finding.dataset_title].append(finding)
        self._checks = {finding.check for finding in report.findings}

    def at(self, mark: FindingMark) -> bool:
        """Return whether what ``mark`` tells was looked at again, so that its absence means something.

        A dataset or a file that is no longer there was not looked at: nobody can tell that it was mended. Nor can one
        when the check itself could not decide this time.
        """
        if not mark.dataset:
            return self._body(mark)
        if mark.dataset not in self._titles:
            return False
        if mark.file and not _seen(self._files[mark.dataset].get(mark.file)):
            return False
        found = [one for one in self._found[mark.check, mark.dataset] if _about(one, mark.file)]
        if any(one.outcome in _JUDGED for one in found):
            return True
        return not found and not self._partial_dataset(mark)

    def _body(self, mark: FindingMark) -> bool:
        """A point about the body rests on every place: it was looked at when it was judged, or when all was seen."""
        found = [one for one in self._found[mark.check, ""] if one.obligation == mark.obligation]
        named = [
            one
            for (check, _), every in self._found.items()
            if check == mark.check and mark.obligation
            for one in every
            if one.obligation == mark.obligation
        ]
        if any(one.outcome in _JUDGED for one in (*found, *named)):
            return True
        return not found and not self._partial and mark.check in self._checks

    def _partial_dataset(self, mark: FindingMark) -> bool:
        """Return whether a point about a whole dataset may have gone for want of reading its files."""
        files = self._files[mark.dataset].values()
        return not mark.file and (self._partial or any(file.fault is not None for file in files))


def _about(finding: Finding, file: str) -> bool:
    """Return whether a finding may speak of a file: it names it, or names none."""
    named = {location.file for location in finding.locations if location.file}
    return not file or not named or file in named


def _seen(file: InspectedFile | None) -> bool:
    """Return whether a file was opened and read without a fault of ours, or its link tried."""
    if file is None or file.fault is not None:
        return False
    if file.facts is not None:
        return not file.facts.fault
    return file.availability is not None and file.availability.state == "available"
