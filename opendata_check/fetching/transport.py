"""One GET over the network: guarded addresses, pace, redirects, and every failure turned into a FetchingError.

This module imports requests; it is imported only when a URL is fetched.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from opendata_check.fetching.addresses import Resolver, connect, resolve, resolve_public
from opendata_check.fetching.deadline import Deadline
from opendata_check.fetching.errors import (
    BadAddressError,
    FetchingError,
    InsecureError,
    PrivateAddressError,
    RedirectError,
    TooSlowError,
    UnknownHostError,
    UnreachableError,
)
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.naming import shown_url

# What may follow a redirect to another host; anything else (a key, a cookie) is for the first host only.
_PORTABLE_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-language", "content-type", "range", "user-agent", "x-fields"}
)

NETWORK_FAILURES: tuple[type[Exception], ...] = (requests.RequestException, HTTPError, OSError)
"""What reading a response may raise; give it to ``failure``."""


def _pool_classes(resolver: Resolver, deadline: Deadline) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3 pools whose connections go only where ``resolver`` allows, under the eye of ``deadline``."""

    def open_socket(connection: HTTPConnection) -> socket.socket:
        timeout = connection.timeout if isinstance(connection.timeout, int | float) else 10.0
        host, port = connection._dns_host, connection.port or connection.default_port
        opened = connect(host, resolver(host, port), timeout)
        deadline.watch(opened)
        return opened

    class GuardedHTTPConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return open_socket(self)

        def getresponse(self) -> Any:
            if self.sock is not None:
                deadline.watch(self.sock)  # a connection kept from an earlier exchange
            return super().getresponse()

    class GuardedHTTPSConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return open_socket(self)

        def getresponse(self) -> Any:
            if self.sock is not None:
                deadline.watch(self.sock)
            return super().getresponse()

    class GuardedHTTPPool(HTTPConnectionPool):
        ConnectionCls = GuardedHTTPConnection

    class GuardedHTTPSPool(HTTPSConnectionPool):
        ConnectionCls = GuardedHTTPSConnection

    return {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}


class _GuardedAdapter(HTTPAdapter):
    """Uses guarded pools for direct connections; the way to a proxy is the user's own: watched, not guarded."""

    def __init__(self, resolver: Resolver, deadline: Deadline) -> None:
        self._direct = _pool_classes(resolver, deadline)
        self._to_proxy = _pool_classes(resolve, deadline)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self._direct

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._to_proxy
        return manager


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stand as the session's authentication, so that requests reads no password from ~/.netrc."""
    return request


class _OneHopSession(requests.Session):
    """Never prepares the next hop itself: requests would read a redirect's whole body in memory to do so."""

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        return iter(())


class Transport:
    """A session that fetches public URLs and nothing else. For one thread at a time."""

    def __init__(self, limits: Limits, resolver: Resolver, user_agent: str) -> None:
        self.deadline = Deadline()
        self._limits = limits
        self._resolver = resolver
        self._last_request: dict[str, float] = {}
        self._session = _OneHopSession()
        adapter = _GuardedAdapter(resolver, self.deadline)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._session.auth = _no_credentials
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"})

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def full_url(self, url: str, params: dict[str, Any] | None) -> str:
        """Return ``url`` with its parameters, checked.

        Raises BadAddressError when it is not a usable http(s) URL.
        """
        check_url(url)
        try:
            prepared = requests.Request("GET", url, params=params).prepare()
        except (requests.RequestException, ValueError) as error:
            raise _bad_address(url) from error
        return prepared.url or url

    def get(
        self, url: str, headers: dict[str, str], validators: dict[str, str], body: bytes | None = None
    ) -> requests.Response:
        """Return the streamed response of ``url`` after redirects, whatever its status; the caller closes it.

        ``validators`` are conditional headers; with ``body``, it is a POST. Raises FetchingError.
        """
        sent = headers | validators
        for _ in range(self._limits.redirects + 1):
            response = self._one(url, sent, body)
            target = self._session.get_redirect_target(response)
            if target is None:
                return response
            response.close()
            if response.status_code not in (307, 308):  # the others are followed by a GET (RFC 9110 §15.4)
                body = None
            here = url
            try:
                url = urljoin(here, target)
            except ValueError as error:
                raise _bad_address(target) from error
            check_url(url)
            if _origin(url) != _origin(here):
                sent = {name: value for name, value in sent.items() if name.lower() in _PORTABLE_HEADERS}
        raise RedirectError(
            "le serveur renvoie sans fin d'une adresse à une autre", where=shown_url(url), remedy="Vérifiez l'adresse."
        )

    def _one(self, url: str, headers: dict[str, str], body: bytes | None) -> requests.Response:
        """Return the response of one request, redirects not followed."""
        self._guard_proxied(url)
        self._keep_pace(url)
        timeouts = (self._limits.connect_seconds, self._limits.read_seconds)
        try:
            return self._session.request(
                "GET" if body is None else "POST",
                url,
                headers=headers,
                data=body,
                stream=True,
                allow_redirects=False,
                timeout=timeouts,
            )
        except NETWORK_FAILURES as error:
            raise self.failure(error, url) from error

    def _guard_proxied(self, url: str) -> None:
        """Judge a target that a proxy will resolve for us. Raises PrivateAddressError."""
        settings = self._session.merge_environment_settings(url, {}, None, None, None)
        if not select_proxy(url, settings["proxies"]):
            return
        try:
            self._resolver(urlsplit(url).hostname or "", 443)
        except PrivateAddressError:
            raise
        except UnknownHostError:
            return  # common behind a proxy: only the proxy resolves outside names

    def _keep_pace(self, url: str) -> None:
        """Wait until the host may be asked again."""
        host = (urlsplit(url).hostname or "").lower()
        last = self._last_request.get(host)
        if last is not None:
            pause = last + 1 / self._limits.requests_per_second - time.monotonic()
            if pause > 0:
                time.sleep(min(pause, self.deadline.remaining()))
        self._last_request[host] = time.monotonic()

    def failure(self, error: Exception, url: str) -> FetchingError:
        """Return ``error``, raised by requests while fetching ``url``, as one of ours."""
        where = shown_url(url)
        if self.deadline.expired:
            return too_slow(where)
        if isinstance(error, requests.exceptions.SSLError):
            return InsecureError(
                "la connexion sécurisée échoue (certificat périmé, inconnu ou pour un autre nom)",
                where=where,
                remedy="Signalez-le à qui gère ce site.",
            )
        if isinstance(error, requests.exceptions.ProxyError):
            return UnreachableError(
                "le serveur mandataire (proxy) ne répond pas", where=where, remedy="Vérifiez les réglages du proxy."
            )
        if isinstance(error, requests.exceptions.Timeout):
            return TooSlowError("le serveur ne répond pas", where=where, remedy="Réessayez plus tard.", temporary=True)
        if isinstance(error, requests.exceptions.ContentDecodingError):
            return UnreachableError(
                "la réponse est mal compressée", where=where, remedy="Signalez-le à qui gère ce site."
            )
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
            return _bad_address(url)
        return UnreachableError(
            "le serveur a coupé la connexion", where=where, remedy="Réessayez plus tard.", temporary=True
        )


def resolver_for(allow_private: bool) -> Resolver:
    """Return the resolver that suits the option."""
    return resolve if allow_private else resolve_public


def too_slow(where: str) -> TooSlowError:
    """Return the error of an exchange that took all its time."""
    return TooSlowError("le serveur envoie ses données trop lentement", where=where, remedy="Réessayez plus tard.")


def check_url(url: str) -> None:
    """Raise BadAddressError unless ``url`` is an http(s) URL with a host and without a password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _bad_address(url) from error
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise _bad_address(url)
    if "@" in parts.netloc:
        raise BadAddressError(
            "l'adresse contient un nom d'utilisateur ou un mot de passe",
            where=shown_url(url),
            remedy="Retirez-les : seul ce qui est public peut être contrôlé.",
        )


def _bad_address(url: str) -> BadAddressError:
    """Return the error of a URL that cannot be fetched."""
    return BadAddressError(
        "ce n'est pas une adresse web", where=shown_url(url), remedy="Une adresse commence par https://."
    )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port, which decide who may see a caller's headers."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.hostname, parts.port
