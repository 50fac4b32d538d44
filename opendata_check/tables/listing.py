"""Keeps every faulty cell, one by one and in order, in bounded memory: what does not fit goes to a temporary file."""

from __future__ import annotations

import heapq
import pickle
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

_HELD_BYTES = 24_000_000
_HELD_LATE = 8_000_000
_PIECE = 5_000
_SORTED_AT_ONCE = 200_000
"""Faults of a batch beyond which they are put in order one by one, as they are asked for."""
_MERGED = 1_000
_MOST_EXAMPLES = 20_000
_FAULT_BYTES = 24
_VALUE_BYTES = 60
LONGEST_VALUE = 1_000
"""Characters kept of a faulty cell."""


class CellFault(NamedTuple):
    """One faulty cell, or one faulty row. A million of them may go by: a tuple is made in a third of the time."""

    row: int
    """Record number, as frictionless counts: the file's first record is 1."""
    line: int
    """Physical line the record starts at (1-based)."""
    position: int
    """0-based column; beyond the header for a cell in excess, -1 for a whole row."""
    rule: str
    value: str
    """The cell, cut after LONGEST_VALUE characters; not masked."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Cells of one column, in one batch of rows, that break one rule."""

    rule: str
    position: int
    rows: Sequence[int]
    lines: Sequence[int]
    codes: Sequence[int]
    """Index of each cell in ``values``."""
    values: Sequence[str]


class Listing:
    """Collects faults batch after batch, then gives them all, ordered by row, then as they were added."""

    def __init__(self) -> None:
        self.count = 0
        self.examples: dict[tuple[str, int], str] = {}
        """One filled cell of each rule and position, not masked."""
        self.one_line_each = True
        """False when some record stands on several physical lines."""
        self._page: list[_Chunk] = []
        self._pages: list[list[_Chunk] | tuple[int, int]] = []
        self._late: list[_Chunk] = []
        self._late_held = 0
        self._late_runs: list[list[tuple[int, int]]] = []
        """Late faults moved to the file: each run is in order, in several pieces."""
        self._held = 0
        self._spill: IO[bytes] | None = None

    def add(
        self,
        rule: str,
        position: int,
        rows: Sequence[int],
        lines: Sequence[int],
        values: Sequence[str],
        codes: Sequence[int] | None = None,
        *,
        late: bool = False,
    ) -> None:
        """Record faulty cells of the current batch: one value a row, or distinct ``values`` and a code a row.

        Rows increase. ``late`` faults (a repeated key, known at the end) may concern any row.
        """
        kept = [value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] for value in values]
        chunk = _Chunk(rule, position, rows, lines, range(len(rows)) if codes is None else codes, kept)
        if len(rows) and (rule, position) not in self.examples and len(self.examples) < _MOST_EXAMPLES:
            chosen = kept[0 if codes is None else int(codes[0])]
            if chosen:
                self.examples[rule, position] = chosen
        self.count += len(rows)
        weight = _FAULT_BYTES * len(rows) + _VALUE_BYTES * len(kept) + sum(map(len, kept))
        if not late:
            self._held += weight
            self._page.append(chunk)
            return
        self._late_held += weight
        self._late.append(chunk)
        if self._late_held > _HELD_LATE:
            self._write_late_out()

    def end_batch(self) -> None:
        """Close the batch: its faults come before those of the next one."""
        if not self._page:
            return
        self._pages.append(self._page)
        self._page = []
        if self._held > _HELD_BYTES:
            self._write_out()

    def __iter__(self) -> Iterator[CellFault]:
        self.end_batch()
        if not self._late and not self._late_runs:
            yield from self._in_pages()
            return
        late = sorted(self._faults(self._late), key=_row)
        yield from heapq.merge(self._in_pages(), *map(self._in_run, self._late_runs), late, key=_row)

    def restart(self) -> None:
        """Forget everything: the table is about to be read anew."""
        self.close()
        self.__init__()  # type: ignore[misc]

    def close(self) -> None:
        """Remove the temporary file, if there is one."""
        if self._spill is not None:
            self._spill.close()

    def _write_out(self) -> None:
        for index, page in enumerate(self._pages):
            if isinstance(page, list):
                self._pages[index] = self._spilled(page)
        self._held = 0

    def _write_late_out(self) -> None:
        faults = sorted(self._faults(self._late), key=_row)
        self._late_runs.append(
            [self._spilled(faults[start : start + _PIECE]) for start in range(0, len(faults), _PIECE)]
        )
        self._late, self._late_held = [], 0

    def _spilled(self, things: list[Any]) -> tuple[int, int]:
        """Write things to the temporary file, and return where."""
        if self._spill is None:
            self._spill = tempfile.TemporaryFile(prefix="opendata-check-")  # noqa: SIM115 - closed by close()
        start = self._spill.seek(0, 2)
        pickle.dump(things, self._spill, pickle.HIGHEST_PROTOCOL)
        return start, self._spill.tell()

    def _read_back(self, place: tuple[int, int]) -> list[Any]:
        assert self._spill is not None
        self._spill.seek(place[0])
        return pickle.load(self._spill)  # type: ignore[no-any-return] # noqa: S301 - our own file, without a name

    def _in_run(self, run: Sequence[tuple[int, int]]) -> Iterator[CellFault]:
        for place in run:
            yield from self._read_back(place)

    def _in_pages(self) -> Iterator[CellFault]:
        for page in self._pages:
            chunks = self._read_back(page) if isinstance(page, tuple) else page
            if len(chunks) == 1:
                yield from self._faults(chunks)
            elif len(chunks) > _MERGED or sum(len(chunk.rows) for chunk in chunks) <= _SORTED_AT_ONCE:
                yield from sorted(self._faults(chunks), key=_row)
            else:
                yield from heapq.merge(*(self._faults([chunk]) for chunk in chunks), key=_row)

    @staticmethod
    def _faults(chunks: Sequence[_Chunk]) -> Iterator[CellFault]:
        for chunk in chunks:
            values = chunk.values
            for row, line, code in zip(_plain(chunk.rows), _plain(chunk.lines), _plain(chunk.codes), strict=True):
                yield CellFault(row, line, chunk.position, chunk.rule, values[code])


def _row(fault: CellFault) -> int:
    return fault.row


def _plain(numbers: Sequence[int]) -> Sequence[int]:
    """Return Python's own integers, also of a numpy array."""
    return numbers.tolist() if hasattr(numbers, "tolist") else numbers
