"""Says which facts about one body cannot be true together, so that they are asked again."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.law.figures import exact_number
from opendata_check.law.rules import Law
from opendata_check.model.organization import Organization, OrganizationKind

_FEW = 20
"""Below that many agents nothing is odd: a tiny commune may share its staff."""
_WITH_INHABITANTS = frozenset({OrganizationKind.COMMUNE, OrganizationKind.EPCI, OrganizationKind.DEPARTEMENT})


def doubts(organization: Organization, law: Law) -> tuple[str, ...]:
    """Return a French sentence for each pair of facts that contradict each other."""
    return tuple(_doubts(organization, law))


def _doubts(body: Organization, law: Law) -> Iterator[str]:
    etp, people = body.agents_etp or 0, body.agents_effectif or 0
    figures = [figure for item in body.populations for figure in (item.municipale, item.totale) if figure]
    agents, inhabitants = max(etp, people), max(figures, default=0)
    if body.kind in _WITH_INHABITANTS and 0 < inhabitants < agents and agents > _FEW:
        said = {"agents": exact_number(agents), "habitants": exact_number(inhabitants)}
        yield law.say("doubts", "more_agents_than_inhabitants", **said)
    if body.agents_effectif is not None and etp > people:
        yield law.say("doubts", "more_etp_than_people", etp=exact_number(etp), personnes=exact_number(people))
    band = body.headcount_band
    if band is not None and band.highest is not None and etp > band.highest:
        yield law.say("doubts", "band_passed", etp=exact_number(etp), personnes=exact_number(band.highest))
