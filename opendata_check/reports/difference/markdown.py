"""A comparison in Markdown: a message to send, a page to keep."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.reports.difference.comparison import AuditComparison
from opendata_check.reports.difference.phrases import tell
from opendata_check.reports.difference.told import told
from opendata_check.reports.office.marks import bullets, heading, paragraph, table, text


def page(found: AuditComparison) -> str:
    """Return the comparison as Markdown; nothing of the data is read as markup."""
    return "".join(_pieces(found)).rstrip("\n") + "\n"


def _pieces(found: AuditComparison) -> Iterator[str]:
    said = told(found)
    yield heading(1, said.title)
    yield paragraph(said.dates)
    if said.cautions:
        yield paragraph(tell("cautions"), strong=True)
        yield bullets(said.cautions)
    yield heading(2, tell("summary"))
    yield bullets(said.summary)
    yield heading(2, tell("scores"))
    titles = (tell("score"), tell("before"), tell("after"), tell("change"))
    yield table(titles, ([text(cell) for cell in row] for row in said.scores))
    for block in said.blocks:
        yield heading(2, block.title)
        yield paragraph(block.intro)
        yield bullets(block.items)
