"""The words and figures of rules/sense.yaml: which columns hold amounts, which pairs have an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.inspection.labels import words_of
from opendata_check.resources import load_yaml, rules_folder

_FILE = "sense.yaml"
_FIGURES = ("least_cells", "decades_apart", "total_holds", "least_rows", "tolerance", "oldest_year")


@dataclass(frozen=True, slots=True)
class SenseRules:
    """What rules/sense.yaml says."""

    amounts: frozenset[str]
    signed: frozenset[str]
    percents: frozenset[str]
    totals: frozenset[str]
    ordered: tuple[tuple[str, str], ...]
    """(lesser, greater)."""
    figures: dict[str, float]


@cache
def sense_rules() -> SenseRules:
    """Return the rules. Raises RulesError naming the key at fault."""
    content = load_yaml(rules_folder() / _FILE)
    if not isinstance(content, dict):
        raise RulesError("on attend une table de clés et de valeurs", where=_FILE)
    pairs = content.get("ordered")
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise RulesError("clé « ordered » : on attend une liste de paires", where=_FILE)
    figures = content.get("figures")
    if not isinstance(figures, dict) or sorted(figures) != sorted(_FIGURES):
        raise RulesError(f"clé « figures » : on attend {', '.join(_FIGURES)}", where=_FILE)
    return SenseRules(
        amounts=_words(content, "amounts"),
        signed=_words(content, "signed"),
        percents=_words(content, "percents"),
        totals=_words(content, "totals"),
        ordered=tuple((str(lesser), str(greater)) for lesser, greater in pairs),
        figures={key: float(value) for key, value in figures.items()},
    )


def _words(content: dict[str, Any], key: str) -> frozenset[str]:
    found = content.get(key)
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise RulesError(f"clé « {key} » : on attend une liste de mots", where=_FILE)
    return frozenset(found)


def is_amount(label: str) -> bool:
    """Return whether a label announces quantities that are never negative."""
    words = set(words_of(label))
    return bool(words & sense_rules().amounts) and not words & sense_rules().signed


def is_percent(label: str) -> bool:
    """Return whether a label announces percentages."""
    return bool(set(words_of(label)) & sense_rules().percents) or label.strip().startswith("%")


def is_total(label: str) -> bool:
    """Return whether a label announces the sum of other columns."""
    return bool(set(words_of(label)) & sense_rules().totals)


def ordered_pairs(labels: Sequence[str]) -> list[tuple[int, int]]:
    """Return positions (lesser, greater) of the columns whose labels differ only by the words of an ordered pair."""
    spelt = [words_of(label) for label in labels]
    places: dict[tuple[str, ...], int] = {}
    for position, words in enumerate(spelt):
        places.setdefault(words, position)
    found = []
    for lesser, greater in sense_rules().ordered:
        for position, words in enumerate(spelt):
            if lesser in words:
                other = places.get(tuple(greater if word == lesser else word for word in words))
                if other is not None and other != position:
                    found.append((position, other))
    return found


def total_groups(labels: Sequence[str], numeric: Sequence[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Return (total, its candidates): the numeric columns just before it, or just after it, up to another total."""
    found = []
    totals = {position for position in numeric if is_total(labels[position])}
    order = list(numeric)
    for rank, position in enumerate(order):
        if position in totals:
            for step in (-1, 1):
                group: list[int] = []
                at = rank + step
                while 0 <= at < len(order) and order[at] not in totals:
                    group.append(order[at])
                    at += step
                if len(group) >= 2:
                    found.append((position, tuple(sorted(group))))
    return found
