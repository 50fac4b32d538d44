"""What an outline tells in counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How many duties stand alike."""

    state: str
    """Key of the table of words « tallies »."""
    count: int
    text: str
    """« 3 à améliorer »."""


@dataclass(frozen=True, slots=True)
class Documents:
    """What was found to read, and what was found to reuse: two duties, told apart."""

    documents: str
    """Files to read (minutes, a budget in PDF), named, or ""."""
    data: str
    """How many files hold data, or ""."""


@dataclass(frozen=True, slots=True)
class CheckCount:
    """What one check found, over all files."""

    check: str
    title: str
    axis: str
    """Word of the axis."""
    good: int
    faults: int
    open: int
    """Left to confirm, or not controlled."""
