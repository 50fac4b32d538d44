"""Cuts what a catalogue writes into words, addresses and ends of sentences, spelling forgiven."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache, lru_cache

from opendata_check.licensing.knowledge import words

LIMIT = 10_000
"""Longest text read; a longer one is not a statement of licence."""
END = "."
"""End of a sentence."""
PAUSE = ","
"""A weaker pause."""
OPENING = "("
_MAX_ADDRESSES = 20
_ADDRESS = re.compile(
    r"""(?:https?://|www\.|(?<![\w./@])(?:creativecommons|opendatacommons|spdx)\.org/|(?<![\w./@])(?:\w+\.)?(?:etalab|data)\.gouv\.fr/)[^\s<>"'()\[\]{}|»]{1,500}""",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"<\s*/?\s*(?:br|p|div|li|ul|tr|td|h\d)\b[^<>]{0,300}>", re.IGNORECASE)
_KEPT = re.compile(r"\x01\d+")
_TAG = re.compile(r"<[^<>]{0,300}>")
_WORD = re.compile(r"\x01\d+|[a-z0-9]+(?:\.[0-9]+)*\+?|[.;!?|•·]|[,:–—-]|\(|\n[ \t]*\n")
_GLUED = re.compile(r"^cc((?:by|zero|0|nc|sa|nd){1,4})(\d\.\d)?$")
_PIECES = re.compile(r"by|zero|0|nc|sa|nd")
_STRONG, _WEAK = frozenset(".;!?|•·"), frozenset(",:–—-")


@lru_cache(maxsize=1024)
def key(text: str) -> str:
    """Return what an exact name is compared by: its words, without accents or punctuation."""
    found, _ = tokens(text[:LIMIT])
    return " ".join(word for word in found if word not in (END, PAUSE, OPENING))


def tokens(text: str) -> tuple[list[str], list[str]]:
    """Return the words and pauses of a text (at most 10 000 characters), and its addresses.

    An address stands among the words as ``\\x01`` and its rank. The cost is linear in the text.
    """
    text = html.unescape(text[:LIMIT].replace("\x01", " "))[: 2 * LIMIT]
    addresses: list[str] = []

    def kept(match: re.Match[str]) -> str:
        if len(addresses) >= _MAX_ADDRESSES:
            return " "
        addresses.append(match[0])
        return f" \x01{len(addresses) - 1} "

    text = _ADDRESS.sub(kept, text)
    if "<" in text:
        text = _TAG.sub(_addresses_in, _BLOCK.sub(" . ", text))
    text = unicodedata.normalize("NFKD", text)[: 3 * LIMIT].casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.replace("©", " (c) ").replace("œ", "oe")
    text = re.sub(r"(?<=\w)[-_/](?=\w)", " ", text)  # cc-by, CC_BY, odbl/licence
    text = re.sub(r"\bv(?:ersion)?\. ?(?=\d)", "v", text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    found: list[str] = []
    for match in _WORD.finditer(text):
        found += _read(match[0])
    return found, addresses


def _addresses_in(tag: re.Match[str]) -> str:
    """Return what is kept of a tag: the addresses it holds."""
    return " ".join(["", *_KEPT.findall(tag[0]), ""])


def _read(word: str) -> list[str]:
    if word[0] in _STRONG or word[0] == "\n":
        return [END]
    if word[0] in _WEAK:
        return [PAUSE]
    glued = _GLUED.match(word)
    if glued:
        return ["cc", *_PIECES.findall(glued[1]), *([glued[2]] if glued[2] else [])]
    return [_spelled(word)]


def _spelled(word: str) -> str:
    """Return the known word of which this one is a slip of one letter, else the word itself."""
    if not 4 <= len(word) <= 14 or not word.isalpha() or word in _apart() or word in _right():
        return word
    for piece in (word, *_shortened(word)):
        for right in _slips().get(piece, ()):
            if _one_slip(word, right):
                return right
    return word


@cache
def _right() -> frozenset[str]:
    return frozenset(words("spelled"))


@cache
def _apart() -> frozenset[str]:
    return frozenset(words("apart"))


def _shortened(word: str) -> list[str]:
    return [word[:rank] + word[rank + 1 :] for rank in range(len(word))]


@cache
def _slips() -> dict[str, tuple[str, ...]]:
    """Return the right words by themselves and by what is left of them without one letter."""
    found: dict[str, tuple[str, ...]] = {}
    for right in sorted(_right()):
        for piece in {right, *_shortened(right)}:
            found[piece] = (*found.get(piece, ()), right)
    return found


def _one_slip(word: str, right: str) -> bool:
    """Return whether a letter more, less, changed or swapped makes one of the other. Four letters: swapped only."""
    if len(word) == len(right):
        apart = [rank for rank in range(len(word)) if word[rank] != right[rank]]
        if len(apart) == 1:
            return len(right) > 4
        swapped = len(apart) == 2 and apart[1] == apart[0] + 1
        return swapped and word[apart[0]] == right[apart[1]] and word[apart[1]] == right[apart[0]]
    longer, shorter = (word, right) if len(word) > len(right) else (right, word)
    return len(right) > 4 and len(longer) - len(shorter) == 1 and shorter in _shortened(longer)
