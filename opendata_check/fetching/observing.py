"""What an address answers: to a HEAD, and to the beginning of a GET when that is not enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from opendata_check.fetching.client import Fetcher
from opendata_check.fetching.document import Look
from opendata_check.fetching.errors import FetchingError

_BEGINNING = 16_384
_DATA_FIRST = {"Accept": "*/*, text/html;q=0.1"}
"""An address of linked data gives a page to whoever does not say so."""
# Failures of a HEAD that a GET may not share.
_WORTH_A_GET = frozenset({"timeout", "connection_cut", "connection_refused", "too_many_redirects", "huge_headers"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address answered, before it is compared with what was announced."""

    look: Look | None = None
    """The last answer: to the HEAD when it said enough, else to the GET."""
    error: FetchingError | None = None
    """Why nothing came."""


def observe(fetcher: Fetcher, url: str, stopped: Callable[[], bool] = lambda: False) -> Seen:
    """Return what ``url`` answers to a HEAD, and to the beginning of a GET when that is not enough.

    ``stopped`` tells that nobody waits for the answer any more.
    """
    said: Look | None = None
    try:
        said = fetcher.head(url, headers=_DATA_FIRST)
    except FetchingError as error:
        if error.ground not in _WORTH_A_GET or stopped():
            return Seen(error=error)
    if said is not None and _says_enough(said):
        return Seen(said)
    seconds = fetcher.limits.check_seconds
    try:
        got = fetcher.look(
            url, size=_BEGINNING, headers=_DATA_FIRST, seconds=seconds, retries=1, fresh=True, patient=True
        )
    except FetchingError as error:
        return Seen(error=error)
    if said is not None and got.total_size is None and is_success(said.status) and is_success(got.status):
        got = replace(got, total_size=said.total_size or None)
    return Seen(got)


def _says_enough(said: Look) -> bool:
    """Return True when an answer to HEAD is enough: a success that describes a file, or an answer that asks for calm.

    A HEAD whose length is 0 describes nothing: many servers compute it of the body they do not send.
    """
    if said.status in (202, 429):
        return True
    described = bool(said.total_size) or (said.total_size is None and "last-modified" in said.headers)
    return is_success(said.status) and described and not _is_page_type(said.media_type)


def is_success(status: int) -> bool:
    """Return True when a status says that what was asked for is sent."""
    return 200 <= status < 300


def _is_page_type(media_type: str) -> bool:
    return media_type in ("text/html", "application/xhtml+xml")
