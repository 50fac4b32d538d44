"""Follows where objects lie as they go by: the box around them and how many lie in each small square."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from opendata_check.coordinates import System, near_france
from opendata_check.inspection.spatial.apparent import BBox, system_at
from opendata_check.inspection.spatial.projections import TO_DEGREES
from opendata_check.model.facts import PlaceCell

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    """Shape (n,)."""
    Integers = np.ndarray[Any, np.dtype[np.int64]]

MAX_CELLS = 512
"""Beyond this many squares, they are made ten times wider, up to one degree or 100 km."""
DEGREES_WITHIN = 360.0
"""Coordinates beyond this are metres."""
_SIZES = {True: 0.01, False: 1_000.0}
"""Side of the smallest squares, for degrees and for metres."""
_COARSEST = 2
_METRES_A_DEGREE = 70_000.0
"""Metres in a degree of longitude at 51° north, where French ones are the shortest."""


_Told = tuple[tuple[float, float, int, int], str, float]
"""A square (middle, count, first), its system, and its reach in degrees."""


class Box:
    """The smallest box around the points given, and the same without the points at (0, 0), which stand for nothing."""

    __slots__ = ("_placed", "east", "north", "south", "west")

    def __init__(self) -> None:
        self.west = self.south = math.inf
        self.east = self.north = -math.inf
        self._placed: Box | None = None

    def add(self, x: float, y: float) -> None:
        """Widen the box to one point; what is not a finite number is left out."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return
        if not x and not y and self._placed is None:
            self._placed = Box()
            self._placed.west, self._placed.south = self.west, self.south
            self._placed.east, self._placed.north = self.east, self.north
        elif self._placed is not None and (x or y):
            self._placed._widen(x, y)
        self._widen(x, y)

    def add_all(self, xs: list[float], ys: list[float]) -> None:
        """Widen the box to several points (lists of one length, not empty)."""
        west, south, east, north = min(xs), min(ys), max(xs), max(ys)
        # A sum is finite only when all its terms are: one look instead of one a point. (0, 0) may hide in the box.
        if not math.isfinite(sum(xs) + sum(ys)) or (west <= 0 <= east and south <= 0 <= north):
            for x, y in zip(xs, ys, strict=True):
                self.add(x, y)
            return
        for box in (self, self._placed):
            if box is not None:
                box._widen(west, south)
                box._widen(east, north)

    def _widen(self, x: float, y: float) -> None:
        if x < self.west:
            self.west = x
        if x > self.east:
            self.east = x
        if y < self.south:
            self.south = y
        if y > self.north:
            self.north = y

    def bounds(self) -> BBox | None:
        """Return min x, min y, max x, max y, or None when no point was given."""
        return None if self.west > self.east else (self.west, self.south, self.east, self.north)

    def placed(self) -> BBox | None:
        """Return the box of the points that are not (0, 0), or the whole box when there is no other."""
        return (self._placed.bounds() if self._placed else None) or self.bounds()


class Squares:
    """Counts of points by small squares, in one unit; bounded: squares widen when they are too many."""

    def __init__(self, size: float) -> None:
        self._first_size = size
        self._size = size
        self._counts: dict[tuple[int, int], int] = {}
        self._firsts: dict[tuple[int, int], int] = {}
        self.overflow = 0
        """Points beyond the last square that may be opened."""

    def add(self, x: float, y: float, order: int, count: int = 1) -> None:
        """Count points at one place; ``order`` is the rank of the first."""
        key = (math.floor(x / self._size), math.floor(y / self._size))
        if key in self._counts:
            self._counts[key] += count
        else:
            while len(self._counts) >= MAX_CELLS and self._widen():
                key = (math.floor(x / self._size), math.floor(y / self._size))
            if key not in self._counts:
                if len(self._counts) >= MAX_CELLS:
                    self.overflow += count
                    return
                self._firsts[key] = order
                self._counts[key] = 0
            self._counts[key] += count

    def add_many(self, xs: Floats, ys: Floats, orders: Integers) -> None:
        """Count many points; ``orders`` are their ranks, increasing. No loop over the points."""
        import numpy as np

        while len(xs):
            keys = np.floor(np.stack((xs, ys)) / self._size)
            squares, firsts, counts = np.unique(keys, axis=1, return_index=True, return_counts=True)
            if squares.shape[1] > MAX_CELLS and self._widen():
                continue
            for x, y, first, count in zip(*squares.tolist(), firsts.tolist(), counts.tolist(), strict=True):
                self.add((x + 0.5) * self._size, (y + 0.5) * self._size, int(orders[first]), count)
            return

    @property
    def size(self) -> float:
        """Side of a square, in the unit of the points."""
        return self._size

    def _widen(self) -> bool:
        if self._size >= self._first_size * 10**_COARSEST * 0.99:
            return False
        self._size *= 10
        counts: Counter[tuple[int, int]] = Counter()
        firsts: dict[tuple[int, int], int] = {}
        for (column, row), count in self._counts.items():
            key = (column // 10, row // 10)
            counts[key] += count
            firsts[key] = min(firsts.get(key, self._firsts[column, row]), self._firsts[column, row])
        self._counts, self._firsts = dict(counts), firsts
        return True

    def all(self) -> Iterator[tuple[float, float, int, int]]:
        """Yield the middle of each square, its count and the rank of its first point."""
        for (column, row), count in self._counts.items():
            yield (column + 0.5) * self._size, (row + 0.5) * self._size, count, self._firsts[column, row]


class Places:
    """Where a file's objects lie, one point each, in the units of the file: degrees and metres are kept apart."""

    def __init__(self) -> None:
        self.squares = {degrees: Squares(size) for degrees, size in _SIZES.items()}

    def add(self, x: float, y: float, order: int) -> bool:
        """Count one object; return False when it is at (0, 0)."""
        if -DEGREES_WITHIN <= x <= DEGREES_WITHIN and -DEGREES_WITHIN <= y <= DEGREES_WITHIN:
            if not x and not y:
                return False
            self.squares[True].add(x, y, order)
        elif math.isfinite(x) and math.isfinite(y):
            self.squares[False].add(x, y, order)
        return True

    def add_many(self, xs: Floats, ys: Floats, orders: Integers) -> None:
        """Count many objects, none at (0, 0), all of finite figures."""
        import numpy as np

        degrees = (np.abs(xs) <= DEGREES_WITHIN) & (np.abs(ys) <= DEGREES_WITHIN)
        for wanted, squares in self.squares.items():
            chosen = degrees if wanted else ~degrees
            squares.add_many(xs[chosen], ys[chosen], orders[chosen])

    def told(self, declared: System | None) -> tuple[tuple[tuple[str, int], ...], tuple[PlaceCell, ...], int]:
        """Return the objects by system, the squares in degrees (by first object) and how many could not be placed."""
        degrees, metres = self.squares[True], self.squares[False]
        told = [(square, system_at(square[0], square[1], declared), degrees.size / 2) for square in degrees.all()]
        told += _agreeing(
            [
                (square, system_at(square[0], square[1], declared), metres.size / 2 / _METRES_A_DEGREE)
                for square in metres.all()
            ]
        )
        by_system: Counter[str] = Counter()
        cells: list[PlaceCell] = []
        unplaced = degrees.overflow + metres.overflow
        for (x, y, count, first), system, reach in told:
            by_system[system] += count
            if system:
                longitude, latitude = TO_DEGREES[system](x, y)
                cells.append(PlaceCell(round(longitude, 4), round(latitude, 4), round(reach, 4), count, first))
            else:
                unplaced += count
        cells.sort(key=lambda cell: (cell.first, cell.longitude, cell.latitude))
        return tuple(sorted(by_system.items(), key=lambda pair: (-pair[1], pair[0]))), tuple(cells), unplaced


def _agreeing(told: list[_Told]) -> list[_Told]:
    """Return squares in metres with their system, those of another system than most read again in that one.

    Off the coast, Lambert-93 figures may look like the web's Mercator: they follow the others when that puts them
    anywhere near France.
    """
    by_system: Counter[str] = Counter()
    for square, system, _ in told:
        by_system[system] += square[2]
    most, count = by_system.most_common(1)[0] if by_system else ("", 0)
    if not most or 2 * count <= by_system.total():
        return told
    return [
        (square, most if system != most and near_france(*TO_DEGREES[most](square[0], square[1])) else system, reach)
        for square, system, reach in told
    ]


def dominant(by_system: tuple[tuple[str, int], ...], box: BBox | None, whole: str) -> str:
    """Return the system of most objects, ``whole`` (what the box betrays) when no object was placed."""
    if not by_system or box is None:
        return whole
    system, count = by_system[0]
    return system if 2 * count > sum(number for _, number in by_system) else whole
