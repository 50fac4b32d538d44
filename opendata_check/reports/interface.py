"""What a report format is: a file of this folder with an extension and one function."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from opendata_check.errors import OpendataCheckError

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport

Rendered = str | bytes | Iterable[str]
"""A text, its pieces in order (for what may be long), or bytes (a workbook)."""


class ReportError(OpendataCheckError):
    """A report cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the report will be read."""

    width: int = 80
    """Cells a line, 40 to 200."""
    color: bool = False
    encoding: str = "utf-8"
    """Python codec of the screen: signs it cannot carry are replaced."""


class ReportFormat(Protocol):
    """A module ``opendata_check/reports/<format>.py``; the file's name, ``_`` read as ``-``, is the format's name."""

    EXTENSION: str
    """Usual file extension, without its dot. Two formats may share one."""
    SUMMARY: str
    """French, a few words: what it is for, in lists of formats (« un tableau pour Excel »)."""

    def render(self, report: AuditReport, layout: Layout) -> Rendered:
        """Return the report. ``report`` has gone through safety.made_safe.

        A module that returns bytes says ``BYTES = True``: they are written to files only.
        """
        ...
