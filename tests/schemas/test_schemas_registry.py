"""The national registry: its catalogue read within bounds, and what was got from it kept signed and checked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from opendata_check.errors import OutputError
from opendata_check.schemas import SchemaError, known
from opendata_check.schemas.registry import (
    MAX_BYTES,
    MAX_DEPTH,
    Held,
    held,
    keep,
    load_held,
    load_kept,
    named_by,
    parse_catalogue,
    parse_descriptor,
    receipt_for,
    receipt_of,
    registry_page,
    schema_of,
    version_order,
)

BENCHES: dict[str, Any] = {
    "name": "bancs",
    "version": "0.9.0",
    "title": "Bancs publics",
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "^B\\d{3}$"}, "example": "B001"},
        {"name": "pose", "type": "date", "description": "Le jour de la pose."},
    ],
}
RAW = json.dumps(BENCHES).encode()


def _raw(value: Any) -> bytes:
    return json.dumps(value).encode()


def _entry(name: str = "ville/bancs", **more: Any) -> dict[str, Any]:
    versions = [{"version_name": "1.0.0", "schema_url": "https://exemple.fr/1.0.0.json"}]
    return {"name": name, "title": "Bancs", "schema_type": "tableschema", "versions": versions, **more}


def _kept(folder: Path, raw: bytes = RAW, version: str = "1.0.0") -> Path:
    receipt = receipt_for(raw, "ville/bancs", version, url="https://exemple.fr/a.json", got_on="2026-11-23T10:00:00Z")
    return keep(folder, raw, receipt)


# --- the catalogue --------------------------------------------------------------------------------------------------


def test_a_catalogue_lists_schemas_by_name_and_versions_in_order() -> None:
    versions = [{"version_name": v, "schema_url": f"https://exemple.fr/{v}"} for v in ("1.10.0", "1.9.0", "1.9.0-beta")]
    catalogue = parse_catalogue(_raw({"schemas": [_entry("z/z"), _entry("a/a", versions=versions)]}), where="c")
    assert [entry.id for entry in catalogue.entries] == ["a/a", "z/z"]
    assert [name for name, _ in catalogue.entries[0].versions] == ["1.9.0-beta", "1.9.0", "1.10.0"]
    assert (catalogue.entries[0].latest, catalogue.unusable) == ("1.10.0", 0)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "scdl/subventions",
        {},
        _entry("../../etc/passwd"),
        _entry("a/b/c"),
        _entry("a__b/c"),
        _entry("a_/b"),
        _entry("a\nb/c"),
        _entry("x" * 200 + "/y"),
        _entry(versions=[]),
        _entry(versions="1.0.0"),
        _entry(versions=[{"version_name": "../1", "schema_url": "https://exemple.fr"}]),
        _entry(versions=[{"version_name": "1.0.0"}]),
        _entry(versions=[{"version_name": 1, "schema_url": 2}]),
    ],
)
def test_an_entry_that_cannot_be_used_is_counted_and_left_out(entry: Any) -> None:
    catalogue = parse_catalogue(_raw({"schemas": [entry, _entry("bon/schema")]}), where="c")
    assert ([item.id for item in catalogue.entries], catalogue.unusable) == (["bon/schema"], 1)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "pas du JSON"),
        (b"{", "pas du JSON"),
        (b'{"schemas": [NaN]}', "pas du JSON"),
        (b"\xff\xfe\xfa", "pas du JSON"),
        (b"  <!doctype html><html></html>", "page web"),
        (b"[]", "catalogue de schémas"),
        (b'{"schemas": {}}', "catalogue de schémas"),
        (_raw(BENCHES), "catalogue de schémas"),
        (b"[" * 100_000, "pas du JSON"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "trop de niveaux"),
        (b'"' + b"x" * MAX_BYTES + b'"', "10 Mo"),
        (b"9" * 5_000, "pas du JSON"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_one_line(raw: bytes, words: str) -> None:
    with pytest.raises(SchemaError) as refused:
        parse_catalogue(raw, where="schemas.json")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 200


@pytest.mark.shared
def test_the_real_catalogue_is_read_whole(shared: Path) -> None:
    raw = (shared / "catalogue" / "schema.data.gouv.fr" / "schemas.json").read_bytes()
    catalogue = parse_catalogue(raw, where="schemas.json")
    assert (len(catalogue.entries), catalogue.unusable) == (95, 0)
    assert sum(entry.kind == "tableschema" for entry in catalogue.entries) == 60
    assert next(entry for entry in catalogue.entries if entry.id == "scdl/subventions").latest == "2.1.1"


def test_versions_go_in_the_order_of_their_numbers() -> None:
    names = ["2", "1.10.0", "1.2.0", "1.0.0", "1.0.0-rc1", "v0.9", "latest"]
    assert sorted(names, key=version_order, reverse=True) == names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://schema.data.gouv.fr/scdl/subventions/", ("scdl/subventions", "")),
        ("https://schema.data.gouv.fr/scdl/subventions/2.1.1/", ("scdl/subventions", "2.1.1")),
        ("http://schema.data.gouv.fr/scdl/subventions/latest/documentation.html", ("scdl/subventions", "")),
        ("https://schema.data.gouv.fr/schemas/scdl/subventions/v2.1.1/schema.json", ("", "")),
        ("https://schema.data.gouv.fr/schemas.json", ("", "")),
        ("https://exemple.fr/scdl/subventions/", ("", "")),
        ("subventions", ("", "")),
    ],
)
def test_a_page_of_the_registry_names_its_schema(typed: str, meant: tuple[str, str]) -> None:
    assert registry_page(typed) == meant


# --- a schema -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<html>", "bouton « Raw »"),
        (b"[1]", "ne décrit pas les colonnes"),
        (b'"texte"', "ne décrit pas les colonnes"),
        (b'{"fields": []}', "champs"),
        (b'{"fields": {"a": 1}}', "champs"),
        (b'{"name": "a", "resources": []}', "Data Package"),
        (b'{"properties": {}}', "JSON Schema"),
        (_raw({"schemas": [_entry()]}), "--catalogue"),
    ],
)
def test_what_is_no_table_schema_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        schema_of(raw, "ville/bancs", "1.0.0", where="a.json")


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert parse_descriptor(b"\xef\xbb\xbf" + RAW, where="a.json") == BENCHES


def test_the_registry_s_name_and_version_prevail_over_those_of_the_file() -> None:
    schema = schema_of(RAW, "ville/bancs", "1.0.0", where="a.json")
    assert (schema.id, schema.version, schema.title) == ("ville/bancs", "1.0.0", "Bancs publics")
    assert [field.name for field in schema.fields] == ["id", "pose"]


@pytest.mark.parametrize(
    ("said", "owner", "meant"),
    [
        ({}, "exemple.fr", ("exemple.fr/bancs", "0.9.0")),
        ({"name": "Mes Bancs !"}, "local", ("local/mes-bancs", "0.9.0")),
        ({"name": "", "version": "v2"}, "local", ("local/bancs-publics", "2")),
        ({"version": 3}, "local", ("local/bancs", "0")),
        ({"version": "../x"}, "[::1]", ("1/bancs", "0")),
    ],
)
def test_a_schema_from_elsewhere_says_its_own_name(said: dict[str, Any], owner: str, meant: tuple[str, str]) -> None:
    assert named_by(_raw({**BENCHES, **said}), owner, where="a.json") == meant


def test_a_schema_without_a_name_is_refused() -> None:
    with pytest.raises(SchemaError, match="ne dit pas son nom"):
        named_by(_raw({**BENCHES, "name": "«»", "title": None}), "local", where="a.json")


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_a_kept_schema_stands_beside_its_signature(tmp_path: Path) -> None:
    path = _kept(tmp_path / "neuf")
    assert path == tmp_path / "neuf" / "ville__bancs__1.0.0.json"
    assert path.read_bytes() == RAW
    signature = json.loads(path.with_name("ville__bancs__1.0.0.signature").read_text(encoding="utf-8"))
    assert signature == {
        "id": "ville/bancs", "version": "1.0.0", "url": "https://exemple.fr/a.json", "got_on": "2026-11-23T10:00:00Z",
        "etag": "", "last_modified": "", "sha256": hashlib.sha256(RAW).hexdigest(), "byte_size": len(RAW),
    }  # fmt: skip
    assert sorted(item.name for item in path.parent.iterdir()) == [
        "ville__bancs__1.0.0.json",
        "ville__bancs__1.0.0.signature",
    ]


def test_a_kept_schema_is_read_without_a_network(tmp_path: Path) -> None:
    _kept(tmp_path)
    schema = load_kept(tmp_path, "ville/bancs", "1.0.0")
    assert (schema.id, schema.version, len(schema.fields)) == ("ville/bancs", "1.0.0", 2)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda json_, signature: json_.write_bytes(RAW + b" "), "a été modifié depuis"),
        (lambda json_, signature: json_.unlink(), "ne peut pas être lu"),
        (lambda json_, signature: signature.unlink(), "signature de ce schéma manque"),
        (lambda json_, signature: signature.write_text("{}"), "signature de ce schéma manque"),
        (lambda json_, signature: signature.write_text("[" * 10_000), "signature de ce schéma manque"),
        (lambda json_, signature: signature.write_bytes(b"\xff"), "signature de ce schéma manque"),
        (
            lambda json_, signature: signature.write_text(signature.read_text().replace("ville/bancs", "ville/arbres")),
            "signature de ce schéma manque",
        ),
    ],
)
def test_a_schema_altered_since_is_refused_in_one_line(tmp_path: Path, damage: Any, words: str) -> None:
    path = _kept(tmp_path)
    damage(path, path.with_suffix("").with_name("ville__bancs__1.0.0.signature"))
    with pytest.raises(SchemaError, match=words) as refused:
        load_kept(tmp_path, "ville/bancs", "1.0.0")
    assert "schemas pull ville/bancs --version 1.0.0" in refused.value.remedy
    assert str(tmp_path) not in str(refused.value)


def test_a_receipt_can_be_read_back(tmp_path: Path) -> None:
    _kept(tmp_path)
    receipt = receipt_of(tmp_path, "ville/bancs", "1.0.0")
    assert receipt is not None and receipt.sha256 == hashlib.sha256(RAW).hexdigest()
    assert receipt_of(tmp_path, "ville/bancs", "2.0.0") is None
    assert receipt_of(None, "ville/bancs", "1.0.0") is None


@pytest.mark.parametrize(
    ("schema_id", "version"), [("../x", "1"), ("a/b", "../1"), ("a/b__c", "1"), ("a", "1"), ("a/b", "")]
)
def test_a_name_that_leaves_the_folder_is_never_kept(schema_id: str, version: str) -> None:
    with pytest.raises(SchemaError, match="ne peut pas être gardé"):
        receipt_for(RAW, schema_id, version, url="", got_on="")


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "fichier"
    blocked.write_text("")
    with pytest.raises(OutputError, match="n'a pas pu être gardé") as refused:
        _kept(blocked / "schemas")
    assert "OPENDATA_CHECK_CACHE" in refused.value.remedy


def test_what_is_held_joins_the_embedded_and_the_kept(tmp_path: Path) -> None:
    _kept(tmp_path)
    _kept(tmp_path, version="1.10.0")
    _kept(tmp_path, version="1.9.0")
    (tmp_path / "autre.json").write_text("{}")
    (tmp_path / "a__b__c__d.json").write_text("{}")
    found = held(tmp_path)
    assert set(found) == {*known(), "ville/bancs"}
    assert [item.version for item in found["ville/bancs"]] == ["1.0.0", "1.9.0", "1.10.0"]
    assert all(item.pulled for item in found["ville/bancs"])
    assert set(held(None)) == set(held(tmp_path / "absent")) == set(known())


def test_an_embedded_version_is_the_one_that_serves_even_when_it_was_got(tmp_path: Path) -> None:
    embedded = held(None)["scdl/subventions"][-1]
    receipt = receipt_for(RAW, embedded.id, embedded.version, url="", got_on="")
    keep(tmp_path, RAW, receipt)
    assert held(tmp_path)["scdl/subventions"] == held(None)["scdl/subventions"]
    assert load_held(tmp_path, embedded).title != BENCHES["title"]
    assert embedded == Held("scdl/subventions", embedded.version, pulled=False)
