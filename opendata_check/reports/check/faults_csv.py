"""A file's faults as a table, one a row, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from opendata_check.model.check import FileCheck
from opendata_check.reports.interface import Layout
from opendata_check.reports.safety import clean

_BATCH = 500
_COLUMNS = ("ligne", "enregistrement", "partie", "colonne", "gravité", "type", "valeur", "message")
_LEVELS = {"error": "erreur", "warning": "avertissement", "note": "remarque"}


def pieces(check: FileCheck, layout: Layout, limit: int | None) -> Iterator[str]:
    """Yield the rows, with a mark that tells a French Excel the encoding; what a limit left out is the last row."""
    errors = islice(check.errors(), limit)
    yield "\ufeff" + _rows([_COLUMNS])
    while batch := list(islice(errors, _BATCH)):
        yield _rows(
            [
                (
                    "" if error.line is None else str(error.line),
                    "" if error.row is None else str(error.row),
                    error.part,
                    error.field,
                    _LEVELS[error.level],
                    error.type,
                    error.value,
                    error.message,
                )
                for error in batch
            ]
        )
    if limit is not None and check.count > limit:
        yield _rows(
            [("", "", "", "", "", "", "", f"{check.count - limit} autres fautes ne sont pas listées (--limit {limit})")]
        )


def _rows(rows: list[tuple[str, ...]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows([[_plain(cell) for cell in row] for row in rows])
    return stream.getvalue()


def _plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = clean(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and not text[1:].replace(".", "").isdigit() else text
