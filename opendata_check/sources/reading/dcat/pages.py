"""Reads a DCAT catalogue page after page, always on the portal that was asked, and says where it had to stop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit, urlunsplit

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.fetching.document import Document
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Dataset, Distribution, Fault
from opendata_check.sources.interface import SourceError
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import Announced, LeftOut, Part, fault_of
from opendata_check.sources.reading.dcat.catalog import (
    Records,
    catalogue_said,
    datasets_in,
    has_catalogue,
    next_of,
    total_of,
    undescribed_in,
)
from opendata_check.sources.reading.dcat.record import dataset_of
from opendata_check.sources.reading.rdf.graph import Graph, Node, UnreadableDocumentError
from opendata_check.sources.reading.rdf.syntax import read_document

ACCEPT = (
    "application/rdf+xml, text/turtle;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7, "
    "application/xml;q=0.5, application/json;q=0.4, */*;q=0.1"
)
MAX_PAGES = 3_000
_MAX_IDLE = 3
"""Pages in a row that may bring nothing new before the list is taken for endless."""


@dataclass(slots=True)
class Pages:
    """The pages of one catalogue. Its title and its publisher are known once ``parts`` was read."""

    fetcher: Fetcher
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    publisher_siren: str | None = None
    _subjects: dict[str, str | int] = field(default_factory=dict)
    """Id of each dataset given → its IRI, or what a blank one holds."""
    _missing: set[str] = field(default_factory=set)
    _total: int | None = None
    _seen: int = 0
    """Datasets given once, and records left out."""

    def parts(self) -> Iterator[Part]:
        """Yield the datasets of every page, and a Fault where the reading stops short.

        Raises SourceError when the first page cannot be read or describes no catalogue.
        """
        url, visited, idle = self.url, {_bare(self.url)}, 0
        for number in range(1, MAX_PAGES + 1):
            before = self._seen
            following: list[str] = []
            try:
                yield from self._page(url, number == 1, following)
            except FetchingError as error:
                if number == 1:
                    raise SourceError(error.what, where=error.where, remedy=error.remedy) from error
                yield fault_of(error)
                return
            except UnreadableDocumentError as error:
                if number == 1:
                    raise SourceError(error.what, where=shown_url(url), remedy=error.remedy) from error
                yield Fault(error.what, shown_url(url), error.remedy)
                return
            is_whole = self._total is not None and self._seen >= self._total
            if not following:
                yield from self._announced()
                return
            new = [found for found in following if _bare(found) not in visited]
            idle = idle + 1 if self._seen == before else 0
            if not new or idle >= _MAX_IDLE:
                if is_whole:  # the last page leads to itself, or to empty ones: nothing is missing
                    yield from self._announced()
                    return
                yield Fault("la pagination du catalogue tourne en rond : la suite n'est pas lue", shown_url(url))
                return
            url = new[0]
            visited.add(_bare(url))
        yield Fault(f"le catalogue a plus de {MAX_PAGES} pages : la suite n'est pas lue", shown_url(self.url))

    def _page(self, url: str, is_first: bool, following: list[str]) -> Iterator[Part]:
        """Yield what one page holds; put in ``following`` where the next one may be.

        Raises FetchingError, UnreadableDocumentError.
        """
        with self.fetcher.document(url, accept=ACCEPT, headers=self.headers) as document:
            final = document.final_url
            graph = _graph_of(document)
            link = document.headers.get("link", "")
        if is_first:
            self.title, self.publisher_siren = catalogue_said(graph)
            if not has_catalogue(graph) and next(datasets_in(graph), None) is None:
                if graph.broken:
                    raise UnreadableDocumentError(graph.broken, "Réessayez plus tard.")
                raise UnreadableDocumentError("ce document ne décrit aucun jeu de données", "Vérifiez l'adresse.")
        total = total_of(graph)
        self._total = self._total if total is None else total
        self._missing.update(undescribed_in(graph))
        yield from self._datasets(graph, final)
        if graph.broken:
            yield Fault(graph.broken, shown_url(final), "Réessayez plus tard.")
        written = [*next_of(graph), *_next_in(link)]
        following += [found for item in written if (found := following_url(final, item))]
        if written and not following:
            yield Fault("la page suivante du catalogue est sur un autre site : elle n'est pas lue", shown_url(final))

    def _datasets(self, graph: Graph, base: str) -> Iterator[Part]:
        """Yield the datasets of a graph, those already given excepted."""
        records = Records(graph)

        def place(distribution: Distribution, written: str) -> Distribution | None:
            return _placed(distribution, written, base)

        for node, reason in datasets_in(graph):
            if reason:
                if self._subjects.setdefault(f"{reason} {node.id or id(node)}", node.id) is node.id:
                    self._seen += 1
                    yield LeftOut(reason)
                continue
            dataset = self._named(node, dataset_of(node, place, records.of(node)))
            if dataset is not None:
                self._seen += 1
                yield dataset

    def _named(self, node: Node, dataset: Dataset) -> Dataset | None:
        """Return a dataset with an id of its own, None for one already given: pages overlap, identifiers repeat."""
        subject: str | int = node.id or hash(dataset)
        known = self._subjects.setdefault(dataset.id, subject)
        if known is subject:
            return dataset
        if known == subject:
            return None
        if node.id and self._subjects.setdefault(node.id, subject) is subject:
            return replace(dataset, id=node.id)
        number = 2
        while (known := self._subjects.setdefault(f"{dataset.id}#{number}", subject)) is not subject:
            if known == subject:
                return None
            number += 1
        return replace(dataset, id=f"{dataset.id}#{number}")

    def _announced(self) -> Iterator[Announced]:
        """Yield how many datasets should have been seen: what the portal counts, else what its catalogue lists."""
        missing = self._missing.difference(subject for subject in self._subjects.values() if isinstance(subject, str))
        if self._total is not None:
            yield Announced(self._total)
        elif missing:
            yield Announced(self._seen + len(missing))


def _graph_of(document: Document) -> Graph:
    """Return what a document says. Raises UnreadableDocumentError."""
    graph = Graph(document.final_url)
    name = urlsplit(document.final_url).path
    try:
        read_document(document.path, graph, media_type=document.media_type, charset=document.charset, name=name)
    except OSError as error:
        raise UnreadableDocumentError(
            "le document reçu ne peut pas être relu", "Vérifiez la place libre sur le disque."
        ) from error
    return graph


def _placed(distribution: Distribution, written: str, base: str) -> Distribution | None:
    """Return a distribution with a web address, a relative one made absolute; None when it has none."""
    if distribution.url:
        return distribution
    if not written or re.match(r"[a-z][a-z0-9+.-]*:", written, re.IGNORECASE):
        return None
    try:
        url = values.web_url(urljoin(base, written))
    except ValueError:
        return None
    if not url:
        return None
    title = distribution.title or url.rpartition("/")[2]
    return replace(distribution, url=url, title=title, id=distribution.id or url)


# ---- the next page


def following_url(current: str, written: str) -> str:
    """Return the address of the next page on the site that was asked, "" when it is another site's.

    Portals write the scheme and host they believe they have: ``http`` behind ``https``, a private name. The host asked
    for is kept when the path is the same, or ends alike: what changes from page to page is the query.
    """
    try:
        found = urlsplit(urljoin(current, written.strip()))
        asked = urlsplit(current)
        same_host = (found.hostname or "").lower() == (asked.hostname or "").lower()
    except ValueError:
        return ""
    if found.scheme not in ("http", "https"):
        return ""
    path = found.path
    if not same_host and found.path != asked.path:
        last = asked.path.rstrip("/").rpartition("/")[2]
        if not last or found.path.rstrip("/").rpartition("/")[2] != last:
            return ""
        path = asked.path
    return urlunsplit((asked.scheme, asked.netloc, path, found.query, ""))


def _next_in(link: str) -> list[str]:
    """Return the addresses a Link header gives for the next page (RFC 8288)."""
    found = re.findall(r"<([^<>]{1,2000})>\s*((?:;[^,<]{0,200})*)", link[:8000])
    return [target for target, said in found if re.search(r"\brel\s*=\s*\"?[^\";]*\bnext\b", said, re.IGNORECASE)]


def _bare(url: str) -> str:
    """Return an address without what does not change the page: its fragment."""
    return url.partition("#")[0]
