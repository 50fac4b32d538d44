"""Judges what tells a person's life: name, birth, home, health, social help, school, land, texts, very small counts."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.inspection.personal import names
from opendata_check.inspection.personal.births import is_year
from opendata_check.inspection.personal.contacts import Judgement
from opendata_check.inspection.personal.context import DOUBTFUL, FAIR, LIKELY, Context, name_share
from opendata_check.inspection.personal.naming import names_thing
from opendata_check.inspection.personal.tally import FEW, NAMED, WHOLE, Tally
from opendata_check.inspection.personal_words import words

_CLASSES = 0.6
"""Share of a column that is classes of school, under a label that says nothing."""
_NOTED = 0.05
"""Share of the notes about persons that speaks of their health."""


def judged(tally: Tally, context: Context) -> Iterator[Judgement]:
    """Yield what a column holds of these."""
    yield from _birth(tally, context)
    named = list(_name(tally, context))
    yield from named
    if named:
        return
    yield from _home(tally, context)
    yield from _sensitive(tally, context)
    yield from _text(tally, context)
    yield from _small_counts(tally, context)


def _birth(tally: Tally, context: Context) -> Iterator[Judgement]:
    said = context.births.get(tally.position)
    if said is None and _tells_births(tally, context):
        yield "birth_date", "born", FAIR, "birth_told", ""
    if said is None and _tells_years(tally, context):
        said = (FAIR, "birth_label")
    if said:
        if context.dead:
            said = (min(said[0], DOUBTFUL), said[1])
        family = context.family
        # The national register of elected officials is public with their dates of birth.
        through = family.id if family is not None and family.id == "elected_officials" else ""
        yield "birth_date", "date", *said, through


def _tells_births(tally: Tally, context: Context) -> bool:
    """Return whether sentences tell when somebody was born; those on the lives that streets remember do not count."""
    return tally.count("born") > 0 and not context.things and not context.saying("remembered")


def _tells_years(tally: Tally, context: Context) -> bool:
    """Return whether a column is years of birth, beside the names of private persons."""
    private = bool(context.named) and context.private and context.family is None
    return private and tally.says("birth") and is_year(tally)


def _name(tally: Tally, context: Context) -> Iterator[Judgement]:
    said = context.named.get(tally.position)
    if said is None:
        return
    if tally.says("owner") and context.saying("parcel"):
        yield "owner", WHOLE, said[0], "owner_of_parcel", ""
        return
    if context.dead and (tally.says("dead") or not tally.says("private_person")):
        said = (min(said[0], DOUBTFUL), said[1])
    few = name_share(tally) + tally.share(names.FIRST, names.LAST) < 0.3 and tally.count(NAMED) > 0
    family = context.family
    yield "person_name", NAMED if few else WHOLE, *said, family.id if family is not None else ""


def _home(tally: Tally, context: Context) -> Iterator[Judgement]:
    family = context.family
    if tally.says("latitude", "longitude") or tally.share("point") >= 0.5:
        if context.private and family is None and (not context.things or context.owned or tally.says("home_address")):
            yield "home_place", WHOLE, FAIR, "point_beside_names", ""
        return
    if tally.says("email", "phone", "birth"):
        return
    hamlet = tally.says("home_place_name") and not context.saying("parcel")
    hamlet = hamlet or (tally.says("surely_address") and tally.wordy and tally.distinct >= 0.1 * tally.distinct_of > 0)
    looks = hamlet or tally.share("address", "numbered", names.PLACE) >= 0.3
    said = tally.says("address") or tally.share("address") >= 0.6
    covered = (context.things and not context.owned) or (family is not None and family.trade)
    lives = tally.says("home_address") and (
        context.persons or (tally.share("address") >= 0.3 and tally.says("surely_address") and not context.things)
    )
    if lives and looks:
        yield "person_address", WHOLE, LIKELY, "home_label", ""
    elif (
        said
        and looks
        and (context.private or _one_each(tally, context))
        and context.named
        and not covered
        and not tally.says("place_address")
    ):
        yield "person_address", WHOLE, LIKELY, "home_beside_names", ""


def _one_each(tally: Tally, context: Context) -> bool:
    """Return whether street addresses stand beside agents, nearly one for each: homes, though the names are public."""
    agents = context.family is not None and context.family.id == "organisation_charts" and not context.things
    return agents and tally.share("address") >= 0.5 and tally.distinct >= 0.6 * tally.distinct_of > 3


def _sensitive(tally: Tally, context: Context) -> Iterator[Judgement]:
    """Judge health, social help and school: only of persons, never of equipment, menus, tariffs or counts."""
    if context.family is not None and not context.private:
        return
    about = context.private or context.births or context.keyed
    staff = bool(context.named) and not context.things and context.family is None
    counted = tally.says("statistics") and not context.private and not tally.share("health", "social", "school")
    for kind, needs in (("health", 0.1), ("social", 0.1), ("school", 0.1)):
        if not tally.says(kind) or counted or (kind == "health" and context.saying("animals")):
            continue
        spoken = tally.share(kind) >= needs
        if tally.says("ambiguous") and not spoken:
            continue
        if kind == "school" and not context.saying("school_person") and not spoken:
            continue
        of_persons = about or (kind == "health" and staff)
        if of_persons and not context.statistics and (spoken or _only_of_persons(tally)):
            yield kind, WHOLE, LIKELY if spoken else FAIR, f"{kind}_label", ""
            return
    if about and not context.statistics and not _is_of_things(tally):
        for kind in ("health", "social"):
            if tally.share(kind) >= 0.5:
                yield kind, WHOLE, FAIR, "sensitive_values", ""
                return
        noted = (tally.says("notes", "text") or not tally.says_much) and tally.share("health") >= _NOTED
        pupils = (context.saying("school_person") or not tally.says_much) and tally.share("school") >= _CLASSES
        if noted or pupils:
            yield "health" if noted else "school", WHOLE, FAIR, "sensitive_values", ""


def _only_of_persons(tally: Tally) -> bool:
    """Return whether a label that speaks of care, help or school has no other sense."""
    return tally.says("private_person") or not names_thing(tally)


def _text(tally: Tally, context: Context) -> Iterator[Judgement]:
    if not tally.is_text and not tally.says("notes", "text"):
        return
    civil, bare = max(tally.shapes["civil_text"], tally.confirmed), tally.shapes["bare_text"]
    if not civil and (bare < 2 or bare < 0.03 * tally.read):
        return
    private = tally.shapes["private_text"]
    family = _family_of_text(tally, context)
    confidence = LIKELY if private else FAIR if civil else DOUBTFUL
    reason = "text_with_civility" if civil else "text_with_names"
    recorded = "civil_text" if tally.count("civil_text") >= tally.count(NAMED) else NAMED
    yield "named_in_text", recorded, confidence, reason, family


def _is_of_things(tally: Tally) -> bool:
    """Return whether values that sound sensitive are an address, a name or a sentence about a thing."""
    return tally.says("address", "last_name") or names_thing(tally) or (tally.says("thing_name") and tally.is_text)


def _family_of_text(tally: Tally, context: Context) -> str:
    """Return the family that lets sentences name persons, "" when some of them are about something else.

    « Désignation de M. X » tells of an office. One « Cession à M. X » among a hundred of these is enough to ask.
    """
    shapes, announced = tally.shapes, context.announced
    office, private = shapes["office_text"], shapes["private_text"]
    stray = shapes["bare_elsewhere"] >= max(2, 0.03 * tally.read)
    if office > private and not shapes["civil_elsewhere"] and not stray:
        return "elected_officials"
    if announced is None or not announced.texts or announced.id == "elected_officials":
        return ""
    return "" if private or context.private else announced.id


def _small_counts(tally: Tally, context: Context) -> Iterator[Judgement]:
    """Judge a column of counts of persons: some under five, in a population cut by area and by what persons are."""
    if (
        tally.whole < words().thresholds["mostly"] * tally.filled
        or tally.count(FEW) < words().thresholds["small_share"] * tally.whole
    ):
        return
    own_cut = tally.says("breakdown") and tally.says("person_group", "persons_counted")
    persons = tally.says("persons_counted") or own_cut
    bare = tally.says("statistics") and not tally.says("thing_name")
    if context.named or context.saying("first_name") or tally.says("not_counted") or not (persons or bare):
        return
    if tally.says("thing_name", "things_counted") and not tally.says("person_group"):
        return
    if (own_cut or context.saying("breakdown", words_only=True)) and context.saying("small_area") > tally.says(
        "small_area"
    ):
        yield "small_counts", FEW, FAIR, "few_persons", ""
