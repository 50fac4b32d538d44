"""Reads a GML as it streams: its features, the system it names and the order of its axes (OGC 07-036r1)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any
from xml.parsers import expat

from opendata_check.coordinates import crs_named, system_of
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.spatial.geometry import Shapes
from opendata_check.inspection.xml_stream import CHUNK, Refused, check_depth, feed, guarded_parser
from opendata_check.model.content import Content
from opendata_check.model.facts import SpatialFacts

_NAMESPACE = re.compile(r"https?://www\.opengis\.net/gml(?:/3\.[0-9.]+)?$")
_HOLDERS = {"featureMember", "member", "featureMembers"}
_CLOSES = {"Point": "Point", "LineString": "LineString", "Polygon": "Polygon", "PolygonPatch": "Polygon",
           "Curve": "LineString", "Rectangle": "Polygon", "Triangle": "Polygon"}  # fmt: skip
_POSITIONS = {"pos", "posList", "coordinates"}
_MAX_HELD = 200_000
# Official names list the latitude first for degrees (EPSG); the short « EPSG:4326 » has always meant longitude first.
_OFFICIAL = re.compile(r"^urn:(?:x-)?ogc:def:crs:EPSG|opengis\.net/def/crs/EPSG", re.IGNORECASE)


def read_gml(content: Content) -> SpatialFacts | None:
    """Return what a GML holds, None when the XML is not GML. A broken one gives what was read before the break.

    Raises InspectionError when the file cannot be read at all.
    """
    try:
        with content.path.open("rb") as file:
            return _read(iter(partial(file.read, CHUNK), b""))
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error


def _read(chunks: Iterable[bytes]) -> SpatialFacts | None:
    reading = _Gml()
    parser = guarded_parser(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    broken = False
    try:
        feed(parser, chunks)
    except (expat.ExpatError, Refused, ValueError, LookupError):
        broken = True
    return reading.facts(partly=broken)


class _Gml:
    """What is learnt of a GML while its elements go by."""

    def __init__(self) -> None:
        self._shapes: Shapes | None = None
        self._crs = ""
        self._crs_name = ""
        self._features = 0
        self._depth = 0
        self._holder_depth = -1
        self._feature_depth = -1
        self._aside_depth = -1
        self._text_of = ""
        self._width = self._dimension = 2
        self._dimension_depth = -1
        self._held = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element. Raises Refused when elements nest too deep."""
        self._depth += 1
        check_depth(self._depth)
        space, _, local = name.rpartition(" ")
        if local in _HOLDERS and self._feature_depth < 0:
            self._holder_depth = self._depth
        elif self._holder_depth == self._depth - 1 and self._feature_depth < 0:
            self._features += 1
            self._feature_depth = self._depth
            self._started().start(self._features)
        if not _NAMESPACE.match(space):
            return
        named = attributes.get("srsName")
        if named and not self._crs_name:
            self._crs_name, self._crs = named[:200], crs_named(named[:200])
        dimension = attributes.get("srsDimension") or attributes.get("dimension")
        if dimension:
            self._dimension, self._dimension_depth = 3 if dimension.strip() == "3" else 2, self._depth
        if local == "Envelope" or local == "Box":
            self._aside_depth = self._depth
        elif local in _POSITIONS and self._aside_depth < 0:
            self._text_of, self._held = local, ""
            self._width = self._dimension

    def end(self, name: str) -> None:
        """Leave an element."""
        local = name.rpartition(" ")[2]
        if self._text_of and local == self._text_of:
            self._positions(last=local != "pos")
            self._text_of = ""
        elif self._aside_depth == self._depth:
            self._aside_depth = -1
        elif local in ("LinearRing", "LineStringSegment") and self._shapes is not None:
            self._shapes.end_run()
        elif local in _CLOSES and self._feature_depth >= 0 and self._shapes is not None:
            self._shapes.end_run()
            self._shapes.geometry(_CLOSES[local], 0)
        if self._feature_depth == self._depth and self._shapes is not None:
            self._shapes.end()
            self._feature_depth = -1
        elif self._holder_depth == self._depth:
            self._holder_depth = -1
        if self._dimension_depth == self._depth:
            self._dimension, self._dimension_depth = 2, -1
        self._depth -= 1

    def text(self, characters: str) -> None:
        """Take the characters of positions."""
        if self._text_of:
            self._held += characters
            if len(self._held) > _MAX_HELD:
                self._positions(last=False)

    def facts(self, *, partly: bool) -> SpatialFacts | None:
        """Return what was learnt."""
        if self._shapes is None or not self._features:
            return None
        found = self._shapes.facts(carrier="gml", feature_count=self._features, declared=self._crs)
        return replace(found, partly_read=partly) if found.bbox is not None or found.faults else None

    def _started(self) -> Shapes:
        """Return the shapes; the order of axes is that of the first system named, before any position."""
        if self._shapes is None:
            self._shapes = Shapes(counter_clockwise=False)
        return self._shapes

    def _latitude_first(self) -> bool:
        system = system_of(self._crs)
        return (
            system is not None
            and system.degrees
            and bool(_OFFICIAL.search(self._crs_name))
            and "CRS84" not in (self._crs_name.upper())
        )

    def _positions(self, *, last: bool) -> None:
        held = self._held
        words: list[Any]
        cut = len(held) if last or self._text_of == "pos" else max(held.rfind(" "), held.rfind("\n")) + 1
        taken, self._held = held[:cut], held[cut:]
        if len(self._held) > _MAX_HELD:
            self._held = ""
        if self._feature_depth < 0 or self._shapes is None:
            return
        width = self._width
        if self._text_of == "coordinates":  # GML 2: « x,y x,y »
            pairs = [word.split(",") for word in taken.split()]
            words, width = [part for pair in pairs for part in pair[:2]], 2
        else:
            words = taken.split()
            width = 3 if self._text_of == "pos" and len(words) == 3 else width
        left = len(words) % width
        if left and not last:
            self._held = " ".join(words[-left:]) + " " + self._held
            words = words[:-left]
        self._give(words, width)
        if last and self._text_of != "pos":
            self._shapes.end_run()

    def _give(self, words: list[str], width: int) -> None:
        assert self._shapes is not None
        try:
            figures = [float(word) for word in words]
        except ValueError:
            self._shapes.note("not_numbers")
            return
        xs, ys = figures[0::width], figures[1::width]
        xs = xs[: len(ys)]
        if not xs:
            return
        if not all(map(math.isfinite, figures)):
            self._shapes.note("not_numbers")
            return
        self._shapes.has_z = self._shapes.has_z or width == 3
        if self._latitude_first():
            xs, ys = ys, xs
        self._shapes.run(xs, ys)
