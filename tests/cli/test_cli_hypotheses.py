"""`scope` on bodies that nobody named: what is typed decides, on both sides of each threshold, in text and in JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from opendata_check.law.loading import law
from opendata_check.model.organization import OrganizationKind

Program = Callable[..., Any]
TODAY = "2026-11-23"
KINDS = [kind.value for kind in OrganizationKind if kind is not OrganizationKind.UNKNOWN]
_ROOTS = {"applies": True, "exempt": False, "not_in_force": False, "unknown": None}
_SIRENE = "siren,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder: no opendata-check.toml there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def valid(examples: Path) -> Callable[[Any], None]:
    """Return a function that holds an answer against the published schema."""
    schema = json.loads((examples.parent / "docs/schemas/scope.schema.json").read_text(encoding="utf-8"))
    jsonschema = import_module("jsonschema")
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))

    def validate(content: Any) -> None:
        validator.validate(content)

    return validate


def _answer(program: Program, *arguments: object) -> dict[str, Any]:
    run = program("scope", *arguments, *(() if "--on" in arguments else ("--on", TODAY)), "--format", "json")
    assert (run.code, run.err) == (0, "")
    content: dict[str, Any] = json.loads(run.out)
    return content


def _duties(program: Program, *arguments: object) -> dict[str, dict[str, Any]]:
    return {duty["id"]: duty for duty in _answer(program, *arguments)["duties"]}


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from _nodes(child)


def _joined(node: dict[str, Any]) -> bool | None:
    """Return what the children of a node make of it, in a logic of three values."""
    results = [child["result"] for child in node["children"]]
    if not results:
        result: bool | None = node["result"]
        return result
    if node["kind"] == "not":
        return None if results[0] is None else not results[0]
    decisive = node["kind"] == "any"
    return decisive if decisive in results else None if None in results else not decisive


def _flat(text: str) -> str:
    """Return a text on one line, its no-break spaces made plain."""
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_body_gets_the_whole_contract(program: Program, kind: str, valid: Callable[[Any], None]) -> None:
    content = _answer(program, "--kind", kind, "--population", 3600)
    valid(content)
    assert content["organization"]["kind"] == kind
    assert {duty["id"] for duty in content["duties"]} == {item.id for item in law().obligations}
    for duty in content["duties"]:
        assert duty["reason"] and duty["legal_basis"] and duty["confidence"] in {"text", "interpretation"}
        assert all(cited["code"] and cited["article"] for cited in duty["legal_basis"]), duty["id"]
        assert bool(duty["missing_facts"]) == (duty["status"] == "unknown" and kind != "etablissement_enseignement")
        assert duty["condition"]["result"] is _ROOTS[duty["status"]], duty["id"]
        for node in _nodes(duty["condition"]):
            assert node["result"] is _joined(node), (duty["id"], node["label"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("day", ["2010-10-23", "2020-02-29", TODAY, "2030-01-01"])
def test_no_line_is_wider_than_the_screen(program: Program, kind: str, day: str) -> None:
    run = program("scope", "--kind", kind, "--agents-band", "12", "--population", 3600, "--on", day)
    assert max(map(len, run.out.splitlines())) <= 80


_BOTH = ("--population", 3600, "--population-totale", 3600)
_PAPER = ("--fact", "publicite_actes_papier=oui")


@pytest.mark.parametrize(
    ("duty", "typed", "status"),
    [
        ("diffusion-par-principe", ("--population", 3499, "--agents", 50), "exempt"),
        ("diffusion-par-principe", ("--population", 3500, "--agents", 50), "applies"),
        ("diffusion-par-principe", (*_BOTH, "--agents", "49,99"), "exempt"),
        ("diffusion-par-principe", (*_BOTH,), "unknown"),
        ("diffusion-par-principe", ("--agents", 49), "exempt"),
        ("diffusion-par-principe", ("--population", 3499, "--population-totale", 3500, "--agents", 50), "unknown"),
        ("actes", ("--population", 3400, "--population-totale", 3500, *_PAPER), "applies"),
        ("actes", ("--population", 3400, "--population-totale", 3499, *_PAPER), "exempt"),
        ("actes", ("--population-totale", 3499, "--fact", "publicite_actes_papier=non"), "applies"),
        ("subventions", ("--population", 3499), "exempt"),
        ("subventions", ("--population", 3500), "applies"),
        ("prada", ("--population", "9 999"), "exempt"),
        ("prada", ("--population", "10\u202f000"), "applies"),
        ("dix-remunerations", ("--population", 40000), "exempt"),
        ("dix-remunerations", ("--population", 40001), "applies"),
        ("nominations", ("--population", 50000, "--fact", "emplois_fonctionnels=2"), "exempt"),
        ("nominations", ("--population", 50000, "--fact", "emplois_fonctionnels=3"), "applies"),
        ("flottes", ("--fact", "vehicules_du_parc=20"), "exempt"),
        ("flottes", ("--fact", "vehicules_du_parc=21"), "applies"),
        ("bal", ("--population", 2000, "--on", "2024-05-31"), "not_in_force"),
        ("bal", ("--population", 2001, "--on", "2024-05-31"), "applies"),
        ("bal", ("--population", 2000, "--on", "01/06/2024"), "applies"),
        ("pv-conseil", ("--fact", "site_internet=oui"), "applies"),
        ("pv-conseil", ("--fact", "site_internet=non"), "exempt"),
    ],
)
def test_each_side_of_a_threshold(program: Program, duty: str, typed: tuple[object, ...], status: str) -> None:
    assert _duties(program, "--kind", "commune", *typed)[duty]["status"] == status


@pytest.mark.parametrize(("amount", "happened"), [("39 999,99", False), ("40 000", True)])
def test_an_amount_says_whether_there_is_something_to_publish(program: Program, amount: str, happened: bool) -> None:
    duty = _duties(program, "--kind", "commune", "--fact", f"montant_du_plus_gros_marche={amount}")["decp-marches"]
    assert (duty["status"], duty["event_happened"]) == ("applies", happened)


def test_the_names_of_missing_facts_are_those_that_decide(program: Program) -> None:
    before = _duties(program, "--kind", "commune", "--population", 3600)["diffusion-par-principe"]
    assert (before["status"], before["missing_facts"]) == ("unknown", ["agents_etp"])
    assert [(item["fact"], item["status"]) for item in before["what_if"]] == [
        ("agents_etp", "applies"),
        ("agents_etp", "exempt"),
    ]
    after = _duties(program, "--kind", "commune", "--population", 3600, "--fact", "agents_etp=62")
    assert after["diffusion-par-principe"]["status"] == "applies"
    assert after["diffusion-par-principe"]["missing_facts"] == []


def test_epci_alone_imagines_one(program: Program) -> None:
    told = _answer(program, "--epci", "--agents", 50)
    assert told == _answer(program, "--kind", "communauté de communes", "--agents", 50)
    assert told["organization"]["kind"] == "epci"


def test_an_explanation_gives_each_node_its_value(program: Program, valid: Callable[[Any], None]) -> None:
    content = _answer(program, "--kind", "commune", "--population", 3600, "--explain", "diffusion-par-principe")
    valid(content)
    (duty,) = content["duties"]
    told = {node["fact"]: node for node in _nodes(duty["condition"]) if node["parameter"]}
    kept = ("value", "threshold", "result", "parameter")
    assert [told["population"][key] for key in kept] == [3600, 3500, True, "seuil-population-diffusion"]
    assert [told["agents_etp"][key] for key in kept] == [None, 50, None, "seuil-agents-diffusion"]


def test_an_explanation_is_a_tree_that_fits_the_screen(program: Program) -> None:
    for item in law().obligations:
        out = program("scope", "--kind", "commune", "--population", 3600, "--explain", item.id, "--on", TODAY).out
        assert _flat(out).startswith(f"{_flat(item.title)} ({item.id}) : "), item.id
        assert max(map(len, out.splitlines())) <= 80, item.id
        assert "COMMENT LA RÉPONSE SE DÉCIDE" in out and "\nARTICLE\n" in out, item.id
    out = program("scope", "--kind", "commune", "--population", 3600, "--explain", "DIFFUSION-PAR-PRINCIPE").out
    lines = [_flat(line) for line in out.splitlines()]
    assert any(line.startswith("✓ nombre d'habitants : 3 600 (seuil : 3 500") for line in lines)
    assert any(line.startswith("? nombre d'agents") for line in lines)


@pytest.mark.parametrize(
    ("band", "status", "confidence"),
    [
        ("21", "unknown", "text"),
        ("50 à 99 salariés", "unknown", "text"),
        ("12", "exempt", "interpretation"),
        ("00", "exempt", "interpretation"),
        ("NN", "unknown", "text"),
        ("nn", "unknown", "text"),
    ],
)
def test_a_band_of_people_can_rule_out_and_never_proves(
    program: Program, band: str, status: str, confidence: str
) -> None:
    content = _answer(program, "--kind", "commune", "--population", 3600, "--agents-band", band)
    duty = next(duty for duty in content["duties"] if duty["id"] == "diffusion-par-principe")
    assert (duty["status"], duty["confidence"]) == (status, confidence)
    code = {"50 à 99 salariés": "21", "NN": None, "nn": None}.get(band, band)
    assert (content["organization"]["headcount_band"] or {}).get("code") == code


def test_an_extract_of_sirene_gives_the_band(program: Program, tmp_path: Path) -> None:
    extract = tmp_path / "extrait.csv"
    extract.write_text(f"{_SIRENE}213601081,12,2024\n215403957,42,2022\n215403957,51,2023\n", encoding="utf-8")
    band = _answer(program, "54395", "--sirene", extract)["organization"]["headcount_band"]
    assert (band["code"], band["lowest"], band["year"], band["evidence"]) == ("51", 2000, 2023, "observed")
    typed = _answer(program, "54395", "--sirene", extract, "--agents-band", "12")["organization"]["headcount_band"]
    assert (typed["code"], typed["evidence"]) == ("12", "declared")


def test_a_body_absent_from_the_extract_is_told_and_judged_without(program: Program, tmp_path: Path) -> None:
    extract = tmp_path / "extrait.csv"
    extract.write_text(f"{_SIRENE}213601081,12,2024\n", encoding="utf-8")
    run = program("scope", "54395", "--sirene", extract, "--on", TODAY)
    assert run.code == 0
    assert run.err == f"{extract} : aucune tranche d'effectif pour le SIREN 215403957.\n"
    ending = "POUR ALLER PLUS LOIN"
    assert run.out.split(ending)[0] == program("scope", "54395", "--on", TODAY).out.split(ending)[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"siren,commune\n215403957,Nancy\n", "trancheEffectifsUniteLegale"),
        (b"", "siren"),
        (b"PAR1 et rien d'autre", "ne peut pas être lu"),
        (b"PK\x03\x04 et rien d'autre", "ne peut pas être lu"),
        (b"\x00\x01\x02", "ni un CSV, ni un Parquet"),
        (None, "n'existe pas"),
    ],
)
def test_a_bad_extract_is_named(program: Program, tmp_path: Path, content: bytes | None, said: str) -> None:
    extract = tmp_path / "extrait.csv"
    if content is not None:
        extract.write_bytes(content)
    run = program("scope", "54395", "--sirene", extract)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert run.err.startswith(f"{extract} : ") and said in run.err


def test_the_same_words_give_the_same_bytes() -> None:
    command = [sys.executable, "-m", "opendata_check", "scope", "--kind", "epci", "--agents", "62", "--on", TODAY]
    seen = {
        subprocess.run(
            [*command, "--format", form], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for form in ("terminal", "json")
        for seed in ("1", "2")
    }
    assert len(seen) == 2
