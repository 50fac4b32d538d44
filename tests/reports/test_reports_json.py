"""The JSON report keeps its contract: docs/schemas/audit.schema.json, complete, closed and stable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import report_samples as samples
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.finding import Axis, Outcome, Severity
from opendata_check.model.legal import Applicability, Certainty, NodeKind, ReferenceKind
from opendata_check.model.organization import DeclaredFact, EvidenceKind, OrganizationKind
from opendata_check.reports.json import SCHEMA_VERSION, payload
from opendata_check.reports.safety import made_safe

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/schemas/audit.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def audited(name: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(reports.render(samples.ALL[name](), "json"))
    return result


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


@pytest.mark.parametrize("name", samples.ALL)
def test_report_follows_its_schema(name: str) -> None:
    VALIDATOR.validate(audited(name))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_report_follows_its_schema(text: str) -> None:
    VALIDATOR.validate(json.loads(reports.render(poisoned(text), "json")))


def test_schema_is_valid_closed_and_versioned() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == f"urn:opendata-check:audit:{SCHEMA_VERSION}"
    assert SCHEMA["properties"]["schema_version"] == {"const": SCHEMA_VERSION}
    for item in objects(SCHEMA):
        assert item["additionalProperties"] is False
        assert sorted(item["required"]) == sorted(item["properties"])


def test_schema_refuses_what_it_does_not_know() -> None:
    report = audited("bound")
    for change in ({"surprise": 1}, {"findings": [{**report["findings"][0], "outcome": "perhaps"}]}, {"on": "hier"}):
        assert not VALIDATOR.is_valid({**report, **change})
    del report["findings"][0]["legal_basis"]
    assert not VALIDATOR.is_valid(report)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (("axis",), Axis),
        (("certainty",), Certainty),
        (("evidence_kind",), EvidenceKind),
        (("finding", "properties", "outcome"), Outcome),
        (("finding", "properties", "severity"), Severity),
        (("duty", "properties", "status"), Applicability),
        (("condition", "properties", "kind"), NodeKind),
        (("legal_reference", "properties", "kind"), ReferenceKind),
        (("organization", "properties", "kind"), OrganizationKind),
    ],
)
def test_enumerations_are_those_of_the_model(path: tuple[str, ...], values: type[StrEnum]) -> None:
    node = SCHEMA["$defs"]
    for step in path:
        node = node[step]
    assert node["enum"] == [value.value for value in values]


def test_keys_are_sorted_and_a_range_of_rows_is_one_line() -> None:
    def keys_in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert [key for key, _ in pairs] == sorted(key for key, _ in pairs)
        return dict(pairs)

    text = reports.render(samples.bound_commune(), "json")
    json.loads(text, object_pairs_hook=keys_in_order)
    assert re.search(r"^ +\[20, 249\]$", text, re.M)
    assert "Délibérations" in text


def test_nothing_is_lost_on_the_way_to_text() -> None:
    report = samples.bound_commune()
    assert json.loads(reports.render(report, "json")) == payload(made_safe(report))


def test_every_finding_and_every_row_is_there() -> None:
    report = samples.bound_commune()
    found = audited("bound")["findings"]
    assert [item["fingerprint"] for item in found] == [finding.fingerprint for finding in report.findings]
    dates = next(item for item in found if item["count"] == 236)
    assert dates["locations"][0]["rows"] == [list(pair) for pair in samples.DATE_ROWS]
    assert dates["location"] == dates["locations"][0]
    assert dates["example"] == {"before": "31/12/2023", "after": "2023-12-31", "place": 0}
    assert dates["location"]["letter"] == "C"


def test_issue_s_names_are_kept() -> None:
    report = audited("bound")
    assert {"organization", "duties", "datasets", "scores", "priorities", "findings"} <= set(report)
    assert {"check", "axis", "outcome", "severity", "legal_basis", "location", "evidence", "remedy", "effort",
            "fingerprint"} <= set(report["findings"][0])  # fmt: skip


def test_no_local_path_and_no_contact_leave_the_machine() -> None:
    report = samples.bound_commune()
    first = report.datasets[0]
    named = replace(first, dataset=replace(first.dataset, contact="prenom.nom@exemple.fr"))
    text = reports.render(replace(report, datasets=(named, *report.datasets[1:])), "json")
    assert str(samples.FOLDER) not in text
    assert "prenom.nom@exemple.fr" not in text
    assert json.loads(text)["catalogs"][0]["location"] == "."


def test_an_absolute_target_is_kept_as_typed() -> None:
    report = replace(samples.bound_commune(), target=str(samples.FOLDER))
    assert json.loads(reports.render(report, "json"))["target"] == str(samples.FOLDER)


def test_a_tabulation_stays_a_tabulation() -> None:
    files = [file for item in audited("bound")["datasets"] for file in item["files"]]
    assert {file["delimiter"] for file in files if file["name"].endswith(".csv")} == {"\t"}


def test_a_number_json_cannot_carry_becomes_null() -> None:
    body = samples.commune()
    odd = replace(body, agents_etp=float("inf"), declared=(DeclaredFact("x", float("nan")),))
    text = reports.render(replace(samples.bound_commune(), organization=odd), "json")
    organization = json.loads(text)["organization"]
    assert organization["agents_etp"] is None
    assert organization["declared"][0]["value"] is None
    VALIDATOR.validate(json.loads(text))


def test_the_text_is_what_json_writes_with_ranges_on_one_line() -> None:
    report = made_safe(samples.bound_commune())
    text = json.dumps(payload(report), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    assert reports.render(report, "json") == re.sub(r"\[\n +(\d+),\n +(\d+)\n +\]", r"[\1, \2]", text) + "\n"


def test_a_long_report_comes_in_small_pieces() -> None:
    report = samples.bound_commune()
    many = replace(report, findings=report.findings * 50)
    made = reports.rendered(many, "json")
    assert not isinstance(made, str | bytes)
    sizes = [len(piece) for piece in made]
    assert len(sizes) > 10
    assert max(sizes) < 400_000
