"""Every line of the list as a flat table, for a spreadsheet or a script."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from opendata_check.model.compared import Compared
from opendata_check.model.lot import Lot
from opendata_check.reports.lot.columns import Cell, cells, heads, shown
from opendata_check.reports.safety import inert

_BATCH = 500


def pieces(lot: Lot, compared: Compared) -> Iterator[str]:
    """Yield the table: comma-separated, UTF-8 with the mark that Excel needs, no cell a spreadsheet may compute."""
    known = shown(lot.results, compared)
    yield "\ufeff" + _written([heads(known)])
    for start in range(0, len(lot.results), _BATCH):
        yield _written(cells(result, known) for result in lot.results[start : start + _BATCH])


def _written(rows: Iterable[Iterable[Cell]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_text(cell) for cell in row] for row in rows)
    return text.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return inert(cell) if isinstance(cell, str) else str(cell)
