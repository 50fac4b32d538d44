"""Folds texts so that they can be compared whatever their case, accents and spaces."""

from __future__ import annotations

import unicodedata

_MAX_TEXT = 300


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, its white space and hyphens folded (first 300 characters)."""
    plain = unicodedata.normalize("NFKD", text[:_MAX_TEXT]).casefold().replace("œ", "oe").replace("æ", "ae")
    plain = unicodedata.normalize("NFKD", plain).casefold().replace("’", "'").replace("_", " ")
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
