"""The only room that opens a socket: URLs, local files and archives become Contents, within limits."""

from __future__ import annotations

from opendata_check.fetching.client import Fetcher
from opendata_check.fetching.document import Document, Look
from opendata_check.fetching.errors import (
    BadAddressError,
    FetchingError,
    InsecureError,
    NotJsonError,
    NotRecordedError,
    OfflineError,
    PrivateAddressError,
    RecordingError,
    RedirectError,
    StatusError,
    StorageError,
    TooLongError,
    TooSlowError,
    TotalLimitError,
    UnknownHostError,
    UnreachableError,
    UnreadableFileError,
)
from opendata_check.fetching.keys import key_for
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.opening import open_fetcher
from opendata_check.fetching.recording import read_extra

__all__ = [
    "BadAddressError",
    "Document",
    "Fetcher",
    "FetchingError",
    "InsecureError",
    "Limits",
    "Look",
    "NotJsonError",
    "NotRecordedError",
    "OfflineError",
    "PrivateAddressError",
    "RecordingError",
    "RedirectError",
    "StatusError",
    "StorageError",
    "TooLongError",
    "TooSlowError",
    "TotalLimitError",
    "UnknownHostError",
    "UnreachableError",
    "UnreadableFileError",
    "key_for",
    "open_fetcher",
    "read_extra",
]
