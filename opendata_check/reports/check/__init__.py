"""The answer of `check`: on a screen, as JSON or as a table of faults; written piece by piece, however many."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from opendata_check.model.check import FileCheck
    from opendata_check.reports.interface import Layout

_WRITERS = {"terminal": "screen", "json": "faults_json", "csv": "faults_csv"}
FORMATS = tuple(_WRITERS)

__all__ = ["FORMATS", "pieces"]


def pieces(check: FileCheck, report_format: str, layout: Layout, limit: int | None) -> Iterator[str]:
    """Yield the text of the answer; ``limit`` faults are listed at most, and what is left out is told."""
    writer = importlib.import_module(f"{__name__}.{_WRITERS[report_format]}")
    return cast("Iterator[str]", writer.pieces(check, layout, limit))
