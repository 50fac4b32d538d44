"""Finds the columns that name persons, apart from streets, firms and the dead that monuments remember."""

from __future__ import annotations

from itertools import pairwise

from opendata_check.inspection.personal import names
from opendata_check.inspection.personal.births import is_historic
from opendata_check.inspection.personal.context import DOUBTFUL, FAIR, LIKELY, SURE, Context, name_share
from opendata_check.inspection.personal.tally import PERSON_SHAPES, Tally
from opendata_check.inspection.personal_words import words

_FAMOUS = 0.2
"""Share of names that streets and schools bear beyond which a column names places."""
_NAME_WORDS = frozenset(
    {"de", "d", "du", "des", "l", "la", "le", "et", "ou", "famille", "usage", "naissance", "marital", "jeune", "fille",
     "usuel", "usuels", "premier", "autres", "1", "2"}
)  # fmt: skip
_FIRST_WORDS = frozenset({"prenom", "prenoms", "firstname", "givenname", "prnom", "pren", "prn"})
_LAST_WORDS = frozenset({"nom", "noms", "lastname", "patronyme", "surname", "nomfamille"})
LOOSE_THINGS = frozenset(
    {"libelle", "intitule", "titre", "description", "objet", "nature", "type", "lot", "section", "types", "natures",
     "categorie", "statut", "dispositif", "theme"}
)  # fmt: skip
"""Words of things that often head a column of anything."""


def names_thing(tally: Tally) -> bool:
    """Return whether a label names a thing, words that head a column of anything left out: « type de fauteuil »."""
    rest = " ".join(word for word in tally.text.split() if word not in LOOSE_THINGS)
    return tally.says("thing_name") and words().says(rest, "thing_name")


def part_of_name(tally: Tally) -> tuple[str, str] | None:
    """Return which part of a name a label announces (first, last, both), and whose: « prenom_eleve » → « eleve »."""
    parts = tally.text.split()
    first, last = bool(_FIRST_WORDS.intersection(parts)), bool(_LAST_WORDS.intersection(parts))
    if tally.says("full_name"):
        return "both", " ".join(set(parts) - _FIRST_WORDS - _LAST_WORDS - _NAME_WORDS)
    if not first and not last:
        return None
    rest = [part for part in parts if part not in _FIRST_WORDS | _LAST_WORDS | _NAME_WORDS]
    return ("both" if first and last else "first" if first else "last"), " ".join(rest)


def named_columns(context: Context) -> dict[int, tuple[float, str]]:
    """Return the columns that name persons: how sure, and why."""
    parts = {tally.position: part_of_name(tally) for tally in context.tallies}
    found: dict[int, tuple[float, str]] = {}
    firsts = {part[1] for part in parts.values() if part and part[0] == "first"}
    lasts = {part[1] for part in parts.values() if part and part[0] == "last"}
    for tally in context.tallies:
        part = parts[tally.position]
        paired = part is not None and (
            (part[0] == "last" and part[1] in firsts) or (part[0] == "first" and part[1] in lasts)
        )
        only = (
            part is not None and part[0] != "both" and len(firsts) == len(lasts) == 1 and not tally.says("thing_name")
        )
        paired = paired or (only and not context.statistics and _holds_names(tally))
        said = _said_by_pair(tally) if paired else _said_alone(tally, part, context)
        if said:
            found[tally.position] = said
    found.update(_unlabelled_pairs(context, found))
    return {} if is_historic(context) else found


def _holds_names(tally: Tally) -> bool:
    return tally.share(*PERSON_SHAPES, names.FIRST, names.LAST) >= 0.4


def _said_by_pair(tally: Tally) -> tuple[float, str] | None:
    """Judge a first or a last name that has its other half in the table."""
    if tally.share(names.ORGANISATION, names.PLACE) >= 0.5 or tally.share("text") >= 0.5:
        return None
    known = tally.share(*PERSON_SHAPES, names.FIRST, names.LAST)
    return (SURE if known >= 0.4 else FAIR), "first_and_last"


def _said_alone(tally: Tally, part: tuple[str, str] | None, context: Context) -> tuple[float, str] | None:
    """Judge a column by its own label and values."""
    limits = words().thresholds
    share = name_share(tally)
    person, thing = tally.says("private_person", "public_person"), tally.says("thing_name")
    if (
        (tally.says("animals") and not tally.says("private_person"))
        or (tally.is_text and share < 0.3)
        or tally.shapes["eponym"] >= _FAMOUS * share * tally.read > 0
    ):
        return None
    if context.typed and part == ("last", ""):
        return None  # the name of what the other column tells the kind of
    if part and part[0] == "both":
        organisations = tally.share(names.ORGANISATION, names.PLACE) >= 0.5
        return (
            None
            if organisations
            else (SURE if share >= limits["names_under_person_label"] else FAIR, "names_and_label")
        )
    loose = person or bool(LOOSE_THINGS.intersection(tally.text.split()))
    if thing and not tally.says("private_person") and not (loose and (share >= limits["mostly"] or not person)):
        return None
    if person and share >= limits["names_under_person_label"]:
        return SURE, "names_and_label"
    single = tally.share(names.FIRST, names.LAST)
    if tally.says("private_person") and not thing and single + share >= 0.6 and not context.statistics:
        return FAIR, "names_and_label"
    if (
        part
        and part[0] == "last"
        and part[1]
        and tally.says("private_person")
        and single + share >= 0.6
        and _differ(tally)
    ):
        return FAIR, "names_and_label"  # « nom bénéficiaire », last names alone
    free = not context.statistics and not context.things and not thing
    if context.reached and free and single + share >= 0.6 and _heads_names(tally):
        return FAIR, "names_in_values"
    if share >= limits["names_under_any_label"] and tally.read >= 3 and not (thing and context.things):
        return LIKELY, "names_in_values"
    return _few_among_others(tally, person=person)


def _heads_names(tally: Tally) -> bool:
    """Return whether single names may be persons': the label says a name, or nearly all of them differ."""
    return tally.says("last_name", "first_name") or (tally.distinct >= 0.8 * tally.distinct_of >= 4)


def _differ(tally: Tally) -> bool:
    return tally.distinct >= words().thresholds["mostly"] * tally.distinct_of


def _few_among_others(tally: Tally, *, person: bool) -> tuple[float, str] | None:
    """Judge a column of organisations where some persons stand: those whose civility says so."""
    civil, whole = tally.shapes[names.CIVIL], sum(tally.shapes[shape] for shape in PERSON_SHAPES)
    if tally.says("thing_name", "service_phone") or not tally.read:
        return None
    if civil >= 2 and civil >= 0.02 * tally.read:
        return FAIR, "names_in_values"
    if person and (civil >= 1 or whole >= 2):
        return (FAIR if civil or whole >= 3 else DOUBTFUL), "names_in_values"
    return None


def _unlabelled_pairs(context: Context, found: dict[int, tuple[float, str]]) -> dict[int, tuple[float, str]]:
    """Return first and last names side by side under labels that say nothing."""
    pairs: dict[int, tuple[float, str]] = {}
    tallies = [tally for tally in context.tallies if not tally.says("thing_name", "statistics")]
    for one, other in pairwise(tallies):
        for first, last in ((one, other), (other, one)):
            if first.share(names.FIRST) >= 0.7 and last.share(names.FIRST, names.LAST) >= 0.6 and first.read >= 5:
                enough = first.distinct >= 5 and last.distinct >= 5
                if enough and not context.statistics:
                    for tally in (first, last):
                        pairs.setdefault(tally.position, found.get(tally.position, (LIKELY, "first_and_last")))
    return pairs
