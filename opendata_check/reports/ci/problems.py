"""What is told of a finding in one line, how grave it is for a tool, and what is told first."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.report import AuditReport
from opendata_check.reports.ci.phrases import say
from opendata_check.reports.ci.places import Place, Places
from opendata_check.reports.outline.phrases import place as place_phrase
from opendata_check.reports.safety import shorten
from opendata_check.wording import word

ERROR, WARNING, NOTE = "error", "warning", "note"
_LEVELS = {Severity.CRITICAL: ERROR, Severity.MAJOR: ERROR, Severity.MINOR: WARNING, Severity.INFO: NOTE}
_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}
_AXES = {axis: rank for rank, axis in enumerate(Axis)}
_LINE = 900
"""Characters of a message in one line."""
_BLANKS = re.compile(r"[ \t\n\r\v\f\x85\u2028\u2029]+")


def level(severity: Severity) -> str:
    """Return ``error``, ``warning`` or ``note``, the three levels that SARIF and GitHub know."""
    return _LEVELS[severity]


def faults(report: AuditReport) -> Iterable[Finding]:
    """Yield the findings at fault, in the report's order."""
    return (finding for finding in report.findings if finding.outcome is Outcome.NON_COMPLIANT)


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding at fault, with its first place."""

    finding: Finding
    place: Place


def gravest_first(report: AuditReport, places: Places) -> list[Problem]:
    """Return the faults: what must be mended first of all, then the gravest, then by the report's priorities."""
    ranks = {one: priority.rank for priority in report.priorities for one in priority.findings}
    last = len(report.priorities) + 1
    found = [Problem(finding, places.first(finding)) for finding in faults(report)]
    return sorted(found, key=lambda problem: _order(problem, ranks.get(problem.finding.fingerprint, last)))


def _order(problem: Problem, rank: int) -> tuple[object, ...]:
    finding, place = problem.finding, problem.place
    return (
        not finding.blocker,
        _SEVERITIES[finding.severity],
        rank,
        _AXES[finding.axis],
        finding.check,
        place.path,
        place.first,
        finding.fingerprint,
    )


def one_line(text: str) -> str:
    """Return a text on one line, cut when it is very long."""
    return shorten(flat(text), _LINE)


def flat(text: str) -> str:
    """Return a text without a line end; no-break spaces stay."""
    return _BLANKS.sub(" ", text).strip(" ")


def told(finding: Finding) -> str:
    """Return what was seen and what to do, in one line."""
    seen = one_line(finding.message or finding.title)
    return f"{seen} {_to_do(finding.remedy)}" if finding.remedy else seen


@lru_cache(maxsize=512)
def _to_do(remedy: str) -> str:
    """Return « Quoi faire : … »; a remedy comes back with each finding of its check."""
    return say("remedy", remedy=one_line(remedy))


def where(finding: Finding, location: Location | None = None) -> str:
    """Return « feuille « 2025 », colonne B (date), lignes 4 et 9 », or "" for a whole file."""
    chosen = location or (finding.locations[0] if finding.locations else Location())
    alone = len(finding.locations) <= 1
    return place_phrase(chosen, finding.count if alone else 0)


def severity_word(finding: Finding) -> str:
    """Return « important »."""
    return word("severities", finding.severity)


class Models:
    """The schema, with its version, that each file was judged by."""

    def __init__(self, report: AuditReport) -> None:
        self._by_file: dict[tuple[str, str], tuple[str, str]] = {}
        for item in report.datasets:
            for file in item.files:
                if file.validation is not None:
                    self._by_file[item.key, file.name] = (file.validation.schema_id, file.validation.schema_version)
                elif file.schema is not None:
                    self._by_file[item.key, file.name] = (file.schema.schema.id, file.schema.schema.version)

    def of(self, finding: Finding) -> tuple[str, str]:
        """Return (id, version) for a finding on whether a program can read the file; ("", "") otherwise."""
        if finding.axis is not Axis.USABLE:
            return "", ""
        found = (self._by_file.get((finding.dataset, location.file)) for location in finding.locations)
        return next((pair for pair in found if pair), ("", ""))


class Unique:
    """Tells homonyms apart: the same fingerprint met again is another finding."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def rank(self, fingerprint: str) -> int:
        """Return 1 the first time a fingerprint is met, then 2, 3…"""
        rank = self._seen.get(fingerprint, 0) + 1
        self._seen[fingerprint] = rank
        return rank

    def key(self, fingerprint: str) -> str:
        """Return the fingerprint the first time, then another one that is as stable."""
        rank = self.rank(fingerprint)
        if rank == 1:
            return fingerprint
        return hashlib.sha256(f"{fingerprint}\0{rank}".encode()).hexdigest()[:16]
