"""Reads rules/peer_scores: each score's criteria, points and source, and the gestures that gain points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.resources import load_yaml, rules_folder

Parameter = int | float | tuple[str, ...] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a score looks at."""

    id: str
    title: str
    points: float
    group: str
    """The part of the score it belongs to (« Accessibilité »), or ""."""
    rule: str
    """French: when the points are had."""
    gesture: str
    """Id of the gesture that gains it; "" when nobody here can."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """One thing a body can do on one dataset."""

    id: str
    text: str
    """French, an imperative."""
    how: str
    """French: where and how, one or two sentences."""


@dataclass(frozen=True, slots=True)
class PeerRule:
    """One score as its author publishes it."""

    id: str
    title: str
    short: str
    unit: str
    out_of: float
    about: str
    """French: what it is and who gives it."""
    source: str
    source_url: str
    read_on: date
    caveat: str
    """French: what our reading of it leaves open; "" when nothing."""
    criteria: tuple[Criterion, ...]
    points: Mapping[str, float]
    """What each criterion is worth, by id."""
    ratings: tuple[tuple[float, str], ...] = ()
    """(from this many points, word), the highest first."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def worth(self, name: str) -> float:
        """Return the points of a criterion. Raises RulesError when the rule has none of that name."""
        try:
            return self.points[name]
        except KeyError as error:
            raise RulesError(f"le critère « {name} » manque", where=f"rules/peer_scores/{self.id}.yaml") from error

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of the rule. Raises RulesError when it lacks it."""
        value = self.parameters.get(name)
        if isinstance(value, tuple):
            return value
        raise RulesError(f"il manque la liste « {name} »", where=f"rules/peer_scores/{self.id}.yaml")

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table of the rule. Raises RulesError when it lacks it."""
        value = self.parameters.get(name)
        if isinstance(value, Mapping):
            return value
        raise RulesError(f"il manque la table « {name} »", where=f"rules/peer_scores/{self.id}.yaml")

    def number(self, name: str) -> float:
        """Return a figure of the rule. Raises RulesError when it lacks it."""
        value = self.parameters.get(name)
        if isinstance(value, int | float):
            return value
        raise RulesError(f"il manque le nombre « {name} »", where=f"rules/peer_scores/{self.id}.yaml")

    def rating(self, low: float, high: float) -> str:
        """Return the word of a score, or both words of a range; "" for a score without words."""
        words = [next((word for least, word in self.ratings if points >= least), "") for points in (low, high)]
        if words[0] == words[1]:
            return words[0]
        return f"de « {words[0]} » à « {words[1]} »"


_GESTURES = "gestures"


@cache
def peer_rules() -> tuple[PeerRule, ...]:
    """Return the scores, in the order of their files' ``order``. Raises RulesError naming the file at fault."""
    folder = rules_folder() / "peer_scores"
    read = [_rule(path.name, load_yaml(path)) for path in sorted(folder.glob("*.yaml")) if path.stem != _GESTURES]
    return tuple(rule for _, rule in sorted(read, key=lambda pair: pair[0]))


@cache
def gestures() -> dict[str, Gesture]:
    """Return the gestures by id, in the order of their file: among equals, the first is the easiest."""
    name = f"{_GESTURES}.yaml"
    content = load_yaml(rules_folder() / "peer_scores" / name)
    try:
        return {entry["id"]: Gesture(**entry) for entry in content["gestures"]}
    except (KeyError, TypeError) as error:
        raise RulesError(f"valeur manquante ou mal formée ({error})", where=name) from error


def _rule(name: str, content: Any) -> tuple[int, PeerRule]:
    try:
        read = dict(content)
        order = int(read.pop("order"))
        criteria = tuple(_criterion(entry, name) for entry in read.pop("criteria"))
        ratings = tuple((float(entry["from"]), str(entry["word"])) for entry in read.pop("ratings", ()))
        parameters = {key: _frozen(value) for key, value in read.pop("parameters", {}).items()}
        points = {one.id: one.points for one in criteria}
        rule = PeerRule(criteria=criteria, points=points, ratings=ratings, parameters=parameters, **read)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulesError(f"valeur manquante ou mal formée ({error})", where=name) from error
    return order, rule


def _criterion(entry: Mapping[str, Any], name: str) -> Criterion:
    known = {"group": "", "gesture": "", **entry}
    if known["gesture"] and known["gesture"] not in gestures():
        raise RulesError(f"le geste « {known['gesture']} » est inconnu", where=name)
    return Criterion(**known)


def _frozen(value: Any) -> Parameter:
    found: Parameter = tuple(map(str, value)) if isinstance(value, list) else value
    return found
