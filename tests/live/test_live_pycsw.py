"""Our reader against a real pycsw, in the two versions of CSW and by POST as by GET."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

import pytest
from pycsw_live import live_pycsw, records
from serving import LiveServer, LiveUnavailableError

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog, Dataset, Fault
from opendata_check.sources import SourceError, detect
from opendata_check.sources.csw import CswSource, confirm
from opendata_check.sources.interface import Page
from opendata_check.sources.reading.collecting import Announced
from opendata_check.sources.reading.csw.pages import Reading
from opendata_check.sources.reading.csw.record import any_id
from opendata_check.sources.reading.csw.request import CSW_2, CSW_3, Asked, Way

pytestmark = pytest.mark.live

_SERVICES = 3


@pytest.fixture(scope="module")
def pycsw() -> Iterator[LiveServer]:
    try:
        with live_pycsw() as server:
            yield server
    except LiveUnavailableError as error:
        pytest.skip(f"pycsw ne peut pas être installé ici : {error}")


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(
        cache_folder=None, allow_private=True, limits=Limits(requests_per_second=1000.0, retries=0)
    ) as opened:
        yield opened


def _catalog(pycsw: LiveServer, fetcher: Fetcher) -> Catalog:
    return detect(f"{pycsw.base_url}/csw").collect(fetcher)


def _one(catalog: Catalog, identifier: str) -> Dataset:
    return next(dataset for dataset in catalog.datasets if dataset.id == identifier)


def test_every_record_is_read_though_pages_are_cut_at_ten(pycsw: LiveServer, fetcher: Fetcher) -> None:
    catalog = _catalog(pycsw, fetcher)
    assert catalog.complete and catalog.faults == ()
    assert catalog.announced == len(records()) > 30
    assert len(catalog.datasets) == len(records()) - _SERVICES
    assert catalog.left_out == (("service", _SERVICES),)
    assert (catalog.title, catalog.software) == ("Catalogue d'Exempleville", "pycsw 2.6.2")


def test_a_record_comes_back_whole(pycsw: LiveServer, fetcher: Fetcher) -> None:
    dataset = _one(_catalog(pycsw, fetcher), "fr-219900016-bruit")
    assert (dataset.title, dataset.publisher, dataset.contact) == (
        "Carte du bruit",
        "Ville d'Exempleville",
        "sig@exempleville.fr",
    )
    assert dataset.license == "Licence Ouverte 2.0 (Etalab)"
    assert (dataset.issued, dataset.modified) == (date(2020, 2, 3), date(2024, 5, 6))
    assert dataset.inspire is not None and dataset.inspire.missing == ()
    assert dataset.inspire.themes == ("Santé et sécurité des personnes",)


def test_what_records_lack_or_have_otherwise_is_seen(pycsw: LiveServer, fetcher: Fetcher) -> None:
    catalog = _catalog(pycsw, fetcher)
    assert _one(catalog, "odbl").license_url == "https://opendatacommons.org/licenses/odbl/1-0/"
    assert _one(catalog, "licence-en-mots").license_url == "http://www.data.gouv.fr/Licence"
    assert _one(catalog, "sans-licence").license == ""
    person = _one(catalog, "une-personne")
    assert (person.publisher, person.contact) == ("", "") and "durand" not in repr(person).lower()
    assert _one(catalog, "non-conforme").conforms_to == ()
    assert _one(catalog, "enfant").series == "serie"
    roles = [(found.role, found.declared_format) for found in _one(catalog, "liens").distributions]
    assert roles == [("api", "atom"), ("api", "esri-rest"), ("api", "ogcapi"), ("documentation", "")]


def test_services_are_tied_to_the_datasets_they_serve(pycsw: LiveServer, fetcher: Fetcher) -> None:
    catalog = _catalog(pycsw, fetcher)
    served = {
        dataset.id: [found.declared_format for found in dataset.distributions if found.id.startswith("service:")]
        for dataset in catalog.datasets
    }
    assert {identifier: known for identifier, known in served.items() if known} == {
        "fr-219900016-adresses": ["wms"],
        "fr-219900016-cadastre": ["wms"],
        "fr-219900016-plu": ["wms", "atom"],
    }


@pytest.mark.parametrize(
    "way",
    [
        Way(),
        Way(sort=""),
        Way(post=False),
        Way(version="3.0.0"),
        Way(version="3.0.0", post=False),
        Way(types="csw:Record", schema=CSW_2, sort="dc:identifier"),
        Way(version="3.0.0", types="csw:Record", schema=CSW_3, sort="dc:identifier"),
    ],
    ids=["POST", "unsorted", "GET", "3.0 POST", "3.0 GET", "Dublin Core", "3.0 Dublin Core"],
)
def test_both_versions_are_read_by_post_and_by_get(pycsw: LiveServer, fetcher: Fetcher, way: Way) -> None:
    reading = Reading(fetcher, f"{pycsw.base_url}/csw", Asked(), 50, way)
    found = list(reading.records())
    assert [part for part in found if isinstance(part, Fault)] == []
    identifiers = [any_id(part) for part in found if isinstance(part, ElementTree.Element)]
    assert sorted(identifiers) == sorted(identifier for identifier, _ in records())
    assert [part.count for part in found if isinstance(part, Announced)] == [len(records())]
    assert (reading.way.version, reading.way.post, reading.way.schema) == (way.version, way.post, way.schema)


def test_one_record_is_read_from_its_address(pycsw: LiveServer, fetcher: Fetcher) -> None:
    catalog = detect(f"{pycsw.base_url}/csw?service=CSW&version=2.0.2&request=GetRecordById&id=odbl").collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["odbl"] and catalog.complete
    with pytest.raises(SourceError, match="cette fiche n'existe pas"):
        CswSource(f"{pycsw.base_url}/csw", record="nulle-part").collect(fetcher)


@pytest.mark.parametrize("query", ["constraint=AnyText%20like%20'%25Orthophoto%25'", "any=Orthophotographie"])
def test_a_search_is_asked_as_the_address_says(pycsw: LiveServer, fetcher: Fetcher, query: str) -> None:
    catalog = detect(f"{pycsw.base_url}/csw?service=CSW&{query}").collect(fetcher)
    assert {dataset.id for dataset in catalog.datasets} == {"serie", "enfant", "fr-219900016-ortho"}


def test_a_service_is_confirmed_by_its_capabilities(pycsw: LiveServer, fetcher: Fetcher) -> None:
    url = f"{pycsw.base_url}/csw?service=CSW&version=2.0.2&request=GetCapabilities"
    page = Page(url, url, 200, "application/xml", {}, fetcher.look(url).data.decode())
    found = confirm(page, fetcher)
    assert found is not None and found.source == CswSource(f"{pycsw.base_url}/csw")


def test_nothing_but_this_machine_is_listened_on(pycsw: LiveServer) -> None:
    port = int(pycsw.base_url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.2", port))  # it would be taken if pycsw listened everywhere
