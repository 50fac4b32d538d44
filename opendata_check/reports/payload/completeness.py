"""The datasets that are expected of a body, and where each stands, as JSON values."""

from __future__ import annotations

from typing import Any

from opendata_check.model.completeness import Candidate, Comparison, Completeness, ExpectedFamily, YearSeries
from opendata_check.reports.payload.legal import number

Payload = dict[str, Any]


def expected(found: Completeness) -> Payload:
    """Return every family with its state and its candidates, the series by year, and what comparable bodies publish."""
    return {
        "families": [_family(one) for one in found.families],
        "series": [_series(one) for one in found.series],
        "comparison": None if found.comparison is None else _comparison(found.comparison),
    }


def _family(one: ExpectedFamily) -> Payload:
    return {
        "family": one.family,
        "title": one.title,
        "obligation": one.obligation,
        "state": one.state,
        "reason": one.reason,
        "found": [_candidate(item) for item in one.found],
        "probable": [_candidate(item) for item in one.probable],
        "elsewhere": [
            {"by": item.by, "where": item.where, "title": item.title, "national": item.national}
            for item in one.elsewhere
        ],
        "publishers": [{"kind": item.kind, "name": item.name, "named": item.named} for item in one.publishers],
        "holder": one.holder,
        "software": one.software,
        "frequency": one.frequency,
        "effort": one.effort,
        "stratum": one.stratum,
        "common": one.common,
        "mine": one.mine,
        "guarded": one.guarded,
    }


def _candidate(item: Candidate) -> Payload:
    return {
        "dataset": item.dataset,
        "title": item.title,
        "confidence": number(item.confidence),
        "by": item.by,
        "heard": item.heard,
        "rivals": list(item.rivals),
        "also_at": list(item.also_at),
    }


def _series(one: YearSeries) -> Payload:
    return {
        "family": one.family,
        "title": one.title,
        "datasets": list(one.datasets),
        "present": list(one.present),
        "missing": list(one.missing),
        "expected": one.expected,
        "certain": one.certain,
    }


def _comparison(one: Comparison) -> Payload:
    return {
        "label": one.label,
        "median": one.median,
        "year": one.year,
        "source": one.source,
        "publishing": one.publishing,
        "bodies": one.bodies,
    }
