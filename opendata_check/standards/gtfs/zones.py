"""Reads the zones of on-demand services (locations.geojson) as a stream: no coordinate is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opendata_check.standards.decp.json_reading import events
from opendata_check.standards.decp.nodes import MAX_DEPTH, Broken
from opendata_check.standards.gtfs.gathering import Gathering
from opendata_check.standards.gtfs.store import LONGEST_ID, MAX_IDS

NAME = "locations.geojson"
_FEATURE = ("features", "")
_OPENING = ("start_map", "start_array")


@dataclass(slots=True)
class _Zone:
    line: int
    id: str = ""
    type: str = ""
    geometry: str = ""


def zones(path: Path, found: Gathering) -> set[str]:
    """Return the ids of the zones; what is wrong goes to ``found``, by line. Source: GTFS reference, RFC 7946."""
    ids: set[str] = set()
    try:
        _read(path, ids, found)
    except Broken as broken:
        found.add("gtfs.geojson", NAME, row=broken.line, remedy=broken.remedy)
    return ids


def _read(path: Path, ids: set[str], found: Gathering) -> None:
    way: list[str] = []
    zone: _Zone | None = None
    root, opened = "", ""
    for event, value, line in events(path):
        here = tuple(way)
        if event == "map_key":
            way[-1] = value[:100]
        elif event in _OPENING:
            opened = opened or event
            if here == _FEATURE and event == "start_map":
                zone = _Zone(line)
            way.append("")
            if len(way) > MAX_DEPTH:
                raise Broken("decp.demesure", line)
        elif event in ("end_map", "end_array"):
            way.pop()
            if zone is not None and tuple(way) == _FEATURE:
                _judge(zone, ids, found)
                zone = None
        elif event == "string" and here == ("type",):
            root = value
        elif zone is not None and event in ("string", "number"):
            _note(zone, here[2:], str(value))
    if root != "FeatureCollection" or opened != "start_map":
        found.add("gtfs.geojson", NAME, "type")


def _note(zone: _Zone, way: tuple[str, ...], value: str) -> None:
    """Keep what the reference says of a zone."""
    if way == ("id",):
        zone.id = value[:LONGEST_ID]
    elif way == ("type",):
        zone.type = value[:LONGEST_ID]
    elif way == ("geometry", "type"):
        zone.geometry = value[:LONGEST_ID]


def _judge(zone: _Zone, ids: set[str], found: Gathering) -> None:
    if zone.type != "Feature":
        found.add("gtfs.geojson", NAME, "features.type", zone.line)
    if zone.geometry not in ("Polygon", "MultiPolygon"):
        found.add("gtfs.geojson", NAME, "features.geometry.type", zone.line, zone.geometry)
    if not zone.id:
        found.add("gtfs.geojson", NAME, "features.id", zone.line)
    elif zone.id in ids:
        found.add("gtfs.cle_double", NAME, "features.id", zone.line, zone.id)
    elif len(ids) < MAX_IDS:
        ids.add(zone.id)
