"""Reads well-known binary geometries (OGC 06-103r4, section 8; ISO and EWKB flags for Z and M)."""

from __future__ import annotations

import struct
import sys
from array import array

from opendata_check.inspection.spatial.geometry import Shapes

_NAMES = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon",
          7: "GeometryCollection"}  # fmt: skip
_MAX_DEPTH = 20


class WkbError(Exception):
    """The bytes are no geometry that can be read."""


def read_wkb(blob: bytes, at: int, shapes: Shapes) -> None:
    """Give the geometry written from ``at`` to the object in hand of ``shapes``. Raises WkbError."""
    try:
        _Reader(blob, at, shapes).geometry(0)
    except (struct.error, ValueError, OverflowError) as error:
        raise WkbError from error


class _Reader:
    """One geometry being read."""

    def __init__(self, blob: bytes, at: int, shapes: Shapes) -> None:
        self._blob = blob
        self._at = at
        self._shapes = shapes

    def geometry(self, depth: int) -> None:
        """Read one geometry and close it, unless it is the part of another of the same family."""
        kind = self._body(depth)
        self._shapes.geometry(kind, 0)

    def _body(self, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise WkbError
        order = "<" if self._byte() else ">"
        (code,) = self._take(f"{order}I", 4)
        has_z, has_m = bool(code & 0x80000000), bool(code & 0x40000000)
        if code & 0x20000000:
            self._at += 4
        code &= 0x0FFFFFFF
        family, kind = code // 1000, _NAMES.get(code % 1000)
        if kind is None or family > 3:
            raise WkbError
        has_z, has_m = has_z or family in (1, 3), has_m or family in (2, 3)
        self._shapes.has_z = self._shapes.has_z or has_z
        width = 2 + has_z + has_m
        if kind == "Point":
            self._run(order, 1, width)
        elif kind == "LineString":
            self._run(order, self._count(order), width)
        elif kind == "Polygon":
            for _ in range(self._count(order)):
                self._run(order, self._count(order), width)
        else:
            for _ in range(self._count(order)):
                if kind == "GeometryCollection":
                    self.geometry(depth + 1)
                else:
                    self._body(depth + 1)
        return kind

    def _run(self, order: str, count: int, width: int) -> None:
        size = 8 * count * width
        if size > len(self._blob) - self._at:
            raise WkbError
        figures = array("d", self._blob[self._at : self._at + size])
        if (order == ">") == (sys.byteorder == "little"):
            figures.byteswap()
        self._at += size
        xs, ys = figures[0::width].tolist(), figures[1::width].tolist()
        if not count or (count == 1 and xs[0] != xs[0]):
            # An empty point is written as two « not a number ».
            self._shapes.empty_part()
            return
        self._shapes.run(xs, ys)
        self._shapes.end_run()

    def _count(self, order: str) -> int:
        (count,) = self._take(f"{order}I", 4)
        if count > len(self._blob) // 4:
            raise WkbError
        return int(count)

    def _byte(self) -> int:
        return int(self._take("B", 1)[0])

    def _take(self, shape: str, size: int) -> tuple[int, ...]:
        taken = struct.unpack_from(shape, self._blob, self._at)
        self._at += size
        return taken
