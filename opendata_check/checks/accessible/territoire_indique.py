"""Decides whether a dataset says which territory it covers, and proposes the body's own."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import record_of
from opendata_check.checks.suggesting import territory_of
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset that has a record."""
    dataset = record_of(case)
    if not dataset.described:
        return
    if dataset.spatial.strip() or dataset.bbox is not None:
        yield Verdict(Outcome.COMPLIANT, evidence_kind=EvidenceKind.DECLARED)
        return
    own = territory_of(case.evidence.organization)
    proposal = f" Territoire proposé : {own}." if own else ""
    yield Verdict(Outcome.NON_COMPLIANT, values={"proposal": proposal}, evidence_kind=EvidenceKind.DECLARED)
