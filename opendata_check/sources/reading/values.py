"""Values as people and portals write them, made safe and plain: text, dates, lists, sizes, titles."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from opendata_check.fetching.naming import printable

LONGEST_DESCRIPTION = 20_000
_MAX_ITEMS = 200
_EARLIEST, _LATEST = 1900, 2200


def text(value: Any, longest: int = 500) -> str:
    """Return a scalar as one safe line, "" for anything else (a list, a mapping, nothing)."""
    if isinstance(value, str):
        return printable(value, longest)
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        return ""
    return str(value)[:longest]


def prose(value: Any, longest: int = LONGEST_DESCRIPTION) -> str:
    """Return a description: safe, its lines kept, at most ``longest`` characters."""
    if not isinstance(value, str):
        return text(value, longest)
    lines = [printable(line, longest) for line in value[: 2 * longest].splitlines()]
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def day(value: Any) -> date | None:
    """Return a date written ISO (time allowed) or French (31/12/2025), else None.

    A bare year or month is no date, nor is a year before 1900 or after 2200: no catalogue can mean it.
    """
    found = _written_day(value)
    return found if found is not None and _EARLIEST <= found.year <= _LATEST else None


def _written_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    found = re.match(r"\s*(\d{4})-(\d{2})-(\d{2})(?!\d)", value, re.ASCII)
    order = (1, 2, 3)
    if found is None:
        found = re.match(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", value, re.ASCII)
        order = (3, 2, 1)
    if found is None:
        return None
    try:
        return date(*(int(found[place]) for place in order))
    except ValueError:
        return None


def words(value: Any, separators: str = ";,") -> tuple[str, ...]:
    """Return a list of short texts, from a list or from one text cut at ``separators``; without doubles, in order."""
    items = re.split(f"[{separators}]", value) if isinstance(value, str) else value if isinstance(value, list) else []
    kept = (text(item, 200) for item in items[: 10 * _MAX_ITEMS])
    return tuple(dict.fromkeys(item for item in kept if item))[:_MAX_ITEMS]


def size(value: Any) -> int | None:
    """Return a size in bytes, from a number or its digits, else None."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}(\.0+)?", value.strip(), re.ASCII):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**15:
        return None
    return int(value)


def web_url(value: Any) -> str:
    """Return an http(s) URL as written, or "" when ``value`` is none."""
    written = text(value, 2000)
    return written if re.match(r"https?://[^/\s]", written, re.IGNORECASE) else ""


def email(value: Any) -> str:
    """Return an e-mail address without ``mailto:``, or ""."""
    written = re.sub(r"^mailto:", "", text(value, 200), flags=re.IGNORECASE)
    return written if re.fullmatch(r"[^@\s]+@[^@\s]+", written) else ""


def siren_of(value: Any) -> str | None:
    """Return the SIREN (9 digits) of a SIRET or a SIREN, spaces allowed, or None."""
    digits = re.sub(r"\s", "", text(value, 40))
    return digits[:9] if re.fullmatch(r"\d{9}(\d{5})?", digits, re.ASCII) else None


def period(start: Any, end: Any) -> str:
    """Return a period as ``start/end``, "" when neither is given."""
    first, last = text(start, 40), text(end, 40)
    return f"{first}/{last}" if first or last else ""


def fold(name: str) -> str:
    """Return ``name`` without case, accents or punctuation, to compare titles and file names."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def readable_title(stem: str) -> str:
    """Return a title made from a file's stem: ``budget_2025`` gives « Budget 2025 ».

    A SIREN or SIRET that stands first, as the SCDL asks in file names, is left out; dates keep their hyphens.
    """
    spaced = re.sub(r"(?<!\d)-|-(?!\d)|_", " ", printable(stem))
    spaced = " ".join(spaced.split())
    spaced = re.sub(r"^(\d{14}|\d{9}) (?=\S)", "", spaced)
    return spaced[:1].upper() + spaced[1:] if spaced else "Sans titre"
