"""How we present ourselves, and what we never show."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_server import Reply, scripted_server

from opendata_check import __version__
from opendata_check.errors import UsageError
from opendata_check.fetching import Limits, StatusError, open_fetcher
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


def test_a_key_is_never_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "cle-secrete")
    with (
        scripted_server({"/": Reply(403)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
        pytest.raises(StatusError) as caught,
    ):
        fetcher.json(f"{server.base_url}/", {"apikey": "cle-secrete"}, {"Authorization": "Apikey cle-secrete"})
    assert "cle-secrete" not in f"{caught.value} {caught.value.where} {caught.value!r} {vars(caught.value)}"
