"""Finds the columns of birth dates of the living, by their label or by the ages they tell."""

from __future__ import annotations

from opendata_check.inspection.personal.context import FAIR, SURE, Context
from opendata_check.inspection.personal.tally import Tally
from opendata_check.inspection.personal_words import words

_DEAD_BEFORE = 1905
_OLDEST_ANIMAL = 1995
_DATED = 0.8
"""Share of the rows that tells a death, for a register of the dead."""


def _median(tally: Tally) -> int:
    years = sorted(tally.years.elements())
    return years[len(years) // 2] if years else 0


def birth_columns(context: Context) -> dict[int, tuple[float, str]]:
    """Return the columns of birth dates: how sure, and why."""
    found: dict[int, tuple[float, str]] = {}
    if is_historic(context):
        return found
    animals = context.saying("animals") > 0
    for tally in context.tallies:
        if tally.part("date") <= words().thresholds["mostly"] or is_year(tally):
            continue
        median = _median(tally)
        if (median and median < _DEAD_BEFORE) or (animals and (median > _OLDEST_ANIMAL or not context.named)):
            continue
        told = tally.is_text  # « né le 3 mai 1950 à Paris »
        if told or (tally.says("birth") and not _is_other(tally)):
            found[tally.position] = (SURE, "birth_label")
        elif context.named and _may_be_birth(tally) and (_are_ages(tally) or _are_of_pupils(tally, context)):
            found[tally.position] = (FAIR, "birth_ages")
    return found


def is_year(tally: Tally) -> bool:
    """Return whether the dates are bare years."""
    return tally.share("year") >= words().thresholds["mostly"]


def is_register_of_dead(context: Context) -> bool:
    """Return whether nearly every row has a date of death: the persons are no longer alive."""
    rows = max((tally.filled for tally in context.tallies), default=0)
    return any(
        tally.says("dead") and tally.years.total() >= _DATED * tally.read > 0 and tally.filled >= _DATED * rows
        for tally in context.tallies
    )


def _may_be_birth(tally: Tally) -> bool:
    """Return whether a label says so little that its dates may be births."""
    return not tally.says("other_date") and not _is_other(tally)


def _is_other(tally: Tally) -> bool:
    """Return whether a label is of something else than a date: « commune de naissance », « nb naissances »."""
    return tally.says("not_birth") or (tally.says("birth_place") and not tally.says("dated"))


def _are_of_pupils(tally: Tally, context: Context) -> bool:
    """Return whether dates under a label that says nothing are pupils': some years apart, old enough."""
    years = sorted(tally.years.elements())
    if len(years) < 8 or tally.says_much:
        return False
    unnamed = sum(map(str.isalpha, tally.text)) <= 1
    pupils = (
        unnamed or context.saying("school_person") or any(other.share("school") >= 0.5 for other in context.tallies)
    )
    low, high = years[len(years) // 10], years[(len(years) * 9) // 10]
    return bool(pupils) and 2 <= high - low <= 16 and low >= 1995 and years[len(years) // 2] <= 2019


def _are_ages(tally: Tally) -> bool:
    """Return whether dates are spread over lives: from children to elders, most of them years ago."""
    years = sorted(tally.years.elements())
    if len(years) < 8:
        return False
    low, high = years[len(years) // 10], years[(len(years) * 9) // 10]
    return high - low >= 18 and 1925 <= low <= 1995 and years[len(years) // 2] <= 2005


def is_historic(context: Context) -> bool:
    """Return whether the persons are those that streets, works or monuments remember."""
    about = sum(tally.says("historic") for tally in context.tallies)
    streets = any(
        tally.text.split()[:1] in (["voie"], ["rue"], ["odonyme"], ["plaque"], ["monument"], ["oeuvre"])
        for tally in context.tallies
    )
    dead = any(tally.says("birth") and tally.years and _median(tally) < _DEAD_BEFORE for tally in context.tallies)
    remembered = any(tally.says("remembered") for tally in context.tallies)
    return (streets and (about >= 2 or remembered)) or (about >= 2 and dead)
