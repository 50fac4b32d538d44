"""What an audit found, reduced to what a gate weighs: small enough to be kept from one run to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from opendata_check.gate.selection import Selection
from opendata_check.gate.settings import Settings
from opendata_check.gate.source import file_of
from opendata_check.model.catalog import Fault
from opendata_check.model.finding import Finding, Outcome
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Scores

_OPEN = (Outcome.NON_COMPLIANT, Outcome.ERROR)


@dataclass(frozen=True, slots=True)
class JudgedSchema:
    """The schema a file was judged by."""

    file: str
    id: str
    version: str
    declared: bool
    """False when its columns alone told."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the files show, before exemptions, baseline and thresholds."""

    findings: tuple[Finding, ...]
    """What is not met and what failed, in the audit's order."""
    compliant: int
    unverifiable: int
    beyond: int
    """Findings about the whole catalogue, set aside since only a part of it was looked at."""
    scores: Scores | None
    """None for a part of the catalogue: a score would say nothing."""
    schemas: tuple[JudgedSchema, ...]
    faults: tuple[Fault, ...]
    """What stayed unseen, among what is judged."""
    files: int


def found_in(report: AuditReport, selection: Selection) -> Found:
    """Return what a report says of what is judged."""
    mine = [finding for finding in report.findings if concerns(finding, selection)]
    beyond = sum(1 for one in report.findings if not one.dataset and one.outcome in (*_OPEN, Outcome.UNVERIFIABLE))
    outcomes = Counter(finding.outcome for finding in mine)
    told = {_line(fault) for fault in (*selection.faults, *selection.set_aside)}
    unread = [
        file.fault
        for item in report.datasets
        for file in item.files
        if file.fault and file.facts is None and file_of(file.name) in selection.judged
    ]
    described = [fault for catalog in report.catalogs for fault in catalog.faults] if selection.whole else []
    unlisted = [f for f in described if _line(f) not in told and file_of(f.where) not in selection.excluded]
    return Found(
        findings=tuple(finding for finding in mine if finding.outcome in _OPEN),
        compliant=outcomes[Outcome.COMPLIANT],
        unverifiable=outcomes[Outcome.UNVERIFIABLE],
        beyond=0 if selection.whole else beyond,
        scores=report.scores if selection.whole else None,
        schemas=tuple(_schemas(report, selection)),
        faults=(*selection.faults, *unlisted, *unread),
        files=len(selection.judged),
    )


def concerns(finding: Finding, selection: Selection) -> bool:
    """Return whether a finding is about what is judged: one of its files, or the whole when all is judged."""
    if not finding.dataset:
        return selection.whole
    files = {file_of(location.file) for location in finding.locations if location.file}
    return not files or not files.isdisjoint(selection.judged)


def weighed(findings: Iterable[Finding], settings: Settings) -> tuple[Finding, ...]:
    """Return the findings with the severities that the settings give."""
    given = dict(settings.severities)
    return tuple(replace(one, severity=given[one.check]) if one.check in given else one for one in findings)


def first_file(finding: Finding) -> str:
    """Return the first file a finding points at, "" when it is about none."""
    return next((file_of(location.file) for location in finding.locations if location.file), "")


def _line(fault: Fault) -> tuple[str, str]:
    return fault.what, fault.where


def _schemas(report: AuditReport, selection: Selection) -> Iterable[JudgedSchema]:
    for item in report.datasets:
        for file in item.files:
            if file.schema is not None and file_of(file.name) in selection.judged:
                schema = file.schema.schema
                yield JudgedSchema(file.name, schema.id, schema.version, file.schema.by == "declared")
