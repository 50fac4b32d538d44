from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ckan_server import (
    DKAN_ACTIONS,
    DRUPAL,
    ONEGEO_ACTIONS,
    TOWN,
    CkanServer,
    Manners,
    Scripted,
    generated,
    package,
    serve_ckan,
)

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog, Fault
from opendata_check.sources import SourceError, ckan, detect
from opendata_check.sources.ckan import CkanSource
from opendata_check.sources.interface import Page, Target
from opendata_check.sources.reading.ckan import pages as ckan_pages
from opendata_check.sources.reading.ckan.record import left_out
from opendata_check.sources.reading.collecting import LeftOut

BASE = "https://donnees.exemple.fr"
OTHER = {**TOWN, "id": "11111111-2222-4333-8444-555555555555", "name": "autre-ville", "title": "Autre ville"}


def _all(fetcher: Fetcher, server: CkanServer, **scope: str) -> Catalog:
    return CkanSource(server.base_url, **scope).collect(fetcher)


def _town(fetcher: Fetcher, server: CkanServer) -> Catalog:
    return _all(fetcher, server, what="organization", key="exempleville")


def _page(fetcher: Fetcher, url: str) -> Page:
    seen = fetcher.look(url)
    return Page(url, seen.final_url, seen.status, seen.media_type, seen.headers, seen.data.decode("utf-8", "replace"))


# ---- paging


@pytest.mark.parametrize("rows_max", [1, 7, 40, 1000])
def test_whatever_the_portal_gives_at_once_all_is_read(fetcher: Fetcher, rows_max: int) -> None:
    with serve_ckan(generated(43), manners=Manners(rows_max=rows_max)) as server:
        catalog = _all(fetcher, server)
        starts = [int(search["start"]) for search in server.searches()]
    assert [dataset.title for dataset in catalog.datasets] == [f"Jeu {number}" for number in range(43)]
    assert (catalog.complete, catalog.faults, catalog.announced) == (True, (), 43)
    assert starts == list(range(0, 43, rows_max))


def test_records_are_asked_in_a_steady_order(fetcher: Fetcher) -> None:
    with serve_ckan(generated(3)) as server:
        _all(fetcher, server)
        assert [search["sort"] for search in server.searches()] == ["id asc"]


@pytest.mark.parametrize(
    ("accepted", "asked"),
    [(("name asc", ""), ["id asc", "name asc", "name asc"]), (("",), ["id asc", "name asc", None, None])],
)
def test_another_order_is_asked_when_one_is_refused(
    fetcher: Fetcher, accepted: tuple[str, ...], asked: list[str | None]
) -> None:
    with serve_ckan(generated(8), manners=Manners(sorts=accepted, rows_max=4)) as server:
        catalog = _all(fetcher, server)
        assert [search.get("sort") for search in server.searches()] == asked
    assert len(catalog.datasets) == 8 and catalog.complete


@pytest.mark.parametrize(
    "said", [lambda real: 5, lambda real: 0, lambda real: None, lambda real: "43", lambda real: -1, lambda real: True]
)
def test_a_count_that_is_too_low_or_missing_hides_nothing(fetcher: Fetcher, said: Callable[[int], Any]) -> None:
    with serve_ckan(generated(43), manners=Manners(rows_max=10, count=said)) as server:
        catalog = _all(fetcher, server)
    assert len(catalog.datasets) == 43 and catalog.complete


def test_datasets_that_are_announced_and_never_come_are_told(fetcher: Fetcher) -> None:
    with serve_ckan(generated(12), manners=Manners(rows_max=10, count=lambda real: 1000)) as server:
        catalog = _all(fetcher, server)
        assert len(server.searches()) == 3
    assert len(catalog.datasets) == 12 and not catalog.complete
    assert "988 jeux de données annoncés n'ont pas été vus" in catalog.faults[0].line


def test_a_record_that_disappears_meanwhile_is_no_fault(fetcher: Fetcher) -> None:
    manners = Manners(rows_max=5, shrinks_after=3, sorts=("",))
    with serve_ckan(generated(20), manners=manners) as server:
        catalog = _all(fetcher, server)
    assert len(catalog.datasets) in (19, 20) and catalog.announced == 19
    assert catalog.complete


@pytest.mark.parametrize(("count", "complete"), [(lambda real: 100, False), (lambda real: 10, True)])
def test_a_portal_that_gives_the_same_page_again_is_left(
    fetcher: Fetcher, count: Callable[[int], Any], complete: bool
) -> None:
    with serve_ckan(generated(30), manners=Manners(rows_max=10, start_ignored=True, count=count)) as server:
        catalog = _all(fetcher, server)
        assert len(server.searches()) <= 2
    assert len(catalog.datasets) == 10 and catalog.complete is complete
    assert complete or "tourne en rond" in catalog.faults[0].line


def test_an_endless_list_ends(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ckan_pages, "MAX_PAGES", 4)
    with serve_ckan(generated(30), manners=Manners(rows_max=1, count=lambda real: 10**9)) as server:
        catalog = _all(fetcher, server)
    assert len(catalog.datasets) == 4 and "plus de 4 pages" in catalog.faults[0].line


def test_an_answer_too_long_is_asked_again_in_smaller_pages() -> None:
    limits = Limits(json_bytes=60_000, requests_per_second=1000.0)
    with serve_ckan(generated(60)) as server, open_fetcher(cache_folder=None, allow_private=True, limits=limits) as few:
        catalog = CkanSource(server.base_url).collect(few)
        assert {search["rows"] for search in server.searches()} == {"500", "100", "20", "4"} - {"4"}
    assert len(catalog.datasets) == 60 and catalog.complete


def test_a_list_that_breaks_off_gives_what_was_read(fetcher: Fetcher) -> None:
    first = json.dumps({"success": True, "result": {"count": 20, "results": generated(10)}}).encode()
    broken = Scripted(body=first[:500])
    with serve_ckan(scripted={"package_search": [Scripted(body=first), broken]}) as server:
        catalog = _all(fetcher, server)
    assert len(catalog.datasets) == 10 and not catalog.complete
    assert [fault.what for fault in catalog.faults] == ["la réponse est incomplète ou illisible"]


def test_what_is_no_record_is_one_fault(fetcher: Fetcher) -> None:
    results = [*generated(2), None, "jeu", {"title": "sans identifiant"}, [], {"id": "", "name": None}]
    body = json.dumps({"success": True, "result": {"count": 7, "results": results}}).encode()
    with serve_ckan(scripted={"package_search": [Scripted(body=body)]}) as server:
        catalog = _all(fetcher, server)
    assert len(catalog.datasets) == 2 and not catalog.complete
    assert [fault.what for fault in catalog.faults] == ["5 jeux de données n'ont pas pu être lus"]


def test_a_slow_portal_is_waited_for(fetcher: Fetcher) -> None:
    with serve_ckan(generated(3), manners=Manners(seconds=0.2)) as server:
        assert len(_all(fetcher, server).datasets) == 3


# ---- what is kept and what is left out


def test_only_public_datasets_are_kept_and_the_rest_is_counted(fetcher: Fetcher) -> None:
    records = [
        package(1),
        package(2, type="harvest"),
        package(3, type="showcase"),
        package(4, state="deleted"),
        package(5, state="draft"),
        package(6, type="dataservice"),
        package(7, type="geo-dataset"),
        package(8, type="?!"),
    ]
    with serve_ckan(records) as server:
        catalog = _all(fetcher, server)
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1", "Jeu 7"]
    assert dict(catalog.left_out) == {"harvest": 1, "showcase": 1, "deleted": 1, "draft": 1, "service": 1, "other": 1}
    assert catalog.announced == 8 and catalog.complete


def test_a_private_dataset_that_a_key_shows_is_left_out() -> None:
    assert left_out(package(1, private=True)) == LeftOut("private")
    assert left_out(package(1, private=True, type="Dataset", state="Active")) is None  # DKAN


# ---- scopes


def test_an_organization_is_asked_by_its_name(fetcher: Fetcher) -> None:
    records = [package(1), package(2, organization=OTHER, owner_org=OTHER["id"]), package(3)]
    siret = {"extras": [{"key": "siret", "value": "21350328700012"}]}
    with serve_ckan(records, organizations=[TOWN | siret]) as server:
        catalog = _town(fetcher, server)
        assert [search["fq"] for search in server.searches()] == ['organization:"exempleville"']
        assert catalog.location == f"{server.base_url}/organization/exempleville"
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1", "Jeu 3"]
    assert (catalog.title, catalog.publisher_siren, catalog.announced) == ("Ville d'Exempleville", "213503287", 2)
    assert catalog.software == "CKAN 2.10.4"


def test_an_organization_may_be_named_by_its_uuid(fetcher: Fetcher) -> None:
    with serve_ckan(
        [package(1), package(2, organization=OTHER, owner_org=OTHER["id"])], organizations=[TOWN]
    ) as server:
        catalog = _all(fetcher, server, what="organization", key=TOWN["id"])
        assert server.searches()[0]["fq"] == f'owner_org:"{TOWN["id"]}"'
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1"]


def test_a_group_is_read(fetcher: Fetcher) -> None:
    group = {"id": "21", "name": "vie-municipale", "title": "Vie municipale"}
    with serve_ckan([package(1), package(2, groups=[])], groups=[group]) as server:
        catalog = _all(fetcher, server, what="group", key="vie-municipale")
    assert ([dataset.title for dataset in catalog.datasets], catalog.title) == (["Jeu 1"], "Vie municipale")


def test_an_organization_that_publishes_nothing_is_empty(fetcher: Fetcher) -> None:
    with serve_ckan(generated(2), organizations=[OTHER]) as server:
        catalog = _all(fetcher, server, what="organization", key="autre-ville")
    assert catalog.datasets == () and catalog.complete and catalog.announced == 0


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("organization", "cette organisation n'existe pas"),
        ("group", "ce groupe"),
        ("dataset", "ce jeu de données n'existe"),
    ],
)
def test_what_does_not_exist_is_told(fetcher: Fetcher, what: str, words: str) -> None:
    with serve_ckan(generated(2)) as server, pytest.raises(SourceError, match=words):
        _all(fetcher, server, what=what, key="absent")


def test_one_dataset_is_read(fetcher: Fetcher) -> None:
    with serve_ckan(generated(5)) as server:
        catalog = _all(fetcher, server, what="dataset", key="jeu-00003")
        assert catalog.location == f"{server.base_url}/dataset/jeu-00003"
    assert ([dataset.title for dataset in catalog.datasets], catalog.title) == (["Jeu 3"], "Jeu 3")


def test_a_private_dataset_is_told(fetcher: Fetcher) -> None:
    with (
        serve_ckan([package(1, private=True)]) as server,
        pytest.raises(SourceError, match="n'est pas public") as caught,
    ):
        _all(fetcher, server, what="dataset", key="jeu-00001")
    assert "OPENDATA_CHECK_KEY_127_0_0_1" in caught.value.remedy


def test_a_search_is_asked_as_its_page_does(fetcher: Fetcher) -> None:
    records = [package(1), package(2, tags=[]), package(3, title="Autre", notes="")]
    with serve_ckan(records) as server:
        found = ckan.confirm(
            _page(fetcher, f"{server.base_url}/dataset?q=jeu&tags=budget&page=2&sort=x&utm_source=y"), fetcher
        )
        assert found is not None and found.scope == 'la recherche « jeu tags:"budget" »'
        catalog = found.source.collect(fetcher)
        assert (server.searches()[-1]["q"], server.searches()[-1]["fq"]) == ("jeu", 'tags:"budget"')
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1"]


def test_a_name_cannot_change_the_question(fetcher: Fetcher) -> None:
    name = 'x" OR organization:"exempleville'
    with serve_ckan(generated(2), organizations=[TOWN | {"name": name}]) as server:
        catalog = _all(fetcher, server, what="organization", key=name)
        assert server.searches()[0]["fq"] == 'organization:"x\\" OR organization:\\"exempleville"'
    assert catalog.datasets == ()


# ---- imitations


def test_onegeo_filters_by_q_under_its_own_path(fetcher: Fetcher) -> None:
    records = [package(1), package(2, organization=OTHER, owner_org="autre-ville"), package(3)]
    manners = Manners(prefix="/fr/indexer/service/ckan", actions=ONEGEO_ACTIONS, filters=("q",), drupal=True)
    with serve_ckan(records, manners=manners) as server:
        catalog = _town(fetcher, server)
        assert [(search.get("fq"), search.get("q")) for search in server.searches()] == [
            ('organization:"exempleville"', None),
            (None, 'organization:"exempleville"'),
        ]
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1", "Jeu 3"]
    assert catalog.complete and catalog.software == ""


def test_a_filter_that_is_refused_gives_way_to_another(fetcher: Fetcher) -> None:
    refusal = b'{"success": false, "error": {"__type": "Search Query Error", "message": "fq"}}'
    refusals = {"package_search": [Scripted(400, refusal)] * 3}
    records = [package(1), package(2, organization=OTHER)]
    with serve_ckan(records, organizations=[TOWN], scripted=refusals) as server:
        catalog = _town(fetcher, server)
        assert server.searches()[-1]["q"] == 'organization:"exempleville"'
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1"] and catalog.complete


def test_a_portal_that_does_not_filter_is_sorted_out_here(fetcher: Fetcher) -> None:
    records = [package(number, **({} if number % 3 else {"organization": OTHER})) for number in range(12)]
    with serve_ckan(records, organizations=[TOWN], manners=Manners(filters=(), rows_max=5)) as server:
        catalog = _town(fetcher, server)
    assert [dataset.title for dataset in catalog.datasets] == [f"Jeu {number}" for number in range(12) if number % 3]
    assert catalog.complete and catalog.announced is None


def test_nothing_under_a_name_that_an_imitation_does_not_know_is_told(fetcher: Fetcher) -> None:
    manners = Manners(actions=ONEGEO_ACTIONS, drupal=True)
    with serve_ckan(generated(3), manners=manners) as server, pytest.raises(SourceError, match="rien sous ce nom"):
        _all(fetcher, server, what="organization", key="absente")


DKAN = Manners(actions=DKAN_ACTIONS, lists=True, drupal=True, rows_max=10)


def _dkan(number: int, **more: Any) -> dict[str, Any]:
    record = package(number, type="Dataset", state="Active", private=True, groups=[], **more)
    del record["organization"], record["owner_org"]
    record["groups"] = [{"name": "group/exempleville", "title": "Ville d'Exempleville"}]
    return record


def test_dkan_is_read_by_its_lists(fetcher: Fetcher) -> None:
    with serve_ckan([_dkan(number) for number in range(23)], manners=DKAN) as server:
        catalog = _all(fetcher, server)
    assert len(catalog.datasets) == 23 and catalog.complete
    assert {dataset.publisher for dataset in catalog.datasets} == {"Ville d'Exempleville"}
    assert catalog.datasets[0].themes == ()


def test_a_group_of_dkan_is_its_publisher(fetcher: Fetcher) -> None:
    other = [{"name": "group/autre", "title": "Autre"}]
    with serve_ckan([_dkan(1), _dkan(2) | {"groups": other}], manners=DKAN) as server:
        catalog = _all(fetcher, server, what="group", key="exempleville")
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1"]


def test_one_dataset_of_dkan_comes_in_a_list(fetcher: Fetcher) -> None:
    with serve_ckan([_dkan(1)], manners=DKAN) as server:
        assert _all(fetcher, server, what="dataset", key="jeu-00001").title == "Jeu 1"


def test_records_are_shown_one_by_one_when_there_is_no_other_way(fetcher: Fetcher) -> None:
    few = Manners(actions=frozenset({"package_list", "package_show"}))
    with serve_ckan([*generated(4), package(5, private=True)], manners=few) as server:
        catalog = _all(fetcher, server)
    assert len(catalog.datasets) == 4 and catalog.complete


def test_a_search_engine_that_is_down_does_not_hide_the_lists(fetcher: Fetcher) -> None:
    down = Scripted(
        409, b'{"help": "x", "success": false, "error": {"__type": "Search Error", "message": "x"}}', keep=True
    )
    with serve_ckan(generated(4), scripted={"package_search": [down]}) as server:
        assert len(_all(fetcher, server).datasets) == 4


# ---- refusals

_ERRORS: list[tuple[int, bytes, str, str]] = [
    (400, b'"Bad request: Action name not known: package_search"', "application/json", "n'a pas l'interface attendue"),
    (200, b'{"help": "x", "success": false, "error": {"__type": "Search Error", "message": "Solr"}}', "application/json", "moteur de recherche du portail est en panne"),
    (200, b'{"success": false, "error": "Not found"}', "application/json", "ne connait pas|ne connaît pas"),
    (409, b'{"help": "x", "error": {"rows": ["Nombre entier invalide"], "__type": "Validation Error"}, "success": false}', "application/json", "refuse la demande"),
    (409, b'{"error": {"__type": "Search Error", "message": "SOLR returned an error"}, "success": false}', "application/json", "moteur de recherche du portail est en panne"),
    (500, b'{"error": {"__type": "Search Error", "message": "SOLR returned an error"}, "success": false}', "application/json", "moteur de recherche du portail est en panne"),
    (403, b'{"error": {"__type": "Authorization Error", "message": "Access denied"}, "success": false}', "application/json", "avec un compte"),
    (403, b"<html>Forbidden</html>", "text/html", "avec un compte"),
    (404, DRUPAL.encode(), "text/html", "n'a pas l'interface attendue"),
    (200, DRUPAL.encode(), "text/html", "page web au lieu de données"),
    (200, b'{"help": "x", "success": true, "result": {"count": 3, "res', "application/json", "incomplète ou illisible"),
    (200, b'{"success": true, "result": {"count": 3}}', "application/json", "pas la forme attendue"),
    (200, b'{"success": true, "result": null}', "application/json", "pas la forme attendue"),
    (200, b"[]", "application/json", "pas la forme attendue"),
    (200, b"3", "application/json", "pas la forme attendue"),
    (200, "é".encode("latin-1"), "application/json", "illisible"),
    (502, b"<html>Bad Gateway</html>", "text/html", "en panne"),
    (429, b"slow down", "text/plain", "trop de demandes"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "media_type", "words"), _ERRORS)
def test_a_refusal_is_told_in_our_words(
    fetcher: Fetcher, status: int, body: bytes, media_type: str, words: str
) -> None:
    scripted = {"package_search": [Scripted(status, body, media_type, keep=True)]}
    only_search = Manners(actions=frozenset({"package_search", "status_show"}))
    with (
        serve_ckan(manners=only_search, scripted=scripted) as server,
        pytest.raises(SourceError, match=words) as caught,
    ):
        _all(fetcher, server)
    assert "Access denied" not in str(caught.value) and "SOLR" not in str(caught.value)


def test_another_way_in_is_told_when_there_is_one(fetcher: Fetcher) -> None:
    rdf = b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    nothing = Manners(actions=frozenset(), drupal=True)
    with serve_ckan(manners=nothing, pages={"/catalog.xml": rdf}) as server:
        with pytest.raises(SourceError) as caught:
            _all(fetcher, server)
        assert f"donnez {server.base_url}/catalog.xml" in caught.value.remedy
    with serve_ckan(manners=nothing, pages={"/data.json": b'{"conformsTo": "x", "dataset": []}'}) as server:
        with pytest.raises(SourceError) as caught:
            _all(fetcher, server)
        assert f"donnez {server.base_url}/data.json" in caught.value.remedy


def test_the_user_s_key_goes_in_a_header(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_ckan(generated(2), manners=Manners(key="jeton-secret")) as server:
        with pytest.raises(SourceError) as caught:
            _all(fetcher, server)
        assert "OPENDATA_CHECK_KEY_127_0_0_1" in caught.value.remedy and "jeton" not in str(caught.value)
        monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "jeton-secret")
        assert len(_all(fetcher, server).datasets) == 2
        assert server.keys[-1] == "jeton-secret" and not any("jeton" in path for path in server.seen)


def test_a_portal_that_hides_its_version_is_still_ckan(fetcher: Fetcher) -> None:
    with serve_ckan(generated(1), manners=Manners(hidden_version=True)) as server:
        catalog = _all(fetcher, server)
    assert (catalog.software, catalog.title) == ("CKAN", "Données d'Exempleville")


# ---- recognising


@pytest.mark.parametrize(
    ("url", "base", "what", "key"),
    [
        (f"{BASE}/api/3/action/package_search", BASE, "portal", ""),
        (f"{BASE}/api/action/package_list", BASE, "portal", ""),
        (f"{BASE}/API/3/action/", BASE, "portal", ""),
        (f"{BASE}/api/3/action/package_show?id=budget", BASE, "dataset", "budget"),
        (f"{BASE}/api/3/action/organization_show?id=ville", BASE, "organization", "ville"),
        (f"{BASE}/api/3/action/package_search?fq=organization:(ville-de-digne)&rows=150", BASE, "organization", "ville-de-digne"),
        (f'{BASE}/api/3/action/package_search?q=organization:"ville"', BASE, "organization", "ville"),
        (f"{BASE}/api/3/action/package_search?q=eau&fq=tags:budget", BASE, "search", "« eau tags:budget »"),
        ("https://www.datasud.fr/fr/indexer/service/ckan/api/3/action/package_search", "https://www.datasud.fr/fr/indexer/service/ckan", "portal", ""),
        ("https://moi:secret@Donnees.exemple.fr/ckan/api/3/action/package_list", f"{BASE}/ckan", "portal", ""),
    ],
)  # fmt: skip
def test_an_address_of_the_action_api_is_recognised(url: str, base: str, what: str, key: str) -> None:
    source = detect(url)
    assert isinstance(source, CkanSource)
    assert (source.base_url, source.what, source.key) == (base, what, key)
    assert source.label.startswith(base.partition("://")[2].removeprefix("www."))


@pytest.mark.parametrize(
    "url",
    [f"{BASE}/dataset/budget", f"{BASE}/organization/ville", f"{BASE}/", f"{BASE}/api/3", f"{BASE}/api/1/action", "http://[::1", None],
)  # fmt: skip
def test_other_addresses_are_not_certain(url: str | None) -> None:
    assert ckan.recognise(Target(url or "mots", None, url, None, "https://www.data.gouv.fr")) is None


@pytest.mark.parametrize(
    ("path", "what", "key"),
    [
        ("/", "portal", ""),
        ("/dataset", "portal", ""),
        ("/fr/dataset/jeu-00001", "dataset", "jeu-00001"),
        ("/dataset/jeu-00001/resource/0c9d45fa-919f-4b16-995a-a1b4a42e1f58", "dataset", "jeu-00001"),
        ("/dataset/activity/jeu-00001", "dataset", "jeu-00001"),
        ("/organization/exempleville", "organization", "exempleville"),
        ("/organization/about/exempleville", "organization", "exempleville"),
        ("/dataset?organization=exempleville", "organization", "exempleville"),
        ("/dataset/?groups=eau", "group", "eau"),
        ("/group/eau", "group", "eau"),
        ("/organization/", "portal", ""),
        ("/dataset?q=budget", "search", "« budget »"),
    ],
)
def test_a_page_of_ckan_is_confirmed_with_its_scope(fetcher: Fetcher, path: str, what: str, key: str) -> None:
    with serve_ckan(generated(2)) as server:
        page = _page(fetcher, server.base_url + path)
        before = len(server.seen)
        assert "CKAN 2.10.4" in ckan.hint(page)
        found = ckan.confirm(page, fetcher)
        assert found is not None and isinstance(found.source, CkanSource)
        assert len(server.seen) - before == 1
        assert (found.source.base_url, found.source.what, found.source.key) == (server.base_url, what, key)
    assert found.ground == "l'interface /api/3/action de CKAN 2.10.4 répond"


def test_a_page_that_shows_nothing_is_confirmed_by_the_interface(fetcher: Fetcher) -> None:
    with serve_ckan(generated(2), manners=Manners(home="<html><body>Bonjour</body></html>")) as server:
        page = _page(fetcher, f"{server.base_url}/fr/page/perdue")
        assert ckan.hint(page) == ""
        found = ckan.confirm(page, fetcher)
        assert found is not None and len(server.seen) == 3  # the page, its folder, the root
        assert [dataset.title for dataset in found.source.collect(fetcher).datasets] == ["Jeu 0", "Jeu 1"]


def test_onegeo_is_found_behind_its_pages(fetcher: Fetcher) -> None:
    home = '<html><script src="/static/onegeo-suite.js"></script></html>'
    manners = Manners(prefix="/fr/indexer/service/ckan", actions=ONEGEO_ACTIONS, drupal=True, home=home)
    with serve_ckan(generated(2), manners=manners) as server:
        origin = server.base_url.removesuffix(manners.prefix)
        page = _page(fetcher, f"{origin}/explorer/fr/jeux-de-donnees/jeu-00001")
        assert "OneGeo" in ckan.hint(page)
        found = ckan.confirm(page, fetcher)
        assert found is not None and isinstance(found.source, CkanSource)
        assert (found.source.base_url, found.source.what, found.source.key) == (server.base_url, "dataset", "jeu-00001")
        assert found.source.collect(fetcher).title == "Jeu 1"


def test_a_front_of_data4citizen_is_told_by_its_back_office(fetcher: Fetcher) -> None:
    home = '<a href="https://exemple-backoffice.data4citizen.com/dataset">Données</a>'
    with serve_ckan(manners=Manners(home=home)) as server:
        assert "Data4Citizen" in ckan.hint(_page(fetcher, f"{server.base_url}/"))


def test_dkan_is_found_behind_its_pages(fetcher: Fetcher) -> None:
    home = '<html><link href="/profiles/dkan/themes/x.css"></html>'
    with serve_ckan([_dkan(1)], manners=Manners(actions=DKAN_ACTIONS, lists=True, drupal=True, home=home)) as server:
        page = _page(fetcher, f"{server.base_url}/dataset/jeu-00001")
        assert "DKAN" in ckan.hint(page)
        found = ckan.confirm(page, fetcher)
        assert found is not None and found.source.collect(fetcher).title == "Jeu 1"


@pytest.mark.parametrize(
    "home",
    ["<html>data-site-root=</html>", "<html></html>", HOSTILE := '<body data-site-root="http://169.254.169.254/">'],
)
def test_a_site_without_the_interface_is_not_confirmed(fetcher: Fetcher, home: str) -> None:
    with serve_ckan(manners=Manners(actions=frozenset(), drupal=True, home=home)) as server:
        page = _page(fetcher, f"{server.base_url}/")
        assert ckan.confirm(page, fetcher) is None
        assert 1 < len(server.seen) <= 3


def test_a_page_in_place_of_each_address_is_no_portal(fetcher: Fetcher) -> None:
    everywhere = {
        action: [Scripted(200, DRUPAL.encode(), "text/html", keep=True)] for action in ("status_show", "package_search")
    }
    with serve_ckan(scripted=everywhere) as server:
        assert ckan.confirm(_page(fetcher, f"{server.base_url}/"), fetcher) is None


def test_a_server_that_does_not_answer_is_no_portal(fetcher: Fetcher) -> None:
    nobody = "http://127.0.0.1:9/"
    assert ckan.confirm(Page(nobody, nobody, 200, "text/html", {}, "data-site-root="), fetcher) is None


def test_faults_are_sentences(fetcher: Fetcher) -> None:
    with serve_ckan(generated(12), manners=Manners(rows_max=10, count=lambda real: 1000)) as server:
        (fault,) = _all(fetcher, server).faults
    assert isinstance(fault, Fault) and fault.where.endswith("/api/3/action/package_search")


# ---- recordings


@pytest.mark.shared
def test_the_recorded_answers_of_a_live_ckan_are_read_as_they_are(fetcher: Fetcher, shared: Path) -> None:
    folder = shared / "portals" / "ckan"
    search = json.loads((folder / "live-package_search-p1.json").read_bytes())
    search["result"]["count"] = 5
    scripted = {
        "package_search": [Scripted(body=json.dumps(search).encode())],
        "status_show": [Scripted(body=(folder / "live-status_show.json").read_bytes())],
    }
    with serve_ckan(scripted=scripted) as server:
        catalog = _all(fetcher, server)
    assert (len(catalog.datasets), catalog.software, catalog.complete) == (5, "CKAN 2.12.0", True)
    assert all(dataset.publisher and dataset.bbox == (7.0, 48.0, 8.0, 49.0) for dataset in catalog.datasets)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("live-package_search-409.json", 409, "refuse la demande"),
        ("live-bad-action-400.json", 400, "n'a pas l'interface attendue"),
    ],
)
def test_the_recorded_refusals_are_told(fetcher: Fetcher, shared: Path, name: str, status: int, words: str) -> None:
    body = (shared / "portals" / "ckan" / name).read_bytes()
    manners = Manners(actions=frozenset({"package_search"}))
    scripted = {"package_search": [Scripted(status, body, keep=True)]}
    with serve_ckan(manners=manners, scripted=scripted) as server, pytest.raises(SourceError, match=words):
        _all(fetcher, server)


@pytest.mark.shared
def test_the_recorded_dataset_of_dkan_is_read(fetcher: Fetcher, shared: Path) -> None:
    body = (shared / "portals" / "ckan" / "dkan-french-w-license.json").read_bytes()
    with serve_ckan(manners=DKAN, scripted={"package_show": [Scripted(body=body)]}) as server:
        (dataset,) = _all(fetcher, server, what="dataset", key="antennes").datasets
    assert dataset.license.startswith("http://www.etalab.gouv.fr/") and dataset.publisher == "Région Hauts-de-France"
    assert (dataset.frequency, dataset.bbox) == ("asNeeded", (1.18652344, 48.80546301, 4.65820313, 51.16423318))
    assert dataset.distributions[0].byte_size == 42 and dataset.distributions[0].modified == date(2019, 12, 19)
    assert dataset.harvested_from and isinstance(dataset.issued, date)
