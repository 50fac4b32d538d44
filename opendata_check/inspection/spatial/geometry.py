"""Judges nothing, counts all: what is odd in the geometries of a layer, object after object, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from opendata_check.coordinates import system_of
from opendata_check.inspection.spatial.apparent import apparent_crs
from opendata_check.inspection.spatial.extent import Box, Places, dominant
from opendata_check.model.facts import GeometryFault, RowRange, SpatialFacts
from opendata_check.ranges import LineRanges

# Levels of arrays around the positions of each type (RFC 7946, section 3.1).
LEVELS = {"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3, "MultiPolygon": 4}
_RINGS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")
_SMALL_RING = 40
"""Positions of the rings searched for crossings: the cost is the square of it."""
_CROSSING_TESTS = 200_000
"""Pairs of sides compared in one file: then no more ring is searched."""
_SHOWN_RANGES = 50


@dataclass(slots=True)
class _Run:
    """The ring or line in hand."""

    first: tuple[float, float]
    last: tuple[float, float] = (math.nan, math.nan)
    size: int = 0
    kept: list[tuple[float, float]] | None = field(default_factory=list)
    """Its positions while they are few."""


class Shapes:
    """The geometries of one layer: ``start`` an object, give its ``run``s, close each ``geometry``, then ``end`` it.

    ``counter_clockwise`` says that outer rings should turn so.
    """

    def __init__(self, *, counter_clockwise: bool = True) -> None:
        self.box = Box()
        self.places = Places()
        self.types: set[str] = set()
        self.has_z = False
        self.decimals: int | None = None
        self.coarse = 0
        self._faults: dict[str, LineRanges] = {}
        self._zeros = LineRanges()
        self._tests = _CROSSING_TESTS
        self._counter_clockwise = counter_clockwise
        self._number = 0
        self._found: set[str] = set()
        self._anchor: tuple[float, float] | None = None
        self._reset()

    def start(self, number: int) -> None:
        """Begin the object of that order (1-based)."""
        self._number = number
        if self._found:
            self._found = set()
        self._anchor = None
        if self._runs or self._empty_parts or self._open is not None:
            self._reset()

    def _reset(self) -> None:
        self._open: _Run | None = None
        self._runs = 0
        self._empty_parts = 0
        self._ring_faults: set[str] = set()
        self._has_lone_point = False

    def note(self, fault: str) -> None:
        """Say what is wrong with the object in hand."""
        self._found.add(fault)

    def empty_part(self) -> None:
        """Say that the geometry holds a list without position."""
        self._empty_parts += 1

    def run(self, xs: list[float], ys: list[float]) -> None:
        """Take positions of the line or ring in hand, a new one after ``end_run``. The lists are not empty."""
        self.box.add_all(xs, ys)
        run = self._open
        if run is None:
            run = self._open = _Run(first=(xs[0], ys[0]))
            if self._anchor is None:
                self._anchor = run.first
        run.size += len(xs)
        run.last = (xs[-1], ys[-1])
        if run.kept is not None:
            if run.size <= _SMALL_RING:
                run.kept += zip(xs, ys, strict=True)
            else:
                run.kept = None

    def point(self, x: float, y: float) -> None:
        """Take the one position of a Point."""
        self.box.add(x, y)
        if self._anchor is None:
            self._anchor = (x, y)
        self._runs += 1

    def end_run(self) -> None:
        """End the line or ring in hand, if there is one. What would be wrong with a ring waits for the type."""
        run = self._open
        if run is None:
            return
        self._open = None
        self._runs += 1
        self._has_lone_point = self._has_lone_point or run.size < 2
        if run.size < 4:
            self._ring_faults.add("too_few_points")
        elif run.first != run.last:
            self._ring_faults.add("unclosed")
        elif run.kept is not None:
            self._small_ring(run.kept, outer=self._runs == 1)

    def geometry(self, kind: str, levels: int) -> None:
        """Close one geometry of the object: its type ("" when unsaid) and the levels of arrays it came in (0: none)."""
        if kind == "Point" and levels == 1 and self._runs:
            self.types.add(kind)
            self._runs = 0
            return
        if kind:
            self.types.add(kind)
        expected = LEVELS.get(kind)
        if not self._runs:
            if kind != "GeometryCollection":
                self._found.add("empty")
        elif expected is not None and levels and levels != expected:
            self._found.add("mismatch")
        elif kind in _RINGS:
            self._found |= self._ring_faults
        elif kind in _LINES and self._has_lone_point:
            self._found.add("too_few_points")
        if self._runs and self._empty_parts:
            self._found.add("too_few_points")
        self._reset()

    def _small_ring(self, ring: Sequence[tuple[float, float]], *, outer: bool) -> None:
        sides = len(ring) - 1
        if outer and self._counter_clockwise and signed_area(ring) < 0:
            self._ring_faults.add("winding")
        if any(ring[at] == ring[at + 1] for at in range(sides)):
            self._ring_faults.add("repeated_points")
        pairs = sides * (sides - 3) // 2
        if pairs <= self._tests:
            self._tests -= pairs
            if crosses_itself(ring):
                self._ring_faults.add("crossing")

    def digits(self, decimals: int, *, coarse: bool) -> None:
        """Take the digits after the point of an object's first position; ``coarse``: both numbers have two or fewer."""
        self.decimals = decimals if self.decimals is None else max(self.decimals, decimals)
        self.coarse += coarse

    def end(self) -> None:
        """End the object: place it and record what was found."""
        if self._anchor is not None and not self.places.add(*self._anchor, self._number):
            self._zeros.add(self._number)
        for fault in self._found:
            self._faults.setdefault(fault, LineRanges()).add(self._number)

    def facts(self, *, carrier: str, feature_count: int, declared: str, box: bool = True) -> SpatialFacts:
        """Return what is known of the layer. ``declared`` is its system, as ``crs_named`` gives it."""
        system = system_of(declared)
        by_system, cells, unplaced = self.places.told(system)
        bounds = self.box.bounds() if box else None
        return SpatialFacts(
            geometry_types=tuple(sorted(self.types)),
            feature_count=feature_count,
            bbox=bounds,
            declared_crs=declared,
            apparent_crs=dominant(by_system, bounds, apparent_crs(self.box.placed())),
            carrier=carrier,
            systems=by_system,
            zeros=self._zeros.count,
            zero_rows=_first(self._zeros),
            faults=tuple(
                GeometryFault(kind, ranges.count, _first(ranges)) for kind, ranges in sorted(self._faults.items())
            ),
            cells=cells,
            unplaced=unplaced,
            has_z=self.has_z,
            decimals=self.decimals,
            coarse=self.coarse,
        )


def _first(ranges: LineRanges) -> tuple[RowRange, ...]:
    return ranges.ranges()[:_SHOWN_RANGES]


def signed_area(ring: Sequence[tuple[float, float]]) -> float:
    """Return twice the area of a closed ring, negative when it runs clockwise (square units of the file)."""
    x0, y0 = ring[0]
    total = 0.0
    for at in range(len(ring) - 1):
        (x1, y1), (x2, y2) = ring[at], ring[at + 1]
        total += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return total


def crosses_itself(ring: Sequence[tuple[float, float]]) -> bool:
    """Return whether two sides of a closed ring cross, as in a bow tie; sides that only touch do not."""
    sides = len(ring) - 1
    for one in range(sides - 2):
        (ax, ay), (bx, by) = ring[one], ring[one + 1]
        for other in range(one + 2, sides - (one == 0)):
            (cx, cy), (dx, dy) = ring[other], ring[other + 1]
            if _sign(ax, ay, bx, by, cx, cy) * _sign(ax, ay, bx, by, dx, dy) < 0 and (
                _sign(cx, cy, dx, dy, ax, ay) * _sign(cx, cy, dx, dy, bx, by) < 0
            ):
                return True
    return False


def _sign(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Return on which side of the line a-b the point p lies; 0 too near to tell."""
    turn = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    scale = (abs(bx - ax) + abs(by - ay)) * (abs(px - ax) + abs(py - ay))
    return 0 if abs(turn) <= 1e-9 * scale else 1 if turn > 0 else -1
