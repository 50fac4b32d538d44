"""Reads the contracts of an XML file one at a time, as the same values JSON gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath

from opendata_check.standards.decp.facts import Kind
from opendata_check.standards.decp.nodes import Broken, Budget, Node
from opendata_check.standards.xml_stream import Element, XmlBroken, elements

_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,4000}(?:\.[0-9]{0,4000})?|\.[0-9]{1,4000})")
_BOOLEANS = {"oui": True, "true": True, "1": True, "non": False, "false": False, "0": False}
"""What the XSD admits for yes and no."""
_CODES = {"broken": "decp.xml", "huge": "decp.demesure", "unreadable": "decp.illisible"}


@dataclass(slots=True)
class Tree:
    """An element, whole."""

    name: str
    line: int
    text: str = ""
    children: list[Tree] = field(default_factory=list)


def trees(path: FilePath) -> Iterator[Tree]:
    """Yield the root alone (without children), then each of its children, whole. Raises Broken."""
    opened: list[Tree] = []
    is_rooted = False
    budget = Budget()
    for element in _elements(path):
        if not is_rooted:
            is_rooted = True
            yield Tree(element.name, element.line)
        elif element.opens:
            budget.spend(1, element.line)
            tree = Tree(element.name, element.line)
            if opened:
                opened[-1].children.append(tree)
            opened.append(tree)
        elif opened:
            tree = opened.pop()
            tree.text = element.text
            budget.spend(len(element.text), element.line)
            if not opened:
                yield tree
                budget = Budget()


def _elements(path: FilePath) -> Iterator[Element]:
    """Yield the tags of the file. Raises Broken."""
    try:
        yield from elements(path)
    except XmlBroken as broken:
        raise Broken(_CODES[broken.why], broken.line, broken.remedy) from broken


def node_of(tree: Tree, kind: Kind) -> Node:
    """Return an element as the value JSON would give for that kind; what does not fit stays as it is written."""
    if kind.keys is not None:
        return _object(tree, kind)
    if kind.type == "array":
        return _array(tree, kind)
    if tree.children:
        return _unknown(tree)
    return _scalar(tree, kind)


def _object(tree: Tree, kind: Kind) -> Node:
    keys: dict[str, Node] = {}
    odd: list[tuple[str, str, int]] = []
    repeated: dict[str, list[Node]] = {}
    if not tree.children and tree.text.strip():
        return Node("string", tree.text, tree.line)
    for child in tree.children:
        known = (kind.keys or {}).get(child.name)
        if known is None:
            keys[child.name] = _unknown(child)
        elif known.repeated and known.items is not None:
            values = repeated.setdefault(child.name, [])
            keys.setdefault(child.name, Node("array", values, child.line))
            values.append(node_of(child, known.items))
        elif known.empty_in_xml and not child.text and not child.children:
            continue
        else:
            if child.name in keys:
                odd.append(("decp.element_double", child.name, child.line))
            keys[child.name] = node_of(child, known)
    return Node("object", keys, tree.line, tuple(odd))


def _array(tree: Tree, kind: Kind) -> Node:
    if not tree.children and tree.text.strip():
        return Node("string", tree.text, tree.line)
    values: list[Node] = []
    odd: list[tuple[str, str, int]] = []
    item = kind.items or Kind()
    for child in tree.children:
        if kind.element and child.name != kind.element:
            odd.append(("decp.cle_inconnue", child.name, child.line))
        elif kind.wrapper and item.keys:
            inside = node_of(child, item.keys[kind.wrapper])
            values.append(Node("object", {kind.wrapper: inside}, child.line))
        else:
            values.append(node_of(child, item))
    return Node("array", values, tree.line, tuple(odd))


def _scalar(tree: Tree, kind: Kind) -> Node:
    trimmed = tree.text.strip()
    if kind.type == "integer" and _INTEGER.fullmatch(trimmed):
        return Node("integer", int(trimmed), tree.line)
    if kind.type in ("integer", "number") and _DECIMAL.fullmatch(trimmed):
        return Node("number", Decimal(trimmed), tree.line)
    if kind.type == "boolean" and tree.text in _BOOLEANS:
        return Node("boolean", _BOOLEANS[tree.text], tree.line)
    return Node("string", tree.text, tree.line)


def _unknown(tree: Tree) -> Node:
    """Return an element nothing is known of."""
    if not tree.children:
        return Node("string", tree.text, tree.line)
    return Node("object", {child.name: _unknown(child) for child in tree.children}, tree.line)
