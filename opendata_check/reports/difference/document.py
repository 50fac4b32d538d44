"""A comparison in JSON: a contract for machines, described by docs/schemas/diff.schema.json and versioned with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from opendata_check import __version__
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.reports.difference.comparison import AuditComparison, DatasetChange
from opendata_check.reports.payload.legal import number
from opendata_check.reports.payload.writing import pieces

SCHEMA_VERSION = "1.0"

Payload = dict[str, Any]


def document(found: AuditComparison) -> Iterator[str]:
    """Yield the comparison as JSON, keys sorted; every point is there."""
    change = found.difference
    return pieces(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "opendata-check", "version": __version__},
            "before": _side(found.before),
            "after": _side(found.after),
            "cautions": [{"id": caution.id, "text": caution.text} for caution in found.cautions],
            "overall": _score(found, ""),
            "axes": [
                {"axis": one.axis, "before": number(one.before), "after": number(one.after)}
                for one in found.scores
                if one.axis
            ],
            "duties": [
                {"id": one.obligation, "title": one.title, "before": one.before or None, "after": one.after or None}
                for one in found.duties
            ],
            "datasets": {
                "appeared": _datasets(found.appeared),
                "vanished": _datasets(found.vanished),
                "unseen": _datasets(found.unseen),
            },
            "mended": _marks(change.mended),
            "new": _marks(change.new),
            "confirmed": [one.fingerprint for one in found.confirmed],
            "unchanged": _marks(change.unchanged),
            "unseen": _marks(change.unseen),
        }
    )


def _side(one: AuditSummary) -> Payload:
    return {
        "body": one.body,
        "name": one.name,
        "on": one.on.isoformat(),
        "target": one.target,
        "tool_version": one.tool_version,
        "partial": one.partial,
        "level": one.level,
    }


def _score(found: AuditComparison, axis: str) -> Payload:
    one = next(score for score in found.scores if score.axis == axis)
    return {"before": number(one.before), "after": number(one.after)}


def _datasets(every: Iterable[DatasetChange]) -> list[Payload]:
    return [{"key": one.key, "title": one.title} for one in every]


def _marks(every: Iterable[FindingMark]) -> Iterator[Payload]:
    return (asdict(one) for one in every)
