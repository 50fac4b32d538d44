"""Columns of coordinates in tables: which they are, what they say, what is wrong in them; and what is none of it."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import coordinates
from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.spatial.columns import CoordinateWatch, in_france, sources_of
from opendata_check.model.facts import SpatialFacts


def watch(*columns: tuple[str, list[str]], size: int = 3) -> SpatialFacts | None:
    """Return what is told of a table whose rows begin on line 2, given by batches of ``size``."""
    labels, cells = [label for label, _ in columns], [cells for _, cells in columns]
    watching = CoordinateWatch(labels)
    for start in range(0, len(cells[0]), size):
        part = [column[start : start + size] for column in cells]
        watching.take(TableBatch.of_rows(range(start + 2, start + 2 + len(part[0])), part))
    return watching.spatial()


def told(*columns: tuple[str, list[str]], size: int = 3) -> SpatialFacts:
    facts = watch(*columns, size=size)
    assert facts is not None
    return facts


@pytest.mark.parametrize(
    ("labels", "family", "columns"),
    [
        (["nom", "latitude", "longitude"], "degrees", (2, 1)),
        (["Longitude WGS84", "Latitude WGS84"], "degrees", (0, 1)),
        (["Xlong", "Ylat"], "degrees", (0, 1)),
        (["LONG_WGS84", "LAT_WGS84"], "degrees", (0, 1)),
        (["coord_x", "coord_y"], "plane", (0, 1)),
        (["x_l93", "y_l93"], "plane", (0, 1)),
        (["XL93", "YL93"], "plane", (0, 1)),
        (["lng_depart", "lat_arrivee", "lat_depart"], "degrees", (0, 2)),
        (["geo_point_2d"], "latitude_first", (0,)),
        (["coordonneesXY"], "longitude_first", (0,)),
        (["the_geom"], "shape", (0,)),
        (["Geo Shape"], "shape", (0,)),
    ],
)
def test_labels_say_where_coordinates_are(labels: list[str], family: str, columns: tuple[int, ...]):
    (source,) = sources_of(labels)
    assert (source.family, source.columns) == (family, columns)


@pytest.mark.parametrize(
    "labels",
    [
        ["longueur", "largeur"],
        ["long_voie", "lat"],
        ["x"],
        ["latitude"],
        ["nom", "prix_max"],
        ["est_actif", "nord_sud"],
        [],
        ["axe_x", "axe_z"],
    ],
)
def test_other_labels_say_nothing(labels: list[str]):
    assert sources_of(labels) == []


def test_degrees_come_before_metres_when_a_table_has_both():
    facts = told(("x", ["652469.0"]), ("y", ["6862035.0"]), ("long", ["2.35"]), ("lat", ["48.85"]))
    assert facts.columns == ("long", "lat")


def test_rows_are_placed_counted_and_boxed():
    facts = told(("lat", ["48.85", "48.86", "", "48.87"]), ("lon", ["2.35", "2.36", "", "2.37"]))
    assert (facts.carrier, facts.feature_count, facts.apparent_crs) == ("columns", 3, "wgs84")
    assert facts.bbox == (2.35, 48.85, 2.37, 48.87)
    assert [(fault.kind, fault.objects) for fault in facts.faults] == [("null", ((4, 4),))]
    assert sum(cell.count for cell in facts.cells) == 3
    assert facts.cells[0].first == 2


def test_commas_spaces_and_metres_are_read():
    facts = told(("x_l93", ["652 469,02", "652\u202f470"]), ("y_l93", ["6862035.26", "6 862 036"]))
    assert (facts.declared_crs, facts.apparent_crs, facts.decimal_commas) == ("EPSG:2154", "lambert93", 1)
    assert facts.cells[0].longitude == pytest.approx(2.352, abs=0.02)


def test_degrees_and_minutes_are_read():
    facts = told(("lat", ["43°36'12\"N", "43° 36.2' N", "12°15’S"]), ("lon", ["3°52'37,2\"E", "1°30'W", "45° 6′ 0″ E"]))
    assert (facts.feature_count, facts.sexagesimal) == (3, 3)
    assert facts.bbox == pytest.approx((-1.5, -12.25, 45.1, 43.60333), abs=1e-4)


def test_sixty_minutes_and_more_are_unreadable():
    assert watch(("lat", ["43°75'N"]), ("lon", ["3°10'E"])) is None


@pytest.mark.parametrize(
    ("label", "cells"),
    [
        ("geo_point_2d", ["48.85, 2.35", "48.864,2.364"]),
        ("coordonneesXY", ["[2.35, 48.85]", "[2.364,48.864]"]),
        ("geom", ["POINT(2.35 48.85)", "SRID=4326;POINT Z (2.364 48.864 35)"]),
        ("geom", ['{"type": "Point", "coordinates": [2.35, 48.85]}', '{"coordinates": [[[2.364, 48.864], [2, 4]]]}']),
        ("position", ["48,85 ; 2,35", "48,864;2,364"]),
        ("coordonnees", ['{"lon": 2.35, "lat": 48.85}', '{"lat": 48.864, "lon": 2.364}']),
        ("geom", ["MULTIPOLYGON (((2.35 48.85, 2.4 48.9, 2.35 48.9, 2.35 48.85)))", "LINESTRING(2.364 48.864, 1 1)"]),
    ],
)
def test_one_column_may_hold_both(label: str, cells: list[str]):
    facts = told((label, cells))
    assert (facts.feature_count, facts.apparent_crs, facts.swapped_rows) == (2, "wgs84", ())
    assert [(cell.longitude, cell.latitude) for cell in facts.cells] == [(2.355, 48.855), (2.365, 48.865)]


def test_swapped_columns_are_seen_whole_or_in_part():
    whole = told(("lat", ["2.35", "2.36"]), ("lon", ["48.85", "48.86"]))
    assert (whole.apparent_crs, whole.swapped_rows) == ("swapped", ((2, 3),))
    part = told(("lat", ["48.85", "2.36", "48.87", "48.88"]), ("lon", ["2.35", "48.86", "2.37", "2.38"]))
    assert (part.apparent_crs, part.systems, part.swapped_rows) == ("wgs84", (("wgs84", 3), ("swapped", 1)), ((3, 3),))


def test_an_order_that_no_label_tells_is_no_fault_but_its_exceptions_are():
    facts = told(("position", ["48.85, 2.35", "48.86, 2.36", "2.37, 48.87"]))
    assert (facts.apparent_crs, facts.swapped_rows) == ("wgs84", ((4, 4),))


def test_zeros_halves_words_and_lost_points_are_told_by_line():
    facts = told(
        ("lat", ["48.85", "0", "48.86", "abc", "4885", "48.87"]), ("lon", ["2.35", "0", "", "2.36", "2.37", "2.38"])
    )
    assert (facts.zeros, facts.zero_rows) == (1, ((3, 3),))
    assert (facts.unreadable, facts.unreadable_rows) == (2, ((4, 5),))
    assert [(fault.kind, fault.objects) for fault in facts.faults] == [("out_of_range", ((6, 6),))]


def test_round_and_endless_decimals_are_counted():
    assert told(("lat", ["48.85", "48.8"]), ("lon", ["2.35", "2"])).coarse == 2
    assert told(("lat", ["48.123456789012345"]), ("lon", ["2.1"])).decimals == 15


def test_labels_that_say_degrees_over_metres():
    facts = told(("lat", ["6862035"]), ("lon", ["652469"]))
    assert (facts.declared_crs, facts.apparent_crs, facts.faults) == ("EPSG:4326", "lambert93", ())


@pytest.mark.parametrize(
    "columns",
    [
        [("x", ["1", "2", "3"]), ("y", ["4", "5", "6"])],  # a chart
        [("x", ["640", "320", "12"]), ("y", ["480", "200", "7"])],  # pixels
        [("position", ["1er", "2e", "attaquant"])],
        [("localisation", ["12 rue de la Paix", "Mairie", "3, 4 rue Basse"])],
        [("lat", ["", ""]), ("lon", ["", ""])],
        [("lat", ["n/a", "?"]), ("lon", ["n/a", "?"])],
        [("shape", ["ronde", "carrée"])],
    ],
)
def test_what_is_no_place_gives_nothing(columns: list[tuple[str, list[str]]]):
    assert watch(*columns) is None


@given(
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), min_size=1, max_size=20),
    st.sampled_from(["lat lon", "x y", "geom position", "latlon xy"]),
)
def test_any_cells_get_an_answer(cells: list[tuple[str, str]], labels: str):
    one, two = labels.split()
    watch((one, [first for first, _ in cells]), (two, [second for _, second in cells]))


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_france_is_the_same_one_point_at_a_time_and_all_at_once(longitude: float, latitude: float):
    assert in_france(np.array([longitude]), np.array([latitude]))[0] == coordinates.in_france(longitude, latitude)


@given(st.integers(1, 7))
def test_the_size_of_batches_changes_nothing(size: int):
    columns = ("lat", ["48.85", "2.3", "0", "x", "", "48.9", "4900"]), ("lon", ["2.35", "48.8", "0", "2", "", "2", "2"])
    assert told(*columns, size=size) == told(*columns, size=100)


def test_a_wide_table_of_points_costs_little_memory():
    chance = np.random.default_rng(1)
    watching = CoordinateWatch(["lat", "lon"])
    tracemalloc.start()
    for batch in range(20):
        lat, lon = (chance.uniform(low, high, 20_000).astype(str).tolist() for low, high in ((-90, 90), (-180, 180)))
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        watching.take(TableBatch.of_rows(range(batch * 20_000, (batch + 1) * 20_000), [lat, lon]))
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    facts = watching.spatial()
    assert facts is not None
    assert facts.feature_count == 400_000
    assert len(facts.cells) <= 512
    assert sum(cell.count for cell in facts.cells) + facts.unplaced == 400_000
    assert kept < 20_000_000


def test_metres_off_the_coast_follow_the_others():
    # Off Biarritz in Lambert-93: the same figures are near Paris in the web's Mercator.
    xs, ys = ["652469", "652470", "652471", "200000"], ["6862035", "6862036", "6862037", "6250000"]
    facts = told(("x_l93", xs), ("y_l93", ys))
    assert facts.systems == (("lambert93", 4),)
    assert told(("x", xs), ("y", ys)).systems == (("lambert93", 4),)
    assert facts.cells[-1].longitude == pytest.approx(-3.2, abs=0.3)
