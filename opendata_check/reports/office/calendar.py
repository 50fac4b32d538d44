"""Writes calendars as RFC 5545 wants them: texts escaped, lines of 75 octets at most, CRLF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

_LINE = 75
_SPECIAL = re.compile(r"[\\;,]")

Property = tuple[str, str]
"""Name with its parameters (``DTSTART;VALUE=DATE``), and value already written."""


def written(words: str) -> str:
    """Return a value of type TEXT (RFC 5545, 3.3.11); line ends become ``\\n``."""
    return _SPECIAL.sub(r"\\\g<0>", words).replace("\r\n", "\n").replace("\n", "\\n")


def day(value: date) -> str:
    """Return a value of type DATE (3.3.4)."""
    return value.isoformat().replace("-", "")


def stamp(value: date) -> str:
    """Return midnight of a day, in UTC (3.3.5, form 2): nothing is known of the hour."""
    return f"{day(value)}T000000Z"


def whole_day(first: date) -> tuple[Property, Property]:
    """Return the start and the (excluded) end of an event of one day; the calendar's last day has no end (3.6.1)."""
    after = "" if first == date.max else day(first + timedelta(days=1))
    return ("DTSTART;VALUE=DATE", day(first)), ("DTEND;VALUE=DATE", after)


def component(name: str, properties: Iterable[Property]) -> Iterator[str]:
    """Yield the lines of a component, properties without a value left out."""
    yield f"BEGIN:{name}\r\n"
    for key, value in properties:
        if value:
            yield folded(f"{key}:{value}")
    yield f"END:{name}\r\n"


def folded(line: str) -> str:
    """Return a line cut into pieces of at most 75 octets, no letter cut in two (3.1)."""
    pieces, piece, room = [], "", _LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _LINE - 1  # the space that opens a continued line counts
        piece += letter
        room -= size
    pieces.append(piece)
    return "\r\n ".join(pieces) + "\r\n"
