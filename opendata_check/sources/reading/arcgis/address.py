"""Reads what an address of an ArcGIS Hub site names: one dataset, a search, or all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from opendata_check.sources.reading.arcgis.record import KEY

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?:hub|opendata)(?:dev|qa)?\.arcgis\.com")
_EVERYBODYS = frozenset({"hub.arcgis.com", "opendata.arcgis.com"})
"""Where every site's items can be found: no one's catalogue."""
_INTERFACE = re.compile(r"/api/feed/dcat-us/|/api/search/v1(?:/|$)|/api/download/v\d+/items/", re.IGNORECASE)
_ONE = re.compile(
    r"/(?:datasets|maps|documents|apps|content|layers|api/v3/datasets|api/search/v1/collections/[^/]+/items"
    r"|api/download/v\d+/items)/(?P<key>[^/]+)(?:/.*)?",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.(?:csv|geojson|kml|zip|xlsx)$", re.IGNORECASE)
_ITEMS = re.compile(r"/api/search/v1/collections/(?P<collection>[^/]+)(?:/items)?/?", re.IGNORECASE)
_FILTERS = ("q", "type", "tags")


@dataclass(frozen=True, slots=True)
class Named:
    """What an address names."""

    site: str
    """Scheme and host."""
    what: str = "portal"
    """``portal``, ``search`` or ``dataset``."""
    key: str = ""
    """With ``dataset``: its item's id, with its layer or not, or the name in its address."""
    query: str = ""
    """With ``search``: its filters, as in an address."""
    collection: str = "dataset"


def host_of(url: str) -> str:
    """Return the host of an address, "" when it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def is_hub(host: str) -> bool:
    """Return True for a host that ArcGIS gives to a site."""
    return _HOST.fullmatch(host) is not None


def is_everybodys(host: str) -> bool:
    """Return True for ArcGIS's own hosts, which show the items of all sites."""
    return host in _EVERYBODYS


def is_interface(url: str) -> bool:
    """Return True for an address that only ArcGIS Hub has."""
    try:
        return _INTERFACE.search(urlsplit(url).path) is not None
    except ValueError:
        return False


def named_by(url: str) -> Named | None:
    """Return what an address names, None for what is no address."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    site = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}"
    asked = {name.lower(): value for name, value in query if value.strip()}
    one = _ONE.fullmatch(parts.path)
    if one:
        key = _ENDING.sub("", unquote(one["key"]))
        layer = asked.get("layers", "")
        if "/api/download/" in parts.path and KEY.fullmatch(key) and layer.isascii() and layer.isdecimal():
            key = f"{key}_{layer}"
        return Named(site, "dataset", key)
    items = _ITEMS.fullmatch(parts.path)
    kept = urlencode([(name, asked[name]) for name in _FILTERS if name in asked])
    collection = (items["collection"] if items else asked.get("collection", "")).lower()
    if not re.fullmatch(r"[a-z]{1,30}", collection) or collection == "all":
        collection = "dataset"
    if kept or collection != "dataset":
        return Named(site, "search", "", kept, collection)
    return Named(site)
