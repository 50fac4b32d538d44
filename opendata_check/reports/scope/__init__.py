"""The answer to `scope`: which duties bind a body on a date, as a page of text or as JSON; one duty explained."""

from __future__ import annotations

from opendata_check.model.scope import ScopeAnswer
from opendata_check.reports.interface import ReportError
from opendata_check.reports.safety import clean, safe_value

FORMATS = ("terminal", "json")


def render_scope(
    answer: ScopeAnswer, report_format: str, *, width: int = 80, target: str | None = None, interview: str | None = None
) -> str:
    """Return the answer ``width`` columns wide (text), or in the form of docs/schemas/scope.schema.json.

    ``target`` is what to type after « scope » to get it again, ``interview`` what to type after « init » to be asked
    what is missing: both for the commands shown at the end, None when there is none. Raises ReportError for another
    format.
    """
    safe = safe_value(answer)
    if report_format == "terminal":
        from opendata_check.reports.scope.page import page

        return page(safe, width, *(None if typed is None else clean(typed) for typed in (target, interview)))
    if report_format == "json":
        from opendata_check.reports.scope.document import document

        return document(safe)
    raise _no_format(report_format)


def render_explanation(answer: ScopeAnswer, obligation: str, report_format: str, *, width: int = 80) -> str:
    """Return one duty with its condition tree and the value of each node. Raises ReportError for another format."""
    if report_format not in FORMATS:
        raise _no_format(report_format)
    safe = safe_value(answer)
    duty = next(item for item in safe.duties if item.obligation == obligation)
    if report_format == "json":
        from opendata_check.reports.scope.document import explanation_document

        return explanation_document(safe, duty)
    from opendata_check.reports.scope.explanation import explanation

    return explanation(duty, width)


def _no_format(typed: str) -> ReportError:
    known = ", ".join(FORMATS)
    return ReportError(f"« {typed[:30]} » n'est pas un format", where="--format", remedy=f"Choisissez : {known}.")
