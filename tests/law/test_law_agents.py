"""Full-time equivalents and people bound each other, no more: what each source may decide, alone or with another."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.law import scope
from opendata_check.law.agents import band_words
from opendata_check.law.figures import Figures
from opendata_check.law.loading import law
from opendata_check.law.numbers import read_number
from opendata_check.law.reading import Reading, between
from opendata_check.law.rules import Comparison
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.territory.headcount import BANDS, band

ON = date(2026, 11, 23)
ETP, PEOPLE = "agents_etp", "agents_effectif"


def read(
    fact: str, threshold: float, figures: Figures, comparison: Comparison = Comparison.AT_LEAST, on: date = ON
) -> Reading:
    return read_number(fact, lambda number: comparison.holds(number, threshold), threshold, figures, on, law())


@pytest.mark.parametrize(("etp", "holds"), [(0.0, False), (49.9, False), (50.0, True), (400.0, True)])
def test_a_declared_etp_is_compared_as_it_is(etp: float, holds: bool) -> None:
    reading = read(ETP, 50, Figures(agents_etp=etp, agents_effectif=10, band=band("53")))
    assert (reading.holds, reading.value, reading.shown, reading.presumed) == (holds, etp, "", False)
    assert reading.detail == "chiffre déclaré" and not reading.notable


def test_a_declared_number_says_the_day_it_was_stated_each_its_own() -> None:
    figures = Figures(
        agents_etp=62, agents_stated_on=date(2026, 3, 4), agents_effectif=70, effectif_stated_on=date(2025, 1, 1)
    )
    assert read(ETP, 50, figures).detail == "chiffre déclaré le 4 mars 2026"
    assert read(PEOPLE, 50, figures).detail == "chiffre déclaré le 1er janvier 2025"


@pytest.mark.parametrize(("people", "holds"), [(0, False), (49, False), (50, None), (300, None)])
def test_people_can_rule_etp_out_and_never_prove_them(people: int, holds: bool | None) -> None:
    reading = read(ETP, 50, Figures(agents_effectif=people))
    assert reading.holds is holds
    assert not reading.presumed
    if holds is None:
        assert f"vous comptez {people} personnes, mais" in reading.why and reading.missing == law().facts[ETP].name
    else:
        assert (reading.value, reading.shown, reading.notable) == (people, "au plus {nombre}", True)


@pytest.mark.parametrize(("etp", "holds"), [(199.0, None), (199.1, True), (200.0, True), (30.0, None)])
def test_etp_prove_as_many_people_rounded_up_and_rule_none_out(etp: float, holds: bool | None) -> None:
    reading = read(PEOPLE, 200, Figures(agents_etp=etp))
    assert reading.holds is holds
    assert (reading.shown, reading.value) == (("au moins {nombre}", math.ceil(etp)) if holds else ("", None))
    assert "équivalents temps plein" in (reading.detail if holds else reading.why)


@pytest.mark.parametrize("code", BANDS)
def test_a_band_under_the_etp_threshold_presumes_and_any_other_says_nothing(code: str) -> None:
    highest = BANDS[code][1]
    reading = read(ETP, 50, Figures(band=band(code, "2024")))
    if highest is not None and highest < 50:
        assert (reading.holds, reading.value, reading.presumed, reading.notable) == (False, highest, True, True)
    else:
        assert reading.holds is None and not reading.presumed
        assert "ce chiffre ne suffit pas" in reading.why


@pytest.mark.parametrize(
    ("code", "threshold", "holds", "value", "shown"),
    [
        ("22", 200, False, 199, "au plus {nombre}"),
        ("31", 200, True, 200, "au moins {nombre}"),
        ("31", 220, None, None, ""),
        ("53", 200, True, 10000, "au moins {nombre}"),
        ("53", 12000, None, None, ""),
    ],
)
def test_a_band_decides_people_on_each_side_of_a_threshold_and_not_across_it(
    code: str, threshold: int, holds: bool | None, value: int | None, shown: str
) -> None:
    reading = read(PEOPLE, threshold, Figures(band=band(code, "2024")))
    assert (reading.holds, reading.value, reading.shown) == (holds, value, shown)
    assert reading.presumed is (holds is not None)
    assert holds is not None or "le seuil tombe dans cette tranche" in reading.why


@pytest.mark.parametrize(("year", "holds"), [("2020", None), ("2021", False), ("2025", False), ("2027", None)])
def test_a_band_counts_five_years_and_never_before_it_was_taken(year: str, holds: bool | None) -> None:
    assert read(ETP, 50, Figures(band=band("11", year))).holds is holds


def test_a_band_without_a_year_always_counts() -> None:
    assert [read(ETP, 50, Figures(band=band("11")), on=date(year, 1, 1)).holds for year in (2017, 2040)] == [False] * 2


def test_the_nearest_source_is_heard_first() -> None:
    small, large = band("11", "2024"), band("32", "2024")
    assert read(ETP, 50, Figures(agents_effectif=40, band=large)).value == 40
    assert read(ETP, 50, Figures(agents_effectif=60, band=small)).holds is None
    assert read(PEOPLE, 50, Figures(agents_etp=60, band=small)).holds is True
    assert read(PEOPLE, 50, Figures(agents_etp=30, band=small)).holds is False
    assert read(PEOPLE, 50, Figures(agents_effectif=40, agents_etp=60, band=large)).holds is False


def test_nobody_said_anything() -> None:
    for fact in (ETP, PEOPLE):
        reading = read(fact, 50, Figures())
        assert (reading.holds, reading.missing, reading.why) == (None, law().facts[fact].name, "")


def test_a_supposed_number_stands_for_all_the_others() -> None:
    figures = Figures(agents_etp=10, agents_effectif=12, band=band("11")).assuming(ETP, 50.0)
    assert read(ETP, 50, figures) == Reading(True, 50.0)
    assert read(PEOPLE, 50, figures).holds is False


def test_a_number_of_another_kind_is_the_one_declared_or_is_missing() -> None:
    figures = Figures(numbers={"vehicules_du_parc": 21.0, "population": 900.0})
    assert read("vehicules_du_parc", 20, figures) == Reading(True, 21.0, detail="chiffre déclaré")
    assert read("emplois_fonctionnels", 3, figures).missing == law().facts["emplois_fonctionnels"].name
    assert read("population", 1000, figures) == Reading(False, 900.0, detail="chiffre déclaré")


def test_band_words_name_both_ends_the_year_and_an_empty_band() -> None:
    said = [band_words(item, law()) for item in (band("12", "2023"), band("53"), band("00", "2024")) if item]
    assert said == ["20 à 49 salariés fin 2023", "10\u202f000 salariés ou plus", "0 salarié fin 2024"]


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_an_interval_answers_only_when_all_of_it_does(low: float, wide: float, threshold: float) -> None:
    def passes(number: float) -> bool:
        return number >= threshold

    expected = True if low >= threshold else False if low + wide < threshold else None
    assert between(low, low + wide, passes) is expected


@given(st.data(), st.integers(0, 12_000), st.sampled_from(Comparison), st.sampled_from([0, 1, 20, 49.5, 50, 200, 5000]))
def test_what_is_answered_is_the_truth_whatever_was_told(
    data: st.DataObject, people: int, comparison: Comparison, threshold: float
) -> None:
    """A body of so many people and ETP tells some of it; an answer, when there is one, is that of the whole."""
    etp = data.draw(st.floats(0, people))
    code = next(code for code, (low, high) in BANDS.items() if low <= people and (high is None or people <= high))
    told: Callable[[], bool] = lambda: data.draw(st.booleans())  # noqa: E731
    figures = Figures(
        agents_etp=etp if told() else None,
        agents_effectif=people if told() else None,
        band=band(code, "2025") if told() else None,
    )
    for fact, truth, stated in ((ETP, etp, figures.agents_etp), (PEOPLE, people, figures.agents_effectif)):
        reading = read(fact, threshold, figures, comparison)
        assert reading.holds in (None, comparison.holds(truth, threshold))
        assert stated is None or reading.holds is not None
        assert (reading.holds is None) is bool(reading.missing)
        assert not reading.presumed or (figures.band is not None and stated is None)


_NUMBERS = st.none() | st.integers(0, 400) | st.sampled_from([49, 50, 199, 200])
_RAISES = st.integers(0, 300)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([OrganizationKind.COMMUNE, OrganizationKind.EPCI, OrganizationKind.CCAS, OrganizationKind.EPIC]),
    st.tuples(_NUMBERS, _RAISES),
    st.tuples(_NUMBERS, _RAISES),
    st.none() | st.tuples(st.integers(0, len(BANDS) - 1), st.integers(0, 6)),
    st.sampled_from([date(2018, 11, 1), date(2024, 7, 1), ON]),
)
def test_raising_agents_never_unbinds(
    kind: OrganizationKind,
    etp: tuple[int | None, int],
    people: tuple[int | None, int],
    ranks: tuple[int, int] | None,
    on: date,
) -> None:
    codes = tuple(BANDS)
    body = Organization("Essai", kind, agents_etp=etp[0], agents_effectif=people[0])
    raised = replace(
        body,
        agents_etp=None if etp[0] is None else etp[0] + etp[1],
        agents_effectif=None if people[0] is None else people[0] + people[1],
    )
    if ranks is not None:
        body = replace(body, headcount_band=band(codes[ranks[0]]))
        raised = replace(raised, headcount_band=band(codes[min(sum(ranks), len(codes) - 1)]))
    after = {duty.obligation: duty.applicability for duty in scope(raised, on)}
    for duty in scope(body, on):
        if duty.applicability is Applicability.APPLIES:
            assert after[duty.obligation] is Applicability.APPLIES, duty.obligation
        if after[duty.obligation].binds_not:
            assert duty.applicability.binds_not, duty.obligation
