from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripted_server import Reply, scripted_server

from opendata_check.fetching import Limits, OfflineError, StatusError, open_fetcher

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=0)
TAGGED = Reply(body=b'{"a": 1}', etag='"v1"', headers={"Content-Type": "application/json"})


def _json(url: str, cache: Path, limits: Limits = QUICK):
    with open_fetcher(cache_folder=cache, allow_private=True, limits=limits) as fetcher:
        return fetcher.json(url)


def test_an_unchanged_answer_is_read_from_the_cache(tmp_path: Path) -> None:
    with scripted_server({"/": TAGGED}) as server:
        assert _json(server.base_url + "/", tmp_path) == {"a": 1}
        assert _json(server.base_url + "/", tmp_path) == {"a": 1}
        assert [headers.get("if-none-match") for _, headers in server.seen] == [None, '"v1"']


def test_a_changed_answer_replaces_the_cached_one(tmp_path: Path) -> None:
    with scripted_server({"/": [TAGGED, Reply(body=b'{"a": 2}', etag='"v2"')]}) as server:
        assert [_json(server.base_url + "/", tmp_path)["a"] for _ in range(3)] == [1, 2, 2]
        assert server.seen[2][1]["if-none-match"] == '"v2"'
    assert len(list(tmp_path.glob("*.body"))) == 1


def test_last_modified_is_a_validator_too(tmp_path: Path) -> None:
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    with scripted_server({"/": [Reply(body=b"1", headers={"Last-Modified": date}), Reply(304)]}) as server:
        assert [_json(server.base_url + "/", tmp_path) for _ in range(2)] == [1, 1]
        assert server.seen[1][1]["if-modified-since"] == date


def test_a_download_from_the_cache_is_the_same_content(tmp_path: Path) -> None:
    headers = {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="bal.csv"'}
    with (
        scripted_server({"/r/1": Reply(body=b"x;y\n", etag='"1"', headers=headers)}) as server,
        open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK) as fetcher,
    ):
        first, second = (fetcher.download(f"{server.base_url}/r/1") for _ in range(2))
        assert (first.name, first.media_type, first.byte_size) == ("bal.csv", "text/csv", 4)
        assert (second.name, second.media_type, second.byte_size) == ("bal.csv", "text/csv", 4)
        assert second.path != first.path
        fetcher.release(first)
        assert second.path.read_bytes() == b"x;y\n"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"1", etag='"1"', headers={"Cache-Control": "private, No-Store"}),
        Reply(body=b"1", etag='"1"', headers={"Vary": "*"}),
    ],
)
def test_what_must_not_be_kept_is_not(tmp_path: Path, reply: Reply) -> None:
    with scripted_server({"/": reply}) as server:
        _json(server.base_url + "/", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_never_kept(tmp_path: Path) -> None:
    with scripted_server({"/": Reply(404, b"{}", etag='"1"')}) as server, pytest.raises(StatusError):
        _json(server.base_url + "/", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_download_is_not_kept(tmp_path: Path) -> None:
    with (
        scripted_server({"/": Reply(body=b"x" * 100, etag='"1"')}) as server,
        open_fetcher(cache_folder=tmp_path, allow_private=True, limits=Limits(max_bytes=50)) as fetcher,
    ):
        assert fetcher.download(server.base_url + "/").truncated
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["body", "meta", "half", "type", "gone", "size", "way out"])
def test_a_damaged_entry_is_fetched_again(tmp_path: Path, damage: str) -> None:
    with scripted_server({"/": TAGGED}) as server:
        _json(server.base_url + "/", tmp_path)
        (meta,), (body,) = tmp_path.glob("*.json"), tmp_path.glob("*.body")
        if damage == "body":
            body.write_bytes(b'{"a": 666}')
        elif damage == "meta":
            meta.write_text("pas du json")
        elif damage == "half":
            meta.write_text(meta.read_text()[:20])
        elif damage == "type":
            meta.write_text(json.dumps([1, 2]))
        elif damage == "size":
            meta.write_text(json.dumps({**json.loads(meta.read_text()), "total_size": float("inf")}))
        elif damage == "way out":
            meta.write_text(json.dumps({**json.loads(meta.read_text()), "digest": "/../../../../victime"}))
        else:
            body.unlink()
        assert _json(server.base_url + "/", tmp_path) == {"a": 1}
        assert "if-none-match" not in server.seen[1][1]
        assert _json(server.base_url + "/", tmp_path) == {"a": 1}
        assert server.seen[2][1]["if-none-match"] == '"v1"'


def test_different_headers_are_different_entries(tmp_path: Path) -> None:
    with (
        scripted_server({"/": TAGGED}) as server,
        open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK) as fetcher,
    ):
        fetcher.json(server.base_url + "/", headers={"X-Fields": "a"})
        fetcher.json(server.base_url + "/", headers={"X-Fields": "b"})
        assert all("if-none-match" not in headers for _, headers in server.seen)


def test_a_redirect_that_now_leads_elsewhere_is_not_answered_from_the_cache(tmp_path: Path) -> None:
    script = {
        "/r": [Reply(302, headers={"Location": "/v1"}), Reply(302, headers={"Location": "/v2"})],
        "/v1": Reply(body=b"1", etag='"same"'),
        "/v2": Reply(body=b"2", etag='"same"'),
    }
    with scripted_server(script) as server:
        assert [_json(server.base_url + "/r", tmp_path) for _ in range(2)] == [1, 2]


def test_the_cache_names_no_url(tmp_path: Path) -> None:
    with scripted_server({"/": TAGGED}) as server:
        _json(server.base_url + "/?apikey=s3cret", tmp_path)
    stored = b"".join(file.read_bytes() + file.name.encode() for file in tmp_path.iterdir())
    assert b"s3cret" not in stored and b"127.0.0.1" not in stored


def test_the_cache_is_bounded_and_the_least_used_goes_first(tmp_path: Path) -> None:
    script = {f"/{i}": Reply(body=json.dumps("x" * 3000).encode(), etag=f'"{i}"') for i in range(4)}
    limits = Limits(cache_bytes=10_500, requests_per_second=1000.0)
    with scripted_server(script) as server:
        for i in range(3):
            _json(f"{server.base_url}/{i}", tmp_path, limits)
            for age, meta in enumerate(sorted(tmp_path.glob("*.json"), key=lambda file: file.stat().st_mtime)):
                os.utime(meta, (1_000_000 + age, 1_000_000 + age))
        _json(f"{server.base_url}/0", tmp_path, limits)
        _json(f"{server.base_url}/3", tmp_path, limits)
        assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 10_500
        server.seen.clear()
        for i in (0, 1):
            _json(f"{server.base_url}/{i}", tmp_path, limits)
        assert ["if-none-match" in headers for _, headers in server.seen] == [True, False]


_A_FULL_CACHE = """
import sys
from pathlib import Path
from opendata_check.fetching.cache import Cache
from opendata_check.fetching.question import Answer, Question

folder, body = Path(sys.argv[1]), Path(sys.argv[2])
body.write_bytes(b"x" * 1000)
read = 0
def count(event, arguments):
    global read
    read += event in ("os.listdir", "os.scandir")
sys.addaudithook(count)
cache = Cache(folder, 300_000)
for number in range(1_000):
    cache.store(Question(f"https://exemple.fr/{number}", {}, 10**9, 1.0), Answer(200, "", 1000), body)
assert sum(file.stat().st_size for file in folder.iterdir()) <= 400_000
print(read)
"""


def test_a_full_cache_is_not_read_again_at_each_answer(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _A_FULL_CACHE, str(tmp_path / "cache"), str(tmp_path / "body")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 150


@pytest.mark.skipif(os.name == "nt", reason="Windows a d'autres droits")
def test_nobody_else_reads_the_cache(tmp_path: Path) -> None:
    with scripted_server({"/": TAGGED}) as server:
        _json(server.base_url + "/", tmp_path / "cache")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_a_damaged_entry_removes_no_file_of_others(tmp_path: Path) -> None:
    cache, victim = tmp_path / "cache", tmp_path / f"{'0' * 9}.body"
    with scripted_server({"/": TAGGED}) as server:
        _json(server.base_url + "/", cache)
        (meta,) = cache.glob("*.json")
        (cache / f"{meta.stem}-").mkdir()
        victim.write_bytes(b"x")
        meta.write_text(json.dumps({"digest": f"/../../{'0' * 9}"}))
        with open_fetcher(cache_folder=cache, allow_private=True, limits=QUICK, refresh=True) as fetcher:
            fetcher.json(server.base_url + "/")
    assert victim.read_bytes() == b"x"


def test_a_redirect_to_another_server_is_asked_whether_its_answer_changed(tmp_path: Path) -> None:
    with scripted_server({"/f.csv": Reply(body=b"x;y", etag='"1"')}) as other:
        away = {"/r": Reply(302, headers={"Location": f"{other.base_url}/f.csv"})}
        with scripted_server(away) as server:
            for _ in range(2):
                with open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK) as fetcher:
                    assert fetcher.download(f"{server.base_url}/r").path.read_bytes() == b"x;y"
            assert all("if-none-match" not in headers for _, headers in server.seen)
        assert [headers.get("if-none-match") for _, headers in other.seen] == [None, '"1"']


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "un-fichier"
    file.write_bytes(b"x")
    with scripted_server({"/": TAGGED}) as server:
        assert _json(server.base_url + "/", file / "cache") == {"a": 1}
        assert _json(server.base_url + "/", file) == {"a": 1}
    assert file.read_bytes() == b"x"


def test_what_others_keep_in_the_same_folder_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "regles-12ab.json"
    theirs.write_bytes(b"x" * 5000)
    script = {f"/{i}": Reply(body=json.dumps("x" * 3000).encode(), etag=f'"{i}"') for i in range(2)}
    with scripted_server(script) as server:
        for path in script:
            _json(server.base_url + path, tmp_path, Limits(cache_bytes=4_000))
    assert theirs.stat().st_size == 5000
    assert len(list(tmp_path.glob("*.body"))) == 1


def test_what_a_killed_process_left_half_written_is_removed(tmp_path: Path) -> None:
    old, fresh = tmp_path / f"{'0' * 32}.part", tmp_path / f"{'1' * 32}.part"
    for part in (old, fresh):
        part.write_bytes(b"x")
    os.utime(old, (1_000_000, 1_000_000))
    with scripted_server({"/": TAGGED}) as server:
        _json(server.base_url + "/", tmp_path)
    assert list(tmp_path.glob("*.part")) == [fresh]


# ---- an answer keeps what it said


def test_a_cached_document_keeps_its_charset_address_and_headers(tmp_path: Path) -> None:
    headers = {"Content-Type": "text/xml; charset=ISO-8859-15", "Link": "<?page=2>; rel=next", "Set-Cookie": "a=1"}
    script = {"/r": Reply(302, headers={"Location": "/d"}), "/d": Reply(body=b"<a/>", etag='"1"', headers=headers)}
    seen = []
    with scripted_server(script) as server:
        for _ in range(2):
            with (
                open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK) as fetcher,
                fetcher.document(server.base_url + "/r") as document,
            ):
                seen.append((document.charset, document.final_url, document.media_type, dict(document.headers)))
        assert server.seen[3][1]["if-none-match"] == '"1"'
    assert seen[0] == seen[1]
    assert seen[0][:3] == ("iso-8859-15", f"{server.base_url}/d", "text/xml")
    assert seen[0][3]["link"] == "<?page=2>; rel=next"
    assert "set-cookie" not in seen[0][3]


# ---- refresh and offline


def test_refresh_asks_anew_and_replaces(tmp_path: Path) -> None:
    with scripted_server({"/": [TAGGED, Reply(body=b'{"a": 2}', etag='"v1"'), TAGGED]}) as server:
        url = server.base_url + "/"
        _json(url, tmp_path)
        with open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK, refresh=True) as fetcher:
            assert fetcher.json(url) == {"a": 2}
            assert "if-none-match" not in server.seen[1][1]
        with open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK, offline=True) as fetcher:
            assert fetcher.json(url) == {"a": 2}


def test_offline_gives_what_was_kept_and_asks_nothing(tmp_path: Path) -> None:
    script = {
        "/j": Reply(body=b"[1]"),  # kept though nothing could ask whether it changed
        "/r": Reply(302, headers={"Location": "/f.csv"}),
        "/f.csv": Reply(body=b"x;y", etag='"1"', headers={"Content-Type": "text/csv"}),
        "/csw": Reply(body=b"<csw/>", headers={"Content-Type": "application/xml"}),
        "/": Reply(body=b"<html>", headers={"Content-Type": "text/html"}),
    }
    outcomes = []
    with scripted_server(script) as server:
        base = server.base_url
        for offline in (False, True):
            with open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK, offline=offline) as fetcher:
                content = fetcher.download(f"{base}/r")
                with fetcher.document(f"{base}/csw", body=b"<q/>", content_type="application/xml") as document:
                    posted = (document.beginning(), document.media_type)
                looked = fetcher.look(f"{base}/")
                outcomes.append((fetcher.json(f"{base}/j"), content.name, content.path.read_bytes(), posted, looked))
            asked = len(server.seen)
    assert outcomes[0] == outcomes[1]
    assert asked == len(server.seen) == 5


@pytest.mark.parametrize("kept", [True, False])
def test_what_was_not_kept_is_told_offline(tmp_path: Path, kept: bool) -> None:
    with (
        scripted_server({"/": TAGGED}) as server,
        open_fetcher(
            cache_folder=tmp_path if kept else None, allow_private=True, limits=QUICK, offline=True
        ) as fetcher,
    ):
        asks = [fetcher.json, fetcher.download, fetcher.look, fetcher.head]
        for ask in asks:
            with pytest.raises(OfflineError, match=r"n'a pas été gardée.*sans --offline"):
                ask(f"{server.base_url}/")
        with pytest.raises(OfflineError), fetcher.document(f"{server.base_url}/"):
            pass
        assert server.seen == []


def test_another_post_is_another_question_offline(tmp_path: Path) -> None:
    with scripted_server({"/csw": [Reply(body=b"<un/>"), Reply(body=b"<deux/>")]}) as server:
        url = f"{server.base_url}/csw"
        with open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK) as fetcher:
            for body in (b"<1/>", b"<2/>"):
                with fetcher.document(url, body=body):
                    pass
        with open_fetcher(cache_folder=tmp_path, allow_private=True, limits=QUICK, offline=True) as fetcher:
            with fetcher.document(url, body=b"<2/>") as document:
                assert document.beginning() == b"<deux/>"
            with pytest.raises(OfflineError), fetcher.document(url, body=b"<3/>"):
                pass


def test_the_cache_holds_no_secret_of_a_redirect_nor_of_a_link(tmp_path: Path) -> None:
    script = {
        "/a": Reply(302, headers={"Location": "/b?token=jeton-secret"}),
        "/b": Reply(body=b"1", headers={"Link": "</b?apikey=cle-secrete&page=2>; rel=next"}),
    }
    with scripted_server(script) as server:
        _json(server.base_url + "/a", tmp_path)
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("*.json"))
    assert b"page=2" in stored
    assert b"secret" not in stored


# ---- several processes

_ONE_OF_MANY = """
import hashlib, random, sys, time
from pathlib import Path
from opendata_check.fetching.cache import Cache
from opendata_check.fetching.question import Answer, Question

folder, own, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)
cache = Cache(folder, 400_000)
given = stored = 0
end = time.monotonic() + 2.0
while time.monotonic() < end or not given:
    question = Question(f"https://exemple.fr/{chance.randrange(6)}", {}, 10**9, 1.0)
    target = own / f"{stored + given}"
    if chance.random() < 0.5:
        data = chance.randbytes(chance.choice([10, 50_000, 200_000]))
        target.write_bytes(data)
        etag = hashlib.sha256(data).hexdigest()
        cache.store(question, Answer(200, question.url, len(data), headers={"etag": etag}), target)
        stored += 1
    else:
        with cache.found(question) as entry:
            if entry is None:
                continue
            time.sleep(chance.random() / 500)  # others replace or evict it meanwhile
            answer = entry.give(target, question)
        data = target.read_bytes()
        assert len(data) == answer.byte_size
        assert hashlib.sha256(data).hexdigest() == answer.headers["etag"]
        given += 1
    target.unlink()
print(given, stored)
"""


def test_processes_that_write_evict_and_read_the_same_entries_never_mix_them(tmp_path: Path) -> None:
    running = []
    for number in range(3):
        own = tmp_path / f"processus-{number}"
        own.mkdir()
        command = [sys.executable, "-c", _ONE_OF_MANY, str(tmp_path / "cache"), str(own), str(number)]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    for process in running:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert all(int(count) > 0 for count in out.split())
    assert not list((tmp_path / "cache").glob("*.part"))
    assert sum(file.stat().st_size for file in (tmp_path / "cache").iterdir()) <= 900_000
