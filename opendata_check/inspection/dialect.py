"""Finds how a text separates its cells, by parsing its first records with each candidate rather than counting signs."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from math import log2
from operator import itemgetter

from opendata_check.inspection.records import MAX_LINE, reader_options
from opendata_check.model.facts import Dialect

DELIMITERS = (";", "\t", "|", ",")
"""By preference: the comma is last, for it also stands in French numbers and sentences."""

SAMPLE_LINES = 600
SAMPLE_CHARACTERS = 1_000_000
_SAMPLE_RECORDS = 200
_CONSISTENT = 0.9
_LEAST_SHARE = 0.5
_PROSE_CELL = 60
_CUT = re.compile(r'[;\t|,]"|"[;\t|,]')
_DECIMAL = re.compile(r"\d,\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the first records split: the dialect, the usual number of cells, the share of records that have it."""

    dialect: Dialect
    width: int
    consistency: float
    record_count: int
    prose: bool
    """True when cells are as long as sentences or the delimiter is followed by a space, as in running text."""

    @property
    def tabular(self) -> bool:
        """True when the text is surely a table: columns on nearly every record, and cells that are not sentences."""
        return self.width > 1 and self.consistency >= _CONSISTENT and self.record_count > 1 and not self.prose


def find_layout(lines: Sequence[str]) -> Layout:
    """Return the most consistent layout of the first physical lines of a text (their line ends kept).

    A text without any consistent delimiter is one column, whose delimiter is one it does not use.
    """
    candidates = [(delimiter, _rows(lines, Dialect(delimiter))) for delimiter in DELIMITERS]
    best, best_score = "", 0.0
    scores = {delimiter: _score(rows) for delimiter, rows in candidates}
    decimal = _commas_are_decimal(lines)
    for delimiter, rows in candidates:
        score = scores[delimiter]
        if delimiter == ",":
            others = max(scores[other] for other in DELIMITERS if other != ",")
            score *= 0.3 if decimal and others > 1 else 0.9
            if decimal and rows and len(rows[0]) == 1 and _usual_width(rows)[0] == 2:
                continue  # One column of French numbers.
        if score > best_score:
            best, best_score = delimiter, score
    if not best:
        best = _in_every_row(candidates)
    if not best:
        text = "".join(lines)
        best = next((delimiter for delimiter in (",", ";", "\t", "|") if delimiter not in text), ",")
    return _layout(lines, best)


def _layout(lines: Sequence[str], delimiter: str) -> Layout:
    """Return the layout for a delimiter once its quotes and spaces are known."""
    rows = _rows(lines, Dialect(delimiter))
    quotechar = _quotechar(rows)
    dialect = Dialect(
        delimiter=delimiter,
        quotechar=quotechar,
        doublequote=not _escapes_quotes(lines, delimiter, quotechar),
        skip_initial_space=_spaces_lead(rows),
    )
    rows = _rows(lines, dialect)
    width, share = _usual_width(rows)
    lengths = sorted(len(cell) for row in rows for cell in row if cell)
    long_cells = bool(lengths) and lengths[len(lengths) // 2] > _PROSE_CELL
    prose = long_cells or (dialect.skip_initial_space and delimiter == ",")
    return Layout(dialect, width, share, len(rows), prose)


def _rows(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """Return the first filled records; when a quote swallows most of the lines, quotes are ignored."""
    csv.field_size_limit(MAX_LINE)
    options = reader_options(dialect)
    reader = csv.reader(lines, **options)
    rows: list[list[str]] = []
    last_line = 0
    for cells in reader:
        if reader.line_num - last_line > max(20, len(lines) // 2):
            return _filled(csv.reader(lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE))
        last_line = reader.line_num
        rows.append(cells)
        if len(rows) >= 2 * _SAMPLE_RECORDS:
            break
    return _filled(rows)


def _filled(rows: Iterable[list[str]]) -> list[list[str]]:
    filled: list[list[str]] = []
    for cells in rows:
        if any(cell.strip() for cell in cells):
            filled.append(cells)
        if len(filled) >= _SAMPLE_RECORDS:
            break
    return filled


def _usual_width(rows: Sequence[Sequence[str]]) -> tuple[int, float]:
    """Return the most common number of cells and the share of rows that have it, the titles above left out."""
    below_titles = list(dropwhile(lambda row: sum(bool(cell.strip()) for cell in row) < 2, rows))
    counts = Counter(len(row) for row in below_titles)
    if not counts:
        return min(1, len(rows)), 1.0
    width = max(counts, key=lambda size: (counts[size], size))
    return width, counts[width] / len(below_titles)


def _in_every_row(candidates: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> str:
    """Return the delimiter that cuts every row, though never in as many cells, or "".

    Not the comma: sentences and numbers have one on every line too.
    """
    found = [
        (min(len(row) for row in rows), delimiter)
        for delimiter, rows in candidates
        if delimiter != "," and len(rows) > 1
    ]
    width, delimiter = max(found, key=itemgetter(0), default=(0, ""))
    return delimiter if width > 1 else ""


def _score(rows: Sequence[Sequence[str]]) -> float:
    """Return how table-like the rows are: the share with the usual width, more for wider tables.

    0 when there is one column, or no width that half of the rows share. A cell that holds another delimiter against
    the quote of a cell cut in two (« A,"x ») is a sign of the wrong one.
    """
    width, share = _usual_width(rows)
    if width < 2 or share < _LEAST_SHARE:
        return 0.0
    broken = sum(any(cell.count('"') % 2 and _CUT.search(cell) for cell in row) for row in rows)
    return share * (1 - broken / len(rows)) * (1 + log2(width))


def _commas_are_decimal(lines: Sequence[str]) -> bool:
    """Return whether most commas stand between two digits."""
    text = "".join(lines[:_SAMPLE_RECORDS])
    return 2 * len(_DECIMAL.findall(text)) > text.count(",")


def _quotechar(rows: Sequence[Sequence[str]]) -> str:
    """Return the apostrophe when a third of the filled cells stand between two of them, else the double quote."""
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    quoted = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return "'" if cells and 3 * quoted >= len(cells) else '"'


def _escapes_quotes(lines: Sequence[str], delimiter: str, quotechar: str) -> bool:
    """Return whether quotes inside cells are written with a backslash rather than doubled."""
    text = "".join(lines)
    if f"\\{quotechar}" not in text:
        return False
    inside = re.compile(rf"\\{re.escape(quotechar)}(?!\s*(?:{re.escape(delimiter)}|[\r\n]|$))")
    doubled = re.compile(rf"[^{re.escape(delimiter)}\s]{re.escape(quotechar * 2)}")
    return len(inside.findall(text)) > len(doubled.findall(text))


def _spaces_lead(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether nearly every cell but the first of its row starts with a space."""
    cells = [cell for row in rows for cell in row[1:] if cell.strip()]
    return len(cells) > 1 and sum(cell[0] == " " for cell in cells) >= _CONSISTENT * len(cells)
