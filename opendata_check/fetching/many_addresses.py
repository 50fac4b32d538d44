"""Checks many addresses at once: every server in parallel, each with the same manners as for a single one."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence

from opendata_check.fetching.client import Fetcher
from opendata_check.fetching.errors import FetchingError
from opendata_check.fetching.judging import Asked, judge
from opendata_check.fetching.observing import Seen, observe
from opendata_check.fetching.pace import host_of
from opendata_check.model.availability import Availability

_WAKE = 0.5
"""On Windows a wait without end cannot be interrupted by Ctrl-C."""
_GOODBYE = 5.0
"""Seconds for the threads to end once they are cut."""
_BETWEEN_CUTS = 0.05


def check_all(fetcher: Fetcher, asked: Sequence[Asked]) -> Iterator[tuple[Asked, Availability]]:
    """Yield each address with what was found, as it is found: the caller sorts.

    An address asked several times is fetched once. When the caller stops early (Ctrl-C), what is being fetched is cut.
    """
    wanted: dict[str, list[Asked]] = {}
    for one in asked:
        wanted.setdefault(one.url, []).append(one)
    lanes = _lanes(list(wanted), max(1, fetcher.limits.requests_at_once))
    found: queue.SimpleQueue[tuple[str, Seen]] = queue.SimpleQueue()
    stop = threading.Event()
    count = min(len(lanes), max(1, fetcher.limits.workers))
    threads = [
        threading.Thread(target=_work, args=(fetcher, lanes, found, stop), name=f"check-{number}", daemon=True)
        for number in range(count)
    ]
    try:
        for thread in threads:
            thread.start()
        for _ in range(len(wanted)):
            with fetcher.resting():
                url, seen = _next(found)
            for one in wanted[url]:
                yield one, judge(one, seen)
    finally:
        stop.set()
        _end(fetcher, [thread for thread in threads if thread.ident is not None])


def _end(fetcher: Fetcher, threads: list[threading.Thread]) -> None:
    """Cut what these threads fetch until they ended: one may start a fetch just after it was cut."""
    latest = time.monotonic() + _GOODBYE
    for thread in threads:
        while thread.is_alive() and time.monotonic() < latest:
            fetcher.cut({one.ident for one in threads if one.ident is not None and one.is_alive()})
            thread.join(_BETWEEN_CUTS)


def _lanes(urls: list[str], at_once: int) -> deque[deque[str]]:
    """Return each host's addresses as many times as it may be asked at once: first lanes first, longest first.

    The lanes of a host share its addresses. The longest start first, so that none is left alone at the end.
    """
    hosts: dict[str, deque[str]] = {}
    for url in urls:
        hosts.setdefault(host_of(url), deque()).append(url)
    longest = sorted(hosts.values(), key=len, reverse=True)
    return deque(lane for nth in range(at_once) for lane in longest if len(lane) > nth)


def _work(
    fetcher: Fetcher,
    lanes: deque[deque[str]],
    found: queue.SimpleQueue[tuple[str, Seen]],
    stop: threading.Event,
) -> None:
    """Take a lane, check its addresses one after the other, take another."""
    while not stop.is_set():
        try:
            lane = lanes.popleft()
        except IndexError:
            return
        while not stop.is_set():
            try:
                url = lane.popleft()
            except IndexError:
                break
            found.put((url, _observed(fetcher, url, stop)))


def _observed(fetcher: Fetcher, url: str, stop: threading.Event) -> Seen:
    """Return what an address answers; a fault of ours on this one does not lose the others."""
    try:
        return observe(fetcher, url, stop.is_set)
    except Exception as error:  # noqa: BLE001 - told, with its name, in place of an answer
        what = f"cette adresse n'a pas pu être vérifiée (erreur imprévue : {type(error).__name__})"
        return Seen(error=FetchingError(what, ground="unforeseen"))


def _next(found: queue.SimpleQueue[tuple[str, Seen]]) -> tuple[str, Seen]:
    while True:
        try:
            return found.get(timeout=_WAKE)
        except queue.Empty:
            continue
