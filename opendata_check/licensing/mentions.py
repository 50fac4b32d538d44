"""Finds the licences that a sentence names, each with whether the sentence denies it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from opendata_check.licensing.addresses import licence_at
from opendata_check.licensing.knowledge import conditions, licences, words
from opendata_check.licensing.tokens import END, OPENING, PAUSE

HARMLESS = "~"
"""Stands for a word of a turn of phrase without consequence."""
_VERSION = re.compile(r"^v?(\d)(?:\.(\d))?(?:\.0)?$")
_AHEAD = 9
_COMPARED_WITHIN = 60
_BEFORE = 5
_MARKS = frozenset({END, PAUSE, OPENING})

Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
"""By first word: the words of each phrase, longest first, and what it stands for."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One licence named in a text."""

    id: str
    firm: bool = True
    """False for the address of a licence's home page: it proves no version."""
    denied: bool = False


def phrases(pairs: Sequence[tuple[str, str]]) -> Phrases:
    """Return phrases ready to be looked for."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, meaning in pairs:
        split = tuple(phrase.split())
        found.setdefault(split[0], []).append((split, meaning))
    return {first: tuple(sorted(group, key=lambda item: -len(item[0]))) for first, group in found.items()}


def longest(known: Phrases, said: Sequence[str], at: int) -> tuple[str, int]:
    """Return what the longest phrase that begins there stands for, and its length; ("", 0) when none does."""
    for split, meaning in known.get(said[at], ()):
        if tuple(said[at : at + len(split)]) == split:
            return meaning, len(split)
    return "", 0


def without_harmless(said: Sequence[str]) -> list[str]:
    """Return the words with the turns of phrase of no consequence blotted out."""
    bare, at = list(said), 0
    while at < len(said):
        _, length = longest(_harmless(), said, at)
        if length:
            bare[at : at + length] = [HARMLESS] * length
        at += length or 1
    return bare


def mentions(said: Sequence[str], addresses: Sequence[str]) -> Iterator[Mention]:
    """Yield the licences named by words and addresses, in order. ``said`` is what ``tokens`` returns."""
    bare, at = without_harmless(said), 0
    while at < len(said):
        name, firm, length = _named_at(said, addresses, at)
        if name and not _is_generic(said, at, length) and not _compared(bare, at):
            denied = _denied_before(bare, at) or _denied_after(bare, at + length)
            yield Mention(name, firm, denied)
        at += length or 1


def restriction(said: Sequence[str]) -> str:
    """Return what closes the licence, in French words of rules/licences.yaml; "" when nothing does."""
    bare = without_harmless(said)
    for sentence in _sentences(bare):
        for item in conditions():
            if _holds(sentence, item.words, item.within):
                return item.says
    return ""


def _named_at(said: Sequence[str], addresses: Sequence[str], at: int) -> tuple[str, bool, int]:
    """Return the licence named at that word, whether its version is proven, and how many words name it."""
    if said[at].startswith("\x01"):
        name, firm = licence_at(addresses[int(said[at][1:])])
        return name, firm, 1
    name, length = _creative_commons(said, at)
    if name:
        return name, True, length
    name, length = longest(_names(), said, at)
    if name:
        if licences()[name].family not in _versioned():
            return name, True, length
        version, end = _version_after(said, at + length)
        if _another_version(said, end):
            return licences()[name].family, True, length
        return _of_version(name, version), True, end - at if version else length
    name, length = longest(_names_with_version(), said, at)
    if name:
        version, end = _version_after(said, at + length)
        if version and _of_version(name, version) != name:
            return _of_version(name, version), True, end - at
    return "", False, 0


def _version_after(said: Sequence[str], at: int) -> tuple[str, int]:
    """Return the version written soon after a name (« 2.0 ») and where it ends; ("", at) when none is."""
    for rank in range(at, min(at + _AHEAD, len(said))):
        version = _version(said, rank)
        if version:
            return version, rank + 1
        if said[rank] == END or (said[rank] not in _MARKS and said[rank] not in _between()):
            break
    return "", at


def _version(said: Sequence[str], rank: int) -> str:
    match = _VERSION.match(said[rank])
    if match is None:
        return ""
    if match[2] is None and not said[rank].startswith("v") and said[rank - 1] not in {"v", "version", "ver", "vers"}:
        follower = said[rank + 1] if rank + 1 < len(said) else END
        if follower not in _MARKS and follower not in _between() and not follower.startswith("\x01"):
            return ""  # « licence ouverte, 2 fichiers »
    return f"{match[1]}.{match[2] or 0}"


def _another_version(said: Sequence[str], at: int) -> bool:
    """Return whether a second version follows (« 1.0 ou 2.0 »): then none is told."""
    return at + 1 < len(said) and said[at] in _set("joined") and bool(_version(said, at + 1))


def _of_version(name: str, version: str) -> str:
    """Return the licence of a family in a version; the family when that version is not known."""
    if not version or name not in licences():
        return name
    family = licences()[name].family
    return _by_version().get((family, version), name)


def _creative_commons(said: Sequence[str], at: int) -> tuple[str, int]:
    """Return the Creative Commons licence spelled from that word on, and how many words spell it.

    « Creative Commons » alone names none: the elements (BY, NC…) or their French words make it.
    """
    _, length = longest(_openings(), said, at)
    if not length and not (said[at] == "cc" and at + 1 < len(said) and longest(_elements(), said, at + 1)[1]):
        return "", 0
    rank, found, version, end = at + (length or 1), set[str](), "", at + (length or 1)
    while rank < len(said) and rank - at < 40 and said[rank] != END:
        element, size = longest(_elements(), said, rank)
        written = "" if element else _version(said, rank)
        if element and not (element == "by" and version):
            found.add(element)
        elif written and found and not version:
            version, size = written, 1
        elif said[rank] == "cc" and found and said[rank - 1] != OPENING:
            break  # another licence begins
        elif said[rank] in _MARKS or said[rank] in _between() or said[rank] == "cc" or element:
            size = size or 1
            rank += size
            continue
        else:
            break
        rank += size
        end = rank
    return _of_elements(found, "" if _another_version(said, end) else version), end - at


def _of_elements(found: set[str], version: str) -> str:
    if "zero" in found:
        return "cc-zero" if found == {"zero"} else ""
    if not found or found == {"sa"}:
        return ""
    base = "-".join(["cc", "by", *(element for element in ("nc", "sa", "nd") if element in found)])
    if base not in licences():
        return ""
    return f"{base}-{version}" if f"{base}-{version}" in licences() else base


def _is_generic(said: Sequence[str], at: int, length: int) -> bool:
    """Return whether the words are common ones (« une licence ouverte ») and name none."""
    return at > 0 and said[at - 1] in _set("generic") and length <= 2 and said[at] in {"licence", "license", "open"}


def _compared(bare: Sequence[str], at: int) -> bool:
    return bool(_set("compared") & set(_back(bare, at, _COMPARED_WITHIN, stop={END})))


def _denied_before(bare: Sequence[str], at: int) -> bool:
    return bool(_set("denied") & set(_back(bare, at, _BEFORE, stop={END, PAUSE})))


def _denied_after(bare: Sequence[str], at: int) -> bool:
    near = [word for word in bare[at : at + 3] if word not in {PAUSE, OPENING}][:1]
    return bool(near) and near[0] in _set("denied_after")


def _back(bare: Sequence[str], at: int, count: int, stop: set[str]) -> Iterator[str]:
    for rank in range(at - 1, max(-1, at - 1 - count), -1):
        if bare[rank] in stop:
            return
        yield bare[rank]


def _sentences(bare: Sequence[str]) -> Iterator[list[str]]:
    sentence: list[str] = []
    for word in bare:
        if word == END:
            yield sentence
            sentence = []
        elif word not in (PAUSE, OPENING):
            sentence.append(word)
    yield sentence


def _holds(sentence: Sequence[str], wanted: Sequence[tuple[str, ...]], within: int) -> bool:
    """Return whether the sentence has the wanted words in order, each within ``within`` words of the one before."""
    last: list[int | None] = [None] * len(wanted)
    for rank, word in enumerate(sentence):
        for step in range(len(wanted) - 1, -1, -1):
            if not _is_one_of(word, wanted[step]):
                continue
            before = rank if step == 0 else last[step - 1]
            if before is not None and rank - before <= within:
                last[step] = rank
                if step == len(wanted) - 1:
                    return True
    return False


@lru_cache(maxsize=8192)
def _is_one_of(word: str, wanted: tuple[str, ...]) -> bool:
    """Return whether a word is one of these, or begins with one of more than four letters."""
    return any(word == one or (len(one) > 4 and word.startswith(one)) for one in wanted)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(words(name))


@cache
def _between() -> frozenset[str]:
    return frozenset(words("between"))


@cache
def _harmless() -> Phrases:
    return phrases([(phrase, HARMLESS) for phrase in words("harmless")])


@cache
def _openings() -> Phrases:
    return phrases([(phrase, "cc") for phrase in words("creative_commons")])


@cache
def _elements() -> Phrases:
    return phrases([(phrase, element) for element, group in words("elements").items() for phrase in group])


@cache
def _names() -> Phrases:
    return phrases([(name, one.id) for one in licences().values() for name in one.names])


@cache
def _names_with_version() -> Phrases:
    return phrases([(name, one.id) for one in licences().values() for name in one.names_with_version])


@cache
def _by_version() -> dict[tuple[str, str], str]:
    return {(one.family, one.version): one.id for one in licences().values() if one.version}


@cache
def _versioned() -> frozenset[str]:
    return frozenset(family for family, _ in _by_version())
