"""Decides whether all the lines of a text file end in the same way."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.finding import Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table in a text file that has several lines."""
    facts = facts_of(case)
    if facts is None or facts.text is None or facts.table is None or facts.text.line_ending == "none":
        return
    mixed = facts.text.line_ending == "mixed"
    yield Verdict(Outcome.NON_COMPLIANT if mixed else Outcome.COMPLIANT)
