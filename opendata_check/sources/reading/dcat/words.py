"""Words of a node's properties: the French ones first, labels of vocabularies' terms, addresses."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.sources.reading import values
from opendata_check.sources.reading.rdf.graph import Literal, Node, Value

Fields = dict[str, list[Value]]
"""What is said of a node, by name."""

_LABELS = (
    "prefLabel",
    "label",
    "title",
    "name",
    "fn",
    "organization-name",
    "organisation-name",
    "value",
    "description",
    "notation",
)
_NOBODY = frozenset({"Person", "Individual"})


def worded(item: Value) -> tuple[int, str]:
    """Return a rank (French first, then no language, any other, an address; nothing last) and the words of a value."""
    if isinstance(item, str):
        return (1, item) if item else (9, "")
    if isinstance(item, Literal):
        return (0 if item.language.startswith("fr") else 2), item.text
    if item.pairs:
        fields = item.said()
        for label in _LABELS:
            found = [worded(inner) for inner in fields.get(label, ()) if not isinstance(inner, Node)]
            if found:
                return min(found, key=_rank)
    return (3, item.id) if item.id else (9, "")


def _rank(pair: tuple[int, str]) -> int:
    return pair[0]


def text(fields: Fields, *names: str) -> str:
    """Return the words of the first property given, in the best language, "" when there is none."""
    for name in names:
        items = fields.get(name)
        if items:
            found = worded(items[0]) if len(items) == 1 else min(map(worded, items), key=_rank)
            if found[1]:
                return found[1]
    return ""


def listed(fields: Fields, *names: str) -> tuple[str, ...]:
    """Return the words of all the values of properties, those in French first, without doubles."""
    items = [item for name in names for item in fields.get(name, ())]
    if not items:
        return ()
    pairs = [worded(item) for item in items[:2000]]
    if len(pairs) == 1 and not isinstance(items[0], Node):
        return values.words(pairs[0][1])  # « eau, gaz »: all of them in one text
    pairs.sort(key=_rank)
    return values.words([words for _, words in pairs])


def addresses(fields: Fields, *names: str) -> Iterator[str]:
    """Yield the IRIs or texts that properties give, as written; a node without IRI gives its label."""
    for name in names:
        for item in fields.get(name, ()):
            written = item if isinstance(item, str) else item.text if isinstance(item, Literal) else item.id
            if not written and isinstance(item, Node):
                written = worded(item)[1]
            if written:
                yield written


def address(fields: Fields, *names: str) -> str:
    """Return the first IRI or text given by properties, as written."""
    return next(addresses(fields, *names), "")


def web_address(fields: Fields, *names: str) -> str:
    """Return the first http(s) URL given by properties, "" when there is none."""
    return next(filter(None, map(values.web_url, addresses(fields, *names))), "")


def nodes(fields: Fields, *names: str) -> list[Node]:
    """Return the nodes that properties lead to."""
    return [item for name in names for item in fields.get(name, ()) if isinstance(item, Node)]


def is_person(node: Node) -> bool:
    """Return True for a node that the catalogue says is a natural person."""
    return not _NOBODY.isdisjoint(node.types)


def identifier_of(node: Node, fields: Fields | None = None) -> str:
    """Return what a node is known by: dct:identifier as a text, else as an IRI, else its own IRI, else adms:identifier.

    A text goes before the rest: adms:identifier, that names the thing elsewhere, has the same local name.
    """
    written = (node.said() if fields is None else fields).get("identifier", ())
    texts = (item if isinstance(item, str) else item.text for item in written if not isinstance(item, Node))
    iris = (item.id for item in written if isinstance(item, Node) and not item.pairs)
    named = (worded(item)[1] for item in written if isinstance(item, Node))
    return next(filter(None, (values.text(found, 500) for found in (*texts, *iris, node.id, *named))), "")
