"""Shows one faulty value, safe to print: shortened, on one line, masked when a person may be behind it."""

from __future__ import annotations

import re
import unicodedata

from opendata_check.folding import fold
from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.schema import Field
from opendata_check.tables.suggestions import digits_wanted

MASKED = "(valeur masquée)"
_SHOWN = 40
_SIRET_DIGITS = 14
_PERSONAL_WORD = re.compile(
    r"noms?|prenoms?|patronyme|e?mails?|courriels?|tel|telephones?|portable|mobile|adresse|rue|naissance|nir|iban|rib"
    r"|beneficiaire|proprietaire|occupant|titulaire|contact"
)
_DIGITS = re.compile(r"[0-9]")
_NUMBER_LIKE = re.compile(r"[-+0-9., /:%€$TZEe\u00a0\u202f]{1,40}")
_SIRET_LIKE = re.compile(r"[0-9 .\u00a0\u202f,+Ee]{1,24}")
_LONG_NUMBER = re.compile(r"(?:[0-9][ .\u00a0\u202f-]?){10,}")
_DATE_WORD = re.compile(
    r"janv(ier)?|fevr?(ier)?|mars|avr(il)?|mai|juin|juil(let)?|aout|sept?(embre)?|oct(obre)?|nov(embre)?|dec(embre)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|er|h"
)


def may_hold_personal_data(field: Field, label: str, letter: str, hints: tuple[PersonalDataHint, ...]) -> bool:
    """Return True when a column may name a person: inspection saw it, the schema says it, or its name does."""
    if any(hint.letter == letter if hint.letter else hint.column == label for hint in hints):
        return True
    said = field.options.get("personal")
    if said is not None:
        return bool(said)
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", f"{field.name} {label}")
    return any(_PERSONAL_WORD.fullmatch(word) for word in re.split(r"[^a-z0-9]+", fold(words)))


def shown_example(rule: str, field: Field, cell: str, *, personal: bool) -> str:
    """Return what to print of a faulty cell: itself (40 characters at most), its length, or « (valeur masquée) ».

    A value that does not look like what the column should hold (a name shifted into a column of dates) is masked too.
    """
    if not cell.strip():
        return "" if not cell else "(des espaces)"
    if rule in ("max_length", "min_length"):
        return f"(texte de {len(cell)} caractères)"
    if personal or not _looks_impersonal(field, cell, siret=rule == "french-siret-value"):
        return MASKED
    return shortened(cell)


def shortened(text: str, limit: int = _SHOWN) -> str:
    """Return ``text`` on one line, without control characters, 40 characters at most unless told."""
    clean = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[:400]).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def _looks_impersonal(field: Field, cell: str, *, siret: bool) -> bool:
    if "@" in cell:
        return False
    if siret or digits_wanted(field) == _SIRET_DIGITS:
        # The organization's own number is required; the other party of a subsidy may be a person.
        return _SIRET_LIKE.fullmatch(cell.strip()) is not None and (field.required or not _may_be_nir(cell))
    if _LONG_NUMBER.search(cell):
        return False
    if field.type == "boolean" or "enum" in field.constraints:
        return len(cell) <= _SHOWN
    if field.type != "string" or "pattern" in field.constraints:
        words = set(re.findall(r"[a-z]+", fold(cell)))
        return bool(_NUMBER_LIKE.fullmatch(cell.strip())) or (
            _DIGITS.search(cell) is not None and (all(map(_DATE_WORD.fullmatch, words)) or len("".join(words)) <= 3)
        )
    return field.options.get("personal") is False


def _may_be_nir(cell: str) -> bool:
    """Return True for 13 or 15 digits that begin like a social security number."""
    digits = re.sub(r"[^0-9]", "", cell)
    return len(digits) in (13, 15) and digits[0] in "123478"
