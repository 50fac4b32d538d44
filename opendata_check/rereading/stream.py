"""Reads a JSON document member by member, its long lists item by item: the whole never stands in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Protocol

from opendata_check.rereading.errors import RereadingError

_CHUNK = 1 << 20
"""Characters read at a time."""
_LARGEST_VALUE = 96 << 20
"""Characters that one value, or one item of a long list, may take."""
_SPACES = re.compile(r"[ \t\n\r]*")
_EMPTY_CHUNKS = 8
"""Chunks of nothing but spaces, one after the other: no program writes so many."""
_MANY_MEMBERS = 200
"""Members of the document: an audit has some twenty."""


class Source(Protocol):
    """Where characters come from, within limits."""

    name: str

    def read(self, size: int) -> str:
        """Return up to ``size`` characters, "" at the end. Raises RereadingError."""
        ...


class _RepeatedError(Exception):
    """A key stands twice in one object."""


class _NotANumberError(Exception):
    """NaN or Infinity, which JSON does not know."""


def members(source: Source) -> Iterator[tuple[str, Any, int | None]]:
    """Yield ``(key, value, None)`` for each member, ``(key, item, rank)`` for each item of a list of objects.

    An empty list, or one of anything else, comes as one value. Raises RereadingError with the place of what is wrong.
    """
    yield from _Reader(source).members()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedError
    return found


def _constant(text: str) -> None:
    raise _NotANumberError(text)


_decode = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant).raw_decode


class _Reader:
    """A window on the text, moved forward as values are taken."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = ""
        self._at = 0
        self._ended = False
        self._place = ""

    def members(self) -> Iterator[tuple[str, Any, int | None]]:
        if self._next() != "{":
            raise self._wrong("ce n'est pas un rapport d'audit en JSON")
        self._at += 1
        seen: set[str] = set()
        if self._next() == "}":
            self._at += 1
        else:
            yield from self._rest(seen)
        if self._next():
            raise self._wrong("il reste du texte après la fin du rapport")

    def _rest(self, seen: set[str]) -> Iterator[tuple[str, Any, int | None]]:
        while True:
            key = self._value() if self._next() == '"' else None
            if not isinstance(key, str):
                raise self._wrong("le JSON est mal écrit ou coupé")
            if key in seen or len(seen) >= _MANY_MEMBERS:
                raise self._wrong(f"la clé « {_shown(key)} » y est deux fois" if key in seen else "il a trop de clés")
            seen.add(key)
            self._place = _shown(key)
            self._expect(":")
            yield from self._member(key)
            self._place = ""
            if self._next() == "}":
                self._at += 1
                return
            self._expect(",")

    def _member(self, key: str) -> Iterator[tuple[str, Any, int | None]]:
        if self._next() != "[":
            yield key, self._value(), None
            return
        start = self._at
        self._at += 1
        if self._next() != "{":
            self._at = start
            yield key, self._value(), None
            return
        rank = 0
        while True:
            self._place = f"{_shown(key)}[{rank}]"
            self._next()
            yield key, self._value(), rank
            rank += 1
            if self._next() == "]":
                self._at += 1
                return
            self._expect(",")

    def _next(self) -> str:
        """Return the next character that is no space, "" at the end."""
        for _ in range(_EMPTY_CHUNKS):
            match = _SPACES.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""
        raise self._wrong("ce n'est qu'une suite d'espaces")

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise self._wrong("le JSON est mal écrit ou coupé")
        self._at += 1

    def _more(self, size: int = _CHUNK) -> bool:
        """Read on, forgetting what was taken. Return False at the end."""
        if self._ended:
            return False
        read = self._source.read(size)
        if not read:
            self._ended = True
            return False
        self._text = self._text[self._at :] + read
        self._at = 0
        return True

    def _value(self) -> Any:
        """Return the value that starts here, reading on until it is whole."""
        while True:
            try:
                value, end = _decode(self._text, self._at)
            except json.JSONDecodeError as error:
                self._go_on(error)
                continue
            except RecursionError:
                raise self._wrong("trop de niveaux imbriqués les uns dans les autres") from None
            except _RepeatedError:
                raise self._wrong("une même clé y est écrite deux fois") from None
            except _NotANumberError:
                raise self._wrong("NaN et Infinity ne sont pas des nombres") from None
            except ValueError:  # a number of thousands of digits
                raise self._wrong("un nombre y est trop long") from None
            if end == len(self._text) and self._more(_CHUNK):
                continue  # a number may go on
            self._at = end
            return value

    def _go_on(self, error: json.JSONDecodeError) -> None:
        """Read on when the value may only be cut; as much again each time, so that its cost stays linear."""
        waiting = len(self._text) - self._at
        if waiting > _LARGEST_VALUE:
            raise self._wrong("une seule valeur y est trop longue (96 Mo au plus)") from error
        near_end = len(self._text) - error.pos < 64 or error.msg.startswith("Unterminated string")
        if not near_end or not self._more(max(_CHUNK, waiting)):
            raise self._wrong("le JSON est mal écrit ou coupé") from error

    def _wrong(self, what: str) -> RereadingError:
        where = self._source.name if not self._place else f"{self._source.name}, {self._place}"
        return RereadingError(what, where=where, remedy="Refaites ce fichier : opendata-check audit … -o audit.json.")


def _shown(key: str) -> str:
    return "".join(character for character in key if character.isprintable())[:40]
