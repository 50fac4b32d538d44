from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from arcgis_server import FEED, ITEMS, OLD, SEARCH, ArcgisServer, Scripted, feed, generated, item, serve_arcgis
from hypothesis import given
from hypothesis import strategies as st
from no_loss import losses

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog, Dataset, Distribution
from opendata_check.sources import SourceError, detect, find
from opendata_check.sources.arcgis_hub import MAPPING, ArcgisHubSource, confirm, hint, recognise
from opendata_check.sources.interface import Page, Target
from opendata_check.sources.reading.arcgis.item import ITEM_MAPPING, item_dataset
from opendata_check.sources.reading.arcgis.record import MAPPING as FEED_MAPPING
from opendata_check.sources.reading.arcgis.record import feed_dataset

SITE = "https://exempleville.hub.arcgis.com"
HEX = "0123456789abcdef" * 2
HTML = Scripted(200, b"<!DOCTYPE html><html>Just a moment...</html>", {"Content-Type": "text/html"}, keep=True)


def _collect(server: ArcgisServer, fetcher: Fetcher, **more: Any) -> Catalog:
    return ArcgisHubSource(server.site, **more).collect(fetcher)


def _target(url: str) -> Target:
    return Target(url, None, url, None, "https://www.data.gouv.fr")


def _page(url: str, text: str = "") -> Page:
    return Page(url, url, 200, "text/html", {}, text)


def _formats(dataset: Dataset) -> list[str]:
    return [one.declared_format for one in dataset.distributions]


def _json(value: Any, status: int = 200, **more: Any) -> Scripted:
    return Scripted(status, json.dumps(value).encode(), keep=True, **more)


# ---- the feed


def test_the_whole_site_comes_from_its_feed(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(250)) as server:
        catalog = _collect(server, fetcher)
        assert server.seen == [FEED]
    assert len(catalog.datasets) == 250
    assert (catalog.source, catalog.place, catalog.software) == ("arcgis_hub", "portal", "ArcGIS Hub")
    assert catalog.complete and catalog.faults == () and catalog.location == f"{server.site}/"


def test_a_record_of_the_feed_gives_all_it_says(fetcher: Fetcher) -> None:
    with serve_arcgis([item(1)]) as server:
        (dataset,) = _collect(server, fetcher).datasets
    key = f"{1:032x}_0"
    assert dataset.id == key
    assert dataset.identifiers == (f"https://www.arcgis.com/home/item.html?id={1:032x}&sublayer=0", key)
    assert dataset.description == "Ce que montre la couche 1.\n\nDeuxième paragraphe."
    assert dataset.license_url == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    assert "Licence Ouverte" in dataset.license and "<" not in dataset.license
    assert (dataset.publisher, dataset.contact) == ("Ville d'Exempleville", "sig@exempleville.fr")
    assert dataset.landing_page == f"{server.site}/datasets/exempleville::couche-1"
    assert dataset.bbox == (7.1, 48.2, 7.5, 48.6)
    assert dataset.modified == date(2021, 7, 27)
    assert "jeanne" not in repr(dataset)


def test_each_form_has_its_role(fetcher: Fetcher) -> None:
    with serve_arcgis([item(1)]) as server:
        (dataset,) = _collect(server, fetcher).datasets
    page, service, *files = dataset.distributions
    assert (page.role, page.url) == ("other", dataset.landing_page)
    assert service.role == "api" and service.service is not None
    assert (service.service.protocol, service.service.layer) == ("esri-rest", "0")
    assert [one.declared_format for one in files] == ["geojson", "csv", "kml", "zip"]
    assert all(one.asynchronous and one.role == "main" for one in files)
    assert not page.asynchronous and not service.asynchronous


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{SITE}/api/download/v1/items/{HEX}/csv?layers=0", True),
        (f"{SITE}/datasets/{HEX}_0.csv", True),
        (f"https://opendata.arcgis.com/datasets/{HEX}_0.geojson?outSR=%7B%22wkid%22%3A2154%7D", True),
        (f"{SITE}/datasets/ville::arbres.zip", True),
        ("https://static.ville.fr/arbres.csv", False),
    ],
)
def test_files_made_on_request_are_told(url: str, expected: bool) -> None:
    said = {"identifier": "x", "title": "X", "distribution": [{"title": "CSV", "format": "CSV", "accessURL": url}]}
    (only,) = feed_dataset(said).distributions
    assert only.asynchronous is expected


def test_a_file_that_is_being_made_is_not_broken() -> None:
    with serve_arcgis([item(1)], not_ready=2) as server:
        limits = Limits(backoff_seconds=0.01, requests_per_second=1000.0)
        with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher:
            (dataset,) = _collect(server, fetcher).datasets
            csv = next(one for one in dataset.distributions if one.declared_format == "csv")
            look = fetcher.look(csv.url or "")
            assert (look.status, json.loads(look.data)["status"]) == (202, "Pending")


def test_metadata_beside_the_data_are_documentation() -> None:
    url = f"https://v.maps.arcgis.com/sharing/rest/content/items/{HEX}/info/metadata/metadata.xml?format=iso19139"
    record = {
        "title": "X",
        "distribution": [{"title": "ISO-19139 metadata", "mediaType": "text/xml", "accessURL": url}],
    }
    assert feed_dataset(record).distributions[0].role == "documentation"


def test_the_page_given_as_a_file_is_where_to_land() -> None:
    page = {
        "title": "ArcGIS Hub Dataset",
        "format": "Web Page",
        "mediaType": "text/html",
        "accessURL": f"{SITE}/maps/x",
    }
    read = feed_dataset({"identifier": "x", "title": "X", "distribution": [page]})
    assert read.landing_page == f"{SITE}/maps/x"


@pytest.mark.parametrize(
    "record",
    [
        {"identifier": f"https://www.arcgis.com/home/item.html?id={HEX}&sublayer=3"},
        {"identifier": f"{SITE}/datasets/{HEX}_3", "landingPage": f"{SITE}/datasets/{HEX}_3"},
        {
            "identifier": f"{SITE}/datasets/ville::arbres",
            "distribution": [{"accessURL": f"{SITE}/api/download/v1/items/{HEX}/csv?layers=3", "format": "CSV"}],
        },
        {
            "identifier": f"{SITE}/datasets/ville::arbres",
            "distribution": [{"accessURL": f"https://opendata.arcgis.com/datasets/{HEX}_3.csv?where=1=1"}],
        },
    ],
)
def test_an_item_is_known_by_its_id_and_its_layer(record: dict[str, Any]) -> None:
    read = feed_dataset({"title": "X", **record})
    assert read.id == f"{HEX}_3" and f"{HEX}_3" in read.identifiers
    assert record["identifier"] in read.identifiers


def test_what_the_template_did_not_fill_is_nothing() -> None:
    record = {
        "identifier": "a",
        "title": "Arbres",
        "description": "{{description}}",
        "license": "{{licenseInfo}}",
        "keyword": ["{{tags}}", "arbres"],
        "issued": "{{created:toISO}}",
        "publisher": {"name": "{{source}}"},
        "spatial": "{{extent:computeSpatialProperty}}",
        "contactPoint": {"fn": "{{owner}}", "hasEmail": "{{orgContactEmail:optional}}"},
        "distribution": ["{{distroCSV}}", {"title": "CSV {{name}}", "accessURL": "https://a.fr/1.csv"}],
    }
    read = feed_dataset(record)
    assert "{{" not in repr(read)
    assert (read.description, read.license, read.keywords, read.publisher) == ("", "", ("arbres",), "")
    assert [one.title for one in read.distributions] == ["CSV"]


@pytest.mark.parametrize(
    ("name", "kept"), [("jeanne.dupont", ""), ("Ville de Nancy", "Ville de Nancy"), ("Nancy", "Nancy")]
)
def test_an_account_is_not_a_publisher(name: str, kept: str) -> None:
    record = {"identifier": "a", "title": "A", "publisher": {"name": name}, "contactPoint": {"fn": name}}
    assert feed_dataset(record).publisher == kept
    assert feed_dataset({**record, "publisher": {"source": name}}).publisher == kept


def test_two_records_of_one_item_are_both_kept(fetcher: Fetcher) -> None:
    records = [
        {"identifier": f"{SITE}/datasets/{HEX}_0", "title": "Arbres"},
        {"identifier": f"https://autre.fr/?x={HEX}_0", "title": "Arbres remarquables"},
        {"identifier": f"{SITE}/datasets/{HEX}_0", "title": "Arbres"},
    ]
    with serve_arcgis(scripted={FEED: [_json({"dataset": records})]}) as server:
        catalog = _collect(server, fetcher)
    assert [one.title for one in catalog.datasets] == ["Arbres", "Arbres remarquables"]


def test_pages_of_the_site_are_left_out(fetcher: Fetcher) -> None:
    records = [
        {"identifier": "a", "title": "Accueil", "keyword": ["ArcGIS Hub page"]},
        {"identifier": "b", "title": "B"},
    ]
    with serve_arcgis(scripted={FEED: [_json({"dataset": records})]}) as server:
        catalog = _collect(server, fetcher)
    assert catalog.left_out == (("page", 1),) and len(catalog.datasets) == 1


# ---- the recordings


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "portals/arcgishub/esri-dcat.jsonld").read_text())["dataset"]
    return found


def _nothing(path: str, value: Any) -> bool:
    return value == "mailto:"


@pytest.mark.shared
def test_the_recorded_feed_loses_no_field(recorded: list[dict[str, Any]]) -> None:
    assert len(recorded) == 71
    for record in recorded:
        dataset = feed_dataset(record)
        assert len(dataset.distributions) == len(record["distribution"])
        assert losses(record, dataset, FEED_MAPPING, is_nothing=_nothing) == []


@pytest.mark.shared
def test_the_recorded_feed_is_read_as_people_see_it(shared: Path, fetcher: Fetcher) -> None:
    body = (shared / "portals/arcgishub/esri-dcat.jsonld").read_bytes()
    with serve_arcgis(scripted={FEED: [Scripted(200, body)]}) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 71 and catalog.complete
    first = catalog.datasets[0]
    assert first.id == "e0f57349b46e42428f4ef2fbcb443aba_0"
    assert first.publisher == "Atelier Parisien d'Urbanisme"
    assert "FAURE" not in repr(catalog)
    assert not any("<" in one.description for one in catalog.datasets)
    roles = {
        (one.declared_format, one.role, one.asynchronous)
        for dataset in catalog.datasets
        for one in dataset.distributions
    }
    assert roles == {
        ("web page", "other", False),
        ("esri rest", "api", False),
        ("geojson", "main", True),
        ("csv", "main", True),
        ("kml", "main", True),
        ("zip", "main", True),
    }


def test_items_lose_no_field() -> None:
    for one in (item(1), item(2, structuredLicense={"type": "CC-BY-4.0", "text": "CC BY", "url": "https://cc.org/by"})):
        attributes = {**one, "orgName": "Ville d'Exempleville", "snippet": "Court", "itemExtent": [[7, 48], [8, 49]]}
        assert losses(attributes, item_dataset(attributes, SITE), _whole(ITEM_MAPPING)) == []


def _whole(mapping: dict[str, str]) -> dict[str, str]:
    return {name: paths for name, paths in mapping.items() if name.startswith("dataset.")}


def test_every_mapped_field_exists() -> None:
    from dataclasses import fields

    known = {f"dataset.{one.name}" for one in fields(Dataset)} | {
        f"distribution.{one.name}" for one in fields(Distribution)
    }
    assert set(MAPPING) <= known and set(MAPPING) == set(FEED_MAPPING) | set(ITEM_MAPPING)


# ---- when the feed is not there


def test_a_site_without_its_feed_is_read_by_its_search(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(250), has_feed=False, believed_host="https://autre.arcgis.com") as server:
        catalog = _collect(server, fetcher)
        pages = [path for path in server.seen if path.startswith(ITEMS)]
    assert len(catalog.datasets) == 250 and catalog.announced == 250 and catalog.complete
    assert len(pages) == 3 and "startindex=201" in pages[2]


def test_an_item_gives_what_the_feed_would(fetcher: Fetcher) -> None:
    with serve_arcgis([item(1)]) as server:
        (of_feed,) = _collect(server, fetcher).datasets
    with serve_arcgis([item(1)], has_feed=False) as server:
        (of_items,) = _collect(server, fetcher).datasets
    for name in (
        "id",
        "title",
        "description",
        "license",
        "license_url",
        "publisher",
        "contact",
        "bbox",
        "issued",
        "keywords",
    ):
        assert getattr(of_items, name) == getattr(of_feed, name), name
    assert set(of_items.identifiers) == set(of_feed.identifiers)
    assert sorted(urlpath(one) for one in of_items.distributions) == sorted(
        urlpath(one) for one in of_feed.distributions
    )
    assert of_items.modified == date(2026, 1, 1) and of_items.metadata_modified == date(2021, 7, 27)
    assert [(one.name, one.label, one.type, one.description) for one in of_items.fields] == [
        ("OBJECTID", "OBJECTID", "oid", ""),
        ("ESSENCE", "Essence", "string", "Nom latin"),
    ]
    service = of_items.distributions[1].service
    assert service is not None
    assert (service.crs, service.count, service.formats) == (("EPSG:2154",), 11, ("JSON", "geoJSON", "PBF"))
    assert "jeanne" not in repr(of_items)


def urlpath(one: Distribution) -> str:
    return (one.url or "").partition("://")[2].partition("/")[2]


def test_the_older_search_is_the_last_resort(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(120), has_feed=False, has_search=False) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 120 and catalog.announced == 120 and catalog.complete


def test_an_older_search_that_shows_every_site_is_not_believed(fetcher: Fetcher) -> None:
    answer = {"data": [{"id": HEX, "attributes": item(1)}], "meta": {"stats": {"totalCount": 400_000}}}
    with (
        serve_arcgis(has_feed=False, has_search=False, scripted={OLD: [_json(answer)]}) as server,
        pytest.raises(SourceError),
    ):
        _collect(server, fetcher)


def test_an_empty_feed_is_doubted(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(3), scripted={FEED: [_json({"dataset": []})]}) as server:
        assert len(_collect(server, fetcher).datasets) == 3
    with serve_arcgis() as server:
        catalog = _collect(server, fetcher)
    assert catalog.datasets == () and catalog.complete


def test_applications_are_left_out_of_a_search(fetcher: Fetcher) -> None:
    items = [item(1), item(2, collection=["App"], type="Web Mapping Application")]
    with serve_arcgis(items, has_feed=False) as server:
        catalog = _collect(server, fetcher)
    assert catalog.left_out == (("application", 1),) and len(catalog.datasets) == 1 and catalog.complete


@pytest.mark.parametrize(
    ("more", "formats"),
    [
        ({"type": "Table", "id": f"{HEX}_1"}, ["web page", "table", "csv", "geojson"]),
        ({"type": "Feature Service", "id": HEX, "layers": [{"id": 4}], "url": "https://s.fr/rest/services/A/FeatureServer"}, ["web page", "feature service", "csv", "geojson", "kml", "shapefile"]),
        ({"type": "PDF", "id": HEX, "url": None}, ["web page", "pdf"]),
        ({"type": "Document Link", "id": HEX, "url": "https://v.fr/plan"}, ["web page", "document link"]),
        ({"type": "Web Map", "id": HEX, "url": None}, ["web page"]),
        ({"type": "Map Service", "id": HEX, "url": "https://v.fr/arcgis/rest/services/Base/MapServer"}, ["web page", "map service"]),
    ],
)  # fmt: skip
def test_each_type_of_item_gives_its_forms(more: dict[str, Any], formats: list[str]) -> None:
    read = item_dataset(item(1, **more), SITE)
    assert _formats(read) == formats
    if more["type"] == "Feature Service":
        assert str(read.distributions[2].url).endswith("layers=4")
    if more["type"] == "PDF":
        assert read.distributions[1].synthesised and not read.distributions[1].asynchronous


def test_other_resources_of_an_item_are_documentation() -> None:
    more = [{"name": "Notice", "url": "https://v.fr/notice.pdf"}, {"url": "file:///etc/passwd"}, "x"]
    read = item_dataset(item(1, additionalResources=more), SITE)
    assert [(one.title, one.role) for one in read.distributions if one.role == "documentation"] == [
        ("Notice", "documentation")
    ]


def test_an_account_is_not_the_publisher_of_an_item() -> None:
    assert item_dataset(item(1, source="jeanne.dupont", sourceProvenance="item.owner"), SITE).publisher == ""
    assert item_dataset(item(1, source="jeanne.dupont", orgName="Ville"), SITE).publisher == "Ville"


@pytest.mark.parametrize(
    "written", [0, -(10**15), 10**18, True, None, "0203-01-01", [1], {"a": 1}, "{{created}}", float("1e300")]
)
def test_odd_dates_are_unknown(written: Any) -> None:
    read = item_dataset(item(1, created=written, itemModified=written), SITE)
    assert read.issued == (date(1970, 1, 1) if written == 0 and written is not False else None)


# ---- a dataset, a search


@pytest.mark.parametrize(
    "path",
    [
        f"/datasets/{1:032x}_0",
        f"/datasets/{1:032x}_0/about",
        f"/datasets/{1:032x}_0/explore?location=48.2,7.4,12",
        f"/datasets/{1:032x}/about",
        "/datasets/exempleville::couche-1",
        "/datasets/exempleville::couche-1/about",
        "/maps/exempleville::couche-1",
        "/datasets/couche-1/explore",
        f"/datasets/{1:032x}_0.csv?outSR=1",
        f"/api/download/v1/items/{1:032x}/csv?layers=0&redirect=true",
        f"/api/search/v1/collections/dataset/items/{1:032x}_0",
    ],
)
@pytest.mark.parametrize("has_feed", [True, False])
def test_the_page_of_a_dataset_gives_that_dataset(fetcher: Fetcher, path: str, has_feed: bool) -> None:
    with serve_arcgis(generated(3), has_feed=has_feed) as server:
        source = _source(f"{server.site}{path}")
        if not has_feed and (source.key in (f"{1:032x}", "couche-1")):
            pytest.skip("l'ancienne interface ne connaît que l'identifiant entier")
        catalog = source.collect(fetcher)
    assert [one.title for one in catalog.datasets] == ["Couche 1"]
    assert catalog.location.endswith("/datasets/exempleville::couche-1") and catalog.title == "Couche 1"


def _source(url: str) -> ArcgisHubSource:
    from opendata_check.sources.arcgis_hub import _source as named

    found = named(url)
    assert found is not None
    return found


def test_an_item_of_several_layers_gives_them_all(fetcher: Fetcher) -> None:
    items = [item(1), item(1, id=f"{1:032x}_1", name="Autre couche", slug="exempleville::autre"), item(2)]
    with serve_arcgis(items) as server:
        catalog = _collect(server, fetcher, what="dataset", key=f"{1:032x}")
    assert [one.title for one in catalog.datasets] == ["Couche 1", "Autre couche"]


@pytest.mark.parametrize("key", [f"{9:032x}_0", "exempleville::rien"])
def test_a_dataset_that_is_not_there_is_told(fetcher: Fetcher, key: str) -> None:
    with serve_arcgis(generated(2)) as server, pytest.raises(SourceError, match="n'existe pas sur ce site"):
        _collect(server, fetcher, what="dataset", key=key)


def test_a_broken_feed_does_not_say_that_a_dataset_is_not_there(fetcher: Fetcher) -> None:
    body = json.dumps(feed(generated(3), SITE)).encode()[:-400]
    with (
        serve_arcgis(has_old=False, scripted={FEED: [Scripted(200, body, keep=True)], OLD: [HTML]}) as server,
        pytest.raises(SourceError) as raised,
    ):
        _collect(server, fetcher, what="dataset", key="exempleville::couche-2")
    assert "incomplet" in str(raised.value.what)


def test_a_search_gives_what_it_finds(fetcher: Fetcher) -> None:
    items = [item(1), item(2, name="Bancs"), item(3, type="Table")]
    with serve_arcgis(items) as server:
        source = _source(f"{server.site}/search?collection=Dataset&q=couche&type=Feature%20Layer&sort=name")
        catalog = source.collect(fetcher)
        assert not any(path.startswith(FEED) for path in server.seen)
    assert [one.title for one in catalog.datasets] == ["Couche 1"] and catalog.announced == 1
    assert catalog.location == f"{server.site}/search?collection=dataset&q=couche&type=Feature+Layer"
    assert source.label.endswith("recherche couche, Feature Layer")


def test_a_token_goes_in_a_header_only(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "jeton-secret")
    with serve_arcgis(generated(2), has_feed=False) as server:
        _collect(server, fetcher)
        assert set(server.tokens) == {"Bearer jeton-secret"} and not any("jeton" in path for path in server.seen)


# ---- recognition


@pytest.mark.parametrize(
    ("url", "what", "key"),
    [
        ("https://data-epinal.opendata.arcgis.com", "portal", ""),
        ("https://data-thionvillefensch.hub.arcgis.com/", "portal", ""),
        ("http://cassini.apur.opendata.arcgis.com/datasets", "portal", ""),
        (f"{SITE}/search?collection=Dataset", "portal", ""),
        (f"{SITE}/search?q=arbres", "search", ""),
        (f"{SITE}/search?collection=Document", "search", ""),
        (f"{SITE}/datasets/ville::arbres/about", "dataset", "ville::arbres"),
        (f"{SITE}/pages/contact", "portal", ""),
        ("https://data.ville.fr/api/feed/dcat-us/1.1.json", "portal", ""),
        ("https://data.ville.fr/api/search/v1", "portal", ""),
        ("https://data.ville.fr/api/search/v1/collections/dataset/items?q=eau", "search", ""),
        (f"https://data.ville.fr/api/download/v1/items/{HEX}/csv?layers=2", "dataset", f"{HEX}_2"),
        (f"https://opendata.arcgis.com/datasets/{HEX}_0.geojson", "dataset", f"{HEX}_0"),
        ("https://hub.arcgis.com/datasets/ville::arbres/explore", "dataset", "ville::arbres"),
    ],
)
def test_an_address_is_recognised(url: str, what: str, key: str) -> None:
    source = detect(url)
    assert isinstance(source, ArcgisHubSource)
    assert (source.what, source.key) == (what, key)


@pytest.mark.parametrize(
    "url", ["https://hub.arcgis.com", "https://hub.arcgis.com/search?q=arbres", "https://opendata.arcgis.com/"]
)
def test_arcgis_s_own_site_is_nobody_s(url: str) -> None:
    with pytest.raises(SourceError, match="tout le monde"):
        recognise(_target(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://data.ville.fr/datasets/arbres",
        "https://hub.arcgis.com.pirate.fr/",
        "https://[::1",
        "https://www.arcgis.com/home/item.html?id=1",
    ],
)
def test_another_address_is_not(url: str) -> None:
    assert recognise(_target(url)) is None


def test_a_page_that_shows_its_software_is_confirmed_by_its_interface(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(2)) as server:
        found = find(f"{server.site}/datasets/exempleville::couche-1/about", fetcher)
        assert found.recognition is not None
        assert found.requests == 2
        assert found.recognition.scope == "jeu de données exempleville::couche-1"
        assert SEARCH in found.recognition.ground
        assert [one.title for one in found.recognition.source.collect(fetcher).datasets] == ["Couche 1"]


def test_the_feed_alone_confirms_too(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(2000), has_search=False) as server:
        found = confirm(_page(server.site + "/"), fetcher)
    assert found is not None and "dcat-us" in found.ground


def test_another_site_is_not_confirmed(fetcher: Fetcher) -> None:
    other = {"title": "OGC API", "links": [{"href": "https://x/collections"}]}
    for scripted in (
        {SEARCH: [_json(other)]},
        {SEARCH: [HTML], FEED: [HTML]},
        {SEARCH: [_json({"error": {"code": 499}})]},
    ):
        with serve_arcgis(has_feed=False, scripted=scripted) as server:
            assert confirm(_page(server.site + "/"), fetcher) is None
    assert confirm(_page("https://hub.arcgis.com/"), fetcher) is None


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://hubcdn.arcgis.com/opendata-ui/assets/vendor.js">',
        "<script>window.__SITE=\"%7B%22item%22\"</script>",
    ],
)  # fmt: skip
def test_a_page_hints_at_its_software(text: str) -> None:
    assert hint(_page("https://data.ville.fr/", text))
    assert hint(_page("https://data.ville.fr/", "<a href='https://ville.hub.arcgis.com'>nos données</a>")) == ""


# ---- what goes wrong


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"code": 400, "message": "Invalid URL", "details": []}}, "ne comprend pas la demande"),
        ({"error": {"code": 498, "message": "Invalid token."}}, "jeton"),
        ({"error": {"code": 499, "message": "Token Required"}}, "demande un compte"),
        ({"error": {"code": "499", "message": "Token Required"}}, "demande un compte"),
        ({"error": "Encountered error while processing request"}, "rencontré une erreur"),
        ({"error": {"message": ["x"]}}, "rencontré une erreur"),
        ({"statusCode": 404, "error": "Not Found", "message": "Cannot GET"}, "n'existe pas"),
        ({"errors": [{"status": "403"}]}, "refuse l'accès"),
        ({"a": 1}, "forme attendue"),
        ([], "forme attendue"),
        ("texte", "forme attendue"),
    ],
)
def test_an_error_told_in_an_answer_of_200_is_told_in_our_words(fetcher: Fetcher, body: Any, words: str) -> None:
    said = _json(body)
    with (
        serve_arcgis(scripted={FEED: [said], ITEMS: [said], OLD: [said]}) as server,
        pytest.raises(SourceError) as raised,
    ):
        _collect(server, fetcher)
    assert words in raised.value.what
    assert "Token" not in str(raised.value) and "Encountered" not in str(raised.value)


def test_an_error_after_the_first_page_leaves_what_was_read(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(150), has_feed=False) as server:
        first = fetcher.json(f"{server.site}{ITEMS}", {"limit": 100, "startindex": 1})
    scripted = {ITEMS: [Scripted(200, json.dumps(first).encode()), _json({"error": {"code": 500, "message": "x"}})]}
    with serve_arcgis(has_feed=False, scripted=scripted) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 100 and not catalog.complete and len(catalog.faults) == 1


@pytest.mark.parametrize(
    "reply",
    [HTML, Scripted(500, b"oops", keep=True), Scripted(403, b"<html>", keep=True), Scripted(200, b"", keep=True)],
)
def test_a_site_where_nothing_answers_is_told_once(fetcher: Fetcher, reply: Scripted) -> None:
    with (
        serve_arcgis(scripted={path: [reply] for path in (FEED, ITEMS, OLD)}) as server,
        pytest.raises(SourceError) as raised,
    ):
        _collect(server, fetcher)
    assert raised.value.what and raised.value.where


@pytest.mark.parametrize("cut", [50, 400, 3_000])
def test_a_feed_cut_short_gives_what_came(fetcher: Fetcher, cut: int) -> None:
    whole = json.dumps(feed(generated(20), SITE)).encode()
    with serve_arcgis(scripted={FEED: [Scripted(200, whole[:-cut])]}) as server:
        catalog = _collect(server, fetcher)
    assert 16 <= len(catalog.datasets) <= 19 and not catalog.complete
    assert [fault.what for fault in catalog.faults] == ["le catalogue du portail est incomplet ou mal formé"]


def test_an_error_in_the_midst_of_the_feed_is_a_break(fetcher: Fetcher) -> None:
    whole = json.dumps(feed(generated(20), SITE)).encode()[:9_000] + b'{"error":"Encountered error"}'
    with serve_arcgis(scripted={FEED: [Scripted(200, whole)]}) as server:
        catalog = _collect(server, fetcher)
    assert catalog.datasets and not catalog.complete and len(catalog.faults) == 1


def test_a_server_that_dies_midway_makes_the_search_be_asked(fetcher: Fetcher) -> None:
    whole = json.dumps(feed(generated(20), SITE)).encode()
    dying = Scripted(200, whole[:5_000], announced=len(whole), keep=True)
    with serve_arcgis(generated(20), scripted={FEED: [dying]}) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 20


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_feed_in_another_charset_is_read(fetcher: Fetcher, encoding: str) -> None:
    body = json.dumps(feed([item(1, name="Zones inondées d'été")], SITE), ensure_ascii=False).encode(encoding)
    with serve_arcgis(scripted={FEED: [Scripted(200, body)]}) as server:
        catalog = _collect(server, fetcher)
    assert catalog.datasets[0].title == "Zones inondées d'été"


def test_a_large_feed_is_read_piece_by_piece(fetcher: Fetcher) -> None:
    records = feed([item(number, description="é" * 30_000) for number in range(400)], SITE)
    with serve_arcgis(scripted={FEED: [Scripted(200, json.dumps(records).encode())]}) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 400 and catalog.complete


def test_one_huge_record_is_passed_over(fetcher: Fetcher) -> None:
    records = feed(generated(3), SITE)
    records["dataset"][1]["keyword"] = ["x" * 1000] * 6000
    with serve_arcgis(scripted={FEED: [Scripted(200, json.dumps(records).encode())]}) as server:
        catalog = _collect(server, fetcher)
    assert [one.title for one in catalog.datasets] == ["Couche 0", "Couche 2"]
    assert not catalog.complete and "démesurée" in catalog.faults[0].what


def _features(*numbers: int, **more: Any) -> dict[str, Any]:
    features = [{"id": f"{number:032x}_0", "properties": item(number)} for number in numbers]
    return {"type": "FeatureCollection", "features": features, **more}


def _link(start: Any) -> list[dict[str, Any]]:
    return [{"rel": "next", "href": f"https://x{ITEMS}?limit=100&startindex={start}"}]


@pytest.mark.parametrize(
    ("pages", "count"),
    [
        ([_features(1, 2, links=_link(1))] * 2, 2),
        ([_features(1, 2, links=_link(3)), _features(1, 2, links=_link(5))], 2),
        ([_features(1, 2, links=_link("abc"))] * 2, 2),
        ([_features(1, 2, numberMatched=500, links=_link(3)), _features(numberMatched=500)], 2),
        ([_features(1, 2, numberMatched=500), _features(3, numberMatched=2)], 3),
    ],
)
def test_paging_that_loops_shrinks_or_lies_ends(fetcher: Fetcher, pages: list[dict[str, Any]], count: int) -> None:
    replies = [Scripted(200, json.dumps(page).encode()) for page in pages]
    replies.append(Scripted(200, json.dumps(pages[-1]).encode(), keep=True))
    with serve_arcgis(has_feed=False, scripted={ITEMS: replies}) as server:
        catalog = _collect(server, fetcher)
        assert len(server.seen) < 8
    assert len(catalog.datasets) == count
    if count == 2:
        assert not catalog.complete and len(catalog.faults) == 1


def test_a_search_without_links_is_followed_by_its_count(fetcher: Fetcher) -> None:
    with serve_arcgis(generated(230), has_feed=False, links=False) as server:
        assert len(_collect(server, fetcher).datasets) == 230


def test_an_interruption_keeps_what_came(fetcher: Fetcher) -> None:
    class Stopping:
        def __init__(self, inner: Fetcher) -> None:
            self._inner, self._count = inner, 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inner, name)

        def json(self, *arguments: Any) -> Any:
            self._count += 1
            if self._count > 1:
                raise KeyboardInterrupt
            return self._inner.json(*arguments)

    stopping: Any = Stopping(fetcher)
    with serve_arcgis(generated(250), has_feed=False) as server:
        catalog = _collect(server, stopping)
    assert catalog.interrupted and len(catalog.datasets) == 100 and not catalog.complete


_ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([HEX, "{{x}}", SITE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*feed([item(1)], SITE)["dataset"][0], "@id", "theme"]), _ODD))
def test_any_record_of_the_feed_is_borne(record: dict[str, Any]) -> None:
    read = feed_dataset(record)
    assert isinstance(read.title, str) and isinstance(read.distributions, tuple)


@given(
    st.dictionaries(st.sampled_from([*item(1), "snippet", "layers", "additionalResources", "orgName", "title"]), _ODD)
)
def test_any_item_is_borne(attributes: dict[str, Any]) -> None:
    read = item_dataset(attributes, SITE)
    assert isinstance(read.title, str) and all(one.url for one in read.distributions)


# ---- speed


@pytest.fixture
def patient() -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None, allow_private=True, limits=Limits(requests_per_second=1000.0)) as opened:
        yield opened


@pytest.mark.slow
def test_ten_thousand_datasets_are_mapped_quickly(patient: Fetcher) -> None:
    with serve_arcgis(generated(10_000)) as server:
        start = time.process_time()
        catalog = _collect(server, patient)
        spent = time.process_time() - start
    assert len(catalog.datasets) == 10_000
    assert spent < 30  # the server's own work is in it: benchmarks/portals.py tells the two apart
