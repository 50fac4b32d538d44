"""Decides whether a file tells of the health, the social situation or the schooling of persons."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import judged

_KINDS = ("health", "social", "school")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column; without any, one a table."""
    yield from judged(case, _KINDS, lambda hint: hint.kind)
