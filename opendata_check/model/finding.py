"""One verdict of one check about one thing, with all a reader needs: law, place, evidence, remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opendata_check.model.facts import RowRange
from opendata_check.model.legal import LegalReference
from opendata_check.model.organization import EvidenceKind


class Outcome(StrEnum):
    """The five outcomes."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non_compliant"
    NOT_APPLICABLE = "not_applicable"
    UNVERIFIABLE = "unverifiable"
    ERROR = "error"


class Axis(StrEnum):
    """The six axes, in the order they are shown."""

    PUBLISHED = "published"
    ACCESSIBLE = "accessible"
    USABLE = "usable"
    REUSABLE = "reusable"
    UP_TO_DATE = "up_to_date"
    PROTECTED = "protected"


class Severity(StrEnum):
    """How much a fault matters, heaviest first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Location:
    """Where it was seen. Every field may be empty; rows are physical lines, all of them."""

    dataset: str = ""
    file: str = ""
    sheet: str = ""
    column: str = ""
    letter: str = ""
    rows: tuple[RowRange, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict. All texts are French and safe to print: no personal value, no control character."""

    check: str
    """Id of the check, e.g. ``encodage-utf8``."""
    axis: Axis
    outcome: Outcome
    severity: Severity
    weight: int
    """Weight of the check in its axis (rules/checks)."""
    title: str
    """What the check asks, as a statement: « Le texte est encodé en UTF-8 »."""
    message: str
    """What was seen here, one sentence."""
    why: str
    """Why it matters, one sentence."""
    remedy: str
    """What to do; "" when nothing is to be done."""
    effort: str
    """Id of an effort in rules/words.yaml."""
    legal_basis: tuple[LegalReference, ...]
    obligation: str
    """Id of the obligation it serves; "" when none."""
    dataset: str
    """Key of the dataset; "" when it is about the organization."""
    dataset_title: str
    locations: tuple[Location, ...]
    evidence: str
    """What was observed or declared, as a fact."""
    evidence_kind: EvidenceKind
    fingerprint: str
    """Stable id of this finding across runs: 16 hexadecimal characters over check, dataset, file, column and rule."""
    blocker: bool = False
    """True when it must be mended before anything else."""
    count: int = 1
    """How many things are at fault (cells, rows, files…)."""
    action: str = ""
    """The gesture that mends it, an imperative: « Enregistrez vos fichiers en UTF-8 »."""
    case: str = ""
    """Key of the message the rule chose (``not_found``, ``probable``…): lets a screen say « non trouvé »."""
