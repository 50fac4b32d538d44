"""Reads udata's lists page after page, always on the portal that was asked, and says where it had to stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from opendata_check.fetching import Fetcher, FetchingError, TooLongError
from opendata_check.model.catalog import Fault

MAX_PAGES = 300
_ODD = "la réponse du portail n'a pas la forme attendue"


def read_pages(
    fetcher: Fetcher, endpoint: str, params: Mapping[str, Any], *, page_size: int
) -> Iterator[list[Any] | Fault]:
    """Yield the entries of each page; a Fault comes last when the list could not be read to its end.

    Only the page number of ``next_page`` is followed: its host is the one the server believes it has. A page too long
    for the fetcher makes the reading start again with smaller pages, so an entry may come twice.
    """
    page, read_one = 1, False
    for _ in range(MAX_PAGES):
        query = {**params, "page": page, "page_size": page_size}
        try:
            answer = fetcher.json(endpoint, query)
        except TooLongError as error:
            if page_size > 1:
                yield from read_pages(fetcher, endpoint, params, page_size=max(1, page_size // 10))
            else:
                yield fault_of(error)
            return
        except FetchingError as error:
            if error.status == 404 and read_one:  # the list became shorter since: past its end, udata says 404
                return
            yield fault_of(error)
            return
        if isinstance(answer, list):  # what udata answered before 2018: the whole list at once
            yield answer
            return
        entries = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(entries, list):
            yield Fault(_ODD, endpoint, "Réessayez plus tard.")
            return
        yield entries
        read_one = True
        following = _page_number(answer.get("next_page"))
        if answer.get("next_page") and following <= page:
            yield Fault("la pagination du portail tourne en rond : la suite n'est pas lue", endpoint)
            return
        if not following:
            return
        page = following
    yield Fault(f"la liste a plus de {MAX_PAGES} pages : la suite n'est pas lue", endpoint)


def fault_of(error: FetchingError) -> Fault:
    """Return a fetch's failure as a fault, so that the audit goes on."""
    return Fault(error.what, error.where, error.remedy)


def _page_number(next_page: Any) -> int:
    """Return the page a ``next_page`` URL asks for, 0 when there is none."""
    if not isinstance(next_page, str):
        return 0
    try:
        asked = parse_qs(urlsplit(next_page).query).get("page", ["0"])[-1]
        return int(asked) if asked.isascii() and len(asked) < 10 else 0
    except ValueError:
        return 0
