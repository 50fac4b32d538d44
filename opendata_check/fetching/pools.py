"""Connections that go only where they may: pools of urllib3 on judged addresses, under the eye of a deadline."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from opendata_check.fetching.addresses import Resolver, connect, resolve
from opendata_check.fetching.deadline import Watchdog
from opendata_check.fetching.errors import FetchingError, proxy_failure
from opendata_check.fetching.tls import Trust

_POOLS = 256
"""Hosts whose connections are kept."""


def _pool_classes(
    resolver: Resolver, watchdog: Watchdog, *, to_proxy: bool = False
) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3 pools whose connections go only where ``resolver`` allows."""

    def open_socket(connection: HTTPConnection) -> socket.socket:
        deadline = watchdog.current
        timeout = connection.timeout if isinstance(connection.timeout, int | float) else 10.0
        host, port = connection._dns_host, connection.port or connection.default_port
        try:
            opened = connect(host, resolver(host, port), timeout, deadline.remaining)
        except FetchingError as error:
            if to_proxy:
                raise proxy_failure(host) from error
            raise
        deadline.watch(opened)
        return opened

    class GuardedHTTPConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return open_socket(self)

        def getresponse(self) -> Any:
            if self.sock is not None:
                watchdog.current.watch(self.sock)  # a connection kept from an earlier exchange
            return super().getresponse()

    class GuardedHTTPSConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return open_socket(self)

        def getresponse(self) -> Any:
            if self.sock is not None:
                watchdog.current.watch(self.sock)
            return super().getresponse()

    class GuardedHTTPPool(HTTPConnectionPool):
        ConnectionCls = GuardedHTTPConnection

    class GuardedHTTPSPool(HTTPSConnectionPool):
        ConnectionCls = GuardedHTTPSConnection

    return {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}


class GuardedAdapter(HTTPAdapter):
    """Uses guarded pools for direct connections; the way to a proxy is the user's own: watched, not guarded.

    For several threads: urllib3's pools are, and nothing else here changes once it is made.
    """

    def __init__(self, resolver: Resolver, watchdog: Watchdog, trust: Trust, connections: int) -> None:
        self._direct = _pool_classes(resolver, watchdog)
        self._to_proxy = _pool_classes(resolve, watchdog, to_proxy=True)
        self._trust = trust
        super().__init__(pool_connections=_POOLS, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the direct pools guarded."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self._direct

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Watch the pools that lead to a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._to_proxy
        return manager

    def build_connection_pool_key_attributes(  # type: ignore[override]  # requests' own types of it are private
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Choose the TLS context by the host: requests would load the authorities again for each connection."""
        host, _ = super().build_connection_pool_key_attributes(request, *args, **kwargs)
        context: ssl.SSLContext | None = None
        if host["scheme"] == "https":
            context = self._trust.context_for(request.url or "")
        return host, {"ssl_context": context} if context else {}

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Change nothing: the context says all."""
