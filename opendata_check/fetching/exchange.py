"""A whole exchange: the cache, one GET, its body streamed to a file within limits, retries when they may help."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from opendata_check.fetching import cache
from opendata_check.fetching.document import Look
from opendata_check.fetching.errors import FetchingError, StorageError, UnreachableError, status_error
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.naming import shown_url
from opendata_check.fetching.transport import NETWORK_FAILURES, Transport, too_slow

_CHUNK = 64 * 1024
_EXPLANATION_BYTES = 8192
_COOKIES = frozenset({"set-cookie", "set-cookie2"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fetch, where to write it, and within which bounds."""

    url: str
    headers: dict[str, str]
    target: Path
    """A file that does not exist yet."""
    max_bytes: int
    seconds: float
    body: bytes | None = None
    """What to POST; None for a GET."""


@dataclass(frozen=True, slots=True)
class Body:
    """What came, in ``Wanted.target``."""

    byte_size: int
    media_type: str
    disposition: str
    final_url: str
    truncated: bool
    charset: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; never a cookie."""


def fetch(transport: Transport, wanted: Wanted, cache_folder: Path | None, limits: Limits) -> Body:
    """Return the body of ``wanted.url``, retrying temporary failures with a doubling wait.

    Raises FetchingError; then no file is left at ``wanted.target``.
    """
    with transport.deadline.running(wanted.seconds):
        for attempt in range(limits.retries + 1):
            try:
                return _attempt(transport, wanted, cache_folder, limits)
            except FetchingError as error:
                wanted.target.unlink(missing_ok=True)
                pause = _pause(error, attempt, limits)
                if pause is None or pause >= transport.deadline.remaining():
                    raise
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _pause(error: FetchingError, attempt: int, limits: Limits) -> float | None:
    """Return how long to wait before trying again, or None when it is of no use."""
    if not error.temporary or attempt >= limits.retries:
        return None
    pause = limits.backoff_seconds * 2.0**attempt
    if error.retry_after is None:
        return pause
    return None if error.retry_after > limits.retry_after_seconds else max(pause, error.retry_after)


def _attempt(transport: Transport, wanted: Wanted, cache_folder: Path | None, limits: Limits) -> Body:
    """Return the body, from the cache when the server says it has not changed."""
    if wanted.body is not None:  # what a POST asks is not in its URL: its answer is never kept
        cache_folder = None
    key = cache.request_key(wanted.url, wanted.headers)
    entry = cache.find(cache_folder, key) if cache_folder else None
    if entry is None or cache_folder is None:
        response = transport.get(wanted.url, wanted.headers, {}, wanted.body)
    else:
        response = _conditional(transport, wanted, entry)
    with closing(response):
        if response.status_code == 304 and entry and cache_folder:
            cache.touch(cache_folder, key)
            return _from_cache(entry, wanted, response)
        _check_status(transport, response)
        body = _stream(transport, response, wanted)
        if cache_folder and not body.truncated and _may_store(response):
            cache.store(cache_folder, key, wanted.target, _entry(response, body), limits.cache_bytes)
    return body


def _conditional(transport: Transport, wanted: Wanted, entry: cache.Entry) -> requests.Response:
    """Return the response to « has it changed? », asked where the cached body came from.

    When a redirect now leads elsewhere, the validators mean nothing there: the plain question is asked.
    """
    response = transport.get(wanted.url, wanted.headers, entry.validators)
    if response.status_code == 304 and cache.url_hash(response.url) != entry.final_url_hash:
        response.close()
        return transport.get(wanted.url, wanted.headers, {})
    return response


def _check_status(transport: Transport, response: requests.Response) -> None:
    """Raise StatusError for anything but a success, with the beginning of what the server says of it."""
    status = response.status_code
    if 200 <= status < 300:
        return
    if status < 400:
        raise UnreachableError("le serveur répond sans rien envoyer", where=shown_url(response.url), status=status)
    wait = _retry_after(response.headers.get("Retry-After", ""))
    raise status_error(status, shown_url(response.url), wait, _beginning(response, _EXPLANATION_BYTES))


def _beginning(response: requests.Response, size: int) -> bytes:
    """Return the first bytes of a body, as many as came before anything went wrong."""
    kept = b""
    with contextlib.suppress(*NETWORK_FAILURES):
        for chunk in response.iter_content(_CHUNK):
            kept += chunk
            if len(kept) >= size:
                break
    return kept[:size]


def _retry_after(value: str) -> float | None:
    """Return the seconds a Retry-After header asks to wait (RFC 9110 §10.2.3), or None when it says nothing clear."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _stream(transport: Transport, response: requests.Response, wanted: Wanted) -> Body:
    """Write the body to ``wanted.target``, at most ``max_bytes`` of it. Raises FetchingError."""
    size, truncated = 0, False
    try:
        out = wanted.target.open("xb")
    except OSError as error:
        raise _storage_error(wanted.target) from error
    with out:
        chunks = response.iter_content(_CHUNK)
        while not truncated:
            try:
                chunk = next(chunks, b"")
            except NETWORK_FAILURES as error:
                raise transport.failure(error, response.url) from error
            if not chunk:
                break
            truncated = size + len(chunk) > wanted.max_bytes
            kept = chunk[: wanted.max_bytes - size]
            try:
                out.write(kept)
            except OSError as error:
                raise _storage_error(wanted.target) from error
            size += len(kept)
    if transport.deadline.expired:  # a body of unknown length that we cut looks finished
        raise too_slow(shown_url(response.url))
    media_type, charset = _content_type(response)
    disposition = response.headers.get("Content-Disposition", "")
    return Body(size, media_type, disposition, response.url, truncated, charset, _headers(response))


def _content_type(response: requests.Response) -> tuple[str, str]:
    """Return the media type and the charset, lower case, "" for what is not said."""
    media_type, _, parameters = response.headers.get("Content-Type", "").partition(";")
    found = re.search(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", parameters, re.IGNORECASE)
    return media_type.strip().lower(), found[1].lower() if found else ""


def _headers(response: requests.Response) -> dict[str, str]:
    """Return the headers by lower-case name, without cookies."""
    named = ((name.lower(), value) for name, value in response.headers.items())
    return {name: value for name, value in named if name not in _COOKIES}


def _may_store(response: requests.Response) -> bool:
    """Return True when the response may be kept and can be asked about again (RFC 9111 §3)."""
    directives = {part.split("=")[0].strip().lower() for part in response.headers.get("Cache-Control", "").split(",")}
    has_validator = bool(response.headers.get("ETag") or response.headers.get("Last-Modified"))
    varies = response.headers.get("Vary", "").strip() == "*"
    return response.status_code == 200 and has_validator and "no-store" not in directives and not varies


def _entry(response: requests.Response, body: Body) -> cache.Entry:
    """Return the cache entry of a response."""
    return cache.Entry(
        body=Path(),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
        media_type=body.media_type,
        disposition=body.disposition,
        final_url_hash=cache.url_hash(response.url),
    )


def _from_cache(entry: cache.Entry, wanted: Wanted, response: requests.Response) -> Body:
    """Return a cached body, given its own name at ``wanted.target``; cut if the limits became narrower."""
    try:
        size = entry.body.stat().st_size
        if size <= wanted.max_bytes:
            cache.link_or_copy(entry.body, wanted.target)
        else:
            with entry.body.open("rb") as stream, wanted.target.open("xb") as out:
                out.write(stream.read(wanted.max_bytes))
    except OSError as error:
        raise _storage_error(wanted.target) from error
    cut = size > wanted.max_bytes
    kept = min(size, wanted.max_bytes)
    return Body(kept, entry.media_type, entry.disposition, response.url, cut, "", _headers(response))


def _storage_error(path: Path) -> StorageError:
    """Return the error of a temporary file that cannot be written."""
    return StorageError(
        "le dossier temporaire ne peut pas être écrit",
        where=str(path.parent),
        remedy="Vérifiez la place libre sur le disque.",
    )


def look(transport: Transport, url: str, headers: dict[str, str], size: int, seconds: float) -> Look:
    """Return the beginning of what stands at ``url``, whatever the status; only the first bytes are asked for.

    Raises FetchingError when no answer came.
    """
    with transport.deadline.running(seconds):
        response = transport.get(url, headers | {"Range": f"bytes=0-{size - 1}"}, {})
        with closing(response):
            data = _beginning(response, size)
            said = _headers(response)
            total = said.get("content-range", "").rpartition("/")[2] or said.get("content-length", "")
            media_type, _ = _content_type(response)
            known = int(total) if total.isascii() and total.isdigit() else None
            return Look(response.status_code, response.url, media_type, data, known, said)
