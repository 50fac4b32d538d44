"""What a catalogue's document says, whatever its syntax: nodes, and what each is said to be; bounded in memory."""

from __future__ import annotations

from typing import NamedTuple

from opendata_check.sources.reading.rdf.terms import SHAPES, TYPE

MAX_BYTES = 256 * 1024 * 1024
"""Memory that what is kept of one document may take: some twenty thousand datasets."""
_NODE_BYTES = 240
_STATEMENT_BYTES = 24
_LONGEST_TEXT = 40_000
_LONGEST_SHAPE = 2_000_000
_SHORT = 200
_LONG_SHAPE = 5_000
_FEW_PAIRS = 400


class TooMuchError(Exception):
    """A document says more than can be kept."""


class UnreadableDocumentError(Exception):
    """A document is no catalogue in the syntax it should be in; ``what`` says why in French."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class Literal(NamedTuple):
    """A text with its language; a text without one is a plain ``str``."""

    text: str
    language: str
    """Lower case."""


class Node:
    """A subject, with what is said of it as name, value, name, value…: a catalogue has hundreds of thousands."""

    __slots__ = ("id", "pairs", "types")

    def __init__(self, identifier: str) -> None:
        self.id = identifier
        """IRI, "" for a blank node."""
        self.types: tuple[str, ...] = ()
        """Local names of its classes."""
        self.pairs: list[str | Literal | Node] = []

    def has(self, name: str) -> bool:
        """Return True when something is said of the node under ``name``."""
        return name in self.pairs[::2]

    def said(self) -> dict[str, list[Value]]:
        """Return what is said of the node, by name."""
        fields: dict[str, list[Value]] = {}
        pairs = iter(self.pairs)
        for name, value in zip(pairs, pairs, strict=False):
            known = fields.get(name)  # type: ignore[arg-type]
            if known is None:
                fields[name] = [value]  # type: ignore[index]
            else:
                known.append(value)
        return fields


Value = str | Literal | Node


class Graph:
    """The nodes of a document: by id, and in the order in which they were first described."""

    def __init__(self, base: str = "") -> None:
        self.base = base
        """Address of the document, "" when relative references stay as written."""
        self.by_id: dict[str, Node] = {}
        self.nodes: list[Node] = []
        """Nodes that have a type or a property."""
        self.attributes: dict[str, str] = {}
        """What an envelope around the graph tells (CSW: ``numberOfRecordsMatched``)."""
        self.broken = ""
        """French: why the end of the document could not be read, "" when it could."""
        self._room = MAX_BYTES

    def node(self, identifier: str) -> Node:
        """Return the node of an IRI or of a blank node's label (``_:b0``). Raises TooMuchError."""
        found = self.by_id.get(identifier)
        if found is None:
            self.spend(_NODE_BYTES + len(identifier))
            found = self.by_id[identifier] = Node("" if identifier.startswith("_:") else identifier)
        return found

    def blank(self) -> Node:
        """Return a new node that nothing else will name. Raises TooMuchError."""
        self.spend(_NODE_BYTES)
        return Node("")

    def spend(self, size: int) -> None:
        """Count memory that is taken. Raises TooMuchError when that is more than all that may be."""
        self._room -= size
        if self._room < 0:
            raise TooMuchError

    def add(self, node: Node, name: str, value: Value) -> None:
        """Add a statement. Raises TooMuchError."""
        if not isinstance(value, Node):
            text = value if isinstance(value, str) else value.text
            if len(text) > _SHORT:
                text = self._within(name, text)
                value = text if isinstance(value, str) else Literal(text, value.language)
            if not text or text.isspace():
                return
            self._room -= text.__sizeof__()
        self._room -= _STATEMENT_BYTES
        if self._room < 0:
            raise TooMuchError
        pairs = node.pairs
        if not pairs and not node.types:
            self.nodes.append(node)
        pairs.append(name)
        pairs.append(value)

    def add_once(self, node: Node, name: str, value: Value) -> None:
        """Add a statement to a node described before, unless it says so already: portals repeat their publisher."""
        pairs = node.pairs
        if len(pairs) < _FEW_PAIRS:
            for place in range(0, len(pairs), 2):
                if pairs[place] == name and (pairs[place + 1] is value or pairs[place + 1] == value):
                    return
        self.add(node, name, value)

    def clear(self) -> None:
        """Forget all that was read."""
        self.by_id.clear()
        self.nodes.clear()
        self._room = MAX_BYTES

    def add_type(self, node: Node, kind: str) -> None:
        """Add a class, given by its local name. Raises TooMuchError."""
        if kind not in node.types:
            self.spend(_STATEMENT_BYTES)
            if not node.pairs and not node.types:
                self.nodes.append(node)
            node.types = (*node.types[:20], kind)

    def link(self) -> None:
        """Put nodes in place of the texts that are their id (JSON-LD whose terms are said to be ids elsewhere)."""
        for node in self.nodes:
            pairs = node.pairs
            for place in range(1, len(pairs), 2):
                value = pairs[place]
                if isinstance(value, str) and pairs[place - 1] not in _TEXTS:
                    found = self.by_id.get(value)
                    if found is not None:
                        pairs[place] = found

    def _within(self, name: str, text: str) -> str:
        """Return a text cut to what will ever be shown, a shape brought to its box."""
        if name not in SHAPES:
            return text[:_LONGEST_TEXT]
        if len(text) <= _LONG_SHAPE:
            return text
        from opendata_check.sources.reading.dcat.values import box

        around = box(text[:_LONGEST_SHAPE]) if len(text) <= _LONGEST_SHAPE else None
        return ",".join(map(str, around)) if around else ""


_TEXTS = frozenset(
    {TYPE, "title", "description", "abstract", "identifier", "notation", "keyword", "label", "prefLabel"}
)
