"""The beginning of what stands at an address, from servers that honour Range, ignore it or get it wrong."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from scripted_server import Reply, scripted_server

from opendata_check.fetching import Fetcher, Limits, Look, TooSlowError, UnreachableError, open_fetcher

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=2)
BODY = bytes(range(256)) * 40


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as opened:
        yield opened


def _look(fetcher: Fetcher, reply: Reply | list[Reply], size: int = 1000) -> tuple[Look, list[dict[str, str]]]:
    with scripted_server({"/": reply}) as server:
        return fetcher.look(f"{server.base_url}/", size=size), [headers for _, headers in server.seen]


def test_only_the_beginning_is_asked_for_as_it_is(fetcher: Fetcher) -> None:
    look, asked = _look(fetcher, Reply(body=BODY, ranges=True, headers={"Content-Type": "Text/CSV; charset=utf-8"}))
    assert (look.status, look.data, look.total_size, look.media_type) == (200, BODY[:1000], len(BODY), "text/csv")
    assert (asked[0]["range"], asked[0]["accept-encoding"]) == ("bytes=0-999", "identity")


@pytest.mark.parametrize("announce", [-1, None])
def test_a_server_that_ignores_ranges_is_read_as_far_as_needed(fetcher: Fetcher, announce: int | None) -> None:
    look, _ = _look(fetcher, Reply(body=BODY, announce=announce))
    assert (look.status, look.data) == (200, BODY[:1000])
    assert look.total_size == (len(BODY) if announce == -1 else None)


def test_an_endless_answer_is_left(fetcher: Fetcher) -> None:
    start = time.monotonic()
    look, _ = _look(fetcher, Reply(endless=True))
    assert len(look.data) == 1000
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("size", [len(BODY), len(BODY) + 1, 10 * len(BODY)])
def test_a_short_answer_is_whole_and_its_size_known(fetcher: Fetcher, ranges: bool, size: int) -> None:
    look, _ = _look(fetcher, Reply(body=BODY, ranges=ranges), size)
    assert (look.data, look.total_size) == (BODY, len(BODY))


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": "bytes 500-999/10240"},
        {"Content-Range": "bytes */10240"},
        {"Content-Range": "octets 0-999/10240"},
        {},
    ],
)
def test_the_wrong_part_is_never_taken_for_the_beginning(fetcher: Fetcher, headers: dict[str, str]) -> None:
    look, asked = _look(fetcher, [Reply(206, BODY[500:1000], headers=headers), Reply(body=BODY)])
    assert (look.status, look.data) == (200, BODY[:1000])
    assert "range" not in asked[1]


def test_a_part_of_unknown_total_is_the_beginning_all_the_same(fetcher: Fetcher) -> None:
    look, _ = _look(fetcher, Reply(206, BODY[:1000], headers={"Content-Range": "bytes 0-999/*"}))
    assert (look.data, look.total_size) == (BODY[:1000], None)


def test_a_shorter_part_than_asked_is_the_beginning_all_the_same(fetcher: Fetcher) -> None:
    look, _ = _look(fetcher, Reply(206, BODY[:10], headers={"Content-Range": "bytes 0-9/10240"}))
    assert (look.data, look.total_size) == (BODY[:10], 10240)


def test_the_416_of_an_empty_file_is_an_empty_file(fetcher: Fetcher) -> None:
    look, asked = _look(fetcher, Reply(416, b"<h1>Range</h1>", headers={"Content-Range": "bytes */0"}))
    assert (look.status, look.data, look.total_size) == (200, b"", 0)
    assert len(asked) == 1


def test_another_416_is_asked_again_without_a_range(fetcher: Fetcher) -> None:
    look, asked = _look(fetcher, [Reply(416), Reply(body=b"court")])
    assert (look.status, look.data, look.total_size) == (200, b"court", 5)
    assert "range" not in asked[1]


@pytest.mark.parametrize("status", [200, 206])
def test_a_server_that_compresses_all_the_same_is_read(fetcher: Fetcher, status: int) -> None:
    packed = gzip.compress(BODY)
    headers = {"Content-Encoding": "gzip", "Content-Range": f"bytes 0-{len(packed) - 1}/{len(packed)}"}
    look, _ = _look(fetcher, Reply(status, packed, headers=headers))
    assert look.data == BODY[:1000]
    assert look.total_size is None  # what is announced is the size of the compressed form


def test_the_beginning_of_a_compressed_body_is_read(fetcher: Fetcher) -> None:
    packed = gzip.compress(bytes(i * i % 251 for i in range(200_000)))
    headers = {"Content-Encoding": "gzip", "Content-Range": f"bytes 0-999/{len(packed)}"}
    look, _ = _look(fetcher, Reply(206, packed[:1000], headers=headers), 100)
    assert look.data == bytes(i * i % 251 for i in range(100))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503])
def test_a_refusal_is_looked_at_too(fetcher: Fetcher, status: int) -> None:
    look, asked = _look(fetcher, Reply(status, b"non"))
    assert (look.status, look.data) == (status, b"non")
    assert len(asked) == 1


def test_a_patient_look_asks_again_after_a_failure_that_may_pass(fetcher: Fetcher) -> None:
    with scripted_server({"/a": [Reply(503, b"non"), Reply(body=b"oui")], "/b": Reply(500, b"non")}) as server:
        assert fetcher.look(f"{server.base_url}/a", patient=True).data == b"oui"
        still = fetcher.look(f"{server.base_url}/b", patient=True, retries=1)
        assert (still.status, still.data) == (500, b"non")
        assert len(server.seen) == 4


@pytest.mark.parametrize("after", [0, 10])
def test_a_connection_that_is_cut_too_soon_is_tried_again_then_told(fetcher: Fetcher, after: int) -> None:
    look, asked = _look(fetcher, [Reply(body=BODY, cut_after=after), Reply(body=BODY)])
    assert look.data == BODY[:1000]
    assert len(asked) == 2
    with pytest.raises(UnreachableError, match="coupé la connexion"):
        _look(fetcher, Reply(body=BODY, cut_after=after))


def test_what_came_of_a_refusal_before_a_cut_is_kept(fetcher: Fetcher) -> None:
    look, asked = _look(fetcher, Reply(503, BODY, cut_after=10))
    assert (look.status, look.data) == (503, BODY[:10])
    assert len(asked) == 1


def test_a_server_that_drips_is_cut() -> None:
    limits = replace(QUICK, json_seconds=0.5)
    with (
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
        pytest.raises(TooSlowError),
    ):
        _look(fetcher, Reply(body=BODY, seconds_per_byte=0.05))


def test_a_head_brings_no_body_and_follows_redirects_as_a_head(fetcher: Fetcher) -> None:
    script = {"/r": Reply(303, headers={"Location": "/a"}), "/a": Reply(body=BODY, headers={"Last-Modified": "x"})}
    with scripted_server(script) as server:
        said = fetcher.head(f"{server.base_url}/r")
        assert server.methods == ["HEAD", "HEAD"]
        assert said.final_url == f"{server.base_url}/a"
    assert (said.status, said.data, said.total_size, said.headers["last-modified"]) == (200, b"", len(BODY), "x")


def test_an_answer_shows_the_headers_we_know_of_and_no_cookie(fetcher: Fetcher) -> None:
    headers = {"Set-Cookie": "a=1", "X-RateLimit-Remaining": "12", "Server": "nginx", "X-Request-Id": "7"}
    look, _ = _look(fetcher, Reply(body=b"x", headers=headers))
    assert look.headers["x-ratelimit-remaining"] == "12"
    assert "nginx" in look.headers["server"]
    assert not {"set-cookie", "x-request-id", "date"} & look.headers.keys()
