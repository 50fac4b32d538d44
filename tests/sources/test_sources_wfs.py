"""A WFS and an OGC API Features read through a real local server, as sources and to complete distributions."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from ogc_server import Traits, capabilities, generated, serve_ogc

from opendata_check.fetching import Fetcher
from opendata_check.model.catalog import Distribution, ServiceOffer
from opendata_check.sources import SourceError
from opendata_check.sources.interface import Page, Target
from opendata_check.sources.reading.ogc.wfs import NotWfs, wfs_of
from opendata_check.sources.wfs import MAPPING, WfsSource, completed, confirm, count_of, hint, offers, recognise

API = "ogc-api-features"


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_the_layers_of_a_wfs_are_datasets(fetcher: Fetcher, version: str) -> None:
    traits = Traits(version=version, constraints="Licence Ouverte 2.0 https://www.etalab.gouv.fr/lo")
    with serve_ogc(layers=["eau", "plu"], traits=traits) as server:
        catalog = WfsSource(f"{server.base_url}/wfs").collect(fetcher)
        assert len(server.seen) == 1
    assert (catalog.source, catalog.place, catalog.title) == ("wfs", "portal", "WFS d'Exempleville")
    assert catalog.complete and [dataset.id for dataset in catalog.datasets] == ["ville:eau", "ville:plu"]
    dataset = catalog.datasets[0]
    assert (dataset.title, dataset.description, dataset.keywords) == ("Couche eau", "La couche eau.", ("eau",))
    assert (dataset.publisher, dataset.contact) == ("Ville d'Exempleville", "sig@exempleville.fr")
    assert dataset.license_url == "https://www.etalab.gouv.fr/lo" and "Licence Ouverte" in dataset.license
    assert (dataset.access_rights, dataset.bbox) == ("", (7.2, 47.7, 7.4, 47.8))
    assert "jeu-eau" in dataset.identifiers
    service, *files = dataset.distributions
    assert service.role == "api" and service.service is not None
    assert service.service.crs == ("urn:ogc:def:crs:EPSG::2154", "urn:ogc:def:crs:EPSG::4326")
    assert service.service.formats == ("application/gml+xml; version=3.2", "application/json", "csv", "SHAPE-ZIP")
    assert service.service.version == version
    assert [found.declared_format for found in files] == ["geojson", "csv", "shp"]
    assert all(found.synthesised and found.role == "main" for found in files)
    types = "typeNames" if version == "2.0.0" else "typeName"
    assert files[1].url == (
        f"{server.base_url}/wfs?service=WFS&version={version}&request=GetFeature&{types}=ville%3Aeau&outputFormat=csv"
    )
    assert "Durand" not in repr(catalog)


@pytest.mark.parametrize(
    ("fees", "constraints", "licence", "access"),
    [
        ("NONE", "none", "", ""),
        ("", "", "", ""),
        ("Licence Ouverte", "NONE", "Licence Ouverte", ""),
        ("none", "Réservé aux agents", "", "Réservé aux agents"),
        ("10 € par an", "Réservé aux abonnés", "10 € par an", "Réservé aux abonnés"),
    ],
)
def test_the_conditions_of_a_wfs_are_told(
    fetcher: Fetcher, fees: str, constraints: str, licence: str, access: str
) -> None:
    with serve_ogc(layers=["eau"], traits=Traits(fees=fees, constraints=constraints)) as server:
        (dataset,) = WfsSource(f"{server.base_url}/wfs").collect(fetcher).datasets
    assert (dataset.license, dataset.access_rights) == (licence, access)


def test_one_layer_is_read_by_its_name(fetcher: Fetcher) -> None:
    with serve_ogc(layers=["eau", "plu"]) as server:
        for name in ("ville:plu", "plu"):
            catalog = WfsSource(f"{server.base_url}/wfs", layer=name).collect(fetcher)
            assert [dataset.id for dataset in catalog.datasets] == ["ville:plu"]
        with pytest.raises(SourceError, match="cette couche n'existe pas"):
            WfsSource(f"{server.base_url}/wfs", layer="nulle").collect(fetcher)


def test_the_collections_of_an_api_are_datasets(fetcher: Fetcher) -> None:
    with serve_ogc({"jeux": generated(1)}, {"arbres": 5, "bancs": 2}) as server:
        catalog = WfsSource(server.base_url, API).collect(fetcher)
    assert catalog.title == "API d'Exempleville"
    assert [dataset.id for dataset in catalog.datasets] == ["arbres", "bancs"]
    dataset = catalog.datasets[0]
    assert (dataset.title, dataset.description, dataset.keywords) == (
        "Collection arbres",
        "Une collection.",
        ("ville",),
    )
    assert (dataset.license, dataset.license_url) == ("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/lo")
    assert (dataset.temporal, dataset.bbox) == ("2020-01-01T00:00:00Z/", (7.2, 47.7, 7.4, 47.8))
    assert dataset.landing_page == "https://exempleville.fr/arbres"
    service, file = dataset.distributions
    assert (service.role, service.declared_format) == ("api", "ogcapi")
    assert service.url == f"{server.base_url}/collections/arbres/items?f=json"
    assert service.service == ServiceOffer(
        API,
        "arbres",
        ("application/geo+json",),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/2154"),
    )
    assert (file.role, file.declared_format, file.byte_size) == ("main", "gpkg", 4096)


def test_an_api_of_records_only_has_no_layers(fetcher: Fetcher) -> None:
    with serve_ogc({"jeux": generated(1)}) as server, pytest.raises(SourceError, match="aucune collection"):
        WfsSource(server.base_url, API).collect(fetcher)


# To complete distributions


def _distribution(offer: ServiceOffer | None) -> Distribution:
    return Distribution("a", "A", url="https://x.fr", role="api", service=offer)


def test_a_distribution_is_completed_by_what_its_service_says(fetcher: Fetcher) -> None:
    with serve_ogc(features={"arbres": 5}, layers=["eau", "plu"]) as server:
        known = offers(fetcher, f"{server.base_url}/wfs?service=WFS&request=GetCapabilities&version=1.0.0", "wfs")
        found = completed(_distribution(ServiceOffer("wfs", "plu", count=3)), known).service
        api = offers(fetcher, f"{server.base_url}/collections/arbres/items?f=json", API)
    assert found is not None
    assert (found.layer, found.version, found.count, len(found.formats), len(found.crs)) == (
        "ville:plu",
        "2.0.0",
        3,
        4,
        2,
    )
    assert [offer.layer for offer in api] == ["arbres"]


def test_what_the_service_does_not_know_is_left_as_it_is() -> None:
    unknown = _distribution(ServiceOffer("wfs", "ailleurs"))
    assert completed(unknown, [ServiceOffer("wfs", "ici")]) is unknown
    unnamed = _distribution(ServiceOffer("wfs", ""))
    assert completed(unnamed, [ServiceOffer("wfs", "ici")]) is unnamed
    assert completed(_distribution(None), [ServiceOffer("wfs", "ici")]).service is None


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_features_are_counted_without_being_read(fetcher: Fetcher, version: str) -> None:
    with serve_ogc(features={"arbres": 57}, layers=["eau"], traits=Traits(version=version)) as server:
        assert (
            count_of(fetcher, f"{server.base_url}/wfs?typename=x", ServiceOffer("wfs", "ville:eau", version=version))
            == 1234
        )
        assert "resultType=hits" in server.seen[-1] and "ville%3Aeau" in server.seen[-1]
        assert count_of(fetcher, server.base_url, ServiceOffer(API, "arbres")) == 57
        assert count_of(fetcher, server.base_url, ServiceOffer(API, "nulle")) is None
        assert count_of(fetcher, f"{server.base_url}/collections", ServiceOffer("wfs", "x")) is None


# Addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.fr/geoserver/wfs", WfsSource("https://x.fr/geoserver/wfs")),
        ("https://x.fr/geoserver/ows?service=WFS&version=1.0.0&request=GetFeature&typeName=a:b&outputFormat=csv&maxFeatures=5", WfsSource("https://x.fr/geoserver/ows", layer="a:b")),
        ("https://x.fr/ows?SERVICE=wfs&typenames=a,b", WfsSource("https://x.fr/ows")),
        ("https://x.fr/cgi?map=/a.map&service=WFS", WfsSource("https://x.fr/cgi?map=%2Fa.map")),
        ("https://x.fr/geoserver/ogc/features/v1/collections/a:b/items?f=json", WfsSource("https://x.fr/geoserver/ogc/features/v1", API, "a:b")),
        ("https://x.fr/geoserver/ogc/features", WfsSource("https://x.fr/geoserver/ogc/features", API)),
        ("https://x.fr/ows?service=WMS", None),
        ("https://x.fr/collections/a/items", None),
        ("https://x.fr/api/wfs?service=CSW", None),
        ("https://x.fr/", None),
        ("http://[", None),
        ("https:///wfs", None),
    ],
)  # fmt: skip
def test_addresses_are_recognised_by_their_shape(url: str, expected: WfsSource | None) -> None:
    assert recognise(Target(url, None, url, None, "https://www.data.gouv.fr")) == expected


@pytest.mark.parametrize("path", ["/", "/collections", "/collections/arbres", "/collections/arbres/items"])
def test_an_api_is_confirmed_by_its_collections(fetcher: Fetcher, path: str) -> None:
    with serve_ogc({"jeux": generated(1)}, {"arbres": 2}) as server:
        url = server.base_url + path
        page = Page(url, url, 200, "application/json", {}, fetcher.look(url).data.decode())
        found = confirm(page, fetcher)
        assert found is not None and found.source == WfsSource(
            server.base_url, API, "arbres" if "arbres" in path else ""
        )
        assert len(server.seen) == 2
    assert hint(page)


def test_a_wfs_is_confirmed_by_what_the_page_is(fetcher: Fetcher) -> None:
    text = capabilities(["eau"], Traits()).decode()
    page = Page("https://x.fr/a", "https://x.fr/a?request=GetCapabilities", 200, "text/xml", {}, text)
    assert hint(page) == "la réponse est celle d'un service WFS"
    found = confirm(page, fetcher)
    assert found is not None and found.source == WfsSource("https://x.fr/a")


def test_a_site_without_layers_is_not_confirmed(fetcher: Fetcher) -> None:
    with serve_ogc({"jeux": generated(1)}) as server:
        for path in ("/", "/ailleurs", "/collections/jeux"):
            url = server.base_url + path
            assert confirm(Page(url, url, 200, "text/html", {}, ""), fetcher) is None


# What goes wrong


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        b"{}",
        b"<a/>",
        b'<ExceptionReport><Exception exceptionCode="NoApplicableCode"/></ExceptionReport>',
    ],
)
def test_something_else_than_a_wfs_is_an_error(fetcher: Fetcher, body: bytes) -> None:
    with (
        serve_ogc(scripted={"/wfs": (200, body)}) as server,
        pytest.raises(SourceError, match="ne dit pas ce qu'il contient"),
    ):
        WfsSource(f"{server.base_url}/wfs").collect(fetcher)


def test_a_refusal_is_told_in_our_words(fetcher: Fetcher) -> None:
    body = b'<ServiceExceptionReport><ServiceException code="AccessDenied">secret</ServiceException></ServiceExceptionReport>'
    with (
        serve_ogc(scripted={"/wfs": (400, body)}) as server,
        pytest.raises(SourceError, match="l'accès est refusé") as raised,
    ):
        WfsSource(f"{server.base_url}/wfs").collect(fetcher)
    assert "secret" not in str(raised.value)


def test_capabilities_cut_in_the_middle_keep_what_came_before(fetcher: Fetcher) -> None:
    body = capabilities([f"c{number}" for number in range(10)], Traits())
    with serve_ogc(scripted={"/wfs": (200, body[: body.index(b"ville:c6")])}) as server:
        catalog = WfsSource(f"{server.base_url}/wfs").collect(fetcher)
    assert len(catalog.datasets) == 6 and not catalog.complete
    assert "la liste des couches n'est pas lue jusqu'au bout" in catalog.faults[0].what


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"collections": {}}', b"[]", b'{"collections": [{"itemType": "feature"}, 3]}']
)
def test_something_else_than_an_api_is_an_error(fetcher: Fetcher, body: bytes) -> None:
    with serve_ogc(scripted={"/collections": (200, body)}) as server, pytest.raises(SourceError):
        WfsSource(server.base_url, API).collect(fetcher)


def test_a_hostile_wfs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><WFS_Capabilities>&b;</WFS_Capabilities>')
    with pytest.raises(NotWfs, match="DOCTYPE"):
        wfs_of(path)


@pytest.mark.slow
def test_a_national_service_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(capabilities([f"couche{number}" for number in range(8_000)], Traits()))
    assert path.stat().st_size > 4_000_000
    tracemalloc.start()
    found = wfs_of(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found.types) == 8_000 and not found.fault
    assert peak < 60_000_000


def test_the_fields_are_told() -> None:
    assert {"dataset.title", "dataset.license", "distribution.service.formats"} <= set(MAPPING)
