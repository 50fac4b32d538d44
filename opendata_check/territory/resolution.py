"""Finds the one body that what was typed designates, or says which ones it may be, or what was probably meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.territory import matching, organizations
from opendata_check.territory.failures import AmbiguousTerritoryError, UnknownTerritoryError
from opendata_check.territory.matching import Bodies, Finder
from opendata_check.territory.names import fold, printable, same_spelling, shown
from opendata_check.territory.numbers import number_in, resolve_number
from opendata_check.territory.phrases import Announced, announced, outside_reference, placed
from opendata_check.territory.suggestions import suggest
from opendata_check.territory.wordings import did_you_mean, listed
from opendata_check.wording import french_number

_LONGEST = 300
_PLACES = 2
_ACCEPTED = "Tapez un nom de commune ou d'EPCI, un code INSEE, un code postal, un SIREN ou un SIRET."
_SUGGESTED = 5
_MAY_BE_COMMUNE = (None, OrganizationKind.COMMUNE)
_NONE = {
    None: "aucune collectivité de la liste nationale",
    OrganizationKind.COMMUNE: "aucune commune de la liste nationale",
    OrganizationKind.EPCI: "aucune intercommunalité de la liste nationale",
    OrganizationKind.DEPARTEMENT: "aucun département",
    OrganizationKind.REGION: "aucune région",
}


def resolve(query: str) -> Organization:
    """Return the public body that ``query`` designates: a name, an INSEE code, a postcode, a SIREN or a SIRET.

    A former, delegated or associated commune and a municipal arrondissement answer with the current commune, said in
    its notes. Raises AmbiguousTerritoryError (``candidates``) when several bodies answer, UnknownTerritoryError
    (``suggestions``) when none does. Source: COG 2026 and the lists named in data/README.md.
    """
    if len(query) > _LONGEST:
        size = french_number(len(query))
        raise UnknownTerritoryError(f"le texte saisi est trop long ({size} caractères)", remedy=_ACCEPTED)
    text = printable(query)
    if not text:
        raise UnknownTerritoryError("aucun nom ni code n'a été saisi", remedy=_ACCEPTED)
    number = number_in(text)
    if number:
        return resolve_number(number)
    folded = fold(text)
    if not folded:
        raise UnknownTerritoryError(f"« {shown(text)} » ne contient ni lettre ni chiffre", remedy=_ACCEPTED)
    found = _named(text, folded)
    if not found:
        raise _unknown(text, folded)
    if len(found) > 1:
        raise _ambiguous(text, found)
    return found[0]


def _named(text: str, folded: str) -> Bodies:
    """Return the bodies that bear the name typed: as a whole, then after a word of kind, then before a place."""
    spelling = partial(matching.communes, spelling=same_spelling(text))
    whole = spelling(folded, ()) + matching.regions(folded, ())
    found = whole or matching.formers(folded, ())
    if found:
        return found
    said = announced(folded)
    if said:
        found = _search(said.name, _finders(said))
    return found or matching.groups(folded, ()) or _search_anywhere(folded)


def _search_anywhere(folded: str) -> Bodies:
    return (
        _placed(folded, (matching.communes, matching.formers))
        or matching.arrondissements(folded, ())
        or _placed(folded, (matching.groups,))
        or matching.groups_loosely(folded, ())
        or _placed(folded, (matching.groups_loosely,))
    )


def _finders(said: Announced) -> tuple[Finder, ...]:
    """Return where to look once the kind is announced, surest first."""
    if said.kind is OrganizationKind.EPCI:
        return partial(matching.groups, nature=said.nature), partial(matching.groups_loosely, nature=said.nature)
    if said.kind is OrganizationKind.DEPARTEMENT:
        return (matching.departements,)
    if said.kind is OrganizationKind.REGION:
        return matching.regions, matching.regions_by_code
    return matching.communes, matching.formers


def _search(name: str, finders: Sequence[Finder]) -> Bodies:
    """Return what the first finder that answers finds for the whole name, else for the name before a place."""
    for finder in finders:
        found = finder(name, ())
        if found:
            return found
    return _placed(name, finders)


def _placed(name: str, finders: Sequence[Finder], places: tuple[str, ...] = ()) -> Bodies:
    """Return what is found for a name followed by a place, or by several (« Nancy, Meurthe-et-Moselle, 54000 »)."""
    for head, place in placed(name):
        for finder in finders:
            found = finder(head, (*places, place))
            if found:
                return found
        if len(places) + 1 < _PLACES:
            found = _placed(head, finders, (*places, place))
            if found:
                return found
    return ()


def _ambiguous(text: str, found: Bodies) -> AmbiguousTerritoryError:
    example = organizations.typed_among(found[0], found)
    return AmbiguousTerritoryError(
        f"« {shown(text)} » peut désigner {french_number(len(found))} collectivités : {listed(found)}",
        candidates=found,
        remedy=f"Précisez laquelle, par exemple « {example} ».",
    )


def _unknown(text: str, folded: str) -> UnknownTerritoryError:
    """Return the error for a name that nothing bears, with what it may have meant."""
    overseas = matching.overseas(folded)
    if overseas:
        return UnknownTerritoryError(
            f"« {overseas} » est un territoire d'outre-mer hors département et région : la liste n'a que ses communes",
            remedy="Tapez le nom d'une de ses communes.",
        )
    if outside_reference(folded):
        return UnknownTerritoryError(
            f"« {shown(text)} » n'est ni une commune, ni une intercommunalité, ni un département, ni une région",
            remedy="Dites sa nature, par exemple : opendata-check scope --kind ccas ; « init » la demande et la garde.",
        )
    said = announced(folded)
    kind, name = (said.kind, said.name) if said else (None, folded)
    head, place = next(placed(name), (name, ""))
    elsewhere = matching.communes(head, ()) if place and kind in _MAY_BE_COMMUNE else ()
    meant = matching.departements(folded, ()) or elsewhere  # a département's name alone: « Val-de-Marne »
    suggestions = tuple(map(organizations.typed, meant[:_SUGGESTED])) or suggest(name, kind)
    suggestions = suggestions or suggest(head, kind, (place,) if place else ()) or suggest(name, None)
    return UnknownTerritoryError(
        f"{_NONE[kind]} ne porte le nom « {shown(text)} »",
        suggestions=suggestions,
        remedy=did_you_mean(suggestions) or "Vérifiez l'orthographe, ou tapez le code INSEE ou le SIREN.",
    )
