"""Decides whether a file tells where private persons live: an address, or a point on the map."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.persons import judged

_KINDS = ("person_address", "home_place")


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per column; without any, one a table."""
    yield from judged(case, _KINDS, lambda hint: "place" if hint.kind == "home_place" else "non_compliant")
