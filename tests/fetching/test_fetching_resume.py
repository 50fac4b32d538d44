"""A download that is cut goes on where it stopped, when the server promises that the rest will fit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from scripted_server import Reply, scripted_server

from opendata_check.fetching import FetchingError, Limits, UnreachableError, open_fetcher

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=2)
BODY = bytes(range(256)) * 2_000
OLD = "Wed, 21 Oct 2015 07:28:00 GMT"


def _download(script: dict[str, Reply | list[Reply]], limits: Limits = QUICK, cache: Path | None = None):
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=cache, allow_private=True, limits=limits) as fetcher,
    ):
        content = fetcher.download(f"{server.base_url}/a.bin")
        return content, content.path.read_bytes(), [headers for _, headers in server.seen]


def _whole(**more: object) -> Reply:
    return replace(Reply(body=BODY, ranges=True, etag='"v1"'), **more)  # type: ignore[arg-type]


def _cut(**more: object) -> Reply:
    return _whole(cut_after=200_000, **more)


def test_a_download_that_is_cut_goes_on_where_it_stopped() -> None:
    content, data, asked = _download({"/a.bin": [_cut(), _whole()]})
    assert data == BODY
    assert (content.byte_size, content.truncated) == (len(BODY), False)
    start = int(asked[1]["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= 200_000
    assert asked[1]["if-range"] == '"v1"'
    assert asked[1]["accept-encoding"] == "identity"


def test_a_date_older_than_the_answer_is_a_promise_too() -> None:
    dated = {"headers": {"Last-Modified": OLD}, "etag": ""}
    _, data, asked = _download({"/a.bin": [_cut(**dated), _whole(**dated)]})
    assert data == BODY
    assert asked[1]["if-range"] == OLD


def test_a_download_that_is_cut_twice_ends_all_the_same() -> None:
    _, data, asked = _download({"/a.bin": [_cut(), _whole(cut_after=100_000), _whole()]})
    assert data == BODY
    assert len(asked) == 3


def test_the_failure_of_a_retry_loses_nothing() -> None:
    _, data, asked = _download({"/a.bin": [_cut(), Reply(503), _whole()]})
    assert data == BODY
    assert "range" in asked[2]


@pytest.mark.parametrize(
    "more",
    [
        {"ranges": False},
        {"etag": 'W/"v1"'},
        {"etag": ""},
        {"etag": "", "headers": {"Last-Modified": "Fri, 31 Dec 2100 23:59:59 GMT"}},
        {"etag": "", "headers": {"Last-Modified": "hier"}},
    ],
)
def test_without_a_promise_all_is_asked_again(more: dict[str, object]) -> None:
    _, data, asked = _download({"/a.bin": [_cut(**more), _whole(**more)]})
    assert data == BODY
    assert "range" not in asked[1]


def test_a_file_that_changed_meanwhile_is_taken_whole() -> None:
    changed = Reply(body=b"neuf" * 1000, ranges=True, etag='"v2"')
    _, data, _ = _download({"/a.bin": [_cut(), changed]})
    assert data == changed.body


def test_a_file_that_became_shorter_is_taken_whole() -> None:
    gone = Reply(416, headers={"Content-Range": "bytes */10"})
    _, data, asked = _download({"/a.bin": [_cut(), gone, Reply(body=b"0123456789")]})
    assert data == b"0123456789"
    assert "range" not in asked[2]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": f"bytes 0-9/{len(BODY)}", "ETag": '"v1"'},
        {"Content-Range": "n'importe quoi", "ETag": '"v1"'},
        {"ETag": '"v1"'},
        {"Content-Range": f"bytes 200000-{len(BODY) - 1}/{len(BODY)}", "ETag": '"v2"'},
    ],
)
def test_another_part_than_the_one_asked_is_never_joined(headers: dict[str, str]) -> None:
    wrong = Reply(206, b"z" * (len(BODY) - 200_000), headers=headers)
    _, data, asked = _download({"/a.bin": [_cut(), wrong, _whole()]})
    assert data == BODY
    assert asked[1]["range"] == "bytes=200000-"
    assert "range" not in asked[2]


def test_a_resumed_download_is_cut_at_the_limit() -> None:
    content, data, _ = _download({"/a.bin": [_cut(), _whole()]}, replace(QUICK, max_bytes=300_000))
    assert content.truncated
    assert data == BODY[:300_000]


def test_a_resumed_download_is_kept_as_a_whole_one(tmp_path: Path) -> None:
    headers = {"Content-Type": "text/csv"}
    content, _, _ = _download({"/a.bin": [_cut(headers=headers), _whole(headers=headers)]}, cache=tmp_path)
    assert content.media_type == "text/csv"
    (kept,) = tmp_path.glob("*.body")
    assert kept.read_bytes() == BODY


def test_a_server_that_always_dies_midway_is_told_and_leaves_nothing() -> None:
    with (
        scripted_server({"/a.bin": _whole(cut_after=100_000)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
        pytest.raises(UnreachableError, match="coupé la connexion"),
    ):
        try:
            fetcher.download(f"{server.base_url}/a.bin")
        except FetchingError:
            assert list(fetcher._folder.iterdir()) == []
            assert len(server.seen) == QUICK.retries + 1
            raise


def test_the_waits_between_tries_double() -> None:
    limits = replace(QUICK, backoff_seconds=0.1, retries=3)
    with (
        scripted_server({"/": [Reply(500), Reply(500), Reply(500), Reply(body=b"1")]}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        assert fetcher.json(f"{server.base_url}/") == 1
        gaps = [after - before for before, after in pairwise(server.times)]
        assert all(gap >= wait for wait, gap in zip((0.1, 0.2, 0.4), gaps, strict=True))


def test_a_file_that_is_being_made_is_waited_for_then_told() -> None:
    with (
        scripted_server({"/a": [Reply(202, b'{"status": "Pending"}'), Reply(body=b"x;y")], "/b": Reply(202)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
    ):
        assert fetcher.download(f"{server.base_url}/a").byte_size == 3
        with pytest.raises(FetchingError, match="pas encore prêt") as caught:
            fetcher.download(f"{server.base_url}/b")
        assert (caught.value.status, caught.value.ground, caught.value.temporary) == (202, "not_ready", True)


def test_a_rest_that_comes_in_two_parts_is_joined() -> None:
    start = {"Content-Range": f"bytes 200000-299999/{len(BODY)}", "ETag": '"v1"'}
    _, data, asked = _download({"/a.bin": [_cut(), Reply(206, BODY[200_000:300_000], headers=start), _whole()]})
    assert data == BODY
    assert [headers.get("range") for headers in asked] == [None, "bytes=200000-", "bytes=300000-"]


@pytest.mark.parametrize("span", [f"0-99999/{len(BODY)}", f"5-100004/{len(BODY)}"])
def test_a_part_that_nobody_asked_for_is_not_taken_for_the_file(span: str) -> None:
    part = Reply(206, BODY[:100_000], headers={"Content-Range": f"bytes {span}"})
    _, data, _ = _download({"/a.bin": [part, _whole()]})
    assert data == BODY


def test_the_whole_told_as_a_part_is_the_file() -> None:
    part = Reply(206, b"x;y", headers={"Content-Range": "bytes 0-2/3"})
    content, data, asked = _download({"/a.bin": part})
    assert (data, content.truncated, len(asked)) == (b"x;y", False, 1)
