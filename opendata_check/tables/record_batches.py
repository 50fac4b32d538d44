"""Gives a table as batches of text columns with their record numbers, for rules that are not a schema's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, TableFacts
from opendata_check.tables.arrow_reader import BLOCK_BYTES, open_columns
from opendata_check.tables.rows import Reading, csv_rows
from opendata_check.tables.utf8_stream import Utf8Stream

_SMALL = 1_000_000
_BATCH = 5_000


def record_batches(content: Content, facts: ContentFacts) -> Iterator[tuple[Any, Any]]:
    """Yield (RecordBatch of texts, numpy array of record numbers), but rows that are blank, too short or too long.

    The header's record is ``table.header_row``. Raises TablesError when the file cannot be opened.
    """
    import pyarrow as pa

    assert facts.table is not None and facts.text is not None
    last = 0
    if content.path.stat().st_size > _SMALL and _fits(facts.table):
        try:
            for batch, rows in _by_columns(content, facts):
                last = int(rows[-1])
                yield batch, rows
            return
        except (pa.ArrowInvalid, UnicodeError):
            pass  # from there on, Arrow cannot cut the file
    yield from _by_rows(content, facts, after=last)


def _fits(table: TableFacts) -> bool:
    """Return True when Arrow cuts the file as csv.reader does (design/tables-spike.md §3)."""
    dialect = table.dialect
    return (
        dialect is not None
        and not dialect.skip_initial_space
        and dialect.doublequote
        and len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and dialect.quotechar in ('"', "'", "")
        and len(table.labels) > 1
        and table.unclosed_quote_row is None
    )


def _by_columns(content: Content, facts: ContentFacts) -> Iterator[tuple[Any, Any]]:
    import numpy as np
    import pyarrow as pa

    table, text = facts.table, facts.text
    assert table is not None and text is not None and table.dialect is not None
    header_row = table.header_row or 1
    odd: list[int] = []

    def skip(row: Any) -> str:
        odd.append(int(row.number))
        return "skip"

    good = 0
    with Utf8Stream(content.path, text, table.dialect.quotechar) as stream:
        batches = open_columns(
            stream, table.dialect, width=len(table.labels), header_row=header_row, on_odd=skip, block=BLOCK_BYTES
        )
        for batch in batches:
            ranks = np.arange(good, good + batch.num_rows)
            good += batch.num_rows
            before = np.array(odd, np.int64) - header_row - 1 - np.arange(len(odd))
            numbers = ranks + np.searchsorted(before, ranks, "right") + header_row + 1
            filled = _filled(batch)
            if not filled.all():
                batch, numbers = batch.filter(pa.array(filled)), numbers[filled]
            if batch.num_rows:
                yield batch, numbers


def _filled(batch: Any) -> Any:
    """Return which rows hold anything."""
    import numpy as np
    import pyarrow.compute as pc

    found = np.zeros(batch.num_rows, np.bool_)
    for column in batch.columns:
        found |= np.asarray(pc.binary_length(column)) > 0
        if found.all():
            break
    return found


def _by_rows(content: Content, facts: ContentFacts, *, after: int) -> Iterator[tuple[Any, Any]]:
    import numpy as np
    import pyarrow as pa

    assert facts.table is not None and facts.text is not None
    width = len(facts.table.labels)
    names = [str(position) for position in range(width)]
    with closing(csv_rows(content, facts.text, facts.table, Reading())) as rows:
        numbered = enumerate(rows, start=facts.table.header_row or 1)
        next(numbered, None)
        while batch := list(islice(numbered, _BATCH)):
            kept = [(number, cells) for number, (_, cells) in batch if len(cells) == width and any(cells)]
            kept = [(number, cells) for number, cells in kept if number > after] if after else kept
            if kept:
                columns = zip(*(cells for _, cells in kept), strict=True)
                arrays = [pa.array(_valid(column), pa.string()) for column in columns]
                yield pa.record_batch(arrays, names), np.array([number for number, _ in kept], np.int64)


def _valid(cells: tuple[str, ...]) -> list[str]:
    """Return the cells as UTF-8 can carry them."""
    return [cell.encode("utf-8", "replace").decode("utf-8") for cell in cells]
