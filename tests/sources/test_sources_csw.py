"""A CSW catalogue read through a real local server, with all that catalogues do wrong."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from csw_server import (
    CSW,
    GMD,
    MDB,
    CswServer,
    Record,
    Traits,
    generated,
    iso_record,
    iso_service,
    serve_csw,
)

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog
from opendata_check.sources import SourceError, detect
from opendata_check.sources.csw import BLIND, CswSource, confirm, hint, recognise
from opendata_check.sources.interface import Page, Target
from opendata_check.sources.reading import xml_safe
from opendata_check.sources.reading.csw import pages as csw_pages
from opendata_check.sources.reading.csw import record as csw_record
from opendata_check.sources.reading.csw import request as csw_request
from opendata_check.sources.reading.csw.capabilities import capabilities_of
from opendata_check.sources.reading.ogc.exception import refusal_in


def _read(fetcher: Fetcher, count: int, traits: Traits, **more: Any) -> tuple[Catalog, CswServer]:
    with serve_csw(generated(count), traits) as server:
        return CswSource(server.url, **more).collect(fetcher), server


def _lists(server: CswServer) -> list[str]:
    return [line for line in server.seen if "GetRecords" in line]


def test_all_the_pages_are_read_in_order(fetcher: Fetcher) -> None:
    catalog, server = _read(fetcher, 120, Traits())
    assert [dataset.id for dataset in catalog.datasets] == [f"jeu-{number:04d}" for number in range(1, 121)]
    assert (catalog.complete, catalog.announced, catalog.faults) == (True, 120, ())
    assert [line.split()[2] for line in _lists(server)] == ["1", "51", "101"]
    assert all("apiso:identifier" in line and GMD in line for line in _lists(server))


def test_the_catalogue_says_what_it_is(fetcher: Fetcher) -> None:
    catalog, server = _read(fetcher, 1, Traits(title="Géo d'Exempleville"))
    assert (catalog.source, catalog.place, catalog.title) == ("csw", "portal", "Géo d'Exempleville")
    assert (catalog.location, catalog.software) == (server.url, "GeoNetwork")
    page = f"{server.base_url}/geonetwork/srv/fre/catalog.search#/metadata/jeu-0001"
    assert catalog.datasets[0].landing_page == page


def test_the_software_is_told_when_it_signs_its_answers(fetcher: Fetcher) -> None:
    assert _read(fetcher, 1, Traits(software="pycsw 2.6.2"))[0].software == "pycsw 2.6.2"
    assert _read(fetcher, 1, Traits(software="<script>"))[0].software == "GeoNetwork"


def test_services_and_other_levels_are_left_out_and_services_tied_to_their_datasets(fetcher: Fetcher) -> None:
    records = [
        iso_service(1, ["jeu-0001"]),
        iso_record(1),
        iso_record(2, level="series"),
        iso_record(3, level="nonGeographicDataset"),
        iso_record(4, level="software"),
        iso_service(5, ["jeu-0002"], id="s5"),
    ]
    with serve_csw(records) as server:
        catalog = CswSource(server.url).collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0001", "jeu-0002", "jeu-0003"]
    assert catalog.left_out == (("service", 2), ("software", 1))
    assert catalog.complete and catalog.announced == 6
    assert [len(dataset.distributions) for dataset in catalog.datasets] == [3, 3, 2]


@pytest.mark.parametrize("cap", [100, 10])
@pytest.mark.parametrize("past", ["empty", "exception"])
@pytest.mark.parametrize("following", ["right", "absent", "zero", "negative", "beyond", "jump", "nonsense"])
def test_a_wrong_next_record_loses_nothing(fetcher: Fetcher, following: str, past: str, cap: int) -> None:
    catalog, server = _read(fetcher, 45, Traits(following=following, past_the_end=past, cap=cap), page_size=20)
    assert len(catalog.datasets) == 45
    assert catalog.complete and catalog.announced == 45
    assert len(_lists(server)) == (3 if cap == 100 else 5)


@pytest.mark.parametrize("status", [200, 400, 404, 500])
@pytest.mark.parametrize("matched", ["absent", "negative"])
@pytest.mark.parametrize("past", ["empty", "exception"])
def test_a_catalogue_that_does_not_count_is_read_to_its_end(
    fetcher: Fetcher, matched: str, past: str, status: int
) -> None:
    traits = Traits(matched=matched, following="absent", past_the_end=past, error_status=status)
    catalog, _ = _read(fetcher, 40, traits, page_size=20)
    assert len(catalog.datasets) == 40
    assert catalog.complete and catalog.announced is None


def test_a_catalogue_that_announces_more_than_it_has_is_not_complete(fetcher: Fetcher) -> None:
    catalog, server = _read(fetcher, 45, Traits(matched="huge"), page_size=20)
    assert len(catalog.datasets) == 45 and not catalog.complete
    assert catalog.faults[0].what == "99999955 jeux de données annoncés n'ont pas été vus dans la liste"
    assert len(_lists(server)) < 10


@pytest.mark.parametrize("matched", ["right", "absent"])
def test_a_list_that_repeats_itself_is_told(fetcher: Fetcher, matched: str) -> None:
    traits = Traits(repeats=True, matched=matched, following="right" if matched == "right" else "absent")
    catalog, server = _read(fetcher, 100, traits)
    assert len(catalog.datasets) == 50 and not catalog.complete
    assert [fault.what for fault in catalog.faults] == [
        "la pagination du catalogue tourne en rond : la suite n'est pas lue"
    ]
    assert len(_lists(server)) == 2


def test_a_catalogue_that_cannot_sort_says_what_it_forgot(fetcher: Fetcher) -> None:
    catalog, _ = _read(fetcher, 90, Traits(shuffles=True, refuses=frozenset({"sort"})), page_size=30)
    assert len(catalog.datasets) < 90 and not catalog.complete
    lacking = 90 - len(catalog.datasets)
    assert f"il en répète et {lacking} n'ont pas été vues" in catalog.faults[0].what


@pytest.mark.parametrize("ows", ["1.0", "1.1", "2.0"])
@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("refuses", "last"),
    [
        ({"post"}, "GET GetRecords 1 50"),
        ({"405"}, "GET GetRecords 1 50 apiso:identifier:A"),
        ({"apiso:identifier"}, f"POST GetRecords 1 50 dc:identifier {GMD}"),
        ({"sort"}, f"POST GetRecords 1 50 - {GMD}"),
        ({"types"}, f"POST GetRecords 1 50 apiso:identifier {GMD} csw:Record"),
        ({"gmd"}, f"POST GetRecords 1 50 apiso:identifier {MDB} mdb:MD_Metadata"),
        ({"gmd", "mdb"}, f"POST GetRecords 1 50 dc:identifier {CSW} csw:Record"),
        ({"2.0.2"}, f"POST GetRecords 1 50 apiso:identifier {GMD}"),
    ],
)
def test_what_a_catalogue_refuses_is_asked_otherwise(
    fetcher: Fetcher, refuses: set[str], last: str, status: int, ows: str
) -> None:
    catalog, server = _read(fetcher, 3, Traits(refuses=frozenset(refuses), error_status=status, ows=ows))
    assert len(catalog.datasets) == 3 and catalog.complete
    assert _lists(server)[-1].startswith(last)
    assert len(_lists(server)) <= 4


def test_a_catalogue_that_only_has_the_newer_schema_is_asked_for_it_at_once(fetcher: Fetcher) -> None:
    catalog, server = _read(fetcher, 3, Traits(schemas=(MDB, CSW), refuses=frozenset({"gmd"})))
    assert len(catalog.datasets) == 3
    assert len(_lists(server)) == 1 and MDB in _lists(server)[0]


def test_the_version_3_of_csw_is_spoken(fetcher: Fetcher) -> None:
    _, server = _read(fetcher, 1, Traits(refuses=frozenset({"2.0.2"})))
    assert 'version="3.0.0"' in server.bodies[-1] and "http://www.opengis.net/fes/2.0" in server.bodies[-1]
    assert "resultType" not in server.bodies[-1]


@pytest.mark.parametrize("position", [2, 20, 35, 57])
@pytest.mark.parametrize("status", [200, 500])
def test_one_record_that_breaks_its_page_loses_itself_only(fetcher: Fetcher, position: int, status: int) -> None:
    catalog, _ = _read(fetcher, 57, Traits(broken=frozenset({position}), error_status=status), page_size=20)
    assert len(catalog.datasets) == 56 and not catalog.complete
    assert [fault.what for fault in catalog.faults] == [f"1 fiche n'a pas pu être lue (n° {position} du catalogue)"]


def test_an_answer_cut_in_the_middle_is_read_again_by_smaller_pages(fetcher: Fetcher) -> None:
    catalog, _ = _read(fetcher, 57, Traits(truncates=frozenset({7, 33})), page_size=20)
    assert len(catalog.datasets) == 55
    assert catalog.faults[0].what == "2 fiches n'ont pas pu être lues (n° 7, 33 du catalogue)"


def test_a_catalogue_that_fails_everywhere_is_not_insisted_upon(fetcher: Fetcher) -> None:
    catalog, server = _read(fetcher, 100, Traits(broken=frozenset(range(30, 100))), page_size=20)
    assert len(catalog.datasets) == 29 and not catalog.complete
    assert "le service a rencontré une erreur (à partir de la fiche n°" in catalog.faults[0].what
    assert len(server.seen) < 40


def test_nothing_at_all_is_an_error_in_our_words(fetcher: Fetcher) -> None:
    with pytest.raises(SourceError) as raised:
        _read(fetcher, 5, Traits(broken=frozenset(range(1, 6))))
    assert "le catalogue ne donne pas ses fiches : le service a rencontré une erreur" in str(raised.value)
    assert "NullPointer" not in str(raised.value)


def test_an_empty_catalogue_is_complete(fetcher: Fetcher) -> None:
    catalog, _ = _read(fetcher, 0, Traits())
    assert (catalog.datasets, catalog.complete, catalog.announced) == ((), True, 0)


@pytest.mark.parametrize(
    "body",
    [b"<!DOCTYPE html><html><body>Maintenance</body></html>", b"", b'{"error": 1}', b"<a/>", b"<csw:Get", b"\x00" * 50],
)
def test_something_else_than_a_catalogue_is_an_error(fetcher: Fetcher, body: bytes) -> None:
    with serve_csw(scripted={"/x/csw": body}) as server, pytest.raises(SourceError, match="ne donne pas ses fiches"):
        CswSource(f"{server.base_url}/x/csw").collect(fetcher)


def test_an_unreachable_catalogue_is_an_error_after_one_request(fetcher: Fetcher) -> None:
    with serve_csw() as server:
        url = server.url
    with pytest.raises(SourceError):
        CswSource(url).collect(fetcher)


def test_records_without_a_name_are_one_fault(fetcher: Fetcher) -> None:
    empty = ("", f'<gmd:MD_Metadata xmlns:gmd="{GMD}"/>')
    with serve_csw([empty, iso_record(1), empty]) as server:
        catalog = CswSource(server.url).collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0001"]
    assert [fault.what for fault in catalog.faults] == ["2 fiches n'ont ni identifiant, ni titre"]


def test_a_record_given_twice_is_kept_once(fetcher: Fetcher) -> None:
    with serve_csw([iso_record(1), iso_record(2), iso_record(1), iso_service(3, []), iso_service(3, [])]) as server:
        catalog = CswSource(server.url).collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0001", "jeu-0002"]
    assert catalog.left_out == (("service", 1),)


# Scope


def test_one_record_is_read_from_its_page(fetcher: Fetcher) -> None:
    with serve_csw(generated(3)) as server:
        page = f"{server.base_url}/geonetwork/srv/fre/catalog.search#/metadata/jeu-0002"
        catalog = detect(page).collect(fetcher)
        assert [line.split()[1] for line in server.seen] == ["GetRecordById"]
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0002"]
    assert (catalog.title, catalog.location) == ("Jeu de données 0002", page)


def test_a_record_that_does_not_exist_is_told(fetcher: Fetcher) -> None:
    with serve_csw(generated(1)) as server, pytest.raises(SourceError, match="cette fiche n'existe pas"):
        CswSource(server.url, record="nulle-part").collect(fetcher)


def test_a_record_given_in_the_newer_schema_only(fetcher: Fetcher) -> None:
    with serve_csw(generated(1), Traits(refuses=frozenset({"gmd"}))) as server:
        assert len(CswSource(server.url, record="jeu-0001").collect(fetcher).datasets) == 1


@pytest.mark.parametrize("refuses", [frozenset(), frozenset({"post"})], ids=["POST", "GET"])
@pytest.mark.parametrize(
    "query", ["constraint=AnyText%20like%20'%25l''eau%25'&constraintLanguage=CQL_TEXT", "any=l'eau"]
)
def test_a_search_is_asked_as_the_address_says(fetcher: Fetcher, query: str, refuses: frozenset[str]) -> None:
    records = [iso_record(1), iso_record(2, title="Réseau de l'eau"), iso_record(3)]
    with serve_csw(records, Traits(refuses=refuses)) as server:
        catalog = detect(f"{server.url}?service=CSW&{query}").collect(fetcher)
    assert [dataset.id for dataset in catalog.datasets] == ["jeu-0002"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.fr/geonetwork/srv/fre/csw", CswSource("https://x.fr/geonetwork/srv/fre/csw")),
        ("https://x.fr/geonetwork/ville/fre/csw", CswSource("https://x.fr/geonetwork/ville/fre/csw")),
        ("https://x.fr/srv/eng/csw-inspire?service=CSW&request=GetCapabilities&version=2.0.2", CswSource("https://x.fr/srv/eng/csw-inspire")),
        ("https://ogc.x.fr/csw/csw-ddt24", CswSource("https://ogc.x.fr/csw/csw-ddt24")),
        ("https://x.fr/cgi?map=a&SERVICE=csw", CswSource("https://x.fr/cgi?map=a")),
        ("http://moi:secret@x.fr/csw", CswSource("http://x.fr/csw")),
        ("https://x.fr/csw?service=CSW&request=GetRecordById&id=abc", CswSource("https://x.fr/csw", "abc")),
        ("https://x.fr/csw?service=CSW&constraint=a%3D1", CswSource("https://x.fr/csw", constraint="a=1")),
        ("https://x.fr/csw?service=CSW&constraint=%3CFilter%3E&constraintLanguage=FILTER", CswSource("https://x.fr/csw")),
        ("https://x.fr/geonetwork/srv/fre/catalog.search#/home", CswSource("https://x.fr/geonetwork/srv/fre/csw")),
        ("https://x.fr/geonetwork/srv/fre/catalog.search#/metadata/a-b", CswSource("https://x.fr/geonetwork/srv/fre/csw", "a-b")),
        ("https://x.fr/geonetwork/srv/fre/catalog.search#/search?any=eau%20potable&from=1", CswSource("https://x.fr/geonetwork/srv/fre/csw", words="eau potable")),
        ("https://x.fr/catalogue/srv/fre/catalog.search?uuid=12", CswSource("https://x.fr/catalogue/srv/fre/csw", "12")),
        ("https://x.fr/geonetwork/srv/api/records/a-b/formatters/xml", CswSource("https://x.fr/geonetwork/srv/fre/csw", "a-b")),
        ("https://x.fr/geonetwork/srv/metadata/a-b", CswSource("https://x.fr/geonetwork/srv/fre/csw", "a-b")),
        ("https://x.fr/datahub/dataset/a-b", CswSource("https://x.fr/geonetwork/srv/fre/csw", "a-b")),
        ("https://x.fr/geonetwork/apps/georchestra/?uuid=a-b", CswSource("https://x.fr/geonetwork/srv/fre/csw", "a-b")),
        ("https://x.fr/geoserver/wfs", None),
        ("https://x.fr/csw?service=WFS", None),
        ("https://x.fr/api/records/1.0/search", None),
        ("https://x.fr/dataset/a-b", None),
        ("https://x.fr/", None),
        ("http://[", None),
        ("https:///csw", None),
    ],
)  # fmt: skip
def test_addresses_are_recognised_by_their_shape(url: str, expected: CswSource | None) -> None:
    assert recognise(Target(url, None, url, None, "https://www.data.gouv.fr")) == expected


def _page(server: CswServer, path: str, text: str = "") -> Page:
    return Page(server.base_url + path, server.base_url + path, 200, "text/html", {}, text)


@pytest.mark.parametrize(
    "text",
    [
        "<title>Géo2France - GeoNetwork opensource</title>",
        "<script src='/geonetwork/static/gn_search.js'></script>",
        "<script>var GNLIB = 1;</script>",
        '<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">',
        '<a href="catalog.search#/home">',
    ],
)
def test_the_look_of_a_geonetwork_is_a_hint(text: str) -> None:
    assert hint(Page("https://x.fr", "https://x.fr", 200, "text/html", {}, text))


def test_an_ordinary_page_is_no_hint() -> None:
    text = '<title>Mairie</title><a href="https://www.geo2france.fr/geonetwork/srv/fre/catalog.search">carte</a>'
    assert hint(Page("https://x.fr", "https://x.fr", 200, "text/html", {}, text)) == ""


@pytest.mark.parametrize("path", ["/", "/geonetwork/", "/geonetwork/srv/fre/catalog.search", "/ailleurs"])
def test_a_catalogue_is_confirmed_by_its_capabilities(fetcher: Fetcher, path: str) -> None:
    with serve_csw(generated(1)) as server:
        found = confirm(_page(server, path), fetcher)
        assert found is not None and found.source == CswSource(server.url)
        assert len(server.seen) <= 2
    assert "CSW 2.0.2" in found.ground and found.scope == "tout le catalogue"


def test_a_site_without_catalogue_is_not_confirmed_in_two_requests(fetcher: Fetcher) -> None:
    scripted = {"/geonetwork/srv/fre/csw": b"<html>ok</html>", "/srv/fre/csw": b"<wfs/>"}
    with serve_csw(scripted=scripted) as server:
        assert confirm(_page(server, "/"), fetcher) is None
        assert len(server.seen) == 2
    assert confirm(_page(server, "/"), fetcher) is None
    assert BLIND == 5


# Recordings


@pytest.mark.shared
def test_recorded_exceptions_are_told_in_french(shared: Path) -> None:
    folder = shared / "portals" / "csw"
    asked = refusal_in((folder / "pycsw-exception-request.xml").read_bytes())
    lacking = refusal_in((folder / "pycsw-exception-startposition.xml").read_bytes())
    assert asked is not None and asked.words == "une valeur de la demande est refusée"
    assert lacking is not None and (lacking.words, lacking.part) == ("il manque une valeur à la demande", "set")


@pytest.mark.shared
@pytest.mark.parametrize(("name", "version"), [("202", "2.0.2"), ("300", "3.0.0")])
def test_recorded_capabilities_are_read(shared: Path, name: str, version: str) -> None:
    known = capabilities_of(shared / "portals" / "csw" / f"pycsw-getcapabilities-{name}.xml")
    assert known is not None
    assert (known.title, known.version, known.software) == ("Catalogue de test", version, "pycsw 2.6.2")
    assert GMD in known.schemas


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "matched", "following", "got"),
    [
        ("geonetwork-iso19139-page-1", 6, 3, 2),
        ("geonetwork-iso19139-page-3", 6, 5, 2),
        ("geonetwork-iso19139-page-5", 6, 0, 2),
        ("geoide-iso19139-single-dataset", 1, 0, 1),
        ("inspire-getrecords-response", 216, 85, 2),
        ("pycsw-getrecords-dc-202", 7, 3, 2),
        ("pycsw-getrecords-300", 7, 3, 2),
    ],
)
def test_recorded_pages_are_counted(shared: Path, name: str, matched: int, following: int, got: int) -> None:
    from opendata_check.fetching.document import Document

    path = shared / "portals" / "csw" / f"{name}.xml"
    answer = csw_pages.Answer()
    records = list(csw_pages.answered_records(Document(path, 0, "", "", ""), answer))
    assert (answer.matched, answer.following, answer.got, len(records)) == (matched, following, got, got)
    assert all(csw_record.any_id(record) for record in records)


@pytest.mark.shared
def test_recorded_records_are_served_and_read_whole(shared: Path, fetcher: Fetcher) -> None:
    records: list[Record] = []
    for number in (1, 3, 5):
        text = (shared / "portals" / "csw" / f"geonetwork-iso19139-page-{number}.xml").read_text(encoding="utf-8")
        inside = text.partition("<gmd:MD_Metadata")[2].rpartition("</gmd:MD_Metadata>")[0]
        for part in f"<gmd:MD_Metadata{inside}</gmd:MD_Metadata>".split("</gmd:MD_Metadata>")[:-1]:
            xml = part.strip() + "</gmd:MD_Metadata>"
            xml = xml.replace(
                "<gmd:MD_Metadata", '<gmd:MD_Metadata xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', 1
            )
            element = xml_safe.parse(xml.encode())
            assert element is not None
            records.append((csw_record.any_id(element), xml))
    with serve_csw(records) as server:
        catalog = CswSource(server.url, page_size=4).collect(fetcher)
    assert catalog.complete and len(catalog.datasets) == len({identifier for identifier, _ in records}) == 6
    assert all(dataset.license.startswith("Licence Ouverte ") for dataset in catalog.datasets)


# Requests


def test_what_the_user_typed_cannot_break_out_of_a_request() -> None:
    nasty = "</csw:CqlText><a b='\"&"
    for asked in (csw_request.Asked(cql=nasty), csw_request.Asked(words=nasty)):
        for version in ("2.0.2", "3.0.0"):
            root = xml_safe.parse(csw_request.records_body(csw_request.Way(version=version), asked, 1, 50))
            assert root is not None
            said = [found.text for name in ("CqlText", "Literal") for found in root.iter(name)]
            assert said in ([nasty], [f"%{nasty}%"])


def test_other_ways_end() -> None:
    left, seen = [csw_request.Way()], set[csw_request.Way]()
    while left:
        way = left.pop()
        if way not in seen:
            seen.add(way)
            left += csw_request.other_ways(way, "")
    assert len(seen) < 200


# Speed


@pytest.mark.slow
def test_thousands_of_records_are_mapped_quickly() -> None:
    with (
        open_fetcher(cache_folder=None, allow_private=True, limits=Limits(requests_per_second=10_000.0)) as fetcher,
        serve_csw(generated(3_000), Traits(cap=1000)) as server,
    ):
        start = time.process_time()
        catalog = CswSource(server.url, page_size=200).collect(fetcher)
        spent = time.process_time() - start  # the server's own time is in it: it runs in this process
    assert len(catalog.datasets) == 3_000 and catalog.complete
    assert spent < 10


@pytest.mark.slow
def test_memory_follows_the_datasets_not_the_xml(fetcher: Fetcher) -> None:
    with serve_csw(generated(600), Traits(cap=1000)) as server:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        catalog = CswSource(server.url, page_size=50).collect(fetcher)
        peak = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
    assert len(catalog.datasets) == 600
    assert peak < 20_000_000
