"""Shapefiles' headers, coordinate systems by their name and by their figures."""

from __future__ import annotations

import random
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.coordinates import systems
from opendata_check.inspection import spatial
from opendata_check.inspection.archives import zip as archive
from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content
from opendata_check.model.facts import SpatialFacts

LAMBERT93_BOX = (652_000.0, 6_862_000.0, 653_000.0, 6_863_000.0)
LAMBERT93_PRJ = (
    'PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.25]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],'
    'UNIT["Meter",1.0]]'
)


def shp(box: tuple[float, float, float, float], *, shape: int = 5) -> bytes:
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50) + struct.pack("<2i8d", 1000, shape, *box, 0, 0, 0, 0)


def shx(count: int) -> bytes:
    return shp(LAMBERT93_BOX) + bytes(8 * count)


def read(path: Path, members: dict[str, bytes]) -> SpatialFacts | None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    content = Content(path, path.name, 0, path.name)
    return spatial.read_shapefile_zip(content, archive.read_zip(content))


def test_a_zipped_layer_says_its_box_type_count_and_system(tmp_path: Path) -> None:
    facts = read(
        tmp_path / "a.zip",
        {"p/voies.shp": shp(LAMBERT93_BOX, shape=3), "p/voies.shx": shx(12), "p/voies.prj": LAMBERT93_PRJ.encode()},
    )
    assert facts is not None
    assert (facts.geometry_types, facts.feature_count, facts.bbox) == (("LineString",), 12, LAMBERT93_BOX)
    assert (facts.declared_crs, facts.apparent_crs, facts.carrier) == ("EPSG:2154", "lambert93", "shapefile")


def test_a_missing_prj_declares_nothing(tmp_path: Path) -> None:
    facts = read(tmp_path / "a.zip", {"voies.shp": shp(LAMBERT93_BOX), "voies.shx": shx(1)})
    assert facts is not None
    assert (facts.declared_crs, facts.apparent_crs) == ("", "lambert93")


def test_without_shx_the_dbf_gives_the_count(tmp_path: Path) -> None:
    dbf = struct.pack("<4BI", 3, 24, 1, 1, 77) + bytes(24)
    facts = read(tmp_path / "a.zip", {"VOIES.SHP": shp(LAMBERT93_BOX, shape=11), "VOIES.DBF": dbf})
    assert facts is not None
    assert (facts.feature_count, facts.geometry_types) == (77, ("Point",))


def test_an_empty_layer_has_no_box(tmp_path: Path) -> None:
    facts = read(tmp_path / "a.zip", {"v.shp": shp((0, 0, 0, 0)), "v.shx": shx(0)})
    assert facts is not None
    assert (facts.feature_count, facts.bbox, facts.apparent_crs) == (0, None, "")


def test_the_first_layer_by_name_is_read(tmp_path: Path) -> None:
    facts = read(
        tmp_path / "a.zip",
        {"b.shp": shp(LAMBERT93_BOX), "b.shx": shx(2), "a.shp": shp((2.0, 48.0, 3.0, 49.0)), "a.shx": shx(5)},
    )
    assert facts is not None
    assert (facts.feature_count, facts.apparent_crs) == (5, "wgs84")


def test_neighbours_with_a_longer_name_are_not_taken(tmp_path: Path) -> None:
    facts = read(tmp_path / "a.zip", {"a.shp": shp(LAMBERT93_BOX), "a.shx": shx(5), "ab.prj": LAMBERT93_PRJ.encode()})
    assert facts is not None
    assert facts.declared_crs == ""


def test_an_archive_without_layer_gives_none(tmp_path: Path) -> None:
    assert read(tmp_path / "a.zip", {"a.csv": b"x"}) is None


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 200])
def test_a_layer_that_is_none_gives_a_french_fault(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InspectionError, match="shapefile"):
        read(tmp_path / "a.zip", {"a.shp": data, "a.shx": shx(1)})


def test_a_bomb_in_place_of_a_layer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="anormal"):
        read(tmp_path / "a.zip", {"a.shp": bytes(50_000_000), "a.shx": shx(1)})


def test_a_layer_on_disk_finds_the_prj_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a[1].shp").write_bytes(shp(LAMBERT93_BOX))
    (tmp_path / "a[1].SHX").write_bytes(shx(3))
    (tmp_path / "a[1].prj").write_text(LAMBERT93_PRJ)
    (tmp_path / "a1.prj").write_text("")
    facts = spatial.read_shapefile(Content(tmp_path / "a[1].shp", "a[1].shp", 0, "a[1].shp"))
    assert facts is not None
    assert (facts.declared_crs, facts.feature_count) == ("EPSG:2154", 3)


def test_damaged_bytes_give_facts_or_a_fault_and_nothing_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "source.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.shp", shp(LAMBERT93_BOX) + bytes(500))
        file.writestr("a.shx", shx(50))
        file.writestr("a.prj", LAMBERT93_PRJ)
    source = (tmp_path / "source.zip").read_bytes()
    path = tmp_path / "a.zip"
    for seed in range(400):
        chance = random.Random(seed)
        data = bytearray(source)
        for _ in range(chance.choice([1, 3, 20])):
            data[chance.randrange(len(data))] = chance.choice([0, 255, chance.randrange(256)])
        path.write_bytes(data)
        content = Content(path, path.name, 0, path.name)
        try:
            spatial.read_shapefile_zip(content, archive.read_zip(content))
        except InspectionError:
            continue


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        (LAMBERT93_PRJ, "EPSG:2154"),
        ('PROJCS["RGF93 / Lambert-93",GEOGCS["RGF93",AUTHORITY["EPSG","4171"]],AUTHORITY["EPSG","2154"]]', "EPSG:2154"),
        ('PROJCS["RGF93 v1 / Lambert-93",GEOGCS["RGF93",AUTHORITY["EPSG","4171"]]]', "EPSG:2154"),
        ('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]', "EPSG:4326"),
        ('PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984"]]', "EPSG:3857"),
        ('PROJCS["RGF93 / CC48",GEOGCS["RGF93"]]', "EPSG:3948"),
        ('PROJCS["RGF_1993_CC50",GEOGCS["RGF93"]]', "EPSG:3950"),
        ('PROJCS["NTF (Paris) / Lambert zone II"]', "EPSG:27572"),
        ('\ufeffPROJCS["Maison\x00 mère"]'.lstrip("\ufeff"), "Maison mère"),
        ("", ""),
        ("n'importe quoi", ""),
        ('PROJCS["', ""),
        ("[" * 10_000, ""),
    ],
)
def test_a_prj_is_known_by_its_name_or_code(text: str, crs: str) -> None:
    assert spatial.crs_of_prj(text) == crs


@pytest.mark.parametrize(
    ("box", "crs"),
    [
        (LAMBERT93_BOX, "lambert93"),
        ((125_000.0, 6_780_000.0, 150_000.0, 6_850_000.0), "lambert93"),  # Finistère
        ((1_160_000.0, 6_050_000.0, 1_240_000.0, 6_230_000.0), "lambert93"),  # Corse
        ((99_000.0, 6_046_000.0, 1_243_000.0, 7_110_000.0), "lambert93"),  # toute la métropole
        ((261_000.0, 6_249_000.0, 262_000.0, 6_251_000.0), "web-mercator"),  # Paris
        ((-500_000.0, 6_150_000.0, -490_000.0, 6_170_000.0), "web-mercator"),  # Bretagne
        ((2.2, 48.8, 2.4, 48.9), "wgs84"),
        ((-61.2, 14.3, -60.8, 14.9), "wgs84"),  # Martinique
        ((48.8, 2.2, 48.9, 2.4), "swapped"),
        ((1_650_000.0, 8_180_000.0, 1_660_000.0, 8_190_000.0), "lambert-cc"),  # CC49
        ((1_300_000.0, 1_190_000.0, 1_310_000.0, 1_200_000.0), "lambert-cc"),  # CC42
        ((600_000.0, 2_400_000.0, 610_000.0, 2_410_000.0), "lambert2"),  # Paris, Lambert II étendu
        ((700_000.0, 1_615_000.0, 720_000.0, 1_640_000.0), "utm20n"),  # Martinique
        ((655_000.0, 1_790_000.0, 656_000.0, 1_791_000.0), ""),  # Guadeloupe in UTM, or Aude in Lambert II
        ((350_000.0, 540_000.0, 356_000.0, 546_000.0), "utm22n"),  # Cayenne
        ((338_000.0, 7_689_000.0, 345_000.0, 7_692_000.0), "utm40s"),  # Saint-Denis de La Réunion
        ((520_000.0, 8_586_000.0, 530_000.0, 8_592_000.0), "utm38s"),  # Mayotte
        ((-6_800_000.0, 1_650_000.0, -6_790_000.0, 1_660_000.0), "web-mercator"),  # Martinique
        ((3_000_000.0, 3_000_000.0, 3_100_000.0, 3_100_000.0), ""),
        ((0.0, 0.0, 0.0, 0.0), ""),
        ((float("nan"), 1.0, 2.0, 3.0), ""),
        ((5.0, 5.0, 1.0, 1.0), ""),
        (None, ""),
    ],
)
def test_figures_betray_their_system(box: tuple[float, float, float, float] | None, crs: str) -> None:
    assert spatial.apparent_crs(box) == crs


@pytest.mark.parametrize(
    ("x", "y", "longitude", "latitude"),
    [
        (652_469.02, 6_862_035.26, 2.3522, 48.8566),  # Paris
        (700_000.0, 6_600_000.0, 3.0, 46.5),  # the projection's own origin
    ],
)
def test_lambert93_is_turned_into_degrees(x: float, y: float, longitude: float, latitude: float) -> None:
    assert spatial.lambert93_to_wgs84(x, y) == pytest.approx((longitude, latitude), abs=1e-5)


@given(st.tuples(*[st.floats(allow_nan=True, allow_infinity=True)] * 4))
def test_any_box_gets_an_answer(box: tuple[float, float, float, float]) -> None:
    assert spatial.apparent_crs(box) in {"", "swapped", *systems()}


@given(st.lists(st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)), min_size=1))
def test_a_box_holds_every_point_and_touches_them(points: list[tuple[float, float]]) -> None:
    box = spatial.Box()
    for x, y in points:
        box.add(x, y)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    assert box.bounds() == (min(xs), min(ys), max(xs), max(ys))
    placed = [(x, y) for x, y in points if x or y] or points
    xs, ys = [x for x, _ in placed], [y for _, y in placed]
    assert box.placed() == (min(xs), min(ys), max(xs), max(ys))


@pytest.mark.shared
def test_real_shapefiles_are_read(shared: Path) -> None:
    read_layers = 0
    for path in sorted((shared / "samples/real").rglob("*.zip")):
        content = Content(path, path.name, 0, path.name)
        facts = spatial.read_shapefile_zip(content, archive.read_zip(content))
        if facts is not None:
            read_layers += 1
            assert facts.feature_count and facts.bbox and facts.declared_crs.startswith("EPSG:") and facts.apparent_crs
    assert read_layers >= 2
