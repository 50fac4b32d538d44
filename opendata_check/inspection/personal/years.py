"""Reads the year of a date written in any usual way, Excel's day numbers included."""

from __future__ import annotations

import re

_DATE_LIKE = re.compile(
    r"(?:n[ée]e?(?:\(e\))? )?(?:le )?(?:\d{1,4} ?[-/.] ?\d{1,2} ?[-/.] ?\d{2}(?!\d?[-/.])"
    r"|\d{8}$|\d{1,2}[-/][a-zéû]{3,9}\.?[-/]\d{2}|\d{1,2}(?:er)? [a-zéû]{3,9}\.? \d{4})",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:(?<!\d)|(?<=\d{2}[-/. ]))(1[89]\d{2}|20\d{2})")
_SHORT_YEAR = re.compile(r"[-/. ](\d{2})(?: |$)")
_MONTH_OF_YEAR = re.compile(r"(?:(?:0?[1-9]|1[0-2])[-/]|[a-zéû]{3,9}\.? )((?:19|20)\d{2})")
_APART = re.compile(r"(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) ((?:19|20)\d{2}|\d{2})(?!\d)")
"""« 12 03 1987 »."""
_SERIAL = re.compile(r"[1-4]\d{4}(?:[.,]0)?")
_EXCEL_YEAR = 365.25
_SIZE = 4


def is_bare(value: str) -> bool:
    """Return whether a date that is known to be one has no day: « 1987 », « 03/1987 »."""
    return len(value) == _SIZE or _MONTH_OF_YEAR.fullmatch(value) is not None


def year_of(value: str, *, born: bool) -> int:
    """Return the year of a date, or 0.

    ``born`` lets day numbers of Excel (from 1900), dates without separators and bare years be dates.
    """
    if _SERIAL.fullmatch(value):
        return int(1900 + int(value[:5]) / _EXCEL_YEAR) if born else 0
    if born and len(value) in (4, 6) and value.isdigit():
        return _glued_year(value)
    if born and (month := _MONTH_OF_YEAR.fullmatch(value)):
        return int(month[1])
    if born and (apart := _APART.match(value)):
        return int(apart[1]) if len(apart[1]) == _SIZE else _of_century(apart[1])
    if len(value) < 6 or not _DATE_LIKE.match(value):
        return 0
    if len(value) == 8 and value.isdigit() and int(value[4:]) > 1850:
        return int(value[4:])
    found = _YEAR.search(value)
    if found:
        return int(found[1])
    short = _SHORT_YEAR.search(value)
    return _of_century(short[1]) if short else 0


def _glued_year(value: str) -> int:
    """Return the year of « 1987 » or « 120387 », or 0."""
    if len(value) == 4:
        return int(value) if 1900 <= int(value) < 2030 else 0
    return _of_century(value[4:]) if int(value[:2]) <= 31 and 1 <= int(value[2:4]) <= 12 else 0


def _of_century(figures: str) -> int:
    """Return the year that two figures stand for."""
    return 1900 + int(figures) + (100 if int(figures) < 26 else 0)
