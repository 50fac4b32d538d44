"""Asks whether very small counts of persons may tell who somebody is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import fault, hints_of
from opendata_check.model.finding import Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one question per column of counts; nothing when none is small."""
    for hint in hints_of(case, "small_counts"):
        yield replace(fault(case, hint, ""), outcome=Outcome.UNVERIFIABLE, case="unverifiable")
