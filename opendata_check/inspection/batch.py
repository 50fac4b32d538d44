"""A batch of rows as columns of Arrow strings, with what every observer of cells asks: computed once, lazily."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Integers = np.ndarray[Any, np.dtype[np.int64]]
"""Shape (n,): one figure per cell or per distinct value."""
Mask = np.ndarray[Any, np.dtype[np.bool_]]
"""Shape (n,): one truth per cell or per distinct value."""


class ColumnBatch:
    """The cells of one column in one batch of rows.

    Everything is computed at the first request and kept, so that observers share the work. Nothing here outlives
    the batch: what an observer keeps must be bounded and must never be a person's value.
    """

    def __init__(self, position: int, cells: pa.StringArray) -> None:
        self.position = position
        """0-based."""
        self.cells = cells
        """Raw cells, one a row, without null; "" where the row has none."""

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def _encoded(self) -> pa.DictionaryArray:
        return pc.dictionary_encode(self.cells)

    @cached_property
    def values(self) -> pa.StringArray:
        """Distinct raw cells, in the order of their first row."""
        return self._encoded.dictionary

    @cached_property
    def codes(self) -> Integers:
        """For each row, the index of its cell in ``values``."""
        return np.asarray(self._encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)

    @cached_property
    def counts(self) -> Integers:
        """For each distinct value, how many rows hold it."""
        return np.bincount(self.codes, minlength=len(self.values)).astype(np.int64)

    @cached_property
    def trimmed(self) -> pa.StringArray:
        """Distinct values without the spaces around them (no-break spaces included)."""
        return pc.utf8_trim_whitespace(self.values)

    @cached_property
    def lengths(self) -> Integers:
        """Characters of each trimmed distinct value."""
        return np.asarray(pc.utf8_length(self.trimmed).to_numpy(zero_copy_only=False), dtype=np.int64)

    @cached_property
    def digits(self) -> Integers:
        """ASCII digits of each trimmed distinct value."""
        is_digit = (self._bytes >= ord("0")) & (self._bytes <= ord("9"))
        total = np.concatenate(([0], np.cumsum(is_digit, dtype=np.int64)))
        return np.asarray(total[self._ends] - total[self._starts], dtype=np.int64)

    @cached_property
    def first_bytes(self) -> Integers:
        """First byte of each trimmed distinct value; 0 for a blank one."""
        starts = np.minimum(self._starts, max(len(self._bytes) - 1, 0))
        firsts = self._bytes[starts] if len(self._bytes) else np.zeros(len(self.values), dtype=np.uint8)
        return np.where(self.filled, firsts, 0).astype(np.int64)

    def characters(self, among: Mask, size: int) -> Integers:
        """Return the bytes of chosen trimmed values of exactly ``size`` ASCII characters, as an array (n, size)."""
        starts = self._starts[among]
        return np.asarray(self._bytes[starts[:, None] + np.arange(size)], dtype=np.int64)

    @cached_property
    def filled(self) -> Mask:
        """Whether each distinct value holds something but spaces."""
        return self.lengths > 0

    def holds(self, character: str) -> bool:
        """Return whether one ASCII character stands anywhere in the batch: the cheapest way to leave a column alone."""
        return bool((self._bytes == ord(character)).any())

    def matching(self, pattern: str, among: Mask | None = None) -> Mask:
        """Return which trimmed distinct values hold a match of an RE2 pattern; the others of ``among`` are not read."""
        result = np.zeros(len(self.values), dtype=np.bool_)
        places = np.arange(len(self.values)) if among is None else np.flatnonzero(among)
        if len(places):
            taken = self.trimmed if among is None else self.trimmed.take(pa.array(places))
            result[places] = pc.match_substring_regex(taken, pattern).to_numpy(zero_copy_only=False)
        return result

    def texts(self, among: Mask) -> list[str]:
        """Return the trimmed distinct values that a mask chooses, as Python strings."""
        chosen: list[str] = self.trimmed.take(pa.array(np.flatnonzero(among))).to_pylist()
        return chosen

    def rows(self, among: Mask) -> Mask:
        """Return, for each row of the batch, whether its value is among the chosen distinct values."""
        return np.asarray(among[self.codes], dtype=np.bool_)

    @cached_property
    def _bytes(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        data = self.trimmed.buffers()[2]
        whole = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
        return whole[self._offsets[0] : self._offsets[-1]] if len(self._offsets) else whole

    @cached_property
    def _offsets(self) -> Integers:
        size = len(self.trimmed)
        buffer = self.trimmed.buffers()[1]
        if buffer is None or not size:
            return np.zeros(1, dtype=np.int64)
        first = self.trimmed.offset
        return np.asarray(np.frombuffer(buffer, dtype=np.int32, count=size + 1, offset=4 * first), dtype=np.int64)

    @property
    def _starts(self) -> Integers:
        return np.asarray(self._offsets[:-1] - self._offsets[0], dtype=np.int64)

    @property
    def _ends(self) -> Integers:
        return np.asarray(self._offsets[1:] - self._offsets[0], dtype=np.int64)


class TableBatch:
    """Rows of a table: their physical lines and their columns."""

    def __init__(self, lines: Integers, columns: Sequence[ColumnBatch]) -> None:
        self.lines = lines
        """Physical line of each row, 1-based, increasing."""
        self.columns = columns

    @classmethod
    def of_rows(cls, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> TableBatch:
        """Return the batch of columns given as Python strings."""
        made = [ColumnBatch(position, _strings(cells)) for position, cells in enumerate(columns)]
        return cls(np.asarray(lines, dtype=np.int64), made)


def _strings(cells: Sequence[str]) -> pa.StringArray:
    """Return cells as Arrow strings; half of a surrogate pair, which only JSON can hold, becomes « ? »."""
    try:
        return pa.array(cells, type=pa.string())
    except UnicodeEncodeError:
        return pa.array([cell.encode("utf-8", "replace").decode() for cell in cells], type=pa.string())


class TableObserver(Protocol):
    """What watches a table go by, batch after batch, to tell one kind of facts at the end."""

    def take(self, batch: TableBatch) -> None:
        """Look at a batch. Cost linear in its cells; no Python loop over rows; memory bounded whatever the table."""
