"""Turns what spreadsheets call dates (serial numbers, formats, ISO texts, durations) into text."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

_LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""
_QUOTED = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_DURATION = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})(?:[.,]\d*)?S)?")


def is_elapsed_format(code: str) -> bool:
    """Return True for a number format that counts elapsed time: « [h]:mm »."""
    return _ELAPSED.search(_QUOTED.sub("", code)) is not None


def is_date_format(code: str) -> bool:
    """Return True for a number format that shows a date or a time: « dd/mm/yyyy », never « 0.00 "jours" »."""
    bare = _BRACKETS.sub("", _QUOTED.sub("", code)).split(";")[0]
    return bare.lower() not in ("general", "standard") and _DATE_LETTERS.search(bare) is not None


def date_of_serial(serial: float, date1904: bool, *, elapsed: bool) -> str | None:
    """Return the text of a serial number shown as a date, None when it cannot be one.

    ISO date, ISO date and time, or time alone below 1. Day 60 of the 1900 system is a 29 February that never was
    (ECMA-376 part 1, 18.17.4.1): serials before it are one day late.
    """
    if not math.isfinite(serial) or not 0 <= serial < _LAST_SERIAL:
        return None
    seconds = round((serial % 1) * 86_400)
    days = int(serial)
    if elapsed:
        return clock(days * 86_400 + seconds)
    if days == 0 and not date1904:
        return clock(seconds)
    origin = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 31) if days < 60 else datetime(1899, 12, 30)
    try:
        return short_iso((origin + timedelta(days=days, seconds=seconds)).isoformat())
    except OverflowError:
        return None


def clock(seconds: int) -> str:
    """Return a number of seconds as « 26:03:04 »."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def short_iso(text: str) -> str:
    """Return an ISO date and time without its time when that is midnight."""
    day, mark, time = text.partition("T")
    return day if mark and re.fullmatch(r"00:00(:00([.,]0+)?)?Z?", time) else text


def clock_of_duration(text: str) -> str:
    """Return an ISO 8601 duration (« PT10H30M00S ») as « 10:30:00 »; what is not one comes back as it is."""
    found = _DURATION.fullmatch(text)
    if not found or len(text) < 3:
        return text
    sign, days, hours, minutes, seconds = found.groups()
    total = (int(days or 0) * 24 + int(hours or 0)) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return sign + clock(total)
