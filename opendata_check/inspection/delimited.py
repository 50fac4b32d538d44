"""Reads a delimited text as a table: dialect, header, then every row once, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from opendata_check.inspection.columns import MAX_COLUMNS, TableProfiler
from opendata_check.inspection.dialect import Layout
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.header import ROWS_READ, clean_label, find_header
from opendata_check.inspection.layout.watch import LayoutWatch
from opendata_check.inspection.opening import duplicate_labels, open_text
from opendata_check.inspection.records import Record, read_records
from opendata_check.inspection.row_as_header import is_a_row
from opendata_check.model.content import Content
from opendata_check.model.facts import PersonalDataHint, SpatialFacts, TableFacts

HeaderFinder = Callable[[Sequence[Sequence[str]]], int | None]


class TableReading(NamedTuple):
    """What a delimited text says."""

    table: TableFacts
    personal: tuple[PersonalDataHint, ...]
    spatial: SpatialFacts | None
    fault: str
    """Why the reading stopped early; "" when it did not."""


def read_table(content: Content, encoding: str, layout: Layout) -> TableReading:
    """Return the table's facts, the hints of personal data, where its rows lie and why the reading stopped early.

    Rows are physical lines, whatever line breaks the cells hold. A table that could not be read to its end is marked
    ``truncated``. One whose header proves to be its first person is read again, as a table without header.
    """
    reading = _read(content, encoding, layout, find_header)
    if reading.table.header_row is not None and is_a_row(reading.table, reading.personal):
        return _read(content, encoding, layout, lambda _rows: None)
    return reading


def _read(content: Content, encoding: str, layout: Layout, header_in: HeaderFinder) -> TableReading:
    fault = ""
    with open_text(content, encoding) as stream:
        records = _Guarded(read_records(stream, layout.dialect, layout.width, complete=not content.truncated))
        first = list(islice(records, ROWS_READ))
        index = header_in([record.cells for record in first])
        header = first[index] if index is not None else None
        labels = [clean_label(cell) for cell in header.cells] if header else []
        profiler = TableProfiler(labels or [""] * layout.width)
        watch = LayoutWatch()
        for record in first:
            watch.add(record.line, record.cells)
        for record in first[index + 1 if index is not None else 0 :]:
            profiler.add(record.line, record.cells)
        for record in records:
            if not watch.is_full:
                watch.add(record.line, record.cells)
            profiler.add(record.line, record.cells)
        fault = records.fault
    table = TableFacts(
        header_row=header.line if header else None,
        labels=tuple(labels[:MAX_COLUMNS]),
        row_count=0,
        dialect=layout.dialect,
        title_rows=((1, header.line - 1),) if header and header.line > 1 else (),
        empty_labels=tuple(position for position, label in enumerate(labels[:MAX_COLUMNS]) if not label.strip()),
        duplicate_labels=duplicate_labels(labels[:MAX_COLUMNS]),
        unclosed_quote_row=records.unclosed,
        truncated=bool(fault) or content.truncated or len(labels) > MAX_COLUMNS,
    )
    table = profiler.completed(table)
    for line, cells in profiler.last_rows:
        watch.add_last(line, cells)
    table = replace(table, layout=watch.facts(table.header_row))
    return TableReading(table, profiler.personal(), profiler.spatial(), fault)


class _Guarded:
    """The records up to the first fault, which is kept, with the line of the first unclosed quote."""

    def __init__(self, records: Iterator[Record]) -> None:
        self._records = records
        self.unclosed: int | None = None
        self.fault = ""

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        try:
            record = next(self._records)
        except InspectionError as error:
            self.fault = str(error)
            raise StopIteration from error
        if record.unclosed and self.unclosed is None:
            self.unclosed = record.line
        return record
