"""Reads what each profile of the Base adresse nationale asks: its columns, and the level and words of each fault."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import UsageError
from opendata_check.resources import data_file, load_yaml

_LEVELS = {"E": "error", "W": "warning", "N": "note"}
_ANY_LANGUAGE = "_@@"


@dataclass(frozen=True, slots=True)
class Wording:
    """One rule: its level in each profile, and its French words."""

    levels: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What one profile asks of a file."""

    name: str
    rank: int
    """Its position in the levels of a rule."""
    fields: tuple[str, ...]
    """The columns of its version of the model."""

    @property
    def relaxed(self) -> bool:
        """Whether it reads the names of columns whatever their case."""
        return self.name.endswith("-relax")

    def judges(self, field: str) -> bool:
        """Return whether faults of this column count: those of another version's columns do not."""
        return field in self.fields

    def level(self, code: str) -> str:
        """Return ``error``, ``warning`` or ``note``."""
        return _LEVELS[wording(code).levels[self.rank]]


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = load_yaml(data_file("standards", "bal.yaml"))
    return content


@cache
def wordings() -> dict[str, Wording]:
    """Return every rule by code; « _@@ » stands for any language."""
    return {
        code: Wording(levels, fault["message"], fault["remedy"])
        for fault in [*_content()["faults"], *_content()["own"]]
        for code, levels in fault["levels"].items()
    }


@cache
def wording(code: str) -> Wording:
    """Return one rule, e.g. ``voie_nom_bre.trop_court`` or ``field.voie_nom.fuzzy``.

    Raises KeyError when the rules lack it: a code without words must not reach a screen.
    """
    found = wordings().get(code)
    if found:
        return found
    if code.endswith(".fuzzy"):  # a column the published validator does not see is as bad as no column
        ours = wordings()["field.*.fuzzy"]
        return Wording(wordings()[code.replace(".fuzzy", ".missing")].levels, ours.message, ours.remedy)
    column, _, rule = code.partition(".")
    return wordings()[f"{column.rpartition('_')[0]}{_ANY_LANGUAGE}.{rule}"]


def own_codes() -> frozenset[str]:
    """Return the codes that the published validator does not have."""
    return frozenset(code for fault in _content()["own"] for code in fault["levels"])


def fields() -> tuple[str, ...]:
    """Return the columns of every version of the model."""
    return tuple(_content()["fields"])


def languages() -> tuple[str, ...]:
    """Return the codes of the regional languages a name may be given in."""
    return tuple(_content()["languages"])


def positions() -> tuple[str, ...]:
    """Return the kinds of position of the model."""
    return tuple(_content()["positions"])


def names() -> tuple[str, ...]:
    """Return the names of the profiles, the newest first."""
    return tuple(_content()["profiles"])


def profile_named(name: str) -> Profile:
    """Return a profile by its name or by a version of the model (« 1.4.0 », « 1.2 »).

    Raises UsageError when there is none.
    """
    known = names()
    version = ".".join(name.split(".")[:2])
    for candidate in (name, version, f"{version}-strict"):
        if candidate in known:
            edition = candidate.partition("-")[0]
            spans = _content()["fields"].items()
            columns = tuple(field for field, (first, last) in spans if first <= edition <= last)
            return Profile(candidate, known.index(candidate), columns)
    raise UsageError(f"le profil « {name[:40]} » est inconnu", remedy=f"Choisissez l'un de : {', '.join(known)}.")
