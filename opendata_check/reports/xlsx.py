"""The report as a workbook: a sheet to decide, a sheet to act, the law, and the findings axis by axis."""

from __future__ import annotations

from opendata_check.model.report import AuditReport
from opendata_check.reports.interface import Layout

EXTENSION = "xlsx"
SUMMARY = "un classeur pour Excel ou LibreOffice"
BYTES = True


def render(report: AuditReport, layout: Layout) -> bytes:
    """Return the workbook. Raises ReportError when it cannot be prepared (full disk)."""
    from opendata_check.reports.office.sheets import sheets
    from opendata_check.reports.office.workbook import workbook
    from opendata_check.reports.outline.phrases import say
    from opendata_check.wording import french_date

    name = report.organization.name if report.organization else say("nobody")
    return workbook(sheets(report), say("document_title", name=name, day=french_date(report.on)), report.on)
