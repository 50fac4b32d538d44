"""One audit in a few hundred bytes: what a store keeps of it, a table of communes shows, two runs compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.model.score import AxisScore


@dataclass(frozen=True, slots=True)
class FindingMark:
    """A finding that is not met, as it is recognised from one audit to the next."""

    fingerprint: str
    check: str
    axis: str
    severity: str
    outcome: str
    """``non_compliant``, ``unverifiable`` or ``error``."""
    title: str
    """The gesture that mends it, else what the check asks."""
    message: str
    """What was seen, one sentence, cut to 300 characters."""
    dataset: str = ""
    """Title of the dataset; "" when it is about the body."""
    file: str = ""
    """First file it points at."""
    obligation: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """One audit of one body on one date, reduced to what is compared."""

    body: str
    """What recognises the body from one audit to the next: ``insee:54395``, ``siren:245400676``, else
    ``target:<what was typed>``."""
    name: str
    kind: str
    """Value of OrganizationKind; "" when nobody says whose data these are."""
    target: str
    on: date
    tool_version: str
    insee_code: str = ""
    siren: str = ""
    departement_code: str = ""
    departement_name: str = ""
    epci_siren: str = ""
    epci_name: str = ""
    population: int | None = None
    """Population municipale of the newest figures in force on the day."""
    stratum: str = ""
    """French: « les communes de 3 500 à 5 000 habitants »; "" when nothing is known of comparable bodies."""
    bound: str = ""
    """Answer to « must it open its data by default? »: a value of Applicability; "" without duties."""
    overall: float | None = None
    """0 to 100, None when nothing could be verified."""
    confidence: float = 0.0
    level: str = ""
    """Id of a level in rules/scoring.yaml."""
    axes: tuple[AxisScore, ...] = ()
    datasets: int = 0
    files: int = 0
    """Files seen, members of archives left out."""
    duties_met: int = 0
    """Duties that bind and that the report found met."""
    duties_unmet: int = 0
    """Duties that bind, looked for and not found, or found with faults."""
    duties_unknown: int = 0
    """Duties that bind, or may, and of which nothing could be told."""
    counts: tuple[tuple[str, int], ...] = ()
    """Findings by outcome, sorted by outcome."""
    severities: tuple[tuple[str, int], ...] = ()
    """``non_compliant`` findings by severity, heaviest first."""
    families: tuple[str, ...] = ()
    """Ids of the families of datasets it publishes, sorted."""
    first_action: str = ""
    actions: int = 0
    faults: int = 0
    """What stayed unseen."""
    partial: bool = False
    newest: date | None = None
    """Latest declared date of change among its datasets."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two audits: findings told apart by their fingerprints."""

    mended: tuple[FindingMark, ...]
    """Were there, are no longer, where the later audit looked."""
    new: tuple[FindingMark, ...]
    unchanged: tuple[FindingMark, ...]
    """As the later audit tells them."""
    unseen: tuple[FindingMark, ...] = ()
    """Were there; the later audit did not look at what they are about, so nothing can be told."""
