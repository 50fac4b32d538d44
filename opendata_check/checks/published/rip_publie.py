"""Decides whether the inventory of public information is published."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.duties import judge, sightings
from opendata_check.checks.interface import Case, Verdict


def decide(case: Case) -> Iterable[Verdict]:
    """Return the verdict on the duty ``rip``."""
    return judge(case, "rip", sightings(case, "rip"))
