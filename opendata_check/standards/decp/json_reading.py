"""Reads the contracts of a JSON file one at a time, each value with its line, within bounds of size and depth."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from opendata_check.standards.decp.nodes import MAX_DEPTH, MAX_TEXT, Broken, Budget, Node

Event = tuple[str, Any, int]
"""What ijson yields (start_map, map_key, string…), its value, and the line where it stands."""

_CHUNK = 65_536
_MAX_DIGITS = 4_000
_STEP = 500
# One byte in 500: a run of 4000 digits shows at least seven of them in a row.
_DIGITS_SAMPLED = re.compile(rb"[0-9]{7,}")
_OPENING = ("start_map", "start_array")
_CLOSING = ("end_map", "end_array")


def events(path: FilePath) -> Iterator[Event]:
    """Yield the events of a JSON file with their lines (1-based).

    The file is given line by line, so that an event is known to stand on the line just given. Raises Broken where the
    text breaks, for what is not UTF-8, and for one value of more than 16 million bytes.
    """
    import ijson

    found: Any = ijson.sendable_list()
    parser = ijson.basic_parse_coro(found)
    line, silent = 1, 0
    try:
        with path.open("rb") as file:
            for piece in _pieces(file.read):
                failure = _send(parser, piece)
                silent = 0 if found else silent + len(piece)
                for event, value in found:
                    yield event, value, line
                found.clear()
                if failure or silent > MAX_TEXT:
                    raise Broken("decp.json" if failure else "decp.demesure", line)
                line += piece.count(b"\n")
    except OSError as error:
        raise Broken("decp.illisible") from error
    if _send(parser, None):
        raise Broken("decp.json", line, "Le fichier s'arrête avant la fin : exportez-le ou téléchargez-le de nouveau.")


def _send(parser: Any, piece: bytes | None) -> bool:
    """Give a piece to ijson (None at the end) and return whether it broke there."""
    import ijson

    try:
        if piece is None:
            parser.close()
        else:
            parser.send(piece)
    except (ijson.JSONError, ValueError, ArithmeticError, StopIteration):
        # ValueError and ArithmeticError: a number that Python refuses to hold.
        return True
    return False


def _pieces(read: Any) -> Iterator[bytes]:
    """Yield the file line by line, at most 65 536 bytes at once, watching its encoding and its numbers."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    tail, line, first = b"", 1, True
    while True:
        chunk: bytes = read(_CHUNK)
        if first:
            if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise Broken("decp.encodage", 1)
            chunk, first = chunk.removeprefix(codecs.BOM_UTF8), False
            if not chunk:
                raise Broken("decp.json", 1, "Le fichier est vide.")
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = chunk[: error.start]
            yield from before.splitlines(keepends=True)
            raise Broken("decp.encodage", line + before.count(b"\n")) from error
        if not chunk:
            return
        tail = _watch_digits(tail, chunk, line)
        line += chunk.count(b"\n")
        if chunk.isspace():
            yield chunk
        else:
            yield from (piece + b"\n" for piece in chunk.split(b"\n")[:-1])
            if last := chunk.rpartition(b"\n")[2]:
                yield last


def _watch_digits(tail: bytes, chunk: bytes, line: int) -> bytes:
    """Refuse numbers of over 4000 digits, and return what the next chunk may go on with.

    Python refuses an integer of over 4300 digits, and ijson's C reader then crashes the whole process (ijson 3.6.0).
    """
    joined = tail + chunk
    for sampled in _DIGITS_SAMPLED.finditer(joined[::_STEP]):
        if joined[sampled.start() * _STEP : (sampled.end() - 1) * _STEP].isdigit():
            raise Broken("decp.demesure", line)
    return joined[-_MAX_DIGITS:]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing found where contracts are expected."""

    at: tuple[str | int, ...]
    """Its path in the file: ``("marches", 3)``, ``("marches", "marche", 0)``; ``()`` for the root."""
    node: Node | None
    """None for a list or an object that is only entered: its children follow as items of their own."""
    opens: str = ""
    """``object`` or ``array`` when entered."""
    line: int = 0


def items(path: FilePath) -> Iterator[Item]:
    """Yield what lies under « marches », the contracts one at a time. Raises Broken."""
    stream = events(path)
    event, value, line = _next(stream)
    if event != "start_map":
        # What is there is not kept: it may be the whole file.
        yield Item((), Node("array" if event == "start_array" else _scalar(event, value, line).kind, None, line))
        return
    yield Item((), None, "object", line)
    for event, key, line in stream:
        if event == "end_map":
            _finish(stream)
            return
        opening, value, line = _next(stream)
        if key != "marches":
            _skip(opening, stream)
        elif opening == "start_array":
            yield Item(("marches",), None, "array", line)
            yield from _list(stream, ("marches",))
        elif opening == "start_map":
            yield Item(("marches",), None, "object", line)
            yield from _families(stream)
        else:
            yield Item(("marches",), _scalar(opening, value, line))


def _families(stream: Iterator[Event]) -> Iterator[Item]:
    """Yield what an object « marches » holds: a list of contracts under each key."""
    for event, key, _ in stream:
        if event == "end_map":
            return
        opening, value, line = _next(stream)
        at = ("marches", key[:100])
        if opening == "start_array":
            yield Item(at, None, "array", line)
            yield from _list(stream, at)
        else:
            yield Item(at, _node(opening, value, line, stream))


def _list(stream: Iterator[Event], at: tuple[str | int, ...]) -> Iterator[Item]:
    """Yield the items of the list just opened."""
    for number, (event, value, line) in enumerate(stream):  # each turn reads one value whole
        if event == "end_array":
            return
        yield Item((*at, number), _node(event, value, line, stream))


def _next(stream: Iterator[Event]) -> Event:
    """Return the next event: ijson breaks before it runs short of one."""
    return next(stream)


def _finish(stream: Iterator[Event]) -> None:
    """Read to the end of the file: what follows the document breaks it."""
    for _ in stream:
        pass


def _skip(event: str, stream: Iterator[Event]) -> None:
    """Pass over the value just opened."""
    depth = 1 if event in _OPENING else 0
    while depth:
        event, _, line = _next(stream)
        depth += (event in _OPENING) - (event in _CLOSING)
        if depth > MAX_DEPTH:
            raise Broken("decp.demesure", line)


def _scalar(event: str, value: Any, line: int) -> Node:
    if event == "number":
        return Node("integer" if isinstance(value, int) else "number", value, line)
    return Node(event, value, line)


def _node(event: str, value: Any, line: int, stream: Iterator[Event]) -> Node:
    """Return the value just opened, whole. Raises Broken when it is deeper or larger than any contract."""
    budget = Budget()
    if event not in _OPENING:
        return _scalar(event, value, line)
    return _container(event, line, stream, budget, 1)


def _container(event: str, line: int, stream: Iterator[Event], budget: Budget, depth: int) -> Node:
    """Return an object or an array (at most a hundred levels of calls)."""
    if depth > MAX_DEPTH:
        raise Broken("decp.demesure", line)
    keys: dict[str, Node] = {}
    values: list[Node] = []
    odd: list[tuple[str, str, int]] = []
    is_object, key = event == "start_map", ""
    for event, value, at in stream:
        if event == "map_key":
            key = value
            budget.spend(len(key), at)
            if key in keys:
                odd.append(("decp.cle_double", key, at))
            continue
        if event in _CLOSING:
            break
        budget.spend(len(value) if event == "string" else 1, at)
        child = _container(event, at, stream, budget, depth + 1) if event in _OPENING else _scalar(event, value, at)
        if is_object:
            keys[key] = child
        else:
            values.append(child)
    return Node("object", keys, line, tuple(odd)) if is_object else Node("array", values, line)
