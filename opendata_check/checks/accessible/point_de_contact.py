"""Decides whether a dataset says whom to write to."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import record_of
from opendata_check.model.finding import Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset."""
    dataset = record_of(case)
    if not dataset.described:
        yield Verdict(Outcome.UNVERIFIABLE)
    elif dataset.contact.strip():
        yield Verdict(Outcome.COMPLIANT)
    else:
        yield Verdict(Outcome.NON_COMPLIANT)
