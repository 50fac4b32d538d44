"""Reads a DCAT catalogue in JSON-LD, compacted or expanded, by walking the JSON: no RDF library, no remote context.

Terms are known by their local name (``dct:title``, ``http://purl.org/dc/terms/title`` and ``title`` are one), after the
aliases of an inline ``@context``. Source: DCAT 3, DCAT-AP 3, and the variants portals write (``bytesSize``…).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from opendata_check.model.catalog import Dataset, Distribution, Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import Reading, distinct_ids, unreadable
from opendata_check.sources.reading.tree import (
    Tree,
    dataset_id,
    is_relative_reference,
    local_distribution,
    locate,
    read_bounded,
)

_SNIFF_BYTES = 65_536
_MAX_DEPTH = 60
_MAX_DATASETS = 10_000
_LABELS = ("prefLabel", "label", "title", "name", "fn", "organization-name")

Node = dict[str, Any]
"""Local name → list of values, each a Node, or a Literal; ``@id`` and ``@type`` (local names) keep their name."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text with its language."""

    text: str
    language: str = ""


@dataclass(slots=True)
class Graph:
    """The nodes of a document: all of them in order, and those that have an id."""

    aliases: dict[str, str]
    nodes: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)


def is_dcat(path: Path) -> bool:
    """Return True when a JSON file's beginning speaks of DCAT in JSON-LD."""
    if path.suffix.lower() not in (".jsonld", ".json"):
        return False
    try:
        with path.open("rb") as stream:
            start = stream.read(_SNIFF_BYTES)
    except OSError:
        return False
    is_linked = any(mark in start for mark in (b'"@context"', b'"@type"', b'"@graph"'))
    return is_linked and re.search(rb"dcat[#:/\"]|project-open-data|ns/dcat", start) is not None


def read_dcat(path: Path, tree: Tree) -> Reading:
    """Return the datasets of a DCAT file; what is malformed becomes a fault."""
    where = tree.relative(path)
    try:
        document = json.loads(read_bounded(path))
    except (ValueError, RecursionError, OSError):
        return unreadable(path, where, "ce catalogue n'est pas du JSON-LD lisible", "Corrigez-le ou retirez-le.")
    graph = Graph(_aliases(document))
    _gather(document, graph, 0)
    _link(graph)
    found = list(_datasets(graph))
    if not found:
        return unreadable(path, where, "ce catalogue ne décrit aucun jeu de données")
    names = _by_name(tree, path)
    faults: list[Fault] = []
    datasets = [_dataset(node, graph, path, tree, names, faults) for node in found[:_MAX_DATASETS]]
    catalog: Node = next((node for node in graph.nodes if "Catalog" in node["@type"]), {})
    return Reading(tuple(datasets), tuple(faults), frozenset({path}), _text(catalog, graph, "title"))


# ---- from JSON to nodes


def _aliases(document: Any) -> dict[str, str]:
    """Return what an inline context renames: short name → IRI or compact IRI."""
    context = document.get("@context") if isinstance(document, dict) else None
    aliases: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        for name, meaning in part.items() if isinstance(part, dict) else ():
            iri = meaning.get("@id") if isinstance(meaning, dict) else meaning
            if isinstance(iri, str) and not name.startswith("@"):
                aliases[name] = iri
    return aliases


def _local(name: str, graph: Graph) -> str:
    """Return the local name of a term."""
    name = graph.aliases.get(name, name)
    return name if name.startswith("@") else re.split(r"[#/:]", name)[-1] or name


def _gather(value: Any, graph: Graph, depth: int) -> Any:
    """Return a JSON value as a node, a literal or a list of them, and put its nodes in the graph."""
    if depth > _MAX_DEPTH or value is None:
        return []
    if isinstance(value, list):
        flat: list[Any] = []
        for item in value:
            gathered = _gather(item, graph, depth + 1)
            flat.extend(gathered if isinstance(gathered, list) else [gathered])
        return flat
    if not isinstance(value, dict):
        return Literal(values.prose(value))
    if "@value" in value:
        return Literal(values.prose(value["@value"]), str(value.get("@language", ""))[:20].lower())
    for container in ("@list", "@set"):
        if container in value:
            return _gather(value[container], graph, depth + 1)
    return _node(value, graph, depth)


def _node(value: dict[str, Any], graph: Graph, depth: int) -> Node:
    """Return an object as a node, merged with what was said before of the same ``@id``."""
    node: Node = {"@type": []}
    for name, item in value.items():
        local = _local(name, graph)
        if local == "@id" and isinstance(item, str):
            node["@id"] = item[:2000]
        elif local == "@type":
            kinds = item if isinstance(item, list) else [item]
            node["@type"] = [_local(kind, graph) for kind in kinds if isinstance(kind, str)]
        elif local in ("@graph", "@included"):
            _gather(item, graph, depth + 1)
        elif not local.startswith("@"):
            gathered = _gather(item, graph, depth + 1)
            node.setdefault(local, []).extend(gathered if isinstance(gathered, list) else [gathered])
    known = graph.by_id.get(node.get("@id", ""))
    if known is not None:
        _merge(known, node)
        return known
    graph.nodes.append(node)
    if "@id" in node:
        graph.by_id[node["@id"]] = node
    return node


def _merge(known: Node, more: Node) -> None:
    """Add to a node what is said of it elsewhere."""
    for name, items in more.items():
        if name != "@id":
            said = known.setdefault(name, [])
            seen = {_identity(item) for item in said}
            said.extend(item for item in items if _identity(item) not in seen)


def _identity(item: Any) -> Any:
    """Return what tells a value from another: nodes by themselves (they may form a loop), the rest by what they say."""
    return id(item) if isinstance(item, dict) else item


def _link(graph: Graph) -> None:
    """Put nodes in place of the texts that are their id (terms whose context says ``"@type": "@id"``)."""
    for node in graph.nodes:
        for name, items in node.items():
            if not name.startswith("@"):
                node[name] = [graph.by_id.get(item.text, item) if isinstance(item, Literal) else item for item in items]


# ---- from nodes to values


def _datasets(graph: Graph) -> Iterator[Node]:
    """Yield the nodes that are datasets, by their type or because a catalogue lists them, each once."""
    seen: set[int] = set()
    listed = [item for node in graph.nodes if "Catalog" in node["@type"] for item in node.get("dataset", ())]
    typed = [node for node in graph.nodes if "Dataset" in node["@type"]]
    for node in [*listed, *typed]:
        if isinstance(node, dict) and id(node) not in seen and node.keys() - {"@id", "@type"}:
            seen.add(id(node))
            yield node


def _text(node: Node, graph: Graph, *names: str) -> str:
    """Return the text of the first property given: in French, else without language, else in any."""
    for name in names:
        best = min((_worded(item) for item in node.get(name, ())), default=None, key=lambda pair: pair[0])
        if best and best[1]:
            return best[1]
    return ""


def _worded(item: Any) -> tuple[int, str]:
    """Return a rank (French first, nothing last) and the words of a value."""
    if isinstance(item, Literal):
        rank = 0 if item.language.startswith("fr") else 1 if not item.language else 2
        return (rank if item.text else 9), item.text
    if "fr" in item:  # a map of languages
        return _worded(item["fr"][0]) if item["fr"] else (9, "")
    for label in _LABELS:
        found = [_worded(inner) for inner in item.get(label, ()) if isinstance(inner, Literal)]
        if found:
            return min(found)
    return 3, values.text(item.get("@id", ""), 2000)


def _iri(node: Node, *names: str) -> str:
    """Return the first IRI or text given by one of the properties, as written."""
    for name in names:
        for item in node.get(name, ()):
            written = item.text if isinstance(item, Literal) else item.get("@id", "")
            if written:
                return values.text(written, 2000)
    return ""


def _first(node: Node, *names: str) -> Node:
    """Return the first node given by one of the properties, or an empty one."""
    return next((item for name in names for item in node.get(name, ()) if isinstance(item, dict)), {})


def _dataset(node: Node, graph: Graph, path: Path, tree: Tree, names: dict[str, Path], faults: list[Fault]) -> Dataset:
    """Return a DCAT dataset; files it names that cannot be used are added to ``faults``."""
    given = [item for item in node.get("distribution", ()) if isinstance(item, dict)]
    built = [_distribution(item, graph, path, tree, names) for item in given]
    faults.extend(item for item in built if isinstance(item, Fault))
    distributions = distinct_ids(tuple(item for item in built if isinstance(item, Distribution)))
    local = next((item.path for item in distributions if item.path is not None), None)
    described_license = next((holder for holder in (node, *given) if holder.get("license") or holder.get("rights")), {})
    contact = _first(node, "contactPoint")
    period = _first(node, "temporal")
    identifier = _text(node, graph, "identifier") or values.text(node.get("@id", ""), 500)
    title = _text(node, graph, "title") or values.readable_title(identifier.rpartition("/")[2])
    return Dataset(
        id=dataset_id(tree, local) if local else identifier or values.fold(title),
        title=values.text(title),
        distributions=distributions,
        description=_text(node, graph, "description", "abstract"),
        license=values.text(_iri(described_license, "license") or _text(described_license, graph, "license", "rights")),
        license_url=values.web_url(_iri(described_license, "license")),
        frequency=values.text(_iri(node, "accrualPeriodicity") or _text(node, graph, "accrualPeriodicity"), 100),
        issued=values.day(_text(node, graph, "issued", "created")),
        modified=values.day(_text(node, graph, "modified")),
        keywords=values.words([_worded(item)[1] for item in node.get("keyword", ())]),
        themes=values.words([_worded(item)[1] for item in node.get("theme", ())]),
        spatial=values.text(_text(node, graph, "spatial")),
        temporal=values.period(_text(period, graph, "startDate"), _text(period, graph, "endDate"))
        or values.text(_text(node, graph, "temporal"), 100),
        publisher=values.text(_text(node, graph, "publisher", "creator")),
        contact=values.email(_iri(contact, "hasEmail", "email")) or values.web_url(_iri(contact, "hasURL", "url")),
        landing_page=values.web_url(_iri(node, "landingPage")),
        described=True,
    )


def _distribution(node: Node, graph: Graph, path: Path, tree: Tree, names: dict[str, Path]) -> Distribution | Fault:
    """Return a DCAT distribution: the file of the folder its address names, else its URL; or why there is none."""
    address = _iri(node, "downloadURL", "accessURL", "url")
    title = values.text(_text(node, graph, "title"))
    url = values.web_url(address)
    local: Path | None = None
    if not address:
        where = f"{tree.relative(path)} › {title or 'distribution'}"
        return Fault("cette distribution n'a pas d'adresse", where)
    if url:
        local = names.get(unquote(urlsplit(url).path.rpartition("/")[2]).casefold())
    elif is_relative_reference(address):
        place = locate(tree, path.parent, address, tree.relative(path))
        if isinstance(place, Fault):
            return place
        local = place
    else:
        return Fault("cette adresse ne peut pas être lue", f"{tree.relative(path)} › {values.text(address)}")
    base = local_distribution(tree, local) if local else None
    checksum = _first(node, "checksum")
    algorithm = _iri(checksum, "algorithm").rpartition("_")[2].lower()
    checksum_value = _text(checksum, graph, "checksumValue")
    return Distribution(
        id=base.id if base else _text(node, graph, "identifier") or url,
        title=title or (base.title if base else url.rpartition("/")[2]),
        path=local,
        url=url or None,
        declared_format=_last_segment(_text(node, graph, "format")),
        media_type=values.text(
            _text(node, graph, "mediaType").partition("/media-types/")[2] or _text(node, graph, "mediaType"), 100
        ).lower(),
        byte_size=base.byte_size if base else values.size(_text(node, graph, "byteSize", "bytesSize")),
        checksum=f"{algorithm}:{checksum_value}" if checksum_value and algorithm else "",
        modified=values.day(_text(node, graph, "modified")),
        schema_name=values.text(_iri(node, "conformsTo")),
        description=_text(node, graph, "description"),
        role="api" if node.get("accessService") else "main",
    )


def _last_segment(written: str) -> str:
    """Return a format's code: the end of an IRI, else the text, in lower case."""
    return values.text(re.split(r"[#/]", written)[-1] if "://" in written else written, 40).lower()


def _by_name(tree: Tree, catalogue: Path) -> dict[str, Path]:
    """Return the files whose name is borne once in the folder, by that name in lower case."""
    names: dict[str, Path | None] = {}
    for file in tree.files:
        if file != catalogue:
            name = file.name.casefold()
            names[name] = None if name in names else file
    return {name: file for name, file in names.items() if file is not None}
