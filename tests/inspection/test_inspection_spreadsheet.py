"""Workbooks: their sheets, their main table, what hides in them, and what they try to do to the reader."""

from __future__ import annotations

import datetime as dt
import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.layout.marks import SheetMarks
from opendata_check.inspection.office.compound_file import CompoundFile, compound_file
from opendata_check.inspection.sheets import ods as sheets_ods
from opendata_check.inspection.sheets import table as sheet_table
from opendata_check.inspection.sheets import workbook as spreadsheet
from opendata_check.inspection.sheets import xls as sheets_xls
from opendata_check.inspection.sheets import xls_records
from opendata_check.inspection.sheets import xlsx as sheets_xlsx
from opendata_check.inspection.sheets.dates import clock_of_duration, date_of_serial, is_date_format, is_elapsed_format
from opendata_check.model.content import Content
from opendata_check.model.facts import PersonalDataHint, SpreadsheetFacts, TableFacts

Reading = tuple[SpreadsheetFacts, TableFacts | None, tuple[PersonalDataHint, ...]]
HEADER = ["Équipement", "Adresse", "Date d’ouverture", "Surface"]
ROWS = [
    ["Gymnase Léo-Lagrange", "12 rue des Écoles", dt.date(1998, 9, 1), 1250.5],
    ["Piscine municipale", "3 avenue de la Gare", dt.date(2005, 6, 15), 900],
    ["Médiathèque", "1 place de la Mairie", dt.date(2019, 1, 31), 640],
]


def read(path: Path, data: bytes, detected: str) -> Reading:
    path.write_bytes(data)
    return spreadsheet.read(Content(path, path.name, len(data), path.name), detected)[:3]


def xlsx(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Feuille1"
    fill(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def xls(fill: Callable[[xlwt.Workbook], None]) -> bytes:
    workbook = xlwt.Workbook()
    fill(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def ods(body: str, styles: str = "", manifest: str = "") -> bytes:
    namespaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
    )
    content = (
        f"<office:document-content {namespaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        file.writestr("content.xml", content)
        if manifest:
            file.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def ods_row(*cells: object) -> str:
    return "<table:table-row>" + "".join(map(ods_cell, cells)) + "</table:table-row>"


def ods_cell(value: object) -> str:
    if isinstance(value, dt.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>x</text:p></table:table-cell>'
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>x</text:p></table:table-cell>'
        )
    if not value:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def ods_sheet(name: str, *rows: str, style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


def rewritten(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    source, stream = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name in source.namelist():
            content = source.read(name)
            file.writestr(name, change(content) if name == member else content)
    return stream.getvalue()


def apart(code: str, argument: Path) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, which may crash or be weighed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, str(argument)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)


def plain_table(kind: str) -> bytes:
    """Return the same table, two title rows above it, in each format."""
    rows: list[list[object]] = [["Équipements de la commune"], [], HEADER, *ROWS]
    if kind == "xlsx":

        def fill(workbook: openpyxl.Workbook) -> None:
            for row in rows:
                workbook.active.append(row)

        return xlsx(fill)
    if kind == "xls":

        def fill_old(workbook: xlwt.Workbook) -> None:
            sheet = workbook.add_sheet("Feuille1")
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    date_style = xlwt.easyxf(num_format_str="DD/MM/YYYY")
                    sheet.write(
                        number, column, value, date_style if isinstance(value, dt.date) else xlwt.Style.default_style
                    )

        return xls(fill_old)
    return ods(ods_sheet("Feuille1", *[ods_row(*row) for row in rows]))


# What a workbook says


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_the_same_table_says_the_same_in_each_format(tmp_path: Path, kind: str) -> None:
    facts, table, hints = read(tmp_path / "a", plain_table(kind), kind)
    told = SpreadsheetFacts(("Feuille1",), filled_sheets=1, formula_count=None if kind == "xls" else 0)
    assert replace(facts, layouts=()) == told
    assert [layout.region for layout in facts.layouts] == ["A3:D6"]
    assert table is not None
    assert (table.header_row, table.title_rows, table.labels) == (3, ((1, 2),), tuple(HEADER))
    assert (table.row_count, table.blank_count, table.ragged_count, table.sheet) == (3, 0, 0, "Feuille1")
    assert [(column.kind, column.date_form, column.filled) for column in table.columns] == [
        ("text", "", 3),
        ("text", "", 3),
        ("date", "iso", 3),
        ("number", "", 3),
    ]
    assert hints == ()


def test_empty_and_duplicate_labels_are_told_but_not_a_void_column(tmp_path: Path) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.active.append([None, "Nom", "", "Nom", "Ville"])
        for number in range(5):
            workbook.active.append([None, f"a{number}", f"b{number}", f"c{number}", "Nancy"])

    table = read(tmp_path / "a", xlsx(fill), "xlsx")[1]
    assert table is not None
    assert table.labels == ("", "Nom", "", "Nom", "Ville")
    assert (table.empty_labels, table.duplicate_labels) == ((2,), ("Nom",))
    assert table.columns[4].letter == "E"


def test_rows_keep_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.active
        sheet["B5"], sheet["C5"] = "Nom", "Ville"
        for row in (6, 7, 10):
            sheet[f"B{row}"], sheet[f"C{row}"] = "x", "y"
        sheet["G7"] = "égaré"

    table = read(tmp_path / "a", xlsx(fill), "xlsx")[1]
    assert table is not None
    assert (table.header_row, table.title_rows) == (5, ((1, 4),))
    assert (table.blank_rows, table.row_count) == (((8, 9),), 3)
    assert (table.ragged_count, table.ragged_rows) == (1, ((7, 7),))


def test_a_hidden_first_sheet_is_not_the_table_but_its_secrets_are_told(tmp_path: Path) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        hidden = workbook.active
        hidden.title = "Liste élèves"
        hidden.sheet_state = "hidden"
        hidden.append(["Nom", "Prénom", "Date de naissance"])
        hidden.append(["Dupont", "Zoé", dt.date(2015, 1, 31)])
        workbook.create_sheet("vide")
        shown = workbook.create_sheet("Effectifs")
        shown.append(["École", "Élèves"])
        shown.append(["Jules-Ferry", 120])
        workbook.create_sheet("très caché").sheet_state = "veryHidden"

    facts, table, hints = read(tmp_path / "a", xlsx(fill), "xlsx")
    assert facts.sheets == ("Liste élèves", "vide", "Effectifs", "très caché")
    assert (facts.hidden_sheets, facts.filled_sheets) == (("Liste élèves", "très caché"), 2)
    assert table is not None
    assert table.sheet == "Effectifs"
    assert {(hint.kind, hint.column) for hint in hints} >= {("birth_date", "Liste élèves › Date de naissance")}
    assert "Dupont" not in repr(hints) and "2015" not in repr(hints)


def test_a_hidden_sheet_of_an_ods_and_of_an_xls_is_seen(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>'
        '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    body = ods_sheet("Vue", ods_row("a", "b"), ods_row("c", "d"), style="ta1") + ods_sheet(
        "Secret", ods_row("a"), style="ta2"
    )
    assert read(tmp_path / "a", ods(body, styles), "ods")[0].hidden_sheets == ("Secret",)

    def fill(workbook: xlwt.Workbook) -> None:
        workbook.add_sheet("Vue").write(0, 0, "x")
        secret = workbook.add_sheet("Secret")
        secret.write(0, 0, "x")
        secret.visibility = 1

    assert read(tmp_path / "b", xls(fill), "xls")[0].hidden_sheets == ("Secret",)


def test_a_workbook_whose_filled_sheets_are_all_hidden_has_no_table(tmp_path: Path) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.active.append(["a"])
        workbook.active.sheet_state = "hidden"
        workbook.create_sheet("vue")

    facts, table, _ = read(tmp_path / "a", xlsx(fill), "xlsx")
    assert (table, facts.filled_sheets) == (None, 1)


def test_merged_ranges_are_listed_and_counted_in_each_format(tmp_path: Path) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.active.append(["titre"])
        workbook.active.merge_cells("A1:D1")
        for row in range(60):
            workbook.active.merge_cells(f"A{row * 2 + 3}:A{row * 2 + 4}")

    facts = read(tmp_path / "a", xlsx(fill), "xlsx")[0]
    assert (facts.merged_count, len(facts.merged_ranges)) == (61, 50)
    assert "Feuille1!A1:D1" in facts.merged_ranges

    def fill_old(workbook: xlwt.Workbook) -> None:
        workbook.add_sheet("F").write_merge(1, 2, 1, 3, "x")

    assert read(tmp_path / "b", xls(fill_old), "xls")[0].merged_ranges == ("F!B2:D3",)
    spanned = '<table:table-cell table:number-columns-spanned="3" table:number-rows-spanned="2"/>'
    body = ods_sheet("F", ods_row("a"), f"<table:table-row><table:table-cell/>{spanned}</table:table-row>")
    assert read(tmp_path / "c", ods(body), "ods")[0].merged_ranges == ("F!B2:D3",)


def test_formulas_are_counted_in_xlsx_and_ods(tmp_path: Path) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.active.append(["a", "b"])
        for row in range(2, 6):
            workbook.active.append([row, f"=A{row}*2"])

    assert read(tmp_path / "a", xlsx(fill), "xlsx")[0].formula_count == 4
    computed = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
    repeated = '<table:table-cell table:number-columns-repeated="3" table:formula="of:=1" office:value-type="float"/>'
    body = ods_sheet("F", f"<table:table-row>{computed}{repeated}</table:table-row>")
    assert read(tmp_path / "b", ods(body), "ods")[0].formula_count == 4


@pytest.mark.parametrize(
    ("value", "number_format", "label"),
    [
        (dt.datetime(2024, 1, 31, 14, 5, 6), "dd/mm/yyyy hh:mm:ss", "2024-01-31T14:05:06"),
        (dt.date(2024, 1, 31), "dd/mm/yyyy", "2024-01-31"),
        (dt.time(9, 30), "hh:mm", "09:30:00"),
        (dt.timedelta(hours=26, minutes=3), "[h]:mm:ss", "26:03:00"),
        (12.0, "General", "12"),
        (21540395000017, "0", "21540395000017"),
        (0.1, "0.00", "0.1"),
        (1250.5, '#,##0.00 "jours"', "1250.5"),
        (True, "General", "true"),
        ("_x0041_ é", "General", "A é"),
    ],
)
def test_a_cell_becomes_the_text_a_csv_would_hold(
    tmp_path: Path, value: object, number_format: str, label: str
) -> None:
    """A header cell shows how a value is written: labels come out as they were read."""

    def fill(workbook: openpyxl.Workbook) -> None:
        for column in range(1, 4):
            workbook.active.cell(row=1, column=column, value=f"libellé {column}")
        cell = workbook.active.cell(row=1, column=4, value=value)
        cell.number_format = number_format
        for row in range(2, 6):
            for column in range(1, 5):
                workbook.active.cell(row=row, column=column, value=f"v{row}{column}")

    table = read(tmp_path / "a", xlsx(fill), "xlsx")[1]
    assert table is not None
    assert table.labels[3] == label


def test_paragraphs_spaces_and_notes_of_an_ods_cell(tmp_path: Path) -> None:
    rich = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        '<text:p>un<text:s text:c="3"/>deux</text:p><text:p>trois <text:span>quatre</text:span></text:p></table:table-cell>'
    )
    body = ods_sheet(
        "F", f"<table:table-row>{rich}{ods_cell('b')}{ods_cell('c')}</table:table-row>", *[ods_row("x", "y", "z")] * 4
    )
    table = read(tmp_path / "a", ods(body), "ods")[1]
    assert table is not None
    assert table.labels[0] == "un   deux trois quatre"


def test_repeated_rows_and_cells_of_an_ods_are_unrolled(tmp_path: Path) -> None:
    header = ods_row("a", "b", "c", "d")
    cells = (
        f'<table:table-cell table:number-columns-repeated="3" office:value-type="string"><text:p>x</text:p>'
        f'</table:table-cell>{ods_cell(1)}<table:table-cell table:number-columns-repeated="16380"/>'
    )
    rows = f'<table:table-row table:number-rows-repeated="40">{cells}</table:table-row>'
    void = '<table:table-row table:number-rows-repeated="1048535"><table:table-cell/></table:table-row>'
    table = read(tmp_path / "a", ods(ods_sheet("F", header, rows, void)), "ods")[1]
    assert table is not None
    assert (table.row_count, table.blank_count, table.truncated) == (40, 0, False)
    assert [column.filled for column in table.columns] == [40, 40, 40, 40]


# What a workbook tries


def test_a_far_away_cell_and_a_lying_dimension_cost_nothing(tmp_path: Path) -> None:
    """calamine reserves the whole box around the cells and ends the process: 800 GB asked for this file."""
    data = rewritten(
        plain_table("xlsx"),
        "xl/worksheets/sheet1.xml",
        lambda xml: (
            xml.replace(b'r="D6"', b'r="XEZ6"')
            .replace(b'ref="A1:D6"', b'ref="A1:XFD1048576"')
            .replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
        ),
    )
    assert b"XEZ6" in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    table = read(tmp_path / "a", data, "xlsx")[1]
    assert table is not None
    assert (table.header_row, len(table.labels), table.row_count) == (3, 4, 4)


@pytest.mark.parametrize("reference", [b"XFE6", b"ZZZZZZ6", b"6", b"A\xc3\xa96", b"A1048577"])
def test_a_cell_outside_the_sheet_gives_a_fault_or_is_read_without_harm(tmp_path: Path, reference: bytes) -> None:
    data = rewritten(
        plain_table("xlsx"), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="D6"', b'r="' + reference + b'"')
    )
    if reference == b"A1048577":
        assert read(tmp_path / "a", data, "xlsx")[1] is not None
    else:
        with pytest.raises(InspectionError, match="abîmé"):
            read(tmp_path / "a", data, "xlsx")


def test_too_many_cells_stop_the_reading_and_say_so(tmp_path: Path) -> None:
    wide = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>'
    table = read(tmp_path / "a", ods(ods_sheet("F", row, row) + ods_sheet("G", row)), "ods")[1]
    assert table is not None
    assert table.truncated
    assert table.row_count <= sheet_table.MAX_CELLS // 16_384


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, kind: str) -> None:
    member = "content.xml" if kind == "ods" else "xl/worksheets/sheet1.xml"
    data = rewritten(plain_table(kind), member, lambda xml: xml + b" " * 60_000_000)
    with pytest.raises(InspectionError, match="piégée"):
        read(tmp_path / "a", data, kind)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_entities_and_deep_nesting_are_refused(tmp_path: Path, kind: str) -> None:
    member = "content.xml" if kind == "ods" else "xl/worksheets/sheet1.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with pytest.raises(InspectionError, match="entités"):
        read(tmp_path / "a", rewritten(plain_table(kind), member, lambda _: laughs), kind)
    with pytest.raises(InspectionError, match="niveaux"):
        read(tmp_path / "a", rewritten(plain_table(kind), member, lambda _: b"<c>" * 5_000), kind)


def test_a_locked_ods_says_so(tmp_path: Path) -> None:
    manifest = '<manifest><file-entry><encryption-data checksum="x"/></file-entry></manifest>'
    with pytest.raises(InspectionError, match="mot de passe"):
        read(tmp_path / "a", ods("", manifest=manifest), "ods")


def test_a_locked_xlsx_is_an_ole_file_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="mot de passe"):
        read(tmp_path / "a", compound_file("EncryptedPackage", b"secret" * 1000), "xls")


def test_a_locked_xls_says_so(tmp_path: Path) -> None:
    bof = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    lock = struct.pack("<HH6x", 0x002F, 6)
    with pytest.raises(InspectionError, match="mot de passe"):
        read(tmp_path / "a", compound_file("Workbook", bof + lock), "xls")


def test_a_word_document_in_an_ole_file_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="pas un classeur"):
        read(tmp_path / "a", compound_file("WordDocument", b"x" * 5000), "xls")


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.95])
def test_a_truncated_workbook_gives_a_french_fault(tmp_path: Path, kind: str, kept: float) -> None:
    data = plain_table(kind)
    with pytest.raises(InspectionError, match=r"abîm|coup|vide"):
        read(tmp_path / "a", data[: int(len(data) * kept)], kind)


def test_a_workbook_too_large_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(spreadsheet.MAX_FILE + 1)
    with pytest.raises(InspectionError, match="Mo"):
        spreadsheet.read(Content(path, path.name, 0, path.name), "xlsx")


def workbook_stream() -> bytes:
    return CompoundFile(plain_table("xls")).stream("Workbook")


@pytest.mark.parametrize(
    ("kind", "offset", "value"),
    [
        (0x0200, 4, b"\xff\xff\xff\x7f"),  # DIMENSIONS: rows
        (0x0200, 10, b"\xff\xff"),  # DIMENSIONS: columns
        (0x00FC, 4, b"\xff\xff\xff\x7f"),  # SST: shared texts
        (0x00FD, 2, b"\xff\xff"),  # LABELSST: column
        (0x00BD, 10 + 6, b"\x00\x80"),  # MULRK: last column
    ],
)
def test_an_xls_that_announces_absurd_sizes_is_refused_before_calamine(
    tmp_path: Path, kind: int, offset: int, value: bytes
) -> None:
    stream = bytearray(workbook_stream())
    at = next(at for found, at, _ in xls_records.records(bytes(stream)) if found == kind)
    stream[at + offset : at + offset + len(value)] = value
    with pytest.raises(InspectionError, match="abîmé"):
        read(tmp_path / "a", compound_file("Workbook", bytes(stream)), "xls")


def test_an_xls_spread_over_too_many_cells_is_refused(tmp_path: Path) -> None:
    def fill(workbook: xlwt.Workbook) -> None:
        for name in "AB":
            sheet = workbook.add_sheet(name)
            sheet.write(0, 0, "x")
            sheet.write(65_535, 40, "y")

    with pytest.raises(InspectionError, match="millions de cases"):
        read(tmp_path / "a", xls(fill), "xls")


@pytest.mark.parametrize("sectors", [[0], [5], [1, 0]])
def test_sectors_that_turn_in_circles_are_refused(tmp_path: Path, sectors: list[int]) -> None:
    data = bytearray(compound_file("Workbook", b"x" * 30_000))
    for at, sector in enumerate(sectors):
        struct.pack_into("<I", data, 4_096 + 4 * (3 + at), 3 + sector)
    with pytest.raises(InspectionError, match="abîmé"):
        read(tmp_path / "a", bytes(data), "xls")


@given(st.binary(max_size=20_000), st.sampled_from(["Workbook", "Book"]))
def test_a_compound_file_gives_back_its_stream(stream: bytes, name: str) -> None:
    assert CompoundFile(compound_file(name, stream)).stream(name).rstrip(b"\0") == stream.rstrip(b"\0")


def test_damaged_workbooks_give_facts_or_a_fault_and_never_end_the_process(tmp_path: Path) -> None:
    """Run apart: a crash of the process is a failed test."""
    for kind in ("xlsx", "ods", "xls"):
        (tmp_path / f"source.{kind}").write_bytes(plain_table(kind))
    done = apart(Path(__file__).with_name("damage_workbooks.py").read_text(), tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "panicked" not in done.stderr


# Dates


@pytest.mark.parametrize(
    ("code", "date", "elapsed"),
    [
        ("dd/mm/yyyy", True, False),
        ("[$-40C]d mmmm yyyy;@", True, False),
        ("hh:mm", True, False),
        ("[h]:mm:ss", True, True),
        ("General", False, False),
        ("0.00E+00", False, False),
        ('# ##0.00 "jours"', False, False),
        ("# ##0\\ \\d", False, False),
        ("[Red]-0.00", False, False),
        ("@", False, False),
    ],
)
def test_a_number_format_shows_a_date_or_not(code: str, date: bool, elapsed: bool) -> None:
    assert (is_date_format(code) or is_elapsed_format(code), is_elapsed_format(code)) == (date, elapsed)


@pytest.mark.parametrize(
    ("serial", "date1904", "text"),
    [
        (1.0, False, "1900-01-01"),
        (59.0, False, "1900-02-28"),
        (61.0, False, "1900-03-01"),
        (45_322.0, False, "2024-01-31"),
        (45_322.5, False, "2024-01-31T12:00:00"),
        (43_860.0, True, "2024-01-31"),
        (0.5, False, "12:00:00"),
        (-1.0, False, None),
        (1e9, False, None),
        (float("nan"), False, None),
    ],
)
def test_a_serial_number_becomes_a_date(serial: float, date1904: bool, text: str | None) -> None:
    assert date_of_serial(serial, date1904, elapsed=False) == text


@given(st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)))
def test_serials_count_days(day: dt.date) -> None:
    assert date_of_serial(float((day - dt.date(1899, 12, 30)).days), False, elapsed=False) == day.isoformat()


def test_an_iso_duration_becomes_a_clock() -> None:
    assert clock_of_duration("PT10H30M00S") == "10:30:00"
    assert clock_of_duration("P1DT2H") == "26:00:00"
    assert clock_of_duration("hier") == "hier"


# Real workbooks and real sizes


@pytest.mark.shared
def test_every_real_workbook_is_read(shared: Path) -> None:
    paths = [p for p in sorted((shared / "samples/real").rglob("*")) if p.suffix in (".xlsx", ".xls", ".ods")]
    assert len(paths) >= 45
    for path in paths:
        facts, table, *_ = spreadsheet.read(Content(path, path.name, 0, path.name), path.suffix[1:])
        assert facts.filled_sheets >= 1 and table is not None and table.row_count, path.name


@pytest.mark.shared
@pytest.mark.slow
def test_our_streaming_readers_find_the_tables_that_calamine_finds(shared: Path) -> None:
    """The same facts (header, columns, counts, personal data) come of calamine's cells and of ours."""
    import python_calamine

    compared = 0
    for path in sorted(shared.rglob("*")):
        if path.suffix not in (".xlsx", ".ods"):
            continue
        with zipfile.ZipFile(path) as archive:
            sheets = (sheets_ods.read_ods if path.suffix == ".ods" else sheets_xlsx.read_xlsx)(
                archive, sheet_table.CellBudget()
            )
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        assert [sheet.name for sheet in sheets] == workbook.sheet_names, path.name
        budget = sheet_table.CellBudget()
        for sheet in sheets:
            theirs = sheet_table.SheetTable(sheet.name, budget)
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            for line, row in enumerate(rows, start=1):
                theirs.add(line, [sheets_xls._text(value) for value in row])
            theirs.close(SheetMarks())
            # Merges and colours, which calamine does not give, tell the layout.
            ours = replace(sheet.table.facts(), layout=None)
            assert ours == replace(theirs.facts(), layout=None), path.name
            assert sheet.table.personal() == theirs.personal(), path.name
            compared += theirs.filled
    assert compared > 50


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="la mémoire se lit dans /proc")
def test_a_large_sheet_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    relations = '<Relationships><Relationship Id="r1" Type="x/{}" Target="{}"/></Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("_rels/.rels", relations.format("officeDocument", "xl/workbook.xml"))
        file.writestr("xl/_rels/workbook.xml.rels", relations.format("worksheet", "worksheets/sheet1.xml"))
        file.writestr(
            "xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>'
        )
        with file.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for row in range(1, 60_001):
                texts = [f"texte {row} {column}" if row > 1 else f"col{column}" for column in range(10)]
                cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
                sheet.write(f'<row r="{row}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
    code = (
        "import re, sys; from pathlib import Path; from opendata_check.inspection.sheets.workbook import read;"
        "from opendata_check.model.content import Content;"
        "table = read(Content(Path(sys.argv[1]), '', 0, ''), 'xlsx')[1];"
        "peak = re.search(r'VmHWM:\\s+([0-9]+) kB', Path('/proc/self/status').read_text());"
        "print(table.row_count, int(peak[1]) // 1024)"
    )
    count, megabytes = map(int, apart(code, path).stdout.split())
    assert count == 59_999
    # pyarrow and numpy take 75 MB of it before the first cell.
    assert megabytes < 175


@pytest.mark.parametrize(("name", "main"), [("Mode d'emploi", "Données"), ("Relevés", "Relevés")])
def test_a_long_notice_is_never_the_table_whatever_its_length(tmp_path: Path, name: str, main: str) -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet(name)
    first.title = "Données"
    first.append(["annee", "prenom", "nombre"])
    first.append([2024, "Louise", 12])
    second.append(["Colonne", "Explication", "Exemple"])
    for at in range(60):
        second.append([f"colonne {at}", "ce qu'il faut écrire", at])
    path = tmp_path / "a.xlsx"
    book.save(path)
    table = spreadsheet.read(Content(path, path.name, path.stat().st_size, path.name), "xlsx").table
    assert table is not None and table.sheet == main
