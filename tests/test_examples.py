"""The two fictional communes: what their audit says, and that they are rebuilt byte for byte."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATE = "2026-11-23"


@pytest.fixture(scope="module")
def reports(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return both audits, as JSON."""
    folder = tmp_path_factory.mktemp("rapports")
    found = {}
    for name in ("commune-exemple", "commune-conforme"):
        out = folder / f"{name}.json"
        command = [
            sys.executable,
            "-m",
            "opendata_check",
            "audit",
            str(examples / name),
            "--on",
            DATE,
            "--format",
            "json",
            "-o",
            str(out),
        ]
        done = subprocess.run(command, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        found[name] = json.loads(out.read_text(encoding="utf-8"))
    return found


def faults(report: dict[str, Any]) -> Counter[str]:
    return Counter(finding["check"] for finding in report["findings"] if finding["outcome"] == "non_compliant")


def test_the_right_commune_scores_a_hundred_with_nothing_left_to_do(reports: dict[str, dict[str, Any]]) -> None:
    report = reports["commune-conforme"]
    assert report["scores"]["overall"] == 100
    assert report["scores"]["confidence"] == 1
    assert report["priorities"] == []
    assert report["faults"] == []
    assert {f["outcome"] for f in report["findings"]} <= {"compliant", "not_applicable"}


def test_the_flawed_commune_shows_each_of_its_flaws(reports: dict[str, dict[str, Any]]) -> None:
    found = faults(reports["commune-exemple"])
    assert set(found) == {
        "fichier-accessible", "fichier-non-vide", "titre-et-description", "accents-lisibles", "coordonnees-wgs84",
        "document-lisible", "entete-correct", "json-xml-bien-forme", "lignes-regulieres", "tableur-simple", "valeurs-conformes",
        "encodage-utf8", "licence-homologuee", "licence-presente", "mise-a-jour-dans-les-temps", "dates-de-naissance-absentes",
        "nir-absent", "coordonnees-personnelles-absentes", "donnees-sensibles-absentes", "lignes-de-donnees",
        "mots-cles-presents", "periode-indiquee", "territoire-indique",
    }  # fmt: skip
    assert found["valeurs-conformes"] == 3
    assert found["encodage-utf8"] == 3


def test_personal_data_come_first(reports: dict[str, dict[str, Any]]) -> None:
    report = reports["commune-exemple"]
    assert {p["check"] for p in report["priorities"][:2]} == {"nir-absent", "dates-de-naissance-absentes"}
    assert report["scores"]["level"] == "a_regler_d_abord"
    assert len(report["scores"]["blockers"]) == 2


def test_both_communes_are_bound_and_told_why(reports: dict[str, dict[str, Any]]) -> None:
    for report in reports.values():
        (duty,) = [d for d in report["duties"] if d["id"] == "diffusion-par-principe"]
        assert duty["status"] == "applies"
        assert "habitants" in duty["reason"] and "agents" in duty["reason"]


def test_every_finding_cites_an_article_and_every_fault_a_remedy(reports: dict[str, dict[str, Any]]) -> None:
    for report in reports.values():
        for finding in report["findings"]:
            assert finding["legal_basis"], finding
            if finding["outcome"] == "non_compliant":
                assert finding["remedy"], finding
                assert finding["locations"] or finding["axis"] == "published", finding


def test_no_value_of_a_person_reaches_any_report(
    program: Callable[..., Any], examples: Path, reports: dict[str, dict[str, Any]]
) -> None:
    children = (examples / "commune-exemple/enfance/inscriptions-centre-de-loisirs.csv").read_text(encoding="cp1252")
    clubs = (examples / "commune-exemple/associations.csv").read_text(encoding="cp1252")
    secrets = {row.split(";")[column] for row in children.splitlines()[1:] for column in (0, 2, 4, 5)}
    secrets |= {row.split(";")[column] for row in clubs.splitlines()[1:] for column in (1, 2, 3)}
    for form in ("terminal", "html", "json"):
        shown = program("audit", examples / "commune-exemple", "--on", DATE, "--format", form).out
        assert len(shown) > 2000
        assert not [secret for secret in secrets if secret in shown], form


def test_examples_are_rebuilt_byte_for_byte(examples: Path, tmp_path: Path) -> None:
    script = examples.parent / "scripts" / "build_examples.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    kept = {p.relative_to(examples): p.read_bytes() for p in examples.rglob("*") if p.is_file()}
    assert made == {path: data for path, data in kept.items() if path.parts[0] != "depot-commune"}  # written by hand
