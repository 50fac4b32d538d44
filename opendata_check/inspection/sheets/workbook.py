"""Reads a workbook (XLSX, ODS, XLS): its sheets, shown and hidden, its main table and the personal data of all."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from opendata_check.inspection.archives.zip import list_zip
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.layout.words import is_notice
from opendata_check.inspection.sheets.table import MAX_MERGED, CellBudget, Sheet
from opendata_check.inspection.sheets.traces import hidden_columns, hidden_traces, xls_traces, zip_traces
from opendata_check.model.content import Content
from opendata_check.model.facts import (
    ArchiveFacts,
    PersonalDataHint,
    SpatialFacts,
    SpreadsheetFacts,
    TableFacts,
    TraceFacts,
)
from opendata_check.ranges import column_letter

MAX_FILE = 300_000_000
"""A zip is read as it streams, 2 million cells at most: a heavier file costs no more."""
MAX_XLS = 30_000_000
"""An XLS is held in memory while it is read; its format stops at 65 536 rows."""
_REFUSED_DANGERS = ("piégée", "mot de passe", "trop de fichiers", "revient", "Go")


_SHOWN = 50
_SHOWN_ROWS = 20
_SMALL_AREA = 0.2
"""A first sheet this much smaller than another is a summary, a pivot or a notice: the other one holds the data."""


class WorkbookReading(NamedTuple):
    """What a workbook says."""

    facts: SpreadsheetFacts
    table: TableFacts | None
    """The main table."""
    personal: tuple[PersonalDataHint, ...]
    traces: TraceFacts
    spatial: SpatialFacts | None = None
    """Where the rows of the main table lie."""


def read(content: Content, detected: str) -> WorkbookReading:
    """Return a workbook's facts, its main table, its hints of personal data and its traces.

    ``detected`` is ``xlsx``, ``ods`` or ``xls``. The main table is that of the first visible filled sheet, or of the
    largest one when the first is five times smaller. Hints come from every filled sheet, hidden ones included; outside
    the main sheet their column is written « sheet › column ». The main table's rows are the sheet's own (1-based).
    Raises InspectionError when the workbook is too large, damaged, booby-trapped or protected by a password.
    """
    size = _size(content)
    limit = MAX_XLS if detected == "xls" else MAX_FILE
    if size > limit:
        raise InspectionError(
            f"le classeur pèse {size / 1e6:.0f} Mo : au-delà de {limit // 1_000_000} Mo, il n’est pas lu",
            remedy="Publiez ces données en CSV.",
        )
    sheets = read_sheets(content, detected, CellBudget())
    filled = [sheet for sheet in sheets if sheet.table.filled]
    main = _main(filled)
    table = main.table.facts() if main else None
    return WorkbookReading(
        _facts(sheets, filled, detected),
        table,
        _personal(filled, main),
        _traces(content, detected, sheets),
        main.table.spatial() if main else None,
    )


def _main(filled: Sequence[Sheet]) -> Sheet | None:
    """Return the sheet whose table is the workbook's data, None when no filled sheet is visible."""
    visible = [sheet for sheet in filled if not sheet.hidden]
    if not visible:
        return None
    largest = max((sheet for sheet in visible if not is_notice(sheet.name)), key=_area, default=visible[0])
    return largest if _area(visible[0]) < _SMALL_AREA * _area(largest) else visible[0]


def _area(sheet: Sheet) -> int:
    """Return the cells of a sheet's table, 0 when its layout shows none."""
    table = sheet.table.facts()
    if table.layout is None or not table.layout.region:
        return 0
    return table.row_count * max(1, len(table.columns))


def _facts(sheets: Sequence[Sheet], filled: Sequence[Sheet], detected: str) -> SpreadsheetFacts:
    empty = [sheet for sheet in sheets if not sheet.table.filled]
    layouts = [layout for sheet in filled if (layout := sheet.table.facts().layout) is not None]
    columns = [f"{sheet.name}!{column_letter(at)}" for sheet in filled for at in hidden_columns(sheet)]
    rows = [f"{sheet.name}!{first}:{last}" for sheet in filled for first, last in sheet.marks.hidden_rows.ranges()]
    return SpreadsheetFacts(
        sheets=tuple(sheet.name for sheet in sheets),
        hidden_sheets=tuple(sheet.name for sheet in sheets if sheet.hidden),
        merged_ranges=tuple(f"{sheet.name}!{place}" for sheet in sheets for place in sheet.merged)[:MAX_MERGED],
        merged_count=sum(sheet.merged_count for sheet in sheets),
        formula_count=None if detected == "xls" else sum(sheet.formula_count for sheet in sheets),
        filled_sheets=len(filled),
        layouts=tuple(layouts[:_SHOWN]),
        empty_sheets=_names(empty),
        drawing_sheets=_names([sheet for sheet in empty if sheet.marks.drawing]),
        very_hidden_sheets=_names([sheet for sheet in sheets if sheet.very_hidden]),
        hidden_columns=tuple(columns[:_SHOWN]),
        hidden_column_count=len(columns),
        hidden_row_count=sum(sheet.marks.hidden_rows.count for sheet in filled),
        hidden_row_places=tuple(rows[:_SHOWN_ROWS]),
        protected_sheets=_names([sheet for sheet in sheets if sheet.marks.protected]),
    )


def _names(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    return tuple(sheet.name for sheet in sheets[:_SHOWN])


def _traces(content: Content, detected: str, sheets: Sequence[Sheet]) -> TraceFacts:
    """Return the workbook's traces; what is hidden in the sheets at least, when its other parts cannot be read."""
    try:
        if detected == "xls":
            return xls_traces(content.path.read_bytes(), sheets)
        with zipfile.ZipFile(content.path) as archive:
            return zip_traces(archive, sheets)
    except (InspectionError, zipfile.BadZipFile, OSError):
        return replace(hidden_traces(sheets), partly_read=True)


def _size(content: Content) -> int:
    try:
        return content.path.stat().st_size
    except OSError as error:
        raise _unreadable() from error


def _unreadable() -> InspectionError:
    return InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.")


def read_sheets(content: Content, detected: str, budget: CellBudget) -> list[Sheet]:
    """Read all the sheets with the reader of the format, within ``budget``. Raises InspectionError."""
    try:
        if detected == "xls":
            from opendata_check.inspection.sheets.xls import read_xls

            return read_xls(content.path.read_bytes(), budget)
        _refuse_dangers(list_zip(content.path))
        with zipfile.ZipFile(content.path) as archive:
            if detected == "ods":
                from opendata_check.inspection.sheets.ods import read_ods

                return read_ods(archive, budget)
            from opendata_check.inspection.sheets.xlsx import read_xlsx

            return read_xlsx(archive, budget)
    except zipfile.BadZipFile as error:
        raise InspectionError(
            "le classeur est abîmé ou incomplet",
            remedy="Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis republiez-le.",
        ) from error
    except OSError as error:
        raise _unreadable() from error


def _refuse_dangers(facts: ArchiveFacts) -> None:
    """Raise InspectionError for a workbook whose zip is a trap; odd names inside do not matter, nothing is unpacked."""
    for danger in facts.dangers:
        if any(word in danger for word in _REFUSED_DANGERS):
            raise InspectionError(
                f"le classeur n’a pas été ouvert, car {danger}",
                remedy="Enregistrez-le de nouveau depuis votre tableur.",
            )


def _personal(filled: Sequence[Sheet], main: Sheet | None) -> tuple[PersonalDataHint, ...]:
    """Return the hints of the main sheet, then those of the others with the sheet's name."""
    found = list(main.table.personal()) if main else []
    for sheet in filled:
        if sheet is not main:
            found += [
                replace(hint, column=f"{sheet.name} › {hint.column}" if hint.column else sheet.name)
                for hint in sheet.table.personal()
            ]
    return tuple(found)
