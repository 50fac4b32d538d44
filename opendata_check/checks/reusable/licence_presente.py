"""Decides whether a dataset says under which licence it may be reused."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import record_of
from opendata_check.licensing import statements
from opendata_check.model.finding import Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset; « licence non précisée » counts as none, conditions in words count as some."""
    dataset = record_of(case)
    stated = statements(dataset)
    if stated:
        licence = stated[0].reading.licence
        terms = licence is not None and licence.status == "terms"
        yield Verdict(Outcome.COMPLIANT, case="terms" if terms else "", values={"licence": stated[0].written})
    elif not dataset.described:
        yield Verdict(Outcome.UNVERIFIABLE)
    else:
        yield Verdict(Outcome.NON_COMPLIANT)
