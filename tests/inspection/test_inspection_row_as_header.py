"""A list of persons without header shows no person: its first row is a row, and never stands for the columns' names."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from opendata_check.inspection import inspect
from opendata_check.inspection.row_as_header import without_value
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, PersonalDataHint

FIRST = (
    "Paul",
    "Karim",
    "Chloé",
    "Thomas",
    "Aminata",
    "Lucie",
    "Hugo",
    "Marie",
    "Sophie",
    "Julien",
    "Camille",
    "Odette",
)
STARTS = ("Dur", "Mart", "Bern", "Leg", "Rous", "Four", "Gir", "Bonn")
ENDS = ("andeau", "inet", "ardin", "onnec", "selle", "nier", "ault", "etier")


def _facts(folder: Path, header: str, *, tail: str = "cantine") -> ContentFacts:
    """Return the facts of 64 persons under a first row."""
    chosen = random.Random(3)
    names = [f"{start}{end} {chosen.choice(FIRST)}" for start in STARTS for end in ENDS]
    chosen.shuffle(names)
    rows = [f"{name};{chosen.choice((tail, 'étude', 'piscine'))}" for name in names]
    path = folder / "inscrits.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return inspect(Content(path, path.name, path.stat().st_size, path.name))


def test_the_first_person_of_a_list_is_no_name_of_a_column(tmp_path: Path) -> None:
    facts = _facts(tmp_path, "Zebulonde Marie;garderie")
    assert facts.table is not None
    assert facts.table.header_row is None
    assert facts.table.row_count == 65
    assert [(hint.kind, hint.column, hint.letter) for hint in facts.personal] == [("person_name", "", "A")]
    assert facts.personal[0].rows[0][0] == 1
    assert "Zebulonde" not in repr(facts.personal)


def test_a_name_that_no_dictionary_knows_is_hidden_all_the_same(tmp_path: Path) -> None:
    facts = _facts(tmp_path, "Zebulonde Urslette;garderie")
    assert [(hint.column, hint.letter) for hint in facts.personal] == [("", "A")]


@pytest.mark.parametrize("label", ["nom", "Nom Prénom", "Nom Usager", "beneficiaire", "Agent Responsable", "parent 1"])
def test_a_true_name_of_column_is_kept(label: str, tmp_path: Path) -> None:
    facts = _facts(tmp_path, f"{label};activité")
    assert facts.table is not None
    assert facts.table.header_row == 1
    assert [hint.column for hint in facts.personal] == [label]


def test_an_address_as_the_name_of_a_column_is_hidden() -> None:
    hint = PersonalDataHint("person_address", "12 rue Zebulonde", "B", 3)
    assert without_value(hint).column == ""
    assert without_value(PersonalDataHint("person_address", "adresse 2", "B", 3)).column == "adresse 2"
