"""What comparing the bodies of a lot gives: bands by stratum, what the most advanced have, what decays. No ranking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opendata_check.model.finding import Axis


class Standing(StrEnum):
    """Where a value stands among its stratum."""

    BELOW = "below"  # under the first quartile
    AMONG = "among"  # the middle half
    ABOVE = "above"  # over the third quartile


@dataclass(frozen=True, slots=True)
class Spread:
    """How values are spread: the band holds the middle half of them."""

    count: int
    lowest: float
    first: float
    """First quartile."""
    median: float
    third: float
    """Third quartile."""
    highest: float


@dataclass(frozen=True, slots=True)
class Practice:
    """A family of datasets that the most advanced bodies of a stratum publish."""

    family: str
    """Id in rules/expected_datasets.yaml."""
    title: str
    holder: str
    effort: str
    """Key of the table of words « efforts »."""
    common: bool
    asked: bool
    """Whether a text asks for it."""
    best: int
    """How many of the most advanced publish it."""
    everyone: int
    """How many bodies of the stratum publish it."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Comparable bodies of the lot, wholly audited."""

    id: str
    """« commune-1000 », « epci », « commune » for all communes together."""
    kind: str
    """Value of OrganizationKind."""
    least: int | None
    """Inhabitants from which; None when the stratum holds every body of its kind."""
    below: int | None
    count: int
    overall: Spread | None = None
    """None under the least number of bodies: no band is told."""
    axes: tuple[tuple[Axis, Spread], ...] = ()
    """Only the axes where enough bodies have a score."""
    datasets: Spread | None = None
    best: int = 0
    """How many bodies make its upper quarter."""
    practices: tuple[Practice, ...] = ()
    """Families that bodies open first come first, then those that most of the best have."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one body stands."""

    key: str
    """LotEntry.key."""
    stratum: str
    """Id of the stratum it is compared with; "" when there is none with enough bodies."""
    overall: Standing | None = None
    axes: tuple[tuple[Axis, Standing], ...] = ()
    lacks: tuple[Practice, ...] = ()
    """What the best of its stratum have and it has not."""


class DecayKind(StrEnum):
    """How a body lost ground without saying so."""

    NOT_SEEN = "not_seen"  # was audited last time, could not be this time
    NOTHING_LEFT = "nothing_left"  # published, and publishes nothing any more
    DATASETS_GONE = "datasets_gone"
    FAMILIES_GONE = "families_gone"
    STALE = "stale"  # its newest date has become old
    UNDATED = "undated"  # no dataset tells a date any more
    SCORE_FELL = "score_fell"


@dataclass(frozen=True, slots=True)
class Decay:
    """One thing a body lost since the last run."""

    kind: DecayKind
    before: float | None = None
    after: float | None = None
    families: tuple[str, ...] = ()
    """Titles."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one body since the last run."""

    key: str
    mended: int = 0
    new: int = 0
    unchanged: int = 0
    score: float | None = None
    """Points won (or lost) since; None when one of the two has no score, or when only one was whole."""
    decays: tuple[Decay, ...] = ()
    other_version: bool = False
    """True when the program was not the same: part of the change may come from it."""

    @property
    def outdated(self) -> bool:
        """Return whether the body has no file up to date any more."""
        lost = (DecayKind.NOTHING_LEFT, DecayKind.STALE, DecayKind.UNDATED)
        return any(decay.kind in lost for decay in self.decays)


@dataclass(frozen=True, slots=True)
class Counts:
    """The lot in figures."""

    lines: int = 0
    states: tuple[tuple[str, int], ...] = ()
    """By LotState value, those found only."""
    bound: tuple[tuple[str, int], ...] = ()
    """Audited bodies by Applicability value, « » when nobody can tell; those found only."""
    publishing: int = 0
    silent: int = 0
    """Wholly audited, and nothing was found."""
    old: int = 0
    """Publishing, and whose newest date is old or unknown."""
    mended: int = 0
    new: int = 0
    changed: int = 0
    """Bodies with something mended or new."""
    compared: int = 0
    """Bodies that the last run had too."""
    outdated: int = 0
    """Bodies that have no file up to date any more, and had one last time."""
    decayed: int = 0
    communes_only: bool = True


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything the pages of a lot say that no single audit holds."""

    counts: Counts
    strata: tuple[Stratum, ...]
    """Communes by size, then the other kinds; « all the communes » last."""
    places: tuple[Place, ...]
    """Bodies wholly audited, in the order of the list."""
    changes: tuple[Change, ...]
    """Bodies that the last run had too, in the order of the list."""
    left_out: int = 0
    """Audited bodies left out of the bands: a source stayed unseen, or nothing could be scored."""
    fewest: int = 0
    """Bodies under which no band is told."""
