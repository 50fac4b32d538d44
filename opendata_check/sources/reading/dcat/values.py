"""Values as DCAT catalogues write them, in whatever syntax: licences in HTML, boxes, periods, durations, formats."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isfinite
from typing import Any

from opendata_check.sources.reading import values

Box = tuple[float, float, float, float]
"""West, south, east, north."""

_LONGEST_SHAPE = 2_000_000
_NUMBER = r"[-+]?\d{1,4}(?:\.\d*)?(?:[eE][-+]?\d{1,3})?"
_PAIR = re.compile(rf"(?<![\d.])({_NUMBER})[\s,]+({_NUMBER})(?:\s+{_NUMBER})?(?=\s*[,()\]\s]|\s*$)")
_NEXT = rf"\s*[,;\s]\s*({_NUMBER})"
_FOUR = re.compile(rf"\s*\[?\s*({_NUMBER}){_NEXT * 3}\s*\]?\s*")
_SHAPE = re.compile(r"\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b[^(]{0,20}\(", re.IGNORECASE)
_ENVELOPE = re.compile(rf"\s*ENVELOPE\s*\(\s*({_NUMBER}){_NEXT * 3}", re.IGNORECASE)
_REFERENCE = re.compile(r"\s*(?:<([^<>]{0,200})>|SRID\s*=\s*(\d{1,6})\s*;)\s*", re.IGNORECASE)
_WGS84 = re.compile(r"(?:^|\D)(?:4326|CRS84|4258|4979|84)$", re.IGNORECASE)
_LATITUDE_FIRST = re.compile(r"(?:^|\D)(?:4326|4258|4979)$")
_CORNER = re.compile(rf"<(?:\w+:)?(lower|upper)Corner[^<>]*>\s*({_NUMBER})[\s,]+({_NUMBER})")
_LIMIT = re.compile(rf"\b(north|south|east|west)limit\s*=\s*({_NUMBER})", re.IGNORECASE)

_FRANCE = (
    (-6, 41, 10.5, 52), (-63.5, 14, -60.5, 18.5), (-55, 2, -51, 6), (55, -22, 56, -20.5), (44.5, -13.5, 45.5, -12),
    (-57, 46.5, -56, 47.5), (158, -23, 172, -18), (-155, -28, -134, -7), (-179, -15, -175, -12),
)  # fmt: skip
"""Europe, Antilles, Guyane, La Réunion, Mayotte, Saint-Pierre-et-Miquelon, Nouvelle-Calédonie, Polynésie, Wallis."""

_TAG = re.compile(r"<[^<>]{0,5000}>")
_URL = re.compile(r"https?://[^\s\"'<>()\[\]]{1,1900}", re.IGNORECASE)
_LICENCE_URL = re.compile(r"licen[cs]e|creativecommons|opendatacommons|etalab|odbl", re.IGNORECASE)
_LICENCE_WORDS = re.compile(
    r"licence[ -]ouverte(?:\s*/\s*open[ -]licen[cs]e)?(?:\s*(?:etalab\s*)?(?:v|version)?\s*\.?\s*[12](?:\.0)?(?!\d))?"
    r"|open licen[cs]e [12]\.0|etalab-2\.0|open database licen[cs]e|\bodbl(?:[ -]1\.0)?\b"
    r"|\bcc[ -]by(?:[ -](?:nc|sa|nd)){0,2}(?:[ -][1-4]\.0)?\b|\bcc[ -]?0\b|creative commons attribution",
    re.IGNORECASE,
)
_SHORT = 80

_DURATION = re.compile(r"(?:R\d*/)?(?:\d{4}-\d{2}-\d{2}[^/]{0,30}/)?(P[\dYMWDTHS.,]{2,20})", re.IGNORECASE)
_DURATIONS = {
    "P10Y": "decennial", "P5Y": "quinquennial", "P4Y": "quadrennial", "P3Y": "triennial", "P2Y": "biennial",
    "P1Y": "annual", "P12M": "annual", "P365D": "annual", "P6M": "semiannual", "P0.5Y": "semiannual",
    "P4M": "threeTimesAYear", "P0.33Y": "threeTimesAYear", "P3M": "quarterly", "P0.25Y": "quarterly",
    "P2M": "bimonthly", "P0.17Y": "bimonthly", "P1M": "monthly", "P30D": "monthly", "P31D": "monthly",
    "P0.5M": "semimonthly", "P15D": "semimonthly", "P0.33M": "threeTimesAMonth", "P10D": "threeTimesAMonth",
    "P2W": "biweekly", "P14D": "biweekly", "P1W": "weekly", "P7D": "weekly",
    "P0.5W": "threeTimesAWeek", "P3.5D": "threeTimesAWeek", "P0.33W": "threeTimesAWeek",
    "P1D": "daily", "PT24H": "daily", "PT12H": "severalTimesADay", "PT6H": "severalTimesADay",
    "PT1H": "hourly", "PT60M": "hourly", "PT1M": "continuous", "PT1S": "continuous",
}  # fmt: skip
"""ISO 8601 periods (DCAT-US writes ``R/P1Y``) → the national portal's ids."""

_NO_FORMAT = frozenset({"null", "none", "n/a", "undefined", "unknown"})


def plain(written: str, longest: int = values.LONGEST_DESCRIPTION) -> str:
    """Return a text without its HTML tags and entities, on one safe line."""
    if "<" in written or "&" in written:
        written = html.unescape(_TAG.sub(" ", written[:100_000]))
    return values.text(written, longest)


@lru_cache(maxsize=256)
def licence(written: str) -> tuple[str, str]:
    """Return the text and the URL of a licence given as a URL, an id, a title or a whole HTML text.

    Of a long text the words that name a licence are kept; of several addresses, the one that looks like a licence's.
    """
    if not written.strip():
        return "", ""
    if (alone := values.web_url(written)) and " " not in alone:
        return alone, alone
    if len(written) <= _SHORT and "<" not in written and "://" not in written:
        return values.text(html.unescape(written)), ""
    addresses = [values.web_url(html.unescape(found.rstrip(".,;"))) for found in _URL.findall(written[:100_000])]
    address = next((found for found in addresses if _LICENCE_URL.search(found)), addresses[0] if addresses else "")
    words = plain(written)
    if len(words) > _SHORT and (named := _LICENCE_WORDS.search(words)):
        return values.text(named[0]), address
    return values.text(words) or address, address


def names_licence(written: str) -> bool:
    """Return True for a text that names a known licence."""
    return _LICENCE_WORDS.search(written[:20_000]) is not None


@lru_cache(maxsize=512)
def frequency(written: str) -> str:
    """Return a frequency as declared; an ISO 8601 duration (``R/P1Y``) becomes the id of what it means."""
    found = _DURATION.fullmatch(written.strip()) if len(written) < 100 else None
    if found is None:
        if "odelist" in written and "#" in written:  # …/codelists.xml#asNeeded
            written = written.rpartition("#")[2]
        return values.text(written, 200)
    return _DURATIONS.get(found[1].upper().replace(",", "."), values.text(written, 100))


@lru_cache(maxsize=2048)
def file_format(written: str) -> str:
    """Return a format's code: the end of an IRI, else the text, in lower case; "" for what says nothing."""
    if "://" in written:
        written = re.split(r"[#/]", written.rstrip("/#"))[-1]
    code = values.text(written, 60).lower()
    return "" if code in _NO_FORMAT else code


def byte_size(written: str) -> int | None:
    """Return a size in bytes, decimals and exponents allowed (``27256.0``, ``2.7E4``)."""
    found = values.size(written)
    if found is None and re.fullmatch(r"\d{1,15}(\.\d{1,20})?([eE]\+?\d{1,2})?", written.strip(), re.ASCII):
        found = values.size(float(written))
    return found


def checksum(algorithm: str, value: str) -> str:
    """Return ``algorithm:hex``, the algorithm guessed by the length when it is not said; "" when nothing tells it."""
    value = values.text(value, 200)
    found = re.search(r"(md5|sha|crc)[-_/]?(\d{0,3})(?:[-_/](\d{3}))?\W*$", algorithm, re.IGNORECASE)
    name = "".join(part or "" for part in found.groups()).lower() if found else values.text(algorithm, 40).lower()
    if not name and re.fullmatch(r"[0-9a-fA-F]+", value):
        name = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}.get(len(value), "")
    return f"{name}:{value}" if name and value else ""


@lru_cache(maxsize=2048)
def media_type(written: str) -> str:
    """Return a media type, taken out of IANA's address when it is given so."""
    return values.text(written.partition("/media-types/")[2] or written, 100).lower()


# ---- boxes


def box(written: Any) -> Box | None:
    """Return the box around a place: ``w,s,e,n``, WKT, GeoJSON (text or object), GML, a DCMI box. None when unsure."""
    if isinstance(written, dict | list):
        return _around(_positions(written))
    if not isinstance(written, str) or not written.strip():
        return None
    written = written[:_LONGEST_SHAPE]
    if written.lstrip()[:1] in "{[":
        try:
            return _around(_positions(json.loads(written)))
        except (ValueError, RecursionError):
            return None
    if found := _FOUR.fullmatch(written[:300]):
        return _valid(*(float(number) for number in found.groups()))
    if "limit" in written:
        limits = {name.lower(): float(number) for name, number in _LIMIT.findall(written[:2000])}
        return _valid(*(limits.get(name, 999.0) for name in ("west", "south", "east", "north")))
    return _from_gml(written) if "<" in written and "Corner" in written else _from_wkt(written)


def _from_wkt(written: str) -> Box | None:
    """Return the box of a WKT shape in degrees, longitude first unless its reference says otherwise."""
    reference = ""
    if found := _REFERENCE.match(written):
        reference = (found[1] or found[2] or "").strip()
        written = written[found.end() :]
        if not _WGS84.search(reference):
            return None
    if found := _ENVELOPE.match(written):  # CQL: ENVELOPE(west, east, north, south)
        west, east, north, south = (float(number) for number in found.groups())
        return _valid(west, south, east, north)
    if not _SHAPE.match(written):
        return None
    around = _extent((float(first), float(second)) for first, second in _PAIR.findall(written))
    return _turned(around) if "opengis" in reference and _LATITUDE_FIRST.search(reference) else _valid(*around)


def _from_gml(written: str) -> Box | None:
    """Return the box of a GML envelope in degrees, longitude first unless its reference says otherwise."""
    srs = re.search(r"srsName=[\"']([^\"']{0,200})", written)
    if srs and not _WGS84.search(srs[1].strip()):
        return None
    corners = {name: (float(first), float(second)) for name, first, second in _CORNER.findall(written[:20_000])}
    if len(corners) < 2:
        return None
    around = (*corners["lower"], *corners["upper"])
    return (
        _turned(around) if srs and "opengis" in srs[1] and _LATITUDE_FIRST.search(srs[1].strip()) else _valid(*around)
    )


def _turned(found: Box) -> Box | None:
    """Return a box whose reference puts latitude first (EPSG): many writers put longitude first all the same.

    When only that second reading falls in France it is the one meant; else the rule holds.
    """
    swapped = (found[1], found[0], found[3], found[2])
    return _valid(*(found if _is_french(found) and not _is_french(swapped) else swapped))


def _is_french(found: Box) -> bool:
    """Return True for a box whose middle lies in France, overseas included."""
    x, y = (found[0] + found[2]) / 2, (found[1] + found[3]) / 2
    return any(west <= x <= east and south <= y <= north for west, south, east, north in _FRANCE)


def _positions(shape: Any) -> Iterator[tuple[float, float]]:
    """Yield the positions found anywhere in a GeoJSON value, without recursion."""
    waiting, visited = [shape], 0
    while waiting and visited < 1_000_000:
        item = waiting.pop()
        visited += 1
        if isinstance(item, dict):
            waiting.extend(item[name] for name in ("coordinates", "geometry", "geometries", "features") if name in item)
        elif isinstance(item, list):
            if len(item) == 4 and all(_is_number(number) for number in item):
                yield float(item[0]), float(item[1])
                yield float(item[2]), float(item[3])
            elif len(item) >= 2 and _is_number(item[0]) and _is_number(item[1]):
                yield float(item[0]), float(item[1])
            else:
                waiting.extend(item)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


def _around(positions: Iterable[tuple[float, float]]) -> Box | None:
    """Return the box around positions, longitude first."""
    return _valid(*_extent(positions))


def _extent(positions: Iterable[tuple[float, float]]) -> Box:
    """Return the least and the greatest of both coordinates."""
    west = south = 999.0
    east = north = -999.0
    for x, y in positions:
        west, east = min(west, x), max(east, x)
        south, north = min(south, y), max(north, y)
    return west, south, east, north


def _valid(west: float, south: float, east: float, north: float) -> Box | None:
    """Return the box when it is one, in degrees."""
    good = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if good and all(map(isfinite, (west, south, east, north))) else None
