"""Verdicts on maps and places: what is a fault, what is a question, and what is neither."""

from __future__ import annotations

from typing import Any

import pytest
from checks_building import case_of

from opendata_check.checks.loading import all_checks
from opendata_check.checks.usable.geometries_valides import where
from opendata_check.model.facts import SpatialFacts

CHECKS = {check.rule.id: check for check in all_checks()}
MONTPELLIER = {"name": "Montpellier", "kind": "commune", "insee_code": "34172", "departement_code": "34"}


def judge(check_id: str, spatial: dict[str, Any], **more: Any) -> list[tuple[str, str, int]]:
    check = CHECKS[check_id]
    spatial = {"feature_count": 40, "apparent_crs": "wgs84", **spatial}
    facts = {"file": {"name": "a", "facts": {"envelope": {"detected": "geojson"}, "spatial": spatial}}, **more}
    verdicts = list(check.decide(case_of(check.rule, facts)))
    assert all(set(verdict.values) >= fields(check.rule.messages[key(verdict)]) for verdict in verdicts)
    return [(verdict.outcome.value, key(verdict), verdict.count) for verdict in verdicts]


def key(verdict: Any) -> str:
    return str(verdict.case or verdict.outcome.value)


def fields(message: str) -> set[str]:
    from string import Formatter

    return {name for _, name, _, _ in Formatter().parse(message) if name}


def cell(longitude: float, latitude: float, count: int = 1, first: int = 1, reach: float = 0.005) -> dict[str, Any]:
    return {"longitude": longitude, "latitude": latitude, "reach": reach, "count": count, "first": first}


HOME, NEXT_TOWN, LILLE, OCEAN = (3.875, 43.605), (4.085, 43.675), (3.055, 50.635), (-20.005, 30.005)


@pytest.mark.parametrize(
    ("cells", "verdicts"),
    [
        ([cell(*HOME, 40)], [("compliant", "compliant", 1)]),
        ([cell(3.945, 43.655, 40)], [("compliant", "compliant", 1)]),  # the edge of the box, and its tolerance
        ([cell(*HOME, 38), cell(*NEXT_TOWN, 2, 39)], [("unverifiable", "outside", 2)]),
        ([cell(*HOME, 39), cell(*LILLE, 1, 40)], [("non_compliant", "far", 1)]),
        ([cell(*HOME, 20), cell(*LILLE, 20, 21)], [("unverifiable", "outside", 20)]),
        ([cell(*HOME, 2), cell(*LILLE, 38, 3)], [("unverifiable", "elsewhere", 38)]),
        ([cell(*HOME, 39), cell(*OCEAN, 1, 40)], [("non_compliant", "abroad", 1)]),
        (
            [cell(*HOME, 90), cell(*OCEAN), cell(*LILLE), cell(*NEXT_TOWN)],
            [("non_compliant", "abroad", 1), ("non_compliant", "far", 1), ("unverifiable", "outside", 1)],
        ),
        ([cell(4.4, 44.1, 40, reach=0.5)], [("compliant", "compliant", 1)]),  # a square of one degree tells little
    ],
)
def test_places_are_compared_with_the_commune(cells: list[dict[str, Any]], verdicts: list[tuple[str, str, int]]):
    assert judge("points-dans-la-commune", {"cells": cells}, organization=MONTPELLIER) == verdicts


def test_what_others_publish_is_not_compared():
    about = {"id": "a", "title": "a", "distributions": [], "about_others": True}
    assert judge("points-dans-la-commune", {"cells": [cell(*OCEAN)]}, organization=MONTPELLIER, dataset=about) == []


def test_without_a_body_only_the_sea_and_abroad_are_told():
    assert judge("points-dans-la-commune", {"cells": [cell(*HOME, 39), cell(*LILLE)]}) == []
    assert judge("points-dans-la-commune", {"cells": [cell(*HOME, 39), cell(*OCEAN)]}) == [
        ("non_compliant", "abroad", 1)
    ]
    # Nothing but places abroad is meant: twin towns, cooperation.
    assert judge("points-dans-la-commune", {"cells": [cell(13.4, 52.5, 4)]}) == [("unverifiable", "elsewhere", 4)]


def test_places_abroad_that_are_many_are_meant():
    cells = [cell(*HOME, 10), cell(13.4, 52.5, 10, 11)]
    assert judge("points-dans-la-commune", {"cells": cells}, organization=MONTPELLIER) == []


@pytest.mark.parametrize("carrier", ["shapefile", "geopackage", "gml"])
def test_a_system_that_is_announced_and_real_is_right(carrier: str):
    spatial = {
        "carrier": carrier,
        "declared_crs": "EPSG:2154",
        "apparent_crs": "lambert93",
        "systems": [["lambert93", 40]],
    }
    assert judge("coordonnees-wgs84", spatial) == [("compliant", "declared", 1)]
    spatial["apparent_crs"] = "wgs84"
    assert judge("coordonnees-wgs84", spatial) == [("non_compliant", "differs", 1)]


def test_when_no_system_prevails_the_announced_one_is_the_measure():
    spatial = {
        "carrier": "geopackage",
        "declared_crs": "EPSG:2154",
        "apparent_crs": "",
        "systems": [["lambert93", 1], ["wgs84", 1]],
    }
    assert judge("coordonnees-wgs84", spatial) == [("non_compliant", "mixed", 1)]


def test_an_unknown_system_is_believed():
    spatial = {"carrier": "shapefile", "declared_crs": "EPSG:31370", "apparent_crs": "lambert2"}
    assert judge("coordonnees-wgs84", spatial) == [("compliant", "declared", 1)]


def test_undecided_figures_accuse_nobody():
    spatial = {"carrier": "shapefile", "declared_crs": "EPSG:2154", "apparent_crs": "", "systems": [["", 40]]}
    assert judge("coordonnees-wgs84", spatial) == [("compliant", "declared", 1)]
    assert judge("coordonnees-wgs84", {"systems": [["wgs84", 38], ["", 2]]}) == [("compliant", "compliant", 1)]


def test_columns_of_lambert_are_lawful_when_their_labels_say_so():
    spatial = {
        "carrier": "columns",
        "columns": ["x_l93", "y_l93"],
        "declared_crs": "EPSG:2154",
        "apparent_crs": "lambert93",
    }
    assert judge("coordonnees-wgs84", spatial) == []
    assert judge("coordonnees-wgs84", {**spatial, "declared_crs": ""}) == []
    assert judge("coordonnees-wgs84", {**spatial, "apparent_crs": "wgs84"}) == [("non_compliant", "differs_columns", 1)]


@pytest.mark.parametrize(
    "check_id", ["geometries-valides", "coordonnees-lisibles", "coordonnees-wgs84", "points-dans-la-commune"]
)
def test_a_map_without_object_is_not_judged(check_id: str):
    assert judge(check_id, {"feature_count": 0}) == []


def test_objects_and_rows_are_named_by_what_they_are():
    assert where(SpatialFacts(carrier="geojson"), ((3, 3),)) == " (objet n° 3)"
    assert where(SpatialFacts(carrier="kml"), ((3, 4), (9, 9))) == " (objets n° 3 à 4 et 9)"
    assert where(SpatialFacts(carrier="columns"), ((3, 3), (9, 9))) == " (lignes 3 et 9)"
    assert where(SpatialFacts(), ()) == ""
