"""What rules/report.yaml says of reports that people read: questions heard, gestures said for a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Priority
from opendata_check.reports.outline.lookup import is_local
from opendata_check.resources import load_yaml, rules_folder

_FILE = "report.yaml"


@dataclass(frozen=True, slots=True)
class HeardQuestion:
    """A question as a town hall asks it, and where the report answers."""

    id: str
    heard: str
    block: str
    """Anchor of the block that answers."""
    answer: str = ""
    """The short answer, when it does not depend on the audit."""


@cache
def _content() -> dict[str, Any]:
    content = load_yaml(rules_folder() / _FILE)
    if not isinstance(content, dict):
        raise RulesError("on attend une table", where=_FILE)
    return content


@cache
def heard_questions() -> tuple[HeardQuestion, ...]:
    """Return the questions a report answers, in order. Raises RulesError when the file is malformed."""
    try:
        return tuple(HeardQuestion(**entry) for entry in _content()["questions"])
    except (KeyError, TypeError) as error:
        raise RulesError("les questions sont mal écrites", where=_FILE) from error


@cache
def _folder_phrases() -> tuple[tuple[str, str], ...]:
    try:
        return tuple((entry["portal"], entry["folder"]) for entry in _content()["folder_remedies"])
    except (KeyError, TypeError) as error:
        raise RulesError("les gestes d'un dossier sont mal écrits", where=_FILE) from error


def fitted(report: AuditReport) -> AuditReport:
    """Return the report with what to do said for where the files are, finding by finding and action by action."""
    local = {item.key for item in report.datasets if is_local(item)}
    if not local:
        return report
    said: dict[str, str] = {}

    def fitting(remedy: str) -> str:
        if remedy not in said:
            said[remedy] = fitting_remedy(remedy, in_folder=True)
        return said[remedy]

    findings = tuple(
        replace(finding, remedy=fitting(finding.remedy))
        if finding.dataset in local and fitting(finding.remedy) != finding.remedy
        else finding
        for finding in report.findings
    )
    places = {finding.fingerprint: finding.dataset in local for finding in report.findings if finding.dataset}
    priorities = tuple(
        replace(one, remedy=fitting(one.remedy)) if _all_in_folders(one, places) else one for one in report.priorities
    )
    return replace(report, findings=findings, priorities=priorities)


def _all_in_folders(one: Priority, places: Mapping[str, bool]) -> bool:
    """Return whether an action is about datasets, and all of them lie in a folder."""
    known = [places[fingerprint] for fingerprint in one.findings if fingerprint in places]
    return bool(known) and all(known)


def fitting_remedy(remedy: str, in_folder: bool) -> str:
    """Return what to do, said for where the files are: a folder has no page of a portal to change."""
    if not in_folder:
        return remedy
    for portal, folder in _folder_phrases():
        remedy = remedy.replace(portal, folder)
    return remedy
