"""Reads a table row by row, with the physical line each row starts at, within bounds whatever the file holds."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, TextIO

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, Dialect, TableFacts, TextFacts
from opendata_check.ranges import LineRanges
from opendata_check.tables.errors import TablesError

MAX_RECORD = 2_000_000
"""Characters of one row, line breaks inside its cells included; a longer one stops the reading."""

Row = tuple[int, list[str]]
"""Physical line (1-based) the row starts at, and its cells."""


@dataclass(slots=True)
class Reading:
    """What happened while reading: filled as rows are consumed."""

    stopped: str = ""
    """French: why the reading stopped before the end; "" when it did not."""
    unclosed: int | None = None
    """Line of the quote that is never closed, when it stopped the reading."""
    damaged: LineRanges = field(default_factory=LineRanges)
    """Lines with characters that could not be decoded (only watched when inspection found some)."""


class _RecordTooLongError(Exception):
    """A row is longer than MAX_RECORD."""


class _Lines:
    """Iterates over physical lines, counting them, and refuses a row that never ends."""

    def __init__(self, stream: TextIO, damaged: LineRanges | None) -> None:
        self.number = 0
        self.record_size = 0
        self._read = stream.readline
        self._damaged = damaged

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._read(MAX_RECORD)
        if not line:
            raise StopIteration
        self.number += 1
        self.record_size += len(line)
        if self.record_size >= MAX_RECORD:
            raise _RecordTooLongError
        if self._damaged is not None and "\ufffd" in line:
            self._damaged.add(self.number)
        return line


def csv_rows(content: Content, text: TextFacts, table: TableFacts, reading: Reading) -> Generator[Row, None, None]:
    """Yield the rows of a CSV from its header on; ``reading`` learns why when it stops before the end.

    Encoding, dialect and header line are inspection's. Cells are csv.reader's, untouched. Raises TablesError when the
    file cannot be opened or its encoding or dialect has no meaning.
    """
    assert table.dialect is not None and table.header_row is not None
    watched = reading.damaged if text.undecodable_line is not None else None
    try:
        with opened(content, text) as stream, long_cells_allowed():
            lines = _Lines(stream, watched)
            yield from _records(lines, table.header_row, reader_of(table.dialect, content), table, reading)
    except OSError as error:
        raise TablesError(
            "le fichier ne peut pas être lu", where=content.origin, remedy="Vérifiez ses droits d'accès."
        ) from error


def read_header(content: Content, facts: ContentFacts) -> list[str] | str:
    """Return the header's cells, or why there are none."""
    assert facts.text is not None and facts.table is not None
    reading = Reading()
    with closing(csv_rows(content, facts.text, facts.table, reading)) as rows:
        first = next(rows, None)
    if first is None:
        return reading.stopped or "Le fichier s'arrête avant sa ligne d'en-tête."
    return first[1]


def _records(
    lines: _Lines,
    header_row: int,
    reader_of: Callable[[Iterator[str]], Iterator[list[str]]],
    table: TableFacts,
    reading: Reading,
) -> Generator[Row, None, None]:
    unclosed = table.unclosed_quote_row
    try:
        for _ in range(header_row - 1):
            lines.record_size = 0
            if next(lines, None) is None:
                return
        lines.record_size = 0
        start = lines.number + 1
        for cells in reader_of(lines):
            if unclosed is not None and start <= unclosed <= lines.number:
                reading.stopped, reading.unclosed = _unclosed_note(unclosed), unclosed
                return
            yield start, cells
            start = lines.number + 1
            lines.record_size = 0
    except _RecordTooLongError:
        swallowed = unclosed is not None and unclosed <= lines.number
        reading.unclosed = unclosed if swallowed else None
        reading.stopped = (
            _unclosed_note(unclosed)
            if swallowed and unclosed is not None
            else f"La ligne qui commence en {start} est démesurée (plus de deux millions de caractères) : "
            "elle et les suivantes n'ont pas été contrôlées."
        )
    except csv.Error:
        reading.stopped = (
            f"La ligne {lines.number} ne peut pas être découpée en cellules : la suite n'a pas été contrôlée."
        )


def _unclosed_note(line: int) -> str:
    return f"Le guillemet ouvert à la ligne {line} n'est jamais refermé : la suite n'a pas pu être contrôlée."


def ends_between_quotes(content: Content, text: TextFacts, table: TableFacts) -> bool:
    """Return True when the last quote of the file is never closed: what is added at its end is no cell of its own."""
    assert table.dialect is not None
    with opened(content, text) as stream, long_cells_allowed():
        lines = chain(islice(stream, (table.header_row or 1) - 1, None), [f"{table.dialect.delimiter}x"])
        try:
            [last] = deque(reader_of(table.dialect, content)(lines), maxlen=1)
        except csv.Error:
            return True
    return last[-1] != "x"


def reader_of(dialect: Dialect, content: Content) -> Callable[[Iterator[str]], Iterator[list[str]]]:
    """Return what splits lines into records; raises TablesError when the dialect has no meaning."""
    options: dict[str, Any] = {
        "delimiter": dialect.delimiter,
        "doublequote": dialect.doublequote,
        "skipinitialspace": dialect.skip_initial_space,
    }
    if dialect.quotechar:
        options["quotechar"] = dialect.quotechar
    else:
        options["quoting"] = csv.QUOTE_NONE
    try:
        csv.reader([], **options)
    except (TypeError, ValueError, csv.Error) as error:
        raise TablesError("la façon de séparer les cellules n'a pas été comprise", where=content.origin) from error
    return lambda lines: csv.reader(lines, **options)


@contextmanager
def opened(content: Content, text: TextFacts) -> Iterator[TextIO]:
    """Open the file as text, its line breaks as they are and what cannot be decoded replaced."""
    encoding = "utf-8-sig" if text.has_bom and text.encoding == "utf-8" else text.encoding
    try:
        # newline="" keeps line breaks as they are, so that csv counts the lines a person counts.
        with content.path.open(encoding=encoding, errors="replace", newline="") as stream:
            yield stream
    except LookupError as error:
        raise TablesError("l'encodage du texte n'est pas connu", where=content.origin) from error


@contextmanager
def long_cells_allowed() -> Iterator[None]:
    """Let csv read cells up to MAX_RECORD (its own limit is 131 072), and put its limit back."""
    before = csv.field_size_limit(MAX_RECORD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


_BLOCK = 4 << 20


def lines_at(content: Content, text: TextFacts, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of some physical lines, numbers in increasing order, the others skipped unread."""
    left = iter(wanted)
    if text.encoding in ("utf-8", "utf-8-sig", "ascii") and text.line_ending in ("lf", "crlf"):
        yield from _byte_lines_at(content, text, left)
    else:
        yield from _text_lines_at(content, text, left)


def _text_lines_at(content: Content, text: TextFacts, wanted: Iterator[int]) -> Iterator[tuple[int, str]]:
    number = next(wanted, None)
    with opened(content, text) as stream:
        for line, written in enumerate(stream, start=1):
            if line == number:
                yield line, written
                number = next(wanted, None)
            if number is None:
                return


def _byte_lines_at(content: Content, text: TextFacts, wanted: Iterator[int]) -> Iterator[tuple[int, str]]:
    """Yield the wanted lines of a UTF-8 file: blocks without any are only counted."""
    number = next(wanted, None)
    line, rest = 1, b""
    with content.path.open("rb") as stream:
        while number is not None:
            block = stream.read(_BLOCK)
            data = rest + block
            end = data.rfind(b"\n") + 1 if block else len(data)
            if len(data) - end > MAX_RECORD * 4 or data.count(b"\r", 0, end) != data.count(b"\r\n", 0, end):
                # A return alone ends a line too, which inspection did not see.
                yield from _text_lines_at(content, text, chain([number], wanted))
                return
            ends = data.count(b"\n") + (not block and not data.endswith(b"\n") and bool(data))
            if number < line + ends:
                pieces = data[:end].split(b"\n")
                while number is not None and number < line + ends:
                    yield number, pieces[number - line].decode("utf-8", "replace") + "\n"
                    number = next(wanted, None)
            rest = data[end:]
            if not block:
                return
            line += ends
