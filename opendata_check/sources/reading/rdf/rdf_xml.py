"""Reads RDF/XML as a stream into a graph, tolerating what portals write; entities that could explode are refused.

A reader of our own: what GeoNetwork writes (a property with both ``rdf:resource`` and a text, graphs inside a CSW
answer) is no RDF/XML, and libraries refuse the whole document for it.
Source: W3C, RDF 1.1 XML Syntax.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO
from urllib.parse import urljoin
from xml.parsers import expat

from opendata_check.sources.reading.rdf.graph import Graph, Literal, Node, UnreadableDocumentError, Value
from opendata_check.sources.reading.rdf.terms import TYPE, kind, term
from opendata_check.sources.reading.rdf.text import CleanText

_SEP = " "
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#" + _SEP
_XML = "http://www.w3.org/XML/1998/namespace" + _SEP
_ABOUT, _ID, _NODE_ID, _RESOURCE, _DATATYPE, _PARSE_TYPE = (
    _RDF + name for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType")
)
_LANG, _BASE = _XML + "lang", _XML + "base"
_SYNTAX = frozenset({_ABOUT, _ID, _NODE_ID, _RESOURCE, _DATATYPE, _PARSE_TYPE})
_PLAIN = frozenset({_DATATYPE, _LANG})
_CHUNK = 131_072
_MAX_DEPTH = 200
_LONGEST_ENTITY = 300
_LONGEST_TEXT = 2_000_000

_Add = Callable[[Node, str, Value], None]


def read_rdf_xml(file: BinaryIO, graph: Graph, charset: str = "") -> None:
    """Add what an RDF/XML document says to ``graph``.

    A document that breaks off gives what was read, ``graph.broken`` says so, and the nodes left open are dropped.
    Raises UnreadableDocumentError for entities, EndlessTextError, TooMuchError.
    """
    _Reader(graph).read(CleanText(file, charset))


class _Open:
    """An element that is open and holds a node's properties, or an envelope around nodes (``node`` is None).

    Of a node's properties only one is open at a time: it has no object of its own, for speed.
    """

    __slots__ = ("add", "in_property", "inherited", "markup", "name", "node", "own", "room", "text", "value")

    def __init__(self, node: Node | None, inherited: tuple[str, str], add: _Add) -> None:
        self.node = node
        self.inherited = inherited
        """Base and language within the element."""
        self.add = add
        """How to state something of the node: once only when it was described before."""
        self.name = ""
        """Of an envelope, its own; of a node, what the open property is kept under ("" when nothing needs it)."""
        self.in_property = False
        self.own = inherited
        """Base and language within the property."""
        self.value: Node | None = None
        """The node the property leads to."""
        self.text: list[str] | None = None
        self.room = 0
        """Characters that the text may still have: entities make much of little."""
        self.markup = 0
        """Elements open within a property that is a text with markup."""


class _Reader:
    """Turns expat's events into statements."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._stack = [_Open(None, (graph.base, ""), graph.add)]
        self._too_deep = 0
        self._names: dict[str, str] = {}
        self._kinds: dict[str, str] = {}

    def read(self, stream: CleanText) -> None:
        """Read a whole document."""
        parser = expat.ParserCreate("utf-8", _SEP)
        parser.buffer_text = True
        parser.buffer_size = 65_536
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = _refuse_entity
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            self._graph.broken = "le document est incomplet ou mal formé"
            for around in self._stack:  # half a dataset would be judged wrongly
                if around.node is not None and "Catalog" not in around.node.types:
                    around.node.pairs.clear()
                    around.node.types = ()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element: what it is depends on the one around it."""
        around = self._stack[-1]
        if around.markup > 0:
            around.markup += 1
        elif self._too_deep or len(self._stack) > _MAX_DEPTH:
            self._too_deep += 1
        elif around.in_property:
            self._open_node(name, attributes, around, around.own)
        elif around.node is not None:
            self._open_property(name, attributes, around)
        elif _is_node(name, attributes, around):
            self._open_node(name, attributes, around, around.inherited)
        else:
            envelope = _Open(None, self._scope(attributes, *around.inherited), around.add)
            envelope.name = name
            if name.endswith("SearchResults"):
                self._graph.attributes.update({key: value[:100] for key, value in attributes.items()})
            self._stack.append(envelope)

    def _scope(self, attributes: dict[str, str], base: str, language: str) -> tuple[str, str]:
        """Return the base and language that hold within an element."""
        if _LANG in attributes:
            language = attributes[_LANG].lower()[:20]
        if _BASE in attributes:
            base = _resolved(base, attributes[_BASE])
        return base, language

    def _open_node(self, name: str, attributes: dict[str, str], around: _Open, scope: tuple[str, str]) -> None:
        """Open the element of a node."""
        graph = self._graph
        node: Node
        if attributes:
            if _LANG in attributes or _BASE in attributes:
                scope = self._scope(attributes, *scope)
            base = scope[0]
            about = attributes.get(_ABOUT)
            if about is not None:
                node = graph.node(_resolved(base, about))
            elif _NODE_ID in attributes:
                node = graph.node("_:" + attributes[_NODE_ID])
            elif _ID in attributes:
                node = graph.node(_resolved(base, "#" + attributes[_ID]))
            else:
                node = graph.blank()
        else:
            node = graph.blank()
        add = graph.add_once if node.pairs else graph.add
        if name != _RDF + "Description":
            graph.add_type(node, self._kind(name))
        if len(attributes) > 1:
            self._add_attributes(node, attributes, scope[1], add)
        if around.in_property:
            around.value, around.text = node, None
            self._lead(around)
        self._stack.append(_Open(node, scope, add))

    def _kind(self, name: str) -> str:
        """Return the class that an element's name is."""
        found = self._kinds.get(name)
        if found is None:
            found = self._kinds[name] = kind(name.replace(_SEP, ""))
        return found

    def _open_property(self, name: str, attributes: dict[str, str], around: _Open) -> None:
        """Open the element of a property."""
        kept = self._names.get(name)
        if kept is None:
            kept = self._names[name] = term(name.replace(_SEP, ""))
        around.in_property, around.name, around.value = True, kept, None
        around.text = [] if kept and kept != TYPE else None
        around.room = _LONGEST_TEXT
        around.own = around.inherited
        if not attributes:
            return
        resource = attributes.get(_RESOURCE)
        if len(attributes) > 1 or _LANG in attributes or _BASE in attributes:
            around.own = self._scope(attributes, *around.inherited)
        if resource is not None:
            around.value = self._graph.node(_resolved(around.own[0], resource))
            self._lead(around)
            if len(attributes) > 1:
                self._add_attributes(around.value, attributes, around.own[1], self._graph.add_once)
        elif len(attributes) > 1 or _PLAIN.isdisjoint(attributes):
            self._open_odd_property(attributes, around)

    def _open_odd_property(self, attributes: dict[str, str], around: _Open) -> None:
        """Open the element of a property whose attributes make a node of it, or a text with markup."""
        parse = attributes.get(_PARSE_TYPE, "")
        if parse == "Literal":
            around.markup = 1
            return
        if _NODE_ID in attributes:
            around.value = self._graph.node("_:" + attributes[_NODE_ID])
        elif parse == "Resource" or _describes(attributes):
            around.value = self._graph.blank()
        else:
            return
        self._lead(around)
        self._add_attributes(around.value, attributes, around.own[1], self._graph.add_once)
        if parse == "Resource":
            around.text = None
            inner = _Open(around.value, around.own, self._graph.add)
            inner.markup = -1
            self._stack.append(inner)

    def _lead(self, around: _Open) -> None:
        """State that the open property leads to a node."""
        if around.node is None or around.value is None:
            return
        if around.name == TYPE:
            self._graph.add_type(around.node, kind(around.value.id))
        elif around.name:
            around.add(around.node, around.name, around.value)

    def _add_attributes(self, node: Node, attributes: dict[str, str], language: str, add: _Add) -> None:
        """State the properties given as attributes."""
        for name, text in attributes.items():
            if name in _SYNTAX or name.startswith(_XML) or _SEP not in name:
                continue
            kept = term(name.replace(_SEP, ""))
            if kept == TYPE:
                self._graph.add_type(node, kind(text))
            elif kept:
                add(node, kept, Literal(text, language) if language else text)

    def _characters(self, text: str) -> None:
        """Keep the text of a property."""
        around = self._stack[-1]
        if around.text is not None and around.room > 0 and not self._too_deep:
            around.room -= len(text)
            around.text.append(text)

    def _end(self, name: str) -> None:
        """Close an element."""
        around = self._stack[-1]
        if around.markup > 1:
            around.markup -= 1
        elif self._too_deep:
            self._too_deep -= 1
        elif around.in_property:
            self._close_property(around)
        else:
            self._stack.pop()
            if around.markup < 0:  # parseType="Resource": one element is both the property and its node
                self._close_property(self._stack[-1])

    def _close_property(self, around: _Open) -> None:
        """State what a property's text says."""
        around.in_property, around.markup = False, min(around.markup, 0)
        if around.text is None or around.node is None:
            return
        text = "".join(around.text).strip()
        value, around.text = around.value, None
        if value is None:
            language = around.own[1]
            around.add(around.node, around.name, Literal(text, language) if language else text)
        elif text and not value.pairs:
            self._graph.add(value, "label", text)  # GeoNetwork: the text is the resource's name


def _describes(attributes: dict[str, str]) -> bool:
    """Return True when attributes are properties: those of a node without an element."""
    return any(name not in _SYNTAX and not name.startswith(_XML) and _SEP in name for name in attributes)


def _is_node(name: str, attributes: dict[str, str], around: _Open) -> bool:
    """Return True for an element that begins a node, rather than one more envelope (CSW, OAI-PMH)."""
    if name == _RDF + "RDF":
        return False
    return around.name == _RDF + "RDF" or _ABOUT in attributes or _NODE_ID in attributes


def _resolved(base: str, reference: str) -> str:
    """Return a reference made absolute, as written when it cannot be."""
    if reference[:4] == "http" and len(reference) < 4000 and " " not in reference:
        return reference
    reference = reference.strip()
    if not base or ":" in reference[:40].partition("/")[0]:
        return reference[:4000]
    try:
        return urljoin(base, reference)[:4000]
    except ValueError:
        return reference[:4000]


def _refuse_entity(
    name: str,
    is_parameter: bool,
    value: str | None,
    base: str | None,
    system: str | None,
    public: str | None,
    notation: str | None,
) -> None:
    """Refuse an entity that is not a plain short text, as namespaces are in old catalogues."""
    if is_parameter or system or public or value is None or len(value) > _LONGEST_ENTITY or "&" in value:
        raise UnreadableDocumentError(
            "ce document déclare des entités XML : il n'est pas lu, car il pourrait saturer la mémoire",
            "Faites publier le catalogue sans DOCTYPE.",
        )
