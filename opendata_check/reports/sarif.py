"""The report as SARIF 2.1.0, written piece by piece: what GitHub code scanning and editors read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from opendata_check.model.finding import Finding
from opendata_check.model.report import AuditReport
from opendata_check.reports.ci import sarif_run
from opendata_check.reports.ci.places import Place, Places
from opendata_check.reports.ci.problems import Models, Unique, faults, level, told
from opendata_check.reports.ci.sarif_run import MAX_PLACES, artifact, message
from opendata_check.reports.interface import Layout

EXTENSION = "sarif"
SUMMARY = "les constats pour GitHub et les éditeurs (SARIF 2.1.0)"
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the log, one finding a line, in the report's order; nothing is held but the rules and the fingerprints.

    Only faults are ``results``: GitHub makes an alert of every result whatever its kind (SARIF, 3.27.9), so what is to
    be confirmed and what failed are notifications of the run, and what is right is counted in its properties. What the
    gate lets through follows, as suppressed results with the reason (SARIF, 3.35).
    """
    places = Places(report)
    ranks, descriptors = sarif_run.rules(report)
    yield f'{{"$schema":{_text(_SCHEMA)},"version":"2.1.0","runs":[{{"tool":{{"driver":'
    yield _text(sarif_run.driver(report, descriptors))
    yield '},"language":"fr","automationDetails":{"id":"opendata-check/"},"columnKind":"unicodeCodePoints",'
    yield f'"originalUriBaseIds":{_text(sarif_run.root())},"invocations":[{{"executionSuccessful":'
    yield f'{_text(sarif_run.succeeded(report))},"toolExecutionNotifications":['
    yield from _listed(sarif_run.notifications(report, places, ranks))
    yield ']}],"results":['
    models = Models(report)
    yield from _listed(_results(report, places, ranks, models, Unique()))
    yield f'],"properties":{_text(sarif_run.properties(report))}}}]}}\n'


def _results(
    report: AuditReport, places: Places, ranks: dict[str, int], models: Models, seen: Unique
) -> Iterator[dict[str, Any]]:
    for finding in faults(report):
        yield result(finding, places, ranks, models, seen)
    for finding, kind, why in sarif_run.suppressed(report):
        suppression = {"kind": kind, "status": "accepted", "justification": why}
        yield {**result(finding, places, ranks, models, seen), "suppressions": [suppression]}


def _listed(values: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield the items of a JSON array, one a line."""
    start = "\n"
    for value in values:
        yield start + _text(value)
        start = ",\n"
    if start != "\n":
        yield "\n"


def result(finding: Finding, places: Places, ranks: dict[str, int], models: Models, seen: Unique) -> dict[str, Any]:
    """Return one result object; ``ranks`` gives the index of each rule in the driver's list."""
    shown = list(islice(places.of(finding), MAX_PLACES))
    return {
        "ruleId": finding.check,
        "ruleIndex": ranks[finding.check],
        "level": level(finding.severity),
        "message": message(told(finding)),
        "locations": [_location(place, finding) for place in shown],
        "partialFingerprints": {
            # GitHub matches alerts on the first; without it, it would read files that may be workbooks.
            "primaryLocationLineHash": f"{finding.fingerprint}:{seen.rank(finding.fingerprint)}",
            "opendataCheck/v1": finding.fingerprint,
        },
        "properties": _properties(finding, models, len(shown)),
    }


def _location(place: Place, finding: Finding) -> dict[str, Any]:
    region = {"startLine": max(place.first, 1)}
    if place.last > place.first:
        region["endLine"] = place.last
    found: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact(place.path), "region": region}}
    logical = list(_logical(place, finding))
    if logical:
        found["logicalLocations"] = logical
    return found


def _logical(place: Place, finding: Finding) -> Iterator[dict[str, str]]:
    """Yield what a line number does not say: the dataset, the member of an archive, the sheet, the column."""
    if not place.own and finding.dataset_title:
        yield {"name": finding.dataset_title, "kind": "dataset"}
    if place.member:
        yield {"name": place.member, "kind": "member"}
    if place.location.sheet:
        yield {"name": place.location.sheet, "kind": "sheet"}
    if place.location.letter or place.location.column:
        column = {"name": place.location.letter or place.location.column, "kind": "column"}
        if place.location.column:
            column["fullyQualifiedName"] = place.location.column
        yield column


def _properties(finding: Finding, models: Models, shown: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "axis": finding.axis.value,
        "severity": finding.severity.value,
        "count": finding.count,
        "obligation": finding.obligation,
        "dataset": finding.dataset,
        "datasetTitle": finding.dataset_title,
        "effort": finding.effort,
        "blocker": finding.blocker,
    }
    found = {key: value for key, value in found.items() if value not in ("", False)}
    schema, version = models.of(finding)
    if schema:
        found["schema"] = {"id": schema, "version": version}
    if shown == MAX_PLACES:
        found["rows"] = [list(pair) for location in finding.locations for pair in location.rows]
    return found
