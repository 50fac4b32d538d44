"""The names and codes of coordinate systems, and roughly where France is."""

from __future__ import annotations

import pytest

from opendata_check import coordinates


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EPSG:2154", "EPSG:2154"),
        ("urn:ogc:def:crs:EPSG::3948", "EPSG:3948"),
        ("http://www.opengis.net/def/crs/EPSG/0/2154", "EPSG:2154"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("2975", "EPSG:2975"),
        ("RGF93 / Lambert-93", "EPSG:2154"),
        ("RGF93 v2b / Lambert-93", "EPSG:9794"),
        ("NTF_Lambert_II_étendu", "EPSG:27572"),
        ("RGF93 / CC46", "EPSG:3946"),
        ("RGAF09 / UTM zone 20N", "EPSG:5490"),
        ("RRAF 1991 / UTM zone 20N", "EPSG:4559"),
        ("RGFG95 / UTM zone 22N", "EPSG:2972"),
        ("RGM04 / UTM zone 38S", "EPSG:4471"),
        ("Repère de la mairie", "Repère de la mairie"),
        ("a\x1bb" + "c" * 200, "ab" + "c" * 78),
    ],
)
def test_a_system_is_known_by_its_name_or_code(name: str, code: str):
    assert coordinates.crs_named(name) == code


@pytest.mark.parametrize(
    ("declared", "system"),
    [
        ("EPSG:4326", "wgs84"),
        ("EPSG:4171", "wgs84"),
        ("EPSG:9794", "lambert93"),
        ("EPSG:3950", "lambert-cc"),
        ("EPSG:9850", "lambert-cc"),
        ("EPSG:4559", "utm20n"),
        ("EPSG:2975", "utm40s"),
        ("EPSG:102100", "web-mercator"),
        ("EPSG:31370", None),  # Belgium
        ("Repère de la mairie", None),
        ("", None),
    ],
)
def test_a_code_belongs_to_a_system(declared: str, system: str | None):
    found = coordinates.system_of(declared)
    assert (found.id if found else None) == system


def test_no_code_and_no_name_belongs_to_two_systems():
    codes = [code for system in coordinates.systems().values() for code in system.codes]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [(2.35, 48.85), (-4.49, 48.39), (7.75, 48.58), (9.45, 42.7), (-61.7, 16.0), (-52.3, 4.9), (55.45, -20.9), (45.2, -12.8),
     (-5.08, 48.46), (7.42, 43.73), (2.37, 51.03), (166.45, -22.27), (-149.57, -17.54), (-56.18, 46.78)],
)  # fmt: skip
def test_these_are_in_france(longitude: float, latitude: float):
    assert coordinates.in_france(longitude, latitude)


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        (0.0, 0.0),
        (-20.0, 30.0),
        (13.4, 52.5),
        (-0.13, 51.5),
        (12.5, 41.9),
        (-3.7, 40.4),
        (48.85, 2.35),
        (-166.44, -22.27),
    ],
)
def test_these_are_not(longitude: float, latitude: float):
    assert not coordinates.in_france(longitude, latitude)
