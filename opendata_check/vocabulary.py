"""The controlled vocabularies of rules/ (formats, licences, frequencies) and how free text is brought to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.folding import fold
from opendata_check.licensing import Licence, licence_of, licences
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.rhythms import Frequency, frequencies, frequency_of

__all__ = [
    "Format", "Frequency", "Licence", "error_pages", "format_of", "format_of_extension", "formats",
    "frequencies", "frequency_of", "licence_of", "licences",
]  # fmt: skip


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
    stars: int = 1
    """Most stars it allows on the five-star scale, under an open licence; the fifth is never the format's."""


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
def error_pages() -> tuple[tuple[str, ...], frozenset[str]]:
    """Return how the pages and texts of a failing server begin (folded), and the roots of their XML."""
    said = load_yaml(rules_folder() / "formats.yaml")["error_pages"]
    return tuple(said["titles"]), frozenset(said["roots"])


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
