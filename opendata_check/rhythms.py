"""How often data are updated, as catalogues say it: ids, codes, durations and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.folding import fold
from opendata_check.resources import load_yaml, rules_folder

_DURATION = re.compile(
    r"^(?:r\d{0,4}/)?p(?:(\d{1,4}(?:[.,]\d{1,3})?)y)?(?:(\d{1,4}(?:[.,]\d{1,3})?)m)?(?:(\d{1,4})w)?(?:(\d{1,5}(?:[.,]\d{1,3})?)d)?"
    r"(t(?:\d{1,5}(?:[.,]\d{1,3})?[hms]){1,3})?$"
)
_MONTH = 30.44
_PERIODS = (365.25, _MONTH, 7.0, 1.0)
"""Days of a year, a month, a week, a day: those of an ISO 8601 duration."""
_WORD = re.compile(r"[a-z0-9]+|[.;,]")
_NEAR = 0.06
"""How far a duration may be from a known rhythm and still be it: three months of 90 or 93 days."""
_DENIED_WITHIN = 2


@dataclass(frozen=True, slots=True)
class Frequency:
    """An update frequency; ``days`` is the longest delay it allows, None when it gives none."""

    id: str
    title: str
    days: int | None
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    stated: bool = True


@cache
def _content() -> dict[str, Any]:
    path = rules_folder() / "frequencies.yaml"
    content = load_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get("frequencies"), list):
        raise RulesError("on attend une liste « frequencies »", where=str(path))
    return content


def _reading(name: str) -> Any:
    return _content()["reading"][name]


@cache
def frequencies() -> dict[str, Frequency]:
    """Return the known update frequencies by id."""
    return {
        entry["id"]: Frequency(
            entry["id"],
            entry["title"],
            entry["days"],
            tuple(entry["codes"]),
            tuple(entry["words"]),
            entry.get("stated", True),
        )
        for entry in _content()["frequencies"]
    }


@lru_cache(maxsize=1024)
def frequency_of(text: str) -> Frequency | None:
    """Return the frequency meant by an id, a code or URI, a duration or a sentence; None when unknown.

    Only the first 300 characters are read. A sentence that names two rhythms names none.
    """
    folded = fold(text)
    if not folded:
        return None
    tail = re.split(r"[/#]|^freq:", folded.rstrip("/"))[-1]
    found = _codes().get(folded) or _codes().get(tail)
    if found:
        return frequencies()[found]
    return _of_duration(folded.replace(" ", "")) or _of_duration(tail) or _of_sentence(folded)


@cache
def _codes() -> dict[str, str]:
    return {
        fold(name): one.id for one in frequencies().values() for name in (one.id, one.title, *one.codes, *one.words)
    }


def _of_duration(folded: str) -> Frequency | None:
    """Return the frequency of an ISO 8601 duration, repeating or not (``P1Y``, ``R/P3M``, ``PT1H``)."""
    match = _DURATION.match(folded)
    if match is None or not any(match.groups()):
        return None
    days = sum(
        float(said.replace(",", ".")) * size for said, size in zip(match.groups(), _PERIODS, strict=False) if said
    )
    if days:
        return _of_days(days)
    return frequencies()["hourly" if "h" in match[5] else "continuous"]


def _of_days(days: float) -> Frequency:
    """Return the known frequency of that many days, else one made for it."""
    timed = [one for one in frequencies().values() if one.days and not _several_times(one)]
    near = min(timed, key=lambda one: abs((one.days or 0) - days))
    if near.days and abs(near.days - days) <= max(0.2, _NEAR * near.days):
        return near
    whole, months = max(1, round(days)), round(days / _MONTH)
    unit, count = ("months", months) if months > 1 and abs(months * _MONTH - days) < months else ("days", whole)
    return Frequency(f"every-{whole}-days", _reading("titles")[unit].format(count=count), whole)


def _several_times(one: Frequency) -> bool:
    """Return whether it is several times within its delay: no duration means that."""
    return one.id in {"hourly", "severalTimesADay", "threeTimesAWeek", "semimonthly"}


def _of_sentence(folded: str) -> Frequency | None:
    """Return the one rhythm that a sentence names; what says nothing (« inconnue ») counts only when alone."""
    words = _WORD.findall(folded.replace("'", " ").replace("-", " "))
    found = {one.id: one for one in _named(words)}
    stated = [one for one in found.values() if one.stated] or list(found.values())
    timed = [one for one in stated if one.days is not None]
    if len(stated) == 1:
        return stated[0]
    # « mise à jour ponctuelle, au moins une fois par an » : the rhythm that gives a delay is the promise.
    return (
        timed[0]
        if len(timed) == 1 and all(one.id in {"irregular", "punctual", "other"} for one in stated if one.days is None)
        else None
    )


def _named(words: Sequence[str]) -> Iterator[Frequency]:
    at = 0
    while at < len(words):
        counted, length = _counted(words, at)
        if counted is None:
            counted, length = _worded(words, at)
        if counted is not None and not _is_denied(words, at, counted):
            yield counted
        at += length or 1


def _is_denied(words: Sequence[str], at: int, one: Frequency) -> bool:
    before = words[max(0, at - _DENIED_WITHIN) : at]
    return one.days is not None and any(word in _reading("denied") for word in before)


def _worded(words: Sequence[str], at: int) -> tuple[Frequency | None, int]:
    for split, found in _phrases().get(words[at], ()):
        if tuple(words[at : at + len(split)]) == split:
            return frequencies()[found], len(split)
    return None, 0


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    groups: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for one in frequencies().values():
        for phrase in one.words:
            split = tuple(phrase.split())
            groups.setdefault(split[0], []).append((split, one.id))
    return {first: tuple(sorted(group, key=lambda item: -len(item[0]))) for first, group in groups.items()}


def _counted(words: Sequence[str], at: int) -> tuple[Frequency | None, int]:
    """Return the rhythm counted there: « tous les 6 mois », « 2 fois par an », « twice a month »."""
    rank = at
    if words[rank] in _reading("every"):
        rank += 1
        rank += rank < len(words) and words[rank] in _reading("articles")
        count = _number(words, rank)
        unit = _unit(words, rank + 1)
        if count is not None and unit is not None:
            return _of_days(count * unit) if unit else frequencies()[
                "continuous" if "min" in words[rank + 1] else "severalTimesADay"
            ], rank + 2 - at
        return None, 0
    count = _number(words, rank)
    if count is None:
        return None, 0
    rank += 1
    rank += rank < len(words) and words[rank] in _reading("times")
    if rank < len(words) and words[rank] in _reading("per"):
        unit = _unit(words, rank + 1)
        if unit is not None:
            return _times(count, unit), rank + 2 - at
    return None, 0


def _times(count: int, unit: int) -> Frequency:
    """Return the frequency of « count times a unit »."""
    known = frequencies()
    if unit == 0:
        return known["hourly"]
    if count == 1:
        return _of_days(unit)
    if unit < 366:
        return known[{1: "severalTimesADay", 7: "threeTimesAWeek", 31: "semimonthly"}.get(unit, "monthly")]
    return _of_days(unit / count)


def _number(words: Sequence[str], rank: int) -> int | None:
    if rank >= len(words):
        return None
    word = words[rank]
    if word.isdecimal() and len(word) <= 3:
        return int(word) or None
    found = _reading("numbers").get(word)
    return int(found) if found is not None else None


def _unit(words: Sequence[str], rank: int) -> int | None:
    found = _reading("units").get(words[rank]) if rank < len(words) else None
    return int(found) if found is not None else None
