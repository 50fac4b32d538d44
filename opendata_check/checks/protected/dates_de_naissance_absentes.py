"""Decides whether a file holds birth dates of persons."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import hints_of, judged


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column of birth dates, heavier when names stand beside; without any, one a table."""
    names = hints_of(case, "person_name")
    yield from judged(case, ("birth_date",), lambda _: "with_names" if names else "alone")
