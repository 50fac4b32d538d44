"""What is of an office, a trade or the past is told from what is of private life, in columns and in sentences."""

from __future__ import annotations

import pytest

from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.personal import PersonalWatch
from opendata_check.inspection.personal_words import words
from opendata_check.model.facts import PersonalDataHint

NAMES = (
    "DURAND Paul",
    "PETIT Lucie",
    "ROUX Hugo",
    "MOREAU Karim",
    "GARNIER Chloé",
    "NGUYEN Thomas",
    "SIMON Anne",
    "FAURE Jean",
)
BIRTHS = tuple(f"{n + 10}/0{n + 1}/19{n * 6 + 40}" for n in range(8))
DEATHS = tuple(f"{n + 10}/0{n + 1}/20{n + 10}" for n in range(8))
MOBILES = tuple(f"06 39 98 1{n} 2{n}" for n in range(8))
BOXES = tuple(f"toto{n}45@gmail.com" for n in range(8))
FIRMS = ("SARL Martin", "SAS Batir", "EURL Petit", "SA Eaux", "Colas France", "SCOP Bois", "Eiffage", "Orange")
ALARM = 0.7
"""What the checks of the protected axis ask for (rules/checks/protected)."""


def hints_of(columns: dict[str, tuple[str, ...]]) -> list[PersonalDataHint]:
    watch = PersonalWatch(list(columns))
    watch.take(TableBatch.of_rows(range(2, 10), list(columns.values())))
    return list(watch.hints())


def alarms(columns: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    return {(hint.kind, hint.column) for hint in hints_of(columns) if not hint.public_family}


@pytest.mark.parametrize("label", ["titulaire_nom", "titulaire_1_nom", "nomTitulaire", "titulaire_denominationSociale"])
def test_who_holds_a_public_contract_may_be_named(label: str) -> None:
    contracts = {"codeCPV": tuple(f"4500000{n}" for n in range(8)), "acheteur_nom": FIRMS, label: FIRMS[:4] + NAMES[:4]}
    assert alarms(contracts) == set()


def test_who_holds_a_parking_card_may_not() -> None:
    assert ("person_name", "titulaire_nom") in alarms({"carte": tuple("12345678"), "titulaire_nom": NAMES})


def test_a_register_of_the_dead_is_a_doubt() -> None:
    register = {"nom": NAMES, "date de naissance": BIRTHS}
    assert all(hint.confidence >= ALARM for hint in hints_of(register))
    dead = hints_of({**register, "date de décès": DEATHS})
    assert {hint.kind for hint in dead} == {"person_name", "birth_date"}
    assert all(words().thresholds["hint"] <= hint.confidence < ALARM for hint in dead)


def test_a_file_where_some_have_died_is_no_register_of_the_dead() -> None:
    some = (*DEATHS[:3], "", "", "", "", "")
    hints = hints_of({"nom": NAMES, "date de naissance": BIRTHS, "date de décès": some})
    assert all(hint.confidence >= ALARM for hint in hints)


def test_who_asked_for_the_grave_is_alive() -> None:
    hints = hints_of({"défunt": NAMES, "date de décès": DEATHS, "concessionnaire": NAMES[::-1]})
    sure = {hint.column: hint.confidence >= ALARM for hint in hints}
    assert sure == {"défunt": False, "concessionnaire": True}


OFFICES = tuple(f"Désignation de M. {name.split()[0].title()} au syndicat des eaux" for name in NAMES)


def test_sentences_of_office_are_public_until_one_is_not() -> None:
    (hint,) = hints_of({"objet": OFFICES})
    assert (hint.kind, hint.public_family) == ("named_in_text", "elected_officials")
    mixed = (*OFFICES[:7], "Cession à M. Faure d'un terrain communal")
    assert alarms({"objet": mixed}) == {("named_in_text", "objet")}
    assert alarms({"objet": mixed, "rapporteur": NAMES}) == {("named_in_text", "objet")}


def test_the_birth_of_an_elected_official_is_public_and_his_private_contacts_are_not() -> None:
    officials = {"élu": NAMES, "mandat": ("conseiller municipal",) * 8, "date de naissance": BIRTHS}
    assert alarms(officials) == set()
    assert alarms({**officials, "mobile": MOBILES, "mail": BOXES}) == {("phone", "mobile"), ("email", "mail")}
    offices = tuple(f"elu{n}@mairie-nay.example" for n in range(8))
    assert alarms({**officials, "mail": offices, "tel mairie": ("02 61 91 10 11",) * 8}) == set()
