"""What a udata record says that takes some work: its other names, its extent, its contact, its service, its quality."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from opendata_check.model.catalog import ServiceOffer
from opendata_check.sources.reading import values

HIGH_VALUE_LAW = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
_CATEGORY = "http://data.europa.eu/bna/"
_HIGH_VALUE_TAGS = {
    "meteorologiques": "c_164e0bf5",
    "entreprises-et-propriete-dentreprises": "c_a9135398",
    "geospatiales": "c_ac64a52d",
    "mobilite": "c_b79e35eb",
    "observation-de-la-terre-et-environnement": "c_dd313021",
    "statistiques": "c_e1da4e07",
}
"""Tags by which udata marks the European category of a high-value dataset (``udata/rdf.py``)."""
_PROTOCOLS = {"wfs": "wfs", "wms": "wms", "wmts": "wmts", "wcs": "wcs", "csw": "csw", "atom": "atom"}
_LAYER_KEYS = frozenset({"typename", "typenames", "layers", "layer", "coverageid", "coverage"})
_MAX_POINTS = 100_000
_MOST_PAIRS = 100


def high_value(badges: Sequence[str], tags: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the legislation and the categories of a high-value dataset, as udata's own DCAT states them."""
    if "hvd" not in badges:
        return (), ()
    return (HIGH_VALUE_LAW,), tuple(_CATEGORY + _HIGH_VALUE_TAGS[tag] for tag in tags if tag in _HIGH_VALUE_TAGS)


def identifiers(record: Mapping[str, Any], harvest: Mapping[str, Any], extras: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every name of the dataset: here, where it was harvested, and on the portals it came through."""
    names = [record.get(key) for key in ("id", "slug", "page", "uri", "doi")]
    names += [harvest.get(key) for key in ("remote_id", "remote_url", "uri", "dct_identifier", "doi")]
    if extras:
        keys = ("inspire:identifier", "inspire:resource_identifier", "transport:url", "datafairDatasetId")
        names += [extras.get(key) for key in keys]
    found = (values.text(name, 2000) for name in names if name)
    return tuple(dict.fromkeys(name for name in found if name))


def quality(block: Mapping[str, Any]) -> tuple[tuple[str, bool | float], ...]:
    """Return what the portal thinks of the record, by key, sorted; only what is a number or a yes-or-no."""
    kept = {
        values.text(key, 60): value if isinstance(value, bool) else float(value)
        for key, value in list(block.items())[:_MOST_PAIRS]
        if isinstance(value, bool) or (isinstance(value, float | int) and abs(value) < 1e9)
    }
    return tuple(sorted(kept.items()))


def contact(points: Sequence[Any], *, of_a_person: bool) -> str:
    """Return the address or form of who answers, the point of role ``contact`` first; no name, often a person's.

    A dataset that a person owns has that person's own e-mail: only a form is kept then.
    """
    known = [point for point in points if isinstance(point, dict)]
    for point in sorted(known, key=lambda point: point.get("role") != "contact"):
        address = "" if of_a_person else values.email(point.get("email"))
        found = address or values.web_url(point.get("contact_form"))
        if found:
            return found
    return ""


def service(declared_format: str, url: str) -> ServiceOffer | None:
    """Return the service that a resource is, by its format (``wfs``, ``ogc:wms``…), with the layer its URL names."""
    if not declared_format:
        return None
    protocol = _PROTOCOLS.get(declared_format.removeprefix("ogc:"))
    if protocol is None:
        return None
    try:
        asked = parse_qsl(urlsplit(url).query, max_num_fields=50)
    except ValueError:
        asked = []
    layer = next((value for key, value in asked if key.casefold() in _LAYER_KEYS), "")
    version = next((value for key, value in asked if key.casefold() == "version"), "")
    return ServiceOffer(protocol, layer=values.text(layer, 200), version=values.text(version, 20))


def bounds(geometry: Any) -> tuple[float, float, float, float] | None:
    """Return the west, south, east and north of a GeoJSON geometry in degrees, None when it is not one."""
    if not isinstance(geometry, dict):
        return None
    points = _points(geometry.get("coordinates"))
    if not points:
        return None
    box = (
        min(point[0] for point in points),
        min(point[1] for point in points),
        max(point[0] for point in points),
        max(point[1] for point in points),
    )
    return box if box[0] >= -180 and box[2] <= 180 and box[1] >= -90 and box[3] <= 90 else None


def _points(coordinates: Any) -> list[tuple[float, float]]:
    """Return the points nested in ``coordinates``, however deep; none when they are too many, or something else."""
    found: list[tuple[float, float]] = []
    waiting = [coordinates]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, list):
            return []
        if len(item) >= 2 and _is_degree(item[0]) and _is_degree(item[1]):
            found.append((float(item[0]), float(item[1])))
        else:
            waiting.extend(item)
        if len(found) + len(waiting) > _MAX_POINTS:
            return []
    return found


def _is_degree(value: Any) -> bool:
    """Return True for a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6 and math.isfinite(value)
