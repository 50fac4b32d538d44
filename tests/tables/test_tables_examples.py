"""No personal value reaches an issue; what is shown is short and on one line."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_factory import SUBVENTION, against, csv_text, issue, schema_of, validated

from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.schema import Field
from opendata_check.tables.examples import MASKED, may_hold_personal_data, shortened, shown_example

NIR = "1850578006084"


@pytest.mark.parametrize(
    "name", ["nom", "NOM_USAGE", "prenomAgent", "e-mail", "tel_fixe", "Adresse", "date_naissance", "nomBeneficiaire"]
)
def test_columns_that_name_persons_are_masked_by_their_name(name: str):
    assert may_hold_personal_data(Field(name), name, "A", ())


@pytest.mark.parametrize("name", ["montant", "nature", "code_insee", "telereleve", "notification"])
def test_other_columns_are_not(name: str):
    assert not may_hold_personal_data(Field(name), name, "A", ())


def test_the_schema_knows_better_than_the_name_and_inspection_better_than_both():
    field = Field("commune_nom", options={"personal": False})
    assert not may_hold_personal_data(field, "commune_nom", "C", ())
    assert may_hold_personal_data(field, "commune_nom", "C", (PersonalDataHint("person_name", "commune_nom", "C"),))
    assert not may_hold_personal_data(field, "commune_nom", "C", (PersonalDataHint("person_name", "autre", "D"),))


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("montant", "Jeanne Exemple"),
        ("montant", "jeanne@exemple.fr"),
        ("montant", "06 12 34 56 78"),
        ("dateConvention", "Jeanne Exemple 12 rue du Lavoir"),
        ("dateConvention", NIR),
        ("idBeneficiaire", NIR),
        ("idBeneficiaire", NIR + "36"),
        ("idBeneficiaire", "EXEMPLE Jeanne"),
        ("notificationUE", "jeanne@exemple.fr"),
        ("nature", NIR),
    ],
)
def test_a_value_out_of_its_place_is_masked(tmp_path: Path, name: str, cell: str):
    validation = validated(tmp_path, csv_text([{**SUBVENTION, name: cell}]))
    found = [i for i in validation.issues if i.column == name]
    assert found
    for one in found:
        assert one.before == MASKED
        assert one.after == ""
        assert cell not in one.message


def test_a_hint_of_personal_data_masks_a_column_of_dates(tmp_path: Path):
    hints = (PersonalDataHint("birth_date", "dateConvention", "C"),)
    validation = validated(tmp_path, csv_text([{**SUBVENTION, "dateConvention": "03/05/1985"}]), personal=hints)
    found = issue(validation, "type")
    assert (found.before, found.after) == (MASKED, "")


def test_a_siret_of_an_organization_is_shown(tmp_path: Path):
    found = issue(validated(tmp_path, csv_text([{**SUBVENTION, "idAttribuant": "2134017220001"}])), "pattern")
    assert found.before == "2134017220001"


def test_a_text_too_long_is_shown_by_its_length_only(tmp_path: Path):
    found = issue(validated(tmp_path, csv_text([{**SUBVENTION, "objet": "Secours à Mme Exemple " * 20}])), "max_length")
    assert found.before == "(texte de 440 caractères)"
    assert found.message.endswith("dépasse 256\N{NO-BREAK SPACE}caractères")


def test_control_characters_never_reach_an_issue(tmp_path: Path):
    schema = schema_of(Field("c\x1bode", constraints={"enum": ["a"]}, options={"personal": False}))
    found = against(tmp_path, "c\x1bode,autre\n\x1b[31mrou\x07ge\u202e,x\n", schema).issues[0]
    for text in (found.before, found.column, found.message):
        assert not any(unicodedata.category(c)[0] == "C" for c in text), text


@given(st.text(max_size=500))
def test_a_shortened_text_is_one_line_of_forty_characters_at_most(text: str):
    short = shortened(text)
    assert len(short) <= 40
    assert not any(unicodedata.category(c)[0] == "C" for c in short)


@given(st.text(min_size=1, max_size=60))
def test_a_masked_column_never_lets_a_value_out(cell: str):
    shown = shown_example("pattern", Field("x", constraints={"pattern": "a"}), cell, personal=True)
    assert shown in (MASKED, "", "(des espaces)")
