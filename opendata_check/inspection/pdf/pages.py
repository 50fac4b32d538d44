"""Reads the pages of a PDF one by one, within a number and a time: letters, scans, tables, social security numbers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from opendata_check.inspection.pdf.ruling import ruled_tables
from opendata_check.inspection.pdf.surface import Surface, survey
from opendata_check.inspection.pdf.table import Table, figure_tables
from opendata_check.inspection.personal_values import NIR, counts_in_text

MAX_PAGES = 50
MAX_SECONDS = 10.0
"""A page cannot be interrupted: the time is looked at between pages."""
NO_TEXT = 20
_MAX_CHARACTERS = 100_000
_STAMP = 250
"""Characters of a stamp laid over a scan: « Envoyé en préfecture le … ID : … »."""
_MOSTLY = 0.6
_TALL_RULED = 5
"""Rows from which a ruled table counts as data locked in a document, whatever is in its cells."""
_LOW, _HIGH = 0.2, 0.75
"""Heights of the page below and above which a table may go on."""
_EDGE = 6.0
"""Points by which the columns of a table may move from one page to the next."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one page holds. ``number`` is 1-based; ``height`` in points."""

    number: int
    height: float = 0.0
    characters: int = 0
    scanned: bool = False
    recognised: bool = False
    """A scan whose text was recognised and laid under the image."""
    tables: tuple[Table, ...] = ()
    tabular: bool = False
    social_security_numbers: int = 0


@dataclass(slots=True)
class Tables:
    """The tables of a document: those that go on over the next page are one."""

    count: int = 0
    longest: int = 0
    pages: list[int] = field(default_factory=list)


def chosen_pages(count: int) -> list[int]:
    """Return the indices (0-based) of the pages to read: all of them up to 50, else 50 spread from first to last."""
    if count <= MAX_PAGES:
        return list(range(count))
    return [round(rank * (count - 1) / (MAX_PAGES - 1)) for rank in range(MAX_PAGES)]


def read_pages(document: Any) -> list[Page]:
    """Read the chosen pages; one that pdfium cannot load counts as empty.

    When time runs short, those left are spread again: the last pages are seen too.
    """
    import pypdfium2

    pages: list[Page] = []
    started = time.monotonic()
    for index in _spread(chosen_pages(len(document))):
        if pages and time.monotonic() - started > MAX_SECONDS:
            break
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            pages.append(Page(index + 1))
            continue
        try:
            pages.append(_page(page, index + 1))
        finally:
            page.close()
    return sorted(pages, key=lambda page: page.number)


def _spread(indices: Sequence[int]) -> Iterable[int]:
    """Yield every fourth page, then the others: what time leaves unread is everywhere rather than at the end."""
    for start in (0, 2, 1, 3):
        yield from indices[start::4]


def _page(page: Any, number: int) -> Page:
    import pypdfium2

    height = page.get_size()[1]
    surface = survey(page)
    covered = surface.image_cover >= _MOSTLY
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return Page(number, height, scanned=covered)
    try:
        text = textpage.get_text_range(0, min(textpage.count_chars(), _MAX_CHARACTERS))
        characters = sum(map(len, text.split()))
        tables, tabular = _tables(textpage, text, surface) if characters >= NO_TEXT else ((), False)
        return Page(
            number,
            height,
            characters,
            scanned=covered and characters <= _STAMP,
            recognised=covered and characters > _STAMP and 2 * surface.invisible_texts > surface.texts,
            tables=tables,
            tabular=tabular,
            social_security_numbers=counts_in_text(text).get(NIR, 0),
        )
    finally:
        textpage.close()


def _tables(textpage: Any, text: str, surface: Surface) -> tuple[tuple[Table, ...], bool]:
    """Return the tables of a page, ruled or not, from top to bottom, and whether one looks like locked data."""
    figures = figure_tables(textpage, text)
    ruled = ruled_tables(textpage, surface)
    free = [table for table in figures if not any(_overlap(table, other) for other in ruled)]
    together = sorted((*free, *ruled), key=lambda table: -table.top)
    return tuple(together), bool(figures) or any(table.rows >= _TALL_RULED for table in ruled)


def _overlap(first: Table, second: Table) -> bool:
    return first.bottom <= second.top and second.bottom <= first.top


def gathered(pages: Sequence[Page]) -> Tables:
    """Count the tables of the pages read: one that starts a page where the last one ended it, in the same columns,
    goes on.
    """
    found = Tables()
    last: tuple[Page, Table] | None = None
    rows = 0
    for page in pages:
        if page.tables:
            found.pages.append(page.number)
        for rank, table in enumerate(page.tables):
            goes_on = last is not None and rank == 0 and _goes_on(*last, page, table)
            found.count += not goes_on
            rows = rows + table.rows if goes_on else table.rows
            found.longest = max(found.longest, rows)
        last = (page, page.tables[-1]) if page.tables else None
    return found


def _goes_on(before: Page, table: Table, page: Page, following: Table) -> bool:
    """Return whether a table ends its page where the other starts the next one, in the same columns but for one."""
    if page.number != before.number + 1 or table.bottom > before.height * _LOW or following.top < page.height * _HIGH:
        return False
    shorter, longer = sorted((table.edges, following.edges), key=len)
    shared = sum(any(abs(edge - other) <= _EDGE for other in longer) for edge in shorter)
    return shared >= max(2, len(longer) - 1)
