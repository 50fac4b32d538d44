from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ods_server import D4C_HOME, HOME, generated, generated_one, serve_ods
from udata_server import Scripted

from opendata_check.fetching import Fetcher
from opendata_check.model.catalog import Catalog, Dataset, Distribution
from opendata_check.sources import SourceError
from opendata_check.sources.interface import DEFAULT_BASE_URL, Page, Target
from opendata_check.sources.opendatasoft import MAPPING, OpendatasoftSource, confirm, hint, recognise
from opendata_check.sources.reading.markup import plain_text
from opendata_check.sources.reading.ods.places import Place
from opendata_check.sources.reading.ods.record import dataset_of
from opendata_check.sources.reading.ods.stream import items

NEW = Place("https://data.exempleville.fr", "v2.1")
OLD = Place("https://data.exempleville.fr", "v1")
LIST = "/api/explore/v2.1/catalog/datasets"
OLD_LIST = "/api/datasets/1.0/search/"
SHARED_RECORDS = ("doc-dataset-v2_1", "doc-datasets-v2_1", "v1-search-full", "v1-no-data", "v1-test-a", "v1-test-b",
                  "v1-test-c", "v1-test-shp-limit", "v1-empty", "v1-udata-ods-search", "v1-with-attachments")  # fmt: skip

FULL: dict[str, Any] = {
    "dataset_id": "213503287_budget@agglo",
    "dataset_uid": "da_abc123",
    "has_records": True,
    "data_visible": True,
    "features": ["geo", "analyze"],
    "attachments": [{"id": "notice_pdf", "title": "Notice", "mimetype": "application/pdf", "url": "odsfile://n.pdf"}],
    "alternative_exports": [
        {"id": "gtfs", "title": "gtfs.zip", "description": "GTFS", "mimetype": "application/zip", "url": "odsfile://g.zip"}
    ],
    "fields": [{"name": "montant", "label": "Montant", "type": "double", "description": "En <euros>"}],
    "metas": {
        "default": {
            "title": "Budget",
            "description": "<p>Le budget.</p>",
            "license": "Licence Ouverte v2.0",
            "license_url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
            "update_frequency": "annual",
            "modified": "2026-03-02T08:00:00+00:00",
            "data_processed": "2026-11-20T03:00:00+00:00",
            "metadata_processed": "2026-11-21T03:00:00.123000+00:00",
            "modified_updates_on_metadata_change": False,
            "keyword": ["budget", "finances"],
            "theme": ["Administration, Gouvernement"],
            "territory": ["Exempleville"],
            "geographic_reference": ["fr_60_35328"],
            "publisher": "Commune d'Exempleville",
            "references": "voir https://exempleville.fr/budget.",
            "records_count": 1200,
            "language": "fr",
            "source_domain": "agglo",
            "source_domain_address": "data.agglo.fr",
            "source_dataset": "budget",
            "federated": True,
            "bbox": {"type": "Polygon", "coordinates": [[[-1.5, 48.0], [-1.2, 48.0], [-1.2, 48.3], [-1.5, 48.0]]]},
            "geographic_area": None,
        },
        "dcat": {
            "issued": "2024-02-01",
            "created": "2024-01-01",
            "accrualperiodicity": "Annuelle",
            "spatial": "Exempleville",
            "temporal": "2024",
            "temporal_coverage_start": "2024-01-01",
            "temporal_coverage_end": "2024-12-31",
            "contact_name": "Service finances",
            "contact_email": "finances@exempleville.fr",
            "accessRights": "public",
            "conforms_to": "https://schema.data.gouv.fr/scdl/budget/",
        },
        "dcat_ap": {
            "applicable_legislation": ["http://data.europa.eu/eli/reg_impl/2023/138/oj"],
            "hvd_category": ["http://data.europa.eu/bna/c_ac64a52d"],
        },
        "inspire": {"hierarchy_level": "dataset", "file_identifier": "fr-213503287-1", "theme": ["Zones de gestion"]},
        "custom": {"siren": "213503287"},
    },
}  # fmt: skip


def _target(url: str) -> Target:
    return Target(url, None, url, None, DEFAULT_BASE_URL)


def _collect(fetcher: Fetcher, url: str) -> Catalog:
    source = recognise(_target(url))
    assert source is not None
    return source.collect(fetcher)


def _page(url: str, text: str = HOME, headers: dict[str, str] | None = None) -> Page:
    return Page(url, url, 200, "text/html", headers or {}, text)


def _titles(catalog: Catalog) -> list[str]:
    return [dataset.title for dataset in catalog.datasets]


def _made(record: Any = None, place: Place = NEW, **default: Any) -> Dataset:
    made = dataset_of(record if record is not None else generated_one(1, **default), place)
    assert made is not None
    return made


def _thin(count: int) -> list[dict[str, Any]]:
    return [{"dataset_id": f"jeu-{number:06}", "metas": {"default": {"title": "x"}}} for number in range(count)]


def _with(**more: Any) -> dict[str, Any]:
    return {**generated_one(1), **more}


# --- reading lists ----------------------------------------------------------------------------------------------------


def test_every_page_is_read_in_an_order_that_was_asked_for(fetcher: Fetcher) -> None:
    with serve_ods(generated(250)) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert sorted(dataset.id for dataset in catalog.datasets) == [f"jeu-{number:06}" for number in range(250)]
    assert catalog.complete and catalog.faults == () and catalog.announced == 250
    assert len(server.seen) == 3 and all("order_by=dataset_id" in path and "limit=100" in path for path in server.seen)
    assert catalog.software == "Opendatasoft (API v2.1)" and catalog.source == "opendatasoft"


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("version", ["v2.1", "v2.0", "v1"])
def test_neither_the_version_nor_the_size_of_pages_changes_what_is_read(
    fetcher: Fetcher, version: str, size: int
) -> None:
    with serve_ods(generated(14), versions=[version]) as server:
        catalog = OpendatasoftSource(server.base_url, page_size=size).collect(fetcher)
    assert catalog.complete and catalog.announced == 14
    assert [dataset.title for dataset in catalog.datasets] == [
        generated_one(number)["metas"]["default"]["title"] for number in range(14)
    ]
    assert catalog.software == f"Opendatasoft (API {version})"


def test_the_three_versions_tell_the_same_of_a_dataset(fetcher: Fetcher) -> None:
    told: dict[str, Dataset] = {}
    for version in ("v2.1", "v2.0", "v1"):
        with serve_ods([FULL], versions=[version]) as server:
            only = _collect(fetcher, server.base_url + LIST).datasets[0]
            told[version] = json.loads(json.dumps(_plain(only)).replace(server.base_url, "https://data.fr"))
    told["v2.0"].pop("distributions"), told["v2.1"].pop("distributions"), told["v1"].pop("distributions")
    assert told["v2.1"] == told["v2.0"]
    uid = told["v2.1"]["identifiers"].pop(0)
    assert uid == "da_abc123" and told["v1"] == told["v2.1"]  # v1 gives no uid


def _plain(dataset: Dataset) -> dict[str, Any]:
    return json.loads(json.dumps(dataclasses.asdict(dataset), default=str))


def test_the_older_api_is_used_when_the_newer_answers_with_a_web_page(fetcher: Fetcher) -> None:
    maintenance = Scripted(200, b"<html>Bonjour</html>", {"Content-Type": "text/html"}, keep=True)
    missing = Scripted(404, b'{"message": "no route"}', keep=True)
    scripted = {LIST: [maintenance], "/api/explore/v2.0/catalog/datasets": [missing]}
    with serve_ods(generated(130), scripted=scripted) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 130 and catalog.complete
    assert catalog.software == "Opendatasoft (API v1)"
    assert catalog.datasets[0].contact == "donnees@example.org", "v1 gives its DCAT template only when asked for it"


def test_an_imitation_under_its_own_prefix_is_read_with_the_old_api_only(fetcher: Fetcher) -> None:
    with serve_ods(generated(3), versions=["v1"], prefix="/portail/d4c") as server:
        catalog = _collect(fetcher, f"{server.base_url}/portail/d4c/api/datasets/1.0/search/")
        assert [urlsplit(path).path for path in server.seen] == ["/portail/d4c/api/datasets/1.0/search/"]
    first = catalog.datasets[0]
    assert len(catalog.datasets) == 3 and catalog.software == "Data4Citizen (API Opendatasoft v1)"
    assert first.landing_page == f"{server.base_url}/portail/visualisation/?id=jeu-000000"
    assert (first.distributions[0].url or "").startswith(f"{server.base_url}/portail/d4c/api/records/1.0/download/")


def test_beyond_the_window_the_export_gives_the_whole_catalogue(fetcher: Fetcher) -> None:
    with serve_ods(_thin(10_150)) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 10_150 and catalog.complete
    assert len(server.seen) == 2 and 400 not in server.statuses
    assert catalog.datasets[10_149] == _made(_thin(10_150)[-1], Place(server.base_url, "v2.1"))


def test_a_narrower_window_than_the_usual_one_is_met_by_the_export(fetcher: Fetcher) -> None:
    with serve_ods(generated(450), window=300) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 450 and catalog.complete
    assert 400 in server.statuses and any("/exports/json" in path for path in server.seen)


def test_beyond_the_window_the_old_api_says_what_it_could_not_show(fetcher: Fetcher) -> None:
    with serve_ods(_thin(10_200), versions=["v1"]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 10_000 and not catalog.complete
    assert [fault.what for fault in catalog.faults] == [
        "le portail ne montre que le début de sa liste : la suite n'est pas lue"
    ]


@pytest.mark.parametrize(
    ("export", "words"),
    [
        ("absent", "que le début de sa liste"),
        ("error", "le portail refuse la demande"),
        ("cut", "la liste est incomplète"),
        ("late error", "le portail refuse la demande"),
    ],
)
def test_when_the_export_fails_the_pages_still_give_what_they_can(fetcher: Fetcher, export: str, words: str) -> None:
    def boasts(path: str, value: Any) -> Any:
        return {**value, "total_count": 10_001} if "results" in value else value

    with (
        serve_ods(generated(450), window=300, export=export) as met,
        serve_ods(generated(450), export=export, changes=[boasts]) as announced,
    ):
        for server, read in ((met, 300), (announced, 450)):
            catalog = _collect(fetcher, server.base_url + LIST)
            assert len(catalog.datasets) == read
            assert not catalog.complete and len(catalog.faults) == 1
            assert re.search(words, catalog.faults[0].what)


def test_an_export_longer_than_we_take_is_read_in_slices(tmp_path: Path) -> None:
    from opendata_check.fetching import Limits, open_fetcher

    limits = Limits(requests_per_second=1000.0, backoff_seconds=0.01, retries=0, document_bytes=600_000)
    with (
        serve_ods(_thin(10_100)) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 10_100 and catalog.complete
    assert [path for path in server.seen if "limit=5000" in path and "offset=10000" in path]


def test_pages_too_heavy_to_be_held_are_asked_smaller(fetcher: Fetcher) -> None:
    heavy = "x" * 400_000
    with serve_ods([generated_one(number, heavy=heavy) for number in range(112)]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 112 and catalog.complete


# --- portals that fail or lie -----------------------------------------------------------------------------------------


def test_what_was_read_before_a_failure_is_kept(fetcher: Fetcher) -> None:
    def fails(path: str, value: Any) -> Any:
        return value if value["results"][0]["dataset_id"] < "jeu-000100" else {"error_code": "Oops", "message": "no"}

    with serve_ods(generated(250), changes=[fails]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 100 and not catalog.complete
    assert [fault.what for fault in catalog.faults] == ["le portail refuse la demande"]
    assert "Oops" not in repr(catalog.faults)


def test_pages_that_come_again_and_again_end(fetcher: Fetcher) -> None:
    first = {"total_count": 900, "results": list(generated(100))}
    with serve_ods(changes=[lambda path, value: first]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 100 and len(server.seen) == 2
    assert "tourne en rond" in catalog.faults[0].what


def test_entries_without_an_id_that_come_again_and_again_end(fetcher: Fetcher) -> None:
    with serve_ods(changes=[lambda path, value: {"total_count": 5_000, "results": [{"title": "x"}] * 100}]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert catalog.datasets == () and not catalog.complete and len(server.seen) == 2
    assert any("100 jeux de données n'ont pas pu être lus" in fault.what for fault in catalog.faults)


@pytest.mark.parametrize("told", [0, 3, 130, 100, 900])
def test_a_wrong_total_neither_hides_datasets_nor_makes_them_up(fetcher: Fetcher, told: int) -> None:
    with serve_ods(generated(130), changes=[lambda path, value: {**value, "total_count": told}]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == (130 if told != 100 else 100)
    assert catalog.complete == (told <= 130)


def test_a_server_that_gives_smaller_pages_than_asked_is_read_to_the_end(fetcher: Fetcher) -> None:
    def fewer(path: str, value: Any) -> Any:
        return {**value, "results": value["results"][:30]}

    with serve_ods(generated(95), changes=[fewer]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 95 and catalog.complete


def test_entries_that_are_no_datasets_are_counted_in_one_fault(fetcher: Fetcher) -> None:
    odd: list[Any] = [None, 5, "x", [], {}, {"dataset_id": None}, {"dataset": 3}]
    with serve_ods(changes=[lambda path, value: {"total_count": 8, "results": [*odd, generated_one(1)]}]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 1
    assert [fault.what for fault in catalog.faults] == ["7 jeux de données n'ont pas pu être lus"]


def test_a_spent_quota_stops_the_reading_and_says_when_it_opens_again(fetcher: Fetcher) -> None:
    with serve_ods(generated(450), quota=3) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
        assert len(server.seen) == 3, "the answer that says none is left is the last one asked for"
    assert len(catalog.datasets) == 300 and not catalog.complete
    fault = catalog.faults[0]
    assert "nombre de demandes" in fault.what and "27 novembre 2026 à 0 h 00" in fault.remedy
    assert "OPENDATA_CHECK_KEY_127_0_0_1" in fault.remedy


def test_a_portal_whose_quota_was_already_spent_is_an_error_with_the_same_words(fetcher: Fetcher) -> None:
    with serve_ods(generated(5), quota=0) as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, server.base_url + LIST)
    assert "27 novembre 2026" in raised.value.remedy and "Too many" not in str(raised.value)
    assert not any("/v2.0/" in path or "/1.0/" in path for path in server.seen), "an older API has the same quota"


def test_a_portal_that_closes_midway_is_told_in_our_words(fetcher: Fetcher) -> None:
    pages = {"total_count": 300, "results": list(generated(100))}
    replies = [Scripted(200, json.dumps(pages).encode()), Scripted(401, b"<html>login</html>", keep=True)]
    with serve_ods(scripted={LIST: replies}) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 100 and [fault.what for fault in catalog.faults] == [
        "ce portail n'est pas public : il demande une clé d'accès"
    ]


def test_a_page_that_becomes_a_web_page_is_a_fault(fetcher: Fetcher) -> None:
    pages = {"total_count": 300, "results": list(generated(100))}
    replies = [Scripted(200, json.dumps(pages).encode()), Scripted(200, b"<html>Maintenance</html>", keep=True)]
    with serve_ods(scripted={LIST: replies}) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 100 and "page web" in catalog.faults[0].what


@pytest.mark.parametrize("body", [b'{"error_code": 3', b"{" * 9_000, b"\xff\xfe{", b'{"error_code": {"a": 1}}'])
def test_an_error_that_cannot_be_read_is_told_by_its_status(fetcher: Fetcher, body: bytes) -> None:
    scripted = {LIST: [Scripted(400, body, keep=True)]}
    with serve_ods(scripted=scripted) as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, server.base_url + LIST)
    assert "refuse la demande" in raised.value.what


def test_an_export_that_is_no_list_is_a_fault(fetcher: Fetcher) -> None:
    export = "/api/explore/v2.1/catalog/exports/json"
    for body in (b"", b"3", b"<html>", b'{"a": 1}', b"[1, 2", b"[" * 100_000, b'["x"]'):
        with serve_ods(generated(450), window=300, scripted={export: [Scripted(200, body, keep=True)]}) as server:
            catalog = _collect(fetcher, server.base_url + LIST)
        assert len(catalog.datasets) == 300 and not catalog.complete and 1 <= len(catalog.faults) <= 2


def test_a_quota_without_a_date_is_told_all_the_same(fetcher: Fetcher) -> None:
    body = b'{"errorcode": 10002, "reset_time": "demain", "error": "x"}'
    with serve_ods(scripted={LIST: [Scripted(200, body, keep=True)]}) as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, server.base_url + LIST)
    assert "Recommencez demain" in raised.value.remedy


def test_a_private_portal_is_told_with_the_variable_of_its_key(fetcher: Fetcher) -> None:
    with serve_ods(generated(5), key="abc") as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, server.base_url + LIST)
    assert "n'est pas public" in raised.value.what and "OPENDATA_CHECK_KEY_127_0_0_1" in raised.value.remedy


def test_the_users_key_opens_a_private_portal_and_never_stands_in_an_address(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "cle-secrete")
    with serve_ods(generated(450), window=300, key="cle-secrete") as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert len(catalog.datasets) == 450 and any("/exports/json" in path for path in server.seen)
    assert set(server.authorizations) == {"Apikey cle-secrete"}
    assert not any("cle-secrete" in path for path in server.seen) and "cle-secrete" not in repr(catalog.faults)


def test_without_a_key_nothing_is_sent(fetcher: Fetcher) -> None:
    with serve_ods(generated(5)) as server:
        _collect(fetcher, server.base_url + LIST)
    assert set(server.authorizations) == {""}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Scripted(503, b"<html>Bad gateway</html>", keep=True), "en panne"),
        (Scripted(403, b"<html>Forbidden</html>", keep=True), "n'est pas public"),
        (Scripted(200, b'{"total_count": 3, "results": [{"dataset_id": "a"', keep=True), "incomplète"),
        (Scripted(200, b'{"error_code": "ForbiddenAccess", "message": "x"}', keep=True), "n'est pas public"),
        (Scripted(200, b'{"error_code": "ODSQLError", "message": "x"}', keep=True), "comprend pas cette recherche"),
    ],
)
def test_a_first_answer_that_is_a_refusal_is_an_error_in_our_words(
    fetcher: Fetcher, reply: Scripted, words: str
) -> None:
    with serve_ods(generated(5), scripted={LIST: [reply]}) as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, server.base_url + LIST)
    assert words in raised.value.what


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"3", b"null", b'{"results": {}}', b"[" * 50_000, b"<html></html>"])
def test_a_site_that_answers_something_else_is_no_such_portal(fetcher: Fetcher, body: bytes) -> None:
    scripted = {LIST: [Scripted(200, body, keep=True)]}
    with serve_ods(versions=[], scripted=scripted) as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, server.base_url + LIST)
    assert "comme un portail Opendatasoft" in raised.value.what or "illisible" in raised.value.what


def test_a_portal_that_has_closed_its_catalogue_is_told_so(fetcher: Fetcher) -> None:
    gone = Scripted(410, b"Cette couche de compatibilite ne supporte pas cette requete.", keep=True)
    with serve_ods(versions=[], scripted={LIST: [gone]}) as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, server.base_url + LIST)
    assert "ne donne plus la liste" in raised.value.what


def test_a_list_in_another_charset_is_read(fetcher: Fetcher) -> None:
    body = json.dumps({"total_count": 1, "results": [generated_one(1, title="Délibérations")]}, ensure_ascii=False)
    latin = Scripted(200, body.encode("cp1252"), {"Content-Type": "application/json; charset=utf-8"})
    with serve_ods(scripted={LIST: [latin]}) as server:
        assert _titles(_collect(fetcher, server.base_url + LIST)) == ["Délibérations"]


def test_an_empty_portal_is_an_empty_catalogue(fetcher: Fetcher) -> None:
    with serve_ods([]) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    assert catalog.datasets == () and catalog.complete and catalog.announced == 0


# --- scopes -----------------------------------------------------------------------------------------------------------

HOST = "https://data.exempleville.fr"


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (f"{HOST}/explore/dataset/budget-2025/information/", OpendatasoftSource(HOST, "budget-2025")),
        (f"{HOST}/explore/dataset/budget-2025/table/?refine.annee=2024&q=x", OpendatasoftSource(HOST, "budget-2025")),
        (f"{HOST}/explore/embed/dataset/arbres/map/?static=false", OpendatasoftSource(HOST, "arbres")),
        (f"{HOST}/explore/dataset/a@agglo/", OpendatasoftSource(HOST, "a@agglo")),
        (f"{HOST}/explore/dataset/a%40agglo/", OpendatasoftSource(HOST, "a@agglo")),
        (
            f"{HOST}/explore/?disjunctive.theme&refine.publisher=Ville+de+X&sort=modified&q=eau+potable",
            OpendatasoftSource(HOST, filters=(("refine", "publisher:Ville de X"), ("q", "eau potable"))),
        ),
        (f"{HOST}/explore/embed/?exclude.theme=Sport", OpendatasoftSource(HOST, filters=(("exclude", "theme:Sport"),))),
        (f"{HOST}/api/explore/v2.1/catalog/datasets/arbres/exports/csv?lang=fr", OpendatasoftSource(HOST, "arbres", version="v2.1")),
        (f"{HOST}/api/explore/v2.1/catalog/datasets/", OpendatasoftSource(HOST, version="v2.1")),
        (f"{HOST}/api/explore/v2.0/catalog/exports", OpendatasoftSource(HOST, version="v2.0")),
        (
            f"{HOST}/api/explore/v2.1/catalog/exports/dcat/?where=publisher%3D%22CCAS+Gu%C3%A9rande%22&include_exports=csv&lang=fr",
            OpendatasoftSource(HOST, filters=(("where", 'publisher="CCAS Guérande"'),), version="v2.1"),
        ),
        (
            f"{HOST}/api/v2/catalog/datasets?refine=theme:Sport&refine=publisher:X&limit=1",
            OpendatasoftSource(HOST, filters=(("refine", "theme:Sport"), ("refine", "publisher:X")), version="v2"),
        ),
        (f"{HOST}/api/datasets/1.0/search/?refine.publisher=X&rows=0", OpendatasoftSource(HOST, filters=(("refine", "publisher:X"),))),
        (f"{HOST}/api/datasets/1.0/arbres/?interopmetas=true", OpendatasoftSource(HOST, "arbres")),
        (f"{HOST}/api/records/1.0/search/?dataset=arbres&q=x", OpendatasoftSource(HOST, "arbres")),
        (f"{HOST}/data/d4c/api/datasets/1.0/12-1/alternative_exports/90c4/", OpendatasoftSource(f"{HOST}/data", "12-1", imitation=True)),
        ("https://ville.opendatasoft.com/", OpendatasoftSource("https://ville.opendatasoft.com")),
        ("https://ville.huwise.com/pages/accueil/", OpendatasoftSource("https://ville.huwise.com")),
        ("https://ville.opendatasoft.com/explore/?sort=title", OpendatasoftSource("https://ville.opendatasoft.com")),
        ("https://moi:secret@ville.opendatasoft.com/", OpendatasoftSource("https://ville.opendatasoft.com")),
    ],
)  # fmt: skip
def test_an_address_is_recognised_by_its_shape_with_its_scope(url: str, source: OpendatasoftSource) -> None:
    assert recognise(_target(url)) == source


@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/", f"{HOST}/explore/", f"{HOST}/explore/?page=2", f"{HOST}/explore/repos", f"{HOST}/api/3/action/x",
        "https://www.opendatasoft.com/fr/", "https://help.huwise.com/apis/", "https://opendatasoft.com/",
        "https://exempleville.fr/?url=https://x.opendatasoft.com/explore/dataset/a/", "http://[::1", "https://",
        f"{HOST}/api/records/1.0/search/", "https://notopendatasoft.com/",
    ],
)  # fmt: skip
def test_other_addresses_are_left_to_others(url: str) -> None:
    assert recognise(_target(url)) is None


def test_words_and_folders_are_left_to_others(tmp_path: Path) -> None:
    assert recognise(Target("Nancy", None, None, None, DEFAULT_BASE_URL)) is None
    assert recognise(Target(str(tmp_path), tmp_path, None, None, DEFAULT_BASE_URL)) is None


@pytest.mark.parametrize("versions", [["v2.1"], ["v2.0"], ["v1"]])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/explore/?refine.publisher=Commune+d%27A", ["Jeu 0", "Jeu 2"]),
        ("/explore/?exclude.publisher=Commune+d%27A", ["Jeu 1", "Jeu 3"]),
        ("/explore/?refine.publisher=Commune+d%27A&q=chiffre+deux", ["Jeu 2"]),
        ("/api/explore/v2.1/catalog/datasets?refine=publisher:Commune+d%27A", ["Jeu 0", "Jeu 2"]),
        ("/api/explore/v2.1/catalog/exports/dcat?where=publisher%3D%22Commune+d%27A%22", ["Jeu 0", "Jeu 2"]),
        ("/api/datasets/1.0/search/?refine.publisher=Commune+d%27A", ["Jeu 0", "Jeu 2"]),
    ],
)
def test_a_search_is_asked_of_the_portal_whatever_its_version(
    fetcher: Fetcher, versions: list[str], path: str, expected: list[str]
) -> None:
    publishers = ("Commune d'A", "CCAS d'A")
    notes = ("zéro", "un", "deux", "trois")
    records = [
        generated_one(number, title=f"Jeu {number}", publisher=publishers[number % 2], description=f"Chiffre {note}")
        for number, note in enumerate(notes)
    ]
    with serve_ods(records, versions=versions) as server:
        catalog = _collect(fetcher, server.base_url + path)
    assert _titles(catalog) == expected and catalog.announced == len(expected) and catalog.complete


def test_quotes_in_a_search_are_written_as_the_portal_reads_them(fetcher: Fetcher) -> None:
    records = [generated_one(1, title='Le "grand" plan'), generated_one(2, title="Le petit plan")]
    with serve_ods(records) as server:
        source = OpendatasoftSource(server.base_url, filters=(("q", "plan"), ("where", 'search("petit")')))
        assert _titles(source.collect(fetcher)) == ["Le petit plan"]
        quoted = OpendatasoftSource(server.base_url, filters=(("q", 'x" or true or "'),))
        assert quoted.collect(fetcher).datasets == ()


def test_a_search_that_only_the_new_api_can_make_is_not_widened_by_the_old_one(fetcher: Fetcher) -> None:
    source_filters = (("where", "modified>date'2025-01-01'"),)
    with serve_ods(generated(5), versions=["v1"]) as server, pytest.raises(SourceError) as raised:
        OpendatasoftSource(server.base_url, filters=source_filters).collect(fetcher)
    assert "ne sait pas faire cette recherche" in raised.value.what


def test_a_search_the_portal_does_not_understand_is_told_so(fetcher: Fetcher) -> None:
    with serve_ods(generated(5)) as server, pytest.raises(SourceError) as raised:
        OpendatasoftSource(server.base_url, filters=(("where", "garbage=="),)).collect(fetcher)
    assert "ne comprend pas cette recherche" in raised.value.what


def test_a_search_keeps_its_scope_beyond_the_window(fetcher: Fetcher) -> None:
    records = [generated_one(number, publisher="A" if number % 2 else "B") for number in range(900)]
    with serve_ods(records, window=300) as server:
        catalog = _collect(fetcher, f"{server.base_url}/explore/?refine.publisher=A")
    assert len(catalog.datasets) == 450 and {dataset.publisher for dataset in catalog.datasets} == {"A"}
    assert catalog.title == "A"
    assert catalog.location == f"{server.base_url}/explore/?refine.publisher=A"


@pytest.mark.parametrize("versions", [["v2.1"], ["v2.0"], ["v1"]])
def test_a_datasets_page_is_that_dataset_alone(fetcher: Fetcher, versions: list[str]) -> None:
    with serve_ods([FULL, *generated(3)], versions=versions) as server:
        catalog = _collect(fetcher, f"{server.base_url}/explore/dataset/213503287_budget@agglo/export/")
    assert _titles(catalog) == ["Budget"] and catalog.title == "Budget" and catalog.complete
    assert catalog.publisher_siren == "213503287"
    assert catalog.location == f"{server.base_url}/explore/dataset/213503287_budget@agglo/"
    assert catalog.datasets[0].contact == "finances@exempleville.fr"


def test_a_dataset_that_does_not_exist_is_an_error(fetcher: Fetcher) -> None:
    with serve_ods(generated(3)) as server, pytest.raises(SourceError) as raised:
        _collect(fetcher, f"{server.base_url}/explore/dataset/perdu/")
    assert "n'existe pas" in raised.value.what and len(server.seen) == 1


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"dataset": {}}', b"null", b"<html></html>", b'{"dataset_id": []}'])
def test_a_record_that_is_none_is_an_error(fetcher: Fetcher, body: bytes) -> None:
    scripted = {f"{LIST}/x": [Scripted(200, body, keep=True)]}
    with serve_ods(versions=[], scripted=scripted) as server, pytest.raises(SourceError):
        _collect(fetcher, f"{server.base_url}/explore/dataset/x/")


def test_labels_say_which_part_is_asked() -> None:
    assert OpendatasoftSource(HOST).label == "data.exempleville.fr, tout le portail"
    assert OpendatasoftSource(HOST, "arbres").label == "data.exempleville.fr, jeu de données arbres"
    searched = OpendatasoftSource(HOST, filters=(("refine", "publisher:X"), ("exclude", "theme:Y"), ("q", "eau")))
    assert searched.label == "data.exempleville.fr, recherche publisher : X, sauf theme : Y, « eau »"


# --- finding the kind of a bare address -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "headers", "words"),
    [
        (HOME, {}, "balises ods-"),
        (D4C_HOME, {}, "d4c-"),
        ('<script src="https://ville.opendatasoft.com/static/x.js">', {}, "appelle Opendatasoft"),
        ("", {"access-control-allow-headers": "Authorization, ODS-API-Analytics-App"}, "en-têtes"),
    ],
)
def test_pages_that_look_like_it_are_told_why(text: str, headers: dict[str, str], words: str) -> None:
    assert words in hint(_page(f"{HOST}/", text, headers))


def test_a_page_that_merely_links_to_a_portal_is_no_hint() -> None:
    assert (
        hint(_page(f"{HOST}/", '<a href="https://ville.opendatasoft.com/explore/">nos données Opendatasoft</a>')) == ""
    )


@pytest.mark.parametrize(("versions", "name", "asked"), [(["v2.1", "v1"], "v2.1", 1), (["v1"], "v1", 2)])
def test_a_portal_is_confirmed_by_its_api(fetcher: Fetcher, versions: list[str], name: str, asked: int) -> None:
    with serve_ods(generated(7), versions=versions) as server:
        found = confirm(_page(f"{server.base_url}/pages/accueil/"), fetcher)
        assert len(server.seen) == asked
    assert found is not None and found.source == OpendatasoftSource(server.base_url)
    assert found.ground == f"l'interface Opendatasoft {name} répond et annonce 7 jeux de données"
    assert found.scope == "tout le portail"


def test_an_imitation_is_confirmed_where_its_page_says_it_is(fetcher: Fetcher) -> None:
    with serve_ods(generated(2), versions=["v1"], prefix="/portail/d4c") as server:
        page = _page(f"{server.base_url}/portail/", D4C_HOME.replace('"/d4c/', '"/portail/d4c/'))
        found = confirm(page, fetcher)
        assert found is not None and len(server.seen) == 1
        assert len(found.source.collect(fetcher).datasets) == 2


def test_a_redirect_to_a_page_of_the_portal_keeps_its_scope(fetcher: Fetcher) -> None:
    with serve_ods(generated(2)) as server:
        there = f"{server.base_url}/explore/dataset/jeu-000001/"
        found = confirm(Page("https://court.fr/x", there, 200, "text/html", {}, ""), fetcher)
    assert found is not None and found.scope == "jeu de données jeu-000001"


def test_a_private_portal_is_confirmed_as_such(fetcher: Fetcher) -> None:
    with serve_ods(generated(2), key="abc") as server:
        found = confirm(_page(f"{server.base_url}/"), fetcher)
    assert found is not None and "refuse l'accès" in found.ground


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html></html>", b'{"total_count": 5}', b'{"results": []}', b"x"])
def test_anything_else_is_not_confirmed(fetcher: Fetcher, body: bytes) -> None:
    replies = {LIST: [Scripted(200, body, keep=True)], OLD_LIST: [Scripted(403, b"<html>", keep=True)]}
    with serve_ods(versions=[], scripted=replies) as server:
        assert confirm(_page(f"{server.base_url}/"), fetcher) is None
        assert len(server.seen) <= 2


def test_a_dead_site_is_not_confirmed(fetcher: Fetcher) -> None:
    with serve_ods() as server:
        pass
    assert confirm(_page(f"{server.base_url}/"), fetcher) is None
    assert confirm(_page("nulle part"), fetcher) is None


# --- records ----------------------------------------------------------------------------------------------------------


def _paths(told: str) -> list[str]:
    """Return the paths of a line of MAPPING, without its remarks."""
    parts = re.sub(r"\([^()]*\)", "", told).split("|")
    return [part.strip() for part in parts if part.strip()]


def _at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _said(record: Any, path: str) -> bool:
    return _at(record, path) not in (None, "", [], {}, False, 0)


def _lacking(record: dict[str, Any], dataset: Dataset) -> list[str]:
    """Return the mapped fields that the record fills and the dataset does not."""
    missing = []
    for name, told in MAPPING.items():
        kind, _, attribute = name.partition(".")
        if not any(_said(record, path) for path in _paths(told)):
            continue
        if "exports only" in told and not record.get("has_records"):
            continue
        holders: tuple[Any, ...] = (dataset,) if kind == "dataset" else dataset.distributions
        if not any(getattr(holder, attribute) for holder in holders):
            missing.append(name)
    return missing


def _recorded(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in SHARED_RECORDS:
        held = json.loads((shared / "portals" / "ods" / f"{name}.json").read_text(encoding="utf-8"))
        for record in held.get("results") or held.get("datasets") or [held]:
            yield name, record


@pytest.mark.shared
def test_no_field_of_a_recording_is_lost(shared: Path) -> None:
    seen = 0
    for name, record in _recorded(shared):
        place = OLD if name.startswith("v1") else NEW
        assert _lacking(record, _made(record, place)) == [], name
        seen += 1
    assert seen >= 15


def test_no_field_of_a_whole_record_is_lost() -> None:
    sources = [any(_said(FULL, path) for path in _paths(told)) for told in MAPPING.values()]
    assert all(sources), "the record must fill every mapped field for the test to hold anything"
    assert _lacking(FULL, _made(FULL)) == []


def test_the_mapping_speaks_of_fields_that_exist() -> None:
    known = {"dataset": Dataset, "distribution": Distribution}
    for name in MAPPING:
        kind, _, attribute = name.partition(".")
        assert attribute in {field.name for field in dataclasses.fields(known[kind])}


@pytest.mark.shared
@pytest.mark.parametrize("versions", [["v1"], ["v2.1"]])
def test_the_recordings_are_read_from_a_portal(fetcher: Fetcher, shared: Path, versions: list[str]) -> None:
    folder = shared / "portals" / "ods"
    old = json.loads((folder / "v1-search-full.json").read_text(encoding="utf-8"))["datasets"]
    new = json.loads((folder / "doc-datasets-v2_1.json").read_text(encoding="utf-8"))["results"]
    with serve_ods(new, old=old, versions=versions) as server:
        catalog = _collect(fetcher, server.base_url + LIST)
    expected = [record["datasetid"] for record in old] if versions == ["v1"] else [item["dataset_id"] for item in new]
    assert sorted(dataset.id for dataset in catalog.datasets) == sorted(expected) and catalog.complete


@pytest.mark.shared
def test_exports_have_the_addresses_of_the_portals_own_dcat(shared: Path) -> None:
    text = (shared / "portals" / "ods" / "rec-capatlantique-guerande-dcat-1.xml").read_text(encoding="utf-8")
    theirs = set(re.findall(r"https://[^\"<]*/exports/[^\"<]*", text))
    record = {"dataset_id": "264400516_arretes_ccas_guerande", "has_records": True, "metas": {"default": {}}}
    dataset = _made(record, Place("https://data.capatlantique.fr", "v2.1"))
    assert theirs and theirs <= {found.url for found in dataset.distributions}
    assert dataset.landing_page in text and dataset.landing_page in dataset.identifiers
    assert dataset.publisher_siren == "264400516"


def test_values_are_those_of_the_record() -> None:
    dataset = _made(FULL)
    assert (dataset.description, dataset.license) == ("Le budget.", "Licence Ouverte v2.0")
    assert dataset.frequency == "Annuelle" and dataset.temporal == "2024-01-01/2024-12-31"
    assert (dataset.issued, dataset.metadata_modified) == (date(2024, 2, 1), date(2026, 11, 21))
    assert dataset.themes == ("Administration, Gouvernement",), "a theme may hold a comma"
    assert dataset.bbox == (-1.5, 48.0, -1.2, 48.3)
    assert dataset.fields[0].description == "En <euros>"
    assert dataset.inspire is not None and dataset.inspire.resource_identifier == "fr-213503287-1"
    csv = dataset.distributions[0]
    assert (csv.id, csv.declared_format, csv.row_count, csv.synthesised) == ("csv", "csv", 1200, True)
    assert csv.modified == date(2026, 11, 20)


def test_exports_follow_what_the_api_can_make() -> None:
    def formats(place: Place, **more: Any) -> list[str]:
        made = _made(_with(attachments=[], **more), place)
        return [found.declared_format for found in made.distributions if found.synthesised]

    assert formats(NEW) == ["csv", "json", "xlsx", "parquet"]
    assert formats(NEW, features=["geo"]) == ["csv", "json", "geojson", "shp", "xlsx", "parquet"]
    assert formats(NEW, fields=[{"name": "g", "type": "geo_shape"}])[2:4] == ["geojson", "shp"]
    assert formats(Place("https://x.fr", "v2.0")) == ["csv", "json", "xlsx"]
    assert formats(OLD, features=["geo"]) == ["csv", "json", "geojson", "shp", "xls"]
    assert formats(NEW, has_records=False) == []
    imitated = {"datasetid": "x", "metas": {"records_count": 3.0, "features": ["table", "geo"]}}
    assert [found.declared_format for found in _made(imitated, OLD).distributions][2] == "geojson"


def test_the_old_api_offers_no_shapefile_that_would_be_cut() -> None:
    record = {"datasetid": "x", "has_records": True, "features": ["geo"], "metas": {"records_count": 50_001}}
    assert [found.declared_format for found in _made(record, OLD).distributions] == ["csv", "json", "geojson", "xls"]


def test_the_table_of_an_imitation_gives_its_exports() -> None:
    place = Place("https://data.fr/portail", "v1", imitation=True)
    told = {"datasetid": "x", "has_records": True, "metas": {}}
    wanted = "https://data.fr/portail/d4c/api/records/2.0/downloadfile/format=csv&resource_id=12-ab"
    for more in (
        {"resourceCSVid": "12-ab"},
        {"resources": [{"id": "no", "format": "PDF"}, {"id": "12-ab", "format": "CSV"}]},
    ):
        assert (_made(told | more, place).distributions[0].url or "").startswith(wanted)


def test_files_added_by_hand_are_distributions() -> None:
    by_id = {found.id: found for found in _made(FULL).distributions}
    notice, gtfs = by_id["attachments/notice_pdf"], by_id["alternative_exports/gtfs"]
    base = "https://data.exempleville.fr/api/explore/v2.1/catalog/datasets/213503287_budget@agglo"
    assert (notice.url, notice.declared_format, notice.role) == (
        f"{base}/attachments/notice_pdf",
        "pdf",
        "documentation",
    )
    assert (gtfs.url, gtfs.declared_format, gtfs.role) == (f"{base}/alternative_exports/gtfs", "zip", "main")
    assert (gtfs.title, gtfs.description, gtfs.media_type) == ("gtfs.zip", "GTFS", "application/zip")


def test_an_attachment_without_rows_beside_it_is_what_is_published() -> None:
    alone = _made(_with(has_records=False))
    assert [(found.role, found.declared_format) for found in alone.distributions] == [("main", "pdf")]


def test_old_attachments_have_the_old_addresses() -> None:
    record = {
        "datasetid": "a b",
        "has_records": False,
        "metas": {},
        "attachments": [{"id": "n_pdf", "mimetype": "application/pdf"}],
    }
    only = _made(record, OLD).distributions[0]
    assert only.url == "https://data.exempleville.fr/api/datasets/1.0/a%20b/attachments/n_pdf/"
    assert only.declared_format == "pdf"


def test_an_attachment_that_stands_elsewhere_keeps_its_address() -> None:
    record = _with(
        attachments=[{"id": "x", "url": "https://exempleville.fr/plan.pdf"}, {"href": "https://y.fr/z.csv"}, {}]
    )
    found = {item.url: item for item in _made(record).distributions if not item.synthesised}
    assert set(found) == {"https://exempleville.fr/plan.pdf", "https://y.fr/z.csv"}


def test_a_restricted_dataset_is_kept_and_its_exports_are_not_made_up() -> None:
    dataset = _made(_with(data_visible=False, attachments=[]))
    assert dataset.access_rights == "restricted" and dataset.distributions == ()


def test_without_data_the_reference_is_where_to_go() -> None:
    dataset = _made(_with(has_records=False, attachments=[]))
    assert dataset.distributions == () and dataset.landing_page.endswith("/explore/dataset/jeu-000001/")
    told = generated_one(24)
    assert _made(told).landing_page == "https://example.org/source/"
    assert "https://data.exempleville.fr/explore/dataset/jeu-000024/" in _made(told).identifiers


@pytest.mark.parametrize(
    ("identifier", "default", "host", "named"),
    [
        ("budget@agglo", {}, "agglo.opendatasoft.com", "https://agglo.opendatasoft.com/explore/dataset/budget/"),
        ("budget@data.agglo.fr", {}, "data.agglo.fr", "https://data.agglo.fr/explore/dataset/budget/"),
        (
            "mon-budget",
            {
                "federated": True,
                "source_domain": "agglo",
                "source_domain_address": "data.agglo.fr",
                "source_dataset": "b",
            },
            "data.agglo.fr",
            "https://data.agglo.fr/explore/dataset/b/",
        ),
        (
            "mon-budget",
            {"source_domain_address": "https://DATA.agglo.fr/"},
            "data.agglo.fr",
            "mon-budget@data.agglo.fr",
        ),
    ],
)
def test_a_federated_dataset_says_where_it_comes_from(
    identifier: str, default: dict[str, Any], host: str, named: str
) -> None:
    dataset = _made({"dataset_id": identifier, "metas": {"default": default}})
    assert dataset.harvested_from == host and named in dataset.identifiers


@pytest.mark.parametrize("default", [{"federated": True}, {"source_domain_address": "data.exempleville.fr"}, {}])
def test_a_dataset_of_the_portals_own_is_not_called_federated(default: dict[str, Any]) -> None:
    assert _made({"dataset_id": "budget", "metas": {"default": default}}).harvested_from == ""


def test_the_copy_and_the_original_share_a_name() -> None:
    original = _made({"dataset_id": "budget", "metas": {}}, Place("https://data.agglo.fr", "v2.1"))
    copy = _made({"dataset_id": "budget@agglo", "metas": {"default": {"source_domain_address": "data.agglo.fr"}}})
    assert set(original.identifiers) & set(copy.identifiers)


def test_a_bare_id_names_nothing_outside_its_portal() -> None:
    assert "jeu-000001" not in _made().identifiers and "da_000001" in _made().identifiers


@pytest.mark.parametrize(
    ("identifier", "siren"),
    [
        ("264400516_arretes", "264400516"), ("21350328700012-budget", "213503287"), ("213503287", "213503287"),
        ("264400517_arretes", None), ("2644005160_x", None), ("20240101-releves", None), ("budget-264400516", None),
    ],
)  # fmt: skip
def test_a_siren_that_begins_an_id_is_the_publishers(identifier: str, siren: str | None) -> None:
    assert _made({"dataset_id": identifier, "metas": {}}).publisher_siren == siren


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ({"modified": "2020-01-01", "data_processed": "2026-01-01"}, date(2020, 1, 1)),
        (
            {"modified": "2026-05-05", "data_processed": "2020-01-01", "modified_updates_on_metadata_change": True},
            date(2020, 1, 1),
        ),
        ({"modified": "2026-05-05", "modified_updates_on_metadata_change": True}, date(2026, 5, 5)),
        ({"data_processed": "2026-01-01"}, date(2026, 1, 1)),
        ({"modified": "0203-01-01", "data_processed": "2026-01-01"}, date(2026, 1, 1)),
        ({"modified": "9999-12-31"}, None),
    ],
)
def test_the_day_of_the_data_is_the_declared_one_unless_it_follows_the_record(
    default: dict[str, Any], expected: date | None
) -> None:
    assert _made({"dataset_id": "x", "metas": {"default": default}}).modified == expected


@pytest.mark.parametrize(
    ("name", "email", "kept"),
    [
        ("Jean Dupont", "jean.dupont@ville.fr", False), ("Jean Dupont", "j.dupont@ville.fr", False),
        ("Anne-Marie Dupont", "amdupont@ville.fr", True), ("DUPONT Jean", "jdupont@ville.fr", False),
        ("Service SIG", "service.sig@ville.fr", True), ("Jean Dupont", "opendata@ville.fr", True),
        ("ACME", "tnt@acme.com", True), ("", "sig@ville.fr", True), ("x", "pas une adresse", False),
    ],
)  # fmt: skip
def test_a_persons_address_is_not_kept(name: str, email: str, kept: bool) -> None:
    dcat = {"contact_name": name, "contact_email": email}
    assert bool(_made({"dataset_id": "x", "metas": {"default": {}, "dcat": dcat}}).contact) is kept


def test_the_old_api_may_join_keywords_in_one_text() -> None:
    metas = {"keyword": "eau;air, terre", "theme": "Culture, Patrimoine"}
    dataset = _made({"datasetid": "x", "metas": metas}, OLD)
    assert dataset.keywords == ("eau", "air", "terre") and dataset.themes == ("Culture, Patrimoine",)


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ({"type": "Feature", "geometry": {"type": "Point", "coordinates": [2, 48]}}, (2.0, 48.0, 2.0, 48.0)),
        ({"type": "MultiPolygon", "coordinates": [[[[1, 2], [3, 4]]], [[[-1, 5], ["0.5", "6"]]]]}, (-1.0, 2.0, 3.0, 6.0)),
        ([1, 2, 3, 4], (1.0, 2.0, 3.0, 4.0)),
        ([3, 2, 1, 4], None), ([1, 2, 3], None), ({"coordinates": [[500, 2], [1, 2]]}, None), ("1,2,3,4", None),
        ({"coordinates": [[True, float("nan")]]}, None), ({"geometry": 3}, None), ({"coordinates": {}}, None),
    ],
)  # fmt: skip
def test_an_extent_is_read_from_any_shape(shape: Any, box: Any) -> None:
    assert _made({"dataset_id": "x", "metas": {"default": {"bbox": shape}}}).bbox == box


# --- hostile records --------------------------------------------------------------------------------------------------

_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300)
@given(st.data())
def test_any_value_anywhere_makes_a_dataset_all_the_same(data: st.DataObject) -> None:
    record = json.loads(json.dumps(FULL))
    for _ in range(3):
        here: Any = record
        while True:
            name = data.draw(st.sampled_from(sorted(here)))
            if isinstance(here[name], dict) and here[name] and data.draw(st.booleans()):
                here = here[name]
                continue
            here[name] = data.draw(_ANY)
            break
    for place in (NEW, OLD, Place("https://x.fr", "v1", imitation=True)):
        made = dataset_of(record, place)
        if made is not None:
            assert made.id and all(isinstance(found.url, str) and found.url for found in made.distributions)
            assert len({found.id for found in made.distributions}) == len(made.distributions)


@given(_ANY)
def test_anything_at_all_is_a_dataset_or_nothing(value: Any) -> None:
    for place in (NEW, OLD):
        assert dataset_of(value, place) is None or isinstance(dataset_of(value, place), Dataset)


def test_huge_values_are_cut() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    record = _with(
        fields=[{"name": "c" * 9_000, "label": "x" * 10**6}] * 50_000,
        attachments=[{"id": "a" * 9_000}] * 50_000,
        metas={"default": {"title": "t" * 10**6, "description": "<p>" * 10**6, "keyword": ["k" * 9_000] * 10**5,
                           "bbox": {"coordinates": deep}, "references": "http://" * 10**6}},
    )  # fmt: skip
    dataset = _made(record)
    assert len(dataset.fields) <= 1_000 and len(dataset.distributions) <= 1_010
    assert len(dataset.title) <= 500 and len(dataset.keywords) <= 200
    assert max(len(found.url or "") for found in dataset.distributions) < 3_000


def test_control_characters_never_reach_the_screen() -> None:
    dataset = _made(title="a\x1b[31mb\u202ec", publisher="x\ny")
    assert dataset.title == "a [31mbc" and dataset.publisher == "x y"


# --- long lists in one document ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 10, 1_048_570, 1_048_576, 2_097_150])
def test_items_are_cut_right_wherever_a_piece_of_the_file_ends(tmp_path: Path, length: int) -> None:
    path = tmp_path / "liste.json"
    written = [{"a": "é" * length, "b": [1, {"c": "],[{"}]}, 12345678, "fin", None, {"z": 1.5}]
    path.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    assert list(items(path)) == written


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[", "[1, 2", '[{"a": 1}', '[{"a": 1}, {"b"', "[" * 500_000, "[x]", '["' + "x" * 25_000_000, "[nul]"],
)
def test_a_list_that_is_cut_or_wrong_ends_in_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "liste.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"no array|does not end|too deep"):
        list(items(path))


# --- HTML as plain text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p>Un&nbsp;<b>deux</b> &amp; l&#39;été</p><p>Trois</p>", "Un deux & l'été\n\nTrois"),
        ("<ul><li>a</li><li>b\n c</li></ul>", "- a\n- b c"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<script>alert('x')</script><style>p{}</style>reste<!-- non -->", "reste"),
        ("Ligne 1\nLigne 2 <a href='x'>lien</a>", "Ligne 1\nLigne 2 lien"),
        ("Sans balise : 3 < 5 &eacute;", "Sans balise : 3 < 5 é"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p title='a > b'>c</p>", "c"),
        ("&lt;script&gt;", "<script>"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_plain_text(written: str, text: str) -> None:
    assert plain_text(written) == text


@pytest.mark.parametrize("value", [None, 3, [], {}, True])
def test_what_is_no_text_gives_none(value: Any) -> None:
    assert plain_text(value) in ("", "3", "True")


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        "<",
        "&",
        "&#",
        "</",
        "<![CDATA[",
        "<script>",
        "<a b='>",
        "<a b='\">",
        "<svg>",
        "<p>",
        "<br>",
        "a='",
    ],
)
def test_html_made_to_slow_us_down_does_not(piece: str) -> None:
    import time

    start = time.process_time()
    assert len(plain_text(piece * (2_000_000 // len(piece)))) <= 20_000
    assert len(plain_text("<p " + piece * (200_000 // len(piece)) + ">x")) <= 20_000
    assert time.process_time() - start < 2


@given(st.text(alphabet="<>/!-ab=\"' &;#p\n", max_size=200))
def test_any_html_is_read(written: str) -> None:
    assert isinstance(plain_text(written), str)


def test_the_length_is_bounded() -> None:
    assert (
        plain_text("<p>" + "mot " * 10_000 + "</p>", 100).endswith("…")
        and len(plain_text("<b>x</b>" * 999, 100)) <= 100
    )


def test_requests_carry_the_language_and_no_key(fetcher: Fetcher) -> None:
    with serve_ods(generated(1)) as server:
        _collect(fetcher, f"{server.base_url}/explore/?refine.publisher=X&apikey=secret")
    asked = parse_qs(urlsplit(server.seen[0]).query)
    assert asked["lang"] == ["fr"] and asked["refine"] == ["publisher:X"] and "apikey" not in asked
