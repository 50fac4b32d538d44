"""Tells on which line of a TOML file each setting stands: the standard reader keeps no place."""

from __future__ import annotations

import re
from collections.abc import Iterator

Key = tuple[str | int, ...]
"""Where a setting stands: names of tables and keys, ranks (from 0) in lists: ``("gate", "exemptions", 0, "until")``."""

_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>\#[^\n]*)|(?P<end>\n)|(?P<sign>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.#\"']+)",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Key, int]:
    """Return the line (1-based) of each table and key of a text that the standard reader accepts."""
    try:
        return _Reading(text).lines()
    except (IndexError, RecursionError):  # what no reader accepts either
        return {}


class _Reading:
    """One pass over the tokens of a TOML text."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._lines: dict[Key, int] = {}
        self._ranks: dict[Key, int] = {}

    def lines(self) -> dict[Key, int]:
        """Return the line of each key."""
        table: Key = ()
        while self._at < len(self._tokens):
            kind, sign, _ = self._tokens[self._at]
            if kind == "end":
                self._at += 1
            elif sign == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> Key:
        line = self._tokens[self._at][2]
        self._at += 1
        several = self._tokens[self._at][1] == "["
        self._at += several
        path: Key = ()
        for name in self._names("]"):
            path = (*path, name)
            if path in self._ranks:  # the last of a list of tables
                path = (*path, self._ranks[path])
        self._at += several
        if several:
            whole = path[:-1] if path and isinstance(path[-1], int) else path
            self._ranks[whole] = self._ranks.get(whole, -1) + 1
            path = (*whole, self._ranks[whole])
        self._lines.setdefault(path, line)
        return path

    def _names(self, last: str) -> list[str]:
        """Return the parts of a dotted name up to ``last``, which is passed."""
        names = []
        while self._tokens[self._at][1] != last:
            kind, value, _ = self._tokens[self._at]
            if kind != "sign":
                names.append(value.strip("\"'") if kind == "text" else value)
            self._at += 1
        self._at += 1
        return names

    def _pair(self, table: Key) -> None:
        line = self._tokens[self._at][2]
        path = (*table, *self._names("="))
        for length in range(len(table) + 1, len(path) + 1):
            self._lines.setdefault(path[:length], line)
        self._value(path)

    def _value(self, path: Key) -> None:
        """Pass a value, noting the keys of the tables it holds."""
        sign = self._tokens[self._at][1]
        if self._tokens[self._at][0] == "sign" and sign in "[{":
            self._at += 1
            rank = 0
            while (token := self._tokens[self._at])[1] != ("]" if sign == "[" else "}") or token[0] != "sign":
                if token[0] == "end" or token[1] == ",":
                    self._at += 1
                elif sign == "{":
                    self._pair(path)
                else:
                    self._lines.setdefault((*path, rank), token[2])
                    begun = self._at
                    self._value((*path, rank))
                    if self._at == begun:  # a sign that no value begins with
                        raise IndexError(rank)
                    rank += 1
            self._at += 1
            return
        while self._at < len(self._tokens):  # 49.5 and 10:30:00.2 are several tokens
            kind, sign, _ = self._tokens[self._at]
            if kind == "end" or (kind == "sign" and sign in ",]}"):
                return
            self._at += 1


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, text, line) of what matters: comments and spaces are left out."""
    line = 1
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind != "comment":
            yield kind, found[0], line
        line += found[0].count("\n")
