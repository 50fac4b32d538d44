"""Reads JSON-LD, expanded, compacted or nested, as a stream into a graph; no remote context is ever fetched.

Terms are known by their local name after the aliases of inline contexts (``dct:title``, ``http://purl.org/dc/terms/title``
and ``title`` are one): that is all the contexts of DCAT-US, DCAT-AP and schema.org would tell.
Source: W3C, JSON-LD 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urljoin

from opendata_check.sources.reading.rdf.graph import Graph, Literal, Node, UnreadableDocumentError, Value
from opendata_check.sources.reading.rdf.pieces import Piece, pieces_of
from opendata_check.sources.reading.rdf.terms import TYPE, kind, term
from opendata_check.sources.reading.rdf.text import CleanText

_MAX_DEPTH = 100
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_LONGEST_ID = 4000
_ITEM_BYTES = 64
"""Memory that an item takes while its container is open, its text apart."""


def read_json_ld(file: BinaryIO, graph: Graph, charset: str = "") -> None:
    """Add what a JSON-LD document says to ``graph``.

    A document that breaks off gives the nodes that were complete, and ``graph.broken`` says so.
    Raises UnreadableDocumentError when it begins like no JSON, EndlessTextError, TooMuchError.
    """
    context = _Context()
    for _ in range(2):  # a second time when the context stands after what it explains
        file.seek(0)
        try:
            _Builder(graph, context).read(pieces_of(CleanText(file, charset)))
        except _LateContextError as late:
            graph.clear()
            context = late.context
            continue
        except (ValueError, RecursionError) as error:
            if not graph.nodes:
                raise UnreadableDocumentError("ce n'est pas du JSON lisible") from error
            graph.broken = "le document est incomplet ou mal formé"
        break
    graph.link()


def node_of(value: Mapping[str, Any], graph: Graph) -> Node:
    """Return the node a JSON object describes, put in ``graph`` with those within it. Raises TooMuchError."""
    built = _Builder(graph, _Context()).node(value)
    graph.link()
    return built if isinstance(built, Node) else Node("")


class _LateContextError(Exception):
    """The context stands after what it explains."""

    def __init__(self, context: _Context) -> None:
        super().__init__()
        self.context = context


@dataclass(slots=True)
class _Term:
    """What a key of an object means."""

    name: str
    """What it is kept under, a keyword (``@id``), or ""."""
    is_id: bool = False
    language: str = ""


@dataclass(slots=True)
class _Context:
    """What inline contexts say: aliases, and what kind of value each takes."""

    aliases: dict[str, str] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    languages: dict[str, str] = field(default_factory=dict)
    language: str = ""
    terms: dict[str, _Term] = field(default_factory=dict)

    def with_more(self, said: Any) -> _Context:
        """Return the context completed by another: an object, a list, or the address of a remote one."""
        new = _Context(dict(self.aliases), self.ids, dict(self.languages), self.language)
        for part in said if isinstance(said, list) else [said]:
            if isinstance(part, str):  # DCAT-AP's and schema.org's call @id and @type so
                new.aliases.setdefault("id", "@id")
                new.aliases.setdefault("type", "@type")
            for name, meaning in part.items() if isinstance(part, dict) else ():
                new._learn(name, meaning)
        return new

    def _learn(self, name: str, meaning: Any) -> None:
        """Note what one entry of a context says."""
        if name == "@language":
            self.language = meaning.lower()[:20] if isinstance(meaning, str) else ""
        if name.startswith("@"):
            return
        iri = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if isinstance(iri, str):
            self.aliases[name] = iri
        if isinstance(meaning, dict):
            if meaning.get("@type") in ("@id", "@vocab"):
                self.ids |= {name}
            if isinstance(meaning.get("@language"), str):
                self.languages[name] = meaning["@language"].lower()[:20]

    def term(self, key: str) -> _Term:
        """Return what a key means."""
        found = self.terms.get(key)
        if found is None:
            iri = self.aliases.get(key, key)
            name = iri if iri.startswith("@") else TYPE if iri == "rdf:type" else term(iri)
            language = self.languages.get(key, self.language)
            found = _Term(name, key in self.ids, language)
            if len(self.terms) < 5000:
                self.terms[key] = found
        return found

    def iri(self, written: str, base: str) -> str:
        """Return an id with its prefix spelt out, made absolute when there is a base."""
        prefix, colon, rest = written.partition(":")
        if colon:
            if prefix in self.aliases and not rest.startswith("//"):
                return (self.aliases[prefix] + rest)[:_LONGEST_ID]
            return written[:_LONGEST_ID]
        if not base:
            return written[:_LONGEST_ID]
        try:
            return urljoin(base, written)[:_LONGEST_ID]
        except ValueError:
            return written[:_LONGEST_ID]


class _Frame:
    """An object or an array too long to come whole, that is open."""

    __slots__ = ("context", "items", "key")

    def __init__(self, context: _Context, is_array: bool) -> None:
        self.context = context
        self.key: str | None = None if is_array else ""
        """The key whose value comes, None for an array."""
        self.items: list[Any] = []
        """What was built of each item; pairs (key, value) for an object."""


class _Builder:
    """Turns JSON values into nodes."""

    def __init__(self, graph: Graph, context: _Context) -> None:
        self._graph = graph
        self._context = context

    def read(self, pieces: Iterable[Piece]) -> None:
        """Read a whole document, piece by piece."""
        stack = [_Frame(self._context, True)]
        for piece, value in pieces:
            frame = stack[-1]
            if piece == "value":
                if frame.key == "@context":
                    frame.context = frame.context.with_more(value)
                    is_late = len(stack) == 2 and self._graph.nodes and not self._context.aliases
                    if is_late and frame.context.aliases:
                        raise _LateContextError(frame.context)
                else:
                    self._keep(frame, self._built(value, frame.context, 0))
            elif piece == "key":
                frame.key = value
            elif piece in "{[":
                stack.append(_Frame(frame.context, piece == "["))
            else:
                stack.pop()
                built = frame.items if piece == "]" else self._node(frame.items, frame.context)
                self._keep(stack[-1], built)

    def _keep(self, frame: _Frame, built: Any) -> None:
        """Give what was built to the container that is open around it. Raises TooMuchError."""
        items = built if frame.key is None and isinstance(built, list) else (built,)
        self._graph.spend(sum(map(_bytes_of, items)))
        if frame.key is None:
            frame.items += items
        elif frame.key not in ("@graph", "@included"):
            frame.items.append((frame.key, built))

    def node(self, value: Mapping[str, Any]) -> Any:
        """Return what one object gives."""
        return self._built(dict(value), self._context, 0)

    def _built(self, value: Any, context: _Context, depth: int) -> Any:
        """Return a JSON value as a node, a text, a number, or a list of them."""
        if isinstance(value, dict):
            return self._object(value, context, depth)
        if isinstance(value, list):
            if depth > _MAX_DEPTH:
                return []
            built: list[Any] = []
            for item in value:
                if type(item) is str:
                    built.append(item)
                else:
                    one = self._built(item, context, depth + 1)
                    built += one if isinstance(one, list) else (one,)
            return built
        return value

    def _object(self, value: dict[str, Any], context: _Context, depth: int) -> Any:
        """Return an object: expanded JSON-LD is mostly lone ``@id`` and ``@value``."""
        if "@value" in value:
            return _literal(value, context)
        if len(value) == 1 and isinstance(value.get("@id"), str):
            return self._graph.node(context.iri(value["@id"], self._graph.base))
        if depth > _MAX_DEPTH:
            return None
        if "@context" in value:
            context = context.with_more(value["@context"])
        items = [(key, self._built(item, context, depth + 1)) for key, item in value.items() if key != "@context"]
        return self._node(items, context)

    def _node(self, items: list[tuple[str, Any]], context: _Context) -> Any:
        """Return an object, its values built, as a node, a text, or a list of them."""
        identifier, types = "", []
        said: list[tuple[_Term, Any]] = []
        for key, value in items:
            meaning = context.term(key)
            name = meaning.name
            if name[:1] != "@":
                if name:
                    said.append((meaning, value))
            elif name == "@id":
                identifier = context.iri(value, self._graph.base) if isinstance(value, str) else ""
            elif name == TYPE:
                types += value if isinstance(value, list) else [value]
            elif name in ("@list", "@set"):
                return value
            elif name == "@value":
                return _literal({context.term(key).name: value for key, value in items}, context)
        if not said and not identifier and (by_language := _by_language(items)):
            return by_language
        graph = self._graph
        node = graph.node(identifier) if identifier else graph.blank()
        for written in types:
            written = written.id if isinstance(written, Node) else written
            if isinstance(written, str):
                graph.add_type(node, kind(context.aliases.get(written, written)))
        add = graph.add_once if node.pairs else graph.add
        for meaning, value in said:
            for item in value if isinstance(value, list) else (value,):
                given = self._value(item, meaning, context)
                if given is not None:
                    add(node, meaning.name, given)
        return node

    def _value(self, item: Any, meaning: _Term, context: _Context) -> Value | None:
        """Return a property's value."""
        if isinstance(item, str):
            if meaning.is_id:
                return self._graph.node(context.iri(item, self._graph.base))
            return Literal(item, meaning.language) if meaning.language else item
        if isinstance(item, Node | Literal):
            return item
        return None if item is None or isinstance(item, bool) else _number(item)


def _bytes_of(item: Any) -> int:
    """Return how many bytes of memory an item takes, roughly; a node's are counted with the graph."""
    text = item.text if isinstance(item, Literal) else item
    return _ITEM_BYTES + (text.__sizeof__() if isinstance(text, str) else 0)


def _number(value: Any) -> str:
    """Return a number's digits."""
    try:
        return str(value)[:400]
    except ValueError:  # an integer of over 4300 digits
        return ""


def _literal(said: Mapping[str, Any], context: _Context) -> Value | None:
    """Return a value object as a text."""
    text = said.get("@value")
    if not isinstance(text, str):
        return None if text is None or isinstance(text, bool | list | dict | Node) else _number(text)
    if "@type" in said:
        return text
    language = said.get("@language", context.language)
    return Literal(text, language.lower()[:20]) if language and isinstance(language, str) else text


def _by_language(items: list[tuple[str, Any]]) -> list[Literal]:
    """Return the texts of a map of languages (``{"fr": "…", "en": "…"}``), nothing when it is no such map."""
    texts: list[Literal] = []
    for key, value in items:
        if not (_LANGUAGE.fullmatch(key) or key == "@none"):
            return []
        language = "" if key == "@none" else key.lower()
        given = value if isinstance(value, list) else [value]
        texts += [Literal(text, language) for text in given if isinstance(text, str)]
    return texts
