from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from no_loss import losses
from stdnum.fr import siret as siret_control
from udata_server import Scripted, masked, recorded_portal, serve_udata

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.sources import SourceError, detect
from opendata_check.sources.reading.udata.pages import COUNTED_MASK, DATASET_MASK
from opendata_check.sources.reading.udata.record import dataset_of
from opendata_check.sources.udata import MAPPING, UdataSource, about, likely_sirets

ORG_ID = "5" * 24
OWNER = {"id": ORG_ID, "slug": "exempleville", "name": "Commune d'Exempleville"}
ORGANIZATION = OWNER | {
    "business_number_id": "21350328700012",
    "page": "{base}/organizations/exempleville/",
    "deleted": None,
}
COMMUNE = Organization("Exempleville", OrganizationKind.COMMUNE, siren="213503287")
LIST = f"/api/1/organizations/{ORG_ID}/datasets/"


def _record(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{number:024x}",
        "title": f"Jeu {number:03}",
        "created_at": f"2024-01-{number % 28 + 1:02}",
        "organization": OWNER,
        "resources": [],
    } | more


def _collect(
    fetcher: Fetcher, base_url: str, target: str = "https://www.data.gouv.fr/organizations/exempleville/"
) -> Catalog:
    return detect(target, base_url=base_url).collect(fetcher)


def test_all_the_pages_are_read(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION], [_record(i) for i in range(250)]) as server:
        catalog = _collect(fetcher, server.base_url)
        lists = [path for path in server.seen if "/datasets/" in path]
    assert len(catalog.datasets) == 250
    assert catalog.complete and catalog.faults == ()
    assert len(lists) == 3 and all("sort=-created" in path and "page_size=100" in path for path in lists)


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_the_size_of_pages_changes_nothing(fetcher: Fetcher, size: int) -> None:
    with serve_udata([ORGANIZATION], [_record(i) for i in range(7)]) as server:
        catalog = UdataSource(server.base_url, "organization", "exempleville", page_size=size).collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == [f"{i:024x}" for i in (6, 5, 4, 3, 2, 1, 0)]


def test_the_catalogue_says_what_it_is(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION], [_record(1)]) as server:
        catalog = _collect(fetcher, server.base_url)
        assert catalog.location == f"{server.base_url}/organizations/exempleville/"
    assert (catalog.source, catalog.place, catalog.title) == ("udata", "portal", "Commune d'Exempleville")
    assert catalog.publisher_siren == "213503287"


def test_paging_stays_on_the_portal_that_was_asked(fetcher: Fetcher) -> None:
    with serve_udata(
        [ORGANIZATION], [_record(i) for i in range(130)], believed_host="http://169.254.169.254"
    ) as server:
        catalog = _collect(fetcher, server.base_url)
    assert len(catalog.datasets) == 130
    assert catalog.complete


def test_archived_deleted_and_private_datasets_are_left_out(fetcher: Fetcher) -> None:
    date_time = "2024-01-01T00:00:00+00:00"
    records = [_record(1), _record(2, archived=date_time), _record(3, deleted=date_time), _record(4, private=True)]
    with serve_udata([ORGANIZATION], records) as server:
        catalog = _collect(fetcher, server.base_url)
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 001"]
    assert catalog.left_out == (("archived", 1), ("deleted", 1)) and catalog.complete


def test_a_dataset_listed_twice_counts_once(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION], [_record(1), _record(1), _record(2)]) as server:
        assert len(_collect(fetcher, server.base_url).datasets) == 2


def test_a_list_without_pages_is_read(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION], [_record(i) for i in range(30)], bare_lists=True) as server:
        catalog = _collect(fetcher, server.base_url)
    assert len(catalog.datasets) == 30
    assert catalog.complete


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Scripted(500, b'{"message": "Internal Server Error"}', keep=True), "en panne"),
        (Scripted(502, b"<html>Bad gateway</html>", keep=True), "en panne"),
        (Scripted(200, b"<html>Maintenance</html>", {"Content-Type": "text/html"}, keep=True), "page web"),
        (Scripted(200, b'{"data": [{"id": "a"', keep=True), "incomplète"),
        (Scripted(200, b'{"data": null}', keep=True), "forme attendue"),
        (Scripted(200, b'"bonjour"', keep=True), "forme attendue"),
    ],
)
def test_a_list_that_cannot_be_read_is_a_fault_and_the_source_is_partial(
    fetcher: Fetcher, reply: Scripted, words: str
) -> None:
    with serve_udata([ORGANIZATION], [_record(1)], scripted={LIST: [reply]}) as server:
        catalog = _collect(fetcher, server.base_url)
    assert catalog.datasets == () and not catalog.complete
    assert words in catalog.faults[0].what
    assert catalog.title == "Commune d'Exempleville"


def test_what_was_read_before_a_failure_is_kept(fetcher: Fetcher) -> None:
    first = {"data": [_record(1), _record(2)], "page": 1, "page_size": 2, "total": 9, "next_page": "http://x/?page=2"}
    replies = [Scripted(200, json.dumps(first).encode()), Scripted(500, keep=True)]
    with serve_udata([ORGANIZATION], scripted={LIST: replies}) as server:
        catalog = _collect(fetcher, server.base_url)
    assert len(catalog.datasets) == 2
    assert not catalog.complete and len(catalog.faults) == 1


def test_a_failure_that_passes_leaves_no_trace(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION], [_record(1)], scripted={LIST: [Scripted(500), Scripted(503)]}) as server:
        catalog = _collect(fetcher, server.base_url)
    assert catalog.complete and len(catalog.datasets) == 1


def test_a_list_that_shrinks_while_it_is_read_ends_quietly(fetcher: Fetcher) -> None:
    first = {"data": [_record(1)], "page": 1, "page_size": 1, "total": 2, "next_page": "http://x/?page=2"}
    with serve_udata([ORGANIZATION], scripted={LIST: [Scripted(200, json.dumps(first).encode())]}) as server:
        catalog = _collect(fetcher, server.base_url)
    assert catalog.complete and len(catalog.datasets) == 1


@pytest.mark.parametrize(
    "link",
    [
        "http://x/?page=1",
        "http://x/?page=0",
        "http://x/?page=3",
        "http://x/?page=999999999",
        "http://x/",
        "http://x/?page=-4",
        "http://x/?page=abc",
        7,
        "http://[",
    ],
)
def test_paging_that_goes_round_is_stopped(fetcher: Fetcher, link: Any) -> None:
    page = {"data": [_record(1)], "page": 1, "page_size": 1, "total": 2, "next_page": link}
    with serve_udata([ORGANIZATION], scripted={LIST: [Scripted(200, json.dumps(page).encode(), keep=True)]}) as server:
        catalog = _collect(fetcher, server.base_url)
    assert "tourne en rond" in catalog.faults[0].what
    assert not catalog.complete and len(catalog.datasets) == 1


def test_pages_too_long_are_asked_for_again_smaller() -> None:
    records = [_record(i, description="x" * 5000) for i in range(40)]
    limits = Limits(json_bytes=100_000, requests_per_second=1000.0, retries=0)
    with (
        serve_udata([ORGANIZATION], records) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        catalog = _collect(fetcher, server.base_url)
    assert len(catalog.datasets) == 40 and catalog.complete


def test_a_second_audit_asks_only_what_changed(tmp_path: Path) -> None:
    limits = Limits(requests_per_second=1000.0)
    with serve_udata([ORGANIZATION], [_record(i) for i in range(130)]) as server:
        for _ in range(2):
            with open_fetcher(cache_folder=tmp_path, allow_private=True, limits=limits) as fetcher:
                assert len(_collect(fetcher, server.base_url).datasets) == 130
        assert server.statuses == [200] * 3 + [304] * 3


def test_ctrl_c_keeps_what_was_read(fetcher: Fetcher) -> None:
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("seul le fil principal reçoit Ctrl-C")
    first = {"data": [_record(1)], "page": 1, "page_size": 1, "total": 2, "next_page": "http://x/?page=2"}
    replies = [Scripted(200, json.dumps(first).encode()), Scripted(200, b" " * 1000, seconds_per_byte=0.01, keep=True)]

    def press(seen: list[str]) -> None:
        while not any("page=2" in path for path in seen):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with serve_udata([ORGANIZATION], scripted={LIST: replies}) as server:
            threading.Thread(target=press, args=(server.seen,), daemon=True).start()
            catalog = _collect(fetcher, server.base_url)
    finally:
        signal.signal(signal.SIGINT, before)
    assert catalog.interrupted and not catalog.complete
    assert len(catalog.datasets) == 1 and "interrompue" in catalog.faults[0].what


def test_a_portal_that_drips_is_cut(fetcher: Fetcher) -> None:
    slow = Scripted(200, b"[" + b" " * 1000, seconds_per_byte=0.05, keep=True)
    with serve_udata([ORGANIZATION], scripted={LIST: [slow]}) as server:
        catalog = _collect(fetcher, server.base_url)
    assert "trop lentement" in catalog.faults[0].what


# ---- what cannot be seen at all


def test_an_unknown_organization_is_told(fetcher: Fetcher) -> None:
    with (
        serve_udata([ORGANIZATION]) as server,
        pytest.raises(SourceError, match="cette organisation n'existe pas") as caught,
    ):
        _collect(fetcher, server.base_url, "https://www.data.gouv.fr/organizations/inconnue/")
    assert "You have requested" not in str(caught.value)


def test_a_deleted_organization_is_told(fetcher: Fetcher) -> None:
    with (
        serve_udata([ORGANIZATION | {"deleted": "2024-01-01"}]) as server,
        pytest.raises(SourceError, match="supprimée"),
    ):
        _collect(fetcher, server.base_url)


def test_an_unknown_dataset_is_told(fetcher: Fetcher) -> None:
    with serve_udata() as server, pytest.raises(SourceError, match="n'existe pas"):
        _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/inconnu/")


@pytest.mark.parametrize(
    "reply",
    [
        Scripted(500, keep=True),
        Scripted(200, b"<html>", keep=True),
        Scripted(200, b'{"id"', keep=True),
        Scripted(200, b"[]", keep=True),
    ],
)
def test_an_organization_that_cannot_be_read_is_one_line(fetcher: Fetcher, reply: Scripted) -> None:
    path = "/api/1/organizations/exempleville/"
    with serve_udata([ORGANIZATION], scripted={path: [reply]}) as server, pytest.raises(SourceError) as caught:
        _collect(fetcher, server.base_url)
    assert "\n" not in str(caught.value)


# ---- one dataset


def test_a_dataset_page_gives_that_dataset(fetcher: Fetcher) -> None:
    records = [_record(1, slug="budget", page="{base}/datasets/budget/"), _record(2)]
    with serve_udata([ORGANIZATION], records) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/budget/")
        assert catalog.location == f"{server.base_url}/datasets/budget/"
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 001"]
    assert catalog.publisher_siren == "213503287"


def test_a_dataset_whose_organization_cannot_be_read_is_read_all_the_same(fetcher: Fetcher) -> None:
    with serve_udata([], [_record(1, slug="budget")]) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/budget/")
    assert catalog.publisher_siren is None and len(catalog.datasets) == 1


# ---- by SIREN


def test_a_body_is_found_by_its_siren(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION], [_record(1)]) as server:
        catalog = detect("Exempleville", organization=COMMUNE, base_url=server.base_url).collect(fetcher)
    assert catalog.title == "Commune d'Exempleville"
    assert len(catalog.datasets) == 1 and catalog.complete


def test_a_homonym_is_never_taken_for_the_body(fetcher: Fetcher) -> None:
    homonym = ORGANIZATION | {"business_number_id": "21680123400018"}
    unnumbered = OWNER | {"id": "6" * 24, "business_number_id": None}
    with serve_udata([homonym, unnumbered], [_record(1)]) as server:
        catalog = detect("Exempleville", organization=COMMUNE, base_url=server.base_url).collect(fetcher)
    assert (catalog.datasets, catalog.faults, catalog.complete) == ((), (), True)
    assert (
        catalog.title == "Exempleville : aucune organisation n'y porte le SIREN 213503287"
        and catalog.publisher_siren is None
    )


def test_several_pages_of_one_body_are_put_together(fetcher: Fetcher) -> None:
    other = {"id": "7" * 24, "slug": "ecole", "name": "Bornes d'Exempleville", "business_number_id": "21350328700103"}
    records = [_record(1), _record(2, organization=other)]
    with serve_udata([ORGANIZATION, other], records) as server:
        catalog = detect("Exempleville", organization=COMMUNE, base_url=server.base_url).collect(fetcher)
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 001", "Jeu 002"]


def test_a_typed_siret_finds_an_unlikely_establishment(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION | {"business_number_id": "21350328700103"}], [_record(1)]) as server:
        assert len(detect("21350328700103", base_url=server.base_url).collect(fetcher).datasets) == 1


def test_a_failed_search_by_name_makes_the_answer_partial() -> None:
    limits = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=0)
    answers = [Scripted(200, b'{"data": [], "next_page": null}')] * 3 + [Scripted(500, keep=True)]
    with (
        serve_udata(scripted={"/api/1/organizations/": answers}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        catalog = detect("Exempleville", organization=COMMUNE, base_url=server.base_url).collect(fetcher)
    assert not catalog.complete and len(catalog.faults) == 1


def test_a_portal_that_is_down_is_one_line(fetcher: Fetcher) -> None:
    with (
        serve_udata(scripted={"/api/1/organizations/": [Scripted(503, keep=True)]}) as server,
        pytest.raises(SourceError, match="en panne"),
    ):
        detect("Exempleville", organization=COMMUNE, base_url=server.base_url).collect(fetcher)


@given(st.integers(1, 999_999_999))
def test_likely_sirets_pass_the_control(number: int) -> None:
    from stdnum import luhn

    siren = f"{number:08}"[:8]
    siren += luhn.calc_check_digit(siren)
    assert all(siret_control.is_valid(siret) and siret.startswith(siren) for siret in likely_sirets(siren))


# ---- what only members see, what the portal refuses


def test_the_user_key_shows_what_is_private_and_it_is_left_out(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_udata([ORGANIZATION], [_record(1), _record(2, private=True)], members_key="secret") as server:
        assert _collect(fetcher, server.base_url).left_out == ()
        monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "secret")
        assert _collect(fetcher, server.base_url).left_out == (("private", 1),)
        assert server.keys[-1] == "secret" and not any("secret" in path for path in server.seen)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, b'{"message": "Result window is too large: page 11"}', "10 000 premiers"),
        (400, b'{"errors": {"sort": "no"}, "message": "Input payload validation failed"}', "un des crit"),
        (401, b'{"message": "The server could not verify"}', "membres"),
        (403, b"<html>", "refuse"),
        (410, b'{"message": "gone"}', "supprim"),
        (423, b'{"message": "locked"}', "moissonnage"),
        (501, b'{"message": "Search endpoint not enabled"}', "recherche est d"),
        (502, b"<html><h1>502 Bad Gateway</h1></html>", "en panne"),
        (503, b"<html>nginx</html>", "en panne"),
    ],
)
def test_a_refusal_is_told_in_our_words(fetcher: Fetcher, status: int, body: bytes, words: str) -> None:
    with serve_udata([ORGANIZATION], scripted={LIST: [Scripted(status, body, keep=True)]}) as server:
        catalog = _collect(fetcher, server.base_url)
    (fault,) = catalog.faults
    assert words in fault.what and "message" not in fault.line and "html" not in fault.line
    assert not catalog.complete


def test_a_refusal_that_needs_a_key_says_where_to_put_it(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_udata([ORGANIZATION], scripted={LIST: [Scripted(401, keep=True)]}) as server:
        assert "OPENDATA_CHECK_KEY_127_0_0_1" in _collect(fetcher, server.base_url).faults[0].remedy
        monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "secret")
        assert "refuse votre clé" in _collect(fetcher, server.base_url).faults[0].what


# ---- field masks


def test_only_the_fields_that_are_read_are_asked_for(fetcher: Fetcher) -> None:
    record = _record(1) | FULL | {"metrics": {"views": 9}, "owner": {"first_name": "Jeanne"}}
    with serve_udata([ORGANIZATION], [record]) as server:
        catalog = _collect(fetcher, server.base_url)
    assert server.masks[-1] == f"data{{{DATASET_MASK}}},next_page,total"
    assert catalog.datasets == (dataset_of(record, "213503287"),)


@pytest.mark.parametrize("masking", ["refused", "emptied", "ignored"])
def test_a_portal_that_does_not_do_masks_is_read_without(fetcher: Fetcher, masking: str) -> None:
    with serve_udata([ORGANIZATION], [_record(i) for i in range(250)], masking=masking) as server:
        catalog = _collect(fetcher, server.base_url)
    assert len(catalog.datasets) == 250 and catalog.complete
    assert len([mask for mask in server.masks if mask]) == (3 if masking == "ignored" else 1)


def _speaking(paths: list[str]) -> dict[str, Any]:
    """Return a record that says something at every path."""
    record: dict[str, Any] = {}
    for path in paths:
        place = record
        *parents, last = path.split(".")
        for step in parents:
            inner = place.setdefault(step.removesuffix("[]"), [{}] if step.endswith("[]") else {})
            place = inner[0] if isinstance(inner, list) else inner
        place.setdefault(last.removesuffix("[]"), ["x"] if last.endswith("[]") else "x")
    return record


def test_a_mask_takes_nothing_that_the_mapping_reads() -> None:
    paths = [path for found in MAPPING.values() for path in found.split(" | ")]
    paths = [
        path for path in paths if path not in ("license.id", "license.url", "frequency.id")
    ]  # once read as objects
    record = _speaking(paths)
    assert masked(record, DATASET_MASK) == record
    assert masked(record, COUNTED_MASK) == record


# ---- resources that are told apart


def _resource(number: int, **more: Any) -> dict[str, Any]:
    identifier = f"{number:08x}-57ba-46ac-95b6-d180f9a2371e"
    return {"id": identifier, "title": f"f{number}.csv", "url": f"https://x.fr/f{number}.csv", "type": "main"} | more


def test_a_dataset_too_long_for_one_answer_is_read_in_pieces() -> None:
    heavy = _record(7, description="lourd", resources=[_resource(i, description="x" * 300) for i in range(600)])
    limits = Limits(json_bytes=150_000, requests_per_second=1000.0, retries=0)
    records = [*(_record(i) for i in range(7)), heavy, *(_record(i) for i in range(8, 130))]
    with (
        serve_udata([ORGANIZATION], records) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        catalog = _collect(fetcher, server.base_url)
        alone = _collect(fetcher, server.base_url, f"https://www.data.gouv.fr/datasets/{heavy['id']}/")
    assert catalog.complete and catalog.announced is None
    listed = sorted(records, key=lambda record: record["created_at"], reverse=True)
    assert [dataset.id for dataset in catalog.datasets] == [record["id"] for record in listed]
    (read,) = [dataset for dataset in catalog.datasets if dataset.id == heavy["id"]]
    assert len(read.distributions) == 600 and read.description == "lourd"
    assert alone.datasets == (read,) and alone.complete


def test_a_search_that_only_the_engine_knows_is_read_with_its_resources(fetcher: Fetcher) -> None:
    records = [_record(i, resources=[_resource(10 * i + j) for j in range(i)]) for i in range(4)]
    with serve_udata([ORGANIZATION], records) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/search?producer_type=local")
        assert any(path.startswith("/api/2/datasets/search/?") for path in server.seen)
    assert sorted(len(dataset.distributions) for dataset in catalog.datasets) == [0, 1, 2, 3]
    assert catalog.complete and catalog.announced == 4


def test_resources_that_cannot_be_read_are_told_and_soon_no_longer_asked(fetcher: Fetcher) -> None:
    records = [_record(i, resources=[_resource(i)]) for i in range(30)]
    broken = {f"/api/2/datasets/{record['id']}/resources/": [Scripted(403, keep=True)] for record in records}
    with serve_udata([ORGANIZATION], records, scripted=broken) as server:
        catalog = _collect(
            fetcher, server.base_url, "https://www.data.gouv.fr/datasets/?last_update_range=last_30_days"
        )
    assert len(catalog.datasets) == 30 and not catalog.complete
    assert len(catalog.faults) == 5


def test_an_engine_that_is_off_is_told(fetcher: Fetcher) -> None:
    with serve_udata(searches=False) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/?producer_type=local")
    assert "désactivée" in catalog.faults[0].what


def test_more_resources_than_are_kept_is_told(fetcher: Fetcher) -> None:
    resources = [_resource(i) for i in range(5_001)]
    with serve_udata([ORGANIZATION], [_record(1, resources=resources)]) as server:
        catalog = _collect(fetcher, server.base_url)
    assert len(catalog.datasets[0].distributions) == 5_000
    assert "5000 fichiers" in catalog.faults[0].what


# ---- searches and territories


ZONE = {"spatial": {"zones": ["fr:commune:35328"]}}
OTHER_OWNER = {"id": "8" * 24, "slug": "etat", "name": "Un ministère"}


def test_what_others_publish_about_a_commune_is_found_and_told_apart(fetcher: Fetcher) -> None:
    records = [
        _record(1, **ZONE),
        _record(2, organization=OTHER_OWNER, **ZONE),
        _record(3, organization=None, owner={"id": "9" * 24}, **ZONE),
        _record(4, organization=OTHER_OWNER),
    ]
    commune = Organization("Exempleville", OrganizationKind.COMMUNE, insee_code="35328", siren="213503287")
    with serve_udata([ORGANIZATION], records) as server:
        source = about(commune, server.base_url)
        assert source is not None
        catalog = source.collect(fetcher)
    assert {dataset.title: dataset.about_others for dataset in catalog.datasets} == {
        "Jeu 001": False,
        "Jeu 002": True,
        "Jeu 003": True,
    }
    assert catalog.datasets[-1].publisher_siren == "213503287" and catalog.publisher_siren is None
    assert (catalog.announced, catalog.complete, catalog.title) == (3, True, "Ce que tous publient sur Exempleville")
    assert catalog.about_others
    assert catalog.location == f"{server.base_url}/datasets/?geozone=fr%3Acommune%3A35328"


@pytest.mark.parametrize(
    ("organization", "key"),
    [
        (Organization("V", OrganizationKind.COMMUNE, insee_code="35328"), "35328"),
        (Organization("V", OrganizationKind.EPCI, siren="243500139"), "fr:epci:243500139"),
        (Organization("V", OrganizationKind.DEPARTEMENT, departement_code="35"), "fr:departement:35"),
        (Organization("V", OrganizationKind.COMMUNE), None),
        (Organization("V", OrganizationKind.CCAS, insee_code="35328", siren="263500139"), None),
    ],
)
def test_a_body_with_a_territory_has_its_zone(organization: Organization, key: str | None) -> None:
    source = about(organization, "https://www.data.gouv.fr/")
    assert (source.key if source else None) == key


def test_a_search_page_gives_what_it_finds(fetcher: Fetcher) -> None:
    records = [_record(1, tags=["eau", "irve"]), _record(2, tags=["eau"]), _record(3)]
    with serve_udata([ORGANIZATION], records) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/fr/datasets/?tag=eau&page=7&sort=title")
        assert "page=1" in server.seen[-1] and "sort=-created" in server.seen[-1]
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 002", "Jeu 001"]
    assert (catalog.announced, catalog.location) == (2, f"{server.base_url}/datasets/?tag=eau")
    assert catalog.datasets[0].about_others is False


def test_a_search_within_an_organization_named_by_its_slug_asks_by_its_id(fetcher: Fetcher) -> None:
    records = [_record(1, tags=["eau"]), _record(2, tags=["eau"], organization=OTHER_OWNER)]
    with serve_udata([ORGANIZATION], records) as server:
        catalog = _collect(
            fetcher, server.base_url, "https://www.data.gouv.fr/datasets/?organization=exempleville&tag=eau"
        )
    assert [dataset.title for dataset in catalog.datasets] == ["Jeu 001"]


def test_a_list_that_gives_less_than_it_announced_is_told(fetcher: Fetcher) -> None:
    page = {"data": [_record(1)], "page": 1, "page_size": 100, "total": 3, "next_page": None}
    with serve_udata(scripted={"/api/1/datasets/": [Scripted(200, json.dumps(page).encode())]}) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/?tag=eau")
    assert "2 jeux de données annoncés" in catalog.faults[0].what and not catalog.complete


def test_a_stable_link_leads_to_the_dataset_that_holds_the_file(fetcher: Fetcher) -> None:
    resource = _resource(5)
    with serve_udata([ORGANIZATION], [_record(1), _record(2, resources=[resource])]) as server:
        catalog = _collect(fetcher, server.base_url, f"https://www.data.gouv.fr/fr/datasets/r/{resource['id']}")
        assert [dataset.title for dataset in catalog.datasets] == ["Jeu 002"]
        with pytest.raises(SourceError, match="ce fichier n'existe pas"):
            _collect(fetcher, server.base_url, f"https://www.data.gouv.fr/datasets/r/{_resource(6)['id']}")


@pytest.mark.parametrize("body", [b"[]", b'{"dataset_id": null}', b'{"dataset_id": {"a": 1}}'])
def test_a_file_of_no_known_dataset_is_told(fetcher: Fetcher, body: bytes) -> None:
    path = f"/api/2/datasets/resources/{_resource(6)['id']}/"
    with (
        serve_udata(scripted={path: [Scripted(200, body)]}) as server,
        pytest.raises(SourceError, match="de quel jeu de données"),
    ):
        _collect(fetcher, server.base_url, f"https://www.data.gouv.fr/datasets/r/{_resource(6)['id']}")


def test_an_id_is_an_organization_or_a_dataset(fetcher: Fetcher) -> None:
    with serve_udata([ORGANIZATION], [_record(1)]) as server:
        assert _collect(fetcher, server.base_url, ORG_ID).title == "Commune d'Exempleville"
        assert _collect(fetcher, server.base_url, _record(1)["id"]).title == "Jeu 001"
        with pytest.raises(SourceError, match="n'existe pas"):
            _collect(fetcher, server.base_url, "f" * 24)


def test_the_badges_and_the_publisher_number_are_told(fetcher: Fetcher) -> None:
    badges = [{"kind": "local-authority"}, {"kind": "certified"}, {"kind": "certified"}, None]
    with serve_udata([ORGANIZATION | {"badges": badges}], [_record(1, slug="budget")]) as server:
        listed = _collect(fetcher, server.base_url)
        alone = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/budget/")
    assert listed.publisher_badges == alone.publisher_badges == ("local-authority", "certified")
    assert listed.datasets[0].publisher_siren == alone.datasets[0].publisher_siren == "213503287"


# ---- a record


FULL = {
    "id": "5c1bab838b4c415d323a5741",
    "title": "Bornes\x00 de\u202e recharge",
    "slug": "bornes",
    "description": "Une **description**\x07\n\nen lignes.",
    "created_at": "2018-12-20T15:47:31.496000+00:00",
    "last_modified": "2024-02-02T00:00:00+00:00",
    "last_update": "2023-12-31T23:00:00+00:00",
    "frequency": "annual",
    "license": "lov2",
    "tags": ["irve", "mobilite"],
    "badges": [{"kind": "hvd"}],
    "page": "https://www.data.gouv.fr/datasets/bornes/",
    "organization": OWNER,
    "owner": {"first_name": "Jeanne", "last_name": "Dupont"},
    "spatial": {"geom": {"type": "Polygon", "coordinates": [[[-2.1, 47.7], [-2.0, 47.8], [-2.1, 47.7]]]}, "zones": ["fr:commune:35328"], "granularity": "fr:commune"},
    "temporal_coverage": {"start": "2018-01-01", "end": "2018-12-31"},
    "contact_points": [{"name": "Jeanne Dupont", "email": "opendata@exemple.fr", "role": "contact"}],
    "harvest": {"domain": "data.exemple.fr", "remote_url": "https://data.exemple.fr/x", "remote_id": "irve-35", "dct_identifier": "urn:irve-35"},
    "uri": "https://www.data.gouv.fr/api/1/datasets/bornes/",
    "access_type": "open",
    "quality": {"score": 0.5, "license": True, "spatial": False, "odd": "x", "none": None, "big": 10**400},
    "schema": {"name": "etalab/schema-irve-statique", "url": None, "version": None},
    "extras": {"transport:url": "https://transport.exemple.fr/datasets/bornes"},
    "resources": [
        {
            "id": "39ed117d-57ba-46ac-95b6-d180f9a2371e",
            "title": "bornes.csv",
            "type": "main",
            "format": "CSV",
            "mime": "text/csv",
            "url": "https://static.exemple.fr/bornes.csv",
            "filesize": None,
            "checksum": {"type": "sha1", "value": "06b1"},
            "last_modified": "2023-12-31T10:00:00+00:00",
            "created_at": "2020-05-01T10:00:00+00:00",
            "latest": "https://www.data.gouv.fr/api/1/datasets/r/39ed117d-57ba-46ac-95b6-d180f9a2371e",
            "schema": {"name": "etalab/schema-irve-statique", "url": None, "version": "2.2.0"},
            "extras": {"check:available": True, "check:headers:content-length": 488, "check:status": 200},
        },
        {"id": "2", "title": "notice", "type": "documentation", "url": "https://x.fr/n.pdf", "format": "pdf", "schema": {"name": None, "url": None, "version": None}, "extras": {"check:status": 404, "check:available": False}},
        {"id": "3", "type": "update", "url": "https://x.fr/m.csv", "format": "null", "extras": {"check:status": 429, "check:available": False}},
        {"id": "4", "type": "nouveau", "url": None},
    ],
}  # fmt: skip


def test_every_field_of_a_record_is_mapped() -> None:
    dataset = dataset_of(FULL)
    assert (dataset.id, dataset.title) == ("5c1bab838b4c415d323a5741", "Bornes de recharge")
    assert dataset.description == "Une **description**\n\nen lignes."
    assert (dataset.issued, dataset.modified) == (date(2018, 12, 20), date(2023, 12, 31))
    assert (dataset.frequency, dataset.license, dataset.keywords) == ("annual", "lov2", ("irve", "mobilite"))
    assert (dataset.themes, dataset.spatial, dataset.temporal) == (
        ("hvd",),
        "fr:commune:35328",
        "2018-01-01/2018-12-31",
    )
    assert (dataset.publisher, dataset.contact) == ("Commune d'Exempleville", "opendata@exemple.fr")
    assert (dataset.harvested_from, dataset.described) == ("data.exemple.fr", True)
    assert dataset.landing_page == "https://www.data.gouv.fr/datasets/bornes/"
    assert (dataset.metadata_modified, dataset.access_rights) == (date(2024, 2, 2), "open")
    assert dataset.bbox == (-2.1, 47.7, -2.0, 47.8)
    assert dataset.identifiers == (
        "5c1bab838b4c415d323a5741",
        "bornes",
        "https://www.data.gouv.fr/datasets/bornes/",
        "https://www.data.gouv.fr/api/1/datasets/bornes/",
        "irve-35",
        "https://data.exemple.fr/x",
        "urn:irve-35",
        "https://transport.exemple.fr/datasets/bornes",
    )
    assert dataset.declared_quality == (("license", True), ("score", 0.5), ("spatial", False))
    assert dataset.applicable_legislation == ("http://data.europa.eu/eli/reg_impl/2023/138/oj",)
    assert dataset.hvd_categories == ("http://data.europa.eu/bna/c_b79e35eb",)
    assert dataset.conforms_to == ("etalab/schema-irve-statique",)
    assert dataset.about_others is False


def test_every_field_of_a_resource_is_mapped() -> None:
    main, notice, update, odd = dataset_of(FULL).distributions
    assert (main.declared_format, main.media_type, main.byte_size) == ("csv", "text/csv", 488)
    assert (main.checksum, main.modified) == ("sha1:06b1", date(2023, 12, 31))
    assert (main.schema_name, main.schema_version) == ("etalab/schema-irve-statique", "2.2.0")
    assert main.issued == date(2020, 5, 1) and main.stable_url.endswith(
        "/datasets/r/39ed117d-57ba-46ac-95b6-d180f9a2371e"
    )
    assert (main.role, main.available, main.url) == ("main", True, "https://static.exemple.fr/bornes.csv")
    assert (notice.role, notice.schema_name, notice.available) == ("documentation", "", False)
    assert (update.role, update.declared_format, update.available) == ("main", "", None)
    assert (odd.role, odd.url, odd.byte_size) == ("other", None, None)


def test_no_person_is_named_by_a_record() -> None:
    assert "Dupont" not in repr(dataset_of(FULL))
    assert dataset_of(FULL | {"organization": None}).publisher == ""


@pytest.mark.parametrize("license_id", [None, "notspecified", ""])
def test_a_licence_nobody_chose_is_none(license_id: str | None) -> None:
    assert dataset_of(FULL | {"license": license_id}).license == ""


def test_full_objects_are_read_as_their_ids() -> None:
    record = FULL | {
        "license": {"id": "lov2", "title": "LO", "url": "https://x.fr/lo"},
        "frequency": {"id": "annual", "label": "Annuelle"},
    }
    dataset = dataset_of(record)
    assert (dataset.license, dataset.license_url, dataset.frequency) == ("lov2", "https://x.fr/lo", "annual")


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.none() | st.dictionaries(st.sampled_from(["name", "type", "url", "extras"]), st.integers())) | st.dictionaries(st.sampled_from(["id", "name", "zones", "start", "kind"]), st.none() | st.integers() | st.lists(st.text(max_size=2)))  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(FULL)), ODD))
def test_a_record_of_any_shape_is_read(changes: dict[str, Any]) -> None:
    dataset = dataset_of(FULL | changes)
    assert isinstance(dataset.title, str) and dataset.described


@given(st.dictionaries(st.sampled_from(sorted({key for item in FULL["resources"] for key in item})), ODD))
def test_a_resource_of_any_shape_is_read(changes: dict[str, Any]) -> None:
    assert len(dataset_of(FULL | {"resources": [FULL["resources"][0] | changes]}).distributions) == 1


def test_a_description_is_bounded() -> None:
    assert len(dataset_of(FULL | {"description": "é" * 500_000}).description) == 20_000


# ---- the recordings


@pytest.mark.shared
def test_the_recorded_organization_is_read(fetcher: Fetcher, shared: Path) -> None:
    with serve_udata(**recorded_portal(shared / "portals" / "udata")) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/organizations/commune-de-sixt-sur-aff/")
        by_siren = detect(
            "Sixt-sur-Aff",
            organization=Organization("Sixt-sur-Aff", OrganizationKind.COMMUNE, siren="213503287"),
            base_url=server.base_url,
        ).collect(fetcher)
    (dataset,) = catalog.datasets
    assert by_siren.datasets == catalog.datasets
    assert catalog.publisher_siren == "213503287"
    assert (dataset.license, dataset.frequency, dataset.modified) == ("cc-by", "annual", date(2018, 12, 20))
    assert dataset.distributions[0].available is True
    assert dataset.distributions[0].byte_size == 488


@pytest.mark.shared
def test_the_recorded_bytes_of_the_live_server_are_read_as_they_are(fetcher: Fetcher, shared: Path) -> None:
    folder = shared / "portals" / "udata"
    organization = json.loads((folder / "live-org.json").read_bytes())
    scripted = {
        "/api/1/organizations/commune-de-sixt-sur-aff/": [Scripted(200, (folder / "live-org.json").read_bytes())],
        f"/api/1/organizations/{organization['id']}/datasets/": [
            Scripted(200, (folder / "live-org-datasets.json").read_bytes())
        ],
    }
    with serve_udata(scripted=scripted) as server:
        assert (
            len(
                _collect(
                    fetcher, server.base_url, "https://www.data.gouv.fr/organizations/commune-de-sixt-sur-aff/"
                ).datasets
            )
            == 1
        )


@pytest.mark.shared
def test_every_recorded_dataset_is_read(shared: Path) -> None:
    folder = shared / "portals" / "udata"
    records = [json.loads(path.read_bytes()) for path in sorted(folder.glob("derived-dataset-*.json"))]
    records.append(json.loads((folder / "client-dataset_metadata.json").read_bytes()))
    records += [
        record
        for name in ("live-datasets-p1", "live-datasets-p3-last")
        for record in json.loads((folder / f"{name}.json").read_bytes())["data"]
    ]
    for record in records:
        dataset = dataset_of(record)
        assert dataset.id and dataset.title and dataset.publisher
        assert len(dataset.distributions) == len(record["resources"])
        assert all(found.url for found in dataset.distributions)


@pytest.mark.shared
def test_the_bare_list_of_2017_is_read(fetcher: Fetcher, shared: Path) -> None:
    (cassette,) = json.loads(
        (shared / "portals" / "udata" / "cassette-client-datasets-organization-datasets-1.json").read_bytes()
    )
    body = cassette["response"]["body"].encode()
    with serve_udata([ORGANIZATION], scripted={LIST: [Scripted(200, body)]}) as server:
        catalog = _collect(fetcher, server.base_url)
    assert catalog.complete
    assert len(catalog.datasets) == len(json.loads(body))


def _recorded(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every dataset's record in the recordings: alone, in a list, or within the body of a cassette."""
    for path in sorted(folder.glob("*.json")):
        waiting = [json.loads(path.read_bytes())]
        while waiting:
            found = waiting.pop()
            if isinstance(found, list):
                waiting += found
            elif isinstance(found, dict) and {"id", "title", "resources"} <= set(found):
                yield path.name, found
            elif isinstance(found, dict):
                body = found.get("body")
                waiting += [value for value in found.values() if isinstance(value, dict | list)]
                waiting += [json.loads(body)] if isinstance(body, str) and body[:2] in ('{"', "[{") else []


def _is_nothing(path: str, value: Any) -> bool:
    return value in ("notspecified", "null", "None") or (path == "spatial.granularity" and value == "other")


@pytest.mark.shared
def test_nothing_that_a_recorded_portal_says_is_lost(shared: Path) -> None:
    records = list(_recorded(shared / "portals" / "udata"))
    assert len(records) > 50
    lost = [
        (name, found)
        for name, record in records
        for found in losses(record, dataset_of(record), MAPPING, is_nothing=_is_nothing)
    ]
    assert lost == []
    assert losses(
        {"page": "https://x.fr/", "resources": [{"url": "https://x.fr/a"}]}, dataset_of({"resources": [{}]}), MAPPING
    )


@pytest.mark.shared
def test_a_masked_recording_gives_the_same_dataset(shared: Path) -> None:
    for _, record in _recorded(shared / "portals" / "udata"):
        mask = DATASET_MASK if isinstance(record["resources"], list) else COUNTED_MASK
        if not isinstance(record.get("license"), dict):  # full objects come to those who ask for them, we do not
            assert dataset_of(masked(record, mask)) == dataset_of(record)


@pytest.mark.shared
def test_a_recorded_harvested_dataset_tells_its_origin(shared: Path) -> None:
    record = json.loads((shared / "portals/udata/derived-dataset-bal-garein.json").read_bytes())
    dataset = dataset_of(record)
    assert dataset.harvested_from == "www.pigma.org"
    assert "f89661e0-bc0a-44f7-928e-03b43a2e7791" in dataset.identifiers
    assert dataset.issued == date(2022, 1, 27)


@pytest.mark.shared
def test_the_recorded_answers_of_api_v2_are_read_as_they_are(fetcher: Fetcher, shared: Path) -> None:
    folder = shared / "portals" / "udata"
    listed = json.loads((folder / "live-v2-datasets.json").read_bytes())
    listed |= {"data": listed["data"][:1], "total": 1, "next_page": None}
    first = json.loads((folder / "live-v2-resources.json").read_bytes())
    last = first | {"data": [first["data"][0] | {"id": "00000000-0000-4000-8000-000000000000"}], "next_page": None}
    replies = [Scripted(200, json.dumps(page).encode()) for page in (first, last)]
    identifier = listed["data"][0]["id"]
    scripted = {
        "/api/2/datasets/search/": [Scripted(200, json.dumps(listed).encode())],
        f"/api/2/datasets/{identifier}/resources/": replies,
    }
    with serve_udata(scripted=scripted) as server:
        catalog = _collect(fetcher, server.base_url, "https://www.data.gouv.fr/datasets/?producer_type=local-authority")
    (dataset,) = catalog.datasets
    assert catalog.complete and len(dataset.distributions) == 3
    assert dataset.distributions[0].stable_url.endswith("/api/1/datasets/r/b0df4fae-a397-46ab-90f8-a026bb9527b0")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("recording", "status", "words"),
    [
        ("live-datasets-page0.json", 400, "un des critères"),
        ("live-datasets-badsort.json", 400, "un des critères"),
        ("live-datasets-orgslug-400.json", 400, "un identifiant"),
        ("live-datasets-archived-401.json", 401, "membres"),
        ("live-datasets-beyond.json", 404, "n'existe pas"),
        ("live-q.json", 500, "en panne"),
        ("live-v2-search.json", 501, "désactivée"),
    ],
)  # fmt: skip
def test_a_recorded_refusal_is_told_in_our_words(
    fetcher: Fetcher, shared: Path, recording: str, status: int, words: str
) -> None:
    body = (shared / "portals" / "udata" / recording).read_bytes()
    with serve_udata([ORGANIZATION], scripted={LIST: [Scripted(status, body, keep=True)]}) as server:
        (fault,) = _collect(fetcher, server.base_url).faults
    assert words in fault.what and "requested" not in fault.line


def test_odd_extents_and_dates_are_unknown() -> None:
    for geometry in ({"coordinates": [[["a", "b"]]]}, {"coordinates": [200, 95]}, {"coordinates": []}, [], "x", {"coordinates": [10**400, 1]}, {"coordinates": [[1]] * 3}):  # fmt: skip
        assert dataset_of(FULL | {"spatial": {"geom": geometry}}).bbox is None
    old = dataset_of(FULL | {"created_at": "0203-01-01T00:00:00", "last_update": "2300-01-01", "last_modified": None})
    assert (old.issued, old.modified, old.metadata_modified) == (None, None, None)


def test_a_person_s_address_is_not_kept() -> None:
    owned = FULL | {"organization": None}
    assert dataset_of(owned).contact == ""
    form = [{"email": "jeanne@exemple.fr", "contact_form": "https://exemple.fr/contact", "role": "contact"}]
    assert dataset_of(owned | {"contact_points": form}).contact == "https://exemple.fr/contact"


def test_the_contact_comes_before_the_other_roles() -> None:
    points = [{"email": "editeur@exemple.fr", "role": "publisher"}, {"email": "contact@exemple.fr", "role": "contact"}]
    assert dataset_of(FULL | {"contact_points": points}).contact == "contact@exemple.fr"


def test_a_service_is_told_with_its_layer() -> None:
    url = "https://geo.exemple.fr/wfs?SERVICE=WFS&VERSION=2.0.0&TypeNames=ms:arbres"
    (wfs, csv) = dataset_of(
        FULL | {"resources": [{"id": "1", "format": "ogc:wfs", "url": url}, {"id": "2", "format": "csv", "url": url}]}
    ).distributions
    assert wfs.service is not None and csv.service is None
    assert (wfs.service.protocol, wfs.service.layer, wfs.service.version) == ("wfs", "ms:arbres", "2.0.0")
