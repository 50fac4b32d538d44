"""Writes Markdown that stays what it says: every text of the data is escaped, no HTML, no link but ours.

Source: CommonMark 0.31.2, and GitHub's tables, strikethrough, autolinks (GFM 0.29), mathematics and mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from opendata_check.reports.outline.basics import Citation, Fact
from opendata_check.reports.page.typesetting import typeset

_ALWAYS = re.compile(r"[\\`*\[\]<>|~$]|\{(?=[{%])")
"""Code, emphasis, links and images, HTML and autolinks, table cells, strikethrough, mathematics, Jekyll's templates."""
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""Within a word (« nom_de_colonne ») it makes no emphasis and is left to read."""
_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_ADDRESS = re.compile(r"(?i)\b(?:https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)")
_ADDRESS_STARTS = ("http", "ftp:", "mailto:", "xmpp:", "www.")
_WORDS = re.compile(r"([\s`|\\]+)")
"""What parts words. One with « @ » is a mention or an e-mail address, linked even when escaped: it is shown as code."""
_START = re.compile(r"^(?:([#+=:>-])|(\d{1,9})([.)]))")
"""Headings, lists, quotes, underlines of headings: what means something at the start of a line."""


_CLOSING = re.compile(r"#+$")


def text(words: str) -> str:
    """Return a text as Markdown that shows it as it is, wherever it stands in a paragraph or a cell."""
    if "@" not in words:
        return _escaped(words)
    return "".join(f"`{part}`" if "@" in part else _escaped(part) for part in _WORDS.split(words))


def _escaped(words: str) -> str:
    """Escape a text; most hold none of the rarer signs and are not searched for them: a report has 100 000 of these."""
    words = _ALWAYS.sub(r"\\\g<0>", typeset(words))
    if "_" in words:
        words = _UNDERSCORE.sub(r"\\_", words)
    if "&" in words:
        words = _ENTITY.sub(r"\\&", words)
    folded = words.casefold()
    if any(start in folded for start in _ADDRESS_STARTS):
        words = _ADDRESS.sub(lambda found: f"{found[0]}\\", words)
    return words


def block(words: str) -> str:
    """Return a text that stands at the start of a paragraph, a heading or an item of a list."""
    words = text(words.strip())
    return _START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", words)


def heading(level: int, words: str) -> str:
    """Return a heading of that level; signs at its end, which would close it, are kept."""
    shown = _CLOSING.sub(lambda found: f"\\{found[0]}", text(words.strip()))
    return f"{'#' * level} {shown}\n\n"


def paragraph(words: str, *, strong: bool = False) -> str:
    """Return a paragraph, "" for none."""
    if not words.strip():
        return ""
    return f"**{block(words)}**\n\n" if strong else f"{block(words)}\n\n"


def bullets(items: Iterable[str], *, indent: int = 0) -> str:
    """Return a list of texts, "" when there is none."""
    lines = "".join(f"{' ' * indent}- {block(item)}\n" for item in items if item.strip())
    return f"{lines}\n" if lines and not indent else lines


def fact(label: str, words: str, *, indent: int = 0) -> str:
    """Return « - **Label** : text » on its line; "" without a text."""
    if not words.strip():
        return ""
    return f"{' ' * indent}- **{text(label)}**\N{NO-BREAK SPACE}: {text(words.strip())}\n"


def facts(every: Iterable[Fact]) -> str:
    """Return labelled texts as the lines of a list, to be closed by a gap."""
    return "".join(fact(one.label, one.text) for one in every)


def links(articles: Sequence[Citation], *, dated: bool = False) -> str:
    """Return citations on one line, those that have an address linked to it."""
    return " ; ".join(_link(one.version if dated else one.label, one.url) for one in articles)


def _link(label: str, url: str) -> str:
    """Return a link to an http(s) address. An odd one (spaces, no host, cut by the bounds) is left out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return text(label)
    if parts.scheme not in ("http", "https") or not parts.hostname or not re.fullmatch(r"[!-~]+", url):
        return text(label)
    return f"[{text(label)}](<{quote(url, safe=_SAFE)}>)"


_SAFE = "!#$%&'*+,/:;=?@_-.~"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells already written as Markdown (``text``, ``links``); "" without rows."""
    lines = [_line(row) for row in rows]
    if not lines:
        return ""
    return "".join([_line([text(title) for title in titles]), _line(["---"] * len(titles)), *lines, "\n"])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.strip() or ' ' for cell in cells)} |\n"
