"""Decides whether the public contracts are published."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.duties import judge, sightings
from opendata_check.checks.interface import Case, Verdict


def decide(case: Case) -> Iterable[Verdict]:
    """Return the verdict on the duty ``decp-marches``."""
    return judge(case, "decp-marches", sightings(case, "decp-marches"))
