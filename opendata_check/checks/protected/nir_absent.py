"""Decides whether a file holds social security numbers."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import judged


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column whose numbers hold the control key, or whose header says so; else one a table."""
    yield from judged(case, ("nir",), lambda hint: "non_compliant" if hint.by == "values" else "label")
