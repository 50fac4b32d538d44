"""Reads a GeoPackage's own tables through SQLite, without ever letting the file run anything (OGC 12-128r18)."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from opendata_check.coordinates import crs_named
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.label_masking import masked
from opendata_check.inspection.spatial.apparent import BBox, apparent_crs
from opendata_check.inspection.spatial.extent import dominant
from opendata_check.inspection.spatial.geometry import Shapes
from opendata_check.inspection.spatial.wkb import WkbError, read_wkb
from opendata_check.model.content import Content
from opendata_check.model.facts import LayerFacts, SpatialFacts

MAX_SHAPES = 5_000
"""Shapes read in the main layer."""
SECONDS = 5.0
"""For the whole file."""
_MAX_LAYERS = 50
_MAX_CELL = 8_000_000
_STEPS = 20_000
_OWN = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys", "gpkg_ogr_contents", "gpkg_extensions")
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


@dataclass(frozen=True, slots=True)
class _Layer:
    table: str
    column: str
    kind: str
    crs: str
    box: BBox | None
    count: int | None
    """What the GeoPackage's own index of counts says; None when it says nothing."""


def read_geopackage(content: Content) -> SpatialFacts | None:
    """Return the layers of a GeoPackage and what its first one holds, None when it holds no map.

    The file is opened read-only and as one that nobody changes: no journal is made or replayed. Only real tables are
    asked, by their names: no view, virtual table, trigger or function of the file is run, and the time is bounded.
    Raises InspectionError when the file is damaged.
    """
    try:
        base = sqlite3.connect(f"{content.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, timeout=0.1)
    except sqlite3.Error as error:
        raise _damaged() from error
    try:
        _guard(base)
        return _facts(base)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise _damaged() from error
    finally:
        base.close()


def _damaged() -> InspectionError:
    return InspectionError(
        "le fichier GeoPackage est abîmé ou ne peut pas être lu",
        remedy="Exportez la couche de nouveau au format GeoPackage.",
    )


def _guard(base: sqlite3.Connection) -> None:
    """Bound what the file can cost, and refuse everything but reading."""
    ends = time.monotonic() + SECONDS
    base.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    base.execute("PRAGMA trusted_schema=OFF")
    base.execute("PRAGMA cell_size_check=ON")
    base.execute("PRAGMA mmap_size=0")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_CELL)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.text_factory = lambda raw: raw.decode("utf-8", "replace")
    base.set_authorizer(_authorized)


def _authorized(action: int, first: str | None, second: str | None, *_rest: object) -> int:
    known = action == sqlite3.SQLITE_FUNCTION and second == "count"
    return sqlite3.SQLITE_OK if action in _ALLOWED or known else sqlite3.SQLITE_DENY


def _facts(base: sqlite3.Connection) -> SpatialFacts | None:
    tables = _real_tables(base)
    layers = _layers(base, tables)
    if not layers:
        return None
    main = layers[0]
    shapes = Shapes(counter_clockwise=False)
    read, whole = _read_shapes(base, main, shapes)
    count = _count(base, main) if main.count is None else main.count
    count = read if count is None else count
    found = shapes.facts(carrier="geopackage", feature_count=count, declared=main.crs)
    box = main.box or found.bbox
    summaries = tuple(LayerFacts(one.table[:200], one.count, one.kind, one.crs) for one in layers)
    return replace(
        found,
        geometry_types=(main.kind,) if main.kind not in ("", "Geometry") else found.geometry_types,
        bbox=box if count else None,
        apparent_crs=dominant(found.systems, box, apparent_crs(box)) if count else "",
        layers=summaries,
        layer_count=len(layers),
        partly_read=not whole or read < count,
        indexed=all(f"rtree_{one.table}_{one.column}".casefold() in tables for one in layers),
    )


def _real_tables(base: sqlite3.Connection) -> frozenset[str]:
    """Return the names (folded) of what are tables, « rtree_… » indexes included by their name alone."""
    rows = base.execute("SELECT name, type, sql FROM sqlite_master LIMIT 20000")
    found = set()
    for name, kind, sql in rows:
        virtual = isinstance(sql, str) and sql.lstrip().upper().startswith("CREATE VIRTUAL")
        if isinstance(name, str) and kind == "table" and (not virtual or name.casefold().startswith("rtree_")):
            found.add(name.casefold())
    return frozenset(found)


def _layers(base: sqlite3.Connection, tables: frozenset[str]) -> list[_Layer]:
    """Return the layers of shapes, in the order of the file, without those that are not tables."""
    if not {"gpkg_contents", "gpkg_geometry_columns"} <= tables:
        return []
    systems = _systems(base, tables)
    counts = _counts(base, tables)
    contents = {
        str(name): (kind, low_x, low_y, high_x, high_y)
        for name, kind, low_x, low_y, high_x, high_y in base.execute(
            f"SELECT table_name, data_type, min_x, min_y, max_x, max_y FROM gpkg_contents LIMIT {_MAX_LAYERS}"  # noqa: S608
        )
    }
    columns = {
        str(table): (str(column), str(kind), srs)
        for table, column, kind, srs in base.execute(
            f"SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns LIMIT {_MAX_LAYERS}"  # noqa: S608
        )
    }
    return [
        _Layer(name, columns[name][0], _kind(columns[name][1]), systems.get(columns[name][2], ""), _box(box),
               counts.get(name))
        for name, (kind, *box) in contents.items()
        if kind == "features" and name in columns and name.casefold() in tables and not name.startswith("rtree_")
    ]  # fmt: skip


def _systems(base: sqlite3.Connection, tables: frozenset[str]) -> dict[Any, str]:
    """Return the declared system by srs_id; -1 and 0 mean « undefined » (requirement 11)."""
    if "gpkg_spatial_ref_sys" not in tables:
        return {}
    rows = base.execute(
        "SELECT srs_id, organization, organization_coordsys_id, srs_name FROM gpkg_spatial_ref_sys LIMIT 2000"
    )
    found: dict[Any, str] = {}
    for srs, organization, code, name in rows:
        if srs in (-1, 0):
            continue
        known = str(organization).upper() == "EPSG" and isinstance(code, int)
        found[srs] = f"EPSG:{code}" if known else masked(crs_named(str(name)[:200]))
    return found


def _counts(base: sqlite3.Connection, tables: frozenset[str]) -> dict[str, int]:
    if "gpkg_ogr_contents" not in tables:
        return {}
    rows = base.execute(f"SELECT table_name, feature_count FROM gpkg_ogr_contents LIMIT {_MAX_LAYERS}")  # noqa: S608
    return {str(name): count for name, count in rows if isinstance(count, int) and count >= 0}


def _count(base: sqlite3.Connection, layer: _Layer) -> int | None:
    """Return how many rows the layer has, None when counting takes too long."""
    try:
        (count,) = base.execute(f"SELECT count(*) FROM {_quoted(layer.table)}").fetchone()  # noqa: S608
    except sqlite3.Error:
        return None
    return int(count)


def _read_shapes(base: sqlite3.Connection, layer: _Layer, shapes: Shapes) -> tuple[int, bool]:
    """Give the first shapes to ``shapes``; return how many, and whether nothing stopped the reading."""
    read = 0
    query = f"SELECT {_quoted(layer.column)} FROM {_quoted(layer.table)} LIMIT {MAX_SHAPES}"  # noqa: S608
    try:
        for (blob,) in base.execute(query):
            read += 1
            shapes.start(read)
            _shape(blob, shapes)
            shapes.end()
    except sqlite3.Error:
        return read, False
    return read, True


def _shape(blob: object, shapes: Shapes) -> None:
    """Give one geometry to ``shapes``: a header, an optional box, then well-known binary (section 2.1.3)."""
    if blob is None:
        shapes.note("null")
        return
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        shapes.note("mismatch")
        return
    flags = blob[3]
    if flags & 0x10:
        shapes.note("empty")
        return
    try:
        read_wkb(blob, 8 + _ENVELOPES.get((flags >> 1) & 7, 0), shapes)
    except WkbError:
        shapes.note("mismatch")


def _kind(name: str) -> str:
    """Return the type in GeoJSON's words: POINT → Point."""
    known = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
    return next((kind for kind in known if kind.upper() == name.upper()), "")


def _box(figures: Iterable[object]) -> BBox | None:
    values = [float(value) for value in figures if isinstance(value, int | float) and math.isfinite(value)]
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("\0", "") + '"'
