"""Reads what stands around a name: the word that says what kind of body it is, the département or code that follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from opendata_check.model.organization import OrganizationKind
from opendata_check.territory import store
from opendata_check.territory.names import fold, without_article, without_link

_GROUP_WORDS = (
    ("communaute de communes", "CC"),
    ("communaute d agglomeration", "CA"),
    ("communaute d agglo", "CA"),
    ("communaute urbaine", "CU"),
    ("etablissement public territorial", "EPT"),
    ("eurometropole", "METRO"),
    ("metropole", "METRO"),
    ("comcom", "CC"),
    ("com com", "CC"),
    ("cc", "CC"),
    ("ca", "CA"),
    ("cu", "CU"),
    ("ept", "EPT"),
    ("agglomeration", ""),
    ("agglo", ""),
    ("intercommunalite", ""),
    ("communaute", ""),
    ("epci", ""),
)
_NATURES = {word: nature for word, nature in _GROUP_WORDS if nature}
_NATURE = re.compile(rf"({'|'.join(_NATURES)}) ")
_DEPARTEMENT_WORDS = ("conseil departemental", "conseil general", "departement", "dept", "cd")
_REGION_WORDS = ("conseil regional", "region", "collectivite territoriale", "collectivite")
_COMMUNE_WORDS = ("commune nouvelle", "commune", "ville", "mairie", "municipalite", "village", "hotel de ville")
_OUTSIDE_WORDS = ("ccas", "cias", "syndicat", "sivu", "sivom", "petr", "sdis", "college", "lycee")
_IN = re.compile(r"^(?:en|dans (?:le|la|les|l)|dans) (?=.)")
_CODE = re.compile(r"[0-9]{5}|2[ab][0-9]{3}")
_DEPARTEMENT_CODE = re.compile(r"[0-9]{1,3}|2[ab]")


class Announced(NamedTuple):
    """A name after the word that says its kind: « communauté de communes du Bassin de Pompey »."""

    kind: OrganizationKind
    nature: str
    """Of an EPCI: CC, CA, CU, METRO, EPT, or "" when the word does not settle it."""
    name: str
    """Folded, without the word and what links it."""


def _vocabulary() -> Iterator[tuple[str, OrganizationKind, str]]:
    yield from ((word, OrganizationKind.EPCI, nature) for word, nature in _GROUP_WORDS)
    yield from ((word, OrganizationKind.DEPARTEMENT, "") for word in _DEPARTEMENT_WORDS)
    yield from ((word, OrganizationKind.REGION, "") for word in _REGION_WORDS)
    yield from ((word, OrganizationKind.COMMUNE, "") for word in _COMMUNE_WORDS)


def announced(folded: str) -> Announced | None:
    """Return the kind announced before a name and the name itself; None when no word announces it."""
    folded = re.sub(r"^(?:le|la|l) (?=[a-z])", "", re.sub(r"^cd(?=[0-9])", "cd ", folded))
    for word, kind, nature in _vocabulary():
        if folded.startswith(f"{word} "):
            return Announced(kind, nature, without_link(folded[len(word) + 1 :]))
    return None


def outside_reference(folded: str) -> bool:
    """Return True when the first word names a kind of body that the reference does not hold (CCAS, syndicat…)."""
    return folded.split(" ")[0] in _OUTSIDE_WORDS


def group_nature(folded: str) -> tuple[str, str]:
    """Return (nature, name) of a folded group name: its leading CC, CA, CU or métropole taken off."""
    found = _NATURE.match(folded)
    if not found:
        return "", without_link(folded)
    return _NATURES[found[1]], without_link(folded[found.end() :])


@cache
def _departement_names() -> dict[str, str]:
    return {without_article(fold(area.name)): code for code, area in store.departements().items()}


def departement_code(folded: str) -> str | None:
    """Return the code of the département a folded text designates: « 54 », « 2a », « meuse », « meuse 55 »."""
    folded = without_link(folded)
    if _DEPARTEMENT_CODE.fullmatch(folded):
        code = folded.upper().zfill(2)
        return code if code in store.departements() else None
    name, _, number = folded.rpartition(" ")
    if name and _DEPARTEMENT_CODE.fullmatch(number):
        code = departement_code(number) or ""
        return code if _departement_names().get(name) == code else None
    return _departement_names().get(folded)


def place(folded: str) -> str | None:
    """Return what a folded text after a name points at: a département's code, or five digits (INSEE or postal)."""
    if _CODE.fullmatch(folded):
        return folded.upper()
    return departement_code(_IN.sub("", folded))


def placed(folded: str) -> Iterator[tuple[str, str]]:
    """Yield (name, place) for every way to part a folded text in a name and a place, the longest place first.

    « 54000 nancy » is understood too.
    """
    words = folded.split(" ")
    for cut in range(1, len(words)):
        found = place(" ".join(words[cut:]))
        if found:
            yield " ".join(words[:cut]), found
    if len(words) > 1 and _CODE.fullmatch(words[0]):
        yield " ".join(words[1:]), words[0].upper()


def in_place(code: str, postcodes: tuple[str, ...], places: tuple[str, ...]) -> bool:
    """Return True when a commune (its code, its postcodes) lies in every one of ``places``."""
    return all(
        found in (code, *postcodes) if len(found) == len(code) else store.departement_of(code) == found
        for found in places
    )
