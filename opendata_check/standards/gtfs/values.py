"""Says whether one value is of the type its field asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache, partial

from opendata_check.standards.gtfs.facts import Field, facts

Verdict = tuple[tuple[str, str], ...]
"""The rules a value breaks: their codes, each with the right value when it is sure, else ""."""

Judge = Callable[[str], Verdict]

_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])")
_LONGEST_TIME = 40
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")
_COLOR = re.compile(r"[0-9A-Fa-f]{6}")
_URL = re.compile(r"https?://[^\s/?#\"<>]+(?:[/?#][^\s\"<>]*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*")

_FINE: Verdict = ()


def judge_of(field: Field) -> Judge:
    """Return the function that judges the filled values of a field."""
    kinds: dict[str, Judge] = {
        "id": _identifier,
        "date": _date,
        "time": _time,
        "local_time": _local_time,
        "latitude": partial(_degrees, code="gtfs.latitude", most=90.0),
        "longitude": partial(_degrees, code="gtfs.longitude", most=180.0),
        "integer": partial(_integer, field=field),
        "float": partial(_float, field=field),
        "amount": partial(_float, field=field),
        "enum": partial(_listed, field=field),
        "route_type": partial(_route_type, field=field),
        "timezone": _timezone,
        "color": _color,
        "url": partial(_matching, pattern=_URL, code="gtfs.url"),
        "email": partial(_matching, pattern=_EMAIL, code="gtfs.courriel"),
        "phone": _phone,
        "language": partial(_matching, pattern=_LANGUAGE, code="gtfs.langue"),
        "currency": partial(_matching, pattern=_CURRENCY, code="gtfs.monnaie"),
    }
    return partial(_judge, kind=kinds.get(field.type))


def _judge(value: str, kind: Judge | None) -> Verdict:
    """Judge a value, spaces around it apart."""
    plain = value.strip()
    around: Verdict = _FINE
    if not value.isprintable() and any(sign in value for sign in "\n\r\t"):
        around = (("gtfs.saut_de_ligne", " ".join(value.split())),)
    elif plain != value:
        around = (("gtfs.espace", plain),)
    if kind is None or not plain:
        return around
    return around + kind(plain)


def _matching(value: str, pattern: re.Pattern[str], code: str) -> Verdict:
    return _FINE if pattern.fullmatch(value) else ((code, ""),)


def _phone(value: str) -> Verdict:
    """Judge a number as lightly as the reference does: letters one can dial are admitted."""
    has_digits = sum(character.isdigit() for character in value) >= 2
    return _FINE if has_digits and "@" not in value else (("gtfs.telephone", ""),)


def _identifier(value: str) -> Verdict:
    return _FINE if value.isascii() and value.isprintable() else (("gtfs.identifiant", ""),)


def _date(value: str) -> Verdict:
    return _FINE if day_of(value) is not None else (("gtfs.date", _compact(value)),)


def day_of(value: str) -> date | None:
    """Return the day that YYYYMMDD gives, None when it gives none."""
    if not _DATE.fullmatch(value):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def _compact(value: str) -> str:
    """Return 20240531 for 2024-05-31, "" when it is no date."""
    try:
        return date.fromisoformat(value).strftime("%Y%m%d") if len(value) == 10 else ""
    except ValueError:
        return ""


def _time(value: str) -> Verdict:
    return _FINE if _TIME.fullmatch(value) else (("gtfs.heure", ""),)


def seconds_of(value: str) -> int | None:
    """Return seconds since the start of the service day, None when the value is no time."""
    return _seconds(value) if len(value) < _LONGEST_TIME else None


@lru_cache(maxsize=100_000)
def _seconds(value: str) -> int | None:
    found = _TIME.fullmatch(value.strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]) if found else None


def _local_time(value: str) -> Verdict:
    seconds = seconds_of(value)
    if seconds is None:
        return (("gtfs.heure", ""),)
    return _FINE if seconds <= 24 * 3600 else (("gtfs.heure_locale", ""),)


def number_of(value: str) -> float | None:
    """Return the number that a value writes, None when it writes none."""
    plain = value.strip()
    return float(plain) if _FLOAT.fullmatch(plain) else None


def _with_point(value: str) -> str:
    """Return 43.25 for 43,25, "" when it would still be no number."""
    return value.replace(",", ".") if value.count(",") == 1 and _FLOAT.fullmatch(value.replace(",", ".")) else ""


def _degrees(value: str, code: str, most: float) -> Verdict:
    number = number_of(value)
    if number is None:
        return ((code, _with_point(value)),)
    return _FINE if -most <= number <= most else ((code, ""),)


def _integer(value: str, field: Field) -> Verdict:
    if not _INTEGER.fullmatch(value):
        return (("gtfs.entier", ""),)
    return _within(int(value), field)


def _float(value: str, field: Field) -> Verdict:
    number = number_of(value)
    if number is None:
        return (("gtfs.nombre", _with_point(value)),)
    return _within(number, field)


def _within(number: float, field: Field) -> Verdict:
    is_right = (
        (field.minimum is None or number >= field.minimum)
        and (field.above is None or number > field.above)
        and (not field.nonzero or number != 0)
    )
    return _FINE if is_right else (("gtfs.hors_bornes", ""),)


def _listed(value: str, field: Field) -> Verdict:
    return _FINE if value in field.values else (("gtfs.valeur_inconnue", ""),)


def _route_type(value: str, field: Field) -> Verdict:
    if value in field.values:
        return _FINE
    first, last = facts().extended_route_types
    is_extended = value.isascii() and value.isdigit() and len(value) < 6 and first <= int(value) <= last
    return (("gtfs.type_ligne_etendu" if is_extended else "gtfs.valeur_inconnue", ""),)


def _color(value: str) -> Verdict:
    if _COLOR.fullmatch(value):
        return _FINE
    bare = value.removeprefix("#")
    return (("gtfs.couleur", bare if _COLOR.fullmatch(bare) else ""),)


@cache
def _zones() -> frozenset[str]:
    """Return the names of time zones; empty where the system has no table of them."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def _timezone(value: str) -> Verdict:
    zones = _zones()
    if value in zones if zones else _ZONE.fullmatch(value):
        return _FINE
    meant = [zone for zone in zones if zone.lower() == value.lower()]
    return (("gtfs.fuseau", meant[0] if len(meant) == 1 else ""),)
