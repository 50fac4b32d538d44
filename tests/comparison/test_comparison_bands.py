"""Bands by stratum, what the best have, where a body stands: small groups say nothing, partial audits do not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from opendata_check.comparison import compared
from opendata_check.comparison.settings import settings
from opendata_check.comparison.standing import spread, standing
from opendata_check.matching.families import families
from opendata_check.model.compared import Compared, Place, Standing, Stratum
from opendata_check.model.finding import Axis
from opendata_check.model.lot import Lot, LotEntry, LotResult, LotState
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary

ON = date(2026, 11, 26)


def body(number: int, score: float | None, population: int = 500, kind: str = "commune", *owned: str) -> LotResult:
    axes = (AxisScore(Axis.PUBLISHED, score, 1.0, 1, 1, 0),)
    summary = AuditSummary(
        body=f"insee:{number:05}", name=f"Commune {number}", kind=kind, target="", on=ON, tool_version="1",
        population=population, overall=score, axes=axes, datasets=len(owned), families=owned, bound="exempt",
    )  # fmt: skip
    return LotResult(LotEntry(number, summary.name, f"{number:05}"), LotState.DONE, summary)


def together(*results: LotResult) -> Compared:
    return compared(Lot("", ON, "1", results))


def stratum(found: Compared, name: str) -> Stratum:
    return next(one for one in found.strata if one.id == name)


def place(found: Compared, number: int) -> Place:
    return next(one for one in found.places if one.key == f"{number:05}")


def test_quartiles_are_those_of_the_usual_interpolation() -> None:
    found = spread([10, 20, 30, 40, 50], 5)
    assert found is not None
    assert (found.first, found.median, found.third, found.count) == (20, 30, 40, 5)
    found = spread([1, 2, 3, 4, 5, 6], 5)
    assert found is not None
    assert (found.first, found.median, found.third) == (2.25, 3.5, 4.75)


def test_no_band_under_five_bodies() -> None:
    four = together(*(body(n, 10.0 * n) for n in range(4)))
    assert [one.overall for one in four.strata] == [None, None]
    assert {one.stratum for one in four.places} == {""}
    assert all(one.practices == () and one.axes == () for one in four.strata)
    five = together(*(body(n, 10.0 * n) for n in range(5)))
    assert stratum(five, "commune-0").overall is not None


def test_an_axis_that_few_could_verify_has_no_band() -> None:
    blind = [
        replace(one, summary=replace(one.summary, axes=(AxisScore(Axis.USABLE, None, 0.0, 0, 0, 1),)))
        for one in (body(n, 50.0) for n in range(9))
        if one.summary
    ]
    found = stratum(together(*blind), "commune-0")
    assert found.overall is not None
    assert found.axes == ()


def test_on_the_edge_of_the_band_a_body_is_like_most() -> None:
    band = spread([10, 20, 30, 40, 50], 5)
    assert band is not None
    assert [standing(value, band) for value in (19, 20, 40, 41)] == [
        Standing.BELOW, Standing.AMONG, Standing.AMONG, Standing.ABOVE,
    ]  # fmt: skip


def test_when_all_are_equal_each_is_like_most() -> None:
    found = together(*(body(n, 50.0) for n in range(8)))
    assert {one.overall for one in found.places} == {Standing.AMONG}


@pytest.mark.parametrize(
    ("population", "name"),
    [(0, "commune-0"), (999, "commune-0"), (1000, "commune-1000"), (3499, "commune-1000"), (3500, "commune-3500"),
     (10_000, "commune-10000"), (2_100_000, "commune-100000")],
)  # fmt: skip
def test_communes_go_by_size(population: int, name: str) -> None:
    assert together(body(1, 50.0, population)).strata[0].id == name


def test_a_small_stratum_falls_back_on_all_the_communes() -> None:
    found = together(*(body(n, 10.0 * n, 500) for n in range(6)), body(7, 95.0, 6000))
    assert place(found, 7).stratum == "commune"
    assert place(found, 7).overall is Standing.ABOVE
    assert place(found, 1).stratum == "commune-0"


def test_other_kinds_are_never_compared_with_communes() -> None:
    found = together(*(body(n, 50.0) for n in range(6)), body(7, 95.0, 60_000, "epci"))
    assert stratum(found, "epci").overall is None
    assert place(found, 7).stratum == ""


def test_what_was_not_wholly_audited_is_not_compared() -> None:
    one = body(9, 90.0)
    assert one.summary is not None
    others = [body(n, 50.0) for n in range(5)]
    partly = replace(one, state=LotState.PARTIAL)
    unseen = replace(one, summary=replace(one.summary, partial=True))
    blank = body(9, None)
    for odd in (partly, unseen, blank):
        found = together(*others, odd)
        assert found.left_out == 1
        assert stratum(found, "commune-0").count == 5


def test_order_of_the_list_changes_no_band() -> None:
    results = [body(n, float(n * 7 % 100), 500, "commune", *(["budget"] if n % 2 else [])) for n in range(20)]
    one, other = together(*results), together(*reversed(results))
    assert one.strata == other.strata
    assert set(one.places) == set(other.places)


def test_lacks_are_what_most_of_the_best_have() -> None:
    best = [body(n, 90.0, 500, "commune", "budget", "subventions") for n in range(2)]
    rest = [body(n, 10.0, 500, "commune", *(["budget"] if n == 2 else [])) for n in range(2, 8)]
    found = together(*best, *rest)
    assert stratum(found, "commune-0").best == 2
    assert [one.family for one in place(found, 2).lacks] == ["subventions"]
    assert {one.family for one in place(found, 3).lacks} == {"budget", "subventions"}
    assert place(found, 0).lacks == ()
    budget = next(one for one in place(found, 3).lacks if one.family == "budget")
    assert (budget.best, budget.everyone) == (2, 3)
    assert budget.holder and budget.title


def test_what_a_single_one_of_the_best_has_is_not_told() -> None:
    best = [body(0, 90.0, 500, "commune", "budget"), body(1, 90.0, 500, "commune")]
    found = together(*best, *(body(n, 10.0) for n in range(2, 8)))
    assert stratum(found, "commune-0").practices == ()


def test_what_the_state_opens_for_all_or_security_guards_is_never_a_lack() -> None:
    everything = tuple(sorted(one.id for one in families()))
    found = together(
        *(body(n, 90.0, 500, "commune", *everything) for n in range(3)), *(body(n, 1.0) for n in range(3, 9))
    )
    told = {one.family for one in place(found, 5).lacks}
    assert told
    assert not told & {one.id for one in families() if one.guarded or one.national}


def test_common_families_come_first() -> None:
    everything = tuple(sorted(one.id for one in families()))
    found = together(
        *(body(n, 90.0, 500, "commune", *everything) for n in range(3)), *(body(n, 1.0) for n in range(3, 9))
    )
    common = [one.common for one in place(found, 5).lacks]
    assert common == sorted(common, reverse=True)
    assert any(common) and not all(common)


def test_nobody_gives_an_empty_comparison() -> None:
    found = together()
    assert (found.strata, found.places, found.changes, found.counts.lines) == ((), (), (), 0)


def test_settings_are_those_of_the_rules() -> None:
    assert settings().fewest == 5
    assert settings().strata[0] == 0


def test_one_faultless_file_makes_no_model() -> None:
    alone = [body(n, 100.0, 500, "commune", "budget") for n in range(3)]
    wide = [body(n, 70.0, 500, "commune", "subventions", "budget", "deliberations") for n in range(3, 5)]
    found = together(*alone, *wide, *(body(n, 5.0) for n in range(5, 8)))
    assert {one.family for one in place(found, 0).lacks} == {"subventions", "deliberations"}
    assert place(found, 3).lacks == ()


def test_where_nobody_publishes_nobody_is_a_model() -> None:
    found = together(*(body(n, 50.0) for n in range(8)))
    assert (stratum(found, "commune-0").best, stratum(found, "commune-0").practices) == (0, ())
