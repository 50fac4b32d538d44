"""How we present ourselves, and what we never show."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_server import Reply, scripted_server

from opendata_check import __version__
from opendata_check.errors import UsageError
from opendata_check.fetching import FetchingError, Limits, StatusError, open_fetcher
from opendata_check.fetching.secrecy import KnownSecrets, clean_text, clean_url, is_secret_name

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=0)


def _agent() -> str:
    with (
        scripted_server({"/": Reply(body=b"1")}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
    ):
        fetcher.json(f"{server.base_url}/")
        return server.seen[0][1]["user-agent"]


def test_servers_know_who_we_are_and_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENDATA_CHECK_CONTACT", raising=False)
    assert _agent() == f"opendata-check/{__version__} (audit de donnees ouvertes; opendata-check)"


@pytest.mark.parametrize(
    "contact", ["donnees@vauclair.example", "https://vauclair.example/contact?de=robot", "http://localhost:8080"]
)
def test_servers_know_whom_to_write_to(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_CONTACT", f" {contact} ")
    assert _agent() == f"opendata-check/{__version__} (audit de donnees ouvertes; {contact})"


@pytest.mark.parametrize(
    "contact",
    [
        "la mairie",
        "a@b",
        "donnees@vauclair.example\r\nX-Evil: 1",
        "https://vauclair.example/)(",
        "https://vauclair.example/;x",
        "javascript:alert(1)",
        "ftp://vauclair.example",
        "données@vauclair.example",
        "https://vauclair.example/" + "a" * 80,
    ],
)
def test_a_contact_that_is_none_is_told_at_once(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_CONTACT", contact)
    with pytest.raises(UsageError, match="OPENDATA_CHECK_CONTACT"), open_fetcher(cache_folder=None):
        pass


# ---- what is secret


@pytest.mark.parametrize(
    "name",
    ["apikey", "api_key", "api-key", "apiKey", "APIKEY", "key", "access_token", "accessToken", "X-Amz-Signature",
     "X-Amz-Credential", "password", "passwd", "client_secret", "sig", "Authorization", "x-apiKey", "X-API-KEY", "jwt",
     "authtoken"],
)  # fmt: skip
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["q", "keyword", "keywords", "author", "authority", "page", "sort", "size", "monkey", "passage", "signataire",
     "x-fields", "turkey", "assignee"],
)  # fmt: skip
def test_ordinary_names_are_no_secrets(name: str) -> None:
    assert not is_secret_name(name)


def test_a_clean_url_keeps_all_that_is_no_secret_as_it_was_written() -> None:
    url = "https://moi:passe@exemple.fr:8080/a%20b;jsessionid=1234/c?q=eau+%26&keyword=x&apikey=abc&b&token=d%3De#f"
    expected = "https://exemple.fr:8080/a%20b;jsessionid=***/c?q=eau+%26&keyword=x&apikey=***&b&token=***"
    assert clean_url(url) == expected
    assert clean_url(expected) == expected


def test_a_clean_text_hides_what_the_urls_in_it_hide() -> None:
    text = "<https://u:p@exemple.fr/a?page=2&apikey=abc>; rel=next, voir http://exemple.fr/?token=d, q=1"
    assert clean_text(text) == (
        "<https://exemple.fr/a?page=2&apikey=***>; rel=next, voir http://exemple.fr/?token=*** q=1"
    )


@given(st.binary(max_size=300), st.text(min_size=4, max_size=20), st.binary(max_size=300))
def test_a_known_secret_is_hidden_wherever_it_stands_and_no_size_changes(
    before: bytes, secret: str, after: bytes
) -> None:
    known = KnownSecrets()
    known.learn([secret])
    data = before + secret.encode("utf-8", "surrogatepass") + after
    hidden = known.hide(data)
    assert len(hidden) == len(data)
    if set(secret) != {"*"}:
        assert secret.encode("utf-8", "surrogatepass") not in hidden


def test_a_secret_across_two_pieces_of_a_file_is_hidden(tmp_path: Path) -> None:
    known = KnownSecrets()
    known.learn(["cle-tres-secrete", "autre"])
    for place in range(1024 * 1024 - 20, 1024 * 1024 + 5):
        source, target = tmp_path / "a", tmp_path / f"{place}"
        source.write_bytes(b"x" * place + b"cle-tres-secrete" + b"y" * 30)
        known.copy(source, target)
        assert target.read_bytes() == b"x" * place + b"*" * 16 + b"y" * 30
        target.unlink()


def test_what_an_address_carries_is_hidden_elsewhere_when_it_is_a_key_for_certain() -> None:
    known = KnownSecrets()
    for query in (
        "apikey=abcd1234",
        "access_token=e%C3%A9ff",
        "key=AIzaSyD-9tSrke72PouQMnMX",
        "key=communes",
        "sig=nom",
    ):
        known.learn_request(f"https://exemple.fr/?{query}", {})
    said = "abcd1234 e%C3%A9ff eéff AIzaSyD-9tSrke72PouQMnMX communes nom"
    hidden = known.hide(said.encode()).decode()
    assert hidden.split()[-2:] == ["communes", "nom"]
    assert set("".join(hidden.split()[:-2])) == {"*"}


def test_thousands_of_signed_addresses_slow_nothing_down() -> None:
    known = KnownSecrets()
    start = time.process_time()
    for number in range(5_000):
        known.learn_request(
            f"https://s3.exemple.fr/{number}?X-Amz-Signature={number:032x}abcdef", {"X-Api-Key": "clef"}
        )
        known.hide(b"x" * 1000)
    assert time.process_time() - start < 5
    assert known.hide(f"{0:032x}abcdef clef".encode()) == b"*" * 38 + b" ****"


@pytest.mark.parametrize("secret", ["cle-secrete", "clé’secrète"])
def test_a_key_is_not_in_what_debug_shows_either(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    def dies(listening: socket.socket) -> None:
        while True:
            try:
                opened = listening.accept()[0]
            except OSError:
                return
            opened.recv(10_000)
            opened.sendall(b"HTTP/1.1 200 OK\r\nX: 1\r\n" + b"x" * 70_000)
            opened.close()

    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", secret)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        threading.Thread(target=dies, args=(listening,), daemon=True).start()
        for scheme, proxy in (("http", ""), ("https", ""), ("http", "http://127.0.0.1:1"), ("https", "http://:8080")):
            monkeypatch.setenv(f"{scheme}_proxy", proxy)
            with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher:
                for headers in ({}, {"Authorization": f"Apikey {secret}\r\nX: 1"}, {"X-Api-Key": secret}):
                    with pytest.raises(FetchingError) as caught:
                        fetcher.json(f"{scheme}://127.0.0.1:{port}/", {"apikey": secret}, headers)
                    seen.append("".join(traceback.format_exception(caught.value)))
        with pytest.raises(FetchingError) as caught, open_fetcher(cache_folder=None) as fetcher:
            fetcher.json(f"https://moi:{secret}@exemple\u2100.fr/")
        seen.append("".join(traceback.format_exception(caught.value)))
        listening.shutdown(socket.SHUT_RDWR)
    for text in seen:
        assert not any(form in text for form in (secret, quote_plus(secret), ascii(secret)[1:-1])), text
    assert any("Max retries exceeded" in text for text in seen)  # what happened is still told


def test_a_key_that_no_header_can_carry_is_told() -> None:
    with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher:
        for key in ("cle’", "a\nb", "clé"):
            with pytest.raises(FetchingError, match="la clé donnée pour ce serveur contient un signe interdit"):
                fetcher.json("http://127.0.0.1:9/", headers={"Authorization": f"Apikey {key}"})


def test_a_key_is_never_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "cle-secrete")
    with (
        scripted_server({"/": Reply(403)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
        pytest.raises(StatusError) as caught,
    ):
        fetcher.json(f"{server.base_url}/", {"apikey": "cle-secrete"}, {"Authorization": "Apikey cle-secrete"})
    assert "cle-secrete" not in f"{caught.value} {caught.value.where} {caught.value!r} {vars(caught.value)}"


def test_two_hosts_that_differ_never_share_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from opendata_check.fetching import key_for

    monkeypatch.setenv("OPENDATA_CHECK_KEY_DATA_MA__VILLE_FR", "secret")
    assert key_for("https://data.ma-ville.fr/api") == "secret"
    for other in ("data.ma.ville.fr", "data-ma-ville.fr", "data.ma_ville.fr", "data.maville.fr"):
        assert key_for(f"https://{other}/api") == ""
