"""What a check is: a rule a person reads (rules/checks/<axis>/<id>.yaml) and a function that decides (a file each).

A check module ``opendata_check/checks/<axis>/<check_id>.py`` holds one public function::

    def decide(case: Case) -> Iterable[Verdict]: ...

It reads facts, never files or sockets. It yields one verdict per subject it judges (none when it has nothing to say).
Words come from the rule: ``Verdict.case`` picks a message of the YAML and ``Verdict.values`` fills its braces.
Figures too: a limit the reader of a rule may want to know stands in the YAML's ``parameters``, not in the function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from opendata_check.errors import RulesError
from opendata_check.model.finding import Axis, Location, Outcome, Severity
from opendata_check.model.inspected import Evidence, InspectedDataset, InspectedFile
from opendata_check.model.legal import LegalReference
from opendata_check.model.organization import EvidenceKind

Parameter = int | float | tuple[str, ...]
"""A figure or a list of words that a rule states for its function."""


class Scope(StrEnum):
    """What a check looks at, one at a time."""

    FILE = "file"
    DATASET = "dataset"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Case:
    """What one call of a check may look at. ``dataset`` and ``file`` are None above their scope."""

    evidence: Evidence
    dataset: InspectedDataset | None = None
    file: InspectedFile | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    """The rule's own figures and lists."""

    def number(self, name: str) -> float:
        """Return a figure of the rule. Raises RulesError when the rule lacks it."""
        value = self.parameters.get(name)
        if isinstance(value, int | float):
            return value
        raise RulesError(f"il manque le nombre « {name} » dans les paramètres de la règle", where="rules/checks")

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of the rule. Raises RulesError when the rule lacks it."""
        value = self.parameters.get(name)
        if isinstance(value, tuple):
            return value
        raise RulesError(f"il manque la liste « {name} » dans les paramètres de la règle", where="rules/checks")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check decided about one subject."""

    outcome: Outcome
    case: str = ""
    """Key of the rule's ``messages``; the outcome's own name when empty."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Fills the braces of the message; already French, already masked."""
    locations: tuple[Location, ...] = ()
    """Where; when empty, the file (or dataset) under judgement."""
    count: int = 1
    rule: str = ""
    """Distinguishes several verdicts on one subject (a column, a rule) in the fingerprint."""
    evidence_kind: EvidenceKind = EvidenceKind.OBSERVED
    column: str = ""
    """Column at fault, when the verdict is about one: part of the fingerprint."""
    seen: str = ""
    """What was observed or declared, in a few French words; the message when empty."""
    obligation: str = ""
    """Obligation served, when it depends on the subject; the rule's own when empty."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The YAML side of a check."""

    id: str
    axis: Axis
    scope: Scope
    title: str
    severity: Severity
    weight: int
    why: str
    remedy: str
    effort: str
    obligation: str
    """Obligation served: its references become the finding's legal basis; "" when ``legal_basis`` stands alone."""
    legal_basis: tuple[LegalReference, ...]
    """References of the check itself (standards, or articles besides the obligation's)."""
    messages: Mapping[str, str]
    action: str
    """The priority's title, an imperative: « Enregistrez vos fichiers en UTF-8 »."""
    blocker: frozenset[str]
    """Cases whose fault must be mended before anything else; empty for most rules."""
    examples: tuple[Mapping[str, object], ...]
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Severity of the cases that do not have the rule's own."""
    remedies: Mapping[str, str] = field(default_factory=dict)
    """Remedy of the cases that do not have the rule's own."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    """Figures and lists the function reads."""


Decide = Callable[[Case], Iterable[Verdict]]
