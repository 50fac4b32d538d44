"""A comparison on a screen of any width, without colour."""

from __future__ import annotations

from opendata_check.reports.difference.comparison import AuditComparison
from opendata_check.reports.difference.phrases import tell
from opendata_check.reports.difference.told import Block, told
from opendata_check.reports.page.lines import Lines

_NARROWEST_NAME = 14
_ROOMY = 60
"""Width from which the columns of figures stand apart."""


def page(found: AuditComparison, width: int) -> str:
    """Return the comparison as lines no longer than ``width``."""
    said = told(found)
    lines = Lines(width)
    lines.paragraph(said.title)
    lines.paragraph(said.dates)
    if said.cautions:
        lines.gap()
        for caution in said.cautions:
            lines.paragraph(caution, mark="!")
    lines.heading(tell("summary"))
    for line in said.summary:
        lines.paragraph(line, mark="-")
    lines.heading(tell("scores"))
    names = max(_NARROWEST_NAME, *(len(row[0]) for row in said.scores))
    for row in (("", tell("before"), tell("after"), tell("change")), *said.scores):
        lines.row(row, (names, *((10, 10, 8) if width >= _ROOMY else (7, 7, 5))))
    for block in said.blocks:
        _write(lines, block)
    return lines.text()


def _write(lines: Lines, block: Block) -> None:
    lines.heading(block.title)
    if block.intro:
        lines.paragraph(block.intro)
    for item in block.items:
        lines.paragraph(item, mark="-")
