"""Finds the cells a program stumbles on: several values in one, numbers kept as text, errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from opendata_check.inspection.labels import words_of
from opendata_check.inspection.layout.grid import GridRow, number_of
from opendata_check.inspection.layout.marks import SheetMarks
from opendata_check.inspection.layout.words import layout_words
from opendata_check.inspection.shapes import CODE, INTEGER, NUMBER
from opendata_check.model.facts import LayoutMark
from opendata_check.ranges import LineRanges, column_letter

_FEWEST = 3
_SHOWN = 10
_LONGEST_PART = 40
_MOST_PARTS = 50
_BULLETS = ("- ", "– ", "• ", "· ", "* ")


class _Cells:
    """Places of one kind of cells."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.count = 0
        self._cells: list[str] = []
        self._columns: Counter[int] = Counter()
        self._rows = LineRanges()
        self._last = 0

    def add(self, line: int, position: int) -> None:
        self.count += 1
        self._columns[position] += 1
        if len(self._cells) < _SHOWN:
            self._cells.append(f"{column_letter(position)}{line}")
        if line > self._last:
            self._rows.add(line)
            self._last = line

    def mark(self, confidence: float) -> LayoutMark:
        letters = tuple(column_letter(at) for at in sorted(self._columns)[:50])
        return LayoutMark(self.kind, self.count, self._rows.ranges()[:50], letters, tuple(self._cells), confidence)


def cell_marks(rows: Sequence[GridRow], labels: Sequence[str], marks: SheetMarks) -> Iterator[LayoutMark]:
    """Yield what is found in the cells of the data rows, one mark a kind."""
    yield from _errors(rows)
    yield from _many_values(rows)
    yield from _text_numbers(rows, labels, marks)


def _errors(rows: Sequence[GridRow]) -> Iterator[LayoutMark]:
    """Yield the results that formulas failed to give."""
    known = layout_words().errors
    found = _Cells("errors")
    for row in rows:
        for at in row.texts:
            cell = row.cells[at]
            if cell[0] in "#E" and cell in known:
                found.add(row.line, at)
    if found.count:
        yield found.mark(1.0)


def _many_values(rows: Sequence[GridRow]) -> Iterator[LayoutMark]:
    """Yield the cells whose lines are each a value of the same kind: amounts, dates, addresses, items of a list.

    Lines of a sentence, or a name and its address, are one text.
    """
    found = _Cells("many_values")
    for row in rows:
        for at in row.texts:
            cell = row.cells[at]
            if "\n" in cell and _is_list(cell):
                found.add(row.line, at)
    if found.count >= _FEWEST:
        yield found.mark(0.8)


def _is_list(cell: str) -> bool:
    parts = [part.strip() for part in cell.split("\n", _MOST_PARTS) if part.strip()]
    if not 2 <= len(parts) <= _MOST_PARTS:
        return False
    if all(part.startswith(_BULLETS) for part in parts):
        return True
    return all(len(part) <= _LONGEST_PART and (number_of(part) is not None or _is_mail(part)) for part in parts)


def _is_mail(text: str) -> bool:
    name, mark, host = text.partition("@")
    return bool(mark and name and "." in host and " " not in text)


def _text_numbers(rows: Sequence[GridRow], labels: Sequence[str], marks: SheetMarks) -> Iterator[LayoutMark]:
    """Yield the figures that the spreadsheet holds as text: it will not add them up.

    Codes are rightly text: a label that says code, a leading zero or plain digits without any quantity in the label
    leave the column alone, unless other cells of it are true numbers.
    """
    if not marks.text_numbers:
        return
    as_text: dict[int, list[int]] = {}
    numbers: Counter[int] = Counter()
    decimals: Counter[int] = Counter()
    codes: set[int] = set()
    for row in rows:
        kept = set(marks.text_numbers.get(row.line, ()))
        for at, shape in row.shapes.items():
            if shape == CODE:
                codes.add(at)
            elif shape in (INTEGER, NUMBER):
                numbers[at] += 1
                if at in kept:
                    decimals[at] += shape == NUMBER
                    as_text.setdefault(at, []).append(row.line)
    found = _Cells("text_numbers")
    for at in sorted(as_text):
        if at not in codes and _should_count(
            labels[at] if at < len(labels) else "", len(as_text[at]), numbers[at], decimals[at]
        ):
            for line in as_text[at]:
                found.add(line, at)
    if found.count:
        yield found.mark(0.8)


def _should_count(label: str, texts: int, numbers: int, decimals: int) -> bool:
    """Return whether figures kept as text were meant to be numbers: the label says so, or true numbers are around."""
    words = layout_words()
    named = set(words_of(label))
    if named & words.codes and not named & words.quantities:
        return False
    if not named & words.quantities and not any(sign in label for sign in "€%‰"):
        return 0 < texts <= 0.2 * numbers and numbers >= 10 and bool(decimals)
    return texts >= _FEWEST or numbers >= 10
