"""A report JSON may be cut, edited by hand, of another version or of another program: one French line says which."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rereading_samples

from opendata_check import reports
from opendata_check.errors import OpendataCheckError
from opendata_check.model.report import AuditReport
from opendata_check.reports.json import payload
from opendata_check.reports.safety import made_safe
from opendata_check.rereading import RereadingError, read, report_from
from opendata_check.rereading.opening import opened

ADDED = {
    "duty": ("yes_or_no", "places", "schemas"),
    "catalog": ("name", "interrupted", "about_others"),
    "dataset": ("catalog",),
    "file": ("id", "local", "service", "read", "read_fault", "declared_size"),
    "finding": ("case",),
}
"""What form 2.3 added."""


@cache
def _text() -> str:
    return reports.render(rereading_samples.portal(), "json")


def whole() -> dict[str, Any]:
    """Return the values of the portal's report, as a file would give them."""
    values: dict[str, Any] = json.loads(_text())
    return values


@cache
def _small_text() -> str:
    return json.dumps(_cut(whole()))


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    return [_cut(item) for item in value[:2]] if isinstance(value, list) else value


def small() -> dict[str, Any]:
    """Return the same with two items a list: every place there is, once or twice."""

    values: dict[str, Any] = json.loads(_small_text())
    return values


def written(tmp_path: Path, text: str | bytes, name: str = "audit.json") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(path: Path) -> str:
    """Return the line that refuses a file."""
    with pytest.raises(RereadingError) as caught:
        read(path)
    line = str(caught.value)
    assert "\n" not in line and len(line) < 400
    assert caught.value.remedy
    return line


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield every place of a document, the first of each kind."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key)
            yield from places(item, (*path, key))
    elif isinstance(value, list) and value:
        yield (*path, 0)
        yield from places(value[0], (*path, 0))


def spelt(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    document = small()
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return document


@pytest.mark.parametrize("value", [None, 7, -1, 1.5, "zut", [], ["zut"], {}, True, 10**30, float("inf")])
def test_a_wrong_value_anywhere_is_refused_at_its_place_or_harmless(value: Any) -> None:
    refused = 0
    for path in places(small()):
        try:
            report = report_from(changed(path, value))
        except RereadingError as error:
            refused += 1
            inside = spelt(path) if path[-1] != "schema_version" else "schema_version"
            assert (
                inside.split(".")[0].split("[")[0] in str(error) or "programme" in str(error) or "manque" in str(error)
            )
            continue
        assert isinstance(report, AuditReport)
    assert refused > 40


@pytest.mark.parametrize("value", [None, "zut", 7, []])
def test_what_is_read_can_be_shown_or_says_why_not(value: Any) -> None:
    for path in list(places(small()))[::6]:
        try:
            reports.render(report_from(changed(path, value)), "terminal")
        except OpendataCheckError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("path", "value", "place", "expected"),
    [
        (("findings", 1, "severity"), "grave", "findings[1].severity", "critical, major, minor, info"),
        (("findings", 0, "outcome"), None, "findings[0].outcome", "non_compliant"),
        (("findings", 0, "title"), 12, "findings[0].title", "un texte"),
        (("findings", 0, "locations"), {}, "findings[0].locations", "une liste"),
        (("datasets", 0, "files", 0, "member"), "oui", "datasets[0].files[0].member", "true ou false"),
        (("datasets", 0, "files", 0, "byte_size"), 1.5, "datasets[0].files[0].byte_size", "un nombre entier"),
        (("scores", "overall"), "58", "scores.overall", "un nombre"),
        (("scores", "level"), "parfait", "scores.level", "un niveau que ce programme connaît"),
        (("on"), "23/11/2026", "on", "une date"),
        (("organization"), [], "organization", "un objet"),
        (("duties", 0, "condition", "children", 0, "kind"), "xor", "duties[0].condition.children[0].kind", "test"),
        (("priorities", 0, "effort"), "un an", "priorities[0].effort", "un mot que ce programme connaît"),
        (("datasets", 0, "files", 0), 3, "datasets[0].files[0]", "un objet"),
        (("datasets",), "aucun", "datasets", "une liste"),
    ],
)
def test_the_line_names_the_place_and_what_is_expected(
    path: tuple[str | int, ...] | str, value: Any, place: str, expected: str, tmp_path: Path
) -> None:
    steps = (path,) if isinstance(path, str) else path
    line = refusal(written(tmp_path, json.dumps(changed(steps, value))))
    assert line.startswith(f"audit.json, {place} : il faut ici ")
    assert expected in line


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    document = whole()
    del document["findings"][3]["severity"]
    line = refusal(written(tmp_path, json.dumps(document)))
    assert "findings[3].severity" in line


def test_no_value_of_the_file_is_told(tmp_path: Path) -> None:
    line = refusal(written(tmp_path, json.dumps(changed(("findings", 0, "count"), "DUPONT Jeanne 06 11 22 33 44"))))
    assert "DUPONT" not in line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "pas un rapport d'audit"),
        ("nom;âge\nécole;3\n", "pas un rapport d'audit"),
        ("[1, 2]", "pas un rapport d'audit"),
        ("<!DOCTYPE html><p>perdu", "pas un rapport d'audit"),
        ("{}", "autre programme"),
        ('{"a": 1}', "autre programme"),
        ('{"schema_version": "2.3", "findings": [', "mal écrit ou coupé"),
        ('{"a" 1}', "mal écrit ou coupé"),
        ('{"a": 1,}', "mal écrit ou coupé"),
        ('{"a": 1} {"b": 2}', "reste du texte"),
        ('{"scores": {"overall": NaN}}', "NaN"),
        ('{"scores": {"overall": -Infinity}}', "NaN"),
        ('{"on": "2026-01-01", "on": "2026-01-02"}', "deux fois"),
        ('{"scores": {"overall": 1, "overall": 2}}', "deux fois"),
        ('{"findings": [{"check": "a", "check": "b"}]}', "deux fois"),
        ('{"a": ' + "9" * 6000 + "}", "trop long"),
        ('{"a": ' + "[" * 200_000 + "}", "trop de niveaux"),
        ('{"findings": [' + '{"a":' * 200_000, "trop de niveaux"),
        ('{"a": "' + "x" * 3_000_000, "mal écrit ou coupé"),
        ("{" + ", ".join(f'"k{rank}": 1' for rank in range(500)) + "}", "trop de clés"),
    ],
)
def test_what_is_no_audit_is_refused(text: str, told: str, tmp_path: Path) -> None:
    assert told in refusal(written(tmp_path, text))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_anywhere_is_refused(share: float, tmp_path: Path) -> None:
    text = reports.render(rereading_samples.portal(), "json")
    assert "mal écrit ou coupé" in refusal(written(tmp_path, text[: int(len(text) * share)]))


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    text = reports.render(rereading_samples.portal(), "json")
    assert "UTF-8" in refusal(written(tmp_path, text.encode("cp1252", "replace")))
    assert "UTF-8" in refusal(written(tmp_path, text.encode("utf-16")))


def test_deep_conditions_are_refused_without_a_crash(tmp_path: Path) -> None:
    document = whole()
    leaf = document["duties"][0]["condition"]
    node = leaf
    for _ in range(60):
        node = {**leaf, "children": [node]}
    document["duties"][0]["condition"] = node
    assert "niveaux" in refusal(written(tmp_path, json.dumps(document)))


def test_counts_that_would_fill_memory_are_refused(tmp_path: Path) -> None:
    document = whole()
    judged = next(file for item in document["datasets"] for file in item["files"] if file["validation"])
    judged["validation"]["issue_count"] = 10**12
    assert "validation.issue_count" in refusal(written(tmp_path, json.dumps(document)))


def test_a_gzipped_audit_is_read_whatever_its_name(tmp_path: Path) -> None:
    text = reports.render(rereading_samples.portal(), "json")
    expected = report_from(json.loads(text))
    assert read(written(tmp_path, gzip.compress(text.encode()), "audit.json.gz")) == expected
    assert read(written(tmp_path, gzip.compress(text.encode()), "audit.json")) == expected


def test_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(reports.render(rereading_samples.portal(), "json").encode())
    assert "coupée ou abîmée" in refusal(written(tmp_path, packed[: len(packed) // 2], "a.json.gz"))
    assert "coupée ou abîmée" in refusal(written(tmp_path, packed[:2000] + b"\0" * 50 + packed[2050:], "a.json.gz"))


def test_a_bomb_stops_at_one_gigabyte(tmp_path: Path) -> None:
    bomb = written(tmp_path, gzip.compress(b" " * 10_000_000) * 102, "a.json.gz")
    assert "espaces" in refusal(bomb)
    with pytest.raises(RereadingError, match="1 Go"), opened(bomb) as stream:
        while stream.read(1 << 20):
            pass


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    text = reports.render(rereading_samples.portal(), "json")
    assert read(written(tmp_path, b"\xef\xbb\xbf" + text.encode())) == report_from(json.loads(text))


def test_members_may_come_in_any_order_and_on_one_line(tmp_path: Path) -> None:
    document = whole()
    turned = dict(reversed(list(document.items())))
    assert read(written(tmp_path, json.dumps(turned))) == report_from(document)


@pytest.mark.parametrize(("version", "told"), [("3.0", "à jour"), ("12.4", "à jour"), ("1.0", "trop ancien")])
def test_another_major_form_is_refused(version: str, told: str, tmp_path: Path) -> None:
    document = {**whole(), "schema_version": version, "findings": [{"neuf": True}]}
    assert told in refusal(written(tmp_path, json.dumps(document)))


@pytest.mark.parametrize("version", [2.3, None, "deux", "2", "2.3.1", "", [], "99999.1"])
def test_a_version_that_is_none_is_refused(version: Any, tmp_path: Path) -> None:
    line = refusal(written(tmp_path, json.dumps({**whole(), "schema_version": version})))
    assert "schema_version" in line


def test_a_newer_minor_form_is_read_and_its_additions_ignored(tmp_path: Path) -> None:
    document = whole()
    expected = report_from(document)
    document |= {"schema_version": "2.9", "neuf": [{"a": 1}], "autre": {"b": [1]}}
    document["findings"][0]["neuf"] = {"a": [1]}
    notes: list[str] = []
    assert read(written(tmp_path, json.dumps(document)), notes) == expected
    assert notes == []


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_an_older_form_is_read_and_said_once(version: str, tmp_path: Path) -> None:
    document = whole()
    document["schema_version"] = version
    for key, name in (("duties", "duty"), ("catalogs", "catalog"), ("datasets", "dataset"), ("findings", "finding")):
        for item in document[key]:
            for added in ADDED[name]:
                del item[added]
    for item in document["datasets"]:
        for file in item["files"]:
            for added in ADDED["file"]:
                del file[added]
    if version < "2.2":
        del document["expected"], document["others_scores"]
    if version < "2.1":
        del document["by_others"], document["interrupted"]
        for item in document["datasets"]:
            del item["copies"]
    notes: list[str] = []
    report = read(written(tmp_path, json.dumps(document)), notes)
    assert len(notes) == 1 and version in notes[0]
    kept = rereading_samples.portal()
    assert [one.fingerprint for one in report.findings] == [one.fingerprint for one in kept.findings]
    for name in reports.formats():
        assert reports.rendered(report, name)


def test_hand_made_line_ends_in_a_place_are_not_told(tmp_path: Path) -> None:
    line = refusal(written(tmp_path, '{"a\\n\\u001b[31m": 1, "a\\n\\u001b[31m": 2}'))
    assert not re.search(r"[\x00-\x1f]", line)


def test_the_values_of_a_report_made_safe_are_those_of_its_file() -> None:
    report = rereading_samples.portal()
    text = io.StringIO(reports.render(report, "json"))
    assert json.load(text) == payload(made_safe(report))
