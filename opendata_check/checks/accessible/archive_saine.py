"""Decides whether an archive can be opened without danger."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.finding import Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict for an archive."""
    facts = facts_of(case)
    if facts is None or facts.archive is None:
        return
    dangers = facts.archive.dangers
    if dangers:
        first = dangers[0].rstrip(" .")
        yield Verdict(Outcome.NON_COMPLIANT, values={"danger": first}, count=len(dangers))
    else:
        yield Verdict(Outcome.COMPLIANT)
