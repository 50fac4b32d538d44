"""Finds in a graph what a catalogue publishes: its datasets, what is not kept and why, its title, its next page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from opendata_check.sources.reading import values
from opendata_check.sources.reading.dcat.parts import publisher_said
from opendata_check.sources.reading.dcat.words import address, identifier_of, nodes, text
from opendata_check.sources.reading.rdf.graph import Graph, Node

_COLLECTIONS = frozenset({"PartialCollectionView", "PagedCollection", "Collection", "Catalog"})
_SUBSTANCE = ("description", "abstract", "distribution", "identifier", "license", "publisher", "keyword", "modified")
"""What a dataset that no catalogue lists must tell at least one of, or it is only named in passing."""


def has_catalogue(graph: Graph) -> bool:
    """Return True when the document describes a catalogue, were it empty."""
    return any("Catalog" in node.types for node in graph.nodes)


def catalogue_said(graph: Graph) -> tuple[str, str | None]:
    """Return the title of the first catalogue that has one ("" when none has), and the SIREN of its publisher."""
    siren = None
    for node in graph.nodes:
        if "Catalog" in node.types:
            fields = node.said()
            siren = siren or publisher_said(fields)[1]
            if title := values.text(text(fields, "title", "name", "label")):
                return title, siren
    return "", siren


def datasets_in(graph: Graph) -> Iterator[tuple[Node, str]]:
    """Yield the nodes that are datasets, each once, and those seen that are not kept, with the reason ("" for kept).

    A dataset is what a catalogue lists, or what is typed so; stubs that only name one are passed over. A series without
    files (it only groups others) and services are not kept.
    """
    listed = _listed(graph)
    for node in listed.values():
        if node.pairs:
            yield node, _reason(node)
    for node in graph.nodes:
        if id(node) in listed:
            continue
        if "DataService" in node.types and "Dataset" not in node.types:
            if node.has("title") and (node.id or node.has("identifier")):  # others are parts of a distribution
                yield node, "service"
        elif "Dataset" in node.types or "DatasetSeries" in node.types:
            names = set(node.pairs[::2])
            if "title" in names and not names.isdisjoint(_SUBSTANCE):
                yield node, _reason(node)


def _reason(node: Node) -> str:
    """Return why a node listed or typed as a dataset is not kept, "" when it is."""
    return "series" if "DatasetSeries" in node.types and not node.has("distribution") else ""


def undescribed_in(graph: Graph) -> list[str]:
    """Return the IRIs of the datasets that a catalogue lists without any description."""
    return [node.id for node in _listed(graph).values() if node.id and not node.pairs]


def _listed(graph: Graph) -> dict[int, Node]:
    """Return the datasets that catalogues list, in order."""
    lists = (node for node in graph.nodes if "Catalog" in node.types or (not node.types and node.has("dataset")))
    return {id(item): item for node in lists for item in nodes(node.said(), "dataset")}


def total_of(graph: Graph) -> int | None:
    """Return how many datasets the portal says it has, over all the pages."""
    for node in graph.nodes:
        if not _COLLECTIONS.isdisjoint(node.types) and node.has("totalItems"):
            found = values.size(text(node.said(), "totalItems"))
            if found is not None:
                return found
    matched = (value for name, value in graph.attributes.items() if name.endswith("numberOfRecordsMatched"))
    return values.size(next(matched, None))


def next_of(graph: Graph) -> list[str]:
    """Return the addresses that the document gives for its next page, in either of hydra's spellings."""
    views = [node.said() for node in graph.nodes if not _COLLECTIONS.isdisjoint(node.types)]
    found = [address(fields, name) for fields in views for name in ("next", "nextPage")]
    return list(dict.fromkeys(filter(None, found)))


class Records:
    """The dcat:CatalogRecord of each dataset."""

    def __init__(self, graph: Graph) -> None:
        self._by_topic: dict[int, Node] = {}
        self._by_name: dict[str, Node | None] = {}
        for node in graph.nodes:
            if "CatalogRecord" in node.types:
                self._learn(node)

    def of(self, node: Node) -> Node | None:
        """Return the record of a dataset, None when there is none."""
        found = self._by_topic.get(id(node))
        if found is None and self._by_name:
            found = self._by_name.get(identifier_of(node)) or self._by_name.get(_last(node.id))
        return found

    def _learn(self, record: Node) -> None:
        """Note what a record is about."""
        for topic in nodes(record.said(), "primaryTopic"):
            self._by_topic.setdefault(id(topic), record)
            if not topic.pairs and topic.id:  # GeoNetwork 3 and 4.2 write another IRI than the dataset's
                self._name(unquote(topic.id.rpartition("/resources/")[2]), record)
        self._name(_last(record.id), record)

    def _name(self, name: str, record: Node) -> None:
        """Note a name a record goes by; one borne twice tells nothing."""
        if len(name) > 3:
            self._by_name[name] = None if self._by_name.get(name, record) is not record else record


def _last(iri: str) -> str:
    """Return what ends an IRI: a record's UUID."""
    return unquote(re.split(r"[/#]", iri.rstrip("/#"))[-1])
