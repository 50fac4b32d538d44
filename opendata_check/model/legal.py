"""What the law says of one body on one date: duties, with the reason worked out node by node."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Applicability(StrEnum):
    """Answer to « does it bind us, on that day? »."""

    APPLIES = "applies"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"
    NOT_IN_FORCE = "not_in_force"
    """No text bound anybody of that kind on that day: not yet, or no longer."""

    @property
    def binds_not(self) -> bool:
        """Return whether nothing is owed on that day: exempt, or no text in force."""
        return self in {Applicability.EXEMPT, Applicability.NOT_IN_FORCE}


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
    copy: str = ""
    """French, when the article's own version date is not known: « copie du 4 avril 2026 », « copie non datée »."""

    @property
    def label(self) -> str:
        """Return the citation as printed, e.g. « CRPA, article L312-1-1 »."""
        label = f"{self.text}, {self.article}" if self.article else self.text
        return f"{label} ({self.copy})" if self.copy else label


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
    value: float | bool | str | None = None
    """What the organization's fact is worth, None when it is missing (or when there is no single fact)."""
    threshold: float | None = None
    """What the parameter is worth on that day."""
    obligation: str = ""
    """Id of the other obligation whose answer this node takes, when it takes one."""


@dataclass(frozen=True, slots=True)
class DatedPart:
    """One step of a staged entry into force."""

    since: date
    label: str
    certainty: Certainty = Certainty.TEXT
    until: date | None = None


@dataclass(frozen=True, slots=True)
class MissingFact:
    """Something that would decide an ``unknown``."""

    fact: str
    """Name in rules/facts.yaml, as ``--fact`` and opendata-check.toml take it; "" for what no town hall can supply."""
    name: str
    """French, after « il manque »."""
    question: str = ""
    yes_or_no: bool = False
    """True when the answer is oui or non."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would follow from one answer to a missing fact."""

    fact: str
    answer: str
    """French: « 50 agents ou plus », « oui »."""
    status: Applicability
    text: str
    """French sentence: the answer, and what it would decide."""


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
    evidence: tuple[str, ...] = ("observed",)
    """How it can be proven: ``observed`` (in a catalogue or a file), ``declared`` (by the organization)."""


@dataclass(frozen=True, slots=True)
class OpenElsewhere:
    """A dataset that the State already publishes for everyone: nothing is missing when the town does not redo it."""

    id: str
    title: str
    by: str
    """French: who publishes it."""
    where: str
    family: str = ""
    """Family of rules/expected_datasets.yaml that it answers, when there is one."""


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
    licence: str = ""
    delay: str = ""
    frequency: str = ""
    authority: str = ""
    """Who can be asked, and who judges; French, calm."""
    sanction: str = ""
    """What one risks, in the words of the text that was read; French, calm."""
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
    missing_facts: tuple[MissingFact, ...] = ()
    """What would decide an ``unknown``."""
    declared_facts: tuple[str, ...] = ()
    """Names of the facts that the organization declared and that the answer rests on: declared, never observed."""
    what_if: tuple[WhatIf, ...] = ()
    """What would follow from each answer to each missing fact."""
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
