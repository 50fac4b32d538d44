"""Insee headcount bands: every code, every label, what is no band, and the laws the list itself obeys.

Codes and labels: https://www.sirene.fr/sirene/public/variable/trancheEffectifsUniteLegale
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opendata_check.model.organization import EvidenceKind, HeadcountBand
from opendata_check.territory.headcount import BANDS, band

INSEE: tuple[tuple[str, str, int, int | None], ...] = (
    ("00", "0 salarié (n'ayant pas d'effectif au 31/12, mais ayant employé des salariés dans l'année)", 0, 0),
    ("01", "1 ou 2 salariés", 1, 2),
    ("02", "3 à 5 salariés", 3, 5),
    ("03", "6 à 9 salariés", 6, 9),
    ("11", "10 à 19 salariés", 10, 19),
    ("12", "20 à 49 salariés", 20, 49),
    ("21", "50 à 99 salariés", 50, 99),
    ("22", "100 à 199 salariés", 100, 199),
    ("31", "200 à 249 salariés", 200, 249),
    ("32", "250 à 499 salariés", 250, 499),
    ("41", "500 à 999 salariés", 500, 999),
    ("42", "1 000 à 1 999 salariés", 1_000, 1_999),
    ("51", "2 000 à 4 999 salariés", 2_000, 4_999),
    ("52", "5 000 à 9 999 salariés", 5_000, 9_999),
    ("53", "10 000 salariés et plus", 10_000, None),
)
CLOSED = [line for line in INSEE if line[3] is not None]
SPACES = [" ", "\t", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{FIGURE SPACE}", ""]


def code_of(text: str) -> str | None:
    found = band(text)
    return found.code if found else None


def grouped(number: int, space: str) -> str:
    """Return a number as labels write it, thousands parted by ``space``: « 1 999 »."""
    return f"{number:,}".replace(",", space)


def test_the_list_is_that_of_insee() -> None:
    assert {code: (lowest, highest) for code, _, lowest, highest in INSEE} == BANDS


@pytest.mark.parametrize(("code", "label", "lowest", "highest"), INSEE)
def test_a_code_and_its_label_name_the_same_band(code: str, label: str, lowest: int, highest: int | None) -> None:
    assert band(code) == band(label) == HeadcountBand(code, lowest, highest, None, EvidenceKind.OBSERVED)


@pytest.mark.parametrize(("typed", "code"), [("0", "00"), ("1", "01"), ("2", "02"), ("3", "03"), (" 1\n", "01")])
def test_a_code_whose_first_zero_was_dropped_gets_it_back(typed: str, code: str) -> None:
    assert code_of(typed) == code


@pytest.mark.parametrize("code", BANDS)
def test_spaces_around_a_code_do_not_count(code: str) -> None:
    assert code_of(f" {code}\N{NO-BREAK SPACE}\r\n") == code


@pytest.mark.parametrize(
    "text",
    ["NN", "nn", "", "   ", "Unité non employeuse", "null", "[ND]", "salariés", "à", "à 19 salariés", "½", "²", "٢١"],
)
def test_what_names_no_band_gives_none(text: str) -> None:
    assert band(text) is None


@pytest.mark.parametrize("text", ["4", "04", "9", "10", "13", "23", "54", "99", "021", "0021", "+21", "-1", "1 21"])
def test_a_number_that_is_no_code_gives_none(text: str) -> None:
    assert band(text) is None


@pytest.mark.parametrize(
    "text",
    ["10 à 20 salariés", "11 à 19", "1 à 9 salariés", "0 à 9", "10 à 1 999", "19 à 10", "10 000 à 20 000", "10 À 99",
     "10 a 99", "10-99"],
)  # fmt: skip
def test_a_range_that_is_not_exactly_a_band_gives_none(text: str) -> None:
    assert band(text) is None


@pytest.mark.parametrize("text", ["10 à 19", "10 a 19", "10-19", "10 - 19", "10 À 19 SALARIÉS", "10à19", " 10 à 19 "])
def test_a_range_is_read_however_it_is_written(text: str) -> None:
    assert code_of(text) == "11"


@given(st.sampled_from(CLOSED), st.sampled_from(SPACES), st.sampled_from(SPACES))
def test_any_kind_of_space_may_stand_in_a_label(line: tuple[str, str, int, int], inside: str, around: str) -> None:
    code, _, lowest, highest = line
    assert code_of(f"{grouped(lowest, inside)}{around}à{around}{grouped(highest, inside)}{around}salariés") == code


@given(st.sampled_from(SPACES))
def test_any_kind_of_space_may_stand_in_the_label_of_the_last_band(inside: str) -> None:
    assert code_of(f"{grouped(10_000, inside)} salariés et plus") == "53"


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("1989", None),
        ("1990", 1990),
        ("2022", 2022),
        (" 2022\n", 2022),
        ("2100", 2100),
        ("2101", None),
        ("", None),
        ("  ", None),
        ("22", None),
        ("-2022", None),
        ("20 22", None),
        ("fin 2022", None),
        ("2022-12-31", None),
    ],
)
def test_a_year_outside_its_bounds_is_no_year_and_the_band_stays(written: str, year: int | None) -> None:
    assert band("21", written) == HeadcountBand("21", 50, 99, year)


@pytest.mark.parametrize("evidence", EvidenceKind)
@pytest.mark.parametrize("text", ["21", "50 à 99 salariés"])
def test_a_band_says_how_it_came_to_us(text: str, evidence: EvidenceKind) -> None:
    found = band(text, "2022", evidence)
    assert found is not None and found.evidence is evidence


@given(st.sampled_from(list(pairwise(BANDS))))
def test_each_band_begins_where_the_one_before_ends(pair: tuple[str, str]) -> None:
    before, after = (band(code) for code in pair)
    assert before is not None and after is not None
    assert before.highest is not None and before.lowest <= before.highest
    assert after.lowest == before.highest + 1


@given(st.integers(0, 200_000))
@example(0)
@example(9_999)
@example(10_000)
def test_every_number_of_people_lies_in_one_band_and_only_one(people: int) -> None:
    found = [band(code) for code in BANDS]
    holding = [
        item.code
        for item in found
        if item and item.lowest <= people and (item.highest is None or people <= item.highest)
    ]
    assert holding == [max(code for code, _, lowest, _ in INSEE if lowest <= people)]


@given(st.sampled_from(CLOSED))
def test_the_bounds_of_a_band_written_as_a_range_give_it_back(line: tuple[str, str, int, int]) -> None:
    found = band(line[0])
    assert found is not None and code_of(f"{found.lowest} à {found.highest}") == found.code


@given(st.text(max_size=60), st.text(st.characters(codec="ascii"), max_size=6))
def test_any_text_gives_a_band_of_the_list_or_none(text: str, year: str) -> None:
    found = band(text, year)
    if found is not None:
        assert BANDS[found.code] == (found.lowest, found.highest)
        assert found.year is None or str(found.year) in year
