"""Laws that every reading of a population obeys, whatever vintages are known and whatever year is asked about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from test_law_population import Vintages, declared, observed, read

from opendata_check.law.rules import Comparison
from opendata_check.model.organization import PopulationFigures

_YEARS = st.integers(2020, 2030)
_COUNTS = st.integers(0, 7000) | st.sampled_from([3499, 3500, 3501])


@st.composite
def _histories(draw: st.DrawFn) -> Vintages:
    found = []
    for year in sorted(draw(st.sets(_YEARS, max_size=4)), reverse=True):
        municipale = draw(_COUNTS)
        totale = municipale + draw(st.integers(0, 400))
        keeps = draw(st.sampled_from([(True, True), (True, False), (False, True), (False, False)]))
        make = draw(st.sampled_from([observed, declared]))
        found.append(make(year, municipale if keeps[0] else None, totale if keeps[1] else None))
    return tuple(found)


@given(_histories(), _YEARS, st.sampled_from(Comparison), st.booleans())
def test_an_answer_is_that_of_a_figure_it_had_and_an_open_one_says_what_is_missing(
    vintages: Vintages, year: int, comparison: Comparison, totale_only: bool
) -> None:
    reading = read(vintages, year, comparison=comparison, totale_only=totale_only)
    assert (reading.holds is None) is bool(reading.missing)
    if reading.holds is None:
        return
    assert reading.value is not None and reading.detail
    assert comparison.holds(reading.value, 3500) is reading.holds
    assert reading.value in {figure for item in vintages for figure in (item.municipale, item.totale)}


@given(_histories(), _YEARS, st.booleans(), st.integers(0, 5000))
def test_more_inhabitants_never_fall_back_under_a_threshold(
    vintages: Vintages, year: int, totale_only: bool, more: int
) -> None:
    def grown(number: int | None) -> int | None:
        return None if number is None else number + more

    after = tuple(
        PopulationFigures(
            item.reference_year, item.in_force_year, grown(item.municipale), grown(item.totale), "", item.evidence
        )
        for item in vintages
    )
    before = read(vintages, year, totale_only=totale_only).holds
    if before:
        assert read(after, year, totale_only=totale_only).holds is True
    if read(after, year, totale_only=totale_only).holds is False:
        assert before is False
