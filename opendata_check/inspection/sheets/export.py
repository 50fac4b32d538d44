"""Gives the table of a workbook as the CSV its owner would export, so that a model made for CSV can judge it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, Dialect, TextFacts

_BREAKS = str.maketrans({"\r": " ", "\n": " "})


@contextmanager
def sheet_as_csv(content: Content, facts: ContentFacts) -> Iterator[tuple[Content, ContentFacts]]:
    """Yield a temporary UTF-8 CSV of the workbook's main table, with the facts that describe it.

    Line n of the CSV is row n of the sheet: line breaks inside cells become spaces, empty rows stay. Other rows are
    padded to the header's width, as a spreadsheet would export them. Raises InspectionError when it cannot be read.
    """
    from opendata_check.inspection.sheets.table import CellBudget
    from opendata_check.inspection.sheets.workbook import read_sheets

    assert facts.table is not None
    with tempfile.TemporaryDirectory(prefix="opendata-check-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            writer = _Rows(stream, facts.table.sheet, len(facts.table.labels))
            read_sheets(content, facts.envelope.detected, CellBudget(writer.keep))
        exported = replace(content, path=path, byte_size=path.stat().st_size)
        described = replace(
            facts,
            envelope=replace(facts.envelope, detected="csv"),
            text=TextFacts("utf-8", has_bom=False, line_ending="lf"),
            table=replace(facts.table, dialect=Dialect(",")),
        )
        yield exported, described


class _Rows:
    """Writes the rows of one sheet at their own line numbers."""

    def __init__(self, stream: TextIO, sheet: str, width: int) -> None:
        self._stream = stream
        self._writer = csv.writer(stream, lineterminator="\n")
        self._sheet = sheet
        self._width = width
        self._line = 0

    def keep(self, sheet: str, line: int, cells: list[str]) -> None:
        """Write one row of the wanted sheet."""
        if sheet != self._sheet or line <= self._line:
            return
        self._stream.write("\n" * (line - self._line - (1 if cells else 0)))
        self._line = line
        if not cells:
            return
        padded = cells + [""] * (self._width - len(cells))
        self._writer.writerow([cell.translate(_BREAKS) for cell in padded])
