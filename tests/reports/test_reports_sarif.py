"""SARIF: valid by the official schema, fit for GitHub code scanning, complete, streamed, safe."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
import report_samples as samples
import rfc3986
from jsonschema import Draft4Validator, FormatChecker
from rfc3986.validators import Validator
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.finding import Location, Outcome, Severity
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.report import AuditReport

SCHEMA = json.loads((Path(__file__).parent / "official" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))


def log(report: AuditReport) -> dict:
    return json.loads(reports.render(report, "sarif"))


def run(report: AuditReport) -> dict:
    (only,) = log(report)["runs"]
    return only


def is_relative(uri: str) -> bool:
    """Return whether a URI is valid, and is a path alone."""
    reference = rfc3986.uri_reference(uri)
    Validator().validate(reference)  # raises
    return reference.path == uri


def uris(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["artifactLocation"]["uri"]] if "artifactLocation" in value else []
        return own + [uri for item in value.values() for uri in uris(item)]
    return [uri for item in value for uri in uris(item)] if isinstance(value, list) else []


def named(name: str, *, member: bool = False) -> AuditReport:
    """Return a report of one fault, row 7, in a file of that name."""
    base = samples.bound_commune()
    item = samples.dataset("menus.csv")
    file = replace(item.files[0], name=name, member=member)
    renamed: InspectedDataset = replace(item, dataset=replace(item.dataset, id="menus"), files=(file,))
    place = Location(dataset="menus", file=name, column="date", letter="B", rows=((7, 9),))
    finding = replace(samples.finding("valeurs-conformes", dataset="menus.csv"), dataset="menus", locations=(place,))
    return replace(base, datasets=(renamed,), findings=(finding,), priorities=())


def many(count: int) -> AuditReport:
    """Return a report of that many faults in one file."""
    base = samples.bound_commune()
    first = samples.finding("valeurs-conformes", dataset="menus.csv", column="date", letter="B", rows=((2, 2),))
    findings = tuple(
        replace(first, fingerprint=f"{at:016x}", locations=(replace(first.locations[0], rows=((at + 2, at + 2),)),))
        for at in range(count)
    )
    return replace(base, findings=findings, priorities=())


@pytest.mark.parametrize("name", samples.ALL)
def test_every_report_is_valid_by_the_official_schema(name: str) -> None:
    faults = Draft4Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(log(samples.ALL[name]()))
    assert [f"{list(fault.path)} {fault.message}" for fault in faults] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_valid_and_inert(text: str) -> None:
    report = poisoned(text)
    written = reports.render(report, "sarif")
    found = json.loads(written)
    assert not list(Draft4Validator(SCHEMA).iter_errors(found))
    assert not {unicodedata.category(sign) for sign in written if sign != "\n"} & {"Cc", "Cf", "Cs", "Co"}
    for uri in uris(found):
        assert is_relative(uri)


def test_only_faults_are_results_and_the_others_are_counted() -> None:
    report = samples.bound_commune()
    found = run(report)
    faults = [finding for finding in report.findings if finding.outcome is Outcome.NON_COMPLIANT]
    assert [result["ruleId"] for result in found["results"]] == [finding.check for finding in faults]
    assert found["properties"]["outcomes"]["compliant"] == 20
    assert "kind" not in found["results"][0]  # absent is « fail »


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.CRITICAL, "error"), (Severity.MAJOR, "error"), (Severity.MINOR, "warning"), (Severity.INFO, "note")],
)
def test_severities_are_the_three_levels(severity: Severity, level: str) -> None:
    report = named("menus.csv")
    found = run(replace(report, findings=(replace(report.findings[0], severity=severity),)))
    assert found["results"][0]["level"] == level
    assert found["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == level


def test_each_result_names_a_rule_that_explains_itself() -> None:
    found = run(samples.bound_commune())
    rules = found["tool"]["driver"]["rules"]
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert rule["name"]
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["properties"]["precision"] in ("high", "medium")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert "security-severity" not in rule["properties"]  # no CVSS-like score is ours to give


def test_a_rule_points_at_its_heading_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "controles.md").read_text("utf-8")
    assert "### La base adresse locale est publiée (`bal-publiee`)" in page
    published = replace(
        samples.finding("obligation-publiee"), check="bal-publiee", title="La base adresse locale est publiée"
    )
    (rule,) = run(replace(samples.bound_commune(), findings=(published,)))["tool"]["driver"]["rules"]
    link = "docs/controles.md#la-base-adresse-locale-est-publiée-bal-publiee"
    assert rule["properties"]["documentation"] == link
    assert link in rule["help"]["text"]


@pytest.mark.parametrize(
    "name",
    ["menus 2025.csv", "été/Menus d'été.csv", "100%.csv", "a#b?c.csv", "a\\b.csv", "a:b.csv", "数据.csv", "a+b&c.csv"],
)
def test_file_names_are_encoded_and_read_back(name: str) -> None:
    (result,) = run(named(name))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uriBaseId"] == "%SRCROOT%"
    assert is_relative(location["uri"])
    assert unquote(location["uri"]) == f"examples/commune-exemple/{name}"


def test_a_name_that_looks_like_an_address_is_a_path() -> None:
    report = named("http:a.csv")
    here = replace(report, target=".", catalogs=(replace(report.catalogs[0], location="."),))
    assert uris(run(here)["results"]) == ["http%3Aa.csv"]


def test_a_name_with_a_bidirectional_trick_is_shown_without_it() -> None:
    (result,) = run(named("fac\u202egnp.csv"))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "examples/commune-exemple/facgnp.csv"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (".", "menus.csv"),
        ("./donnees/", "donnees/menus.csv"),
        ("donnees/menus.csv", "donnees/menus.csv"),
        ("/srv/mairie/donnees", "menus.csv"),
        ("C:\\mairie\\donnees", "menus.csv"),
        ("donnees\\2025", "donnees/2025/menus.csv"),
        ("../voisine", "menus.csv"),
    ],
)
def test_paths_start_where_the_command_ran(target: str, path: str) -> None:
    report = named("menus.csv")
    typed = replace(report, target=target, catalogs=(replace(report.catalogs[0], location=target),))
    assert uris(run(typed)["results"]) == [path]


def test_a_member_of_an_archive_is_in_the_archive() -> None:
    (result,) = run(named("voirie.zip › dossier/a.csv", member=True))["results"]
    assert uris(result) == ["examples/commune-exemple/voirie.zip"]
    assert {"name": "dossier/a.csv", "kind": "member"} in result["locations"][0]["logicalLocations"]


def test_a_fault_of_the_body_or_of_a_portal_is_where_the_settings_are() -> None:
    body = replace(samples.bound_commune(), findings=(samples.finding("obligation-publiee"),))
    assert uris(run(body)["results"]) == ["examples/commune-exemple/opendata-check.toml"]
    portal = samples.intercommunality()
    found = run(replace(portal, findings=(samples.finding("licence-indiquee", dataset="menus.csv"),)))
    assert uris(found["results"]) == ["opendata-check.toml"]
    assert found["results"][0]["locations"][0]["logicalLocations"] == [
        {"name": "Menus de la cantine", "kind": "dataset"}
    ]


def test_a_file_that_a_local_catalogue_points_at_elsewhere_is_no_file_of_the_repository() -> None:
    report = named("Service de cartes")
    (item,) = report.datasets
    distribution = replace(item.files[0].distribution, path=None, url="https://cartes.example/rest")
    away = replace(item, files=(replace(item.files[0], distribution=distribution),))
    assert uris(run(replace(report, datasets=(away,)))["results"]) == ["examples/commune-exemple/opendata-check.toml"]


def test_a_fault_of_a_dataset_is_in_its_first_file() -> None:
    finding = samples.finding("licence-indiquee", dataset="menus.csv", locations=(Location(dataset="menus.csv"),))
    assert uris(run(replace(samples.bound_commune(), findings=(finding,)))["results"]) == [
        "examples/commune-exemple/menus.csv"
    ]


def test_rows_are_regions_and_the_column_is_named() -> None:
    (result,) = run(named("menus.csv"))["results"]
    (place,) = result["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 7, "endLine": 9}
    assert place["logicalLocations"] == [{"name": "B", "kind": "column", "fullyQualifiedName": "date"}]


def test_the_model_that_judged_is_said_with_its_version() -> None:
    found = run(samples.bound_commune())
    judged = [
        result["properties"].get("schema") for result in found["results"] if result["ruleId"] == "valeurs-conformes"
    ]
    assert judged == [{"id": "scdl/subventions", "version": "2.0.4"}] * 2


def test_places_beyond_what_github_takes_are_kept_apart() -> None:
    report = named("menus.csv")
    rows = tuple((at, at) for at in range(2, 3_002, 2))
    place = replace(report.findings[0].locations[0], rows=rows)
    found = run(replace(report, findings=(replace(report.findings[0], locations=(place,)),)))
    (result,) = found["results"]
    assert len(result["locations"]) == 1_000
    assert len(result["properties"]["rows"]) == 1_500
    assert "1\u202f000 endroits" in found["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_what_failed_or_stayed_unseen_is_notified() -> None:
    report = samples.partial()
    found = run(report)["invocations"][0]
    told = found["toolExecutionNotifications"]
    assert found["executionSuccessful"] is False  # a check failed
    assert [note["level"] for note in told].count("error") == 1
    texts = " ".join(note["message"]["text"] for note in told)
    assert "La lecture de l'archive a échoué." in texts
    assert "n'a pas pu être vue" in texts
    assert "voies.shp est coupé" in texts
    assert "À confirmer : Dites s'il existe un marché" in texts


def test_an_interrupted_audit_did_not_succeed() -> None:
    assert run(samples.faultless_commune())["invocations"][0]["executionSuccessful"] is True
    stopped = run(replace(samples.faultless_commune(), interrupted=True))["invocations"][0]
    assert stopped["executionSuccessful"] is False
    assert "arrêté avant la fin" in stopped["toolExecutionNotifications"][0]["message"]["text"]


def test_homonyms_have_fingerprints_of_their_own() -> None:
    report = named("menus.csv")
    found = run(replace(report, findings=report.findings * 3))["results"]
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in found]
    print_ = report.findings[0].fingerprint
    assert marks == [f"{print_}:1", f"{print_}:2", f"{print_}:3"]


@pytest.mark.parametrize(("count", "said"), [(4_000, 0), (6_000, 1), (26_000, 1)])
def test_nothing_is_cut_and_the_limits_of_github_are_said(count: int, said: int) -> None:
    found = run(many(count))
    assert len(found["results"]) == count
    notes = found["invocations"][0]["toolExecutionNotifications"]
    assert len([note for note in notes if "GitHub" in note["message"]["text"]]) == said


def test_pieces_stay_small_however_many_faults() -> None:
    made = reports.rendered(many(3_000), "sarif")
    assert not isinstance(made, str | bytes)
    sizes = [len(piece) for piece in made]
    assert len(sizes) > 3_000
    assert max(sizes) < 20_000


def test_braces_and_brackets_are_no_placeholder_and_no_link() -> None:
    report = named("menus.csv")
    finding = replace(report.findings[0], message="« {0} » et [ici](http://mechant.example)", remedy="")
    (result,) = run(replace(report, findings=(finding,)))["results"]
    assert result["message"]["text"] == "« {{0}} » et [ici] (http://mechant.example)"
