"""What rules/licences.yaml knows: the licences, the dated lists that admit them, the words that name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.resources import load_yaml, rules_folder


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence, or a way of not naming one."""

    id: str
    title: str
    status: str
    """``approved`` (on the decree's list for data, today), ``open``, ``closed``, ``unnamed`` (« autre licence »),
    ``terms`` (conditions in words, no licence) or ``unstated``."""
    family: str
    """What it is when its version is forgotten."""
    version: str = ""
    kind: str = "data"
    """``data`` or ``software``."""
    share_alike: bool = False
    osm: str = "unknown"
    """Whether OpenStreetMap can take the data in: ``yes``, ``waiver`` (with a written one), ``no`` or ``unknown``."""
    near: str = ""
    """Family of the decree's list that it resembles, when the decree does not name it word for word."""
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    names_with_version: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    home: tuple[str, ...] = ()

    @property
    def states(self) -> bool:
        """Return whether somebody who writes it says something of reuse."""
        return self.status != "unstated"


@dataclass(frozen=True, slots=True)
class Listing:
    """Licences that a text admits, from a day on."""

    id: str
    """``data``, ``software``, ``high-value`` or ``mobility``."""
    since: date
    families: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    def holds(self, licence: Licence) -> bool:
        """Return whether the licence is on this list."""
        return licence.family in self.families or licence.id in self.ids


@dataclass(frozen=True, slots=True)
class Condition:
    """Words that close a licence when a sentence holds them in order."""

    says: str
    words: tuple[tuple[str, ...], ...]
    within: int = 8


_LISTED = ("ids", "names", "names_with_version", "urls", "home")


@cache
def _content() -> Mapping[str, Any]:
    path = rules_folder() / "licences.yaml"
    content = load_yaml(path)
    if not isinstance(content, dict) or not all(content.get(key) for key in ("licences", "lists", "reading")):
        raise RulesError("on attend « licences », « lists » et « reading »", where=str(path))
    return content


@cache
def lists() -> tuple[Listing, ...]:
    """Return the dated lists."""
    return tuple(
        Listing(item["id"], item["since"], frozenset(item.get("families", ())), frozenset(item.get("ids", ())))
        for item in _content()["lists"]
    )


@cache
def licences() -> dict[str, Licence]:
    """Return the known licences by id, each version of a versioned one besides the licence itself."""
    known: dict[str, Licence] = {}
    for entry in _content()["licences"]:
        said = {key: tuple(value) if key in _LISTED else value for key, value in entry.items() if key != "versions"}
        licence = _with_status(Licence(**{"family": entry["id"], **said}))
        known[licence.id] = licence
        for version in entry.get("versions", ()):
            title, short = licence.title.split(" (", 1)
            one = f"{title} ({short.rstrip(')')} {version})"
            known[f"{licence.id}-{version}"] = replace(
                licence, id=f"{licence.id}-{version}", title=one, version=version, ids=(), names=(), urls=(), home=()
            )
    return known


def _with_status(licence: Licence) -> Licence:
    """Return the licence as ``approved`` when the decree's list for data holds it."""
    listed = any(item.id == "data" and item.holds(licence) for item in lists())
    return replace(licence, status="approved") if listed else licence


def admitted(licence: Licence, listing: str, on: date) -> bool:
    """Return whether the list of that id holds the licence on that day."""
    return any(item.id == listing and item.since <= on and item.holds(licence) for item in lists())


def since(listing: str) -> date:
    """Return the first day of the list of that id."""
    return min(item.since for item in lists() if item.id == listing)


def words(name: str) -> Any:
    """Return a part of what helps to read a sentence."""
    return _content()["reading"][name]


@cache
def conditions() -> tuple[Condition, ...]:
    """Return the conditions that close a licence."""
    return tuple(
        Condition(item["says"], tuple(tuple(word.split("|")) for word in item["words"]), item.get("within", 8))
        for item in words("conditions")
    )
