"""Completes what was read of a file with the map it holds: each format by its own reader."""

from __future__ import annotations

from dataclasses import replace

from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, ContentFacts, SpatialFacts

MAPS = ("gpkg", "shp")
"""Formats that nothing else reads; « shp » is also what a .dbf, a .shx or a .prj alone is called."""
_HEAD = 65_536
_GML_MARK = b"opengis.net/gml"


def with_map(content: Content, facts: ContentFacts, kind: str = "") -> ContentFacts:
    """Return the facts with the map of the file, when it holds one; a damaged map leaves its reason in ``fault``.

    ``kind`` says what an archive is (``kmz``, ``shapefile-zip``).
    """
    try:
        spatial = _map_of(content, facts, kind or facts.envelope.detected)
    except InspectionError as error:
        return replace(facts, fault=facts.fault or str(error))
    return replace(facts, spatial=spatial) if spatial is not None else facts


def _map_of(content: Content, facts: ContentFacts, kind: str) -> SpatialFacts | None:
    if kind in ("kmz", "shapefile-zip"):
        return _archived(content, facts.archive, kind) if facts.archive is not None else None
    if kind == "gpkg":
        from opendata_check.inspection.spatial.geopackage import read_geopackage

        return read_geopackage(content)
    if kind == "shp":
        from opendata_check.inspection.spatial.shapefile import read_shapefile

        return read_shapefile(content) if facts.envelope.extension == "shp" else None
    if kind == "kml":
        from opendata_check.inspection.spatial.kml import read_kml

        return read_kml(content)
    if kind == "xml" and _speaks_gml(content):
        from opendata_check.inspection.spatial.gml import read_gml

        return read_gml(content)
    return None


def _archived(content: Content, archive: ArchiveFacts, kind: str) -> SpatialFacts | None:
    if kind == "kmz":
        from opendata_check.inspection.spatial.kml import read_kmz

        return read_kmz(content, archive)
    from opendata_check.inspection.spatial.shapefile import read_shapefile_zip

    return read_shapefile_zip(content, archive)


def _speaks_gml(content: Content) -> bool:
    """Return whether the beginning of an XML names GML."""
    try:
        with content.path.open("rb") as file:
            return _GML_MARK in file.read(_HEAD)
    except OSError:
        return False
