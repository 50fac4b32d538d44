"""What stayed unseen in an audit, as lines for a tool's log."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.report import AuditReport
from opendata_check.reports.ci.phrases import say
from opendata_check.reports.outline.verdict import place_name


def incomplete(report: AuditReport) -> Iterator[str]:
    """Yield why the audit is partial: stopped, or a place that could not be seen whole. Nothing when it is whole."""
    if report.interrupted:
        yield say("interrupted")
    for catalog in report.catalogs:
        if not catalog.complete:
            yield say("unseen", name=place_name(catalog))


def unread(report: AuditReport) -> Iterator[str]:
    """Yield what each room could not read, each line once."""
    yield from dict.fromkeys(f"{fault.line.rstrip('.')}." for fault in report.faults)
