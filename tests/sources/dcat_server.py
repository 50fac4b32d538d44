"""A real local server that publishes DCAT catalogues as portals do, in any syntax, paged in any spelling, or lying.

    with serve_dcat(records, syntax="turtle", paging=Paging("paged", size=2)) as server:
        server.url

A record is a dict: ``id``, ``title`` and what ``statements`` reads. ``scripted`` puts replies in place of pages:
page number → Scripted.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize
from udata_server import Scripted

DCT = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
FOAF = "http://xmlns.com/foaf/0.1/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
SPDX = "http://spdx.org/rdf/terms#"
LOCN = "http://www.w3.org/ns/locn#"
DCATAP = "http://data.europa.eu/r5r/"
ADMS = "http://www.w3.org/ns/adms#"
HYDRA = "http://www.w3.org/ns/hydra/core#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

SYNTAXES = {
    "rdf/xml": (RdfFormat.RDF_XML, "application/rdf+xml", "rdf"),
    "turtle": (RdfFormat.TURTLE, "text/turtle", "ttl"),
    "n-triples": (RdfFormat.N_TRIPLES, "application/n-triples", "nt"),
    "trig": (RdfFormat.TRIG, "application/trig", "trig"),
    "n3": (RdfFormat.N3, "text/n3", "n3"),
    "n-quads": (RdfFormat.N_QUADS, "application/n-quads", "nq"),
    "json-ld": (RdfFormat.JSON_LD, "application/ld+json", "jsonld"),
}
"""Name → pyoxigraph's format, media type, extension."""


@dataclass(frozen=True)
class Paging:
    """How a catalogue is cut into pages, and what its links say."""

    spelling: str = "view"
    """``view`` (hydra:PartialCollectionView), ``view literal``, ``paged`` (hydra:PagedCollection), ``paged literal``
    or ``link`` (a header, nothing in the graph)."""
    size: int = 2
    host: str = ""
    """Scheme and host written in links, the real ones when empty."""
    total: int | None = None
    """What is announced, the truth when None."""
    after_last: str = ""
    """Where the last page leads: "" nowhere, ``itself``, ``first``, or ``more`` (the last page again, for ever)."""


@dataclass
class DcatServer:
    """The server as tests see it."""

    base_url: str
    url: str
    """The catalogue's first page."""
    seen: list[str]
    """Path and query of each request, in order."""


class Graph:
    """Statements, written as a test thinks of them."""

    def __init__(self) -> None:
        self.triples: list[Triple] = []

    def add(self, subject: Any, predicate: str, value: Any) -> None:
        """State something, unless ``value`` is None or empty; a str is a text, a pair a text with its language."""
        if value is None or value == "":
            return
        if isinstance(value, list):
            for item in value:
                self.add(subject, predicate, item)
            return
        if isinstance(value, tuple):
            value = Literal(value[0], language=value[1])
        elif not isinstance(value, NamedNode | BlankNode | Literal):
            value = Literal(str(value))
        self.triples.append(Triple(subject, NamedNode(predicate), value))


def iri(value: str | None) -> NamedNode | None:
    """Return a text as an IRI."""
    return NamedNode(value) if value else None


def statements(records: Iterable[Mapping[str, Any]], catalogue: str = "https://data.exemple.fr/") -> Graph:
    """Return what a portal says of records: a catalogue, its datasets, their distributions."""
    graph = Graph()
    root = NamedNode(catalogue)
    graph.add(root, TYPE.value, NamedNode(DCAT + "Catalog"))
    graph.add(root, DCT + "title", ("Catalogue d'Exempleville", "fr"))
    for number, record in enumerate(records):
        subject = NamedNode(f"https://data.exemple.fr/datasets/{record['id']}")
        graph.add(root, DCAT + "dataset", subject)
        _dataset(graph, subject, record, number)
    return graph


def _dataset(graph: Graph, subject: NamedNode, record: Mapping[str, Any], number: int) -> None:
    graph.add(subject, TYPE.value, NamedNode(DCAT + "Dataset"))
    graph.add(subject, DCT + "identifier", record["id"])
    for name in ("title", "description", "issued", "modified"):
        graph.add(subject, DCT + name, record.get(name))
    graph.add(subject, DCAT + "keyword", record.get("keywords"))
    for name, predicate in (
        ("theme", DCAT + "theme"),
        ("landing_page", DCAT + "landingPage"),
        ("license", DCT + "license"),
        ("frequency", DCT + "accrualPeriodicity"),
        ("conforms_to", DCT + "conformsTo"),
        ("language", DCT + "language"),
        ("access_rights", DCT + "accessRights"),
        ("legislation", DCATAP + "applicableLegislation"),
        ("hvd", DCATAP + "hvdCategory"),
        ("series", DCAT + "inSeries"),
    ):
        graph.add(subject, predicate, iri(record.get(name)))
    if record.get("publisher"):
        body = BlankNode(f"org{number}")
        graph.add(subject, DCT + "publisher", body)
        graph.add(body, TYPE.value, NamedNode(FOAF + "Organization"))
        graph.add(body, FOAF + "name", record["publisher"])
        graph.add(body, DCT + "identifier", record.get("siret"))
    if record.get("email"):
        point = BlankNode(f"contact{number}")
        graph.add(subject, DCAT + "contactPoint", point)
        graph.add(point, VCARD + "hasEmail", NamedNode("mailto:" + record["email"]))
    if record.get("wkt"):
        place = BlankNode(f"place{number}")
        graph.add(subject, DCT + "spatial", place)
        graph.add(place, LOCN + "geometry", record["wkt"])
    if record.get("period"):
        period = BlankNode(f"period{number}")
        graph.add(subject, DCT + "temporal", period)
        graph.add(period, DCAT + "startDate", record["period"][0])
        graph.add(period, DCAT + "endDate", record["period"][1])
    for place, file in enumerate(record.get("files", ())):
        _distribution(graph, subject, file, f"{number}x{place}")


def _distribution(graph: Graph, dataset: NamedNode, file: Mapping[str, Any], name: str) -> None:
    node = NamedNode(f"{dataset.value}/files/{name}")
    graph.add(dataset, DCAT + "distribution", node)
    graph.add(node, TYPE.value, NamedNode(DCAT + "Distribution"))
    graph.add(node, DCT + "title", file.get("title"))
    graph.add(node, DCAT + "downloadURL", iri(file["url"]))
    graph.add(node, DCT + "format", file.get("format"))
    graph.add(node, DCAT + "mediaType", file.get("media_type"))
    graph.add(node, DCAT + "byteSize", file.get("size"))
    graph.add(node, DCT + "license", iri(file.get("license")))
    if file.get("sha1"):
        checksum = BlankNode(f"sum{name}")
        graph.add(node, SPDX + "checksum", checksum)
        graph.add(checksum, SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha1"))
        graph.add(checksum, SPDX + "checksumValue", file["sha1"])


def document(graph: Graph, syntax: str) -> bytes:
    """Return a graph in one syntax."""
    written = serialize(graph.triples, format=SYNTAXES[syntax][0])
    assert isinstance(written, bytes)
    return written


class _Portal:
    def __init__(
        self,
        records: list[Mapping[str, Any]],
        syntax: str,
        paging: Paging | None,
        scripted: Mapping[int, Scripted],
        files: Mapping[str, Scripted],
    ) -> None:
        self.records, self.syntax, self.paging = records, syntax, paging
        self.scripted, self.files = scripted, files
        self.base_url = ""
        self.seen: list[str] = []
        self.path = f"/catalog.{SYNTAXES[syntax][2]}"

    def answer(self, target: str) -> Scripted:
        """Return the reply to a path and its query."""
        parts = urlsplit(target)
        if parts.path in self.files:
            return self.files[parts.path]
        if parts.path != self.path:
            return Scripted(404, b"<html>404</html>", {"Content-Type": "text/html"})
        asked = parse_qs(parts.query).get("page", ["1"])[-1]
        number = int(asked) if asked.isdigit() else 1
        return self.scripted.get(number) or self._page(number)

    def _page(self, number: int) -> Scripted:
        paging = self.paging
        if paging is None:
            return self._reply(statements(self.records), {})
        pages = max(1, -(-len(self.records) // paging.size))
        shown = min(number, pages)
        graph = statements(self.records[(shown - 1) * paging.size : shown * paging.size])
        following = (
            number + 1
            if number < pages
            else {"itself": number, "first": 1, "more": number + 1}.get(paging.after_last, 0)
        )
        host = paging.host or self.base_url
        link = f"{host}{self.path}?page={following}" if following else ""
        headers = {}
        total = len(self.records) if paging.total is None else paging.total
        if paging.spelling == "link":
            headers = {"Link": f'<{host}{self.path}?page=1>; rel="first", <{link}>; rel="next"'} if link else {}
        else:
            self._say_pages(graph, f"{host}{self.path}?page={number}", link, total)
        return self._reply(graph, headers)

    def _say_pages(self, graph: Graph, own: str, link: str, total: int) -> None:
        assert self.paging is not None
        view, catalogue = NamedNode(own), NamedNode("https://data.exemple.fr/")
        as_text = self.paging.spelling.endswith("literal")
        following = (link if as_text else NamedNode(link)) if link else None
        if self.paging.spelling.startswith("view"):
            graph.add(catalogue, TYPE.value, NamedNode(HYDRA + "Collection"))
            graph.add(catalogue, HYDRA + "totalItems", total)
            graph.add(catalogue, HYDRA + "view", view)
            graph.add(view, TYPE.value, NamedNode(HYDRA + "PartialCollectionView"))
            graph.add(view, HYDRA + "next", following)
        else:
            graph.add(view, TYPE.value, NamedNode(HYDRA + "PagedCollection"))
            graph.add(view, HYDRA + "totalItems", total)
            graph.add(view, HYDRA + "nextPage", following)

    def _reply(self, graph: Graph, headers: dict[str, str]) -> Scripted:
        return Scripted(200, document(graph, self.syntax), {"Content-Type": SYNTAXES[self.syntax][1]} | headers)


def _handler(portal: _Portal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            portal.seen.append(self.path)
            reply = portal.answer(self.path)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value.replace("{base}", portal.base_url))
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def serve_dcat(
    records: Iterable[Mapping[str, Any]] = (),
    *,
    syntax: str = "rdf/xml",
    paging: Paging | None = None,
    scripted: Mapping[int, Scripted] | None = None,
    files: Mapping[str, Scripted] | None = None,
) -> Iterator[DcatServer]:
    """Serve a catalogue on 127.0.0.1 until the block ends. ``files`` are other paths, with their replies."""
    portal = _Portal(list(records), syntax, paging, dict(scripted or {}), dict(files or {}))

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(portal))
    portal.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield DcatServer(portal.base_url, portal.base_url + portal.path, portal.seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
