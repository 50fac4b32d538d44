"""A spreadsheet that follows a CSV schema is judged like its CSV export."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tables_factory import SIRET, SUBVENTION, content_of, issue, lines_of

from opendata_check import schemas, tables
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, EnvelopeFacts, TableFacts
from opendata_check.model.schema import TableValidation


def workbook(path: Path, rows: list[list[Any]], *, title_rows: int = 0) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Données")
    for number in range(title_rows):
        sheet.append([f"Titre {number}"])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def validated_sheet(path: Path, *, header_row: int = 1) -> TableValidation:
    labels = tuple(SUBVENTION)
    match = schemas.recognise(labels)
    assert match is not None
    facts = ContentFacts(EnvelopeFacts("xlsx", "xlsx"), table=TableFacts(header_row, labels, 0, sheet="Données"))
    return tables.validate(content_of(path), facts, match)


def native(**changes: Any) -> list[Any]:
    values: dict[str, Any] = {
        **SUBVENTION,
        "idAttribuant": int(SIRET),
        "dateConvention": datetime(2024, 1, 31),
        "montant": 1500.5,
        "pourcentageSubvention": 1,
    }
    return list((values | changes).values())


def test_dates_and_numbers_of_a_spreadsheet_are_read_as_their_csv_text(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [list(SUBVENTION), native(), native(dateConvention=date(2024, 2, 1))])
    validation = validated_sheet(path)
    assert validation.valid, validation.issues
    assert validation.row_count == 2


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path):
    rows = [list(SUBVENTION), native(), native(montant="1 500 €"), [None] * 3, native(notificationUE=True)]
    validation = validated_sheet(workbook(tmp_path / "a.xlsx", rows, title_rows=2), header_row=3)
    found = [i for i in validation.issues if i.column == "montant"]
    assert [lines_of(i) for i in found] == [[5]]
    assert found[0].after == "1500"
    assert lines_of(issue(validation, "blank_row")) == [6]
    boolean = next(i for i in validation.issues if i.column == "notificationUE")
    assert (lines_of(boolean), boolean.after) == ([7], "oui")


def test_empty_cells_beyond_the_header_are_not_in_excess_but_filled_ones_are(tmp_path: Path):
    rows = [list(SUBVENTION), native(), [*native(), None, "note"]]
    validation = validated_sheet(workbook(tmp_path / "a.xlsx", rows))
    assert lines_of(issue(validation, "extra_cell")) == [3]


def test_a_workbook_that_is_not_one_is_one_french_line(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 pas un classeur")
    with pytest.raises(tables.TablesError, match="classeur ne peut pas être lu"):
        validated_sheet(path)


def test_a_sheet_that_is_gone_is_one_french_line(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(tables.TablesError, match="classeur ne peut pas être lu"):
        validated_sheet(path)


def test_a_heavy_workbook_is_left_aside_with_a_note(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [list(SUBVENTION), native()])
    labels = tuple(SUBVENTION)
    match = schemas.recognise(labels)
    assert match is not None
    facts = ContentFacts(EnvelopeFacts("xlsx", "xlsx"), table=TableFacts(1, labels, 0, sheet="Données"))
    validation = tables.validate(Content(path, "a.xlsx", 30_000_000, "a.xlsx"), facts, match)
    assert not validation.complete
    assert "trop lourd" in validation.note
