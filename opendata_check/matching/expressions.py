"""The expressions that name families, indexed by their first word, and what a text says with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from opendata_check.errors import RulesError
from opendata_check.matching.families import Family, families
from opendata_check.matching.words import Words, words_of

_GLUED_LETTERS = 12
_GLUED_KEY = 6
_MAX_GLUED_WORD = 80


@dataclass(frozen=True, slots=True)
class Heard:
    """A family that a text names."""

    family: Family
    surely: bool
    """True for an expression, False for an ambiguous short word."""
    first: bool
    """True for what the text names first: « fréquentation des piscines » is about attendance."""
    expression: str
    """The expression of the rules that was heard."""


@dataclass(frozen=True, slots=True)
class _Expression:
    family: Family
    text: str
    words: Words
    size: int
    role: str
    """``title``, ``hint`` or ``exclusion``."""
    glued: str
    """How it looks in one long word (« equipementscollectifspublics »); "" for short ones."""


_Hit = tuple[int, int, _Expression]
"""First word, last word (excluded), what was heard there."""


def _unplural(word: str) -> str:
    return word.replace("s", "").replace("x", "")


def _expression(family: Family, text: str, role: str) -> _Expression:
    words = words_of(text)
    if not words:
        raise RulesError(f"l'expression « {text} » ne contient aucun mot utile", where="expected_datasets.yaml")
    glued = _unplural("".join(words)) if len(words) > 1 else ""
    return _Expression(family, text, words, len(words), role, glued if len(glued) >= _GLUED_LETTERS else "")


@cache
def _all() -> tuple[_Expression, ...]:
    return tuple(
        _expression(family, text, role)
        for family in families()
        for role, texts in (("title", family.titles), ("hint", family.hints), ("exclusion", family.exclusions))
        for text in texts
    )


@cache
def _by_first_word() -> dict[str, tuple[_Expression, ...]]:
    index: dict[str, list[_Expression]] = {}
    for item in _all():
        index.setdefault(item.words[0], []).append(item)
    return {word: tuple(items) for word, items in index.items()}


@cache
def _by_glued_start() -> dict[str, tuple[_Expression, ...]]:
    index: dict[str, list[_Expression]] = {}
    for item in _all():
        if item.glued:
            index.setdefault(item.glued[:_GLUED_KEY], []).append(item)
    return {start: tuple(items) for start, items in index.items()}


def heard_in(words: Words) -> list[Heard]:
    """Return the families that words name, each once, in the order the words name them.

    An expression silences those it contains (« parking à vélos » is no « parking »); a false friend silences its
    family; a sure expression silences the ambiguous words around it.
    """
    hits = list(_hits(_unelided(words)))
    if not hits:
        return []
    excluded = {item.family.id for _, _, item in hits if item.role == "exclusion"}
    kept = [hit for hit in hits if hit[2].role != "exclusion" and hit[2].family.id not in excluded]
    if len(kept) > 1:
        kept = [hit for hit in kept if not any(_contains(other, hit) for other in kept)]
    sure = any(item.role == "title" for _, _, item in kept)
    if sure:
        kept = [hit for hit in kept if hit[2].role == "title"]
    found: dict[str, Heard] = {}
    start_of_all = min((start for start, _, _ in kept), default=0)
    for start, _, item in sorted(kept, key=lambda hit: (hit[0], -hit[1])):
        found.setdefault(item.family.id, Heard(item.family, sure, start == start_of_all, item.text))
    return list(found.values())


_ELIDED = frozenset({"d", "l"})
_MUTE = frozenset("aeiouyh")
"""Before these letters an article is cut, and an address of a page glues it: « plan-local-durbanisme »."""


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for item in _all() for word in item.words)


def _unelided(words: Words) -> Words:
    """Return the words without the article glued to them: durbanisme → urbanisme, when only the latter is known."""
    if not any(word[0] in _ELIDED and word[1:2] in _MUTE for word in words):
        return words
    known = _vocabulary()
    return tuple(
        word[1:]
        if word[0] in _ELIDED and word[1:2] in _MUTE and word not in known and word[1:] in known
        else word
        for word in words
    )  # fmt: skip


def _contains(longer: _Hit, hit: _Hit) -> bool:
    return longer[0] <= hit[0] and longer[1] >= hit[1] and longer[1] - longer[0] > hit[1] - hit[0]


def _hits(words: Words) -> Iterator[_Hit]:
    index = _by_first_word()
    for start, word in enumerate(words):
        for item in index.get(word, ()):
            end = start + item.size
            if item.size == 1 or words[start:end] == item.words:
                yield start, end, item
        if len(word) >= _GLUED_LETTERS:
            yield from _glued(word, start)


def _glued(word: str, place: int) -> Iterator[_Hit]:
    """Yield the expressions of several words found inside one long word; the longest stands for those it holds."""
    plain = _unplural(word[:_MAX_GLUED_WORD])
    index = _by_glued_start()
    found = [
        (start, start + len(item.glued), item)
        for start in range(len(plain) - _GLUED_LETTERS + 1)
        for item in index.get(plain[start : start + _GLUED_KEY], ())
        if plain.startswith(item.glued, start)
    ]
    for hit in found:
        if not any(_contains(other, hit) for other in found):
            yield place, place + 1, hit[2]
