"""The JSON report: a contract for machines, described by docs/schemas/audit.schema.json and versioned with it."""

from __future__ import annotations

import json
import re
from typing import Any

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.model.copies import Copy
from opendata_check.model.finding import Finding, Location
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Priority, Scores
from opendata_check.reports.explain import peer_scores_json
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.payload import completeness, legal
from opendata_check.reports.payload.legal import day as _day
from opendata_check.reports.payload.legal import number as _number
from opendata_check.reports.safety import last_part

EXTENSION = "json"
SUMMARY = "tout, pour un programme"
SCHEMA_VERSION = "2.2"
"""Raised with docs/schemas/audit.schema.json: the first number when a reader must change, the second for additions."""

_RANGE = re.compile(r"\[\n +(\d+),\n +(\d+)\n +\]")
"""A row range spread over four lines; no string matches, since JSON strings hold no line end."""

Payload = dict[str, Any]


def render(report: AuditReport, layout: Layout) -> str:
    """Return the report as JSON, keys sorted, every row range complete; no local path but the target as typed."""
    text = json.dumps(payload(report), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return _RANGE.sub(r"[\1, \2]", text) + "\n"


def payload(report: AuditReport) -> Payload:
    """Return the report as JSON values, as docs/schemas/audit.schema.json describes them."""
    lookup = Lookup(report.datasets)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "opendata-check", "version": report.tool_version},
        "on": report.on.isoformat(),
        "target": report.target,
        "partial": report.partial,
        "interrupted": report.interrupted,
        "organization": None if report.organization is None else legal.organization(report.organization),
        "duties": [legal.duty(duty) for duty in report.duties],
        "already_open": [legal.already_open(item) for item in report.already_open],
        "catalogs": [_catalog(catalog) for catalog in report.catalogs],
        "datasets": [_dataset(item) for item in report.datasets],
        "by_others": [_dataset(item) for item in report.by_others],
        "scores": _scores(report.scores),
        "priorities": [_priority(priority) for priority in report.priorities],
        "expected": completeness.expected(report.expected),
        "others_scores": [peer_scores_json.peer_score(score) for score in report.others_scores],
        "findings": [_finding(finding, lookup) for finding in report.findings],
        "faults": [_fault(fault) for fault in report.faults],
    }


def _catalog(catalog: Catalog) -> Payload:
    """A folder is the target itself: its location is « . », so that a copy elsewhere gives the same report."""
    local = catalog.place == "folder"
    return {
        "source": catalog.source,
        "place": catalog.place,
        "location": "." if local else catalog.location,
        "title": "" if local and catalog.title == last_part(catalog.location) else catalog.title,
        "complete": catalog.complete,
        "publisher_siren": catalog.publisher_siren,
        "publisher_badges": list(catalog.publisher_badges),
        "software": catalog.software,
        "announced": catalog.announced,
        "left_out": [{"reason": reason, "count": count} for reason, count in catalog.left_out],
        "datasets": [dataset.id for dataset in catalog.datasets],
        "faults": [_fault(fault) for fault in catalog.faults],
    }


def _fault(fault: Fault) -> Payload:
    return {"what": fault.what, "where": fault.where, "remedy": fault.remedy}


def _dataset(item: InspectedDataset) -> Payload:
    dataset = item.dataset
    return {
        "key": item.key,
        "title": dataset.title,
        "license": dataset.license,
        "license_url": dataset.license_url,
        "frequency": dataset.frequency,
        "issued": _day(dataset.issued),
        "modified": _day(dataset.modified),
        "publisher": dataset.publisher,
        "landing_page": dataset.landing_page,
        "described": dataset.described,
        "harvested_from": dataset.harvested_from,
        "copies": [_copy(copy) for copy in item.copies],
        "matches": [
            {"family": match.family, "confidence": _number(match.confidence), "by": match.by} for match in item.matches
        ],
        "files": [_file(file) for file in item.files],
    }


def _copy(copy: Copy) -> Payload:
    """A folder is the target itself: its location is « . », as in ``_catalog``."""
    return {
        "source": copy.source,
        "location": "." if copy.source == "folder" else copy.location,
        "dataset": copy.dataset.id,
        "landing_page": copy.dataset.landing_page,
        "license": copy.dataset.license,
        "modified": _day(copy.dataset.modified),
    }


def _file(file: InspectedFile) -> Payload:
    facts = file.facts
    table = facts.table if facts else None
    return {
        "name": file.name,
        "title": file.distribution.title,
        "url": file.distribution.url,
        "role": file.distribution.role,
        "modified": _day(file.distribution.modified),
        "declared_format": file.distribution.declared_format,
        "detected_format": facts.envelope.detected if facts else "",
        "byte_size": facts.byte_size if facts else file.distribution.byte_size,
        "sha256": facts.sha256 if facts else "",
        "encoding": facts.text.encoding if facts and facts.text else "",
        "delimiter": table.dialect.delimiter if table and table.dialect else "",
        "header_row": table.header_row if table else None,
        "row_count": table.row_count if table else None,
        "schema": _schema(file),
        "validation": _validation(file),
        "fault": None if file.fault is None else _fault(file.fault),
        "unreachable": file.unreachable,
        "availability": None if file.availability is None else _availability(file.availability),
        "member": file.member,
    }


def _availability(seen: Availability) -> Payload:
    return {
        "state": seen.state,
        "status": seen.status,
        "ground": seen.ground,
        "detail": seen.detail,
        "final_url": seen.final_url,
    }


def _schema(file: InspectedFile) -> Payload | None:
    match = file.schema
    if match is None:
        return None
    return {
        "id": match.schema.id,
        "version": match.schema.version,
        "confidence": _number(match.confidence),
        "by": match.by,
        "missing_columns": list(match.missing_columns),
        "extra_columns": list(match.extra_columns),
        "misspelt_columns": [{"found": found, "expected": expected} for found, expected in match.misspelt_columns],
    }


def _validation(file: InspectedFile) -> Payload | None:
    validation = file.validation
    if validation is None:
        return None
    return {
        "schema_id": validation.schema_id,
        "schema_version": validation.schema_version,
        "row_count": validation.row_count,
        "issue_count": len(validation.issues),
        "valid": validation.valid,
        "complete": validation.complete,
        "note": validation.note,
    }


def _scores(scores: Scores) -> Payload:
    return {
        "overall": _number(scores.overall),
        "confidence": _number(scores.confidence),
        "level": scores.level,
        "axes": [
            {
                "axis": axis.axis.value,
                "score": _number(axis.score),
                "confidence": _number(axis.confidence),
                "compliant": axis.compliant,
                "non_compliant": axis.non_compliant,
                "unverifiable": axis.unverifiable,
            }
            for axis in scores.axes
        ],
        "blockers": list(scores.blockers),
    }


def _priority(priority: Priority) -> Payload:
    return {
        "rank": priority.rank,
        "check": priority.check,
        "title": priority.title,
        "why": priority.why,
        "remedy": priority.remedy,
        "obligation": priority.obligation,
        "legal_basis": [legal.reference(reference) for reference in priority.legal_basis],
        "legal_weight": _number(priority.legal_weight),
        "effort": priority.effort,
        "gain": _number(priority.gain),
        "findings": list(priority.findings),
        "files": list(priority.files),
        "holder": priority.holder,
        "software": priority.software,
        "frequency": priority.frequency,
        "blocker": priority.blocker,
    }


def _location(location: Location) -> Payload:
    return {
        "dataset": location.dataset,
        "file": location.file,
        "sheet": location.sheet,
        "column": location.column,
        "letter": location.letter,
        "rows": [list(pair) for pair in location.rows],
        "url": location.url,
    }


def _finding(finding: Finding, lookup: Lookup) -> Payload:
    """``location`` is the first place, for readers that keep one; ``locations`` are all of them."""
    example = lookup.example(finding)
    locations = [_location(location) for location in finding.locations]
    return {
        "check": finding.check,
        "axis": finding.axis.value,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "weight": finding.weight,
        "title": finding.title,
        "message": finding.message,
        "why": finding.why,
        "remedy": finding.remedy,
        "action": finding.action,
        "effort": finding.effort,
        "legal_basis": [legal.reference(reference) for reference in finding.legal_basis],
        "obligation": finding.obligation,
        "dataset": finding.dataset,
        "dataset_title": finding.dataset_title,
        "location": locations[0] if locations else None,
        "locations": locations,
        "evidence": finding.evidence,
        "evidence_kind": finding.evidence_kind.value,
        "example": None if example is None else {"before": example.before, "after": example.after},
        "fingerprint": finding.fingerprint,
        "blocker": finding.blocker,
        "count": finding.count,
    }
