"""Findings, scores and priorities as JSON values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from opendata_check.model.finding import Finding, Location
from opendata_check.model.score import Priority, Scores
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.payload import legal
from opendata_check.reports.payload.legal import number

Payload = dict[str, Any]


def finding(found: Finding, lookup: Lookup) -> Payload:
    """``location`` is the first place, for readers that keep one; ``locations`` are all of them."""
    locations = [_location(location) for location in found.locations]
    return {
        "check": found.check,
        "case": found.case,
        "axis": found.axis.value,
        "outcome": found.outcome.value,
        "severity": found.severity.value,
        "weight": found.weight,
        "title": found.title,
        "message": found.message,
        "why": found.why,
        "remedy": found.remedy,
        "action": found.action,
        "effort": found.effort,
        "legal_basis": [legal.reference(reference) for reference in found.legal_basis],
        "obligation": found.obligation,
        "dataset": found.dataset,
        "dataset_title": found.dataset_title,
        "location": locations[0] if locations else None,
        "locations": locations,
        "evidence": found.evidence,
        "evidence_kind": found.evidence_kind.value,
        "example": _example(found, lookup),
        "fingerprint": found.fingerprint,
        "blocker": found.blocker,
        "count": found.count,
    }


def _example(found: Finding, lookup: Lookup) -> Payload | None:
    """``place`` is the rank, among the locations, of the one that the example was seen at."""
    example = lookup.example(found)
    if example is None:
        return None
    alone = (replace(found, locations=(location,)) for location in found.locations)
    place = next(rank for rank, one in enumerate(alone) if lookup.example(one) is not None)
    return {"before": example.before, "after": example.after, "place": place}


def _location(location: Location) -> Payload:
    return {
        "dataset": location.dataset,
        "file": location.file,
        "sheet": location.sheet,
        "column": location.column,
        "letter": location.letter,
        "rows": [list(pair) for pair in location.rows],
        "url": location.url,
    }


def scores(found: Scores) -> Payload:
    """Return the whole and each axis."""
    return {
        "overall": number(found.overall),
        "confidence": number(found.confidence),
        "level": found.level,
        "axes": [
            {
                "axis": axis.axis.value,
                "score": number(axis.score),
                "confidence": number(axis.confidence),
                "compliant": axis.compliant,
                "non_compliant": axis.non_compliant,
                "unverifiable": axis.unverifiable,
            }
            for axis in found.axes
        ],
        "blockers": list(found.blockers),
    }


def priority(item: Priority) -> Payload:
    """Return one thing to do."""
    return {
        "rank": item.rank,
        "check": item.check,
        "title": item.title,
        "why": item.why,
        "remedy": item.remedy,
        "obligation": item.obligation,
        "legal_basis": [legal.reference(reference) for reference in item.legal_basis],
        "legal_weight": number(item.legal_weight),
        "effort": item.effort,
        "gain": number(item.gain),
        "findings": list(item.findings),
        "files": list(item.files),
        "holder": item.holder,
        "software": item.software,
        "frequency": item.frequency,
        "blocker": item.blocker,
    }
