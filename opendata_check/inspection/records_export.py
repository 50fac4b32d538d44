"""Gives records of JSON, GeoJSON or Parquet as a CSV, so that the same engine judges them."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, Dialect, TableFacts, TextFacts

RECORD_FORMATS = frozenset({"json", "geojson", "ndjson", "parquet"})
"""Formats whose records can be given as rows."""

_MAX_LABELS = 5_000
_MAX_RECORDS = 50_000_000
_MAX_DEPTH = 60
_MAX_LINE = 20_000_000
_BATCH = 20_000
_MAX_UNPACKED = 20_000_000_000
Record = Mapping[str, Any]


@contextmanager
def records_as_csv(content: Content, facts: ContentFacts) -> Iterator[tuple[Content, ContentFacts]]:
    """Yield a temporary UTF-8 CSV of the records, one a line after the header, with the facts that describe it.

    Keys of the first level become columns, in the order they are met; what is deeper stays as JSON in its cell; null
    is an empty cell. Of GeoJSON, the properties. Raises InspectionError when there are no records, or they are broken.
    """
    kind = facts.envelope.detected
    with tempfile.TemporaryDirectory(prefix="opendata-check-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            labels = _write_parquet(content, stream) if kind == "parquet" else _write_json(content, facts, stream)
        exported = replace(content, path=path, byte_size=path.stat().st_size)
        described = replace(
            facts,
            envelope=replace(facts.envelope, detected="csv"),
            text=TextFacts("utf-8", has_bom=False, line_ending="lf"),
            table=TableFacts(1, tuple(labels), 0, dialect=Dialect(",")),
        )
        yield exported, described


def _write_json(content: Content, facts: ContentFacts, stream: TextIO) -> list[str]:
    encoding = facts.text.encoding if facts.text is not None else "utf-8"
    read = _reader_of(content, encoding)
    labels: dict[str, None] = {}
    for record in read():
        labels.update(dict.fromkeys(record))
        if len(labels) > _MAX_LABELS:
            raise InspectionError(
                f"les enregistrements ont plus de {_MAX_LABELS} clés différentes", where=content.origin
            )
    if not labels:
        raise InspectionError("aucun enregistrement n'a été trouvé dans ce JSON", where=content.origin)
    names = list(labels)
    _write(stream, names, ([_cell(record.get(name)) for name in names] for record in read()))
    return names


def _write(stream: TextIO, labels: list[str], rows: Iterable[list[str]]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(labels)
    writer.writerows(rows)


def _cell(value: Any) -> str:
    """Return a value as a cell of one line would hold it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r", " ").replace("\n", " ")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _reader_of(content: Content, encoding: str) -> Callable[[], Iterator[Record]]:
    """Return what reads the records: a line each, items of an array, or features of a collection."""
    with content.path.open("rb") as file:
        start = file.read(65_536).decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if start.startswith("{") and _is_lines(start):
        return lambda: _lines(content, encoding)
    prefix = "item" if start.startswith("[") else _array_of(content)
    return lambda: _items(content, prefix)


def _is_lines(start: str) -> bool:
    first, separator, rest = start.partition("\n")
    if not separator:
        return False
    try:
        return isinstance(json.loads(first), dict) and rest.lstrip()[:1] in ("{", "")
    except (ValueError, RecursionError):
        return False


def _lines(content: Content, encoding: str) -> Iterator[Record]:
    number = 0
    with content.path.open(encoding=encoding, errors="replace") as stream:
        while line := stream.readline(_MAX_LINE):
            number += 1
            if not line.strip():
                continue
            try:
                value = json.loads(line, parse_float=Decimal)
            except (ValueError, RecursionError) as error:
                raise InspectionError(f"la ligne {number} n'est pas du JSON lisible", where=content.origin) from error
            if not isinstance(value, dict):
                raise InspectionError(f"la ligne {number} n'est pas un objet JSON", where=content.origin)
            yield value


def _array_of(content: Content) -> str:
    """Return the path of the array of records in an object: features, else the first array found."""
    import ijson

    with content.path.open("rb") as file:
        try:
            for prefix, event, _ in ijson.parse(file, use_float=False):
                if prefix.count(".") > _MAX_DEPTH:
                    break
                if event == "start_array":
                    return f"{prefix}.item"
        except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
            raise InspectionError("ce JSON est malformé", where=content.origin) from error
    raise InspectionError("ce JSON ne contient pas de liste d'enregistrements", where=content.origin)


def _items(content: Content, prefix: str) -> Iterator[Record]:
    import ijson

    try:
        with content.path.open("rb") as file:
            for number, item in enumerate(ijson.items(file, prefix)):
                if number >= _MAX_RECORDS or not isinstance(item, dict):
                    if isinstance(item, dict):
                        return
                    continue
                properties = item.get("properties")
                yield properties if item.get("type") == "Feature" and isinstance(properties, dict) else item
    except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InspectionError("ce JSON est malformé", where=content.origin) from error


def _write_parquet(content: Content, stream: TextIO) -> list[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(content.path)
        names = [str(name) for name in file.schema_arrow.names]
        unpacked = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        if len(names) > _MAX_LABELS or unpacked > _MAX_UNPACKED:
            raise InspectionError("ce fichier Parquet est démesuré", where=content.origin)
        batches = file.iter_batches(batch_size=_BATCH)
        _write(stream, names, (row for batch in batches for row in _rows(batch)))
    except (pa.ArrowException, OSError) as error:
        raise InspectionError("ce fichier Parquet est illisible", where=content.origin) from error
    return names


def _rows(batch: Any) -> Iterator[list[str]]:
    return ([_cell(value) for value in row] for row in zip(*(_texts(column) for column in batch.columns), strict=True))


def _texts(column: Any) -> list[Any]:
    """Return a column's values, dates and times in ISO form."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return [None if value is None else value.isoformat() for value in column.to_pylist()]
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string()).to_pylist()  # type: ignore[no-any-return]
    return [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in column.to_pylist()]
