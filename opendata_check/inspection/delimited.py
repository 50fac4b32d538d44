"""Reads a delimited text as a table: dialect, header, then every row once, in bounded memory."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TextIO

from opendata_check.inspection.columns import MAX_COLUMNS, TableProfiler
from opendata_check.inspection.dialect import SAMPLE_CHARACTERS, SAMPLE_LINES, Layout, find_layout
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.header import ROWS_READ, clean_label, find_header
from opendata_check.inspection.records import MAX_LINE, Record, read_records
from opendata_check.model.content import Content
from opendata_check.model.facts import PersonalDataHint, TableFacts


def open_text(content: Content, encoding: str) -> TextIO:
    """Open a text in the encoding found, its line ends kept; what cannot be read becomes U+FFFD."""
    return io.TextIOWrapper(content.path.open("rb"), encoding=encoding, errors="replace", newline="")


def layout_of(content: Content, encoding: str) -> Layout:
    """Return how the first lines of a text split into cells."""
    with open_text(content, encoding) as stream:
        return find_layout(_first_lines(stream))


def read_table(content: Content, encoding: str, layout: Layout) -> tuple[TableFacts, tuple[PersonalDataHint, ...], str]:
    """Return the table's facts, the hints of personal data, and why the reading stopped early ("" when it did not).

    Rows are physical lines, whatever line breaks the cells hold. A table that could not be read to its end is marked
    ``truncated``.
    """
    fault = ""
    with open_text(content, encoding) as stream:
        records = _Guarded(read_records(stream, layout.dialect, layout.width, complete=not content.truncated))
        first = list(islice(records, ROWS_READ))
        index = find_header([record.cells for record in first])
        header = first[index] if index is not None else None
        labels = [clean_label(cell) for cell in header.cells] if header else []
        profiler = TableProfiler(labels or [""] * layout.width)
        for record in chain(first[index + 1 if index is not None else 0 :], records):
            profiler.add(record.line, record.cells)
        fault = records.fault
    table = TableFacts(
        header_row=header.line if header else None,
        labels=tuple(labels[:MAX_COLUMNS]),
        row_count=profiler.row_count,
        columns=profiler.columns(),
        dialect=layout.dialect,
        title_rows=((1, header.line - 1),) if header and header.line > 1 else (),
        empty_labels=tuple(position for position, label in enumerate(labels[:MAX_COLUMNS]) if not label.strip()),
        duplicate_labels=duplicate_labels(labels[:MAX_COLUMNS]),
        ragged_count=profiler.ragged.count,
        ragged_rows=profiler.ragged.ranges(),
        blank_count=profiler.blank.count,
        blank_rows=profiler.blank.ranges(),
        unclosed_quote_row=records.unclosed,
        truncated=bool(fault) or content.truncated or len(labels) > MAX_COLUMNS,
    )
    return table, profiler.personal(), fault


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


def _first_lines(stream: TextIO) -> list[str]:
    """Return the first physical lines, within the sample's limits; an endless line is cut."""
    lines: list[str] = []
    size = 0
    while len(lines) < SAMPLE_LINES and size < SAMPLE_CHARACTERS:
        line = stream.readline(MAX_LINE)
        if not line:
            break
        lines.append(line[:SAMPLE_CHARACTERS])
        size += len(line)
    return lines


def duplicate_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the labels that name several columns, in the order of their first appearance."""
    counts = Counter(label.strip() for label in labels)
    return tuple(label for label, count in counts.items() if count > 1 and label)
