"""Codes and numbers: INSEE, postal, SIREN, SIRET, and what is said of those that do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr.siret import is_valid

from opendata_check.model.organization import OrganizationKind
from opendata_check.territory import (
    AmbiguousTerritoryError,
    UnknownTerritoryError,
    by_insee,
    by_siren,
    postcodes_of,
    resolve,
)


def siret_of(siren: str) -> str:
    """Return a SIRET of ``siren`` whose control key holds."""
    return next(number for key in range(10) if is_valid(number := f"{siren}0001{key}"))


@pytest.mark.parametrize(
    "query",
    ["54395", " 54395 ", "INSEE 54395", "code INSEE : 54395", "cog 54395", "54 395", "215403957", "215 403 957",
     "215\N{NO-BREAK SPACE}403\N{NO-BREAK SPACE}957", "215.403.957", "SIREN 215403957", "siren n° 215 403 957", "54000",
     "CP 54000", "code postal 54100", "５４３９５"],
)  # fmt: skip
def test_a_number_of_nancy_answers_nancy(query: str) -> None:
    assert resolve(query).insee_code == "54395"


def test_siret_answers_for_its_siren() -> None:
    number = siret_of("215403957")
    assert resolve(number).name == "Nancy"
    assert resolve(f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}").name == "Nancy"
    assert resolve(siret_of("245400676")).name == "Métropole du Grand Nancy"


@pytest.mark.parametrize(("code", "name"), [("2A004", "Ajaccio"), ("2b033", "Bastia"), ("97209", "Fort-de-France")])
def test_corsican_and_overseas_codes(code: str, name: str) -> None:
    found = resolve(code)
    assert (found.name, found.insee_code) == (name, code.upper())


def test_commune_carries_siren_departement_epci_and_both_vintages() -> None:
    nancy = resolve("54395")
    assert nancy.kind is OrganizationKind.COMMUNE
    assert (nancy.departement_code, nancy.departement_name) == ("54", "Meurthe-et-Moselle")
    assert (nancy.epci_siren, nancy.epci_nature) == ("245400676", "METRO")
    new, old = nancy.populations
    assert (new.reference_year, new.in_force_year, new.totale) == (2023, 2026, None)
    assert (old.reference_year, old.in_force_year) == (2022, 2025)
    assert new.municipale and old.municipale and old.totale and old.totale > old.municipale
    assert "Insee" in new.source and "DGCL" in old.source


def test_epci_carries_its_figures_and_those_of_its_largest_member() -> None:
    group = resolve("245400676")
    assert (group.kind, group.epci_nature, group.insee_code) == (OrganizationKind.EPCI, "METRO", None)
    assert [figures.reference_year for figures in group.populations] == [2022]
    nancy = resolve("54395")
    assert [figures.municipale for figures in group.largest_member_populations] == [
        figures.municipale for figures in nancy.populations
    ]


def test_ept_is_not_an_epci() -> None:
    assert resolve("200057867").kind is OrganizationKind.EPT


def test_commune_outside_any_epci_and_any_dgcl_figure() -> None:
    island = resolve("29155")
    assert island.name == "Ouessant" and island.epci_siren is None
    assert [figures.reference_year for figures in island.populations] == [2023]


def test_territory_without_inhabitants_has_no_figure() -> None:
    assert resolve("98901").populations == ()


def test_five_digits_that_are_both_list_both() -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("01090")
    codes = [body.insee_code for body in caught.value.candidates]
    assert codes[0] == "01090" and "01263" in codes
    assert "deux sens" in str(caught.value) and "Montmerle-sur-Saône" in str(caught.value)


def test_the_word_before_five_digits_settles_what_they_are() -> None:
    assert resolve("insee 01090").name == "Châtenay"
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("code postal 01090")
    assert "01090" not in [body.insee_code for body in caught.value.candidates]


def test_postcode_of_several_communes_lists_them_with_departement_and_code() -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("01000")
    assert [body.insee_code for body in caught.value.candidates] == ["01053", "01344"]
    assert "Bourg-en-Bresse, Ain (01), code 01053" in str(caught.value)


def test_postcode_that_is_also_an_old_code_lists_both() -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("75015")
    assert [body.name for body in caught.value.candidates] == ["Bry-sur-Marne", "Paris"]
    assert "ancien code INSEE" in str(caught.value)


def test_long_lists_are_cut_in_the_line_and_whole_in_the_error() -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("code postal 51300")
    assert len(caught.value.candidates) > 15
    assert f"et {len(caught.value.candidates) - 15} de plus" in str(caught.value)


def test_old_code_answers_with_the_current_commune_and_says_so() -> None:
    found = resolve("insee 01340")
    assert found.insee_code == "01015"
    assert found.notes[0] == "Saint-Bois (01340) est une commune déléguée ; la commune est Arboys en Bugey (01015)."


def test_old_code_without_a_name_says_no_more_than_is_known() -> None:
    found = resolve("insee 75015")
    assert found.notes[0].startswith("Le code 75015 n'est plus celui d'une commune")
    assert "Bry-sur-Marne (94015)" in found.notes[0]


def test_code_whose_two_lists_disagree_follows_the_current_attachment() -> None:
    assert resolve("55273").insee_code == "55386"


@pytest.mark.parametrize(("code", "city"), [("75116", "75056"), ("69381", "69123"), ("13201", "13055")])
def test_arrondissement_answers_with_its_city(code: str, city: str) -> None:
    found = resolve(code)
    assert found.insee_code == city
    assert "arrondissement municipal" in found.notes[0]


@pytest.mark.parametrize("number", ["215403958", "215403975", "21540395800017", "35600000012345"])
def test_false_key_is_said_to_be_mistyped(number: str) -> None:
    with pytest.raises(UnknownTerritoryError, match="mal saisi"):
        resolve(number)


@pytest.mark.parametrize("number", ["356000000", "35600000000048", "35600000012346", "732829320"])
def test_well_formed_number_of_another_body_is_said_to_be_absent(number: str) -> None:
    with pytest.raises(UnknownTerritoryError, match="bien formé"):
        resolve(number)


def test_lost_leading_zero_is_suggested() -> None:
    with pytest.raises(UnknownTerritoryError) as caught:
        resolve("1053")
    assert caught.value.suggestions == ("01053",)


def test_departement_number_alone_suggests_the_departement() -> None:
    with pytest.raises(UnknownTerritoryError) as caught:
        resolve("54")
    assert caught.value.suggestions == ("département Meurthe-et-Moselle (54)",)
    assert resolve(caught.value.suggestions[0]).kind is OrganizationKind.DEPARTEMENT


@pytest.mark.parametrize("number", ["1850778006048", "0102030405", "9" * 200])
def test_other_lengths_are_counted_and_never_repeated(number: str) -> None:
    with pytest.raises(UnknownTerritoryError) as caught:
        resolve(number)
    assert number not in str(caught.value)
    assert str(len(number)) in str(caught.value)


def test_unknown_five_digits() -> None:
    with pytest.raises(UnknownTerritoryError, match="n'est pas un code INSEE ou postal"):
        resolve("00000")


def test_postcodes_of_a_commune() -> None:
    assert postcodes_of("54395") == ("54000", "54100")
    assert postcodes_of("01340") == ()
    assert postcodes_of("Nancy") == ()


def test_direct_look_ups_answer_none_for_what_they_do_not_know() -> None:
    assert by_insee("99999") is None
    assert by_insee("Nancy") is None
    assert by_siren("000000000") is None
    assert by_siren("356000000") is None
    assert by_siren("21540395700017") is None


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_in_a_siren_is_always_caught(place: int, shift: int) -> None:
    digits = "215403957"
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(UnknownTerritoryError, match="mal saisi"):
        resolve(wrong)
