"""What comparing one number of a body with a threshold gives: an answer, or what is missing for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Passes = Callable[[float], bool]
"""Compares one figure with the threshold; as the figure grows its answer changes once at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What comparing one fact with its threshold gave."""

    holds: bool | None
    value: float | None = None
    """The figure to print."""
    shown: str = ""
    """French template around the figure's quantity, « au plus {nombre} »; "" when the figure is exact."""
    detail: str = ""
    """French: which figure it is."""
    notable: bool = False
    """True when the reason must say the detail, not only the node."""
    missing: str = ""
    """French name of what is missing when ``holds`` is None."""
    why: str = ""
    """French: why it is missing, when there is more to say."""
    presumed: bool = False
    """True when the answer leans on a figure of another kind (people for full-time equivalents)."""


def between(low: float, high: float, passes: Passes) -> bool | None:
    """Return the answer when it is the same at both ends of what the figure can be, else None."""
    return passes(low) if passes(low) is passes(high) else None
