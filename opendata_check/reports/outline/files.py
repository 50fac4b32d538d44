"""What was seen in the files: what concerns the whole, what comes back, then file by file, and what needs nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from opendata_check.model.finding import Axis, Finding, Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.closing import alerts
from opendata_check.reports.outline.groups import Key, gathered, key_of
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.outline.phrases import say, sentence
from opendata_check.reports.outline.values import DatasetBlock, Files, Group
from opendata_check.reports.safety import shorten

_REPEATED = 3
"""From that many datasets on, one gesture is told once for all of them."""
_TITLE = 120
_ADVISED = frozenset({"document_tables"})
"""Cases of « not concerned » that end with a piece of advice."""


def files(report: AuditReport, lookup: Lookup, told: Mapping[str, int] = MappingProxyType({})) -> Files:
    """Return all faults that are not about private life, and the files without any."""
    faults = [f for f in report.findings if f.outcome is Outcome.NON_COMPLIANT and f.axis is not Axis.PROTECTED]
    private = {finding.dataset for finding in report.findings if alerts(finding)}
    known = {item.key for item in report.datasets}
    general = [finding for finding in faults if finding.dataset not in known]
    specific = [finding for finding in faults if finding.dataset in known]
    common = _common(specific)
    repeated = [finding for finding in specific if key_of(finding) in common]
    own: dict[str, list[Finding]] = defaultdict(list)
    elsewhere: dict[str, list[str]] = defaultdict(list)
    for finding in specific:
        if key_of(finding) in common:
            elsewhere[finding.dataset].append(finding.action or finding.title)
        else:
            own[finding.dataset].append(finding)
    names, advice = _names(report), _advice(report)
    blocks = tuple(
        _block(item, gathered(own[item.key], lookup, told), tuple(dict.fromkeys(elsewhere[item.key])),
               item.key in private, (*_notes(item, names, full=True), *advice[item.key]))
        for item in report.datasets
        if own[item.key] or elsewhere[item.key] or item.key in private or advice[item.key]
        or any(_notes(item, names, full=False))
    )  # fmt: skip
    nothing = "" if report.datasets else say("found_nothing")
    if report.datasets and not faults and not private:
        nothing = say("found_no_fault") if any(axis.compliant for axis in report.scores.axes) else ""
    return Files(
        general=gathered(general, lookup, told),
        repeated=gathered(repeated, lookup, told),
        datasets=blocks,
        good=tuple(_good(report, {finding.dataset for finding in faults} | private)),
        nothing=nothing,
    )


def _common(findings: list[Finding]) -> set[Key]:
    datasets: dict[Key, set[str]] = defaultdict(set)
    for finding in findings:
        datasets[key_of(finding)].add(finding.dataset)
    return {key for key, found in datasets.items() if len(found) >= _REPEATED}


def _advice(report: AuditReport) -> dict[str, list[str]]:
    """Return by dataset what is no fault and yet could serve better: a budget's tables shut in a PDF."""
    told: dict[str, list[str]] = defaultdict(list)
    for finding in report.findings:
        if finding.outcome is Outcome.NOT_APPLICABLE and finding.case in _ADVISED:
            told[finding.dataset].append(sentence(finding.message))
    return told


def _names(report: AuditReport) -> dict[str, str]:
    return {duty.obligation: duty.title for duty in report.duties}


def _block(
    item: InspectedDataset,
    groups: tuple[Group, ...],
    elsewhere: tuple[str, ...],
    private: bool,
    notes: tuple[str, ...],
) -> DatasetBlock:
    also = [say("also", titles=phrases.quoted(elsewhere, shown=len(elsewhere)))] if elsewhere else []
    if private:
        also.append(say("also_personal", section=say("personal")))
    own_files = tuple(file.name for file in item.files if not file.member)
    return DatasetBlock(
        title=shorten(item.dataset.title, _TITLE),
        files=phrases.listed(own_files, 6),
        notes=notes,
        groups=groups,
        also=tuple(also),
    )


def _notes(item: InspectedDataset, names: dict[str, str], full: bool) -> Iterator[str]:
    """Yield what a dataset was recognised as (when ``full``) and, always, what was not read in it."""
    if full:
        best = max(item.matches, key=lambda match: match.confidence, default=None)
        if best is not None and best.family in names:
            yield say("recognised", what=names[best.family])
        for schema in dict.fromkeys((f.schema.schema.id, f.schema.schema.version, f.schema.confidence)
                                    for f in item.files if f.schema):  # fmt: skip
            share = phrases.whole(100 * schema[2])
            yield say("recognised_schema", schema=schema[0], version=schema[1], share=share)
    for file in item.files:
        if file.validation is not None and file.validation.note:
            yield f"{file.name} : {sentence(file.validation.note)}"


def _good(report: AuditReport, at_fault: set[str]) -> Iterator[str]:
    """Yield the names of the files whose dataset was judged, has no fault and raises no question about private life.

    Archives stand for their members.
    """
    judged = {f.dataset for f in report.findings if f.outcome is Outcome.COMPLIANT}
    asked = {f.dataset for f in report.findings if f.outcome is Outcome.UNVERIFIABLE and f.axis is Axis.PROTECTED}
    failed = asked | {f.dataset for f in report.findings if f.outcome is Outcome.ERROR}
    for item in report.datasets:
        unread = any(file.fault or (file.validation and file.validation.note) for file in item.files)
        if item.key in judged and item.key not in at_fault | failed and not unread:
            yield from (file.name for file in item.files if not file.member and file.was_seen)
