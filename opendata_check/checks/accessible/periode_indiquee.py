"""Decides whether a dataset whose content is dated says which period it covers, and proposes it."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.checks.suggesting import suggestion
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset that has a record; none when nothing in it is dated (a list of benches)."""
    item = dataset_of(case)
    if not item.dataset.described:
        return
    if item.dataset.temporal.strip():
        yield Verdict(Outcome.COMPLIANT, evidence_kind=EvidenceKind.DECLARED)
        return
    period = suggestion(item, case.evidence.organization, case.evidence.on).period
    if period:
        yield Verdict(Outcome.NON_COMPLIANT, values={"period": period}, evidence_kind=EvidenceKind.DECLARED)
