"""Our reader against udata itself; what mongomock makes different is told in ``udata_live``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest
import udata_live_data as told
from serving import LiveServer, LiveUnavailableError
from udata_live import live_udata

from opendata_check.fetching import Fetcher, FetchingError, Limits, open_fetcher
from opendata_check.model.catalog import Catalog, Dataset
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.sources import SourceError, detect, find
from opendata_check.sources.interface import Page
from opendata_check.sources.reading.udata.pages import COUNTED_MASK, DATASET_MASK
from opendata_check.sources.udata import UdataSource, about, confirm, hint

pytestmark = pytest.mark.live

COMMUNE = Organization("Ker-Exemple", OrganizationKind.COMMUNE, insee_code="99001", siren="219900016")


@pytest.fixture(scope="module")
def udata() -> Iterator[LiveServer]:
    try:
        with live_udata() as server:
            yield server
    except LiveUnavailableError as error:
        pytest.skip(f"udata ne peut pas être installé ici : {error}")


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    limits = Limits(requests_per_second=1000.0, retries=0)
    with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as opened:
        yield opened


def _own(udata: LiveServer, fetcher: Fetcher) -> Catalog:
    return UdataSource(udata.base_url, "organization", "commune-de-ker-exemple").collect(fetcher)


def _numbered(catalog: Catalog, number: int) -> Dataset:
    return next(dataset for dataset in catalog.datasets if dataset.id == f"{number:024x}")


def test_a_body_is_found_by_its_siren(udata: LiveServer, fetcher: Fetcher) -> None:
    catalog = UdataSource(udata.base_url, "siren", "219900016").collect(fetcher)
    assert catalog.complete and len(catalog.datasets) == told.PUBLIC
    assert (catalog.title, catalog.publisher_siren) == ("Commune de Ker-Exemple", "219900016")
    assert catalog.publisher_badges == ("local-authority", "certified")


def test_a_siren_that_nobody_bears_gives_an_empty_catalogue(udata: LiveServer, fetcher: Fetcher) -> None:
    catalog = UdataSource(udata.base_url, "siren", "219900024").collect(fetcher)
    assert catalog.datasets == () and catalog.complete


def test_a_search_by_name_that_fails_makes_the_answer_partial(udata: LiveServer, fetcher: Fetcher) -> None:
    catalog = UdataSource(udata.base_url, "siren", "219900016", name="Ker-Exemple").collect(fetcher)
    assert len(catalog.datasets) == told.PUBLIC
    assert [fault.what for fault in catalog.faults] == ["le serveur est en panne (réponse 500)"]


@pytest.mark.parametrize(
    "path",
    [
        "/organizations/commune-de-ker-exemple/",
        f"/fr/organizations/{told.COMMUNE}/",
        f"/admin/organizations/{told.COMMUNE}/datasets",
        f"/datasets/?organization={told.COMMUNE}",
        "/datasets/?organization=commune-de-ker-exemple",
        "/api/1/organizations/commune-de-ker-exemple/catalog.xml",
    ],
)
def test_the_addresses_of_an_organization_give_its_datasets(udata: LiveServer, fetcher: Fetcher, path: str) -> None:
    source = detect(f"https://www.data.gouv.fr{path}", base_url=udata.base_url)
    assert len(source.collect(fetcher).datasets) == told.PUBLIC


def test_archived_and_deleted_are_told_apart_and_private_only_to_members(
    udata: LiveServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _own(udata, fetcher).left_out == (("archived", told.ARCHIVED), ("deleted", told.DELETED))
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", told.KEY)
    seen = _own(udata, fetcher)
    assert dict(seen.left_out)["private"] == told.PRIVATE and len(seen.datasets) == told.PUBLIC


def test_a_wrong_key_is_told(udata: LiveServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "not-a-key")
    with pytest.raises(SourceError, match="refuse votre clé"):
        _own(udata, fetcher)


@pytest.mark.parametrize("size", [1, 7, 20, 45, 49, 100])
def test_the_size_of_pages_changes_nothing(udata: LiveServer, fetcher: Fetcher, size: int) -> None:
    source = UdataSource(udata.base_url, "organization", "commune-de-ker-exemple", page_size=size)
    catalog = source.collect(fetcher)
    assert catalog.complete and catalog.datasets == _own(udata, fetcher).datasets


def test_masks_are_accepted_and_take_nothing_we_read(udata: LiveServer, fetcher: Fetcher) -> None:
    endpoint = f"{udata.base_url}/api/1/organizations/{told.COMMUNE}/datasets/"
    whole = fetcher.json(endpoint, {"page_size": 100})
    asked = fetcher.json(endpoint, {"page_size": 100}, {"X-Fields": f"data{{{DATASET_MASK}}},next_page,total"})
    assert asked["total"] == whole["total"] and "metrics" not in asked["data"][0] and "metrics" in whole["data"][0]
    unmasked = UdataSource(udata.base_url, "organization", told.COMMUNE)
    assert {dataset.id: dataset for dataset in _own(udata, fetcher).datasets} == {
        dataset.id: dataset
        for dataset in unmasked.collect(_Bare(fetcher)).datasets  # type: ignore[arg-type]
    }
    counted = fetcher.json(f"{udata.base_url}/api/2/datasets/{5:024x}/", headers={"X-Fields": COUNTED_MASK})
    assert counted["resources"]["total"] == 60 and "metrics" not in counted


class _Bare:
    """A fetcher that sends no mask."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def json(self, url: str, params: object = None, headers: object = None) -> object:
        return self._fetcher.json(url, params)  # type: ignore[arg-type]


def test_a_zone_tells_whose_datasets_are_others(udata: LiveServer, fetcher: Fetcher) -> None:
    source = about(COMMUNE, udata.base_url)
    assert source is not None
    catalog = dataclasses.replace(source, name="").collect(fetcher)
    assert catalog.complete and catalog.announced == len(catalog.datasets) == 6
    assert {dataset.publisher for dataset in catalog.datasets if dataset.about_others} == {
        "Exempl'Agglo",
        "Direction de l'Exemple",
    }
    assert [dataset.id for dataset in catalog.datasets if not dataset.about_others] == [f"{1:024x}"]


def test_a_stable_link_leads_to_its_dataset(udata: LiveServer, fetcher: Fetcher) -> None:
    link = _numbered(_own(udata, fetcher), 5).distributions[59].stable_url
    source = detect(link.replace(udata.base_url, "https://www.data.gouv.fr"), base_url=udata.base_url)
    (dataset,) = source.collect(fetcher).datasets
    assert dataset.id == f"{5:024x}" and len(dataset.distributions) == 60


def test_a_dataset_too_long_for_one_answer_is_read_in_pieces(udata: LiveServer) -> None:
    limits = Limits(requests_per_second=1000.0, retries=0, json_bytes=30_000)
    with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as narrow:
        listed = _own(udata, narrow)
        alone = UdataSource(udata.base_url, "dataset", f"{4:024x}").collect(narrow)
    assert len(listed.datasets) == told.PUBLIC
    assert listed.complete and len(_numbered(listed, 5).distributions) == 60
    assert alone.datasets[0] == _numbered(listed, 4)


def test_every_detail_of_the_records_is_read(udata: LiveServer, fetcher: Fetcher) -> None:
    catalog = _own(udata, fetcher)
    assert _numbered(catalog, 1).spatial == told.ZONE
    assert _numbered(catalog, 2).bbox == (-3.2, 47.9, -3.1, 48.0)
    harvested = _numbered(catalog, 3)
    assert harvested.harvested_from == "data.ker-exemple.example.org"
    assert {"parkings-2025", "urn:ker-exemple:parkings-2025"} <= set(harvested.identifiers)
    assert (harvested.issued, harvested.metadata_modified) == (date(2021, 4, 5), date(2025, 9, 10))
    main, notice = _numbered(catalog, 4).distributions
    assert (main.schema_name, main.schema_version, notice.role) == (told.SCHEMA, "2.3.0", "documentation")
    assert (main.available, notice.available, main.byte_size) == (False, True, 1000)
    assert _numbered(catalog, 6).hvd_categories == ("http://data.europa.eu/bna/c_b79e35eb",)
    assert _numbered(catalog, 7).access_rights == "open_with_account"
    assert _numbered(catalog, 8).temporal == "2024-01-01/2024-12-31"
    assert _numbered(catalog, 9).contact == "opendata@ker-exemple.example.org"
    assert _numbered(catalog, 10).distributions == ()
    assert all(dataset.declared_quality for dataset in catalog.datasets)


def test_the_portal_is_recognised_with_its_version(udata: LiveServer, fetcher: Fetcher) -> None:
    found = find(f"{udata.base_url}/api/1/site/", fetcher)
    assert found.recognition is not None and isinstance(found.recognition.source, UdataSource)
    text = str(fetcher.json(f"{udata.base_url}/api/1/site/")).replace("'", '"')
    assert hint(Page(udata.base_url, udata.base_url, 200, "application/json", {}, text))
    home = Page(udata.base_url, f"{udata.base_url}/", 404, "text/html", {}, "")
    told_by = confirm(home, fetcher)
    assert told_by is not None and told_by.scope == "tout le portail" and "udata 17." in told_by.ground
    catalog = told_by.source.collect(fetcher)
    everyone = sum(1 for dataset in told.DATASETS if not {"archived", "private", "deleted"} & set(dataset))
    assert catalog.announced == len(catalog.datasets) == everyone and catalog.complete


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (("organization", "inconnue"), "n'existe pas"),
        (("dataset", "inconnu"), "n'existe pas"),
        (("dataset", f"{told.PUBLIC + told.ARCHIVED + told.PRIVATE + told.DELETED:024x}"), "supprimée ou retirée"),
        (("dataset", f"{told.PUBLIC + told.ARCHIVED + told.PRIVATE:024x}"), "n'existe pas"),
        (("resource", "00000000-0000-4000-8000-00000000ffff"), "ce fichier n'existe pas"),
    ],
)
def test_what_does_not_exist_is_told(udata: LiveServer, fetcher: Fetcher, source: tuple[str, str], words: str) -> None:
    with pytest.raises(SourceError, match=words):
        UdataSource(udata.base_url, *source).collect(fetcher)


def test_a_search_without_engine_is_told(udata: LiveServer, fetcher: Fetcher) -> None:
    source = UdataSource(udata.base_url, "search", params=(("q", "eau"), ("producer_type", "local-authority")))
    (fault,) = source.collect(fetcher).faults
    assert fault.what == "la recherche est désactivée sur ce portail"


def test_a_search_of_api_v2_is_read_with_its_resources(udata: LiveServer, fetcher: Fetcher) -> None:
    params = (("tag", "ker-exemple"), ("organization", told.COMMUNE), ("producer_type", "local-authority"))
    catalog = UdataSource(udata.base_url, "search", params=params).collect(fetcher)
    listed = {dataset.id: dataset for dataset in _own(udata, fetcher).datasets if "ker-exemple" in dataset.keywords}
    read = {dataset.id: dataclasses.replace(dataset, publisher_siren="219900016") for dataset in catalog.datasets}
    assert catalog.complete and read == listed


def test_the_dcat_of_an_organization_answers(udata: LiveServer, fetcher: Fetcher) -> None:
    url = f"{udata.base_url}/api/1/organizations/{told.COMMUNE}/catalog.xml"
    with fetcher.document(url, accept="application/rdf+xml") as document:
        data = document.path.read_bytes()
        assert document.media_type == "application/rdf+xml"
    assert data.count(b'rdf:type rdf:resource="http://www.w3.org/ns/dcat#Dataset"') == told.PUBLIC


def test_the_errors_are_those_that_our_replay_server_speaks(udata: LiveServer, fetcher: Fetcher) -> None:
    """``tests/sources/udata_server.py`` stands on this."""
    lists = f"{udata.base_url}/api/1/datasets/"
    for query, status, message in (
        ("page=0", 400, b"Input payload validation failed"),
        ("sort=foo", 400, b"Input payload validation failed"),
        ("page=999", 404, b"was not found on the server"),
        ("organization=un-nom", 400, b"must be an identifier"),
        ("archived=true", 401, b"could not verify"),
    ):
        with pytest.raises(FetchingError) as caught:
            fetcher.json(f"{lists}?{query}")
        assert caught.value.status == status and message in caught.value.beginning
    with pytest.raises(FetchingError) as caught:
        fetcher.json(lists, headers={"X-Fields": "data{id"})
    assert caught.value.status == 400 and b"Mask parse error" in caught.value.beginning
