"""One contract in memory: values that know their line, whether they came from JSON or XML."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

MAX_DEPTH = 100
MAX_NODES = 200_000
"""Values in one contract: the largest real ones have a few thousand."""
MAX_TEXT = 16_000_000
"""Characters in one contract, and in one value."""


class Broken(Exception):  # noqa: N818 - it carries the answer, it is not an error of ours
    """The file can be read no further: the code of the rule, its line, and what to add to the rule's message."""

    def __init__(self, code: str, line: int = 0, remedy: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.remedy = remedy


class Node(NamedTuple):
    """A value and its line (1-based). Objects hold a dict of nodes, arrays a list of nodes."""

    kind: str
    """``object``, ``array``, ``string``, ``integer``, ``number``, ``boolean`` or ``null``."""
    value: Any
    line: int
    odd: tuple[tuple[str, str, int], ...] = ()
    """What was seen while it was read: the code of a rule, a key and its line."""

    def text(self) -> str:
        """Return what a person sees in the file, for a value that is neither an object nor an array."""
        if self.kind == "boolean":
            return "true" if self.value else "false"
        if self.kind in ("string", "integer", "number"):
            return str(self.value)
        return {"null": "null", "object": "{…}", "array": "[…]"}[self.kind]


class Budget:
    """Counts what one contract holds. Raises Broken when it holds too much."""

    __slots__ = ("_nodes", "_text")

    def __init__(self) -> None:
        self._nodes = MAX_NODES
        self._text = MAX_TEXT

    def spend(self, text_length: int, line: int) -> None:
        """Count one more value."""
        self._nodes -= 1
        self._text -= text_length
        if self._nodes < 0 or self._text < 0:
            raise Broken("decp.demesure", line)


Path = tuple[str | int, ...]
"""Where a value lies: keys and 0-based positions."""


def part_and_field(path: Path) -> tuple[str, str]:
    """Return where a value lies as (« marches[3].titulaires[0] », « id »): its container, then its own name."""
    cut = len(path)
    while cut and isinstance(path[cut - 1], int):
        cut -= 1
    cut = max(cut - 1, 0)
    return written(path[:cut]), written(path[cut:])


def written(path: Path) -> str:
    """Return « marches[3].titulaires[0] »."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step[:100]}" if parts else step[:100])
    return "".join(parts)


def frozen(node: Node) -> Any:
    """Return a value that equals another one when both nodes hold the same JSON (1 is 1.0, but not true)."""
    if node.kind == "object":
        return ("object", frozenset((key, frozen(child)) for key, child in node.value.items()))
    if node.kind == "array":
        return ("array", tuple(frozen(child) for child in node.value))
    if node.kind in ("integer", "number"):
        return ("number", Decimal(node.value))
    return (node.kind, node.value)


def fingerprint(node: Node) -> bytes:
    """Return 16 bytes that tell a value from any other, short enough to keep one for each contract."""
    from hashlib import blake2b

    digest = blake2b(digest_size=16)
    for piece in _pieces(node):
        digest.update(piece.encode("utf-8", "surrogatepass"))
    return digest.digest()


def _pieces(node: Node) -> Iterator[str]:
    if node.kind == "object":
        yield "{"
        for key in sorted(node.value):
            yield f"{len(key)}:{key}"
            yield from _pieces(node.value[key])
        yield "}"
    elif node.kind == "array":
        yield "["
        for child in node.value:
            yield from _pieces(child)
        yield "]"
    else:
        is_number = node.kind in ("integer", "number")
        text = str(hash(Decimal(node.value)) if is_number else node.value)
        yield f"{'number' if is_number else node.kind} {len(text)}:{text}"
