"""Personal data is pointed at by column, count and rows; nobody's value leaves the file; honest files raise nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.personal import PersonalWatch
from opendata_check.inspection.personal_values import counts_in_text, is_personal_mailbox
from opendata_check.model.facts import PersonalDataHint


def hints_of(header: str, *rows: str) -> tuple[PersonalDataHint, ...]:
    labels = header.split(";")
    watch = PersonalWatch(labels)
    cells = [row.split(";") for row in rows]
    watch.take(TableBatch.of_rows(range(2, len(rows) + 2), list(zip(*cells, strict=True)) or [()] * len(labels)))
    return watch.hints()


def kinds(header: str, *rows: str) -> set[tuple[str, str]]:
    return {(hint.kind, hint.column) for hint in hints_of(header, *rows)}


def nir(body: str) -> str:
    """Return a made-up social security number with its key."""
    return body + stdnum_nir.calc_check_digits(body + "00")


WOMAN, MAN = nir("2850578006084"), nir("1990675112003")
CORSICAN = nir("185032A004123")


@pytest.mark.parametrize("number", [WOMAN, MAN, CORSICAN, nir("172062B033111")])
def test_a_number_whose_key_holds_is_a_nir_whatever_its_column(number: str) -> None:
    (hint,) = hints_of("dossier;ville", f"{number};Sceaux", "12;Antony")
    assert (hint.kind, hint.column, hint.letter, hint.count, hint.rows, hint.by) == (
        "nir", "dossier", "A", 1, ((2, 2),), "values",
    )  # fmt: skip


@pytest.mark.parametrize("separator", [" ", ".", "-", "\u00a0"])
def test_a_nir_is_recognised_with_its_usual_separators(separator: str) -> None:
    written = separator.join((WOMAN[0], WOMAN[1:3], WOMAN[3:5], WOMAN[5:7], WOMAN[7:10], WOMAN[10:13], WOMAN[13:]))
    assert kinds("a;b", f"{written};x") == {("nir", "a")}


def test_a_nir_in_a_sentence_is_found() -> None:
    assert kinds("objet", f"Secours accordé à Mme X (n° {WOMAN}), séance du 3 mai") == {("nir", "objet")}


def test_fifteen_digits_with_a_wrong_key_are_not_a_nir() -> None:
    wrong = WOMAN[:13] + f"{(int(WOMAN[13:]) % 97) + 1:02d}"
    assert kinds("dossier", wrong) == set()


def test_numbers_that_pass_the_key_by_chance_are_not_nirs() -> None:
    rows = [str(number) for number in range(185057800608400, 185057800608400 + 400)]
    assert any(stdnum_nir.is_valid(row) for row in rows)
    assert kinds("identifiant", *rows) == set()


def test_thirteen_digits_are_a_nir_only_where_the_label_says_so() -> None:
    assert kinds("numéro de sécurité sociale", WOMAN[:13]) == {("nir", "numéro de sécurité sociale")}
    assert {hint.by for hint in hints_of("NIR", WOMAN[:13])} == {"label"}
    assert kinds("code barre", WOMAN[:13]) == set()


def test_made_up_nirs_with_false_keys_are_told_by_their_label() -> None:
    assert kinds("nir", WOMAN[:13] + "00") == {("nir", "nir")}


def test_a_nir_label_over_other_things_is_nothing() -> None:
    assert kinds("nir", "0,45", "0,61") == set()


@pytest.mark.parametrize(
    "label",
    ["date_naissance", "Date de naissance", "dateNaissance", "Né(e) le", "née le", "DDN", "date_naiss", "DT_NAISSANCE"],
)
def test_dates_under_a_birth_label_are_birth_dates(label: str) -> None:
    (hint,) = hints_of(f"id;{label}", "1;12/03/1985", "2;1990-05-01", "3;")
    assert (hint.kind, hint.count, hint.rows, hint.by) == ("birth_date", 2, ((2, 3),), "label")


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("annee_naissance", "1985"), ("naissances", "412"), ("nombre de naissances", "12"), ("date_naissance", "1985"),
        ("lieu de naissance", "Paris"), ("date_seance", "2024-01-12"), ("date du conseil", "12/01/2024"),
        ("annee", "2020"), ("ANNEE_NAISSANCE", "01/01/1985"), ("date_reconnaissance", "2024-01-01"),
    ],
)  # fmt: skip
def test_other_dates_and_counts_of_births_are_not(label: str, value: str) -> None:
    assert kinds(f"id;{label}", f"1;{value}", f"2;{value}") == set()


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("jeanne.martin@ville-exemple.fr", True), ("j.martin@ville.fr", True), ("jean-paul_petit@x.fr", True),
        ("jmartin92@gmail.com", True), ("martin.famille@orange.fr", True), ("lulu@laposte.net", True),
        ("mairie@ville.fr", False), ("mairie.exemple@orange.fr", False), ("mairiedexemple@wanadoo.fr", False),
        ("contact@ville.fr", False), ("accueil@ville.fr", False), ("service.urbanisme@ville.fr", False),
        ("bibliotheque.centre@ville.fr", False), ("clubdefoot@gmail.com", False), ("etat-civil@ville.fr", False),
        ("opendata@ville.fr", False), ("scolaire@free.fr", False), ("voirie@metropole.fr", False),
    ],
)  # fmt: skip
def test_somebody_s_mailbox_is_told_from_an_office_s(address: str, personal: bool) -> None:
    assert is_personal_mailbox(*address.split("@")) is personal
    assert kinds("courriel", address) == ({("email", "courriel")} if personal else set())


def test_mobiles_are_personal_beside_persons() -> None:
    assert ("phone", "tel") in kinds("association;président;tel", "Club;X;06 12 34 56 78")
    assert ("phone", "portable") in kinds("lieu;portable", "Salle;0712345678")
    assert ("phone", "tel") in kinds("nom;prénom;tel", "A;B;+33 6 12 34 56 78")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("equipement;telephone", "Gymnase;06 12 34 56 78"),
        ("association;président;tel", "Club;X;01 42 34 56 78"),
        ("responsable;periode", "X;2017-07-01/2018-06-30"),
        ("responsable;reference", "X;1060612345678"),
        ("responsable;lat", "X;48.0612345678"),
    ],
)
def test_landlines_and_phones_of_places_are_not(header: str, row: str) -> None:
    assert kinds(header, row) == set()


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("nom;prenom", "nom"), ("NOM_ELEVE;PRENOM_ELEVE", "NOM_ELEVE"), ("Nom de naissance;Prénoms", "Nom de naissance"),
        ("nom d'usage;prénom usuel", "nom d'usage"), ("id;Nom et prénom du demandeur", "Nom et prénom du demandeur"),
        ("nomResponsable;prenomResponsable", "nomResponsable"),
    ],
)  # fmt: skip
def test_last_and_first_names_together_are_names_of_persons(header: str, column: str) -> None:
    hints = hints_of(header, "A;B", "C;D")
    assert column in {hint.column for hint in hints}
    assert {(hint.kind, hint.count, hint.public_family) for hint in hints} == {("person_name", 2, "")}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("COLL_NOM;ENFANT_PRENOM;NOMBRE;ANNEE", "Ville;Léa;12;2020"),
        ("prenom;nombre;annee", "Léa;12;2020"),
        ("commune_nom;voie_nom;numero", "Antony;rue X;12"),
        ("nom;prenom", ";Léa"),
        ("nom;adresse", "Gymnase;12 rue X"),
    ],
)
def test_statistics_and_places_are_not(header: str, row: str) -> None:
    assert kinds(header, row) == set()


def test_names_of_elected_officials_are_left_in_peace_and_the_family_is_told() -> None:
    hints = hints_of("nom;prenom;elu;debut de mandat", "Petit;Jeanne;oui;2020-05-18", "Leroy;Marc;oui;2020-05-18")
    assert {hint.column: hint.public_family for hint in hints} == dict.fromkeys(["nom", "prenom"], "elected_officials")


def test_a_bank_account_number_is_found_by_its_control() -> None:
    # The example of the ECBS standard, printed in every manual.
    assert kinds("rib", "FR76 3000 6000 0112 3456 7890 189") == {("iban", "rib")}
    assert kinds("note", "virement sur FR7630006000011234567890189 en mai") == {("iban", "note")}
    assert kinds("rib", "FR76 3000 6000 0112 3456 7890 188") == set()


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("siret;montant", "21920002600016;123456789012345"),
        ("cle_interop;numero;x;y", "92002_0010_00012;12;650123.45;6851234.12"),
        (
            "DELIB_ID;DELIB_DATE;DELIB_OBJET",
            "2024-01;2024-01-12;Convention avec la société d'HLM n° 2024 01 75 056 001 002",
        ),
        ("horodatage;compteur", "20240131101112123;100000000000000"),
        ("url;code", "https://exemple.fr/a@b;AB12CD34EF56GH78"),
    ],
)
def test_ordinary_open_data_raises_nothing(header: str, row: str) -> None:
    assert kinds(header, row) == set()


def test_hints_come_by_column_with_exact_rows() -> None:
    rows = [f"{n};{WOMAN if n in (3, 4, 9) else n}" for n in range(2, 12)]
    (hint,) = hints_of("id;note", *rows)
    assert (hint.count, hint.rows, hint.letter) == (3, ((3, 4), (9, 9)), "B")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([WOMAN, MAN, "jeanne.martin@ville.fr", "0612345678", "12/03/1985", "x"]), max_size=20))
def test_no_hint_ever_carries_a_value(values: list[str]) -> None:
    hints = hints_of("nir;nom;prénom;date_naissance;mail", *(";".join([value] * 5) for value in values))
    told = repr(hints)
    assert not any(secret in told for secret in values if secret != "x")


def test_a_text_is_scanned_for_what_a_control_proves() -> None:
    text = f"Mme X, née le 12/05/1985, n° {WOMAN}, jeanne.martin@orange.fr, mairie@ville.fr, tél. 0612345678"
    assert counts_in_text(text) == {"nir": 1, "email": 1}
    assert counts_in_text("Séance du 3 mai 2024, 12 345,00 €") == {}
