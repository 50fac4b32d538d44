"""Certificates, judged on real TLS servers whose certificates are made here with the openssl command."""

from __future__ import annotations

import select
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from scripted_server import Reply, Scripted, scripted_server

from opendata_check.fetching import Fetcher, InsecureError, Limits, UnreachableError, UnreadableFileError, open_fetcher
from opendata_check.fetching.availability import check_available
from opendata_check.fetching.tls import Trust
from opendata_check.fetching.transport import Transport

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="la commande openssl est absente")
QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=0)
HERE = "IP:127.0.0.1,DNS:localhost"


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, in PEM files."""

    cert: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


def _openssl(*arguments: object) -> None:
    done = subprocess.run([str(OPENSSL), *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class Authority:
    """An administration's own authority."""

    def __init__(self, folder: Path, constraints: str = "basicConstraints=critical,CA:TRUE") -> None:
        self._folder = folder
        self.cert, self.key = folder / "autorite.pem", folder / "autorite.key"
        settings = folder / "autorite.cnf"
        settings.write_text(
            f"[req]\ndistinguished_name=d\nx509_extensions=x\n[d]\n[x]\n{constraints}\n"
            "keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
        )
        _openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=Ville de Vauclair",
            "-config", settings, "-keyout", self.key, "-out", self.cert,
        )  # fmt: skip

    def issue(self, name: str, names: str = HERE, dates: tuple[str, str] = ("20200101000000Z", "20991231000000Z")):
        """Return a certificate of this authority for ``names``, valid between two dates."""
        cert, key, request = (self._folder / f"{name}.{kind}" for kind in ("pem", "key", "csr"))
        extensions = self._folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={names}\nauthorityKeyIdentifier=keyid\n")
        _openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        book = self._folder / f"{name}.ca"
        (book.with_suffix(".index")).write_text("")
        book.write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={book.with_suffix('.index')}\nnew_certs_dir={self._folder}\n"
            "rand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n"
        )
        _openssl(
            "ca", "-batch", "-notext", "-config", book, "-cert", self.cert, "-keyfile", self.key, "-in", request,
            "-out", cert, "-extfile", extensions, "-startdate", dates[0], "-enddate", dates[1],
        )  # fmt: skip
        return Certificate(cert, key)


@dataclass(frozen=True)
class Papers:
    """The certificates of these tests."""

    authority: Authority
    good: Certificate
    expired: Certificate
    early: Certificate
    elsewhere: Certificate
    alone: Certificate


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("certificats")
    authority = Authority(folder)
    alone = Certificate(folder / "seul.pem", folder / "seul.key")
    _openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=seul", "-addext",
        f"subjectAltName={HERE}", "-keyout", alone.key, "-out", alone.cert,
    )  # fmt: skip
    return Papers(
        authority,
        good=authority.issue("bon"),
        expired=authority.issue("perime", dates=("20200101000000Z", "20200201000000Z")),
        early=authority.issue("futur", dates=("20980101000000Z", "20991231000000Z")),
        elsewhere=authority.issue("ailleurs", names="DNS:autre.exemple.fr"),
        alone=alone,
    )


@contextmanager
def _server(certificate: Certificate, host: str = "127.0.0.1", **more: Reply) -> Iterator[Scripted]:
    script: dict[str, Reply | list[Reply]] = {"/": Reply(body=b"1")}
    script.update({f"/{name}": reply for name, reply in more.items()})
    with scripted_server(script, tls=certificate.context(), host=host) as server:
        yield server


@contextmanager
def _fetcher(**options: object) -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK, **options) as fetcher:  # type: ignore[arg-type]
        yield fetcher


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


# ---- what is wrong is said


def test_an_unknown_authority_is_told_with_both_remedies(papers: Papers) -> None:
    with _server(papers.good) as server, _fetcher() as fetcher, pytest.raises(InsecureError) as caught:
        fetcher.json(f"{server.base_url}/")
    assert caught.value.flaw == "unknown_issuer"
    assert caught.value.ground == "bad_certificate"
    assert not caught.value.temporary
    line = str(caught.value)
    assert "vient d'une autorité inconnue" in line
    assert "votre administration, ajoutez --ca-bundle FICHIER" in line
    assert "--insecure-host 127.0.0.1 si vous connaissez ce serveur" in line


def test_a_self_signed_certificate_is_told(papers: Papers) -> None:
    with _server(papers.alone) as server, _fetcher() as fetcher:
        with pytest.raises(InsecureError, match="autosigné") as caught:
            fetcher.download(f"{server.base_url}/")
        assert server.seen == []
    assert caught.value.flaw == "self_signed"


@pytest.mark.parametrize(
    ("name", "flaw", "words"),
    [
        ("expired", "expired", "est périmé"),
        ("early", "not_yet_valid", "pas encore valable"),
        ("elsewhere", "wrong_name", "au nom d'un autre site"),
    ],
)
def test_the_fault_of_a_certificate_is_told(papers: Papers, name: str, flaw: str, words: str) -> None:
    with (
        _server(getattr(papers, name)) as server,
        _fetcher(ca_bundle=papers.authority.cert) as fetcher,
        pytest.raises(InsecureError, match=words) as caught,
    ):
        fetcher.look(f"{server.base_url}/")
    assert caught.value.flaw == flaw
    assert "--ca-bundle" not in caught.value.remedy  # it would not help
    assert "Signalez-le" in caught.value.remedy


def test_a_wrong_name_is_told_for_a_name_too(papers: Papers) -> None:
    with (
        _server(papers.elsewhere, host="localhost") as server,
        _fetcher(ca_bundle=papers.authority.cert) as fetcher,
        pytest.raises(InsecureError) as caught,
    ):
        fetcher.look(f"{server.base_url}/")
    assert caught.value.flaw == "wrong_name"
    assert "--insecure-host localhost" in caught.value.remedy


def test_a_connection_cut_in_the_handshake_is_no_bad_certificate() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            opened, _ = listening.accept()
            opened.recv(10)
            opened.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with _fetcher() as fetcher, pytest.raises(UnreachableError, match="coupé"):
            fetcher.json(f"https://127.0.0.1:{listening.getsockname()[1]}/")
        thread.join()


# ---- the administration's own authority


def test_a_bundle_given_is_believed(papers: Papers) -> None:
    with _server(papers.good) as server, _fetcher(ca_bundle=papers.authority.cert) as fetcher:
        assert [fetcher.json(f"{server.base_url}/") for _ in range(3)] == [1, 1, 1]
        assert len(server.clients) == 1


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_environment_s_bundle_is_believed(papers: Papers, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, str(papers.authority.cert))
    with _server(papers.good) as server, _fetcher() as fetcher:
        assert fetcher.json(f"{server.base_url}/") == 1
    with _server(papers.alone) as server, _fetcher() as fetcher, pytest.raises(InsecureError):
        fetcher.json(f"{server.base_url}/")


def test_a_folder_of_certificates_is_believed(papers: Papers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copy(papers.authority.cert, tmp_path / "a.pem")
    _openssl("rehash", tmp_path)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with _server(papers.good) as server, _fetcher() as fetcher:
        assert fetcher.json(f"{server.base_url}/") == 1


@pytest.mark.parametrize("content", [None, b"", b"pas un certificat", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_bundle_that_cannot_be_read_is_told_at_once(tmp_path: Path, content: bytes | None) -> None:
    bundle = tmp_path / "autorite.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="certificat") as caught, _fetcher(ca_bundle=bundle):
        pass
    assert "autorite.pem" in caught.value.where


def test_a_bad_bundle_of_the_environment_is_told(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nulle/part.pem")
    with (
        _server(papers.good) as server,
        _fetcher() as fetcher,
        pytest.raises(UnreadableFileError, match="n'existe pas"),
    ):
        fetcher.json(f"{server.base_url}/")


# ---- hosts that are not verified


@pytest.mark.parametrize("name", ["good", "expired", "elsewhere", "alone"])
def test_a_host_that_is_named_is_not_verified(papers: Papers, name: str, recwarn: pytest.WarningsRecorder) -> None:
    with (
        _server(getattr(papers, name), host="localhost") as server,
        _fetcher(insecure_hosts=frozenset({"LOCALHOST"})) as fetcher,
    ):
        assert fetcher.json(f"{server.base_url}/") == 1
    assert not [warning for warning in recwarn if "Unverified" in str(warning.message)]


def test_every_other_host_stays_verified(papers: Papers) -> None:
    with (
        _server(papers.alone) as server,
        _fetcher(insecure_hosts=frozenset({"localhost"})) as fetcher,
        pytest.raises(InsecureError),
    ):
        fetcher.json(f"{server.base_url}/")


def test_a_redirect_from_an_unverified_host_is_verified(papers: Papers) -> None:
    with _server(papers.alone) as other:
        away = Reply(302, headers={"Location": f"{other.base_url}/"})
        with (
            _server(papers.alone, host="localhost", loin=away) as server,
            _fetcher(insecure_hosts=frozenset({"localhost"})) as fetcher,
        ):
            with pytest.raises(InsecureError, match="autosigné"):
                fetcher.json(f"{server.base_url}/loin")
            assert len(server.seen) == 1
        assert other.seen == []


def test_a_redirect_to_an_unverified_host_is_followed(papers: Papers) -> None:
    with _server(papers.alone, host="localhost") as other:
        away = Reply(302, headers={"Location": f"{other.base_url}/"})
        with (
            _server(papers.good, loin=away) as server,
            _fetcher(insecure_hosts=frozenset({"localhost"}), ca_bundle=papers.authority.cert) as fetcher,
        ):
            assert fetcher.json(f"{server.base_url}/loin") == 1


def test_a_name_with_accents_may_be_named(papers: Papers) -> None:
    with _server(papers.alone) as server:
        port = server.base_url.rpartition(":")[2]
        for named, works in (("Données.exemple.fr", True), ("xn--donnes-eva.exemple.fr", True), ("exemple.fr", False)):
            transport = Transport(
                QUICK,
                lambda host, port: [(socket.AF_INET, ("127.0.0.1", port))],
                "essai",
                Trust(None, frozenset({named})),
            )
            url = f"https://données.exemple.fr:{port}/"
            try:
                with transport.exchange(5.0, url), transport.answer("GET", url, {}) as response:
                    assert response.status_code == 200
                    assert works
            except InsecureError as error:
                assert not works
                assert "--insecure-host données.exemple.fr" in error.remedy
            finally:
                transport.close()


# ---- what is ours is not laid on the server


@pytest.mark.parametrize(
    ("name", "bundle", "state"),
    [
        ("good", False, "unknown"),  # an inspecting firewall's authority, or an intermediate that was forgotten
        ("early", True, "unknown"),  # or our clock is late
        ("alone", False, "unavailable"),
        ("expired", True, "unavailable"),
        ("elsewhere", True, "unavailable"),
    ],
)
def test_only_the_server_s_own_fault_makes_its_file_unavailable(
    papers: Papers, name: str, bundle: bool, state: str
) -> None:
    ours = papers.authority.cert if bundle else None
    with _server(getattr(papers, name)) as server, _fetcher(ca_bundle=ours) as fetcher:
        found = check_available(fetcher, f"{server.base_url}/")
    assert (found.state, found.ground) == (state, "bad_certificate")


def test_a_server_that_knows_no_secure_renegotiation_is_spoken_to() -> None:
    hello = b"\x03\x03" + bytes(range(32)) + b"\x00" + b"\xc0\x2f" + b"\x00"  # TLS 1.2, no extension at all
    message = b"\x02" + len(hello).to_bytes(3, "big") + hello
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            opened = listening.accept()[0]
            opened.recv(10_000)
            opened.sendall(b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message)
            opened.shutdown(socket.SHUT_WR)
            opened.recv(10_000)
            opened.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with _fetcher() as fetcher, pytest.raises(UnreachableError, match="coupé"):  # after its first words
            fetcher.json(f"https://127.0.0.1:{listening.getsockname()[1]}/")
        thread.join()


def test_an_authority_that_is_no_model_of_strictness_is_believed(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "basicConstraints=CA:TRUE")  # not marked critical: RFC 5280 §4.2.1.9 wants it
    with _server(authority.issue("bon")) as server, _fetcher(ca_bundle=authority.cert) as fetcher:
        assert fetcher.json(f"{server.base_url}/") == 1


# ---- through a proxy


@contextmanager
def _tunnel() -> Iterator[tuple[str, list[str]]]:
    """A proxy that opens tunnels (CONNECT), and what it was asked to reach."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(self.path)
            with socket.create_connection(("127.0.0.1", int(self.path.rpartition(":")[2]))) as there:
                self.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                pair = {self.connection: there, there: self.connection}
                while data := (source := select.select(list(pair), [], [])[0][0]).recv(65536):
                    pair[source].sendall(data)
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_certificates_are_judged_through_a_proxy_too(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with _server(papers.good) as good, _server(papers.alone, host="localhost") as alone, _tunnel() as (proxy, asked):
        monkeypatch.setenv("https_proxy", proxy)
        with _fetcher(ca_bundle=papers.authority.cert) as fetcher:
            assert [fetcher.json(f"{good.base_url}/") for _ in range(2)] == [1, 1]
            assert asked == [good.base_url.removeprefix("https://")]
            with pytest.raises(InsecureError, match="autosigné"):
                fetcher.json(f"{alone.base_url}/")
        with _fetcher(insecure_hosts=frozenset({"localhost"})) as fetcher:
            assert fetcher.json(f"{alone.base_url}/") == 1
            with pytest.raises(InsecureError, match="autorité inconnue"):
                fetcher.json(f"{good.base_url}/")


def test_a_proxy_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{probe.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with _fetcher() as fetcher, pytest.raises(UnreachableError) as caught:
            fetcher.json("https://portail.invalid/")
    assert caught.value.ground == "proxy"
    assert "Vérifiez les réglages du proxy" in str(caught.value)
