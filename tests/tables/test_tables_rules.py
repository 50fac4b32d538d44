"""Rules beyond Table Schema's cells: SIRET keys, columns that go together, repeated values."""

from __future__ import annotations

from pathlib import Path

import pytest
from tables_factory import (
    ADRESSE,
    DELIBERATION,
    SIRET,
    SUBVENTION,
    against,
    csv_text,
    issue,
    lines_of,
    schema_of,
    validated,
)

from opendata_check import schemas
from opendata_check.model.schema import Field
from opendata_check.tables.identifiers import is_siret
from opendata_check.tables.uniqueness import MAX_VALUES


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (SIRET, True),
        ("21340172200012", False),
        ("35600000000048", True),  # La Poste's head office follows Luhn
        ("35600000049837", True),  # its offices follow their own rule
        ("35600000049838", False),
        ("213 401 722 00011", False),
        ("2134017220001", False),
        ("٢١٣٤٠١٧٢٢٠٠٠١١", False),
        ("", False),
    ],
)
def test_siret_keys(number: str, expected: bool):
    assert is_siret(number) is expected


def test_a_wrong_key_is_a_siret_issue_and_a_wrong_form_a_pattern_one(tmp_path: Path):
    rows = [{**DELIBERATION, "COLL_SIRET": cell} for cell in (SIRET, "21340172200012", "213401722")]
    validation = validated(tmp_path, csv_text(rows))
    assert lines_of(issue(validation, "siret")) == [3]
    assert lines_of(issue(validation, "pattern")) == [4]


def test_either_siret_or_association_number_is_needed(tmp_path: Path):
    rows = [
        {**SUBVENTION, "rnaBeneficiaire": ""},
        {**SUBVENTION, "idBeneficiaire": "", "rnaBeneficiaire": "W142000123"},
        {**SUBVENTION, "idBeneficiaire": "", "rnaBeneficiaire": ""},
    ]
    found = issue(validated(tmp_path, csv_text(rows)), "required")
    assert lines_of(found) == [4]
    assert "l'une des deux doit être remplie" in found.message
    assert "(idBeneficiaire)" in found.message
    assert "(rnaBeneficiaire)" in found.message


def test_when_one_of_the_two_columns_is_absent_the_other_must_be_filled(tmp_path: Path):
    found = issue(validated(tmp_path, csv_text([{**SUBVENTION, "idBeneficiaire": ""}])), "required")
    assert (found.column, lines_of(found)) == ("idBeneficiaire", [2])
    assert "rnaBeneficiaire, absente" in found.message
    neither = {key: value for key, value in SUBVENTION.items() if key != "idBeneficiaire"}
    assert validated(tmp_path, csv_text([neither])).valid


def test_votes_and_dates_that_contradict_each_other_are_told(tmp_path: Path):
    votes = {"PREF_DATE": "2024-02-02", "VOTE_EFFECTIF": "29", "VOTE_REEL": "27", "VOTE_POUR": "27"}
    rows = [
        {**DELIBERATION, **votes},
        {**DELIBERATION, **votes, "PREF_DATE": "2024-01-30"},
        {**DELIBERATION, **votes, "VOTE_REEL": "31"},
        {**DELIBERATION, **votes, "VOTE_POUR": "28"},
        {**DELIBERATION, **votes, "VOTE_POUR": ""},
        {**DELIBERATION, **votes, "VOTE_REEL": "vingt-sept"},
    ]
    validation = validated(tmp_path, csv_text(rows))
    assert {(i.rule, i.column): lines_of(i) for i in validation.issues} == {
        ("at_least", "PREF_DATE"): [3],
        ("at_most", "VOTE_REEL"): [4],
        ("at_most", "VOTE_POUR"): [5],
        ("together", "VOTE_POUR"): [6],
        ("type", "VOTE_REEL"): [7],
    }


def test_coordinates_may_be_empty_for_a_lieu_dit_only(tmp_path: Path):
    empty = {"long": "", "lat": "", "position": ""}
    rows = [{**ADRESSE, **empty, "numero": "99999", "id_ban_adresse": ""}, {**ADRESSE, **empty}]
    validation = validated(tmp_path, csv_text(rows, delimiter=";"), delimiter=";")
    assert {i.column: lines_of(i) for i in validation.issues} == {"long": [3], "lat": [3]}
    assert "99999" in validation.issues[0].message


@pytest.mark.parametrize("code", ["01004", "2A004", "2B033", "97411"])
def test_every_french_commune_code_is_accepted(tmp_path: Path, code: str):
    assert validated(tmp_path, csv_text([{**ADRESSE, "commune_insee": code}])).valid


@pytest.mark.parametrize("parcels", ["14118000AB0012", "2A0040000B0012|2A0040000B0013", ""])
def test_parcels_of_fourteen_characters_are_accepted(tmp_path: Path, parcels: str):
    assert validated(tmp_path, csv_text([{**ADRESSE, "cad_parcelles": parcels}])).valid


def test_a_decimal_comma_in_coordinates_is_told_with_its_remedy(tmp_path: Path):
    found = issue(validated(tmp_path, csv_text([{**ADRESSE, "lat": "49,182863"}])), "pattern")
    assert (found.before, found.after) == ("49,182863", "49.182863")


def test_repeated_values_name_every_later_line(tmp_path: Path):
    schema = schema_of(Field("n", "number", constraints={"unique": True}), Field("t"))
    validation = against(tmp_path, "n,t\n1.0,a\n2,b\n1.00,c\n,d\n,e\nx,f\nx,g\n1,h\n", schema)
    assert lines_of(issue(validation, "unique")) == [4, 9]


def test_a_primary_key_may_be_partly_empty_but_not_wholly(tmp_path: Path):
    schema = schema_of(Field("a"), Field("b"), primary_key=("a", "b"))
    validation = against(tmp_path, "a,b,c\n1,1,x\n1,,x\n1,1,x\n1,,x\n,,x\n", schema)
    assert lines_of(issue(validation, "primary_key")) == [4, 5, 6]


def test_frictionless_agrees_on_repeated_values(tmp_path: Path):
    import frictionless

    text = "n,t\n1.0,a\n2,b\n1.00,c\n,d\n,e\nx,f\nx,g\n1,h\n"
    (tmp_path / "u.csv").write_text(text, encoding="utf-8")
    descriptor = {
        "fields": [{"name": "n", "type": "number", "constraints": {"unique": True}}, {"name": "t", "type": "string"}]
    }
    report = frictionless.validate(
        str(tmp_path / "u.csv").removeprefix("/"), basepath="/", schema=frictionless.Schema.from_descriptor(descriptor)
    )
    rows = [e.row_number for e in report.tasks[0].errors if e.type == "unique-error"]
    assert rows == [4, 9]


@pytest.mark.slow
def test_beyond_a_bound_uniqueness_is_no_longer_judged_and_said_so(tmp_path: Path):
    schema = schema_of(Field("n", constraints={"unique": True}), Field("t"))
    numbers = "".join(f"{number},\n" for number in range(MAX_VALUES + 1))
    validation = against(tmp_path, f"n,t\n{numbers}{MAX_VALUES},\n1,\n", schema)
    assert lines_of(issue(validation, "unique")) == [MAX_VALUES + 4]
    assert not validation.complete
    assert "répétitions" in validation.note


def test_every_embedded_rule_between_columns_names_columns_that_exist():
    keys = ("check_at_least", "check_at_most", "check_together", "check_one_of")
    for schema_id in schemas.known():
        schema = schemas.load(schema_id)
        names = {field.name for field in schema.fields}
        for field in schema.fields:
            assert {field.options[key] for key in keys if key in field.options} <= names
