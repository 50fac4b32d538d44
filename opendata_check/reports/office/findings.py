"""The table of findings: one line each, whatever its outcome, for a CSV file and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from opendata_check.model.finding import Finding, Location
from opendata_check.model.legal import LegalReference
from opendata_check.model.report import AuditReport
from opendata_check.reports.office.phrases import yes_or_no
from opendata_check.reports.office.tables import Cell, Column, Kind
from opendata_check.reports.outline.phrases import effort, labels, main_citations
from opendata_check.wording import word

COLUMNS = (
    Column("outcome", width=16),
    Column("severity", width=18),
    Column("title", Kind.LONG, 34),
    Column("message", Kind.LONG, 50),
    Column("remedy", Kind.LONG, 50),
    Column("effort", width=26),
    Column("dataset", Kind.LONG, 30),
    Column("file", width=30),
    Column("sheet", width=14),
    Column("letter", width=9),
    Column("column", width=22),
    Column("first_row", Kind.WHOLE, 14),
    Column("rows", Kind.WHOLE, 16),
    Column("other_places", Kind.WHOLE, 16),
    Column("axis", width=14),
    Column("article", Kind.LONG, 34),
    Column("obligation", width=22),
    Column("blocker", width=12),
    Column("check", width=26),
    Column("fingerprint", width=20),
    Column("date", Kind.DATE, 12),
    Column("body", width=26),
)
_NOWHERE = Location()


def rows(report: AuditReport, findings: Iterable[Finding] | None = None) -> Iterator[tuple[Cell, ...]]:
    """Yield one line a finding (all of them, or those given), as COLUMNS says; other places are counted, never cut."""
    rules = {duty.obligation: duty.title for duty in report.duties}
    body = report.organization.name if report.organization else ""
    for finding in report.findings if findings is None else findings:
        place = finding.locations[0] if finding.locations else _NOWHERE
        yield (
            word("outcomes", finding.outcome, "short"),
            word("severities", finding.severity),
            finding.title,
            finding.message,
            finding.remedy,
            effort(finding.effort) if finding.remedy else "",
            finding.dataset_title or finding.dataset,
            place.file or place.url,
            place.sheet,
            place.letter,
            place.column,
            place.rows[0][0] if place.rows else None,
            _count(finding, place),
            max(0, len(finding.locations) - 1),
            word("axes", finding.axis),
            _articles(finding.legal_basis),
            rules.get(finding.obligation, finding.obligation),
            yes_or_no(finding.blocker),
            finding.check,
            finding.fingerprint,
            report.on,
            body,
        )


def _count(finding: Finding, place: Location) -> int | None:
    """Return how many rows are at fault in the first place; the finding knows more when its ranges were cut."""
    if not place.rows:
        return None
    told = sum(last - first + 1 for first, last in place.rows)
    return max(told, finding.count) if len(finding.locations) == 1 else told


@lru_cache(maxsize=4096)
def _articles(references: tuple[LegalReference, ...]) -> str:
    return labels(main_citations(references))
