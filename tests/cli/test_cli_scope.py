"""`scope` as users type it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opendata_check.law.loading import law

Program = Callable[..., Any]


def test_the_verdict_comes_first_with_its_two_figures(program: Program) -> None:
    out = program("scope", "54395", "--agents", "62", "--on", "2026-11-23").out
    assert out.startswith("Votre commune est tenue de publier ses données par principe.\n")
    assert "103\u202f671" in out or "103 671" in out
    assert "62 agents" in out.replace("\u00a0", " ")
    assert max(map(len, out.splitlines())) <= 80


def test_without_agents_it_says_what_would_follow(program: Program) -> None:
    out = program("scope", "54395", "--on", "2026-11-23").out
    assert out.startswith("Votre commune est peut-être tenue")
    assert "s'applique" in out and "ne s'applique pas" in out


def test_before_known_populations_it_does_not_guess(program: Program) -> None:
    out = program("scope", "54395", "--agents", "62", "--on", "2024-01-01").out
    assert out.startswith("Votre commune est peut-être tenue")


def test_a_small_commune_is_exempt_whatever_its_agents(program: Program) -> None:
    out = program("scope", "Lys-Saint-Georges", "--on", "2026-11-23").out
    assert out.startswith("Votre commune n'est pas tenue de publier ses données par principe.")


def test_an_epci_has_no_population_test(program: Program) -> None:
    out = program("scope", "Métropole du Grand Nancy", "--agents", "900", "--on", "2026-11-23").out
    assert out.startswith("Votre intercommunalité est tenue")


def test_homonyms_are_listed_with_their_departement(program: Program) -> None:
    run = program("scope", "Saint-Denis")
    assert run.code == 2
    assert "(93)" in run.err and "(974)" in run.err


def test_an_old_code_says_which_commune_replaced_it(program: Program) -> None:
    run = program("scope", "insee 01033", "--on", "2026-11-23")
    assert run.code == 0
    assert "Valserhône" in run.out


@pytest.mark.parametrize("query", ["54395", "Métropole du Grand Nancy", "Lys-Saint-Georges"])
def test_json_follows_its_published_schema(program: Program, query: str, examples: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((examples.parent / "docs/schemas/scope.schema.json").read_text(encoding="utf-8"))
    content = json.loads(program("scope", query, "--on", "2026-11-23", "--format", "json").out)
    Draft202012Validator(schema).validate(content)
    assert len(content["duties"]) == len(law().obligations) >= 41


def test_it_can_be_written_to_a_file(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "nancy.json"
    assert program("scope", "54395", "--format", "json", "-o", out).code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["organization"]["insee_code"] == "54395"


def test_a_name_of_several_words_needs_no_quotes(program: Program) -> None:
    assert "Saint-Denis" in program("scope", "Saint", "Denis", "(93)", "--on", "2026-11-23").out
    assert program("scope", "St", "Denis").code == 2
