"""Reads a JSON document as it streams: its shape, its GeoJSON geometries and the records its arrays hold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from opendata_check.inspection.json_records import MAX_LABELS, RecordTable
from opendata_check.inspection.json_syntax import MAX_DEPTH
from opendata_check.inspection.spatial import Box, apparent_crs
from opendata_check.model.facts import PersonalDataHint, SpatialFacts

Event = tuple[str, Any]
"""What ijson yields: start_map, map_key, end_map, start_array, end_array, string, number, boolean, null; its value."""

_GEOMETRIES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
}  # fmt: skip
_OPENING = ("start_map", "start_array")
_CLOSING = ("end_map", "end_array")
_MAX_TABLES = 8
_MAX_LABEL = 200
_MAX_KINDS = 20
_MAX_CELL = 2_000
_EPSG = re.compile(r"(?:EPSG|epsg)(?:[:/#][0-9.]*)*[:/#](\d{4,6})$|^(\d{4,6})$")


class TooDeep(Exception):  # noqa: N818 - it only leaves the reading; the second reading says where
    """The nesting goes beyond the limit."""


class JsonReading:
    """What is learnt of one or several JSON documents while their events go by; nothing is kept of their values."""

    def __init__(self) -> None:
        self.documents = 0
        self.root = ""
        self.items: int | None = None
        self.features = 0
        self._scalars = 0
        self._kinds: set[str] = set()
        self._geometries: set[str] = set()
        self._has_features = False
        self._box = Box()
        self._crs = ""
        self._tables: dict[str, RecordTable] = {}

    def read(self, events: Iterator[Event]) -> None:
        """Read all documents. Raises TooDeep, and whatever the events raise when the text breaks."""
        for event, _ in events:
            self.documents += 1
            if event == "start_map":
                self.root = self.root or "object"
                self._root_object(events)
            elif event == "start_array":
                self.root = self.root or "array"
                self.items = self._records(events, "", 1)
            else:
                self._scalars += 1
        if self.documents > 1:
            self.root, self.items = "lines", self.documents

    @property
    def mixed(self) -> bool:
        """True when values that are neither objects nor arrays follow each other: not JSON lines, but plain text."""
        return self.documents > 1 and self._scalars > 0

    def spatial(self) -> SpatialFacts | None:
        """Return what was learnt of the map, None when the document is not GeoJSON (RFC 7946)."""
        collection = self._kinds == {"FeatureCollection"} and self._has_features
        features = self._kinds == {"Feature"}
        bare = bool(self._kinds) and self._kinds <= _GEOMETRIES and bool(self._geometries)
        if not (collection or features or bare):
            return None
        return SpatialFacts(
            geometry_types=tuple(sorted(self._geometries)),
            feature_count=self.features if collection else self.documents,
            bbox=self._box.bounds(),
            declared_crs=self._crs,
            apparent_crs=apparent_crs(self._box.placed()),
            carrier="geojson",
        )

    def personal(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints of personal data of all the arrays of records."""
        return tuple(hint for table in self._tables.values() for hint in table.personal())

    def _root_object(self, events: Iterator[Event]) -> None:
        """Read the object at the root: a GeoJSON of any kind, a line of JSON lines, or what wraps arrays."""
        record: dict[str, str] = {}
        key, kind = "", ""
        for event, value in events:
            if event == "map_key":
                key = value[:_MAX_LABEL]
            elif event == "end_map":
                break
            elif key == "features" and event == "start_array":
                self._has_features = True
                self.items = self._features(events)
            elif key == "coordinates" and event == "start_array":
                self._coordinates(events, 2)
            elif key == "crs" and event == "start_map":
                self._declared_crs(events)
            elif key in ("geometry", "properties", "geometries") and event in _OPENING:
                self._feature_part(key, event, events, record, 2)
            elif event in _OPENING:
                self._wrapped(event, events, key, record, 2)
            else:
                if key == "type" and event == "string":
                    kind = value[:_MAX_LABEL]
                    self._has_kind(kind)
                if len(record) < MAX_LABELS:
                    record[key] = _text(event, value)
        if not kind:
            self._has_kind("")
        if record:
            self._table("").add(self.documents, record)

    def _has_kind(self, kind: str) -> None:
        """Record the type a root object gives itself, at once: the text may break before its end."""
        if len(self._kinds) < _MAX_KINDS:
            self._kinds.add(kind)
        if kind in _GEOMETRIES:
            self._geometries.add(kind)

    def _wrapped(self, opening: str, events: Iterator[Event], path: str, record: dict[str, str], depth: int) -> None:
        """Read a value that lies under objects only: an array of it holds records, its scalars join the root's."""
        _check(depth)
        if opening == "start_array":
            self._records(events, path, depth)
            return
        key = ""
        for event, value in events:
            if event == "map_key":
                key = f"{path[:_MAX_LABEL]}.{value[:_MAX_LABEL]}"
            elif event == "end_map":
                return
            elif event in _OPENING:
                self._wrapped(event, events, key, record, depth + 1)
            elif len(record) < MAX_LABELS:
                record[key] = _text(event, value)

    def _records(self, events: Iterator[Event], path: str, depth: int) -> int:
        """Read an array, each object of it as a record; return how many items it has."""
        _check(depth)
        count = 0
        for event, _ in events:
            if event == "end_array":
                break
            count += 1
            if event == "start_map":
                record: dict[str, str] = {}
                self._record(events, record, "", depth + 1)
                if record:
                    self._table(path).add(count, record)
            elif event == "start_array":
                _skip(events, depth + 1)
        return count

    def _table(self, path: str) -> RecordTable:
        """Return the table of the records at that path; beyond a few paths they are read together."""
        if path not in self._tables and len(self._tables) >= _MAX_TABLES:
            path = next(reversed(self._tables))
        return self._tables.setdefault(path, RecordTable())

    def _record(self, events: Iterator[Event], record: dict[str, str], prefix: str, depth: int) -> None:
        """Read an object into ``record``; what nests two levels deep is named « lieu.commune »."""
        _check(depth)
        key = ""
        for event, value in events:
            if event == "map_key":
                key = prefix + value[:_MAX_LABEL]
            elif event == "end_map":
                return
            elif event == "start_map" and prefix.count(".") < 2:
                self._record(events, record, f"{key}.", depth + 1)
            elif event in _OPENING:
                _skip(events, depth + 1)
            elif len(record) < MAX_LABELS:
                record[key] = _text(event, value)

    def _features(self, events: Iterator[Event]) -> int:
        count = 0
        for event, _ in events:
            if event == "end_array":
                break
            count += 1
            self.features += 1
            if event == "start_map":
                self._feature(events)
            elif event == "start_array":
                _skip(events, 3)
        return count

    def _feature(self, events: Iterator[Event]) -> None:
        record: dict[str, str] = {}
        key = ""
        for event, value in events:
            if event == "map_key":
                key = value
            elif event == "end_map":
                break
            elif event in _OPENING:
                self._feature_part(key, event, events, record, 4)
        if record:
            self._table("features").add(self.features, record)

    def _feature_part(self, key: str, event: str, events: Iterator[Event], record: dict[str, str], depth: int) -> None:
        """Read the geometry, the properties or anything else a feature holds."""
        if key == "geometry" and event == "start_map":
            self._geometry(events, depth)
        elif key == "properties" and event == "start_map":
            self._record(events, record, "", depth)
        elif key == "geometries" and event == "start_array":
            self._geometry_list(events, depth)
        else:
            _skip(events, depth)

    def _geometry(self, events: Iterator[Event], depth: int) -> None:
        _check(depth)
        key = ""
        for event, value in events:
            if event == "map_key":
                key = value
            elif event == "end_map":
                return
            elif key == "coordinates" and event == "start_array":
                self._coordinates(events, depth + 1)
            elif key == "geometries" and event == "start_array":
                self._geometry_list(events, depth + 1)
            elif event in _OPENING:
                _skip(events, depth + 1)
            elif key == "type" and value in _GEOMETRIES:
                self._geometries.add(value)

    def _geometry_list(self, events: Iterator[Event], depth: int) -> None:
        _check(depth)
        for event, _ in events:
            if event == "end_array":
                return
            if event == "start_map":
                self._geometry(events, depth + 1)
            elif event == "start_array":
                _skip(events, depth + 1)

    def _coordinates(self, events: Iterator[Event], depth: int) -> None:
        """Read nested arrays of positions; the first two numbers of the innermost ones are x and y."""
        position: list[Any] = []
        limit, add = MAX_DEPTH - depth, self._box.add
        opened = 1
        for event, value in events:
            if event == "number":
                position.append(value)
            elif event in _CLOSING:
                if len(position) >= 2:
                    add(_number(position[0]), _number(position[1]))
                position = []
                opened -= 1
                if not opened:
                    return
            elif event in _OPENING:
                position = []
                opened += 1
                if opened > limit:
                    raise TooDeep
            elif event != "map_key":
                position.append(math.nan)

    def _declared_crs(self, events: Iterator[Event]) -> None:
        """Read the old « crs » member (GeoJSON 2008, section 3): a name, or an EPSG code."""
        opened, key = 1, ""
        for event, value in events:
            if event == "map_key":
                key = value
            elif event in _OPENING:
                opened += 1
                if opened > MAX_DEPTH:
                    raise TooDeep
            elif event in _CLOSING:
                opened -= 1
                if not opened:
                    return
            elif opened == 2 and (key, event) in (("name", "string"), ("code", "number")):
                self._crs = crs_named(str(value)[:_MAX_LABEL])


def crs_named(name: str) -> str:
    """Return « EPSG:2154 » for the ways a GeoJSON names a coordinate system; an unknown name is cleaned and cut."""
    code = _EPSG.search(name.strip())
    if code:
        return f"EPSG:{code[1] or code[2]}"
    if name.upper().endswith("CRS84"):
        return "EPSG:4326"
    return "".join(character for character in name if character.isprintable())[:80].strip()


def _check(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise TooDeep


def _skip(events: Iterator[Event], depth: int) -> None:
    """Pass over the container just opened, at that depth."""
    limit = MAX_DEPTH - depth + 1
    opened = 1
    if limit < 1:
        raise TooDeep
    for event, _ in events:
        if event in _OPENING:
            opened += 1
            if opened > limit:
                raise TooDeep
        elif event in _CLOSING:
            opened -= 1
            if not opened:
                return


def _number(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _text(event: str, value: Any) -> str:
    """Return a scalar as the text of a cell."""
    if event == "string":
        return str(value[:_MAX_CELL])
    if event == "boolean":
        return "true" if value else "false"
    return "" if value is None else str(value)[:_MAX_CELL]
