"""Decides whether a file holds birth dates of persons."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import clear, fault, hints_of


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column of birth dates, heavier when names stand beside; else one a table."""
    hints = hints_of(case, "birth_date")
    names = hints_of(case, "person_name")
    for hint in hints:
        yield fault(case, hint, "with_names" if names else "alone")
    if not hints:
        yield from clear(case)
