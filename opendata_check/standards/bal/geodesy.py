"""Projects longitudes and latitudes into the legal plane coordinates of each French territory, in whole arrays.

Parameters: arrêté du 20 juin 2019 (national reference systems) and the EPSG registry, whose codes stand beside each.
All these systems are within a metre of WGS 84, and the rules allow ten.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# GRS 80
_SEMI_MAJOR = 6_378_137.0
_FLATTENING = 1 / 298.257222101
_E2 = _FLATTENING * (2 - _FLATTENING)
_E = float(np.sqrt(_E2))


@dataclass(frozen=True, slots=True)
class Conic:
    """A Lambert conic with two standard parallels; degrees and metres."""

    south: float
    north: float
    origin_lat: float
    origin_long: float
    x0: float
    y0: float

    def project(self, long: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return x and y in metres of points in degrees (Snyder 1987, p. 107)."""
        first, second = np.radians(self.south), np.radians(self.north)
        t1, t2, t0 = (_conformal(np.radians(v)) for v in (self.south, self.north, self.origin_lat))
        m1, m2 = _parallel(first), _parallel(second)
        n = (np.log(m1) - np.log(m2)) / (np.log(t1) - np.log(t2))
        scale = _SEMI_MAJOR * m1 / (n * t1**n)
        radius = scale * _conformal(np.radians(lat)) ** n
        angle = n * np.radians(long - self.origin_long)
        return self.x0 + radius * np.sin(angle), self.y0 + scale * t0**n - radius * np.cos(angle)


def _conformal(lat: Floats) -> Floats:
    sine = np.sin(lat)
    e_sine = _E * sine
    ratio: Floats = np.sqrt((1 - sine) / (1 + sine) * ((1 + e_sine) / (1 - e_sine)) ** _E)
    return ratio


def _parallel(lat: Floats) -> Floats:
    width: Floats = np.cos(lat) / np.sqrt(1 - _E2 * np.sin(lat) ** 2)
    return width


@dataclass(frozen=True, slots=True)
class Utm:
    """A zone of the universal transverse Mercator."""

    zone: int
    southern: bool = False

    def project(self, long: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return x and y in metres of points in degrees (Krüger's series to the third order: a millimetre)."""
        n = _FLATTENING / (2 - _FLATTENING)
        radius = 0.9996 * _SEMI_MAJOR / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
        phi, away = np.radians(lat), np.radians(long - (6 * self.zone - 183))
        sine = np.sin(phi)
        t = np.sinh(np.arctanh(sine) - _E * np.arctanh(_E * sine))
        xi, eta = np.arctan2(t, np.cos(away)), np.arctanh(np.sin(away) / np.sqrt(1 + t**2))
        x, y = eta.copy(), xi.copy()
        terms = (
            n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16,
            13 * n**2 / 48 - 3 * n**3 / 5,
            61 * n**3 / 240,
        )
        for rank, term in enumerate(terms, start=1):
            x += term * np.cos(2 * rank * xi) * np.sinh(2 * rank * eta)
            y += term * np.sin(2 * rank * xi) * np.cosh(2 * rank * eta)
        return 500_000 + radius * x, (10_000_000 if self.southern else 0) + radius * y


Projection = Conic | Utm

LAMBERT_93 = Conic(44, 49, 46.5, 3, 700_000, 6_600_000)
"""EPSG:2154."""
CONIC_ZONES = tuple(
    Conic(centre - 0.75, centre + 0.75, centre, 3, 1_700_000, (centre - 41) * 1_000_000 + 200_000)
    for centre in range(42, 51)
)
"""CC42 to CC50, EPSG:3942 to 3950: as legal as Lambert-93."""


@dataclass(frozen=True, slots=True)
class Territory:
    """Where points of a territory lie (west, south, east, north, in degrees), and its legal projections."""

    bounds: tuple[float, float, float, float]
    main: Projection
    others: tuple[Projection, ...] = ()

    def holds(self, long: Floats, lat: Floats) -> Mask:
        """Return where points are within its bounds (nowhere for NaN)."""
        west, south, east, north = self.bounds
        inside: Mask = (long >= west) & (long <= east) & (lat >= south) & (lat <= north)
        return inside


TERRITORIES = (
    Territory((-9.86, 41.15, 10.38, 51.56), LAMBERT_93, CONIC_ZONES),
    Territory((-63.66, 14.08, -57.52, 18.54), Utm(20)),  # Antilles, EPSG:5490
    Territory((-54.6, 2.11, -49.46, 8.88), Utm(22), (Utm(21),)),  # Guyane, EPSG:2972 and 3312
    Territory((51.83, -24.72, 58.24, -18.28), Utm(40, southern=True)),  # La Réunion, EPSG:2975
    Territory((43.68, -14.49, 46.7, -11.33), Utm(38, southern=True)),  # Mayotte, EPSG:4471
    Territory((-57.1, 43.41, -55.9, 47.37), Utm(21)),  # Saint-Pierre-et-Miquelon, EPSG:4467
    Territory((156.2, -26.5, 174.3, -14.8), Conic(-20 - 2 / 3, -22 - 1 / 3, -21.5, 166, 400_000, 300_000)),  # 3163
    Territory(
        (-158.2, -31.3, -131.9, -4.5),
        Utm(6, southern=True),
        (Utm(5, southern=True), Utm(7, southern=True), Utm(8, southern=True)),
    ),  # Polynésie française, EPSG:3296 to 3299
    Territory((-179.5, -15.9, -174.2, -9.8), Utm(1, southern=True)),  # Wallis-et-Futuna, EPSG:8903
)


def in_france(long: Floats, lat: Floats) -> Mask:
    """Return where points in degrees lie within the bounds of a French territory."""
    inside = np.zeros(len(long), np.bool_)
    for territory in TERRITORIES:
        inside |= territory.holds(long, lat)
        if inside.all():
            break
    return inside


def agree(long: Floats, lat: Floats, x: Floats, y: Floats, tolerance: float) -> Mask:
    """Return where x and y (metres) show the point of long and lat (degrees) in a legal projection of its territory.

    True outside of France and where a number is missing: there is nothing to compare.
    """
    same = np.ones(len(long), np.bool_)
    left = ~(np.isnan(long) | np.isnan(lat) | np.isnan(x) | np.isnan(y))
    for territory in TERRITORIES:
        if not left.any():
            break
        rows = np.flatnonzero(left & territory.holds(long, lat))
        left[rows] = False
        for projection in (territory.main, *territory.others):
            if not len(rows):
                break
            there_x, there_y = projection.project(long[rows], lat[rows])
            far = np.hypot(there_x - x[rows], there_y - y[rows]) > tolerance
            rows = rows[far]
        same[rows] = False
    return same
