"""The words that tell a total, a note, a month, an error from data: rules/sheet_layout.yaml, made ready."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.folding import fold
from opendata_check.resources import load_yaml, rules_folder

_LONGEST_TOTAL = 60
_FILE = "sheet_layout.yaml"
_CALL = re.compile(r"\((?:\d{1,2}|[a-z]|\*{1,3})\)\s?\S", re.ASCII)
"""What answers a mark in the table: « (1) fermé en août »."""
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class LayoutWords:
    """Folded words and the patterns made of them."""

    totals: re.Pattern[str]
    subtotals: tuple[str, ...]
    total_starts: tuple[str, ...]
    """First two letters of the totals."""
    total_ends: frozenset[str]
    total_tails: tuple[str, ...]
    """Last three letters of the ends."""
    notes: re.Pattern[str]
    months: tuple[str, ...]
    errors: frozenset[str]
    codes: frozenset[str]
    quantities: frozenset[str]
    notices: tuple[str, ...]
    """Names of sheets that explain the data."""


@cache
def layout_words() -> LayoutWords:
    """Return the words of rules/sheet_layout.yaml. Raises RulesError when a list is missing."""
    content = load_yaml(rules_folder() / _FILE)
    totals, notes = (_words(content, name) for name in ("totals", "notes"))
    return LayoutWords(
        # « Total », « Total général », « Sous-total A : »; never « Totalenergies » nor « totalement ».
        totals=re.compile(rf"(?:{_either(totals)})(?![a-z0-9])"),
        subtotals=tuple(_words(content, "subtotals")),
        total_starts=tuple({word[:2] for word in totals}),
        total_ends=frozenset(_words(content, "total_ends")),
        total_tails=tuple({word[-3:] for word in _words(content, "total_ends")}),
        notes=re.compile(rf"(?:{_either(notes)})(?![a-z0-9])"),
        months=tuple(_words(content, "months")),
        errors=frozenset(_words(content, "errors")),
        codes=frozenset(_words(content, "codes")),
        quantities=frozenset(_words(content, "quantities")),
        notices=tuple(_words(content, "notices")),
    )


def total_kind(cell: str) -> str:
    """Return ``total``, ``subtotal`` or "" for what the first words of a cell say of its row."""
    if len(cell) > _LONGEST_TOTAL or not cell or cell[0].isdigit():
        return ""
    words = layout_words()
    low = cell.casefold()
    # Most cells are left here: folding them all would cost more than all the rest.
    if not low.startswith(words.total_starts) and not low.rstrip(" :.").endswith(words.total_tails):
        return ""
    text = fold(cell).rstrip(" :.")
    if words.totals.match(text):
        return "subtotal" if text.startswith(words.subtotals) else "total"
    first, _, last = text.rpartition(" ")
    if first and last in words.total_ends and len(first) <= 30:
        return "subtotal"
    return ""


def is_bare_total(cell: str) -> bool:
    """Return whether a cell says total and little else: « Total », « Total général : », « Sous-total A »."""
    return len(fold(cell).replace("-", " ").split()) <= 4


def is_notice(name: str) -> bool:
    """Return whether a sheet's name says that it explains the data: « Mode d'emploi », « Lisez-moi »."""
    return fold(name[:60]).startswith(layout_words().notices)


def is_note(cell: str) -> bool:
    """Return whether a cell opens as a note does: « Source : », « (*) »."""
    return _CALL.match(cell) is not None or layout_words().notes.match(fold(cell[:60])) is not None


def period_of(label: str) -> str:
    """Return ``year`` or ``month`` for a label that names one, "" for any other."""
    text = label.strip()
    if len(text) <= 40:
        years = _YEAR.findall(text)
        if len(years) == 1 and not re.sub(r"(?:19|20)\d\d", "", text).strip(" -_/").isdigit():
            return "year"
    return "month" if fold(text[:20]).rstrip(".") in layout_words().months else ""


def _either(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _words(content: Any, name: str) -> tuple[str, ...]:
    found = content.get(name) if isinstance(content, dict) else None
    if not isinstance(found, list) or not found:
        raise RulesError(f"il manque la liste « {name} »", where=_FILE)
    return tuple(str(word) for word in found)
