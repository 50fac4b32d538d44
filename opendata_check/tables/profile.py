"""Describes an undocumented table: what each of its columns holds, found in one reading of the file, whatever its size."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, Dialect
from opendata_check.model.profile import TableProfile
from opendata_check.tables.errors import ProvisionalEncodingError, TablesError
from opendata_check.tables.rows import MAX_RECORD, Reading, Row, csv_rows, read_header

MAX_COLUMNS = 5_000
"""A wider table is refused: a schema has no more fields."""

_COLUMNAR_BYTES = 1_000_000
"""From this size on, Arrow cuts the file into columns."""
_BLOCK_BYTES = 4 << 20
_WIDE_BLOCK_BYTES = 16 << 20
_WIDE = 200
"""Columns from which larger blocks are read: each column of a block costs the same, however short."""
_ROWS = 10_000
_BATCH_CHARACTERS = 8_000_000
_FIRST = 5


class _NotForArrowError(Exception):
    """Something of this file must be read row by row."""


@dataclass(slots=True)
class _Shape:
    """What was seen of the rows themselves."""

    rows: int = 0
    blank: int = 0
    ragged: int = 0
    ragged_lines: list[int] = field(default_factory=list)
    hollow: int = 0
    note: str = ""

    def add_ragged(self, line: int) -> None:
        """Note a row of another width than the header."""
        self.ragged += 1
        if len(self.ragged_lines) < _FIRST:
            self.ragged_lines.append(line)


def profile(content: Content, facts: ContentFacts, *, places: str = "line") -> TableProfile:
    """Return what each column of a CSV holds: kind, form, emptiness, distinct values, extremes, identifiers, persons.

    Encoding, dialect and header line come from ``facts``. Every cell is read once; memory depends on the number of
    columns, not of rows. ``places`` says what rows are numbered by: physical ``line``, or ``record`` for a table made
    of records, the first of which stands under the header. Raises TablesError for a table without a header or with
    more than 5 000 columns, or a file that cannot be opened; ProvisionalEncodingError when the encoding was only
    looked for at the beginning and does not fit the rest.
    """
    table, text = facts.table, facts.text
    if table is None or table.dialect is None or text is None or table.header_row is None:
        raise TablesError(
            "aucune ligne d'en-tête n'a été trouvée dans ce fichier",
            where=content.origin,
            remedy="Donnez un nom à chaque colonne, sur la première ligne.",
        )
    header = read_header(content, facts)
    if isinstance(header, str):
        raise TablesError(header, where=content.origin)
    labels = list(table.labels) if len(table.labels) == len(header) else [cell.strip() for cell in header]
    if len(labels) > MAX_COLUMNS:
        raise TablesError(f"ce tableau a plus de {MAX_COLUMNS} colonnes", where=content.origin)
    if _fits_arrow(facts, header):
        try:
            return _profiled(content, facts, labels, places, _by_columns)
        except _not_read():
            pass
    if text.provisional:
        raise ProvisionalEncodingError("l'encodage n'a été cherché qu'au début du fichier", where=content.origin)
    return _profiled(content, facts, labels, places, _by_rows)


def _not_read() -> tuple[type[Exception], ...]:
    """Return what tells that Arrow cannot read a file."""
    import pyarrow as pa

    return (_NotForArrowError, pa.ArrowInvalid, UnicodeError, OSError)


def _fits_arrow(facts: ContentFacts, header: Sequence[str]) -> bool:
    """Return True for a large file that Arrow cuts as csv.reader does (see ``columnar``)."""
    assert facts.table is not None and facts.table.dialect is not None
    dialect = facts.table.dialect
    return (
        facts.byte_size >= _COLUMNAR_BYTES
        and not dialect.skip_initial_space
        and dialect.doublequote
        and len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and dialect.quotechar in ('"', "'", "")
        and len(header) > 1
        and not any("\n" in cell or "\r" in cell for cell in header)
        and facts.table.unclosed_quote_row is None
    )


def _profiled(content: Content, facts: ContentFacts, labels: Sequence[str], places: str, batches: Any) -> TableProfile:
    from opendata_check.tables.profile_columns import Bounds, ColumnWatch
    from opendata_check.tables.profile_values import Budget, Showers

    bounds, showers, budget = Bounds.of(len(labels)), Showers(), Budget()
    columns = [ColumnWatch(label, position, bounds, showers, budget) for position, label in enumerate(labels)]
    shape = _Shape()
    for arrays, lines in batches(content, facts, len(labels), shape):
        _take(columns, arrays, lines - 1 if places == "record" else lines, shape)
    notes = [shape.note] if shape.note else []
    if content.truncated:
        notes.append("Seul le début du fichier a pu être téléchargé : le reste n'a pas été lu.")
    shift = 1 if places == "record" else 0
    return TableProfile(
        columns=tuple(column.profile() for column in columns),
        rows=shape.rows,
        places=places,
        blank_rows=shape.blank,
        ragged_rows=shape.ragged,
        ragged_lines=tuple(line - shift for line in sorted(shape.ragged_lines)),
        hollow_rows=shape.hollow,
        complete=not notes,
        note=" ".join(notes),
    )


def _take(columns: Sequence[Any], arrays: Sequence[Any], lines: Any, shape: _Shape) -> None:
    """Give a batch to its columns, blank rows left out; count the rows that say nothing in any column."""
    import numpy as np
    import pyarrow as pa

    from opendata_check.tables.kernels import Column

    blank = np.arange(len(lines))
    for array in arrays:
        blank = blank[Column(array).lengths[blank] == 0]
        if not blank.size:
            break
    if blank.size:
        shape.blank += blank.size
        kept = np.ones(len(lines), bool)
        kept[blank] = False
        lines = lines[kept]
        arrays = [array.filter(pa.array(kept)) for array in arrays]
    if not len(lines):
        return
    shape.rows += len(lines)
    silent = np.arange(len(lines))
    for column, array in zip(columns, arrays, strict=True):
        speaks, codes = column.take(array, lines)
        silent = silent[~speaks[codes[silent]]]
    shape.hollow += silent.size


# --- by columns -----------------------------------------------------------------------------------------------------


def _by_columns(content: Content, facts: ContentFacts, width: int, shape: _Shape) -> Iterator[tuple[list[Any], Any]]:
    """Yield (arrays of texts, physical lines) as Arrow cuts them; rows of another width come in batches of their own."""
    import numpy as np

    from opendata_check.tables.arrow_reader import open_columns
    from opendata_check.tables.utf8_stream import Utf8Stream

    table, text = facts.table, facts.text
    assert table is not None and table.dialect is not None and table.header_row is not None and text is not None
    odd: list[tuple[int, str]] = []

    def keep(row: Any) -> str:
        lines = row.text.split("\n")
        if len(row.text) >= MAX_RECORD or any(line.count(table.dialect.delimiter) >= width - 1 for line in lines[1:]):
            raise _NotForArrowError  # a quote that was not closed where it should swallowed whole rows
        odd.append((int(row.number), row.text))
        return "skip"

    block = _WIDE_BLOCK_BYTES if width > _WIDE else _BLOCK_BYTES
    given = odd_given = breaks = 0
    with Utf8Stream(content.path, text, table.dialect.quotechar) as stream:
        for batch in open_columns(
            stream, table.dialect, width=width, header_row=table.header_row, on_odd=keep, block=block
        ):
            # Rows of another width are numbered too: a row's number grows by one for each that stands before it.
            ranks = np.arange(given, given + batch.num_rows) + odd_given
            numbers = np.array([number for number, _ in odd], np.int64)
            before = numbers - table.header_row - 1 - odd_given - np.arange(len(odd)) + odd_given
            records = ranks + np.searchsorted(before, ranks, "right") + table.header_row + 1
            given += batch.num_rows
            inside = _breaks(batch) if stream.quoted else None
            lines, odd_lines, breaks = _lines(records, inside, odd, breaks)
            yield batch.columns, lines
            if odd:
                fitted = _fitted(odd, odd_lines, table.dialect, width, shape)
                odd_given += len(odd)
                odd.clear()
                if fitted is not None:
                    yield fitted
