"""Brings names to one form, so that accents, hyphens, apostrophes, case and abbreviations do not matter."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SUR = re.compile(r"(?<![a-z0-9])s/")
_SOUS = re.compile(r"(?<![a-z0-9])ss/")
_NOT_WORD = re.compile(r"[^a-z0-9\n]+")
_EDGES = re.compile(r" ?\n ?")
_SAINT = re.compile(r"\bst(e?s?)\b")
_ARTICLE = re.compile(r"^(?:le|la|les|l) (?=.)", re.MULTILINE)
_LINK = re.compile(r"^(?:de la|de les|de le|de l|du|des|de|d|la|les|le|l) (?=.)")
_SAINTS = {"": "saint", "e": "sainte", "s": "saints", "es": "saintes"}
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "´": "'"})
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHOWN = 60


def fold_lines(text: str) -> str:
    """Return every line of ``text`` folded: words of ``a-z0-9`` parted by one space, « st » written « saint ».

    Folding a joined list of names at once is some ten times faster than folding them one by one.
    """
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    text = _ACCENTS.sub("", text).replace("&", " et ")
    text = _SOUS.sub("sous ", _SUR.sub("sur ", text))
    text = _EDGES.sub("\n", _NOT_WORD.sub(" ", text)).strip(" ")
    return _SAINT.sub(lambda found: _SAINTS[found[1]], text)


def fold(text: str) -> str:
    """Return ``text`` folded as one line; folding twice changes nothing."""
    return fold_lines(text.replace("\n", " "))


def without_article(folded: str) -> str:
    """Return folded lines without the leading « le, la, les, l' » of each, unless nothing would remain."""
    return _ARTICLE.sub("", folded)


def without_link(folded: str) -> str:
    """Return a folded name without what links it to a word before: « de la », « du », « d' », « des »…"""
    return _LINK.sub("", folded)


def search_key(name: str) -> str:
    """Return the form under which a name is indexed: folded, without its leading article."""
    return without_article(fold(name))


def same_spelling(text: str) -> str:
    """Return ``text`` with accents, hyphens and case kept, only its apostrophes and spaces made alike."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).split())


def printable(text: str) -> str:
    """Return ``text`` on one line without control, direction or private characters."""
    return " ".join("".join(" " if unicodedata.category(c) in _UNSAFE else c for c in text).split())


def shown(text: str) -> str:
    """Return what may be printed of something typed: printable, its first 60 characters."""
    text = printable(text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
