"""Turns a record of ArcGIS Hub's DCAT-US feed into a Dataset.

Source: koopjs/koop-output-dcat-us-11 and koopjs/koop-provider-hub-search-ogc, which make the feed. It is a template
that each site may change: what was not filled in stays as ``{{name}}``. An item's owner is an account, often a
person's: its name is never kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.sources.reading import values
from opendata_check.sources.reading.dcat.us import dcat_us_dataset
from opendata_check.sources.reading.markup import plain_text

MAPPING = {
    "dataset.id": "identifier | landingPage",
    "dataset.title": "title",
    "dataset.description": "description",
    "dataset.license": "license",
    "dataset.issued": "issued",
    "dataset.modified": "modified",
    "dataset.keywords": "keyword",
    "dataset.themes": "theme",
    "dataset.bbox": "spatial",
    "dataset.publisher": "publisher.name | publisher.source",
    "dataset.contact": "contactPoint.hasEmail",
    "dataset.landing_page": "landingPage",
    "dataset.identifiers": "identifier",
    "dataset.access_rights": "accessLevel",
    "dataset.language": "language",
    "dataset.temporal": "temporal",
    "dataset.frequency": "accrualPeriodicity",
    "distribution.title": "distribution[].title",
    "distribution.url": "distribution[].accessURL | distribution[].downloadURL",
    "distribution.declared_format": "distribution[].format",
    "distribution.media_type": "distribution[].mediaType",
    "distribution.description": "distribution[].description",
}
"""Where the feed (``/api/feed/dcat-us/1.1.json``) says each field."""

_TEMPLATE = re.compile(r"\{\{[^{}]{1,200}\}\}")
KEY = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?:_(\d{1,5}))?(?![0-9a-z])")
_LAYER = re.compile(r"[?&](?:sublayer|layers)=(\d{1,5})(?!\d)")
_ON_REQUEST = re.compile(
    r"/api/download/v\d+/items/|/datasets/[^/?]+\.(?:csv|geojson|kml|zip|xlsx|gpkg|gdb)(?:$|\?)", re.IGNORECASE
)
_METADATA = re.compile(r"/info/metadata/metadata\.xml")
_ACCOUNT = re.compile(r"\S*[._@\d]\S*")
_NOTHING: Mapping[str, Any] = {}


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def key_in(written: str) -> str:
    """Return the key of an item, with its layer's number (``<32 digits>_0``), that an address or an id holds, or ""."""
    found = KEY.search(written)
    if found is None:
        return ""
    layer = found[2] or (asked[1] if (asked := _LAYER.search(written)) else "")
    return f"{found[1]}_{layer}" if layer else found[1]


def feed_dataset(record: Mapping[str, Any]) -> Dataset:
    """Return the dataset of a record of the feed."""
    said = _without_templates(record)
    description = said.pop("description", None)
    if isinstance(said.get("distribution"), list):
        said["distribution"] = [one for one in said["distribution"] if isinstance(one, dict)]
    read = dcat_us_dataset(said)
    distributions = tuple(map(_of_feed, read.distributions))
    page = next((one.url for one in distributions if one.role == "other" and one.url), "")
    key = _key(read, distributions)
    return replace(
        read,
        id=key or read.id,
        description=plain_text(description),
        publisher=_publisher(said),
        landing_page=read.landing_page or page or "",
        distributions=distributions,
        identifiers=tuple(dict.fromkeys(found for found in (*read.identifiers, key) if found)),
    )


def is_page(record: Mapping[str, Any]) -> bool:
    """Return True for a page of the site itself, which some feeds list among the data."""
    return record.get("keyword") == ["ArcGIS Hub page"]


def _without_templates(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without what nothing filled in."""
    try:
        if "{{" not in repr(record):
            return dict(record)
    except RecursionError:  # nested beyond sense: only its surface is looked at
        pass
    filled = ((name, _filled(value)) for name, value in record.items())
    return {name: value for name, value in filled if value is not None}


def _filled(value: Any, depth: int = 0) -> Any:
    """Return a value without the parts of the template that nothing filled; None when nothing is left of it."""
    if isinstance(value, str):
        return value if "{{" not in value else _TEMPLATE.sub("", value).strip() or None
    if depth < 5 and isinstance(value, list):
        return [found for item in value if (found := _filled(item, depth + 1)) is not None]
    if depth < 5 and isinstance(value, dict):
        return {name: found for name, item in value.items() if (found := _filled(item, depth + 1)) is not None}
    return value


def _key(read: Dataset, distributions: tuple[Distribution, ...]) -> str:
    """Return the item's key: a site's own address (a slug) changes with the title, the item does not."""
    written = (read.id, read.landing_page, *(one.url or "" for one in distributions if one.asynchronous))
    return next((key for text in written if (key := key_in(text))), "")


def _publisher(said: Mapping[str, Any]) -> str:
    """Return who publishes; a site that was told nothing writes its account's name, which is nobody's business."""
    publisher = said.get("publisher")
    given = mapping(publisher)
    name = values.text(given.get("name") or given.get("source") if given else publisher)
    account = values.text(mapping(said.get("contactPoint")).get("fn"))
    return "" if name == account and _ACCOUNT.fullmatch(name) else name


def _of_feed(one: Distribution) -> Distribution:
    """Return a distribution with what the Hub means by it."""
    url = one.url or ""
    if "metadata.xml" in url and _METADATA.search(url):
        return replace(one, role="documentation")
    if one.service is None and not one.asynchronous and _ON_REQUEST.search(url):
        return replace(one, asynchronous=True)
    return one
