"""Reads the columns of a table together: who it names, whether its rows are persons, and the family of the law."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.inspection.personal import names
from opendata_check.inspection.personal.births import birth_columns, is_register_of_dead
from opendata_check.inspection.personal.context import Context, name_share, reaches
from opendata_check.inspection.personal.families import OF_PRIVATE_PERSONS, family_of, is_numbered, is_secret
from opendata_check.inspection.personal.naming import named_columns, part_of_name
from opendata_check.inspection.personal.tally import Tally


def context_of(tallies: Sequence[Tally]) -> Context:
    """Return what the columns tell together."""
    context = Context([tally for tally in tallies if tally.filled])
    context.typed = any(
        tally.says("kind_of_thing") and tally.share(names.ORGANISATION, names.PLACE) >= 0.5 for tally in context.tallies
    )
    alone = not _names_each(context.tallies)
    context.things = context.typed or any(
        _names_things(tally) and (alone or tally.distinct >= 0.5 * tally.distinct_of) for tally in context.tallies
    )
    context.statistics = _counts_persons(context.tallies)
    context.reached = any(
        tally.says("birth", "own_phone")
        or tally.count("mobile") >= 0.5 * tally.filled
        or tally.count("own_mail") >= 0.3 * tally.filled
        or is_numbered(tally)
        or tally.shapes["lady"] > 0
        for tally in context.tallies
    ) or _tells_only_homes(context.tallies)
    context.named = named_columns(context)
    context.statistics = context.statistics and not context.named
    context.births = birth_columns(context)
    context.private = _is_private(context)
    context.announced = family_of(context)
    context.family = context.announced if context.named or context.births else None
    if context.family is not None and context.family.id not in OF_PRIVATE_PERSONS:
        context.private = False
    context.owned = any(tally.position in context.named and tally.says("private_person") for tally in context.tallies)
    context.dead = is_register_of_dead(context)
    context.keyed = any(_is_key(tally) for tally in context.tallies)
    context.keyed = context.keyed or _are_sexed(context)
    context.statistics = context.statistics and not context.keyed
    context.persons = bool(context.named or context.births) or any(
        tally.says("private_person", "public_person", "first_name", "civility") and not reaches(tally)
        for tally in context.tallies
    )
    return context


def _tells_only_homes(tallies: Sequence[Tally]) -> bool:
    """Return whether there are addresses, and no column about any thing but where they are."""
    homes = any(tally.share("address") >= 0.5 for tally in tallies)
    return homes and not any(tally.says("thing_name") and not tally.says("address", "small_area") for tally in tallies)


def _names_each(tallies: Sequence[Tally]) -> bool:
    """Return whether « nom » and « prénom », without more, name somebody else at each row."""
    parts = [(part_of_name(tally), tally) for tally in tallies]
    lasts = [tally for part, tally in parts if part == ("last", "")]
    return any(part == ("first", "") for part, _ in parts) and any(
        tally.distinct >= 0.5 * tally.distinct_of > 3 for tally in lasts
    )


def _is_key(tally: Tally) -> bool:
    """Return whether a column numbers persons, each once: « id_eleve », « num_allocataire »."""
    once = tally.distinct >= 0.9 * tally.distinct_of
    if not once or tally.says("statistics", "party_number"):
        return False
    return tally.says("person_key") or (tally.says("private_person", "staff") and tally.says("row_id"))


def _are_sexed(context: Context) -> bool:
    """Return whether rows are known by a number, each once, and have a sex: persons, though nobody is named."""
    if context.statistics or context.things or context.saying("animals") or not context.saying("sex"):
        return False
    return any(tally.says("row_id") and tally.distinct >= 0.9 * tally.distinct_of >= 7 for tally in context.tallies)


def _names_things(tally: Tally) -> bool:
    if (
        tally.says("private_person")
        or tally.shapes["lady"]
        or name_share(tally) >= 0.5
        or tally.share("address") >= 0.3
    ):
        return False
    if tally.share("school") >= 0.6 and tally.distinct < 0.3 * tally.distinct_of:
        return False  # where pupils go, rather than what the rows are
    return tally.says("thing_row") or (tally.says("last_name") and tally.share(names.ORGANISATION, names.PLACE) >= 0.5)


def _counts_persons(tallies: Sequence[Tally]) -> bool:
    """Return whether the rows are counts: a column of numbers that says so, and nobody's whole name."""
    numbers = any(
        tally.says("statistics") and tally.share("text") == 0 and not tally.shapes["full"] for tally in tallies
    )
    return numbers and not any(name_share(tally) > 0.3 for tally in tallies)


def _is_private(context: Context) -> bool:
    """Return whether rows are persons in their private life, rather than persons who answer for something."""
    if any(_tells_private_life(tally, context) for tally in context.tallies) or context.births:
        return True
    for tally in context.tallies:
        if tally.position in context.named:
            if tally.says("private_person"):
                return True
            if not context.things and not tally.says("public_person"):
                return True
    return False


def _tells_private_life(tally: Tally, context: Context) -> bool:
    """Return whether a column is one that only files about private persons have."""
    if is_numbered(tally):
        return True
    if not context.named:
        return False
    home = tally.says("home_address", "own_phone") and not tally.says("public_person")
    return home or is_secret(tally, context, births=True)
