"""Layout verdicts from real workbooks: what is told, where, and that a clean table is told nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
from checks_building import evidence_of
from openpyxl.worksheet.worksheet import Worksheet

from opendata_check.checks.loading import all_checks
from opendata_check.checks.running import run_checks
from opendata_check.inspection import inspect
from opendata_check.model.content import Content
from opendata_check.model.finding import Finding, Outcome

LAYOUT = (
    "tableur-simple",
    "entete-correct",
    "lignes-regulieres",
    "lignes-de-donnees",
    "une-valeur-par-cellule",
    "periodes-en-lignes",
)
CHECKS = [check for check in all_checks() if check.rule.id in LAYOUT]
HEADER = ["Rue", "Essence", "Nombre", "Montant"]
DATA: list[list[object]] = [
    ["Rue des Écoles", "Tilleul", 12, 1250.5],
    ["Avenue de la Gare", "Platane", 31, 900],
    ["Place de la Mairie", "Chêne", 4, 640.25],
    ["Rue du Moulin", "Érable", 9, 310],
]


def findings(
    path: Path, rows: Sequence[Sequence[object]], change: Callable[[Worksheet], None] | None = None
) -> list[Finding]:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Arbres"
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    file = path / "arbres.xlsx"
    file.write_bytes(stream.getvalue())
    facts = inspect(Content(file, file.name, file.stat().st_size, file.name))
    return list(run_checks(CHECKS, evidence_of({"file": {"name": file.name, "facts": facts}})))


def faults(found: Sequence[Finding]) -> dict[tuple[str, str], Finding]:
    return {(item.check, item.case): item for item in found if item.outcome is not Outcome.COMPLIANT}


def test_a_clean_sheet_passes_every_layout_check(tmp_path: Path) -> None:
    found = findings(tmp_path, [HEADER, *DATA])
    assert faults(found) == {}
    assert {item.check for item in found} == set(LAYOUT) - {"periodes-en-lignes"}


def test_a_sheet_for_the_eye_is_told_piece_by_piece_with_its_region(tmp_path: Path) -> None:
    rows = [["Arbres de la commune"], [], HEADER, *DATA, ["Total", None, 56, 3100.75], [], ["Source : mairie"]]
    told = faults(findings(tmp_path, rows, lambda sheet: (sheet.merge_cells("A1:D1"), sheet.merge_cells("B4:B5"))))
    assert set(told) == {
        ("tableur-simple", "titles"),
        ("tableur-simple", "merged_body"),
        ("lignes-de-donnees", "total"),
        ("lignes-de-donnees", "notes"),
    }
    total = told["lignes-de-donnees", "total"]
    assert "(ligne 8)" in total.message
    assert "A3:D7" in total.message
    assert total.locations[0].sheet == "Arbres"
    assert total.locations[0].rows == ((8, 8),)
    assert "B4:B5" in told["tableur-simple", "merged_body"].message
    assert "LibreOffice" in total.remedy and "Excel" in total.remedy


def test_blank_rows_inside_the_table_are_told_and_those_under_it_are_not(tmp_path: Path) -> None:
    told = faults(findings(tmp_path, [HEADER, *DATA[:2], [], *DATA[2:], [], [], ["Source : mairie"]]))
    assert set(told) == {("lignes-regulieres", "blank"), ("lignes-de-donnees", "notes")}
    assert told["lignes-regulieres", "blank"].count == 1
    assert "(ligne 4)" in told["lignes-regulieres", "blank"].message


def test_merges_of_a_title_alone_are_told_as_a_title(tmp_path: Path) -> None:
    told = faults(findings(tmp_path, [["Arbres"], HEADER, *DATA], lambda sheet: sheet.merge_cells("A1:D1")))
    assert set(told) == {("tableur-simple", "titles")}


def test_a_header_on_two_rows_is_told_once(tmp_path: Path) -> None:
    rows = [["Rue", "Essence", "Comptage", None], [None, None, "Nombre", "Montant"], *DATA]
    told = faults(
        findings(
            tmp_path,
            rows,
            lambda sheet: (sheet.merge_cells("C1:D1"), sheet.merge_cells("A1:A2"), sheet.merge_cells("B1:B2")),
        )
    )
    assert set(told) == {("entete-correct", "two_rows"), ("tableur-simple", "merged_header")}
    assert "(lignes 1 à 2)" in told["entete-correct", "two_rows"].message


def test_years_as_columns_and_colours_are_questions(tmp_path: Path) -> None:
    def paint(sheet: Worksheet) -> None:
        for place in ("C3", "C4", "C5"):
            sheet[place].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF0000")

    years = [["Commune", "2020", "2021", "2022", "2023"], *([f"Commune {n}", n, n + 1, n + 5, n + 7] for n in range(9))]
    told = faults(findings(tmp_path, years, paint))
    assert set(told) == {("periodes-en-lignes", "unverifiable"), ("une-valeur-par-cellule", "colour")}
    assert {item.outcome for item in told.values()} == {Outcome.UNVERIFIABLE}
    assert "colonne C" in told["une-valeur-par-cellule", "colour"].message


def test_no_message_quotes_a_cell(tmp_path: Path) -> None:
    secret = "Zzyzx"
    rows = [
        [secret],
        HEADER,
        [secret, secret, 1, 2],
        *DATA,
        [f"Total {secret}", None, 57, 3102.75],
        [],
        [f"Source : {secret}"],
    ]
    for item in findings(tmp_path, rows):
        assert secret not in item.message + item.evidence + item.remedy
