"""Tables that a spreadsheet opens: columns with a title and a kind, and how their cells are written in a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO

from opendata_check.reports.office.phrases import tell
from opendata_check.reports.safety import inert

Cell = str | int | float | date | None
"""None is an empty cell."""

_BATCH = 500
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it, Excel reads a CSV file in the machine's old encoding and breaks accents."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LONG = "long"  # a sentence: its cell is wrapped
    WHOLE = "whole"
    NUMBER = "number"
    SHARE = "share"  # 0 to 1, shown as a percentage
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``key`` is its phrase in the table ``office`` of rules/words.yaml, as ``column_<key>``."""

    key: str
    kind: Kind = Kind.TEXT
    width: int = 18
    """Characters, in a workbook."""

    @property
    def title(self) -> str:
        """Return the French title."""
        return tell(f"column_{self.key}")


def csv_pieces(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a CSV file for Excel in French: UTF-8 with its mark, « ; », CRLF, ISO dates, and no cell run as a formula.

    Source: RFC 4180, with the separator that Excel expects where the comma is the decimal sign.
    """
    yield _BOM
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_written(cell) for cell in row])
        if number % _BATCH == 0:
            yield _emptied(stream)
    yield _emptied(stream)


def _emptied(stream: StringIO) -> str:
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


def _written(cell: Cell) -> str:
    """Return a cell as text. A number keeps its sign: only texts can be taken for formulas."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.1f}".replace(".", ",")
    return inert(cell.strip()) if isinstance(cell, str) else str(cell)
