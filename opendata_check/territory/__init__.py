"""Finds, offline, which French public body a name, a code or a number designates (embedded national reference)."""

from __future__ import annotations

from opendata_check.territory.communes import current_code, is_commune, is_delegated, official_name
from opendata_check.territory.failures import AmbiguousTerritoryError, UnknownTerritoryError
from opendata_check.territory.numbers import by_insee, by_siren, postcodes_of
from opendata_check.territory.resolution import resolve
from opendata_check.territory.suggestions import beginning

__all__ = [
    "AmbiguousTerritoryError",
    "UnknownTerritoryError",
    "beginning",
    "by_insee",
    "by_siren",
    "current_code",
    "is_commune",
    "is_delegated",
    "official_name",
    "postcodes_of",
    "resolve",
]
