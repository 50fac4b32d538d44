"""How far a body is, and what to do first."""

from __future__ import annotations

from dataclasses import dataclass

from opendata_check.model.finding import Axis
from opendata_check.model.legal import LegalReference


@dataclass(frozen=True, slots=True)
class AxisScore:
    """One axis. ``score`` is None when nothing could be verified on it."""

    axis: Axis
    score: float | None
    """0 to 100."""
    confidence: float
    """0 to 1: share of what applies (by weight) that could be verified."""
    compliant: int
    non_compliant: int
    unverifiable: int


@dataclass(frozen=True, slots=True)
class Scores:
    """All axes and the whole."""

    overall: float | None
    """0 to 100, or None when nothing could be verified."""
    confidence: float
    level: str
    """Id of a level in rules/scoring.yaml."""
    axes: tuple[AxisScore, ...]
    blockers: tuple[str, ...] = ()
    """Fingerprints of the findings that must be mended first."""


@dataclass(frozen=True, slots=True)
class Priority:
    """One thing to do: findings of one check (and one obligation) taken together, since one gesture mends them."""

    rank: int
    check: str
    title: str
    """French, an action: « Publiez la liste de vos subventions »."""
    why: str
    remedy: str
    obligation: str
    legal_basis: tuple[LegalReference, ...]
    legal_weight: float
    effort: str
    gain: float
    """Points of the overall score gained if all of it is mended."""
    findings: tuple[str, ...]
    """Fingerprints."""
    files: tuple[str, ...] = ()
    holder: str = ""
    software: str = ""
    frequency: str = ""
    blocker: bool = False
