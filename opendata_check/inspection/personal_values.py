"""Recognises, in one cell or one text, what identifies a person: social security number, mailbox, mobile, account."""

from __future__ import annotations

import re
from functools import cache

from opendata_check.inspection.personal_words import words

NIR, EMAIL, IBAN, NAMED = "nir", "email", "iban", "named_in_text"

# Sex, year, month (20 and 30 to 42 stand for an unknown month), département, commune, rank, then the key: INSEE, COG.
_NIR_BODY = (
    r"[123478][ .\-\u00a0]?\d{2}[ .\-\u00a0]?(?:0[1-9]|1[0-2]|20|3\d|4[0-2])[ .\-\u00a0]?(?:0[1-9]|[1-9]\d|2[ABab])"
    r"[ .\-\u00a0]?(?!000)\d{3}[ .\-\u00a0]?(?!000)\d{3}"
)
_NIR = re.compile(rf"(?<![0-9A-Za-z])(?<!\d\.)({_NIR_BODY})[ .\-/\u00a0]{{0,3}}(\d{{2}})(?![0-9A-Za-z])", re.ASCII)
_FRENCH_IBAN = re.compile(r"\bFR\d{2}(?: ?[0-9A-Z]){23}(?![0-9A-Za-z])", re.ASCII)
_EMAIL = re.compile(r"(?<![\w.%+'-])([\w.%+'-]{1,64})@([A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24})(?![\w-])")
_SEPARATORS = str.maketrans("", "", " .-/\u00a0\u202f")
_NAME_DOT_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*[._][a-z]{2,}(?:-[a-z]+)*\d{0,4}", re.ASCII)
_LOCAL_WORDS = re.compile(r"[^a-z]+")
_LETTERS = {ord(letter): str(ord(letter) - ord("A") + 10) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_FRENCH_SIZE = 27


@cache
def _office_starts() -> tuple[str, ...]:
    return tuple(words().lists["service_mail_starts"])


def is_free_mail(domain: str) -> bool:
    """Return whether a domain is a public provider's (orange, gmail…)."""
    return domain.lower().rsplit(".", 1)[0].rsplit(".", 1)[-1] in words().lists["free_mail"]


def is_personal_mailbox(local: str, domain: str) -> bool:
    """Return whether an address looks like somebody's own rather than an office's.

    « prenom.nom@ » anywhere, or anything but an office's name at a public provider (orange, gmail…).
    """
    local = local.lower()
    if words().lists["service_mail"].intersection(_LOCAL_WORDS.split(local)) or local.startswith(_office_starts()):
        return False
    return is_free_mail(domain) or _NAME_DOT_NAME.fullmatch(local) is not None


def mailboxes_in(text: str) -> list[tuple[bool, bool]]:
    """Return, for each address of a text, whether it is somebody's own, and whether at a public provider."""
    return [(is_personal_mailbox(found[1], found[2]), is_free_mail(found[2])) for found in _EMAIL.finditer(text)]


def nir_is_valid(body: str, key: str) -> bool:
    """Return whether the control key of a social security number holds (python-stdnum; Corsica included)."""
    from stdnum.fr import nir

    return bool(nir.is_valid(body.translate(_SEPARATORS).upper() + key))


def holds_nir(text: str) -> bool:
    """Return whether a text holds a social security number whose key is right."""
    return any(nir_is_valid(found[1], found[2]) for found in _NIR.finditer(text))


def iban_is_valid(text: str) -> bool:
    """Return whether an IBAN has its country's shape and passes its control (ISO 13616, modulo 97)."""
    compact = text.replace(" ", "").replace("\u00a0", "").upper()
    if not compact.isascii() or not compact.isalnum():
        return False
    if int((compact[4:] + compact[:4]).translate(_LETTERS)) % 97 != 1:
        return False
    if compact.startswith("FR") and len(compact) == _FRENCH_SIZE:
        return True
    from stdnum import iban

    return bool(iban.is_valid(compact))


def holds_iban(text: str) -> bool:
    """Return whether a text holds a French IBAN whose key is right."""
    return any(iban_is_valid(found[0]) for found in _FRENCH_IBAN.finditer(text))


def rib_is_valid(text: str) -> bool:
    """Return whether 23 characters are a French account number whose key is right.

    Bank, desk, account and key: 89 b + 15 d + 3 a + k is a multiple of 97; letters count as in the French rule.
    """
    compact = text.replace(" ", "").replace("-", "").upper().translate(_RIB_LETTERS)
    if len(compact) != 23 or not compact.isdecimal():
        return False
    bank, desk, account, key = int(compact[:5]), int(compact[5:10]), int(compact[10:21]), int(compact[21:])
    return bank > 0 and account > 0 and (89 * bank + 15 * desk + 3 * account + key) % 97 == 0


def counts_in_text(text: str) -> dict[str, int]:
    """Return how many personal values a running text holds (a page of a document), by kind; absent when none.

    Only kinds that a control key or a clear pattern proves: ``nir``, ``email``, ``iban``. Never a value.
    """
    counts = {
        NIR: sum(nir_is_valid(found[1], found[2]) for found in _NIR.finditer(text)),
        EMAIL: sum(personal for personal, _ in mailboxes_in(text)),
        IBAN: sum(iban_is_valid(found[0]) for found in _FRENCH_IBAN.finditer(text)),
    }
    return {kind: count for kind, count in counts.items() if count}
