"""An answer as a few blocks, worded once: the screen and Markdown show the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from opendata_check.errors import RulesError
from opendata_check.reports.page.lines import Lines
from opendata_check.wording import french_number, word


@dataclass(frozen=True, slots=True)
class Title:
    """The title of what follows."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list, each item with what is said below it ("" for nothing)."""

    items: tuple[tuple[str, str], ...]
    mark: str = "-"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``widths`` are the columns of a screen, two spaces apart."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Block = Title | Words | Points | Grid


def say(key: str, **values: object) -> str:
    """Return a phrase of the table ``store`` of rules/words.yaml, its braces filled."""
    return word("store", key).format(**values)


def say_count(key: str, count: int, **values: object) -> str:
    """Return the phrase ``key_one`` or ``key_many``: French plurals start at 2."""
    return say(f"{key}_{'one' if count < 2 else 'many'}", count=french_number(count), **values)


def told_or(value: str, words: Callable[[], str]) -> str:
    """Return the words for a value, or the value itself: another version of the program may have known it."""
    try:
        return words() if value else ""
    except RulesError:
        return value


def bound_word(bound: str) -> str:
    """Return « oui », « non » or « ? »: must the body open its data by default?"""
    return told_or(bound or "unknown", lambda: say(f"bound_{bound or 'unknown'}"))


def screen(blocks: Sequence[Block], width: int) -> str:
    """Return the blocks as text, no line longer than ``width``; a table too wide is told row by row."""
    lines = Lines(width)
    for block in blocks:
        if isinstance(block, Title):
            lines.heading(block.text)
        elif isinstance(block, Words):
            lines.paragraph(block.text)
        elif isinstance(block, Points):
            for first, below in block.items:
                lines.paragraph(first, mark=block.mark)
                lines.paragraph(below, 2 + len(block.mark) - 1)
        elif sum(block.widths) + 2 * len(block.widths) - 2 <= width:
            for row in (block.titles, *block.rows):
                lines.row(row, block.widths)
            lines.gap()
        else:
            for row in block.rows:
                told = " ; ".join(f"{title} : {cell}" for title, cell in zip(block.titles, row, strict=True) if cell)
                lines.paragraph(told, mark="-")
            lines.gap()
    return lines.text()


def markdown(blocks: Sequence[Block]) -> str:
    """Return the blocks as Markdown that shows every text as it is."""
    from opendata_check.reports.office import marks

    found = []
    for block in blocks:
        if isinstance(block, Title):
            found.append(marks.heading(block.level, block.text))
        elif isinstance(block, Words):
            found.append(marks.paragraph(block.text))
        elif isinstance(block, Points):
            found.append(marks.bullets(f"{first} {below}".strip() for first, below in block.items))
        else:
            found.append(marks.table(block.titles, [[marks.text(cell) for cell in row] for row in block.rows]))
    return "".join(found).rstrip("\n") + "\n"
