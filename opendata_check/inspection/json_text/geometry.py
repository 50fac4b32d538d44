"""Reads GeoJSON geometries from the events of a JSON, position after position, whatever their size (RFC 7946)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from opendata_check.inspection.json_text.depth import OPENING, Event, TooDeep, check, skip
from opendata_check.inspection.json_text.syntax import MAX_DEPTH
from opendata_check.inspection.spatial.geometry import LEVELS, Shapes

GEOMETRIES = frozenset(LEVELS) | {"GeometryCollection"}
_RUN = 20_000
"""Positions held at once."""
_COARSE_DIGITS = 2
_LOOKED = 10_000
"""Objects whose precision is looked at."""


class JsonGeometries:
    """Gives the geometries met in a JSON to ``shapes``, object after object."""

    def __init__(self) -> None:
        self.shapes = Shapes()
        self._is_open = False
        self._is_first = False
        self._looked = 0

    def start(self, number: int) -> None:
        """Begin the object of that order (1-based)."""
        self.shapes.start(number)
        self._is_open = self._is_first = True

    def end(self) -> None:
        """End the object, if one was begun."""
        if self._is_open:
            self.shapes.end()
            self._is_open = False

    def geometry(self, events: Iterator[Event], depth: int) -> None:
        """Read the geometry object just opened at that depth. Raises TooDeep."""
        check(depth)
        key, kind, levels = "", "", 0
        for event, value in events:
            if event == "map_key":
                key = value
            elif event == "end_map":
                break
            elif key == "coordinates" and event == "start_array":
                levels = self.coordinates(events, depth + 1)
            elif key == "geometries" and event == "start_array":
                self.collection(events, depth + 1)
            elif event in OPENING:
                skip(events, depth + 1)
            elif key == "type":
                kind = value if event == "string" else ""
        self.close(kind, levels)

    def close(self, kind: str, levels: int) -> None:
        """Close a geometry: its type as written, and the levels of arrays its positions came in."""
        known = kind if kind in GEOMETRIES else ""
        if not known:
            self.shapes.note("mismatch")
        self.shapes.geometry(known, levels)

    def collection(self, events: Iterator[Event], depth: int) -> None:
        """Read the array of geometries just opened at that depth. Raises TooDeep."""
        check(depth)
        for event, _ in events:
            if event == "end_array":
                return
            if event == "start_map":
                self.geometry(events, depth + 1)
            elif event == "start_array":
                skip(events, depth + 1)

    def coordinates(self, events: Iterator[Event], depth: int) -> int:
        """Read the array of positions just opened; return how many levels of arrays it has. Raises TooDeep."""
        shapes, limit = self.shapes, MAX_DEPTH - depth
        line: list[list[Any]] = []
        position: list[Any] = []
        opened = levels = 1
        is_new = True  # nothing yet in the array just opened
        for event, value in events:
            if event == "number":
                position.append(value)
            elif event == "start_array" or event == "start_map":
                position = []
                opened += 1
                if opened > levels:
                    levels = opened
                    if opened > limit:
                        raise TooDeep
                is_new = True
            elif event == "end_array" or event == "end_map":
                if position:
                    line.append(position)
                    position = []
                    if len(line) >= _RUN:
                        self._run(line)
                        line = []
                elif is_new:
                    shapes.empty_part()
                else:
                    if line:
                        self._run(line)
                        line = []
                    shapes.end_run()
                is_new = False
                opened -= 1
                if not opened:
                    break
            elif event != "map_key":
                position.append(math.nan)
                shapes.note("not_numbers")
        if levels == 1 and len(line) == 1:
            self._point(line[0])
            return 1
        if line:
            self._run(line)
        shapes.end_run()
        return levels

    def _point(self, position: list[Any]) -> None:
        """Give the one position of a Point to the shapes."""
        if len(position) < 2:
            self.shapes.note("not_numbers")
            return
        if self._is_first:
            self._is_first = False
            if self._looked < _LOOKED or len(position) > 2:
                self._precision(position)
        x, y = position[0], position[1]
        if type(x) is float and type(y) is float:  # nearly all are: two calls less
            self.shapes.point(x, y)
        else:
            self.shapes.point(_number(x), _number(y))

    def _run(self, line: list[list[Any]]) -> None:
        """Give positions to the shapes; those that are not two numbers are noted and left out."""
        try:
            xs = [float(position[0]) for position in line]
            ys = [float(position[1]) for position in line]
        except (IndexError, OverflowError):
            self.shapes.note("not_numbers")
            line = [position for position in line if len(position) >= 2]
            xs = [_number(position[0]) for position in line]
            ys = [_number(position[1]) for position in line]
        if not line:
            return
        if self._is_first:
            self._is_first = False
            self._precision(line[0])
        self.shapes.run(xs, ys)

    def _precision(self, position: list[Any]) -> None:
        """Tell how precise an object's first position is written, and whether it has a third figure."""
        if len(position) > 2:
            self.shapes.has_z = True
        if self._looked < _LOOKED:
            self._looked += 1
            digits = max(_decimals(position[0]), _decimals(position[1]))
            coarse = digits <= _COARSE_DIGITS and abs(position[0]) <= 180 and abs(position[1]) <= 180
            self.shapes.digits(digits, coarse=coarse)


def _decimals(value: Any) -> int:
    """Return the digits a number needs after its point."""
    number = _number(value)
    if isinstance(value, int) or not math.isfinite(number):
        return 0
    mantissa, _, exponent = repr(number).partition("e")
    return max(0, len(mantissa.partition(".")[2].rstrip("0")) - int(exponent or 0))


def _number(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
