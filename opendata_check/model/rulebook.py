"""The rules themselves, whoever they bind: the card of one, and what changed in them between two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.model.legal import Applicability, Certainty, DatedPart, LegalReference


@dataclass(frozen=True, slots=True)
class RuleExample:
    """A case that a reader can check."""

    title: str
    body: tuple[tuple[str, object], ...]
    """Facts of the body, as names and values."""
    on: date
    status: Applicability


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule, whole: what a lawyer checks and what an agent reads. Texts are French; empty ones were not said."""

    id: str
    title: str
    level: str
    weight: int
    certainty: Certainty
    local: bool
    """True for a rule of the user's own folder."""
    to_verify: str
    """Why the rule is not applied; "" for one that is."""
    what: str
    event: str
    """What must have happened for anything to be due; "" when nothing must."""
    where: str
    format: str
    licence: str
    delay: str
    frequency: str
    authority: str
    sanction: str
    holder: str
    software: str
    effort: str
    note: str
    doubt: str
    """Why « not bound » is only our reading for some bodies; "" when it is not."""
    earlier: str
    """What an older text, not read, already asked; "" when nothing is known."""
    who: tuple[tuple[int, str], ...]
    """Who is bound: (depth, line) for each node of the condition."""
    parts: tuple[DatedPart, ...]
    evidence: tuple[str, ...]
    elsewhere: str
    schemas: tuple[str, ...]
    examples: tuple[RuleExample, ...]
    legal_basis: tuple[LegalReference, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one rule."""

    on: date
    kind: str
    """``begins``, ``ends``, ``threshold`` or ``text``."""
    text: str
    """French."""


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Everything that changed in one rule, and what it changed for a body (None when nobody was named)."""

    obligation: str
    title: str
    changes: tuple[Change, ...]
    """The earliest first."""
    before: Applicability | None
    after: Applicability | None
