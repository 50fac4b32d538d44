"""A bare address is told to be one kind of portal, in six requests at most, and what was found is remembered."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import ckan_server
import ods_server
import pytest
from udata_server import UdataServer

from opendata_check.fetching import Fetcher
from opendata_check.sources import SourceError, find, unknown_kind
from opendata_check.sources.finding.kinds import all_kinds, kind_names, kind_of, name_of
from opendata_check.sources.finding.probing import MOST_REQUESTS, identify
from opendata_check.sources.finding.remembering import recall, remember
from opendata_check.sources.udata import UdataSource

HTML = b"<!doctype html><html lang=fr><title>Ma ville</title><body><h1>Bienvenue</h1></body></html>"


@contextmanager
def plain_site(page: bytes = HTML, *, everywhere: bool = False, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Serve one page at / (or at every address), 404 elsewhere; give the base URL and the paths asked."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            known = everywhere or self.path == "/"
            self.send_response(status if known else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page if known else b"<html>Page introuvable</html>")

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_plain_site_is_of_no_known_kind_and_costs_six_requests_at_most(fetcher: Fetcher) -> None:
    with plain_site() as (base, seen):
        found = identify(base + "/", fetcher)
    assert found.recognition is None
    assert len(seen) <= MOST_REQUESTS == 6
    assert found.requests == len(seen)
    assert found.attempts and not any(attempt.answered for attempt in found.attempts)
    assert all(attempt.hint == "" for attempt in found.attempts)


@pytest.mark.parametrize("status", [200, 403, 404, 500])
def test_a_page_that_answers_anything_anywhere_is_taken_for_no_portal(fetcher: Fetcher, status: int) -> None:
    with plain_site(everywhere=True, status=status) as (base, _):
        found = identify(base + "/", fetcher)
    assert found.recognition is None
    assert found.requests <= 6


def test_the_error_says_what_was_tried(fetcher: Fetcher) -> None:
    with plain_site() as (base, _):
        error = unknown_kind(identify(base + "/", fetcher))
    for name in ("Opendatasoft", "CKAN"):
        assert name in str(error)


def test_a_site_that_does_not_answer_is_told(fetcher: Fetcher) -> None:
    with plain_site() as (base, _):
        pass
    with pytest.raises(SourceError, match="refuse la connexion"):
        identify(base + "/", fetcher)


def test_an_opendatasoft_portal_is_found_from_its_bare_address(fetcher: Fetcher) -> None:
    with ods_server.serve_ods(ods_server.generated(3)) as portal:
        found = find(portal.base_url, fetcher)
        assert found.recognition is not None
        assert found.recognition.source.kind == "opendatasoft"
        assert found.recognition.ground
        assert found.requests <= 6
        assert len(found.recognition.source.collect(fetcher).datasets) == 3


def test_a_ckan_portal_is_found_from_its_bare_address(fetcher: Fetcher) -> None:
    with ckan_server.serve_ckan(ckan_server.generated(3)) as portal:
        found = find(portal.base_url, fetcher)
        assert found.recognition is not None
        assert found.recognition.source.kind == "ckan"
        assert found.requests <= 6
        assert len(found.recognition.source.collect(fetcher).datasets) == 3


def test_a_udata_portal_is_found_from_its_bare_address(
    fetcher: Fetcher, udata: Callable[..., AbstractContextManager[UdataServer]]
) -> None:
    with udata(organizations=[{"id": "a" * 24, "slug": "ville", "name": "Ville"}]) as portal:
        found = find(portal.base_url, fetcher)
    assert found.recognition is not None
    assert found.recognition.source.kind == "udata"
    assert found.requests <= 6


def test_what_was_found_is_not_asked_again(fetcher: Fetcher, tmp_path: Path) -> None:
    with ckan_server.serve_ckan(ckan_server.generated(3)) as portal:
        first = find(portal.base_url, fetcher, kept_in=tmp_path)
        again = find(portal.base_url, fetcher, kept_in=tmp_path)
    assert again.requests == 0
    assert first.recognition is not None
    assert again.recognition == first.recognition


def test_what_is_remembered_is_forgotten_after_thirty_days(tmp_path: Path, fetcher: Fetcher) -> None:
    with ckan_server.serve_ckan(ckan_server.generated(1)) as portal:
        url = portal.base_url
        found = find(url, fetcher, kept_in=tmp_path).recognition
    assert found is not None
    (kept,) = (tmp_path / "portails").iterdir()
    long_ago = time.time() - 31 * 24 * 3600
    os.utime(kept, (long_ago, long_ago))
    assert recall(tmp_path, url) is None
    remember(tmp_path, url, found)
    assert recall(tmp_path, url) == found


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "../../evil"},
        {"kind": "udata", "class": "re"},
        {"class": "Path"},
        {"fields": {"unknown": 1}},
        {"fields": []},
        {"url": "http://autre.fr"},
        {"version": "0"},
        {"class": None},
    ],
)
def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path, change: dict[str, object]) -> None:
    from opendata_check.sources.interface import Recognition

    url = "http://portail.exemple.fr"
    remember(tmp_path, url, Recognition(UdataSource(url, "organization", "ville"), "parce que", "la ville"))
    assert recall(tmp_path, url) is not None
    (kept,) = (tmp_path / "portails").iterdir()
    kept.write_text(json.dumps(json.loads(kept.read_text()) | change))
    assert recall(tmp_path, url) is None
    kept.write_bytes(b"\xff{")
    assert recall(tmp_path, url) is None


def test_every_kind_of_portal_says_how_it_is_told_and_what_it_reads() -> None:
    assert {"udata", "opendatasoft", "ckan", "dcat", "csw", "ogc_records", "wfs", "arcgis_hub", "data_fair"} <= set(
        kind_names()
    )
    ranks = []
    for kind in all_kinds():
        assert kind.ACCEPTS and name_of(kind) != "" and kind_of(kind) in kind_names()
        if hasattr(kind, "confirm"):
            assert kind.MAPPING and callable(kind.hint)
            assert all(name.split(".")[0] in ("dataset", "distribution") for name in kind.MAPPING)
            ranks.append(getattr(kind, "BLIND", 0))
    blind = [rank for rank in ranks if rank]
    assert len(blind) == len(set(blind)) <= MOST_REQUESTS - 1
