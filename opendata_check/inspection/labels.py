"""Reads what a header label announces: its words, an identifier."""

from __future__ import annotations

import re

from opendata_check.folding import fold

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def words_of(label: str) -> tuple[str, ...]:
    """Return the words of a label, folded: « idBénéficiaire », « COLL_SIRET » → (id, beneficiaire), (coll, siret)."""
    return tuple(word for word in _NOT_WORD.split(fold(_CAMEL.sub(" ", label[:200]))) if word)


_ABOUT_NUMBER = frozenset({"nb", "nbre", "nombre", "date", "nom", "denomination", "libelle", "valide", "type", "etat"})
_ID_OF = frozenset({"attribuant", "beneficiaire", "acheteur"})


def identifier_of(label: str) -> str:
    """Return ``siret`` or ``siren`` when the label says its cells should be one, else "".

    The grants model (SCDL subventions) names its SIRET columns « idAttribuant » and « idBeneficiaire ».
    """
    words = words_of(label)
    if _ABOUT_NUMBER.intersection(words):
        return ""
    if any("siret" in word for word in words):
        return "siret"
    if any("siren" in word and not word.startswith("sirene") for word in words):
        return "siren"
    if len(words) == 2 and "id" in words and _ID_OF.intersection(words):
        return "siret"
    return ""
