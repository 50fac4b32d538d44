"""Metres turned into degrees: against IGN's published examples, and against projections written the other way."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.inspection.spatial import projections
from opendata_check.inspection.spatial.apparent import system_at
from opendata_check.inspection.spatial.projections import Cone

AXIS, E2 = 6_378_137.0, 0.0066943800229
E = math.sqrt(E2)


def test_the_cone_of_ign_s_algorithm_0004_gives_its_published_point():
    # IGN, NTG 71, ALG0004, test: Lambert I, result in radians east of Greenwich and north.
    cone = Cone(0.760405966, 11_603_796.9767, 600_000.0, 5_657_616.674, math.degrees(0.04079234433), 0.08248325676)
    longitude, latitude = cone.degrees(1_029_705.083, 272_723.849)
    assert math.radians(longitude) == pytest.approx(0.14551209925, abs=1e-10)
    assert math.radians(latitude) == pytest.approx(0.87266462567, abs=1e-10)


def test_the_parallels_of_lambert93_give_its_published_constants():
    # IGN, NTG 71: n = 0.7256077650, c = 11 754 255.426 m, Ys = 12 655 612.050 m.
    cone = projections.secant_cone((44, 49), (3, 46.5), (700_000.0, 6_600_000.0))
    assert cone.exponent == pytest.approx(0.7256077650, abs=1e-10)
    assert cone.constant == pytest.approx(11_754_255.426, abs=1e-3)
    assert cone.pole_y == pytest.approx(12_655_612.050, abs=1e-3)


@pytest.mark.parametrize("zone", range(42, 51))
def test_a_conic_zone_has_its_origin_where_the_decree_puts_it(zone: int):
    # Décret 2006-272: 1 700 000 m at 3° east, (zone - 41) million and 200 000 m at the zone's latitude.
    assert projections.conic_to_wgs84(1_700_000.0, (zone - 41) * 1e6 + 200_000.0) == pytest.approx(
        (3.0, zone), abs=1e-9
    )


def isometric(latitude: float) -> float:
    return math.log(
        math.tan(math.pi / 4 + latitude / 2) * ((1 - E * math.sin(latitude)) / (1 + E * math.sin(latitude))) ** (E / 2)
    )


def forward(cone: Cone, longitude: float, latitude: float) -> tuple[float, float]:
    """IGN's ALG0003, the other way."""
    radius = cone.constant * math.exp(-cone.exponent * isometric(math.radians(latitude)))
    angle = cone.exponent * math.radians(longitude - cone.meridian)
    return cone.pole_x + radius * math.sin(angle), cone.pole_y - radius * math.cos(angle)


@given(st.floats(-5, 10), st.floats(41, 51.5))
def test_lambert93_there_and_back(longitude: float, latitude: float):
    there = forward(projections.LAMBERT93, longitude, latitude)
    assert projections.lambert93_to_wgs84(*there) == pytest.approx((longitude, latitude), abs=1e-9)


@given(st.floats(-5, 10), st.integers(42, 50), st.floats(-0.9, 0.9))
def test_a_conic_zone_there_and_back(longitude: float, zone: int, offset: float):
    there = forward(projections.conic_zone(zone), longitude, zone + offset)
    assert projections.conic_zone(zone).degrees(*there) == pytest.approx((longitude, zone + offset), abs=1e-9)


def utm(zone: int, longitude: float, latitude: float, *, south: bool) -> tuple[float, float]:
    """Snyder, « Map projections: a working manual » (1987), equations 8-9 to 8-13: another method than ours."""
    e4, e6, prime = E2**2, E2**3, E2 / (1 - E2)
    phi, k0 = math.radians(latitude), 0.9996
    n = AXIS / math.sqrt(1 - E2 * math.sin(phi) ** 2)
    t, c = math.tan(phi) ** 2, prime * math.cos(phi) ** 2
    a = math.cos(phi) * math.radians(longitude - (6 * zone - 183))
    m = AXIS * (
        (1 - E2 / 4 - 3 * e4 / 64 - 5 * e6 / 256) * phi
        - (3 * E2 / 8 + 3 * e4 / 32 + 45 * e6 / 1024) * math.sin(2 * phi)
        + (15 * e4 / 256 + 45 * e6 / 1024) * math.sin(4 * phi)
        - 35 * e6 / 3072 * math.sin(6 * phi)
    )
    x = k0 * n * (a + (1 - t + c) * a**3 / 6 + (5 - 18 * t + t**2 + 72 * c - 58 * prime) * a**5 / 120)
    y = k0 * (
        m
        + n * math.tan(phi) * (a**2 / 2 + (5 - t + 9 * c + 4 * c**2) * a**4 / 24
                               + (61 - 58 * t + t**2 + 600 * c - 330 * prime) * a**6 / 720)
    )  # fmt: skip
    return x + 500_000, y + (10_000_000 if south else 0)


@pytest.mark.parametrize(
    ("system", "zone", "south", "places"),
    [
        ("utm20n", 20, False, [(-61.6, 16.25), (-61.0, 14.6), (-63.1, 18.07)]),
        ("utm22n", 22, False, [(-52.33, 4.94), (-54.03, 5.5), (-51.8, 3.9)]),
        ("utm40s", 40, True, [(55.45, -20.88), (55.29, -21.1), (55.8, -21.35)]),
        ("utm38s", 38, True, [(45.23, -12.78), (45.1, -12.9)]),
    ],
)
def test_utm_overseas_against_another_method(system: str, zone: int, south: bool, places: list[tuple[float, float]]):
    for longitude, latitude in places:
        there = utm(zone, longitude, latitude, south=south)
        assert projections.TO_DEGREES[system](*there) == pytest.approx((longitude, latitude), abs=2e-7)


def test_the_old_lambert_has_its_origin_on_the_paris_meridian():
    # IGN: 600 000 m, 2 200 000 m at 52 grades (46.8°) north on the Paris meridian, on Clarke's ellipsoid.
    assert projections.LAMBERT2.degrees(600_000.0, 2_200_000.0) == pytest.approx((2.3372291667, 46.8), abs=1e-7)
    # From NTF to RGF93, points move by some tens of metres: west and, at that latitude, hardly north.
    longitude, latitude = projections.lambert2_to_wgs84(600_000.0, 2_200_000.0)
    assert longitude == pytest.approx(2.3365, abs=2e-4)
    assert latitude == pytest.approx(46.8, abs=2e-4)


@given(st.floats(allow_nan=True), st.floats(allow_nan=True))
def test_any_point_gets_a_system_or_none_and_any_system_an_answer(x: float, y: float):
    system = system_at(x, y)
    if system:
        assert all(math.isfinite(part) for part in projections.TO_DEGREES[system](x, y))


@pytest.mark.parametrize(
    ("point", "system"),
    [
        ((2.35, 48.85), "wgs84"),
        ((48.85, 2.35), "swapped"),
        ((55.5, -21.1), "wgs84"),
        ((-21.1, 55.5), "swapped"),
        ((45.2, -12.8), "wgs84"),  # Mayotte: both figures could be latitudes
        ((-12.8, 45.2), "swapped"),
        ((5.7, 45.2), "wgs84"),
        ((45.2, 5.7), "swapped"),
        ((12.5, 41.9), "wgs84"),  # Rome
        ((250.0, 300.0), ""),
        ((652_469.0, 6_862_035.0), "lambert93"),
        ((float("inf"), 0.0), ""),
    ],
)
def test_one_point_betrays_its_system(point: tuple[float, float], system: str):
    assert system_at(*point) == system
