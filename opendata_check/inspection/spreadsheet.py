"""Reads a workbook (XLSX, ODS, XLS): its sheets, shown and hidden, its main table and the personal data of all."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace

from opendata_check.inspection.archive import list_zip
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.sheet_table import MAX_MERGED, CellBudget, Sheet
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, PersonalDataHint, SpreadsheetFacts, TableFacts

MAX_FILE = 50_000_000
MAX_XLS = 30_000_000
"""An XLS is held in memory while it is read; its format stops at 65 536 rows."""
_REFUSED_DANGERS = ("piégée", "mot de passe", "trop de fichiers", "revient", "Go")


def read(content: Content, detected: str) -> tuple[SpreadsheetFacts, TableFacts | None, tuple[PersonalDataHint, ...]]:
    """Return a workbook's facts, its main table (the first visible filled sheet) and its hints of personal data.

    ``detected`` is ``xlsx``, ``ods`` or ``xls``. Hints come from every filled sheet, hidden ones included; outside the
    main sheet their column is written « sheet › column ». The main table's rows are the sheet's own (1-based).
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
    main = next((sheet for sheet in filled if not sheet.hidden), None)
    facts = SpreadsheetFacts(
        sheets=tuple(sheet.name for sheet in sheets),
        hidden_sheets=tuple(sheet.name for sheet in sheets if sheet.hidden),
        merged_ranges=tuple(f"{sheet.name}!{place}" for sheet in sheets for place in sheet.merged)[:MAX_MERGED],
        merged_count=sum(sheet.merged_count for sheet in sheets),
        formula_count=None if detected == "xls" else sum(sheet.formula_count for sheet in sheets),
        filled_sheets=len(filled),
    )
    return facts, main.table.facts() if main else None, _personal(filled, main)


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
            from opendata_check.inspection.sheets_xls import read_xls

            return read_xls(content.path.read_bytes(), budget)
        _refuse_dangers(list_zip(content.path))
        with zipfile.ZipFile(content.path) as archive:
            if detected == "ods":
                from opendata_check.inspection.sheets_ods import read_ods

                return read_ods(archive, budget)
            from opendata_check.inspection.sheets_xlsx import read_xlsx

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
