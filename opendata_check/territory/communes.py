"""What a code says of a commune today: whether it exists, what a former one became, what it is called."""

from __future__ import annotations

from opendata_check.territory import lookup, store
from opendata_check.territory.layout import ARRONDISSEMENT, DELEGATED


def is_commune(code: str) -> bool:
    """Return True for the code of a commune of today, or of an arrondissement of Paris, Lyon or Marseille."""
    former = lookup.find_former(code)
    arrondissement = former is not None and store.former_at(former).status == ARRONDISSEMENT
    return arrondissement or lookup.find_commune(code) is not None


def current_code(code: str) -> str | None:
    """Return the code of the commune that a former, delegated or associated one is now part of; None otherwise."""
    former = lookup.find_former(code)
    return None if former is None else store.commune_at(store.former_at(former).commune).code


def is_delegated(code: str) -> bool:
    """Return True for the code of a commune déléguée."""
    former = lookup.find_former(code)
    return former is not None and store.former_at(former).status == DELEGATED


def official_name(code: str) -> str | None:
    """Return the name of a commune of today; None when there is none."""
    position = lookup.find_commune(code)
    return None if position is None else store.commune_at(position).name
