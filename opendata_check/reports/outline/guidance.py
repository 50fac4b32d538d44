"""What rules/report.yaml says of reports that people read: questions heard, gestures said for a folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
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


def fitting_remedy(remedy: str, in_folder: bool) -> str:
    """Return what to do, said for where the files are: a folder has no page of a portal to change."""
    if not in_folder:
        return remedy
    for portal, folder in _folder_phrases():
        remedy = remedy.replace(portal, folder)
    return remedy
