"""A run kept in a folder and made again from it: same answers, same failures, no network, no secret."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Reply, Scripted, scripted_server

from opendata_check.fetching import (
    Fetcher,
    FetchingError,
    Limits,
    NotRecordedError,
    RecordingError,
    TooLongError,
    open_fetcher,
    read_extra,
)
from opendata_check.fetching.availability import Asked, check_all

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=1, head_seconds=2.0, check_seconds=3.0)
JSON = {"Content-Type": "application/json"}
SECRET = "cle-tres-secrete"


def _script() -> dict[str, Reply | list[Reply]]:
    return {
        "/j": Reply(body=b'{"a": [1, "\xc3\xa9"]}', headers=JSON),
        "/page": Reply(body=b"<!doctype html><title>Accueil</title>", headers={"Content-Type": "text/html"}),
        "/turn": [Reply(body=b"1"), Reply(body=b"2"), Reply(body=b"2")],
        "/d.xml": Reply(body=b"<a>" + b"x" * 100_000, headers={"Content-Type": "text/xml; charset=ISO-8859-1"}),
        "/r": Reply(302, headers={"Location": "/f.csv"}),
        "/f.csv": Reply(body=b"x;y\n" * 5000, headers={"Content-Type": "text/csv", "Set-Cookie": "session=biscuit"}),
        "/busy": Reply(503, b'{"message": "maintenance"}', headers={"Retry-After": "3600"}),
        "/dead": Reply(body=b"123", cut_after=1),
        "/csw": [Reply(body=b"<un/>"), Reply(body=b"<deux/>")],
        "/404": Reply(404, b"{}"),
    }


def _told(error: FetchingError) -> tuple[Any, ...]:
    return (
        type(error).__name__, str(error), error.where, error.status, error.temporary, error.retry_after,
        error.beginning, error.ground,
    )  # fmt: skip


def _run(fetcher: Fetcher, base: str) -> list[Any]:
    """Ask all sorts of things and return all that a caller sees."""
    seen: list[Any] = [fetcher.json(f"{base}/j", {"q": "eau", "page": 1})]
    seen += [fetcher.json(f"{base}/turn") for _ in range(3)]
    with fetcher.document(f"{base}/d.xml", accept="application/xml") as document:
        seen.append((document.path.read_bytes(), document.charset, document.media_type, dict(document.headers)))
    for body in (b"<q1/>", b"<q2/>"):
        with fetcher.document(f"{base}/csw", body=body, content_type="application/xml") as document:
            seen.append(document.beginning())
    content = fetcher.download(f"{base}/r")
    seen.append((content.path.read_bytes(), content.name, content.media_type, content.origin, content.truncated))
    seen += [fetcher.look(f"{base}/page"), fetcher.look(f"{base}/404", size=10), fetcher.head(f"{base}/f.csv")]
    for url in (
        f"{base}/busy",
        f"{base}/dead",
        f"{base}/404",
        f"{base}/page",
        "https://nulle-part.invalid/",
        "ftp://a/",
    ):
        try:
            seen.append(fetcher.json(url))
        except FetchingError as error:
            seen.append(_told(error))
    asked = [Asked(f"{base}{path}", "csv") for path in ("/f.csv", "/page", "/404", "/r", "/absent")]
    seen.append(sorted(((one.url, found) for one, found in check_all(fetcher, asked)), key=lambda pair: pair[0]))
    return seen


@contextmanager
def _recording(folder: Path, **options: Any) -> Iterator[Fetcher]:
    options.setdefault("limits", QUICK)
    with open_fetcher(cache_folder=None, allow_private=True, record=folder, **options) as fetcher:
        yield fetcher


@contextmanager
def _replaying(folder: Path, **options: Any) -> Iterator[Fetcher]:
    options.setdefault("limits", QUICK)
    with open_fetcher(cache_folder=None, replay=folder, **options) as fetcher:
        yield fetcher


def _recorded(folder: Path) -> tuple[list[Any], Scripted]:
    with scripted_server(_script()) as server, _recording(folder) as fetcher:
        return _run(fetcher, server.base_url), server


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# ---- the same again


def test_a_replay_gives_all_that_was_seen(tmp_path: Path) -> None:
    seen, server = _recorded(tmp_path / "r")
    asked = len(server.seen)
    with _replaying(tmp_path / "r") as fetcher:
        assert _run(fetcher, server.base_url) == seen
    assert len(server.seen) == asked


def test_a_replay_opens_no_socket_and_loads_no_network_library(tmp_path: Path) -> None:
    _, server = _recorded(tmp_path / "r")
    code = f"""
import sys
from pathlib import Path
def refuse(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"un socket : {{event}}")
sys.addaudithook(refuse)
sys.path.insert(0, {str(Path(__file__).parent)!r})
from opendata_check.fetching import open_fetcher
from opendata_check.fetching.availability import Asked, check_all
with open_fetcher(cache_folder=None, replay=Path({str(tmp_path / "r")!r})) as fetcher:
    print(fetcher.json({server.base_url!r} + "/j", {{"q": "eau", "page": 1}}))
    print(fetcher.download({server.base_url!r} + "/r").name)
    print([str(found.state) for _, found in check_all(fetcher, [Asked({server.base_url!r} + "/f.csv", "csv")])])
assert not {{"requests", "urllib3"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["{'a': [1, 'é']}", "f.csv", "['available']"]


def test_two_recordings_of_the_same_run_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    with scripted_server({"/turn": Reply(body=b"0")}) as server:
        port = int(server.base_url.rpartition(":")[2])
    folders = []
    for name in ("un", "deux"):
        # the same port twice: what a server is called is part of what is asked
        code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import scripted_server, test_fetching_recording as here
from pathlib import Path
class Same(scripted_server._Server):
    allow_reuse_address = True
    def __init__(self, address, handler):
        super().__init__(("127.0.0.1", {port}), handler)
scripted_server._Server = Same
here._recorded(Path({str(tmp_path / name)!r}))
"""
        subprocess.run([sys.executable, "-c", code], check=True)
        folders.append(_files(tmp_path / name))
    assert len(folders[0]) > 20
    assert folders[0] == folders[1]


def test_the_last_answer_serves_whoever_asks_more_often(tmp_path: Path) -> None:
    _, server = _recorded(tmp_path / "r")
    with _replaying(tmp_path / "r") as fetcher:
        assert [fetcher.json(f"{server.base_url}/turn") for _ in range(5)] == [1, 2, 2, 2, 2]


def test_what_was_not_recorded_is_told(tmp_path: Path) -> None:
    _, server = _recorded(tmp_path / "r")
    with _replaying(tmp_path / "r") as fetcher:
        for ask in (fetcher.json, fetcher.download, fetcher.look, fetcher.head):
            with pytest.raises(NotRecordedError, match="n'est pas dans l'enregistrement"):
                ask(f"{server.base_url}/autre")
        with pytest.raises(NotRecordedError):
            fetcher.json(f"{server.base_url}/j", {"q": "eau", "page": 2})
        with pytest.raises(NotRecordedError):
            fetcher.json(f"{server.base_url}/j", {"q": "eau", "page": 1}, {"X-Fields": "a"})
        with pytest.raises(NotRecordedError), fetcher.document(f"{server.base_url}/csw", body=b"<q3/>"):
            pass


def test_answers_from_the_cache_are_recorded_whole(tmp_path: Path) -> None:
    reply = Reply(body=b"x;y", etag='"1"', headers={"Content-Type": "text/csv"})
    with scripted_server({"/a.csv": reply}) as server:
        url = f"{server.base_url}/a.csv"
        for record in (None, tmp_path / "un", tmp_path / "deux"):
            with open_fetcher(
                cache_folder=tmp_path / "cache", allow_private=True, limits=QUICK, record=record
            ) as fetcher:
                fetcher.download(url)
        assert len(server.seen) == 3
        assert server.seen[2][1]["if-none-match"] == '"1"'
    assert _files(tmp_path / "un") == _files(tmp_path / "deux")
    with _replaying(tmp_path / "un") as fetcher:
        content = fetcher.download(url)
        assert (content.path.read_bytes(), content.media_type) == (b"x;y", "text/csv")


def test_narrower_limits_cut_a_replay_too(tmp_path: Path) -> None:
    _, server = _recorded(tmp_path / "r")
    with _replaying(tmp_path / "r", limits=replace(QUICK, max_bytes=10, document_bytes=10)) as fetcher:
        content = fetcher.download(f"{server.base_url}/r")
        assert (content.byte_size, content.truncated, content.path.read_bytes()) == (10, True, b"x;y\nx;y\nx;")
        with (
            pytest.raises(TooLongError),
            fetcher.document(f"{server.base_url}/d.xml", accept="application/xml"),
        ):
            pass


def test_several_threads_record_and_replay(tmp_path: Path) -> None:
    script: dict[str, Reply | list[Reply]] = {f"/{i}": Reply(body=str(i).encode()) for i in range(1, 30)}
    expected = list(range(1, 30))

    def together(fetcher: Fetcher, base: str) -> list[int]:
        got: dict[int, int] = {}
        threads = [
            threading.Thread(target=lambda i=i: got.__setitem__(i, fetcher.json(f"{base}/{i}"))) for i in expected
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [got[i] for i in expected]

    with scripted_server(script) as server:
        with _recording(tmp_path / "r") as fetcher:
            assert together(fetcher, server.base_url) == expected
        with _replaying(tmp_path / "r") as fetcher:
            assert together(fetcher, server.base_url) == expected


def test_a_run_that_is_killed_leaves_what_it_did(tmp_path: Path) -> None:
    with scripted_server({"/1": Reply(body=b"1"), "/2": Reply(body=b"2" * 50, seconds_per_byte=0.2)}) as server:
        code = f"""
from pathlib import Path
from opendata_check.fetching import open_fetcher
with open_fetcher(cache_folder=None, allow_private=True, record=Path({str(tmp_path / "r")!r}), extra={{"on": "x"}}) as f:
    f.json({server.base_url!r} + "/1")
    f.json({server.base_url!r} + "/2")
"""
        process = subprocess.Popen([sys.executable, "-c", code])
        while len(server.seen) < 2:
            time.sleep(0.01)
        process.kill()
        process.wait()
    assert read_extra(tmp_path / "r") == {"on": "x"}
    with _replaying(tmp_path / "r") as fetcher:
        assert fetcher.json(f"{server.base_url}/1") == 1
        with pytest.raises(NotRecordedError):
            fetcher.json(f"{server.base_url}/2")


# ---- secrets


def _all_bytes(folder: Path) -> bytes:
    return b"\n".join(name.encode() + b"\n" + data for name, data in _files(folder).items())


def test_no_secret_is_written_and_the_run_can_be_made_again_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = f'{{"next": "/j?apikey={SECRET}&page=2", "you": "{SECRET}", "auth": "Apikey {SECRET}"}}'.encode()
    script: dict[str, Reply | list[Reply]] = {
        "/j": Reply(
            body=echo, headers={**JSON, "Link": f"</j?apikey={SECRET}>; rel=next", "Set-Cookie": f"s={SECRET}"}
        ),
        "/r": Reply(302, headers={"Location": f"/j?token={SECRET}"}),
        "/no": Reply(403, f"key {SECRET} refused".encode()),
        "/d": Reply(body=b"x" * (1024 * 1024 - 5) + SECRET.encode() + b"y" * 1000),
    }
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", SECRET)
    extra = {"target": f"https://moi:{SECRET}@exemple.fr/?apikey={SECRET}", "list": [f"x {SECRET}"], "n": 3}

    def run(fetcher: Fetcher, base: str, key: str) -> list[Any]:
        seen: list[Any] = [fetcher.json(f"{base}/j", {"apikey": key, "page": 1})["next"].partition("apikey=")[0]]
        seen.append(
            fetcher.json(f"{base}/j", {"page": 3}, {"Authorization": f"Apikey {key}", "Cookie": f"a={key}"}).keys()
        )
        with fetcher.document(f"{base}/r", body=f"<q key='{key}'/>".encode()) as document:
            seen.append(document.byte_size)
        seen.append(fetcher.download(f"{base}/d").byte_size)
        seen.append(fetcher.head(f"{base}/j?apikey={key}").status)
        try:
            fetcher.json(f"{base}/no?access_token={key}")
        except FetchingError as error:
            seen.append(str(error))
        return seen

    with scripted_server(script) as server, _recording(tmp_path / "r", extra=extra) as fetcher:
        seen = run(fetcher, server.base_url, SECRET)
        assert any(SECRET in path for path in server.paths())
    written = _all_bytes(tmp_path / "r")
    assert SECRET.encode() not in written
    assert b"biscuit" not in written
    assert b"****" in written
    assert read_extra(tmp_path / "r") == {
        "target": "https://exemple.fr/?apikey=***",
        "list": ["x " + "*" * len(SECRET)],
        "n": 3,
    }
    monkeypatch.delenv("OPENDATA_CHECK_KEY_127_0_0_1")
    with _replaying(tmp_path / "r") as fetcher:
        again = run(fetcher, server.base_url, SECRET)
        assert again == seen
        assert fetcher.json(f"{server.base_url}/j", {"page": 3})["you"] == "*" * len(SECRET)


def test_a_key_given_in_a_header_alone_is_hidden_too(tmp_path: Path) -> None:
    reply = Reply(body=b'{"you": "cle-d-entete"}')
    with scripted_server({"/": reply}) as server, _recording(tmp_path / "r") as fetcher:
        fetcher.json(f"{server.base_url}/", headers={"x-apiKey": "cle-d-entete"})
        fetcher.json(f"{server.base_url}/", headers={"Authorization": "Bearer cle-d-entete"})
    assert b"cle-d-entete" not in _all_bytes(tmp_path / "r")


def test_cookies_and_unknown_headers_are_not_written(tmp_path: Path) -> None:
    _recorded(tmp_path / "r")
    written = _all_bytes(tmp_path / "r").lower()
    assert b"biscuit" not in written
    assert b"set-cookie" not in written
    assert b"user-agent" not in written


def test_an_ordinary_word_in_an_address_hides_nothing_in_the_answers(tmp_path: Path) -> None:
    body = b'{"titre": "Les communes de 2026", "champs": ["nom_commune"]}'
    with scripted_server({"/": Reply(body=body)}) as server, _recording(tmp_path / "r") as fetcher:
        for query in ("?key=communes", "?auth=titre", "?sig=nom_commune", "?pass=2026"):
            fetcher.look(f"{server.base_url}/{query}")
        assert fetcher.json(f"{server.base_url}/")["titre"] == "Les communes de 2026"
    with _replaying(tmp_path / "r") as fetcher:
        assert fetcher.json(f"{server.base_url}/") == json.loads(body)


def test_a_redirect_is_kept_with_its_fragment_but_without_its_secrets(tmp_path: Path) -> None:
    away = Reply(302, headers={"Location": "/#/jeu/7?token=jeton-secret&page=2"})
    with scripted_server({"/a": away, "/": Reply(body=b"1")}) as server:
        with _recording(tmp_path / "r") as fetcher:
            assert fetcher.look(f"{server.base_url}/a").final_url.endswith("/#/jeu/7?token=jeton-secret&page=2")
        with _replaying(tmp_path / "r") as fetcher:
            assert fetcher.look(f"{server.base_url}/a").final_url == f"{server.base_url}/#/jeu/7?token=***&page=2"
    assert b"jeton-secret" not in _all_bytes(tmp_path / "r")


# ---- what surrounds a recording


def test_the_caller_s_words_are_kept(tmp_path: Path) -> None:
    with _recording(tmp_path / "r", extra={"on": "2026-11-26", "target": "Vauclair-sur-Orme", "none": None}):
        pass
    assert read_extra(tmp_path / "r") == {"on": "2026-11-26", "target": "Vauclair-sur-Orme", "none": None}


def test_a_folder_that_holds_something_is_not_recorded_in(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"x")
    with pytest.raises(RecordingError, match=r"n'est pas vide.*Donnez-en un autre"), _recording(tmp_path):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(RecordingError), _recording(tmp_path / "notes.txt"):
        pass


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="l'administrateur écrit partout")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FetchingError, match="ne peut pas être écrit"), _recording(tmp_path / "r"):
        pass


@pytest.mark.parametrize("folder", ["absent", "vide", "fichier"])
def test_a_folder_without_recording_is_told(tmp_path: Path, folder: str) -> None:
    (tmp_path / "vide").mkdir()
    (tmp_path / "fichier").write_bytes(b"")
    for ask in (read_extra, lambda path: _replaying(path).__enter__()):
        with pytest.raises(RecordingError, match="ne contient pas d'enregistrement") as caught:
            ask(tmp_path / folder)
        assert "\n" not in str(caught.value)


def test_a_recording_of_a_newer_version_is_told(tmp_path: Path) -> None:
    _recorded(tmp_path / "r")
    head = json.loads((tmp_path / "r" / "recording.json").read_text())
    (tmp_path / "r" / "recording.json").write_text(json.dumps({**head, "format": 99}))
    with pytest.raises(RecordingError, match=r"version plus récente.*Mettez opendata-check à jour"):
        read_extra(tmp_path / "r")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": "1"}', b'{"format": true}', b"[" * 100_000, b"\xff"]
)
def test_a_damaged_head_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "recording.json").write_bytes(content)
    with pytest.raises(RecordingError, match="est abîmé") as caught:
        read_extra(tmp_path)
    assert "\n" not in str(caught.value)


_STORED_FAILURE = {
    "class": "StatusError", "what": "x", "where": "", "remedy": "", "status": 503, "temporary": True,
    "retry_after": None, "beginning": "", "ground": "", "flaw": "",
}  # fmt: skip


def _damage(folder: Path, change: Any) -> None:
    for file in (folder / "answers").rglob("*.json"):
        stored = json.loads(file.read_text())
        change(stored)
        file.write_text(json.dumps(stored))


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored.clear(),
        lambda stored: stored.get("answer", {}).clear(),
        lambda stored: stored.get("answer", {}).update(body="../../../etc/passwd"),
        lambda stored: stored.get("answer", {}).update(body=7),
        lambda stored: stored.get("answer", {}).update(status="deux cents"),
        lambda stored: stored.get("answer", {}).update(headers=[1]),
        lambda stored: stored.get("answer", {}).update(total_size=float("inf")),
        lambda stored: stored.update(failure=_STORED_FAILURE | {"retry_after": float("nan")}),
        lambda stored: stored.update(failure=_STORED_FAILURE | {"status": float("inf")}),
        lambda stored: stored.update(answer=None),
        lambda stored: stored.update(failure={"class": "OSError"}),
        lambda stored: stored.update(failure="non"),
    ],
)
def test_a_damaged_answer_is_told_in_one_line(tmp_path: Path, change: Any) -> None:
    with scripted_server({"/": Reply(body=b"1")}) as server, _recording(tmp_path / "r") as fetcher:
        fetcher.json(f"{server.base_url}/")
    _damage(tmp_path / "r", change)
    with _replaying(tmp_path / "r") as fetcher:
        with pytest.raises(RecordingError, match="est abîmé") as caught:
            fetcher.json(f"{server.base_url}/")
        assert "\n" not in str(caught.value)


def test_a_body_that_was_changed_or_lost_is_told(tmp_path: Path) -> None:
    _, server = _recorded(tmp_path / "r")
    for damage in (lambda body: body.write_bytes(b"autre"), lambda body: body.unlink()):
        for body in (tmp_path / "r" / "bodies").iterdir():
            damage(body)
        with _replaying(tmp_path / "r") as fetcher:
            with pytest.raises(RecordingError, match="est abîmé"):
                fetcher.download(f"{server.base_url}/r")
            assert list(fetcher._folder.iterdir()) == []


def test_an_unknown_kind_of_failure_is_a_failure(tmp_path: Path) -> None:
    _, server = _recorded(tmp_path / "r")

    def rename(stored: dict[str, Any]) -> None:
        if "failure" in stored:
            stored["failure"]["class"] = "status_error"

    _damage(tmp_path / "r", rename)
    with _replaying(tmp_path / "r") as fetcher, pytest.raises(FetchingError, match="en panne") as caught:
        fetcher.json(f"{server.base_url}/busy")
    assert type(caught.value) is FetchingError


def test_bodies_beyond_the_bound_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    limits = replace(QUICK, recording_bytes=30_000)
    script: dict[str, Reply | list[Reply]] = {
        "/a": Reply(body=b"a" * 20_000),
        "/b": Reply(body=b"b" * 20_000),
        "/c": Reply(body=b"c" * 5_000),
    }
    with scripted_server(script) as server:
        with _recording(tmp_path / "r", limits=limits) as fetcher:
            for path in script:
                assert fetcher.download(server.base_url + path).byte_size > 0
        with _replaying(tmp_path / "r") as fetcher:
            assert fetcher.download(f"{server.base_url}/a").byte_size == 20_000
            assert fetcher.download(f"{server.base_url}/c").byte_size == 5_000
            with pytest.raises(NotRecordedError, match="trop longue pour l'enregistrement"):
                fetcher.download(f"{server.base_url}/b")
    assert sum(len(data) for name, data in _files(tmp_path / "r").items() if name.startswith("bodies")) == 25_000


def test_a_recording_that_was_moved_replays(tmp_path: Path) -> None:
    seen, server = _recorded(tmp_path / "r")
    shutil.move(tmp_path / "r", tmp_path / "ailleurs")
    with _replaying(tmp_path / "ailleurs") as fetcher:
        assert _run(fetcher, server.base_url) == seen


def test_what_was_interrupted_before_it_was_asked_is_not_recorded_either(tmp_path: Path) -> None:
    script: dict[str, Reply | list[Reply]] = {f"/{i}": Reply(body=b"x") for i in range(5)}
    limits = replace(QUICK, requests_per_second=0.05)
    with scripted_server(script) as server, _recording(tmp_path / "r", limits=limits) as fetcher:
        found = check_all(fetcher, [Asked(f"{server.base_url}/{i}") for i in range(5)])
        assert next(found)[1].state == "available"
        time.sleep(0.3)
        found.close()  # type: ignore[attr-defined]
    assert len(server.seen) == 1
    assert b"failure" not in _all_bytes(tmp_path / "r")


def test_what_was_interrupted_is_not_recorded_as_a_failure(tmp_path: Path) -> None:
    script: dict[str, Reply | list[Reply]] = {"/0": Reply(body=b"x"), "/1": Reply(body=b"x", delay=30)}
    with (
        scripted_server(script) as server,
        _recording(tmp_path / "r", limits=replace(QUICK, head_seconds=60)) as fetcher,
    ):
        found = check_all(fetcher, [Asked(f"{server.base_url}/{i}") for i in range(2)])
        assert next(found)[1].state == "available"
        while len(server.seen) < 2:
            time.sleep(0.01)
        found.close()  # type: ignore[attr-defined]
    assert b"failure" not in _all_bytes(tmp_path / "r")
