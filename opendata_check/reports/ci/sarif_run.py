"""What a SARIF run says beside its results: the tool, its rules, what could not be judged, and GitHub's limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from opendata_check.model.finding import Axis, Finding, Outcome, Severity
from opendata_check.model.report import AuditReport
from opendata_check.reports.ci import unseen
from opendata_check.reports.ci.phrases import say
from opendata_check.reports.ci.places import Places
from opendata_check.reports.ci.problems import ERROR, NOTE, WARNING, faults, level, one_line, told
from opendata_check.reports.outline.phrases import labels, main_citations
from opendata_check.reports.safety import shorten
from opendata_check.wording import french_number

# Limits of GitHub code scanning (docs.github.com, « SARIF results exceed one or more limits », read in November 2026).
MAX_RESULTS = 25_000
SHOWN_RESULTS = 5_000
MAX_PLACES = 1_000
_DESCRIPTION = 1_000
BASE = "%SRCROOT%"
_PAGE = "docs/controles.md"
_PRECISION = {Axis.PROTECTED: "medium"}
"""A column that seems to name people is a signal to be looked at; the other checks read facts."""
_PROBLEM = {ERROR: "error", WARNING: "warning", NOTE: "recommendation"}
_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}


def message(text: str) -> dict[str, str]:
    """Return a message object: braces doubled (SARIF 2.1.0, 3.11.5), nothing that reads as a link (3.11.6)."""
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def root() -> dict[str, Any]:
    """Return the base of every path. GitHub reads no base: paths are relative to the repository already."""
    return {BASE: {"description": message(say("root"))}}


def artifact(path: str) -> dict[str, str]:
    """Return the location of a file: its path as a relative URI, everything encoded but « / »."""
    return {"uri": _encoded(path), "uriBaseId": BASE}


@lru_cache(maxsize=512)
def _encoded(path: str) -> str:
    return quote(path, safe="/")


def rules(report: AuditReport) -> tuple[dict[str, int], list[Finding]]:
    """Return the rank of each check that ran, sorted by id, and a finding that describes it, the gravest."""
    found: dict[str, Finding] = {}
    for finding in (*report.findings, *(one for one, _kind, _why in suppressed(report))):
        known = found.get(finding.check)
        if known is None or _describes(finding) < _describes(known):
            found[finding.check] = finding
    names = sorted(found)
    return {name: rank for rank, name in enumerate(names)}, [found[name] for name in names]


def suppressed(report: AuditReport) -> Iterator[tuple[Finding, str, str]]:
    """Yield the faults let through, with SARIF's kind and why; a failed check is no result, let through or not."""
    return (one for one in report.suppressed if one[0].outcome is Outcome.NON_COMPLIANT)


def _describes(finding: Finding) -> tuple[bool, int]:
    return (finding.outcome is not Outcome.NON_COMPLIANT, _SEVERITIES[finding.severity])


def driver(report: AuditReport, descriptors: list[Finding]) -> dict[str, Any]:
    """Return the tool with its rules."""
    return {
        "name": "opendata-check",
        "version": report.tool_version,
        "language": "fr",
        "rules": [_rule(finding) for finding in descriptors],
    }


def _rule(finding: Finding) -> dict[str, Any]:
    page = f"{_PAGE}#{anchor(finding.title, finding.check)}"
    lines = [finding.why]
    if finding.remedy:
        lines.append(say("remedy", remedy=finding.remedy))
    if finding.legal_basis:
        lines.append(say("articles", articles=labels(main_citations(finding.legal_basis))))
    lines.append(say("rule_page", page=page))
    grave = level(finding.severity)
    tags = ["open-data", finding.axis.value, *([finding.obligation] if finding.obligation else [])]
    return {
        "id": finding.check,
        "name": "".join(part.capitalize() for part in finding.check.split("-")),
        "shortDescription": message(finding.title),
        "fullDescription": message(shorten(finding.why or finding.title, _DESCRIPTION)),
        "help": {
            **message(" ".join(filter(None, lines))),
            "markdown": message("\n\n".join(_markdown(line) for line in lines if line))["text"],
        },
        "defaultConfiguration": {"level": grave},
        "properties": {
            "tags": [*tags, *(["privacy"] if finding.axis is Axis.PROTECTED else [])],
            "precision": _PRECISION.get(finding.axis, "high"),
            "problem.severity": _PROBLEM[grave],
            "documentation": page,
        },
    }


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|~#])", r"\\\1", text)


def anchor(title: str, check: str) -> str:
    """Return the anchor that GitHub gives to a check's heading in docs/controles.md."""
    heading = f"{title} ({check})".lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def succeeded(report: AuditReport) -> bool:
    """Return whether all that should run did: not stopped, and no check failed."""
    return not report.interrupted and all(finding.outcome is not Outcome.ERROR for finding in report.findings)


def notifications(report: AuditReport, places: Places, ranks: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Yield what is no fault of the files: GitHub's limits, places unseen, checks that failed or could not conclude."""
    yield from _limits(report, places)
    for line in unseen.incomplete(report):
        yield {"level": WARNING, "message": message(line)}
    for line in unseen.unread(report):
        yield {"level": WARNING, "message": message(line)}
    for finding in report.findings:
        if finding.outcome in (Outcome.ERROR, Outcome.UNVERIFIABLE):
            failed = finding.outcome is Outcome.ERROR
            seen = one_line(finding.message or finding.title) if failed else told(finding)
            yield {
                "level": ERROR if failed else NOTE,
                "message": message(say("not_checked" if failed else "to_confirm", message=seen)),
                "associatedRule": {"id": finding.check, "index": ranks[finding.check]},
                "locations": [{"physicalLocation": {"artifactLocation": artifact(places.first(finding).path)}}],
            }


def _limits(report: AuditReport, places: Places) -> Iterator[dict[str, Any]]:
    """Yield what GitHub will not show: nothing is cut from the file itself."""
    count, crowded = 0, False
    for finding in (*faults(report), *(one for one, _kind, _why in suppressed(report))):
        count += 1
        crowded = crowded or sum(len(location.rows) or 1 for location in finding.locations) > MAX_PLACES
    if count > MAX_RESULTS:
        text = say("github_refuses", most=french_number(MAX_RESULTS), count=french_number(count))
        yield {"level": WARNING, "message": message(text)}
    elif count > SHOWN_RESULTS:
        text = say("github_shows", shown=french_number(SHOWN_RESULTS), count=french_number(count))
        yield {"level": NOTE, "message": message(text)}
    if crowded:
        yield {"level": NOTE, "message": message(say("github_places", most=french_number(MAX_PLACES)))}


def properties(report: AuditReport) -> dict[str, Any]:
    """Return the figures of the run: findings by outcome, scores, the day."""
    outcomes = Counter(finding.outcome.value for finding in report.findings)
    scores = {axis.axis.value: axis.score for axis in report.scores.axes if axis.score is not None}
    return {
        "on": report.on.isoformat(),
        "partial": report.partial,
        "outcomes": dict(sorted(outcomes.items())),
        "score": report.scores.overall,
        "scores": scores,
    }
