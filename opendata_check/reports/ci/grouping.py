"""Takes together the faults that one gesture mends: a log that says the same thing fifty times is not read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opendata_check.reports.ci.phrases import say
from opendata_check.reports.ci.problems import Problem, level, one_line, where
from opendata_check.wording import french_number

_SHOWN_PLACES = 5


@dataclass(frozen=True, slots=True)
class Gesture:
    """Faults of one check that one gesture mends, the gravest first; how to do it may differ by case."""

    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """Return the one that is shown."""
        return self.problems[0]

    @property
    def level(self) -> str:
        """Return ``error``, ``warning`` or ``note``."""
        return level(self.first.finding.severity)

    @property
    def title(self) -> str:
        """Return the gesture and the check's id."""
        finding = self.first.finding
        return f"{one_line(finding.action or finding.title)} ({finding.check})"


def gestures(problems: Iterable[Problem]) -> tuple[Gesture, ...]:
    """Return the problems by gesture, in the order given."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        finding = problem.finding
        found.setdefault((finding.check, finding.action or finding.title), []).append(problem)
    return tuple(Gesture(tuple(group)) for group in found.values())


def address(problem: Problem) -> str:
    """Return « données/a.csv, colonne B (date), lignes 4 et 9 », or the dataset, or the body."""
    return ", ".join(filter(None, (subject(problem), where(problem.finding, problem.place.location))))


def subject(problem: Problem) -> str:
    """Return the file a fault is about; else its dataset, else « l'ensemble »."""
    finding, place = problem.finding, problem.place
    if not place.own:
        return finding.dataset_title or finding.dataset or say("body")
    return f"{place.path} › {place.member}" if place.member else place.path


def elsewhere(gesture: Gesture) -> str:
    """Return « Aussi : b.csv, ligne 3 ; c.csv et 4 de plus. », or "" when there is no other place."""
    names = list(dict.fromkeys(address(problem) for problem in gesture.problems[1:]))
    if not names:
        return ""
    rest = len(names) - _SHOWN_PLACES
    shown = [*names[:_SHOWN_PLACES], *([say("more", count=french_number(rest))] if rest > 0 else [])]
    return say("also", places=" ; ".join(shown))
