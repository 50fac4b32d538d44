"""The table of words of rules/words.yaml: what the screen says of each value, and French numbers and dates."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.resources import load_yaml, rules_folder

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_NBSP = "\N{NO-BREAK SPACE}"
_NARROW = "\N{NARROW NO-BREAK SPACE}"


@cache
def _table() -> dict[str, Any]:
    content = load_yaml(rules_folder() / "words.yaml")
    if not isinstance(content, dict):
        raise RulesError("on attend une table de mots", where="words.yaml")
    return content


def word(table: str, value: str, form: str = "label") -> str:
    """Return the French word for ``value`` of ``table``, e.g. ``word("outcomes", "compliant")``.

    Raises RulesError when the table lacks it: a value without a word must not reach a screen.
    """
    try:
        return str(_table()[table][value][form])
    except KeyError as error:
        raise RulesError(f"il manque le mot « {table}.{value}.{form} »", where="words.yaml") from error


def is_not_examined(text: str) -> bool:
    """Return whether a word names a body that this tool does not examine (« hôpital », « État »)."""
    return _plain_word(text) in _table()["kinds_not_examined"]


def _plain_word(text: str) -> str:
    import unicodedata

    folded = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(c if c.isalnum() else "_" for c in folded if not unicodedata.combining(c))


def kind_named(text: str) -> str:
    """Return the kind of body that a word names (« commune », « SPL », « communauté de communes »), or ""."""
    plain = _plain_word(text)
    known: dict[str, Any] = _table()["kinds"]
    found = plain if plain in known else str(_table()["kind_aliases"].get(plain, ""))
    return "" if found == "unknown" else found


def effort_rank(effort: str) -> int:
    """Return how heavy an effort is, 1 (light) to 4; 9 for none."""
    entry = _table()["efforts"].get(effort)
    return int(entry["rank"]) if entry else 9


def glossary() -> tuple[tuple[str, str], ...]:
    """Return the glossary: (word, meaning) in the order of the file."""
    return tuple((entry["word"], entry["meaning"]) for entry in _table()["glossary"])


def french_date(day: date) -> str:
    """Return a date in full: « 1er janvier 2026 », « 23 novembre 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def french_number(value: float, decimals: int = 0) -> str:
    """Return a number with narrow no-break spaces between thousands and a decimal comma: « 6 200 », « 0,5 »."""
    return f"{value:,.{decimals}f}".replace(",", _NARROW).replace(".", ",")


_LONGEST_NUMBER = 60


def number_in(text: str, *units: str, whole: bool = False) -> float | None:
    """Return the number a person typed, or None: « 62 », « 49,5 », « 6 200 », « 55 ETP » where ETP is among ``units``.

    A group of three digits after a dot or a comma is refused: « 3.600 » may mean 3 600 or 3,6. So is any decimal part
    of what is counted ``whole``.
    """
    import unicodedata

    if len(text) > _LONGEST_NUMBER:
        return None
    plain = (str(unicodedata.decimal(c)) if c.isdecimal() else " " if c.isspace() else c for c in text)
    found = _NUMBER.fullmatch("".join(plain).strip())
    if not found or (whole and found["decimals"]) or (found["unit"] and found["unit"].casefold() not in units):
        return None
    digits = found["whole"].replace(" ", "")
    return float(f"{digits}.{found['decimals'] or 0}")


_NUMBER = re.compile(
    r"(?P<whole>0|[1-9][0-9]{0,2}(?: [0-9]{3})+|[1-9][0-9]{0,11})"
    r"(?:[.,](?P<decimals>[0-9]{1,2}))?\s*(?P<unit>[^\W\d_]*)"
)


def date_in(text: str) -> date | None:
    """Return the day a person typed, or None: 2026-01-31, 31/01/2026, 31-01-2026, 31.01.2026, « 31 janvier 2026 »."""
    plain = " ".join(_unaccented(text.lower()).split()).removeprefix("le ")
    for month, name in enumerate(_MONTHS, start=1):
        plain = plain.replace(f" {_unaccented(name)} ", f"/{month}/")
    plain = plain.replace("1er/", "1/").replace(" ", "").replace(".", "/").replace("-", "/")
    parts = plain.split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month_, day = parts if len(parts[0]) == 4 else reversed(parts)
    if len(year) != 4 or len(month_) > 2 or len(day) > 2:
        return None
    try:
        return date(int(year), int(month_), int(day))
    except ValueError:
        return None


def _unaccented(text: str) -> str:
    import unicodedata

    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def plural(count: float, one: str, many: str | None = None) -> str:
    """Return « 1 ligne » or « 412 lignes »: French plurals start at 2."""
    noun = one if abs(count) < 2 else (many or one + "s")
    return f"{french_number(count)}{_NBSP}{noun}"


def join_list(items: list[str] | tuple[str, ...], last: str = "et") -> str:
    """Return « a, b et c »."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


_PLAIN = {
    "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "’": "'", "…": "...", "œ": "oe", "Œ": "OE", "«": '"',
    "»": '"', "–": "-", "—": "-", "─": "-", "·": "-", "›": ">", "█": "#", "░": ".", "€": "EUR", "°": "o", "↗": ">",
}  # fmt: skip
"""What an old screen shows in place of a sign it lacks."""


def carries(text: str, encoding: str) -> bool:
    """Return whether an encoding has every letter of ``text``."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def nearest(text: str) -> str:
    """Return the nearest thing that any screen can show: letters without their accents, else question marks."""
    import unicodedata

    found = (_PLAIN.get(letter) or unicodedata.normalize("NFKD", letter) for letter in text)
    return "".join(near.encode("ascii", "ignore").decode("ascii") or "?" for near in found)


def legible(text: str, encoding: str) -> str:
    """Return ``text`` with each letter that ``encoding`` lacks replaced by the nearest one."""
    if carries(text, encoding):
        return text
    return "".join(letter if carries(letter, encoding) else nearest(letter) for letter in text)


_ENCODINGS = {"cp1252": "Windows (cp1252)", "cp850": "DOS (cp850)", "mac_roman": "Macintosh (mac_roman)"}


_DELIMITERS = {",": "virgule", ";": "point-virgule", "\t": "tabulation", "|": "barre verticale"}


def delimiter_name(delimiter: str) -> str:
    """Return the name of what separates cells; the sign itself when it has none."""
    return _DELIMITERS.get(delimiter, delimiter)


def encoding_name(encoding: str) -> str:
    """Return an encoding as an agent may know it."""
    return _ENCODINGS.get(encoding, encoding)
