"""Judges a large file by whole columns: Arrow cuts it, kernels clear its cells, the exact reader judges the rest."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from queue import Queue
from threading import Thread
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads cost a tenth of a second and serve nothing here

import numpy as np
import pyarrow as pa

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, Dialect
from opendata_check.tables.arrow_reader import BLOCK_BYTES, open_columns
from opendata_check.tables.batches import BatchFaults, judge_rows
from opendata_check.tables.groups import STRUCTURE
from opendata_check.tables.kernels import Column, Indexes, Kernel, kernel_of
from opendata_check.tables.key_columns import KeyColumns
from opendata_check.tables.plan import Plan
from opendata_check.tables.rows import MAX_RECORD, ends_between_quotes, long_cells_allowed, reader_of
from opendata_check.tables.utf8_stream import Utf8Stream

_AHEAD = 3
"""Blocks read ahead, in a thread of its own, while columns are judged."""
_HELD_ODD = 64_000_000
"""Characters of rows of another width that may wait to be judged: rows of the right width come in between."""
_MANY_ODD = 20_000
"""Rows of another width that make a file unfit for columns when half of its rows are so."""
_ODD_BATCH = 1_000
_RETURN = 13
"""The byte of a carriage return, the greatest of those that end lines."""
_FEW = 64
"""Suspects up to which cells are judged one by one; beyond, distinct cells are found first."""


class _GiveUpError(Exception):
    """Something of this file is not for Arrow: rows must be read one by one."""


def judge_columns(
    content: Content, facts: ContentFacts, header: Sequence[str], plan: Plan, run: Any, max_rows: int | None
) -> Any | None:
    """Judge the table; return the run completed, or None when the file must be read row by row.

    ``run`` is validation's Run; nothing of it may be kept when None is returned.
    """
    table, text = facts.table, facts.text
    assert table is not None and table.dialect is not None and text is not None
    if max_rows is not None or not _fits(table.dialect, plan, facts) or not _is_one_line(header):
        return None
    try:
        with long_cells_allowed(), Utf8Stream(content.path, text, table.dialect.quotechar) as stream:
            split = reader_of(table.dialect, content)
            judged = _Judge(plan, run, stream, table.dialect, table.header_row or 1, split).judge()
            if (stream.has_nul and stream.quoted) or (stream.quotes % 2 and ends_between_quotes(content, text, table)):
                raise _GiveUpError  # Arrow may then cut rows, or the end of the file, otherwise than csv.reader
            return judged
    except BaseException as error:
        for watch in run.watches:
            watch.seen.close()
        if isinstance(error, _GiveUpError | pa.ArrowInvalid | UnicodeError | OSError):
            return None
        raise


def _fits(dialect: Dialect, plan: Plan, facts: ContentFacts) -> bool:
    """Return True when Arrow cuts the file as csv.reader does (design/tables-spike.md §3)."""
    assert facts.table is not None
    return (
        not dialect.skip_initial_space
        and dialect.doublequote
        and len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and dialect.delimiter not in ("\0", "\r", "\n", dialect.quotechar)
        and dialect.quotechar in ('"', "'", "")
        and plan.width > 1
        and facts.table.unclosed_quote_row is None
        and all("" in missing for missing in plan.missing)
    )


def _is_one_line(header: Sequence[str]) -> bool:
    """Return True when no cell of the header holds a line break: Arrow leaves out lines, not records."""
    return not any("\n" in cell or "\r" in cell for cell in header)


class _Judge:
    """One reading of one file."""

    def __init__(
        self,
        plan: Plan,
        run: Any,
        stream: Utf8Stream,
        dialect: Dialect,
        header_row: int,
        split: Callable[[Iterator[str]], Iterator[list[str]]],
    ) -> None:
        self._split = split
        self._plan = plan
        self._run = run
        self._stream = stream
        self._dialect = dialect
        self._header_row = header_row
        self._faults = BatchFaults(run.groups, run.listing)
        self._kernels: list[Kernel] = [
            kernel_of(column.field, judge.missing_values, judge.checks)
            for column, judge in zip(plan.columns, plan.judges, strict=True)
        ]
        self._odd: list[tuple[int, str]] = []
        """(record number, text) of rows of another width, as Arrow meets them, until they are judged."""
        self._odd_done = 0
        """How many were judged."""
        self._odd_read, self._characters_read, self._characters_done = 0, 0, 0
        """Of these rows: how many the thread that reads has met, their characters, and those judged."""
        self._good = 0
        """Rows of the right width seen so far."""
        self._extra_lines = 0
        """Line breaks inside cells so far: what a row's line has over its record number."""
        self._keys = [KeyColumns(key, watch, len(plan.keys)) for key, watch in zip(plan.keys, run.watches, strict=True)]

    def judge(self) -> Any:
        """Read the file to its end."""
        for batch in _ahead(self._batches()):
            self._judge_batch(batch)
        odd, lines = self._take_odd(len(self._odd)), _Lines(self._extra_lines)
        if odd and odd[-1][0] == self._header_row + self._good + self._odd_done and self._is_open(odd[-1][1]):
            raise _GiveUpError  # Arrow leaves out the line break before the end of a quote never closed
        lines.note(np.empty(0, np.int64), (), odd)
        for start in range(0, len(odd), _ODD_BATCH):
            self._judge_odd_rows(odd[start : start + _ODD_BATCH], lines)
            self._faults.hand_over()
        self._extra_lines = lines.after
        self._run.one_line_each = self._extra_lines == 0
        if self._stream.damaged.count:
            self._run.reading.damaged = self._stream.damaged
        return self._run

    def _batches(self) -> Iterator[Any]:
        yield from open_columns(
            self._stream,
            self._dialect,
            width=self._plan.width,
            header_row=self._header_row,
            on_odd=self._keep_odd,
            block=BLOCK_BYTES,
        )

    def _keep_odd(self, row: Any) -> str:
        number, text = int(row.number), row.text
        self._odd_read += 1
        self._characters_read += len(text)
        waiting = self._characters_read - self._characters_done
        mostly_odd = self._odd_read > _MANY_ODD and 2 * self._odd_read > number - self._header_row
        if len(text) >= MAX_RECORD or waiting > _HELD_ODD or mostly_odd or self._swallowed(text):
            return "error"  # Arrow then stops with an error of its own; it hides those raised here
        self._odd.append((number, text))
        return "skip"

    def _is_open(self, text: str) -> bool:
        """Return True when the text ends between quotes: another cell would not be told from its last one."""
        return self._cells(f"{text}{self._dialect.delimiter}x")[-1] != "x"

    def _swallowed(self, text: str) -> bool:
        """Return True when a row of another width holds whole rows, or an odd quote: one was not closed."""
        quote = self._dialect.quotechar
        if quote and text.count(quote) % 2:
            return True
        return any(line.count(self._dialect.delimiter) >= self._plan.width - 1 for line in text.split("\n")[1:])

    def _take_batch(self, size: int) -> tuple[Any, list[tuple[int, str]]]:
        """Return the record numbers of the next rows of the right width, and the odd rows before the last of them.

        Records are numbered from the file's first line; Arrow numbers rows of another width likewise.
        """
        first = self._good + self._odd_done + self._header_row + 1
        self._good += size
        waiting = len(self._odd)  # the thread that reads may add others meanwhile: they come later in the file
        numbers = np.array([number for number, _ in self._odd[:waiting]], np.int64)
        before = numbers - first - np.arange(waiting)
        ranks = np.arange(size)
        records = first + ranks + np.searchsorted(before, ranks, "right") if waiting else first + ranks
        return records, self._take_odd(int(np.searchsorted(before, size - 1, "right")))

    def _take_odd(self, count: int) -> list[tuple[int, str]]:
        taken = self._odd[:count]
        del self._odd[:count]
        self._odd_done += count
        self._characters_done += sum(len(text) for _, text in taken)
        return taken

    def _judge_batch(self, batch: Any) -> None:
        if self._stream.has_nul and self._stream.quoted:
            raise _GiveUpError  # Arrow may then cut rows between quotes
        if not batch.num_rows:
            return
        columns = [Column(array) for array in batch.columns]
        if 2 * sum(int(column.lengths.max()) for column in columns) + 3 * len(columns) >= MAX_RECORD:
            raise _GiveUpError  # a row may be one that csv_rows refuses
        records, odd = self._take_batch(batch.num_rows)
        lines = _Lines(self._extra_lines)
        if self._stream.quoted:
            lines.note(records, columns, odd)
        rows = _Rows(records, lines)
        blank = self._blank_rows(columns, batch.num_rows)
        if self._run.tap is not None:
            filled = np.ones(batch.num_rows, bool)
            filled[blank] = False
            self._run.tap.take(batch.filter(pa.array(filled)) if blank.size else batch, records[filled])
        for column, judge, kernel in zip(self._plan.columns, self._plan.judges, self._kernels, strict=True):
            self._judge_column(columns[column.position], column.position, judge, kernel, rows, blank)
        self._judge_between(columns, rows, blank)
        for keys in self._keys:
            keys.note(columns, rows, blank, self._faults)
        if blank.size:
            self._note_blank_rows(*rows.places(blank))
        self._run.judged += batch.num_rows - blank.size
        for begin in range(0, len(odd), _ODD_BATCH):
            self._judge_odd_rows(odd[begin : begin + _ODD_BATCH], lines)
        self._extra_lines = lines.after
        self._faults.hand_over()

    def _note_blank_rows(self, numbers: Any, lines: Any) -> None:
        self._faults.add("blank_row", STRUCTURE, numbers, lines)
        for watch in self._run.watches:
            if watch.rule == "primary_key":
                for number, line in zip(numbers.tolist(), lines.tolist(), strict=True):
                    self._faults.add_apart("primary_key", watch.position, number, line)

    def _judge_odd_rows(self, odd: Sequence[tuple[int, str]], lines: _Lines) -> None:
        """Judge rows of another width, as lists of cells."""
        if not odd:
            return
        starts = lines.at(np.array([number for number, _ in odd], np.int64)).tolist()
        batch = [(number, (line, self._cells(text))) for line, (number, text) in zip(starts, odd, strict=True)]
        self._run.judged += judge_rows(batch, self._plan, self._faults, self._run.watches)

    def _cells(self, text: str) -> list[str]:
        """Return the cells of one record's text."""
        return next(self._split(io.StringIO(text, newline="")), [])

    def _blank_rows(self, columns: Sequence[Column], size: int) -> Indexes:
        """Return the rows whose every cell counts as empty."""
        left = None
        for column, missing in zip(columns, self._plan.missing, strict=True):
            empty = column.empty if len(missing) == 1 else _among(column, missing)
            left = empty if left is None else np.intersect1d(left, empty, assume_unique=True)
            if not left.size:
                return left
        return left if left is not None else np.arange(size)

    def _judge_column(
        self, column: Column, position: int, judge: Any, kernel: Kernel, rows: _Rows, blank: Indexes
    ) -> None:
        suspects = kernel(column)
        if suspects is not None:
            if blank.size:
                suspects = np.setdiff1d(suspects, blank, assume_unique=True)
            if not suspects.size:
                return
        if suspects is not None and suspects.size <= _FEW:
            self._judge_few(column, position, judge, suspects, rows)
            return
        array = column.array if suspects is None else column.array.take(pa.array(suspects))
        encoded = array.dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        by_rule: dict[str, list[int]] = {}
        for code, cell in enumerate(distinct):
            for rule in judge.rules(cell):
                by_rule.setdefault(rule, []).append(code)
        if not by_rule:
            return
        codes = encoded.indices.to_numpy()
        for rule, wrong in by_rule.items():
            mark = np.zeros(len(distinct), bool)
            mark[wrong] = True
            at = np.flatnonzero(mark[codes])
            chosen = codes[at]
            indexes = at if suspects is None else suspects[at]
            if blank.size and suspects is None:
                kept = ~np.isin(indexes, blank, assume_unique=True)
                indexes, chosen = indexes[kept], chosen[kept]
                if not indexes.size:
                    continue
            numbers, lines = rows.places(indexes)
            self._faults.add(rule, position, numbers, lines, distinct, chosen, example=distinct[int(chosen[0])])

    def _judge_few(self, column: Column, position: int, judge: Any, suspects: Indexes, rows: _Rows) -> None:
        by_rule: dict[str, tuple[list[int], list[str]]] = {}
        for index, cell in zip(suspects.tolist(), column.array.take(pa.array(suspects)).to_pylist(), strict=True):
            for rule in judge.rules(cell):
                indexes, cells = by_rule.setdefault(rule, ([], []))
                indexes.append(index)
                cells.append(cell)
        for rule, (indexes, cells) in by_rule.items():
            numbers, lines = rows.places(np.array(indexes, np.int64))
            self._faults.add(rule, position, numbers, lines, cells, example=cells[0])

    def _judge_between(self, columns: Sequence[Column], rows: _Rows, blank: Indexes) -> None:
        """Apply the checks between columns, on the distinct rows of cells they look at."""
        encoded: dict[int, tuple[Any, list[str]]] = {}
        for check in self._plan.row_checks:
            for position in check.positions:
                if position is not None and position not in encoded:
                    array = columns[position].array.dictionary_encode()
                    encoded[position] = (array.indices.to_numpy(), array.dictionary.to_pylist())
            parts = [encoded[position] for position in check.positions if position is not None]
            mixed = _mixed_codes(parts)
            found, first = np.unique(mixed, return_index=True)
            wrong = []
            for code, row in zip(found.tolist(), first.tolist(), strict=True):
                cells = tuple(
                    "" if position is None else encoded[position][1][encoded[position][0][row]]
                    for position in check.positions
                )
                if check.faulty(cells):
                    wrong.append(code)
            if not wrong:
                continue
            indexes = np.flatnonzero(np.isin(mixed, wrong))
            if blank.size:
                indexes = np.setdiff1d(indexes, blank, assume_unique=True)
            if not indexes.size:
                continue
            codes, values = encoded[check.place]
            numbers, lines = rows.places(indexes)
            self._faults.add(check.rule, check.place, numbers, lines, values, codes[indexes])


def _mixed_codes(parts: Sequence[tuple[Any, list[str]]]) -> Any:
    """Return one number a row for several codes."""
    mixed, total = parts[0][0].astype(np.int64), max(1, len(parts[0][1]))
    for codes, values in parts[1:]:
        if total * max(1, len(values)) > 2**62:
            _, mixed = np.unique(mixed, return_inverse=True)
            total = int(mixed.max()) + 1 if mixed.size else 1
        mixed = mixed * max(1, len(values)) + codes
        total *= max(1, len(values))
    return mixed


def _among(column: Column, missing: frozenset[str]) -> Indexes:
    import pyarrow.compute as pc

    said = pc.is_in(column.array, value_set=pa.array(sorted(missing), pa.string()))
    return np.flatnonzero(np.asarray(said))


class _Lines:
    """The line breaks inside the cells of a batch: they tell at which line each record starts."""

    def __init__(self, before: int) -> None:
        self._before = before
        self._records = np.empty(0, np.int64)
        """For each line break, the record it stands in."""

    def note(self, records: Any, columns: Sequence[Column], odd: Sequence[tuple[int, str]]) -> None:
        """Count the line breaks of a batch's rows, and of the rows of another width among them."""
        found = [records[_rows_of_breaks(column)] for column in columns]
        for number, text in odd:
            if breaks := text.count("\n") + text.count("\r") - text.count("\r\n"):
                found.append(np.full(breaks, number, np.int64))
        self._records = np.sort(np.concatenate([*found, self._records]))

    @property
    def after(self) -> int:
        """What a line has over its record's number, after the batch."""
        return self._before + len(self._records)

    def at(self, records: Any) -> Any:
        """Return the lines that records start at."""
        if not len(self._records):
            return records + self._before if self._before else records
        return records + self._before + np.searchsorted(self._records, records, "left")


def _rows_of_breaks(column: Column) -> Any:
    """Return the row of each line break of a column's cells."""
    if not column.data.size or int(column.data.min()) > _RETURN:  # nearly always, and told in one fast pass
        return np.empty(0, np.int64)
    positions = np.flatnonzero((column.data == 10) | (column.data == 13))
    rows = np.searchsorted(column.offsets, positions + column.start, "right") - 1
    inside = positions > column.offsets[rows] - column.start
    second = inside & (column.data[positions] == 10) & (column.data[np.maximum(positions - 1, 0)] == 13)
    return rows[~second]


class _Rows:
    """Turns indexes of a batch into record numbers and physical lines."""

    def __init__(self, records: Any, lines: _Lines) -> None:
        self._records = records
        self._lines = lines

    def numbers(self, indexes: Indexes) -> Any:
        """Return record numbers."""
        return self._records[indexes]

    def indexes(self, numbers: Any, size: int) -> tuple[Any, Any]:
        """Return, of these record numbers, those of the batch of that size, and their indexes."""
        at = np.minimum(np.searchsorted(self._records, numbers), size - 1)
        right = self._records[at] == numbers
        return numbers[right], at[right]

    def places(self, indexes: Indexes) -> tuple[Any, Any]:
        """Return record numbers and the physical lines they start at."""
        numbers = self._records[indexes]
        return numbers, self._lines.at(numbers)


def _ahead(batches: Iterator[Any]) -> Iterator[Any]:
    """Yield what ``batches`` yields, a few read in advance by another thread; its errors are raised here."""
    queue: Queue[Any] = Queue(_AHEAD)
    stopped = False

    def fill() -> None:
        try:
            for batch in batches:
                if stopped:
                    return
                queue.put(batch)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever reads the queue
            queue.put(error)
        else:
            queue.put(None)

    worker = Thread(target=fill, daemon=True)
    worker.start()
    try:
        while (item := queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped = True
        while worker.is_alive():
            while not queue.empty():
                queue.get_nowait()
            worker.join(0.01)
