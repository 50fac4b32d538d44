"""Which part of which Opendatasoft portal an address names, by its shape alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from opendata_check.sources.reading.ods import search as ods_search

_HOME = re.compile(r"(?:[\w.-]+\.)?(?P<name>[\w-]+)\.(?:opendatasoft|huwise)\.com")
_OFFICES = frozenset({"www", "help", "docs", "doc", "academy", "blog", "status", "support", "static", "userclub", "go"})
"""Hosts of the company itself, that hold no catalogue."""
_DATASET = re.compile(
    r"/explore/(?:embed/)?dataset/(?P<page>[^/]+)"
    r"|/api/(?:explore/)?v2(?:\.\d)?/catalog/datasets/(?P<new>[^/]+)"
    r"|/api/datasets/1\.0/(?!search(?:/|$))(?P<old>[^/]+)"
)
_API = re.compile(r"/api/(?:(?:explore/)?(?P<new>v2(?:\.\d)?)|(?P<old>datasets/1\.0|records/[12]\.0))(?:/|$)")
_EXPLORE = re.compile(r"/explore(?:/embed)?/?")
_SEARCH = re.compile(r"(?:^|&)(?:(?:refine|exclude|disjunctive)\.[\w.-]+(?:=|&|$)|q=[^&]|where=[^&])")
_IMITATED = re.compile(r"[\"'=(](?:https?://[^/\"'\s]{1,200})?((?:/[\w.-]{1,60}){0,3})/d4c/")


@dataclass(frozen=True, slots=True)
class Asked:
    """A portal and what an address asks of it."""

    site: str
    dataset: str = ""
    filters: ods_search.Filters = ()
    version: str = ""
    imitation: bool = False


def asked_by(url: str) -> Asked | None:
    """Return what an address asks, None when its shape is not that of such a portal's.

    The filters of a dataset's page choose among its rows: only those of a search are the catalogue's.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    before, imitation, rest = parts.path.partition("/d4c/")
    site = _site(parts) + (before if imitation else "")
    path = f"/{rest}" if imitation else parts.path
    one = _DATASET.search(path)
    api = _API.search(path)
    version = (api["new"] or "") if api else ""
    if one or (api and api["old"] and api["old"].startswith("records")):
        written = (one["page"] or one["new"] or one["old"]) if one else _parameter(parts.query, "dataset")
        key = unquote(written, errors="replace") if one else written
        return Asked(site, dataset=key[:500], version=version, imitation=bool(imitation)) if key else None
    if api or _is_at_home(host) or (_EXPLORE.fullmatch(path) and _SEARCH.search(parts.query)):
        return Asked(site, filters=ods_search.filters_in(parts.query), version=version, imitation=bool(imitation))
    return None  # many sites have a page called « explore »


def whole_site(url: str, text: str) -> Asked | None:
    """Return the whole portal that a page may belong to; a Data4Citizen shows in its ``text`` where it stands."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    imitated = _IMITATED.search(text)
    if imitated:
        return Asked(_site(parts) + imitated[1], imitation=True)
    return Asked(_site(parts)) if parts.netloc else None


def _site(parts: SplitResult) -> str:
    """Return the scheme and the host of an address, without the password that may stand there."""
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}"


def _is_at_home(host: str) -> bool:
    """Return True for a portal at the publisher's own address (``ville.opendatasoft.com``)."""
    found = _HOME.fullmatch(host)
    return found is not None and found["name"] not in _OFFICES


def _parameter(query: str, name: str) -> str:
    """Return a parameter of a query, "" when it is not there."""
    try:
        return parse_qs(query, max_num_fields=100).get(name, [""])[-1]
    except ValueError:
        return ""
