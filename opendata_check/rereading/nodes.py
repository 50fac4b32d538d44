"""One value of a JSON document with its place in it: says what was expected there, never what was found."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from opendata_check.errors import RulesError
from opendata_check.wording import word

Word = TypeVar("Word", bound=StrEnum)

_LARGEST = 2**63
"""Bound of whole numbers: no count, year or line is larger."""
_SHOWN_WORDS = 8
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class ShapeError(Exception):
    """A value is not what its place asks for."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(place, expected)
        self.place = place
        """``findings[3].severity``."""
        self.expected = expected
        """French: « un texte »."""


class _Nothing:
    """Stands for a default that was not given: the key is then mandatory."""


_NOTHING: Any = _Nothing()


class Node:
    """One value, known by its parent and its step there, so that its place is spelt only when it must be told."""

    __slots__ = ("_parent", "_step", "value")

    def __init__(self, value: Any, step: str, parent: Node | None = None) -> None:
        self.value = value
        self._step = step
        self._parent = parent

    @property
    def place(self) -> str:
        """Return the place in the document: ``findings[3].severity``."""
        before = "" if self._parent is None else self._parent.place
        if not before or self._step.startswith("["):
            return before + self._step
        return f"{before}.{self._step}"

    def wrong(self, expected: str) -> ShapeError:
        """Return the exception that tells what this place asks for."""
        return ShapeError(self.place, expected)

    def _get(self, key: str, default: Any) -> Any:
        if not isinstance(self.value, dict):
            raise self.wrong("un objet { … }")
        found = self.value.get(key, default)
        if found is _NOTHING:
            raise self.at(key).wrong("une valeur : elle manque")
        return found

    def at(self, key: str) -> Node:
        """Return what stands under a key; None when nothing does."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(value, key, self)

    def text(self, key: str, default: str = _NOTHING) -> str:
        """Return a text; the same words said a thousand times stand once in memory."""
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self.at(key).wrong("un texte entre guillemets")
        return sys.intern(value)

    def name(self, key: str, *, optional: bool = False) -> str:
        """Return what names a check, a duty or a finding; anchors, addresses and keys are made of it."""
        value = self.text(key)
        if not _NAME.fullmatch(value) and not (optional and not value):
            raise self.at(key).wrong("un identifiant : lettres, chiffres et tirets")
        return value

    def text_or_none(self, key: str) -> str | None:
        """Return a text, or None when it is null or absent."""
        return None if self._get(key, None) is None else self.text(key)

    def flag(self, key: str, default: bool = _NOTHING) -> bool:
        """Return true or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.at(key).wrong("true ou false")
        return value

    def flag_or_none(self, key: str) -> bool | None:
        """Return true or false, or None when it is null or absent."""
        return None if self._get(key, None) is None else self.flag(key)

    def whole(self, key: str, default: int = _NOTHING) -> int:
        """Return a whole number."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _LARGEST:
            raise self.at(key).wrong("un nombre entier")
        return value

    def whole_or_none(self, key: str) -> int | None:
        """Return a whole number, or None when it is null or absent."""
        return None if self._get(key, None) is None else self.whole(key)

    def number(self, key: str, default: float = _NOTHING) -> float:
        """Return a number that is one: no infinity."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            raise self.at(key).wrong("un nombre")
        return value

    def number_or_none(self, key: str) -> float | None:
        """Return a number, or None when it is null or absent."""
        return None if self._get(key, None) is None else self.number(key)

    def fact(self, key: str) -> bool | float | str | None:
        """Return what a fact may be: true or false, a number, a text, or None when it is null or absent."""
        value = self._get(key, None)
        if value is None or isinstance(value, bool):
            return value
        return self.text(key) if isinstance(value, str) else self.number(key)

    def day(self, key: str) -> date:
        """Return a day."""
        found = self.day_or_none(key)
        if found is None:
            raise self.at(key).wrong("une date comme « 2026-01-31 »")
        return found

    def day_or_none(self, key: str) -> date | None:
        """Return a day, or None when it is null or absent."""
        value = self._get(key, None)
        if value is None:
            return None
        try:
            if isinstance(value, str) and len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self.at(key).wrong("une date comme « 2026-01-31 »")

    def word(self, key: str, words: type[Word], default: Word = _NOTHING) -> Word:
        """Return one of the words that are known there."""
        value = self._get(key, default)
        try:
            return words(value)
        except ValueError:
            raise self.at(key).wrong(_one_of(words)) from None

    def known(self, key: str, table: str) -> str:
        """Return a key of one of the tables of rules/words.yaml, or ""."""
        value = self.text(key)
        try:
            if value:
                word(table, value)
        except RulesError:
            raise self.at(key).wrong("un mot que ce programme connaît") from None
        return value

    def items(self, key: str, *, optional: bool = True) -> Iterator[Node]:
        """Yield the items of a list; none when it is absent and ``optional``."""
        value = self._get(key, []) if optional else self._get(key, _NOTHING)
        if not isinstance(value, list):
            raise self.at(key).wrong("une liste [ … ]")
        here = self.at(key)
        for rank, item in enumerate(value):
            yield Node(item, f"[{rank}]", here)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; none when it is absent."""
        return tuple(item.own_text() for item in self.items(key))

    def words(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        """Return a list of known words; none when it is absent."""
        found = []
        for item in self.items(key):
            try:
                found.append(words(item.value))
            except ValueError:
                raise item.wrong(_one_of(words)) from None
        return tuple(found)

    def own_text(self) -> str:
        """Return this very value, a text."""
        if not isinstance(self.value, str):
            raise self.wrong("un texte entre guillemets")
        return sys.intern(self.value)

    def own_range(self) -> tuple[int, int]:
        """Return this very value, two lines: first and last."""
        pair = self.value
        good = isinstance(pair, list) and len(pair) == 2 and all(type(line) is int for line in pair)
        if not good or not 0 <= pair[0] <= pair[1] < _LARGEST:
            raise self.wrong("deux numéros de ligne, par exemple [4, 12]")
        return pair[0], pair[1]

    def inner(self, key: str) -> Node | None:
        """Return an object, None when it is null or absent."""
        value = self._get(key, None)
        if value is None:
            return None
        found = self.at(key)
        if not isinstance(value, dict):
            raise found.wrong("un objet { … }, ou null")
        return found


def _is_finite(value: float) -> bool:
    return abs(value) < _LARGEST if isinstance(value, int) else math.isfinite(value)


def _one_of(words: type[StrEnum]) -> str:
    known = [word.value for word in words]
    more = "…" if len(known) > _SHOWN_WORDS else ""
    return f"l'un de ces mots : {', '.join(known[:_SHOWN_WORDS])}{more}"
