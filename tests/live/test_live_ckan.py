from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from ckan_live import start_ckan
from ckan_live_data import HARVESTED_EVERY, LICENSE_CYCLE, OF_THE_TOWN, PRIVATE, PUBLIC
from serving import LiveServer, LiveUnavailableError

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog
from opendata_check.sources import SourceError, ckan
from opendata_check.sources.ckan import CkanSource
from opendata_check.sources.interface import Page
from opendata_check.sources.reading.ckan.api import Api, CkanError

pytestmark = pytest.mark.live

FOLDER = Path(__file__).resolve().parents[2] / "build" / "live" / "ckan"


@pytest.fixture(scope="module")
def portal() -> Iterator[LiveServer]:
    """A real CKAN; the tests are skipped, with the reason, where it cannot be had."""
    with ExitStack() as opened:
        try:
            server = opened.enter_context(start_ckan(FOLDER))
        except LiveUnavailableError as error:
            pytest.skip(f"CKAN ne peut pas être lancé ici : {error}")
        yield server


@pytest.fixture(scope="module")
def fetcher() -> Iterator[Fetcher]:
    limits = Limits(requests_per_second=100.0)
    with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as opened:
        yield opened


@pytest.fixture(scope="module")
def everything(portal: LiveServer, fetcher: Fetcher) -> Catalog:
    return CkanSource(portal.base_url).collect(fetcher)


def _page(fetcher: Fetcher, url: str) -> Page:
    seen = fetcher.look(url)
    return Page(url, seen.final_url, seen.status, seen.media_type, seen.headers, seen.data.decode("utf-8", "replace"))


def _found(portal: LiveServer, fetcher: Fetcher, path: str) -> CkanSource:
    found = ckan.confirm(_page(fetcher, portal.base_url + path), fetcher)
    assert found is not None and isinstance(found.source, CkanSource)
    assert found.source.base_url == portal.base_url
    return found.source


def test_all_the_pages_of_the_portal_are_read(portal: LiveServer, everything: Catalog) -> None:
    """It gives forty records at once whatever is asked (ckan.search.rows_max)."""
    assert len(everything.datasets) == PUBLIC == len({dataset.title for dataset in everything.datasets})
    assert (everything.complete, everything.faults) == (True, ())
    assert everything.announced == PUBLIC + 1 and everything.left_out == (("showcase", 1),)
    assert (everything.software, everything.title) == ("CKAN 2.12.0", "Données du Val de Lin")
    assert everything.location == f"{portal.base_url}/"


def test_what_is_private_or_deleted_is_not_shown(portal: LiveServer, fetcher: Fetcher, everything: Catalog) -> None:
    assert PRIVATE and not any(
        "Brouillon" in dataset.title or "supprimé" in dataset.title for dataset in everything.datasets
    )
    for name in ("brouillon-1", "supprime"):
        with pytest.raises(SourceError, match="n'est pas public"):
            CkanSource(portal.base_url, "dataset", name).collect(fetcher)


def test_each_licence_is_read_as_declared(everything: Catalog) -> None:
    said = Counter("" if identifier == "notspecified" else identifier for identifier in LICENSE_CYCLE)
    read = Counter(dataset.license for dataset in everything.datasets)
    assert set(read) == set(said)
    urls = {dataset.license: dataset.license_url for dataset in everything.datasets}
    assert urls["lov2"] == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    assert (urls["etalab-2.0"], urls[""], urls["other-open"]) == ("", "", "")


def test_harvested_records_are_told_from_native_ones(everything: Catalog) -> None:
    harvested = [dataset for dataset in everything.datasets if dataset.harvested_from]
    assert len(harvested) == PUBLIC // HARVESTED_EVERY
    assert {dataset.harvested_from for dataset in harvested} == {"Géocatalogue régional"}
    assert all(any(name.startswith("fr-") for name in dataset.identifiers) for dataset in harvested)


def test_an_organization_s_page_gives_its_datasets(portal: LiveServer, fetcher: Fetcher) -> None:
    source = _found(portal, fetcher, "/organization/ville-de-linbourg")
    catalog = source.collect(fetcher)
    assert (len(catalog.datasets), catalog.complete) == (OF_THE_TOWN, True)
    assert {dataset.publisher for dataset in catalog.datasets} == {"Ville de Linbourg"} == {catalog.title}
    assert catalog.publisher_siren == "213503287"


def test_an_organization_without_datasets_is_empty(portal: LiveServer, fetcher: Fetcher) -> None:
    catalog = CkanSource(portal.base_url, "organization", "commune-silencieuse").collect(fetcher)
    assert (catalog.datasets, catalog.complete, catalog.announced) == ((), True, 0)


@pytest.mark.parametrize(
    ("what", "words"), [("organization", "cette organisation"), ("group", "ce groupe"), ("dataset", "ce jeu")]
)
def test_what_does_not_exist_is_told(portal: LiveServer, fetcher: Fetcher, what: str, words: str) -> None:
    with pytest.raises(SourceError, match=f"{words}.* n'existe pas"):
        CkanSource(portal.base_url, what, "absent").collect(fetcher)


def test_a_group_and_a_search_are_read(portal: LiveServer, fetcher: Fetcher) -> None:
    group = _found(portal, fetcher, "/group/environnement").collect(fetcher)
    assert group.title == "Environnement" and {dataset.themes[-1] for dataset in group.datasets} == {"Environnement"}
    search = _found(portal, fetcher, "/dataset/?q=budget&tags=finances").collect(fetcher)
    assert len(search.datasets) == 12 and all(dataset.title.startswith("Budget") for dataset in search.datasets)
    asked = _found(portal, fetcher, "/dataset/?organization=syndicat-des-eaux")
    assert (asked.what, asked.key) == ("organization", "syndicat-des-eaux")


def test_a_dataset_s_page_gives_it_with_the_fields_of_scheming(portal: LiveServer, fetcher: Fetcher) -> None:
    source = _found(portal, fetcher, "/fr/dataset/deliberations-2013")
    (dataset,) = source.collect(fetcher).datasets
    assert (dataset.title, dataset.publisher, dataset.license) == (
        "Délibérations du conseil 2013",
        "Ville de Linbourg",
        "lov2",
    )
    assert (dataset.frequency, dataset.temporal, dataset.spatial) == ("P3M", "2013-01-01/2013-12-31", "Val de Lin")
    assert (dataset.issued, dataset.modified) == (date(2013, 3, 1), date(2013, 12, 15))
    assert (dataset.bbox, dataset.contact) == ((-1.9, 47.7, -1.6, 47.9), "mairie@val-de-lin.example")
    assert (dataset.language, dataset.landing_page) == ("fr", f"{portal.base_url}/dataset/deliberations-2013")
    assert dataset.keywords == ("conseil municipal", "délibération") and dataset.access_rights.endswith("/PUBLIC")
    file, notice, service = dataset.distributions
    assert (file.declared_format, file.byte_size, file.checksum) == ("csv", 1000, f"sha1:{0:040x}")
    assert file.schema_name.endswith("/scdl/deliberations/2.1.3/schema.json") and file.modified == date(2024, 12, 15)
    assert (notice.role, notice.media_type) == ("documentation", "application/pdf")
    assert service.service is not None and (service.service.protocol, service.service.layer) == (
        "wfs",
        "lin:deliberations-2013",
    )


@pytest.mark.parametrize(
    "path", ["/", "/dataset/", "/organization/ville-de-linbourg", "/dataset/budget-primitif-2020", "/about", "/perdu"]
)
def test_the_pages_of_ckan_give_themselves_away(portal: LiveServer, fetcher: Fetcher, path: str) -> None:
    page = _page(fetcher, portal.base_url + path)
    assert page.status == (404 if path == "/perdu" else 200)
    assert ckan.hint(page) == "la page se dit produite par CKAN 2.12.0"
    found = ckan.confirm(page, fetcher)
    assert found is not None and found.ground == "l'interface /api/3/action de CKAN 2.12.0 répond"


def test_the_address_of_the_api_is_enough_to_know_it(portal: LiveServer, fetcher: Fetcher) -> None:
    page = _page(fetcher, f"{portal.base_url}/api/3")
    assert ckan.hint(page) == "la page donne la version de l'interface de CKAN"
    assert ckan.confirm(page, fetcher) is not None


def test_the_dcat_catalogue_is_served_too(portal: LiveServer, fetcher: Fetcher) -> None:
    seen = fetcher.look(f"{portal.base_url}/catalog.xml")
    assert (seen.status, seen.media_type) == (200, "application/rdf+xml")
    assert b"dcat:Catalog" in seen.data


@pytest.mark.parametrize(
    ("action", "params", "kind"),
    [
        ("nope", {}, "absent"),
        ("package_search", {"sort": "id upwards"}, "query"),
        ("package_search", {"rows": "abc"}, "query"),
        ("package_search", {"unknown": "1"}, "query"),
        ("package_search", {"fq": "{!bool x}"}, "search"),
        ("package_show", {"id": "absent"}, "missing"),
        ("package_show", {"id": "brouillon-1"}, "forbidden"),
        ("organization_show", {"id": "absent"}, "missing"),
    ],
)
def test_the_refusals_of_ckan_are_understood(
    portal: LiveServer, fetcher: Fetcher, action: str, params: dict[str, str], kind: str
) -> None:
    with pytest.raises(CkanError) as caught:
        Api(fetcher, portal.base_url).ask(action, params)
    assert caught.value.kind == kind
