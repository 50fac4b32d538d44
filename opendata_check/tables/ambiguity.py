"""Tells how long a text may be before a pattern could take for ever on it, from the pattern alone.

A backtracking engine is slow where a character can be read in several ways. A repeat followed by something that cannot
start as it does, or branches that differ at some character, leave no choice: such patterns, nearly all those of real
schemas, cost as much as the text is long.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

_ALWAYS = 20_000
_EACH_CHARACTER = 50
"""Attempts allowed on a text: this many, or this many a character."""
_LONGEST_TEXT = 4_000_000
_ENDLESS = 10**15
_MOST_BRANCHES = 200
"""Branches beyond which they are not compared two by two."""
_MOST_PLACES = 64
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)

Chars = int
"""A set of characters: one bit for each of ASCII, one more for all the others together."""
_OTHERS: Chars = 1 << 128
_ANY: Chars = (1 << 129) - 1
_END: Chars = 1 << 129
"""The end of the text, which is where « $ » stands (a last line feed apart: it never makes more than one choice)."""
_LINE_FEED: Chars = 1 << 10


def parse(pattern: str) -> Any:
    """Return Python's own parse tree of a pattern; raises re.error when it makes no sense."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sre_parser.parse(pattern)


def ends_with_mark(tree: Any) -> bool:
    """Return True when the last thing of a pattern is « $ », not a branch that ends with it."""
    return bool(tree[-1] == (sre.AT, sre.AT_END))


def safe_length(tree: Any) -> int | None:
    """Return the length up to which any text is judged at once by ``re``; None when there is no limit."""
    if tree.state.flags & ~re.UNICODE.value:
        return _longest([_ANYTHING] * 3)  # sets of characters are not what they say
    choices = _choices(list(tree), _END)
    return _longest(choices)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A place where a text may be read in several ways: one of ``branches``, ``low`` to ``high`` times over."""

    low: int
    high: int
    branches: tuple[Sequence[_Choice], ...]
    ambiguous: bool
    """True when the next character does not settle how many times; for branches, which one."""


_ANYTHING = _Choice(0, _LONGEST_TEXT, ((),), True)


def _longest(choices: Sequence[_Choice]) -> int | None:
    low, high = 0, 1
    while _is_cheap(choices, high):
        if high > _LONGEST_TEXT:
            return None
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_cheap(choices, middle) else (low, middle)
    return low


def _is_cheap(choices: Sequence[_Choice], length: int) -> bool:
    return _ways(choices, length) <= max(_ALWAYS, _EACH_CHARACTER * length)


def _ways(choices: Sequence[_Choice], length: int) -> int:
    """Return a bound on the ways a text of some length can be read."""
    ways = 1
    for choice in choices:
        each = [_ways(branch, length) for branch in choice.branches]
        if len(each) > 1:
            ways *= sum(each) if choice.ambiguous else max(each)
        else:
            most = min(choice.high, max(length, choice.low))
            counts = most - choice.low + 1 if choice.ambiguous else 1
            ways *= counts * (_ENDLESS if each[0] > 1 and most > 50 else each[0] ** most)
        if ways > _ENDLESS:
            return _ENDLESS
    return ways


def _choices(sequence: Sequence[Any], follow: Chars) -> list[_Choice]:
    """Return the choices of a sequence, knowing the characters that may follow it."""
    found: list[_Choice] = []
    for code, argument in reversed(sequence):
        if code in _REPEATS:
            low, high, body = argument
            first, nullable = _first(body)
            again = _first_or(body, follow) if high > 1 else follow
            inner = _choices(list(body), follow | (again if high > 1 else 0))
            ambiguous = high > low and (nullable or bool(first & follow))
            if inner or ambiguous:
                found.append(_Choice(int(low), int(min(high, _LONGEST_TEXT)), (inner,), ambiguous))
        elif code is sre.BRANCH:
            branches = [list(branch) for branch in argument[1]]
            inners = tuple(_choices(branch, follow) for branch in branches)
            ambiguous = not _exclusive(branches, follow)
            if ambiguous or any(inners):
                found.append(_Choice(1, 1, inners, ambiguous))
        elif code is sre.SUBPATTERN:
            flagged = argument[1] or argument[2]
            found += [_ANYTHING] * 3 if flagged else _choices(list(argument[-1]), follow)
        elif code in (sre.ATOMIC_GROUP, sre.ASSERT, sre.ASSERT_NOT):
            found += _choices(list(argument if code is sre.ATOMIC_GROUP else argument[-1]), _ANY | _END)
        elif code is sre.GROUPREF_EXISTS:
            found += [_ANYTHING] * 3
        follow = _first_or([(code, argument)], follow)
    return found


def _first_or(sequence: Any, follow: Chars) -> Chars:
    first, nullable = _first(sequence)
    return first | follow if nullable else first


def _first(sequence: Any) -> tuple[Chars, bool]:
    """Return the characters a sequence may start with, and whether it may be empty."""
    total: Chars = 0
    for code, argument in sequence:
        first, nullable = _first_of(code, argument)
        total |= first
        if not nullable:
            return total, False
    return total, True


def _first_of(code: Any, argument: Any) -> tuple[Chars, bool]:
    single = _characters(code, argument)
    if single is not None:
        return single, False
    if code in _REPEATS:
        first, nullable = _first(argument[2])
        return first, nullable or argument[0] == 0
    if code is sre.BRANCH:
        parts = [_first(branch) for branch in argument[1]]
        total: Chars = 0
        for first, _ in parts:
            total |= first
        return total, any(nullable for _, nullable in parts)
    if code is sre.SUBPATTERN:
        return (_ANY | _END, True) if argument[1] or argument[2] else _first(argument[-1])
    if code is sre.ATOMIC_GROUP:
        return _first(argument)
    if code is sre.AT:
        return (_END, False) if argument in (sre.AT_END, sre.AT_END_STRING) else (0, True)
    if code in (sre.ASSERT, sre.ASSERT_NOT):
        return 0, True
    return _ANY | _END, True


def _exclusive(branches: Sequence[Sequence[Any]], follow: Chars) -> bool:
    """Return True when no text can start as two of the branches do."""
    if len(branches) > _MOST_BRANCHES:
        return False
    starts = [_start(branch, follow) for branch in branches]
    return all(
        any(not one & other for one, other in zip(starts[i], starts[j], strict=False))
        for i in range(len(starts))
        for j in range(i)
    )


def _start(branch: Sequence[Any], follow: Chars) -> list[Chars]:
    """Return the sets of characters a branch starts with, one a place, as long as there is one a place."""
    found: list[Chars] = []
    left = list(reversed(branch))
    while left and len(found) < _MOST_PLACES:
        code, argument = left.pop()
        single = _characters(code, argument)
        if single is not None:
            found.append(single)
        elif code is sre.SUBPATTERN and not (argument[1] or argument[2]):
            left += reversed(argument[-1])
        elif code in _REPEATS and argument[0] == argument[1] <= _MOST_PLACES:
            left += list(reversed(argument[2])) * argument[0]
        elif code is not sre.AT or argument in (sre.AT_END, sre.AT_END_STRING):
            return [*found, _first_or([(code, argument), *reversed(left)], follow)]
    return [*found, follow if not left else _ANY | _END]


def _characters(code: Any, argument: Any) -> Chars | None:
    """Return the characters that one place of a pattern accepts, or more; None when it is not one place."""
    if code is sre.LITERAL:
        return _literal(argument)
    if code is sre.NOT_LITERAL:
        return (_ANY & ~_literal(argument)) | _OTHERS
    if code is sre.ANY:
        return _ANY & ~_LINE_FEED
    if code is not sre.IN:
        return None
    total: Chars = 0
    negated = False
    for inner, value in argument:
        if inner is sre.NEGATE:
            negated = True
        elif inner is sre.LITERAL:
            total |= _literal(value)
        elif inner is sre.RANGE:
            total |= sum(1 << char for char in range(value[0], min(value[1], 127) + 1))
            total |= _OTHERS if value[1] > 127 else 0
        else:
            total |= _category(value)
    return (_ANY & ~total) | _OTHERS if negated else total


def _literal(char: int) -> Chars:
    return 1 << char if char < 128 else _OTHERS


CATEGORIES: Mapping[Any, Callable[[str], bool]] = {
    sre.CATEGORY_DIGIT: str.isdigit,
    sre.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    sre.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    sre.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}


@cache
def _category(value: Any) -> Chars:
    test = CATEGORIES[value]
    return sum(1 << char for char in range(128) if test(chr(char))) | _OTHERS
