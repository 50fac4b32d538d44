"""Reads what a header label announces: an identifier, a birth date, a name, a phone number."""

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


_NIR_WORDS = frozenset({"nir", "nss", "niss"})
_NIR_TEXT = re.compile(r"\b(?:secu|securite sociale|num(?:ero)? secu|insee personne)\b")


def announces_nir(label: str) -> bool:
    """Return whether the label announces a social security number."""
    words = words_of(label)
    return bool(_NIR_WORDS.intersection(words)) or bool(_NIR_TEXT.search(" ".join(words)))


_BIRTH = re.compile(
    r"\b(?:(?:date|dat|dt|jour)s? (?:de |d )?(?:la )?nais(?:s|sance)?s?|datenaiss(?:ance)?|naiss(?:ance)? date"
    r"|nee? (?:e )?le|ddn|dob|birth ?date|date of birth|naissance)\b"
)
_NOT_BIRTH = re.compile(r"\b(?:nb|nombre|annees?|lieu|commune|pays|ville|departement|nom|code|rang|total|taux)\b")


def announces_birth_date(label: str) -> bool:
    """Return whether the label announces dates of birth (never counts of births nor birth years)."""
    text = " ".join(words_of(label))
    return bool(_BIRTH.search(text)) and not _NOT_BIRTH.search(text)


_FIRST_NAMES = frozenset({"prenom", "prenoms", "firstname", "givenname"})
_LAST_NAMES = frozenset({"nom", "noms", "lastname", "patronyme", "surname"})
_NAME_QUALIFIERS = frozenset(
    {"de", "d", "du", "des", "l", "la", "le", "et", "ou", "famille", "usage", "naissance", "marital", "jeune", "fille",
     "usuel", "usuels", "premier", "autres", "1"}
)  # fmt: skip


def name_part(label: str) -> tuple[str, str] | None:
    """Return which part of a person's name a label announces, and whose; None when it announces none.

    The part is ``first``, ``last`` or ``both``; whose is what is left of the label (« prenom_eleve » → « eleve »), so
    that only a last and a first name of the same person make a pair.
    """
    words = words_of(label)
    first, last = bool(_FIRST_NAMES.intersection(words)), bool(_LAST_NAMES.intersection(words))
    if not first and not last:
        return None
    rest = [word for word in words if word not in _FIRST_NAMES | _LAST_NAMES | _NAME_QUALIFIERS]
    return ("both" if first and last else "first" if first else "last"), " ".join(rest)


_PERSON = re.compile(
    r"\b(?:prenoms?|contact|responsables?|gestionnaires?|presidente?|tresoriere?|secretaire|demandeur"
    r"|proprietaire|locataire|parents?|eleves?|enfants?|agents?|personnes?|referente?|benevoles?"
    r"|civilite|representant|tuteur|assistante?|maternelles?|usagers?|habitants?|adherents?|abonnes?)\b"
)
_OWN_PHONE = re.compile(r"\b(?:portables?|mobiles? perso(?:nnel)?|tel(?:ephone)? perso(?:nnel)?|gsm)\b")


def announces_person(label: str) -> bool:
    """Return whether the label speaks of a person (« contact », « responsable », « prénom »…)."""
    return bool(_PERSON.search(" ".join(words_of(label))))


def announces_own_phone(label: str) -> bool:
    """Return whether the label announces somebody's own phone (« portable », « tel perso »)."""
    return bool(_OWN_PHONE.search(" ".join(words_of(label))))


_ELECTED = re.compile(
    r"\b(?:elus?|elues?|mandats? (?:electif|fonction)s?|(?:debut|fin) (?:de |du )?mandat|conseillers? \w+|maires?)\b"
)


def announces_elected(label: str) -> bool:
    """Return whether the label belongs to a list of elected officials, whose names are public."""
    return bool(_ELECTED.search(" ".join(words_of(label))))
