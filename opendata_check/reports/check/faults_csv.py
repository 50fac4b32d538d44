"""A file's faults as a table, one a row, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from opendata_check.model.check import CellError, FileCheck
from opendata_check.reports.interface import Layout
from opendata_check.reports.safety import clean, inert

_BATCH = 500
_NUMBER = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)?")
_COLUMNS = ("ligne", "enregistrement", "partie", "colonne", "gravité", "type", "valeur", "message")
_LEVELS = {"error": "erreur", "warning": "avertissement", "note": "remarque"}


def pieces(check: FileCheck, layout: Layout, limit: int | None) -> Iterator[str]:
    """Yield the rows, with a mark that tells a French Excel the encoding; what a limit left out is the last row."""
    errors = islice(check.errors(), limit)
    yield "\ufeff" + _rows([_COLUMNS])
    while batch := list(islice(errors, _BATCH)):
        yield _rows(map(_row, batch))
    if limit is not None and check.count > limit:
        yield _rows([("", "", "", "", "", "", "", f"{_left(check.count - limit)} (--limit {limit})")])


def _row(error: CellError) -> tuple[str, ...]:
    return (
        "" if error.line is None else str(error.line),
        "" if error.row is None else str(error.row),
        _plain(error.part),
        _plain(error.field),
        _LEVELS.get(error.level, error.level),
        _plain(error.type),
        _plain(error.value),
        _plain(error.message),
    )


def _left(count: int) -> str:
    """Return how many faults are not there."""
    if count == 1:
        return "1 autre faute n'est pas listée"
    return f"{count} autres fautes ne sont pas listées"


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


@lru_cache(4_096)
def _plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: a plain number, even negative, is none."""
    text = clean(cell)
    return text if _NUMBER.fullmatch(text) else inert(text)
