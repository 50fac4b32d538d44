"""Reads the sheets of an XLSX as they stream: ECMA-376 (Office Open XML) part 1, 18.3."""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache

from opendata_check.inspection.layout.marks import HEAD_ROWS
from opendata_check.inspection.sheets.dates import date_of_serial, short_iso
from opendata_check.inspection.sheets.formulas import FormulaWatch
from opendata_check.inspection.sheets.table import MAX_CELL, MAX_SHEETS, CellBudget, Sheet, new_sheet, number_text
from opendata_check.inspection.sheets.xlsx_parts import (
    Formats,
    Package,
    Strings,
    Workbook,
    damaged,
    read_part,
    unescaped,
)
from opendata_check.inspection.xml_stream import Attributes, Elements

MAX_PART = 400_000_000
"""Bytes of XML read in one sheet."""
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_DIGITS = "0123456789"
_NUMBER_STARTS = frozenset("0123456789+-")
_TEXTS = frozenset({"s", "inlineStr"})
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", re.ASCII)


class _Enough(Exception):  # noqa: N818 - it only leaves the sheet
    """A limit was reached: the rest of the sheet is not wanted."""


def read_xlsx(archive: zipfile.ZipFile, budget: CellBudget) -> list[Sheet]:
    """Return the sheets of an XLSX in the workbook's order, each read to its end or to a limit.

    Cells are read as they stream: neither a far-away cell nor a lying <dimension> costs memory.
    Raises InspectionError when the workbook is damaged.
    """
    package = Package(archive)
    workbook = Workbook(package)
    strings = Strings(package)
    formats = Formats(package)
    sheets: list[Sheet] = []
    for name, state, relation in workbook.sheets:
        sheet = new_sheet(name, state != "visible", budget)
        sheet.very_hidden = state == "veryHidden"
        part = package.part("worksheet", relation)
        sheet.marks.drawing = part is None and package.part("chartsheet", relation) is not None
        if part is not None and len(sheets) < MAX_SHEETS:
            reading = _SheetReading(sheet, strings, formats, workbook.date1904)
            try:
                read_part(archive, part, reading.elements, reading.text, MAX_PART)
            except _Enough:
                sheet.table.truncated = True
        sheet.close()
        sheets.append(sheet)
    return sheets


class _SheetReading:
    """Follows a sheet's XML and gives its rows to the table."""

    def __init__(self, sheet: Sheet, strings: Strings, formats: Formats, date1904: bool) -> None:
        self._sheet = sheet
        self._strings = strings
        self._formats = formats
        self._date1904 = date1904
        self._row = 0
        self._column = 0
        self._cells: list[str] = []
        self._type = ""
        self._style = ""
        self._pieces: list[str] = []
        self._length = 0
        self._inside = False
        self._is_near = True
        self._hidden = False
        self._formulas = FormulaWatch(sheet.marks)
        self.elements: Elements = Elements(
            {
                "c": self._start_cell,
                "v": self._enter,
                "t": self._enter,
                "f": self._formula,
                "rPh": lambda _: self.elements.set_aside(),
                "row": self._start_row,
                "mergeCell": self._merge,
                "col": self._columns,
                "sheetProtection": self._protection,
                "drawing": self._drawing,
            },
            {
                "c": self._end_cell,
                "v": self._leave,
                "t": self._leave,
                "f": self._formulas.leave,
                "row": self._end_row,
            },
        )

    def text(self, data: str) -> None:
        """Take characters of a value, as far as a cell may hold, or of a formula."""
        if self._inside:
            if self._length < MAX_CELL:
                self._pieces.append(data[: MAX_CELL - self._length])
                self._length += len(data)
        elif self._formulas.inside:
            self._formulas.text(data)

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else self._row + 1
        if self._row > _MAX_ROW:
            raise damaged()
        self._column = 0
        self._cells = []
        self._is_near = self._row <= HEAD_ROWS
        self._hidden = attributes.get("hidden") in ("1", "true")

    def _end_row(self) -> None:
        """Give the row to the table. Raises _Enough when the table wants no more."""
        if self._hidden and self._cells:
            self._sheet.marks.hidden_rows.add(self._row)
        wanted = self._sheet.table.add(self._row, self._cells)
        self._cells = []
        if not wanted:
            raise _Enough

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference:
            # Without a reference, a cell follows the one before.
            self._column = _column_of(reference.rstrip(_DIGITS))
        if self._column >= _MAX_COLUMN:
            raise damaged()
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._pieces, self._length = [], 0

    def _enter(self, _attributes: Attributes) -> None:
        self._inside = True

    def _leave(self) -> None:
        self._inside = False

    def _formula(self, attributes: Attributes) -> None:
        self._sheet.formula_count += 1
        self._formulas.enter(self._row, attributes.get("si", ""))

    def _columns(self, attributes: Attributes) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if attributes.get("hidden") in ("1", "true") and first.isdecimal() and last.isdecimal() and len(last) < 7:
            self._sheet.marks.hide_columns(int(first[:7]) - 1, int(last) - 1)

    def _protection(self, attributes: Attributes) -> None:
        self._sheet.marks.protected = attributes.get("sheet") in ("1", "true")

    def _drawing(self, _attributes: Attributes) -> None:
        self._sheet.marks.drawing = True

    def _look(self) -> None:
        """Note what the style and the kind of a cell of the first rows tell besides its text."""
        if self._style:
            colour = self._formats.colour(self._style)
            if colour:
                self._sheet.marks.fill(self._row, self._column, colour)
        if self._pieces and self._type in _TEXTS and self._cells[self._column][:1] in _NUMBER_STARTS:
            self._sheet.marks.text_number(self._row, self._column)

    def _end_cell(self) -> None:
        if self._pieces:
            text = self._value("".join(self._pieces))
            missing = self._column - len(self._cells)
            if missing > 0:
                self._cells.extend([""] * missing)
            if missing >= 0:
                self._cells.append(text)
            else:
                self._cells[self._column] = text
        if self._is_near:
            self._look()
        self._column += 1

    def _value(self, raw: str) -> str:
        """Return a cell's text from its raw value and type (18.18.11 ST_CellType)."""
        if self._type == "s":
            if self._strings.overflowed:
                self._sheet.table.truncated = True
            return self._strings.get(raw.strip())
        if self._type == "b":
            return "true" if raw.strip() in ("1", "true") else "false"
        if self._type == "d":
            return short_iso(raw.strip())
        if self._type != "n":
            return unescaped(raw)
        try:
            number = float(raw)
        except ValueError:
            return raw
        kind = self._formats.kind(self._style) if self._style else ""
        shown = date_of_serial(number, self._date1904, elapsed=kind == "elapsed") if kind else None
        return shown if shown is not None else number_text(number)

    def _merge(self, attributes: Attributes) -> None:
        ends: list[tuple[int, int]] = []
        for part in attributes.get("ref", "").split(":")[:2]:
            found = _REFERENCE.fullmatch(part)
            if not found:
                return
            ends.append((max(int(found[2]) - 1, 0), _column_of(found[1])))
        if len(ends) == 2 and ends[0] != ends[1]:
            self._sheet.merge(*ends[0], *ends[1])


@lru_cache(maxsize=_MAX_COLUMN)
def _column_of(letters: str) -> int:
    """Return the 0-based column of its letters. Raises InspectionError when they name no column."""
    column = 0
    letters = letters.replace("$", "").upper()
    if not 1 <= len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
        raise damaged()
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
