"""The Insee headcount bands of a legal unit (trancheEffectifsUniteLegale), by code or by label."""

from __future__ import annotations

import re

from opendata_check.model.organization import EvidenceKind, HeadcountBand

BANDS: dict[str, tuple[int, int | None]] = {
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1000, 1999),
    "51": (2000, 4999),
    "52": (5000, 9999),
    "53": (10000, None),
}
"""Lowest and highest number of people on 31 December. NN and an empty code say nothing of a public body: no band."""
_NUMBER = r"(\d[\d\s]{0,11})"
_LABEL = re.compile(
    rf"{_NUMBER}(?:(?:à|a|-|–|ou)\s*{_NUMBER})?(?:salari[ée]s?|agents?|personnes?)?\s*((?:et|ou)\s+plus)?\s*(?:\(.*\))?",
    re.IGNORECASE,
)
_YEARS = (1990, 2100)


def band(text: str, year: str = "", evidence: EvidenceKind = EvidenceKind.OBSERVED) -> HeadcountBand | None:
    """Return the band of a code (« 21 », « 1 » for « 01 ») or a label (« 50 à 99 salariés »), None when it is none."""
    code = _code(text.strip())
    if code is None:
        return None
    written = year.strip().removesuffix(".0")
    counted = int(written) if len(written) == 4 and written.isascii() and written.isdigit() else None
    if counted is not None and not _YEARS[0] <= counted <= _YEARS[1]:
        counted = None
    lowest, highest = BANDS[code]
    return HeadcountBand(code, lowest, highest, counted, evidence)


def _code(text: str) -> str | None:
    text = text.removesuffix(".0")  # a data frame turns a column with holes into decimals
    if text.isascii() and text.isdigit() and len(text) <= 2:
        code = text.zfill(2)  # a spreadsheet drops the first zero
        return code if code in BANDS else None
    found = _LABEL.fullmatch(text)
    if not found:
        return None
    low, high = _digits(found[1]), _digits(found[2] or "")
    ends = (low, None) if found[3] else (low, low if high is None else high)
    return next((code for code, limits in BANDS.items() if limits == ends), None)


def _digits(text: str) -> int | None:
    digits = "".join(character for character in text if character.isdigit())
    return int(digits) if digits else None
