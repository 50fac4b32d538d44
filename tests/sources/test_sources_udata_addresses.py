from __future__ import annotations

import pytest
from udata_server import Scripted, serve_udata

from opendata_check.fetching import Fetcher
from opendata_check.sources import SourceError
from opendata_check.sources.interface import Page, Target
from opendata_check.sources.udata import UdataSource, confirm, hint, recognise

ORG_ID = "5" * 24
OWNER = {"id": ORG_ID, "slug": "exempleville", "name": "Commune d'Exempleville"}
ORGANIZATION = OWNER | {"business_number_id": "21350328700012"}
DATASET = {
    "id": f"{1:024x}",
    "slug": "budget",
    "title": "Budget",
    "tags": ["eau"],
    "organization": OWNER,
    "resources": [],
}
BASE = "https://www.data.gouv.fr"
UUID = "39ed117d-57ba-46ac-95b6-d180f9a2371e"


@pytest.mark.parametrize(
    ("url", "what", "key"),
    [
        (f"{BASE}/fr/organizations/exempleville/", "organization", "exempleville"),
        (f"{BASE}/organizations/exempleville/datasets", "organization", "exempleville"),
        (f"{BASE}/admin/organizations/{ORG_ID}/datasets", "organization", ORG_ID),
        (f"{BASE}/fr/admin/organization/{ORG_ID}/", "organization", ORG_ID),
        (f"{BASE}/beta/admin/organizations/{ORG_ID}/profile", "organization", ORG_ID),
        (f"{BASE}/api/1/organizations/exempleville/catalog.xml", "organization", "exempleville"),
        (f"{BASE}/api/1/organizations/exempleville/datasets.csv", "organization", "exempleville"),
        (f"{BASE}/api/2/datasets/search/?organization={ORG_ID}", "organization", ORG_ID),
        (f"{BASE}/datasets/?organization=exempleville", "organization", "exempleville"),
        (f"{BASE}/embeds/search-datasets/exempleville", "organization", "exempleville"),
        (f"{BASE}/embeds/organizations/exempleville", "organization", "exempleville"),
        (f"{BASE}/api/1/oembed?url=https%3A%2F%2Fwww.data.gouv.fr%2Fdatasets%2Fbudget%2F", "dataset", "budget"),
        (f"{BASE}/api/1/oembeds/?references=dataset-{ORG_ID},reuse-1", "dataset", ORG_ID),
        (f"{BASE}/embeds/datasets/budget", "dataset", "budget"),
        (f"{BASE}/datasets/budget#/resources/{UUID}", "dataset", "budget"),
        (f"{BASE}/datasets/budget/?resource_id={UUID}", "dataset", "budget"),
        (f"{BASE}/admin/datasets/{ORG_ID}/files", "dataset", ORG_ID),
        (f"{BASE}/api/2/datasets/{ORG_ID}/resources/?page=2", "dataset", ORG_ID),
        (f"{BASE}/fr/datasets/r/{UUID}", "resource", UUID),
        (f"{BASE}/api/1/datasets/r/{UUID.upper()}", "resource", UUID),
        (f"{BASE}/api/2/datasets/resources/{UUID}/", "resource", UUID),
        (f"https://explore.data.gouv.fr/fr/resources/{UUID}", "resource", UUID),
        (f"https://tabular-api.data.gouv.fr/api/resources/{UUID}/data/", "resource", UUID),
        ("https://static.data.gouv.fr/resources/budget/20181220-154739/b.csv", "dataset", "budget"),
        ("https://data.public.lu/fr/datasets/budget/", "dataset", "budget"),
        ("https://portail.fr/fr/organizations/ville/", "organization", "ville"),
        ("https://portail.fr/api/1/datasets/?tag=eau", "search", ""),
        ("https://portail.fr/api/1/datasets/", "portal", ""),
    ],
)  # fmt: skip
def test_an_address_tells_what_is_asked(url: str, what: str, key: str) -> None:
    source = recognise(Target(url, None, url, None, BASE))
    assert source is not None and (source.what, source.key) == (what, key)


@pytest.mark.parametrize(
    "url",
    [
        "https://transport.data.gouv.fr/datasets/reseau-urbain",
        "https://portail.fr/datasets/budget",
        "https://portail.fr/dataset/budget",
        "https://portail.fr/",
        "https://static.data.gouv.fr/images/logo.png",
        "https://guides.data.gouv.fr/api",
        "https://[::1/datasets/x",
    ],
)
def test_an_address_that_may_be_another_software_s_is_not_taken(url: str) -> None:
    assert recognise(Target(url, None, url, None, BASE)) is None


@pytest.mark.parametrize("path", ["/", "/fr/", "/datasets/", "/pages/about/", "/organizations/?q=x", "/reuses/x/", "/api/1/datasets/licenses/", "/datasets/r/x"])  # fmt: skip
def test_an_address_of_data_gouv_fr_that_names_nothing_is_told(path: str) -> None:
    with pytest.raises(SourceError, match="ni celle d'une organisation"):
        recognise(Target(BASE + path, None, BASE + path, None, BASE))


def test_what_an_address_tells_is_shown_in_french() -> None:
    url = f"{BASE}/datasets/?q=eau potable&geozone=fr:commune:35328"
    source = recognise(Target(url, None, url, None, BASE))
    assert source is not None
    assert source.label == "data.gouv.fr, recherche q eau potable, geozone fr:commune:35328"


def _page(url: str, text: str = "") -> Page:
    return Page(url, url, 200, "text/html", {}, text)


@pytest.mark.parametrize(
    ("path", "what", "scope"),
    [
        ("/datasets/budget/", "dataset", "jeu de données budget"),
        ("/fr/organizations/exempleville/", "organization", "organisation exempleville"),
        ("/datasets/?tag=eau", "search", "recherche tag eau"),
        ("/", "portal", "tout le portail"),
        ("/pages/a-propos/", "portal", "tout le portail"),
    ],
)
def test_a_portal_that_answers_is_confirmed_with_its_scope(fetcher: Fetcher, path: str, what: str, scope: str) -> None:
    with serve_udata([ORGANIZATION], [DATASET]) as server:
        found = confirm(_page(server.base_url + path), fetcher)
        assert found is not None and isinstance(found.source, UdataSource)
        assert (found.source.what, found.scope) == (what, scope)
        assert "udata 17.18.0" in found.ground and len(server.seen) == 1
        catalog = found.source.collect(fetcher)
    assert catalog.software == "udata 17.18.0" and len(catalog.datasets) == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"id": "x"}', b'{"id": "x", "title": "Autre"}', b'{"title": "T", "version": "1"}'])  # fmt: skip
def test_another_software_is_not_confirmed(fetcher: Fetcher, body: bytes) -> None:
    with serve_udata(scripted={"/api/1/site/": [Scripted(200, body)]}) as server:
        assert confirm(_page(server.base_url), fetcher) is None


def test_a_silent_site_is_not_confirmed(fetcher: Fetcher) -> None:
    with serve_udata(scripted={"/api/1/site/": [Scripted(404)]}) as server:
        assert confirm(_page(server.base_url), fetcher) is None


@pytest.mark.parametrize(
    "text",
    [
        '<head><meta name="api-specs" content="https://x/api/1/swagger.json"/>',
        '<body class="datagouv-components">',
        '<script type="application/ld+json">{"contributedDistribution": []}</script>',
        '{"data": [], "next_page": null, "page": 1, "page_size": 20, "previous_page": null, "total": 0}',
        '{"feed_size": 20, "id": "default", "version": "17.18.0"}',
    ],
)
def test_a_page_of_udata_hints_at_it(text: str) -> None:
    assert hint(_page("https://x.fr/", text))


@pytest.mark.parametrize("text", ["", "<html>data.gouv.fr</html>", '<div data-udata-dataset="x">', '{"next_page": 2}'])
def test_another_page_hints_at_nothing(text: str) -> None:
    assert hint(_page("https://x.fr/", text)) == ""
