"""Reads the records of a delimited text with their physical lines, and gets over quotes that were never closed."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from opendata_check.inspection.errors import InspectionError
from opendata_check.model.facts import Dialect

MAX_LINE = 2_000_000
"""Characters of one physical line; beyond, the reading stops."""
MAX_RECORD = 1_000_000
"""Characters of a record over several lines; beyond, its quote is taken as never closed."""
_MAX_READ_AGAIN = 64_000_000
"""Characters that may be read a second time because of unclosed quotes, in all."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the physical line where it starts (1-based), its cells, and whether a quote was left open there."""

    line: int
    cells: list[str]
    unclosed: bool = False


def reader_options(dialect: Dialect) -> dict[str, Any]:
    """Return the dialect as csv.reader's options; where quotes are not doubled, a backslash escapes them."""
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quotechar,
        "doublequote": dialect.doublequote,
        "escapechar": None if dialect.doublequote else "\\",
        "skipinitialspace": dialect.skip_initial_space,
    }


class _SwallowedError(Exception):
    """A record goes on over too many characters: its quote swallows the rest of the file."""


class _Lines:
    """The physical lines of a text, those of the record being read held aside, to be read again if need be."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self.held_size = 0
        self.released = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self._again.popleft() if self._again else self._stream.readline(MAX_LINE)
        if not text:
            self.ended = True
            raise StopIteration
        if len(text) >= MAX_LINE:
            raise InspectionError(
                f"la ligne {self.released + len(self.held) + 1} dépasse {MAX_LINE // 1_000_000} millions de caractères",
                remedy="Vérifiez que le fichier est bien un tableau, une ligne par enregistrement.",
            )
        self.held.append(text)
        self.held_size += len(text)
        if self.held_size > MAX_RECORD and len(self.held) > 1:
            raise _SwallowedError
        return text

    def release(self) -> None:
        """Forget the held lines: their record is read."""
        self.released += len(self.held)
        self.held.clear()
        self.held_size = 0

    def keep_first(self) -> str:
        """Return the first held line and put the others back, to be read again."""
        first, *others = self.held
        self._again.extendleft(reversed(others))
        self.held = [first]
        self.release()
        self.ended = False
        return first


def read_records(stream: TextIO, dialect: Dialect, width: int, *, complete: bool) -> Iterator[Record]:
    """Yield the records of a text opened with ``newline=""``.

    ``width`` is the usual number of cells. A quote that swallows other rows is taken as an ordinary character: its
    record ends with its line and is marked ``unclosed``. When the text is not ``complete`` (cut by a limit), its last,
    partial record is left out. Raises InspectionError on an endless line, or when unclosed quotes are too many.
    """
    csv.field_size_limit(MAX_LINE)
    options = reader_options(dialect)
    lines = _Lines(stream)
    read_again = 0
    while True:
        try:
            for cells in csv.reader(lines, **options):
                if not complete and (lines.ended or _is_last(lines)):
                    return
                if lines.ended or (len(lines.held) > 1 and _swallows(lines.held, cells, width, options)):
                    break
                if cells and len(cells) != width and _closes_badly(lines.held, options):
                    yield Record(lines.released + 1, _best(lines.held, cells, width, dialect), unclosed=True)
                else:
                    yield Record(lines.released + 1, cells)
                lines.release()
            else:
                return
        except _SwallowedError:
            pass
        read_again += lines.held_size
        if read_again > _MAX_READ_AGAIN:
            raise InspectionError(
                f"trop de guillemets ouverts et jamais fermés (ligne {lines.released + 1} et avant)",
                remedy="Exportez de nouveau le tableau en CSV.",
            )
        line = lines.released + 1
        yield Record(line, _without_quotes(lines.keep_first(), dialect), unclosed=True)


def _is_last(lines: _Lines) -> bool:
    """Return whether the last held line has no line end: the text stops there."""
    return not lines.held[-1].endswith(("\n", "\r"))


def _swallows(held: list[str], cells: list[str], width: int, options: dict[str, Any]) -> bool:
    """Return whether a record over several lines holds whole rows: its quote was not closed where it should.

    A cell may well hold line breaks: the record is suspect only when it has not the usual number of cells, or text
    after its closing quote, and one of its lines has as many delimiters as a whole row.
    """
    if width < 2 or not any(line.count(options["delimiter"]) >= width - 1 for line in held[1:]):
        return False
    return len(cells) != width or _closes_badly(held, options)


def _closes_badly(held: list[str], options: dict[str, Any]) -> bool:
    """Return whether text follows a closing quote: the quote that was meant to close is missing before it."""
    if not any(options["quotechar"] in line for line in held):
        return False
    try:
        list(csv.reader(held, strict=True, **options))
    except csv.Error:
        return True
    return False


def _best(held: list[str], cells: list[str], width: int, dialect: Dialect) -> list[str]:
    """Return the cells of a record whose quote closes badly: without quotes when that gives the usual number."""
    plain = _without_quotes(held[0], dialect) if len(held) == 1 else cells
    return plain if len(plain) == width else cells


def _without_quotes(line: str, dialect: Dialect) -> list[str]:
    """Return the cells of one line, quotes taken as ordinary characters."""
    return next(csv.reader([line], delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE), [])
