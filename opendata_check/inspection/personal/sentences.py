"""Tells whether a sentence names a person, and apart from streets, schools and halls that bear a person's name."""

from __future__ import annotations

import re
from functools import cache

from opendata_check.inspection.personal.names import is_first, is_last, plain
from opendata_check.inspection.personal_words import words

_LONGEST = 2_000
_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_NAME = rf"{_UPPER}[\w'’-]*[\w]|{_UPPER}\."
_CIVILITIES = (
    r"M\.|MM\.|Mr\.?|M|Mme\.?|Mmes|Mlle|Monsieur|Madame|Mademoiselle|Messieurs|Mesdames"
    r"|MONSIEUR|MADAME|MME|MLLE|Me|Maître|Dr|Docteur"
)
CIVILITY = (
    rf"(?:^|[^\pL.'’\-])(?:{_CIVILITIES})[ \x{{a0}}]+(?:et[ \x{{a0}}]+(?:M\.|Mme|Madame|MME)[ \x{{a0}}]+)?"
    r"(?:\p{Lu}\.[ \-]?)*(?:(?:de|du|le|la|d'|De|Le|La|EL|El|Ben|BEN)[ \x{a0}]*)?\p{Lu}[\pL'’\-]+"
)
"""RE2: a civility and a capitalised word. « M. le Maire » has none, « MADAME LE MAIRE » and « Monsieur Maire » do."""
_AFTER_CIVILITY = re.compile(
    rf"(?<![\w.'’-])(?P<civility>{_CIVILITIES})"
    r"[ \u00a0]+(?:et[ \u00a0]+(?:M\.|Mme|Madame|MME)[ \u00a0]+)?"
    rf"(?P<first>{_NAME})(?:[ \u00a0](?P<second>{_NAME}))?"
)
_PAIR = re.compile(rf"(?P<first>{_NAME})[ \u00a0](?P<second>{_NAME})")
_PARTICLES = frozenset({"de", "du", "d", "la", "des", "l", "d'"})
_FAR, _NEAR = 6, 3
"""Words looked at before a name, the empty one after the last space included."""
_STREET_CIVILITIES = frozenset({"me", "dr", "maitre", "docteur"})


@cache
def _told(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{words().patterns[name]})")


def names_in(text: str) -> str:
    """Return how a sentence names somebody: ``civil`` (« Mme Martin »), ``bare`` (« Jean Martin ») or ""."""
    text = text[:_LONGEST]
    lists = words().lists
    for found in _AFTER_CIVILITY.finditer(text):
        first = plain(found["first"]).rstrip(".")
        second = plain(found["second"] or "").rstrip(".")
        if first in lists["not_names"] or (first in _PARTICLES and second in lists["not_names"]):
            continue
        if first in lists["organisations"] and not is_last(first):
            continue
        learned = plain(found["civility"]).rstrip(".") in _STREET_CIVILITIES
        if _after_place(text, found.start(), _FAR if learned else _NEAR):
            continue
        return "civil"
    return "bare" if _names_without_civility(text) else ""


def _names_without_civility(text: str) -> bool:
    position = 0
    while pair := _PAIR.search(text, position):
        position = pair.start("second")
        first, second = plain(pair["first"]).rstrip("."), plain(pair["second"]).rstrip(".")
        if _pair(first, second) and not _after_place(text, pair.start("first"), _FAR):
            return True
    return False


def _pair(first: str, second: str) -> bool:
    """Return whether two capitalised words are a first and a last name, in either order."""
    lists = words().lists
    taken = lists["organisations"] | lists["not_names"] | lists["places"]
    if first in taken or second in taken or len(second) < 2 or len(first) < 2:
        return False
    return (is_first(first) and is_last(second)) or (is_last(first) and is_first(second))


def _after_place(text: str, start: int, reach: int) -> bool:
    """Return whether one of the few words before a name says that a place, a firm or a prize bears it."""
    before = plain(text[max(0, start - 40) : start])
    tail = re.split(r"[^a-z-]+", before)[-reach:]
    return not words().lists["before_place"].isdisjoint(tail)


def about_office(text: str) -> bool:
    """Return whether a sentence speaks of elected officials and their mandates."""
    return _told("elected_texts").search(text[:_LONGEST]) is not None


def about_private_life(text: str) -> bool:
    """Return whether a sentence speaks of somebody's home, family, health or money."""
    return _told("private_texts").search(text[:_LONGEST]) is not None


def says(kind: str, text: str) -> bool:
    """Return whether a value has a word of a vocabulary: ``health``, ``social`` or ``school``."""
    return _told(f"{kind}_values").search(text[:_LONGEST]) is not None
