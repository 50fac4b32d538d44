"""Turns the metric coordinates in use in France into degrees, with the constants IGN publishes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

Projected = Callable[[float, float], tuple[float, float]]
"""From abscissa and ordinate in metres to (longitude, latitude) in degrees (WGS 84)."""

# Ellipsoids: semi-major axis (metres) and first eccentricity. RGF93 and WGS 84 use GRS 80 (to a tenth of a millimetre);
# NTF uses Clarke 1880 IGN (IGN, NTG 71).
_GRS80 = (6_378_137.0, 0.08181919104281579)
_CLARKE = (6_378_249.2, 0.08248325676341796)
# From NTF to RGF93, in metres: IGN, « Transformation entre systèmes géodésiques », good to a few metres everywhere.
_NTF_SHIFT = (-168.0, -60.0, 320.0)
_PARIS = 2.337229166666667
"""Degrees east of Greenwich of the Paris meridian: 2° 20' 14.025"."""


@dataclass(frozen=True, slots=True)
class Cone:
    """A conformal conic projection ready to use (IGN, NTG 71): exponent, constant, pole and central meridian."""

    exponent: float
    constant: float
    pole_x: float
    pole_y: float
    meridian: float
    """Degrees east of Greenwich."""
    eccentricity: float

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return (longitude, latitude) in degrees on the projection's own ellipsoid (IGN, algorithm ALG0004)."""
        radius = math.hypot(x - self.pole_x, y - self.pole_y)
        angle = math.atan2(x - self.pole_x, self.pole_y - y)
        isometric = math.log(self.constant / radius) / self.exponent if radius else math.inf
        latitude = _latitude(isometric, self.eccentricity)
        return self.meridian + math.degrees(angle / self.exponent), math.degrees(latitude)


def _latitude(isometric: float, eccentricity: float) -> float:
    """Return the latitude (radians) of an isometric latitude (IGN, algorithm ALG0002)."""
    isometric = min(max(isometric, -50.0), 50.0)
    latitude = math.asin(math.tanh(isometric))
    for _ in range(8):
        swell = eccentricity * math.atanh(eccentricity * math.sin(latitude))
        latitude = math.asin(math.tanh(min(max(isometric + swell, -50.0), 50.0)))
    return latitude


def secant_cone(parallels: tuple[float, float], origin: tuple[float, float], false_origin: tuple[float, float]) -> Cone:
    """Return the cone that cuts GRS 80 along two parallels (IGN, algorithm ALG0054).

    ``origin`` is (longitude, latitude) in degrees, where coordinates are ``false_origin`` in metres.
    """
    axis, eccentricity = _GRS80

    def isometric(latitude: float) -> float:
        sine = math.sin(latitude)
        return math.atanh(sine) - eccentricity * math.atanh(eccentricity * sine)

    def parallel_radius(latitude: float) -> float:
        return axis * math.cos(latitude) / math.sqrt(1 - (eccentricity * math.sin(latitude)) ** 2)

    first, second = (math.radians(parallel) for parallel in parallels)
    exponent = math.log(parallel_radius(second) / parallel_radius(first)) / (isometric(first) - isometric(second))
    constant = parallel_radius(first) / exponent * math.exp(exponent * isometric(first))
    pole_y = false_origin[1] + constant * math.exp(-exponent * isometric(math.radians(origin[1])))
    return Cone(exponent, constant, false_origin[0], pole_y, origin[0], eccentricity)


# IGN, « Projections cartographiques en usage en France métropolitaine », Lambert-93 and Lambert II étendu.
LAMBERT93 = Cone(0.7256077650532670, 11_754_255.426096, 700_000.0, 12_655_612.049876, 3.0, _GRS80[1])
LAMBERT2 = Cone(0.7289686274, 11_745_793.39, 600_000.0, 8_199_695.768, _PARIS, _CLARKE[1])


@cache
def conic_zone(latitude: int) -> Cone:
    """Return RGF93 CC42 to CC50 (decree 2006-272): parallels 0.75° apart from the zone's latitude, 3° east."""
    ordinate = 1_200_000.0 + (latitude - 42) * 1_000_000.0
    return secant_cone((latitude - 0.75, latitude + 0.75), (3.0, float(latitude)), (1_700_000.0, ordinate))


def lambert93_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in RGF93 / Lambert-93."""
    return LAMBERT93.degrees(x, y)


def conic_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in the zone of RGF93 CC42 to CC50 its ordinate falls in."""
    return conic_zone(min(max(41 + round((y - 200_000) / 1e6), 42), 50)).degrees(x, y)


def lambert2_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in NTF (Paris) / Lambert II étendu, to some five metres."""
    longitude, latitude = (math.radians(angle) for angle in LAMBERT2.degrees(x, y))
    axis, eccentricity = _CLARKE
    normal = axis / math.sqrt(1 - (eccentricity * math.sin(latitude)) ** 2)
    along = normal * math.cos(latitude)
    geocentric = (
        along * math.cos(longitude) + _NTF_SHIFT[0],
        along * math.sin(longitude) + _NTF_SHIFT[1],
        normal * (1 - eccentricity**2) * math.sin(latitude) + _NTF_SHIFT[2],
    )
    return _geographic(*geocentric)


def _geographic(x: float, y: float, z: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees on GRS 80 of a point near the ground (IGN, algorithm ALG0012)."""
    axis, eccentricity = _GRS80
    flat = math.hypot(x, y)
    latitude = math.atan2(z, flat * (1 - eccentricity**2))
    for _ in range(6):
        sine = math.sin(latitude)
        normal = axis / math.sqrt(1 - (eccentricity * sine) ** 2)
        latitude = math.atan2(z + normal * eccentricity**2 * sine, flat)
    return math.degrees(math.atan2(y, x)), math.degrees(latitude)


def mercator_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in the web's Mercator projection (EPSG:3857)."""
    radius = 6_378_137.0
    return math.degrees(x / radius), math.degrees(math.atan(math.sinh(max(-20.0, min(20.0, y / radius)))))


# Krüger's series to the third flattening's cube, for GRS 80 (Karney, « Transverse Mercator with an accuracy of a few
# nanometers », 2011, equations 12 and 36): under a millimetre within a zone.
_N3 = 0.0016792203946287445
_UTM_RADIUS = _GRS80[0] / (1 + _N3) * (1 + _N3**2 / 4 + _N3**4 / 64)
_UTM_BETA = (
    _N3 / 2 - 2 * _N3**2 / 3 + 37 * _N3**3 / 96,
    _N3**2 / 48 + _N3**3 / 15,
    17 * _N3**3 / 480,
)


def utm_to_wgs84(zone: int, x: float, y: float, *, south: bool) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in a UTM zone on GRS 80 or WGS 84."""
    scale = 0.9996 * _UTM_RADIUS
    xi, eta = (y - (10_000_000.0 if south else 0.0)) / scale, max(-3.0, min(3.0, (x - 500_000.0) / scale))
    xi_, eta_ = xi, eta
    for order, beta in enumerate(_UTM_BETA, start=1):
        xi_ -= beta * math.sin(2 * order * xi) * math.cosh(2 * order * eta)
        eta_ -= beta * math.cos(2 * order * xi) * math.sinh(2 * order * eta)
    conformal = math.asin(max(-1.0, min(1.0, math.sin(xi_) / math.cosh(eta_))))
    longitude = 6 * zone - 183 + math.degrees(math.atan2(math.sinh(eta_), math.cos(xi_)))
    if abs(conformal) >= math.pi / 2 - 1e-9:
        return longitude, math.degrees(conformal)
    return longitude, math.degrees(_latitude(math.atanh(math.sin(conformal)), _GRS80[1]))


def _utm(zone: int, *, south: bool = False) -> Projected:
    return lambda x, y: utm_to_wgs84(zone, x, y, south=south)


TO_DEGREES: dict[str, Projected] = {
    "wgs84": lambda x, y: (x, y),
    "swapped": lambda x, y: (y, x),
    "lambert93": lambert93_to_wgs84,
    "lambert-cc": conic_to_wgs84,
    "lambert2": lambert2_to_wgs84,
    "web-mercator": mercator_to_wgs84,
    "utm20n": _utm(20),
    "utm21n": _utm(21),
    "utm22n": _utm(22),
    "utm38s": _utm(38, south=True),
    "utm40s": _utm(40, south=True),
}
"""By system: ids of rules/coordinates.yaml, and ``swapped`` for degrees whose latitude comes first."""
