"""`store` as users type it: history, diff, trend, export and check; names, dates and files told when they are wrong."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "store"))
from store_samples import mark, summary

from opendata_check import store

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "=cmd|'/c calc'!A0 \x1b[31m<b>\u202e|gras|"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a store: Nancy four times (once late and partial), two Saint-Denis, a fictional commune."""
    path = tmp_path / "audits.db"
    with store.opened(path, write=True) as kept:
        kept.add(summary(on=date(2026, 9, 1), overall=70.2), [mark(1), mark(2)], run="septembre")
        kept.add(summary(on=date(2026, 10, 1), datasets=20), [mark(2), mark(3)])
        kept.add(summary(on=date(2026, 11, 1), overall=None, tool_version="0.2.0"), [mark(3), mark(4), mark(5)])
        kept.add(summary(on=date(2026, 8, 1), partial=True), [mark(1)])
        for code, place in (("93066", "93"), ("97411", "974")):
            told: dict[str, Any] = {"body": f"insee:{code}", "name": "Saint-Denis", "departement_code": place}
            kept.add(summary(on=date(2026, 9, 1), **told), [mark(1)])
            kept.add(summary(on=date(2026, 11, 1), datasets=0, **told), [])
        kept.add(
            summary(body="target:mes-fichiers", name="Vauclair-sur-Orme", insee_code="", departement_code=""),
            [mark(1, title=HOSTILE, message=HOSTILE)],
        )
    return path


@pytest.fixture
def run(program: Callable[..., Any], file: Path) -> Callable[..., Any]:
    """Return a function that runs « store » on that file."""

    def call(*arguments: object) -> Any:
        answer = program("store", *arguments, "--store", file)
        return replace(answer, out=answer.out.replace("\xa0", " "))  # French typography, for display only

    return call


def checked(text: str, name: str) -> Any:
    """Return a JSON answer, valid by its schema."""
    answer = json.loads(text)
    schema = json.loads((ROOT / f"docs/schemas/store-{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(answer, schema, format_checker=jsonschema.FormatChecker())
    return answer


def test_store_alone_shows_what_it_does(program: Callable[..., Any]) -> None:
    answer = program("store")
    assert answer.code == 0
    assert all(word in answer.out for word in ("history", "diff", "trend", "export", "check"))


@pytest.mark.parametrize("typed", ["Nancy", "nancy", "54395", "215403957", "insee:54395", "Nancy (54)"])
def test_history_tells_a_line_for_each_audit(run: Callable[..., Any], typed: str) -> None:
    answer = run("history", typed)
    assert answer.code == 0
    lines = [line for line in answer.out.split("\n") if line[2:3] == "/"]
    assert [line[:10] for line in lines] == ["01/08/2026", "01/09/2026", "01/10/2026", "01/11/2026"]
    assert lines[0].split() == ["01/08/2026*°", "oui", "83", "60", "77", "81", "–", "87", "100", "1", "premier"]
    assert lines[1].split()[-3:] == ["1", "/", "1"] or lines[1].split()[-4:] == ["2", "0", "/", "1"]
    assert lines[3].split()[2] == "–"
    assert max(map(len, answer.out.split("\n"))) <= 80
    assert "Gardé après un audit de date plus récente" in answer.out
    assert "Audit partiel" in answer.out
    assert "plusieurs versions" in answer.out
    assert "sur 100" in answer.out


def test_a_narrow_screen_has_one_paragraph_for_each_audit(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    answer = run("history", "Nancy")
    assert max(map(len, answer.out.split("\n"))) <= 50
    assert "01/10/2026" in answer.out


def test_history_as_json_has_scores_points_and_changes(run: Callable[..., Any]) -> None:
    answer = checked(run("history", "Nancy", "-f", "json").out, "history")
    assert [one["arrival"] for one in answer["audits"]] == [4, 1, 2, 3]
    assert [one["late"] for one in answer["audits"]] == [True, False, False, False]
    assert answer["audits"][0]["change"] is None
    assert answer["audits"][3]["change"] == {"mended": 1, "new": 2, "unchanged": 1}
    assert answer["audits"][1]["run"] == "septembre"


def test_a_fictional_body_is_found_by_its_name_and_by_what_was_audited(run: Callable[..., Any]) -> None:
    for typed in ("Vauclair-sur-Orme", "vauclair sur orme", "mes-fichiers", "target:mes-fichiers"):
        answer = run("history", typed)
        assert (answer.code, "VAUCLAIR-SUR-ORME" in answer.out) == (0, True), answer.err
        assert "Au prochain audit" in answer.out


def test_homonyms_that_are_kept_are_listed_none_is_chosen(run: Callable[..., Any]) -> None:
    answer = run("history", "Saint-Denis")
    assert answer.code == 2
    assert "93066" in answer.err and "97411" in answer.err
    assert "30247" not in answer.err
    assert run("history", "97411").code == 0


def test_a_mistyped_name_gets_the_nearest_kept_one(run: Callable[..., Any]) -> None:
    answer = run("history", "Nanci")
    assert answer.code == 2
    assert "« Nancy »" in answer.err
    assert answer.err.count("\n") == 1


def test_a_known_commune_without_audits_is_told(run: Callable[..., Any]) -> None:
    answer = run("history", "Metz")
    assert (answer.code, "aucun audit de « Metz »" in answer.err) == (2, True)


def test_diff_compares_the_last_two_and_warns_of_what_may_mislead(run: Callable[..., Any]) -> None:
    answer = run("diff", "Nancy")
    assert answer.code == 0
    assert "1 point ne figure plus, 2 nouveaux, 1 inchangé." in answer.out
    assert "3 jeux de données de moins" in answer.out
    assert "0.1.0, puis 0.2.0" in answer.out
    assert "non vérifiée" in answer.out
    assert max(map(len, answer.out.split("\n"))) <= 80


def test_diff_between_dates_as_json(run: Callable[..., Any]) -> None:
    answer = checked(run("diff", "Nancy", "--from", "01/08/2026", "--to", "2026-10-01", "-f", "json").out, "diff")
    assert [one["fingerprint"] for one in answer["mended"]] == [mark(1).fingerprint]
    assert [one["fingerprint"] for one in answer["new"]] == [mark(2).fingerprint, mark(3).fingerprint]
    assert answer["unchanged"] == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("--to", "01/08/2026"), "n'a rien avant lui"),
        (("--from", "02/08/2026"), "01/08/2026, 01/09/2026"),
        (("--from", "01/11/2026", "--to", "01/09/2026"), "avant la seconde"),
        (("--from", "01/11/2026", "--to", "01/11/2026"), "avant la seconde"),
        (("--from", "hier"), "n'est pas une date"),
    ],
)
def test_dates_that_compare_nothing_are_told(run: Callable[..., Any], typed: tuple[str, ...], told: str) -> None:
    answer = run("diff", "Nancy", *typed)
    assert answer.code == 2
    assert told in answer.err


def test_a_single_audit_has_nothing_to_compare(run: Callable[..., Any]) -> None:
    answer = run("diff", "Vauclair-sur-Orme")
    assert (answer.code, "un seul audit" in answer.err) == (2, True)


def test_trend_names_the_silent_with_their_place_and_counts_on_a_total(run: Callable[..., Any]) -> None:
    answer = run("trend")
    assert answer.code == 0
    assert "4 organismes, 9 audits." in answer.out
    assert "Saint-Denis (93) : 17 jeux auparavant, aucun le 1er novembre 2026" in answer.out
    assert "(2 sur 4)" in answer.out
    assert max(map(len, answer.out.split("\n"))) <= 80


def test_trend_as_json_by_place_and_step(run: Callable[..., Any]) -> None:
    answer = checked(run("trend", "--departement", "seine saint denis", "--by", "an", "-f", "json").out, "trend")
    assert (answer["departement"], answer["bodies"], answer["step"]) == ("93", 1, "year")
    assert [period["name"] for period in answer["periods"]] == ["2026"]
    answer = checked(run("trend", "--epci", "Métropole du Grand Nancy", "-f", "json").out, "trend")
    assert (answer["epci"], answer["bodies"]) == ("245400676", 4)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("--departement", "Mozelle"), "Moselle (57)"),
        (("--epci", "Nancy"), "245400676"),
        (("--by", "siècle"), "jour, mois, an"),
        (("-f", "html"), "terminal, json, markdown"),
        (("-o", "x.pdf"), ".json"),
    ],
)
def test_what_is_mistyped_is_told(run: Callable[..., Any], typed: tuple[str, ...], told: str) -> None:
    answer = run("trend", *typed)
    assert answer.code == 2
    assert told in answer.err


def test_a_place_without_audits_is_told(run: Callable[..., Any]) -> None:
    answer = run("trend", "--departement", "75")
    assert answer.code == 0
    assert "Aucun audit gardé ne correspond" in answer.out


@pytest.mark.parametrize("command", [("history", "Vauclair-sur-Orme"), ("history", "Nancy"), ("trend",)])
def test_markdown_tells_the_same(run: Callable[..., Any], command: tuple[str, ...]) -> None:
    answer = run(*command, "-f", "markdown")
    assert answer.code == 0
    assert answer.out.startswith("# ")
    assert "\n| " in answer.out


def test_hostile_texts_reach_no_screen_nor_markdown(run: Callable[..., Any], file: Path) -> None:
    with store.opened(file, write=True) as kept:
        told = summary(body="target:mes-fichiers", name=HOSTILE, on=date(2026, 12, 1), first_action=HOSTILE)
        kept.add(told, [mark(2, title=HOSTILE, message=HOSTILE)])
    for form in ("terminal", "markdown", "json"):
        answer = run("diff", "mes-fichiers", "-f", form)
        assert answer.code == 0
        assert "\x1b" not in answer.out and "\u202e" not in answer.out
        if form == "markdown":
            assert "<b>" not in answer.out.replace("\\<b\\>", "")


def test_export_gives_the_same_audits_in_every_form(run: Callable[..., Any], tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx", "parquet", "json"):
        answer = run("export", "-o", tmp_path / f"x.{suffix}")
        assert answer.code == 0, answer.err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    table = pq.read_table(tmp_path / "x.parquet").to_pylist()
    document = checked((tmp_path / "x.json").read_text(encoding="utf-8"), "export")
    assert sheet is not None
    assert len(rows) == sheet.max_row - 1 == len(table) == len(document["audits"]) == 9
    assert rows[0]["Note d'ensemble sur 100"] == "70,2"
    assert table[0]["overall"] == 70.2
    assert table[0]["on"] == date(2026, 9, 1)
    assert document["audits"][0]["summary"]["overall"] == 70.2
    assert [row["Lot"] for row in rows] == ["septembre"] + [""] * 8


def test_export_by_place_and_of_an_empty_store(run: Callable[..., Any], program: Any, tmp_path: Path) -> None:
    run("export", "-o", tmp_path / "x.json", "--departement", "93")
    assert len(checked((tmp_path / "x.json").read_text(encoding="utf-8"), "export")["audits"]) == 2
    with store.opened(tmp_path / "vide.db", write=True):
        pass
    for suffix in ("csv", "xlsx", "parquet", "json"):
        assert program("store", "export", "-o", tmp_path / f"v.{suffix}", "--store", tmp_path / "vide.db").code == 0
    assert checked((tmp_path / "v.json").read_text(encoding="utf-8"), "export")["audits"] == []
    assert pq.read_table(tmp_path / "v.parquet").num_rows == 0


def test_no_cell_of_an_export_is_run_as_a_formula(run: Callable[..., Any], file: Path, tmp_path: Path) -> None:
    with store.opened(file, write=True) as kept:
        for name in ("=1+1", "+33", "-2", "@x", "\t=1+1", HOSTILE):
            kept.add(summary(body=f"target:{name}", name=name, first_action=name), ())
    run("export", "-o", tmp_path / "x.csv")
    run("export", "-o", tmp_path / "x.xlsx")
    rows = csv.reader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8-sig")), delimiter=";")
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r")]
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n", "d"}


def test_an_export_never_writes_over_the_store_nor_to_an_unknown_form(run: Callable[..., Any], file: Path) -> None:
    before = file.read_bytes()
    assert run("export", "-o", "x.ods").code == 2
    assert run("history", "Nancy", "-o", file, "-f", "json").code == 2
    assert file.read_bytes() == before


def test_check_says_all_is_well_or_what_is_not(run: Callable[..., Any], file: Path) -> None:
    answer = run("check")
    assert (answer.code, "rien à signaler" in answer.out) == (0, True)
    assert checked(run("check", "-f", "json").out, "check")["sound"] is True
    with sqlite3.connect(file) as other:
        other.execute("UPDATE content SET marks = x'ff' WHERE audit = 2")
    other.close()
    answer = run("check")
    assert answer.code == 1
    assert "n° 2" in answer.out and "copie de sauvegarde" in answer.out
    assert checked(run("check", "-f", "json").out, "check")["sound"] is False
    answer = run("history", "Nancy")
    assert answer.code == 2
    assert "store check" in answer.err


def test_without_a_store_the_line_says_what_to_do(program: Callable[..., Any], tmp_path: Path) -> None:
    answer = program("store", "history", "Nancy", "--store", tmp_path / "absent.db")
    assert answer.code == 2
    assert "pas encore de fichier d'audits" in answer.err
    assert not (tmp_path / "absent.db").exists()


def test_answers_go_to_the_file_named(run: Callable[..., Any], tmp_path: Path) -> None:
    for name, start in (("h.txt", "NANCY"), ("h.md", "# Nancy"), ("h.json", "{")):
        assert run("history", "Nancy", "-o", tmp_path / name).code == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
