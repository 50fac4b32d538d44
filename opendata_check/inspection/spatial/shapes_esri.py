"""Reads the shapes of a .shp as they stream (ESRI Shapefile Technical Description, 1998, pp. 5-21)."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from itertools import pairwise

from opendata_check.inspection.spatial.geometry import Shapes

MAX_SHAPES = 50_000
MAX_BYTES = 16_000_000
"""Where the reading stops: what is told of shapes is then told of the first ones."""
_MAX_SHAPE = 8_000_000
"""Bytes of one shape: 500 000 positions."""
_HEADER = 100
_KINDS = {1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint"}
_WITH_Z = range(11, 20)


class _Stream:
    """Bytes to be taken in the sizes one wants."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()
        self.taken = 0

    def take(self, size: int) -> bytes:
        """Return ``size`` bytes, fewer at the end of the file."""
        while len(self._held) < size and (piece := next(self._pieces, b"")):
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        self.taken += len(taken)
        return taken


def read_shapes(pieces: Iterator[bytes], shapes: Shapes) -> tuple[int, bool]:
    """Give the shapes of a .shp (its bytes, header included) to ``shapes``.

    Return how many were read and whether the reading went to the end: it stops at a limit or at a damaged record.
    """
    stream = _Stream(pieces)
    stream.take(_HEADER)
    for number in range(1, MAX_SHAPES + 1):
        head = stream.take(8)
        if not head:
            return number - 1, True
        size = 2 * struct.unpack(">2i", head)[1] if len(head) == 8 else 0
        if not 4 <= size <= _MAX_SHAPE or stream.taken > MAX_BYTES:
            return number - 1, False
        body = stream.take(size)
        if len(body) < size:
            return number - 1, False
        shapes.start(number)
        _shape(body, shapes)
        shapes.end()
    return MAX_SHAPES, not stream.take(1)


def _shape(body: bytes, shapes: Shapes) -> None:
    (code,) = struct.unpack("<i", body[:4])
    kind = _KINDS.get(code % 10 if 0 < code < 30 else 0, "")
    shapes.has_z = shapes.has_z or code in _WITH_Z
    if code == 0:
        shapes.note("null")
    elif kind == "Point":
        _positions(body, 4, 1, [0], shapes)
        shapes.geometry("", 0)
    elif kind == "MultiPoint" and len(body) >= 40:
        _positions(body, 40, struct.unpack("<i", body[36:40])[0], [0], shapes)
        shapes.geometry("", 0)
    elif kind and len(body) >= 44:
        parts, points = struct.unpack("<2i", body[36:44])
        if not 0 <= parts <= len(body) // 4:
            shapes.note("mismatch")
            return
        starts = list(struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts])) if len(body) >= 44 + 4 * parts else []
        _positions(body, 44 + 4 * parts, points, starts, shapes)
        shapes.geometry("Polygon" if kind == "Polygon" else "MultiLineString", 0)


def _positions(body: bytes, at: int, points: int, starts: list[int], shapes: Shapes) -> None:
    """Give ``points`` positions written from ``at``, cut in parts that begin at ``starts``."""
    if points < 0 or len(body) < at + 16 * points:
        shapes.note("mismatch")
        return
    figures = array("d", body[at : at + 16 * points])
    if sys.byteorder == "big":
        figures.byteswap()
    for first, last in pairwise([*starts, points]):
        if 0 <= first < last <= points:
            shapes.run(figures[2 * first : 2 * last : 2].tolist(), figures[2 * first + 1 : 2 * last : 2].tolist())
            shapes.end_run()
        else:
            shapes.empty_part()
