"""The workbook, the flat table and the Parquet files of a lot, read again by programs that did not write them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import lot_samples as samples
import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from opendata_check.lot_pages import batch_pages
from opendata_check.model.lot import Lot, LotEntry, LotResult, LotState
from opendata_check.reports.lot import workbook

SHEETS = ["Communes", "Actions", "Axes", "Évolution", "Idées", "Non examinées"]
FORMULAS = ["=1+1", "+33 3 00", "-2", "@SUM(A1)", "\t=1", " =cmd|'/c calc'!A0", "http://ailleurs.example", "{=1}"]


@pytest.fixture(scope="module")
def lot() -> Lot:
    return samples.lot(60)


@pytest.fixture(scope="module")
def files(lot: Lot) -> dict[str, bytes]:
    return samples.contents(lot, batch_pages)


def sheet(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    """Return a sheet as openpyxl reads it, a row a dictionary."""
    rows = list(load_workbook(io.BytesIO(files["synthese.xlsx"]))[name].iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_sheets_are_headed_filtered_and_frozen(files: dict[str, bytes]) -> None:
    book = load_workbook(io.BytesIO(files["synthese.xlsx"]))
    assert book.sheetnames == SHEETS
    for one in book:
        assert one.freeze_panes == "A2"
        assert one.auto_filter.ref.startswith("A1:")
        heads = [cell.value for cell in one[1]]
        assert all(heads)
        assert len(set(heads)) == len(heads)


def test_the_list_s_own_columns_come_first(files: dict[str, bytes], lot: Lot) -> None:
    rows = sheet(files, "Communes")
    assert list(rows[0])[:3] == ["Secteur", "Réf.", "Ligne de la liste"]
    assert [(row["Secteur"], row["Réf."]) for row in rows] == [
        tuple(v for _, v in one.entry.extra) for one in lot.results
    ]


def test_every_line_is_there_with_typed_cells(files: dict[str, bytes], lot: Lot) -> None:
    rows = sheet(files, "Communes")
    assert len(rows) == len(lot.results)
    for row, one in zip(rows, lot.results, strict=True):
        assert row["Ligne de la liste"] == one.entry.line
        if one.summary is None:
            assert row["Nom"] is None
            continue
        assert row["Code Insee"] == one.summary.insee_code
        assert isinstance(row["Habitants"], int)
        assert row["Date d'examen"] == datetime(2026, 11, 26)
        score = one.summary.overall
        assert row["Score (0 à 100)"] == (None if score is None else pytest.approx(score, abs=0.06))
        if one.summary.newest:
            assert row["Dernière mise à jour"].date() == one.summary.newest


def test_calamine_reads_the_same(files: dict[str, bytes], lot: Lot) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["synthese.xlsx"]))
    rows = book.get_sheet_by_name("Communes").to_python()
    assert len(rows) == len(lot.results) + 1
    day = rows[0].index("Date d'examen")
    assert {row[day] for row in rows[1:]} <= {date(2026, 11, 26), ""}


def test_other_sheets_agree_with_the_lot(files: dict[str, bytes], lot: Lot) -> None:
    summaries = [one.summary for one in lot.results if one.summary]
    axes = sheet(files, "Axes")
    assert len(axes) == len(summaries)
    assert axes[0]["Publié (0 à 100)"] == summaries[0].axes[0].score
    left = sheet(files, "Non examinées")
    assert Counter(row["Examen"] for row in left) == Counter(
        {"failed": "impossible", "unknown": "non reconnu", "duplicate": "déjà dans la liste", "partial": "en partie"}[
            one.state
        ]
        for one in lot.results
        if one.state is not LotState.DONE
    )
    moved = {row["Ligne de la liste"]: row for row in sheet(files, "Évolution")}
    for one in lot.results:
        if one.change is not None:
            row = moved[one.entry.line]
            assert (row["Points en moins"], row["Points nouveaux"]) == (one.change.mended, one.change.new)
    assert all(row["Données non trouvées"] and row["Temps estimé"] for row in sheet(files, "Idées"))


def test_actions_gather_the_findings_one_gesture_mends(files: dict[str, bytes], lot: Lot) -> None:
    rows = sheet(files, "Actions")
    for one in (one for one in lot.results if one.summary):
        marks = [mark for mark in samples.marks_of(one) if mark.outcome == "non_compliant"]
        told = [row for row in rows if row["Ligne de la liste"] == one.entry.line]
        assert {row["Action"] for row in told} == {mark.title for mark in marks}
        assert sum(row["Constats"] for row in told) == sum(mark.count for mark in marks)
        assert [row["Ordre"] for row in told] == list(range(1, len(told) + 1))
    heavy = [row["Gravité"] for row in rows if row["Ordre"] == 1]
    assert "à traiter d'abord" in heavy


def hostile() -> Lot:
    """Return a lot whose every text may be taken for a formula."""
    results = []
    for number, text in enumerate(FORMULAS):
        one = samples.lot(1, since=None, seed=number).results[0]
        summary = samples.lot(30, since=None).results[5].summary
        assert summary is not None
        summary = replace(summary, name=text, first_action=text, epci_name=text)
        entry = LotEntry(number, text, f"k{number}", (("=A1", text), ("=A1", "bis"), ("Nom", text)))
        results.append(replace(one, entry=entry, state=LotState.DONE, summary=summary, fault=None))
    return Lot("", samples.ON, "1", tuple(results))


def test_no_cell_is_ever_a_formula_or_a_link() -> None:
    files = samples.contents(hostile(), batch_pages)
    for one in load_workbook(io.BytesIO(files["synthese.xlsx"])):
        for cell in (cell for row in one for cell in row):
            assert cell.data_type != "f"
            if isinstance(cell.value, str) and cell.value.lstrip()[:1] in "=+-@":
                assert cell.quotePrefix or cell.row == 1
            assert cell.hyperlink is None
    rows = list(csv.reader(io.StringIO(files["synthese.csv"].decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in tuple("=+@") and cell]


def test_repeated_labels_get_a_number() -> None:
    files = samples.contents(hostile(), batch_pages)
    heads = [str(cell.value) for cell in load_workbook(io.BytesIO(files["synthese.xlsx"]))["Communes"][1]]
    assert heads[:2] == ["=A1", "Nom"]
    assert "Nom (2)" in heads


def test_many_huge_columns_are_cut() -> None:
    extra = tuple((f"colonne {n}", "x" * 200_000) for n in range(100))
    results = tuple(LotResult(LotEntry(n, "y" * 200_000, f"k{n}", extra), LotState.UNKNOWN) for n in range(20))
    files = samples.contents(Lot("", samples.ON, "1", results), batch_pages)
    rows = sheet(files, "Communes")
    assert len(rows) == 20
    assert max(len(cell) for row in rows for cell in row.values() if isinstance(cell, str)) == 1000
    assert [head for head in rows[0] if head.startswith("colonne")] == [f"colonne {n}" for n in range(50)]
    assert sum(map(len, files.values())) < 3_000_000


def test_characters_illegal_in_xml_are_left_out() -> None:
    entry = LotEntry(1, "a\x00b\x0bc\ud800d\ufffe\x1b[31me", "k", (("é\x01", "\x02"),))
    lot = Lot("\x00", samples.ON, "1", (LotResult(entry, LotState.UNKNOWN),))
    row = sheet(samples.contents(lot, batch_pages), "Communes")[0]
    assert row["Écrit dans la liste"].startswith("ab c")
    assert "\x1b" not in row["Écrit dans la liste"]


def test_a_full_sheet_says_so(monkeypatch: pytest.MonkeyPatch, lot: Lot) -> None:
    monkeypatch.setattr(workbook, "_LAST_ROW", 30)
    files = samples.contents(lot, batch_pages)
    rows = list(load_workbook(io.BytesIO(files["synthese.xlsx"]))["Actions"].iter_rows(values_only=True))
    assert len(rows) == 32
    assert rows[-1][0] == "Feuille pleine : la suite est dans constats.parquet."


def test_flat_table_has_every_line(files: dict[str, bytes], lot: Lot) -> None:
    text = files["synthese.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(lot.results)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [row["Ligne de la liste"] for row in rows] == [str(one.entry.line) for one in lot.results]


def test_duckdb_reads_typed_scores_and_findings(files: dict[str, bytes], lot: Lot, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    for name in ("scores", "constats"):
        (tmp_path / f"{name}.parquet").write_bytes(files[f"{name}.parquet"])
    base = duckdb.connect(":memory:")
    scores, findings = (f"'{tmp_path / name}.parquet'" for name in ("scores", "constats"))
    types = {row[0]: row[1] for row in base.execute(f"describe select * from {scores}").fetchall()}
    assert (types["on"], types["newest"], types["overall"], types["population"], types["families"], types["partial"]) == (
        "DATE", "DATE", "DOUBLE", "BIGINT", "VARCHAR[]", "BOOLEAN",
    )  # fmt: skip
    summaries = [one.summary for one in lot.results if one.summary]
    assert base.execute(f"select count(*), count(overall), sum(datasets) from {scores}").fetchone() == (
        len(lot.results),
        sum(one.overall is not None for one in summaries),
        sum(one.datasets for one in summaries),
    )
    marks = {one.entry.key: len(samples.marks_of(one)) for one in lot.results if one.summary}
    assert dict(base.execute(f"select key, count(*) from {findings} group by key").fetchall()) == marks
    assert base.execute(f"select sum(count) from {findings}").fetchone() == (
        sum(mark.count for one in lot.results if one.summary for mark in samples.marks_of(one)),
    )


def test_findings_are_written_by_groups(monkeypatch: pytest.MonkeyPatch, lot: Lot) -> None:
    import pyarrow.parquet as pq

    from opendata_check.reports.lot import parquet

    monkeypatch.setattr(parquet, "_GROUP", 100)
    read = pq.ParquetFile(io.BytesIO(samples.contents(lot, batch_pages)["constats.parquet"]))
    assert read.num_row_groups > 5
    assert read.metadata.num_rows == sum(len(samples.marks_of(one)) for one in lot.results if one.summary)


def test_findings_are_asked_once_a_body_in_order_and_never_of_who_was_not_audited(lot: Lot) -> None:
    asked: list[str] = []

    def marks_of(result: LotResult) -> tuple[Any, ...]:
        asked.append(result.entry.key)
        return ()

    for _, content in batch_pages(lot, marks_of):
        if not isinstance(content, bytes):
            "".join(content)
    assert asked == [one.entry.key for one in lot.results if one.summary]


def test_an_empty_lot_makes_empty_tables() -> None:
    files = samples.contents(Lot("", samples.ON, "1", ()), batch_pages)
    assert [sheet(files, name) for name in SHEETS] == [[]] * 6
    assert "index.html" in files
