"""For one body, the datasets that the law wants and those that comparable bodies publish: where each stands."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.completeness.comparable import comparison
from opendata_check.completeness.series import series
from opendata_check.completeness.states import family_state, own_holders, seen_in
from opendata_check.matching import families
from opendata_check.model.completeness import Completeness
from opendata_check.model.finding import Finding
from opendata_check.model.inspected import Evidence, InspectedDataset
from opendata_check.model.legal import OpenElsewhere

__all__ = ["expected"]


def expected(
    evidence: Evidence,
    by_others: Sequence[InspectedDataset],
    already_open: Sequence[OpenElsewhere],
    findings: Sequence[Finding],
) -> Completeness:
    """Return every family with its state, the series of years, and what comparable bodies publish.

    It judges nothing anew: verdicts come from the findings, duties from the law. The order of the datasets changes
    nothing. Raises RulesError when rules/expected_datasets.yaml or rules/comparable_bodies.yaml is badly written.
    """
    seen = seen_in(evidence, by_others, already_open, findings)
    own = own_holders(evidence.organization)
    return Completeness(
        families=tuple(family_state(family, seen, own) for family in families()),
        series=series(evidence.datasets, evidence.on),
        comparison=comparison(evidence.organization),
    )
