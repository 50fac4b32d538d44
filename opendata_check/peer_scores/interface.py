"""What a score is: a rule a person reads (rules/peer_scores/<id>.yaml) and a function that marks one dataset.

A module of this room holds one function ``assess`` of type ``Assess``. It reads values of the model, opens nothing and
keeps nothing. A criterion that the tool cannot see is ``UNVERIFIABLE``: the score is then a range, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.peer_score import CriterionMark, FileScore, Mark
from opendata_check.peer_scores.rules import PeerRule


@dataclass(frozen=True, slots=True)
class Assessment:
    """One score of one dataset."""

    marks: tuple[CriterionMark, ...]
    low: float
    high: float
    files: tuple[FileScore, ...] = ()

    @property
    def out_of(self) -> float:
        """Return the points of the criteria that apply."""
        return sum([found.points for found in self.marks if found.mark is not Mark.NOT_APPLICABLE])


Assess = Callable[[InspectedDataset, PeerRule, date], Assessment]
"""Marks one dataset, by one rule, on one day."""


def mark(seen: bool | None) -> Mark:
    """Return the mark of what was seen (True), seen not to be (False), or not seen (None)."""
    if seen is None:
        return Mark.UNVERIFIABLE
    return Mark.MET if seen else Mark.NOT_MET


def marked(rule: PeerRule, found: Iterable[tuple[str, Mark]]) -> tuple[CriterionMark, ...]:
    """Return the marks with the points their criteria are worth. Raises RulesError for a criterion the rule lacks."""
    return tuple([_criterion_mark(name, given, rule.worth(name)) for name, given in found])


@lru_cache(maxsize=1024)
def _criterion_mark(name: str, given: Mark, points: float) -> CriterionMark:
    """Return a mark; there are few different ones, and a whole portal gets thousands of each."""
    return CriterionMark(name, given, points)


def summed(marks: Iterable[CriterionMark]) -> tuple[float, float]:
    """Return the points surely had, and the most there may be."""
    low = high = 0.0
    for found in marks:
        low += found.points if found.mark is Mark.MET else 0.0
        high += found.points if found.mark in (Mark.MET, Mark.UNVERIFIABLE) else 0.0
    return low, high


def assessed(marks: tuple[CriterionMark, ...]) -> Assessment:
    """Return the assessment of a score whose criteria simply add up."""
    return Assessment(marks, *summed(marks))
