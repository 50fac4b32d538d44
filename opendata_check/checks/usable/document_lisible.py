"""Decides whether a document holds text that a program, or a screen reader, can read."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.facts import DocumentFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import french_number, plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per document that was read, in part at least."""
    facts = facts_of(case)
    document = facts.document if facts else None
    if document is None:
        return
    if document.encrypted:
        yield Verdict(Outcome.NON_COMPLIANT, case="encrypted")
    elif document.carrier == "pdf":
        yield from _pages(document)
    elif document.text_characters:
        yield Verdict(Outcome.COMPLIANT, case="office")
    elif not document.sampled:
        yield Verdict(Outcome.UNVERIFIABLE, case="no_text")


def _pages(document: DocumentFacts) -> Iterable[Verdict]:
    """Yield the verdict on a PDF of which a page at least was read."""
    if not document.pages_read:
        return
    scans = document.image_pages
    values = {"scans": plural(scans, "page"), "read": _read(document)}
    if scans and (scans == document.pages_read or not document.text_characters):
        yield Verdict(Outcome.NON_COMPLIANT, case="scan", values=values, count=scans)
    elif scans:
        yield Verdict(Outcome.NON_COMPLIANT, case="partly_scanned", values=values, count=scans)
    elif not document.text_characters:
        yield Verdict(Outcome.UNVERIFIABLE, values=values)
    elif document.copy_forbidden:
        yield Verdict(Outcome.NON_COMPLIANT, case="copy_forbidden")
    elif document.ocr_pages:
        yield Verdict(Outcome.COMPLIANT, case="recognised",
                      values={**values, "pages": plural(document.ocr_pages, "page")})  # fmt: skip
    else:
        yield Verdict(Outcome.COMPLIANT, case="untagged" if document.tagged is False else "", values=values)


def _read(document: DocumentFacts) -> str:
    """Return « 4 pages lues », or which of many were."""
    read = plural(document.pages_read, "page lue", "pages lues")
    if not document.sampled:
        return read
    return f"{read} sur {french_number(document.page_count)}, réparties du début à la fin"
