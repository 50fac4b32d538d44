"""What rules/comparison.yaml says: sizes of groups, what is old, what is a fall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from opendata_check.errors import RulesError
from opendata_check.resources import load_yaml, rules_folder

_FILE = "comparison.yaml"
_NUMBERS = ("fewest", "fewest_best", "shared", "old", "fall")


@dataclass(frozen=True, slots=True)
class Settings:
    """See rules/comparison.yaml for what each means."""

    fewest: int
    fewest_best: int
    strata: tuple[int, ...]
    """Inhabitants, rising, from 0."""
    shared: float
    old: int
    """Days."""
    fall: float
    """Points."""


@cache
def settings() -> Settings:
    """Return the settings. Raises RulesError naming the key at fault."""
    content = load_yaml(rules_folder() / _FILE)
    if not isinstance(content, dict):
        raise RulesError("on attend une table de clés et de valeurs", where=_FILE)
    unknown = sorted(set(map(str, content)) - {*_NUMBERS, "strata"})
    if unknown:
        raise RulesError(f"clé « {unknown[0]} » inconnue", where=_FILE)
    for key in _NUMBERS:
        value = content.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise RulesError(f"clé « {key} » : on attend un nombre positif", where=_FILE)
    bounds = content.get("strata")
    if not isinstance(bounds, list) or not all(type(bound) is int for bound in bounds):
        raise RulesError("clé « strata » : on attend une liste de nombres entiers", where=_FILE)
    if bounds != sorted(set(bounds)) or bounds[:1] != [0]:
        raise RulesError("clé « strata » : on attend des nombres croissants à partir de 0", where=_FILE)
    numbers = {key: content[key] for key in _NUMBERS}
    return Settings(strata=tuple(bounds), **numbers)
