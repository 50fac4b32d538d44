"""The whole answer to one audit: what reports print and never compute."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from opendata_check.model.catalog import Catalog, Fault
from opendata_check.model.completeness import Completeness
from opendata_check.model.finding import Finding
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.legal import Duty, OpenElsewhere
from opendata_check.model.organization import Organization
from opendata_check.model.peer_score import PeerScore
from opendata_check.model.score import Priority, Scores


@dataclass(frozen=True, slots=True)
class AuditReport:
    """One audit of one body on one date."""

    target: str
    """As the user typed it."""
    on: date
    organization: Organization | None
    duties: tuple[Duty, ...]
    catalogs: tuple[Catalog, ...]
    datasets: tuple[InspectedDataset, ...]
    findings: tuple[Finding, ...]
    """Sorted: axis, outcome, severity, check, dataset, fingerprint."""
    scores: Scores
    priorities: tuple[Priority, ...]
    faults: tuple[Fault, ...]
    """What stayed unseen, from every room."""
    tool_version: str
    already_open: tuple[OpenElsewhere, ...] = ()
    """Datasets about this body that the State publishes: never counted as missing."""
    by_others: tuple[InspectedDataset, ...] = ()
    """Datasets that speak of this body's territory and that others publish: shown, never judged as its own."""
    interrupted: bool = False
    """True when the user stopped the audit (Ctrl-C): what was read until then is judged."""
    others_scores: tuple[PeerScore, ...] = ()
    """What others would give the datasets, by their own published rules; none without datasets."""
    expected: Completeness = field(default_factory=Completeness)
    """The datasets that the law wants and those that comparable bodies publish, and where each stands."""
    suppressed: tuple[tuple[Finding, str, str], ...] = ()
    """Findings that whoever runs the gate lets through, left out of ``findings`` and counted in ``scores`` all the
    same: (finding, ``external``, why in French). ``external`` is SARIF's word: decided outside the files (3.35)."""

    @property
    def partial(self) -> bool:
        """Return True when a source stayed unseen, in whole or in part (exit code 3)."""
        return self.interrupted or any(not catalog.complete for catalog in self.catalogs)


@dataclass(frozen=True, slots=True)
class Progress:
    """What the audit is doing, for whoever waits."""

    step: str
    """French, short: « Lecture de subventions.csv »."""
    done: int = 0
    total: int = 0
