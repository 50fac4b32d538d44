from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ckan_server import package, resource
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading.ckan.record import MAPPING, dataset_of, left_out
from opendata_check.sources.reading.ckan.resource import distribution_of
from opendata_check.sources.reading.ckan.values import box_of, bytes_of, moment, with_extras

BASE = "https://donnees.exemple.fr"


def _dataset(**more: Any) -> Dataset:
    return dataset_of(package(1, **more), BASE)


def _extras(**said: Any) -> list[dict[str, Any]]:
    return [{"key": key.replace("__", "-"), "value": value} for key, value in said.items()]


def test_a_plain_record_is_read() -> None:
    found = _dataset()
    assert (found.title, found.license, found.frequency, found.publisher) == (
        "Jeu 1",
        "lov2",
        "annual",
        "Ville d'Exempleville",
    )
    assert (found.issued, found.modified, found.metadata_modified) == (
        date(2022, 1, 15),
        date(2024, 2, 1),
        date(2024, 2, 2),
    )
    assert (found.keywords, found.themes) == (("budget", "eau"), ("Vie municipale",))
    assert (found.temporal, found.bbox) == ("2024-01-01/2024-12-31", (-2.0, 47.0, -1.0, 48.0))
    assert (found.contact, found.landing_page) == ("opendata@exempleville.example", f"{BASE}/dataset/jeu-00001")
    assert (found.harvested_from, found.described) == ("", True)
    assert found.identifiers == (found.id, found.landing_page, f"{BASE}/dataset/{found.id}")
    assert found.description.startswith("Le jeu **1**") and "\n\nEt davantage." in found.description
    first, second = found.distributions
    assert (first.declared_format, first.media_type, first.byte_size) == ("csv", "text/csv", 1025)
    assert first.checksum == f"md5:{1:032x}" and second.declared_format == "pdf"


def test_the_fields_of_scheming_are_read_at_the_top() -> None:
    found = _dataset(
        extras=[],
        frequency="monthly",
        contact=[{"name": "X", "email": "mailto:mairie@exemple.example"}],
        publisher=[{"name": "Service public d'eau", "type": "public_body", "identifier": "https://annuaire/213503287"}],
        spatial_coverage=[{"text": "Exempleville", "bbox": {"type": "Point", "coordinates": [1, 45]}}],
        temporal_coverage=[{"start": "2024-01-01"}],
        theme=["https://exemple.fr/theme/a,b"],
        language=["fr", "br"],
        conforms_to=["https://schema.data.gouv.fr/schemas/etalab/schema-irve"],
        applicable_legislation=["http://data.europa.eu/eli/reg_impl/2023/138/oj"],
        hvd_category=["http://data.europa.eu/bna/c_ac64a52d"],
        access_rights="http://publications.europa.eu/resource/authority/access-right/PUBLIC",
        in_series=["serie-1"],
        identifier="urn:isbn:123",
    )
    assert (found.frequency, found.contact, found.publisher) == (
        "monthly",
        "mairie@exemple.example",
        "Service public d'eau",
    )
    assert (found.spatial, found.bbox, found.temporal) == ("Exempleville", (1.0, 45.0, 1.0, 45.0), "2024-01-01/")
    assert found.themes == ("https://exemple.fr/theme/a,b", "Vie municipale")
    assert (found.language, found.series, found.publisher_siren) == ("fr, br", "serie-1", "213503287")
    assert found.applicable_legislation and found.hvd_categories and found.conforms_to and found.access_rights
    assert "urn:isbn:123" in found.identifiers


def test_a_harvested_record_says_where_it_comes_from() -> None:
    extras = _extras(guid="fr-123456789-1", harvest_object_id="x", harvest_source_title="Géo")
    assert _dataset(extras=extras).harvested_from == "Géo"
    elsewhere = _dataset(extras=extras, url="https://geo.exemple.fr/geonetwork/srv/fre/catalog.search#/metadata/1")
    assert elsewhere.harvested_from == "geo.exemple.fr"
    assert {"fr-123456789-1", "https://geo.exemple.fr/geonetwork/srv/fre/catalog.search#/metadata/1"} <= set(
        elsewhere.identifiers
    )
    assert (
        _dataset(extras=_extras(harvest_source_url="https://a.fr/csw", harvest_source_id="1")).harvested_from
        == "https://a.fr/csw"
    )


def test_a_record_of_onegeo_is_read() -> None:
    """Its dates lack their time, its ids are numbers, its files' count is wrong, its services share an id."""
    service = {
        "id": "1112",
        "data_type": "WMS",
        "name": "agglo:canisites",
        "resource_type": None,
        "size": None,
        "hash": None,
    }
    found = _dataset(
        metadata_modified="2025-07-16",
        metadata_created="2025-07-16T08:11:44.531453+00:00",
        organization={"id": "532", "name": "agglo", "title": "Communauté d'agglomération"},
        owner_org="agglo",
        category=[{"id": "4", "name": "environnement", "title": "Protéger mon environnement"}],
        url=f"{BASE}/explorer/fr/jeux-de-donnees/canisites",
        maintainer_email=None,
        author_email="voirie@exempleville.example",
        extras=[],
        num_resources=1,
        resources=[
            resource(1, 0, format="Shapefile (zip)", mimetype="application/zip", last_modified="2025-07-16", hash=None),
            {**service, "format": "OGC:WMS", "url": f"{BASE}/geoserver/agglo/ows"},
            {**service, "format": "OGC:WFS", "url": f"{BASE}/geoserver/agglo/ows?service=WFS&typeName=agglo:canisites"},
        ],
    )
    assert (found.issued, found.modified, found.metadata_modified) == (date(2025, 7, 16),) * 3
    assert (found.publisher, found.contact) == ("Communauté d'agglomération", "voirie@exempleville.example")
    assert (found.landing_page, found.harvested_from) == (f"{BASE}/explorer/fr/jeux-de-donnees/canisites", "")
    assert found.themes == ("Protéger mon environnement", "Vie municipale")
    assert [one.id for one in found.distributions[1:]] == ["1112", "1112#2"]
    assert [one.service.layer if one.service else "" for one in found.distributions] == [
        "",
        "agglo:canisites",
        "agglo:canisites",
    ]
    assert [one.declared_format for one in found.distributions] == ["shapefile (zip)", "ogc:wms", "ogc:wfs"]


def test_a_free_source_url_names_no_record() -> None:
    found = _dataset(url="https://www.exempleville.fr/page/donnees/budget")
    assert (
        found.landing_page == f"{BASE}/dataset/jeu-00001"
        and "https://www.exempleville.fr/page/donnees/budget" not in found.identifiers
    )
    short = _dataset(extras=_extras(identifier="12", guid="34567"))
    assert not {"12", "34567"} & set(short.identifiers)


def test_the_page_of_an_imitation_is_its_own() -> None:
    assert _dataset(url=f"{BASE}/explorer/fr/jeux-de-donnees/x").landing_page == f"{BASE}/explorer/fr/jeux-de-donnees/x"
    assert _dataset(url=f"{BASE}/").landing_page == f"{BASE}/dataset/jeu-00001"


@pytest.mark.parametrize(
    ("said", "license_name", "url"),
    [
        ({"license_id": "notspecified", "license_title": "Licence non spécifiée", "license_url": None}, "", ""),
        ({"license_id": "", "license_title": "", "license_url": ""}, "", ""),
        ({"license_id": None, "license_title": "License not specified", "license_url": None}, "", ""),
        ({"license_id": "fr-lo", "license_title": "fr-lo", "license_url": None}, "fr-lo", ""),
        ({"license_id": "4", "license_title": "Licence Ouverte", "license_url": None}, "Licence Ouverte", ""),
        ({"license_id": None, "license_title": "http://etalab.gouv.fr/lo.html", "license_url": None}, "http://etalab.gouv.fr/lo.html", "http://etalab.gouv.fr/lo.html"),
        ({"license_id": None, "license_title": None, "license_url": None, "extras": _extras(licence='["ODbL", ""]')}, "ODbL", ""),
    ],
)  # fmt: skip
def test_a_licence_is_read_as_declared(said: dict[str, Any], license_name: str, url: str) -> None:
    found = _dataset(**said)
    assert (found.license, found.license_url) == (license_name, url)


def test_a_person_is_never_kept() -> None:
    found = _dataset(
        publisher=[{"name": "Jeanne Martin", "type": "http://xmlns.com/foaf/0.1/Person"}],
        contact=[{"name": "Jeanne Martin", "email": "jeanne@perso.example", "type": "Individual"}],
        maintainer="Jeanne Martin",
    )
    assert (found.publisher, found.contact) == ("Ville d'Exempleville", "opendata@exempleville.example")
    assert "Jeanne" not in repr(found)


def test_what_an_iso_record_said_is_kept() -> None:
    found = _dataset(
        extras=_extras(
            resource__type="series", spatial__reference__system="EPSG:2154", metadata__language="fre", lineage="Levé",
            contact__email="sig@exemple.example", access_constraints='["Aucune restriction"]', bbox__west__long="-1,5",
            bbox__south__lat="47", bbox__east__long="-1", bbox__north__lat="48", temporal__extent__begin="2020",
            dataset__reference__date='[{&quot;type&quot;: &quot;revision&quot;, &quot;value&quot;: &quot;2019-10-01&quot;}]',
            frequency__of__update="asNeeded",
        )
    )  # fmt: skip
    assert found.inspire is not None
    assert (found.inspire.hierarchy_level, found.inspire.reference_systems) == ("series", ("EPSG:2154",))
    assert (found.inspire.lineage, found.inspire.metadata_contact) == ("Levé", True)
    assert (found.bbox, found.modified, found.frequency) == ((-1.5, 47.0, -1.0, 48.0), date(2019, 10, 1), "asNeeded")
    assert (found.temporal, found.access_rights, found.contact) == (
        "2020/",
        "Aucune restriction",
        "sig@exemple.example",
    )
    assert _dataset().inspire is None


def test_texts_in_several_languages_give_the_french_one() -> None:
    found = _dataset(
        title={"de": "Wasser", "fr": "Eau"}, notes={"fr": "", "en": "Water"}, keywords={"fr": ["eau"]}, tags=[]
    )
    assert (found.title, found.description, found.keywords) == ("Eau", "Water", ("eau",))


def test_html_is_taken_out_and_markdown_kept() -> None:
    assert _dataset(notes="<p>Liste &amp; <b>plan</b></p>\n<ul><li>un</li></ul>").description == "Liste & plan\n\nun"
    assert _dataset(notes="Une **liste** <https://a.fr>").description == "Une **liste** <https://a.fr>"


# ---- resources


def _one(**more: Any) -> Distribution:
    return distribution_of(resource(1, 0, **more), BASE)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (12, 12), ("637379", 637379), ("1.2 KB", 1229), ("42 octets", 42), ("3,5 Mo", 3670016), ("2 GiB", 2147483648),
        ("", None), (None, None), (-1, None), (True, None), ("beaucoup", None), (10**400, None), ("9" * 50, None), ([], None),
    ],
)  # fmt: skip
def test_sizes_are_read(size: Any, expected: int | None) -> None:
    assert bytes_of(size) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-07-29T22:05:51.178000", date(2024, 7, 29)), ("2025-07-16", date(2025, 7, 16)),
        ("2024-02-07T16:37:44.654097+00:00", date(2024, 2, 7)), ("2019-09-30 22:00:00", date(2019, 9, 30)),
        ("Date changed  jeu, 19/12/2019 - 03:00", date(2019, 12, 19)), ("ven, 10/20/2017 - 14:10", date(2017, 10, 20)),
        ("Thu, 02/03/2017 - 14:10", date(2017, 2, 3)), ("mar, 02/03/2017 - 14:10", date(2017, 3, 2)),
        ("0203-01-01", None), ("9999-01-01", None), ("2024", None), ("2024-13-45", None), ("", None), (12, None), ({}, None),
    ],
)  # fmt: skip
def test_dates_are_read(written: Any, expected: date | None) -> None:
    assert moment(written) == expected


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        ("a" * 32, f"md5:{'a' * 32}"), ("A" * 40, f"sha1:{'a' * 40}"), ("0" * 64, f"sha256:{'0' * 64}"),
        (f"sha-256:{'b' * 64}", f"sha256:{'b' * 64}"), ("", ""), (None, ""), ("pas du hexa", ""), ("abc", ""), (3, ""),
    ],
)  # fmt: skip
def test_a_digest_tells_its_algorithm_by_its_length(digest: Any, expected: str) -> None:
    assert _one(hash=digest).checksum == expected


def test_a_declared_algorithm_prevails() -> None:
    assert _one(hash="a" * 64, hash_algorithm="http://spdx.org/rdf/terms#checksumAlgorithm_sha3_256").checksum.endswith(
        "a" * 64
    )
    assert (
        _one(hash="a" * 40, hash_algorithm="http://spdx.org/rdf/terms#checksumAlgorithm_sha1").checksum
        == f"sha1:{'a' * 40}"
    )


@pytest.mark.parametrize(
    ("said", "name", "version"),
    [
        ({"schema": "https://schema.data.gouv.fr/schemas/a/1.0/schema.json"}, "https://schema.data.gouv.fr/schemas/a/1.0/schema.json", ""),
        ({"schema": {"name": "etalab/schema-irve", "version": "2.3.1", "fields": []}}, "etalab/schema-irve", "2.3.1"),
        ({"schema": '{"name": "scdl/deliberations", "fields": []}', "schema_version": "2"}, "scdl/deliberations", "2"),
        ({"schema_url": "https://a.fr/s.json"}, "https://a.fr/s.json", ""),
        ({"conforms_to": ["https://a.fr/s.json"]}, "https://a.fr/s.json", ""),
        ({"schema": {"name": None, "url": None}}, "", ""),
        ({"schema": None}, "", ""),
    ],
)  # fmt: skip
def test_a_schema_is_read(said: dict[str, Any], name: str, version: str) -> None:
    found = _one(**said)
    assert (found.schema_name, found.schema_version) == (name, version)


def test_the_columns_of_a_table_schema_are_read() -> None:
    schema = {
        "fields": [{"name": "id", "title": "Identifiant", "type": "string", "description": "Clé"}, {"title": "x"}, None]
    }
    (column,) = _dataset(resources=[resource(1, 0, schema=schema)]).fields
    assert (column.name, column.label, column.type, column.description) == ("id", "Identifiant", "string", "Clé")


@pytest.mark.parametrize(
    ("declared", "url", "name", "protocol", "layer", "role"),
    [
        ("OGC:WMS", "https://a.fr/geoserver/ville/ows", "ville:arbres", "wms", "ville:arbres", "api"),
        ("OGC:WFS", "https://a.fr/ows?service=WFS&version=2.0.0&typeName=v:arbres&outputFormat=json", "x", "wfs", "v:arbres", "api"),
        ("WFS", "https://a.fr/wfs", "Arbres", "wfs", "", "api"),
        ("GeoJSON", "https://a.fr/ows?SERVICE=WFS&TYPENAMES=v:arbres&REQUEST=GetFeature", "x", "wfs", "v:arbres", "main"),
        ("", "https://a.fr/arcgis/rest/services/x/FeatureServer/3", "x", "esri-rest", "3", "api"),
        ("Esri REST", "https://a.fr/x", "x", "esri-rest", "", "api"),
        ("OGC API Features", "https://a.fr/ogc/collections/arbres/items", "x", "ogc-api-features", "arbres", "api"),
        ("csv", "https://a.fr/wfs-arbres.csv", "x", "", "", "main"),
        ("wfsomething", "https://a.fr/x", "x", "", "", "main"),
        ("WMS", "https://[::1/?service=WMS", "x", "wms", "", "api"),
    ],
)  # fmt: skip
def test_services_are_told_from_files(declared: str, url: str, name: str, protocol: str, layer: str, role: str) -> None:
    found = _one(format=declared, url=url, name=name)
    assert (found.service.protocol if found.service else "", found.service.layer if found.service else "") == (
        protocol,
        layer,
    )
    assert found.role == role


def test_what_a_service_url_asks_is_kept() -> None:
    found = _one(
        format="WFS", url="https://a.fr/?service=WFS&version=2.0.0&srsName=EPSG:2154&outputFormat=text/csv"
    ).service
    assert found is not None and (found.version, found.crs, found.formats) == ("2.0.0", ("EPSG:2154",), ("text/csv",))


@pytest.mark.parametrize(
    ("said", "expected"),
    [("documentation", "documentation"), ("api", "api"), ("code", "code"), ("image", "other"), ("filaire-des-voies.shp", "main"), (None, "main"), (3, "main")],
)  # fmt: skip
def test_a_resource_s_role_is_read(said: Any, expected: str) -> None:
    assert _one(resource_type=said).role == expected


def test_the_other_fields_of_a_resource_are_read() -> None:
    found = _one(
        url="/sites/default/files/a.csv", datastore_active=True, archiver={"is_broken": True}, license="ODbL",
        format="http://publications.europa.eu/resource/authority/file-type/CSV", mimetype="xlsx", issued="2023-05-01",
        modified="2024-05-01", name="", description="<p>Le fichier</p>",
    )  # fmt: skip
    assert (found.url, found.title, found.declared_format, found.media_type) == (
        f"{BASE}/sites/default/files/a.csv",
        "a.csv",
        "csv",
        "",
    )
    assert found.access_url == f"{BASE}/api/3/action/datastore_search?resource_id={found.id}"
    assert (found.available, found.license, found.description) == (False, "ODbL", "Le fichier")
    assert (found.issued, found.modified) == (date(2023, 5, 1), date(2024, 5, 1))
    dcat = _one(download_url="https://a.fr/b.csv", access_url="https://a.fr/page", url="https://a.fr/page")
    assert (dcat.url, dcat.access_url) == ("https://a.fr/b.csv", "https://a.fr/page")


def test_resources_that_share_an_id_are_told_apart() -> None:
    found = _dataset(
        resources=[resource(1, 0, id="1112", format="OGC:WMS"), resource(1, 0, id="1112", format="OGC:WFS")],
        num_resources=1,
    )
    assert [one.id for one in found.distributions] == ["1112", "1112#2"]


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ({"type": "MultiPolygon", "coordinates": [[[[1, 45], [2, 46]]], [[[3, 44], [3, 44]]]]}, (1, 44, 3, 46)),
        ('{"type":"Feature","geometry":{"type":"Point","coordinates":[1.5,45]}}', (1.5, 45, 1.5, 45)),
        ({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 45]}]}, (1, 45, 1, 45)),
        ([-1, 45, 2, 46], (-1, 45, 2, 46)),
        (["-1", "45", "2", "46"], (-1, 45, 2, 46)),
        ({"type": "Point", "coordinates": [650000, 6860000]}, None),
        ({"type": "Polygon", "coordinates": []}, None),
        ({"type": "Point", "coordinates": [float("nan"), 1]}, None),
        ({"type": "Point", "coordinates": [10**400, 1]}, None),
        ("France", None), ("{", None), (None, None), ([], None), ([2, 46, -1, 45], None),
    ],
)  # fmt: skip
def test_boxes_are_read_in_degrees_only(geometry: Any, expected: tuple[float, ...] | None) -> None:
    assert box_of(geometry) == expected


# ---- hostile records

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["{", '[{"a":1}]', "https://a.fr/é", "\x00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.sampled_from(["key", "value", "name", "fr"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
_NAMES = sorted(
    {
        *package(1),
        "theme",
        "contact",
        "publisher",
        "spatial_coverage",
        "temporal_coverage",
        "spatial",
        "language",
        "guid",
        "identifier",
        "qa",
    }
)
_RESOURCE_NAMES = sorted(
    {*resource(1, 0), "schema", "access_services", "download_url", "license", "archiver", "conforms_to"}
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(_NAMES), _JSON), st.dictionaries(st.sampled_from(_RESOURCE_NAMES), _JSON), _JSON)
def test_no_record_can_crash_the_reading(said: dict[str, Any], file: dict[str, Any], extra: Any) -> None:
    record = {
        **package(1),
        "resources": [{**resource(1, 0), **file}],
        "extras": [{"key": "spatial", "value": extra}],
        **said,
    }
    if left_out(record) is None:
        found = dataset_of(record, BASE)
        assert "\n" not in found.title + found.publisher + found.license + found.frequency
        assert all(
            isinstance(getattr(found, one.name), str | tuple | bool | date | None.__class__) or one.name == "inspire"
            for one in fields(found)
        )


def test_depth_and_size_are_bounded() -> None:
    deep: Any = []
    for _ in range(20_000):
        deep = [deep]
    long = "[" * 100_000
    found = _dataset(spatial={"coordinates": deep}, theme=long, notes="x" * 10**6, tags=[{"name": "t" * 10**5}] * 5_000)
    assert found.bbox is None and len(found.description) <= 20_000 and len(found.keywords[0]) <= 200
    assert len(_dataset(resources=[resource(1, 0)] * 6_000).distributions) == 5_000


# ---- recordings


def _recorded(shared: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the packages of each recording."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((shared / "portals" / "ckan").glob("*.json")):
        answer = json.loads(path.read_text(encoding="utf-8"))
        result = answer.get("result", answer) if isinstance(answer, dict) else None
        if isinstance(result, dict):
            result = result.get("results") or result.get("packages") or result
        listed = result if isinstance(result, list) else [result]
        packages = [record for record in listed if isinstance(record, dict) and "resources" in record]
        if packages:
            found[path.name] = packages
    return found


def _at(value: Any, path: str) -> list[Any]:
    """Return what stands at a path such as ``contact[].email``."""
    step, _, rest = path.partition(".")
    name = step.removesuffix("[]")
    if isinstance(value, str) and value[:1] in "[{":
        value = json.loads(value.replace("&quot;", '"'))
    inner = value.get(name) if isinstance(value, dict) else None
    if isinstance(inner, str) and step.endswith("[]") and inner[:1] == "[":
        inner = json.loads(inner.replace("&quot;", '"'))
    items = inner if step.endswith("[]") and isinstance(inner, list) else [inner]
    return [found for item in items for found in _at(item, rest)] if rest else items


def _says(field: str, value: Any) -> bool:
    """Tell whether a raw value says something of this field."""
    if value in (None, "", [], {}, "[]", "notspecified", "License not specified", "Licence non spécifiée"):
        return False
    text = value if isinstance(value, str) else json.dumps(value)
    wanted = {
        "dataset.bbox": r"coordinates|^[-\d.]+$",
        "dataset.publisher_siren": r"\d{9}",
        "distribution.media_type": "/",
        "distribution.checksum": r"^[0-9a-f]{32}",
        "distribution.access_url": r"true|://",
        "distribution.byte_size": r"\d",
    }
    if field.endswith((".issued", ".modified", ".metadata_modified")):
        return bool(re.search(r"\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}", text))
    return bool(re.search(wanted.get(field, ""), text))


def _said(record: dict[str, Any]) -> dict[str, Any]:
    """Return what a record says; DKAN's groups are publishers, not themes."""
    said = dict(with_extras(record))
    if record.get("type") == "Dataset":
        del said["groups"]
    return said


def _lost(prefix: str, raw: dict[str, Any], read: Any) -> tuple[set[str], set[str]]:
    """Return the mapped fields whose source says something, and those of them that are empty all the same."""
    said, lost = set(), set()
    for field, sources in MAPPING.items():
        if not field.startswith(f"{prefix}."):
            continue
        paths = [path.split(" (")[0] for path in sources.split(" | ")]
        if field == "distribution.service":
            present = bool(re.match("(ogc:)?w[mf]s", str(raw.get("format")), re.IGNORECASE))
        else:
            present = any(_says(field, value) for path in paths for value in _at(raw, path))
        if present:
            said.add(field)
            if getattr(read, field.partition(".")[2]) in ("", None, ()):
                lost.add(field)
    return said, lost


@pytest.mark.shared
def test_no_field_that_a_recording_gives_is_lost(shared: Path) -> None:
    seen: set[str] = set()
    for name, packages in _recorded(shared).items():
        for record in packages:
            dataset = dataset_of(record, BASE)
            said, lost = _lost("dataset", _said(record), dataset)
            assert not lost, f"{name}, {record.get('name')}: {lost}"
            seen |= said
            for raw, read in zip(record["resources"], dataset.distributions, strict=True):
                said, lost = _lost("distribution", raw, read)
                assert not lost, f"{name}, {record.get('name')}, {raw.get('name')}: {lost}"
                seen |= said
    assert len(seen) > 30


def test_each_mapped_field_is_read() -> None:
    schema = {"name": "scdl/deliberations", "version": "2.1.3", "fields": [{"name": "id"}]}
    file = resource(
        1, 0, format="OGC:WFS", schema=schema, access_services=[{"endpoint_url": ["https://a.fr/wfs"]}], issued="2024-01-01",
        modified="2024-01-02", license="ODbL", license_url="https://a.fr/odbl", resource_type="api",
        archiver={"is_broken": False},
    )  # fmt: skip
    more = _extras(
        spatial_text="Exempleville", harvest_source_title="Géo", guid="fr-213503287-1", language="fr", access_rights="public",
        siret="21350328700012", parent_identifier="serie", conforms_to="https://a.fr/norme", applicable_legislation="eli",
        hvd_category="c_1", resource__type="dataset", contact_email="a@b.example",
    )  # fmt: skip
    record = package(1, resources=[file], license_id="odc-odbl")
    record["extras"] += more
    dataset = dataset_of(record, BASE)
    said, lost = _lost("dataset", _said(record), dataset)
    file_said, file_lost = _lost("distribution", file, dataset.distributions[0])
    assert (lost, file_lost) == (set(), set())
    assert said | file_said == set(MAPPING)


def test_the_mapping_names_fields_that_exist() -> None:
    names = {f"dataset.{one.name}" for one in fields(Dataset)} | {
        f"distribution.{one.name}" for one in fields(Distribution)
    }
    assert set(MAPPING) <= names
