"""Reads a long JSON text piece by piece: small values whole, at the speed of the standard library, large ones opened.

A catalogue of a hundred megabytes is one array of ten thousand small objects: each comes whole, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from opendata_check.sources.reading.rdf.text import CleanText

Piece = tuple[str, Any]
"""``value`` and a whole value; ``{`` or ``[`` for a container that is opened, ``key`` and its name, ``}`` or ``]``."""

_WINDOW = 2_000_000
"""A value that fits comes whole; a longer one is opened. A longer text is not read."""
_MAX_OPEN = 60
_SPACE = re.compile(r"[ \t\n\r]*")


def pieces_of(stream: CleanText) -> Iterator[Piece]:
    """Yield the pieces of one JSON text. Raises ValueError where it is malformed, RecursionError, EndlessTextError."""
    return _Reader(stream).pieces()


class _Reader:
    """A window on the text, always with enough ahead to tell whether a value fits."""

    def __init__(self, stream: CleanText) -> None:
        self._stream = stream
        self._decode = JSONDecoder(parse_constant=lambda _: None, strict=False).raw_decode
        self._text = ""
        self._place = 0
        self._ended = False

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of the text."""
        opened: list[str] = []
        before = "start"  # what was read last in the container: start, key, value or comma
        while True:
            char = self._next_char()
            around = opened[-1] if opened else ""
            if not char:
                raise ValueError("ends too soon")
            if around and char in "}]" and before in ("start", "value"):
                if char != ("}" if opened.pop() == "{" else "]"):
                    raise ValueError("wrong bracket")
                self._place += 1
                yield char, None
                before = "value"
            elif before == "value":
                if char != ",":
                    raise ValueError("no comma")
                self._place += 1
                before = "comma"
                continue
            elif around == "{" and before != "key":
                yield "key", self._key(char)
                before = "key"
                continue
            else:
                whole, value = self._value()
                if whole:
                    yield "value", value
                    before = "value"
                elif char in "{[" and len(opened) < _MAX_OPEN:
                    opened.append(char)
                    self._place += 1
                    yield char, None
                    before = "start"
                    continue
                else:
                    raise ValueError("not a value")
            if not opened:
                return

    def _next_char(self) -> str:
        """Return the next character that is no white space, "" at the end; there is a window's worth after it."""
        while True:
            if not self._ended and len(self._text) - self._place < _WINDOW:
                self._fill()
            found = _SPACE.match(self._text, self._place)
            self._place = found.end() if found else self._place
            left = len(self._text) - self._place
            if self._ended or left >= _WINDOW:
                return self._text[self._place] if left else ""

    def _fill(self) -> None:
        """Read two windows ahead."""
        parts = [self._text[self._place :]]
        length = len(parts[0])
        while length < 2 * _WINDOW and not self._ended:
            more = self._stream.text()
            self._ended = not more
            parts.append(more)
            length += len(more)
        self._text, self._place = "".join(parts), 0

    def _value(self) -> tuple[bool, Any]:
        """Return True and the value that begins here when it is whole within the window."""
        try:
            value, self._place = self._decode(self._text, self._place)
        except ValueError:
            return False, None
        return True, value

    def _key(self, char: str) -> str:
        """Return the key that begins here, with its colon passed."""
        if char != '"':
            raise ValueError("not a key")
        key, self._place = scanstring(self._text, self._place + 1, False)
        if self._next_char() != ":":
            raise ValueError("no colon")
        self._place += 1
        return str(key)
