"""Rules beyond Table Schema's cells: SIRET keys, columns that go together, repeated values."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_factory import (
    ADRESSE,
    DELIBERATION,
    SIRET,
    SUBVENTION,
    against,
    csv_text,
    facts_of,
    issue,
    lines_of,
    schema_of,
    validated,
)
from tables_oracle import both_engines

from opendata_check import schemas
from opendata_check.model.schema import CustomCheck, Field
from opendata_check.tables import columnar
from opendata_check.tables.opening_hours import is_opening_hours
from opendata_check.tables.row_checks import ROW_CHECKS
from opendata_check.tables.value_checks import VALUE_CHECKS, is_siret, value_test


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
    assert lines_of(issue(validation, "french-siret-value")) == [3]
    assert lines_of(issue(validation, "pattern")) == [4]


def test_either_siret_or_association_number_is_needed(tmp_path: Path):
    rows = [
        {**SUBVENTION, "rnaBeneficiaire": ""},
        {**SUBVENTION, "idBeneficiaire": "", "rnaBeneficiaire": "W142000123"},
        {**SUBVENTION, "idBeneficiaire": "", "rnaBeneficiaire": ""},
    ]
    found = issue(validated(tmp_path, csv_text(rows)), "one-of-required/rnaBeneficiaire")
    assert lines_of(found) == [4]
    assert "remplissez l'une des deux" in found.message
    assert "(idBeneficiaire)" in found.message
    assert "(rnaBeneficiaire)" in found.message


def test_when_one_of_the_two_columns_is_absent_the_other_must_be_filled(tmp_path: Path):
    found = issue(
        validated(tmp_path, csv_text([{**SUBVENTION, "idBeneficiaire": ""}])), "one-of-required/rnaBeneficiaire"
    )
    assert (found.column, lines_of(found)) == ("idBeneficiaire", [2])
    assert "rnaBeneficiaire, absente" in found.message
    neither = {key: value for key, value in SUBVENTION.items() if key != "idBeneficiaire"}
    assert validated(tmp_path, csv_text([neither])).valid


VOTES = {
    "PREF_DATE": "2024-02-02", "VOTE_EFFECTIF": "29", "VOTE_REEL": "27", "VOTE_POUR": "20", "VOTE_CONTRE": "5", "VOTE_ABSTENTION": "2",
}  # fmt: skip


def test_votes_and_dates_that_contradict_each_other_are_told(tmp_path: Path):
    rows = [
        {**DELIBERATION, **VOTES},
        {**DELIBERATION, **VOTES, "PREF_DATE": "2024-01-30"},
        {**DELIBERATION, **VOTES, "VOTE_REEL": "31", "VOTE_ABSTENTION": "6"},
        {**DELIBERATION, **VOTES, "VOTE_POUR": "28"},
        {**DELIBERATION, **VOTES, "VOTE_POUR": ""},
        {**DELIBERATION, **VOTES, "VOTE_REEL": "vingt-sept"},
        {**DELIBERATION, **VOTES, **dict.fromkeys(VOTES, "")},
    ]
    validation = validated(tmp_path, csv_text(rows))
    assert {(i.rule, i.column, i.level): lines_of(i) for i in validation.issues} == {
        ("compare-columns-value/DELIB_DATE", "PREF_DATE", "error"): [3],
        ("compare-columns-value/VOTE_REEL", "VOTE_EFFECTIF", "error"): [4],
        ("compare-columns-value/VOTE_POUR", "VOTE_REEL", "error"): [5],
        ("sum-columns-value/VOTE_POUR+VOTE_CONTRE+VOTE_ABSTENTION", "VOTE_REEL", "warning"): [5],
        ("cohesive-columns-value/VOTE_REEL+VOTE_POUR+VOTE_CONTRE+VOTE_ABSTENTION", "VOTE_EFFECTIF", "error"): [6],
        ("type", "VOTE_REEL", "error"): [7],
    }
    messages = {found.rule.split("/")[0]: found.message for found in validation.issues}
    assert "n'est pas la somme de la colonne" in messages["sum-columns-value"]
    assert "doivent être remplies ensemble, ou vides ensemble" in messages["cohesive-columns-value"]


def test_a_warning_leaves_a_table_valid(tmp_path: Path):
    row = {**DELIBERATION, **VOTES, "VOTE_ABSTENTION": "1", "DELIB_MATIERE_NOM": "Jardinage/Rosiers"}
    validation = validated(tmp_path, csv_text([row]))
    assert {i.rule.split("/")[0]: i.level for i in validation.issues} == {
        "sum-columns-value": "warning",
        "nomenclature-actes-value": "warning",
    }
    assert validation.valid


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("2024", True),
        ("2024/2025", True),
        ("2025/2024", False),
        ("2024/2024", False),
        ("24/25", False),
        ("2024-2025", False),
    ],
)
def test_a_budget_bears_on_a_year_or_on_two_in_order(tmp_path: Path, cell: str, right: bool):
    row = {**DELIBERATION, "BUDGET_ANNEE": cell, "BUDGET_NOM": "Budget principal"}
    assert validated(tmp_path, csv_text([row])).valid is right


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("Urbanisme/Documents d'urbanisme", True),
        ("URBANISME / documents d urbanisme", True),
        ("Fonction publique/Personnel titulaires et stagiaires de la F.P.T.", True),
        ("Finances", True),  # not written « matière/sous-matière »: nothing to look up
        ("Urbanisme/Roses", False),
    ],
)
def test_a_subject_is_looked_up_in_the_nomenclature_whatever_its_writing(cell: str, right: bool):
    (check,) = [c for c in schemas.load("scdl/deliberations").checks if c.name == "nomenclature-actes-value"]
    test = value_test(check)
    assert test is not None
    assert test(cell) is right


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        (
            "french-siren-value",
            ["213401722", "356000000"],
            ["213401723", "21340172", "213 401 722", "21340172200011", ""],
        ),
        (
            "phone-number-value",
            ["02 31 00 00 00", "+33 (0)2.31.00.00.00", "+44 20 7946 0000", "3919", "112", "118000"],
            ["0 231", "02 31 00 00", "téléphone", "+33", ""],
        ),
        (
            "opening-hours-value",
            [
                "24/7",
                "Mo-Fr 08:30-12:00,13:30-17:00",
                "Mo,We 9:00-12:00; PH off",
                "Jan-Mar Sa[1] 10:00-12:00",
                "sunrise-sunset",
            ],
            ["lundi 8h", "8h30-12h", "Mo-Fr 8.30", "", " ", "Mo-Fr 08:30-25:70", "x" * 2_000],
        ),
        ("french-postcode-value", ["14118", "98000", "01000"], ["2A004", "99000", "1400", "00000", "14118\n"]),
        ("french-commune-code-value", ["14118", "2A004", "97411"], ["2C004", "00001", "1411", "14118 ", "20004"]),
        ("french-departement-code-value", ["01", "2A", "974", "95"], ["20", "96", "1", "2a"]),
    ],
)
def test_values_of_national_checks(name: str, right: list[str], wrong: list[str]):
    test = value_test(CustomCheck(name, {"column": "x"}))
    assert test is not None
    assert [cell for cell in right if not test(cell)] == []
    assert [cell for cell in wrong if test(cell)] == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries({
            **{name: st.just(value) for name, value in DELIBERATION.items()},
            **{name: st.sampled_from([*VOTES.values(), "", "31", "x", "NaN", "2024-01-30"]) for name in VOTES},
            "COLL_SIRET": st.sampled_from([SIRET, "21340172200012", "35600000049837", ""]),
            "BUDGET_ANNEE": st.sampled_from(["2024", "2025/2024", ""]),
            "BUDGET_NOM": st.sampled_from(["x", ""]),
        }),
        min_size=1, max_size=30,
    ),
    st.lists(st.integers(0, 16), max_size=4),
)  # fmt: skip
def test_checks_of_a_schema_are_judged_alike_by_both_engines(
    tmp_path: Path, rows: list[dict[str, str]], cuts: list[int]
):
    schema = schemas.load("scdl/deliberations")
    lines = csv_text(rows).splitlines()
    lines += [",".join(lines[1].split(",")[:cut]) for cut in cuts]  # short rows, blank ones among them
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "BLOCK_BYTES", 1_500)
        both_engines(path, facts_of(path.read_bytes()), schema)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"column": "a"},
        {"column": "a", "column2": "a", "op": ">"},
        {"column": "a", "column2": "b", "op": "?"},
        {"column": "a", "column2": "inconnue", "op": ">"},
        {"column": ["a"], "column2": "b"},
        {"column": "a", "othercolumns": None},
        {"column": "a", "othercolumns": "b"},
        {"column": "a", "othercolumns": [{}, 3, "b"]},
        {"column": "a", "columns": ["b", "c"], "column2": "c", "op": "=="},
        {"column1": "a", "column2": "b"},
        {"column": "a", "unless": "b"},
    ],
)
@pytest.mark.parametrize("name", [*ROW_CHECKS, *VALUE_CHECKS, "inconnue"])
def test_a_check_written_wrongly_is_left_alone_or_judged_but_never_crashes(
    tmp_path: Path, name: str, params: dict[str, Any]
):
    fields = (Field("a", "number"), Field("b", "number"), Field("c"))
    schema = replace(schema_of(*fields), checks=(CustomCheck(name, params),))
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,2,x\nsNaN,NaN,\n,,\nx,Inf,y\n1\n", encoding="utf-8")
    both_engines(path, facts_of(path.read_bytes()), schema)


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


@pytest.mark.xfail(
    raises=IndexError, strict=False, reason="wordings._type_complaint wants a word for each of yes and no"
)
@pytest.mark.parametrize("options", [{"falseValues": []}, {"trueValues": []}])
def test_a_boolean_without_a_word_for_no_is_told_all_the_same(tmp_path: Path, options: dict[str, Any]):
    assert issue(against(tmp_path, "a,b\nx,y\n", schema_of(Field("a", "boolean", options=options))), "type").count == 1


def test_every_embedded_check_is_known_and_names_columns_that_exist():
    for schema_id in schemas.known():
        schema = schemas.load(schema_id)
        names = {field.name for field in schema.fields}
        for check in schema.checks:
            assert check.name in (*VALUE_CHECKS, *ROW_CHECKS), schema_id
            said = [check.params[key] for key in ("column", "column1", "column2", "unless") if key in check.params]
            said += [name for key in ("columns", "othercolumns") for name in check.params.get(key, ())]
            assert set(said) <= names, schema_id


@pytest.mark.parametrize(
    "text",
    [
        "Mo-" * 333,
        "Mo," * 333,
        "8:00-" * 200,
        "2024 Jan 1-" * 90,
        "[" * 999,
        "week 1-" * 140,
        '"' * 999,
        "easter" * 160,
    ],
)
def test_opening_hours_of_a_thousand_characters_are_read_in_a_moment(text: str):
    start = time.process_time()
    for size in (len(text), 997, 500):
        is_opening_hours(text[:size] + "!")
    assert time.process_time() - start < 0.5
