"""What the law's conditions may read of an organization, and how numbers are written in the answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from opendata_check.model.organization import Organization, OrganizationKind, PopulationFigures
from opendata_check.wording import french_number

_MAX_DECIMALS = 6
_NBSP = "\N{NO-BREAK SPACE}"

Assumption = OrganizationKind | float | bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The facts of one organization; those of nobody when the organization is not known.

    ``assumed`` replaces a fact by a supposed value, to say what would follow from each answer.
    """

    kind: OrganizationKind = OrganizationKind.UNKNOWN
    populations: tuple[PopulationFigures, ...] = ()
    agents_etp: float | None = None
    agents_stated_on: date | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    assumed: Mapping[str, Assumption] = field(default_factory=dict)

    def assuming(self, fact: str, value: Assumption) -> Figures:
        """Return the same facts with ``fact`` supposed to be ``value``."""
        return replace(self, assumed={**self.assumed, fact: value})


def figures_of(organization: Organization | None) -> Figures:
    """Return the facts of ``organization``; a number of agents that is no number of agents counts as unknown."""
    if organization is None:
        return Figures()
    agents = organization.agents_etp
    if agents is not None and not (math.isfinite(agents) and agents >= 0):
        agents = None
    return Figures(
        organization.kind,
        organization.populations,
        agents,
        organization.agents_etp_stated_on,
        {fact.name: fact.value for fact in organization.declared if isinstance(fact.value, bool)},
    )


def exact_number(value: float) -> str:
    """Return a number with the decimals it has: « 6 200 », « 49,9 »."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    decimals = min(max(0, -exponent), _MAX_DECIMALS) if isinstance(exponent, int) else 0
    return french_number(value, decimals)


def quantity(value: float, one: str, many: str) -> str:
    """Return « 1 habitant » or « 6 200 habitants »: French plurals start at 2."""
    return f"{exact_number(value)}{_NBSP}{one if abs(value) < 2 else many}"
