"""`check --schema`: a file, an address, a name, a part of a name, a slip of the keyboard; and schemas that make no sense."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from test_cli_check import HEADER, RIGHT, SCHEMA, WRONG, WRONG_FAULTS, Program, as_csv, checked, refused, written

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fetching"))
from scripted_server import Reply, scripted_server

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a file with three faults."""
    return written(tmp_path, "t.csv", as_csv(WRONG))


# --- where a schema comes from --------------------------------------------------------------------------------------


def test_a_schema_is_a_file(table: Path, tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "m.json", json.dumps(SCHEMA))
    written(tmp_path, "sans_extension", "\ufeff" + json.dumps(SCHEMA))
    for path in (tmp_path / "m.json", tmp_path / "sans_extension"):
        answer = checked(program, table, "--schema", path)
        assert answer.faults == WRONG_FAULTS
        assert answer.said["schema"] == {
            "id": "mobilier",
            "version": "1.2.0",
            "title": "Mobilier urbain",
            "confidence": 1.0,
            "by": "declared",
        }
    monkeypatch.chdir(tmp_path)
    assert checked(program, table, "-s", "m.json").faults == WRONG_FAULTS


def test_a_schema_is_an_address(table: Path, program: Program) -> None:
    script = {"/m.json": Reply(body=json.dumps(SCHEMA).encode(), headers=JSON)}
    with scripted_server(script) as server:
        address = f"{server.base_url}/m.json"
        answer = checked(program, table, "--schema", address, "--allow-private-network")
        assert (answer.faults, server.paths()) == (WRONG_FAULTS, ["/m.json"])
        assert "--allow-private-network" in refused(program, table, "--schema", address)


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(404), "404"),
        (Reply(body=b"<!DOCTYPE html><html></html>", headers={"Content-Type": "text/html"}), "page web"),
        (Reply(body=b'{"fields": [', headers=JSON), "illisible"),
        (Reply(body=b"[1, 2]", headers=JSON), "schéma"),
    ],
)
def test_an_address_without_a_schema_is_refused(reply: Reply, word: str, table: Path, program: Program) -> None:
    with scripted_server({"/m.json": reply}) as server:
        line = refused(program, table, "--schema", f"{server.base_url}/m.json", "--allow-private-network")
    assert word in line


def test_the_file_too_may_be_an_address(program: Program, tmp_path: Path) -> None:
    model = written(tmp_path, "m.json", json.dumps(SCHEMA))
    script = {"/d/t.csv": Reply(body=as_csv(WRONG).encode(), headers={"Content-Type": "text/csv"})}
    with scripted_server(script) as server:
        address = f"{server.base_url}/d/t.csv"
        answer = checked(program, address, "--schema", model, "--allow-private-network")
        assert (answer.faults, answer.said["file"]["name"]) == (WRONG_FAULTS, "t.csv")
        refused(program, f"{server.base_url}/rien.csv", "--allow-private-network")


@pytest.mark.parametrize("typed", ["scdl/deliberations", "deliberations", "Délibérations", "SCDL/Deliberations"])
def test_a_schema_is_a_name_or_a_part_of_it(typed: str, table: Path, program: Program) -> None:
    answer = checked(program, table, "--schema", typed)
    assert answer.said["schema"]["id"] == "scdl/deliberations"
    assert answer.said["header"]["missing"]


def test_a_version_is_asked_for_by_its_number(table: Path, program: Program) -> None:
    answer = checked(program, table, "--schema", "deliberations", "--schema-version", "v2.1.5")
    assert answer.said["schema"]["version"] == "2.1.5"
    assert "2.1.5" in refused(program, table, "--schema", "deliberations", "--schema-version", "9.9.9")
    assert "--schema" in refused(program, table, "--schema-version", "2.1.5")


def test_a_slip_of_the_keyboard_gets_the_nearest_names(table: Path, program: Program) -> None:
    assert "scdl/deliberations" in refused(program, table, "--schema", "delibertaions")
    assert "plusieurs schémas" in refused(program, table, "--schema", "schema")
    assert "schemas list" in refused(program, table, "--schema", "zzzzzzzzzzzz")


def test_a_schema_file_that_is_not_there_is_told(table: Path, tmp_path: Path, program: Program) -> None:
    assert "n'existe pas" in refused(program, table, "--schema", tmp_path / "rien.json")
    refused(program, table, "--schema", tmp_path)
    refused(program, table, "--schema", "x" * 5_000)


# --- columns are matched by name ------------------------------------------------------------------------------------


def headed(tmp_path: Path, *labels: str) -> Path:
    rows = [[dict(zip(HEADER, row, strict=True)).get(label.lower(), "x") for label in labels] for row in RIGHT]
    return written(tmp_path, "t.csv", "\n".join(";".join(row) for row in [labels, *rows]) + "\n")


def test_order_case_and_columns_in_excess_or_optional_are_notes(tmp_path: Path, program: Program) -> None:
    model = written(tmp_path, "m.json", json.dumps(SCHEMA))
    answer = checked(program, headed(tmp_path, "ETAT", "interne", "Pose", "code"), "--schema", model)
    assert (answer.code, answer.errors) == (0, [])
    header = answer.said["header"]
    assert header["misspelt"] == [{"written": "Pose", "expected": "pose"}, {"written": "ETAT", "expected": "etat"}]
    assert (header["extra"], header["absent_optional"], header["reordered"]) == (["interne"], ["cout"], True)
    assert {kind for level, kind, _ in answer.causes if level == "note"} == {
        "incorrect-label",
        "extra-label",
        "missing-optional-label",
        "label-order",
    }


def test_a_missing_mandatory_column_is_one_fault_not_one_a_row(tmp_path: Path, program: Program) -> None:
    model = written(tmp_path, "m.json", json.dumps(SCHEMA))
    answer = checked(program, headed(tmp_path, "pose", "cout", "etat"), "--schema", model)
    assert (answer.code, answer.faults) == (1, [("code", "missing-label", "code")])


# --- schemas that make no sense -------------------------------------------------------------------------------------

TWO = [{"name": "a"}, {"name": "b"}]
SENSELESS: dict[str, Any] = {
    "pas un objet": [1, 2],
    "sans champs": {"name": "x"},
    "champs vides": {"fields": []},
    "champ sans nom": {"fields": [{"type": "string"}]},
    "champ en double": {"fields": [{"name": "a"}, {"name": "a"}]},
    "nom sans fin": {"fields": [{"name": "a" * 5_000}]},
    "type inconnu": {"fields": [{"name": "a", "type": "chiffre"}]},
    "type qui est une liste": {"fields": [{"name": "a", "type": ["string"]}]},
    "type qui est un objet": {"fields": [{"name": "a", "type": {"b": 1}}]},
    "contraintes illisibles": {"fields": [{"name": "a", "constraints": "aucune"}]},
    "motif illisible": {"fields": [{"name": "a", "constraints": {"pattern": "(["}}, {"name": "b"}]},
    "motif qui est un nombre": {"fields": [{"name": "a", "constraints": {"pattern": 5}}, {"name": "b"}]},
    "valeurs permises illisibles": {"fields": [{"name": "a", "constraints": {"enum": "abc"}}, {"name": "b"}]},
    "borne illisible": {"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": "x"}}]},
    "longueur illisible": {"fields": [{"name": "a", "constraints": {"maxLength": "x"}}]},
    "vrai illisible": {"fields": [{"name": "a", "type": "boolean", "trueValues": 5}]},
    "vrai vide": {"fields": [{"name": "a", "type": "boolean", "trueValues": []}]},
    "décimale illisible": {"fields": [{"name": "a", "type": "number", "decimalChar": 5}]},
    "clé étrangère illisible": {"fields": TWO, "foreignKeys": ["a"]},
    "clé étrangère vers rien": {"fields": TWO, "foreignKeys": [{"fields": "z", "reference": {"fields": "a"}}]},
    "comparaison à rien": {
        "fields": TWO,
        "custom_checks": [{"name": "compare-columns-value", "params": {"column": "a", "op": ">"}}],
    },
    "somme illisible": {
        "fields": TWO,
        "custom_checks": [{"name": "sum-columns-value", "params": {"column": "a", "columns": 5}}],
    },
    "JSON Schema": {"type": "object", "properties": {"a": {}}},
    "Data Package": {"resources": [{"path": "t.csv"}]},
    "nombre qui n'existe pas": '{"fields": [{"name": "a", "constraints": {"minimum": NaN}}]}',
    "texte": "bonjour",
    "vide": "",
    "imbriqué": '{"fields":' + "[" * 50_000 + "]" * 50_000 + "}",
    "démesuré": '{"fields": [], "x": "' + "a" * 11_000_000 + '"}',
    "trop de champs": {"fields": [{"name": f"f{n}"} for n in range(6_000)]},
}


@pytest.mark.parametrize("kind", SENSELESS)
def test_a_schema_that_makes_no_sense_is_one_french_line(kind: str, tmp_path: Path, program: Program) -> None:
    content = SENSELESS[kind]
    model = written(tmp_path, "m.json", content if isinstance(content, str) else json.dumps(content))
    refused(program, written(tmp_path, "t.csv", "a;b\n1;2\nx;y\n"), "--schema", model)


HARMLESS: dict[str, dict[str, Any]] = {
    "contrôle inconnu": {"custom_checks": [{"name": "inconnu", "params": {"column": "a"}}, 5, {"x": 1}]},
    "gravité inconnue": {
        "custom_checks": [{"name": "french-siren-value", "params": {"column": "a", "level": "\x1b[31m"}}]
    },
    "clé primaire d'une colonne absente": {"primaryKey": ["a", "z"]},
    "valeurs manquantes diverses": {"missingValues": [None, 5, {"value": "-"}]},
    "titre illisible": {"name": 5, "title": ["x"], "version": {"a": 1}},
    "date d'une forme inconnue": {"fields": [{"name": "a"}, {"name": "b", "type": "date", "format": "%Q%"}]},
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_an_oddity_of_a_schema_stops_nothing(kind: str, tmp_path: Path, program: Program) -> None:
    model = written(tmp_path, "m.json", json.dumps({"fields": TWO, **HARMLESS[kind]}))
    path = written(tmp_path, "t.csv", "a;b\n1;2\n3;4\n")
    answer = checked(program, path, "--schema", model)
    assert answer.said["rows"] == 2
    for form in ("terminal", "csv"):
        assert program("check", path, "--schema", model, "--format", form).code == answer.code


def test_a_key_that_leads_to_another_file_is_said_not_to_be_checked(tmp_path: Path, program: Program) -> None:
    keys = [{"fields": "b", "reference": {"resource": "communes", "fields": "code"}}]
    model = written(tmp_path, "m.json", json.dumps({"fields": TWO, "foreignKeys": keys}))
    answer = checked(program, written(tmp_path, "t.csv", "a;b\n1;2\n"), "--schema", model)
    (group,) = answer.said["groups"]
    assert (group["level"], group["type"], group["field"]) == ("warning", "foreign-key", "b")
    assert "communes" in group["message"]


def test_a_key_that_leads_to_the_same_file_is_checked(tmp_path: Path, program: Program) -> None:
    keys = [{"fields": "b", "reference": {"resource": "", "fields": "a"}}]
    model = written(tmp_path, "m.json", json.dumps({"fields": TWO, "foreignKeys": keys}))
    answer = checked(program, written(tmp_path, "t.csv", "a;b\n1;2\n2;1\n3;9\n"), "--schema", model)
    assert answer.faults == [("b", "foreign-key", "9")]


def test_a_repeated_key_is_told_on_the_row_that_repeats(tmp_path: Path, program: Program) -> None:
    model = written(tmp_path, "m.json", json.dumps({"fields": TWO, "primaryKey": "a"}))
    answer = checked(program, written(tmp_path, "t.csv", "a;b\n1;2\n2;3\n1;4\n"), "--schema", model)
    assert [(e["line"], e["type"], e["value"]) for e in answer.said["errors"]] == [(4, "primary-key", "1")]
