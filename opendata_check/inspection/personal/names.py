"""Tells the name of a person from the name of a street, a company or a thing, with the dictionaries of INSEE."""

from __future__ import annotations

import gzip
import re
import unicodedata
from functools import cache

from opendata_check.inspection.personal_words import words
from opendata_check.resources import data_file

FULL, CIVIL, INITIAL, FIRST, LAST, ORGANISATION, PLACE, OTHER = (
    "full", "civil", "initial", "first", "last", "organisation", "place", "",
)  # fmt: skip
"""``full``: first and last name; ``civil``: a civility and a name; ``initial``: « J. Dupont »; ``first`` or ``last``
alone; ``organisation`` and ``place``: a word says so."""

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*\.?")
_SPLIT = re.compile(r"[\s,;/()]+")
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?,? ", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_LOGIN = re.compile(r"[a-z]{2,}(?:-[a-z]+)*\.[a-z]{2,}(?:-[a-z]+)*")
"""« jean.dupont », as software names who wrote a row."""
_TWO_INITIALS = re.compile(r"\b([A-Z])\.?-([A-Z])\.? ?(?=[A-ZÀ-Þ][\w-])")
_GLUED = re.compile(r"\b([A-Z])\.(?=[A-ZÀ-Þ])")
_LONGEST = 80
_MOST_WORDS = 8


@cache
def _dictionary(name: str) -> frozenset[str]:
    with gzip.open(data_file("inspection", name), "rt", encoding="ascii", errors="ignore") as stream:
        return frozenset(line.rstrip("\n") for line in stream if not line.startswith("#"))


def first_names() -> frozenset[str]:
    """Return French first names, folded."""
    return _dictionary("first_names.txt.gz")


def last_names() -> frozenset[str]:
    """Return French last names, folded."""
    return _dictionary("last_names.txt.gz")


def plain(text: str) -> str:
    """Return a text in lower case without accents; other letters than Latin ones go."""
    ligatures = text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'")
    return unicodedata.normalize("NFKD", ligatures).encode("ascii", "ignore").decode().lower()


def is_first(word: str) -> bool:
    """Return whether a folded word is a first name, or several joined by hyphens."""
    known = first_names()
    return word in known or ("-" in word and all(part in known for part in word.split("-")))


def is_last(word: str) -> bool:
    """Return whether a folded word is a last name, or several joined by hyphens."""
    known = last_names()
    bare = word.replace("'", "")
    return word in known or bare in known or ("-" in word and any(part in known for part in word.split("-")))


def shape_of_name(text: str) -> str:
    """Return what a short text is: one of the constants above, ``OTHER`` when it is no name."""
    if len(text) > _LONGEST:
        return OTHER
    if _DIGIT.search(text):
        shape = OTHER if _NUMBERED.match(text) else _shape_of_letters(_beside(text))
        return shape if shape in (FULL, CIVIL) else OTHER
    shape = _shape_of_letters(text)
    if shape == OTHER and "(" in text:
        shape = _shape_of_letters(_BRACKETS.sub(" ", text))
        return shape if shape in (FULL, CIVIL) else OTHER
    return shape


def _shape_of_letters(text: str) -> str:
    """Return what a short text without figures is."""
    if _LOGIN.fullmatch(text):
        text = text.replace(".", " ").title()
    text = _TWO_INITIALS.sub(r"\1. \2. ", text)
    text = _GLUED.sub(r"\1. ", text).replace("_", " ")
    tokens = [token for token in _SPLIT.split(plain(text)) if token]
    if not tokens or len(tokens) > _MOST_WORDS:
        return OTHER
    lists = words().lists
    civil = tokens[0].rstrip(".") in lists["civilities"] and len(tokens) > 1
    while tokens and tokens[0].rstrip(".") in lists["civilities"] and len(tokens) > 1:
        tokens = tokens[1:]
        if tokens[0] in ("et", "ou", "&") and len(tokens) > 1:
            tokens = tokens[1:]
    if civil:
        tokens = [word for word in tokens if word.strip("-")]
    if not all(_WORD.fullmatch(token) for token in tokens):
        return OTHER
    bare = [token.rstrip(".") for token in tokens]
    if not civil and any(token in lists["organisations"] for token in bare if not is_first(token)):
        return ORGANISATION
    return _shape_of_words(bare, tokens, text, civil=civil)


def _beside(text: str) -> str:
    """Return what stands beside figures: « 2025-12 - DUPONT Jean (CM2) » → « DUPONT Jean »."""
    words_left = [word for word in text.split() if not _DIGIT.search(word) and word.strip("-–:/,()")]
    return " ".join(words_left)


def _shape_of_words(bare: list[str], tokens: list[str], text: str, *, civil: bool) -> str:
    lists = words().lists
    if not _capitalised(text):
        return OTHER
    core = [token for token in bare if token not in lists["particles"] and len(token) > 1]
    letters = [token for token in bare if len(token) == 1 or token != tokens[bare.index(token)]]
    if civil:
        return CIVIL if core and core[0] not in lists["not_names"] else OTHER
    if bare[0] in lists["places"] and len(bare) > 1 and not (is_first(bare[0]) and is_last(bare[-1])):
        return PLACE
    if len(core) == 1 and len(bare) > 1 and letters and len(letters) == len(bare) - 1:
        return INITIAL if is_last(core[0]) else OTHER
    if not core or len(core) > 5:
        return OTHER
    if len(core) == 1:
        return FIRST if is_first(core[0]) else LAST if is_last(core[0]) else OTHER
    if all(is_first(token) for token in core):
        # « Jean Martin » as well as « Anne Marie »: the last one is nearly always a last name too.
        return FULL if is_last(core[-1]) or is_last(core[0]) else FIRST
    if is_first(core[0]) or is_first(core[-1]):
        return FULL
    return LAST if all(is_last(token) for token in core) else OTHER


def _capitalised(text: str) -> bool:
    """Return whether the words of a text all begin with a capital, particles apart; or none does."""
    if text == text.lower():
        return True
    particles = words().lists["particles"] | words().lists["civilities"]
    return all(
        word[0].isupper() or plain(word).rstrip(".") in particles or "'" in word[:3]
        for word in _SPLIT.split(text)
        if word
    )


def is_eponym(text: str) -> bool:
    """Return whether a name is one of those that streets, schools and roses bear all over France."""
    bare = " ".join(re.split(r"[^a-z]+", plain(text))).strip()
    return bare in words().lists["eponyms"]


_LOCAL = re.compile(r"([A-Za-z][\w.+'-]{1,60})@")


def names_mailbox(text: str) -> bool:
    """Return whether the local part of an address holds a first or last name: « jean.martin », « jmartin92 »."""
    found = _LOCAL.search(text)
    if not found:
        return False
    parts = [part for part in re.split(r"[^a-z]+", plain(found[1])) if part]
    if any(part in words().lists["service_mail"] for part in parts):
        return False
    if any(len(part) > 2 and part in first_names() for part in parts):
        return True
    whole = "".join(parts)
    if any(len(part) > 3 and part in last_names() for part in parts) or whole[1:] in last_names():
        return True
    return any(whole[:cut] in first_names() and is_last(whole[cut:]) for cut in range(3, len(whole) - 2))
