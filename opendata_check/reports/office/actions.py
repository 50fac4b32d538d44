"""One action in Markdown: what to do, why, who has it, how long, under which article."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.reports.office.marks import facts, heading, links, paragraph, text
from opendata_check.reports.outline.basics import Fact
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.outline.values import Action


def action(one: Action, level: int, more: Iterable[Fact] = ()) -> str:
    """Return an action under its heading, with ``more`` facts after its own."""
    article = f"- **{text(say('article'))}**\N{NO-BREAK SPACE}: {links(one.articles)}\n"
    return "".join(
        (
            heading(level, f"{one.rank}. {one.title}"),
            paragraph(f"{one.flag[:1].upper()}{one.flag[1:]}.", strong=True) if one.flag else "",
            facts((*one.gesture, *one.practical)),
            article,
            facts(more),
            "\n",
        )
    )
