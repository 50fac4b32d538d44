"""What the gate lets through stays in the SARIF and JUnit files, with the reason, and nowhere else."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gate_repositories import DAY, SCHEMAS, repository, subsidies

FILE = "data/subventions-2025.csv"
EXEMPTION = """[[gate.exemptions]]
check = "valeurs-conformes"
reason = "export ancien {brace} <b>"
owner = "finances"
until = 2027-01-31
"""


@pytest.fixture
def reports(
    program: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, str]]:
    """Return a function that runs `gate` in a faulty repository and returns the reports by format."""

    def run(settings: str, *arguments: str) -> dict[str, str]:
        folder = repository(tmp_path / "depot", {FILE: subsidies("12,50", "13,50")}, settings)
        monkeypatch.chdir(folder)
        if "--baseline" in arguments:
            program("baseline", "update", "--on", DAY, "--baseline", folder / "admis.json")
        names = ("sarif", "junit", "gitlab", "github-summary", "badge")
        wanted = [f"-o{name}:{tmp_path / name}" for name in names]
        done = program("gate", "--on", DAY, *arguments, *wanted, "-f", "github")
        return {name: (tmp_path / name).read_text(encoding="utf-8") for name in names} | {"github": done.out}

    return run


def results(text: str) -> list[dict[str, Any]]:
    """Return the results of a SARIF file."""
    found: list[dict[str, Any]] = json.loads(text)["runs"][0]["results"]
    return found


def skipped(text: str) -> list[tuple[str, str]]:
    """Return (class, message) of the suppressed tests of a JUnit file."""
    cases = ET.fromstring(text).iter("testcase")
    return [
        (case.get("classname", ""), one.get("message", ""))
        for case in cases
        for one in case.iter("skipped")
        if one.get("type") == "suppressed"
    ]


def test_an_exempted_fault_is_a_suppressed_result_with_its_reason_and_its_level(
    reports: Callable[..., dict[str, str]],
) -> None:
    before = results(reports(SCHEMAS)["sarif"])
    after = reports(SCHEMAS + EXEMPTION)
    let = [one for one in results(after["sarif"]) if "suppressions" in one]
    why = "export ancien {brace} <b> (finances, jusqu'au 31 janvier 2027)"
    assert [one["ruleId"] for one in let] == ["valeurs-conformes"]
    assert let[0]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": why}]
    without = {key: value for key, value in let[0].items() if key not in ("suppressions", "ruleIndex")}
    assert without in [{key: value for key, value in one.items() if key != "ruleIndex"} for one in before]
    rules = json.loads(after["sarif"])["runs"][0]["tool"]["driver"]["rules"]
    assert rules[let[0]["ruleIndex"]]["id"] == "valeurs-conformes"
    assert skipped(after["junit"]) == [("usable.valeurs-conformes", why)]
    root = ET.fromstring(after["junit"])
    for suite in root.iter("testsuite"):
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
    assert int(root.get("tests", "")) == len(list(root.iter("testcase")))


def test_the_files_are_valid_by_their_official_schemas(reports: Callable[..., dict[str, str]]) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema absent : le schéma officiel n'est pas vérifié")
    etree = pytest.importorskip("lxml.etree", reason="lxml absent : le schéma officiel n'est pas vérifié")
    official = Path(__file__).resolve().parents[1] / "reports" / "official"
    given = reports(SCHEMAS + EXEMPTION, "--baseline", "admis.json")
    assert '"suppressions"' in given["sarif"] and skipped(given["junit"])
    schema = json.loads((official / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(json.loads(given["sarif"]))
    etree.XMLSchema(etree.parse(str(official / "junit-10.xsd"))).assertValid(etree.fromstring(given["junit"].encode()))


def test_a_known_fault_is_suppressed_too(reports: Callable[..., dict[str, str]]) -> None:
    given = reports(SCHEMAS, "--baseline", "admis.json")
    every = results(given["sarif"])
    assert every and all(one["suppressions"][0]["justification"] == "constat déjà connu" for one in every)
    assert len(skipped(given["junit"])) == len(every)
    ids = [one["partialFingerprints"]["primaryLocationLineHash"] for one in every]
    assert len(set(ids)) == len(ids)


def test_the_other_formats_leave_them_out(reports: Callable[..., dict[str, str]]) -> None:
    plain = reports(SCHEMAS)
    let = reports(SCHEMAS + EXEMPTION)
    assert any("valeurs-conformes" in plain[name] for name in ("gitlab", "github", "github-summary"))
    for name in ("gitlab", "github", "github-summary"):
        assert "valeurs-conformes" not in let[name] and "export ancien" not in let[name]
    assert let["badge"] == plain["badge"]  # le score ne bouge pas


def test_a_hostile_reason_or_place_is_made_safe(examples: Path) -> None:
    from dataclasses import replace
    from datetime import date

    from opendata_check.audit import Request, audit
    from opendata_check.fetching import open_fetcher
    from opendata_check.model.finding import Outcome
    from opendata_check.reports.safety import made_safe
    from opendata_check.sources.folder import FolderSource

    with open_fetcher(cache_folder=None, offline=True) as fetcher:
        asked = Request("x", date(2026, 11, 26), None, (FolderSource(examples / "commune-exemple"),))
        *_, report = audit(asked, fetcher)
    bad = next(one for one in report.findings if one.outcome is Outcome.NON_COMPLIANT)
    bad = replace(bad, message="avant\x1b[31m\n::error::\u202eaprès")
    safe = made_safe(replace(report, suppressed=((bad, "external", "parce\x1b]0;x\x07 que\n::error::"),)))
    ((finding, kind, why),) = safe.suppressed
    assert (finding.message, kind, why) == ("avant ::error::après", "external", "parce que ::error::")
