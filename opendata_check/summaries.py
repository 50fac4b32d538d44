"""Reduces an audit to what a store keeps and a table of communes shows, and tells two audits apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from opendata_check.model.finding import Finding, Outcome, Severity
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import Organization, PopulationFigures
from opendata_check.model.summary import AuditSummary, Difference, FindingMark

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport

_OPENING = "diffusion-par-principe"
"""The duty to open data by default."""
_OPEN = frozenset({Outcome.NON_COMPLIANT, Outcome.UNVERIFIABLE, Outcome.ERROR})
_PUBLISHED = frozenset({"compliant", "non_compliant"})
_UNMET = frozenset({"non_compliant", "not_found"})


def body_key(organization: Organization | None, target: str) -> str:
    """Return what recognises a body from one audit to the next: its INSEE code, else its SIREN, else what was typed."""
    if organization is not None and organization.insee_code:
        return f"insee:{organization.insee_code}"
    if organization is not None and organization.siren:
        return f"siren:{organization.siren}"
    return f"target:{target}"


def summarised(report: AuditReport) -> AuditSummary:
    """Return the summary of a report."""
    from opendata_check.reports.outline.states import state_of
    from opendata_check.reports.outline.unread import listed

    body = report.organization
    figures = _in_force(body, report.on.year) if body else None
    outcomes = Counter(finding.outcome.value for finding in report.findings)
    faults = Counter(f.severity for f in report.findings if f.outcome is Outcome.NON_COMPLIANT)
    states = [
        state_of(duty, report.findings, report.datasets)
        for duty in report.duties
        if duty.applicability in (Applicability.APPLIES, Applicability.UNKNOWN)
    ]
    opening = next((duty for duty in report.duties if duty.obligation == _OPENING), None)
    dates = [item.dataset.modified for item in report.datasets if item.dataset.modified]
    comparison = report.expected.comparison
    return AuditSummary(
        body=body_key(body, report.target),
        name=body.name if body else "",
        kind=body.kind.value if body else "",
        target=report.target,
        on=report.on,
        tool_version=report.tool_version,
        insee_code=(body.insee_code or "") if body else "",
        siren=(body.siren or "") if body else "",
        departement_code=(body.departement_code or "") if body else "",
        departement_name=(body.departement_name or "") if body else "",
        epci_siren=(body.epci_siren or "") if body else "",
        epci_name=(body.epci_name or "") if body else "",
        population=figures.municipale if figures else None,
        stratum=comparison.label if comparison else "",
        bound=opening.applicability.value if opening else "",
        overall=report.scores.overall,
        confidence=report.scores.confidence,
        level=report.scores.level,
        axes=report.scores.axes,
        datasets=len(report.datasets),
        files=len(listed(report.datasets)),
        duties_met=states.count("compliant"),
        duties_unmet=sum(state in _UNMET for state in states),
        duties_unknown=sum(state not in _UNMET and state != "compliant" for state in states),
        counts=tuple(sorted(outcomes.items())),
        severities=tuple((severity.value, faults[severity]) for severity in Severity if faults[severity]),
        families=tuple(sorted(one.family for one in report.expected.families if one.state in _PUBLISHED)),
        first_action=report.priorities[0].title if report.priorities else "",
        actions=len(report.priorities),
        faults=len(report.faults),
        partial=report.partial,
        newest=max(dates, default=None),
    )


def _in_force(body: Organization, year: int) -> PopulationFigures | None:
    """Return the newest figures already in force that year, else the newest."""
    earlier = [figures for figures in body.populations if figures.in_force_year <= year]
    return next(iter((*earlier, *body.populations)), None)


def mark(finding: Finding) -> FindingMark:
    """Return a finding as it is compared."""
    return FindingMark(
        fingerprint=finding.fingerprint,
        check=finding.check,
        axis=finding.axis.value,
        severity=finding.severity.value,
        outcome=finding.outcome.value,
        title=finding.action or finding.title,
        message=finding.message[:300],
        dataset=finding.dataset_title,
        file=next((location.file for location in finding.locations if location.file), ""),
        obligation=finding.obligation,
        count=finding.count,
    )


def marks(report: AuditReport) -> tuple[FindingMark, ...]:
    """Return what is not met in a report, in its order: faults, what could not be told, what failed."""
    return tuple(mark(finding) for finding in report.findings if finding.outcome in _OPEN)


def difference(
    before: Iterable[FindingMark], after: Iterable[FindingMark], looked_at: Callable[[FindingMark], bool] | None = None
) -> Difference:
    """Return what was mended, what is new, what stays and what was not looked at again, each in the order given.

    A finding whose outcome changes (a question that became a fault) stays the same finding. ``looked_at`` tells
    whether the later audit looked at what a finding is about (``reports.difference.looking``); without it, whatever is
    gone counts as mended: that holds only when both audits saw the same things.
    """
    old, now = list(before), list(after)
    known = {one.fingerprint for one in old}
    present = {one.fingerprint for one in now}
    gone = [one for one in old if one.fingerprint not in present]
    seen = [looked_at is None or looked_at(one) for one in gone]
    return Difference(
        mended=tuple(one for one, looked in zip(gone, seen, strict=True) if looked),
        new=tuple(one for one in now if one.fingerprint not in known),
        unchanged=tuple(one for one in now if one.fingerprint in known),
        unseen=tuple(one for one, looked in zip(gone, seen, strict=True) if not looked),
    )
