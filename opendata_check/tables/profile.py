"""Describes an undocumented table: what each of its columns holds, found in one reading, whatever its size."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, TextFacts
from opendata_check.model.profile import TableProfile
from opendata_check.tables.errors import ProvisionalEncodingError, TablesError
from opendata_check.tables.rows import MAX_RECORD, Reading, csv_rows, long_cells_allowed, read_header, reader_of
from opendata_check.tables.utf8_stream import Utf8Stream

MAX_COLUMNS = 5_000
"""A wider table is refused: a schema has no more fields."""

_COLUMNAR_BYTES = 1_000_000
"""From this size on, Arrow cuts the file into columns."""
_BLOCK_BYTES = 2 << 20
"""Larger blocks are a little faster, but cost twenty-five times their size in memory."""
_WIDE_BLOCK_BYTES = 16 << 20
_WIDE = 200
"""Columns from which larger blocks are read: each column of a block costs the same, however short."""
_MOST_ODD = 20_000_000
"""Characters of rows of another width that may wait together; beyond, Arrow has little to cut."""
_ROWS, _CELLS, _CHARACTERS = 10_000, 1_000_000, 16_000_000
"""Where a batch of rows read one by one ends."""
_FIRST = 5

Batch = tuple[Sequence[Any], Any]
"""One Arrow array of texts a column, and the physical lines of the rows."""


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
        except _unreadable():
            pass  # what went wrong, csv.reader will tell, or read all the same
    if text.provisional:
        raise ProvisionalEncodingError("l'encodage n'a été cherché qu'au début du fichier", where=content.origin)
    return _profiled(content, facts, labels, places, _by_rows)


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what tells that Arrow does not read a file."""
    import pyarrow as pa

    return (_NotForArrowError, pa.ArrowInvalid, UnicodeError, OSError, csv.Error)


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


def _profiled(
    content: Content,
    facts: ContentFacts,
    labels: Sequence[str],
    places: str,
    batches: Callable[[Content, ContentFacts, int, _Shape], Iterator[Batch]],
) -> TableProfile:
    from opendata_check.tables.profile_columns import ColumnWatch, Shared

    shared = Shared(len(labels), facts.personal)
    columns = [ColumnWatch(label, position, shared) for position, label in enumerate(labels)]
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


def _by_columns(content: Content, facts: ContentFacts, width: int, shape: _Shape) -> Iterator[Batch]:
    """Yield the batches that Arrow cuts; rows of another width come in batches of their own, after their neighbours."""
    from opendata_check.tables.arrow_reader import open_columns

    table, text = facts.table, facts.text
    assert table is not None and table.dialect is not None and text is not None
    odd = _OddRows(content, facts, width, shape)
    block = _WIDE_BLOCK_BYTES if width > _WIDE else _BLOCK_BYTES
    with _CheckedStream(content.path, text, table.dialect.quotechar) as stream:
        batches = open_columns(
            stream, table.dialect, width=width, header_row=table.header_row or 1, on_odd=odd.keep, block=block
        )
        for batch in batches:
            if batch.num_rows:
                yield batch.columns, odd.lines(batch, quoted=stream.quoted)
                yield from odd.passed()
    odd.check_end()
    odd.lines(None, quoted=False)
    yield from odd.passed()


class _CheckedStream(Utf8Stream):
    """Bytes that are known to be UTF-8 when Arrow gets them: it would say on the screen that an odd row is not."""

    def __init__(self, path: Path, text: TextFacts, quote: str) -> None:
        super().__init__(path, text, quote)
        self._check = codecs.getincrementaldecoder("utf-8")() if text.provisional else None

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes; raises UnicodeDecodeError when they are not UTF-8."""
        data = super().read(size)
        if self._check is not None:
            self._check.decode(data, final=not data)
        return data


class _OddRows:
    """Rows that Arrow leaves out, and the lines at which all rows stand.

    Arrow numbers records: those of another width, which it hands over, say how far the others are shifted, and the
    line breaks inside cells do the rest.
    """

    def __init__(self, content: Content, facts: ContentFacts, width: int, shape: _Shape) -> None:
        assert facts.table is not None and facts.table.dialect is not None
        self._split = reader_of(facts.table.dialect, content)
        self._delimiter, self._quote = facts.table.dialect.delimiter, facts.table.dialect.quotechar
        self._first = (facts.table.header_row or 1) + 1
        self._width = width
        self._shape = shape
        self._waiting: list[tuple[int, str]] = []
        self._passed: list[tuple[int, str]] = []
        """Those that stand before the end of the last batch, with their lines."""
        self._good = self._odd = self._breaks = 0
        """Rows of each sort, and line breaks inside cells, before the next batch."""
        self._held = 0

    def keep(self, row: Any) -> str:
        """Take a row that Arrow leaves out; where it is no row, tell Arrow to stop: it hides exceptions."""
        text = row.text
        self._held += len(text) + 100
        swallowed = any(line.count(self._delimiter) >= self._width - 1 for line in text.split("\n")[1:])
        if swallowed or len(text) >= MAX_RECORD or self._held >= _MOST_ODD:
            return "error"
        self._waiting.append((int(row.number), text))
        return "skip"

    def lines(self, batch: Any, *, quoted: bool) -> Any:
        """Return the physical line of each row of a batch; None stands for the end of the file."""
        import numpy as np

        size = batch.num_rows if batch is not None else 0
        ranks = np.arange(self._good, self._good + size)
        numbers = np.array([number for number, _ in self._waiting], np.int64)
        before = numbers - self._first - self._odd - np.arange(numbers.size)
        records = ranks + self._odd + np.searchsorted(before, ranks, "right") + self._first
        passed = int(np.searchsorted(numbers, records[-1])) if size else numbers.size
        rows, self._waiting = self._waiting[:passed], self._waiting[passed:]
        self._good += size
        self._odd += passed
        inside = np.array([*([0] * size), *(_breaks_in(text) for _, text in rows)], np.int64)
        if quoted:
            inside[:size] = _breaks_of(batch)
        every = np.concatenate([records, numbers[:passed]])
        if inside.any():
            order = np.argsort(every)
            told = np.cumsum(inside[order]) - inside[order]
            shift = np.empty_like(told)
            shift[order] = told
            every = every + shift
        every = every + self._breaks
        self._breaks += int(inside.sum())
        self._passed = [(line, text) for line, (_, text) in zip(every[size:].tolist(), rows, strict=True)]
        return every[:size]

    def passed(self) -> Iterator[Batch]:
        """Yield the rows of another width that the last batch went past, read as far as the header goes."""
        with long_cells_allowed():
            rows = [(line, next(self._split(io.StringIO(text, newline="")), [])) for line, text in self._passed]
        self._held -= sum(len(text) + 100 for _, text in self._passed)
        self._passed = []
        yield from _batch_of(rows, self._width, self._shape)

    def check_end(self) -> None:
        """Raise _NotForArrowError when the file ends between quotes: Arrow leaves out what ends its last line."""
        if self._waiting and self._quote and self._waiting[-1][1].count(self._quote) % 2:
            raise _NotForArrowError


def _breaks_in(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _breaks_of(batch: Any) -> Any:
    """Return how many line breaks stand inside the cells of each row."""
    import numpy as np
    import pyarrow.compute as pc

    from opendata_check.tables.kernels import Column

    inside = np.zeros(batch.num_rows, np.int64)
    for array in batch.columns:
        data = Column(array).data.tobytes()
        if b"\n" in data or b"\r" in data:
            for mark, sign in (("\n", 1), ("\r", 1), ("\r\n", -1)):
                inside += sign * pc.count_substring(array, mark).to_numpy()
    return inside


# --- by rows --------------------------------------------------------------------------------------------------------


def _by_rows(content: Content, facts: ContentFacts, width: int, shape: _Shape) -> Iterator[Batch]:
    """Yield batches of rows that csv.reader cuts; ``shape`` learns why when the reading stops before the end."""
    assert facts.table is not None and facts.text is not None
    reading = Reading()
    with closing(csv_rows(content, facts.text, facts.table, reading)) as rows:
        next(rows, None)
        batch: list[tuple[int, list[str]]] = []
        characters = 0
        for row in rows:
            batch.append(row)
            characters += sum(map(len, row[1]))
            if len(batch) >= _ROWS or len(batch) * width >= _CELLS or characters >= _CHARACTERS:
                yield from _batch_of(batch, width, shape)
                batch, characters = [], 0
        yield from _batch_of(batch, width, shape)
    shape.note = reading.stopped


def _batch_of(rows: Sequence[tuple[int, list[str]]], width: int, shape: _Shape) -> Iterator[Batch]:
    """Yield rows as one batch of columns; those of another width are counted, and cut or filled up."""
    import numpy as np
    import pyarrow as pa

    lines: list[int] = []
    fitted: list[list[str]] = []
    for line, cells in rows:
        if not any(cells):
            shape.blank += 1
            continue
        if len(cells) != width:
            shape.add_ragged(line)
            cells = cells[:width] + [""] * (width - len(cells))
        lines.append(line)
        fitted.append(cells)
    if fitted:
        columns = zip(*fitted, strict=True)
        yield [pa.array(_writable(column), pa.string()) for column in columns], np.array(lines, np.int64)


def _writable(cells: Sequence[str]) -> list[str]:
    """Return cells as UTF-8 can carry them."""
    return [cell if cell.isascii() else cell.encode("utf-8", "replace").decode("utf-8") for cell in cells]
