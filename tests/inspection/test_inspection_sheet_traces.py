"""What workbooks keep beside their cells (authors, comments, hidden parts, locks, macros), and the bombs they may hold."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import openpyxl
import openpyxl.chart
import openpyxl.comments
import pytest
import xlwt
from sheet_building import DATA, HEADER, mark, reading, remade, sheet_xml, workbook

from opendata_check.inspection.sheets.formulas import adds_up_above
from opendata_check.inspection.sheets.table import CellBudget
from opendata_check.inspection.sheets.traces import zip_traces
from opendata_check.inspection.sheets.xlsx import read_xlsx
from opendata_check.model.facts import TraceFacts

# What a workbook keeps beside its cells


def core(author: str, last: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{author}</dc:creator>'
        f"<cp:lastModifiedBy>{last}</cp:lastModifiedBy></cp:coreProperties>"
    )


def test_a_workbook_without_traces_has_none(tmp_path: Path) -> None:
    data = remade(workbook([HEADER, *DATA]), {"docProps/core.xml": core("", "")})
    assert reading(tmp_path / "a.xlsx", data).traces == TraceFacts()


def test_traces_of_an_xlsx_are_counted_and_never_quoted(tmp_path: Path) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["A2"].comment = openpyxl.comments.Comment("À vérifier avec Zzyzx", "Zzyzx")
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["Z"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet.protection.sheet = True
        other = sheet.parent.create_sheet("Paie")
        other.append(["x"])
        other.sheet_state = "veryHidden"

    data = remade(
        workbook([HEADER, *DATA], change),
        {
            "docProps/core.xml": core("Aurélie Zzyzx", "Aurélie Zzyzx"),
            "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0",
            "xl/threadedComments/threadedComment1.xml": '<ThreadedComments xmlns="x"><threadedComment/><threadedComment/></ThreadedComments>',
            "xl/revisions/revisionLog1.xml": '<revisions xmlns="x"><rcc/><rrc/></revisions>',
            "xl/embeddings/oleObject1.bin": b"\0",
        },
    )
    found = reading(tmp_path / "a.xlsx", data)
    traces = found.traces
    assert (traces.author, traces.last_author, traces.comments, traces.macros) == (True, True, 2, 1)
    assert (traces.tracked_changes, traces.embedded_files, traces.partly_read) == (2, 1, False)
    assert traces.hidden_count == 3
    assert traces.hidden_places == (
        "colonne B de la feuille « Arbres »",
        "ligne 3 de la feuille « Arbres »",
        "feuille « Paie »",
    )
    assert found.facts.very_hidden_sheets == ("Paie",)
    assert found.facts.protected_sheets == ("Arbres",)
    assert "Zzyzx" not in repr(found)


def test_a_locked_sheet_is_read_and_a_locked_file_is_not(tmp_path: Path) -> None:
    found = reading(
        tmp_path / "a.xlsx", workbook([HEADER, *DATA], lambda sheet: setattr(sheet.protection, "sheet", True))
    )
    assert found.facts.protected_sheets == ("Arbres",)
    assert found.table is not None and found.table.row_count == 6


ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("meta", "meta"),
        ("fo", "xsl-fo-compatible"), ("draw", "drawing"),
    )
)  # fmt: skip


def ods(body: str, styles: str = "", before: str = "", **parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        file.writestr(
            "content.xml",
            f"<office:document-content {ODS_NAMES}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:spreadsheet>{before}{body}</office:spreadsheet></office:body></office:document-content>",
        )
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def ods_cell(value: object, style: str = "", inside: str = "", formula: str = "") -> str:
    more = f' table:style-name="{style}"' if style else ""
    more += f' table:formula="{formula}"' if formula else ""
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"{more}><text:p>{value}</text:p></table:table-cell>'
    return (
        f'<table:table-cell office:value-type="string"{more}>{inside}<text:p>{value or ""}</text:p></table:table-cell>'
    )


def test_traces_and_colours_of_an_ods(tmp_path: Path) -> None:
    rows = ""
    for line, row in enumerate([HEADER, *DATA, *DATA]):
        hidden = ' table:visibility="collapse"' if line == 3 else ""
        note = "<office:annotation><text:p>Zzyzx</text:p></office:annotation>" if line == 2 else ""
        cells = [
            ods_cell(value, "ce1" if at == 2 and 3 <= line <= 5 else "", note if at == 0 else "")
            for at, value in enumerate(row)
        ]
        rows += f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>"
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="2"/>'
    data = ods(
        f'<table:table table:name="Arbres" table:protected="true">{columns}{rows}</table:table>',
        '<style:style style:name="ce1" style:family="table-cell"><style:table-cell-properties fo:background-color="#ff0000"/></style:style>',
        "<table:tracked-changes><table:cell-content-change/><table:insertion/></table:tracked-changes>",
        meta_xml=f"<office:document-meta {ODS_NAMES}><meta:initial-creator>Aurélie Zzyzx</meta:initial-creator></office:document-meta>",
        Basic__Standard__Module1_xml="<x/>",
    )
    found = reading(tmp_path / "a.ods", data, "ods")
    assert mark(found.facts.layouts[0], "colour").cells == ("C4", "C5", "C6")
    traces = found.traces
    assert (traces.author, traces.comments, traces.tracked_changes, traces.macros) == (True, 1, 2, 1)
    assert traces.hidden_places == ("colonne B de la feuille « Arbres »", "ligne 4 de la feuille « Arbres »")
    assert found.facts.protected_sheets == ("Arbres",)
    assert "Zzyzx" not in repr(found)


def test_a_total_is_told_by_its_formula_in_an_ods(tmp_path: Path) -> None:
    rows = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in [HEADER, *DATA])
    total = (
        ods_cell("Bilan")
        + ods_cell("")
        + ods_cell(95, formula="of:=SUM([.C2:.C7])")
        + ods_cell(4186.25, formula="of:=SUM([.D2:.D7])")
    )
    data = ods(f'<table:table table:name="A">{rows}<table:table-row>{total}</table:table-row></table:table>')
    assert mark(reading(tmp_path / "a.ods", data, "ods").facts.layouts[0], "total").rows == ((8, 8),)


def test_sums_of_a_row_do_not_make_it_a_total() -> None:
    assert not adds_up_above("of:=SUM([.B3:.M3])", 3)
    assert not adds_up_above("SUM(B3:M3)", 3)
    assert adds_up_above("SUBTOTAL(9,$C$2:$C$7)", 8)
    assert not adds_up_above("SUM(C9:C20)", 8)


def test_a_sheet_with_a_chart_and_no_cell_is_told(tmp_path: Path) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        chart = openpyxl.chart.BarChart()
        chart.add_data(openpyxl.chart.Reference(sheet, min_col=3, min_row=1, max_row=7), titles_from_data=True)
        sheet.parent.create_sheet("Graphique").add_chart(chart)
        sheet.parent.create_sheet("Feuil3")

    found = reading(tmp_path / "a.xlsx", workbook([HEADER, *DATA], change)).facts
    assert found.empty_sheets == ("Graphique", "Feuil3")
    assert found.drawing_sheets == ("Graphique",)


def test_the_sheet_of_data_is_chosen_over_a_small_summary(tmp_path: Path) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        data = sheet.parent.create_sheet("Données")
        for row in [HEADER, *DATA * 10]:
            data.append(row)

    found = reading(tmp_path / "a.xlsx", workbook([["Essence", "Nombre"], ["Tilleul", 2], ["Total", 2]], change))
    assert found.table is not None and found.table.sheet == "Données"
    alike = reading(tmp_path / "b.xlsx", workbook([HEADER, *DATA * 8], change))
    assert alike.table is not None and alike.table.sheet == "Arbres"


# Bombs


STYLED = '<c s="1"/>' * 200
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/worksheets/sheet1.xml": sheet_xml(CELLS, after="<mergeCells>" + '<mergeCell ref="A3:XFD3"/>' * 300_000 + "</mergeCells>")},
        {"xl/worksheets/sheet1.xml": sheet_xml(CELLS, before="<cols>" + '<col min="1" max="16383" hidden="1"/>' * 300_000 + "</cols>")},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1">' + "<c><v>1</v></c>" * 16_384 + "</row>" + CELLS[:0])},
        {"xl/worksheets/sheet1.xml": sheet_xml("".join(f'<row r="{r}">{STYLED}</row>' for r in range(1, 3_000)))},
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1"><c><f>' + "SUM(A1:A2)+" * 300_000 + "</f><v>1</v></c></row>")},
        {"xl/styles.xml": '<styleSheet xmlns="x"><fills>' + '<fill><patternFill patternType="solid"><fgColor rgb="FF0000AA"/></patternFill></fill>' * 65_000 + "</fills><cellXfs>" + '<xf fillId="64999"/>' * 65_000 + "</cellXfs></styleSheet>"},
        {"xl/comments1.xml": '<comments xmlns="x">' + "<comment/>" * 300_000 + "</comments>"},
    ],
    ids=["merges", "hidden columns", "wide", "styled voids", "formula", "styles", "comments"],
)  # fmt: skip
def test_bombs_are_bounded(tmp_path: Path, parts: dict[str, str]) -> None:
    # Bytes that do not repeat keep the zip below the ratio that has it refused: the reader itself is under test.
    noise = random.Random(1).randbytes(1_200_000)
    data = remade(workbook([HEADER, *DATA]), {**parts, "xl/media/noise.bin": noise})
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    started = time.process_time()
    with zipfile.ZipFile(path) as archive:
        sheets = read_xlsx(archive, CellBudget())
        zip_traces(archive, sheets)
    assert time.process_time() - started < 20
    assert len(sheets[0].marks.hidden_columns) <= 16_384
    assert (sheets[0].marks.fills, sheets[0].marks.spans) == ({}, [])


def test_entities_in_the_properties_leave_the_sheets_readable(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><x><creator>&b;</creator></x>'
    found = reading(tmp_path / "a.xlsx", remade(workbook([HEADER, *DATA]), {"docProps/core.xml": bomb}))
    assert found.table is not None and found.table.row_count == 6
    assert found.traces.partly_read


# Old formats


def test_an_xls_shows_its_hidden_rows_and_columns_its_locks_and_its_colours(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Arbres")
    red = xlwt.easyxf("pattern: pattern solid, fore_colour red")
    for line, row in enumerate([HEADER, *DATA, *DATA]):
        for column, value in enumerate(row):
            if column == 2 and 3 <= line <= 5:
                sheet.write(line, column, value, red)
            else:
                sheet.write(line, column, value)
    sheet.col(1).hidden = True
    sheet.row(4).hidden = True
    sheet.protect = True
    stream = io.BytesIO()
    book.save(stream)
    found = reading(tmp_path / "a.xls", stream.getvalue(), "xls")
    assert mark(found.facts.layouts[0], "colour").cells == ("C4", "C5", "C6")
    assert found.facts.hidden_columns == ("Arbres!B",)
    assert (found.facts.hidden_row_count, found.facts.hidden_row_places) == (1, ("Arbres!5:5",))
    assert found.facts.protected_sheets == ("Arbres",)
    assert found.traces.hidden_count == 2
