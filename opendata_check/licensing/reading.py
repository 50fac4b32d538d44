"""Reads a statement of licence, words and address together; a doubt stays a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from opendata_check.licensing.addresses import exact_ids, licence_at, licence_coded
from opendata_check.licensing.knowledge import Licence, licences, words
from opendata_check.licensing.mentions import Mention, mentions, restriction
from opendata_check.licensing.tokens import LIMIT, key, tokens

_TERMS, _CLOSED_TERMS = "free-terms", "restricted-terms"
_RANKS = {"approved": 0, "open": 0, "closed": 0, "terms": 1, "unnamed": 2, "unstated": 3}
"""What names a licence goes before what only describes or avoids one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement of licence means."""

    licence: Licence | None
    """None when nothing known is named, or more than one thing is."""
    candidates: tuple[Licence, ...] = ()
    """The licences named, when they are several or when a condition undoes the only one."""
    condition: str = ""
    """French: what the text adds to the licence (« l'usage commercial est exclu »); "" when nothing."""

    @property
    def contradictory(self) -> bool:
        """Return whether several licences are named."""
        return len(self.candidates) > 1


_UNKNOWN = Reading(None)


def licence_of(text: str, url: str = "") -> Licence | None:
    """Return the licence meant by an id, a title, a sentence or a URL; None when unknown, doubtful or conditional."""
    return read_licence(text, url).licence


def read_licence(text: str, url: str = "") -> Reading:
    """Return what a statement of licence means.

    An exact id or title goes first, then the addresses and names that a sentence holds. Two licences are never
    decided between: both are told. « Licence Ouverte » without a version is a licence of its own, since the decree
    names no version. A text of more than 10 000 characters is not read.
    """
    return _read(text, url) if len(text) <= LIMIT else _UNKNOWN


@lru_cache(maxsize=1024)
def _read(text: str, url: str) -> Reading:
    named, condition, denied = _said(text)
    at, firm = licence_at(url) if url.strip() else ("", False)
    if at:
        named = (*named, Mention(at, firm))
    kept = _distinct(named)
    if len(kept) > 1:
        return Reading(None, tuple(kept))
    only = kept[0] if kept else None
    if denied:
        return Reading(None, tuple(denied), condition or words("denied_says"))
    if condition and (only is None or only.status in {"terms", "unnamed", "unstated"}):
        return Reading(licences()[_CLOSED_TERMS], (), condition)
    if condition and only is not None and only.status != "closed":
        return Reading(None, (only,), condition)
    return Reading(only)


def _said(text: str) -> tuple[tuple[Mention, ...], str, tuple[Licence, ...]]:
    """Return the licences that a text names, the condition it adds, and the licences it denies."""
    if not text.strip():
        return (), "", ()
    exact = exact_ids().get(key(text)) or (licence_coded(text.strip()) if len(text) < 60 else "")
    if exact:
        return (Mention(exact),), "", ()
    said, addresses = tokens(text)
    found = tuple(mentions(said, addresses))
    denied = tuple(licences()[item.id] for item in found if item.denied and _RANKS[licences()[item.id].status] == 0)
    return tuple(item for item in found if not item.denied), restriction(said), denied


def _distinct(named: Iterable[Mention]) -> list[Licence]:
    """Return the licences that are truly different: versions told once, vague words dropped beside a name."""
    known = licences()
    firm = [known[item.id] for item in named if item.firm]
    versioned = {one.family for one in firm if one.version}
    soft = [known[item.id] for item in named if not item.firm and known[item.id].family not in versioned]
    found = {one.id: one for one in (*firm, *soft)}
    if not found:
        return []
    best = min(_RANKS[one.status] for one in found.values())
    return _by_family([one for one in found.values() if _RANKS[one.status] == best])


def _by_family(found: Sequence[Licence]) -> list[Licence]:
    """Return one licence a family: the version told; the family alone when several are."""
    known, groups = licences(), dict[str, list[Licence]]()
    for one in found:
        groups.setdefault(one.family, []).append(one)
    kept = []
    for family, group in groups.items():
        versions = [one for one in group if one.version]
        alone = versions[0] if len(versions) == 1 else group[0] if not versions else known[family]
        kept.append(alone)
    return kept


def agree(one: Licence, other: Licence) -> bool:
    """Return whether two statements may be of one licence: the same, or one of them without its version."""
    return one.id == other.id or (one.family == other.family and not (one.version and other.version))
