"""What the addresses of CSW services and of GeoNetwork's pages name: a catalogue, a search, a record."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from opendata_check.sources.reading import values
from opendata_check.sources.reading.ogc.services import endpoint

_CSW_PATH = re.compile(r"(?:^|/)csw(?:\.py)?(?:[/-][\w.-]+)?/?$", re.IGNORECASE)
_GEONETWORK = re.compile(
    r"^(?P<root>.*?)/(?P<node>[\w-]+)/(?P<language>[a-z]{3})/"
    r"(?:catalog\.(?:search|signin|edit)|csw|main\.home|q\b|xml\.search|find|search)",
    re.IGNORECASE,
)
_RECORDS = re.compile(r"^(?P<root>.*?)/(?P<node>[\w-]+)/(?:api/records|metadata)/(?P<record>[^/]+)", re.IGNORECASE)
_DATAHUB = re.compile(r"^(?P<root>.*?)/datahub/(?:[a-z]{2}/)?dataset/(?P<record>[^/]+)", re.IGNORECASE)
_IN_FRAGMENT = re.compile(r"/metadata/([^/?|]+)")
_LINKED = re.compile(r"[\"'](/[\w/-]*?/srv/[a-z]{3})/")
CAPABILITIES = re.compile(r"<(?:\w+:)?Capabilities\b[^<>]*opengis\.net/cat/csw", re.IGNORECASE)


class Named(NamedTuple):
    """What an address names."""

    url: str
    """Address of the service."""
    record: str = ""
    cql: str = ""
    words: str = ""


def named(url: str) -> Named | None:
    """Return what the address of a CSW service or of a GeoNetwork page names, None for another address."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return None
    if not parts.hostname:
        return None
    asked = {name.lower(): value for name, value in reversed(pairs)}
    service = asked.get("service", "").lower()
    if service == "csw" or (not service and _CSW_PATH.search(parts.path)):
        return _by_request(url, asked)
    base = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}"
    return _by_page(base, parts.path, parts.fragment, asked)


def _by_request(url: str, asked: dict[str, str]) -> Named:
    """Return what the parameters of a CSW address name."""
    record = asked.get("id", "") if asked.get("request", "").lower() == "getrecordbyid" else ""
    cql = "" if asked.get("constraintlanguage", "").lower() == "filter" else asked.get("constraint", "")
    return Named(endpoint(url), values.text(record, 300), values.text(cql, 2000), values.text(asked.get("any"), 200))


def _by_page(base: str, path: str, fragment: str, asked: dict[str, str]) -> Named | None:
    """Return what a GeoNetwork page shows: one record, a search or the whole catalogue."""
    found = _DATAHUB.match(path)
    if found:
        return Named(f"{base}{found['root']}/geonetwork/srv/fre/csw", _record(found["record"]))
    found = _RECORDS.match(path)
    if found and (found["node"] == "srv" or "/geonetwork" in path.lower()):
        return Named(f"{base}{found['root']}/{found['node']}/fre/csw", _record(found["record"]))
    if "/geonetwork/apps/" in path.lower() and asked.get("uuid"):
        root = path[: path.lower().index("/geonetwork/")]
        return Named(f"{base}{root}/geonetwork/srv/fre/csw", values.text(asked["uuid"], 300))
    found = _GEONETWORK.match(path)
    if not found:
        return None
    service = f"{base}{found['root']}/{found['node']}/{found['language']}/csw"
    record = _IN_FRAGMENT.search(fragment)
    if record:
        return Named(service, _record(record[1]))
    searched = dict(parse_qsl(fragment.partition("?")[2], max_num_fields=100)) | asked
    return Named(service, values.text(searched.get("uuid"), 300), words=values.text(searched.get("any"), 200))


def _record(written: str) -> str:
    """Return the identifier that a part of an address is."""
    return values.text(unquote(written), 300)


def candidates(url: str, text: str) -> list[str]:
    """Return where the CSW service of a page may be, the likeliest first, two at most. ``text`` is the page's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    found = [endpoint(url)] if CAPABILITIES.search(text) else []
    known = _GEONETWORK.match(parts.path)
    if known:
        found.append(f"{base}{known['root']}/{known['node']}/{known['language']}/csw")
    root = re.match(r"(.*?/geonetwork)(?:/|$)", parts.path, re.IGNORECASE)
    if root:
        found.append(f"{base}{root[1]}/srv/fre/csw")
    linked = _LINKED.search(text[:200_000])
    if linked:
        found.append(f"{base}{linked[1]}/csw")
    found += [f"{base}/geonetwork/srv/fre/csw", f"{base}/srv/fre/csw"]
    return list(dict.fromkeys(found))[:2]


def record_pages(url: str) -> str:
    """Return the beginning of the addresses of a GeoNetwork's pages, "" for the service of another software."""
    found = re.match(r"(https?://[^?#]+/[\w-]+/[a-z]{3})/csw[\w-]*/?$", url)
    return f"{found[1]}/catalog.search#/metadata/" if found else ""
