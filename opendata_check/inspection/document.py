"""Reads a PDF as a machine would: whether it has text, is a scan, locks a table, holds social security numbers."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.pdf_guard import refuse_swelling
from opendata_check.inspection.pdf_table import holds_table
from opendata_check.inspection.personal_values import NIR, counts_in_text
from opendata_check.model.content import Content
from opendata_check.model.facts import DocumentFacts, PersonalDataHint

MAX_FILE = 200_000_000
MAX_PAGES = 50
MAX_SECONDS = 20.0
"""A page cannot be interrupted: the time is looked at between pages."""
_MAX_CHARACTERS = 100_000
_MAX_OBJECTS = 5_000
_PAGES_WEIGHED = 10
"""Pages with text where a table is looked for."""
_NO_TEXT = 20
_STAMP = 250
"""Characters of a stamp laid over a scan: « Envoyé en préfecture le … ID : … »."""
_MOSTLY = 0.6
_NEEDS_PASSWORD = 4
_PDFIUM = threading.Lock()
"""pdfium must not be called by two threads at once."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What one page holds."""

    characters: int
    scanned: bool
    tabular: bool
    social_security_numbers: int


def read_pdf(content: Content) -> tuple[DocumentFacts, tuple[PersonalDataHint, ...]]:
    """Return what a PDF holds, and a hint when its text has social security numbers whose key is right.

    The first 50 pages are read, within 20 seconds. Characters are counted without white space. A page under 20
    characters has no text; so has a page under an image that covers most of it and a stamp of 250 characters or less.
    A PDF that asks for a password gives ``encrypted`` and nothing else.
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
    except (OSError, ValueError) as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(str(content.path))
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _NEEDS_PASSWORD:
                return DocumentFacts(0, 0, 0, 0, 0, encrypted=True), ()
            raise InspectionError(
                "le PDF est abîmé ou incomplet", remedy="Produisez-le de nouveau, puis republiez-le."
            ) from error
        try:
            return _facts(len(document), _pages(document))
        finally:
            document.close()


def _facts(count: int, pages: list[_Page]) -> tuple[DocumentFacts, tuple[PersonalDataHint, ...]]:
    found = sum(page.social_security_numbers for page in pages)
    facts = DocumentFacts(
        page_count=count,
        pages_read=len(pages),
        text_characters=sum(page.characters for page in pages),
        pages_without_text=sum(page.characters < _NO_TEXT or page.scanned for page in pages),
        image_pages=sum(page.scanned for page in pages),
        looks_tabular=any(page.tabular for page in pages),
    )
    return facts, (PersonalDataHint(kind=NIR, column="", count=found),) if found else ()


def _pages(document: Any) -> list[_Page]:
    """Read the first pages; one that pdfium cannot load counts as empty."""
    import pypdfium2

    pages: list[_Page] = []
    started = time.monotonic()
    weighed = 0
    for index in range(min(len(document), MAX_PAGES)):
        if pages and time.monotonic() - started > MAX_SECONDS:
            break
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            pages.append(_Page(0, scanned=False, tabular=False, social_security_numbers=0))
            continue
        try:
            read = _page(page, weigh=weighed < _PAGES_WEIGHED)
        finally:
            page.close()
        weighed += read.characters >= _NO_TEXT
        pages.append(read)
    return pages


def _page(page: Any, *, weigh: bool) -> _Page:
    import pypdfium2

    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return _Page(0, scanned=_is_image(page), tabular=False, social_security_numbers=0)
    try:
        text = textpage.get_text_range(0, min(textpage.count_chars(), _MAX_CHARACTERS))
        characters = sum(map(len, text.split()))
        return _Page(
            characters,
            scanned=characters <= _STAMP and _is_image(page),
            tabular=weigh and characters >= _NO_TEXT and holds_table(textpage, text),
            social_security_numbers=counts_in_text(text).get(NIR, 0),
        )
    finally:
        textpage.close()


def _is_image(page: Any) -> bool:
    """Return True when images cover most of the page; their areas add up, for scans cut in strips."""
    import pypdfium2
    from pypdfium2 import raw

    width, height = page.get_size()
    if raw.FPDFPage_CountObjects(page) > _MAX_OBJECTS or width <= 0 or height <= 0:
        return False
    covered = 0.0
    for image in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        try:
            left, bottom, right, top = image.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        covered += max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(top, height) - max(bottom, 0))
    return bool(covered >= _MOSTLY * width * height)
