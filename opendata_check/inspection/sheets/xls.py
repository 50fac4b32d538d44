"""Reads the sheets of an XLS through calamine, once its records were found safe: Microsoft's MS-XLS (BIFF)."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.layout.marks import HEAD_ROWS, SheetMarks
from opendata_check.inspection.office.compound_file import CompoundFile, compound_file, damaged
from opendata_check.inspection.sheets.dates import clock
from opendata_check.inspection.sheets.table import MAX_CELL, MAX_SHEETS, CellBudget, Sheet, new_sheet, number_text
from opendata_check.inspection.sheets.xls_records import records, sheet_marks_of

MAX_BOX = 3_000_000
"""Cells of the boxes around each sheet's filled cells, all sheets together: calamine holds such boxes whole."""
_BOF, _EOF, _FILEPASS, _DIMENSIONS, _SST = 0x0809, 0x000A, 0x002F, 0x0200, 0x00FC
# Records that place a cell: their row and column come first (2.4, « Row Block »).
_CELLS = {
    0x0006,
    0x00BD,
    0x00BE,
    0x00D6,
    0x00FD,
    0x0201,
    0x0203,
    0x0204,
    0x0205,
    0x027E,
    0x0406,
    0x0002,
    0x0003,
    0x0004,
}
_MAX_COLUMN = 256
_NUMBER_STARTS = frozenset("0123456789+-")


def read_xls(data: bytes, budget: CellBudget) -> list[Sheet]:
    """Return the sheets of an XLS in order. Formulas are not counted.

    calamine reserves memory for what a file announces, and a few forged bytes make it end the whole process
    (measured with 0.9.1: 821 GB for one cell far away). So the workbook's records are walked first, every
    announced size is checked, and calamine gets a clean file that holds this stream alone.
    Raises InspectionError when the workbook is damaged, too large or protected by a password.
    """
    source = CompoundFile(data)
    if "EncryptedPackage" in source.names:
        raise _locked()
    name = next((name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in source.names), None)
    if "Root Entry" not in source.names:
        raise damaged()
    if name is None:
        raise InspectionError("le fichier n’est pas un classeur Excel", remedy="Vérifiez son extension.")
    stream = source.stream(name)
    _check_records(stream)
    return _read(compound_file(name.capitalize(), stream), budget, sheet_marks_of(stream))


def _locked() -> InspectionError:
    return InspectionError(
        "le classeur est protégé par un mot de passe", remedy="Enregistrez-le sans mot de passe, puis republiez-le."
    )


def _check_records(stream: bytes) -> None:
    """Raise InspectionError when the workbook is locked, announces absurd sizes or spreads over too many cells."""
    total = 0
    box: list[int] | None = None
    for kind, at, size in records(stream):
        if kind in _CELLS and size >= 4:
            row, column = struct.unpack_from("<HH", stream, at)
            if column >= _MAX_COLUMN:
                raise damaged()
            box = box or [row, column, row, column]
            box = [min(box[0], row), min(box[1], column), max(box[2], row), max(box[3], column)]
            if kind in (0x00BD, 0x00BE) and size >= 6:
                (last,) = struct.unpack_from("<H", stream, at + size - 2)
                if last >= _MAX_COLUMN:
                    raise damaged()
                box[3] = max(box[3], last)
        elif kind in (_EOF, _BOF):
            total += _area(box)
            box = None
        elif kind == _DIMENSIONS:
            _check_dimensions(stream[at : at + size])
        elif kind == _SST and size >= 8:
            if struct.unpack_from("<I", stream, at + 4)[0] > len(stream) // 3:
                raise damaged()
        elif kind == _FILEPASS:
            raise _locked()
    if total + _area(box) > MAX_BOX:
        raise InspectionError(
            f"le classeur s’étend sur plus de {MAX_BOX // 1_000_000} millions de cases",
            remedy="Supprimez les lignes et colonnes vides en trop, ou publiez les données en CSV.",
        )


def _area(box: list[int] | None) -> int:
    return (box[2] - box[0] + 1) * (box[3] - box[1] + 1) if box else 0


def _check_dimensions(record: bytes) -> None:
    """Raise InspectionError when a sheet announces more rows or columns than the format has (2.4.90)."""
    if len(record) >= 12:
        first_row, last_row, first_column, last_column = struct.unpack_from("<IIHH", record)
    elif len(record) >= 8:
        first_row, last_row, first_column, last_column = struct.unpack_from("<HHHH", record)
    else:
        return
    if last_row > 65_536 or last_column > _MAX_COLUMN or first_row > last_row or first_column > last_column:
        raise damaged()


def _read(data: bytes, budget: CellBudget, told: Sequence[SheetMarks]) -> list[Sheet]:
    """Read a checked workbook with calamine; ``told`` is what its records say of each sheet besides its cells."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        with _no_panic_shown(), CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            sheets: list[Sheet] = []
            for rank, metadata in enumerate(workbook.sheets_metadata):
                hidden = metadata.visible != SheetVisibleEnum.Visible
                sheet = new_sheet(metadata.name, hidden, budget)
                sheet.very_hidden = metadata.visible == SheetVisibleEnum.VeryHidden
                sheet.marks = told[rank] if rank < len(told) else sheet.marks
                if metadata.typ == SheetTypeEnum.WorkSheet and len(sheets) < MAX_SHEETS:
                    _fill(sheet, workbook.get_sheet_by_name(metadata.name))
                sheet.close()
                sheets.append(sheet)
            return sheets
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged() from error
    except BaseException as error:
        # A panic of calamine reaches Python as pyo3's PanicException, which only derives from BaseException.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error


@contextmanager
def _no_panic_shown() -> Iterator[None]:
    """Keep calamine's panics, which Rust writes to the standard error by itself, from the user's screen."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _fill(sheet: Sheet, source: Any) -> None:
    """Give a calamine sheet's rows and merged ranges to ours."""
    for (first_row, first_column), (last_row, last_column) in source.merged_cell_ranges or ():
        sheet.merge(first_row, first_column, last_row, last_column)
    # calamine gives the blank rows above the first cell, not the blank columns before it.
    before = [""] * (source.start[1] if source.start else 0)
    for line, row in enumerate(source.iter_rows(), start=1):
        if line <= HEAD_ROWS:
            for column, value in enumerate(row, start=len(before)):
                if isinstance(value, str) and value[:1] in _NUMBER_STARTS:
                    sheet.marks.text_number(line, column)
        if not sheet.table.add(line, before + [_text(value) for value in row]):
            return


def _text(value: Any) -> str:
    """Return a calamine value as the text of a cell."""
    if isinstance(value, str):
        return value[:MAX_CELL]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, timedelta):
        return clock(round(value.total_seconds()))
    return ""
