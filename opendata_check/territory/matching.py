"""Finds the bodies that bear a name: communes, former communes, EPCI, départements, régions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from opendata_check.model.organization import Organization
from opendata_check.territory import lookup, organizations, store
from opendata_check.territory.names import fold, fold_lines, same_spelling, without_article, without_link
from opendata_check.territory.numbers import replaced_note
from opendata_check.territory.phrases import departement_code, group_nature, in_place

Bodies = tuple[Organization, ...]
Finder = Callable[[str, tuple[str, ...]], Bodies]
"""From a folded name and the places it must lie in (département codes, five-digit codes), the bodies it designates."""

_OVERSEAS = "com"
_ARRONDISSEMENT = re.compile(r"([a-z]+) 0?([0-9]{1,2})(?:er|e|eme|ieme)?(?: arrondissement)?")
_NEAR = 3
_KIND_WORDS = (
    "communaute", "communautes", "communes", "commune", "agglomeration", "agglo", "metropole", "eurometropole",
    "intercommunalite", "urbaine", "cc", "ca", "cu", "ept", "epci",
)  # fmt: skip
_SMALL_WORDS = ("de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux")
_LEFT_OUT = frozenset((*_KIND_WORDS, *_SMALL_WORDS))
_SAME_NATURE = {"MET69": "METRO"}


def _lies_in(position: int, places: tuple[str, ...]) -> bool:
    if not places:
        return True
    return in_place(store.commune_at(position).code, lookup.postcodes_of_commune(position), places)


def _note_near(positions: list[int]) -> list[str]:
    """Return the sentence that tells of communes whose name differs by an accent or an article."""
    if not positions:
        return []
    names = [organizations.typed(organizations.commune(position)) for position in positions[:_NEAR]]
    more = "…" if len(positions) > _NEAR else ""
    return [f"À ne pas confondre avec : {', '.join(names)}{more}."]


def _note_former(folded: str, position: int) -> list[str]:
    """Return the sentence that tells that a former or partial commune elsewhere bears the same name."""
    for rank in lookup.formers_named(without_article(folded)):
        former = store.former_at(rank)
        if former.commune != position and fold(former.name) == folded:
            current = organizations.typed(organizations.commune(former.commune))
            return [f"Ce nom est aussi celui d'une ancienne commune, aujourd'hui rattachée à une autre : {current}."]
    return []


def communes(folded: str, places: tuple[str, ...], spelling: str = "") -> Bodies:
    """Return the communes that bear a name.

    The only one whose full official name is ``spelling`` (accents, hyphens and case included) wins; else those whose
    name is the same once folded; else those that differ by a leading article or what stands between brackets.
    """
    positions = [p for p in lookup.communes_named(without_article(folded)) if _lies_in(p, places)]
    names = {position: store.commune_at(position).name for position in positions}
    exact = [position for position in positions if spelling and same_spelling(names[position]) == spelling]
    alike = [position for position in positions if fold(names[position]) == folded]
    chosen = exact or alike or positions
    if len(chosen) != 1 or places:
        return tuple(organizations.commune(position) for position in chosen)
    near = _note_near([position for position in positions if position != chosen[0]])
    return (organizations.commune(chosen[0], [*near, *_note_former(folded, chosen[0])]),)


def formers(folded: str, places: tuple[str, ...]) -> Bodies:
    """Return the current communes that answer for the former or partial communes that bear a name; notes say it.

    A bare name that larger current communes begin with (Boulogne) may mean them: they are returned too, not guessed.
    """
    records = [store.former_at(rank) for rank in lookup.formers_named(without_article(folded))]
    records = [
        record for record in records if _lies_in(record.commune, places) or (record.code in places and len(places) == 1)
    ]
    alike = [record for record in records if fold(record.name) == folded]
    chosen = {record.commune: record for record in reversed(alike or records)}
    found = [organizations.commune(position, [replaced_note(chosen[position])]) for position in sorted(chosen)]
    near = longer_names(folded)[:_NEAR] if found and not places else []
    return (*found, *(organizations.commune(position) for position in near if position not in chosen))


def longer_names(folded: str) -> list[int]:
    """Return the communes whose name goes on after ``folded`` (Boulogne-sur-Mer), the most populated first."""
    positions = lookup.communes_beginning(without_article(folded))
    return sorted(positions, key=lambda position: (-(store.commune_at(position).municipale_new or 0), position))


def arrondissements(folded: str, places: tuple[str, ...]) -> Bodies:
    """Return the city of « Paris 16e » or « Lyon 3 », said in notes."""
    found = _ARRONDISSEMENT.fullmatch(folded)
    if not found or places:
        return ()
    number = int(found[2])
    return formers(f"{found[1]} {number}{'er' if number == 1 else 'e'} arrondissement", ())


def departements(folded: str, places: tuple[str, ...]) -> Bodies:
    """Return the département a name or a code designates."""
    code = departement_code(folded)
    found = code is not None and store.departements()[code].zone != _OVERSEAS and not places
    return (organizations.departement(code),) if code is not None and found else ()


def regions(folded: str, places: tuple[str, ...]) -> Bodies:
    """Return the région that bears a name; a region has no place to lie in."""
    if places:
        return ()
    wanted = without_article(folded)
    return tuple(
        organizations.region(area.code)
        for area in store.regions().values()
        if area.zone != _OVERSEAS and without_article(fold(area.name)) == wanted
    )


def regions_by_code(folded: str, places: tuple[str, ...]) -> Bodies:
    """Return the région whose INSEE code is given, after the word « région »."""
    area = store.regions().get(folded.zfill(2))
    return (organizations.region(area.code),) if area and area.zone != _OVERSEAS and not places else ()


def overseas(folded: str) -> str:
    """Return the name of the overseas collectivité (neither département nor région) a name designates, else ""."""
    wanted = without_article(folded)
    areas = (area for area in store.departements().values() if area.zone == _OVERSEAS)
    return next((area.name for area in areas if without_article(fold(area.name)) == wanted), "")


class GroupNames(NamedTuple):
    """The folded names under which a group is known."""

    position: int
    names: frozenset[str]
    """Without its nature; its acronym too."""
    loose: str
    """Without any word that only says what kind of body it is, nor small words."""


def _loose(folded: str) -> str:
    return " ".join(word for word in folded.split(" ") if word not in _LEFT_OUT)


@cache
def group_names() -> tuple[GroupNames, ...]:
    """Return the names of every EPCI and EPT, in the order of SIREN."""
    whole = [line.split("\t")[0] for line in store.reference().text("group_names").split("\n")]
    parts = [name.partition("(") for name in whole]
    titles, acronyms = [part[0] for part in parts], [part[2].partition(")")[0] for part in parts]
    folded = [fold_lines("\n".join(names)).split("\n") for names in (whole, titles, acronyms)]
    found = []
    for position, (full, title, acronym) in enumerate(zip(*folded, strict=True)):
        names = {group_nature(full)[1], group_nature(title)[1]} | ({acronym} if acronym else set())
        found.append(GroupNames(position, frozenset(names), _loose(title)))
    return tuple(found)


def _groups(chosen: list[GroupNames], places: tuple[str, ...], nature: str) -> Bodies:
    records = [store.group_at(names.position) for names in chosen]
    records = [record for record in records if all(place in record.departements for place in places)]
    natured = [record for record in records if _SAME_NATURE.get(record.nature, record.nature) == nature]
    if natured or not nature:
        return tuple(organizations.group(record.position) for record in natured or records)
    words = organizations.NATURE_WORDS
    return tuple(
        organizations.group(record.position, [f"Forme juridique dans la référence : {words[record.nature]}."])
        for record in records
    )


def groups(folded: str, places: tuple[str, ...], nature: str = "") -> Bodies:
    """Return the EPCI and EPT that bear a name, with or without what says their nature.

    When ``nature`` is given, those of that nature come alone; if there are none, the others come with a note.
    """
    said, name = group_nature(folded)
    chosen = [group for group in group_names() if name in group.names or without_link(folded) in group.names]
    return _groups(chosen, places, nature or said)


def groups_loosely(folded: str, places: tuple[str, ...], nature: str = "") -> Bodies:
    """Return the EPCI and EPT whose name has the same words, small words and words of kind left out."""
    wanted = _loose(folded)
    chosen = [group for group in group_names() if wanted and group.loose == wanted]
    return _groups(chosen, places, nature or group_nature(folded)[0])
