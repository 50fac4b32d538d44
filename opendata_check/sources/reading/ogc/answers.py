"""Asks an OGC API (Records, Features) for its JSON: the collections, and their items one page after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from opendata_check.fetching import Fetcher, FetchingError, NotJsonError, TooLongError
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import MAX_DATASETS, Announced, fault_of

MAX_PAGES = 5_000
_ACCEPT = {"Accept": "application/geo+json, application/json;q=0.9"}
_ODD = "la réponse n'a pas la forme d'une API OGC"
_AGAIN = "Réessayez plus tard."
_MEANINGS = {
    "notfound": "ce qui est demandé n'existe pas sur ce service",
    "invalidparametervalue": "le service refuse une valeur de la demande",
    "noapplicablecode": "le service a rencontré une erreur",
    "connectionerror": "le service ne joint pas ses propres données",
    "queryerror": "le service n'a pas pu lire ses données",
}


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items_of(value: Any, most: int = 1_000) -> list[Any]:
    """Return ``value`` when it is a list, cut to ``most``, else an empty one."""
    return value[:most] if isinstance(value, list) else []


def ask(fetcher: Fetcher, url: str, params: Mapping[str, Any] | None = None) -> Any:
    """Return the JSON at ``url``, asked with ``f=json``, then as the server likes. Raises FetchingError."""
    try:
        return fetcher.json(url, {"f": "json", **(params or {})}, headers=_ACCEPT)
    except FetchingError as error:
        if error.status not in (400, 406):
            raise
        return fetcher.json(url, dict(params or {}), headers=_ACCEPT)


def told(error: FetchingError) -> Fault:
    """Return a failure as a fault, in the words of the error's code when the service gives one."""
    try:
        code = str(mapping(json.loads(error.beginning)).get("code", "")) if error.beginning else ""
    except (ValueError, RecursionError):
        code = ""
    what = _MEANINGS.get(code.lower())
    return Fault(what, error.where, error.remedy) if what else fault_of(error)


def collection_url(base: str, collection: str) -> str:
    """Return the address of a collection."""
    return f"{base}/collections/{quote(collection, safe='')}"


def links_of(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the links of an object."""
    yield from map(mapping, items_of(mapping(value).get("links")))


def read_items(
    fetcher: Fetcher, url: str, params: Mapping[str, Any], *, page_size: int
) -> Iterator[Mapping[str, Any] | Announced | Fault]:
    """Yield the features of a collection's ``items``, each once, following ``next`` on the server that was asked.

    A Fault comes last when the list could not be read to its end. Raises FetchingError when the first page fails.
    """
    yield from _Items(fetcher, url, {**params, "limit": page_size}).read()


@dataclass(slots=True)
class _Items:
    """One reading of a collection: where it stands and what it has seen."""

    fetcher: Fetcher
    url: str
    asked: dict[str, Any]
    """Parameters of the page at hand."""
    seen: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    """Parameters of the pages already asked."""
    announced: int | None = None
    nameless: int = 0
    """Features without an id: nothing tells whether they were given before."""
    guess: str = ""
    """Paging parameter tried on a service that gives no ``next`` though it has more."""

    @property
    def got(self) -> int:
        """Return how many features came so far."""
        return len(self.seen) + self.nameless

    def read(self) -> Iterator[Mapping[str, Any] | Announced | Fault]:
        """Yield the features, page after page."""
        for _ in range(MAX_PAGES):
            try:
                answer = _page(self.fetcher, self.url, self.asked)
                features = _features(answer, self.url)
            except FetchingError as error:
                if self.pages:
                    yield told(error)
                    return
                if not isinstance(error, TooLongError) or self.asked["limit"] == 1:
                    raise
                self.asked["limit"] = max(1, self.asked["limit"] // 10)
                continue
            known = len(self.seen)
            yield from self._new(answer, features)
            stop = self._turn(answer, bool(features), is_new=len(self.seen) > known)
            if stop is not None:
                yield from stop
                return
        yield Fault(f"la liste a plus de {MAX_PAGES} pages : la suite n'est pas lue", shown_url(self.url))

    def _new(self, answer: Any, features: list[Any]) -> Iterator[Mapping[str, Any] | Announced]:
        """Yield what a page announces, when that is news, and the features not seen before."""
        total = values.size(mapping(answer).get("numberMatched"))
        if total is not None and total != self.announced:
            self.announced = total
            yield Announced(total)
        for feature in map(mapping, features):
            identifier = values.text(feature.get("id"), 300)
            if not identifier:
                self.nameless += 1
                yield feature
            elif identifier not in self.seen:
                self.seen.add(identifier)
                yield feature

    def _turn(self, answer: Any, has_features: bool, *, is_new: bool) -> list[Fault] | None:
        """Turn to the next page and return None; at the end, return the faults there are to tell."""
        self.pages.add(_place(self.asked))
        if self.got >= MAX_DATASETS:
            return [Fault(f"la liste a plus de {MAX_DATASETS} fiches : la suite n'est pas lue", shown_url(self.url))]
        has_more = self.announced is None or self.got < self.announced
        following = _next_query(answer, self.url)
        if following is None and (self.announced is None or not has_more or not has_features):
            return []
        if following is None:
            if self.guess == "startindex" and not is_new:
                return []  # no way of asking for more is known: what lacks is told by the count
            self.asked.pop(self.guess, None)
            self.guess = self.guess if self.guess and is_new else "startindex" if self.guess else "offset"
            following = {**self.asked, self.guess: self.got}
        elif not is_new or _place(following) in self.pages:
            what = "la pagination du service tourne en rond : la suite n'est pas lue"
            return [Fault(what, shown_url(self.url))] if has_more else []
        self.asked = following
        return None


def _features(answer: Any, url: str) -> list[Any]:
    """Return the features of a page. Raises NotJsonError when it is no such page."""
    features = mapping(answer).get("features")
    if not isinstance(features, list):
        raise NotJsonError(_ODD, where=shown_url(url), remedy=_AGAIN)
    return features


def _place(asked: Mapping[str, Any]) -> str:
    """Return the parameters of a page, to know it again."""
    return repr(sorted((name, str(value)) for name, value in asked.items()))


def _page(fetcher: Fetcher, url: str, asked: Mapping[str, Any]) -> Any:
    """Return one page; a GeoNetwork of before 2024 gives GeoJSON under another name only. Raises FetchingError."""
    answer = fetcher.json(url, {"f": "json", **asked}, headers=_ACCEPT) if "f" in asked else ask(fetcher, url, asked)
    if "f" not in asked and "features" not in mapping(answer):
        try:
            other = fetcher.json(url, {**asked, "f": "geojson"}, headers=_ACCEPT)
        except FetchingError:
            return answer
        return other if "features" in mapping(other) else answer
    return answer


def _next_query(answer: Any, url: str) -> dict[str, Any] | None:
    """Return the parameters of the ``next`` link, None when there is none.

    Only its query counts: its host and path are what the server believes it is called.
    """
    for link in links_of(answer):
        if link.get("rel") == "next" and isinstance(link.get("href"), str):
            try:
                query = urlsplit(urljoin(url, link["href"])).query
                return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=100)) or None
            except ValueError:
                return None
    return None
