"""Every failure of requests, urllib3 and http.client, told as one of ours."""

from __future__ import annotations

import http.client

import requests
from urllib3.exceptions import HTTPError
from urllib3.exceptions import SSLError as HTTPSSLError
from urllib3.exceptions import TimeoutError as HTTPTimeoutError

from opendata_check.fetching.errors import (
    FetchingError,
    TooSlowError,
    UnreachableError,
    bad_address,
    connection_cut,
    proxy_failure,
    unusable_answer,
)
from opendata_check.fetching.naming import printable, shown_url
from opendata_check.fetching.secrecy import KnownSecrets
from opendata_check.fetching.tls import causes, tls_failure

NETWORK_FAILURES: tuple[type[Exception], ...] = (
    requests.RequestException,
    HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
"""What sending a request or reading its response may raise; ours are not among them."""


def failure(error: Exception, url: str) -> FetchingError:
    """Return ``error``, raised while fetching ``url``, as one of ours, with a note of it for --debug.

    It is not to be kept as the cause of ours: what it says shows whole URLs, and whole headers.
    """
    told = _told(error, url)
    told.add_note(f"{type(error).__name__}: {printable(KnownSecrets().hide_text(str(error)), 500)}")
    return told


def _told(error: Exception, url: str) -> FetchingError:
    where = shown_url(url)
    if isinstance(error, requests.exceptions.SSLError | HTTPSSLError):
        return tls_failure(error, url)
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.InvalidProxyURL):
        return proxy_failure(where, locked="407" in str(error))
    if isinstance(error, requests.exceptions.Timeout | HTTPTimeoutError | TimeoutError):
        return TooSlowError("le serveur ne répond pas", where=where, remedy="Réessayez plus tard.", temporary=True)
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        return UnreachableError("ce genre de serveur mandataire (SOCKS) n'est pas connu", where=where, ground="proxy")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | UnicodeError):
        return bad_address(where)
    if any("got more than" in str(cause) for cause in causes(error)):  # http.client, of long lines and many headers
        return unusable_answer("le serveur envoie des en-têtes démesurés", where, "huge_headers")
    return connection_cut(where)
