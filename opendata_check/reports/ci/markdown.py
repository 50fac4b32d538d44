"""Texts of anyone in a Markdown page of GitHub: nothing in them is a tag, a link, a mention or the end of a cell."""

from __future__ import annotations

import re

from opendata_check.reports.ci.problems import flat

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~@&$!]|:(?=\S))")
_ADDRESS = re.compile(r"\b(www)\.", re.IGNORECASE)
_START = re.compile(r"^(\s*)([-+=]|\d+[.)])")
_TICKS = re.compile("`+")


def plain(text: str) -> str:
    """Return a text as it reads, on one line: every sign that Markdown gives a meaning to is escaped."""
    line = _SIGNS.sub(r"\\\1", flat(text))
    return _START.sub(_quiet, _ADDRESS.sub(r"\1\\.", line))


def _quiet(start: re.Match[str]) -> str:
    mark = start[2]
    return f"{start[1]}{mark[:-1]}\\{mark[-1]}"


def code(text: str) -> str:
    """Return a name between back-ticks, more of them than it holds; a bar is escaped, as tables want it."""
    line = flat(text)
    if not line:
        return ""
    fence = "`" * (1 + max((len(found) for found in _TICKS.findall(line)), default=0))
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{space}{line.replace('|', chr(92) + '|')}{space}{fence}"


def row(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |\n"
