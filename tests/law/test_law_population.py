"""Which population counts on a day, which of its two figures, and what is said when the answer cannot be given."""

from __future__ import annotations

from datetime import date

import pytest

from opendata_check.law import scope
from opendata_check.law.figures import Figures
from opendata_check.law.loading import law
from opendata_check.law.numbers import read_number
from opendata_check.law.population import Question, read_population
from opendata_check.law.reading import Reading
from opendata_check.law.rules import Comparison
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import EvidenceKind, Organization, OrganizationKind, PopulationFigures

NAME = "le nombre d'habitants"
Vintages = tuple[PopulationFigures, ...]


def observed(year: int, municipale: int | None, totale: int | None = None) -> PopulationFigures:
    return PopulationFigures(year - 3, year, municipale, totale, f"Insee {year - 3}")


def declared(year: int, municipale: int | None, totale: int | None = None) -> PopulationFigures:
    return PopulationFigures(year - 3, year, municipale, totale, "déclaré", EvidenceKind.DECLARED)


def read(
    vintages: Vintages,
    year: int = 2026,
    *,
    threshold: int = 3500,
    totale_only: bool = False,
    comparison: Comparison = Comparison.AT_LEAST,
) -> Reading:
    def passes(number: float) -> bool:
        return comparison.holds(number, threshold)

    return read_population(vintages, date(year, 7, 14), Question(NAME, passes, threshold, totale_only), law())


HISTORY = (observed(2026, 4000, 4100), observed(2025, 3000, 3100), observed(2023, 5000, 5100))


@pytest.mark.parametrize(("year", "holds"), [(2026, True), (2025, False), (2023, True)])
def test_the_vintage_of_the_year_asked_about_counts(year: int, holds: bool) -> None:
    reading = read(HISTORY, year)
    assert (reading.holds, reading.notable) == (holds, False)
    assert reading.detail == f"chiffres en vigueur en {year}, Insee {year - 3}"


def test_the_newest_vintage_serves_one_more_year_and_it_is_said() -> None:
    reading = read(HISTORY, 2027)
    assert (reading.holds, reading.notable) == (True, True)
    assert reading.detail == "derniers chiffres connus, en vigueur en 2026, Insee 2023"


@pytest.mark.parametrize("year", [2022, 2024, 2028])
def test_figures_of_another_year_say_nothing(year: int) -> None:
    reading = read(HISTORY, year)
    assert reading.holds is None
    assert reading.missing == f"{NAME} en vigueur en {year}"
    assert reading.why == law().say("population", "no_vintage")


def test_without_any_figure_the_number_itself_is_missing() -> None:
    assert read(()) == Reading(None, missing=NAME)


def test_a_vintage_without_a_figure_is_no_vintage() -> None:
    assert read((observed(2026, None), observed(2025, 9000, 9000))).detail.startswith("derniers chiffres connus")


@pytest.mark.parametrize(
    ("municipale", "totale", "holds"),
    [(3500, 3600, True), (3400, 3499, False), (3499, 3500, None)],
)
def test_two_figures_decide_only_together_when_the_text_does_not_choose(
    municipale: int, totale: int, holds: bool | None
) -> None:
    reading = read((observed(2026, municipale, totale),))
    assert reading.holds is holds
    if holds is None:
        assert reading.missing == law().say("population", "name_ambiguous")
        assert "(3\u202f499)" in reading.why and "le texte ne dit pas laquelle compter" in reading.why
    else:
        assert reading.value == municipale


@pytest.mark.parametrize(("totale", "holds"), [(3500, True), (3499, False)])
def test_the_totale_decides_where_the_text_says_so(totale: int, holds: bool) -> None:
    reading = read((observed(2026, 3400, totale),), totale_only=True)
    assert (reading.holds, reading.value) == (holds, totale)
    assert reading.notable is holds  # said when the municipale would have answered otherwise
    assert ("ici compte la population totale" in reading.detail) is holds


@pytest.mark.parametrize("totale_only", [False, True])
def test_a_municipale_past_the_threshold_needs_no_totale(totale_only: bool) -> None:
    reading = read((observed(2026, 3500), observed(2025, 100, 100)), totale_only=totale_only)
    assert (reading.holds, reading.value, reading.notable) == (True, 3500, False)


def test_a_totale_under_the_threshold_needs_no_municipale() -> None:
    reading = read((observed(2026, None, 3499), observed(2025, 9000, 9000)))
    assert (reading.holds, reading.value, reading.notable) == (False, 3499, False)


def test_the_missing_figure_is_looked_for_in_the_newest_vintage_that_has_it() -> None:
    vintages = (observed(2026, 3400), observed(2025, 9000, 3450), observed(2024, 3000, 9000))
    reading = read(vintages)
    assert (reading.holds, reading.value, reading.notable) == (False, 3400, True)
    assert reading.detail == "population municipale de 2026 (3\u202f400) et population totale de 2025 (3\u202f450)"
    mirrored = read((observed(2026, None, 3600), observed(2025, 3550, 9000)))
    assert (mirrored.holds, mirrored.value) == (True, 3600)
    assert mirrored.detail == "population municipale de 2025 (3\u202f550) et population totale de 2026 (3\u202f600)"


def test_figures_of_two_years_that_disagree_leave_the_answer_open() -> None:
    vintages = (observed(2026, 3400), observed(2025, 3450, 3550))
    reading = read(vintages)
    assert reading.holds is None and "nous n'avons pas les deux pour la même année" in reading.why
    totale = read(vintages, totale_only=True)
    assert totale.missing == law().say("population", "name_totale")
    assert "La dernière connue est celle de 2025 (3\u202f550)" in totale.why


@pytest.mark.parametrize(
    ("figures", "holds", "said"),
    [
        (observed(2026, 3400), False, "population municipale seule"),
        (observed(2026, None, 3600), True, "population totale seule"),
    ],
)
def test_the_only_figure_there_is_decides_and_it_is_said(figures: PopulationFigures, holds: bool, said: str) -> None:
    reading = read((figures,))
    assert (reading.holds, reading.notable) == (holds, True)
    assert said in reading.detail


def test_declared_figures_listed_first_come_before_all_others_from_their_own_year_on() -> None:
    vintages = (declared(2025, 3000, 3000), *HISTORY)
    for year in (2025, 2026, 2030):
        reading = read(vintages, year)
        assert (reading.holds, reading.detail, reading.notable) == (False, "chiffre déclaré pour 2025", True)
    assert read((declared(2026, 9000, 9000), *HISTORY), 2025).detail.startswith("chiffres en vigueur en 2025")


def test_declared_figures_listed_after_others_serve_where_no_other_does() -> None:
    vintages = (observed(2026, 4000, 4000), declared(2024, 3000, 3000))
    assert read(vintages, 2026).holds is True
    assert read(vintages, 2025).detail == "chiffre déclaré pour 2024"


def test_the_newest_of_the_declared_figures_in_force_counts() -> None:
    vintages = (declared(2026, 9000, 9000), declared(2024, 3000, 3000))
    assert [read(vintages, year).holds for year in (2023, 2024, 2025, 2026, 2027)] == [None, False, False, True, True]


def test_the_largest_member_commune_is_read_in_its_own_figures_by_the_totale() -> None:
    figures = Figures(populations=(observed(2026, 90_000, 90_000),), largest_member=(observed(2026, 3400, 3500),))

    def passes(number: float) -> bool:
        return number >= 3500

    def of(fact: str, figures: Figures) -> Reading:
        return read_number(fact, passes, 3500, figures, date(2026, 7, 14), law())

    assert (of("plus_grande_commune", figures).holds, of("plus_grande_commune", figures).value) == (True, 3500)
    assert of("population", figures).value == 90_000
    assert of("plus_grande_commune", Figures(numbers={"plus_grande_commune": 12.0})).holds is False
    assert of("plus_grande_commune", Figures()).missing == law().facts["plus_grande_commune"].name


@pytest.mark.parametrize(
    ("largest", "answer"), [(3500, Applicability.APPLIES), (3499, Applicability.EXEMPT), (None, Applicability.UNKNOWN)]
)
def test_a_group_of_small_communes_does_not_write_the_note_on_its_budget(
    largest: int | None, answer: Applicability
) -> None:
    members = () if largest is None else (observed(2026, largest, largest),)
    group = Organization(
        "Essai", OrganizationKind.EPCI, populations=(observed(2026, 3000, 3000),), largest_member_populations=members
    )
    duties = {duty.obligation: duty.applicability for duty in scope(group, date(2026, 11, 23))}
    assert duties["budget-rob"] is answer
