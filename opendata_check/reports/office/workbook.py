"""Writes workbooks: typed cells, titles and filters on line 1, no formula, no link, the same bytes each time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from opendata_check.reports.interface import ReportError
from opendata_check.reports.office.phrases import tell, tell_count
from opendata_check.reports.office.tables import Cell, Column, Kind

if TYPE_CHECKING:
    from xlsxwriter import Workbook

MAX_ROWS = 1_048_576
MAX_CELL = 32_767
"""Excel's own limits (support.microsoft.com, « Excel specifications and limits »)."""
_FORMATS = {Kind.WHOLE: "#,##0", Kind.NUMBER: "0.0", Kind.SHARE: "0 %", Kind.DATE: "dd/mm/yyyy"}
_FIRST_YEAR = 1900
"""Excel's calendar begins there."""
_WRAPPED_ROWS = 20_000
"""Beyond, a spreadsheet would spend minutes on the height of each line: texts then stay on one line."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: its rows are read once, in order."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]
    size: int = 0
    """How many rows there are, when it is known that there may be many."""


def workbook(sheets: Iterable[Sheet], title: str, on: date) -> bytes:
    """Return the workbook. One row at a time is held, the rest waits in temporary files, gone whatever happens.

    Raises ReportError when they cannot be written (full disk).
    """
    from xlsxwriter.exceptions import XlsxFileError

    try:
        with tempfile.TemporaryDirectory(prefix="opendata-check-", ignore_cleanup_errors=True) as folder:
            return _made(sheets, title, on, folder)
    except (OSError, XlsxFileError) as error:
        raise ReportError(
            "le classeur n'a pas pu être préparé", remedy="Libérez de la place sur le disque, puis relancez."
        ) from error


def _made(sheets: Iterable[Sheet], title: str, on: date, folder: str) -> bytes:
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_urls": False, "tmpdir": folder})
    book.set_properties(
        {
            "title": title,
            "subject": tell("workbook_subject"),
            "author": "opendata-check",
            "comments": tell("workbook_comments"),
            "created": datetime(on.year, on.month, on.day),
        }
    )
    book.set_custom_property(tell("language"), "fr-FR")
    looks = {kind: {wrap: _look(book, kind, wrap) for wrap in (True, False)} for kind in Kind}
    heading = book.add_format(
        {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A5F", "text_wrap": True, "valign": "vcenter"}
    )
    try:
        for sheet in sheets:
            _write(book, sheet, looks, heading)
        book.close()
    finally:
        for page in book.worksheets():
            page._opt_close()  # Windows removes no file that is open, and nothing public closes these
    return stream.getvalue()


def _look(book: Workbook, kind: Kind, wrap: bool) -> Any:
    look: dict[str, Any] = {"valign": "top"}
    if kind in _FORMATS:
        look["num_format"] = _FORMATS[kind]
    if kind is Kind.LONG and wrap:
        look["text_wrap"] = True
    return book.add_format(look)


def _write(book: Workbook, sheet: Sheet, looks: dict[Kind, dict[bool, Any]], heading: Any) -> None:
    page = book.add_worksheet(sheet.name)
    wrap = sheet.size <= _WRAPPED_ROWS
    formats = [looks[column.kind][wrap] for column in sheet.columns]
    for number, (column, look) in enumerate(zip(sheet.columns, formats, strict=True)):
        page.set_column(number, number, column.width, look)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_row(0, 30)
    for number, column in enumerate(sheet.columns):
        page.write_string(0, number, column.title, heading)
    write = _writer(page, looks[Kind.DATE][wrap])
    last, left = 0, 0
    for row in sheet.rows:
        if last + 2 >= MAX_ROWS:
            left += 1
            continue
        last += 1
        for number, cell in enumerate(row):
            if cell is not None and cell != "":
                write(last, number, cell, formats[number])
    page.autofilter(0, 0, max(1, last), len(sheet.columns) - 1)
    if left:
        page.write_string(last + 1, 0, tell_count("rows_left", left), looks[Kind.TEXT][False])


def _writer(page: Any, dated: Any) -> Callable[[int, int, Cell, Any], object]:
    """Return how a cell is written, by what it is: a text never becomes a formula, a link or a number."""

    def write(row: int, column: int, cell: Cell, look: Any) -> object:
        if isinstance(cell, date):
            if cell.year < _FIRST_YEAR:
                return page.write_string(row, column, cell.isoformat(), look)
            return page.write_datetime(row, column, cell, dated)
        if not isinstance(cell, str):
            return page.write_number(row, column, cell, look)
        words = cell.strip()
        if len(words) > MAX_CELL:
            words = words[: MAX_CELL - len(tell("cut"))] + tell("cut")
        return page.write_string(row, column, words, look)

    return write
