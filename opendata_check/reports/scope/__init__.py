"""The answer to `scope` alone: which duties bind a body on a date, as a page of text or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from opendata_check import __version__
from opendata_check.model.legal import Duty
from opendata_check.model.organization import Organization
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Scores
from opendata_check.reports.interface import ReportError
from opendata_check.reports.safety import made_safe

FORMATS = ("terminal", "json")


def render_scope(
    organization: Organization, duties: Sequence[Duty], on: date, report_format: str, *, width: int = 80
) -> str:
    """Return the answer ``width`` columns wide (text), or in the form of docs/schemas/scope.schema.json.

    Raises ReportError for another format.
    """
    report = made_safe(_without_data(organization, duties, on))
    if report_format == "terminal":
        from opendata_check.reports.scope.page import page

        return page(report, width)
    if report_format == "json":
        from opendata_check.reports.scope.document import document

        return document(report)
    raise ReportError(
        f"« {report_format[:30]} » n'est pas un format", where="--format", remedy=f"Choisissez : {', '.join(FORMATS)}."
    )


def _without_data(organization: Organization, duties: Sequence[Duty], on: date) -> AuditReport:
    """Return the report of an audit that looked nowhere: only the law speaks."""
    return AuditReport(
        target=organization.name,
        on=on,
        organization=organization,
        duties=tuple(duties),
        catalogs=(),
        datasets=(),
        findings=(),
        scores=Scores(None, 0.0, "non_evalue", ()),
        priorities=(),
        faults=(),
        tool_version=__version__,
    )
