"""Values as Opendatasoft writes them: groups of metadata, shapes, where a federated dataset comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any
from urllib.parse import quote

from opendata_check.sources.reading import values

Group = Mapping[str, Any]
"""One template of metadata (``default``, ``dcat``, ``inspire``, ``custom``…): name → value."""

NOTHING: Group = {}
_MAX_ITEMS = 1_000
_MAX_POINTS = 20_000
_HOST = re.compile(r"(?:https?://)?([\w.-]{1,200}?)(?::\d+)?(?:/.*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'<>,;()]{1,1900}", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d{14}|\d{9})(?!\d)", re.ASCII)
_BODIES = frozenset({
    "service", "services", "direction", "mairie", "ville", "commune", "pole", "metropole", "communaute",
    "agglomeration", "departement", "region", "open", "data", "opendata", "donnees", "sig", "contact", "equipe",
    "accueil", "administration", "support", "cellule", "mission", "bureau", "secretariat", "office", "syndicat",
    "conseil", "centre", "observatoire", "archives", "bibliotheque", "mediatheque", "urbanisme", "voirie",
    "transports", "mobilite", "environnement", "espaces", "verts", "informatique", "numerique", "geomatique",
    "systeme", "information", "territoire", "patrimoine", "culture", "sport", "eau", "dechets", "energie",
    "logement", "habitat", "finances", "marches",
})  # fmt: skip
"""A name that holds one of these is a body's, not a person's."""


def group(value: Any) -> Group:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else NOTHING


def items(value: Any) -> list[Any]:
    """Return ``value`` when it is a list, cut to a sane length, else an empty one."""
    return value[:_MAX_ITEMS] if isinstance(value, list) else []


def first(groups: tuple[Group, ...], *names: str) -> Any:
    """Return the first value that says something under one of ``names``, the order of names prevailing."""
    for name in names:
        for held in groups:
            value = held.get(name)
            if value is not None and value != "" and value != []:
                return value
    return None


def texts(value: Any, separators: str = "") -> tuple[str, ...]:
    """Return the texts of a list or of a single text; only ``separators`` cut the latter."""
    if isinstance(value, str):
        return values.words(value, separators) if separators else values.words([value])
    return values.words(value)


def line(value: Any, longest: int = 500) -> str:
    """Return a text, or the texts of a list joined by commas."""
    return ", ".join(values.words(value))[:longest] if isinstance(value, list) else values.text(value, longest)


def address_in(value: Any) -> str:
    """Return the first web address that a text holds, "" when it holds none."""
    found = _ADDRESS.search(value[:5000]) if isinstance(value, str) else None
    return values.web_url(found[0].rstrip(".")) if found else ""


def siren_in(identifier: str) -> str | None:
    """Return the SIREN that begins a dataset's id (``264400516_arretes``), when its control digit is right."""
    found = _NUMBERED.match(identifier)
    if found is None:
        return None
    from stdnum import luhn

    return found[1][:9] if luhn.is_valid(found[1]) else None


def host_of(value: Any) -> str:
    """Return the host of a domain as portals write it: an address, a host, or the short name of a portal."""
    found = _HOST.fullmatch(values.text(value, 500))
    name = found[1].strip(".").lower() if found else ""
    return f"{name}.opendatasoft.com" if name and "." not in name else name


def origin(identifier: str, default: Group, own_host: str) -> tuple[str, tuple[str, ...]]:
    """Return the host a federated dataset comes from and its names there, or ("", ()) for the portal's own.

    ``federated`` alone proves nothing: portals that share their datasets with others say it of their own too.
    """
    short, _, domain = identifier.rpartition("@")
    host = host_of(default.get("source_domain_address")) or host_of(default.get("source_domain"))
    host = host or (host_of(domain) if short else "")
    if not host or host == own_host:
        return "", ()
    there = values.text(default.get("source_dataset"), 300) or short or identifier
    names = [f"https://{host}/explore/dataset/{quote(there, safe='@')}/", f"{there}@{host}"]
    if short:
        names.append(identifier)
    return host, tuple(names)


def is_persons(email: str, name: str) -> bool:
    """Return True when an address is that of the person named: ``j.dupont@`` or ``jean.dupont@`` for Jean Dupont."""
    words = values.fold(name).split("-")
    if not 2 <= len(words) <= 4 or _BODIES.intersection(words):
        return False
    joined = values.fold(email.partition("@")[0]).replace("-", "")
    shapes = {"".join(words), words[0], words[-1]}
    for given, family in ((words[0], words[-1]), (words[-1], words[0])):  # either may come first
        shapes |= {given + family, given[0] + family, family + given[0]}
    return joined in shapes


def box(*candidates: Any) -> tuple[float, float, float, float] | None:
    """Return the box of the first candidate that has one: a GeoJSON object, or four numbers west to north."""
    for candidate in candidates:
        found = _shape_box(candidate) if isinstance(candidate, dict) else _plain_box(candidate)
        if found is not None:
            return found
    return None


def _plain_box(value: Any) -> tuple[float, float, float, float] | None:
    """Return four numbers, given in a list, in order and in degrees."""
    if not isinstance(value, list | tuple) or len(value) != 4:
        return None
    numbers = [_number(item) for item in value]
    west, south, east, north = numbers
    if west is None or south is None or east is None or north is None:
        return None
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if inside else None


def _shape_box(shape: Group) -> tuple[float, float, float, float] | None:
    """Return the envelope of a GeoJSON geometry or feature."""
    inner = shape.get("geometry")
    held = inner if isinstance(inner, dict) else shape
    west, south, east, north = 181.0, 91.0, -181.0, -91.0
    for x, y in _points(held.get("coordinates")):
        west, east = min(west, x), max(east, x)
        south, north = min(south, y), max(north, y)
    return _plain_box([west, south, east, north])


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Yield the points of nested lists of coordinates, however deep, at most so many."""
    waiting, seen = [coordinates], 0
    while waiting and seen < _MAX_POINTS:
        here = waiting.pop()
        if not isinstance(here, list):
            continue
        seen += 1
        if len(here) >= 2 and not isinstance(here[0], list):
            x, y = _number(here[0]), _number(here[1])
            if x is not None and y is not None:
                yield x, y
        else:
            waiting.extend(here[:_MAX_POINTS])


def _number(value: Any) -> float | None:
    """Return a finite number, given as such or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value[:40].replace(",", ".")) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None
