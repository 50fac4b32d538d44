"""What stands at an address: which kind of portal, on what ground, and what was tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A place that can be asked, and how its kind was known."""

    url: str
    """As typed."""
    kind: str
    """Id of the kind: ``ckan``, ``opendatasoft``…"""
    name: str
    """The kind's name as people know it."""
    label: str
    """The place in French, as the user would recognise it."""
    ground: str = ""
    """French: what showed it; "" for a folder."""
    scope: str = ""
    """French: what is asked there; "" when the label says it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One kind that was tried."""

    kind: str
    name: str
    hint: str
    """French: what the page showed; "" when the kind was tried blindly."""
    answered: bool
    asked: tuple[str, ...]
    """Addresses asked, fit for printing."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What one address turned out to be."""

    url: str
    final_url: str
    """After redirects."""
    status: int
    """HTTP status of the page; 0 when it was not asked for."""
    source: KnownSource | None
    """None when no kind is known there."""
    attempts: tuple[Attempt, ...]
    requests: int
    """Requests spent, redirects not counted."""
