"""What many bodies say together: medians by period, who moves, who has gone silent, and who is not judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from store_samples import mark, summary

from opendata_check import store
from opendata_check.model.history import Trend

Told = tuple[str, date, dict[str, Any]]


@pytest.fixture
def trend_of(tmp_path: Path) -> Callable[..., Trend]:
    """Return a function that keeps audits, then gives their trend."""

    def found(*audits: Told, step: str = "month", **places: str) -> Trend:
        with store.opened(tmp_path / "audits.db", write=True) as opened:
            for body, day, more in audits:
                opened.add(summary(body=body, name=body.title(), on=day, **more), [mark(1)])
            return opened.trend(step, **places)

    return found


SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 5), date(2026, 10, 5), date(2026, 11, 5)


def test_an_empty_store_has_no_trend(trend_of: Callable[..., Trend]) -> None:
    found = trend_of()
    assert (found.bodies, found.audits, found.periods, found.silent) == (0, 0, (), ())


def test_medians_count_each_body_once_by_its_last_audit_of_the_period(trend_of: Callable[..., Trend]) -> None:
    found = trend_of(
        ("a", date(2026, 9, 1), {"overall": 99.0}),
        ("a", date(2026, 9, 20), {"overall": 10.0}),
        ("b", SEPTEMBER, {"overall": 20.0}),
        ("c", SEPTEMBER, {"overall": 60.5}),
        ("d", SEPTEMBER, {"overall": None}),
    )
    (september,) = found.periods
    assert (september.name, september.bodies) == ("2026-09", 4)
    assert (september.overall.value, september.overall.bodies) == (20.0, 3)
    assert dict(september.axes)["reusable"].value is None
    assert dict(september.axes)["published"].value == 60.0
    assert (found.bodies, found.audits) == (4, 5)


def test_rise_and_fall_start_at_one_point(trend_of: Callable[..., Trend]) -> None:
    scores = {"a": (50.0, 51.0), "b": (50.0, 49.0), "c": (50.0, 50.9), "d": (None, 80.0), "e": (50.0, None)}
    found = trend_of(
        *((body, SEPTEMBER, {"overall": before}) for body, (before, _) in scores.items()),
        *((body, NOVEMBER, {"overall": after}) for body, (_, after) in scores.items()),
    )
    first, last = found.periods
    assert (first.rising, first.falling, first.steady) == (0, 0, 0)
    assert (last.rising, last.falling, last.steady) == (1, 1, 1)


@pytest.mark.parametrize(("step", "names"), [("day", ["2026-09-05", "2026-10-05"]), ("year", ["2026"])])
def test_periods_are_days_or_years_too(trend_of: Callable[..., Trend], step: str, names: list[str]) -> None:
    found = trend_of(("a", SEPTEMBER, {}), ("a", OCTOBER, {}), step=step)
    assert [period.name for period in found.periods] == names


def test_places_choose_the_bodies(trend_of: Callable[..., Trend]) -> None:
    audits = (
        ("a", SEPTEMBER, {"departement_code": "54", "epci_siren": "1"}),
        ("b", SEPTEMBER, {"departement_code": "57", "departement_name": "Moselle", "epci_siren": "1"}),
    )
    assert trend_of(*audits).bodies == 2
    assert trend_of(departement="54").bodies == 1
    assert trend_of(departement="moselle").bodies == 1
    assert trend_of(epci="1").bodies == 2
    assert trend_of(epci="1", departement="75").bodies == 0
    assert trend_of(departement="54' OR '1'='1").bodies == 0


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({"datasets": 5}, {"datasets": 0, "newest": None}, "vanished"),
        ({"datasets": 6}, {"datasets": 3}, "fewer"),
        ({"datasets": 6}, {"datasets": 4}, None),
        ({"datasets": 1}, {"datasets": 1}, None),
        ({"datasets": 0}, {"datasets": 0}, None),
        ({"newest": date(2025, 10, 1)}, {"newest": date(2025, 10, 1)}, "aged"),
        ({"newest": date(2025, 10, 1)}, {"newest": date(2026, 10, 1)}, None),
        ({"newest": date(2020, 1, 1)}, {"newest": date(2020, 1, 1)}, None),
        ({"newest": None}, {"newest": None}, None),
        ({"newest": date(2030, 1, 1)}, {"newest": date(2030, 1, 1)}, None),
    ],
)
def test_who_has_gone_silent(
    trend_of: Callable[..., Trend], before: dict[str, Any], after: dict[str, Any], reason: str | None
) -> None:
    found = trend_of(("a", SEPTEMBER, before), ("a", NOVEMBER, after))
    assert [one.reason for one in found.silent] == ([reason] if reason else [])


def test_a_partial_audit_says_nobody_is_silent(trend_of: Callable[..., Trend]) -> None:
    found = trend_of(("a", SEPTEMBER, {"datasets": 5}), ("a", NOVEMBER, {"datasets": 0, "partial": True}))
    assert (found.silent, found.unsure) == ((), 1)


def test_silence_is_judged_by_dates_not_by_arrival(trend_of: Callable[..., Trend]) -> None:
    found = trend_of(("a", NOVEMBER, {"datasets": 5}), ("a", SEPTEMBER, {"datasets": 0}))
    assert found.silent == ()


def test_the_silent_are_named_by_reason_then_by_name_never_ranked(trend_of: Callable[..., Trend]) -> None:
    found = trend_of(
        *((body, SEPTEMBER, {"datasets": most}) for body, most in (("c", 9), ("a", 2), ("b", 50), ("z", 8))),
        *((body, NOVEMBER, {"datasets": 0}) for body in "cab"),
        ("z", NOVEMBER, {"datasets": 1}),
    )
    assert [(one.name, one.reason) for one in found.silent] == [
        ("A", "vanished"), ("B", "vanished"), ("C", "vanished"), ("Z", "fewer"),
    ]  # fmt: skip
