"""Tells in which syntax a document is: by its bytes first, then by what its server says, then by its name."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from opendata_check.sources.reading.rdf.graph import Graph, TooMuchError, UnreadableDocumentError
from opendata_check.sources.reading.rdf.text import EndlessTextError, encoding_of

NAMES = {
    "xml": "RDF/XML",
    "json": "JSON-LD",
    "turtle": "Turtle",
    "n3": "N3",
    "nquads": "N-Quads",
}
"""Syntaxes, as people know them."""

_SNIFFED = 65_536
_TYPES = {
    "application/rdf+xml": "xml",
    "application/ld+json": "json",
    "application/json": "json",
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "turtle",
    "application/trig": "turtle",
    "text/n3": "n3",
    "text/rdf+n3": "n3",
    "application/n-quads": "nquads",
}
_LINES = frozenset({"turtle", "n3", "nquads"})
_SUFFIXES = {
    ".rdf": "xml", ".owl": "xml", ".xml": "xml", ".jsonld": "json", ".json": "json", ".ttl": "turtle", ".nt": "turtle",
    ".trig": "turtle", ".n3": "n3", ".nq": "nquads",
}  # fmt: skip
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.{0,2000}?-->)\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_XML = re.compile(r"<(?:\?xml|!--|!DOCTYPE|[\w-]+(?::[\w-]+)?(?:[\s>/]|$))")
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"]|\[\s*\]\s*$")
_TURTLE = re.compile(
    r"(?:\s|#[^\n]*\n)*(?:@prefix|@base|prefix\s|base\s|<[a-z][a-z0-9+.-]{0,20}:[^<>]*>\s*[<a{]|_:\w|\[)", re.IGNORECASE
)
_RDF = re.compile(r"<(?:\w+:)?RDF\b|www\.w3\.org/1999/02/22-rdf-syntax-ns", re.IGNORECASE)
_DCAT = re.compile(r"www\.w3\.org/ns/dcat|project-open-data|\bdcat:|w3id\.org/dcat", re.IGNORECASE)
_LINKED = re.compile(r'"@(?:context|type|graph|id)"')
_CATALOGUE = re.compile(r'"conformsTo"\s*:\s*"[^"]*(?:project-open-data|dcat)', re.IGNORECASE)


def syntax_of(text: str, media_type: str = "", name: str = "") -> str:
    """Return a syntax of NAMES from the beginning of a document, ``html``, or "" for what is none of them."""
    start = text.lstrip("\ufeff \t\r\n\0")
    if _HTML.match(start):
        return "html"
    said = _TYPES.get(media_type, "") or _SUFFIXES.get(_suffix(name), "")
    lines = said if said in _LINES else "turtle"
    if _JSON.match(start):
        return "json"
    if _XML.match(start) and not (said in _LINES and _TURTLE.match(start)):
        return "xml"
    if _TURTLE.match(start):
        return lines
    return "json" if start[:1] in ("{", "[") and said not in _LINES else said if said in _LINES else ""


def is_dcat(text: str, media_type: str = "", name: str = "") -> str:
    """Return the syntax of a document whose beginning speaks of DCAT in RDF, "" for any other document."""
    syntax = syntax_of(text, media_type, name)
    if syntax not in NAMES or not _DCAT.search(text):
        return ""
    if syntax == "xml":
        return syntax if _RDF.search(text) else ""
    if syntax == "json":
        return syntax if _LINKED.search(text) or _CATALOGUE.search(text) else ""
    return syntax


def read_document(path: Path, graph: Graph, *, media_type: str = "", charset: str = "", name: str = "") -> str:
    """Add what a document says to ``graph`` and return its syntax.

    Raises UnreadableDocumentError when it is no RDF (a web page, an exception report, another XML), OSError.
    What cannot be read to its end leaves ``graph.broken``.
    """
    with path.open("rb") as file:
        start = file.read(_SNIFFED)
        file.seek(0)
        encoding, mark = encoding_of(start, charset)
        text = start[mark:].decode(encoding, "replace")
        syntax = syntax_of(text, media_type, name)
        _refuse_other(syntax, text)
        try:
            with _without_collector():
                _read(syntax, file, graph, charset)
        except TooMuchError:
            graph.broken = "le document est démesuré : sa fin n'est pas lue"
        except EndlessTextError:
            graph.broken = "le document contient un texte démesuré : sa fin n'est pas lue"
    return syntax


def _read(syntax: str, file: BinaryIO, graph: Graph, charset: str) -> None:
    """Read a document in its syntax; each reader is only loaded when needed."""
    if syntax == "xml":
        from opendata_check.sources.reading.rdf.rdf_xml import read_rdf_xml

        read_rdf_xml(file, graph, charset)
    elif syntax == "json":
        from opendata_check.sources.reading.rdf.json_ld import read_json_ld

        read_json_ld(file, graph, charset)
    else:
        from opendata_check.sources.reading.rdf.turtle import read_turtle

        read_turtle(file, graph, charset, syntax=syntax)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the search for cycles: all that is read is kept, and each search would walk through it again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _refuse_other(syntax: str, text: str) -> None:
    """Raise UnreadableDocumentError for a document whose beginning shows that it is no RDF."""
    if not text.strip("\ufeff \t\r\n\0"):
        raise UnreadableDocumentError("le serveur a répondu une page vide", "Réessayez plus tard.")
    if syntax == "html":
        raise UnreadableDocumentError(
            "le serveur a répondu une page web au lieu d'un catalogue", "Donnez l'adresse du catalogue lui-même."
        )
    if not syntax:
        raise UnreadableDocumentError("ce document n'est pas un catalogue DCAT", "Vérifiez l'adresse.")
    if syntax == "xml" and re.search(r"<(?:\w+:)?(?:Exception|ServiceException)(?:Report)?\b", text[:5000]):
        raise UnreadableDocumentError(
            "le serveur a répondu par un message d'erreur", "Vérifiez les paramètres de l'adresse."
        )


def _suffix(name: str) -> str:
    """Return the extension that ends a file's name or an address's path, in lower case."""
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", re.split(r"[?#]", name, maxsplit=1)[0])
    return found[0].lower() if found else ""
