"""Makes what comes from outside safe and short enough to stand in a French sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from opendata_check.model.facts import RowRange
from opendata_check.wording import french_number

VALUE_LIMIT = 160
"""Longest value put in a message: a title, a file name, a column."""
MESSAGE_LIMIT = 700
"""Longest message or remedy."""

_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_UNSAFE = frozenset(
    {"Cc", "Cf", "Cs", "Co", "Cn"}
)  # control, bidirectional marks, halves of pairs, private, unassigned


def plain(text: str, limit: int = VALUE_LIMIT) -> str:
    """Return ``text`` on one line, without any control character, cut with « … » beyond ``limit`` characters."""
    text = _SPACES.sub(" ", text[: 4 * limit])
    if not text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").isprintable():
        text = _SPACES.sub(" ", "".join(c for c in text if unicodedata.category(c) not in _UNSAFE))
    text = text.strip(" ")
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def lines(rows: Sequence[RowRange], shown: int = 3) -> str:
    """Return « ligne 7 », « lignes 4 à 415 », « lignes 3, 8 et 12 », « lignes 3, 8, 12… »; "" for no row."""
    if not rows:
        return ""
    parts = [_range(first, last) for first, last in rows[:shown]]
    word = "ligne" if len(rows) == 1 and rows[0][0] == rows[0][1] else "lignes"
    if len(rows) > shown:
        return f"{word} {', '.join(parts)}…"
    head = ", ".join(parts[:-1])
    return f"{word} {head} et {parts[-1]}" if head else f"{word} {parts[0]}"


def _range(first: int, last: int) -> str:
    return french_number(first) if first == last else f"{french_number(first)} à {french_number(last)}"


def column(label: str, letter: str = "") -> str:
    """Return « colonne B (« date ») »; without a letter « colonne « date » »; without a label « colonne B »."""
    name = plain(label, 80)
    if letter and name:
        return f"colonne {letter} (« {name} »)"
    return f"colonne {letter}" if letter else f"colonne « {name} »"


def quoted(names: Sequence[str], shown: int = 4) -> str:
    """Return « a », « b » et « c »; beyond ``shown`` names, the number of those left out."""
    marks = [f"« {plain(name, 80)} »" for name in names[:shown]]
    left = len(names) - shown
    if left > 0:
        return f"{', '.join(marks)} et {left} {'autre' if left == 1 else 'autres'}"
    return f"{', '.join(marks[:-1])} et {marks[-1]}" if len(marks) > 1 else "".join(marks)
