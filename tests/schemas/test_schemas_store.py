"""The embedded schemas hold the published facts, field by field, and nothing malformed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from opendata_check import schemas
from opendata_check.schemas import store

FOLDER = Path(store.__file__).parent / "data"
EVERY = [(id_, version) for id_ in schemas.known() for version in store.versions(id_)]


def raw(schema_id: str, version: str) -> dict[str, Any]:
    path = FOLDER / f"{schema_id.replace('/', '__')}__{version}.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def test_the_schemas_a_commune_owes_or_publishes_are_known_offline_and_bal_in_two_versions():
    wanted = {
        *(f"scdl/{name}" for name in (
            "deliberations", "subventions", "catalogue", "equipements", "prenoms", "menus-collectifs", "budget"
        )),
        *(f"etalab/schema-{name}" for name in (
            "bal", "irve-statique", "irve-dynamique", "decp-dpa", "stationnement", "stationnement-cyclable",
            "lieux-covoiturage", "amenagements-cyclables", "zfe", "hautes-remunerations", "comptage-mobilites-site",
            "comptage-mobilites-channel", "comptage-mobilites-measure"
        )),
        "atlasante/schema-dae", "datakode/schema-pei", "datagouv/schema-fontaine-eau", "cnigfr/schema-friches",
        "CEREMA/schema-arrete-circulation-marchandises", "MTES-MCT/acceslibre-erp-bureau-de-vote",
    }  # fmt: skip
    assert wanted <= set(schemas.known())
    assert store.versions("etalab/schema-bal") == ("1.4.0", "1.5.0")


def test_load_without_a_version_gives_the_latest():
    assert schemas.load("etalab/schema-bal").version == "1.5.0"
    assert schemas.load("etalab/schema-bal", "1.4.0").version == "1.4.0"


@pytest.mark.parametrize(("schema_id", "version"), [("scdl/inconnu", ""), ("scdl/deliberations", "9.9"), ("", "")])
def test_an_unknown_schema_or_version_is_one_french_line(schema_id: str, version: str):
    with pytest.raises(schemas.SchemaError) as caught:
        schemas.load(schema_id, version)
    assert "connu" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_malformed_schema_file_is_a_schema_error(tmp_path: Path):
    path = tmp_path / "a__b__1.yaml"
    path.write_text(
        "id: a/b\nversion: '1'\ntitle: x\nsource: y\nfields: [{name: sans_explication}]\n", encoding="utf-8"
    )
    with pytest.raises(schemas.SchemaError, match="malformé"):
        store._read(path)


def test_columns_that_are_not_required_may_be_left_out_of_scdl_files():
    schema = schemas.load("scdl/deliberations")
    assert "PREF_DATE" in schema.optional_columns
    assert "COLL_SIRET" not in schema.optional_columns


def test_bal_needs_long_and_lat_columns_whose_cells_may_be_empty():
    schema = schemas.load("etalab/schema-bal")
    long = next(field for field in schema.fields if field.name == "long")
    assert not long.required
    assert "long" not in schema.optional_columns
    assert {"x", "y", "position", "suffixe"} <= schema.optional_columns


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_every_field_is_explained_in_french_and_names_its_source(schema_id: str, version: str):
    schema = schemas.load(schema_id, version)
    assert "http" in schema.source
    assert "licence" in schema.source or "CC BY" in schema.source
    for field in schema.fields:
        assert field.meaning.endswith("."), field.name
        assert field.example, field.name


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_every_departure_from_the_published_model_says_why(schema_id: str, version: str):
    for entry in raw(schema_id, version)["fields"]:
        if "published" in entry:
            assert "why" in entry or _same(entry), entry["name"]


def _same(entry: dict[str, Any]) -> bool:
    return _facts(entry.get("constraints")) == _facts(entry["published"])


def _facts(constraints: dict[str, Any] | None) -> dict[str, Any]:
    """Drop what says nothing: ``required: false``."""
    return {name: value for name, value in (constraints or {}).items() if value is not False}


def _published(entry: dict[str, Any]) -> dict[str, Any]:
    return _facts(entry.get("published", entry.get("constraints")))


def _own_checks(checks: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """Say our checks the way the published ones are read below."""
    ours = ("check", "level")
    return _published_checks(
        [{"name": c["check"], "params": {k: v for k, v in c.items() if k not in ours}} for c in checks]
    )


def _published_checks(checks: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for check in checks:
        name, params = check["name"], check["params"]
        if name == "compare-columns-value":
            assert params["op"] == ">="
            found.add((name, params["column"], params["column2"]))
        elif name == "cohesive-columns-value":
            found |= {(name, params["column"], other) for other in params["othercolumns"]}
        elif name == "one-of-required":
            found.add((name, params["column1"], params["column2"]))
        else:
            found.add((name, params["column"]))
    return found


@pytest.mark.shared
@pytest.mark.parametrize(("schema_id", "version"), [("scdl/deliberations", "2.1.5"), ("scdl/subventions", "2.1.1")])
def test_embedded_scdl_facts_are_the_published_ones_field_by_field(shared: Path, schema_id: str, version: str):
    path = shared / "schemas" / schema_id.replace("/", "__") / f"{version}.json"
    published = json.loads(path.read_text(encoding="utf-8"))
    ours = raw(schema_id, version)
    assert [entry["name"] for entry in ours["fields"]] == [field["name"] for field in published["fields"]]
    for entry, field in zip(ours["fields"], published["fields"], strict=True):
        assert entry.get("type", "string") == field["type"], field["name"]
        assert entry.get("format", "default") == field.get("format", "default"), field["name"]
        assert _published(entry) == field.get("constraints", {}), field["name"]
        options = {key: field[key] for key in ("trueValues", "falseValues", "bareNumber") if key in field}
        assert entry.get("options", {}) == options, field["name"]
        assert entry["meaning"] not in field["description"]
    assert _own_checks(ours["checks"]) == _published_checks(published["custom_checks"])


@pytest.mark.shared
@pytest.mark.parametrize("version", ["1.4.0", "1.5.0"])
def test_embedded_bal_facts_are_the_published_ones_field_by_field(shared: Path, version: str):
    short = version.removesuffix(".0")
    path = shared / "samples" / "examples" / "etalab+schema-bal" / f"bal_schema_v{short}.json"
    published = json.loads(path.read_text(encoding="utf-8"))
    ours = raw("etalab/schema-bal", version)
    assert [entry["name"] for entry in ours["fields"]] == [field["name"] for field in published["fields"]]
    for entry, field in zip(ours["fields"], published["fields"], strict=True):
        assert entry.get("type", "string") == field["type"], field["name"]
        assert entry.get("format", "default") == field.get("format", "default"), field["name"]
        assert _published(entry) == _facts(field["constraints"]), field["name"]


@pytest.mark.shared
@pytest.mark.parametrize("version", ["1.4.0", "1.5.0"])
def test_a_bal_column_may_be_left_out_only_when_the_ban_does_not_refuse_it(shared: Path, version: str):
    lines = (shared / "peers" / "validateur-bal" / "ERROR_CODES.tsv").read_text(encoding="utf-8").splitlines()
    level = lines[0].split("\t").index(version.removesuffix(".0"))
    refused = {
        found[1]
        for line in lines[1:]
        if line.split("\t")[level] == "E" and (found := re.fullmatch(r"field\.(\w+)\.missing", line.split("\t")[0]))
    }
    schema = schemas.load("etalab/schema-bal", version)
    assert {field.name for field in schema.fields} - schema.optional_columns == refused
