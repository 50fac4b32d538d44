"""Makes a body out of facts alone, and lays facts over a known one: « what if we were 3 600, with 55 agents? »."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from opendata_check.law import form
from opendata_check.law.errors import LawError
from opendata_check.law.rules import Fact, FactType, Law
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.wording import number_in

_ALSO = {"population_municipale": "population"}
"""Names that opendata-check.toml gives to a fact, when they are not its own."""
_YEARS_BETWEEN = 3
"""Legal figures in force in a year come from the census three years before."""
_YES = frozenset({"oui", "o", "true", "vrai", "1", "yes"})
_NO = frozenset({"non", "n", "false", "faux", "0", "no"})


def fact_name(typed: str) -> str:
    """Return the name of the fact that somebody typed, whichever of its names it was."""
    name = typed.strip()
    return _ALSO.get(name, name)


def units(fact: Fact) -> tuple[str, ...]:
    """Return the words that may follow a number typed for this fact."""
    staff = ("etp",) if fact.id == "agents_etp" else ("personnes", "personne") if fact.id == "agents_effectif" else ()
    return (fact.unit, fact.unit_one, *staff)


def read_fact(law: Law, name: str, text: str, where: str) -> bool | float | str:
    """Return what ``text`` says of the fact ``name``: oui/non, a number (« 6 200 », « 49,5 »), or a choice.

    Raises LawError for an unknown fact or an answer that is not of its type.
    """
    name = fact_name(name)
    fact = law.facts.get(name)
    if fact is None or name == "kind":
        known = [known for known in law.facts if known != "kind"]
        remedy = f"Noms proches : {', '.join(form.near(name, known))}." if form.near(name, known) else ""
        shown = "".join(character for character in name if character.isprintable())[:60]
        raise LawError(
            f"« {shown} » n'est pas un fait connu",
            where=where,
            remedy=remedy or "Leurs noms sont entre crochets dans la réponse de « scope ».",
        )
    said = text.strip().lower()
    if fact.type is FactType.BOOLEAN:
        if said in _YES | _NO:
            return said in _YES
        raise _refused(fact, text, where, "Répondez oui ou non.")
    if fact.type is FactType.CHOICE:
        if said in fact.choices:
            return said
        raise _refused(fact, text, where, f"Valeurs possibles : {', '.join(fact.choices)}.")
    number = number_in(text, *units(fact), whole=not fact.decimals)
    if number is None or number > fact.highest:
        advice = "Donnez un nombre, par exemple 62." if fact.decimals else "Donnez un nombre entier, par exemple 3600."
        raise _refused(fact, text, where, advice)
    return number


def _refused(fact: Fact, text: str, where: str, remedy: str) -> LawError:
    shown = "".join(character for character in text if character.isprintable())[:40]
    return LawError(f"« {shown} » ne répond pas à « {fact.id} »", where=where, remedy=remedy)


def with_facts(
    organization: Organization,
    facts: Mapping[str, bool | float | str],
    on: date,
    source: str = "",
    *,
    stated: bool = True,
) -> Organization:
    """Return the organization with facts supposed for the day ``on`` laid over what is known of it.

    A population supposed stands alone: figures of two sources are never compared. Unless ``stated``, nobody said the
    number of agents on that day.
    """
    numbers = {
        name: value for name, value in facts.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }
    municipale, totale = _whole(numbers.get("population")), _whole(numbers.get("population_totale"))
    if municipale is not None or totale is not None:
        declared = EvidenceKind.DECLARED
        figures = PopulationFigures(on.year - _YEARS_BETWEEN, on.year, municipale, totale, source, declared)
        organization = replace(organization, populations=(figures,))
    day = on if stated else None
    if "agents_etp" in numbers:
        organization = replace(organization, agents_etp=float(numbers["agents_etp"]), agents_etp_stated_on=day)
    if "agents_effectif" in numbers:
        people = _whole(numbers["agents_effectif"])
        organization = replace(organization, agents_effectif=people, agents_effectif_stated_on=day)
    own = {"population", "population_totale", "agents_etp", "agents_effectif", "kind"}
    answers = tuple(DeclaredFact(name, value, on) for name, value in sorted(facts.items()) if name not in own)
    names = {fact.name for fact in answers}
    kept = tuple(fact for fact in organization.declared if fact.name not in names)
    return replace(organization, declared=(*kept, *answers))


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def imagined(
    kind: OrganizationKind,
    facts: Mapping[str, bool | float | str],
    on: date,
    *,
    name: str = "",
    source: str = "",
    stated: bool = True,
) -> Organization:
    """Return a body that nobody named, known by its kind and facts alone."""
    return with_facts(Organization(name, kind), facts, on, source, stated=stated)
