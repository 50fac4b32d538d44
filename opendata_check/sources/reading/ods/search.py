"""The part of an Opendatasoft catalogue that an address asks for, in the words of each version of the API."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

Filters = tuple[tuple[str, str], ...]
"""(``refine`` or ``exclude``, ``facet:value``), (``q``, words), (``where``, ODSQL)."""

_FACET = re.compile(r"(refine|exclude)\.([\w.-]{1,100})")
_SIMPLE = re.compile(r"\s*([\w.]{1,100})\s*(?:==?|:)\s*\"((?:[^\"\\]|\\.)*)\"\s*")
_MAX = 50
_LONGEST = 5_000


def filters_in(query: str) -> Filters:
    """Return the filters of an address: ``refine.publisher=X`` of a page or of v1, ``refine=publisher:X`` of v2."""
    found: dict[tuple[str, str], None] = {}
    for pair in query[:50_000].split("&")[:500]:
        name, _, value = (unquote_plus(part, errors="replace").strip() for part in pair.partition("="))
        facet = _FACET.fullmatch(name)
        if not value or len(value) > _LONGEST or len(found) >= _MAX:
            continue
        if facet:
            found[(facet[1], f"{facet[2]}:{value}")] = None
        elif name in ("q", "where") or (name in ("refine", "exclude") and ":" in value):
            found[(name, value)] = None
    return tuple(found)


def new_params(filters: Filters) -> dict[str, Any]:
    """Return the parameters of v2 for these filters."""
    wheres = [value for name, value in filters if name == "where"]
    wheres += [f"search({_literal(value)})" for name, value in filters if name == "q"]
    params: dict[str, Any] = {name: _all(filters, name) for name in ("refine", "exclude") if _all(filters, name)}
    if wheres:
        params["where"] = wheres[0] if len(wheres) == 1 else " and ".join(f"({where})" for where in wheres)
    return params


def old_params(filters: Filters) -> dict[str, Any] | None:
    """Return the parameters of v1 for these filters, None when v1 has no words for them (ODSQL)."""
    params: dict[str, Any] = {}
    for name, value in filters:
        if name == "q":
            params["q"] = f"{params['q']} {value}" if "q" in params else value
            continue
        if name == "where":
            simple = _SIMPLE.fullmatch(value)
            if simple is None:
                return None
            name, facet, wanted = "refine", simple[1], re.sub(r"\\(.)", r"\1", simple[2])
        else:
            facet, _, wanted = value.partition(":")
        params.setdefault(f"{name}.{facet.strip()}", []).append(wanted.strip().strip('"'))
    return params


def page_query(filters: Filters) -> str:
    """Return the query by which the portal's own page shows the same search, "" when it cannot."""
    old = old_params(filters)
    return urlencode(old, doseq=True, quote_via=quote) if old else ""


def producer(filters: Filters) -> str:
    """Return the name of the producer when nothing else is asked for, else ""."""
    only = old_params(filters) or {}
    named = only.get("refine.publisher", [])
    return str(named[0]) if list(only) == ["refine.publisher"] and len(named) == 1 else ""


def words(filters: Filters) -> str:
    """Return the filters in a few words: « publisher : Ville de Nancy »."""
    said = []
    for name, value in filters:
        if name in ("refine", "exclude"):
            facet, _, wanted = value.partition(":")
            wanted = wanted.strip('"')
            said.append(f"{'sauf ' if name == 'exclude' else ''}{facet} : {wanted}")
        else:
            said.append(f"« {value} »")
    return ", ".join(said)


def _all(filters: Filters, wanted: str) -> list[str]:
    """Return the values of the filters of one name."""
    return [value for name, value in filters if name == wanted]


def _literal(text: str) -> str:
    """Return a text as ODSQL writes it between quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
