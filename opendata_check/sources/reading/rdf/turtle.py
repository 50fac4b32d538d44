"""Reads Turtle, TriG, N-Triples, N-Quads and N3 as a stream into a graph, with pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from opendata_check.sources.reading.rdf.graph import Graph, Literal, Node, Value
from opendata_check.sources.reading.rdf.terms import TYPE, kind, term
from opendata_check.sources.reading.rdf.text import CleanText, EndlessTextError

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

_MAX_MISTAKES = 200


def read_turtle(file: BinaryIO, graph: Graph, charset: str = "", *, syntax: str = "turtle") -> None:
    """Add what a document says to ``graph``. ``syntax`` is ``turtle`` (TriG and N-Triples too), ``n3`` or ``nquads``.

    A statement that is malformed is left out, and ``graph.broken`` says so. Raises EndlessTextError, TooMuchError.
    """
    from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse
    from pyoxigraph import Literal as Text

    formats = {"n3": RdfFormat.N3, "nquads": RdfFormat.N_QUADS}
    stream = cast(BinaryIO, CleanText(file, charset, separators="\"'<>;."))
    statements = parse(stream, format=formats.get(syntax, RdfFormat.TRIG), base_iri=graph.base or None, lenient=True)
    names: dict[str, str] = {}
    subject, node, named = None, Node(""), Node("")
    is_cut = False
    for statement in _good(statements, graph):
        is_cut = statement is None
        if statement is None:
            continue
        predicate = statement.predicate
        name = names.get(predicate.value)
        if name is None:
            name = names[predicate.value] = term(predicate.value)
        if not name:
            continue
        if statement.subject != subject:
            subject = statement.subject
            if isinstance(subject, NamedNode):
                node = named = graph.node(subject.value)
            elif isinstance(subject, BlankNode):
                node = graph.node(f"_:{subject.value}")
            else:
                node = graph.blank()
        given = statement.object
        value: Value
        if isinstance(given, Text):
            value = Literal(given.value, given.language.lower()) if given.language else given.value
        elif isinstance(given, NamedNode):
            if name == TYPE:
                graph.add_type(node, kind(given.value))
                continue
            value = graph.node(given.value)
        elif isinstance(given, BlankNode):
            value = graph.node(f"_:{given.value}")
        else:
            continue
        if name != TYPE:
            graph.add(node, name, value)
    if is_cut and "Catalog" not in named.types:  # half a dataset would be judged wrongly
        named.pairs.clear()


def _good(statements: Iterator[Quad | Triple], graph: Graph) -> Iterator[Quad | None]:
    """Yield the statements that can be read, None for each mistake: the parser starts again after it."""
    mistakes = 0
    while mistakes < _MAX_MISTAKES:
        try:
            yield cast("Quad", next(statements))
        except StopIteration:
            return
        except MemoryError as error:  # pyoxigraph's way to refuse a text of over 16 MB
            raise EndlessTextError from error
        except (SyntaxError, ValueError):
            mistakes += 1
            graph.broken = "une partie du document est mal formée"
            yield None
