"""Reads the table of a spreadsheet as text rows, so that a schema made for CSV can judge it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, datetime, time, timedelta

from opendata_check.model.content import Content
from opendata_check.model.facts import TableFacts
from opendata_check.tables.errors import TablesError
from opendata_check.tables.rows import Reading, Row

FORMATS = frozenset({"xlsx", "xls", "ods"})
MAX_BYTES = 20_000_000
"""A workbook is unpacked whole in memory: a larger file is not opened here."""
MAX_CELLS = 5_000_000


def sheet_rows(content: Content, table: TableFacts, reading: Reading) -> Generator[Row, None, None]:
    """Yield the rows of the sheet inspection chose, from its header on, with the numbers the spreadsheet shows.

    Cells become text: dates in ISO form, whole numbers without « .0 », booleans as true and false. Trailing empty cells
    beyond the header are dropped. Raises TablesError when the workbook cannot be read.
    """
    assert table.header_row is not None
    if content.byte_size > MAX_BYTES:
        reading.stopped = "Le classeur est trop lourd (plus de 20 Mo) : publiez-le en CSV pour qu'il soit contrôlé."
        return
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(content.path)) as workbook:
            name = table.sheet or workbook.sheet_names[0]
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height * sheet.width > MAX_CELLS:
                reading.stopped = (
                    "La feuille a plus de cinq millions de cellules : publiez-la en CSV pour la contrôler."
                )
                return
            rows = (list(map(_as_text, row)) for row in sheet.iter_rows())
            yield from _from_header(rows, table.header_row)
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise TablesError(
            "ce classeur ne peut pas être lu",
            where=content.origin,
            remedy="Ouvrez-le dans votre tableur et enregistrez-le de nouveau.",
        ) from error


def _from_header(rows: Iterator[list[str]], header_row: int) -> Generator[Row, None, None]:
    width = 0
    for number, cells in enumerate(rows, start=1):
        if number < header_row:
            continue
        if number == header_row:
            width = len(_without_trailing_blanks(cells))
        elif not any(cells[width:]):
            cells = cells[:width]
        yield number, cells if number > header_row else cells[:width]


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    last = len(cells)
    while last and not cells[last - 1].strip():
        last -= 1
    return cells[:last]


def _as_text(value: str | float | bool | date | time | datetime | timedelta | None) -> str:
    """Return what a cell would be in a CSV export."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)
