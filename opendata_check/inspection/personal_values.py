"""Recognises, in one cell or one text, what identifies a person: social security number, mailbox, mobile, IBAN."""

from __future__ import annotations

import re

from opendata_check.inspection.shapes import CODE, INTEGER, TEXT

NIR, NIR_SHAPED, NIR_FAILED, EMAIL, PHONE, IBAN = "nir", "nir-shaped", "nir-failed", "email", "phone", "iban"
"""``nir-shaped``: 13 or 15 digits that could be one; ``nir-failed``: 15 digits whose control key is wrong."""

_LONGEST = 20_000
SHORTEST = {TEXT: 6, CODE: 10, INTEGER: 13}
"""Fewest characters a cell of each shape needs to identify a person; other shapes never do."""
NEVER = 10**9

# Sex, year, month (20 and 30 to 42 stand for an unknown month), département, commune, rank, then the key: INSEE, COG.
_NIR_BODY = (
    r"[{sex}][ .\-\u00a0]?\d{{2}}[ .\-\u00a0]?(?:0[1-9]|1[0-2]|20|3\d|4[0-2])[ .\-\u00a0]?(?:0[1-9]|[1-9]\d|2[ABab])"
    r"[ .\-\u00a0]?(?!000)\d{{3}}[ .\-\u00a0]?(?!000)\d{{3}}"
)
_NIR = re.compile(
    rf"(?<![0-9A-Za-z])({_NIR_BODY.format(sex='12')})[ .\-/\u00a0]{{0,3}}(\d{{2}})(?![0-9A-Za-z])", re.ASCII
)
_NIR_CELL = re.compile(rf"{_NIR_BODY.format(sex='123478')}(?:[ .\-/\u00a0]{{0,3}}\d{{2}})?", re.ASCII)
_FIFTEEN_DIGITS = re.compile(r"\d{15}", re.ASCII)
_MOBILE = re.compile(
    r"(?<![\d.,/-])(?:0[67]|(?:\+|00)33[ .]?(?:\(0\))?[ .]?[67])(?:([ .\-\u00a0/]?)\d{2})(?:\1\d{2}){3}(?![\d/-])",
    re.ASCII,
)
_FRENCH_IBAN = re.compile(r"\bFR\d{2}(?: ?[0-9A-Z]){23}(?![0-9A-Za-z])", re.ASCII)
_IBAN_CELL = re.compile(r"[A-Z]{2}\d{2}(?:[ \u00a0]?[0-9A-Z]){11,30}", re.ASCII)
_EMAIL = re.compile(r"(?<![\w.%+'-])([\w.%+'-]{1,64})@([A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24})(?![\w-])")
_SIX_DIGITS = re.compile(r"(?:\d[ .\-/\u00a0]{0,2}){5}\d", re.ASCII)
_SEPARATORS = str.maketrans("", "", " .-/\u00a0\u202f")

_FREE_MAIL_TEXT = """
gmail googlemail orange wanadoo free hotmail yahoo outlook live laposte sfr neuf icloud me bbox aol msn numericable
protonmail proton club-internet aliceadsl cegetel gmx ymail 9online tele2 nordnet
"""
_FREE_MAIL = frozenset(_FREE_MAIL_TEXT.split())
_OFFICE_WORDS_TEXT = """
mairie mairies commune communes ville contact contacts accueil info infos information informations urbanisme
secretariat secretaire communication com etatcivil etat civil ccas dgs dst service services bibliotheque biblio
mediatheque culture culturel sport sports ecole ecoles college lycee maternelle elementaire primaire periscolaire
scolaire enfance jeunesse creche multiaccueil ram rpe opendata data donnees sig webmaster web site dpo rgpd noreply
no reply police population elections finances finance compta comptabilite marches marchespublics achats achat
juridique rh cabinet direction directeur directrice admin administration administratif support technique techniques
voirie eau eaux assainissement dechets dechetterie environnement tourisme office ot musee musees theatre festival
piscine camping salle salles location reservation reservations association associations asso club comite amicale
union federation ligue tennis foot football judo basket rugby hand handball gym danse musique chorale foyer maison
mjc centre social sociale agence bureau syndicat communaute agglo agglomeration metropole departement region
prefecture pref pole commercial commande boutique restaurant hotel gite gites pharmacie ehpad residence hopital
paroisse espace numerique france habitat logement emploi formation presse conseil municipal municipale patrimoine
archives cimetiere transport transports mobilite parking stationnement travaux projet projets equipe collectif
relais petite multi public publics publique courrier standard exploitation maintenance assistance hotline dpd cnil
elus maire adjoint president presidence tresorier tresorerie dechet tri velo velos recharge station
"""
_OFFICE_WORDS = frozenset(_OFFICE_WORDS_TEXT.split())
_OFFICE_PREFIXES = (
    "mairie", "commune", "ville", "contact", "asso", "club", "ecole", "biblioth", "mediath", "office", "tourisme",
    "comite", "ccas", "secretariat", "accueil", "info", "urba", "creche", "syndicat", "service",
)  # fmt: skip
_NAME_DOT_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*[._][a-z]{2,}(?:-[a-z]+)*", re.ASCII)
_LOCAL_WORDS = re.compile(r"[^a-z]+")


def is_personal_mailbox(local: str, domain: str) -> bool:
    """Return whether an address looks like somebody's own rather than an office's.

    « prenom.nom@ » anywhere, or anything but an office's name at a public provider (orange, gmail…).
    """
    local = local.lower()
    words = set(_LOCAL_WORDS.split(local))
    if words & _OFFICE_WORDS or local.startswith(_OFFICE_PREFIXES):
        return False
    if domain.lower().rsplit(".", 1)[0].rsplit(".", 1)[-1] in _FREE_MAIL:
        return True
    return _NAME_DOT_NAME.fullmatch(local) is not None


def nir_is_valid(body: str, key: str) -> bool:
    """Return whether the control key of a social security number holds (python-stdnum; Corsica included)."""
    from stdnum.fr import nir

    return bool(nir.is_valid(body.translate(_SEPARATORS).upper() + key))


def iban_is_valid(text: str) -> bool:
    """Return whether an IBAN has its country's shape and passes its control (ISO 13616, modulo 97)."""
    from stdnum import iban

    return bool(iban.is_valid(text.replace(" ", "").replace("\u00a0", "")))


def _nir_kinds(cell: str, whole: str) -> list[str]:
    """Return what of a NIR the cell holds; ``whole`` is the cell without its separators."""
    if any(nir_is_valid(found[1], found[2]) for found in _NIR.finditer(cell)):
        return [NIR, NIR_SHAPED]
    kinds = [NIR_SHAPED] if len(whole) in (13, 15) and _NIR_CELL.fullmatch(cell) else []
    if _FIFTEEN_DIGITS.fullmatch(whole):
        kinds.append(NIR_FAILED)
    return kinds


def kinds_in(cell: str, shape: str) -> list[str]:
    """Return the kinds of personal values found in a stripped cell of this shape (see ``shapes``); usually none."""
    size = len(cell)
    if size < SHORTEST.get(shape, NEVER):
        return []
    if shape == INTEGER:
        return _nir_kinds(cell, cell.translate(_SEPARATORS))
    if shape == CODE:
        return [PHONE] if _MOBILE.fullmatch(cell) else []
    cell = cell[:_LONGEST]
    kinds = []
    if "@" in cell and any(is_personal_mailbox(found[1], found[2]) for found in _EMAIL.finditer(cell)):
        kinds.append(EMAIL)
    if size >= 10 and _SIX_DIGITS.search(cell):
        kinds += _nir_kinds(cell, cell.translate(_SEPARATORS)) if size >= 13 else []
        if _MOBILE.search(cell):
            kinds.append(PHONE)
    if size >= 15 and ("FR" in cell or cell[:2].isupper()) and _holds_iban(cell):
        kinds.append(IBAN)
    return kinds


def _holds_iban(cell: str) -> bool:
    if _IBAN_CELL.fullmatch(cell) and iban_is_valid(cell):
        return True
    return any(iban_is_valid(found[0]) for found in _FRENCH_IBAN.finditer(cell))


def counts_in_text(text: str) -> dict[str, int]:
    """Return how many personal values a running text holds (a page of a document), by kind; absent when none.

    Only kinds that a control key or a clear pattern proves: ``nir``, ``email``, ``iban``. Never a value.
    """
    counts = {
        NIR: sum(nir_is_valid(found[1], found[2]) for found in _NIR.finditer(text)),
        EMAIL: sum(is_personal_mailbox(found[1], found[2]) for found in _EMAIL.finditer(text)),
        IBAN: sum(iban_is_valid(found[0]) for found in _FRENCH_IBAN.finditer(text)),
    }
    return {kind: count for kind, count in counts.items() if count}
