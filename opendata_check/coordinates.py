"""The coordinate systems in use in France, the columns that hold coordinates, and roughly where France is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.resources import load_yaml, rules_folder

_CONIC = re.compile(r"rgf(?:19)?93(?:v1)?(?:lambert)?cc(4[2-9]|50)(?:zone[1-9])?")
_CODE = re.compile(r"epsg(?:\.xml)?(?:[:/#][0-9.]*)*[:/#](\d{4,6})$|^(\d{4,6})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system, or several that read alike (RGF93 and WGS 84 differ by less than a metre)."""

    id: str
    title: str
    degrees: bool
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Words, folded, that say which coordinate a column holds."""

    latitude: frozenset[str]
    longitude: frozenset[str]
    x: frozenset[str]
    y: frozenset[str]
    around: frozenset[str]
    latitude_first: frozenset[str]
    longitude_first: frozenset[str]
    shape: frozenset[str]


@cache
def _content() -> Any:
    content = load_yaml(rules_folder() / "coordinates.yaml")
    if not isinstance(content, dict) or {"systems", "columns"} - content.keys():
        raise RulesError("il faut les clés « systems » et « columns »", where="rules/coordinates.yaml")
    return content


@cache
def systems() -> Mapping[str, System]:
    """Return the known systems by id (rules/coordinates.yaml)."""
    return {
        entry["id"]: System(entry["id"], entry["title"], entry["kind"] == "degrees", frozenset(entry["codes"]))
        for entry in _content()["systems"]
    }


@cache
def column_words() -> ColumnWords:
    """Return the words of columns that hold coordinates (rules/coordinates.yaml)."""
    return ColumnWords(**{name: frozenset(words) for name, words in _content()["columns"].items()})


@cache
def _by_code() -> Mapping[int, str]:
    return {code: system.id for system in systems().values() for code in system.codes}


@cache
def _by_name() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for entry in _content()["systems"]:
        found |= dict.fromkeys(entry["names"], entry["codes"][0]) | dict(entry.get("named_codes", {}))
    return found | dict.fromkeys(("gcsrgf1993", "rgf93", "rgf1993", "rgf93v1"), 4171)


def system_of(declared: str) -> System | None:
    """Return the system of a declared code (« EPSG:2154 »), None when it is unknown or says nothing."""
    code = _CODE.search(declared.strip())
    if code is None:
        return None
    return systems().get(_by_code().get(int(code[1] or code[2]), ""))


def crs_named(name: str) -> str:
    """Return « EPSG:2154 » for the ways a file names a coordinate system: code, URN, URL or known name.

    An unknown name is cleaned and cut; OGC's CRS84 is WGS 84 with the longitude first.
    """
    code = _CODE.search(name.strip())
    if code:
        return f"EPSG:{code[1] or code[2]}"
    if name.strip().upper().endswith("CRS84"):
        return "EPSG:4326"
    folded = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name[:200]).lower())
    if folded in _by_name():
        return f"EPSG:{_by_name()[folded]}"
    conic = _CONIC.fullmatch(folded)
    if conic:
        return f"EPSG:39{conic[1]}"
    return "".join(character for character in name if character.isprintable())[:80].strip()


# A rough outline of metropolitan France with Corsica and its near waters (longitude, latitude), counter-clockwise.
METROPOLE = (
    (-2.2, 43.1), (0.7, 42.4), (3.4, 42.1), (6.4, 42.7), (8.2, 41.1), (9.8, 41.1), (9.8, 43.3), (7.9, 43.6),
    (7.3, 44.6), (7.5, 46.2), (8.5, 49.2), (6.1, 49.8), (4.0, 50.6), (2.2, 51.3), (1.2, 50.5), (-2.2, 50.0),
    (-5.6, 48.9), (-5.6, 47.8), (-2.8, 46.3), (-1.9, 44.0),
)  # fmt: skip
"""Corners of the outline."""
# West, south, east, north of the lands overseas, with their near waters.
OVERSEAS = (
    (-63.3, 14.2, -60.6, 18.3),  # Guadeloupe, Martinique, Saint-Martin, Saint-Barthélemy
    (-54.8, 2.0, -51.4, 6.0),  # Guyane
    (55.1, -21.5, 55.95, -20.8),  # La Réunion
    (44.9, -13.1, 45.4, -12.5),  # Mayotte
    (-56.6, 46.6, -56.0, 47.3),  # Saint-Pierre-et-Miquelon
    (158.0, -23.5, 172.5, -17.5),  # Nouvelle-Calédonie
    (-155.0, -28.0, -134.0, -7.5),  # Polynésie française
    (-178.5, -14.6, -176.0, -13.0),  # Wallis-et-Futuna
)


def in_metropole(longitude: float, latitude: float) -> bool:
    """Return True inside the rough outline of metropolitan France (even-odd rule)."""
    inside = False
    for (x1, y1), (x2, y2) in zip(METROPOLE, (*METROPOLE[1:], METROPOLE[0]), strict=True):
        if (y1 > latitude) != (y2 > latitude) and longitude < x1 + (latitude - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def in_france(longitude: float, latitude: float) -> bool:
    """Return True in metropolitan France or overseas, roughly: near waters count, so do strips of neighbours."""
    if in_metropole(longitude, latitude):
        return True
    return any(w <= longitude <= e and s <= latitude <= n for w, s, e, n in OVERSEAS)


def near_france(longitude: float, latitude: float) -> bool:
    """Return True within some hundreds of kilometres of France, overseas included."""
    if -12 <= longitude <= 17 and 36 <= latitude <= 56:
        return True
    return any(w - 4 <= longitude <= e + 4 and s - 4 <= latitude <= n + 4 for w, s, e, n in OVERSEAS)
