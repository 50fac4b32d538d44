"""Our readers against a real pygeoapi: OGC API Records and OGC API Features on one service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pygeoapi_live import RECORDS, SERVICES, live_pygeoapi
from serving import LiveServer, LiveUnavailableError

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import ServiceOffer
from opendata_check.sources import SourceError, find
from opendata_check.sources.ogc_records import OgcRecordsSource
from opendata_check.sources.wfs import WfsSource, completed, count_of, offers

pytestmark = pytest.mark.live

API = "ogc-api-features"


@pytest.fixture(scope="module")
def pygeoapi() -> Iterator[LiveServer]:
    try:
        with live_pygeoapi() as server:
            yield server
    except LiveUnavailableError as error:
        pytest.skip(f"pygeoapi ne peut pas être installé ici : {error}")


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(
        cache_folder=None, allow_private=True, limits=Limits(requests_per_second=1000.0, retries=0)
    ) as opened:
        yield opened


def test_every_record_is_read_though_pages_are_cut_at_ten(pygeoapi: LiveServer, fetcher: Fetcher) -> None:
    catalog = OgcRecordsSource(pygeoapi.base_url).collect(fetcher)
    assert catalog.complete and catalog.faults == ()
    assert (len(catalog.datasets), catalog.announced) == (RECORDS, RECORDS + SERVICES)
    assert catalog.left_out == (("service", SERVICES),)
    assert catalog.title == "Catalogue"


def test_a_record_comes_back_whole(pygeoapi: LiveServer, fetcher: Fetcher) -> None:
    catalog = OgcRecordsSource(pygeoapi.base_url, "jeux", "jeu-003").collect(fetcher)
    (dataset,) = catalog.datasets
    assert (dataset.title, dataset.publisher, dataset.contact) == (
        "Jeu de données 3",
        "Ville d'Exempleville",
        "sig@exempleville.fr",
    )
    assert (dataset.license, dataset.metadata_modified) == ("LO-2.0", date(2025, 1, 15))
    assert (dataset.temporal, dataset.bbox) == ("2020-01-01/2024-12-31", (7.29, 47.72, 7.36, 47.78))
    download, service = dataset.distributions
    assert (download.url, download.byte_size) == ("https://exempleville.fr/jeu-003.csv", 2048)
    assert service.service == ServiceOffer("wfs", "ville:jeu-003")
    assert "durand" not in repr(dataset).lower()


@pytest.mark.parametrize(("collection", "record"), [("nulle", ""), ("jeux", "nulle")])
def test_what_does_not_exist_is_told(pygeoapi: LiveServer, fetcher: Fetcher, collection: str, record: str) -> None:
    with pytest.raises(SourceError, match="ce qui est demandé n'existe pas sur ce service"):
        OgcRecordsSource(pygeoapi.base_url, collection, record).collect(fetcher)


def test_a_search_is_asked(pygeoapi: LiveServer, fetcher: Fetcher) -> None:
    catalog = OgcRecordsSource(pygeoapi.base_url, "jeux", words="donnees 13").collect(fetcher)
    assert catalog.complete and catalog.announced == len(catalog.datasets) == 0
    catalog = OgcRecordsSource(pygeoapi.base_url, "jeux", words="urbanisme").collect(fetcher)
    assert len(catalog.datasets) == RECORDS and catalog.complete


def test_a_collection_of_features_is_a_dataset(pygeoapi: LiveServer, fetcher: Fetcher) -> None:
    catalog = WfsSource(pygeoapi.base_url, API).collect(fetcher)
    (dataset,) = catalog.datasets
    assert (catalog.title, dataset.id, dataset.title) == ("API d'Exempleville", "arbres", "Arbres")
    assert (dataset.license, dataset.landing_page) == ("Licence Ouverte 2.0", "https://exempleville.fr/page")
    assert dataset.bbox == (7.29, 47.72, 7.36, 47.78)


def test_a_service_is_completed_and_counted(pygeoapi: LiveServer, fetcher: Fetcher) -> None:
    known = offers(fetcher, f"{pygeoapi.base_url}/collections/arbres/items", API)
    (dataset,) = WfsSource(pygeoapi.base_url, API).collect(fetcher).datasets
    found = completed(dataset.distributions[0], known).service
    assert found is not None and "application/geo+json" in found.formats
    assert count_of(fetcher, pygeoapi.base_url, found) == 37


@pytest.mark.parametrize(
    "path", ["", "/?f=json", "/collections", "/conformance", "/collections/jeux", "/collections/jeux/items"]
)
def test_a_bare_address_is_found_to_hold_records(pygeoapi: LiveServer, fetcher: Fetcher, path: str) -> None:
    found = find(pygeoapi.base_url + path, fetcher).recognition
    assert found is not None and isinstance(found.source, OgcRecordsSource)
    assert len(found.source.collect(fetcher).datasets) == RECORDS


def test_a_bare_address_is_found_to_hold_features(pygeoapi: LiveServer, fetcher: Fetcher) -> None:
    found = find(f"{pygeoapi.base_url}/collections/arbres/items", fetcher).recognition
    assert found is not None and found.source == WfsSource(pygeoapi.base_url, API, "arbres")
