"""Writes JSON values piece by piece, so that a long report never stands whole in memory as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any

_JOINED = 65_536
"""Characters gathered before they are handed on: thousands of tiny writes cost more than they spare."""


def pieces(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield an object as JSON: indented by two, keys sorted, a row range on one line, a line end after all.

    A value that is an iterator is written as a list, each of its items made when its turn comes.
    """
    gathered: list[str] = []
    size = 0
    for piece in _object(value, ""):
        gathered.append(piece)
        size += len(piece)
        if size >= _JOINED:
            yield "".join(gathered)
            gathered, size = [], 0
    yield "".join((*gathered, "\n"))


_CONSTANTS = {None: "null", True: "true", False: "false"}


def _written(value: Any, margin: str) -> Iterator[str]:
    if isinstance(value, Iterator):
        yield from _list(value, margin)
    elif isinstance(value, Mapping) and any(isinstance(item, Iterator) for item in value.values()):
        yield from _object(value, margin)
    else:
        yield _text(value, margin)


def _text(value: Any, margin: str) -> str:
    """Return a value as ``json.dumps`` writes it with an indent of two, in half the time: it does so in Python."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is dict and value:
        inner = f"{margin}  "
        parts = [f"{encode_basestring(key)}: {_text(item, inner)}" for key, item in sorted(value.items())]
        return f"{{\n{inner}" + f",\n{inner}".join(parts) + f"\n{margin}}}"
    if kind is list and value:
        if len(value) == 2 and type(value[0]) is int and type(value[1]) is int:
            return f"[{value[0]}, {value[1]}]"
        inner = f"{margin}  "
        return f"[\n{inner}" + f",\n{inner}".join([_text(item, inner) for item in value]) + f"\n{margin}]"
    if value is None or kind is bool:
        return _CONSTANTS[value]
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _object(value: Mapping[str, Any], margin: str) -> Iterator[str]:
    opening = "{"
    for key in sorted(value):
        yield f"{opening}\n{margin}  {encode_basestring(key)}: "
        yield from _written(value[key], f"{margin}  ")
        opening = ","
    yield f"\n{margin}}}"


def _list(items: Iterable[Any], margin: str) -> Iterator[str]:
    opening = "["
    for item in items:
        yield f"{opening}\n{margin}  "
        yield from _written(item, f"{margin}  ")
        opening = ","
    yield "[]" if opening == "[" else f"\n{margin}]"


def whole(value: Any) -> Any:
    """Return the same values with every iterator made a list."""
    if isinstance(value, Iterator):
        return [whole(item) for item in value]
    if isinstance(value, dict) and any(isinstance(item, Iterator) for item in value.values()):
        return {key: whole(item) for key, item in value.items()}
    return value
