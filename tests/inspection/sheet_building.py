"""Builds workbooks laid out in all ways, and reads their layout: shared by the tests of layouts and of traces."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

from opendata_check.inspection.header import find_header
from opendata_check.inspection.layout.watch import LayoutWatch
from opendata_check.inspection.sheets import workbook as spreadsheet
from opendata_check.model.content import Content
from opendata_check.model.facts import LayoutFacts, LayoutMark

Rows = Sequence[Sequence[object]]
HEADER = ["Rue", "Essence", "Nombre", "Montant"]
DATA: list[list[object]] = [
    ["Rue des Écoles", "Tilleul", 12, 1250.5],
    ["Avenue de la Gare", "Platane", 31, 900],
    ["Place de la Mairie", "Chêne", 4, 640.25],
    ["Rue du Moulin", "Érable", 9, 310],
    ["Impasse des Lilas", "Tilleul", 17, 75.5],
    ["Chemin Vert", "Frêne", 22, 1010],
]
TOTAL = ["Total", None, 95, 4186.25]


def workbook(rows: Rows, change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Arbres"
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def reading(path: Path, data: bytes, kind: str = "xlsx") -> spreadsheet.WorkbookReading:
    path.write_bytes(data)
    return spreadsheet.read(Content(path, path.name, len(data), path.name), kind)


def layout(
    path: Path, rows: Rows, change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None] | None = None
) -> LayoutFacts:
    found = reading(path / "a.xlsx", workbook(rows, change)).facts.layouts
    assert len(found) == 1
    return found[0]


def csv_layout(rows: Sequence[Sequence[str]]) -> LayoutFacts:
    watch = LayoutWatch()
    for line, cells in enumerate(rows, start=1):
        if any(cells):
            watch.add(line, cells)
    header = find_header(rows[:30])
    return watch.facts(None if header is None else header + 1)


def texts(rows: Rows) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def mark(found: LayoutFacts, kind: str) -> LayoutMark:
    marks = [item for item in found.marks if item.kind == kind]
    assert len(marks) == 1, found.marks
    return marks[0]


def kinds(found: LayoutFacts) -> set[str]:
    return {item.kind for item in found.marks}


def remade(data: bytes, parts: dict[str, str | bytes]) -> bytes:
    """Return a workbook with some members replaced or added."""
    source, stream = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name in source.namelist():
            if name not in parts:
                file.writestr(name, source.read(name))
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def sheet_xml(body: str, before: str = "", after: str = "") -> str:
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f"<worksheet {names}>{before}<sheetData>{body}</sheetData>{after}</worksheet>"
