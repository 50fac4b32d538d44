"""Decides whether a document holds text that a program, or a screen reader, can read."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per document of which at least a page was read."""
    facts = facts_of(case)
    document = facts.document if facts else None
    if document is None or (not document.pages_read and not document.encrypted):
        return
    scans = document.image_pages
    values = {"scans": plural(scans, "page"), "read": plural(document.pages_read, "page lue", "pages lues")}
    if document.encrypted:
        yield Verdict(Outcome.NON_COMPLIANT, case="encrypted")
    elif scans and (scans == document.pages_read or not document.text_characters):
        yield Verdict(Outcome.NON_COMPLIANT, case="scan", values=values, count=scans)
    elif scans:
        yield Verdict(Outcome.NON_COMPLIANT, case="partly_scanned", values=values, count=scans)
    elif not document.text_characters:
        yield Verdict(Outcome.UNVERIFIABLE, values=values)
    else:
        yield Verdict(Outcome.COMPLIANT, values=values)
