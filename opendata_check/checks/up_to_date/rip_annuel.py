"""Decides whether the inventory of public information was revised within the year."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.dates import last_change
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind
from opendata_check.wording import french_date


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict for a dataset that is the inventory."""
    dataset = dataset_of(case)
    confidence = max((match.confidence for match in dataset.matches if match.family == "rip"), default=0.0)
    if confidence < case.number("enough"):
        return
    changed = last_change(dataset)
    if changed is None:
        yield Verdict(Outcome.UNVERIFIABLE)
        return
    values = {"date": french_date(changed)}
    age = (case.evidence.on - changed).days
    if age < 0:
        yield Verdict(Outcome.UNVERIFIABLE, case="later", values=values)
    else:
        outcome = Outcome.COMPLIANT if age <= case.number("days") else Outcome.NON_COMPLIANT
        yield Verdict(outcome, values=values, evidence_kind=EvidenceKind.DECLARED)
