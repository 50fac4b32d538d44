"""The shapes in which CKAN and its imitations write values: extras, lists in texts, local dates and sizes, GeoJSON."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from opendata_check.sources.reading import values

Record = Mapping[str, Any]
Box = tuple[float, float, float, float]

_NOTHING: Record = {}
_LONGEST_JSON = 2_000_000
_MOST_NUMBERS = 400_000
_MOST_EXTRAS = 1_000
_DAY_IN_TEXT = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", re.ASCII)
_ENGLISH_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,12}(?:[.,]\d{1,6})?)\s*([kmgt]?)(?:i?[bo]|octets?|bytes?)?", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,10})\b[^<>]{0,2000}>", re.IGNORECASE)
_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table"})


def mapping(value: Any) -> Record:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def items(value: Any, most: int = 1_000) -> list[Any]:
    """Return ``value`` when it is a list, else an empty one."""
    return value[:most] if isinstance(value, list) else []


def with_extras(record: Record) -> Record:
    """Return the record's own fields with those of its extras beside; a field of the record itself prevails."""
    extras = record.get("extras")
    if isinstance(extras, dict):  # as old versions wrote them
        pairs: Iterable[tuple[Any, Any]] = list(extras.items())[:_MOST_EXTRAS]
    else:
        pairs = ((extra.get("key"), extra.get("value")) for extra in map(mapping, items(extras, _MOST_EXTRAS)))
    said = {key: value for key, value in pairs if isinstance(key, str)}
    return {**said, **{key: value for key, value in record.items() if key not in said or not _empty(value)}}


def _empty(value: Any) -> bool:
    """Return True for what says nothing."""
    return value is None or value in ("", "[]", "{}", "null", "None") or value == [] or value == {}


def first(record: Record, *keys: str) -> Any:
    """Return the value of the first of ``keys`` that says something, else None."""
    for key in keys:
        value = record.get(key)
        if value is not None and not _empty(value):
            return value
    return None


def local(value: Any) -> Any:
    """Return a text in French when ``value`` is written in several languages, else ``value``."""
    if isinstance(value, str) and value[:2] == '{"':
        value = unpacked(value)
    if not isinstance(value, dict):
        return value
    for language in ("fr", "fr_FR", "fr-FR"):
        if not _empty(value.get(language)):
            return value[language]
    return next((text for text in value.values() if isinstance(text, str | list) and text), "")


def unpacked(value: Any) -> Any:
    """Return what a text holds when it is JSON (extras are texts, whatever was put in them), else ``value``."""
    if not isinstance(value, str) or len(value) > _LONGEST_JSON:
        return value
    written = value.strip()
    if written[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(html.unescape(written) if "&quot;" in written else written, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return value


def listed(value: Any) -> tuple[str, ...]:
    """Return a list of short texts, from a list, from a JSON list in a text, or from words between commas."""
    if value is None:
        return ()
    value = local(unpacked(value))
    if isinstance(value, list):
        value = [_named(item) for item in value[:1_000]]
    elif isinstance(value, str) and re.match(r"https?://", value):
        return (values.text(value, 500),)  # a URL may hold commas
    return values.words(value)


def _named(item: Any) -> Any:
    """Return the name of an item that is an object (a tag, a term), else the item."""
    if not isinstance(item, dict):
        return item
    return first(item, "uri", "display_name", "title", "label", "name", "id", "value")


def moment(value: Any) -> date | None:
    """Return a day: ISO (naive or not), French, or inside a text as Drupal writes (« jeu, 19/12/2019 - 03:00 »)."""
    if value is None:
        return None
    found = values.day(value)
    if found is None and isinstance(value, str):
        inside = _DAY_IN_TEXT.search(value[:200])
        if inside is None:
            return None
        day, month, year = (int(part) for part in inside.groups())
        if month > 12 or (day <= 12 and _ENGLISH_WEEKDAY.search(value[:200])):
            day, month = month, day
        try:
            found = date(year, month, day)
        except ValueError:
            return None
    return values.day(found)


def bytes_of(value: Any) -> int | None:
    """Return a size in bytes, from a number or from words: « 1.2 KB », « 42 octets », « 3,5 Mo »."""
    if value is None:
        return None
    exact = values.size(value)
    if exact is not None or not isinstance(value, str):
        return exact
    found = _SIZE.fullmatch(value.strip()[:40])
    if found is None:
        return None
    power = " kmgt".index(found[2].lower() or " ")
    return values.size(round(float(found[1].replace(",", ".")) * 1024**power))


def prose(value: Any) -> str:
    """Return a description without the HTML that Drupal wraps it in; Markdown stays as it is."""
    value = local(value)
    if isinstance(value, str) and value[:500].lstrip()[:1] == "<" and _TAG.match(value.lstrip()):
        value = html.unescape(_TAG.sub(_break, value[: 2 * values.LONGEST_DESCRIPTION]))
    return values.prose(value)


def _break(tag: re.Match[str]) -> str:
    """Return what a tag leaves: the end of a line for a block, nothing for a word's."""
    return "\n" if tag[2].lower() in _BLOCKS else ""


def box_of(geometry: Any) -> Box | None:
    """Return west, south, east, north of a GeoJSON (object or text) or of four numbers; None outside of degrees."""
    geometry = unpacked(geometry)
    if isinstance(geometry, list) and len(geometry) == 4 and all(map(_is_number, map(_number, geometry))):
        numbers = [_number(part) for part in geometry]
        return checked_box(*numbers)
    shape = mapping(geometry)
    west = south = math.inf
    east = north = -math.inf
    for x, y in _positions([shape.get("coordinates"), shape.get("geometry"), shape.get("geometries")]):
        west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
    return checked_box(west, south, east, north)


def _positions(found: list[Any]) -> Iterator[tuple[float, float]]:
    """Yield the positions of nested coordinates, without recursion, as many as is reasonable."""
    for _ in range(_MOST_NUMBERS):
        if not found:
            return
        value = found.pop()
        if isinstance(value, dict):
            found += [value.get("coordinates"), value.get("geometry"), value.get("geometries")]
        elif isinstance(value, list) and len(value) >= 2 and not isinstance(value[0], list | dict):
            if _is_number(value[0]) and _is_number(value[1]):
                yield value[0], value[1]
        elif isinstance(value, list):
            found += value[:_MOST_NUMBERS]


def _is_number(value: Any) -> bool:
    """Return True for a number that a coordinate could be; NaN and infinities are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e9 < value < 1e9


def _number(value: Any) -> float:
    """Return a number, NaN for anything else."""
    if isinstance(value, str) and len(value) < 40:
        try:
            return float(value.replace(",", "."))
        except ValueError:
            return math.nan
    return float(value) if _is_number(value) else math.nan


def checked_box(west: Any, south: Any, east: Any, north: Any) -> Box | None:
    """Return a box of degrees, None when it is none (metres, NaN, upside down)."""
    west, south, east, north = _number(west), _number(south), _number(east), _number(north)
    if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
        return west, south, east, north
    return None
