"""Reads a PDF as a machine would: whether it has text, is a scan, locks tables, and what it keeps or would run."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.pdf.guard import refuse_swelling
from opendata_check.inspection.pdf.marks import Marks, marks_of
from opendata_check.inspection.pdf.pages import NO_TEXT, Page, gathered, read_pages
from opendata_check.inspection.personal_values import NIR
from opendata_check.inspection.traces import names_a_person
from opendata_check.model.content import Content
from opendata_check.model.facts import DocumentFacts, PersonalDataHint, RowRange, TraceFacts

MAX_FILE = 200_000_000
_NEEDS_PASSWORD = 4
_MAY_COPY = 1 << 4
"""Bit 5 of the permissions (ISO 32000-1, table 22)."""
_MAX_RANGES = 50
_COVER_TEXT = NO_TEXT
_PDFIUM = threading.Lock()
"""pdfium must not be called by two threads at once."""

PdfReading = tuple[DocumentFacts, tuple[PersonalDataHint, ...], TraceFacts]


def read_pdf(content: Content) -> PdfReading:
    """Return what a PDF holds, a hint when its text has social security numbers whose key is right, and its traces.

    At most 50 pages are read, spread over the document, within 10 seconds. Characters are counted without white space.
    A page under 20 characters has no text; so has a page under an image that covers most of it and a stamp of 250
    characters or less. A PDF that asks for a password gives ``encrypted`` and nothing else.
    Raises InspectionError when the file is too large, damaged or booby-trapped.
    """
    import pypdfium2

    try:
        size = content.path.stat().st_size
        if size > MAX_FILE:
            raise InspectionError(
                f"le PDF pèse {size / 1e6:.0f} Mo : au-delà de {MAX_FILE // 1_000_000} Mo, il n’est pas lu",
                remedy="Allégez-le, par exemple en réduisant ses images.",
            )
        refuse_swelling(content.path)
        marks = marks_of(content.path) if size else Marks()
    except (OSError, ValueError) as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(str(content.path))
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _NEEDS_PASSWORD:
                return DocumentFacts(0, 0, 0, 0, 0, encrypted=True), (), TraceFacts()
            raise InspectionError(
                "le PDF est abîmé ou incomplet", remedy="Produisez-le de nouveau, puis republiez-le."
            ) from error
        try:
            pages = read_pages(document)
            facts = _facts(document, pages, marks)
            traces = _traces(document, marks)
        finally:
            document.close()
    found = sum(page.social_security_numbers for page in pages)
    return facts, (PersonalDataHint(kind=NIR, column="", count=found),) if found else (), traces


def _facts(document: Any, pages: Sequence[Page], marks: Marks) -> DocumentFacts:
    from pypdfium2 import raw

    scanned = [page for page in pages if page.scanned and not _is_cover(page, pages, len(document))]
    tables = gathered(pages)
    permissions = raw.FPDF_GetDocPermissions(document)
    return DocumentFacts(
        page_count=len(document),
        pages_read=len(pages),
        text_characters=sum(page.characters for page in pages),
        pages_without_text=sum(page.characters < NO_TEXT or page in scanned for page in pages),
        image_pages=len(scanned),
        looks_tabular=any(page.tabular for page in pages),
        table_count=tables.count,
        table_pages=_ranges(tables.pages),
        largest_table=tables.longest,
        sampled=len(pages) < len(document),
        ocr_pages=sum(page.recognised for page in pages),
        tagged=bool(raw.FPDFCatalog_IsTagged(document)),
        pdf_a=marks.pdf_a,
        copy_forbidden=not permissions & _MAY_COPY,
    )


def _is_cover(page: Page, pages: Sequence[Page], count: int) -> bool:
    """Return whether a page of a few words on a picture is only the cover, front or back, of a document with text."""
    if page.number not in (1, count) or page.characters < _COVER_TEXT:
        return False
    others = [other for other in pages if other.number not in (1, count)]
    return bool(others) and not any(other.scanned for other in others)


def _ranges(numbers: Sequence[int]) -> tuple[RowRange, ...]:
    """Return pages as ranges, the first 50."""
    starts = [now for before, now in pairwise([-1, *numbers]) if now != before + 1]
    ends = [now for now, after in pairwise([*numbers, -1]) if after != now + 1]
    return tuple(zip(starts, ends, strict=True))[:_MAX_RANGES]


def _traces(document: Any, marks: Marks) -> TraceFacts:
    from pypdfium2 import raw

    return TraceFacts(
        author=names_a_person(document.get_metadata_value("Author")),
        comments=marks.comments,
        positions=marks.positions,
        embedded_files=max(0, raw.FPDFDoc_GetAttachmentCount(document)),
        scripts=max(marks.scripts, raw.FPDFDoc_GetJavaScriptActionCount(document), 0),
        macros=marks.launches,
        partly_read=marks.partly_read,
    )
