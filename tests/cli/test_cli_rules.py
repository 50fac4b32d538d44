"""`rules`: the list of rules, the card of each, and what changed between two days."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opendata_check import checks
from opendata_check.law.loading import law

Program = Callable[..., Any]
TODAY = "2026-11-23"
_EVERY = [item.id for item in (*law().obligations, *law().to_verify)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder: no opendata-check.toml there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _flat(text: str) -> str:
    return " ".join(text.split())


def _json(program: Program, *arguments: object) -> dict[str, Any]:
    run = program("rules", *arguments, "--format", "json")
    assert (run.code, run.err) == (0, "")
    content: dict[str, Any] = json.loads(run.out)
    assert content.pop("schema_version") == "1.0"
    return content


def _changes(program: Program, *arguments: object) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in _json(program, "changes", *arguments)["changes"]}


def _refused(run: Any, *words: str) -> None:
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), run.err
    for word in words:
        assert word in _flat(run.err)
    assert "imprévue" not in run.err
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cf"} for c in run.err)


# --- list ---------------------------------------------------------------------------------------------------------


def test_the_list_names_every_rule_and_those_set_aside(program: Program) -> None:
    listed = _json(program, "list")
    assert [item["id"] for item in listed["rules"]] == _EVERY
    assert listed["read_on"] == law().read_on.isoformat()
    assert [item["id"] for item in listed["rules"] if not item["applied"]] == [item.id for item in law().to_verify]
    assert all(bool(item["to_verify"]) != item["applied"] and not item["local"] for item in listed["rules"])
    assert {item["id"]: item["since"] for item in listed["rules"]}["bal"] == "2024-01-01"


def test_the_list_fits_the_screen_and_counts_what_is_applied(program: Program) -> None:
    out = program("rules", "list").out
    assert out.startswith(f"{len(law().obligations)} règles")
    assert max(map(len, out.splitlines())) <= 80
    applied, _, aside = out.partition("RÈGLES À VÉRIFIER")
    rows = applied.splitlines()[3:]
    assert [line.split()[0] for line in rows if line and not line.startswith(" ")] == [
        item.id for item in law().obligations
    ]
    assert all(f"- {item.id}" in aside for item in law().to_verify)


def test_the_list_can_be_written_to_a_file(program: Program, folder: Path) -> None:
    run = program("rules", "list", "-o", "regles.json")
    assert (run.code, run.out) == (0, "")
    assert (folder / "regles.json").read_text(encoding="utf-8") == program("rules", "list", "-f", "json").out


# --- show ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", _EVERY)
def test_each_rule_has_a_card(program: Program, name: str) -> None:
    item = law().by_id[name]
    run = program("rules", "show", name)
    assert (run.code, run.err) == (0, "")
    assert _flat(run.out).startswith(f"{_flat(item.title)} ({name})")
    assert max(map(len, run.out.splitlines())) <= 80
    for heading in ("QUI EST TENU", "ÉTAPES", "COMMENT ON LE VÉRIFIE", "EXEMPLES", "ARTICLE"):
        assert (f"\n{heading}\n" in run.out) is not (heading == "EXEMPLES" and bool(item.to_verify))
    told = _json(program, "show", name)["rule"]
    assert (told["id"], told["title"], told["weight"]) == (name, item.title, item.weight)
    assert [source["code"] for source in told["legal_basis"]] == [source.reference.text for source in item.sources]
    assert [(one["title"], one["status"]) for one in told["examples"]] == [
        (one.title, one.status.value) for one in item.examples
    ]
    assert [part["since"] for part in told["parts"]] == [part.since.isoformat() for part in item.parts]
    assert told["who"][0]["depth"] == 0 and all(line["text"] for line in told["who"])
    serving = [rule.title for rule in checks.rules() if rule.obligation == name]
    assert told["checks"] == serving
    assert all(_flat(title) in _flat(run.out) for title in serving)


def test_a_card_gives_the_threshold_and_the_date_of_each_value(program: Program) -> None:
    assert "- nombre d'habitants : au moins 3 500 habitants" in _flat(program("rules", "show", "subventions").out)
    said = _flat(program("rules", "show", "dix-remunerations").out)
    assert "80 000" in said and "40 000" in said


def test_an_id_may_be_typed_in_capitals(program: Program) -> None:
    assert program("rules", "show", " DAE ").out == program("rules", "show", "dae").out


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("subvanti", ["« subvanti »", "Vouliez-vous dire : subventions", "rules list"]),
        ("publier", ["aucune règle ne s'appelle", "rules list"]),
        ("marchés", ["plusieurs règles", "decp-marches", "decp-petits"]),
        ("difusion", ["diffusion-par-principe", "rules list"]),
        ("zzzzz", ["« zzzzz »", "rules list"]),
        ("", ["aucune règle", "rules list"]),
        ("\x1b[31mactes\x1b[0m", ["aucune règle"]),
        ("\u202eactes", ["Vouliez-vous dire : actes"]),
        ("x" * 10_000, ["aucune règle"]),
        ("../obligations/actes", ["aucune règle"]),
    ],
)
def test_a_mistyped_id_is_refused_with_its_neighbours(program: Program, typed: str, words: list[str]) -> None:
    run = program("rules", "show", typed)
    _refused(run, *words)
    assert len(run.err) < 300


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show"], ["Il manque RÈGLE"]),
        (["show", "actes", "bal"], ["« bal »"]),
        (["show", "actes", "--format", "html"], ["--format : ", "terminal, json"]),
        (["list", "-o", "x.html"], ["--format : ", "terminal, json"]),
        (["list", "actes"], ["« actes »"]),
        (["lst"], ["« lst »", "« list »"]),
        (["show", "actes", "-o", "nulle-part/x.json"], ["nulle-part", "n'existe pas"]),
    ],
)
def test_a_mistake_gets_one_line(program: Program, arguments: list[str], words: list[str]) -> None:
    _refused(program("rules", *arguments), *words)


def test_rules_alone_lists_its_commands(program: Program) -> None:
    run = program("rules")
    assert run.code == 0 and run.out.startswith("Usage : opendata-check rules")
    assert all(f"\n  {name} " in run.out for name in ("list", "show", "changes"))


# --- changes ------------------------------------------------------------------------------------------------------


def test_a_threshold_that_moves_is_told_with_both_values(program: Program) -> None:
    found = _changes(program, "--since", "2023-01-01", "--on", TODAY)["dix-remunerations"]
    moved = next(item for item in found["changes"] if item["kind"] == "threshold")
    assert "80 000" in _flat(moved["text"]) and "40 000" in _flat(moved["text"])
    assert (found["before"], found["after"]) == (None, None)


def test_the_first_day_is_left_out_and_the_last_one_counts(program: Program) -> None:
    def begun(since: str, until: str) -> bool:
        found = _changes(program, "--since", since, "--on", until).get("dae", {"changes": []})
        return any((item["on"], item["kind"]) == ("2020-01-01", "begins") for item in found["changes"])

    assert begun("2019-12-31", "2020-01-01")
    assert not begun("2020-01-01", "2020-01-02")
    assert not begun("2019-06-01", "2019-12-31")


def test_changes_are_sorted_and_inside_the_dates(program: Program) -> None:
    found = _json(program, "changes", "--since", "01/01/2017", "--on", "2024-12-31")
    assert (found["since"], found["until"]) == ("2017-01-01", "2024-12-31")
    last = [max(one["on"] for one in item["changes"]) for item in found["changes"]]
    assert last == sorted(last, reverse=True) and len(last) > 20
    days = [one["on"] for item in found["changes"] for one in item["changes"]]
    assert min(days) > "2017-01-01" and max(days) <= "2024-12-31"


def test_without_a_date_the_year_before_is_told(program: Program) -> None:
    found = _json(program, "changes", "--on", "2024-02-29")
    assert (found["since"], found["until"]) == ("2023-02-28", "2024-02-29")
    today = _json(program, "changes")
    assert today["until"] == date.today().isoformat()


def test_nothing_new_is_said_in_words(program: Program) -> None:
    run = program("rules", "changes", "--since", "2026-11-20", "--on", "2026-11-21")
    assert run.code == 0 and run.out.endswith("Rien n'a changé.\n")


def test_a_body_sees_only_what_concerns_it(program: Program) -> None:
    dates = ("--since", "2017-01-01", "--on", TODAY)
    everybody, village = _changes(program, *dates), _changes(program, *dates, "Lys-Saint-Georges")
    assert "subventions" in everybody and "subventions" not in village
    assert set(village) < set(everybody)
    assert (village["bal"]["before"], village["bal"]["after"]) == ("not_in_force", "applies")
    assert "2024-06-01" in [item["on"] for item in village["bal"]["changes"] if item["kind"] == "begins"]
    bigger = _changes(program, *dates, "--kind", "commune", "--population", "3500")
    assert bigger["subventions"]["after"] == "applies"
    out = program("rules", "changes", *dates, "Lys-Saint-Georges").out
    assert out.startswith("Ce qui a changé pour Lys-Saint-Georges, du 1er janvier 2017")
    assert max(map(len, out.splitlines())) <= 80


def test_the_body_of_the_folder_is_the_one_meant(program: Program, folder: Path) -> None:
    dates = ("--since", "2017-01-01", "--on", TODAY)
    named = program("rules", "changes", *dates, "36108").out
    (folder / "opendata-check.toml").write_text('[organization]\ncode = "36108"\n', encoding="utf-8")
    assert program("rules", "changes", *dates).out == named
    assert "Nancy" in program("rules", "changes", *dates, "54395").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "2026-01-01", "--on", "2025-01-01"], ["--since : ", "avant la seconde"]),
        (["--since", "2026-01-01", "--on", "2026-01-01"], ["--since : ", "avant la seconde"]),
        (["--since", "hier"], ["--since : ", "« hier »", "2026-01-31"]),
        (["--since", "2025-02-29"], ["--since : ", "n'est pas une date"]),
        (["--on", "demain"], ["--on : ", "n'est pas une date"]),
        (["--on", "1999-01-01"], ["--on : "]),
        (["--since", "2020-01-01", "Nanci"], ["« Nanci »", "Nancy"]),
        (["--since", "2020-01-01", "Nancy", "--kind", "commune"], ["ne vont pas ensemble"]),
        (["--since", "2020-01-01", "--kind", "village"], ["--kind : ", "commune"]),
        (["--since", "2020-01-01", "--kind", "commune", "--fact", "x=oui"], ["--fact : "]),
        (["--format", "csv"], ["--format : ", "terminal, json"]),
    ],
)
def test_changes_refuses_in_one_line(program: Program, arguments: list[str], words: list[str]) -> None:
    _refused(program("rules", "changes", *arguments), *words)


def test_a_rule_set_aside_is_not_explained_but_its_reason_is_a_command_away(program: Program) -> None:
    run = program("scope", "54395", "--explain", "zfe", "--on", "2026-11-23")
    assert run.code == 2
    assert run.err.startswith("--explain : la règle « zfe »") and "rules show zfe" in run.err
    assert len(run.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "name"),
    [("subvention", "subventions"), ("Publier ses actes en ligne", "actes"), ("délibérations", "liste")],
)
def test_a_rule_may_be_named_by_words_of_its_title(program: Program, typed: str, name: str) -> None:
    assert f"({name}" in program("rules", "show", typed).out.split("\n\n")[0]
