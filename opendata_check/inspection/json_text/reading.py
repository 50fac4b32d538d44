"""Reads a JSON document as it streams: its shape, its GeoJSON geometries and the records its arrays hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opendata_check.coordinates import crs_named
from opendata_check.inspection.json_text.depth import CLOSING, OPENING, Event, TooDeep, check, skip
from opendata_check.inspection.json_text.geometry import GEOMETRIES, JsonGeometries
from opendata_check.inspection.json_text.records import MAX_LABELS, RecordTable
from opendata_check.inspection.json_text.syntax import MAX_DEPTH
from opendata_check.model.facts import PersonalDataHint, SpatialFacts

_MAX_TABLES = 8
_MAX_LABEL = 200
_MAX_KINDS = 20
_MAX_CELL = 2_000


class JsonReading:
    """What is learnt of one or several JSON documents while their events go by; nothing is kept of their values."""

    def __init__(self) -> None:
        self.documents = 0
        self.root = ""
        self.items: int | None = None
        self.features = 0
        self._scalars = 0
        self._kinds: set[str] = set()
        self._has_features = False
        self._map = JsonGeometries()
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
        bare = bool(self._kinds) and self._kinds <= GEOMETRIES
        if not (collection or features or bare):
            return None
        count = self.features if collection else self.documents
        return self._map.shapes.facts(carrier="geojson", feature_count=count, declared=self._crs)

    def personal(self) -> tuple[PersonalDataHint, ...]:
        """Return the hints of personal data of all the arrays of records."""
        return tuple(hint for table in self._tables.values() for hint in table.personal())

    def _root_object(self, events: Iterator[Event]) -> None:
        """Read the object at the root: a GeoJSON of any kind, a line of JSON lines, or what wraps arrays."""
        record: dict[str, str] = {}
        key, kind, levels = "", "", 0
        self._map.start(self.documents)
        for event, value in events:
            if event == "map_key":
                key = value[:_MAX_LABEL]
            elif event == "end_map":
                break
            elif key == "features" and event == "start_array":
                self._has_features = True
                self.items = self._features(events)
            elif key == "coordinates" and event == "start_array":
                levels = self._map.coordinates(events, 2)
            elif key == "crs" and event == "start_map":
                self._declared_crs(events)
            elif key in ("geometry", "properties", "geometries") and event in OPENING:
                self._feature_part(key, event, events, record, 2)
            elif event in OPENING:
                self._wrapped(event, events, key, record, 2)
            else:
                if key == "type" and event == "string":
                    kind = value[:_MAX_LABEL]
                    self._has_kind(kind)
                elif key == "geometry" and event == "null":
                    self._map.shapes.note("null")
                if len(record) < MAX_LABELS:
                    record[key] = _text(event, value)
        if not kind:
            self._has_kind("")
        if kind in GEOMETRIES:
            self._map.close(kind, levels)
        if kind in GEOMETRIES or kind == "Feature":
            self._map.end()
        if record:
            self._table("").add(self.documents, record)

    def _has_kind(self, kind: str) -> None:
        """Record the type a root object gives itself, at once: the text may break before its end."""
        if len(self._kinds) < _MAX_KINDS:
            self._kinds.add(kind)

    def _wrapped(self, opening: str, events: Iterator[Event], path: str, record: dict[str, str], depth: int) -> None:
        """Read a value that lies under objects only: an array of it holds records, its scalars join the root's."""
        check(depth)
        if opening == "start_array":
            self._records(events, path, depth)
            return
        key = ""
        for event, value in events:
            if event == "map_key":
                key = f"{path[:_MAX_LABEL]}.{value[:_MAX_LABEL]}"
            elif event == "end_map":
                return
            elif event in OPENING:
                self._wrapped(event, events, key, record, depth + 1)
            elif len(record) < MAX_LABELS:
                record[key] = _text(event, value)

    def _records(self, events: Iterator[Event], path: str, depth: int) -> int:
        """Read an array, each object of it as a record; return how many items it has."""
        check(depth)
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
                skip(events, depth + 1)
        return count

    def _table(self, path: str) -> RecordTable:
        """Return the table of the records at that path; beyond a few paths they are read together."""
        if path not in self._tables and len(self._tables) >= _MAX_TABLES:
            path = next(reversed(self._tables))
        return self._tables.setdefault(path, RecordTable())

    def _record(self, events: Iterator[Event], record: dict[str, str], prefix: str, depth: int) -> None:
        """Read an object into ``record``; what nests two levels deep is named « lieu.commune »."""
        check(depth)
        key = ""
        for event, value in events:
            if event == "map_key":
                key = prefix + value[:_MAX_LABEL]
            elif event == "end_map":
                return
            elif event == "start_map" and prefix.count(".") < 2:
                self._record(events, record, f"{key}.", depth + 1)
            elif event in OPENING:
                skip(events, depth + 1)
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
                skip(events, 3)
        return count

    def _feature(self, events: Iterator[Event]) -> None:
        record: dict[str, str] = {}
        key = ""
        has_geometry = False
        self._map.start(self.features)
        for event, value in events:
            if event == "map_key":
                key = value
            elif event == "end_map":
                break
            elif event in OPENING:
                has_geometry = has_geometry or key == "geometry"
                self._feature_part(key, event, events, record, 4)
        if not has_geometry:
            self._map.shapes.note("null")
        self._map.end()
        if record:
            self._table("features").add(self.features, record)

    def _feature_part(self, key: str, event: str, events: Iterator[Event], record: dict[str, str], depth: int) -> None:
        """Read the geometry, the properties or anything else a feature holds."""
        if key == "geometry" and event == "start_map":
            self._map.geometry(events, depth)
        elif key == "properties" and event == "start_map":
            self._record(events, record, "", depth)
        elif key == "geometries" and event == "start_array":
            self._map.collection(events, depth)
        else:
            skip(events, depth)

    def _declared_crs(self, events: Iterator[Event]) -> None:
        """Read the old « crs » member (GeoJSON 2008, section 3): a name, or an EPSG code."""
        opened, key = 1, ""
        for event, value in events:
            if event == "map_key":
                key = value
            elif event in OPENING:
                opened += 1
                if opened > MAX_DEPTH:
                    raise TooDeep
            elif event in CLOSING:
                opened -= 1
                if not opened:
                    return
            elif opened == 2 and (key, event) in (("name", "string"), ("code", "number")):
                self._crs = crs_named(str(value)[:_MAX_LABEL])


def _text(event: str, value: Any) -> str:
    """Return a scalar as the text of a cell."""
    if event == "string":
        return str(value[:_MAX_CELL])
    if event == "boolean":
        return "true" if value else "false"
    return "" if value is None else str(value)[:_MAX_CELL]
