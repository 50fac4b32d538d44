"""A workbook that follows a model made for CSV is judged as the CSV its owner would export."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from opendata_check import inspection, schemas, tables
from opendata_check.model.content import Content
from opendata_check.model.schema import TableValidation

HEADER = [
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire", "objet", "montant",
    "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE", "notificationUE", "pourcentageSubvention",
]  # fmt: skip


def grant(**changes: Any) -> list[Any]:
    values: dict[str, Any] = dict(zip(HEADER, [
        "Maville", 21990001600011, datetime(2024, 1, 31), "2024-12", "Club", "21990001600011", "Fête", 1500.5, "aide en numéraire",
        "unique", "2024-02-15", None, "non", 1,
    ], strict=True))  # fmt: skip
    return list((values | changes).values())


def workbook(path: Path, rows: list[list[Any]], titles: int = 0) -> Content:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Données"
    for number in range(titles):
        sheet.append([f"Titre {number}"])
    for row in rows:
        sheet.append(row)
    book.create_sheet("Notes").append(["une note"])
    book.save(path)
    return Content(path, path.name, path.stat().st_size, path.name)


def judged(content: Content) -> TableValidation:
    facts = inspection.inspect(content)
    assert facts.table is not None
    match = schemas.recognise(facts.table.labels)
    assert match is not None
    with inspection.sheet_as_csv(content, facts) as (exported, described):
        return tables.validate(exported, described, match)


def lines(validation: TableValidation, column: str) -> list[tuple[int, int]]:
    return [span for issue in validation.issues if issue.column == column for span in issue.rows]


def test_dates_and_numbers_become_their_csv_text(tmp_path: Path) -> None:
    validation = judged(workbook(tmp_path / "a.xlsx", [HEADER, grant(), grant(dateConvention=date(2024, 2, 1))]))
    assert validation.valid, validation.issues
    assert validation.row_count == 2


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    rows = [
        HEADER,
        grant(),
        grant(montant="1 500 €"),
        [None] * 3,
        grant(notificationUE="peut-être", objet="deux\nlignes"),
        grant(montant="x"),
    ]
    validation = judged(workbook(tmp_path / "a.xlsx", rows, titles=2))
    assert lines(validation, "montant") == [(5, 5), (8, 8)]
    assert lines(validation, "notificationUE") == [(7, 7)]
    (blank,) = [issue for issue in validation.issues if issue.rule == "blank_row"]
    assert blank.rows == ((6, 6),)


def test_empty_cells_beyond_the_header_are_not_in_excess_but_filled_ones_are(tmp_path: Path) -> None:
    rows = [HEADER, grant(), [*grant(), None, "note"], [*grant(), None, None]]
    (issue,) = judged(workbook(tmp_path / "a.xlsx", rows)).issues
    assert (issue.rule, issue.rows) == ("extra_cell", ((3, 3),))


def test_rows_far_apart_keep_their_numbers(tmp_path: Path) -> None:
    content = workbook(tmp_path / "a.xlsx", [HEADER, grant()])
    book = openpyxl.load_workbook(content.path)
    for column, value in enumerate(grant(montant="x"), start=1):
        book["Données"].cell(5000, column, value)
    book.save(content.path)
    assert lines(judged(content), "montant") == [(5000, 5000)]


def test_only_the_main_sheet_is_exported_and_the_copy_is_removed(tmp_path: Path) -> None:
    content = workbook(tmp_path / "a.xlsx", [["a", "b"], [1, "x"]])
    facts = inspection.inspect(content)
    with inspection.sheet_as_csv(content, facts) as (exported, described):
        rows = list(csv.reader(exported.path.read_text(encoding="utf-8").splitlines()))
        assert rows == [["a", "b"], ["1", "x"]]
        assert described.text is not None and described.text.encoding == "utf-8"
        place = exported.path
    assert not place.exists()


def test_a_workbook_damaged_meanwhile_is_one_french_line(tmp_path: Path) -> None:
    content = workbook(tmp_path / "a.xlsx", [["a", "b"], [1, "x"]])
    facts = inspection.inspect(content)
    content.path.write_bytes(b"PK\x03\x04 rien")
    with pytest.raises(inspection.InspectionError), inspection.sheet_as_csv(content, facts):
        pass


@pytest.mark.shared
def test_the_base_as_a_spreadsheet_is_as_valid_as_the_csv(shared: Path) -> None:
    path = shared / "samples" / "mutations" / "40_base.xlsx"
    validation = judged(Content(path, path.name, path.stat().st_size, path.name))
    assert (validation.valid, validation.row_count) == (True, 160)
