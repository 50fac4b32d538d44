"""The typed form of what rules/ says of the law, once read and controlled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from opendata_check.model.legal import Applicability, Certainty, LegalReference, NodeKind, OpenElsewhere, Proof
from opendata_check.model.organization import OrganizationKind


class FactType(StrEnum):
    """What kind of answer a fact is."""

    CHOICE = "choice"
    NUMBER = "number"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the texts ask about a body (rules/facts.yaml)."""

    id: str
    type: FactType
    name: str
    """French, after « il manque »: « le nombre d'habitants »."""
    question: str
    help: str = ""
    unit: str = ""
    """For a number: French plural noun."""
    unit_one: str = ""
    decimals: bool = False
    """For a number: True when it may be a part of a unit (agents in ETP, euros)."""
    highest: float = 1e9
    """For a number: the largest answer that makes sense."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """For a choice: French label by value."""


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
    before: str = ""
    """French: what is known of the time before the first value; "" when nothing is."""

    def on(self, day: date) -> DatedValue | None:
        """Return the value in force on ``day``, or None before the known history."""
        return next((dated for dated in reversed(self.values) if dated.since <= day), None)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The organization's kind, or its answer to a choice, is one of these."""

    values: tuple[str, ...]
    itself: bool = False
    """For the kind: what the body also acts as does not count."""


class Comparison(StrEnum):
    """How a number is compared with a parameter."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"

    def holds(self, value: float, threshold: float) -> bool:
        """Return whether ``value`` compares so with ``threshold``, both in the parameter's unit."""
        if self is Comparison.AT_LEAST:
            return value >= threshold
        if self is Comparison.MORE_THAN:
            return value > threshold
        return value <= threshold if self is Comparison.AT_MOST else value < threshold


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of the organization compared with a parameter."""

    parameter: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Answer:
    """The organization's own yes/no answer is the expected one."""

    expected: bool


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
class OtherObligation:
    """A leaf that holds when another obligation binds the same body on the same day."""

    label: str
    obligation: str
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


Condition = Test | OtherObligation | Group


@dataclass(frozen=True, slots=True)
class Part:
    """A step of the entry into force; ``when`` restricts it to some bodies.

    ``when`` is judged on the day asked about, or, ``at_start``, on the step's own first day (a text that asked its
    question once: who had to be ready on that day?).
    """

    since: date
    label: str
    certainty: Certainty = Certainty.TEXT
    until: date | None = None
    when: Condition | None = None
    at_start: bool = False

    def judged_on(self, day: date) -> date:
        """Return the day on which ``when`` is judged for an answer given for ``day``."""
        if self.at_start or day < self.since:
            return self.since
        return day if self.until is None else min(day, self.until)

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
    """Yes/no fact: it happened."""
    absent: str
    """Sentence added to the reason when it did not happen."""
    parameter: str = ""
    comparison: Comparison = Comparison.AT_LEAST
    amount: str = ""
    """Number fact that decides by comparison with the parameter, when it is known; "" when there is none."""


@dataclass(frozen=True, slots=True)
class Source:
    """A citation, the days on which it is the right one, and for which bodies."""

    reference: LegalReference
    since: date | None = None
    until: date | None = None
    kinds: frozenset[OrganizationKind] = frozenset()
    """Kinds of bodies the text speaks of; empty when it speaks of all that the rule binds."""

    def cited_on(self, day: date) -> bool:
        """Return whether the citation is right for an answer given for ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class DoubtfulExemption:
    """Kinds of bodies that are exempt as far as was read, and why that may be wrong."""

    kinds: frozenset[OrganizationKind]
    note: str
    when: Condition | None = None
    """Only when this is known to hold."""


@dataclass(frozen=True, slots=True)
class Example:
    """A case that a reader can check: a body, a day, the answer."""

    title: str
    body: Mapping[str, object]
    """As « scope » takes it: kind, population, population_totale, agents_etp, and facts by name."""
    on: date
    status: Applicability


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
    licence: str
    delay: str
    frequency: str
    authority: str
    sanction: str
    note: str
    holder: str
    software: str
    effort: str
    sources: tuple[Source, ...]
    proof: Proof
    exempt: str = ""
    """End of the sentence that says why a body is not bound."""
    doubtful_exemption: DoubtfulExemption | None = None
    event: Event | None = None
    earlier: str = ""
    """French sentence: what an older text, not read, already asked before the first step; "" when nothing is known."""
    to_verify: str = ""
    """Why the rule is not applied yet (the text was not read); "" for a rule that is."""
    examples: tuple[Example, ...] = ()
    local: bool = False
    """True for a rule that the user added with ``--rules``."""

    def certainty_on(self, day: date, kinds: frozenset[OrganizationKind] = frozenset()) -> Certainty:
        """Return how sure the rule is on ``day``: an interpretation when none of the texts cited then was read."""
        second_hand = all(cited.certainty is Certainty.INTERPRETATION for cited in self.legal_basis(day, kinds))
        return Certainty.INTERPRETATION if second_hand else self.certainty

    def legal_basis(self, day: date, kinds: frozenset[OrganizationKind] = frozenset()) -> tuple[LegalReference, ...]:
        """Return the citations right on ``day`` (all of them when none is: before the text, say).

        With the ``kinds`` a body is, those that speak of it only, when there are any.
        """
        right = [source for source in self.sources if source.cited_on(day)] or list(self.sources)
        ours = [source for source in right if not kinds or not source.kinds or source.kinds & kinds]
        return tuple(source.reference for source in ours or right)


@dataclass(frozen=True, slots=True)
class Apart:
    """Bodies the conditions do not decide: one answer for all their duties."""

    answer: Applicability
    reason: str
    kinds: frozenset[OrganizationKind] = frozenset()
    departements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Law:
    """Everything the room reads in `rules/`."""

    facts: Mapping[str, Fact]
    """By id, in the order they are asked."""
    parameters: Mapping[str, Parameter]
    obligations: tuple[Obligation, ...]
    """Those that are applied, sorted by id."""
    sentences: Mapping[str, Mapping[str, str]]
    """Section, then key, then French template."""
    to_verify: tuple[Obligation, ...] = ()
    """Those that are listed apart since their text was not read."""
    apart: tuple[Apart, ...] = ()
    open_elsewhere: tuple[tuple[frozenset[OrganizationKind], OpenElsewhere], ...] = ()
    """Kinds of bodies, and a dataset about them that the State already publishes."""
    open_since: date = date.min
    """The day from which the law excepts what is already published elsewhere."""
    read_on: date = date.min
    """The day the texts were last read."""
    by_id: Mapping[str, Obligation] = field(default_factory=dict)

    def say(self, section: str, key: str, **values: str) -> str:
        """Return the sentence ``key`` of ``section`` with its placeholders filled."""
        return self.sentences[section][key].format(**values)

    def template(self, section: str, key: str) -> str:
        """Return the sentence ``key`` of ``section``, its placeholders left to fill."""
        return self.sentences[section][key]

    @property
    def first_text(self) -> date:
        """Return the first day of the oldest rule."""
        return min(part.since for obligation in self.obligations for part in obligation.parts)
