"""GitLab Code Quality: the keys it asks for, fingerprints of their own, paths it can open."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import report_samples as samples
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.finding import Location, Outcome, Severity
from opendata_check.model.report import AuditReport


def issues(report: AuditReport) -> list[dict]:
    return json.loads(reports.render(report, "gitlab"))


def check_shape(found: list[dict]) -> None:
    """Check what docs.gitlab.com (« Code Quality report format ») asks of each entry."""
    for issue in found:
        assert isinstance(issue["description"], str)
        assert issue["description"]
        assert isinstance(issue["check_name"], str)
        assert isinstance(issue["fingerprint"], str)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert isinstance(issue["location"]["lines"]["begin"], int)
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["location"]["path"]
        assert not issue["location"]["path"].startswith(("./", "/"))
    marks = [issue["fingerprint"] for issue in found]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("name", samples.ALL)
def test_every_report_has_the_shape_that_gitlab_reads(name: str) -> None:
    check_shape(issues(samples.ALL[name]()))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_keep_the_shape(text: str) -> None:
    check_shape(issues(poisoned(text)))


def test_no_fault_is_an_empty_list() -> None:
    assert reports.render(samples.faultless_commune(), "gitlab") == "[]\n"


def test_homonyms_have_fingerprints_of_their_own_and_keep_them() -> None:
    finding = samples.finding("jeu-decrit", dataset="menus.csv")
    thrice = issues(replace(samples.bound_commune(), findings=(finding,) * 3))
    check_shape(thrice)
    assert thrice[0]["fingerprint"] == finding.fingerprint
    assert thrice == issues(replace(samples.bound_commune(), findings=(finding,) * 3))


@pytest.mark.parametrize("severity", list(Severity))
def test_severities_are_gitlabs_words(severity: Severity) -> None:
    finding = replace(samples.finding("jeu-decrit", dataset="menus.csv"), severity=severity)
    (found,) = issues(replace(samples.bound_commune(), findings=(finding,)))
    assert found["severity"] == severity.value


def test_what_blocks_is_a_blocker_and_what_failed_is_for_information() -> None:
    found = {issue["check_name"]: issue for issue in issues(samples.bound_commune())}
    assert found["donnees-personnelles"]["severity"] == "blocker"
    failed = [issue for issue in issues(samples.bound_commune()) if "Non contrôlé" in issue["description"]]
    assert [issue["severity"] for issue in failed] == ["info"]


def test_only_faults_and_failures_are_told() -> None:
    report = samples.bound_commune()
    wanted = [f for f in report.findings if f.outcome in (Outcome.NON_COMPLIANT, Outcome.ERROR)]
    assert len(issues(report)) == len(wanted)


def test_a_fault_says_its_lines_its_column_and_its_model() -> None:
    found = next(issue for issue in issues(samples.bound_commune()) if "SIRET" in issue["description"])
    assert found["location"] == {"path": "examples/commune-exemple/subventions-2025.csv", "lines": {"begin": 7}}
    assert "colonne B (idAttribuant), ligne 7" in found["description"]
    assert "Modèle scdl/subventions, version 2.0.4." in found["description"]


@pytest.mark.parametrize("name", ["./menus.csv", "menus 2025.csv", "été.csv", "100%.csv", "a#b.csv", "a\\b.csv"])
def test_paths_are_as_on_the_disk(name: str) -> None:
    finding = samples.finding("jeu-decrit", dataset="menus.csv", locations=(Location(dataset="menus.csv", file=name),))
    here = replace(samples.bound_commune(), target=".", findings=(finding,))
    (found,) = issues(replace(here, catalogs=(replace(here.catalogs[0], location="."),)))
    assert found["location"]["path"] == name.removeprefix("./")


def test_a_fault_of_a_portal_says_its_dataset() -> None:
    finding = samples.finding("licence-indiquee", dataset="menus.csv")
    (found,) = issues(replace(samples.intercommunality(), findings=(finding,)))
    assert found["location"]["path"] == "opendata-check.toml"
    assert "Jeu de données : Menus de la cantine." in found["description"]
