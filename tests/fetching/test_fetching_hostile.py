"""Servers that are broken or mean harm: one clear line each, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from raw_server import raw_server
from scripted_server import Reply, scripted_server

from opendata_check.fetching import (
    Fetcher,
    FetchingError,
    Limits,
    NotJsonError,
    RedirectError,
    TooLongError,
    TooSlowError,
    UnreachableError,
    open_fetcher,
)
from opendata_check.fetching.addresses import Address
from opendata_check.fetching.availability import check_available
from opendata_check.fetching.exchange import ask
from opendata_check.fetching.question import Question
from opendata_check.fetching.transport import Transport

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=2)
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as opened:
        yield opened


def test_thirty_redirects_are_too_many(fetcher: Fetcher) -> None:
    script: dict[str, Reply | list[Reply]] = {f"/{i}": Reply(302, headers={"Location": f"/{i + 1}"}) for i in range(30)}
    with scripted_server({**script, "/30": Reply(body=b"1")}) as server:
        with pytest.raises(RedirectError, match="d'une adresse à une autre") as caught:
            fetcher.json(f"{server.base_url}/0")
        assert len(server.seen) == QUICK.redirects + 1
        assert len(server.clients) == 1
    assert caught.value.ground == "too_many_redirects"


def test_a_name_that_changes_its_answer_leads_only_to_the_address_that_was_judged(tmp_path: Path) -> None:
    answers = []

    def rebinding(host: str, port: int) -> list[Address]:
        """Lead to our server the first time, and nowhere the next ones."""
        answers.append(host)
        there = ("127.0.0.1", int(server.base_url.rpartition(":")[2]))
        return [(socket.AF_INET, there if len(answers) == 1 else ("127.0.0.1", 9))]

    with scripted_server({"/": Reply(body=b"1")}) as server:
        transport = Transport(QUICK, rebinding, "essai")
        try:
            for number in range(3):
                target = tmp_path / str(number)
                ask(transport, Question("http://exemple.fr/", {}, 100, 5.0), target, None)
                assert target.read_bytes() == b"1"
        finally:
            transport.close()
        assert answers == ["exemple.fr"]
        assert len(server.seen) == 3


@pytest.mark.parametrize("way", ["json", "download", "look"])
def test_one_byte_a_second_is_cut_in_time(way: str) -> None:
    limits = replace(QUICK, json_seconds=1.0, download_seconds=1.0)
    with (
        scripted_server({"/": Reply(body=b"1" * 60, seconds_per_byte=1.0)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        with pytest.raises(TooSlowError):
            getattr(fetcher, way)(f"{server.base_url}/")
        assert time.monotonic() - start < 5


def test_a_header_of_a_megabyte_is_told_and_not_tried_again(fetcher: Fetcher) -> None:
    with scripted_server({"/": Reply(body=b"1", headers={"X-Long": "x" * 1_000_000})}) as server:
        with pytest.raises(UnreachableError, match="en-têtes démesurés"):
            fetcher.json(f"{server.base_url}/")
        assert len(server.seen) == 1


def test_a_thousand_headers_are_told(fetcher: Fetcher) -> None:
    headers = {f"X-{number}": "x" for number in range(1000)}
    with (
        scripted_server({"/": Reply(body=b"1", headers=headers)}) as server,
        pytest.raises(UnreachableError, match="en-têtes démesurés"),
    ):
        fetcher.json(f"{server.base_url}/")


def test_a_length_greater_than_the_body_is_a_cut(fetcher: Fetcher) -> None:
    with (
        scripted_server({"/": Reply(body=b"1", announce=1000)}) as server,
        pytest.raises(UnreachableError, match="coupé"),
    ):
        fetcher.json(f"{server.base_url}/")


def test_a_length_smaller_than_the_body_cuts_it_and_harms_no_other_answer(fetcher: Fetcher) -> None:
    script = {"/": Reply(body=b"12" + b"HTTP/1.1 200 OK\r\n" * 500, announce=2), "/b": Reply(body=b"3")}
    with scripted_server(script) as server:
        for _ in range(5):
            assert fetcher.json(f"{server.base_url}/") == 12
            assert fetcher.json(f"{server.base_url}/b") == 3


@pytest.mark.parametrize("length", ["-5", "abc", "9" * 40, "12, 13"])
def test_an_absurd_length_is_one_failure_at_most(fetcher: Fetcher, length: str) -> None:
    reply = Reply(body=b"12", announce=None, headers={"Content-Length": length})
    with scripted_server({"/": reply}) as server:
        for way in (fetcher.json, fetcher.look, fetcher.head):
            try:
                way(f"{server.base_url}/")
            except FetchingError as error:
                assert "\n" not in str(error)


# ---- what no HTTP library would send


def _always(*pieces: bytes, close: bool = True) -> Callable[[socket.socket, bytes], None]:
    def answer(opened: socket.socket, head: bytes) -> None:
        for piece in pieces:
            opened.sendall(piece)
        if close:
            opened.shutdown(socket.SHUT_RDWR)

    return answer


def _forever(start: bytes, piece: bytes) -> Callable[[socket.socket, bytes], None]:
    def answer(opened: socket.socket, head: bytes) -> None:
        opened.sendall(start)
        while True:
            opened.sendall(piece)

    return answer


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"3\r\nx;y\r\n0\r\n\r\n",
        b"1;name=value\r\nx\r\n2\r\n;y\r\n0\r\n\r\n",
        b"3\r\nx;y\r\n0\r\nX-Trailer: 1\r\nContent-Length: 9999\r\n\r\n",
    ],
)
def test_chunks_of_any_form_are_read(fetcher: Fetcher, body: bytes) -> None:
    with raw_server(_always(CHUNKED, body)) as url:
        assert fetcher.download(url).path.read_bytes() == b"x;y"
        found = check_available(fetcher, url, announced_type="csv")
    assert (found.state, found.byte_size) == ("available", 3)


@pytest.mark.parametrize(
    "body",
    [b"3\r\nx;y\r\n", b"-3\r\nx;y\r\n0\r\n\r\n", b"zz\r\nx;y", b"", b"f" * 100_000, b"ffffffffffffffffff\r\nx;y"],
)
def test_broken_chunks_are_a_cut(fetcher: Fetcher, body: bytes) -> None:
    with raw_server(_always(CHUNKED, body)) as url, pytest.raises(UnreachableError):
        fetcher.download(url)


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        (CHUNKED + b"3\r\nx;y\r\n0\r\n", b"X-Trailer: 1\r\n" * 100),
        (CHUNKED, b"1\r\nx\r\n" * 100),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"", mtime=0) * 100),
        (b"HTTP/1.1 302 Found\r\nLocation: /a\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 100),
    ],
)
def test_what_never_ends_ends_in_time_and_in_little_memory(start: bytes, piece: bytes) -> None:
    limits = replace(QUICK, download_seconds=1.0, json_seconds=1.0, retries=0)
    with (
        raw_server(_forever(start, piece)) as url,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        for ask in (fetcher.download, fetcher.json):
            began = time.monotonic()
            with pytest.raises(FetchingError):
                ask(url)
            assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"x;y\n", mtime=0) + gzip.compress(b"1;2\n", mtime=0) + b"\0" * 10),
        ("deflate", zlib.compress(b"x;y\n1;2\n")),
        ("deflate", zlib.compress(b"x;y\n1;2\n", wbits=-15)),
    ],
)
def test_a_compressed_body_that_comes_byte_by_byte_is_read(fetcher: Fetcher, encoding: str, packed: bytes) -> None:
    start = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(packed)}\r\n\r\n"

    def answer(opened: socket.socket, head: bytes) -> None:
        opened.sendall(start.encode())
        for byte in packed:
            opened.sendall(bytes([byte]))
            time.sleep(0.002)

    with raw_server(answer) as url:
        assert fetcher.download(url).path.read_bytes() == b"x;y\n1;2\n"


def test_the_body_of_a_head_harms_no_other_answer(fetcher: Fetcher) -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 3\r\n\r\nx;y"
    with raw_server(_always(whole, close=False)) as url:
        for _ in range(5):
            assert fetcher.head(url).total_size == 3
            assert fetcher.download(url).path.read_bytes() == b"x;y"


@pytest.mark.parametrize("line", [b"HTTP/1.1 2000 OK", b"HTTP/9.9 200 OK", b"SSH-2.0-OpenSSH", b"\x00" * 50, b"200"])
def test_what_is_no_answer_of_the_web_is_one_failure(fetcher: Fetcher, line: bytes) -> None:
    with raw_server(_always(line + b"\r\n\r\n")) as url:
        for ask in (fetcher.download, fetcher.look, fetcher.head):
            try:
                ask(url)
            except FetchingError as error:
                assert error.ground in ("connection_cut", "other")
        assert check_available(fetcher, url).state in ("unknown", "available")


def test_a_truncated_json_is_told(fetcher: Fetcher) -> None:
    with (
        scripted_server({"/": Reply(body=b'{"data": [1, 2', headers=JSON)}) as server,
        pytest.raises(NotJsonError, match="incomplète"),
    ):
        fetcher.json(f"{server.base_url}/")


@pytest.mark.parametrize("claimed", ["utf-8", "iso-8859-1", "utf-16", "klingon", "", "../../etc"])
@pytest.mark.parametrize("real", ["utf-8", "cp1252"])
@pytest.mark.parametrize("before", [b"", b"\r\n "])
def test_json_is_read_whatever_charset_is_claimed(fetcher: Fetcher, claimed: str, real: str, before: bytes) -> None:
    raw = before + json.dumps({"nom": "Écoles à l’été"}, ensure_ascii=False).encode(real)
    with scripted_server({"/": Reply(body=raw, headers={"Content-Type": f"application/json; charset={claimed}"})}) as s:
        assert fetcher.json(f"{s.base_url}/") == {"nom": "Écoles à l’été"}


def test_a_document_tells_the_charset_that_is_claimed_and_gives_the_bytes(fetcher: Fetcher) -> None:
    raw = "é".encode()
    headers = {"Content-Type": 'text/xml; charset="ISO-8859-1"'}
    with scripted_server({"/": Reply(body=raw, headers=headers)}) as server, fetcher.document(server.base_url) as given:
        assert (given.charset, given.beginning()) == ("iso-8859-1", raw)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip," * 50 + "gzip", "compress"])
def test_an_encoding_that_was_not_asked_for_is_told(fetcher: Fetcher, encoding: str) -> None:
    with (
        scripted_server({"/": Reply(body=gzip.compress(b"1"), headers={"Content-Encoding": encoding})}) as server,
        pytest.raises(UnreachableError, match="compressée d'une façon inhabituelle"),
    ):
        fetcher.json(f"{server.base_url}/")


@pytest.mark.parametrize("body", [b"\x1f", gzip.compress(b"x;y", mtime=0)[:-1], zlib.compress(b"x;y")])
def test_a_compressed_body_that_stops_too_early_is_told(fetcher: Fetcher, body: bytes) -> None:
    with (
        scripted_server({"/": Reply(body=body, headers={"Content-Encoding": "gzip"})}) as server,
        pytest.raises(UnreachableError, match="mal compressée"),
    ):
        fetcher.download(server.base_url)


@pytest.mark.parametrize("named", ["UTF-8", "none", "binary", "aws-chunked", "identity", ""])
def test_an_encoding_that_is_none_changes_nothing(fetcher: Fetcher, named: str) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/a": Reply(body=b"x;y", headers={"Content-Encoding": named}),
        "/b": Reply(body=gzip.compress(b"x;y"), headers={"Content-Encoding": f"{named}, gzip"}),
    }
    with scripted_server(script) as server:
        for path in script:
            assert fetcher.download(server.base_url + path).path.read_bytes() == b"x;y"


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 65_540, 131_073])
@pytest.mark.parametrize(("encoding", "form"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_a_compressed_body_is_read_to_its_last_byte(fetcher: Fetcher, encoding: str, form: int, size: int) -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, form)
    packed = packer.compress(b"0" * size) + packer.flush()
    with scripted_server({"/": Reply(body=packed, headers={"Content-Encoding": encoding})}) as server:
        assert fetcher.download(server.base_url).byte_size == size


@pytest.mark.parametrize(("encoding", "form"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_a_bomb_is_cut_at_the_limit_in_little_memory(encoding: str, form: int) -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, form)
    packed = b"".join(packer.compress(b"0" * 1_000_000) for _ in range(300)) + packer.flush()
    with scripted_server({"/": Reply(body=packed, headers={"Content-Encoding": encoding})}) as server:
        code = f"""
import tracemalloc
from opendata_check.fetching import Limits, TooLongError, open_fetcher
limits = Limits(json_bytes=50_000_000, max_bytes=50_000_000, document_bytes=50_000_000, requests_per_second=1000.0)
with open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher:
    fetcher.look({server.base_url!r} + "/", size=1000)  # what it imports is not counted
    tracemalloc.start()
    content = fetcher.download({server.base_url!r} + "/")
    assert content.truncated and content.byte_size == 50_000_000
    try:
        with fetcher.document({server.base_url!r} + "/"):
            raise SystemExit("la bombe a explosé")
    except TooLongError:
        pass
    assert fetcher.look({server.base_url!r} + "/", size=1000).data == b"0" * 1000
    print(tracemalloc.get_traced_memory()[1])
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 3_000_000


def test_a_json_bomb_is_refused(fetcher: Fetcher) -> None:
    packed = gzip.compress(b" " * 30_000_000)
    with (
        scripted_server({"/": Reply(body=packed, headers={**JSON, "Content-Encoding": "gzip"})}) as server,
        pytest.raises(TooLongError),
    ):
        fetcher.json(f"{server.base_url}/")


@pytest.mark.parametrize("location", ["http://[", "http://exemple.fr:99999/", "//", "http:///", "\x00", "http://a b/"])
def test_a_redirect_to_nonsense_is_one_failure(fetcher: Fetcher, location: str) -> None:
    with (
        scripted_server({"/": Reply(302, headers={"Location": location})}) as server,
        pytest.raises(FetchingError) as caught,
    ):
        fetcher.look(f"{server.base_url}/")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://" + "a" * 70 + ".fr/", "http://exemple..fr/", "http://é" + "é" * 80 + ".fr/"])
def test_a_name_that_cannot_exist_is_one_failure(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchingError) as caught:
        fetcher.look(url)
    assert caught.value.ground in ("dns", "bad_address", "no_network")


def test_an_address_of_a_hundred_thousand_characters_is_refused(fetcher: Fetcher) -> None:
    with pytest.raises(FetchingError, match="adresse web") as caught:
        fetcher.look("http://127.0.0.1/" + "a" * 100_000)
    assert len(str(caught.value)) < 500
