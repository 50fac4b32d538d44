"""What a store of audits answers: the audits of a body, what changed, how many bodies move, who has gone silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.model.summary import AuditSummary, Difference


@dataclass(frozen=True, slots=True)
class StoredAudit:
    """One audit as the store keeps it."""

    number: int
    """Order of arrival in the store, from 1."""
    summary: AuditSummary
    points: int
    """Open findings kept with it: not met, not verified, not controlled."""
    run: str = ""
    """The batch it came with; "" when alone."""
    late: bool = False
    """It arrived after an audit of the same body with a later date: a clock went back, or an old audit was added."""


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A body of which the store keeps audits. Name and places as its latest audit tells them."""

    key: str
    """``insee:54395``, ``siren:…`` or ``target:…``."""
    name: str
    audits: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two audits of one body, and what changed between them."""

    body: str
    before: StoredAudit
    after: StoredAudit
    change: Difference


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of a figure, and of how many bodies."""

    value: float | None
    """None when no body has the figure."""
    bodies: int


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month or a year: each body counts once, by its latest audit of the period."""

    name: str
    """``2026``, ``2026-11`` or ``2026-11-26``."""
    bodies: int
    overall: Median
    axes: tuple[tuple[str, Median], ...]
    """(axis, median), in the order of the axes."""
    points: Median
    datasets: Median
    rising: int = 0
    """Bodies whose overall score rose since their previous period."""
    falling: int = 0
    steady: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """A body that stopped publishing: nobody complains of it, so it has to be said."""

    body: str
    name: str
    departement: str
    """Its code; "" when unknown."""
    reason: str
    """``vanished``: it had datasets, none is left; ``fewer``: half of them or more are gone; ``aged``: its newest
    dataset was recent once and is so no longer."""
    on: date
    """Its latest audit."""
    datasets: int
    most: int
    """The most datasets it ever had, before."""
    newest: date | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Many bodies over time."""

    step: str
    """``day``, ``month`` or ``year``."""
    bodies: int
    audits: int
    periods: tuple[Period, ...]
    silent: tuple[Silence, ...]
    """By reason, then by name: no ranking."""
    unsure: int = 0
    """Bodies left out of ``silent`` because their latest audit is partial."""
    rise: float = 1.0
    """Points from which a score is said to rise or to fall."""
    aged_days: int = 365
    """Age in days from which the newest dataset is said to be old."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a whole reading of the store found."""

    version: int
    size: int
    """Bytes on disk."""
    bodies: int
    audits: int
    marks: int
    """Distinct open findings."""
    reports: int
    faults: tuple[str, ...] = ()
    """French, one sentence each; empty when all is well."""
