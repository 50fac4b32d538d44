"""Tells which coordinate system figures betray, for one point or for the box of a whole file."""

from __future__ import annotations

import math

from opendata_check.coordinates import System, in_france, in_metropole
from opendata_check.inspection.spatial.projections import TO_DEGREES, lambert93_to_wgs84, mercator_to_wgs84

BBox = tuple[float, float, float, float]
"""Min x, min y, max x, max y, in the file's own units."""

_MERCATOR_EDGE = 20_037_508.4
# Where each UTM zone of France overseas has land, in metres: west, south, east, north. In Guyane, ordinates under
# 400 km are also those of the old Lambert zones: left undecided.
_UTM = (
    ("utm40s", (300_000.0, 7_600_000.0, 400_000.0, 7_760_000.0)),
    ("utm38s", (480_000.0, 8_540_000.0, 570_000.0, 8_640_000.0)),
    ("utm22n", (60_000.0, 400_000.0, 520_000.0, 680_000.0)),
    ("utm21n", (520_000.0, 5_160_000.0, 590_000.0, 5_250_000.0)),
)
_ANTILLES = (470_000.0, 1_570_000.0, 780_000.0, 2_030_000.0)


def apparent_crs(bbox: BBox | None) -> str:
    """Return the coordinate system that a box of coordinates betrays.

    ``wgs84``, ``swapped`` (latitude first), a metric system of rules/coordinates.yaml, or "" when undecided.
    """
    if bbox is None or not all(math.isfinite(value) for value in bbox):
        return ""
    west, south, east, north = bbox
    if west > east or south > north:
        return ""
    if _swapped(west, south, east, north):
        return "swapped"
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        # Nothing but the point (0, 0) is a missing value, not a place.
        return "" if not any(bbox) else "wgs84"
    return _metric(bbox)


def system_at(x: float, y: float, declared: System | None = None) -> str:
    """Return the system one point betrays, "" when undecided; the declared one whenever it puts the point in France.

    Degrees out of France whose swap falls in France are ``swapped``.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        return ""
    if abs(x) <= 360 and abs(y) <= 360:
        return _system_of_degrees(x, y)
    if declared is not None and not declared.degrees and in_france(*TO_DEGREES[declared.id](x, y)):
        return declared.id
    return _metric((x, y, x, y))


def _system_of_degrees(x: float, y: float) -> str:
    on_earth = abs(x) <= 180 and abs(y) <= 90
    if on_earth and in_france(x, y):
        return "wgs84"
    if abs(y) <= 180 and abs(x) <= 90 and (in_france(y, x) or _swapped(x, y, x, y)):
        return "swapped"
    return "wgs84" if on_earth else ""


def _swapped(west: float, south: float, east: float, north: float) -> bool:
    """Return whether a box would lie around France once turned, and lies off Somalia as it is."""
    return west >= 41 and east <= 51.5 and south >= -5.5 and north <= 10


def _metric(bbox: BBox) -> str:
    """Return the metric system that puts the middle of the box in France, Lambert-93 first.

    Lambert-93 and the web's Mercator share ordinates: trying both on a map tells them apart. Outside the outline,
    only the zones' own figures decide.
    """
    west, south, east, north = bbox
    centre = ((west + east) / 2, (south + north) / 2)
    lambert = west >= -4e5 and east <= 1.4e6 and south >= 5.9e6 and north <= 7.3e6
    if lambert and in_metropole(*lambert93_to_wgs84(*centre)):
        return "lambert93"
    if west >= 1.1e6 and east <= 2.3e6 and _in_conic_zone(south, north):
        return "lambert-cc"
    if max(map(abs, bbox)) <= _MERCATOR_EDGE and in_france(*mercator_to_wgs84(*centre)):
        return "web-mercator"
    for system, place in _UTM:
        if _within(bbox, place):
            return system
    old = west >= 0 and east <= 1.3e6 and south >= 1.5e6 and north <= 2.8e6
    old = old and in_metropole(*TO_DEGREES["lambert2"](*centre))
    antilles = _within(bbox, _ANTILLES) and in_france(*TO_DEGREES["utm20n"](*centre))
    if old or antilles:
        # Both: Guadeloupe in UTM and Languedoc in the old Lambert share their figures.
        return "" if old and antilles else "lambert2" if old else "utm20n"
    return "lambert93" if west >= 0 and east <= 1.3e6 and south >= 6.0e6 and north <= 7.2e6 else ""


def _within(bbox: BBox, place: BBox) -> bool:
    return bbox[0] >= place[0] and bbox[1] >= place[1] and bbox[2] <= place[2] and bbox[3] <= place[3]


def _in_conic_zone(south: float, north: float) -> bool:
    """Return True when both ordinates fall in one zone of RGF93 CC42 to CC50.

    Zone n is centred on latitude n, where the ordinate is (n - 41) million plus 200 000 metres (decree 2006-272).
    """
    zone = round((south - 200_000) / 1e6)
    centre = zone * 1e6 + 200_000
    return 1 <= zone <= 9 and abs(south - centre) <= 150_000 and abs(north - centre) <= 150_000
