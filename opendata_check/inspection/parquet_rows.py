"""Reads the rows of a Parquet file as texts, in the memory of a few rows whatever its compression hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.json_text.items import as_cell
from opendata_check.model.content import Content

_BATCH = 20_000
_FEWEST = 16
_BATCH_BYTES = 32_000_000
"""Bytes that the values of a batch may take once out of their dictionary; beyond, the batch is halved."""
_MAX_ROWS = 50_000_000
_MAX_UNPACKED = 20_000_000_000
_WIDEST_BINARY = 1_000
_USELESS_ZEROS = re.compile(r"(?<=:\d\d)\.0+(?=Z|$)|(\.\d*[1-9])0+(?=Z|$)")


def read_rows(content: Content) -> Iterator[list[str]]:
    """Yield the names of the columns, then each row as cells of one line: dates in ISO form, null as "".

    Raises InspectionError when the file is broken, or huge once unpacked.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(content.path, read_dictionary=_texts_in(content)) as file:
            _refuse_huge(file, content)
            names = [str(name) for name in file.schema_arrow.names]
            if not names:
                raise InspectionError("ce fichier Parquet n'a pas de colonnes", where=content.origin)
            yield names
            for batch in file.iter_batches(batch_size=_rows_at_once(file)):
                for piece in _halved(batch):
                    yield from _rows(piece)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InspectionError(
            "ce fichier Parquet est illisible", where=content.origin, remedy="Exportez-le de nouveau."
        ) from error


def _texts_in(content: Content) -> list[str]:
    """Return the columns of texts: they are read as codes of a dictionary, so that repeated values cost nothing.

    Arrow cannot do the same in lists.
    """
    import pyarrow.parquet as pq

    schema = pq.read_metadata(content.path).schema
    columns = [schema.column(i) for i in range(len(schema))]
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY" and "." not in column.path]


def _refuse_huge(file: Any, content: Content) -> None:
    metadata = file.metadata
    unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    wide = any(
        column.physical_type == "FIXED_LEN_BYTE_ARRAY" and column.length > _WIDEST_BINARY
        for column in (file.schema.column(i) for i in range(len(file.schema)))
    )
    if unpacked > _MAX_UNPACKED or metadata.num_rows > _MAX_ROWS or wide:
        raise InspectionError("ce fichier Parquet est démesuré", where=content.origin)


def _rows_at_once(file: Any) -> int:
    """Return how many rows may be read at once: few when texts in lists may be long, and be repeated in each row."""
    longest = 1
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        for place in range(group.num_columns):
            column = group.column(place)
            if column.physical_type == "BYTE_ARRAY" and "." in column.path_in_schema:
                longest = max(longest, column.total_uncompressed_size)
    return max(_FEWEST, min(_BATCH, _BATCH_BYTES // longest))


def _halved(batch: Any) -> Iterator[Any]:
    """Yield a batch in pieces that fit in memory."""
    if batch.num_rows <= 1 or sum(map(_decoded_bytes, batch.columns)) <= _BATCH_BYTES:
        yield batch
        return
    half = batch.num_rows // 2
    yield from _halved(batch.slice(0, half))
    yield from _halved(batch.slice(half))


def _decoded_bytes(array: Any) -> int:
    """Return the bytes of an array's values, each counted as often as it is there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_dictionary(kind):
        lengths = pc.take(pc.binary_length(array.dictionary), array.indices)
        return int(pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0)
    if pa.types.is_struct(kind):
        return sum(map(_decoded_bytes, array.flatten()))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _decoded_bytes(array.flatten()) + 8 * len(array)
    if pa.types.is_map(kind):
        return _decoded_bytes(array.keys) + _decoded_bytes(array.items)
    return int(array.nbytes)


def _rows(batch: Any) -> Iterator[list[str]]:
    return map(list, zip(*map(_texts, batch.columns), strict=True))


def _texts(column: Any) -> list[str]:
    """Return a column's values as cells of one line: dates in ISO form, null as ""."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        words = [as_cell(_decoded(value)) for value in column.dictionary.to_pylist()]
        return ["" if code is None else words[code] for code in column.indices.to_pylist()]
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            column = column.cast(pa.timestamp(kind.unit))
        mark = "Z" if kind.tz is not None else ""
        return [_moment(value, mark) for value in column.cast(pa.string()).to_pylist()]
    if pa.types.is_date(kind) or pa.types.is_time(kind):
        return [_moment(value, "") for value in column.cast(pa.string()).to_pylist()]
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string()).fill_null("").to_pylist()  # type: ignore[no-any-return]
    return [as_cell(_decoded(value)) for value in column.to_pylist()]


def _decoded(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _moment(value: str | None, mark: str) -> str:
    """Return a date, a time or both as ISO 8601 writes them, without useless zeros."""
    return "" if value is None else _USELESS_ZEROS.sub(r"\1", value.replace(" ", "T", 1) + mark)
