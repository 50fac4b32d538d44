"""The plan of work as a table to fill in: who does it, for when, done or not."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.report import AuditReport
from opendata_check.reports.interface import Layout
from opendata_check.reports.office import plan_table
from opendata_check.reports.office.plan import plan
from opendata_check.reports.office.tables import csv_pieces

EXTENSION = "csv"
SUMMARY = "le plan d'action, en tableau à remplir"


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the CSV file in pieces; the columns to fill in stand first, and are empty."""
    empty = (None,) * len(plan_table.TO_FILL)
    rows = ((*empty, *row) for row in plan_table.rows(plan(report)))
    return csv_pieces((*plan_table.TO_FILL, *plan_table.COLUMNS), rows)
