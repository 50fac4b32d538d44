"""The typed form of rules/parameters and rules/obligations, once read and controlled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from opendata_check.model.legal import Certainty, LegalReference, NodeKind, Proof
from opendata_check.model.organization import OrganizationKind

NUMBER_FACTS = ("population", "agents_etp")
"""Facts a condition compares with a parameter. Any other fact but ``kind`` is a yes/no answer of the organization."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What a parameter is worth from a date on, and which text says so."""

    since: date
    value: float
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold of the law and its history, oldest value first."""

    id: str
    title: str
    unit: str
    """French plural noun: « habitants »."""
    unit_one: str
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue | None:
        """Return the value in force on ``day``, or None before the known history."""
        return next((dated for dated in reversed(self.values) if dated.since <= day), None)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The organization's kind is one of these."""

    kinds: tuple[OrganizationKind, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number reaches a parameter (``at_least``) or exceeds it (``more_than``)."""

    parameter: str
    strict: bool
    """True for ``more_than``."""

    def holds(self, value: float, threshold: float) -> bool:
        """Return whether ``value`` passes ``threshold``, both in the parameter's unit."""
        return value > threshold if self.strict else value >= threshold


@dataclass(frozen=True, slots=True)
class Answer:
    """The organization's own yes/no answer is the expected one."""

    expected: bool
    name: str
    """French name of the missing answer, after « il manque »."""


@dataclass(frozen=True, slots=True)
class Test:
    """A leaf of a condition."""

    label: str
    fact: str
    comparison: OneOf | Threshold | Answer
    if_true: str = ""
    """French clause without its subject, said when the test holds; "" when it need not be said."""
    if_false: str = ""
    if_missing: str = ""
    """French sentence said when the test cannot be decided."""
    certainty: Certainty = Certainty.TEXT
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """An inner node of a condition: all, any or not (one child)."""

    kind: NodeKind
    label: str
    children: tuple[Condition, ...]
    certainty: Certainty = Certainty.TEXT
    note: str = ""


Condition = Test | Group


@dataclass(frozen=True, slots=True)
class Part:
    """A step of the entry into force; ``when`` restricts it to some bodies."""

    since: date
    label: str
    certainty: Certainty = Certainty.TEXT
    until: date | None = None
    when: Condition | None = None

    def runs_on(self, day: date) -> bool:
        """Return whether ``day`` lies between the two dates, both included."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Event:
    """What must have happened for something to be due; ``{seuil}`` in its texts is the parameter's value."""

    label: str
    label_unknown: str
    """Said for a date at which the threshold was not read."""
    fact: str
    absent: str
    """Sentence added to the reason when the organization declared that it did not happen."""
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One file of rules/obligations: who is bound, since when, and all that a report says of it."""

    id: str
    title: str
    level: str
    weight: int
    sectoral: bool
    certainty: Certainty
    who: Condition
    parts: tuple[Part, ...]
    what: str
    where: str
    format: str
    delay: str
    frequency: str
    authority: str
    note: str
    holder: str
    software: str
    effort: str
    legal_basis: tuple[LegalReference, ...]
    proof: Proof
    exempt: str = ""
    """End of the sentence that says why a body is not bound."""
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """Everything the room reads in `rules/`."""

    parameters: Mapping[str, Parameter]
    obligations: tuple[Obligation, ...]
    """Sorted by id."""
    sentences: Mapping[str, Mapping[str, str]]
    """Section, then key, then French template; a fact's sentences are under « facts.<fact> »."""

    def say(self, section: str, key: str, **values: str) -> str:
        """Return the sentence ``key`` of ``section`` with its placeholders filled."""
        return self.sentences[section][key].format(**values)
