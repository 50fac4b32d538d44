"""Lists as offices write them: every encoding, separator and workbook, titles above, blank rows between."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from opendata_check.batch import BatchError
from opendata_check.batch.rows import read_rows, read_stream

TABLE = "Liste des communes 2026;;\r\n;;\r\nCommune;Code INSEE;Référent\r\nBézu-la-Forêt;27066;Zoé\r\n;;\r\nNancy;54395;Léo\r\n"
CELLS = [
    (1, ("Liste des communes 2026", "", "")),
    (3, ("Commune", "Code INSEE", "Référent")),
    (4, ("Bézu-la-Forêt", "27066", "Zoé")),
    (6, ("Nancy", "54395", "Léo")),
]


@pytest.mark.parametrize(
    ("encoding", "separator", "ends"),
    [
        ("utf-8", ";", "\r\n"),
        ("utf-8-sig", ";", "\n"),
        ("cp1252", ";", "\r\n"),
        ("utf-16", "\t", "\r\n"),
        ("utf-8", ",", "\n"),
        ("mac_roman", ";", "\r"),
        ("cp1252", "\t", "\r\n"),
        ("utf-8", "|", "\n"),
    ],
)
def test_a_csv_of_any_office_is_read_with_its_physical_lines(
    tmp_path: Path, encoding: str, separator: str, ends: str
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(TABLE.replace(";", separator).replace("\r\n", ends).encode(encoding))
    assert [(row.line, row.cells) for row in read_rows(path)] == CELLS


def test_what_excel_writes_above_its_own_csv_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(b"sep=;\r\nCommune;Insee\r\nNancy;54395\r\n")
    assert [row.cells for row in read_rows(path)] == [("Commune", "Insee"), ("Nancy", "54395")]


def test_a_quoted_cell_over_two_lines_keeps_the_lines_of_the_next_rows(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text('Commune;Note\nNancy;"deux\nlignes"\nMetz;x\n', encoding="utf-8")
    assert [(row.line, row.cells) for row in read_rows(path)][1:] == [(2, ("Nancy", "deux lignes")), (4, ("Metz", "x"))]


def test_a_workbook_gives_its_rows_numbers_without_decimals(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Liste 2026"], [], ["Commune", "Insee"], ["Ambérieu", 1004], ["Nancy", 54395]):
        sheet.append(row)
    book.create_sheet("Autre").append(["rien", "à", "voir"])
    book.save(tmp_path / "liste.xlsx")
    assert [(row.line, row.cells) for row in read_rows(tmp_path / "liste.xlsx")] == [
        (1, ("Liste 2026",)),
        (3, ("Commune", "Insee")),
        (4, ("Ambérieu", "1004")),
        (5, ("Nancy", "54395")),
    ]


def test_a_libreoffice_workbook_gives_its_rows(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cell.format(a)}{cell.format(b)}</table:table-row>"
        for a, b in (("Commune", "Insee"), ("Nancy", "54395"))
    )
    content = (
        '<?xml version="1.0"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="F">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    with zipfile.ZipFile(tmp_path / "liste.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert [row.cells for row in read_rows(tmp_path / "liste.ods")] == [("Commune", "Insee"), ("Nancy", "54395")]


def test_a_text_keeps_the_commas_of_its_names(tmp_path: Path) -> None:
    path = tmp_path / "liste.txt"
    path.write_text("Nancy, Meurthe-et-Moselle\nMetz\nBron (69)\n", encoding="utf-8")
    assert [row.cells for row in read_rows(path)] == [("Nancy, Meurthe-et-Moselle",), ("Metz",), ("Bron (69)",)]


def test_a_list_may_come_through_a_pipe() -> None:
    assert [row.cells for row in read_stream("Commune;Dép\nBézu;27\n".encode("cp1252"))] == [
        ("Commune", "Dép"),
        ("Bézu", "27"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("vide.csv", b"", "vide"),
        ("blanche.csv", b"\r\n;;\r\n", "vide"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "n'est pas une liste"),
        ("page.csv", b"<!DOCTYPE html><html><body>Non</body></html>", "n'est pas une liste"),
    ],
)
def test_what_is_no_list_is_refused_in_one_french_line(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BatchError, match=said):
        read_rows(tmp_path / name)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(BatchError):
            read_rows(path)


def test_a_hostile_list_costs_little(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(b"commune;note\n" + b'"' + b"x" * 3_000_000 + b"\nNancy;\x00\x1b[31m\n" + b";" * 5_000 + b"\n")
    rows = read_rows_or_none(path)
    assert rows is None or all(len(cell) <= 1_000 for row in rows for cell in row.cells)


def read_rows_or_none(path: Path) -> list | None:
    try:
        return read_rows(path)
    except BatchError:
        return None
