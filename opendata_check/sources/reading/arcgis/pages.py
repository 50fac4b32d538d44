"""Asks an ArcGIS Hub site: its feed as it comes, its search interfaces page after page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from opendata_check.fetching import Fetcher, FetchingError, key_for
from opendata_check.fetching.document import Document
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.arcgis.errors import error_code, meaning, told
from opendata_check.sources.reading.arcgis.record import mapping
from opendata_check.sources.reading.collecting import MAX_DATASETS, Announced
from opendata_check.sources.reading.rdf.pieces import Piece, pieces_of
from opendata_check.sources.reading.rdf.text import CleanText, EndlessTextError

FEED = "/api/feed/dcat-us/1.1.json"
SEARCH = "/api/search/v1"
OLD_SEARCH = "/api/v3/datasets"
PAGE_SIZE = 100
"""The search interfaces give no more at once."""
_MAX_PAGES = MAX_DATASETS // PAGE_SIZE
_MOST_OF_ONE_SITE = 50_000
"""Beyond it, the older interface shows what all sites have."""
_ODD = "la réponse du portail n'a pas la forme attendue"
_BROKEN = "le catalogue du portail est incomplet ou mal formé"
_AGAIN = "Réessayez plus tard."

Entry = Mapping[str, Any] | Fault | Announced
"""A record as the portal wrote it, why some are not there, or how many there should be."""


class HubError(Exception):
    """An interface gave nothing at all."""

    def __init__(self, fault: Fault, *, missing: bool = False) -> None:
        super().__init__(fault.what)
        self.fault = fault
        self.missing = missing
        """True when what was asked for is not there."""


@dataclass
class Hub:
    """The interfaces of a site, asked within limits."""

    fetcher: Fetcher
    site: str
    """Scheme and host."""
    _headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        key = key_for(self.site)
        if key:
            self._headers["X-Esri-Authorization"] = f"Bearer {key}"

    def feed(self, params: Mapping[str, str] | None = None) -> Iterator[Entry]:
        """Yield the records of the DCAT-US feed as they are read; a Fault comes last when it breaks off.

        Raises HubError when not one can be read.
        """
        url = self.site + FEED
        count = 0
        try:
            with self.fetcher.document(
                url, dict(params or {}), accept="application/json", headers=self._headers
            ) as found:
                for entry in _records(found):
                    if isinstance(entry, Fault) and not count:
                        raise HubError(entry)
                    count += 1
                    yield entry
        except FetchingError as error:
            if count:  # the file was closed under us: the server had given it whole
                yield told(error)
            else:
                raise HubError(told(error), missing=error.status == 404) from error

    def items(self, collection: str, params: Mapping[str, str]) -> Iterator[Entry]:
        """Yield the items of a collection of the search interface; a Fault comes last when the list broke off.

        Raises HubError when not one can be read.
        """
        url = f"{self.site}{SEARCH}/collections/{collection}/items"
        start, first = 1, ""
        for number in range(_MAX_PAGES):
            try:
                answer = self.ask(url, {**params, "limit": PAGE_SIZE, "startindex": start}, "features")
            except HubError as error:
                if not number:
                    raise
                yield error.fault
                return
            entries = answer["features"]
            if (total := values.size(answer.get("numberMatched"))) is not None:
                yield Announced(total)
            key = str(mapping(entries[0]).get("id"))[:200] if entries else ""
            if key and key == first:
                yield _looping(url)
                return
            yield from (entry for entry in entries if isinstance(entry, dict))
            following = _following(answer, start, len(entries), total)
            if not following:
                return
            if following <= start:
                yield _looping(url)
                return
            start, first = following, key
        yield Fault(f"la liste a plus de {_MAX_PAGES} pages : la suite n'est pas lue", shown_url(url))

    def old_items(self, params: Mapping[str, str]) -> Iterator[Entry]:
        """Yield the items of the older search interface (JSON:API); a Fault comes last when the list broke off.

        Raises HubError when not one can be read.
        """
        url = self.site + OLD_SEARCH
        seen, first = 0, ""
        for number in range(1, _MAX_PAGES + 1):
            try:
                answer = self.ask(url, {**params, "page[size]": PAGE_SIZE, "page[number]": number}, "data")
            except HubError as error:
                if number == 1:
                    raise
                yield error.fault
                return
            entries = answer["data"]
            stats = mapping(mapping(answer.get("meta")).get("stats"))
            if (total := values.size(stats.get("totalCount"))) is not None:
                if total > _MOST_OF_ONE_SITE:
                    raise HubError(Fault("l'ancienne interface du portail montre les données de tous les sites", url))
                yield Announced(total)
            key = str(mapping(entries[0]).get("id"))[:200] if entries else ""
            if key and key == first:
                yield _looping(url)
                return
            yield from (entry for entry in entries if isinstance(entry, dict))
            seen, first = seen + len(entries), key
            if not entries or (total is not None and seen >= total):
                return
            if total is None and len(entries) < PAGE_SIZE:
                return
        yield Fault(f"la liste a plus de {_MAX_PAGES} pages : la suite n'est pas lue", shown_url(url))

    def ask(self, url: str, params: Mapping[str, Any], wanted: str = "") -> Mapping[str, Any]:
        """Return the object at ``url``, whose field ``wanted`` is a list. Raises HubError."""
        try:
            answer = self.fetcher.json(url, dict(params), self._headers)
        except FetchingError as error:
            raise HubError(told(error), missing=error.status == 404) from error
        code = error_code(answer)
        if code:
            raise HubError(meaning(code, shown_url(url)), missing=code == 404)
        if not isinstance(answer, dict) or (wanted and not isinstance(answer.get(wanted), list)):
            raise HubError(Fault(_ODD, shown_url(url), _AGAIN))
        return answer


def has_search(site: str, fetcher: Fetcher) -> bool:
    """Return True when a site has the search interface."""
    try:
        answer = fetcher.json(site + SEARCH)
    except FetchingError:
        return False
    links = mapping(answer).get("links")
    listed = links[:50] if isinstance(links, list) and not error_code(answer) else []
    return any(SEARCH in str(mapping(link).get("href"))[:4000] for link in listed)


def has_feed(site: str, fetcher: Fetcher) -> bool:
    """Return True when a site has the feed, from how it begins."""
    try:
        look = fetcher.look(site + FEED)
    except FetchingError:
        return False
    start = look.data.lstrip()
    return look.status == 200 and start[:1] == b"{" and b"dcat:Dataset" in start and b"arcgis" in start.lower()


def _following(answer: Mapping[str, Any], start: int, count: int, total: int | None) -> int:
    """Return where the next page starts, 0 when there is none: as its link says, else after what came.

    Of the link only the number is followed: its host is the one the server believes it has.
    """
    if not count:
        return 0
    links = answer.get("links")
    for link in map(mapping, links[:100] if isinstance(links, list) else []):
        if link.get("rel") == "next":
            try:
                asked = parse_qs(urlsplit(str(link.get("href"))[:4000]).query).get("startindex", [""])[-1]
            except ValueError:
                asked = ""
            return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else start
    return start + count if total is not None and start + count <= total else 0


def _looping(url: str) -> Fault:
    return Fault("la pagination du portail tourne en rond : la suite n'est pas lue", shown_url(url))


# ---- the feed


def _records(document: Document) -> Iterator[Mapping[str, Any] | Fault]:
    """Yield the datasets of a feed, then a Fault when it is not read to its end, or gives none."""
    where = shown_url(document.final_url)
    if document.media_type == "text/html" or document.beginning(1000).lstrip()[:1] == b"<":
        yield Fault("le serveur a répondu une page web au lieu de données", where, _AGAIN)
        return
    is_feed = False
    try:
        with document.path.open("rb") as file:
            for entry in _datasets(pieces_of(CleanText(file, document.charset))):
                is_feed = True
                if isinstance(entry, int):
                    yield meaning(entry, where)
                    return
                if entry is None:
                    yield Fault("une fiche est démesurée : elle n'est pas lue", where)
                elif entry:
                    yield entry
    except (ValueError, RecursionError, EndlessTextError, OSError):
        yield Fault(_BROKEN, where, _AGAIN)
        return
    if not is_feed:
        yield Fault(_ODD, where, _AGAIN)


def _datasets(pieces: Iterator[Piece]) -> Iterator[Mapping[str, Any] | int | None]:
    """Yield the objects of the list ``dataset``, {} for an empty list; None for one too long; the code of an error."""
    path: list[str] = []
    key = ""
    for piece, value in pieces:
        inside = len(path) == 2 and path[1] == "dataset"
        if piece == "key":
            key = value
        elif piece == "value" and not path:
            if code := error_code(value):
                yield code
            elif isinstance(value, dict) and isinstance(value.get("dataset"), list):
                yield {}
                yield from (item for item in value["dataset"] if isinstance(item, dict))
        elif piece == "value" and inside:
            if isinstance(value, dict):
                yield value
        elif piece == "value" and len(path) == 1:
            if key == "dataset" and isinstance(value, list):
                yield {}
                yield from (item for item in value if isinstance(item, dict))
            elif code := error_code({key: value}):
                yield code
        elif piece in "{[":
            if len(path) == 1 and key == "dataset" and piece == "[":
                yield {}
            path.append(key if path and len(path) == 1 else "")
        elif piece in "}]":
            path.pop()
            if len(path) == 2 and path[1] == "dataset":
                yield None
