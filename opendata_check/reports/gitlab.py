"""The report as a GitLab Code Quality report: one JSON object a fault, shown in merge requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from opendata_check.model.finding import Finding, Outcome
from opendata_check.model.report import AuditReport
from opendata_check.reports.ci.phrases import say
from opendata_check.reports.ci.places import Places
from opendata_check.reports.ci.problems import Models, Unique, one_line, told, where
from opendata_check.reports.interface import Layout

EXTENSION = "json"
SUMMARY = "les constats pour GitLab (Code Quality)"
_TOLD = (Outcome.NON_COMPLIANT, Outcome.ERROR)

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the array, one fault or failed check a line, in the report's order; fingerprints never come twice."""
    places, models, seen = Places(report), Models(report), Unique()
    start = "[\n"
    for finding in report.findings:
        if finding.outcome in _TOLD:
            yield start + _text(_issue(finding, places, models, seen))
            start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def _issue(finding: Finding, places: Places, models: Models, seen: Unique) -> dict[str, Any]:
    place = places.first(finding)
    lines = {"begin": max(place.first, 1)}
    if place.last > place.first:
        lines["end"] = place.last
    return {
        "description": _description(finding, place.own, models),
        "check_name": finding.check,
        "fingerprint": seen.key(finding.fingerprint),
        "severity": _severity(finding),
        "categories": ["Security" if finding.axis == "protected" else "Style"],
        "type": "issue",
        "location": {"path": place.path, "lines": lines},
    }


def _severity(finding: Finding) -> str:
    """Return one of GitLab's five words: ours, one more for what blocks, the lightest for what was not checked."""
    if finding.outcome is Outcome.ERROR:
        return "info"
    return "blocker" if finding.blocker else finding.severity.value


def _description(finding: Finding, own: bool, models: Models) -> str:
    if finding.outcome is Outcome.ERROR:
        return say("not_checked", message=one_line(finding.message or finding.title))
    parts = [told(finding)]
    column = where(finding)
    if column and column not in finding.message:
        parts.append(say("place", place=column))
    if not own and finding.dataset_title:
        parts.append(say("dataset", title=finding.dataset_title))
    schema, version = models.of(finding)
    if schema:
        parts.append(say("schema", id=schema, version=version))
    return " ".join(parts)
