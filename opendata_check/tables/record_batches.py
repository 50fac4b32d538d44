"""Gives a table read row by row as batches of text columns, for rules that are not a schema's.

A large file gives them while it is judged by columns (``validation.Tap``); this is for the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.tables.rows import Reading, csv_rows

_BATCH = 5_000


def record_batches(content: Content, facts: ContentFacts) -> Iterator[tuple[Any, Any]]:
    """Yield (RecordBatch of texts, numpy array of record numbers).

    Blank rows and rows of another width than the header are left out. The header's record is ``table.header_row``.
    Raises TablesError when the file cannot be opened.
    """
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
            if kept:
                columns = zip(*(cells for _, cells in kept), strict=True)
                arrays = [pa.array(_valid(column), pa.string()) for column in columns]
                yield pa.record_batch(arrays, names), np.array([number for number, _ in kept], np.int64)


def _valid(cells: tuple[str, ...]) -> list[str]:
    """Return the cells as UTF-8 can carry them."""
    return [cell.encode("utf-8", "replace").decode("utf-8") for cell in cells]
