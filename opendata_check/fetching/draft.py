"""A body on its way to a file: within bounds, and taken up where it stopped when a connection is cut."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import requests

from opendata_check.fetching.bodies import chunks
from opendata_check.fetching.dates import http_date
from opendata_check.fetching.errors import StorageError, UnreachableError, connection_cut, storage_error
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.question import Answer, kept_headers
from opendata_check.fetching.transport import Transport

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


class Draft:
    """What came of a body so far, over one or several attempts."""

    def __init__(self, transport: Transport, target: Path, max_bytes: int) -> None:
        self._transport = transport
        self.target = target
        self._max_bytes = max_bytes
        self._first: requests.Response | None = None
        self._validator = ""
        self.size = 0

    @property
    def asking(self) -> dict[str, str]:
        """Return the headers that ask for the rest alone, none when the whole must be asked (RFC 9110 §13.1.5)."""
        if not self._validator:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._validator, "Accept-Encoding": "identity"}

    def drop(self) -> None:
        """Forget what came."""
        self.target.unlink(missing_ok=True)
        self._first, self._validator, self.size = None, "", 0

    def interrupted(self) -> None:
        """Keep what came when the server promises that the rest will fit it; else forget it."""
        if not self._validator or not self.size:
            self.drop()

    def receive(self, response: requests.Response) -> Answer:
        """Write the body of a successful response, after what came before when it is the rest of it.

        Raises FetchingError; a part that does not fit, or that stops too early, is a temporary one.
        """
        resumed = bool(self._validator) and response.status_code == 206
        if not resumed:
            self.drop()
            self._first = response
        first = self._first or response
        part = range_of(response) if response.status_code == 206 else None
        if not self._fits(response, first, part, resumed=resumed):
            self.drop()
            where = shown_url(response.url)
            raise UnreachableError("le serveur envoie une autre partie que celle demandée", where=where, temporary=True)
        truncated = self._append(response)
        if self._transport.late_now():  # a body of unknown length that we cut looks finished
            raise self._transport.late(response.url)
        if not truncated and part and part[1] is not None and self.size < part[1]:
            raise connection_cut(shown_url(response.url))
        total = None if truncated else self.size
        return Answer(first.status_code, first.url, self.size, truncated, kept_headers(first.headers), total)

    def _fits(
        self,
        response: requests.Response,
        first: requests.Response,
        part: tuple[int, int | None] | None,
        *,
        resumed: bool,
    ) -> bool:
        """Return True when a response goes on exactly where the file stops; nobody is held to a part not asked for."""
        if not resumed:
            return part is None or part[0] == 0
        return (
            part is not None
            and part[0] == self.size
            and response.url == first.url
            and response.headers.get("ETag") in (None, first.headers.get("ETag"))
            and not response.headers.get("Content-Encoding")
        )

    def _append(self, response: requests.Response) -> bool:
        """Add the body to the file, at most ``max_bytes`` in all; return True when there is more."""
        try:
            out = self.target.open("ab")
        except OSError as error:
            raise self._storage_error() from error
        with out:
            for chunk in chunks(self._transport, response):
                if response is self._first and not self.size:
                    self._validator = strong_validator(response)
                kept = chunk[: self._max_bytes - self.size]
                try:
                    out.write(kept)
                except OSError as error:
                    raise self._storage_error() from error
                self.size += len(kept)
                if len(kept) < len(chunk):
                    return True
        return False

    def _storage_error(self) -> StorageError:
        return storage_error(str(self.target.parent))


def strong_validator(response: requests.Response) -> str:
    """Return what proves that the rest of a body belongs to its beginning, "" when nothing does.

    It is a strong ETag, or a Last-Modified at least one second older than the answer (RFC 9110 §8.8.2.2), of a body
    that was neither compressed on the way nor sent by a server without ranges.
    """
    headers = response.headers
    plain = response.status_code == 200 and not headers.get("Content-Encoding")
    if not plain or headers.get("Accept-Ranges", "").strip().lower() != "bytes":
        return ""
    etag = str(headers.get("ETag", ""))
    if etag.startswith('"'):
        return etag
    modified = str(headers.get("Last-Modified", ""))
    answered, changed = http_date(headers.get("Date", "")), http_date(modified)
    return modified if answered and changed and answered - changed >= timedelta(seconds=1) else ""


def range_of(response: requests.Response) -> tuple[int, int | None] | None:
    """Return where a partial answer starts and the size of the whole when it is said; None when it is unreadable."""
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip().lower())
    if found is None:
        return None
    return int(found[1]), None if found[3] == "*" else int(found[3])
