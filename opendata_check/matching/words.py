"""The words of a title, a keyword or a file name as families are compared with them."""

from __future__ import annotations

import re
from functools import lru_cache

from opendata_check.folding import fold

Words = tuple[str, ...]

_MAX_WORDS = 60
_MAX_TEXT = 300
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONG = re.compile(r"[^\W\d_]{6,}")
"""Shorter words are never cut at their capitals: PLUi, SCoT, LiDAR."""
_PARTS = re.compile(r"[a-z]+|[0-9]+")
_ZONE_30 = re.compile(r"zones?[ _-]*30(?![0-9])")
"""The one number that names a thing: without it, a « zone 30 » would be any zone."""
_STOP = frozenset(
    {"a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "leur",
     "leurs", "notre", "nos", "ou", "par", "pour", "s", "sa", "se", "ses", "son", "sur", "un", "une", "vos", "votre"}
)  # fmt: skip
_INVARIABLE = frozenset({"plus", "moins", "sous", "tres"})
"""Words that no one puts in the singular: « cinq ans ou plus » is no PLU."""
_SHORT = 3
"""Words of three letters or fewer are never put in the singular (PAV, RIP, bus)."""


def words_of(text: str) -> Words:
    """Return the words of a text as they are compared: folded, singular, without stop words nor figures.

    « Jeu-de-données : BudgetPrimitif_2024 » → (jeu, donnee, budget, primitif).
    """
    text = text[:_MAX_TEXT]
    if _CAMEL.search(text):
        text = _LONG.sub(lambda word: _CAMEL.sub(" ", word[0]), text)
    plain = fold(text.lower())
    found = _PARTS.findall(_ZONE_30.sub("zonetrente", plain) if "30" in plain else plain)
    kept = (_singular(word) for word in found if word not in _STOP and not word.isdigit())
    return tuple(kept)[:_MAX_WORDS]


def _singular(word: str) -> str:
    plural = len(word) > _SHORT and word[-1] in "sx" and not word.endswith("ss") and word not in _INVARIABLE
    return word[:-1] if plural else word


@lru_cache(maxsize=1024)
def name_words(publisher: str) -> Words:
    """Return the words of a body's own name; a body publishes many datasets in a row."""
    return words_of(publisher)


def without_name(words: Words, name: Words) -> Words:
    """Return the words without the body's own name, so that no town is taken for what it is called after."""
    size = len(name)
    for start in range(len(words) - size + 1) if size else ():
        if words[start : start + size] == name:
            return words[:start] + words[start + size :]
    return words


def label_key(label: str) -> str:
    """Return a column label as it is compared: « id Bénéficiaire » → idbeneficiaire."""
    return "".join(_PARTS.findall(fold(label)))
