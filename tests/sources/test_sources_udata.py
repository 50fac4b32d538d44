from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret as siret_control
from udata_server import Scripted, recorded_portal, serve_udata

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.sources import SourceError, detect
from opendata_check.sources.reading.udata_record import dataset_of
from opendata_check.sources.udata import UdataSource, likely_sirets

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
        assert [dataset.title for dataset in _collect(fetcher, server.base_url).datasets] == ["Jeu 001"]


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
    ["http://x/?page=1", "http://x/?page=0", "http://x/", "http://x/?page=-4", "http://x/?page=abc", 7, "http://["],
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
    assert catalog.title == "Exempleville" and catalog.publisher_siren is None


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
    "spatial": {"geom": None, "zones": ["fr:commune:35328"], "granularity": "fr:commune"},
    "temporal_coverage": {"start": "2018-01-01", "end": "2018-12-31"},
    "contact_points": [{"name": "Jeanne Dupont", "email": "opendata@exemple.fr", "role": "contact"}],
    "harvest": {"domain": "data.exemple.fr", "remote_url": "https://data.exemple.fr/x"},
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


def test_every_field_of_a_resource_is_mapped() -> None:
    main, notice, update, odd = dataset_of(FULL).distributions
    assert (main.declared_format, main.media_type, main.byte_size) == ("csv", "text/csv", 488)
    assert (main.checksum, main.modified) == ("sha1:06b1", date(2023, 12, 31))
    assert (main.schema_name, main.schema_version) == ("etalab/schema-irve-statique", "2.2.0")
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
