"""The only room that opens a socket: URLs, local files and archives become Contents, within limits."""

from __future__ import annotations

from opendata_check.fetching.client import Fetcher, open_fetcher
from opendata_check.fetching.document import Document, Look
from opendata_check.fetching.errors import (
    BadAddressError,
    FetchingError,
    InsecureError,
    NotJsonError,
    PrivateAddressError,
    RedirectError,
    StatusError,
    StorageError,
    TooLongError,
    TooSlowError,
    UnknownHostError,
    UnreachableError,
    UnreadableFileError,
)
from opendata_check.fetching.keys import key_for
from opendata_check.fetching.limits import Limits

__all__ = [
    "BadAddressError",
    "Document",
    "Fetcher",
    "FetchingError",
    "InsecureError",
    "Limits",
    "Look",
    "NotJsonError",
    "PrivateAddressError",
    "RedirectError",
    "StatusError",
    "StorageError",
    "TooLongError",
    "TooSlowError",
    "UnknownHostError",
    "UnreachableError",
    "UnreadableFileError",
    "key_for",
    "open_fetcher",
]
