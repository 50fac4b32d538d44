"""The answer of `check`: on a screen, as JSON or as a table of faults; written piece by piece, however many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendata_check.model.check import FileCheck
    from opendata_check.reports.interface import Layout

FORMATS = ("terminal", "json", "csv")

__all__ = ["FORMATS", "pieces"]


def pieces(check: FileCheck, report_format: str, layout: Layout, limit: int | None) -> Iterator[str]:
    """Yield the text of the answer; ``limit`` faults are listed at most, and what is left out is told."""
    from opendata_check.reports.check import faults_csv, faults_json, screen

    write: Callable[[FileCheck, Layout, int | None], Iterator[str]] = {
        "terminal": screen.pieces,
        "json": faults_json.pieces,
        "csv": faults_csv.pieces,
    }[report_format]
    return write(check, layout, limit)
