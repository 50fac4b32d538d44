"""What is odd in GeoJSON geometries, object after object, and the hostile ones."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.inspection.spatial.geometry import crosses_itself, signed_area
from opendata_check.inspection.structure import read_json
from opendata_check.model.content import Content
from opendata_check.model.facts import SpatialFacts

SQUARE = [[0.0, 45.0], [1.0, 45.0], [1.0, 46.0], [0.0, 46.0], [0.0, 45.0]]
BOW_TIE = [[0.0, 45.0], [1.0, 46.0], [1.0, 45.0], [0.0, 46.0], [0.0, 45.0]]


def spatial(path: Path, text: str) -> SpatialFacts:
    path.write_text(text, encoding="utf-8")
    facts = read_json(Content(path, path.name, 0, path.name), "utf-8")[1]
    assert facts is not None
    return facts


def told(path: Path, *geometries: Any) -> SpatialFacts:
    features = [{"type": "Feature", "properties": {}, "geometry": geometry} for geometry in geometries]
    return spatial(path / "a.geojson", json.dumps({"type": "FeatureCollection", "features": features}))


def shape(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        (None, "null"),
        ({}, "mismatch"),
        (shape("Point", []), "empty"),
        (shape("Polygon", []), "empty"),
        (shape("Polygon", [[]]), "empty"),
        (shape("MultiPolygon", [[SQUARE], [[]]]), "too_few_points"),
        (shape("Polygon", [SQUARE[:4]]), "unclosed"),
        (shape("Polygon", [[SQUARE[0], SQUARE[1], SQUARE[0]]]), "too_few_points"),
        (shape("Polygon", [BOW_TIE]), "crossing"),
        (shape("MultiPolygon", [[SQUARE], [BOW_TIE]]), "crossing"),
        (shape("LineString", [[2.0, 48.0]]), "too_few_points"),
        (shape("Point", ["2.35", "48.85"]), "not_numbers"),
        (shape("Point", [2.35, None]), "not_numbers"),
        (shape("Point", [2.35]), "not_numbers"),
        (shape("Point", [[2.35, 48.85]]), "mismatch"),
        (shape("Polygon", SQUARE), "mismatch"),
        (shape("Cercle", [2.35, 48.85]), "mismatch"),
        (shape("Polygon", [SQUARE[::-1]]), "winding"),
        (shape("Polygon", [[*SQUARE[:2], SQUARE[1], *SQUARE[2:]]]), "repeated_points"),
        ({"type": "GeometryCollection", "geometries": [shape("Polygon", [BOW_TIE])]}, "crossing"),
    ],
)
def test_each_fault_is_told_with_its_object(tmp_path: Path, geometry: Any, fault: str) -> None:
    facts = told(tmp_path, shape("Point", [2.35, 48.85]), geometry, shape("Point", [2.36, 48.86]))
    assert (fault, 1, ((2, 2),)) in [(found.kind, found.count, found.objects) for found in facts.faults]


@pytest.mark.parametrize(
    "geometry",
    [
        shape("Point", [2.35, 48.85]),
        shape("Point", [2.35, 48.85, 35.0]),
        shape("MultiPoint", [[2.35, 48.85]]),
        shape("LineString", [[2.35, 48.85], [2.36, 48.86]]),
        shape("MultiLineString", [[[2.35, 48.85], [2.36, 48.86]], BOW_TIE, SQUARE[::-1]]),
        shape("Polygon", [SQUARE, [[0.2, 45.2], [0.2, 45.4], [0.4, 45.4], [0.2, 45.2]]]),
        shape("MultiPolygon", [[SQUARE], [SQUARE]]),
        {"type": "GeometryCollection", "geometries": [shape("Point", [2.0, 48.0]), shape("Polygon", [SQUARE])]},
        {"coordinates": [SQUARE], "type": "Polygon"},
    ],
)
def test_good_shapes_raise_no_alarm(tmp_path: Path, geometry: Any) -> None:
    assert told(tmp_path, geometry).faults == ()


def test_zeros_mixed_systems_and_roundness_are_counted(tmp_path: Path) -> None:
    positions = [[2.351234, 48.851234], [0, 0], [48.85, 2.35], [652_469.0, 6_862_035.0], [2.35, 48.85], [2.36, 48.86]]
    facts = told(tmp_path, *(shape("Point", position) for position in positions))
    assert (facts.zeros, facts.zero_rows) == (1, ((2, 2),))
    assert facts.systems == (("wgs84", 3), ("lambert93", 1), ("swapped", 1))
    assert facts.apparent_crs == "wgs84"
    assert (facts.decimals, facts.coarse) == (6, 4)


def test_one_stray_point_does_not_hide_the_system_of_the_others(tmp_path: Path) -> None:
    points = [shape("Point", [48.85 + rank / 1000, 2.35]) for rank in range(20)]
    assert told(tmp_path, *points, shape("Point", [2.35, 48.85])).apparent_crs == "swapped"


def test_numbers_too_large_for_a_float_are_read_all_the_same(tmp_path: Path) -> None:
    text = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"n": 1e400},'
    text += '"geometry": {"type": "Point", "coordinates": [2.351234, 48.851234]}}]}'
    facts = spatial(tmp_path / "a.geojson", text)
    assert (facts.feature_count, facts.apparent_crs, facts.decimals) == (1, "wgs84", 6)


def test_a_ring_of_many_positions_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with path.open("w") as file:
        file.write('{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[')
        for _ in range(15):
            file.write("[2.35,48.85],[2.36,48.86]," * 5_000)
        file.write("[2.3,48.8]]]}}")
    tracemalloc.start()
    facts = read_json(Content(path, path.name, 0, path.name), "utf-8")[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert facts is not None
    assert [fault.kind for fault in facts.faults] == ["unclosed"]
    assert peak < 12_000_000


def test_the_rings_of_a_shape_are_not_held(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    ring = "[[[0,45],[1,45],[1,46],[0,45]]],"
    path.write_text('{"type": "MultiPolygon", "coordinates": [' + ring * 40_000 + "[[[0,45],[1,45],[1,46],[0,45]]]]}")
    tracemalloc.start()
    facts = read_json(Content(path, path.name, 0, path.name), "utf-8")[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert facts is not None
    assert facts.faults == ()
    assert peak < 16_000_000


def test_nested_collections_are_read_to_the_depth_allowed(tmp_path: Path) -> None:
    nested = shape("Point", [2.35, 48.85])
    for _ in range(30):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    assert told(tmp_path, nested).faults == ()
    path = tmp_path / "deep.geojson"
    text = '{"type":"GeometryCollection","geometries":[' * 5_000 + "]}" * 5_000
    path.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","geometry":' + text + "}]}")
    structure = read_json(Content(path, path.name, 0, path.name), "utf-8")[0]
    assert not structure.well_formed


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "type", "coordinates"]), inner),
    max_leaves=12,
)


@given(st.lists(junk, max_size=4))
def test_any_coordinates_get_an_answer(tmp_path_factory: pytest.TempPathFactory, coordinates: list[Any]) -> None:
    facts = told(tmp_path_factory.getbasetemp(), shape("Polygon", coordinates), shape("Point", coordinates))
    assert facts.feature_count == 2


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=9))
def test_turning_a_ring_round_changes_its_side_and_not_its_crossings(points: list[tuple[int, int]]) -> None:
    ring = [(float(x), float(y)) for x, y in [*points, points[0]]]
    assert signed_area(ring) == -signed_area(ring[::-1])
    assert crosses_itself(ring) == crosses_itself(ring[::-1])
