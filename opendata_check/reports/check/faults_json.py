"""A file's check as JSON (docs/schemas/check.schema.json), its faults streamed one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from opendata_check import __version__
from opendata_check.model.check import CellError, ErrorGroup, FileCheck
from opendata_check.model.schema import SchemaMatch
from opendata_check.reports.interface import Layout
from opendata_check.reports.safety import MAX_TEXT, clean

SCHEMA_VERSION = "1.0"
_SHOWN = 200
_JOINED = 500
"""Faults written at once."""


def pieces(check: FileCheck, layout: Layout, limit: int | None) -> Iterator[str]:
    """Yield the JSON text; at most ``limit`` faults."""
    shown = check.count if limit is None else min(limit, check.count)
    head = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "opendata-check", "version": __version__},
        "file": _file(check),
        "schema": _schema(check.schema),
        "standard": check.standard or None,
        "candidates": [_schema(match) for match in check.candidates],
        "valid": check.valid,
        "complete": check.complete,
        "note": clean(check.note),
        "rows": check.rows,
        "header": _header(check),
        "groups": [_group(group) for group in check.groups],
        "error_count": check.count,
        "errors_shown": shown,
        "limit": limit,
    }
    yield "{\n" + ",\n".join(f' "{name}": {_encoded(value)}' for name, value in head.items()) + ',\n "errors": ['
    errors = islice(check.errors(), shown)
    separator = "\n"
    while batch := list(islice(errors, _JOINED)):
        yield separator + ",\n".join(map(_error, batch))
        separator = ",\n"
    yield "\n ]\n}\n"


_encoded = json.JSONEncoder(ensure_ascii=False).encode
"""One encoder for all: making one costs more than encoding a fault."""


@lru_cache(4_096)
def _said(text: str, limit: int) -> str:
    """Return a text as JSON: the same few sentences and names come back a million times."""
    return _encoded(clean(text, limit))


def _value(text: str) -> str:
    """Return a cell as JSON; most are plain, and nothing is to be done to them."""
    if text.isascii() and text.isprintable() and len(text) <= _SHOWN:
        return _encoded(text)
    return _encoded(clean(text, _SHOWN))


def _error(error: CellError) -> str:
    row = "null" if error.row is None else error.row
    line = "null" if error.line is None else error.line
    part = f', "part": {_value(error.part)}' if error.part else ""
    return (
        f'  {{"row": {row}, "line": {line}, "field": {_said(error.field, 200)}, "type": {_said(error.type, 200)}, '
        f'"value": {_value(error.value)}, "message": {_said(error.message, MAX_TEXT)}, "level": "{error.level}"{part}}}'
    )


def _group(group: ErrorGroup) -> dict[str, Any]:
    return {
        "type": clean(group.type, 200),
        "rule": clean(group.rule, 400),
        "level": group.level,
        "field": clean(group.field, 200),
        "column": group.letter,
        "part": clean(group.part, 200),
        "count": group.count,
        "lines": [list(pair) for pair in group.lines],
        "message": clean(group.message),
        "value": clean(group.value, 200),
        "expected": clean(group.expected, 200),
        "remedy": clean(group.remedy),
    }


def _file(check: FileCheck) -> dict[str, Any]:
    facts = check.file
    return {
        "name": clean(facts.name, 300),
        "format": facts.format,
        "byte_size": facts.byte_size,
        "encoding": facts.encoding,
        "delimiter": facts.delimiter,
        "line_ending": facts.line_ending,
        "header_row": facts.header_row,
    }


def _schema(match: SchemaMatch | None) -> dict[str, Any] | None:
    if match is None:
        return None
    schema = match.schema
    return {
        "id": clean(schema.id, 300),
        "version": clean(schema.version, 60),
        "title": clean(schema.title, 300),
        "confidence": match.confidence,
        "by": match.by,
    }


def _header(check: FileCheck) -> dict[str, Any]:
    header = check.header
    return {
        "missing": _names(header.missing),
        "absent_optional": _names(header.absent_optional),
        "extra": _names(header.extra),
        "misspelt": [{"written": clean(a, 200), "expected": clean(b, 200)} for a, b in header.misspelt],
        "duplicate": _names(header.duplicate),
        "blank": list(header.blank),
        "reordered": header.reordered,
    }


def _names(names: tuple[str, ...]) -> list[str]:
    return [clean(name, 200) for name in names]
