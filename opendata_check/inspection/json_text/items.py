"""Yields the records of a JSON one at a time, whatever wraps them, in the memory of one record."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.json_text.syntax import MAX_DEPTH
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts

Record = Mapping[str, Any]
_Event = tuple[str, Any]

_CHUNK = 65_536
_MAX_RECORD = 10_000_000
"""Bytes of one record: held whole, it takes twenty times as much at worst."""
_UTF8 = frozenset({"utf-8", "utf-8-sig", "ascii"})
_ONE_A_LINE = frozenset({".ndjson", ".jsonl"})
_SCALARS = frozenset({"string", "number", "boolean", "null"})
_BREAKS = str.maketrans({"\r": " ", "\n": " "})


class _TooLongError(Exception):
    """One record goes on for ever."""


class _Utf8:
    """A file for ijson: in UTF-8 whatever its encoding, without its mark, and no more than a record at a time."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = None if encoding in _UTF8 else codecs.getincrementaldecoder(encoding)("replace")
        self._started = False
        self.fed = 0
        """Bytes given since the last record."""

    def read(self, size: int = _CHUNK) -> bytes:
        """Return some bytes, b"" at the end. Raises _TooLongError."""
        if not size:
            return b""
        data = self._next(size)
        if not self._started and data:
            data = data.removeprefix(codecs.BOM_UTF8)
            self._started = True
        self.fed += len(data)
        if self.fed > _MAX_RECORD:
            raise _TooLongError
        return data

    def _next(self, size: int) -> bytes:
        if self._decoder is None:
            return self._file.read(size)
        while True:
            raw = self._file.read(size)
            text = self._decoder.decode(raw, final=not raw)
            if text or not raw:
                return text.encode("utf-8", "replace")


def records_of(content: Content, facts: ContentFacts) -> Iterator[Record]:
    """Yield the records of a well-formed JSON: its lines, the items of its array, or those of the array it wraps.

    Of an object, the array is « features » for GeoJSON, else the first one that holds objects. Of a GeoJSON feature,
    the record is its properties. Raises InspectionError when there is no list of records, or one is huge.
    """
    import ijson

    encoding = facts.text.encoding if facts.text is not None else "utf-8"
    number = 0
    with content.path.open("rb") as file:
        source = _Utf8(file, encoding)
        events = ijson.basic_parse(source, buf_size=_CHUNK, multiple_values=True)
        try:
            for record in _found(events, content, facts, source):
                source.fed = 0
                number += 1
                yield record
        except _TooLongError as error:
            what = (
                f"l'enregistrement n° {number + 1} est démesuré (plus de {_MAX_RECORD // 1_000_000} millions d'octets)"
            )
            raise InspectionError(what, where=content.origin) from error
        except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError, ArithmeticError) as error:
            raise InspectionError("ce JSON est malformé", where=content.origin) from error


def _found(events: Iterator[_Event], content: Content, facts: ContentFacts, source: _Utf8) -> Iterator[Record]:
    is_map = facts.envelope.detected == "geojson"
    lines = (facts.structure is not None and facts.structure.root == "lines") or (
        PurePosixPath(content.name).suffix.lower() in _ONE_A_LINE
    )
    for event, _ in events:
        if event == "start_array" and not lines:
            yield from _items(events, is_map)
            return
        if event == "start_map" and lines:
            yield _record(events, is_map)
        elif event == "start_map":
            if not _enter(events, "features" if is_map else "", source):
                what = "ce JSON ne contient pas de liste d'enregistrements"
                raise InspectionError(what, where=content.origin, remedy="Donnez un tableau d'objets : [{…}, {…}].")
            yield from _items(events, is_map, first=True)
            return
        elif event == "start_array":
            _skip(events)


def _enter(events: Iterator[_Event], wanted: str, source: _Utf8) -> bool:
    """Go into the object just opened, up to the first object of the array of records; return whether there is one."""
    depth, key, opens = 1, "", False
    for event, value in events:
        source.fed = 0  # what lies before the records is only passed over
        if event == "map_key":
            key = value
        elif event == "start_map":
            if opens:
                return True
            depth += 1
        elif event == "start_array":
            depth += 1
        elif event in ("end_map", "end_array"):
            depth -= 1
            if not depth:
                return False
        opens = event == "start_array" and (not wanted or (depth == 2 and key == wanted))
    return False


def _items(events: Iterator[_Event], is_map: bool, *, first: bool = False) -> Iterator[Record]:
    """Yield the objects of the array just opened; ``first`` says that its first object is opened too."""
    if first:
        yield _record(events, is_map)
    for event, _ in events:
        if event == "end_array":
            return
        if event == "start_map":
            yield _record(events, is_map)
        elif event == "start_array":
            _skip(events)


def _record(events: Iterator[_Event], is_map: bool) -> Record:
    """Return the object just opened; of a feature, its properties: the geometry is not held."""
    record: dict[str, Any] = {}
    key = ""
    for event, value in events:
        if event == "map_key":
            key = value
        elif event in _SCALARS:
            record[key] = value
        elif event == "end_map":
            break
        elif is_map and key == "geometry":
            _skip(events)
        else:
            record[key] = _container(event, events, 2)
    properties = record.get("properties")
    return properties if record.get("type") == "Feature" and isinstance(properties, dict) else record


def _container(opening: str, events: Iterator[_Event], depth: int) -> Any:
    """Return the array or object just opened."""
    if depth > MAX_DEPTH:
        raise ValueError
    items: list[Any] = []
    members: dict[str, Any] = {}
    key = ""
    for event, value in events:
        if event == "map_key":
            key = value
            continue
        if event in ("end_array", "end_map"):
            break
        held = value if event in _SCALARS else _container(event, events, depth + 1)
        if opening == "start_array":
            items.append(held)
        else:
            members[key] = held
    return items if opening == "start_array" else members


def _skip(events: Iterator[_Event]) -> None:
    """Pass over the array or object just opened."""
    depth = 1
    for event, _ in events:
        if event in ("start_map", "start_array"):
            depth += 1
        elif event in ("end_map", "end_array"):
            depth -= 1
            if not depth:
                return


def as_cell(value: Any) -> str:
    """Return a JSON value as a cell of one line would hold it."""
    if isinstance(value, str):
        return value.translate(_BREAKS) if "\n" in value or "\r" in value else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=_as_json)


def _as_json(value: Any) -> Any:
    """Return what JSON's own writer does not know: a decimal number as a number, anything else as a text."""
    return float(value) if isinstance(value, Decimal) else str(value)
