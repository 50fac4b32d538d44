"""The nine criteria of data.gouv.fr, against what the portal itself recorded of every dataset, and at their edges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.peer_score import Mark
from opendata_check.peer_scores import peer_rules
from opendata_check.peer_scores.udata import assess
from opendata_check.sources.reading.udata.record import dataset_of

RULE = next(rule for rule in peer_rules() if rule.id == "data-gouv")
RECORDED_ON = {"client-dataset_metadata.json": date(2025, 4, 7)}
"""When each answer was recorded: the one of data.gouv.fr itself bears its last update, the others are of this month."""
LIVE = date(2026, 11, 23)
ON = date(2026, 11, 26)
DEFERRED = ("update_fulfilled_in_time",)
ABSENT_IS_FALSE = ("has_open_format", "all_resources_available", "resources_documentation", *DEFERRED)


def _records(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("quality"), dict) and "frequency" in value:
            yield value
        for inner in value.values():
            yield from _records(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _records(inner)


def _recordings(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((shared / "portals" / "udata").glob("*.json")):
        for record in _records(json.loads(path.read_text(encoding="utf-8"))):
            yield path.name, record


def _marks(dataset: Dataset, on: date = ON) -> dict[str, Mark]:
    files = tuple(InspectedFile(one, one.title) for one in dataset.distributions)
    return {found.criterion: found.mark for found in assess(InspectedDataset(dataset, files), RULE, on).marks}


def _expected(quality: Mapping[str, Any]) -> dict[str, Mark]:
    """Return what the portal says of each criterion; a key it leaves out is a point it does not give."""
    known = {name: quality.get(name, False) if name in ABSENT_IS_FALSE else quality[name] for name in _criteria()}
    return {name: Mark.MET if value else Mark.NOT_MET for name, value in known.items()}


def _criteria() -> list[str]:
    return [criterion.id for criterion in RULE.criteria]


EXPLAINED = {
    ("client-dataset_metadata.json", "resources_documentation"): (
        "udata keeps this block since the last save of the whole dataset (quality_cached); the record shown holds a "
        "resource of type « documentation », for which every version of compute_quality gives the point"
    ),
}
"""Where the portal's own answer is not what its rule says of the record beside it, and why."""


def test_every_recorded_dataset_gets_the_marks_and_the_score_the_portal_gave_it(shared: Path) -> None:
    recordings = list(_recordings(shared))
    whole = {record["id"]: record["resources"] for _, record in recordings if isinstance(record["resources"], list)}
    unequal = set()
    for name, record in recordings:
        if not isinstance(record["resources"], list):  # API v2 counts them; the same record was recorded whole by v1
            record = {**record, "resources": whole[record["id"]]}
        dataset, on = dataset_of(record), RECORDED_ON.get(name, LIVE)
        found, expected = _marks(dataset, on), _expected(record["quality"])
        differing = {(name, criterion) for criterion in _criteria() if found[criterion] != expected[criterion]}
        unequal |= differing
        if not differing:
            assert _points(dataset, on) / 9 == pytest.approx(record["quality"]["score"]), (name, record["title"])
            assert dict(dataset.declared_quality)["score"] == pytest.approx(record["quality"]["score"])
    assert unequal == set(EXPLAINED)
    assert len(recordings) == 16


def _points(dataset: Dataset, on: date = ON) -> float:
    files = tuple(InspectedFile(one, one.title) for one in dataset.distributions)
    found = assess(InspectedDataset(dataset, files), RULE, on)
    assert found.low == found.high, "nothing is unknown in a record of the portal"
    return found.low


# ---- the rule's edges


GOOD = Dataset(
    id="5f",
    title="Arbres",
    distributions=(
        Distribution("a", "Arbres", url="https://data.exemple.fr/a.csv", declared_format="csv", description="x"),
    ),
    description="d" * 101,
    license="lov2",
    frequency="annual",
    modified=date(2026, 1, 1),
    spatial="fr:commune:54395",
    temporal="2025-01-01/2025-12-31",
)


def _with(**changes: Any) -> dict[str, Mark]:
    return _marks(replace(GOOD, **changes))


def _file(**changes: Any) -> tuple[Distribution, ...]:
    return (replace(GOOD.distributions[0], **changes),)


def test_a_whole_record_has_nine_points() -> None:
    assert set(_marks(GOOD).values()) == {Mark.MET}
    assert _points(GOOD) == 9


def test_a_description_needs_more_than_a_hundred_characters() -> None:
    assert _with(description="d" * 100)["dataset_description_quality"] is Mark.NOT_MET


@pytest.mark.parametrize("declared", ["pdf", "doc", "docx", "word", "xls", "excel", "xlsx", "XLSX", ""])
def test_a_closed_or_missing_format_is_no_open_format(declared: str) -> None:
    assert _with(distributions=_file(declared_format=declared))["has_open_format"] is Mark.NOT_MET


@pytest.mark.parametrize("declared", ["csv", "ods", "www", "document"])
def test_any_other_format_counts_as_open(declared: str) -> None:
    assert _with(distributions=_file(declared_format=declared))["has_open_format"] is Mark.MET


def test_one_open_file_is_enough_and_one_broken_link_is_too_much() -> None:
    files = (*_file(declared_format="pdf"), replace(GOOD.distributions[0], id="b", available=False))
    marks = _with(distributions=files)
    assert marks["has_open_format"] is Mark.MET
    assert marks["all_resources_available"] is Mark.NOT_MET


def test_a_file_the_portal_hosts_is_never_a_broken_link() -> None:
    hosted = _file(url="https://static.data.gouv.fr/resources/a/a.csv", available=False)
    assert _with(distributions=hosted)["all_resources_available"] is Mark.MET


def test_a_record_without_files_loses_three_points() -> None:
    assert _points(replace(GOOD, distributions=())) == 6


def test_documentation_is_a_notice_or_one_described_file() -> None:
    assert _with(distributions=_file(description=""))["resources_documentation"] is Mark.NOT_MET
    assert _with(distributions=_file(description="", role="documentation"))["resources_documentation"] is Mark.MET


@pytest.mark.parametrize(
    ("days", "expected"),
    [(364, Mark.MET), (365, Mark.MET), (366, Mark.UNVERIFIABLE), (367, Mark.NOT_MET), (900, Mark.NOT_MET)],
)
def test_an_update_may_be_one_day_late_and_the_hour_decides_on_that_day(days: int, expected: Mark) -> None:
    assert _with(modified=ON - timedelta(days=days))["update_fulfilled_in_time"] is expected


@pytest.mark.parametrize(
    "frequency", ["punctual", "irregular", "never", "notPlanned", "other", "continuous", "realtime"]
)
def test_a_frequency_without_delay_is_always_in_time(frequency: str) -> None:
    marks = _with(frequency=frequency, modified=date(2001, 1, 1))
    assert marks["update_frequency"] is marks["update_fulfilled_in_time"] is Mark.MET


@pytest.mark.parametrize("frequency", ["", "unknown", "quand on peut"])
def test_without_a_frequency_two_points_are_lost(frequency: str) -> None:
    marks = _with(frequency=frequency)
    assert marks["update_frequency"] is marks["update_fulfilled_in_time"] is Mark.NOT_MET


def test_twice_a_year_has_a_year_as_udata_writes_it() -> None:
    assert _with(frequency="semiannual", modified=ON - timedelta(days=364))["update_fulfilled_in_time"] is Mark.MET
    assert _with(frequency="biannual", modified=ON - timedelta(days=364))["update_fulfilled_in_time"] is Mark.MET


def test_without_a_date_of_its_own_a_record_counts_from_its_newest_file() -> None:
    files = _file(modified=ON - timedelta(days=30))
    assert _with(modified=None, distributions=files)["update_fulfilled_in_time"] is Mark.MET
    assert _with(modified=None)["update_fulfilled_in_time"] is Mark.UNVERIFIABLE
    assert _with(modified=ON - timedelta(days=900), distributions=files)["update_fulfilled_in_time"] is Mark.NOT_MET
