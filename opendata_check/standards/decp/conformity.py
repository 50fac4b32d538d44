"""Compares one contract with what the national schema says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from opendata_check.folding import fold
from opendata_check.standards.decp.facts import RULES, Format, Kind, expected_form, expected_type
from opendata_check.standards.decp.nodes import Node, Path, frozen, part_and_field
from opendata_check.standards.interface import Fault

Visit = Callable[[Node, Kind, Path], Iterator[Fault]]
"""What else is judged at each value."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a contract is compared."""

    format: Format
    in_xml: bool
    beyond: Visit
    """Yields what our own rules say of a value, of which the type is right."""


def compare(reader: Reader, node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    """Yield what a value at ``path`` breaks, and all that it holds."""
    for code, key, line in node.odd:
        yield _absent(code, (*path, key), line)
    if kind.type and not _is_of_type(reader, node, kind.type):
        code = "decp.objet_attendu" if kind.untyped else "decp.type"
        yield _refused(code, node, kind, path, expected_type(kind.type, in_xml=reader.in_xml))
        if node.kind != "string":
            return
    elif kind.rule:
        yield from reader.beyond(node, kind, path)
    if kind.enum:
        yield from _listed(node, kind, path)
    elif node.kind == "string":
        yield from _text(node, kind, path)
    elif node.kind in ("integer", "number"):
        yield from _number(node, kind, path)
    elif node.kind == "object":
        yield from _object(reader, node, kind, path)
    elif node.kind == "array":
        yield from _array(reader, node, kind, path)


def _is_of_type(reader: Reader, node: Node, wanted: str) -> bool:
    if wanted == "integer" and node.kind == "number":
        return reader.format.decimal_integers and bool(node.value == node.value.to_integral_value())
    return node.kind == wanted or (wanted == "number" and node.kind == "integer")


def _refused(code: str, node: Node, kind: Kind, path: Path, remedy: str = "", expected: str = "") -> Fault:
    """Return the fault of a value that is there."""
    part, field = part_and_field(path)
    return RULES.fault(
        code,
        part=part,
        field=field,
        line=node.line,
        value=node.text(),
        remedy=remedy,
        expected=expected,
        personal=kind.personal,
    )


def _absent(code: str, path: Path, line: int) -> Fault:
    """Return the fault of a key of which the value is not shown: it lacks, or nobody knows what it may hold."""
    part, field = part_and_field(path)
    return RULES.fault(code, part=part, field=field, line=line)


def _listed(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    """Yield when a value is not in the list, with the one that was surely meant."""
    text = node.text()
    if node.kind == "string" and text in kind.enum:
        return
    if text in kind.formerly:
        yield _refused("decp.valeur_ancienne", node, kind, path)
        return
    meant = [value for value in kind.enum if fold(value) == fold(text)]
    yield _refused("decp.valeur_inconnue", node, kind, path, expected=meant[0] if len(meant) == 1 else "")


def _text(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    """Yield what a text breaks; of a number between quotes nothing more is said than its type."""
    if kind.type != "string":
        return
    text: str = node.value
    if kind.pattern is not None and not kind.pattern.search(text):
        yield _refused("decp.forme", node, kind, path, expected_form(kind.rule))
    if len(text) < kind.min_length:
        yield _refused("decp.trop_court", node, kind, path)
    if kind.max_length is not None and len(text) > kind.max_length:
        yield _refused("decp.trop_long", node, kind, path, f"Raccourcissez-le à {kind.max_length} caractères.")


def _number(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    if kind.minimum is not None and node.value < kind.minimum:
        yield _refused("decp.trop_petit", node, kind, path, f"Le minimum admis est {kind.minimum}.")
    if kind.maximum is not None and node.value > kind.maximum:
        yield _refused("decp.trop_grand", node, kind, path)


def _object(reader: Reader, node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    if kind.keys is None:
        return
    for key in kind.required:
        if key not in node.value:
            yield _absent("decp.manquant", (*path, key), node.line)
    is_closed = kind.closed or (reader.in_xml and reader.format.closed_in_xml)
    for key, child in node.value.items():
        known = kind.keys.get(key)
        if known is not None:
            yield from compare(reader, child, known, (*path, key))
        elif is_closed:
            code = "decp.cle_ancienne" if key in kind.former else "decp.cle_inconnue"
            yield _absent(code, (*path, key), child.line)


def _array(reader: Reader, node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    if kind.type != "array":
        return
    if len(node.value) < kind.min_items:
        yield _absent("decp.liste_vide", path, node.line)
    if kind.unique and len(node.value) > 1 and len({frozen(child) for child in node.value}) < len(node.value):
        yield _absent("decp.liste_doublon", path, node.line)
    if kind.items is not None:
        for number, child in enumerate(node.value):
            yield from compare(reader, child, kind.items, (*path, number))
