"""National schemas of mobility, safety, access and planning: published facts, our own words, and their recognition."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from frictionless import Field as FrictionlessField

from opendata_check import schemas
from opendata_check.folding import fold
from opendata_check.model.schema import Field
from opendata_check.schemas import store
from opendata_check.schemas.recognition import declared_schema

FOLDER = Path(store.__file__).parent / "data"
TABLES = [
    ("CEREMA/schema-arrete-circulation-marchandises", "0.9.2"),
    ("LaMednum/standard-mediation-num", "1.0.1"),
    ("MTES-MCT/acceslibre-erp-bureau-de-vote", "0.0.20"),
    ("atlasante/schema-dae", "1.0.7"),
    ("cnigfr/schema-friches", "1.0.6"),
    ("datagouv/schema-fontaine-eau", "0.1.0"),
    ("datakode/schema-pei", "1.0.1"),
    ("etalab/schema-comptage-mobilites-channel", "0.2.5"),
    ("etalab/schema-comptage-mobilites-measure", "0.2.5"),
    ("etalab/schema-comptage-mobilites-site", "0.2.5"),
    ("etalab/schema-irve-dynamique", "2.3.1"),
    ("etalab/schema-irve-statique", "2.3.1"),
    ("openmaraude/schema-stationstaxi", "0.1.2"),
]
FEATURES = [("etalab/schema-amenagements-cyclables", "0.3.5"), ("etalab/schema-zfe", "0.8.2")]
EVERY = TABLES + FEATURES
OPTIONS = ("trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "floatNumber", "arrayItem")
A_QUOTATION = 8
"""Words in a row that would be somebody else's sentence."""


def raw(schema_id: str, version: str) -> dict[str, Any]:
    path = FOLDER / f"{schema_id.replace('/', '__')}__{version}.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def published(shared: Path, schema_id: str, version: str) -> dict[str, Any]:
    path = shared / "schemas" / schema_id.replace("/", "__") / f"{version}.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def properties(content: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a JSON Schema of a FeatureCollection that speaks of the features' properties."""
    said: dict[str, Any] = content["properties"]["features"]["items"]["properties"]["properties"]
    return said


def published_fields(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the published fields; those of a JSON Schema said as Table Schema says them."""
    if "fields" in content:
        fields: list[dict[str, Any]] = content["fields"]
        return fields
    said = properties(content)
    return [_as_field(name, rule, name in said["required"]) for name, rule in said["properties"].items()]


def _as_field(name: str, rule: dict[str, Any], required: bool) -> dict[str, Any]:
    types = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    (type_,) = [word for word in types if word != "null"]
    format_ = rule.get("format", "default")
    constraints: dict[str, Any] = {"required": True} if required else {}
    if "enum" in rule:
        constraints["enum"] = [value for value in rule["enum"] if value is not None]
    constraints |= {key: rule[key] for key in ("pattern", "minimum", "maximum") if key in rule}
    said = {"name": name, "constraints": constraints, "description": rule.get("description", "")}
    if "items" in rule:
        said["arrayItem"] = {"type": rule["items"]["type"]}
        said["description"] = rule["items"]["description"]
    examples = rule.get("examples", [""])
    return {
        **said,
        "type": "date" if format_ == "date" else type_,
        "format": "default" if format_ == "date" else format_,
        "example": str(examples[0]),
    }


def facts(field: dict[str, Any]) -> dict[str, Any]:
    """Return what a field is, defaults said; ``required: false`` says nothing."""
    return {
        "name": field["name"],
        "type": field.get("type", "string"),
        "format": field.get("format", "default"),
        "constraints": {k: v for k, v in (field.get("constraints") or {}).items() if v is not False},
    }


def options(field: dict[str, Any]) -> dict[str, Any]:
    return {key: field[key] for key in OPTIONS if key in field}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def runs(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[start : start + A_QUOTATION]) for start in range(len(said) - A_QUOTATION + 1)}


def frictionless_field(field: Field, missing_values: tuple[str, ...]) -> FrictionlessField:
    return FrictionlessField.from_descriptor(
        {
            "name": field.name,
            "type": field.type,
            "format": field.format,
            "constraints": dict(field.constraints),
            "missingValues": list(missing_values),
            **{key: field.options[key] for key in OPTIONS if key in field.options},
        }
    )


@pytest.mark.shared
@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_names_types_formats_constraints_and_options_are_the_published_ones(
    shared: Path, schema_id: str, version: str
) -> None:
    ours = raw(schema_id, version)["fields"]
    theirs = published_fields(published(shared, schema_id, version))
    assert [entry["name"] for entry in ours] == [field["name"] for field in theirs]
    for entry, field in zip(ours, theirs, strict=True):
        assert facts(entry) == facts(field)
        assert entry.get("options", {}) == options(field), field["name"]


@pytest.mark.shared
@pytest.mark.parametrize(("schema_id", "version"), TABLES)
def test_key_missing_values_and_checks_are_the_published_ones(shared: Path, schema_id: str, version: str) -> None:
    theirs = published(shared, schema_id, version)
    schema = schemas.load(schema_id, version)
    key = theirs.get("primaryKey", [])
    assert list(schema.primary_key) == ([key] if isinstance(key, str) else key)
    assert list(schema.missing_values) == theirs.get("missingValues", [""])
    assert [(check.name, check.params) for check in schema.checks] == [
        (check["name"], check["params"]) for check in theirs.get("custom_checks", [])
    ]
    assert "foreignKeys" not in theirs
    assert schema.carrier == "table"


@pytest.mark.shared
@pytest.mark.parametrize(("schema_id", "version"), FEATURES)
def test_what_a_json_schema_says_between_two_properties_is_applied_or_told(
    shared: Path, schema_id: str, version: str
) -> None:
    told = {
        frozenset((item["column"], item["column2"]))
        for item in raw(schema_id, version).get("not_applied", [])
        if item["why"]
    }
    dependencies = properties(published(shared, schema_id, version)).get("dependencies", {})
    assert told == {frozenset((name, other)) for name, others in dependencies.items() for other in others}
    assert schemas.load(schema_id, version).carrier == "geojson"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["statique", "dynamique"])
def test_irve_2_3_0_needs_no_file_since_its_facts_are_those_of_2_3_1(shared: Path, name: str) -> None:
    before, after = (
        published_fields(published(shared, f"etalab/schema-irve-{name}", version)) for version in ("2.3.0", "2.3.1")
    )
    assert before == after


@pytest.mark.shared
@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_meanings_and_examples_are_our_own(shared: Path, schema_id: str, version: str) -> None:
    schema = schemas.load(schema_id, version)
    theirs = published_fields(published(shared, schema_id, version))
    said = [text for field in theirs for key in ("title", "description") if (text := field.get(key) or "")]
    taken = set().union(*map(runs, said))
    for field, their_field in zip(schema.fields, theirs, strict=True):
        assert not runs(field.meaning) & taken, field.name
        assert words(field.meaning) not in [words(text) for text in said], field.name
        assert field.example.casefold() != str(their_field.get("example", "")).casefold(), field.name


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_every_example_is_a_value_that_its_own_field_accepts(schema_id: str, version: str) -> None:
    schema = schemas.load(schema_id, version)
    for field in schema.fields:
        assert isinstance(field.example, str), field.name
        value, notes = frictionless_field(field, schema.missing_values).read_cell(field.example)
        assert value is not None, field.name
        assert notes is None, (field.name, notes)


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_every_meaning_is_one_sentence_that_no_other_field_has(schema_id: str, version: str) -> None:
    schema = schemas.load(schema_id, version)
    counted = Counter(field.meaning.casefold() for field in schema.fields)
    assert [meaning for meaning, times in counted.items() if times > 1] == []
    for field in schema.fields:
        assert field.meaning.endswith("."), field.name
        assert ". " not in field.meaning, field.name
        assert "ÉCRIRE" not in field.meaning, field.name


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_a_file_says_its_source_its_licence_and_whether_each_column_may_be_personal(
    schema_id: str, version: str
) -> None:
    content = raw(schema_id, version)
    schema = schemas.load(schema_id, version)
    assert (content["id"], content["version"]) == (schema_id, version)
    assert "https://" in schema.source
    assert "licence" in schema.source
    assert "seuls les noms, types et contraintes sont repris" in schema.source
    assert all(isinstance(field.options["personal"], bool) for field in schema.fields)
    assert set(content.get("ordinary_columns", [])) <= {field.name for field in schema.fields}


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_addresses_and_numbers_that_may_reach_a_person_are_personal(schema_id: str, version: str) -> None:
    reaching = re.compile(r"(.*_)?(e?mail|courriels|contact|telephone|tel\d?|no_appel)(_.*)?")
    for field in schemas.load(schema_id, version).fields:
        if field.format == "email" or (reaching.fullmatch(field.name) and field.format != "uri"):
            assert field.options["personal"] is True, field.name


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
@pytest.mark.parametrize("written", [str, str.lower, str.upper])
def test_a_schema_is_recognised_by_its_own_columns_whatever_their_case(
    schema_id: str, version: str, written: Any
) -> None:
    schema = schemas.load(schema_id, version)
    match = schemas.recognise([written(field.name) for field in schema.fields], carrier=schema.carrier)
    assert match is not None
    assert (match.schema.id, match.schema.version) == (schema_id, version)
    assert match.confidence >= 0.9
    assert match.missing_columns == match.extra_columns == ()


@pytest.mark.parametrize(("schema_id", "version"), EVERY)
def test_a_schema_is_recognised_by_the_name_and_the_address_a_catalogue_gives(schema_id: str, version: str) -> None:
    address = f"https://schema.data.gouv.fr/schemas/{schema_id}/{version}/schema.json"
    assert declared_schema(schema_id)[0] == schema_id
    assert declared_schema(f"{schema_id}@{version}") == (schema_id, version)
    assert declared_schema(address) == (schema_id, version)


@pytest.mark.parametrize(
    ("address", "schema_id"),
    [
        (
            "https://raw.githubusercontent.com/etalab/schema-irve/v2.3.0/statique/schema-statique.json",
            "etalab/schema-irve-statique",
        ),
        (
            "https://raw.githubusercontent.com/etalab/schema-irve/v2.3.0/dynamique/schema-dynamique.json",
            "etalab/schema-irve-dynamique",
        ),
        (
            "https://github.com/MTES-MCT/acceslibre-schema/raw/v0.0.20/bureau_de_vote/schema.json",
            "MTES-MCT/acceslibre-erp-bureau-de-vote",
        ),
        (
            "https://github.com/etalab/amenagements-cyclables/raw/v0.3.4/schema_amenagements_cyclables.json",
            "etalab/schema-amenagements-cyclables",
        ),
    ],
)
def test_the_address_of_the_publishers_own_repository_names_the_schema_too(address: str, schema_id: str) -> None:
    assert declared_schema(address)[0] == schema_id


def test_only_the_mandatory_columns_of_irve_must_be_there() -> None:
    schema = schemas.load("etalab/schema-irve-statique")
    assert {"nom_amenageur", "code_insee_commune", "cable_t2_attache"} <= schema.optional_columns
    assert "coordonneesXY" not in schema.optional_columns


def test_the_end_of_a_count_may_be_empty_but_its_column_must_be_there() -> None:
    schema = schemas.load("etalab/schema-comptage-mobilites-measure")
    end = next(field for field in schema.fields if field.name == "end_datetime")
    assert not end.required
    assert "end_datetime" not in schema.optional_columns
