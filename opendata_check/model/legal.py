"""What the law says of one body on one date: duties, with the reason worked out node by node."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Applicability(StrEnum):
    """Three-valued answer to « does it bind us? »."""

    APPLIES = "applies"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """How sure we are of the reading (decisions.md 6)."""

    TEXT = "text"  # the operative text was read
    INTERPRETATION = "interpretation"  # secondary sources: worded « selon … »


class ReferenceKind(StrEnum):
    """What kind of authority a reference is."""

    LAW = "law"
    STANDARD = "standard"  # RFC, W3C, Table Schema…: says what is right technically, binds nobody by itself


@dataclass(frozen=True, slots=True)
class LegalReference:
    """One citation: the text, the article, and the date of the version that was read."""

    text: str
    """Short French name: « CRPA », « CGCT », « code de la commande publique », « RFC 7946 »."""
    article: str
    """« article L312-1-1 », « section 4 »."""
    version: str = ""
    """ISO date of the version cited, or "" when the copy read is undated."""
    url: str = ""
    kind: ReferenceKind = ReferenceKind.LAW
    certainty: Certainty = Certainty.TEXT
    according_to: str = ""
    """For an interpretation: who says so (« selon … »)."""

    @property
    def label(self) -> str:
        """Return the citation as printed, e.g. « CRPA, article L312-1-1 »."""
        return f"{self.text}, {self.article}" if self.article else self.text


class NodeKind(StrEnum):
    """Shapes of a condition node."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """A node of the condition tree with the value it took, so that a report can explain the verdict."""

    kind: NodeKind
    result: bool | None
    """True, False, or None when a fact is missing."""
    label: str
    """French sentence for this node, e.g. « population : 6 200 habitants (seuil : 3 500) »."""
    children: tuple[ConditionNode, ...] = ()
    fact: str = ""
    """Name of the organization's fact a test reads (``kind``, ``population``, ``agents_etp``…)."""
    parameter: str = ""
    """Id of the parameter it is compared with, when there is one."""


@dataclass(frozen=True, slots=True)
class DatedPart:
    """One step of a staged entry into force."""

    since: date
    label: str
    certainty: Certainty = Certainty.TEXT
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Where and how one could see that the duty is met."""

    places: tuple[str, ...]
    """Kinds of places where the publication may be seen: ``folder``, ``site``, ``portal``, ``national_base``…"""
    elsewhere: str = ""
    """French: the place the text names that this audit did not look at, and how to check by hand."""
    titles: tuple[str, ...] = ()
    """Lower-case, accent-free words to match in titles and file names."""
    schemas: tuple[str, ...] = ()
    """Ids of schemas whose presence proves the dataset, e.g. ``scdl/subventions``."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation, decided for one organization on one date."""

    obligation: str
    """Id: first column of the law's table, e.g. ``diffusion-par-principe``."""
    title: str
    applicability: Applicability
    reason: str
    """French, one or two short sentences: why it applies, does not apply or cannot be decided."""
    condition: ConditionNode
    what: str
    """French: what must be done."""
    where: str = ""
    format: str = ""
    delay: str = ""
    frequency: str = ""
    authority: str = ""
    """Who can be asked or can sanction, and what the sanction is; French, calm."""
    since: date | None = None
    """First date of entry into force."""
    parts: tuple[DatedPart, ...] = ()
    legal_basis: tuple[LegalReference, ...] = ()
    certainty: Certainty = Certainty.TEXT
    level: str = "hard"
    """``hard`` (checkable duty), ``conditional`` (depends on an event or competence), ``soft``."""
    weight: int = 1
    """Legal weight 1 (light) to 5 (heart of the law); orders priorities."""
    sectoral: bool = False
    missing_facts: tuple[str, ...] = ()
    """French names of the facts that would decide an ``unknown``."""
    what_if: tuple[str, ...] = ()
    """French: what would follow from each answer, e.g. « 50 agents ou plus : la commune est concernée »."""
    event: str = ""
    """French: the event without which nothing is due (« une subvention de plus de 23 000 € »); "" when none."""
    event_fact: str = ""
    """Name of the declared fact that says whether the event exists; "" when none."""
    event_happened: bool | None = None
    """Declared answer, or None when nobody said."""
    note: str = ""
    """French: what is doubtful in the reading, or what to know."""
    holder: str = ""
    """French: who usually holds it in the town hall."""
    software: str = ""
    """French: where it usually comes out of."""
    effort: str = ""
    """Id of an effort in rules/words.yaml."""
    proof: Proof = field(default_factory=lambda: Proof(places=()))
