"""Decides whether the address base is published."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.duties import judge, sightings
from opendata_check.checks.interface import Case, Verdict


def decide(case: Case) -> Iterable[Verdict]:
    """Return the verdict on the duty ``bal``."""
    return judge(case, "bal", sightings(case, "bal"))
