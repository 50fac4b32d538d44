"""GeoPackage, KML, GML and shapefiles from real bytes: what they hold, what is wrong, and hostile ones."""

from __future__ import annotations

import random
import sqlite3
import struct
import time
import zipfile
from pathlib import Path

import pytest

from opendata_check.inspection import inspect
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.spatial.geopackage import read_geopackage
from opendata_check.inspection.spatial.gml import read_gml
from opendata_check.inspection.spatial.kml import read_kml
from opendata_check.inspection.spatial.shapefile import read_shapefile
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, SpatialFacts

PARIS = (652_469.0, 6_862_035.0)


def content(path: Path) -> Content:
    return Content(path, path.name, path.stat().st_size, path.name)


def seen(path: Path) -> ContentFacts:
    return inspect(content(path))


def spatial(path: Path) -> SpatialFacts:
    facts = seen(path).spatial
    assert facts is not None
    return facts


def kinds(facts: SpatialFacts) -> list[tuple[str, int]]:
    return [(fault.kind, fault.count) for fault in facts.faults]


# --- GeoPackage ------------------------------------------------------------------------------------------------------


def gp(wkb: bytes | None, flags: int = 1) -> bytes | None:
    return None if wkb is None else b"GP\x00" + bytes([flags]) + struct.pack("<i", 2154) + wkb


def point(x: float, y: float) -> bytes:
    return struct.pack("<BI2d", 1, 1, x, y)


def polygon(*ring: tuple[float, float]) -> bytes:
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(struct.pack("<2d", *position) for position in ring)


def geopackage(path: Path, shapes: list[bytes | None], *, srs: int = 2154, kind: str = "POINT", more: str = "") -> Path:
    base = sqlite3.connect(path)
    base.executescript(
        f"""
        PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT, description TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('RGF93', 2154, 'EPSG', 2154, '', ''), ('Undefined', -1, 'NONE', -1, '', '');
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,
            last_change TEXT, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
        INSERT INTO gpkg_contents VALUES ('bancs', 'features', 'bancs', '', '', NULL, NULL, NULL, NULL, {srs});
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
            z TINYINT, m TINYINT);
        INSERT INTO gpkg_geometry_columns VALUES ('bancs', 'geom', '{kind}', {srs}, 0, 0);
        CREATE TABLE bancs (fid INTEGER PRIMARY KEY, geom BLOB, nom TEXT);
        """
    )
    base.executemany("INSERT INTO bancs (geom, nom) VALUES (?, 'banc')", [(shape,) for shape in shapes])
    base.executescript(more)
    base.commit()
    base.close()
    return path


def test_a_geopackage_tells_its_layer(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", [gp(point(*PARIS)), gp(point(652_500.0, 6_862_100.0))])
    facts = spatial(path)
    assert seen(path).envelope.detected == "gpkg"
    assert (facts.carrier, facts.feature_count, facts.geometry_types) == ("geopackage", 2, ("Point",))
    assert (facts.declared_crs, facts.apparent_crs, facts.indexed) == ("EPSG:2154", "lambert93", False)
    assert [(layer.name, layer.declared_crs) for layer in facts.layers] == [("bancs", "EPSG:2154")]
    assert facts.cells[0].longitude == pytest.approx(2.352, abs=0.02)
    assert facts.faults == ()


def test_what_is_wrong_in_a_geopackage_is_counted(tmp_path: Path) -> None:
    bow_tie = polygon((0, 0), (10, 10), (10, 0), (0, 10), (0, 0))
    shapes = [gp(polygon(*[(x + 652_000, y + 6_862_000) for x, y in ((0, 0), (9, 0), (9, 9), (0, 0))])), None,
              gp(bow_tie), gp(b"\x01", 0x11), b"xx", gp(polygon((0, 0), (1, 1)))]  # fmt: skip
    facts = spatial(geopackage(tmp_path / "a.gpkg", shapes, kind="POLYGON"))
    assert kinds(facts) == [("crossing", 1), ("empty", 1), ("mismatch", 1), ("null", 1), ("too_few_points", 1)]
    assert next(fault.objects for fault in facts.faults if fault.kind == "null") == ((2, 2),)


def test_an_undefined_system_declares_nothing(tmp_path: Path) -> None:
    facts = spatial(geopackage(tmp_path / "a.gpkg", [gp(point(*PARIS))], srs=-1))
    assert (facts.declared_crs, facts.apparent_crs) == ("", "lambert93")


@pytest.mark.parametrize("header", ["big_endian", "z", "ewkb", "envelope"])
def test_every_writing_of_a_geometry_is_read(tmp_path: Path, header: str) -> None:
    made = {
        "big_endian": gp(struct.pack(">BI2d", 0, 1, *PARIS)),
        "z": gp(struct.pack("<BI3d", 1, 1001, *PARIS, 35.0)),
        "ewkb": gp(struct.pack("<BII2d", 1, 0x20000001, 2154, *PARIS)),
        "envelope": gp(struct.pack("<4d", PARIS[0], PARIS[0], PARIS[1], PARIS[1]) + point(*PARIS), 3),
    }
    facts = spatial(geopackage(tmp_path / "a.gpkg", [made[header]]))
    assert (facts.bbox, facts.faults) == ((*PARIS, *PARIS), ())
    assert facts.has_z is (header == "z")


def test_no_view_trigger_or_virtual_table_of_the_file_is_run(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x AS fid, x AS geom FROM t"
    more = f"""
        CREATE VIEW piege AS {endless};
        INSERT INTO gpkg_contents VALUES ('piege', 'features', '', '', '', 0, 0, 1, 1, 2154);
        INSERT INTO gpkg_geometry_columns VALUES ('piege', 'geom', 'POINT', 2154, 0, 0);
        CREATE TABLE temoin (n INTEGER);
        CREATE TRIGGER t AFTER INSERT ON bancs BEGIN INSERT INTO temoin VALUES (1); END;
    """
    path = geopackage(tmp_path / "a.gpkg", [gp(point(*PARIS))], more=more)
    before, started = path.read_bytes(), time.monotonic()
    facts = spatial(path)
    assert time.monotonic() - started < 3
    assert [layer.name for layer in facts.layers] == ["bancs"]
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [path]


def test_contents_that_are_an_endless_view_hold_no_map(tmp_path: Path) -> None:
    more = """
        ALTER TABLE gpkg_contents RENAME TO vrai;
        CREATE VIEW gpkg_contents AS WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t)
            SELECT x AS table_name, 'features' AS data_type, 1 AS min_x, 1 AS min_y, 1 AS max_x, 1 AS max_y FROM t;
    """
    path = geopackage(tmp_path / "a.gpkg", [gp(point(*PARIS))], more=more)
    assert read_geopackage(content(path)) is None


def test_a_name_that_is_sql_stays_a_name(tmp_path: Path) -> None:
    more = """
        UPDATE gpkg_contents SET table_name = 'bancs"; DROP TABLE bancs; --';
        UPDATE gpkg_geometry_columns SET table_name = 'bancs"; DROP TABLE bancs; --';
    """
    path = geopackage(tmp_path / "a.gpkg", [gp(point(*PARIS))], more=more)
    assert read_geopackage(content(path)) is None


def test_a_journal_beside_is_not_replayed(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", [gp(point(*PARIS))])
    (tmp_path / "a.gpkg-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    (tmp_path / "a.gpkg-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(600))
    assert spatial(path).feature_count == 1
    assert len(list(tmp_path.iterdir())) == 3


def test_a_large_layer_is_read_in_part_and_says_so(tmp_path: Path) -> None:
    facts = spatial(geopackage(tmp_path / "a.gpkg", [gp(point(*PARIS))] * 6_000))
    assert (facts.feature_count, facts.partly_read, sum(count for _, count in facts.systems)) == (6_000, True, 5_000)


def test_damaged_geopackages_give_facts_or_a_fault(tmp_path: Path) -> None:
    source = geopackage(tmp_path / "source.gpkg", [gp(point(*PARIS))] * 300).read_bytes()
    path = tmp_path / "a.gpkg"
    for seed in range(150):
        chance = random.Random(seed)
        data = bytearray(source[: len(source) if seed % 3 else chance.randrange(100, len(source))])
        for _ in range(chance.choice([1, 5, 100])):
            data[chance.randrange(100, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            read_geopackage(content(path))
        except InspectionError:
            continue


# --- KML -------------------------------------------------------------------------------------------------------------

KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>{}</Folder>
</Document></kml>"""


def placemark(inner: str) -> str:
    return f"<Placemark><name>Banc</name>{inner}</Placemark>"


def kml(path: Path, *placemarks: str) -> Path:
    path.write_text(KML.format("".join(placemarks)), encoding="utf-8")
    return path


def test_a_kml_tells_its_placemarks(tmp_path: Path) -> None:
    ring = "2.3,48.8,0 2.4,48.8,0\n2.4,48.9,0 2.3,48.8,0"
    facts = spatial(
        kml(
            tmp_path / "a.kml",
            placemark("<Point><coordinates> 2.35,48.85,12 </coordinates></Point>"),
            placemark("<LineString><coordinates>2.35,48.85 2.36,48.86</coordinates></LineString>"),
            placemark(
                "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
                f"{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
            ),
        )
    )
    assert (facts.carrier, facts.feature_count) == ("kml", 3)
    assert facts.geometry_types == ("LineString", "Point", "Polygon")
    assert (facts.declared_crs, facts.apparent_crs, facts.has_z) == ("EPSG:4326", "wgs84", True)
    assert facts.bbox == (2.3, 48.8, 2.4, 48.9)
    assert (facts.faults, facts.external_links) == ((), 0)


def test_what_is_wrong_in_a_kml_is_counted(tmp_path: Path) -> None:
    facts = spatial(
        kml(
            tmp_path / "a.kml",
            placemark(""),
            placemark("<Point><coordinates></coordinates></Point>"),
            placemark("<Point><coordinates>abc,def</coordinates></Point>"),
            placemark("<Point><coordinates>48.85,2.35</coordinates></Point>"),
            placemark("<LineString><coordinates>2.35,48.85</coordinates></LineString>"),
        )
    )
    assert kinds(facts) == [("empty", 2), ("not_numbers", 1), ("null", 1), ("too_few_points", 1)]
    assert dict(facts.systems) == {"swapped": 1, "wgs84": 1}


def test_links_to_elsewhere_are_counted_but_not_the_pictures_of_markers(tmp_path: Path) -> None:
    style = "<Style><IconStyle><Icon><href>http://maps.example/pin.png</href></Icon></IconStyle></Style>"
    link = "<NetworkLink><Link><href>https://ailleurs.example/tout.kml</href></Link></NetworkLink>"
    inside = "<NetworkLink><Link><href>dedans.kml</href></Link></NetworkLink>"
    one = placemark("<Point><coordinates>2.35,48.85</coordinates></Point>")
    assert spatial(kml(tmp_path / "a.kml", style, one)).external_links == 0
    assert spatial(kml(tmp_path / "b.kml", link, inside, one)).external_links == 1
    alone = spatial(kml(tmp_path / "c.kml", link))
    assert (alone.feature_count, alone.external_links) == (0, 1)


def test_a_kmz_is_read_by_its_main_document(tmp_path: Path) -> None:
    one = kml(tmp_path / "doc.kml", placemark("<Point><coordinates>2.35,48.85</coordinates></Point>"))
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(one, "doc.kml")
        archive.writestr("files/pin.png", b"\x89PNG")
    assert (spatial(path).carrier, spatial(path).feature_count) == ("kml", 1)


def test_entities_and_broken_kml_end_the_reading_and_no_more(tmp_path: Path) -> None:
    bomb = tmp_path / "a.kml"
    bomb.write_text(
        '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&b;</name></Placemark></kml>'
    )
    assert read_kml(content(bomb)) is None
    cut = tmp_path / "b.kml"
    whole = KML.format(placemark("<Point><coordinates>2.35,48.85</coordinates></Point>") * 3)
    cut.write_text(whole[: whole.rindex("</Placemark>")])
    facts = read_kml(content(cut))
    assert facts is not None
    assert (facts.feature_count, facts.partly_read) == (3, True)


def test_an_endless_line_of_coordinates_is_read_as_it_comes(tmp_path: Path) -> None:
    positions = "2.35,48.85,0 2.36,48.86,0\n" * 200_000
    path = kml(tmp_path / "a.kml", placemark(f"<LineString><coordinates>{positions}</coordinates></LineString>"))
    facts = read_kml(content(path))
    assert facts is not None
    assert (facts.feature_count, facts.faults) == (1, ())
    word = kml(tmp_path / "b.kml", placemark(f"<Point><coordinates>{'1' * 3_000_000}</coordinates></Point>"))
    facts = read_kml(content(word))
    assert facts is not None
    assert ("not_numbers", 1) in kinds(facts)


# --- GML -------------------------------------------------------------------------------------------------------------

GML = """<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0"
xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:v="http://ville.example/v">
<wfs:boundedBy><gml:Envelope srsName="{srs}"><gml:lowerCorner>0 0</gml:lowerCorner></gml:Envelope></wfs:boundedBy>{features}
</wfs:FeatureCollection>"""


def gml(path: Path, srs: str, *shapes: str) -> Path:
    features = "".join(
        f'<wfs:member><v:Banc gml:id="b{rank}"><v:nom>Banc</v:nom><v:geom>{shape}</v:geom></v:Banc></wfs:member>'
        for rank, shape in enumerate(shapes)
    )
    path.write_text(GML.format(srs=srs, features=features))
    return path


def gml_point(x: float, y: float) -> str:
    return f"<gml:Point><gml:pos>{x} {y}</gml:pos></gml:Point>"


@pytest.mark.parametrize(
    ("srs", "position", "apparent"),
    [
        ("urn:ogc:def:crs:EPSG::4326", (48.85, 2.35), "wgs84"),
        ("urn:ogc:def:crs:EPSG::4326", (2.35, 48.85), "swapped"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", (48.85, 2.35), "wgs84"),
        ("EPSG:4326", (2.35, 48.85), "wgs84"),
        ("EPSG:4326", (48.85, 2.35), "swapped"),
        ("urn:ogc:def:crs:EPSG::2154", PARIS, "lambert93"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", (2.35, 48.85), "wgs84"),
    ],
)
def test_the_name_of_a_system_gives_the_order_of_its_axes(
    tmp_path: Path, srs: str, position: tuple[float, float], apparent: str
) -> None:
    facts = spatial(gml(tmp_path / "a.gml", srs, gml_point(*position)))
    assert (facts.carrier, facts.feature_count, facts.apparent_crs) == ("gml", 1, apparent)


def test_every_shape_of_a_gml_is_read(tmp_path: Path) -> None:
    ring = "<gml:{0}><gml:LinearRing><gml:posList>{1}</gml:posList></gml:LinearRing></gml:{0}>"
    square = ring.format("exterior", "0 0 10 0 10 10 0 10 0 0")
    bow_tie = ring.format("exterior", "0 0 10 10 10 0 0 10 0 0")
    facts = spatial(
        gml(
            tmp_path / "a.gml",
            "EPSG:2154",
            f"<gml:Polygon>{square}</gml:Polygon>",
            f"<gml:Polygon>{bow_tie}</gml:Polygon>",
            '<gml:LineString srsDimension="3"><gml:posList>0 0 5 1 1 5</gml:posList></gml:LineString>',
            "<gml:LineString><gml:coordinates>0,0 1,1</gml:coordinates></gml:LineString>",
            "<gml:LineString><gml:pos>0 0</gml:pos><gml:pos>1 1</gml:pos></gml:LineString>",
            "<gml:Point><gml:pos>a b</gml:pos></gml:Point>",
        )
    )
    assert facts.geometry_types == ("LineString", "Point", "Polygon")
    assert (facts.feature_count, facts.has_z) == (6, True)
    assert kinds(facts) == [("crossing", 1), ("empty", 1), ("not_numbers", 1)]


def test_an_xml_without_places_is_no_map(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<marches><marche><objet>Bancs</objet></marche></marches>")
    assert seen(path).spatial is None
    path.write_text('<a xmlns:gml="http://www.opengis.net/gml"><b/></a>')
    assert read_gml(content(path)) is None


# --- Shapefile -------------------------------------------------------------------------------------------------------


def shp(*bodies: bytes, shape: int = 5) -> bytes:
    records = b"".join(struct.pack(">2i", rank, len(body) // 2) + body for rank, body in enumerate(bodies, start=1))
    words = (100 + len(records)) // 2
    box = (652_000.0, 6_862_000.0, 653_000.0, 6_863_000.0)
    return (
        struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i8d", 1000, shape, *box, 0, 0, 0, 0) + records
    )


def shape_polygon(*ring: tuple[float, float]) -> bytes:
    ring = tuple((x + 652_000, y + 6_862_000) for x, y in ring)
    return (
        struct.pack("<i4d2ii", 5, 0, 0, 0, 0, 1, len(ring), 0)
        + b"".join(struct.pack("<2d", *position) for position in ring)
    )  # fmt: skip


def test_the_first_shapes_of_a_layer_are_looked_at(tmp_path: Path) -> None:
    good = shape_polygon((0, 0), (0, 10), (10, 10), (0, 0))
    bow_tie = shape_polygon((0, 0), (10, 10), (10, 0), (0, 10), (0, 0))
    open_ring = shape_polygon((0, 0), (0, 10), (10, 10), (10, 0))
    path = tmp_path / "parcs.shp"
    path.write_bytes(shp(good, bow_tie, open_ring, struct.pack("<i", 0)))
    (tmp_path / "parcs.shx").write_bytes(shp() + bytes(32))
    facts = spatial(path)
    assert (facts.feature_count, facts.apparent_crs, facts.partly_read) == (4, "lambert93", False)
    assert kinds(facts) == [("crossing", 1), ("null", 1), ("unclosed", 1)]
    assert facts.missing == (".dbf", ".prj")


def test_a_dbf_says_its_encoding_or_misses_a_cpg(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    path.write_bytes(shp())
    (tmp_path / "a.dbf").write_bytes(struct.pack("<4BIHH", 3, 24, 1, 1, 0, 33, 1) + bytes(17) + b"\x00" + bytes(3))
    facts = read_shapefile(content(path))
    assert facts is not None
    assert (facts.missing, facts.encoding) == ((".shx", ".prj", ".cpg"), "")
    (tmp_path / "a.cpg").write_text("UTF-8\n")
    facts = read_shapefile(content(path))
    assert facts is not None
    assert (facts.missing, facts.encoding) == ((".shx", ".prj"), "UTF-8")


def test_nothing_is_missing_beside_a_temporary_copy(tmp_path: Path) -> None:
    path = tmp_path / "tmp1234"
    path.write_bytes(shp())
    facts = read_shapefile(Content(path, "parcs.shp", 0, "https://ville.example/parcs.shp"))
    assert facts is not None
    assert facts.missing == ()


def test_an_archive_of_many_layers_tells_the_first_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for rank in range(3_000):
            archive.writestr(f"couche{rank:04}.shp", shp())
            archive.writestr(f"couche{rank:04}.shx", shp() + bytes(8))
    started = time.monotonic()
    facts = spatial(path)
    assert time.monotonic() - started < 10
    assert (facts.layer_count, len(facts.layers), facts.layers[0].feature_count) == (3_000, 20, 1)


def test_shapes_that_lie_about_their_size_end_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    good = shape_polygon((0, 0), (0, 10), (10, 10), (0, 0))
    for body in (
        good[:36] + struct.pack("<2i", 1, 2_000_000_000) + good[44:],
        good[:36] + struct.pack("<2i", -5, 4) + good[44:],
        good[:44] + struct.pack("<i", 77) + good[48:],
        good[:20],
    ):
        path.write_bytes(shp(good, body))
        (tmp_path / "a.shx").write_bytes(shp() + bytes(16))
        assert spatial(path).feature_count == 2
    path.write_bytes(shp(good) + struct.pack(">2i", 2, 0x7FFFFFFF) + bytes(50))
    assert spatial(path).partly_read
