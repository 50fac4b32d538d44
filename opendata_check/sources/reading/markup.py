"""HTML that portals put into descriptions, as plain text: paragraphs kept, everything else of the markup dropped."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

from opendata_check.sources.reading import values

_LONGEST_SOURCE = 4
"""Characters of HTML read for each character of text wanted: markup weighs more than what it dresses."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
_STRAY = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
_BLOCK = re.compile(r"</?(?:p|div|br|li|h[1-6]|tr|ul|ol|dl|table|blockquote|section|article)\b", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SILENT = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "head", "title"})
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "section", "article"}
)
_LINES = frozenset({"br", "div", "tr", "hr", "dt", "dd", "figure", "figcaption", "header", "footer"})


def plain_text(value: Any, longest: int = values.LONGEST_DESCRIPTION) -> str:
    """Return a description written in HTML as safe plain text of at most ``longest`` characters.

    Entities become their characters, paragraphs and list items their own lines, scripts and styles nothing. A text
    that holds no HTML comes back as ``values.prose`` gives it; what is no text at all gives "".
    """
    if not isinstance(value, str):
        return values.prose(value, longest)
    source = value[: _LONGEST_SOURCE * longest]
    if "<" not in source:
        return values.prose(html.unescape(source) if "&" in source else source, longest)
    # A « < » that opens no tag is a character like any other; left as it is, it would make the parser look for its
    # end through all that follows, once for each of them.
    source = _STRAY.sub("&lt;", _COMMENT.sub(" ", source))
    reader = _Reader(keeps_lines=_BLOCK.search(source) is None)
    reader.feed(source)
    reader.close()
    return values.prose("".join(reader.kept), longest)


class _Reader(HTMLParser):
    """Gathers the text of a fragment of HTML, with a break wherever a browser would make one."""

    def __init__(self, *, keeps_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._keeps_lines = keeps_lines
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break before a block; note that what follows is not to be read."""
        if tag in _SILENT:
            self._silent += 1
        elif not self._silent:
            self._break(tag)
            if tag == "li":
                self.kept.append("\n- ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break at an empty element; it has no text, so it silences nothing."""
        if not self._silent:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        """Break after a block; read again after what was not to be read."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif not self._silent:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        """Keep a text, its line breaks being spaces as in HTML, unless nothing else divides the lines."""
        if not self._silent:
            self.kept.append(data if self._keeps_lines else _SPACES.sub(" ", data))

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks where in the text a tag was."""
        return j

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.kept.append("\n\n")
        elif tag in _LINES:
            self.kept.append("\n")
        elif tag in ("td", "th"):
            self.kept.append(" ")
