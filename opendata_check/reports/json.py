"""The JSON report: a contract for machines, described by docs/schemas/audit.schema.json and versioned with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opendata_check.model.report import AuditReport
from opendata_check.reports.explain import peer_scores_json
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.payload import completeness, datasets, findings, legal, writing

EXTENSION = "json"
SUMMARY = "tout, pour un programme"
SCHEMA_VERSION = "2.3"
"""Raised with docs/schemas/audit.schema.json: the first number when a reader must change, the second for additions."""

Payload = dict[str, Any]


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the report as JSON, keys sorted, every row range complete; no local path but the target as typed."""
    return writing.pieces(_members(report))


def payload(report: AuditReport) -> Payload:
    """Return the report as JSON values, as docs/schemas/audit.schema.json describes them."""
    values: Payload = writing.whole(_members(report))
    return values


def _members(report: AuditReport) -> Payload:
    """Return the members of the document; those that may be long are made item by item."""
    lookup = Lookup(report.datasets)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "opendata-check", "version": report.tool_version},
        "on": report.on.isoformat(),
        "target": report.target,
        "partial": report.partial,
        "interrupted": report.interrupted,
        "organization": None if report.organization is None else legal.organization(report.organization),
        "duties": [legal.kept_duty(duty) for duty in report.duties],
        "already_open": [legal.already_open(item) for item in report.already_open],
        "catalogs": map(datasets.catalog, report.catalogs),
        "datasets": map(datasets.dataset, report.datasets),
        "by_others": map(datasets.dataset, report.by_others),
        "scores": findings.scores(report.scores),
        "priorities": map(findings.priority, report.priorities),
        "expected": completeness.expected(report.expected),
        "others_scores": map(peer_scores_json.kept, report.others_scores),
        "findings": (findings.finding(finding, lookup) for finding in report.findings),
        "faults": map(datasets.fault, report.faults),
    }
