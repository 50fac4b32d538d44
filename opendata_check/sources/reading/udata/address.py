"""Reads what an address of a udata portal names: an organization, a dataset, a file of one, a search, or all of it;
and what shows that a page is such a portal's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

FILTERS = frozenset(
    {
        "q", "tag", "license", "featured", "geozone", "granularity", "temporal_coverage", "organization", "badge",
        "organization_badge", "owner", "format", "schema", "schema_version", "topic", "access_type",
    }
)  # fmt: skip
"""What API v1 can filter datasets by (``udata/core/dataset/api.py``)."""
SEARCH_FILTERS = frozenset({"format_family", "producer_type", "last_update_range", "include_geozone_ancestors"})
"""What only the search engine of API v2 can, beside most of the others."""
OBJECT_ID = re.compile(r"[0-9a-f]{24}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SHAPE = re.compile(
    r"(?:/[a-z]{2})?(?:/beta)?(?:/admin)?(?:/beta)?(?:/api/[12]|/embeds?)?"
    r"/(?P<what>organizations?|datasets?|search-datasets|search|oembeds?)(?:/(?P<key>[^/]+))?(?P<rest>/.*)?",
    re.IGNORECASE,
)
_STORED = re.compile(r"/resources/(?P<slug>[^/]+)/\d{8}-\d{6}/.+")
_NO_KEY = frozenset(
    {
        "suggest", "licenses", "frequencies", "extensions", "resource_types", "schemas", "badges", "roles",
        "community_resources", "recent.atom", "new", "structured",
    }
)  # fmt: skip
"""What stands in the place of a name without being one."""
_NATIONAL = frozenset({"data.gouv.fr", "www.data.gouv.fr", "next.data.gouv.fr"})
_FILES = frozenset({"static.data.gouv.fr", "explore.data.gouv.fr", "tabular-api.data.gouv.fr"})
_KNOWN = frozenset({"demo.data.gouv.fr", "data.public.lu", "dados.gov.pt"})
"""Portals whose every address can be read by its shape alone; elsewhere ``/datasets/…`` may be another software's."""
_OWN_SHAPE = re.compile(r"(/[a-z]{2})?(/api/[12]/(organizations|datasets)(/.*)?|/organizations/[^/]+.*)", re.IGNORECASE)
_HINTS = (
    (r'<meta\s+name="(api-specs|apiv2-specs|territory-enabled)"', "les réglages de udata dans la page"),
    (r'class="[^"]*\bdatagouv-components\b|@datagouv/components', "les composants de data.gouv.fr dans la page"),
    (r"/api/[12]/swagger\.json|\budata-front\b", "un lien vers l'interface de udata"),
    (r'"contributedDistribution"\s*:', "une description de jeu de données comme udata les écrit"),
    (r'^\s*\{(?=[\s\S]*"next_page")(?=[\s\S]*"previous_page")(?=[\s\S]*"page_size")', "une liste paginée par udata"),
    (r'^\s*\{(?=[\s\S]*"feed_size")(?=[\s\S]*"version")', "la présentation d'un portail udata"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """What an address names."""

    what: str
    """``organization``, ``dataset``, ``resource``, ``search`` or ``portal``."""
    key: str = ""
    """Slug, id or uuid."""
    params: tuple[tuple[str, str], ...] = ()
    """With ``search``: its filters."""


def named_by(url: str) -> Named | None:
    """Return what a URL of a udata portal names, None when it is none of what we read (an article, a reuse…)."""
    return _named(url, deep=False)


def place_of(url: str, base_url: str) -> tuple[str, Named | None] | None:
    """Return the portal that a URL's very shape tells, and what it names there; None when it may be another software's.

    ``base_url`` stands for data.gouv.fr, of which an address that names nothing we read comes as ``Named`` None.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host in _FILES:
        held = _file_named_by(host, parts.path)
        return (base_url, held) if held else None
    own = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}"
    is_ours = host in _NATIONAL or host == "demo.data.gouv.fr"
    if not is_ours and host not in _KNOWN and own != base_url and not _OWN_SHAPE.fullmatch(parts.path):
        return None
    named = named_by(url)
    if is_ours and named is not None and named.what == "portal":
        named = None  # the whole national portal is nobody's
    if named is None and not is_ours:
        return None
    return base_url if host in _NATIONAL else own, named


def sign_of(text: str) -> str:
    """Return what makes a page look like udata's, in French, "" when nothing does."""
    return next((words for pattern, words in _HINTS if re.search(pattern, text, re.IGNORECASE)), "")


def _file_named_by(host: str, path: str) -> Named | None:
    """Return what a URL of data.gouv.fr's other hosts names: the file that is shown, or the dataset that stores it."""
    if host == "static.data.gouv.fr":
        stored = _STORED.fullmatch(path)
        return Named("dataset", unquote(stored["slug"])) if stored else None
    shown = _UUID.search(path)
    return Named("resource", shown[0].lower()) if shown else None


def _named(url: str, *, deep: bool) -> Named | None:
    """Return what a URL names; with ``deep``, the URL was itself found in another."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, max_num_fields=50)
    except ValueError:
        return None
    path = re.sub(r"/{2,}", "/", parts.path)
    asked = dict(pairs)
    if path.rstrip("/") == "" or re.fullmatch(r"/[a-z]{2}/?", path):
        return Named("portal")
    found = _SHAPE.fullmatch(path)
    if found is None:
        return None
    what, key, rest = found["what"].lower(), unquote(found["key"] or ""), found["rest"] or ""
    if what.startswith("oembed"):
        return None if deep else _embedded(asked)
    if what == "search" or (what.startswith("dataset") and key in ("", "search")):
        return _searched(pairs)
    if what == "search-datasets":  # a widget that lists an organization's datasets
        return Named("organization", key) if key else None
    if what.startswith("dataset") and key in ("r", "resources"):
        held = _UUID.search(rest)
        return Named("resource", held[0].lower()) if held else None
    if not key or key in _NO_KEY:
        return None
    return Named(what.rstrip("s"), key)


def _embedded(asked: dict[str, str]) -> Named | None:
    """Return what an oEmbed address shows: the page in its ``url``, or the first of its ``references``."""
    if "url" in asked:
        return _named(asked["url"], deep=True)
    found = re.match(r"(dataset|organization)-([\w-]+)", asked.get("references", ""), re.IGNORECASE)
    return Named(found[1].lower(), found[2]) if found else None


def _searched(pairs: list[tuple[str, str]]) -> Named:
    """Return a search with the filters that are ones; an organization alone is that organization."""
    kept = tuple((key, value.strip()) for key, value in pairs if key in FILTERS | SEARCH_FILTERS and value.strip())
    if not kept:
        return Named("portal")
    if {key for key, _ in kept} == {"organization"}:
        return Named("organization", kept[-1][1])
    return Named("search", params=kept)
