"""One Fetcher used by several threads: each server is treated as by a single one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from scripted_server import Reply, Scripted, scripted_server

from opendata_check.fetching import (
    Fetcher,
    FetchingError,
    Limits,
    StatusError,
    TooSlowError,
    TotalLimitError,
    open_fetcher,
)

FAST = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=2)
ONE = Reply(body=b"1")


def _together(fetcher: Fetcher, asks: list[Callable[[], object]]) -> list[object]:
    """Run every ask in a thread of its own and return what each gave or raised."""

    def outcome(ask: Callable[[], object]) -> object:
        try:
            return ask()
        except FetchingError as error:
            return error

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(outcome, asks))


def _gaps(server: Scripted) -> list[float]:
    times = sorted(server.times)
    return [after - before for before, after in pairwise(times)]


def test_threads_read_different_things_at_once() -> None:
    script = {f"/{number}": Reply(body=str(number).encode() * 1000) for number in range(1, 10)}
    limits = replace(FAST, requests_at_once=9)
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        asks = [lambda n=n: fetcher.download(f"{server.base_url}/{n}").path.read_bytes() for n in range(1, 10)]
        assert _together(fetcher, asks) == [str(number).encode() * 1000 for number in range(1, 10)]


def test_a_server_is_asked_at_most_twice_at_once_by_all_threads() -> None:
    with (
        scripted_server({"/": Reply(body=b"1", delay=0.05)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher,
    ):
        assert _together(fetcher, [lambda: fetcher.json(f"{server.base_url}/")] * 8) == [1] * 8
        assert server.most_busy == 2


def test_connections_are_kept_and_shared_between_threads() -> None:
    with (
        scripted_server({"/": ONE}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher,
    ):
        for _ in range(5):
            _together(fetcher, [lambda: fetcher.json(f"{server.base_url}/")] * 4)
        assert len(server.seen) == 20
        assert len(server.clients) <= FAST.requests_at_once


def test_the_connection_of_a_redirect_serves_again() -> None:
    script = {"/r": Reply(302, b"<p>ailleurs</p>", headers={"Location": "/a"}), "/a": ONE}
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher,
    ):
        assert fetcher.json(f"{server.base_url}/r") == 1
        assert len(server.clients) == 1


def test_the_pace_of_a_server_is_that_of_all_threads_together() -> None:
    limits = Limits(requests_per_second=20.0)
    with (
        scripted_server({"/": ONE}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        _together(fetcher, [lambda: fetcher.json(f"{server.base_url}/")] * 6)
        assert max(server.times) - min(server.times) >= 5 / 20 - 0.02


def test_two_servers_do_not_wait_for_each_other() -> None:
    limits = Limits(requests_per_second=0.3)
    with (
        scripted_server({"/": ONE}) as one,
        scripted_server({"/": ONE}, host="localhost") as other,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        _together(fetcher, [lambda: fetcher.json(f"{one.base_url}/"), lambda: fetcher.json(f"{other.base_url}/")])
        assert time.monotonic() - start < 3


def test_waiting_for_our_own_turn_is_no_slowness_of_the_server() -> None:
    limits = Limits(requests_per_second=5.0, json_seconds=0.5, retries=0)
    with (
        scripted_server({"/": ONE}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        assert _together(fetcher, [lambda: fetcher.json(f"{server.base_url}/")] * 6) == [1] * 6


def test_a_retry_after_holds_every_thread() -> None:
    script = {"/occupe": [Reply(429, headers={"Retry-After": "1"}), ONE], "/autre": ONE}
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher,
    ):

        def later() -> object:
            while not server.seen:
                time.sleep(0.005)
            time.sleep(0.1)
            return fetcher.json(f"{server.base_url}/autre")

        assert _together(fetcher, [lambda: fetcher.json(f"{server.base_url}/occupe"), later]) == [1, 1]
        assert _gaps(server)[0] >= 0.5, "a second was asked; a busy server may note the first request late"


def test_a_429_slows_the_server_s_pace_down() -> None:
    limits = replace(FAST, requests_per_second=10.0)
    with (
        scripted_server({"/": [Reply(429), ONE]}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        for _ in range(4):
            fetcher.json(f"{server.base_url}/")
        assert time.monotonic() - start >= 0.55, "four waits, the last three of 0.2 s: 0.4 s at the usual pace"


def test_a_server_that_wants_no_more_requests_gets_none() -> None:
    body = b'{"errorcode": 10002}'
    with (
        scripted_server({"/": Reply(429, body, {"Retry-After": "3600"}), "/autre": ONE}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher,
    ):
        for path in ("/", "/autre", "/"):
            with pytest.raises(StatusError, match=r"Réessayez dans [0-9]+ minutes") as caught:
                fetcher.json(server.base_url + path)
            assert (caught.value.status, caught.value.beginning) == (429, body)
        assert len(server.seen) == 1


def test_what_we_do_not_ask_slows_the_pace_no_further() -> None:
    limits = replace(FAST, requests_per_second=10.0, retry_after_seconds=0.5, retries=0)
    with (
        scripted_server({"/": [Reply(429, headers={"Retry-After": "1"}), ONE]}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        for _ in range(6):
            with pytest.raises(StatusError):
                fetcher.json(f"{server.base_url}/")
        time.sleep(1.1)
        for _ in range(3):
            assert fetcher.json(f"{server.base_url}/") == 1
        assert min(_gaps(server)[1:]) < 0.6, "doubled at each refusal, the pace would leave seconds between all of them"


def test_a_long_503_of_one_page_closes_no_other() -> None:
    with (
        scripted_server({"/": Reply(503, headers={"Retry-After": "3600"}), "/autre": ONE}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher,
    ):
        with pytest.raises(StatusError):
            fetcher.json(f"{server.base_url}/")
        assert fetcher.json(f"{server.base_url}/autre") == 1


def test_a_thread_that_is_cut_does_not_cut_the_others() -> None:
    script = {"/lent": Reply(body=b"x" * 1000, seconds_per_byte=0.05), "/assez": Reply(body=b"1" * 40, seconds_per_byte=0.02)}  # fmt: skip
    limits = replace(FAST, download_seconds=0.4, retries=0)
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        asks = [lambda: fetcher.download(f"{server.base_url}/lent"), lambda: fetcher.json(f"{server.base_url}/assez")]
        cut, whole = _together(fetcher, asks)
        assert isinstance(cut, TooSlowError)
        assert whole == int("1" * 40)


def test_a_thread_that_is_cut_after_a_redirect_does_not_cut_who_took_its_connection() -> None:
    drip = Reply(body=b"1" * 40, seconds_per_byte=0.04)
    limits = replace(FAST, download_seconds=0.6, retries=0)
    with scripted_server({"/lent": Reply(body=b"x" * 1000, seconds_per_byte=0.05)}, host="localhost") as other:
        away = Reply(302, b"ailleurs", {"Location": f"{other.base_url}/lent"})
        with (
            scripted_server({"/r": away, "/assez": drip}) as server,
            open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
        ):

            def second() -> object:
                while not other.seen:
                    time.sleep(0.005)
                return fetcher.json(f"{server.base_url}/assez")

            cut, whole = _together(fetcher, [lambda: fetcher.download(f"{server.base_url}/r"), second])
            assert isinstance(cut, TooSlowError)
            assert whole == int("1" * 40)
            assert len(server.clients) == 1


def test_closing_ends_what_other_threads_fetch() -> None:
    with scripted_server({"/": Reply(body=b"x" * 1000, seconds_per_byte=0.05)}) as server:
        raised: list[Exception] = []
        with open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher:

            def fetch() -> None:
                try:
                    fetcher.download(f"{server.base_url}/")
                except FetchingError as error:
                    raised.append(error)

            thread = threading.Thread(target=fetch)
            thread.start()
            while not server.seen:
                time.sleep(0.005)
            start = time.monotonic()
        thread.join(5)
        assert time.monotonic() - start < 2
        assert raised


def test_nothing_is_asked_once_all_is_closed() -> None:
    with scripted_server({"/": ONE}) as server:
        with open_fetcher(cache_folder=None, allow_private=True, limits=FAST) as fetcher:
            pass
        for ask in (fetcher.json, fetcher.download, fetcher.look, fetcher.head):
            with pytest.raises(FetchingError, match="interrompue"):
                ask(f"{server.base_url}/")
        assert server.seen == []
    assert not [thread for thread in threading.enumerate() if thread.name == "deadlines"]


# ---- in total


def test_all_that_a_fetcher_receives_is_bounded() -> None:
    limits = replace(FAST, total_bytes=5_000, retries=0)
    with (
        scripted_server({"/a.csv": Reply(body=b"x" * 2_000)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        for _ in range(2):
            fetcher.download(f"{server.base_url}/a.csv")
        for _ in range(2):
            with pytest.raises(TotalLimitError, match="limite de 4 Kio reçus en tout est atteinte"):
                fetcher.download(f"{server.base_url}/a.csv")
        assert len(server.seen) == 3


def test_all_the_time_that_a_fetcher_takes_is_bounded() -> None:
    limits = replace(FAST, total_seconds=0.4, retries=0)
    with (
        scripted_server({"/": Reply(body=b"1" * 1000, seconds_per_byte=0.05), "/vite": ONE}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        with pytest.raises(TotalLimitError, match=r"limite de 0\.4 s en tout est atteinte"):
            fetcher.json(f"{server.base_url}/")
        with pytest.raises(TotalLimitError):
            fetcher.json(f"{server.base_url}/vite")
        assert time.monotonic() - start < 2
        assert len(server.seen) == 1


def test_what_comes_from_the_cache_is_not_counted(tmp_path: Path) -> None:
    limits = replace(FAST, total_bytes=3_000)
    with (
        scripted_server({"/a.csv": Reply(body=b"x" * 2_000, etag='"1"')}) as server,
        open_fetcher(cache_folder=tmp_path, allow_private=True, limits=limits) as fetcher,
    ):
        for _ in range(4):
            assert fetcher.download(f"{server.base_url}/a.csv").byte_size == 2_000
