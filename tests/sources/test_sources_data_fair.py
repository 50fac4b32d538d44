from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from data_fair_server import OWNER, DataFairServer, Scripted, generated, record, serve_data_fair
from hypothesis import given
from hypothesis import strategies as st
from no_loss import losses

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog
from opendata_check.sources import SourceError, detect, find
from opendata_check.sources.data_fair import MAPPING, DataFairSource, confirm, hint, recognise
from opendata_check.sources.interface import Page, Target
from opendata_check.sources.reading.data_fair.pages import SELECT
from opendata_check.sources.reading.data_fair.record import Portal, dataset_of

CATALOG = "/data-fair/api/v1/catalog/datasets"
LIST = "/data-fair/api/v1/datasets"
PORTAL = Portal("https://donnees.exemple.fr/data-fair/api/v1", "https://donnees.exemple.fr")
PERSON = {"type": "user", "id": "jeanne", "name": "Jeanne Dupont"}
OTHER = {"type": "organization", "id": "autre", "name": "Autre organisme"}


def _collect(server: DataFairServer, fetcher: Fetcher, **more: Any) -> Catalog:
    return DataFairSource(server.api, **more).collect(fetcher)


def _page(url: str, text: str = "", headers: dict[str, str] | None = None) -> Page:
    return Page(url, url, 200, "text/html", headers or {}, text)


# ---- a public site


def test_all_the_slices_are_read(fetcher: Fetcher) -> None:
    with serve_data_fair(generated(250)) as server:
        catalog = _collect(server, fetcher)
        slices = [path for path in server.seen if path.startswith(CATALOG)]
    assert len({dataset.id for dataset in catalog.datasets}) == 250
    assert catalog.complete and catalog.announced == 250
    assert len(slices) == 3 and all(
        "size=" in path and f"select={SELECT[:10]}".replace(",", "%2C") in path for path in slices
    )


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_the_size_of_slices_changes_nothing(fetcher: Fetcher, size: int) -> None:
    with serve_data_fair(generated(7)) as server:
        catalog = _collect(server, fetcher, page_size=size)
    assert [dataset.title for dataset in catalog.datasets] == [f"Jeu {i}" for i in range(7)] and catalog.complete


def test_a_server_that_gives_less_than_asked_is_read_to_its_end(fetcher: Fetcher) -> None:
    with serve_data_fair(generated(50), capped=12) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 50 and catalog.complete


def test_the_catalogue_says_whose_it_is(fetcher: Fetcher) -> None:
    with serve_data_fair([record(1)]) as server:
        catalog = _collect(server, fetcher)
        assert catalog.location == f"{server.site}/"
        assert catalog.datasets[0].landing_page == f"{server.site}/datasets/jeu-1"
    assert (catalog.source, catalog.place, catalog.title) == ("data_fair", "portal", "Ville d'Exempleville")
    assert catalog.software == "data-fair 5.9.0"
    assert catalog.datasets[0].publisher == "Ville d'Exempleville"
    assert catalog.datasets[0].contact == "opendata@exempleville.fr" and "Dupont" not in repr(catalog)


def test_an_empty_portal_is_an_empty_catalogue(fetcher: Fetcher) -> None:
    with serve_data_fair() as server:
        catalog = _collect(server, fetcher)
    assert (catalog.datasets, catalog.announced, catalog.complete) == ((), 0, True)


def test_a_portal_of_a_person_names_nobody(fetcher: Fetcher) -> None:
    with serve_data_fair([record(1, owner=PERSON)]) as server:
        catalog = _collect(server, fetcher)
    assert "Dupont" not in repr(catalog) and catalog.datasets[0].publisher == ""


def test_what_is_not_public_is_left_out(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(1), record(2, permissions=[]), record(3, status="draft")]
    with serve_data_fair(records, key="cle-secrete") as server:
        assert _collect(server, fetcher).left_out == (("draft", 1),)
        monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "cle-secrete")
        catalog = _collect(server, fetcher)
        assert server.keys[-1] == "cle-secrete" and not any("cle-secrete" in path for path in server.seen)
    assert catalog.left_out == (("draft", 1), ("private", 1)) and catalog.complete
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1"]


def test_a_portal_that_refuses_to_select_is_read_whole(fetcher: Fetcher) -> None:
    with serve_data_fair(generated(150), selects=False) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 150 and catalog.complete
    assert len([path for path in server.seen if "select=" in path]) == 1


def test_a_search_gives_what_it_finds(fetcher: Fetcher) -> None:
    records = [record(1, keywords=["eau"]), record(2), record(3, keywords=["eau", "sport"])]
    with serve_data_fair(records) as server:
        source = detect(f"{server.api}/catalog/datasets?keywords=eau&page=4&size=1")
        catalog = source.collect(fetcher)
        assert catalog.location == f"{server.site}/datasets?keywords=eau"
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1", "Jeu 3"] and catalog.announced == 2


# ---- the window of 10 000, and slices that are too long


def test_a_list_longer_than_the_window_is_read_from_both_ends(fetcher: Fetcher) -> None:
    records = [
        {"id": f"{i:05}", "title": "x", "owner": OWNER, "permissions": record(0)["permissions"]} for i in range(12_345)
    ]
    with serve_data_fair(records) as server:
        catalog = _collect(server, fetcher, page_size=1000)
    assert len(catalog.datasets) == 12_345 and catalog.complete and catalog.faults == ()


def test_what_no_end_of_the_window_shows_is_told(fetcher: Fetcher) -> None:
    rights = record(0)["permissions"]
    records = [{"id": f"{i:05}", "title": "x", "owner": OWNER, "permissions": rights} for i in range(20_100)]
    with serve_data_fair(records) as server:
        catalog = _collect(server, fetcher, page_size=2000)
    assert len(catalog.datasets) == 20_000 and not catalog.complete
    assert "que 20000 de ses 20100" in catalog.faults[0].what


def test_a_window_narrower_than_ours_is_told(fetcher: Fetcher) -> None:
    with serve_data_fair(generated(300), window=200) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 200 and not catalog.complete
    assert "le début de sa liste" in catalog.faults[0].what


def test_a_slice_too_long_is_asked_for_again_smaller() -> None:
    heavy = record(5, schema=[{"key": f"c{i}", "enum": ["x" * 50] * 40} for i in range(100)], description="lourde")
    records = [*generated(5), heavy, *(record(i) for i in range(6, 40))]
    limits = Limits(json_bytes=60_000, requests_per_second=1000.0, retries=0)
    with (
        serve_data_fair(records) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 40
    (fault,) = catalog.faults
    assert "trop longue" in fault.what and heavy["id"] in fault.what
    assert len(server.seen) < 30


# ---- what goes wrong


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Scripted(429, "Vous avez dépassé la limite de requêtes.".encode(), keep=True), "limite le nombre"),
        (Scripted(400, b'bad sort order "x"', keep=True), "un des crit"),
        (Scripted(401, b"Unauthorized", keep=True), "pas ces données à tout le monde"),
        (Scripted(403, b"Permission manquante", keep=True), "pas ces données à tout le monde"),
        (Scripted(500, b"Internal Server Error", keep=True), "en panne"),
        (Scripted(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"}, keep=True), "en panne"),
        (Scripted(200, b"<html>Maintenance</html>", {"Content-Type": "text/html"}, keep=True), "page web"),
        (Scripted(200, b'{"count": 3, "results": [{"id"', keep=True), "incomplète"),
        (Scripted(200, b'{"count": 3, "results": null}', keep=True), "forme attendue"),
        (Scripted(200, b"[]", keep=True), "forme attendue"),
    ],
)
def test_a_portal_that_cannot_be_read_is_one_line(fetcher: Fetcher, reply: Scripted, words: str) -> None:
    with (
        serve_data_fair([record(1)], scripted={CATALOG: [reply]}) as server,
        pytest.raises(SourceError, match=words) as caught,
    ):
        _collect(server, fetcher)
    assert "\n" not in str(caught.value) and "dépassé" not in str(caught.value)


def test_what_was_read_before_a_failure_is_kept(fetcher: Fetcher) -> None:
    first = {"count": 9, "results": [record(1), record(2)]}
    replies = [Scripted(200, json.dumps(first).encode()), Scripted(429, b"trop", keep=True)]
    with serve_data_fair([record(1)], scripted={CATALOG: replies}) as server:
        catalog = _collect(server, fetcher, page_size=2)
    assert len(catalog.datasets) == 2 and not catalog.complete
    (fault,) = catalog.faults
    assert fault.remedy == "Réessayez dans une minute."


def test_paging_that_goes_round_is_stopped(fetcher: Fetcher) -> None:
    page = json.dumps({"count": 90, "results": [record(1), record(2)]}).encode()
    with serve_data_fair(scripted={CATALOG: [Scripted(200, page, keep=True)]}) as server:
        catalog = _collect(server, fetcher, page_size=2)
    assert "tourne en rond" in catalog.faults[0].what and len(catalog.datasets) == 2


def test_a_list_that_ends_before_its_count_is_told(fetcher: Fetcher) -> None:
    pages = [{"count": 5, "results": [record(1)]}, {"count": 5, "results": []}]
    replies = [Scripted(200, json.dumps(page).encode()) for page in pages]
    with serve_data_fair([record(1)], scripted={CATALOG: replies}) as server:
        catalog = _collect(server, fetcher)
    assert "4 jeux de données annoncés" in catalog.faults[0].what and not catalog.complete


def test_a_list_without_a_count_is_read(fetcher: Fetcher) -> None:
    pages = [{"results": [record(1), record(2)]}, {"results": [record(3)]}]
    replies = [Scripted(200, json.dumps(page).encode()) for page in pages]
    with serve_data_fair([record(1)], scripted={CATALOG: replies}) as server:
        catalog = _collect(server, fetcher, page_size=2)
    assert len(catalog.datasets) == 3 and catalog.complete and catalog.announced is None


def test_entries_that_are_nothing_are_counted(fetcher: Fetcher) -> None:
    page = json.dumps({"count": 3, "results": [record(1), "x", {"title": "sans id"}]}).encode()
    with serve_data_fair([record(1)], scripted={CATALOG: [Scripted(200, page)]}) as server:
        catalog = _collect(server, fetcher)
    assert len(catalog.datasets) == 1 and "2 jeux de données n'ont pas pu être lus" in catalog.faults[0].what


# ---- the administration's host, one organization, one dataset


def test_the_administration_of_one_organization_is_read(fetcher: Fetcher) -> None:
    with serve_data_fair([record(1), record(2, permissions=[])], back_office=True) as server:
        found = find(f"{server.site}/", fetcher)
        assert found.recognition is not None and isinstance(found.recognition.source, DataFairSource)
        assert "administration" in found.recognition.ground
        catalog = found.recognition.source.collect(fetcher)
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1"]
    assert catalog.title == "Ville d'Exempleville" and catalog.complete


def test_the_administration_of_several_organizations_asks_for_one(fetcher: Fetcher) -> None:
    with serve_data_fair([record(1), record(2, owner=OTHER)], back_office=True) as server:
        with pytest.raises(SourceError, match="plusieurs organismes"):
            _collect(server, fetcher, what="list")
        source = detect(f"{server.api}/datasets?owner=organization:autre&size=3")
        catalog = source.collect(fetcher)
    assert [dataset.publisher for dataset in catalog.datasets] == ["Autre organisme"] and catalog.announced == 1


def test_the_catalogue_of_the_administration_is_told(fetcher: Fetcher) -> None:
    with (
        serve_data_fair([record(1)], back_office=True) as server,
        pytest.raises(SourceError, match="administration") as caught,
    ):
        _collect(server, fetcher)
    assert "publication site" not in str(caught.value)


@pytest.mark.parametrize(
    "path", ["/datasets/jeu-1", "/datasets/jeu-1/full", "/data-fair/api/v1/datasets/jeu-1/lines?size=2"]
)
def test_a_page_of_a_dataset_gives_that_dataset(fetcher: Fetcher, path: str) -> None:
    with serve_data_fair(generated(3)) as server:
        found = find(server.site + path, fetcher)
        assert found.recognition is not None
        catalog = found.recognition.source.collect(fetcher)
        assert catalog.location == f"{server.site}/datasets/jeu-1"
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 1"]
    assert catalog.datasets[0].publisher == "Ville d'Exempleville"


@pytest.mark.parametrize(
    ("key", "words"),
    [("inconnu", "n'existe pas"), ("jeu-2", "pas ces données à tout le monde"), ("jeu-3", "en cours de traitement")],
)
def test_a_dataset_that_cannot_be_seen_is_told(fetcher: Fetcher, key: str, words: str) -> None:
    busy = {f"{LIST}/jeu-3": [Scripted(409, "Le jeu de données n'est pas dans un état".encode())]}
    with serve_data_fair([record(2, permissions=[])], scripted=busy) as server, pytest.raises(SourceError, match=words):
        _collect(server, fetcher, what="dataset", key=key)


def test_every_address_given_for_a_file_leads_to_it(fetcher: Fetcher) -> None:
    held = {"name": "jeu-1.csv", "size": 3, "encoding": "UTF-8", "mimetype": "text/csv"}
    original = {
        "name": "jeu-1.xlsx",
        "size": 9,
        "mimetype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    records = [
        record(1, file=held, originalFile=original, attachments=[{"type": "file", "name": "notice été.pdf", "title": "Notice"}]),
        record(2, file=None, originalFile=None, isRest=True),
    ]  # fmt: skip
    files = {"jeu-1/raw": b"xlsx", "jeu-1/convert": b"csv", "jeu-2/lines": b"a,b\n", f"{records[0]['id']}/metadata-attachments/notice été.pdf": b"%PDF"}  # fmt: skip
    with serve_data_fair(records, files=files) as server:
        catalog = _collect(server, fetcher)
        urls = [found.url for dataset in catalog.datasets for found in dataset.distributions]
        bodies = [fetcher.download(str(url)).path.read_bytes() for url in urls]
    assert bodies == [b"xlsx", b"csv", b"%PDF", b"a,b\n"]


# ---- recognising


@pytest.mark.parametrize(
    ("url", "what", "key"),
    [
        ("https://x.fr/data-fair/api/v1/datasets/budget", "dataset", "budget"),
        ("https://x.fr/data-fair/api/v1/datasets/budget/raw", "dataset", "budget"),
        ("https://koumoul.com/s/data-fair/api/v1/datasets/dpe-france/api-docs.json", "dataset", "dpe-france"),
        ("https://x.fr/data-fair/embed/dataset/budget/table", "dataset", "budget"),
        ("https://koumoul.com/data-fair/dataset/budget", "dataset", "budget"),
        ("https://x.fr/data-fair/api/v1/catalog/datasets?size=10", "portal", ""),
        ("https://x.fr/data-fair/api/v1/catalog/dcat", "portal", ""),
        ("https://x.fr/data-fair/api/v1/catalog/api-docs.json", "portal", ""),
        ("https://x.fr/data-fair/api/v1/datasets?owner=organization:y", "list", ""),
    ],
)
def test_an_address_of_the_api_tells_what_is_asked(url: str, what: str, key: str) -> None:
    source = recognise(Target(url, None, url, None, "https://www.data.gouv.fr"))
    assert source is not None and (source.what, source.key) == (what, key)
    assert source.api == url.partition("/data-fair/")[0] + "/data-fair/api/v1"


@pytest.mark.parametrize("url", ["https://x.fr/datasets/budget", "https://x.fr/", "https://x.fr/data-fair-demo/api/v1/", "https://[::1/data-fair/api/v1/"])  # fmt: skip
def test_another_address_is_not_taken(url: str) -> None:
    assert recognise(Target(url, None, url, None, "https://www.data.gouv.fr")) is None


def test_a_bare_address_is_recognised_blindly_in_few_requests(fetcher: Fetcher) -> None:
    with serve_data_fair(generated(2)) as server:
        found = confirm(_page(f"{server.site}/accueil"), fetcher)
        assert found is not None and found.scope == "tout le portail" and len(server.seen) == 1
        assert found.source.collect(fetcher).announced == 2


@pytest.mark.parametrize(
    "reply",
    [
        Scripted(404, b"Cannot GET"),
        Scripted(200, b"<html>"),
        Scripted(200, b'{"count": "beaucoup", "results": []}'),
        Scripted(200, b'{"results": []}'),
        Scripted(400, b"bad request"),
    ],
)
def test_another_software_is_not_confirmed(fetcher: Fetcher, reply: Scripted) -> None:
    with serve_data_fair(scripted={CATALOG: [reply]}) as server:
        assert confirm(_page(server.site), fetcher) is None


def test_a_page_of_data_fair_hints_at_it() -> None:
    assert hint(_page("https://x.fr/", '<iframe src="/data-fair/embed/dataset/x/table">'))
    assert hint(_page("https://x.fr/", '<img src="/portal/api/images/1">'))
    assert hint(_page("https://x.fr/", headers={"content-security-policy": "connect-src 'self' https://koumoul.com"}))
    assert hint(_page("https://x.fr/", "<html>data-fair</html>")) == ""


# ---- a record


FULL = record(
    7,
    summary="En bref.",
    keywords=["eau", "réseau", "eau"],
    topics=[{"id": "t", "title": "Environnement"}],
    spatial="Exempleville",
    temporal={"start": "2024-01-01", "end": "2024-12-31"},
    origin="https://www.insee.fr/source",
    creator="Service de l'eau",
    conformsTo={"title": "Réseau d'eau", "version": "1.0", "url": "https://schema.data.gouv.fr/eau"},
    bbox=[-2.1, 47.9, -2.0, 48.0],
    completeness={"score": 75, "missing": ["origin"]},
    href="https://donnees.exemple.fr/data-fair/api/v1/datasets/jeu-7",
    page="https://donnees.exemple.fr/datasets/jeu-7",
    visibility="public",
    originalFile={"name": "Eau.XLSX", "size": 2000, "mimetype": "application/vnd.ms-excel", "md5": "0" * 32},
    remoteFile={"url": "https://www.insee.fr/eau.xlsx"},
    extensions=[{"active": True}],
    storage={"dataFiles": [{"key": "original", "name": "Eau.XLSX"}, {"key": "full", "name": "jeu-7-full.csv", "size": 3000, "mimetype": "text/csv"}, {"key": "export-csv", "name": "e.csv", "url": "https://donnees.exemple.fr/e.csv"}]},
    attachments=[
        {"type": "file", "name": "notice.pdf", "title": "Notice", "size": 10, "mimetype": "application/pdf", "updatedAt": "2025-01-01T00:00:00Z", "description": "À lire."},
        {"type": "url", "url": "https://www.exemple.fr/eau", "title": "Page"},
        {"type": "remoteFile", "name": "reseau.geojson", "title": "Tracé"},
        {"type": "file", "title": "rien"},
    ],
)  # fmt: skip


def test_every_field_of_a_record_is_mapped() -> None:
    dataset = dataset_of(FULL, PORTAL)
    assert (dataset.id, dataset.title) == (FULL["id"], "Jeu 7")
    assert (dataset.license, dataset.license_url) == (FULL["license"]["title"], FULL["license"]["href"])
    assert (dataset.issued, dataset.modified) == (date(2024, 1, 8), date(2026, 1, 2))
    assert dataset.metadata_modified == date(2026, 2, 3)
    assert (dataset.keywords, dataset.themes) == (("eau", "réseau"), ("Environnement",))
    assert (dataset.spatial, dataset.temporal) == ("Exempleville", "2024-01-01/2024-12-31")
    assert (dataset.publisher, dataset.harvested_from) == ("Ville d'Exempleville", "https://www.insee.fr/source")
    assert dataset.bbox == (-2.1, 47.9, -2.0, 48.0) and dataset.access_rights == "public"
    assert dataset.conforms_to == ("https://schema.data.gouv.fr/eau",)
    assert dataset.declared_quality == (("completeness", 75.0),)
    assert dataset.identifiers == (FULL["id"], "jeu-7", FULL["href"], FULL["page"])


def test_every_form_of_the_data_is_mapped() -> None:
    raw, convert, full, export, notice, page, trace = dataset_of(FULL, PORTAL).distributions
    assert (raw.id, raw.title, raw.declared_format, raw.byte_size) == ("raw", "Eau.XLSX", "xlsx", 2000)
    assert raw.url == f"{PORTAL.api}/datasets/jeu-7/raw" and raw.also_at == ("https://www.insee.fr/eau.xlsx",)
    assert (raw.checksum, raw.row_count, raw.modified) == (f"md5:{'0' * 32}", 17, date(2026, 1, 2))
    assert (convert.id, convert.declared_format, convert.byte_size) == ("convert", "csv", 1007)
    assert convert.url == f"{PORTAL.api}/datasets/jeu-7/convert"
    assert (full.url, full.byte_size) == (f"{PORTAL.api}/datasets/jeu-7/full", 3000)
    assert (export.id, export.url) == ("export-csv", "https://donnees.exemple.fr/e.csv")
    assert (notice.role, notice.title, notice.declared_format, notice.byte_size) == (
        "documentation",
        "Notice",
        "pdf",
        10,
    )
    assert notice.url == f"{PORTAL.api}/datasets/jeu-7/metadata-attachments/notice.pdf"
    assert (page.role, page.url, page.declared_format) == ("other", "https://www.exemple.fr/eau", "")
    assert (trace.role, trace.declared_format) == ("main", "geojson")
    assert not any(found.synthesised for found in (raw, convert, full, export, notice, page, trace))


def test_the_columns_are_described_without_those_the_portal_calculates() -> None:
    name, day = dataset_of(FULL, PORTAL).fields
    assert (name.name, name.label, name.type) == ("Nom", "Nom usuel", "string")
    assert (day.name, day.type) == ("Date", "date")


def test_rows_without_a_file_are_offered_as_csv() -> None:
    for kind in ("isRest", "isVirtual"):
        (lines,) = dataset_of(record(1, file=None, originalFile=None, **{kind: True}), PORTAL).distributions
        assert lines.url == f"{PORTAL.api}/datasets/jeu-1/lines?format=csv&size=10000"
        assert (lines.synthesised, lines.declared_format, lines.row_count, lines.description) == (True, "csv", 11, "")
    (many,) = dataset_of(record(1, file=None, originalFile=None, isRest=True, count=20_000), PORTAL).distributions
    assert many.description == "Les 10000 premières lignes."


def test_a_description_alone_has_no_data() -> None:
    assert dataset_of(record(1, file=None, originalFile=None, isMetaOnly=True, count=None), PORTAL).distributions == ()


def test_a_file_the_portal_left_as_it_was_is_given_once() -> None:
    assert [found.id for found in dataset_of(record(1), PORTAL).distributions] == ["raw"]


def test_an_origin_on_the_portal_itself_is_no_origin() -> None:
    assert dataset_of(record(1, origin="https://donnees.exemple.fr/ailleurs"), PORTAL).harvested_from == ""


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats() | st.lists(st.none() | st.integers() | st.text(max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "key", "title", "size", "active"]), st.none() | st.integers() | st.lists(st.integers()))) | st.dictionaries(st.sampled_from(["name", "start", "title", "href", "url", "score", "dataFiles", "mimetype", "type"]), st.none() | st.integers() | st.lists(st.text(max_size=2)))  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(FULL)), ODD))
def test_a_record_of_any_shape_is_read(changes: dict[str, Any]) -> None:
    dataset = dataset_of(FULL | changes, PORTAL)
    assert isinstance(dataset.title, str) and dataset.described


def test_nothing_of_a_full_record_is_lost() -> None:
    aside = {name: paths for name, paths in MAPPING.items() if name.startswith("dataset.")}
    assert losses(FULL, dataset_of(FULL, PORTAL), aside) == []
    for emptied in FULL:  # the same, whatever else is missing
        left = {name: value for name, value in FULL.items() if name != emptied}
        assert losses(left, dataset_of(left, PORTAL), aside) == []


def test_every_field_that_is_read_is_selected() -> None:
    given_anyway = {"owner", "href", "page", "visibility"}
    for paths in MAPPING.values():
        for path in paths.split(" | "):
            assert path.split(".")[0].removesuffix("[]") in {*SELECT.split(","), *given_anyway}, path


# ---- the recordings


@pytest.mark.shared
def test_the_answers_of_our_server_have_the_recorded_schema(fetcher: Fetcher, shared: Path) -> None:
    schema = json.loads((shared / "portals" / "datafair" / "catalog-datasets.schema.json").read_bytes())
    records = [*generated(5), FULL, record(9, file=None, originalFile=None, isRest=True)]
    for one in records:  # what was not written is absent from MongoDB, never null
        for name in [name for name, value in one.items() if value is None]:
            del one[name]
    with serve_data_fair(records) as server:
        answer = fetcher.json(f"{server.api}/catalog/datasets")
    jsonschema.validate(answer, schema)
    assert len(answer["results"]) == 7


@pytest.mark.shared
def test_our_distributions_are_those_of_the_recorded_dcat(shared: Path) -> None:
    """The records are made back from what data-fair's own serializer made of them."""
    recorded = json.loads((shared / "portals" / "datafair" / "generated-catalog-dcat.json").read_bytes())
    site = "https://opendata.exemple.fr"
    portal = Portal(f"{site}/data-fair/api/v1", site)
    for described in recorded["dataset"]:
        forms = described.get("distribution", [])
        files = [
            {"name": f"x.{form['format']}", "size": form["bytesSize"], "mimetype": form["mediaType"]} for form in forms
        ]
        made = {
            "id": urlsplit(described["@id"]).path.rpartition("/")[2],
            "slug": described["identifier"],
            "title": described["title"],
            "page": described["landingPage"],
            "createdAt": described["issued"],
            "dataUpdatedAt": described["modified"],
            "license": {"href": described.get("license")},
            "isMetaOnly": not forms,
        } | ({"originalFile": files[0], "file": files[-1]} if files else {})
        dataset = dataset_of(made, portal)
        assert [
            (found.url, found.declared_format, found.media_type, found.byte_size) for found in dataset.distributions
        ] == [(form["downloadURL"], form["format"], form["mediaType"], form["bytesSize"]) for form in forms]
        assert dataset.landing_page == described["landingPage"]
        assert str(dataset.issued) == described["issued"][:10] and str(dataset.modified) == described["modified"][:10]


@pytest.mark.shared
def test_the_dcat_of_our_server_has_the_recorded_form(fetcher: Fetcher, shared: Path) -> None:
    recorded = json.loads((shared / "portals" / "datafair" / "generated-catalog-dcat.json").read_bytes())
    with serve_data_fair([FULL]) as server:
        ours = fetcher.json(f"{server.api}/catalog/dcat")
    assert set(ours["dataset"][0]) <= set(recorded["dataset"][0])
    assert set(ours["dataset"][0]["distribution"][0]) <= set(recorded["dataset"][0]["distribution"][0])
