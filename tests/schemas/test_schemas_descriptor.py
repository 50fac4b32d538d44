"""A published Table Schema is read whatever its author forgot, and refused in one French line when it makes no sense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.model.schema import CustomCheck, ForeignKey, TableSchema
from opendata_check.schemas import SchemaError
from opendata_check.schemas.descriptor import from_descriptor

TWO = [{"name": "a"}, {"name": "b"}]


def read(descriptor: Any, where: str = "m.json") -> TableSchema:
    return from_descriptor(descriptor, where=where)


def test_a_whole_descriptor_is_read() -> None:
    schema = read(
        {
            "name": "bancs",
            "title": "Bancs publics",
            "version": "1.0.0",
            "missingValues": ["", "NC"],
            "primaryKey": "id",
            "fields": [
                {
                    "name": "id",
                    "type": "integer",
                    "description": "Le numéro.",
                    "example": 12,
                    "constraints": {"required": True, "minimum": 1},
                    "bareNumber": False,
                },
                {"name": "pose", "type": "date", "format": "fmt:%d/%m/%Y", "title": "Le jour"},
                {
                    "name": "vrai",
                    "type": "boolean",
                    "trueValues": ["oui"],
                    "falseValues": ["non"],
                    "missingValues": ["?"],
                },
            ],
            "custom_checks": [{"name": "french-siren-value", "params": {"column": "id"}}],
            "foreignKeys": [{"fields": ["id"], "reference": {"resource": "autre", "fields": ["code"]}}],
        }
    )
    assert (schema.id, schema.title, schema.version) == ("bancs", "Bancs publics", "1.0.0")
    assert (schema.missing_values, schema.primary_key) == (("", "NC"), ("id",))
    first, second, third = schema.fields
    assert (first.type, first.required, first.example, first.meaning) == ("integer", True, "12", "Le numéro.")
    assert (first.constraints, first.options) == ({"required": True, "minimum": 1}, {"bareNumber": False})
    assert (second.format, second.meaning, second.required) == ("%d/%m/%Y", "Le jour", False)
    assert third.options == {"trueValues": ["oui"], "falseValues": ["non"], "missingValues": ["?"]}
    assert schema.checks == (CustomCheck("french-siren-value", {"column": "id"}),)
    assert schema.foreign_keys == (ForeignKey(("id",), "autre", ("code",)),)
    assert schema.optional_columns == {"pose", "vrai"}


def test_what_an_author_forgot_is_made_up_for() -> None:
    schema = read({"fields": TWO}, "https://exemple.fr/d/m.json")
    assert (schema.id, schema.version, schema.title) == ("m.json", "", "https://exemple.fr/d/m.json")
    assert [(field.type, field.format, dict(field.constraints)) for field in schema.fields] == [
        ("string", "default", {})
    ] * 2
    assert schema.missing_values == ("",)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ([{"value": "-", "label": "inconnu"}, ""], ("-", "")),
        (None, ("",)),
        ("x", ("",)),
        ([], ()),
        ([None, 5], ("None", "5")),
    ],
)
def test_missing_values_of_any_form_are_read(written: Any, values: tuple[str, ...]) -> None:
    assert read({"fields": TWO, "missingValues": written}).missing_values == values


@pytest.mark.parametrize(
    ("entry", "check"),
    [
        ({"name": "x", "params": {"column": "a"}}, CustomCheck("x", {"column": "a"})),
        ({"type": "x", "column": "a"}, CustomCheck("x", {"column": "a"})),
        ({"name": "x", "params": {"level": "warning"}}, CustomCheck("x", {"level": "warning"})),
        ({"name": "x", "params": {"level": "grave"}}, CustomCheck("x", {})),
        ({"name": "x", "params": {"level": ["error"]}}, CustomCheck("x", {})),
    ],
)
def test_custom_checks_are_read_as_validata_and_frictionless_write_them(entry: Any, check: CustomCheck) -> None:
    assert read({"fields": TWO, "custom_checks": [entry, 5, {}]}).checks == (check,)
    assert read({"fields": TWO, "checks": [entry]}).checks == (check,)


@pytest.mark.parametrize(
    ("descriptor", "words"),
    [
        ([], "Table Schema"),
        ({}, "n'a pas de champs"),
        ({"fields": {}}, "n'a pas de champs"),
        ({"fields": [5]}, "pas de nom"),
        ({"fields": [{"name": ""}]}, "pas de nom"),
        ({"fields": [{"name": 5}]}, "pas de nom"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "deux fois"),
        ({"fields": [{"name": "a" * 1_001}]}, "caractères"),
        ({"fields": [{"name": "a", "type": "nombre"}]}, "nombre"),
        ({"fields": [{"name": "a", "type": {}, "format": "x"}, {"name": "b", "type": []}, {"name": "c", "type": [1]}]}, "type inconnu"),
        ({"fields": [{"name": "a", "constraints": [1]}]}, "contraintes"),
        ({"fields": [{"name": "a", "trueValues": "oui"}]}, "trueValues"),
        ({"fields": [{"name": "a", "falseValues": [0]}]}, "falseValues"),
        ({"fields": [{"name": "a", "groupChar": 1}]}, "groupChar"),
        ({"fields": [{"name": f"f{n}"} for n in range(5_001)]}, "5000"),
        ({"fields": TWO, "foreignKeys": [5]}, "clé étrangère"),
        ({"fields": TWO, "foreignKeys": [{"fields": "a", "reference": {"fields": ["x", "y"]}}]}, "clé étrangère"),
        ({"fields": TWO, "custom_checks": [{"name": "compare-columns-value"}]}, "compare-columns-value"),
        ({"fields": TWO, "custom_checks": [{"name": "x", "params": {"columns": "a"}}]}, "contrôle"),
        ({"fields": TWO, "custom_checks": [{"name": "x", "params": {"column": ["a"]}}]}, "contrôle"),
        ({"properties": {}}, "JSON Schema"),
        ({"resources": []}, "Data Package"),
    ],
)  # fmt: skip
def test_a_descriptor_that_makes_no_sense_says_why_and_where(descriptor: Any, words: str) -> None:
    with pytest.raises(SchemaError) as refused:
        read(descriptor)
    assert words in str(refused.value)
    assert str(refused.value).startswith("m.json : ")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("name", "type", "format", "constraints", "trueValues", "missingValues", "example", "description", "decimalChar")
FIELD = st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=5) | st.builds(
    lambda name, more: {**more, "name": name},
    st.text(min_size=1, max_size=4),
    st.dictionaries(st.sampled_from(KEYS), JUNK),
)
DESCRIPTORS = st.dictionaries(
    st.sampled_from(
        ["name", "title", "version", "primaryKey", "foreignKeys", "custom_checks", "missingValues", "fields"]
    ),
    JUNK,
    max_size=5,
) | st.builds(
    lambda fields, more: {**more, "fields": fields},
    st.lists(FIELD, max_size=3),
    st.dictionaries(st.sampled_from(["primaryKey", "foreignKeys", "custom_checks", "checks", "missingValues"]), JUNK),
)


@given(descriptor=DESCRIPTORS)
def test_any_json_is_a_schema_or_a_refusal(descriptor: Any) -> None:
    try:
        schema = read(descriptor)
    except SchemaError:
        return
    assert all(isinstance(field.name, str) and field.name for field in schema.fields)
    assert all(isinstance(value, str) for value in (schema.id, schema.title, schema.version, *schema.missing_values))


@pytest.mark.shared
def test_every_published_table_schema_is_read(shared: Path) -> None:
    read_count = 0
    for path in sorted((shared / "schemas").glob("*/*.json")):
        descriptor = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(descriptor, dict) or "fields" not in descriptor:
            continue
        assert read(descriptor, path.name).fields
        read_count += 1
    assert read_count > 50
