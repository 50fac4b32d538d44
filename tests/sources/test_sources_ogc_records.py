"""An OGC API Records read through a real local server, and the recordings of pygeoapi."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from csw_server import iso_record
from hypothesis import given
from hypothesis import strategies as st
from ogc_server import Traits, generated, record, serve_ogc

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.model.catalog import Catalog, Dataset, ServiceOffer
from opendata_check.sources import SourceError, detect
from opendata_check.sources.interface import Page, Target
from opendata_check.sources.ogc_records import MAPPING, OgcRecordsSource, confirm, hint, recognise
from opendata_check.sources.reading.ogc import answers as ogc_json
from opendata_check.sources.reading.ogc.record import dataset_of, kind_of


def _read(fetcher: Fetcher, count: int, traits: Traits, page_size: int = 20) -> tuple[Catalog, list[str]]:
    with serve_ogc({"jeux": generated(count)}, traits=traits) as server:
        catalog = OgcRecordsSource(server.base_url, page_size=page_size).collect(fetcher)
        return catalog, [path for path in server.seen if "/items" in path]


def test_all_the_pages_of_all_the_catalogues_are_read(fetcher: Fetcher) -> None:
    other = [record(number) | {"id": f"autre-{number}"} for number in range(3)]
    with serve_ogc({"jeux": generated(45), "autres": other}, {"arbres": 5}) as server:
        catalog = OgcRecordsSource(server.base_url, page_size=20).collect(fetcher)
    assert len(catalog.datasets) == 48
    assert (catalog.complete, catalog.announced, catalog.faults) == (True, 48, ())
    assert (catalog.source, catalog.place, catalog.location) == ("ogc_records", "portal", server.base_url)


def test_a_record_gives_every_field_it_has() -> None:
    dataset = dataset_of(record(7))
    assert (dataset.id, dataset.title, dataset.description) == ("jeu-0007", "Jeu de données 0007", "Une description.")
    assert (dataset.issued, dataset.modified, dataset.metadata_modified) == (
        date(2021, 2, 3),
        date(2024, 5, 6),
        date(2025, 1, 15),
    )
    assert (dataset.keywords, dataset.themes) == (("urbanisme", "eau"), ("Environnement",))
    assert (dataset.license, dataset.license_url) == ("LO-2.0", "https://www.etalab.gouv.fr/lo")
    assert (dataset.publisher, dataset.contact) == ("Ville d'Exempleville", "sig@exempleville.fr")
    assert (dataset.language, dataset.access_rights, dataset.frequency) == ("fr", "Accès libre", "annual")
    assert (dataset.temporal, dataset.bbox) == ("2020-01-01/", (7.2, 47.7, 7.4, 47.8))
    assert (dataset.spatial, dataset.series) == ("Exempleville", "serie")
    assert dataset.identifiers == ("https://exempleville.fr/id/jeu-0007",)
    assert dataset.landing_page == "https://exempleville.fr/fiche/jeu-0007"
    download, service = dataset.distributions
    assert (download.role, download.media_type, download.byte_size, download.declared_format) == (
        "main",
        "text/csv",
        2048,
        "csv",
    )
    assert service.service == ServiceOffer("wfs", "ville:jeu-0007")


def test_the_iso_record_that_a_geonetwork_joins_prevails() -> None:
    dataset = dataset_of(record(1, **{"gn-record-xml": iso_record(9)[1]}))
    assert (dataset.id, dataset.title) == ("jeu-0009", "Jeu de données 0009")
    assert dataset.inspire is not None
    assert dataset_of(record(1, **{"gn-record-xml": "<!DOCTYPE a><a/>"})).id == "jeu-0001"


@pytest.mark.parametrize("cap", [100, 7])
@pytest.mark.parametrize("next_link", ["right", "elsewhere", "absent"])
@pytest.mark.parametrize("offset", ["offset", "startindex"])
def test_paging_stays_on_the_server_that_was_asked(fetcher: Fetcher, offset: str, next_link: str, cap: int) -> None:
    catalog, seen = _read(fetcher, 45, Traits(cap=cap, next_link=next_link, offset=offset))
    assert len(catalog.datasets) == 45 and catalog.complete
    assert len(seen) <= 9


@pytest.mark.parametrize(
    "traits", [Traits(next_link="loops"), Traits(repeats=True), Traits(repeats=True, matched="absent")]
)
def test_a_list_that_repeats_itself_is_told(fetcher: Fetcher, traits: Traits) -> None:
    catalog, seen = _read(fetcher, 45, traits)
    assert len(catalog.datasets) == 20 and not catalog.complete
    assert "la pagination du service tourne en rond" in catalog.faults[0].what
    assert len(seen) <= 3


def test_a_service_that_announces_more_than_it_has_is_not_complete(fetcher: Fetcher) -> None:
    catalog, seen = _read(fetcher, 45, Traits(matched="huge"))
    assert len(catalog.datasets) == 45 and not catalog.complete
    assert len(seen) < 7


def test_a_page_that_fails_keeps_what_came_before(fetcher: Fetcher) -> None:
    catalog, _ = _read(fetcher, 45, Traits(fails_from=20))
    assert len(catalog.datasets) == 20 and not catalog.complete
    assert catalog.faults[0].what == "le service a rencontré une erreur"


def test_a_geonetwork_of_before_2024_gives_geojson_under_its_own_name(fetcher: Fetcher) -> None:
    catalog, seen = _read(fetcher, 45, Traits(formats=("geojson",)))
    assert len(catalog.datasets) == 45 and catalog.complete
    assert "f=geojson" in seen[-1]


def test_a_service_that_does_not_know_f_is_asked_without(fetcher: Fetcher) -> None:
    catalog, _ = _read(fetcher, 25, Traits(knows_f=False))
    assert len(catalog.datasets) == 25 and catalog.complete


def test_services_are_left_out(fetcher: Fetcher) -> None:
    with serve_ogc(
        {"jeux": [record(1), record(2, type="service"), record(3, type="http://purl.org/dc/dcmitype/Dataset")]}
    ) as server:
        catalog = OgcRecordsSource(server.base_url, "jeux").collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0001", "jeu-0003"]
    assert catalog.left_out == (("service", 1),) and catalog.complete


def test_one_record_is_read_from_its_address(fetcher: Fetcher) -> None:
    with serve_ogc({"jeux": generated(3)}) as server:
        catalog = OgcRecordsSource(server.base_url, "jeux", "jeu-0002").collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0002"]
    assert (catalog.title, catalog.location) == ("Jeu de données 0002", "https://exempleville.fr/fiche/jeu-0002")


def test_words_are_searched(fetcher: Fetcher) -> None:
    with serve_ogc({"jeux": [record(1), record(2, title="Réseau d'assainissement")]}) as server:
        catalog = OgcRecordsSource(server.base_url, "jeux", words="assainissement").collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0002"]


@pytest.mark.parametrize(
    ("collection", "record_id", "what"),
    [
        ("nulle", "", "ce qui est demandé n'existe pas"),
        ("jeux", "nulle", "ce qui est demandé n'existe pas"),
        ("arbres", "", "n'est pas un catalogue de fiches"),
    ],
)
def test_what_does_not_exist_is_told_in_our_words(fetcher: Fetcher, collection: str, record_id: str, what: str) -> None:
    with serve_ogc({"jeux": generated(1)}, {"arbres": 3}) as server, pytest.raises(SourceError, match=what) as raised:
        OgcRecordsSource(server.base_url, collection, record_id).collect(fetcher)
    assert "secret" not in str(raised.value)


def test_a_service_without_records_is_an_error(fetcher: Fetcher) -> None:
    with serve_ogc(features={"arbres": 3}) as server, pytest.raises(SourceError, match="aucun catalogue de fiches"):
        OgcRecordsSource(server.base_url).collect(fetcher)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        b'{"collections": 3}',
        b'{"collections": [1, null, {"id": 5}]}',
        b"[]",
        b'{"collections": [',
        b"nul",
    ],
)
def test_something_else_than_a_service_is_an_error(fetcher: Fetcher, body: bytes) -> None:
    with serve_ogc(scripted={"/collections": (200, body)}) as server, pytest.raises(SourceError):
        OgcRecordsSource(server.base_url).collect(fetcher)


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"features": {}}', b"[1]", b'{"features": ['])
def test_items_of_another_shape_are_a_fault_or_an_error(fetcher: Fetcher, body: bytes) -> None:
    with serve_ogc({"jeux": generated(1)}, scripted={"/collections/jeux/items": (200, body)}) as server:
        try:
            catalog = OgcRecordsSource(server.base_url).collect(fetcher)
        except SourceError:
            return
    assert catalog.datasets == () and not catalog.complete


@pytest.mark.parametrize(
    ("changes", "publisher", "contact"),
    [
        ({"contacts": [{"name": "Marie Durand", "emails": [{"value": "m.durand@example.fr"}]}]}, "", ""),
        ({"contacts": [{"name": "Ville d'Exempleville", "links": [{"href": "https://exempleville.fr"}]}]}, "Ville d'Exempleville", "https://exempleville.fr"),
        ({"contacts": [{"organization": "A", "roles": ["author"]}, {"organization": "B", "roles": ["publisher"]}]}, "B", ""),
        ({"contacts": [{"organization": "A", "email": "a@b.fr"}]}, "A", "a@b.fr"),
        ({"contacts": "x"}, "", ""),
        ({"contacts": [None, 3, {"organization": {"a": 1}}]}, "", ""),
    ],
)  # fmt: skip
def test_organizations_are_kept_and_persons_are_not(changes: dict[str, Any], publisher: str, contact: str) -> None:
    dataset = dataset_of(record(1, **changes))
    assert (dataset.publisher, dataset.contact) == (publisher, contact)


@pytest.mark.parametrize(
    ("changes", "licence", "url"),
    [
        ({"license": "CC-BY-4.0", "links": []}, "CC-BY-4.0", ""),
        ({"license": "https://spdx.org/licenses/etalab-2.0", "links": []}, "https://spdx.org/licenses/etalab-2.0", "https://spdx.org/licenses/etalab-2.0"),
        ({"license": "other"}, "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/lo"),
        ({"license": None, "links": [{"rel": "license", "href": "https://x.fr/l"}]}, "https://x.fr/l", "https://x.fr/l"),
        ({"license": "", "links": [], "rights": ["Licence Ouverte 2.0"]}, "Licence Ouverte 2.0", ""),
        ({"license": {"a": 1}, "links": []}, "", ""),
    ],
)  # fmt: skip
def test_the_licence_is_a_property_or_a_link(changes: dict[str, Any], licence: str, url: str) -> None:
    dataset = dataset_of(record(1, **changes))
    assert (dataset.license, dataset.license_url) == (licence, url)


@pytest.mark.parametrize(
    ("time_", "temporal"),
    [
        ({"interval": ["2020-01-01", "2021-01-01"]}, "2020-01-01/2021-01-01"),
        ({"interval": [None, ".."]}, ""),
        ({"date": "2020-01-01"}, "2020-01-01/2020-01-01"),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z/2020-01-01T00:00:00Z"),
        (["2020", "2021"], "2020/2021"),
        (None, ""),
        ({"interval": "x"}, ""),
        (3, ""),
    ],
)
def test_periods_are_read(time_: Any, temporal: str) -> None:
    assert dataset_of(record(1) | {"time": time_}).temporal == temporal


def _deep(levels: int) -> Any:
    value: Any = [1.0, 2.0]
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("geometry", "bbox"),
    [
        ({"type": "Point", "coordinates": [7.3, 47.7]}, (7.3, 47.7, 7.3, 47.7)),
        ({"type": "Polygon", "coordinates": [[[700000, 6600000], [710000, 6610000]]]}, None),
        ({"coordinates": _deep(500)}, (1.0, 2.0, 1.0, 2.0)),
        ({"coordinates": [[1, "x"], [True, 2], [1e400, 2]]}, None),
        ({"coordinates": "x"}, None),
        ({"a": 1}, None),
    ],
)
def test_boxes_are_drawn_around_geometries(geometry: Any, bbox: Any) -> None:
    assert dataset_of(record(1, geometry=geometry)).bbox == bbox


def test_links_of_navigation_and_pictures_are_no_data() -> None:
    links = [
        {"rel": rel, "href": f"https://x.fr/{rel}", "type": "application/json"}
        for rel in ("self", "alternate", "collection", "next", "license", "preview", "icon")
    ]
    links += [
        {"rel": "item", "href": "https://x.fr/a.png", "type": "image/png"},
        {"rel": "item", "href": "https://x.fr/a", "type": "landingpage"},
        {"rel": "item", "href": "https://x.fr/b", "type": "download"},
        {"title": "OGC:WMS", "href": "https://x.fr/wms"},
        {"href": "file:///etc/passwd"},
        {"href": None},
        3,
    ]
    dataset = dataset_of(record(1, links=links))
    assert [(found.url, found.role) for found in dataset.distributions] == [
        ("https://x.fr/a", "documentation"),
        ("https://x.fr/b", "main"),
        ("https://x.fr/wms", "api"),
    ]
    assert dataset.landing_page == "https://x.fr/a"


def test_assets_are_distributions() -> None:
    assets = {
        "data": {"href": "https://x.fr/a.gpkg", "roles": ["data"], "title": "A"},
        "v": {"href": "https://x.fr/v.jpg", "roles": ["thumbnail"]},
    }
    dataset = dataset_of(record(1, links=[]) | {"assets": assets})
    assert [found.url for found in dataset.distributions] == ["https://x.fr/a.gpkg"]


# Addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.fr/geonetwork/ogc-api-records/collections/main/items?f=json", OgcRecordsSource("https://x.fr/geonetwork/ogc-api-records", "main")),
        ("https://x.fr/ogc-api-records/", OgcRecordsSource("https://x.fr/ogc-api-records")),
        ("https://x.fr/ogc-api-records/collections/a%20b/items/1%2F2", OgcRecordsSource("https://x.fr/ogc-api-records", "a b", "1/2")),
        ("https://x.fr/ogcapi-records/collections/main/items?q=eau", OgcRecordsSource("https://x.fr/ogcapi-records", "main", words="eau")),
        ("https://x.fr/collections/main/items", None),
        ("https://hub.arcgis.com/api/search/v1/collections/dataset/items", None),
        ("http://[", None),
    ],
)  # fmt: skip
def test_addresses_are_recognised_by_their_shape(url: str, expected: OgcRecordsSource | None) -> None:
    assert recognise(Target(url, None, url, None, "https://www.data.gouv.fr")) == expected


def test_a_recognised_address_is_detected(fetcher: Fetcher) -> None:
    assert detect("https://x.fr/ogc-api-records/collections/main/items") == OgcRecordsSource(
        "https://x.fr/ogc-api-records", "main"
    )


@pytest.mark.parametrize("path", ["/", "/collections", "/conformance", "/collections/jeux", "/collections/jeux/items"])
def test_a_service_is_confirmed_by_its_collections(fetcher: Fetcher, path: str) -> None:
    with serve_ogc({"jeux": generated(1)}, {"arbres": 2}) as server:
        url = server.base_url + path
        text = fetcher.look(url).data.decode()
        page = Page(url, url, 200, "application/json", {}, text)
        before = len(server.seen)
        found = confirm(page, fetcher)
        assert found is not None and len(server.seen) - before <= 2
    assert hint(page)
    assert isinstance(found.source, OgcRecordsSource)
    assert found.source.collection == ("jeux" if "jeux" in path else "")


@pytest.mark.parametrize("path", ["/collections/arbres", "/collections/arbres/items", "/collections/nulle"])
def test_features_are_not_taken_for_records(fetcher: Fetcher, path: str) -> None:
    with serve_ogc({"jeux": generated(1)}, {"arbres": 2}) as server:
        url = server.base_url + path
        assert confirm(Page(url, url, 200, "application/json", {}, ""), fetcher) is None


def test_an_ordinary_page_is_no_hint() -> None:
    page = Page(
        "https://x.fr/collections/hiver", "https://x.fr/collections/hiver", 200, "text/html", {}, "<title>Mode</title>"
    )
    assert hint(page) == ""


# Recordings


_SOURCES: dict[str, list[str]] = {
    "dataset.title": ["properties.title"],
    "dataset.description": ["properties.description"],
    "dataset.keywords": ["properties.keywords"],
    "dataset.themes": ["properties.themes"],
    "dataset.language": ["properties.language"],
    "dataset.license": ["properties.license"],
    "dataset.metadata_modified": ["properties.updated"],
    "dataset.issued": ["properties.created", "properties.date"],
    "dataset.bbox": ["geometry"],
    "dataset.identifiers": ["properties.externalIds"],
    "dataset.access_rights": ["properties.rights"],
    "dataset.temporal": ["time"],
    "dataset.publisher": ["properties.contacts"],
    "dataset.contact": ["properties.contacts"],
    "dataset.modified": ["properties.modified"],
    "dataset.frequency": ["properties.updateFrequency"],
    "dataset.spatial": ["properties.spatial"],
    "dataset.series": ["properties.parentIdentifier"],
}


def _holds(feature: Mapping[str, Any], path: str) -> bool:
    value: Any = feature
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value not in (None, "", [], {}, {"interval": [None, None]})


def _lost(feature: Mapping[str, Any], dataset: Dataset) -> list[str]:
    found = [
        name
        for name, paths in _SOURCES.items()
        if any(_holds(feature, path) for path in paths) and not getattr(dataset, name.partition(".")[2])
    ]
    navigation = {"self", "alternate", "collection", "license", "root"}
    wanted = {
        link["href"]
        for link in feature.get("links", ())
        if link.get("rel") not in navigation and link["href"].startswith("http")
    }
    return found + sorted(wanted - {item.url for item in dataset.distributions})


@pytest.mark.shared
@pytest.mark.parametrize("name", ["ngr-items.json", "csw-items.json", "csw-item.json"])
def test_nothing_of_a_recorded_record_is_lost(shared: Path, name: str) -> None:
    recorded = json.loads((shared / "portals" / "ogcrecords" / name).read_text(encoding="utf-8"))
    features = recorded.get("features", [recorded])
    assert features
    for feature in features:
        dataset = dataset_of(feature)
        assert dataset.id == feature["id"]
        assert kind_of(feature) in ("dataset", "series", "nonGeographicDataset")
        assert _lost(feature, dataset) == []


def test_nothing_of_a_whole_record_is_lost() -> None:
    assert _lost(record(1), dataset_of(record(1))) == []
    assert set(_SOURCES) <= set(MAPPING)


@pytest.mark.shared
def test_recorded_errors_are_told_in_french(shared: Path) -> None:
    folder = shared / "portals" / "ogcrecords"
    for name, words in (("error-404", "n'existe pas sur ce service"), ("error-limit", "refuse une valeur")):
        error = FetchingError("x", status=400, beginning=(folder / f"{name}.json").read_bytes())
        assert words in ogc_json.told(error).what
    assert ogc_json.told(FetchingError("ailleurs", beginning=b"<html>")).what == "ailleurs"


@pytest.mark.shared
def test_recorded_collections_are_told_apart(shared: Path, fetcher: Fetcher) -> None:
    folder = shared / "portals" / "ogcrecords"
    body = (folder / "collections.json").read_bytes()
    items = (folder / "ngr-items.json").read_bytes()
    scripted = {
        "/collections": (200, body),
        "/collections/ngr/items": (200, items),
        "/collections/csw/items": (200, items),
    }
    with serve_ogc(scripted=scripted) as server:
        catalog = OgcRecordsSource(server.base_url).collect(fetcher)
    assert len(catalog.datasets) == 3
    assert hint(Page("x", "x", 200, "", {}, (folder / "conformance.json").read_text()))


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=10) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_no_value_in_place_of_another_breaks_the_reading(data: st.DataObject) -> None:
    found = record(1)
    for holder in (found, found["properties"]):
        for name in list(holder):
            if holder is found and name == "properties":
                continue
            if data.draw(st.booleans()):
                holder[name] = data.draw(_JSON)
    if data.draw(st.booleans()):
        found["links"] = [
            data.draw(_JSON),
            {"href": data.draw(_JSON), "rel": data.draw(_JSON), "type": data.draw(_JSON)},
        ]
    assert isinstance(dataset_of(found), Dataset)
    kind_of(found)


@pytest.mark.slow
def test_ten_thousand_records_are_mapped_quickly() -> None:
    records = generated(10_000)
    start = time.process_time()
    for found in records:
        dataset_of(found)
    assert time.process_time() - start < 10
