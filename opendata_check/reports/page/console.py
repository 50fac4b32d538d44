"""A screen's page: texts cut into lines that fit, with the signs and letters that the screen can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata_check.reports.interface import Layout
from opendata_check.reports.page.typesetting import typeset
from opendata_check.wording import carries, legible, word

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_GAUGE = 20
_LABEL = 11
_WAITING = 1000
"""Lines printed together."""
_HELD = str.maketrans({"\N{NO-BREAK SPACE}": "\ue000", "\N{NARROW NO-BREAK SPACE}": "\ue001"})
"""rich breaks lines at no-break spaces: they become private signs (safety leaves none in the data) and back."""
FREED = str.maketrans({"\ue000": "\N{NO-BREAK SPACE}", "\ue001": "\N{NARROW NO-BREAK SPACE}"})


class ScreenPage:
    """Cuts texts into lines that fit, with a margin; every text goes through ``_carried`` and none is markup."""

    def __init__(self, console: Console, layout: Layout) -> None:
        self._console = console
        self._width = layout.width
        self._encoding = encoding = layout.encoding
        self._lines: list[Text] = []
        signs = "".join(word("outcomes", state, "sign") for state in ("compliant", "non_compliant", "not_found"))
        self._signs = "sign" if carries(signs + "█░─", encoding) else "ascii"

    def flush(self) -> None:
        """Print the lines written so far: a report of 100 000 findings does not wait whole, styled, in memory."""
        from rich.text import Text

        if self._lines:
            self._console.print(Text("\n").join(self._lines), soft_wrap=True)
            self._lines.clear()

    def sign(self, state: str) -> str:
        """Return the sign of a state, in ASCII when the screen needs it."""
        return word("outcomes", state, self._signs)

    def line(self, text: str, *, margin: int = 0, style: str = "", first: str = "") -> None:
        """Write a paragraph; ``first`` stands before it and the following lines align under the text."""
        from rich.text import Text

        first = self._carried(first)[: self._width // 3] + " " if first else ""
        indent = margin + len(first)
        lines = Text(self._carried(text), style=style).wrap(self._console, self._width - indent, overflow="fold")
        for number, line in enumerate(lines):
            line.rstrip()
            lead = Text(" " * margin + first if number == 0 else " " * indent, style=style if number == 0 else "")
            self._lines.append(lead.append_text(line))
        if len(self._lines) >= _WAITING:
            self.flush()

    def fact(self, label: str, text: str, *, margin: int = 3) -> None:
        """Write « Label      text », the text aligned in its column."""
        if text:
            self.line(text, margin=margin, first=label.ljust(_LABEL))

    def heading(self, text: str) -> None:
        """Write the title of a block, underlined across the page."""
        rule = "─" if self._signs == "sign" else "-"
        self.gap()
        self.line(text.upper(), style="bold cyan")
        self.line(rule * self._width, style="cyan")

    def gap(self) -> None:
        """Write an empty line."""
        self.line("")

    def column(self, text: str) -> str:
        """Return a word set in the first column of gauges."""
        return text.ljust(_LABEL + 2)

    def bar(self, score: int) -> str:
        """Return a gauge of 20 cells, rounded downwards."""
        filled = score * _GAUGE // 100
        return "█" * filled + "░" * (_GAUGE - filled)

    def _carried(self, text: str) -> str:
        return legible(typeset(text), self._encoding).translate(_HELD)
