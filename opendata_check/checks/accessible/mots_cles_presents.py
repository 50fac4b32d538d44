"""Decides whether a dataset has keywords, and proposes some from what it holds."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.checks.suggesting import suggestion
from opendata_check.checks.texts import plain
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset that has a record."""
    item = dataset_of(case)
    if not item.dataset.described:
        return
    if any(word.strip() for word in item.dataset.keywords):
        yield Verdict(Outcome.COMPLIANT, evidence_kind=EvidenceKind.DECLARED)
        return
    words = suggestion(item, case.evidence.organization, case.evidence.on).keywords
    proposal = f" Mots-clés proposés : {', '.join(plain(word, 40) for word in words)}." if words else ""
    yield Verdict(Outcome.NON_COMPLIANT, values={"proposal": proposal}, evidence_kind=EvidenceKind.DECLARED)
