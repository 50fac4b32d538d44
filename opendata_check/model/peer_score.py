"""The scores that others give to datasets, by their own published rules, and what would raise them most."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What became of one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNVERIFIABLE = "unverifiable"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class CriterionMark:
    """One criterion of one score, judged on one dataset (or on its best file)."""

    criterion: str
    """Id in rules/peer_scores."""
    mark: Mark
    points: float
    """What the criterion is worth; it counts only when it applies."""


@dataclass(frozen=True, slots=True)
class BestChange:
    """The single gesture that raises a score most."""

    gesture: str
    """Id in rules/peer_scores/gestures.yaml."""
    text: str
    """French, an imperative: « Indiquez la période couverte »."""
    how: str
    """French: where and how."""
    gain: float
    """Points surely gained, summed over the datasets concerned."""
    datasets: int
    """How many datasets it raises."""


@dataclass(frozen=True, slots=True)
class FileScore:
    """What one file alone is worth, where the score tells files apart."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DatasetPeerScore:
    """One score of one dataset: surely ``low``, at most ``high`` once what we could not see is known."""

    dataset: str
    """Key of the dataset."""
    title: str
    marks: tuple[CriterionMark, ...]
    low: float
    high: float
    out_of: float
    """Points of the criteria that apply."""
    files: tuple[FileScore, ...] = ()
    best: BestChange | None = None


@dataclass(frozen=True, slots=True)
class PeerScore:
    """One score over everything a body publishes."""

    id: str
    """``data-gouv``, ``mqa``, ``cinq-etoiles`` or ``opquast``."""
    title: str
    short: str
    """A name of one to three words, for a list."""
    unit: str
    """What is counted, plural, or "" when points are: « étoiles »."""
    datasets: tuple[DatasetPeerScore, ...]
    low: float
    """Mean over the datasets, in points."""
    high: float
    out_of: float
    rating: str = ""
    """French: the word that goes with the score, « de « suffisant » à « bon » » when the range holds several."""
    best: BestChange | None = None
