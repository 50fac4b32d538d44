"""Finds the columns of birth dates of the living, by their label or by the ages they tell."""

from __future__ import annotations

from opendata_check.inspection.personal.context import FAIR, SURE, Context
from opendata_check.inspection.personal.tally import Tally
from opendata_check.inspection.personal_words import words

_DEAD_BEFORE = 1905


def _median(tally: Tally) -> int:
    years = sorted(tally.years.elements())
    return years[len(years) // 2] if years else 0


def birth_columns(context: Context) -> dict[int, tuple[float, str]]:
    """Return the columns of birth dates: how sure, and why."""
    found: dict[int, tuple[float, str]] = {}
    if any(tally.says("animals") for tally in context.tallies) or is_historic(context):
        return found
    for tally in context.tallies:
        if tally.part("date") <= words().thresholds["mostly"]:
            continue
        median = _median(tally)
        if median and median < _DEAD_BEFORE:
            continue
        told = tally.is_text  # « né le 3 mai 1950 à Paris »
        if told or (tally.says("birth") and not tally.says("not_birth")):
            found[tally.position] = (SURE, "birth_label")
        elif context.named and not tally.says("not_birth", "other_date") and _are_ages(tally):
            found[tally.position] = (FAIR, "birth_ages")
    return found


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
        tally.text.split()[:1] in (["voie"], ["rue"], ["odonyme"], ["monument"], ["oeuvre"])
        for tally in context.tallies
    )
    dead = any(tally.says("birth") and tally.years and _median(tally) < _DEAD_BEFORE for tally in context.tallies)
    return (about >= 1 and streets) or (about >= 2 and dead)
