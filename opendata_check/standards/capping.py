"""Keeps the faults of a hopeless file within bounds: each rule lists so many places, then only says there are more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from opendata_check.standards.interface import Fault

MAX_PLACES = 10_000
"""Places listed for one rule."""


def capped(faults: Iterator[Fault], more: Callable[[str], Fault]) -> Iterator[Fault]:
    """Yield the faults, and in the end ``more(code)`` for each rule broken in more places than are listed."""
    places: Counter[str] = Counter()
    for fault in faults:
        places[fault.code] += 1
        if places[fault.code] <= MAX_PLACES:
            yield fault
    for code, count in places.items():
        if count > MAX_PLACES:
            yield more(code)
