"""Chooses the one-byte encoding that makes the most plausible French of bytes that are not UTF-8.

French has few accented letters, and each has its place: « é » stands inside lower-case words, « É » never does; « ù »
ends « où »; « ’ » stands between letters. Every byte above 127 is weighed with its two neighbours in each candidate.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

CANDIDATES = ("cp1252", "mac_roman", "cp850", "latin-1")
"""By how common they are in French administrations: the first wins when nothing tells them apart."""

UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"

Context = tuple[str, int, str]
"""Class of the byte before, the byte (128 to 255), class of the byte after. Classes: ``a`` lower-case letter, ``A``
upper-case letter, ``h`` another byte above 127 (it may be anything), ``_`` the rest."""

_HIGH = re.compile(rb"[\x80-\xff]")
_CLASSES = "".join(
    "a" if 97 <= byte <= 122 else "A" if 65 <= byte <= 90 else "h" if byte >= 128 else "_" for byte in range(256)
)
_ENOUGH_BYTES = 5
_CLEAR_MARGIN = 1.5

_LOWER = dict.fromkeys("èàêçôî", 3.0) | dict.fromkeys("ùûâïëœ", 2.0) | {"é": 4.0, "ü": 0.5, "æ": 0.5, "ÿ": 0.2}
_UPPER = dict.fromkeys("ÀÇÈÊÎÔŒ", 1.5) | dict.fromkeys("ÂÙÛËÏ", 1.0) | {"É": 3.0, "Ü": 0.2, "Æ": 0.2}
_NEVER_FIRST = frozenset("ùûëïÿüÙÛËÏÜ")
_MARKS = {"°": 2.0, "€": 2.0, "–": 1.5, "—": 1.0, "…": 1.5, "•": 1.0, "·": 0.5, "§": 0.3, "®": 0.3, "©": 0.3, "™": 0.3}
_MARKS |= {"±": 0.1, "×": 0.1, "µ": 0.1, "²": 1.0, "³": 1.0, "½": 0.2, "¼": 0.2, "\u00a0": 1.0, "\u00ad": -1.0}


def sample_contexts(data: bytes, limit: int) -> Counter[Context]:
    """Return how often each context occurs among the first ``limit`` bytes above 127."""
    contexts: Counter[Context] = Counter()
    last = len(data) - 1
    for seen, found in enumerate(_HIGH.finditer(data)):
        if seen >= limit:
            break
        at = found.start()
        before = _CLASSES[data[at - 1]] if at else "_"
        after = _CLASSES[data[at + 1]] if at < last else "_"
        contexts[before, data[at], after] += 1
    return contexts


def choose(contexts: Mapping[Context, int]) -> tuple[str, bool]:
    """Return the most plausible encoding, and whether the evidence is enough to be sure.

    cp1252 and latin-1 agree on every letter, so the choice between them is never a doubt.
    """
    scores = {encoding: _score(encoding, contexts) for encoding in CANDIDATES}
    best = max(CANDIDATES, key=lambda encoding: scores[encoding])
    twins = ("cp1252", "latin-1")
    rivals = [scores[other] for other in CANDIDATES if other != best and not (best in twins and other in twins)]
    count = sum(contexts.values())
    certain = count >= _ENOUGH_BYTES and scores[best] - max(rivals) >= _CLEAR_MARGIN * count
    return best, certain


def _score(encoding: str, contexts: Mapping[Context, int]) -> float:
    return sum(_weight(encoding, context) * count for context, count in contexts.items())


@cache
def _weight(encoding: str, context: Context) -> float:
    """Return how plausible a byte in its context is once decoded; -12 for a byte the encoding does not define."""
    before, byte, after = context
    try:
        char = bytes((byte,)).decode(encoding)
    except UnicodeDecodeError:
        return -12.0
    if char.isalpha() and char not in "ªºƒµ":
        return _upper(char, before, after) if char.isupper() else _lower(char, before, after)
    return _mark(char, before, after)


def _lower(char: str, before: str, after: str) -> float:
    """Weigh a lower-case letter: it belongs in lower-case words."""
    if before == "A" and after == "A":
        return -3.0
    if before == "_" and after == "_":
        return 3.0 if char == "à" else -2.0
    if after == "A" or (before == "A" and after == "_"):
        return -1.0
    if (char in _NEVER_FIRST and before == "_") or (char == "ç" and after == "_") or (char == "ù" and after == "a"):
        return -2.0
    if char == "à" and before in "aA" and after == "a":
        return -1.0
    return _LOWER.get(char, 0.0)


def _upper(char: str, before: str, after: str) -> float:
    """Weigh an upper-case letter: it opens a word or belongs in an upper-case one."""
    if before == "a" or (before == "A" and after == "a"):
        return -4.0
    if before == "_" and after == "_":
        return 2.0 if char == "À" else -1.0
    if before == "_" and char in _NEVER_FIRST:
        return -1.0
    if char == "È" and before == "_" and after == "a":
        return 0.3
    return _UPPER.get(char, -0.5)


def _mark(char: str, before: str, after: str) -> float:
    """Weigh a sign: quotes face their word, apostrophes join letters, symbols stay out of words."""
    letter_before, letter_after = before in "aA", after in "aA"
    if char == "’":
        return 3.0 if letter_before and letter_after else 0.5 if letter_before else -1.0
    if char in "«“‘":
        return -2.0 if letter_before else 2.0
    if char in "»”":
        return -2.0 if letter_after else 2.0
    if char not in _MARKS:
        return -8.0 if "\x80" <= char <= "\x9f" else -5.0
    if (letter_before and letter_after) or (char in "²³½¼" and letter_after):
        return -2.0
    return _MARKS[char]
