"""The workbook, read back by openpyxl and by calamine: typed, filterable, inert, the same bytes each time."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import report_samples as samples
from python_calamine import CalamineWorkbook
from test_reports_csv import FORMULAS
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.finding import Axis
from opendata_check.model.report import AuditReport
from opendata_check.reports.office import workbook as workbook_module
from opendata_check.reports.office.tables import Column, Kind
from opendata_check.reports.office.workbook import MAX_CELL, Sheet, workbook

SHEETS = ["Résumé", "À faire", "Règles", "Publié", "Accessible", "Exploitable", "Réutilisable", "À jour",
          "Protégé", "Jeux de données", "Fichiers", "Questions"]  # fmt: skip


def made(report: AuditReport) -> bytes:
    content = reports.rendered(report, "xlsx")
    assert isinstance(content, bytes)
    return content


def opened(content: bytes):
    return openpyxl.load_workbook(BytesIO(content))


def table(content: bytes, name: str) -> list[dict[str, object]]:
    head, *rows = opened(content)[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("name", samples.ALL)
def test_every_sheet_has_titles_filters_and_a_frozen_line(name: str) -> None:
    book = opened(made(samples.ALL[name]()))
    assert book.sheetnames == SHEETS
    for sheet in book:
        titles = [cell.value for cell in sheet[1]]
        assert all(isinstance(title, str) for title in titles)
        assert len(set(titles)) == len(titles)
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert not sheet.merged_cells.ranges


@pytest.mark.parametrize("name", samples.ALL)
def test_two_readers_see_the_same_cells(name: str) -> None:
    content = made(samples.ALL[name]())
    theirs = CalamineWorkbook.from_filelike(BytesIO(content))
    for sheet in opened(content):
        other = theirs.get_sheet_by_name(sheet.title).to_python()
        here = [[_plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert [[_plain(cell) for cell in row] for row in other] == here


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int):
        return float(cell)
    return "" if cell is None else cell


def test_each_axis_has_its_findings() -> None:
    report = samples.bound_commune()
    content = made(report)
    for name, axis in zip(SHEETS[3:9], Axis, strict=True):
        own = [finding.fingerprint for finding in report.findings if finding.axis is axis]
        assert [row["Empreinte"] for row in table(content, name)] == own


def test_cells_are_numbers_dates_and_words() -> None:
    content = made(samples.bound_commune())
    (row,) = [row for row in table(content, "Exploitable") if row["Colonne"] == "dateConvention"]
    assert (row["Première ligne"], row["Nombre de lignes"]) == (4, 236)
    assert row["Date"] == datetime(2026, 11, 23)
    duties = {row["Identifiant"]: row for row in table(content, "Règles")}
    assert isinstance(duties["diffusion-par-principe"]["En vigueur depuis"], datetime | None)
    sheet = opened(content)["Exploitable"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Date")
    assert sheet.cell(2, column).number_format == "dd/mm/yyyy"


def test_every_duty_is_told_with_its_reason_and_articles() -> None:
    report = samples.bound_commune()
    rows = {row["Identifiant"]: row for row in table(made(report), "Règles")}
    assert set(rows) == {duty.obligation for duty in report.duties}
    assert all(row["État"] and row["Pour vous"] and row["Article"] and row["Lecture du texte"] for row in rows.values())


def test_the_summary_holds_the_verdict_the_scores_and_the_counts() -> None:
    report = samples.bound_commune()
    rows = {row["Information"]: row["Valeur"] for row in table(made(report), "Résumé")}
    assert "est tenue" in str(rows["Êtes-vous concernés"])
    assert rows["Ensemble"] == 58
    assert rows["Tous les constats"] == len(report.findings)
    assert rows["À améliorer"] == sum(finding.outcome == "non_compliant" for finding in report.findings)
    assert rows["Date"] == datetime(2026, 11, 23)


def test_the_actions_leave_room_to_write_who_when_and_done() -> None:
    report = samples.bound_commune()
    rows = table(made(report), "À faire")
    assert [row["Quoi"] for row in rows] == [priority.title for priority in report.priorities]
    assert {(row["Qui"], row["Échéance"], row["Fait"]) for row in rows} == {(None, None, None)}
    assert all(isinstance(row["À partir du"], datetime) for row in rows)


def test_files_and_datasets_are_listed() -> None:
    report = samples.bound_commune()
    content = made(report)
    assert len(table(content, "Jeux de données")) == len(report.datasets)
    files = {row["Fichier"]: row for row in table(content, "Fichiers")}
    assert files["subventions-2025.csv"]["Lignes de données"] == 245
    assert files["subventions-2025.csv"]["Modèle reconnu"] == "scdl/subventions"


def test_what_was_not_seen_is_said() -> None:
    rows = table(made(samples.partial()), "Résumé")
    assert any(row["Information"] == "Examen incomplet" for row in rows)
    assert any("500" in str(row["Valeur"]) for row in rows if row["Information"] == "Non vu")


def test_the_same_report_gives_the_same_bytes() -> None:
    assert made(samples.bound_commune()) == made(samples.bound_commune())


def test_the_workbook_says_its_date_title_and_language() -> None:
    content = made(samples.bound_commune())
    properties = opened(content).properties
    assert properties.created == datetime(2026, 11, 23)
    assert properties.title == "Données ouvertes : Valombre-sur-Orle, le 23 novembre 2026"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "fr-FR" in archive.read("docProps/custom.xml").decode()
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


@pytest.mark.parametrize("words", (*FORMULAS, *HOSTILE, "https://mechant.example", "_x0041_ _x000D_", "a\x00b\ufffe"))
def test_hostile_words_are_words(words: str) -> None:
    content = made(poisoned(words))
    book = opened(content)
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n", "d", "inlineStr"}
            assert not [cell for cell in row if cell.hyperlink]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        ElementTree.fromstring(part)
        assert b"<f>" not in part
        assert b"hyperlink" not in part
        assert not name.startswith(("/", ".."))


def test_escapes_of_the_format_are_read_back_as_typed() -> None:
    finding = replace(samples.bound_commune().findings[0], message="_x0041_ et _x000D_ ' <b>&amp;")
    content = made(replace(samples.bound_commune(), findings=(finding,)))
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("Publié").to_python()
    assert "_x0041_ et _x000D_ ' <b>&amp;" in sheet[1]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    content = workbook([Sheet("A", (Column("title", Kind.LONG),), [("x" * 40_000,)])], "t", date(2026, 1, 1))
    (cell,) = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("A").to_python()[1]
    assert len(cell) == MAX_CELL
    assert cell.endswith("(coupé : la case est pleine)")


def test_more_rows_than_a_sheet_holds_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "MAX_ROWS", 10)
    content = workbook([Sheet("A", (Column("rank", Kind.WHOLE),), [(n,) for n in range(20)])], "t", date(2026, 1, 1))
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("A").to_python()
    assert len(rows) == 10
    assert [row[0] for row in rows[1:9]] == list(range(8))
    assert str(rows[9][0]).startswith("12")


def test_a_date_before_the_calendar_of_excel_is_written_in_letters() -> None:
    content = workbook([Sheet("A", (Column("date", Kind.DATE),), [(date(1789, 7, 14),)])], "t", date(2026, 1, 1))
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("A").to_python()[1] == ["1789-07-14"]


def test_no_room_for_temporary_files_is_one_french_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(reports.ReportError, match="n'a pas pu être préparé"):
        made(samples.bound_commune())


def test_nothing_is_left_behind_when_it_fails_midway(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str]]:
        yield ("a",)
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        workbook([Sheet("A", (Column("title"),), rows())], "t", date(2026, 1, 1))
    made(samples.bound_commune())
    assert list(tmp_path.iterdir()) == []
