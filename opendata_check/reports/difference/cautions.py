"""What makes two audits hard to compare, each told in one line before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from opendata_check.model.report import AuditReport
from opendata_check.model.summary import AuditSummary
from opendata_check.reports.difference.phrases import tell
from opendata_check.reports.safety import last_part
from opendata_check.wording import french_date


@dataclass(frozen=True, slots=True)
class Caution:
    """One reason to read the comparison with care."""

    id: str
    """``other_body``, ``reversed``, ``same_audit``, ``other_tool``, ``other_rules``, ``other_places``,
    ``partial_before`` or ``partial_after``."""
    text: str
    """French, one sentence or two."""


def cautions(
    before: AuditReport, after: AuditReport, summaries: tuple[AuditSummary, AuditSummary]
) -> tuple[Caution, ...]:
    """Return the reasons to read with care, the gravest first."""
    return tuple(_cautions(before, after, *summaries))


def _cautions(before: AuditReport, after: AuditReport, old: AuditSummary, now: AuditSummary) -> Iterator[Caution]:
    if before == after:
        yield Caution("same_audit", tell("same_audit"))
    if _is_another(old, now):
        yield Caution("other_body", tell("other_body", before=_name(old), after=_name(now)))
    if before.on > after.on:
        yield Caution("reversed", tell("reversed", before=french_date(before.on), after=french_date(after.on)))
    if before.tool_version != after.tool_version:
        yield Caution("other_tool", tell("other_tool", before=before.tool_version, after=after.tool_version))
    if _rules_differ(before, after):
        yield Caution("other_rules", tell("other_rules"))
    if _places(before) != _places(after):
        yield Caution("other_places", tell("other_places"))
    if before.partial:
        yield Caution("partial_before", tell("partial_before"))
    if after.partial:
        yield Caution("partial_after", tell("partial_after"))


def _is_another(old: AuditSummary, now: AuditSummary) -> bool:
    """Without a code, what was typed is no sign: the same folder may be typed in many ways."""
    if old.body.startswith("target:") and now.body.startswith("target:"):
        return old.name != now.name
    return old.body != now.body


def _name(one: AuditSummary) -> str:
    return one.name or tell("nobody")


def _rules_differ(before: AuditReport, after: AuditReport) -> bool:
    """Return whether the rules changed in between: not the same duties, or a check worded or weighed otherwise."""
    kinds = [report.organization.kind if report.organization else None for report in (before, after)]
    duties = [{duty.obligation for duty in report.duties} for report in (before, after)]
    if kinds[0] == kinds[1] and duties[0] != duties[1]:
        return True
    old = {finding.check: (finding.title, finding.weight) for finding in before.findings}
    return any(
        finding.check in old and old[finding.check] != (finding.title, finding.weight) for finding in after.findings
    )


def _places(report: AuditReport) -> set[tuple[str, str]]:
    """Return the places looked at; a folder is known by its last name, wherever it was typed from."""
    return {
        (one.source, last_part(one.location.rstrip("/\\")) if one.place == "folder" else one.location)
        for one in report.catalogs
    }
