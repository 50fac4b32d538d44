from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from scripted_server import Reply, scripted_server

from opendata_check.fetching import Limits, StatusError, open_fetcher

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
        Reply(body=b"1"),
    ],
)
def test_what_must_not_or_cannot_be_asked_again_is_not_kept(tmp_path: Path, reply: Reply) -> None:
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


@pytest.mark.parametrize("damage", ["body", "meta", "half", "type", "gone"])
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


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "un-fichier"
    file.write_bytes(b"x")
    with scripted_server({"/": TAGGED}) as server:
        assert _json(server.base_url + "/", file / "cache") == {"a": 1}
        assert _json(server.base_url + "/", file) == {"a": 1}
    assert file.read_bytes() == b"x"
