"""What comparable bodies published, from the dated counts of rules/comparable_bodies.yaml."""

from __future__ import annotations

from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.model.completeness import Comparison
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.wording import french_number

_FILE = "comparable_bodies.yaml"


def comparison(organization: Organization | None) -> Comparison | None:
    """Return the figures of the bodies like this one, or None when none is known. Raises RulesError."""
    if organization is None:
        return None
    try:
        return _figures(organization, _table())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulesError("les chiffres des collectivités comparables sont mal écrits", where=_FILE) from error


@cache
def _table() -> dict[str, Any]:
    content = load_yaml(rules_folder() / _FILE)
    if not isinstance(content, dict):
        raise RulesError("on attend une table de clés et de valeurs", where=_FILE)
    return content


def _figures(organization: Organization, table: dict[str, Any]) -> Comparison | None:
    if organization.kind is OrganizationKind.COMMUNE:
        people = population(organization)
        entry = None if people is None else _stratum(people, table["communes"])
        return None if entry is None else _comparison(entry, _label(entry, table["labels"]), table)
    if organization.kind is OrganizationKind.EPCI:
        entry = table["epci"].get(organization.epci_nature or "")
    else:
        entry = table["departement"] if organization.kind is OrganizationKind.DEPARTEMENT else None
    return None if entry is None else _comparison(entry, str(entry["label"]), table)


def population(organization: Organization) -> int | None:
    """Return the municipal population of the newest vintage, else the total one; None when neither is known."""
    for figures in organization.populations:
        people = figures.municipale if figures.municipale is not None else figures.totale
        if people is not None:
            return people
    return None


def _stratum(people: int, strata: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((entry for entry in strata if entry["from"] <= people < entry.get("below", people + 1)), None)


def _label(entry: dict[str, Any], labels: dict[str, Any]) -> str:
    key = "above" if "below" not in entry else "between" if entry["from"] else "below"
    values = {name: french_number(entry[name]) for name in ("from", "below") if name in entry}
    return str(labels[key]).format(**values)


def _comparison(entry: dict[str, Any], label: str, table: dict[str, Any]) -> Comparison:
    return Comparison(
        label=label,
        median=int(entry["median"]),
        year=int(table["year"]),
        source=str(table["source"]),
        publishing=entry.get("publishing"),
        bodies=entry.get("bodies"),
    )
