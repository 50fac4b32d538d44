"""What changed in the law between two days: each change once, on its day, and for a body only what concerns it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.law import scope
from opendata_check.law.changes import changes
from opendata_check.law.loading import law
from opendata_check.law.rules import Obligation, Source
from opendata_check.model.legal import Applicability, LegalReference
from opendata_check.model.organization import Organization, OrganizationKind, PopulationFigures
from opendata_check.model.rulebook import Change, RuleChanges
from opendata_check.territory.headcount import band

FIRST, LAST = date(2000, 1, 1), date(2040, 1, 1)
DAYS = st.dates(date(2014, 1, 1), date(2028, 12, 31))
APPLIES, NOT_YET = Applicability.APPLIES, Applicability.NOT_IN_FORCE


def between(since: date, until: date, organization: Organization | None = None) -> dict[str, RuleChanges]:
    return {item.obligation: item for item in changes(law(), since, until, organization)}


def commune(inhabitants: int, year: int, agents: float = 400) -> Organization:
    figures = PopulationFigures(year - 3, year, inhabitants, inhabitants, "Insee")
    return Organization("Essai", OrganizationKind.COMMUNE, populations=(figures,), agents_etp=agents)


def test_a_threshold_that_changes_is_told_on_its_very_day_and_no_other() -> None:
    day = date(2023, 7, 21)
    found = between(day - timedelta(1), day)["dix-remunerations"]
    told = [item for item in found.changes if item.kind == "threshold"]
    title = law().parameters["seuil-population-remunerations"].title
    assert told == [Change(day, "threshold", f"{title} : 80\u202f000 avant, 40\u202f000 depuis.")]
    assert "dix-remunerations" not in between(day, day + timedelta(30))
    assert "dix-remunerations" not in between(day - timedelta(30), day - timedelta(2))


def test_the_threshold_of_an_event_is_told_too() -> None:
    (change,) = between(date(2019, 12, 31), date(2020, 1, 1))["decp-marches"].changes
    assert (change.kind, "25\u202f000 avant, 40\u202f000 depuis" in change.text) == ("threshold", True)


def test_a_step_that_ends_and_the_one_that_takes_over_are_both_told() -> None:
    found = between(date(2023, 12, 30), date(2024, 1, 1))["decp-marches"].changes
    assert [(item.on, item.kind) for item in found][:2] == [(date(2023, 12, 31), "ends"), (date(2024, 1, 1), "begins")]
    assert found[1].text.startswith("Début : sur le portail national")


def test_a_new_version_of_a_text_is_told_and_not_the_text_that_made_the_rule() -> None:
    every = between(FIRST, LAST)
    for obligation in law().obligations:
        first = obligation.parts[0].since
        told = {(item.on, item.text) for item in every[obligation.id].changes if item.kind == "text"}
        expected = {
            (source.since, law().say("changes", "text", texte=source.reference.label))
            for source in obligation.sources
            if source.reference.version and source.since is not None and source.since > first
        }
        assert told == expected, obligation.id
    assert sum(item.kind == "text" for found in every.values() for item in found.changes) > 5


@pytest.mark.parametrize("obligation", law().obligations, ids=lambda item: item.id)
def test_each_step_begins_and_ends_on_its_day(obligation: Obligation) -> None:
    found = between(FIRST, LAST)[obligation.id].changes
    assert [item.on for item in found if item.kind == "begins"] == [part.since for part in obligation.parts]
    ends = sorted(part.until for part in obligation.parts if part.until is not None)
    assert [item.on for item in found if item.kind == "ends"] == ends


def test_rules_come_the_latest_change_first_and_the_changes_of_one_the_earliest_first() -> None:
    found = changes(law(), FIRST, LAST)
    assert [(-item.changes[-1].on.toordinal(), item.obligation) for item in found] == sorted(
        (-item.changes[-1].on.toordinal(), item.obligation) for item in found
    )
    for item in found:
        assert [change.on for change in item.changes] == sorted(change.on for change in item.changes)
        assert (item.title, item.before, item.after) == (law().by_id[item.obligation].title, None, None)


@settings(deadline=None)
@given(st.lists(DAYS, min_size=3, max_size=3).map(sorted))
def test_two_periods_in_a_row_tell_what_the_whole_tells(days: list[date]) -> None:
    first, middle, last = days
    halves = (between(first, middle), between(middle, last))
    whole = between(first, last)
    assert set(whole) == set(halves[0]) | set(halves[1])
    for name, found in whole.items():
        parts = [item for half in halves if name in half for item in half[name].changes]
        assert parts == list(found.changes)
        assert all(first < item.on <= last for item in found.changes)


@given(DAYS)
def test_nothing_changes_within_one_day(day: date) -> None:
    assert changes(law(), day, day) == ()


@pytest.mark.parametrize(("inhabitants", "answers"), [(50_000, (NOT_YET, APPLIES)), (90_000, (APPLIES, APPLIES))])
def test_a_body_is_told_what_the_new_threshold_does_to_it(
    inhabitants: int, answers: tuple[Applicability, Applicability]
) -> None:
    found = between(date(2023, 7, 1), date(2023, 8, 1), commune(inhabitants, 2023))["dix-remunerations"]
    assert (found.before, found.after) == answers


@pytest.mark.parametrize("inhabitants", [3000, 40_000])
def test_a_body_that_a_rule_never_binds_is_not_told_of_it(inhabitants: int) -> None:
    assert "dix-remunerations" not in between(date(2023, 7, 1), date(2023, 8, 1), commune(inhabitants, 2023))


def test_a_step_for_others_is_not_told_to_a_body() -> None:
    window = (date(2023, 12, 1), date(2024, 7, 1))
    small = between(*window, commune(500, 2024))["bal"]
    assert [item.on for item in small.changes if item.kind == "begins"] == [date(2024, 6, 1)]
    large = between(*window, commune(5000, 2024))["bal"]
    assert [item.on for item in large.changes if item.kind == "begins"] == [date(2024, 1, 1), date(2024, 6, 1)]
    assert (small.before, small.after) == (large.before, large.after) == (NOT_YET, APPLIES)


@pytest.mark.parametrize("inhabitants", [3400, 3600])
@pytest.mark.parametrize("since", [date(2017, 1, 1), date(2019, 1, 1), date(2023, 1, 1)])
def test_figures_of_today_serve_for_both_days(inhabitants: int, since: date) -> None:
    """Nothing was known of the body at the first day; its answers differ by the law alone."""
    today = date(2026, 11, 23)
    body = commune(inhabitants, 2026)
    answers = {duty.obligation: duty.applicability for duty in scope(commune(inhabitants, since.year), since)}
    for name, found in between(since, today, body).items():
        assert found.before is answers[name], name


def test_the_figures_of_the_largest_member_commune_serve_for_both_days_too() -> None:
    """The law of the test has one rule on member communes, whose text changed in 2020."""
    rule = law().by_id["budget-rob"]
    newer = Source(LegalReference("CGCT", "article d'essai", "2020-01-01"), date(2020, 1, 1))
    whole = replace(law(), obligations=(replace(rule, sources=(*rule.sources, newer)),))
    figures = (PopulationFigures(2023, 2026, 9000, 9000, "Insee"),)
    group = Organization("Essai", OrganizationKind.EPCI, largest_member_populations=figures)
    (found,) = changes(whole, date(2019, 1, 1), date(2026, 11, 23), group)
    assert (found.before, found.after) == (APPLIES, APPLIES)
    assert found.changes == (
        Change(date(2020, 1, 1), "text", law().say("changes", "text", texte=newer.reference.label)),
    )


def test_a_threshold_said_again_by_a_newer_text_has_not_changed() -> None:
    name = "seuil-population-diffusion"
    parameter = law().parameters[name]
    again = replace(parameter.values[-1], since=date(2025, 1, 1))
    parameters = {**law().parameters, name: replace(parameter, values=(*parameter.values, again))}
    assert changes(replace(law(), parameters=parameters), date(2024, 12, 31), date(2025, 1, 2)) == changes(
        law(), date(2024, 12, 31), date(2025, 1, 2)
    )


def test_a_rule_that_ended_is_told_to_the_body_it_bound() -> None:
    rip = law().by_id["rip"]
    ended = replace(rip, parts=(replace(rip.parts[-1], until=date(2025, 12, 31)),))
    whole = replace(law(), obligations=(ended,))
    (found,) = changes(whole, date(2025, 6, 1), date(2026, 6, 1), commune(500, 2026))
    assert ([item.kind for item in found.changes], found.before, found.after) == (["ends"], APPLIES, NOT_YET)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(OrganizationKind), st.integers(0, 100_000), st.lists(DAYS, min_size=2, max_size=2).map(sorted))
def test_what_a_body_is_told_is_part_of_what_changed_and_concerns_it(
    kind: OrganizationKind, inhabitants: int, days: list[date]
) -> None:
    since, until = days
    figures = (PopulationFigures(until.year - 3, until.year, inhabitants, inhabitants, "Insee"),)
    body = Organization("Essai", kind, populations=figures, agents_etp=60)
    whole = between(since, until)
    after = {duty.obligation: duty.applicability for duty in scope(body, until)}
    for name, found in between(since, until, body).items():
        assert set(found.changes) <= set(whole[name].changes)
        assert found.before is not None and found.after is after[name]
        assert not (found.before.binds_not and found.after.binds_not)


def test_a_figure_known_for_the_earlier_year_does_not_replace_that_of_today() -> None:
    then, now = commune(3_000, 2017), commune(50_000, 2018)
    body = replace(now, populations=(*now.populations, *then.populations))
    told = between(date(2017, 11, 1), date(2018, 2, 1), body)
    assert "subventions" not in told or told["subventions"].before is told["subventions"].after


def test_a_headcount_band_of_today_serves_for_both_days() -> None:
    body = replace(commune(50_000, 2018), agents_etp=None, headcount_band=band("11", "2018"))
    told = between(date(2017, 7, 1), date(2019, 2, 1), body)
    assert all(
        item.before is not Applicability.UNKNOWN or item.after is Applicability.UNKNOWN for item in told.values()
    )
