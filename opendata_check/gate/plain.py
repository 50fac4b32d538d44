"""Writes values of the model as plain JSON lists and reads them back: nothing read can run, nor be of another type."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Union, get_args, get_origin, get_type_hints

Reading = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """Return a value made of frozen dataclasses, tuples and plain values as JSON holds it, names of fields left out."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, name)) for name in _names(type(value))]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, Mapping):
        return [[plain(key), plain(item)] for key, item in value.items()]
    raise TypeError(f"{type(value).__name__} is no value of the model")


def read(kind: Any, data: Any) -> Any:
    """Return the value of type ``kind`` that ``plain`` wrote. Raises TypeError, ValueError, KeyError for others."""
    return _reading(kind)(data)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _reading(kind: Any) -> Reading:
    """Return the function that reads a type."""
    if kind in (str, int, float, bool, types.NoneType):
        return _of(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        known = {member.value: member for member in kind}
        return lambda data: known[data]
    if kind is date:
        return date.fromisoformat
    if kind is Path:
        return Path
    if kind is Any:  # what JSON holds: values of schemas
        return lambda data: data
    return _composed(kind)


def _of(kind: type) -> Reading:
    allowed = (int, float) if kind is float else kind

    def read_one(data: Any) -> Any:
        if isinstance(data, allowed):
            return data
        raise TypeError(kind.__name__)

    return read_one


def _composed(kind: Any) -> Reading:
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union(inside)
    if origin is tuple and len(inside) == 2 and inside[1] is Ellipsis:
        each = _later(inside[0])
        return lambda data: tuple([each(item) for item in _items(data)])
    if origin is tuple:
        parts = [_later(part) for part in inside]
        return lambda data: tuple([part(item) for part, item in zip(parts, _items(data), strict=True)])
    if origin is frozenset:
        each = _later(inside[0])
        return lambda data: frozenset(each(item) for item in _items(data))
    if origin is not None and issubclass(origin, Mapping):
        keys, values = _later(inside[0]), _later(inside[1])
        return lambda data: {keys(key): values(item) for key, item in _items(data)}
    raise TypeError(f"{kind} is no type of the model")


def _union(inside: tuple[Any, ...]) -> Reading:
    """Read one of several types: the first, in the order written, that accepts the data."""
    optional = types.NoneType in inside
    ways = [_later(kind) for kind in inside if kind is not types.NoneType]
    if len(ways) == 1:
        only = ways[0]
        return lambda data: None if data is None and optional else only(data)

    def read_one(data: Any) -> Any:
        if data is None and optional:
            return None
        for way in ways:
            try:
                return way(data)
            except (TypeError, ValueError, KeyError):
                continue
        raise TypeError("none of the types fits")

    return read_one


def _later(kind: Any) -> Reading:
    """Return the function that reads a type, found at its first use: types may hold themselves."""
    found: list[Reading] = []

    def read_one(data: Any) -> Any:
        if not found:
            found.append(_reading(kind))
        return found[0](data)

    return read_one


def _dataclass(kind: Any) -> Reading:
    hints = get_type_hints(kind)
    ways = [_later(hints[name]) for name in _names(kind)]

    def read_one(data: Any) -> Any:
        return kind(*[way(item) for way, item in zip(ways, _items(data), strict=True)])

    return read_one


def _items(data: Any) -> list[Any]:
    if isinstance(data, list):
        return data
    raise TypeError("a list was expected")
