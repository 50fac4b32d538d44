"""How often, and how many times at once, one server is asked: the same manners for all our threads together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from opendata_check.fetching.deadline import Deadline
from opendata_check.fetching.errors import FetchingError, interrupted, status_error, too_slow
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.naming import shown_url

_SLOWEST = 2.0
"""Seconds between two requests to a server that keeps answering 429."""
_WAKE = 0.5


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, "" when it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


class _Host:
    """What we know of one server."""

    def __init__(self, interval: float) -> None:
        self.free = threading.Condition()
        self.in_use = 0
        self.interval = interval
        self.next_start = 0.0
        self.hold_until = 0.0
        self.calm = 0.0
        """Seconds it made us wait."""
        self.refusal: FetchingError | None = None
        self.refused_until = 0.0


class Pace:
    """Gives each request its turn."""

    def __init__(self, limits: Limits) -> None:
        self._most = max(1, limits.requests_at_once)
        self._longest_wait = limits.retry_after_seconds
        self._most_calm = limits.calm_seconds
        self._interval = 1 / limits.requests_per_second
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, url: str, deadline: Deadline) -> Iterator[None]:
        """Wait for the right to ask the host of ``url``, and hold it until the block ends.

        What we wait for because of our own other requests, and of what the server answered to them, is given back to
        ``deadline``. Raises StatusError when the host said, for longer than we wait, that it wants no more requests,
        TooSlowError when the exchange is cut meanwhile.
        """
        host = self._host(url)
        with host.free:
            while host.in_use >= self._most and not deadline.expired:
                began = time.monotonic()
                deadline.extend(_WAKE)
                host.free.wait(_WAKE)
                deadline.extend(time.monotonic() - began - _WAKE)
            host.in_use += 1
            now = time.monotonic()
            ours = max(now, host.next_start)
            host.next_start = max(ours, host.hold_until) + host.interval
        try:
            self._wait(host, ours, url, deadline)
            yield
        finally:
            with host.free:
                host.in_use -= 1
                host.free.notify()

    def asked_for_calm(self, url: str, error: FetchingError, pause: float) -> None:
        """Heed a 429 or a 503 of the host of ``url``, for all our threads.

        Nobody asks it anything for ``pause`` seconds; when that is longer than we wait, once or in all, each further
        request fails at once with the same answer (429 only: a 503 may be of one page). The first 429 of a calm also
        halves our pace.
        """
        host = self._host(url)
        now = time.monotonic()
        until = now + pause
        with host.free:
            if error.status == 429 and now >= max(host.hold_until, host.refused_until):
                host.interval = max(host.interval, min(_SLOWEST, host.interval * 2))
            more = max(0.0, until - max(now, host.hold_until))
            if pause <= self._longest_wait and host.calm + more <= self._most_calm:
                host.calm += more
                host.hold_until = max(host.hold_until, until)
            elif error.status == 429:
                host.refusal, host.refused_until = error, until

    def _host(self, url: str) -> _Host:
        name = host_of(url)
        with self._lock:
            found = self._hosts.get(name)
            if found is None:
                found = self._hosts[name] = _Host(self._interval)
            return found

    def _wait(self, host: _Host, start: float, url: str, deadline: Deadline) -> None:
        """Wait for the time of the turn, then for the end of what the server asked to wait."""
        while True:
            now = time.monotonic()
            if host.refusal is not None and now < host.refused_until:
                refusal, left = host.refusal, host.refused_until - now
                raise status_error(refusal.status or 429, shown_url(url), left, refusal.beginning)
            pause = max(start, host.hold_until) - now
            if pause <= 0:
                return
            if deadline.expired:
                raise interrupted(shown_url(url)) if deadline.interrupted else too_slow(shown_url(url))
            deadline.extend(pause)
            deadline.sleep(pause)
