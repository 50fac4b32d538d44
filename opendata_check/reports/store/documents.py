"""The answers of the store as JSON: contracts, in the form of docs/schemas/store-*.schema.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from opendata_check import __version__
from opendata_check.model.history import Comparison, Health, Median, StoredAudit, Trend
from opendata_check.model.summary import AuditSummary, Difference, FindingMark

SCHEMA_VERSION = "1.0"
"""The first number is raised when a reader must change, the second for additions."""


def history(body: str, audits: Iterable[tuple[StoredAudit, Difference | None]]) -> str:
    """Return the audits of a body, by date."""
    told = [
        audit(one) | {"change": None if change is None else {
            "mended": len(change.mended), "new": len(change.new), "unchanged": len(change.unchanged)}}
        for one, change in audits
    ]  # fmt: skip
    return _written({"body": body, "audits": told})


def comparison(found: Comparison) -> str:
    """Return what changed between two audits, every point of it."""
    change = found.change
    return _written(
        {
            "body": found.body,
            "before": audit(found.before),
            "after": audit(found.after),
            "mended": [_mark(one) for one in change.mended],
            "new": [_mark(one) for one in change.new],
            "unchanged": [_mark(one) for one in change.unchanged],
        }
    )


def trend(found: Trend, departement: str, epci: str) -> str:
    """Return a trend, every silent body named."""
    return _written(
        {
            "step": found.step,
            "departement": departement or None,
            "epci": epci or None,
            "bodies": found.bodies,
            "audits": found.audits,
            "rise": found.rise,
            "aged_days": found.aged_days,
            "unsure": found.unsure,
            "periods": [
                {
                    "name": period.name,
                    "bodies": period.bodies,
                    "overall": _median(period.overall),
                    "axes": {axis: _median(value) for axis, value in period.axes},
                    "points": _median(period.points),
                    "datasets": _median(period.datasets),
                    "rising": period.rising,
                    "falling": period.falling,
                    "steady": period.steady,
                }
                for period in found.periods
            ],
            "silent": [
                {
                    "body": one.body,
                    "name": one.name,
                    "departement": one.departement,
                    "reason": one.reason,
                    "on": one.on.isoformat(),
                    "datasets": one.datasets,
                    "most": one.most,
                    "newest": one.newest.isoformat() if one.newest else None,
                }
                for one in found.silent
            ],
        }
    )


def health(found: Health) -> str:
    """Return what a check of the store found."""
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    return _written({**told, "faults": list(found.faults), "sound": not found.faults})


def export(audits: Iterable[StoredAudit]) -> Iterator[str]:
    """Yield every audit as one JSON document, a few at a time."""
    head = json.dumps(_head(), ensure_ascii=False, sort_keys=True)
    yield f'{head[:-1]}, "audits": ['
    comma = "\n"
    for one in audits:
        yield comma + json.dumps(audit(one), ensure_ascii=False, sort_keys=True, allow_nan=False)
        comma = ",\n"
    yield "\n]}\n"


def audit(one: StoredAudit) -> dict[str, Any]:
    """Return one audit as it is kept."""
    return {
        "arrival": one.number,
        "late": one.late,
        "points": one.points,
        "run": one.run,
        "summary": summary(one.summary),
    }


def summary(told: AuditSummary) -> dict[str, Any]:
    """Return the summary of an audit."""
    plain = {field.name: getattr(told, field.name) for field in fields(told)}
    return {
        **plain,
        "on": told.on.isoformat(),
        "newest": told.newest.isoformat() if told.newest else None,
        "axes": [
            {
                "axis": one.axis.value,
                "score": one.score,
                "confidence": one.confidence,
                "compliant": one.compliant,
                "non_compliant": one.non_compliant,
                "unverifiable": one.unverifiable,
            }
            for one in told.axes
        ],
        "counts": dict(told.counts),
        "severities": dict(told.severities),
        "families": list(told.families),
    }


def _mark(one: FindingMark) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def _median(median: Median) -> dict[str, Any]:
    return {"value": median.value, "bodies": median.bodies}


def _head() -> dict[str, Any]:
    return {"schema_version": SCHEMA_VERSION, "tool": {"name": "opendata-check", "version": __version__}}


def _written(content: dict[str, Any]) -> str:
    return json.dumps({**_head(), **content}, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
