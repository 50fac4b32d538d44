"""`scope --all`: the table of the whole country says of each body what `scope` says of it alone."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from opendata_check.cli import country
from opendata_check.cli.app import run as run_program
from opendata_check.law.loading import law
from opendata_check.model.organization import Organization
from opendata_check.territory.everyone import count, everyone

Program = Callable[..., Any]
Row = dict[str, str]
TODAY = "2026-11-23"
_OBLIGATIONS = [item.id for item in law().obligations]
_BANDS = "siren,trancheEffectifsUniteLegale\n215403957,51\n213601081,03\n245400676,42\n999999999,11\n"
_NANCY, _LYS, _GRAND_NANCY, _LYON = "215403957", "213601081", "245400676", "216901231"
_CLOSE = {_NANCY, _LYS, _GRAND_NANCY, _LYON}
_SOMEWHERE = [
    "01001", "05061", "13055", "17299", "2A004", "2B033", "29019", "33063", "35238", "36108",
    "38185", "40057", "44109", "51108", "54395", "55039", "59350", "60069", "64102", "67482", "69123", "72181", "75056",
    "76540", "80021", "86165", "93066", "97105", "97209", "97302", "97411", "97502", "97611", "97701",
]  # fmt: skip
"""INSEE codes over the whole country: cities, villages, Paris, Lyon, Corsica, overseas."""


@dataclass(frozen=True)
class Country:
    """What three runs of the command left."""

    rows: list[Row]
    parquet: Path
    told: tuple[str, str]
    """What the first run wrote on each stream."""
    with_bands: list[Row]


def _run(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left:
        run_program([str(argument) for argument in arguments])
    assert left.value.code == 0, err.getvalue()
    return out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Country:
    """Run the command to a CSV file, to a Parquet file, and with an extract of Sirene to the screen (a few bodies)."""
    folder = tmp_path_factory.mktemp("pays")
    (folder / "sirene.csv").write_text(_BANDS, encoding="utf-8")
    shown, said = _run("scope", "--all", "--on", TODAY, "-o", folder / "pays.csv")
    _run("scope", "--all", "--on", TODAY, "-o", folder / "pays.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(country, "everyone", lambda: (body for body in everyone() if body.siren in _CLOSE))
        shown_bands, _ = _run("scope", "--all", "--on", TODAY, "--sirene", folder / "sirene.csv")
    rows = list(csv.DictReader(io.StringIO((folder / "pays.csv").read_bytes().decode("utf-8"), newline="")))
    with_bands = list(csv.DictReader(io.StringIO(shown_bands)))
    return Country(rows, folder / "pays.parquet", (shown, said), with_bands)


def test_each_body_of_the_country_has_one_row(whole: Country) -> None:
    assert len(whole.rows) == count() > 36_000
    communes = [row["code_insee"] for row in whole.rows if row["nature"] == "commune"]
    assert len(set(communes)) == len(communes) > 34_800
    assert communes == sorted(communes)
    assert {row["nature"] for row in whole.rows} == {"commune", "epci", "ept", "collectivite_particuliere"}
    assert whole.told[0] == "" and whole.told[1].startswith("Écrit : ")


def test_each_rule_has_its_column_and_each_cell_a_known_answer(whole: Country) -> None:
    assert list(whole.rows[0])[-len(_OBLIGATIONS) :] == _OBLIGATIONS
    assert {row[name] for row in whole.rows for name in _OBLIGATIONS} <= {"applies", "exempt", "unknown"}
    assert all(None not in row and None not in row.values() for row in whole.rows)


def test_csv_and_parquet_agree(whole: Country) -> None:
    table = import_module("pyarrow.parquet").read_table(whole.parquet)
    assert table.column_names == list(whole.rows[0])
    assert table.num_rows == len(whole.rows)
    for name in table.column_names:
        told = ["" if value is None else str(value) for value in table.column(name).to_pylist()]
        assert told == [row[name] for row in whole.rows], name


@pytest.mark.parametrize("code", _SOMEWHERE)
def test_a_commune_is_judged_as_when_it_is_named(program: Program, whole: Country, code: str) -> None:
    (row,) = [row for row in whole.rows if row["code_insee"] == code]
    _same(row, json.loads(program("scope", f"insee {code}", "--on", TODAY, "--format", "json").out))


@pytest.mark.parametrize("siren", [_GRAND_NANCY, "200046977", "200054781", "200058519", "200069193", "242010056"])
def test_a_group_is_judged_as_when_it_is_named(program: Program, whole: Country, siren: str) -> None:
    (row,) = [row for row in whole.rows if row["siren"] == siren]
    _same(row, json.loads(program("scope", siren, "--on", TODAY, "--format", "json").out))


def _same(row: Row, told: dict[str, Any]) -> None:
    body, duties = told["organization"], told["duties"]
    assert {name: row[name] for name in _OBLIGATIONS} == {duty["id"]: duty["status"] for duty in duties}
    kept = ("kind", "name", "departement_code", "epci_siren", "siren", "insee_code")
    columns = ("nature", "nom", "departement", "epci", "siren", "code_insee")
    assert [row[name] for name in columns] == [body[name] or "" for name in kept]
    missing = {name for duty in duties for name in duty["missing_facts"]}
    assert set(row["manque"].split()) == missing
    figures = {str(item["in_force_year"]): item for item in body["populations"]}
    for year in ("2026", "2025"):
        known = figures.get(year, {}).get("municipale")
        assert row[f"population_municipale_{year}"] == ("" if known is None else str(known))


def test_paris_and_lyon_are_what_they_are(whole: Country) -> None:
    paris = next(row for row in whole.rows if row["code_insee"] == "75056")
    lyon = next(row for row in whole.rows if row["siren"] == "200046977")
    assert (paris["nature"], paris["departement"], paris["bal"]) == ("commune", "75", "applies")
    assert (lyon["nature"], lyon["nom"], lyon["bal"]) == ("collectivite_particuliere", "Métropole de Lyon", "exempt")
    assert paris["dix-remunerations"] == lyon["dix-remunerations"] == "applies"


def test_bands_change_the_bodies_that_have_one_and_nothing_else(whole: Country) -> None:
    rows = {row["siren"]: row for row in whole.with_bands}
    before = {row["siren"]: row for row in whole.rows if row["siren"] in _CLOSE}
    assert list(rows) == list(before) and len(rows) == len(_CLOSE)
    assert rows[_LYON] == before[_LYON]
    bands = {_NANCY: "51", _LYS: "03", _GRAND_NANCY: "42", _LYON: ""}
    assert {siren: row["tranche_effectif"] for siren, row in rows.items()} == bands
    assert (before[_LYS]["algo-regles"], rows[_LYS]["algo-regles"]) == ("unknown", "exempt")
    assert "agents_etp" in before[_LYS]["manque"].split() and "agents_etp" not in rows[_LYS]["manque"].split()
    assert rows[_NANCY]["diffusion-par-principe"] == "unknown"
    assert rows[_NANCY]["index-egalite"] == "applies"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_a_name_that_a_spreadsheet_would_run_is_harmless(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    hostile = f'{start}HYPERLINK("http://exemple.fr";"Nancy")\n,1'
    body = next(everyone())

    def some() -> Iterator[Organization]:
        return iter([replace(body, name=hostile), body])

    monkeypatch.setattr(country, "everyone", some)
    path = tmp_path / "x.csv"
    assert program("scope", "--all", "--on", TODAY, "-o", path).code == 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["nom"] for row in rows] == [f"'{hostile}", body.name]
    assert {**rows[0], "nom": ""} == {**rows[1], "nom": ""}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Nancy"], ["--all : ", "ne va pas avec un organisme", "--sirene"]),
        (["--kind", "commune"], ["--all : ", "ne va pas avec"]),
        (["--epci"], ["--all : ", "ne va pas avec"]),
        (["--agents", "62"], ["--all : ", "ne va pas avec"]),
        (["--agents-band", "21"], ["--all : ", "ne va pas avec"]),
        (["--population", "3600"], ["--all : ", "ne va pas avec"]),
        (["--population-totale", "3600"], ["--all : ", "ne va pas avec"]),
        (["--fact", "site_internet=oui"], ["--all : ", "ne va pas avec"]),
        (["--explain", "actes"], ["--all : ", "ne va pas avec"]),
        (["--config", "x.toml"], ["--all : ", "ne va pas avec"]),
        (["--format", "json"], ["--format : ", "« json »", "csv, parquet"]),
        (["-o", "pays.xlsx"], ["-o : ", "« xlsx »", "csv, parquet"]),
        (["-o", "pays"], ["-o : ", "csv, parquet"]),
        (["--format", "parquet"], ["-o : ", "à l'écran", "-o communes.parquet"]),
        (["--format", "PARQUET", "-o", "-"], ["-o : ", "à l'écran"]),
        (["--sirene", "rien.csv"], ["rien.csv : ", "n'existe pas"]),
        (["--on", "1999-01-01"], ["--on : "]),
        (["--on", "demain"], ["--on : ", "n'est pas une date"]),
    ],
)
def test_a_mistake_is_told_before_any_work(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run = program("scope", "--all", *arguments)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    for word in words:
        assert word in run.err
    assert not list(tmp_path.glob("pays*"))


def test_what_cannot_be_written_is_told(program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(country, "everyone", lambda: iter([next(everyone())]))
    run = program("scope", "--all", "-o", tmp_path / "nulle-part" / "x.csv")
    assert (run.code, run.out) == (2, "")
    assert str(tmp_path / "nulle-part" / "x.csv") in run.err and "n'existe pas" in run.err
