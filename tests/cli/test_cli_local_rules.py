"""`--rules`: a folder of one's own adds rules to those of the country, and never replaces one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from local_rules import FACTS, PARAMETER, RULE, WHO, refused, written

from opendata_check.cli import country
from opendata_check.law.loading import law
from opendata_check.territory.everyone import everyone

Program = Callable[..., Any]
TODAY = "2026-11-23"


def _judged(program: Program, folder: Path, *arguments: object) -> Any:
    return program("scope", "--kind", "commune", "--on", TODAY, *arguments, "--rules", folder)


def _duty(run: Any) -> Any:
    assert (run.code, run.err) == (0, "")
    return next(item for item in json.loads(run.out)["duties"] if item["id"] == "arbres")


@pytest.mark.parametrize(("trees", "status"), [("99", "exempt"), ("100", "applies")])
def test_a_local_rule_is_decided_by_its_own_fact_and_threshold(
    program: Program, tmp_path: Path, trees: str, status: str
) -> None:
    run = _judged(program, written(tmp_path / "region"), "--fact", f"arbres_plantes={trees}", "--format", "json")
    duty = _duty(run)
    assert duty["status"] == status
    assert duty["legal_basis"][0]["code"] == "délibération régionale"
    assert "Elle n'est pas nationale" in duty["reason"]


def test_a_local_rule_asks_its_own_question(program: Program, tmp_path: Path) -> None:
    run = _judged(program, written(tmp_path / "region"), "--format", "json")
    assert _duty(run)["missing_facts"] == ["arbres_plantes"]
    asked = {item["fact"]: item["question"] for item in json.loads(run.out)["open_questions"]}
    assert asked["arbres_plantes"] == "Combien d'arbres entretenez-vous ?"


def test_national_rules_are_answered_as_without_it(program: Program, tmp_path: Path) -> None:
    typed = ("scope", "--kind", "commune", "--population", 3600, "--on", TODAY, "--format", "json")
    before = json.loads(program(*typed).out)["duties"]
    after = json.loads(program(*typed, "--rules", written(tmp_path / "region")).out)["duties"]
    assert [duty for duty in after if duty["id"] != "arbres"] == before
    assert len(after) == len(before) + 1 == len(law().obligations) + 1


def test_a_local_rule_is_told_apart(program: Program, tmp_path: Path) -> None:
    folder = written(tmp_path / "region")
    assert "Elle n'est pas nationale" in program("rules", "show", "arbres", "--rules", folder).out.replace("\n", " ")
    listed = json.loads(program("rules", "list", "--rules", folder, "--format", "json").out)["rules"]
    assert [item["id"] for item in listed if item["local"]] == ["arbres"]
    assert "(règle locale)" in program("rules", "list", "--rules", folder).out.replace("\n", " ")
    explained = _judged(program, folder, "--explain", "arbres").out.replace("\n", " ")
    assert "Elle n'est pas nationale" in explained
    assert program("rules", "show", "arbres").code == 2


def test_a_local_rule_has_its_column_in_the_table_of_the_country(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(country, "everyone", lambda: (body for body, _ in zip(everyone(), range(3), strict=False)))
    run = program("scope", "--all", "--on", TODAY, "--rules", written(tmp_path / "region"))
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert [row["arbres"] for row in rows] == ["unknown"] * 3
    assert all("arbres_plantes" in row["manque"].split() for row in rows)


def test_a_local_rule_may_lean_on_a_national_one(program: Program, tmp_path: Path) -> None:
    who = "who: {label: publication par principe, obligation: diffusion-par-principe}\n"
    text = RULE.replace(WHO, who).replace("arbres_plantes: 100}", "population: 3600, agents_etp: 60}")
    text = text.replace("{kind: region}", "{kind: commune, population: 300}")
    folder = written(tmp_path / "region", **{"obligations/arbres.yaml": text})
    for agents, status in ((49, "exempt"), (50, "applies")):
        run = _judged(program, folder, "--population", 3600, "--agents", agents, "--format", "json")
        assert _duty(run)["status"] == status


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("obligations/actes.yaml", RULE.replace("id: arbres", "id: actes"), ["« actes »", "règle nationale"]),
        ("obligations/zfe.yaml", RULE.replace("id: arbres", "id: zfe"), ["« zfe »", "règle nationale"]),
        ("facts.yaml", FACTS.replace("arbres_plantes", "population"), ["facts.yaml", "« population »", "nationale"]),
        (
            "parameters/seuil-population-actes.yaml",
            PARAMETER.replace("seuil-arbres", "seuil-population-actes"),
            ["« seuil-population-actes »", "nationale"],
        ),
        (
            "conditions/acheteur.yaml",
            "id: acheteur\ncondition: {label: x, fact: kind, in: [commune]}\n",
            ["« acheteur »", "nationale"],
        ),
    ],
)
def test_nothing_national_is_replaced(
    program: Program, tmp_path: Path, path: str, content: str, words: list[str]
) -> None:
    refused(_judged(program, written(tmp_path / "region", **{path: content})), "region/", *words)


def test_a_folder_without_rules_is_refused(program: Program, tmp_path: Path) -> None:
    empty = tmp_path / "vide"
    empty.mkdir()
    for folder in (empty, written(tmp_path / "region", **{"obligations/arbres.yaml": None})):
        refused(_judged(program, folder), str(folder), "aucune règle", "« obligations »")


def test_a_missing_folder_or_a_file_is_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "arbres.yaml"
    file.write_text(RULE, encoding="utf-8")
    for path in (tmp_path / "nulle-part", file):
        for command in (("scope", "--kind", "commune"), ("rules", "list"), ("rules", "changes"), ("scope", "--all")):
            refused(program(*command, "--rules", path), str(path), "--rules")


def test_a_local_rule_says_so_wherever_it_stands(program: Program, tmp_path: Path) -> None:
    folder = written(tmp_path / "region")
    for trees in ("1000000", "0"):
        run = _judged(program, folder, "--fact", f"arbres_plantes={trees}", "--format", "json")
        assert _duty(run)["title"] == "Publier la liste des arbres (règle locale)"


def test_an_example_that_a_local_rule_does_not_follow_is_told(program: Program, tmp_path: Path) -> None:
    folder = written(
        tmp_path / "region", **{"obligations/arbres.yaml": RULE.replace("status: exempt", "status: applies")}
    )
    run = _judged(program, folder)
    assert run.code == 2 and "l'exemple « une région »" in run.err and "obligations/arbres.yaml" in run.err
