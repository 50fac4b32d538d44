"""Lines of text that fit a screen: paragraphs, hanging marks and a table of fixed columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from opendata_check.reports.page.typesetting import typeset

RULE = "─"


class Lines:
    """Gathers lines no longer than ``width``."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lines: list[str] = []

    def paragraph(self, text: str, indent: int = 0, mark: str = "") -> None:
        """Write a paragraph; ``mark`` stands before it, and what follows aligns under the text."""
        first = " " * indent + (f"{mark} " if mark else "")
        self._lines += textwrap.wrap(
            typeset(text), self._width, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
        )

    def heading(self, text: str) -> None:
        """Write the title of a block, underlined across the page."""
        self.gap()
        self.paragraph(text.upper())
        self._lines.append(RULE * self._width)

    def gap(self) -> None:
        """Write an empty line, never two in a row."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def fact(self, label: str, text: str) -> None:
        """Write « Label : text », what follows aligned a little to the right."""
        said = typeset(f"{label} : {text}")
        self._lines += textwrap.wrap(said, self._width, subsequent_indent="  ", break_on_hyphens=False)

    def row(self, cells: Sequence[str], widths: Sequence[int]) -> None:
        """Write one row of a table: each cell is wrapped in its own column; two spaces part the columns."""
        pairs = zip(cells, widths, strict=True)
        columns = [textwrap.wrap(typeset(cell), width, break_on_hyphens=False) or [""] for cell, width in pairs]
        for number in range(max(map(len, columns))):
            parts = [
                (column[number] if number < len(column) else "").ljust(width)
                for column, width in zip(columns, widths, strict=True)
            ]
            self._lines.append("  ".join(parts).rstrip())

    def verbatim(self, line: str) -> None:
        """Write a line as it is, cut at the edge of the page."""
        self._lines.append(line.rstrip()[: self._width])

    def text(self) -> str:
        """Return all lines."""
        return "\n".join(self._lines).strip("\n") + "\n"
