"""One request over the network: guarded addresses, manners, redirects, and every failure turned into a FetchingError.

This module imports requests; it is imported only when a URL is fetched.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy

from opendata_check.fetching.addresses import Names, Resolver
from opendata_check.fetching.budget import Budget
from opendata_check.fetching.deadline import Deadline, Watchdog
from opendata_check.fetching.errors import (
    FetchingError,
    RedirectError,
    UnknownHostError,
    bad_address,
    bad_key,
    interrupted,
    too_slow,
)
from opendata_check.fetching.failures import NETWORK_FAILURES, failure
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.pace import Pace
from opendata_check.fetching.pools import GuardedAdapter
from opendata_check.fetching.secrecy import is_plain_header
from opendata_check.fetching.tls import Trust
from opendata_check.fetching.urls import check_url

_DRAINED_BYTES = 16 * 1024
"""The body of a redirect, up to this size, is read so that its connection serves again."""
_COOKIES_LENGTH = 8192
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Transport:
    """Asks public URLs and nothing else. For several threads: each one's exchange has its own deadline."""

    def __init__(self, limits: Limits, resolver: Resolver, user_agent: str, trust: Trust | None = None) -> None:
        self.limits = limits
        self.pace = Pace(limits)
        self.budget = Budget(limits)
        self._resolver = Names(resolver)
        self._watchdog = Watchdog()
        self._adapter = GuardedAdapter(self._resolver, self._watchdog, trust or Trust(), limits.requests_at_once)
        self._own_headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"}
        self._proxies = functools.lru_cache(maxsize=1024)(get_environ_proxies)

    def close(self) -> None:
        """End every exchange and close every connection."""
        self._watchdog.close()
        self._adapter.close()

    def cut(self, threads: set[int]) -> None:
        """End at once the exchanges of these threads."""
        self._watchdog.cut(threads)

    @contextmanager
    def exchange(self, seconds: float, url: str) -> Iterator[Deadline]:
        """Give the exchange inside the block ``seconds`` in all. Raises TotalLimitError when nothing is left."""
        self.budget.check(shown_url(url))
        with self._watchdog.running(min(seconds, self.budget.seconds_left())) as deadline:
            yield deadline

    @contextmanager
    def answer(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        validators: Callable[[str], Mapping[str, str]] | None = None,
    ) -> Iterator[requests.Response]:
        """Give the streamed response of ``url`` after redirects, whatever its status; it ends with the block.

        ``validators`` gives the headers that one address alone must see. To be called within an ``exchange``. Raises
        FetchingError.
        """
        sent = dict(headers)
        cookies: dict[str, str] = {}
        for _ in range(self.limits.redirects + 1):
            with self._hop(method, url, sent | _cookie_header(cookies), body, validators) as response:
                target = _redirect_target(response)
                if target is None:
                    yield response
                    return
                _keep_cookies(response, cookies)
                _drain(response)
            if method == "POST" and response.status_code not in (307, 308):
                method, body = "GET", None  # the others are followed by a GET (RFC 9110 §15.4)
            here = url
            try:
                url = urljoin(here, target)
            except ValueError as error:
                raise bad_address(shown_url(target)) from error
            check_url(url)
            if _origin(url) != _origin(here):
                sent = {name: value for name, value in sent.items() if is_plain_header(name)}
                cookies.clear()
        raise RedirectError(
            "le serveur renvoie sans fin d'une adresse à une autre", where=shown_url(url), remedy="Vérifiez l'adresse."
        )

    def failure(self, error: Exception, url: str) -> FetchingError:
        """Return ``error``, raised while fetching ``url``, as one of ours."""
        return self.late(url) if self.late_now() else failure(error, url)

    def late_now(self) -> bool:
        """Return True when this thread's exchange was cut."""
        return self._watchdog.current.expired

    def late(self, url: str) -> FetchingError:
        """Return the error of an exchange that was cut: its own time is over, or that of all, or we stopped it."""
        if self._watchdog.current.interrupted:
            return interrupted(shown_url(url))
        try:
            self.budget.check(shown_url(url))
        except FetchingError as error:
            return error
        return too_slow(shown_url(url))

    @contextmanager
    def _hop(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        validators: Callable[[str], Mapping[str, str]] | None,
    ) -> Iterator[requests.Response]:
        """Give the response of one request, redirects not followed."""
        deadline = self._watchdog.current
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise bad_key(shown_url(url))
        try:
            prepared = requests.Request(method, url, headers=self._own_headers | dict(headers), data=body).prepare()
            prepared.headers.update(validators(prepared.url or url) if validators else {})
            proxies = self._proxies_for(prepared.url or url)
        except NETWORK_FAILURES:
            raise bad_address(shown_url(url)) from None  # what it says may show a key
        with self.pace.turn(url, deadline):
            timeouts = (self.limits.connect_seconds, self.limits.read_seconds)
            try:
                response = self._adapter.send(prepared, stream=True, timeout=timeouts, proxies=proxies)
            except NETWORK_FAILURES as error:
                raise self.failure(error, url) from None
            try:
                yield response
            finally:
                response.close()
                deadline.forget()

    def _proxies_for(self, url: str) -> dict[str, str]:
        """Return the environment's proxies for a URL, whose target is judged when a proxy will resolve it for us.

        Raises PrivateAddressError.
        """
        parts = urlsplit(url)
        proxies: dict[str, str] = self._proxies(f"{parts.scheme}://{parts.netloc}")
        if select_proxy(url, proxies):
            with contextlib.suppress(UnknownHostError):  # common behind a proxy: only it resolves outside names
                self._resolver(parts.hostname or "", 443)
        return proxies


def _redirect_target(response: requests.Response) -> str | None:
    """Return where a response leads, None when it is the answer itself."""
    location = response.headers.get("Location")
    if location is None or response.status_code not in _REDIRECTS:
        return None
    with contextlib.suppress(UnicodeError):  # headers are read as Latin-1; many servers write UTF-8
        location = location.encode("latin-1").decode("utf-8")
    return location


def _keep_cookies(response: requests.Response, cookies: dict[str, str]) -> None:
    """Keep what a redirect gives to show at its target: some servers turn round for ever whoever does not.

    They last as long as the redirects of one question, on one origin.
    """
    for line in response.raw.headers.getlist("Set-Cookie"):
        name, equals, value = line.partition(";")[0].partition("=")
        room = _COOKIES_LENGTH - sum(len(kept) + len(cookies[kept]) + 3 for kept in cookies)
        if equals and len(line) < room and line.isascii() and line.isprintable():
            cookies[name.strip()] = value.strip()


def _cookie_header(cookies: Mapping[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}


def _drain(response: requests.Response) -> None:
    """Read a short body to its end, so that the connection is kept."""
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:9]) <= _DRAINED_BYTES:
        with contextlib.suppress(*NETWORK_FAILURES):
            response.raw.read(_DRAINED_BYTES, decode_content=False)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port, which decide who may see a caller's headers."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.hostname, parts.port
