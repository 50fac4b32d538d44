"""The strict reading of one YAML mapping: known keys only, right types, each fault named with file, line and key."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from difflib import get_close_matches
from string import Formatter
from typing import Any

from opendata_check.law.errors import LawError

_MAX_TEXT = 1200
_ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


def at(where: str, content: object, key: str = "") -> str:
    """Return ``where`` with the line of ``key`` (of the whole mapping without one), when the file gave it."""
    lines = getattr(content, "lines", {})
    line = lines.get(key) or getattr(content, "line", None)
    return f"{where}, ligne {line}" if line else where


def unknown(key: str, name: str, known: Collection[str], place: str, where: str) -> LawError:
    """Return the error for a reference to nothing, with the nearest names."""
    close = near(str(name), known) or sorted(known)[:3]
    remedy = f"Noms proches : {', '.join(close)}." if close else ""
    return LawError(f"« {key} » : « {name} » n'existe pas dans {place}", where=where, remedy=remedy)


def near(name: str, known: Collection[str]) -> list[str]:
    """Return the names that ``name`` begins or that look like it, three at most."""
    begun = [item for item in known if name and item.startswith(name)]
    return (begun or get_close_matches(name, list(known), n=3, cutoff=0.5))[:3]


def mapping(content: object, where: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """Return ``content`` as a mapping that has every required key and no key but those named.

    Raises LawError naming the key at fault.
    """
    if not isinstance(content, dict):
        raise LawError("on attend ici une liste de clés et de valeurs", where=at(where, content))
    for key in content:
        if not isinstance(key, str):
            raise LawError(
                "une clé se lit comme un nombre ou comme vrai/faux (on, yes, no…)",
                where=at(where, content, str(key)),
                remedy="Mettez-la entre guillemets.",
            )
        if key not in required and key not in optional:
            known = ", ".join(sorted({*required, *optional}))
            place = at(where, content, key)
            raise LawError(f"la clé « {key} » n'est pas connue", where=place, remedy=f"Clés possibles : {known}.")
    for key in required:
        if key not in content:
            raise LawError(f"il manque la clé « {key} »", where=at(where, content))
    return content


def text(entry: dict[str, Any], key: str, where: str, placeholders: Collection[str] | None = None) -> str:
    """Return the text of ``key`` on one line, "" when the key is absent.

    With ``placeholders``, the words in braces are controlled: only those may appear. Raises LawError.
    """
    value = entry.get(key, "")
    if not isinstance(value, str):
        place = at(where, entry, key)
        raise LawError(f"« {key} » doit être un texte", where=place, remedy="Mettez-le entre guillemets.")
    value = " ".join(value.split())
    if len(value) > _MAX_TEXT or not value.isprintable():
        raise LawError(f"« {key} » est trop long ou contient un caractère invisible", where=at(where, entry, key))
    if placeholders is not None:
        _check_placeholders(value, key, at(where, entry, key), placeholders)
    return value


def _check_placeholders(value: str, key: str, where: str, allowed: Collection[str]) -> None:
    try:
        found = list(Formatter().parse(value))
    except ValueError as error:
        raise LawError(f"« {key} » : une accolade n'est pas fermée", where=where) from error
    for _, name, spec, conversion in found:
        if name is None:
            continue
        if name not in allowed or spec or conversion:
            known = ", ".join(f"{{{word}}}" for word in sorted(allowed)) or "aucun"
            raise LawError(
                f"« {key} » : le mot {{{name}}} n'est pas connu", where=where, remedy=f"Mots possibles : {known}."
            )


def filled(entry: dict[str, Any], key: str, where: str, placeholders: Collection[str] | None = None) -> str:
    """Return the text of ``key``, which must not be empty. Raises LawError."""
    value = text(entry, key, where, placeholders)
    if not value:
        raise LawError(f"« {key} » est vide", where=at(where, entry, key))
    return value


def identifier(entry: dict[str, Any], key: str, where: str) -> str:
    """Return an id: lower-case letters, figures, hyphens or underscores. Raises LawError."""
    value = filled(entry, key, where)
    if not _ID.fullmatch(value):
        place = at(where, entry, key)
        raise LawError(f"« {key} » : « {value} » n'est pas un identifiant (minuscules, chiffres, tirets)", where=place)
    return value


def choice(entry: dict[str, Any], key: str, where: str, choices: Collection[str], default: str | None = None) -> str:
    """Return the text of ``key``, one of ``choices``; ``default`` when the key is absent. Raises LawError."""
    if key not in entry and default is not None:
        return default
    value = text(entry, key, where)
    if value not in choices:
        raise LawError(
            f"« {key} » : « {value} » n'est pas prévu",
            where=at(where, entry, key),
            remedy=f"Valeurs possibles : {', '.join(choices)}.",
        )
    return value


def boolean(entry: dict[str, Any], key: str, where: str) -> bool:
    """Return ``true`` or ``false``; False when the key is absent. Raises LawError."""
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise LawError(f"« {key} » doit être true ou false", where=at(where, entry, key))
    return value


def number(entry: dict[str, Any], key: str, where: str) -> float:
    """Return a positive number. Raises LawError."""
    value = entry[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise LawError(f"« {key} » doit être un nombre positif", where=at(where, entry, key))
    return value


def day(entry: dict[str, Any], key: str, where: str) -> date:
    """Return a date written year-month-day. Raises LawError."""
    value = entry[key]
    if type(value) is not date:
        raise LawError(f"« {key} » doit être une date, écrite année-mois-jour", where=at(where, entry, key))
    return value


def items(entry: dict[str, Any], key: str, where: str, at_least: int = 0) -> list[Any]:
    """Return the list under ``key``, with ``at_least`` items; an absent key is an empty list. Raises LawError."""
    value = entry.get(key, [])
    if not isinstance(value, list) or len(value) < at_least:
        raise LawError(f"« {key} » doit être une liste d'au moins {at_least} élément(s)", where=at(where, entry, key))
    return value


def texts(entry: dict[str, Any], key: str, where: str, at_least: int = 0) -> tuple[str, ...]:
    """Return a list of non-empty texts. Raises LawError."""
    found = items(entry, key, where, at_least)
    return tuple(filled({key: value}, key, f"{where}, {key}[{index}]") for index, value in enumerate(found, 1))
