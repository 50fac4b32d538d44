"""A table's schema is recognised from its header, spelling mended; false friends are left alone."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import schemas
from opendata_check.schemas import store

DELIBERATIONS = [field.name for field in schemas.load("scdl/deliberations").fields]
SUBVENTIONS = [field.name for field in schemas.load("scdl/subventions").fields]
BAL_1_4 = [field.name for field in schemas.load("etalab/schema-bal", "1.4.0").fields]
BAL_1_5 = [field.name for field in schemas.load("etalab/schema-bal", "1.5.0").fields]


@pytest.mark.parametrize(
    ("labels", "schema_id", "version"),
    [
        (DELIBERATIONS, "scdl/deliberations", "2.1.5"),
        (SUBVENTIONS, "scdl/subventions", "2.1.1"),
        (BAL_1_4, "etalab/schema-bal", "1.4.0"),
        (BAL_1_5, "etalab/schema-bal", "1.5.0"),
    ],
)
def test_a_whole_header_is_recognised_with_full_confidence(labels: list[str], schema_id: str, version: str):
    match = schemas.recognise(labels)
    assert match is not None
    assert (match.schema.id, match.schema.version, match.confidence, match.by) == (schema_id, version, 1.0, "header")
    assert match.missing_columns == match.extra_columns == match.misspelt_columns == ()


def test_case_accents_spaces_bom_and_quotes_are_mended_and_listed():
    labels = ["\ufeffnomAttribuant", "ID ATTRIBUANT", " dateConvention ", "Nom_Bénéficiaire", '"montant"', "objet"]
    match = schemas.recognise([*labels, *SUBVENTIONS[9:]])
    assert match is not None
    assert match.misspelt_columns == (
        ("ID ATTRIBUANT", "idAttribuant"),
        (" dateConvention ", "dateConvention"),
        ("Nom_Bénéficiaire", "nomBeneficiaire"),
        ('"montant"', "montant"),
    )
    assert match.missing_columns == match.extra_columns == ()


def test_typos_are_mended_but_a_short_name_is_never_guessed():
    match = schemas.recognise(
        ["COL_NOM", "COLL_SIRETT", "DELIB_DI", "DELIB_DATE", "DELIB_MATIERE_COD", *DELIBERATIONS[5:]]
    )
    assert match is not None
    assert dict(match.misspelt_columns) == {
        "COL_NOM": "COLL_NOM",
        "COLL_SIRETT": "COLL_SIRET",
        "DELIB_DI": "DELIB_ID",
        "DELIB_MATIERE_COD": "DELIB_MATIERE_CODE",
    }
    bal = schemas.recognise(["z" if name == "x" else name for name in BAL_1_5])
    assert bal is not None
    assert bal.misspelt_columns == ()
    assert bal.extra_columns == ("z",)


def test_names_cut_after_ten_characters_by_a_shapefile_are_understood():
    match = schemas.recognise([name[:10] for name in BAL_1_4 if not name.startswith("commune_deleguee")])
    assert match is not None
    assert match.schema.version == "1.4.0"
    assert dict(match.misspelt_columns)["cle_intero"] == "cle_interop"
    assert dict(match.misspelt_columns)["commune_in"] == "commune_insee"


def test_a_missing_mandatory_column_is_listed_and_an_optional_one_is_not():
    match = schemas.recognise([n for n in DELIBERATIONS if n not in ("COLL_SIRET", "PREF_DATE")])
    assert match is not None
    assert match.missing_columns == ("COLL_SIRET",)
    assert 0.9 < match.confidence < 1


def test_columns_in_excess_are_listed_as_written():
    match = schemas.recognise([*DELIBERATIONS, "Observations internes", ""])
    assert match is not None
    assert match.extra_columns == ("Observations internes",)


def test_a_label_given_twice_answers_once():
    match = schemas.recognise([*SUBVENTIONS, "Montant"])
    assert match is not None
    assert match.extra_columns == ("Montant",)
    assert match.misspelt_columns == ()


def test_bal_header_decides_the_version_even_without_ban_ids():
    names = ["commune_insee", "numero", "long", "lat", "x", "y", "source", "date_der_maj", "cle_interop", "position"]
    with_voie, with_toponyme = schemas.recognise([*names, "voie_nom"]), schemas.recognise([*names, "toponyme"])
    assert with_voie is not None
    assert with_toponyme is not None
    assert with_voie.schema.version == "1.4.0"
    assert with_toponyme.schema.version == "1.5.0"
    assert with_toponyme.missing_columns == ("id_ban_commune", "id_ban_toponyme", "id_ban_adresse")


def test_regional_names_and_old_keys_of_a_bal_are_not_in_excess():
    match = schemas.recognise([*BAL_1_5, "toponyme_bre", "cle_interop", "uid_adresse"])
    assert match is not None
    assert match.extra_columns == ()


@pytest.mark.parametrize(
    "labels",
    [
        [],
        [""],
        ["x", "y"],
        ["numero", "long", "lat"],
        ["nom", "adresse", "numero", "x", "y", "long", "lat", "source"],
        ["Association", "Objet", "Montant", "Nature", "Année"],
        ["objet", "montant", "nature"],
        ["ref", "latitude", "longitude", "operateur", "numero", "rue", "ville"],
        ["COLL_NOM", *[f"colonne {n}" for n in range(20)]],
        ["voie_nom", "numero", "commune_insee", "long", "lat", *[f"equipement {n}" for n in range(25)]],
    ],
)
def test_false_friends_are_not_recognised(labels: list[str]):
    assert schemas.recognise(labels) is None


@pytest.mark.parametrize(
    ("declared", "schema_id"),
    [
        ("scdl/deliberations", "scdl/deliberations"),
        ("SCDL Délibérations", "scdl/deliberations"),
        ("https://gitlab.com/opendatafrance/scdl/deliberations/raw/v2.1.5/schema.json", "scdl/deliberations"),
        ("https://schema.data.gouv.fr/scdl/subventions/latest.html", "scdl/subventions"),
        ("https://schema.data.gouv.fr/schemas/scdl/subventions/2.1.0/schema.json", "scdl/subventions"),
        ("etalab/schema-bal", "etalab/schema-bal"),
        ("https://github.com/etalab/schema-bal", "etalab/schema-bal"),
        ("Base Adresse Locale 1.5", "etalab/schema-bal"),
        ("BAL", "etalab/schema-bal"),
    ],
)
def test_a_declared_schema_wins_over_any_header(declared: str, schema_id: str):
    match = schemas.recognise(["rien", "à", "voir"], declared=declared)
    assert match is not None
    assert (match.schema.id, match.by, match.confidence) == (schema_id, "declared", 1.0)
    assert match.missing_columns


@pytest.mark.parametrize(
    "declared", ["", "scdl/voirie", "etalab/schema-irve", "ballons", "subventions 2024", "https://x.fr/"]
)
def test_a_declared_schema_we_do_not_hold_leaves_the_header_to_speak(declared: str):
    assert schemas.recognise(["rien", "à", "voir"], declared=declared) is None
    match = schemas.recognise(SUBVENTIONS, declared=declared)
    assert match is not None
    assert match.by == "header"


def test_a_declared_version_we_hold_is_kept_and_another_is_settled_by_the_header():
    for labels in (BAL_1_4, BAL_1_5):
        kept = schemas.recognise(labels, declared="etalab/schema-bal/1.4.0")
        assert kept is not None
        assert kept.schema.version == "1.4.0"
    settled = schemas.recognise(
        BAL_1_4, declared="https://schema.data.gouv.fr/schemas/etalab/schema-bal/1.3.0/schema.yml"
    )
    assert settled is not None
    assert settled.schema.version == "1.4.0"


@given(st.lists(st.text(max_size=30), max_size=30), st.text(max_size=60))
def test_any_header_and_any_declaration_give_an_answer_within_bounds(labels: list[str], declared: str):
    match = schemas.recognise(labels, declared=declared)
    assert match is None or 0.6 <= match.confidence <= 1


@given(st.sampled_from(schemas.known()), st.randoms(use_true_random=False))
def test_the_order_of_columns_changes_nothing(schema_id: str, shuffler: random.Random):
    schema = schemas.load(schema_id)
    names = [field.name for field in schema.fields]
    shuffled = list(names)
    shuffler.shuffle(shuffled)
    first = schemas.recognise(names, carrier=schema.carrier)
    second = schemas.recognise(shuffled, carrier=schema.carrier)
    assert first is not None
    assert second is not None
    assert (first.schema, first.confidence) == (second.schema, second.confidence)


def test_a_header_of_a_hundred_thousand_cells_is_answered_quickly():
    assert schemas.recognise([f"colonne {n}" for n in range(100_000)]) is None


def _header(path: Path) -> list[str]:
    start = path.read_bytes()[:20_000]
    text = start.decode("utf-16" if start[:2] == b"\xff\xfe" else "utf-8-sig", errors="replace")
    line = text.splitlines()[0] if text else ""
    delimiter = max(",;\t|", key=line.count)
    return next(csv.reader([line], delimiter=delimiter), [])


@pytest.mark.shared
def test_real_files_of_french_communes_are_recognised_only_when_they_follow_a_schema(shared: Path):
    found = {}
    for path in sorted((shared / "samples" / "real").rglob("*.csv")):
        match = schemas.recognise(_header(path))
        if match:
            found[path.name] = match.schema.id
    assert "bal.csv" not in found, "letter boxes are not addresses"
    assert set(found.values()) == {
        "etalab/schema-bal",
        "etalab/schema-lieux-covoiturage",
        "scdl/budget",
        "scdl/prenoms",
        "scdl/subventions",
    }
    folders = {p.parent.name for p in (shared / "samples" / "real").rglob("*.csv") if p.name in found}
    assert folders <= {
        "BaseAdresseNationale+moissonneur-bal",
        "BaseAdresseNationale+validateur-bal",
        "betagouv+api-subventions-asso",
        "datactivist+challengedata3",
        "etalab+transport-site",
        "megalis-bretagne+yatotem2scdl",
    }


@pytest.mark.shared
def test_an_example_of_a_national_schema_is_taken_for_that_one_or_none(shared: Path):
    wrong = {}
    for path in (shared / "samples" / "examples").rglob("*.csv"):
        match = schemas.recognise(_header(path))
        if match is None:
            continue
        name = match.schema.id.lower().partition("/")[2]
        words = [word.rstrip("s") for word in re.findall(r"[a-z]{3,}", name) if word != "schema"]
        if not any(word in path.parent.name.lower() for word in words):
            wrong[path.parent.name] = match.schema.id
    assert wrong == {}


@pytest.mark.parametrize(
    "labels",
    [
        ["id", "name", "postal_code", "commune"],
        ["id", "date_debut", "date_fin"],
        ["id", "nom", "commune", "code_postal", "adresse", "date_maj"],
        ["id", "nom", "insee", "adresse"],
    ],
)
def test_a_header_of_words_any_table_may_use_is_nobodys(labels: list[str]):
    assert schemas.recognise(labels) is None


def test_a_model_of_geojson_is_not_looked_for_in_a_table():
    names = [field.name for field in schemas.load("etalab/schema-amenagements-cyclables").fields]
    assert schemas.recognise(names) is None
    match = schemas.recognise(names, carrier="geojson")
    assert match is not None
    assert match.schema.id == "etalab/schema-amenagements-cyclables"


def test_words_of_a_label_in_another_order_are_the_same_label():
    labels = ["DATE_DELIB" if name == "DELIB_DATE" else name for name in DELIBERATIONS]
    match = schemas.recognise(labels)
    assert match is not None
    assert ("DATE_DELIB", "DELIB_DATE") in match.misspelt_columns
    assert "DELIB_DATE" not in match.missing_columns


def test_the_name_of_the_file_gives_a_poor_header_the_benefit_of_the_doubt():
    labels = ["nomAttribuant", "objet", "montant", "nature", "autre", "encore"]
    alone, named = schemas.candidates(labels), schemas.candidates(labels, title="scdl-subventions-2024.csv")
    assert alone[0].confidence < named[0].confidence
    assert named[0].schema.id == "scdl/subventions"


@pytest.mark.shared
def test_the_ban_validators_files_go_to_the_version_it_detects(shared: Path):
    for version in ("1.4", "1.5"):
        data = shared / "peers" / "validateur-bal" / "lib" / "validate" / "__tests__" / "data"
        match = schemas.recognise(_header(data / f"auto-detect-{version}.csv"))
        assert match is not None
        assert match.schema.version == f"{version}.0"
    assert len(store.versions("etalab/schema-bal")) == 2
