"""What the law's conditions may read of an organization, and how numbers are written in the answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from opendata_check.model.organization import HeadcountBand, Organization, OrganizationKind, PopulationFigures
from opendata_check.wording import french_number

_MAX_DECIMALS = 6
_NBSP = "\N{NO-BREAK SPACE}"

Assumption = OrganizationKind | float | bool | str


@dataclass(frozen=True, slots=True)
class Figures:
    """The facts of one organization; those of nobody when the organization is not known.

    ``assumed`` replaces a fact by a supposed value, to say what would follow from each answer.
    """

    kind: OrganizationKind = OrganizationKind.UNKNOWN
    acts_as: tuple[OrganizationKind, ...] = ()
    populations: tuple[PopulationFigures, ...] = ()
    largest_member: tuple[PopulationFigures, ...] = ()
    agents_etp: float | None = None
    agents_stated_on: date | None = None
    agents_effectif: float | None = None
    effectif_stated_on: date | None = None
    band: HeadcountBand | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    assumed: Mapping[str, Assumption] = field(default_factory=dict)

    def assuming(self, fact: str, value: Assumption) -> Figures:
        """Return the same facts with ``fact`` supposed to be ``value``."""
        return replace(self, assumed={**self.assumed, fact: value})


def figures_of(organization: Organization | None) -> Figures:
    """Return the facts of ``organization``; a number that is none (NaN, below zero) counts as unknown."""
    if organization is None:
        return Figures()
    declared = {fact.name: fact.value for fact in organization.declared}
    particular = organization.kind is OrganizationKind.COLLECTIVITE_PARTICULIERE
    return Figures(
        kind=organization.kind,
        # every collectivité à statut particulier of today exercises at least a département's powers
        acts_as=organization.acts_as or ((OrganizationKind.DEPARTEMENT,) if particular else ()),
        populations=organization.populations,
        largest_member=organization.largest_member_populations,
        agents_etp=_count(organization.agents_etp),
        agents_stated_on=organization.agents_etp_stated_on,
        agents_effectif=_count(organization.agents_effectif),
        effectif_stated_on=organization.agents_effectif_stated_on,
        band=organization.headcount_band,
        answers={name: value for name, value in declared.items() if isinstance(value, bool)},
        numbers={name: number for name, value in declared.items() if (number := _count(value)) is not None},
        choices={name: value for name, value in declared.items() if isinstance(value, str)},
    )


def _count(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def exact_number(value: float) -> str:
    """Return a number with the decimals it has: « 6 200 », « 49,9 »."""
    if float(value).is_integer():
        return french_number(value)
    from decimal import Decimal

    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    decimals = min(max(0, -exponent), _MAX_DECIMALS) if isinstance(exponent, int) else 0
    return french_number(value, decimals)


def quantity(value: float, one: str, many: str) -> str:
    """Return « 1 habitant » or « 6 200 habitants »: French plurals start at 2."""
    return f"{exact_number(value)}{_NBSP}{one if abs(value) < 2 else many}"
