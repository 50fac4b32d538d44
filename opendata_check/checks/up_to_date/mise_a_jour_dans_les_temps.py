"""Decides whether a dataset keeps the rhythm it announces."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from opendata_check.checks.dates import last_change
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind
from opendata_check.vocabulary import frequency_of
from opendata_check.wording import french_date


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset; a rhythm without a delay (« ponctuelle ») gives none."""
    dataset = dataset_of(case)
    frequency = frequency_of(dataset.dataset.frequency)
    if frequency is None or not frequency.stated:
        yield Verdict(Outcome.UNVERIFIABLE, case="no_frequency")
        return
    if frequency.days is None:
        return
    changed = last_change(dataset)
    if changed is None:
        yield Verdict(Outcome.UNVERIFIABLE, case="no_date", values={"frequency": frequency.title})
        return
    values = {"frequency": frequency.title, "date": french_date(changed)}
    if changed > case.evidence.on:
        yield Verdict(Outcome.UNVERIFIABLE, case="later", values=values)
        return
    tolerance = max(case.number("tolerance_days"), frequency.days * case.number("tolerance_share"))
    late = case.evidence.on - changed - timedelta(days=frequency.days + int(tolerance))
    outcome = Outcome.NON_COMPLIANT if late.days > 0 else Outcome.COMPLIANT
    yield Verdict(outcome, values=values, evidence_kind=EvidenceKind.DECLARED)
