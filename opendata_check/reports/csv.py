"""The findings as one table, one line each, that Excel and LibreOffice open as it is."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.report import AuditReport
from opendata_check.reports.interface import Layout
from opendata_check.reports.office import findings
from opendata_check.reports.office.tables import csv_pieces

EXTENSION = "csv"
SUMMARY = "tous les constats, une ligne chacun"


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the CSV file in pieces: every finding, good or not, in the order of the report."""
    return csv_pieces(findings.COLUMNS, findings.rows(report))
