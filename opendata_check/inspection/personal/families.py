"""Tells which family of article D312-1-3 of the CRPA lets a table name persons, if any."""

from __future__ import annotations

from opendata_check.inspection.personal.context import Context, reaches
from opendata_check.inspection.personal.tally import Tally
from opendata_check.inspection.personal_words import Family, words

OF_PRIVATE_PERSONS = frozenset({"planning_permits", "archives"})
"""Families whose documents name private persons."""


def family_of(context: Context) -> Family | None:
    """Return the family of article D312-1-3 that the labels announce; None for a file of private life."""
    reached = any(_reaches_home(tally) for tally in context.tallies)
    scores = {family.id: _score(family, context, reached=reached) for family in words().families}
    by_id = {family.id: family for family in words().families}
    elected = by_id["elected_officials"]
    office = scores[elected.id] and any(elected.signs.search(tally.text) for tally in context.tallies)
    if office and not any(_denies_office(tally, elected) for tally in context.tallies):
        return elected
    for best in sorted((family for family in by_id if scores[family]), key=lambda family: -scores[family]):
        if _lets_through(by_id[best], context):
            return by_id[best]
    return None


def _denies_office(tally: Tally, elected: Family) -> bool:
    """Return whether a column is none that a table of elected officials has: « mandat » is also an order to pay."""
    return is_numbered(tally) or (_is_of_private_life(tally, elected) and not tally.says("home_address", "birth"))


def _score(family: Family, context: Context, *, reached: bool) -> int:
    """Return how many columns announce a family."""
    weak = None if reached else family.weak
    score = sum(
        bool(family.signs.search(tally.text) or (weak and weak.search(tally.text))) for tally in context.tallies
    )
    if family.id == "professionals":
        score += any(tally.share("regulated") >= 0.5 for tally in context.tallies)
    return score


def _reaches_home(tally: Tally) -> bool:
    """Return whether a column tells where persons live, or how to reach them at home."""
    if tally.says("place_address", "service_phone", "public_person"):
        return False
    return (
        tally.share("address") >= 0.3
        or tally.count("mobile") >= 0.3 * tally.filled
        or tally.count("free_mail") >= 0.3 * tally.filled
    )


def _lets_through(family: Family, context: Context) -> bool:
    """Return whether the table may be a document of this family: nothing in it is of private life only."""
    if family.id == "archives" and context.saying("present_life"):
        return False
    if family.id != "professionals" and any(_speaks_of_health(tally, context) for tally in context.tallies):
        return False
    private = family.id in OF_PRIVATE_PERSONS
    if any(is_secret(tally, context, births=family.id != "planning_permits") for tally in context.tallies):
        return False
    return private or not any(_is_of_private_life(tally, family) for tally in context.tallies)


def is_secret(tally: Tally, context: Context, *, births: bool) -> bool:
    """Return whether a column is one that no family lets through: it makes the whole table a file of private life."""
    return (
        (births and tally.position in context.births)
        or is_numbered(tally)
        or tally.count("iban") > 0
        or tally.says("hr_private")
        or (tally.says("secret") and not context.things)
        or _is_sensitive(tally)
        or tally.share("health") >= 0.6
    )


def _speaks_of_health(tally: Tally, context: Context) -> bool:
    """Return whether a label is about the health of whoever the row is."""
    told = tally.says("health") and not tally.says("ambiguous", "thing_name", "statistics", "organised_care")
    return told and not context.things


def _is_of_private_life(tally: Tally, family: Family) -> bool:
    """Return whether a column is about persons in their private life, and is no sign of the family."""
    if tally.says("home_address"):
        return True
    if family.signs.search(tally.text) or (family.beside and family.beside.search(tally.text)):
        return False
    return tally.says("private_person") and not tally.whole and not reaches(tally)


def _is_sensitive(tally: Tally) -> bool:
    """Return whether a column speaks of health or of social help with words that leave no doubt."""
    return (tally.says("health") and tally.share("health") >= 0.2) or (
        tally.says("social") and tally.share("social") >= 0.3
    )


def is_numbered(tally: Tally) -> bool:
    """Return whether a column holds the numbers by which the State knows persons, or their accounts."""
    return (
        tally.part("nir") > 0.3
        or (tally.says("nir") and tally.count("nir_shaped") > 0)
        or tally.count("iban") > 0.3 * tally.filled
    )
