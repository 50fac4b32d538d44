"""What is asked of a CKAN portal (all, an organization, a group, a dataset, a search) and the pages that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from opendata_check.sources.reading import values
from opendata_check.sources.reading.ckan.values import Record, items, mapping

_ACTION = re.compile(r"(?P<prefix>.*?)/api/(?:3/)?action(?:/(?P<action>\w+))?/?", re.IGNORECASE)
_PAGE = re.compile(
    r"(?P<prefix>.*?)/(?P<what>dataset|organization|group|jeux-de-donnees)(?:/(?P<rest>.*))?", re.IGNORECASE
)
_SUBPAGES = frozenset(
    {"about", "activity", "groups", "showcases", "edit", "history", "followers", "bulk_process", "changes"}
)
_FILTERS = ("organization", "groups", "tags", "res_format", "license_id", "owner_org")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LOCALE = re.compile(r"/[a-z]{2}(?:_[a-z]{2})?$", re.IGNORECASE)
_WORDS = {
    "portal": "tout le portail",
    "organization": "l'organisation {key}",
    "group": "le groupe {key}",
    "dataset": "le jeu de données {key}",
    "search": "la recherche {key}",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a portal."""

    what: str = "portal"
    """``portal``, ``organization``, ``group``, ``dataset`` or ``search``."""
    key: str = ""
    """Name or id of the organization, group or dataset; a search as the user would recognise it."""
    q: str = ""
    fq: str = ""

    @property
    def words(self) -> str:
        """Return the scope in French."""
        return _WORDS[self.what].format(key=self.key)

    def queries(self) -> list[dict[str, str]]:
        """Return the parameters that ask for the scope, best first; the last one may ask for the whole portal.

        CKAN filters by ``fq``; OneGeo by ``q``; others do not filter, and ``holds`` then tells the records apart.
        """
        if self.what == "search":
            return [{name: value for name, value in (("q", self.q), ("fq", self.fq)) if value}]
        if self.what not in ("organization", "group"):
            return [{}]
        field = "groups" if self.what == "group" else "owner_org" if _UUID.fullmatch(self.key) else "organization"
        return [{"fq": f"{field}:{quoted(self.key)}"}, {"q": f"{field}:{quoted(self.key)}"}, {}]

    def holds(self, record: Record) -> bool | None:
        """Tell whether a record is of the scope, None when it does not say."""
        if self.what == "organization":
            owner = mapping(record.get("organization"))
            names = [owner.get("name"), owner.get("id"), record.get("owner_org")]
        elif self.what == "group":
            names = [mapping(group).get(key) for group in items(record.get("groups")) for key in ("name", "id")]
        else:
            return True
        said = {values.text(name, 200).casefold().removeprefix("group/") for name in names if name}
        return self.key.casefold() in said if said else None


def quoted(value: str) -> str:
    """Return a value for a search engine's field."""
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def of_action(url: str) -> tuple[str, Scope] | None:
    """Return the portal's base address and the scope of a URL of the action API, None for any other URL."""
    parts = _split(url)
    found = _ACTION.fullmatch(parts[1]) if parts else None
    if parts is None or found is None:
        return None
    asked = parts[2]
    base_url = parts[0] + found["prefix"].rstrip("/")
    action = (found["action"] or "").lower()
    key = asked.get("id", "")
    if action == "package_search" and (asked.get("q") or asked.get("fq")):
        return base_url, _search(asked.get("q", ""), asked.get("fq", ""))
    named = {"package_show": "dataset", "organization_show": "organization", "group_show": "group"}.get(action)
    return base_url, Scope(named, key) if named and key else Scope()


def of_page(url: str) -> tuple[str, Scope]:
    """Return the address before CKAN's own paths, and the scope that a page stands for."""
    parts = _split(url)
    if parts is None:
        return "", Scope()
    origin, path, asked = parts
    found = of_action(url)
    if found is not None:
        return found
    page = _PAGE.fullmatch(path)
    if page is None:
        before_api = re.sub(r"/api(/3)?/?$", "", path)
        return origin + _without_locale(before_api.rstrip("/")), Scope()
    base_url = origin + _without_locale(page["prefix"].rstrip("/"))
    steps = [unquote(step) for step in (page["rest"] or "").split("/") if step]
    while steps and steps[0].lower() in _SUBPAGES and len(steps) > 1:
        steps.pop(0)
    what = page["what"].lower().replace("jeux-de-donnees", "dataset")
    if steps and steps[0] not in ("new", "search"):
        return base_url, Scope(what, values.text(steps[0], 200))
    return base_url, _asked(asked) if what == "dataset" else Scope()


def _split(url: str) -> tuple[str, str, dict[str, str]] | None:
    """Return origin, path and query of a URL, None when it is malformed."""
    try:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query, max_num_fields=50))
    except ValueError:
        return None
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}", parts.path, asked


def _without_locale(prefix: str) -> str:
    """Return a path without the language that CKAN puts before its own paths."""
    return _LOCALE.sub("", prefix)


def _asked(asked: Mapping[str, str]) -> Scope:
    """Return the scope of a search page's parameters; what CKAN does not filter by (page, sort…) is left aside."""
    q = values.text(asked.get("q"), 300)
    filters = {name: values.text(asked[name], 200) for name in _FILTERS if asked.get(name)}
    filters |= {name: values.text(value, 200) for name, value in asked.items() if name.startswith("vocab_") and value}
    if list(filters) == ["organization"] and not q:
        return Scope("organization", filters["organization"])
    if list(filters) == ["groups"] and not q:
        return Scope("group", filters["groups"])
    return _search(q, " ".join(f"{name}:{quoted(value)}" for name, value in filters.items()))


def _search(q: str, fq: str) -> Scope:
    """Return a search; an organization's filter, alone, is that organization."""
    q, fq = values.text(q, 1000), values.text(fq, 1000)
    alone: Any = re.fullmatch(r'\+?(organization|owner_org|groups):[("]*([\w.-]+)[)"]*', f"{q} {fq}".strip())
    if alone:
        return Scope("group" if alone[1] == "groups" else "organization", alone[2])
    if not q and not fq:
        return Scope()
    return Scope("search", f"« {' '.join(filter(None, (q, fq)))} »", q, fq)
