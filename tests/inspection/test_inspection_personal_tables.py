"""Persons are told from streets, firms, roses and statistics by what the columns of a table say together."""

from __future__ import annotations

import time

import pytest
from stdnum.fr import nir as stdnum_nir

from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.personal import PersonalWatch
from opendata_check.inspection.personal.names import is_eponym, shape_of_name
from opendata_check.inspection.personal.sentences import names_in
from opendata_check.inspection.personal_values import rib_is_valid
from opendata_check.model.facts import PersonalDataHint

PERSONS = (
    "Durand Paul",
    "Lefèvre Anaïs",
    "Moreau Karim",
    "Garnier Chloé",
    "Nguyen Thomas",
    "Traoré Aminata",
    "Petit Lucie",
    "Roux Hugo",
)
STREETS = (
    "Victor Hugo",
    "Jean Jaurès",
    "Louise Michel",
    "Jean Moulin",
    "Jules Ferry",
    "Marie Curie",
    "Paul Éluard",
    "Émile Zola",
)
HOMES = tuple(f"{n} rue des Lilas" for n in range(1, 9))
BIRTHS = (
    "03/05/1950",
    "12/11/1962",
    "30/01/1978",
    "07/07/1981",
    "22/02/1990",
    "15/09/1994",
    "01/12/2001",
    "19/04/1939",
)
MOBILES = tuple(f"06 39 98 {n} {n + 1}" for n in range(10, 26, 2))
LANDLINES = tuple(f"02 61 91 {n} {n + 1}" for n in range(10, 26, 2))
PLATES = ("AB-123-CD", "EF-456-GH", "JK-789-LM", "NP-012-QR", "ST-345-TV", "WX-678-YZ", "BA-901-DC", "FE-234-HG")
POINTS = tuple(f"48.{n}1234" for n in range(10, 18))
CODES = tuple(str(1000 + n) for n in range(8))
CLUBS = tuple(f"Tennis club de {town}" for town in ("Nay", "Pau", "Albi", "Auch", "Foix", "Rodez", "Gap", "Digne"))


def hints_of(**columns: tuple[str, ...]) -> list[PersonalDataHint]:
    watch = PersonalWatch(list(columns))
    watch.take(TableBatch.of_rows(range(2, 10), list(columns.values())))
    return list(watch.hints())


def alarms(**columns: tuple[str, ...]) -> set[tuple[str, str]]:
    return {(hint.kind, hint.column) for hint in hints_of(**columns) if not hint.public_family}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("DUPONT Jean", "full"), ("M. Jean Dupont", "civil"), ("J. Dupont", "initial"), ("Marie-Claude de La Tour", "full"),
        ("Mme Le Goff", "civil"), ("M. et Mme Petit", "civil"), ("Léa", "first"), ("École Jean Moulin", "organisation"),
        ("Rue Victor Hugo", "place"), ("SARL Dupont", "organisation"), ("M. le Maire", ""), ("Mme la Directrice", ""),
        ("Commune de Paris", "organisation"), ("Olivier commun", ""), ("12 rue X", ""), ("Mme Martin demande un rendez-vous", ""),
    ],
)  # fmt: skip
def test_the_shape_of_a_name(text: str, shape: str) -> None:
    assert shape_of_name(text) == shape


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Secours à Mme Martin", "civil"), ("Demande de Jean Dupont pour sa haie", "bare"), ("Monsieur le Maire expose", ""),
        ("MADAME LE MAIRE EXPOSE", ""), ("Travaux rue Jean Jaurès et place Émile Zola", ""), ("École Jean Moulin : toiture", ""),
        ("Rénovation de la salle Marcel Pagnol", ""), ("Chantier allée de Madame Lafarge", ""), ("Courrier du Dr Garnier", "civil"),
    ],
)  # fmt: skip
def test_sentences_that_name_somebody(text: str, said: str) -> None:
    assert names_in(text) == said


def test_names_are_told_by_their_values_under_any_label() -> None:
    assert alarms(c1=CODES, c2=PERSONS) == {("person_name", "c2")}
    (hint,) = hints_of(libelle=PERSONS)
    assert (hint.reason, hint.count, hint.rows, hint.by) == ("names_in_values", 8, ((2, 9),), "values")
    assert 0.7 <= hint.confidence <= 1


@pytest.mark.parametrize("label", ["nom", "voie_nom", "nom_etablissement", "stop_name", "personnage", "c2"])
def test_names_that_streets_and_schools_bear_are_nobody_s(label: str) -> None:
    assert alarms(**{"id": CODES, label: STREETS}) == set()
    assert is_eponym("JEAN JAURES")


def test_authors_and_artists_raise_no_alarm() -> None:
    assert alarms(isbn=CODES, auteur=PERSONS) == set()


def test_an_address_is_a_home_beside_private_names_only() -> None:
    assert alarms(usager=PERSONS, adresse=HOMES) == {("person_name", "usager"), ("person_address", "adresse")}
    assert alarms(equipement=CLUBS, adresse=HOMES) == set()
    assert alarms(association=CLUBS, president=PERSONS, adresse=HOMES) == set()


def test_a_point_is_a_home_beside_private_names_only() -> None:
    found = alarms(foyer=PERSONS, lat=POINTS, lon=POINTS)
    assert {("home_place", "lat"), ("home_place", "lon")} <= found
    assert alarms(station=STREETS, lat=POINTS, lon=POINTS) == set()


def test_landlines_of_private_persons_are_theirs_and_those_of_services_are_not() -> None:
    assert ("phone", "tel") in alarms(usager=PERSONS, tel=LANDLINES)
    assert alarms(service=CLUBS, standard=LANDLINES) == set()
    assert alarms(service=CLUBS, astreinte=MOBILES) == set()
    assert alarms(usager=PERSONS, code_article=tuple(cell.replace(" ", "") for cell in MOBILES)) == {
        ("person_name", "usager")
    }


def test_birth_dates_are_told_by_ages_when_the_label_says_nothing() -> None:
    assert ("birth_date", "c2") in alarms(c1=PERSONS, c2=BIRTHS)
    assert alarms(c1=PERSONS, date_adhesion=BIRTHS) == {("person_name", "c1")}
    assert alarms(c1=CODES, c2=BIRTHS) == set()


def test_births_of_the_dead_and_of_animals_are_nobody_s() -> None:
    old = tuple(birth[:6] + "18" + birth[8:] for birth in BIRTHS)
    assert alarms(personnage=STREETS, date_naissance=old) == set()
    assert alarms(animal=("Rex",) * 8, race=("braque",) * 8, date_naissance=BIRTHS) == set()


@pytest.mark.parametrize("form", ["né le 3 mai 1950 à Pau", "1950-05-03", "19500503", "18386", "3 mai 1950"])
def test_a_birth_date_is_known_however_it_is_written(form: str) -> None:
    assert ("birth_date", "date_naissance") in alarms(usager=PERSONS, date_naissance=(form,) * 8)


def test_health_help_and_school_are_personal_beside_persons_only() -> None:
    illness = ("asthme", "diabète", "", "arachide", "gluten", "", "lactose", "")
    found = alarms(eleve=PERSONS, classe=("CP", "CE1") * 4, allergies=illness, quotient_familial=CODES)
    assert {("school", "classe"), ("health", "allergies"), ("social", "quotient_familial")} <= found
    assert alarms(plat=("Salade",) * 8, allergenes=illness) == set()
    assert alarms(tranche_quotient=("0-400", "401-800") * 4, tarif=CODES) == set()
    assert alarms(equipement=CLUBS, acces_handicap=("oui", "non") * 4) == set()


def test_persons_known_by_a_number_are_persons() -> None:
    found = alarms(id_eleve=CODES, classe=("CP", "CE1") * 4, allergies=("arachide",) * 8)
    assert found == {("school", "classe"), ("health", "allergies")}


def test_an_owner_beside_a_parcel() -> None:
    parcels = tuple(f"AB {n}" for n in range(8))
    assert alarms(parcelle=parcels, proprietaire=PERSONS) == {("owner", "proprietaire")}
    assert alarms(parcelle=parcels, proprietaire=("Commune de Nay", "SCI du Lac") * 4) == set()


def test_plates_of_persons_and_those_of_the_town_hall() -> None:
    assert ("plate", "immatriculation") in alarms(titulaire=PERSONS, immatriculation=PLATES)
    assert alarms(immatriculation=PLATES, marque=("Renault",) * 8, energie=("diesel",) * 8) == set()
    assert alarms(code_article=PLATES, prix=CODES) == set()


def test_small_counts_are_asked_about_where_a_population_is_cut() -> None:
    few, area = ("1", "3", "12", "8", "2", "40", "15", "9"), ("Nord", "Sud") * 4
    (hint,) = hints_of(quartier=area, sexe=("F", "H") * 4, nb_allocataires=few)
    assert (hint.kind, hint.column, hint.count, hint.rows) == ("small_counts", "nb_allocataires", 3, ((2, 3), (6, 6)))
    assert alarms(quartier=area, nb_arbres=few) == set()
    assert alarms(sexe=("F", "H") * 4, prenom=("Léa", "Hugo") * 4, nombre=few) == set()


def test_texts_that_name_persons_and_the_rows_that_do() -> None:
    texts = ("Vu avec Mme Durand ce matin au guichet", "Dossier complet à ce jour pour la commission") * 4
    (hint,) = hints_of(ref=CODES, commentaire=texts)
    assert (hint.kind, hint.count, hint.rows) == ("named_in_text", 4, ((2, 2), (4, 4), (6, 6), (8, 8)))
    assert alarms(ref=CODES, objet=("Travaux de voirie avenue Jean Jaurès en 2025",) * 8) == set()


def test_a_few_persons_among_firms_are_found() -> None:
    tiers = (
        "SARL Durand",
        "Mme Paule Petit",
        "Commune de Nay",
        "M. Jean Roux",
        "SAS Bati",
        "SCI du Lac",
        "EDF",
        "Orange SA",
    )
    (hint,) = hints_of(tiers=tiers, montant=CODES)
    assert (hint.kind, hint.count, hint.rows) == ("person_name", 2, ((3, 3), (5, 5)))


@pytest.mark.parametrize(
    ("columns", "family"),
    [
        ({"nom_elu": PERSONS, "mandat": ("Maire",) * 8}, "elected_officials"),
        ({"agent": PERSONS, "service": CLUBS, "fonction": ("Rédacteur",) * 8}, "organisation_charts"),
        ({"association": CLUBS, "president": PERSONS}, "associations"),
        ({"praticien": PERSONS, "specialite": ("Cardiologie",) * 8}, "professionals"),
        ({"laureat": PERSONS, "diplome": ("BTS",) * 8, "mention": ("Bien",) * 8}, "teaching"),
        ({"dossard": CODES, "coureur": PERSONS, "club": CLUBS}, "sports"),
        ({"guide": PERSONS, "langues parlées": ("anglais",) * 8}, "tourism"),
        ({"num_dau": CODES, "petitionnaire": PERSONS, "adresse_terrain": HOMES}, "planning_permits"),
        ({"cote": CODES, "habitant": PERSONS, "registre": ("1906",) * 8}, "archives"),
    ],
)
def test_the_nine_families_raise_no_alarm_and_are_named(columns: dict[str, tuple[str, ...]], family: str) -> None:
    hints = hints_of(**columns)
    assert {(hint.kind, hint.public_family) for hint in hints} == {("person_name", family)}


def test_no_family_covers_private_life() -> None:
    assert alarms(elu=PERSONS, mandat=("Maire",) * 8, telephone_personnel=MOBILES) == {("phone", "telephone_personnel")}
    assert ("phone", "tel_demandeur") in alarms(num_dau=CODES, petitionnaire=PERSONS, tel_demandeur=MOBILES)
    assert ("phone", "portable") in alarms(association=CLUBS, president=PERSONS, portable=MOBILES)
    assert alarms(agent=PERSONS, service=CLUBS, arret=("maladie ordinaire", "accident de service") * 4) == {
        ("person_name", "agent"), ("health", "arret"),
    }  # fmt: skip


def test_the_key_computed_over_columns_is_stdnum_s() -> None:
    bodies = [f"{sex}{year:02}{month}{place}{n:03}{n + 1:03}" for n, (sex, year, month, place) in enumerate(
        [(1, 85, "05", "78006"), (2, 99, "12", "2A004"), (7, 60, "31", "97112"), (8, 1, "01", "2B033"), (3, 77, "07", "99351")], 101)]  # fmt: skip
    bodies = [body[:13] for body in bodies]
    cells = [body + stdnum_nir.calc_check_digits(body + "00") for body in bodies]
    assert all(map(stdnum_nir.is_valid, cells))
    wrong = [cell[:13] + f"{int(cell[13:]) % 97 + 1:02}" for cell in cells]
    watch = PersonalWatch(["id"])
    watch.take(TableBatch.of_rows(range(2, 12), [cells + wrong]))
    (hint,) = watch.hints()
    assert (hint.kind, hint.count, hint.rows) == ("nir", 5, ((2, 6),))


def test_a_rib_is_known_by_its_key() -> None:
    assert rib_is_valid("30006 00001 12345678901 89")
    assert not rib_is_valid("30006 00001 12345678901 88")
    assert not rib_is_valid("0" * 23)


def test_batches_add_up() -> None:
    watch = PersonalWatch(["usager", "mail"])
    for start in range(2, 42, 8):
        mails = tuple(f"paul.durand{start + n}@gmail.com" if n % 2 else "" for n in range(8))
        watch.take(TableBatch.of_rows(range(start, start + 8), [PERSONS, mails]))
    found = {hint.kind: hint for hint in watch.hints()}
    assert (found["person_name"].count, found["person_name"].rows) == (40, ((2, 41),))
    assert (found["email"].count, found["email"].rows[0]) == (20, (3, 3))


@pytest.mark.parametrize(
    "cell",
    ["@" * 50_000, "1 " * 50_000, "Mme A " * 20_000, "a.b@c.fr;" * 5_000, "06 12 34 56 7" * 5_000, "\0\u202e\x1b[31m", " " * 9_999,
     "FR76" * 9_999, "M. " * 30_000, "é" * 60_000, "Aa Bb " * 30_000],
)  # fmt: skip
def test_hostile_cells_are_read_in_a_moment(cell: str) -> None:
    watch = PersonalWatch(["nom", "commentaire", ""])
    started = time.process_time()
    watch.take(TableBatch.of_rows(range(2, 22), [[cell] * 20, [f"{cell}{n}" for n in range(20)], [cell] * 20]))
    watch.hints()
    assert time.process_time() - started < 5


def test_thousands_of_columns_cost_in_proportion() -> None:
    labels = [f"nom {n}" for n in range(3_000)]
    started = time.process_time()
    watch = PersonalWatch(labels)
    watch.take(TableBatch.of_rows(range(2, 7), [PERSONS[:5]] * len(labels)))
    watch.hints()
    assert time.process_time() - started < 30
