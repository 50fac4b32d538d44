"""What a Fetcher does against a real local server; ``allow_private`` is on except where the guard is tested."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from raw_server import raw_server
from scripted_server import Reply, scripted_server

from opendata_check.fetching import (
    BadAddressError,
    Fetcher,
    FetchingError,
    InsecureError,
    Limits,
    NotJsonError,
    PrivateAddressError,
    RedirectError,
    StatusError,
    TooLongError,
    TooSlowError,
    UnknownHostError,
    UnreachableError,
    open_fetcher,
)
from opendata_check.fetching.availability import check_available

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, connect_seconds=2.0, read_seconds=2.0, retries=2)
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as opened:
        yield opened


def _json(value: Any, **more: Any) -> Reply:
    return Reply(body=json.dumps(value).encode(), headers=JSON, **more)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- JSON


def test_json_is_returned_with_its_parameters_sent(fetcher: Fetcher) -> None:
    with scripted_server({"/api/": _json({"é": [1, None]})}) as server:
        assert fetcher.json(f"{server.base_url}/api/", {"q": "eau & gaz", "page": 2}) == {"é": [1, None]}
        assert server.paths() == ["/api/?q=eau+%26+gaz&page=2"]


def test_a_request_names_the_tool_and_its_headers(fetcher: Fetcher) -> None:
    with scripted_server({"/": _json(1)}) as server:
        fetcher.json(f"{server.base_url}/", headers={"X-Fields": "data{id}"})
        _, headers = server.seen[0]
    assert headers["user-agent"].startswith("opendata-check/")
    assert headers["x-fields"] == "data{id}"
    assert headers["accept"] == "application/json"


@pytest.mark.parametrize("raw", [b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', '{"a": 1}'.encode("utf-16")])
def test_json_is_read_whatever_its_unicode_form(fetcher: Fetcher, raw: bytes) -> None:
    with scripted_server({"/": Reply(body=raw)}) as server:
        assert fetcher.json(f"{server.base_url}/") == {"a": 1}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(body=b"<html><body>Maintenance</body></html>", headers={"Content-Type": "text/html"}), "page web"),
        (Reply(body=b"  <!doctype html>", headers=JSON), "page web"),
        (Reply(body=b'{"data": [{"id": "a"', headers=JSON), "incomplète"),
        (Reply(body=b"", headers=JSON), "incomplète"),
        (Reply(body=b"[" * 200_000, headers=JSON), "incomplète"),
        (Reply(body=b"9" * 20_000, headers=JSON), "incomplète"),
        (Reply(body=b'"\xff\xfe\xfd"', headers=JSON), "incomplète"),
    ],
)
def test_what_is_not_json_is_told(fetcher: Fetcher, reply: Reply, words: str) -> None:
    with scripted_server({"/": reply}) as server, pytest.raises(NotJsonError, match=words) as caught:
        fetcher.json(f"{server.base_url}/")
    assert "\n" not in str(caught.value)


def test_a_too_long_json_is_refused() -> None:
    limits = Limits(json_bytes=1000, retries=0)
    with (
        scripted_server({"/": _json("x" * 2000)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
        pytest.raises(TooLongError),
    ):
        fetcher.json(f"{server.base_url}/")


def test_an_endless_json_is_refused() -> None:
    limits = Limits(json_bytes=1_000_000, retries=0)
    with (
        scripted_server({"/": Reply(endless=True)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
        pytest.raises(TooLongError),
    ):
        fetcher.json(f"{server.base_url}/")


# ---- statuses and retries


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "refuse la demande"),
        (401, "mot de passe"),
        (403, "refuse l'accès"),
        (404, "n'existe pas"),
        (410, "supprimée"),
        (418, "refuse la demande"),
        (501, "en panne"),
    ],
)
def test_a_lasting_refusal_is_told_at_once_with_its_status(fetcher: Fetcher, status: int, words: str) -> None:
    with scripted_server({"/x": Reply(status, b'{"message": "nope"}')}) as server:
        with pytest.raises(StatusError, match=words) as caught:
            fetcher.json(f"{server.base_url}/x")
        assert len(server.seen) == 1
    assert caught.value.status == status
    assert caught.value.where == f"{server.base_url}/x"
    assert "nope" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_temporary_failure_is_tried_again(fetcher: Fetcher, status: int) -> None:
    with scripted_server({"/": [Reply(status), Reply(status), _json("enfin")]}) as server:
        assert fetcher.json(f"{server.base_url}/") == "enfin"
        assert len(server.seen) == 3


def test_retries_end(fetcher: Fetcher) -> None:
    with scripted_server({"/": Reply(503)}) as server:
        with pytest.raises(StatusError, match="en panne") as caught:
            fetcher.json(f"{server.base_url}/")
        assert len(server.seen) == QUICK.retries + 1
    assert caught.value.status == 503


def test_retry_after_is_respected(fetcher: Fetcher) -> None:
    with scripted_server({"/": [Reply(429, headers={"Retry-After": "1"}), _json(1)]}) as server:
        start = time.monotonic()
        assert fetcher.json(f"{server.base_url}/") == 1
        assert time.monotonic() - start >= 1.0


@pytest.mark.parametrize(
    "header",
    ["demain", "", "-1", "1e9", "²", "Wed, 21 Oct 2015 07:28:00 +99999999999999999999", "Mon, 1 Jan 1 0:0:0 +2359"],
)
def test_a_retry_after_that_means_nothing_is_no_wait(fetcher: Fetcher, header: str) -> None:
    with scripted_server({"/": [Reply(503, headers={"Retry-After": header}), _json(1)]}) as server:
        start = time.monotonic()
        assert fetcher.json(f"{server.base_url}/") == 1
        assert time.monotonic() - start < 1


@pytest.mark.parametrize("header", ["600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_long_retry_after_is_told_instead_of_waited_for(fetcher: Fetcher, header: str) -> None:
    with scripted_server({"/": Reply(429, headers={"Retry-After": header})}) as server:
        with pytest.raises(StatusError, match=r"Réessayez dans [0-9]+ minutes"):
            fetcher.json(f"{server.base_url}/")
        assert len(server.seen) == 1


def test_a_connection_cut_in_the_middle_is_tried_again(fetcher: Fetcher) -> None:
    with scripted_server({"/": [Reply(body=b'{"a"', announce=500), _json(1)]}) as server:
        assert fetcher.json(f"{server.base_url}/") == 1


def test_a_refused_connection_is_told(fetcher: Fetcher) -> None:
    with pytest.raises(UnreachableError, match="refuse la connexion"):
        fetcher.json(f"http://127.0.0.1:{_free_port()}/")


def test_an_unknown_host_is_told(fetcher: Fetcher) -> None:
    with pytest.raises(UnknownHostError, match="Vérifiez l'adresse"):
        fetcher.json("https://commune-qui-n-existe-pas.invalid/x")


def test_a_server_without_tls_is_told() -> None:
    with (
        scripted_server({"/": _json(1)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
        pytest.raises(InsecureError, match="connexion sécurisée"),
    ):
        fetcher.json(server.base_url.replace("http:", "https:") + "/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://exemple.fr/a",
        "file:///etc/passwd",
        "exemple.fr",
        "http://",
        "http://[::1/",
        "http://a:99999/",
        "http:///x",
        "",
    ],
)
def test_what_is_not_a_web_address_is_refused(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(BadAddressError, match="adresse web"):
        fetcher.download(url)


def test_a_password_in_the_address_is_refused_and_never_shown(fetcher: Fetcher) -> None:
    with pytest.raises(BadAddressError) as caught:
        fetcher.download("https://agent:s3cret@exemple.fr/a.csv")
    assert "s3cret" not in str(caught.value)


def test_requests_to_one_host_are_paced() -> None:
    limits = Limits(requests_per_second=20.0)
    with (
        scripted_server({"/": _json(1)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        for _ in range(5):
            fetcher.json(f"{server.base_url}/")
        assert time.monotonic() - start >= 4 / 20


# ---- time


@pytest.mark.parametrize("announce", [-1, None])
def test_a_server_that_drips_its_body_is_cut(announce: int | None) -> None:
    limits = Limits(download_seconds=0.6, read_seconds=5.0)
    with (
        scripted_server({"/": Reply(body=b"x" * 1000, seconds_per_byte=0.05, announce=announce)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        with pytest.raises(TooSlowError, match="trop lentement"):
            fetcher.download(f"{server.base_url}/")
        assert time.monotonic() - start < 3


def test_a_server_that_drips_its_headers_is_cut() -> None:
    def drip(opened: socket.socket, head: bytes) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 500:
            opened.send(bytes([byte]))
            time.sleep(0.05)

    limits = Limits(json_seconds=1.0, read_seconds=5.0)
    start = time.monotonic()
    with (
        raw_server(drip) as url,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
        pytest.raises(TooSlowError),
    ):
        fetcher.json(url)
    assert time.monotonic() - start < 4


def test_a_silent_server_is_told() -> None:
    limits = Limits(read_seconds=0.3, retries=0)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
        pytest.raises(TooSlowError, match="ne répond pas"),
    ):
        fetcher.json(f"http://127.0.0.1:{listening.getsockname()[1]}/")


def test_a_fetcher_still_works_after_a_cut() -> None:
    limits = Limits(download_seconds=0.4, retries=0, requests_per_second=1000)
    script = {"/lent": Reply(body=b"x" * 1000, seconds_per_byte=0.05), "/vite": _json(1)}
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        with pytest.raises(TooSlowError):
            fetcher.download(f"{server.base_url}/lent")
        assert fetcher.json(f"{server.base_url}/vite") == 1


def test_a_connection_that_was_kept_open_is_cut_too() -> None:
    limits = Limits(download_seconds=0.4, retries=0, requests_per_second=1000)
    script = {"/vite": _json(1), "/lent": Reply(body=b"x" * 60, seconds_per_byte=0.05)}
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        fetcher.json(f"{server.base_url}/vite")
        start = time.monotonic()
        with pytest.raises(TooSlowError):
            fetcher.download(f"{server.base_url}/lent")
        assert time.monotonic() - start < 2


# ---- downloads


def test_a_download_is_a_temporary_file_with_its_public_name(fetcher: Fetcher) -> None:
    reply = Reply(body=b"x;y\n", headers={"Content-Type": "text/csv; charset=utf-8"})
    with scripted_server({"/f/budget%202025.csv": reply}) as server:
        content = fetcher.download(f"{server.base_url}/f/budget%202025.csv")
        assert content.path.read_bytes() == b"x;y\n"
        assert (content.name, content.byte_size, content.media_type) == ("budget 2025.csv", 4, "text/csv")
        assert content.origin == f"{server.base_url}/f/budget%202025.csv"
        fetcher.release(content)
        assert not content.path.exists()


def test_temporary_files_end_with_the_block() -> None:
    with scripted_server({"/a.csv": Reply(body=b"x")}) as server:
        with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher:
            content = fetcher.download(f"{server.base_url}/a.csv")
        assert not content.path.parent.exists()


def test_a_caller_may_name_the_download(fetcher: Fetcher) -> None:
    with scripted_server({"/r/1234": Reply(body=b"x")}) as server:
        assert fetcher.download(f"{server.base_url}/r/1234", name="../bal.csv").name == "bal.csv"


def test_an_empty_file_is_a_file(fetcher: Fetcher) -> None:
    with scripted_server({"/a.csv": Reply()}) as server:
        assert fetcher.download(f"{server.base_url}/a.csv").byte_size == 0


@pytest.mark.parametrize("reply", [Reply(endless=True), Reply(body=b"0" * 300_000)])
def test_a_download_is_cut_at_the_limit_and_says_so(reply: Reply) -> None:
    limits = Limits(max_bytes=200_000, retries=0)
    with (
        scripted_server({"/gros.csv": reply}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        content = fetcher.download(f"{server.base_url}/gros.csv")
        assert content.truncated
        assert content.byte_size == content.path.stat().st_size == 200_000


def test_a_download_of_exactly_the_limit_is_whole() -> None:
    limits = Limits(max_bytes=200_000)
    with (
        scripted_server({"/juste.csv": Reply(body=b"0" * 200_000)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        assert not fetcher.download(f"{server.base_url}/juste.csv").truncated


def test_a_compressed_transfer_is_bounded_once_unpacked() -> None:
    import gzip

    packed = gzip.compress(b"0" * 5_000_000)
    limits = Limits(max_bytes=100_000)
    with (
        scripted_server({"/a.csv": Reply(body=packed, headers={"Content-Encoding": "gzip"})}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        content = fetcher.download(f"{server.base_url}/a.csv")
        assert content.truncated
        assert content.path.read_bytes() == b"0" * 100_000


def test_a_badly_compressed_transfer_is_told(fetcher: Fetcher) -> None:
    reply = Reply(body=b"pas du gzip", headers={"Content-Encoding": "gzip"})
    with scripted_server({"/a.csv": reply}) as server, pytest.raises(UnreachableError, match="mal compressée"):
        fetcher.download(f"{server.base_url}/a.csv")


# ---- redirects


def test_a_redirect_is_followed_and_names_the_file(fetcher: Fetcher) -> None:
    script = {"/r/1": Reply(302, headers={"Location": "/files/bal.csv"}), "/files/bal.csv": Reply(body=b"x")}
    with scripted_server(script) as server:
        content = fetcher.download(f"{server.base_url}/r/1")
    assert content.name == "bal.csv"
    assert content.origin.endswith("/r/1")


def test_the_body_of_a_redirect_is_not_read(fetcher: Fetcher) -> None:
    script = {"/r": Reply(302, headers={"Location": "/a"}, endless=True), "/a": _json(1)}
    with scripted_server(script) as server:
        start = time.monotonic()
        assert fetcher.json(f"{server.base_url}/r") == 1
        assert time.monotonic() - start < 2


def test_an_endless_redirect_is_told(fetcher: Fetcher) -> None:
    with scripted_server({"/a": Reply(302, headers={"Location": "/a"})}) as server:
        with pytest.raises(RedirectError):
            fetcher.download(f"{server.base_url}/a")
        assert len(server.seen) == QUICK.redirects + 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://exemple.fr/", "http://[", "javascript:alert(1)"])
def test_a_redirect_out_of_the_web_is_refused(fetcher: Fetcher, target: str) -> None:
    with scripted_server({"/a": Reply(302, headers={"Location": target})}) as server, pytest.raises(BadAddressError):
        fetcher.download(f"{server.base_url}/a")


def test_a_redirect_to_another_host_carries_no_secret(fetcher: Fetcher) -> None:
    with scripted_server({"/b": _json(1)}) as other:
        reply = Reply(302, headers={"Location": f"{other.base_url}/b", "Set-Cookie": "session=1"})
        with scripted_server({"/a": reply}) as server:
            secret = {"Authorization": "Bearer x", "X-API-KEY": "y", "X-Fields": "id"}
            assert fetcher.json(f"{server.base_url}/a", headers=secret) == 1
            assert server.seen[0][1]["x-api-key"] == "y"
        headers = other.seen[0][1]
    assert not {"authorization", "x-api-key", "cookie"} & headers.keys()
    assert headers["x-fields"] == "id"


def test_a_cookie_lasts_as_long_as_the_redirects_of_one_question_on_one_server(fetcher: Fetcher) -> None:
    with scripted_server({"/c": _json(1)}) as other:
        script: dict[str, Reply | list[Reply]] = {
            "/a": [Reply(302, headers={"Location": "/a", "Set-Cookie": "vu=oui; Path=/; HttpOnly"}), _json(1)],
            "/b": Reply(302, headers={"Location": f"{other.base_url}/c", "Set-Cookie": "secret=1"}),
            "/long": [Reply(302, headers={"Location": "/long", "Set-Cookie": f"x={'y' * 10_000}"}), _json(1)],
        }
        with scripted_server(script) as server:
            for path in ("/a", "/a", "/b", "/long"):
                assert fetcher.json(server.base_url + path) == 1
            assert [headers.get("cookie") for _, headers in server.seen] == [None, "vu=oui"] + [None] * 4
        assert [headers.get("cookie") for _, headers in other.seen] == [None]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_redirect_to_another_scheme_carries_no_secret(fetcher: Fetcher, scheme: str) -> None:
    seen = []

    def answer(listening: socket.socket) -> None:
        opened = listening.accept()[0]
        seen.append(opened.recv(10_000))
        opened.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,))
        thread.start()
        port = listening.getsockname()[1]
        with scripted_server({"/a": Reply(302, headers={"Location": f"{scheme}://127.0.0.1:{port}/b"})}) as server:
            with pytest.raises(FetchingError):
                fetcher.look(f"{server.base_url}/a", headers={"Authorization": "Apikey cle-secrete"}, retries=0)
            assert server.seen[0][1]["authorization"] == "Apikey cle-secrete"
        thread.join()
    assert seen[0] and b"cle-secrete" not in seen[0]


# ---- the guard


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:9/", "http://localhost:9/", "http://169.254.169.254/latest/", "http://[::1]:9/"]
)
def test_private_addresses_are_refused_by_default(target: str) -> None:
    with (
        open_fetcher(cache_folder=None, limits=QUICK) as fetcher,
        pytest.raises(PrivateAddressError, match="réseau privé"),
    ):
        fetcher.download(target)


def test_a_refused_address_receives_no_byte() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        with open_fetcher(cache_folder=None, limits=QUICK) as fetcher, pytest.raises(PrivateAddressError):
            fetcher.json(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "http://10.0.0.1/"]
)
def test_a_redirect_to_a_private_address_is_refused(target: str) -> None:
    # The first hop is local too, so only the way out of it is guarded here: a resolver that allows one port.
    from opendata_check.fetching.addresses import resolve, resolve_public
    from opendata_check.fetching.exchange import ask
    from opendata_check.fetching.question import Question
    from opendata_check.fetching.transport import Transport

    with scripted_server({"/a": Reply(302, headers={"Location": target})}) as server:
        allowed = int(server.base_url.rpartition(":")[2])
        transport = Transport(
            QUICK, lambda host, port: (resolve if port == allowed else resolve_public)(host, port), "essai"
        )
        with pytest.raises(PrivateAddressError):
            ask(transport, Question(f"{server.base_url}/a", {}, 1000, 5.0), Path("jamais-ecrit"), None)
        transport.close()
    assert not Path("jamais-ecrit").exists()


@pytest.mark.parametrize(
    "target",
    ["169.254.169.254", "[::1]", "127.1", "2130706433", "localhost", "intranet", "paie.ville.local", "x.LOCALHOST."],
)
def test_a_proxied_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    with scripted_server({"/": _json("du proxy")}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with open_fetcher(cache_folder=None, limits=QUICK) as fetcher, pytest.raises(PrivateAddressError):
            fetcher.json(f"http://{target}/")
        assert proxy.seen == []


def test_a_local_proxy_may_be_used_for_public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_server({"http://portail.invalid/x": _json("du proxy")}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with open_fetcher(cache_folder=None, limits=QUICK) as fetcher:
            assert fetcher.json("http://portail.invalid/x") == "du proxy"


@pytest.mark.parametrize(
    ("proxy", "words"),
    [("http://:8080", "ne répond pas"), ("http://127.0.0.1:1", "ne répond pas"), ("", "demande un mot de passe")],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_fault_of_our_own_proxy_is_not_laid_on_the_server(
    monkeypatch: pytest.MonkeyPatch, scheme: str, proxy: str, words: str
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    refuses = Reply(407, headers={"Proxy-Authenticate": "Basic"})
    with scripted_server({"http://portail.invalid/x": refuses, "portail.invalid:443": refuses}) as server:
        monkeypatch.setenv(f"{scheme}_proxy", proxy or server.base_url)
        with open_fetcher(cache_folder=None, limits=QUICK) as fetcher:
            with pytest.raises(UnreachableError, match=words) as caught:
                fetcher.json(f"{scheme}://portail.invalid/x")
            assert (caught.value.ground, caught.value.status) == ("proxy", None)
            found = check_available(fetcher, f"{scheme}://portail.invalid/x")
    assert (found.state, found.ground) == ("unknown", "proxy")


def test_no_password_is_read_from_netrc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login agent password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with (
        scripted_server({"/": _json(1)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
    ):
        fetcher.json(f"{server.base_url}/")
        assert "authorization" not in server.seen[0][1]


# ---- the room


def test_importing_the_room_loads_no_network_library() -> None:
    code = "import sys, opendata_check.fetching; print({'requests', 'urllib3', 'ssl', 'zipfile'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_every_failure_is_one_of_ours() -> None:
    assert all(issubclass(kind, FetchingError) for kind in (BadAddressError, NotJsonError, TooSlowError, RedirectError))
