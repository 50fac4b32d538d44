"""The controlled vocabularies of rules/ (formats, licences, frequencies) and how free text is brought to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.folding import fold
from opendata_check.resources import load_yaml, rules_folder

_MAX_TEXT = 300


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: whether its specification is open, whether a machine can use it, and what it is for."""

    id: str
    title: str
    open: bool
    machine: bool
    role: str
    """``data``, ``document``, ``image``, ``archive``, ``service`` or ``other``."""
    extensions: tuple[str, ...]
    aliases: tuple[str, ...]
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence. ``status``: approved (on the decree's list), open, closed or unstated."""

    id: str
    title: str
    status: str
    aliases: tuple[str, ...]
    urls: tuple[str, ...]
    high_value: bool = False
    """Accepted for high-value datasets by the European regulation."""
    mobility: bool = False
    """Accepted for transport data published under their own regulation."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """An update frequency; ``days`` is the longest delay it allows, None when it gives none."""

    id: str
    title: str
    days: int | None
    aliases: tuple[str, ...]
    stated: bool = True


def _entries(name: str) -> list[dict[str, Any]]:
    path = rules_folder() / f"{name}.yaml"
    content = load_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get(name), list):
        raise RulesError(f"on attend une liste « {name} »", where=str(path))
    return [
        {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        for entry in content[name]
    ]


@cache
def formats() -> dict[str, Format]:
    """Return the known formats by id, in the order of rules/formats.yaml."""
    return {entry["id"]: Format(**entry) for entry in _entries("formats")}


@cache
def licences() -> dict[str, Licence]:
    """Return the known licences by id."""
    return {entry["id"]: Licence(**entry) for entry in _entries("licences")}


@cache
def frequencies() -> dict[str, Frequency]:
    """Return the known update frequencies by id."""
    return {entry["id"]: Frequency(**entry) for entry in _entries("frequencies")}


@cache
def _format_names() -> dict[str, str]:
    return {fold(name): item.id for item in formats().values() for name in (item.id, *item.aliases)}


@cache
def _format_extensions() -> dict[str, str]:
    return {extension: item.id for item in formats().values() for extension in item.extensions}


def format_of_extension(extension: str) -> str:
    """Return the format id an extension (with or without its dot) announces, or "" when it is unknown."""
    return _format_extensions().get(extension.lower().lstrip("."), "")


def format_of(text: str) -> str:
    """Return the format id for what a catalogue writes (« CSV », « text/csv », « .csv »), or "" when unknown."""
    folded = fold(text.split(";")[0]).lstrip(".")
    return _format_names().get(folded) or format_of_extension(folded)


@cache
def _licence_names() -> dict[str, str]:
    return {fold(name): item.id for item in licences().values() for name in (item.id, item.title, *item.aliases)}


@cache
def _licence_urls() -> dict[str, str]:
    return {_bare_url(url): item.id for item in licences().values() for url in item.urls}


def _bare_url(url: str) -> str:
    bare = re.sub(r"^https?://(www\.)?", "", url.strip().casefold()[:_MAX_TEXT]).split("#")[0].split("?")[0]
    return re.sub(r"/(deed|legalcode)(\.[a-z]{2})?$", "", bare.rstrip("/")).rstrip("/")


def licence_of(text: str, url: str = "") -> Licence | None:
    """Return the licence meant by an id, a title or a URL; None when it is not one we know.

    Matching is exact after folding case, accents and URL decoration: a doubtful licence stays unknown rather than
    being taken for another.
    """
    for candidate in (text, url):
        if not candidate:
            continue
        found = _licence_names().get(fold(candidate)) or _licence_urls().get(_bare_url(candidate))
        if found:
            return licences()[found]
    return None


@cache
def _frequency_names() -> dict[str, str]:
    return {fold(name): item.id for item in frequencies().values() for name in (item.id, item.title, *item.aliases)}


def frequency_of(text: str) -> Frequency | None:
    """Return the frequency meant by an id, a European code or URI, or French words; None when unknown."""
    if not text:
        return None
    found = _frequency_names().get(fold(text)) or _frequency_names().get(fold(text.rstrip("/").rsplit("/", 1)[-1]))
    return frequencies()[found] if found else None
