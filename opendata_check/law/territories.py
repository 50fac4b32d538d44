"""Territories whose own rules were not read: there, no duty is affirmed or denied."""

from __future__ import annotations

from functools import cache

from opendata_check.law.errors import LawError
from opendata_check.model.organization import Organization
from opendata_check.resources import load_yaml, rules_folder


@cache
def _unread() -> tuple[frozenset[str], str]:
    """Return the département codes and the French reason. Raises LawError when rules/territories.yaml is malformed."""
    path = rules_folder() / "territories.yaml"
    try:
        entry = load_yaml(path)["unread"]
        return frozenset(map(str, entry["departements"])), str(entry["reason"])
    except (KeyError, TypeError) as error:
        raise LawError(f"valeur manquante ({error})", where=str(path)) from error


def unread_territory(organization: Organization | None) -> str:
    """Return why nothing can be said of a body of such a territory, or "" for any other."""
    if organization is None:
        return ""
    codes, reason = _unread()
    return reason if organization.departement_code in codes else ""
