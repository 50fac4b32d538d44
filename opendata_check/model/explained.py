"""What `explain` tells: the card of a word, of a check, of a score that others give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.model.legal import LegalReference


@dataclass(frozen=True, slots=True)
class Term:
    """A word of open data, in plain French."""

    word: str
    names: tuple[str, ...]
    """Its other names."""
    meaning: str
    see: tuple[str, ...] = ()
    """Words to read next."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to make a gesture in one piece of software."""

    software: str
    """Its name, as people say it: « Excel »."""
    steps: tuple[str, ...]
    """French imperatives, in order."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """Something a person does with a file, click by click."""

    id: str
    title: str
    """French, an infinitive: « Enregistrer un tableau en CSV UTF-8 »."""
    checks: tuple[str, ...]
    """Ids of the checks it mends."""
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class CheckCard:
    """A check as a person reads it; all texts are French."""

    id: str
    axis: str
    title: str
    why: str
    action: str
    remedy: str
    effort: str
    """Id in rules/words.yaml."""
    severity: str
    weight: int
    obligation: str
    legal_basis: tuple[LegalReference, ...]
    examples: tuple[tuple[str, str], ...]
    """(title, outcome)."""
    gestures: tuple[Gesture, ...] = ()
    """How to mend it, step by step."""
    elsewhere: str = ""
    """French: where it is mended, when no gesture here does."""


@dataclass(frozen=True, slots=True)
class CriterionCard:
    """One criterion of a score, with the gesture that gains it."""

    id: str
    title: str
    points: float
    group: str
    rule: str
    gesture: str
    """French, an imperative; "" when nobody here can."""
    how: str


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """A score that others give, as its author publishes it."""

    id: str
    title: str
    out_of: float
    about: str
    source: str
    source_url: str
    read_on: date
    caveat: str
    criteria: tuple[CriterionCard, ...]
    ratings: tuple[tuple[float, str], ...]
    """(from this many points, word), the highest first."""
