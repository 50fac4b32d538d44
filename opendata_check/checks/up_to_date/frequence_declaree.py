"""Decides whether a dataset says how often it is updated."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import record_of
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind
from opendata_check.vocabulary import frequency_of


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset; « inconnue » counts as saying nothing."""
    dataset = record_of(case)
    frequency = frequency_of(dataset.frequency)
    if frequency is not None and frequency.stated:
        values = {"frequency": frequency.title}
        yield Verdict(Outcome.COMPLIANT, values=values, evidence_kind=EvidenceKind.DECLARED)
    elif not dataset.described:
        yield Verdict(Outcome.UNVERIFIABLE)
    elif frequency is None and dataset.frequency.strip():
        yield Verdict(Outcome.UNVERIFIABLE, case="not_understood", values={"frequency": dataset.frequency})
    else:
        yield Verdict(Outcome.NON_COMPLIANT)
