"""Copies of one dataset found in several catalogues become one; what is not the same stays apart."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendata_check.model.catalog import Catalog, Dataset, Distribution, ServiceOffer
from opendata_check.model.copies import CHECKSUM, HARVEST_ID, IDENTIFIER, TITLE, URL, MergedDataset
from opendata_check.sources.merging import merge

ODS = "https://data.ville.fr"
GOUV = "https://www.data.gouv.fr"
REGION = "https://ckan.region.fr"
SHA = "sha256:" + "ab" * 32
EMPTY = "sha256:" + hashlib.sha256(b"").hexdigest()


def file(url: str | None = None, **fields: Any) -> Distribution:
    """A distribution whose id and title follow from its address."""
    name = (url or str(fields.get("path", "f"))).rpartition("/")[2]
    fields = {"id": name, "title": name, "declared_format": name.rpartition(".")[2]} | fields
    return Distribution(url=url, **fields)


def dataset(name: str, *files: Distribution, **fields: Any) -> Dataset:
    return Dataset(**{"id": name, "title": name.capitalize(), "distributions": files, "described": True} | fields)


def portal(url: str, *datasets: Dataset, kind: str = "ckan", **fields: Any) -> Catalog:
    return Catalog(kind, "portal", url, "Portail", datasets, **fields)


def ods_dataset(name: str, **fields: Any) -> Dataset:
    """As the opendatasoft kind gives one."""
    exports = f"{ODS}/api/explore/v2.1/catalog/datasets/{name}/exports"
    files = tuple(
        file(f"{exports}/{ending}?use_labels=true", title=ending.upper(), declared_format=ending, synthesised=True)
        for ending in ("csv", "json", "geojson", "xlsx")
    )
    given = {
        "landing_page": f"{ODS}/explore/dataset/{name}/",
        "identifiers": (f"da_{name[:5]}x1",),
        "publisher": "Ville de Ville",
        "license": "Licence Ouverte v2.0 (Etalab)",
        "modified": date(2026, 5, 1),
    }
    return dataset(name, *files, **given | fields)


def harvested_by_gouv(name: str, origin: str = "data.ville.fr", **fields: Any) -> Dataset:
    """As the udata kind gives a record that data.gouv.fr harvested."""
    key = hashlib.sha1(name.encode()).hexdigest()[:24]
    given = {
        "id": key,
        "title": name.capitalize(),
        "landing_page": f"{GOUV}/datasets/{name}/",
        "identifiers": (name,),
        "harvested_from": origin,
        "publisher": "Mairie de Ville",
        "license": "lov2",
        "modified": date(2026, 5, 1),
    }
    return dataset(key, **given | fields)


def groups(merged: tuple[MergedDataset, ...]) -> list[list[str]]:
    """The ids of each group, sorted."""
    return sorted(sorted(copy.dataset.id for copy in one.copies) for one in merged)


def together(*catalogs: Catalog) -> MergedDataset:
    """The only dataset the catalogues make."""
    merged = merge(catalogs)
    assert len(merged) == 1, groups(merged)
    return merged[0]


# ---- the cases of real life


def test_an_opendatasoft_portal_harvested_by_data_gouv_is_counted_once() -> None:
    own = ods_dataset("arbres")
    download = f"{ODS}/explore/dataset/arbres/download?format=csv&timezone=Europe/Berlin&use_labels_for_header=true"
    copy = harvested_by_gouv("arbres", distributions=(file(download, title="CSV", declared_format="csv"),))
    one = together(portal(ODS, own, kind="opendatasoft"), portal(f"{GOUV}/organizations/ville/", copy, kind="udata"))
    assert one.copies[0].dataset is own
    assert one.grounds == (HARVEST_ID, URL)
    assert one.dataset.id == "arbres"
    assert one.dataset.harvested_from == ""
    assert [found.url for found in one.dataset.distributions] == [found.url for found in own.distributions]
    assert one.dataset.distributions[0].also_at == (download,)
    assert copy.landing_page in one.dataset.identifiers


@pytest.mark.parametrize(
    "remote",
    [
        "https://data.ville.fr/explore/dataset/arbres/",
        "http://www.data.ville.fr/explore/dataset/arbres/information/",
        "HTTPS://DATA.ville.fr:443/explore/dataset/arbres/table/",
    ],
)
def test_the_address_of_the_harvested_record_is_enough(remote: str) -> None:
    own = ods_dataset("arbres")
    copy = harvested_by_gouv("x", title="Arbres de la ville", identifiers=(remote,), harvested_from="data.ville.fr")
    one = together(portal(ODS, own), portal(f"{GOUV}/organizations/ville/", copy))
    assert one.grounds == (URL,)


def test_a_renamed_dataset_is_known_by_its_uid() -> None:
    own, copy = ods_dataset("arbres-2"), ods_dataset("arbres", distributions=(), landing_page="")
    copy = replace(copy, id="autre", title="Patrimoine arboré", identifiers=("da_abcde1",), harvested_from="autre.fr")
    own = replace(own, identifiers=("da_abcde1",))
    assert together(portal(ODS, own), portal(REGION, copy)).grounds == (HARVEST_ID,)


@pytest.mark.parametrize(
    ("identifier", "page"),
    [
        ("3f0b4a5e-0c1d-4e2f-8a9b-0123456789ab", ""),
        ("fr-200046977-plan-velo", ""),
        ("3f0b4a5e-0c1d-4e2f-8a9b-0123456789ab", f"{REGION}/geonetwork/srv/fre/catalog.search#/metadata/"),
    ],
)
def test_a_geonetwork_record_harvested_by_data_gouv_is_counted_once(identifier: str, page: str) -> None:
    own = dataset(identifier, title="Pistes cyclables", landing_page=page and page + identifier)
    copy = harvested_by_gouv(
        "pistes-cyclables",
        identifiers=(identifier.upper() if not page else identifier,),
        harvested_from="ckan.region.fr",
    )
    one = together(
        portal(f"{REGION}/geonetwork/srv/fre/csw", own, kind="csw"),
        portal(f"{GOUV}/organizations/x/", copy, kind="udata"),
    )
    assert one.grounds == (HARVEST_ID,)
    assert one.dataset.id == identifier


def test_three_places_make_one_dataset() -> None:
    own = ods_dataset("arbres")
    federated = dataset(
        "2b7c5d9e-aaaa-4bbb-8ccc-0123456789ab",
        *own.distributions,
        title="Arbres",
        harvested_from="https://data.ville.fr/",
        identifiers=("arbres",),
        landing_page=f"{REGION}/dataset/arbres",
        modified=own.modified,
    )
    twice = harvested_by_gouv("arbres", origin="ckan.region.fr", identifiers=(federated.id,))
    one = together(portal(GOUV, twice, kind="udata"), portal(ODS, own), portal(REGION, federated))
    assert [copy.location for copy in one.copies] == [ODS, REGION, GOUV]
    assert [copy.native for copy in one.copies] == [True, False, False]


def test_a_folder_and_a_portal_with_the_same_files_are_one() -> None:
    local = dataset("subv", file(path=Path("/donnees/subv.csv"), checksum=SHA, byte_size=900))
    online = dataset("x1", file("https://static.data.gouv.fr/x/subventions.csv", checksum=SHA), title="Subventions")
    one = together(
        Catalog("folder", "folder", "/donnees", "Données", (local,)),
        portal(GOUV, replace(online, modified=date(2026, 1, 1)), kind="udata"),
    )
    assert one.grounds == (CHECKSUM,)
    assert one.dataset.id == "x1"
    (only,) = one.dataset.distributions
    assert only.url == "https://static.data.gouv.fr/x/subventions.csv"
    assert only.path is None
    assert only.byte_size == 900


def test_the_stable_address_of_data_gouv_stands_for_the_file() -> None:
    uuid = "11111111-2222-4333-8444-555555555555"
    own = dataset(
        "a", file("https://static.data.gouv.fr/1/a.csv", stable_url=f"{GOUV}/api/1/datasets/r/{uuid}"), title="Arbres"
    )
    other = dataset("b", file(f"{GOUV}/fr/datasets/r/{uuid}", declared_format="csv"), title="Arbres")
    assert together(portal(GOUV, own), portal(REGION, other)).grounds == (URL,)


def test_downloads_of_an_arcgis_hub_are_known_by_their_item() -> None:
    item = "0" * 31 + "1"
    old = file(f"https://data-ville.opendata.arcgis.com/datasets/{item}_0.csv?outSR=%7B%22wkid%22%3A2154%7D")
    new = file(f"https://ville.hub.arcgis.com/api/download/v1/items/{item}/csv?redirect=true&layers=0", id="csv")
    assert together(portal(ODS, dataset("a", old, title="X")), portal(REGION, dataset("b", new, title="X")))
    other = replace(new, url=str(new.url).replace("layers=0", "layers=1"))
    assert len(merge([portal(ODS, dataset("a", old, title="X")), portal(REGION, dataset("b", other, title="X"))])) == 2


def test_the_same_title_publisher_and_formats_are_one_when_nothing_else_tells() -> None:
    one = dataset("a", file("https://a.fr/1.csv"), title="Arbres", publisher="Ville de Nancy")
    other = dataset("b", file("https://b.fr/2.csv"), title="ARBRES ", publisher="Mairie de Nancy")
    assert together(portal(ODS, one), portal(REGION, other)).grounds == (TITLE,)


def test_a_catalogue_s_owner_publishes_its_native_datasets() -> None:
    one = dataset("a", file("https://a.fr/1.csv"), title="Arbres")
    other = dataset("b", file("https://b.fr/2.csv"), title="Arbres", publisher_siren="215403957")
    assert together(portal(ODS, one, publisher_siren="215403957"), portal(REGION, other)).grounds == (TITLE,)
    assert len(merge([portal(ODS, one, publisher_siren="215403000"), portal(REGION, other)])) == 2


def test_two_native_records_with_one_identifier_are_one() -> None:
    one = dataset("a", title="Arbres", identifiers=("doi:10.5555/arbres",))
    other = dataset("b", title="Patrimoine arboré", identifiers=("DOI:10.5555/ARBRES",))
    assert together(portal(ODS, one), portal(REGION, other)).grounds == (IDENTIFIER,)


def test_one_record_read_twice_is_one_copy() -> None:
    own = ods_dataset("arbres")
    one = together(portal(ODS, own), portal(ODS, replace(own)))
    assert len(one.copies) == 1
    assert one.grounds == ()
    assert one.dataset is own


def test_the_same_record_of_two_pages_of_one_portal_is_one_dataset() -> None:
    own = harvested_by_gouv("arbres")
    one = together(portal(f"{GOUV}/organizations/ville/", own), portal(f"{GOUV}/datasets/arbres/", own))
    assert len(one.copies) == 2


def test_a_record_harvested_twice_by_one_portal_is_one_dataset() -> None:
    first = harvested_by_gouv("arbres")
    second = replace(first, id="f" * 24, landing_page=f"{GOUV}/datasets/arbres-1/")
    assert len(together(portal(GOUV, first, second)).copies) == 2


def test_what_the_kinds_read_of_one_dataset_is_one() -> None:
    """The names that three kinds give meet: an Opendatasoft portal, a CKAN that harvested it, data.gouv.fr likewise."""
    from opendata_check.sources.reading.ckan.record import dataset_of as of_ckan
    from opendata_check.sources.reading.ods.places import Place
    from opendata_check.sources.reading.ods.record import dataset_of as of_ods
    from opendata_check.sources.reading.udata.record import dataset_of as of_udata

    page = f"{ODS}/explore/dataset/arbres/"
    export = f"{ODS}/api/explore/v2.1/catalog/datasets/arbres/exports/csv"
    default = {
        "title": "Arbres d'alignement",
        "publisher": "Ville de Ville",
        "license": "Licence Ouverte v2.0 (Etalab)",
    }
    own = of_ods(
        {"dataset_id": "arbres", "dataset_uid": "da_abc123", "has_records": True, "metas": {"default": default}},
        Place(ODS, "v2.1"),
    )
    assert own is not None
    harvested = of_ckan(
        {
            "id": "2b7c5d9e-aaaa-4bbb-8ccc-0123456789ab",
            "name": "arbres-d-alignement",
            "title": "Arbres d'alignement (Ville)",
            "url": page,
            "resources": [{"id": "1", "url": f"{export}?use_labels=true", "format": "CSV"}],
            "extras": [
                {"key": "harvest_source_url", "value": ODS},
                {"key": "harvest_object_id", "value": "x"},
                {"key": "guid", "value": page},
            ],
        },
        REGION,
    )
    copied = of_udata(
        {
            "id": "5f0c3a1e634f413a5b0c1d2e",
            "slug": "arbres-dalignement",
            "page": f"{GOUV}/datasets/arbres-dalignement/",
            "title": "Arbres d'alignement",
            "organization": {"name": "Mairie de Ville"},
            "license": "lov2",
            "resources": [{"id": "r1", "url": f"{export}?use_labels=true", "format": "csv", "title": "CSV"}],
            "harvest": {"remote_id": "arbres", "domain": "data.ville.fr", "remote_url": page},
        }
    )
    one = together(
        portal(ODS, own, kind="opendatasoft"),
        portal(REGION, harvested, kind="ckan"),
        portal(f"{GOUV}/organizations/ville/", copied, kind="udata"),
    )
    assert one.copies[0].source == "opendatasoft"
    assert one.dataset.harvested_from == ""


# ---- what stays apart


def apart(*catalogs: Catalog) -> None:
    merged = merge(catalogs)
    count = sum(len(catalog.datasets) for catalog in catalogs)
    assert len(merged) == count, groups(merged)
    assert all(one.grounds == () for one in merged)


def test_one_title_at_two_publishers_is_two_datasets() -> None:
    one = dataset("a", file("https://a.fr/1.csv"), title="Budget", publisher="Ville de Nancy")
    other = replace(one, id="b", distributions=(file("https://b.fr/1.csv"),))
    apart(portal(ODS, one), portal(REGION, replace(other, publisher="Métropole du Grand Nancy")))
    apart(portal(ODS, one), portal(REGION, replace(other, publisher="")))
    numbered = replace(one, publisher_siren="100000000")
    apart(portal(ODS, numbered), portal(REGION, replace(other, publisher_siren="200000000")))


def test_one_title_with_other_formats_or_another_period_is_two_datasets() -> None:
    one = dataset("a", file("https://a.fr/1.csv"), title="Budget", publisher="Ville", temporal="2023/2023")
    one = replace(one, publisher="Nancy")
    apart(portal(ODS, one), portal(REGION, replace(one, id="b", distributions=(file("https://b.fr/1.pdf"),))))
    apart(portal(ODS, one), portal(REGION, replace(one, id="b", distributions=(), temporal="")))
    again = replace(one, id="b", distributions=(file("https://b.fr/1.csv"),))
    apart(portal(ODS, one), portal(REGION, replace(again, temporal="2024/2024")))
    assert together(portal(ODS, one), portal(REGION, again))


def test_two_datasets_of_one_portal_never_merge_on_their_title() -> None:
    one = dataset("a", file("https://a.fr/1.csv"), title="Délibérations", publisher="Nancy")
    other = replace(one, id="b", distributions=(file("https://a.fr/2.csv"),))
    apart(portal(ODS, one, other))
    third = replace(one, id="c", distributions=(file("https://c.fr/3.csv"),))
    apart(portal(ODS, one, other), portal(REGION, third))


def test_the_years_of_a_series_stay_apart() -> None:
    years = [
        dataset(f"budget-{year}", file(f"https://a.fr/{year}.csv"), title=f"Budget {year}", publisher="Nancy")
        for year in (2023, 2024)
    ]
    whole = dataset("budgets", *(file(f"https://a.fr/{year}.csv") for year in (2023, 2024)), title="Budgets")
    apart(portal(ODS, *years), portal(REGION, whole))
    apart(portal(ODS, years[0]), portal(REGION, years[1]))
    both = [replace(year, distributions=(file("https://a.fr/2023-2024.csv"),)) for year in years]
    apart(portal(ODS, both[0]), portal(REGION, both[1]))
    apart(portal(ODS, *both))


def test_a_dataset_of_all_years_goes_with_the_one_that_bears_its_title() -> None:
    years = [dataset(f"b{year}", file(f"https://a.fr/{year}.csv"), title=f"Budget {year}") for year in (2023, 2024)]
    whole = dataset("x", *(file(f"https://a.fr/{year}.csv") for year in (2023, 2024)), title="Budget 2024")
    assert groups(merge([portal(ODS, *years), portal(REGION, whole)])) == [["b2023"], ["b2024", "x"]]


@pytest.mark.parametrize("role", ["main", "documentation"])
def test_a_shared_notice_makes_no_copy(role: str) -> None:
    notice = file("https://a.fr/notice.pdf", role=role, checksum=SHA)
    one = dataset("arbres", file("https://a.fr/arbres.csv"), notice)
    other = dataset("bancs", file("https://a.fr/bancs.csv"), notice)
    apart(portal(ODS, one, other))
    apart(portal(ODS, one), portal(REGION, other))


def test_an_empty_file_or_a_common_form_makes_no_copy() -> None:
    def with_checksum(name: str, checksum: str) -> Dataset:
        return dataset(name, file(f"https://{name}.fr/{name}.csv", checksum=checksum), publisher=name)

    apart(portal(ODS, with_checksum("arbres", EMPTY)), portal(REGION, with_checksum("bancs", EMPTY)))
    apart(portal(ODS, with_checksum("arbres", SHA)), portal(REGION, with_checksum("bancs", SHA)))
    apart(portal(ODS, with_checksum("arbres", "crc:1a2b3c4d")), portal(REGION, with_checksum("arbre", "crc:1a2b3c4d")))
    apart(portal(ODS, *(with_checksum(f"form{number}", SHA) for number in range(30))))


@pytest.mark.parametrize(
    "url",
    [
        "https://geo.fr/ows?service=WFS&request=GetCapabilities",
        "https://geo.fr/geoserver/wms",
        "https://geo.fr/arcgis/rest/services/Base/MapServer",
        "https://geo.fr/",
        "https://geo.fr",
    ],
)
def test_the_address_of_a_service_or_a_home_page_makes_no_copy(url: str) -> None:
    one, other = dataset("arbres", file(url, title="Service")), dataset("bancs", file(url, title="Service"))
    apart(portal(ODS, one, other))
    apart(portal(ODS, one), portal(REGION, replace(other, title="Arbres")))


def test_a_layer_of_a_service_tells_a_dataset() -> None:
    def layer(name: str) -> Distribution:
        return file("https://geo.fr/wfs?request=GetCapabilities", service=ServiceOffer("wfs", layer=name))

    one, other = dataset("a", layer("ville:arbres"), title="X"), dataset("b", layer("ville:arbres"), title="X")
    assert together(portal(ODS, one), portal(REGION, other)).grounds == (URL,)
    apart(portal(ODS, one), portal(REGION, replace(other, distributions=(layer("ville:bancs"),))))


def test_a_page_given_for_every_dataset_of_a_catalogue_makes_no_copy() -> None:
    page = "https://www.ville.fr/open-data"
    datasets = [dataset(name, file(f"https://v.fr/{name}.csv"), landing_page=page) for name in ("arbres", "bancs")]
    apart(portal("https://www.ville.fr/catalogue.ttl", *datasets, kind="dcat"))
    copies = [harvested_by_gouv(f"{one.id}", identifiers=(page,), harvested_from="www.ville.fr") for one in datasets]
    merged = merge([portal("https://www.ville.fr/catalogue.ttl", *datasets, kind="dcat"), portal(GOUV, *copies)])
    assert sorted({copy.dataset.title for copy in one.copies} for one in merged) == [{"Arbres"}, {"Bancs"}]


def test_an_identifier_pasted_into_two_records_makes_no_copy() -> None:
    name = ("3f0b4a5e-0c1d-4e2f-8a9b-0123456789ab",)
    apart(portal(ODS, dataset("arbres", identifiers=name), dataset("bancs", identifiers=name), kind="csw"))


def test_two_datasets_made_from_a_third_stay_apart() -> None:
    source = "https://geo.fr/catalogue/3f0b4a5e-0c1d-4e2f-8a9b-0123456789ab"
    one, other = dataset("bati", identifiers=(source,)), dataset("routes", identifiers=(source,))
    apart(portal(ODS, one), portal(REGION, other))
    apart(portal(ODS, replace(one, harvested_from="x.fr")), portal(REGION, replace(other, harvested_from="y.fr")))
    assert together(portal(ODS, one), portal(REGION, replace(other, id="b", title="Bati")))


def test_a_slug_of_the_copy_s_own_portal_names_nothing_at_its_origin() -> None:
    own = ods_dataset("budget")
    copy = harvested_by_gouv("autre", title="Budget annexe", identifiers=("jeu-12", "budget"))
    apart(portal(ODS, own), portal(GOUV, copy))


def test_one_slug_on_two_portals_means_nothing() -> None:
    one = dataset("budget", file("https://a.fr/1.csv"), landing_page=f"{ODS}/explore/dataset/budget/")
    other = dataset("budget", file("https://b.fr/1.csv"), landing_page="https://data.autre.fr/explore/dataset/budget/")
    apart(portal(ODS, one), portal("https://data.autre.fr", other))
    copy = harvested_by_gouv("budget", origin="data.tiers.fr")
    apart(portal(ODS, one), portal(GOUV, copy))


def test_weak_evidence_does_not_chain() -> None:
    named = dataset("a", file("https://a.fr/1.csv"), title="Arbres", publisher="Nancy")
    both = dataset("b", file("https://b.fr/1.csv"), title="Arbres", publisher="Nancy", publisher_siren="215403957")
    numbered = dataset("c", file("https://c.fr/1.csv"), title="Arbres", publisher="Laxou", publisher_siren="215403957")
    apart(portal(ODS, named), portal(REGION, both), portal(GOUV, numbered))


# ---- the one dataset


def test_the_native_copy_prevails_then_the_latest() -> None:
    old = dataset("a", file("https://a.fr/1.csv"), title="Arbres", modified=date(2024, 1, 1))
    new = replace(old, id="b", modified=date(2026, 1, 1))
    latest = replace(old, id="c", modified=date(2026, 6, 1), harvested_from="a.fr")
    one = together(portal(ODS, old), portal(REGION, new), portal(GOUV, latest))
    assert [copy.dataset.id for copy in one.copies] == ["b", "a", "c"]
    assert one.dataset.modified == date(2026, 1, 1)


def test_the_others_complete_it() -> None:
    own = dataset("a", file("https://a.fr/1.csv"), title="Arbres", publisher="Ville", license="lov2")
    copy = replace(
        own,
        id="b",
        harvested_from="a.fr",
        license="odbl",
        license_url="https://odbl",
        description="Des arbres",
        contact="mairie@ville.fr",
        landing_page=f"{GOUV}/datasets/arbres/",
        distributions=(
            file("https://a.fr/1.csv", byte_size=12, schema_name="etalab/arbres", schema_version="1.0"),
            file("https://a.fr/1.pdf"),
        ),
    )
    one = together(portal(ODS, own), portal(GOUV, copy)).dataset
    assert (one.license, one.license_url) == ("lov2", "")
    assert (one.description, one.contact, one.landing_page) == ("Des arbres", "mairie@ville.fr", copy.landing_page)
    assert one.harvested_from == ""
    assert [(found.id, found.byte_size, found.schema_name) for found in one.distributions] == [
        ("1.csv", 12, "etalab/arbres"),
        ("1.pdf", None, ""),
    ]


def test_files_of_one_title_and_format_are_one_when_sizes_agree() -> None:
    uuid = "11111111-2222-4333-8444-555555555555"

    def copy(name: str, url: str, size: int | None) -> Dataset:
        return dataset(name, file(url, title="Les arbres", byte_size=size), title="Arbres", identifiers=(uuid,))

    one = together(
        portal(ODS, copy("a", "https://a.fr/1.csv", 10)), portal(GOUV, copy("b", "https://b.fr/2.csv", None))
    )
    assert [found.also_at for found in one.dataset.distributions] == [("https://b.fr/2.csv",)]
    two = together(portal(ODS, copy("a", "https://a.fr/1.csv", 10)), portal(GOUV, copy("b", "https://b.fr/2.csv", 11)))
    assert len(two.dataset.distributions) == 2


def test_two_files_of_one_copy_stay_two() -> None:
    same = (file("https://a.fr/1.csv", id="1"), file("https://a.fr/1.csv", id="1"))
    own = dataset("a", *same, title="Arbres")
    one = together(portal(ODS, own), portal(GOUV, dataset("b", same[0], title="Arbres")))
    assert len(one.dataset.distributions) == 2
    assert len({found.id for found in one.dataset.distributions}) == 2


def test_another_publisher_s_number_is_not_taken() -> None:
    own = dataset("a", file("https://a.fr/1.csv"), title="Arbres", publisher="Nancy")
    other = dataset("b", file("https://a.fr/1.csv"), title="Arbres", publisher="Région", publisher_siren="200052264")
    one = together(portal(ODS, own), portal(REGION, replace(other, harvested_from="a.fr"))).dataset
    assert (one.publisher, one.publisher_siren) == ("Nancy", None)


# ---- properties

_FEW = st.integers(min_value=0, max_value=3)
_WORD = st.sampled_from(["arbres", "budget 2023", "budget 2024", "bancs"])
_UUIDS = [f"{number}f0b4a5e-0c1d-4e2f-8a9b-0123456789ab" for number in range(4)]
_HOSTS = [ODS, GOUV, REGION, "https://d.fr"]
_FILES = st.builds(
    file,
    st.sampled_from([f"https://f.fr/{name}.{end}" for name in "ab" for end in ("csv", "json", "pdf")]),
    checksum=st.sampled_from(["", SHA, EMPTY, "md5:" + "0f" * 16]),
    title=st.sampled_from(["Fichier", "Données"]),
    byte_size=st.sampled_from([None, 0, 10]),
)


@st.composite
def _datasets(draw: st.DrawFn, host: str, number: int) -> Dataset:
    origin = draw(st.sampled_from(["", "", *(one.partition("//")[2] for one in _HOSTS)]))
    names = st.one_of(st.sampled_from(_UUIDS), st.sampled_from(["jeu-0", "jeu-1"]), st.just(f"{_HOSTS[0]}/d/jeu-0"))
    return dataset(
        f"jeu-{draw(_FEW)}",
        *draw(st.lists(_FILES, max_size=3)),
        title=draw(_WORD),
        publisher=draw(st.sampled_from(["", "Ville de Nancy", "Mairie de Nancy", "Laxou"])),
        publisher_siren=draw(st.sampled_from([None, None, "215403957", "215403000"])),
        identifiers=tuple(draw(st.lists(names, max_size=2))),
        landing_page=f"{host}/d/jeu-{number}" if host else "",
        harvested_from=origin if f"https://{origin}" != host else "",
        modified=draw(st.sampled_from([None, date(2025, 1, 1), date(2026, 1, 1)])),
        license=draw(st.sampled_from(["", "lov2", "odbl"])),
    )


@st.composite
def _catalogs(draw: st.DrawFn) -> list[Catalog]:
    found = []
    for host in draw(st.lists(st.sampled_from([*_HOSTS, ""]), min_size=1, max_size=4, unique=True)):
        datasets = tuple(draw(_datasets(host, number)) for number in range(draw(_FEW)))
        if host:
            siren = draw(st.sampled_from([None, "215403957"]))
            found.append(portal(host, *datasets, publisher_siren=siren))
        else:
            found.append(Catalog("folder", "folder", "/donnees", "Données", datasets))
    return found


@settings(max_examples=300)
@given(_catalogs(), st.randoms(use_true_random=False))
def test_the_order_of_catalogues_and_datasets_changes_nothing(catalogs: list[Catalog], random: Any) -> None:
    expected = merge(catalogs)
    shuffled = []
    for catalog in catalogs:
        datasets = list(catalog.datasets)
        random.shuffle(datasets)
        shuffled.append(replace(catalog, datasets=tuple(datasets)))
    random.shuffle(shuffled)
    assert merge(shuffled) == expected


@settings(max_examples=200)
@given(_catalogs(), st.data())
def test_reading_a_catalogue_twice_changes_nothing(catalogs: list[Catalog], data: st.DataObject) -> None:
    twice = data.draw(st.sampled_from(catalogs))
    assert merge([*catalogs, twice]) == merge(catalogs)
    doubled = replace(twice, datasets=twice.datasets * 2)
    assert merge([doubled if one is twice else one for one in catalogs]) == merge(catalogs)


@settings(max_examples=200)
@given(_catalogs())
def test_each_dataset_is_in_exactly_one_group(catalogs: list[Catalog]) -> None:
    copies = [(copy.source, copy.location, copy.dataset) for one in merge(catalogs) for copy in one.copies]
    read = {(catalog.source, catalog.location, found) for catalog in catalogs for found in catalog.datasets}
    assert len(copies) == len(set(copies))
    assert set(copies) == read


@settings(max_examples=500)
@given(_catalogs())
def test_what_is_merged_does_not_merge_further(catalogs: list[Catalog]) -> None:
    merged = merge(catalogs)
    again = merge([Catalog("tout", "folder", "tout", "Tout", tuple(one.dataset for one in merged))])
    assert all(one.grounds == () for one in again)
    assert {one.dataset for one in again} == {one.dataset for one in merged}


@settings(max_examples=200)
@given(_catalogs())
def test_copies_have_grounds_and_a_lone_dataset_has_none(catalogs: list[Catalog]) -> None:
    for one in merge(catalogs):
        assert bool(one.grounds) == (len(one.copies) > 1)
        if len(one.copies) == 1:
            assert one.dataset is one.copies[0].dataset


@settings(max_examples=300)
@given(_catalogs())
def test_a_title_alone_joins_nothing_within_one_portal(catalogs: list[Catalog]) -> None:
    for one in merge(catalogs):
        if one.grounds == (TITLE,):
            places = [copy.location for copy in one.copies]
            assert len(places) == len(set(places))
            assert len({copy.dataset.title for copy in one.copies}) == 1


@settings(max_examples=200)
@given(_catalogs())
def test_no_file_is_lost(catalogs: list[Catalog]) -> None:
    for one in merge(catalogs):
        kept = {url for found in one.dataset.distributions for url in (found.url, *found.also_at)}
        assert {found.url for copy in one.copies for found in copy.dataset.distributions} <= kept


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
@example("https://[", "http://", "https://@:443/?#")
@example("10.1/" + "a" * 50, "urn:", "FR-123456789-a")
def test_any_text_is_borne(name: str, url: str, origin: str) -> None:
    odd = dataset(name or "x", file(url), landing_page=url, harvested_from=origin, identifiers=(name, url, origin))
    merged = merge([portal(origin, odd), portal(url or "u", odd)])
    assert sum(len(one.copies) for one in merged) == (1 if origin == (url or "u") else 2)


# ---- cost


def _many(count: int) -> list[Catalog]:
    own = [ods_dataset(f"jeu-{number}", identifiers=(f"da_{number:06x}",)) for number in range(count)]
    copies = [harvested_by_gouv(f"jeu-{number}") for number in range(count // 2)]
    return [portal(ODS, *own), portal(GOUV, *copies)]


def test_the_cost_grows_with_the_number_of_datasets_and_no_faster() -> None:
    def seconds(catalogs: list[Catalog]) -> float:
        start = time.process_time()
        merge(catalogs)
        return time.process_time() - start

    small, large = _many(500), _many(4000)
    assert min(seconds(large) for _ in range(2)) < 8 * 4 * min(seconds(small) for _ in range(3))


def test_thousands_of_datasets_with_one_title_and_one_file_are_borne() -> None:
    same = [dataset(f"d{number}", file("https://a.fr/1.csv"), title="Budget") for number in range(3000)]
    others = [replace(one, id=f"x{one.id}", title=f"Budget {one.id}") for one in same]
    start = time.process_time()
    merged = merge([portal(ODS, *same), portal(REGION, *others)])
    assert time.process_time() - start < 20
    assert len(merged) == 3001
