"""Suggests how a faulty cell should be written; a suggestion is only given when the field's own reader accepts it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from opendata_check.folding import fold
from opendata_check.model.schema import Field

_MAX_CELL = 200
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})(?:[ T][0-9:.]+Z?)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{1,2})(?:[ T][0-9:.]+(?:Z|[+-][0-9:]+)?)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_IN_WORDS = re.compile(r"(?:[a-z]+ )?([0-9]{1,2})(?:er)? ([a-z]+)\.? ([0-9]{4})")
_SERIAL = re.compile(r"[3-5][0-9]{4}(?:\.0+)?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_DIGITS_PATTERN = re.compile(r"\^?(?:\\d|\[0-9\])\{([0-9]{1,2})\}\$?")
_MONTHS = ("janv", "fevr", "mars", "avri", "mai", "juin", "juil", "aout", "sept", "octo", "nove", "dece")
_YES = frozenset({"oui", "o", "vrai", "true", "1", "yes", "y", "x"})
_NO = frozenset({"non", "n", "faux", "false", "0", "no"})
_NEAR_ENOUGH = 85


def suggestion(field: Field, cell: str, accepts: Callable[[str], bool]) -> str:
    """Return the first candidate that ``accepts`` takes, or "" when none does."""
    if not cell or len(cell) > _MAX_CELL:
        return ""
    for candidate in _candidates(field, cell):
        if candidate and candidate != cell and accepts(candidate):
            return candidate
    return ""


def digits_wanted(field: Field) -> int:
    """Return how many digits every cell of a column has (14 for a SIRET), or 0 when that is not so."""
    said = field.options.get("check_digits", 0)
    found = _DIGITS_PATTERN.fullmatch(str(field.constraints.get("pattern", "")))
    if not said and not found and "siret" in fold(field.name):
        return 14
    return int(said or (found[1] if found else 0))


def iso_date(cell: str) -> str:
    """Return a French, slashed, worded or Excel date in ISO form, or "" when it is none or does not exist.

    A year of two digits is left alone: nobody can tell its century.
    """
    text = " ".join(fold(cell).upper().split())
    if found := _DAY_FIRST.fullmatch(text):
        return _iso(int(found[3]), int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _IN_WORDS.fullmatch(text.lower()):
        month = next((n for n, start in enumerate(_MONTHS, 1) if found[2][:4] in (start, start[:3])), 0)
        return _iso(int(found[3]), month, int(found[1]))
    if _SERIAL.fullmatch(text):
        # Excel counts days from 1899-12-30.
        return (date(1899, 12, 30) + timedelta(days=int(text[:5]))).isoformat()
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _candidates(field: Field, cell: str) -> Iterator[str]:
    stripped = cell.strip().strip("\u00a0\u202f\ufeff'\"")
    yield stripped
    if field.type == "date":
        yield iso_date(stripped)
    elif field.type in ("number", "integer"):
        yield from _numbers(field, stripped)
    elif field.type == "boolean":
        yield from _booleans(field, stripped)
    elif field.type == "string":
        yield from _texts(field, stripped)


def _numbers(field: Field, text: str) -> Iterator[str]:
    plain = re.sub(r"(?:€|euros?|eur|%)$", "", _SPACES.sub("", text), flags=re.IGNORECASE)
    plain = plain.replace("\u2212", "-")
    if "," in plain and "." in plain:
        # « 1.234,50 » : the last mark is the decimal one.
        thousands = "." if plain.rfind(",") > plain.rfind(".") else ","
        plain = plain.replace(thousands, "")
    plain = plain.replace(",", ".")
    share = field.constraints.get("maximum") == 1
    if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", plain):
        if share and ("%" in text or float(plain) > 1):
            yield f"{float(plain) / 100:.6f}".rstrip("0").rstrip(".")
        yield plain
        if field.type == "integer" and "." in plain:
            whole, decimals = plain.split(".")
            yield whole if not decimals.strip("0") else ""


def _booleans(field: Field, text: str) -> Iterator[str]:
    word = fold(text)
    if word in _YES:
        yield str(field.options.get("trueValues", ["true"])[0])
    if word in _NO:
        yield str(field.options.get("falseValues", ["false"])[0])


def _texts(field: Field, text: str) -> Iterator[str]:
    enum = [str(value) for value in field.constraints.get("enum", ())]
    if enum:
        yield from _nearest(text, enum)
        return
    if field.format == "uri":
        if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text):
            yield f"https://{text}"
        return
    compact = _SPACES.sub("", text)
    length = digits_wanted(field)
    if length:
        digits = re.sub(r"[ .\-]", "", compact)
        yield digits
        # A spreadsheet drops one leading zero, two at most; shorter numbers are something else.
        if digits.isascii() and digits.isdigit() and len(digits) >= length - 2:
            yield digits.zfill(length)
        return
    if "pattern" not in field.constraints:
        return
    yield iso_date(text)
    yield "/".join(iso_date(part) for part in re.split(r" (?:-|au|a|/) ", text))
    yield from (compact, compact.replace(",", "."), compact.upper(), compact.lower(), text.replace(",", "."))


def _nearest(text: str, values: list[str]) -> Iterator[str]:
    from rapidfuzz import fuzz

    folded = fold(text)
    scored = sorted(((fuzz.ratio(folded, fold(value)), value) for value in values), key=lambda s: (-s[0], s[1]))
    if scored[0][0] >= _NEAR_ENOUGH and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        yield scored[0][1]
