"""Eleven national schemas (SCDL, Etalab): published facts kept to the letter, texts of ours, headers recognised."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from frictionless import Field as FrictionlessField
from stdnum.fr import siren, siret

from opendata_check import schemas
from opendata_check.schemas import store

EVERY = [
    ("etalab/schema-decp-dpa", "1.0.0"),
    ("etalab/schema-hautes-remunerations", "0.1.0"),
    ("etalab/schema-lieux-covoiturage", "0.3.0"),
    ("etalab/schema-stationnement", "0.1.5"),
    ("etalab/schema-stationnement-cyclable", "1.1.1"),
    ("scdl/budget", "0.8.3"),
    ("scdl/catalogue", "0.1.3"),
    ("scdl/equipements", "0.1.5"),
    ("scdl/menus-collectifs", "1.2.3"),
    ("scdl/plats-menus-collectifs", "0.7.2"),
    ("scdl/prenoms", "1.1.6"),
]
OURS = {schema_id for schema_id, _ in EVERY}
OPTIONS = ("trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "floatNumber", "arrayItem")
SHARED_WORDS = 8
"""As many words in a row as somebody else's sentence would have to lend us."""
every = pytest.mark.parametrize(("schema_id", "version"), EVERY)


def path_of(schema_id: str, version: str) -> Path:
    return Path(store.__file__).parent / "data" / f"{schema_id.replace('/', '__')}__{version}.yaml"


def raw(schema_id: str, version: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path_of(schema_id, version).read_text(encoding="utf-8"))
    return content


def published_file(shared: Path, schema_id: str, version: str) -> dict[str, Any]:
    path = shared / "schemas" / schema_id.replace("/", "__") / f"{version}.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def as_list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def names(schema_id: str, version: str = "") -> list[str]:
    return [field.name for field in schemas.load(schema_id, version).fields]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def header(path: Path) -> list[str]:
    lines = path.read_bytes()[:20_000].decode("utf-8-sig", errors="replace").splitlines()
    line = lines[0] if lines else ""
    return next(csv.reader([line], delimiter=max(",;\t|", key=line.count)), [])


@pytest.mark.shared
@every
def test_every_fact_of_a_field_is_the_published_one(shared: Path, schema_id: str, version: str) -> None:
    published = published_file(shared, schema_id, version)
    ours = raw(schema_id, version)
    assert [entry["name"] for entry in ours["fields"]] == [field["name"] for field in published["fields"]]
    for entry, field in zip(ours["fields"], published["fields"], strict=True):
        assert entry.get("type", "string") == field.get("type", "string"), field["name"]
        assert entry.get("format", "default") == field.get("format", "default"), field["name"]
        stated = {name: value for name, value in field.get("constraints", {}).items() if value is not False}
        assert entry.get("constraints", {}) == stated, field["name"]
        assert entry.get("options", {}) == {key: field[key] for key in OPTIONS if key in field}, field["name"]
        assert "published" not in entry, field["name"]


@pytest.mark.shared
@every
def test_every_fact_of_a_table_is_the_published_one(shared: Path, schema_id: str, version: str) -> None:
    published = published_file(shared, schema_id, version)
    ours = raw(schema_id, version)
    assert (ours["id"], ours["version"]) == (schema_id, version)
    assert published["version"].removeprefix("v") == version
    assert ours.get("missing_values", [""]) == published.get("missingValues", [""])
    assert ours.get("primary_key", []) == as_list(published.get("primaryKey"))
    assert ours.get("foreign_keys", []) == published.get("foreignKeys", [])
    checks = [{"check": check["name"], **check["params"]} for check in published.get("custom_checks", [])]
    assert ours.get("checks", []) == checks


@pytest.mark.shared
@every
def test_no_sentence_is_taken_from_the_published_file(shared: Path, schema_id: str, version: str) -> None:
    published = published_file(shared, schema_id, version)
    for entry, field in zip(raw(schema_id, version)["fields"], published["fields"], strict=True):
        for said in (field.get("title", ""), field.get("description", "")):
            ours, theirs = words(entry["meaning"]), words(said)
            assert ours != theirs, field["name"]
            runs = {tuple(theirs[n : n + SHARED_WORDS]) for n in range(len(theirs) - SHARED_WORDS + 1)}
            taken = [ours[n : n + SHARED_WORDS] for n in range(len(ours)) if tuple(ours[n : n + SHARED_WORDS]) in runs]
            assert not taken, field["name"]


@pytest.mark.shared
@every
def test_no_example_is_the_published_one(shared: Path, schema_id: str, version: str) -> None:
    published = published_file(shared, schema_id, version)
    for entry, field in zip(raw(schema_id, version)["fields"], published["fields"], strict=True):
        theirs = field.get("example", field.get("examples", ""))
        said = json.dumps(theirs) if isinstance(theirs, bool) else str(theirs)
        assert entry["example"] != said, field["name"]


@every
def test_every_example_satisfies_its_own_field(schema_id: str, version: str) -> None:
    for entry in raw(schema_id, version)["fields"]:
        assert isinstance(entry["example"], str), entry["name"]
        facts = {key: entry[key] for key in ("name", "type", "format", "constraints") if key in entry}
        reader = FrictionlessField.from_descriptor({"type": "string", **facts, **entry.get("options", {})})
        value, notes = reader.read_cell(entry["example"])
        assert not notes, (entry["name"], notes)
        assert value is not None, entry["name"]


@every
def test_the_examples_satisfy_the_named_checks(schema_id: str, version: str) -> None:
    schema = schemas.load(schema_id, version)
    examples = {field.name: field.example for field in schema.fields}
    valid = {"french-siret-value": siret.is_valid, "french-siren-value": siren.is_valid}
    for check in schema.checks:
        column = check.params["column"]
        assert column in examples
        assert check.name in valid or check.name == "opening-hours-value"
        if check.name in valid:
            assert valid[check.name](examples[column]), column
    assert set(schema.primary_key) <= set(examples)


@every
def test_every_column_is_explained_once_and_differently(schema_id: str, version: str) -> None:
    schema = schemas.load(schema_id, version)
    meanings = [field.meaning for field in schema.fields]
    assert len(set(meanings)) == len(meanings)
    assert all(meaning.endswith(".") and not meaning.endswith("..") for meaning in meanings)
    assert all(isinstance(entry["personal"], bool) for entry in raw(schema_id, version)["fields"])


@every
def test_a_file_is_finished_and_says_where_its_facts_come_from(schema_id: str, version: str) -> None:
    text = path_of(schema_id, version).read_text(encoding="utf-8")
    assert text.startswith("# Faits du schéma (noms, types, contraintes) ; les explications sont les nôtres.\n")
    assert "À ÉCRIRE" not in text
    assert not re.search(r"^ *# (title|description|example):", text, re.MULTILINE)
    source = schemas.load(schema_id, version).source
    assert version in source
    assert "http" in source
    assert "licence" in source
    stored = store.stored(schema_id, version)
    assert stored.ordinary <= set(names(schema_id, version))


@every
def test_a_column_may_be_left_out_unless_it_is_required(schema_id: str, version: str) -> None:
    schema = schemas.load(schema_id, version)
    assert schema.optional_columns == {field.name for field in schema.fields if not field.required}


@pytest.mark.parametrize(
    ("schema_id", "columns"),
    [
        ("etalab/schema-decp-dpa", {"coordonnees"}),
        ("etalab/schema-hautes-remunerations", {"commentaires"}),
        ("etalab/schema-lieux-covoiturage", {"proprio", "comm"}),
        ("etalab/schema-stationnement", {"info"}),
        ("etalab/schema-stationnement-cyclable", {"commentaires"}),
        ("scdl/budget", {"BGT_OPERATION"}),
        ("scdl/catalogue", {"DESCRIPTION"}),
        ("scdl/equipements", {"EQUIP_TEL", "EQUIP_EMAIL"}),
        ("scdl/menus-collectifs", {"menuPlatLabel", "menuModificationInfo"}),
        (
            "scdl/plats-menus-collectifs",
            {"platProduitFournisseurNom", "platProduitLabel", "platModificationInfo"},
        ),
        ("scdl/prenoms", {"ENFANT_PRENOM"}),
    ],
)
def test_columns_that_may_name_a_person_are_marked(schema_id: str, columns: set[str]) -> None:
    fields = schemas.load(schema_id).fields
    assert {field.name for field in fields if field.options["personal"]} == columns


@every
def test_a_header_is_recognised_whatever_its_case_and_without_its_optional_columns(
    schema_id: str, version: str
) -> None:
    schema = schemas.load(schema_id, version)
    whole = names(schema_id, version)
    mandatory = [name for name in whole if name not in schema.optional_columns]
    for labels in (whole, [name.lower() for name in whole], [name.upper() for name in whole], mandatory):
        match = schemas.recognise(labels)
        assert match is not None
        assert (match.schema.id, match.schema.version) == (schema_id, version)
        assert match.confidence >= 0.9
        assert match.missing_columns == match.extra_columns == ()


@pytest.mark.parametrize(
    "labels",
    [
        ["id", "nom", "adresse", "insee", "url", "Xlong", "Ylat"],
        ["id", "nom", "type", "date_maj", "source", "commentaires"],
        ["ID", "TITRE", "DESCRIPTION", "URL"],
        ["COLL_NOM", "COLL_SIRET", "ANNEE"],
        ["siren", "annee", "montant", "commentaires"],
        ["coordonnees"],
        ["prenom", "nombre", "annee"],
    ],
)
def test_ordinary_words_are_not_one_of_these_schemas(labels: list[str]) -> None:
    match = schemas.recognise(labels)
    assert match is None or match.schema.id not in OURS


@pytest.mark.parametrize(
    ("declared", "schema_id"),
    [
        ("scdl/catalogue", "scdl/catalogue"),
        ("SCDL Équipements", "scdl/equipements"),
        ("https://gitlab.com/opendatafrance/scdl/equipements/raw/v0.1.5/schema.json", "scdl/equipements"),
        ("SCDL Prénoms", "scdl/prenoms"),
        ("https://schema.data.gouv.fr/scdl/menus-collectifs/latest.html", "scdl/menus-collectifs"),
        ("scdl/plats-menus-collectifs", "scdl/plats-menus-collectifs"),
        ("https://schema.data.gouv.fr/schemas/scdl/budget/0.8.3/schema.json", "scdl/budget"),
        ("etalab/schema-decp-dpa", "etalab/schema-decp-dpa"),
        ("https://github.com/restuccia/schema-hautes-remunerations", "etalab/schema-hautes-remunerations"),
        ("https://github.com/etalab/schema-lieux-covoiturage", "etalab/schema-lieux-covoiturage"),
        ("etalab/schema-stationnement", "etalab/schema-stationnement"),
        ("https://schema.data.gouv.fr/etalab/schema-stationnement/0.1.5/", "etalab/schema-stationnement"),
        ("etalab/schema-stationnement-cyclable", "etalab/schema-stationnement-cyclable"),
    ],
)
def test_a_declared_name_leads_to_its_schema(declared: str, schema_id: str) -> None:
    match = schemas.recognise(["rien", "à", "voir"], declared=declared)
    assert match is not None
    assert (match.schema.id, match.by, match.confidence) == (schema_id, "declared", 1.0)


@pytest.mark.parametrize("declared", ["budget 2024", "catalogue", "prénoms", "stationnement", "menus de la cantine"])
def test_an_everyday_word_declares_none_of_these_schemas(declared: str) -> None:
    assert schemas.recognise(["rien", "à", "voir"], declared=declared) is None


def test_the_key_of_the_national_car_sharing_base_is_not_in_excess() -> None:
    match = schemas.recognise(["id_lieu", *names("etalab/schema-lieux-covoiturage")])
    assert match is not None
    assert match.extra_columns == ()


@pytest.mark.shared
def test_published_examples_and_real_files_go_to_these_schemas_and_no_others_do(shared: Path) -> None:
    found: dict[str, set[str]] = {}
    for path in sorted((shared / "samples").rglob("*.csv")):
        match = schemas.recognise(header(path))
        if match is not None and match.schema.id in OURS:
            found.setdefault(match.schema.id, set()).add(path.parent.name)
    assert found == {
        "etalab/schema-decp-dpa": {"etalab+schema-decp-dpa"},
        "etalab/schema-hautes-remunerations": {"etalab+schema-hautes-remunerations"},
        "etalab/schema-lieux-covoiturage": {
            "etalab+schema-lieux-covoiturage",
            "datactivist+challengedata3",
            "etalab+transport-site",
        },
        "etalab/schema-stationnement": {"etalab+schema-stationnement"},
        "etalab/schema-stationnement-cyclable": {"etalab+schema-stationnement-cyclable"},
        "scdl/budget": {"megalis-bretagne+yatotem2scdl"},
        "scdl/prenoms": {"derived", "datactivist+challengedata3"},
    }
