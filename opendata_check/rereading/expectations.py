"""Rebuilds what is expected of a body, and the scores that others give."""

from __future__ import annotations

from opendata_check.model.completeness import (
    Candidate,
    Comparison,
    Completeness,
    Elsewhere,
    ExpectedFamily,
    Publisher,
    YearSeries,
)
from opendata_check.model.peer_score import BestChange, CriterionMark, DatasetPeerScore, FileScore, Mark, PeerScore
from opendata_check.rereading.nodes import Node


def expected(node: Node) -> Completeness:
    """Return every family with where it stands, the series by year, and what comparable bodies publish."""
    comparison = node.inner("comparison")
    return Completeness(
        families=tuple(_family(item) for item in node.items("families")),
        series=tuple(_series(item) for item in node.items("series")),
        comparison=None if comparison is None else _comparison(comparison),
    )


def _family(node: Node) -> ExpectedFamily:
    return ExpectedFamily(
        family=node.text("family"),
        title=node.text("title"),
        obligation=node.text("obligation"),
        state=node.known("state", "outcomes"),
        reason=node.text("reason"),
        found=tuple(_candidate(item) for item in node.items("found")),
        probable=tuple(_candidate(item) for item in node.items("probable")),
        elsewhere=tuple(
            Elsewhere(item.text("by"), item.text("where"), item.text("title"), item.flag("national"))
            for item in node.items("elsewhere")
        ),
        publishers=tuple(
            Publisher(item.text("kind"), item.text("name"), item.flag("named")) for item in node.items("publishers")
        ),
        holder=node.text("holder"),
        software=node.text("software"),
        frequency=node.text("frequency"),
        effort=node.known("effort", "efforts"),
        stratum=node.whole("stratum"),
        common=node.flag("common"),
        mine=node.flag("mine"),
        guarded=node.flag("guarded", False),
    )


def _candidate(node: Node) -> Candidate:
    return Candidate(
        dataset=node.text("dataset"),
        title=node.text("title", ""),
        confidence=node.number("confidence"),
        by=node.text("by"),
        heard=node.text("heard"),
        rivals=node.texts("rivals"),
        also_at=node.texts("also_at"),
    )


def _series(node: Node) -> YearSeries:
    return YearSeries(
        family=node.text("family"),
        title=node.text("title"),
        datasets=node.texts("datasets"),
        present=node.texts("present"),
        missing=node.texts("missing"),
        expected=node.text("expected"),
        certain=node.flag("certain"),
    )


def _comparison(node: Node) -> Comparison:
    return Comparison(
        label=node.text("label"),
        median=node.whole("median"),
        year=node.whole("year"),
        source=node.text("source"),
        publishing=node.whole_or_none("publishing"),
        bodies=node.whole_or_none("bodies"),
    )


def peer_score(node: Node) -> PeerScore:
    """Return one score that others give; what each criterion is worth is not kept."""
    return PeerScore(
        id=node.text("id"),
        title=node.text("title"),
        short=node.text("short", ""),
        unit=node.text("unit"),
        datasets=tuple(_of_dataset(item) for item in node.items("datasets")),
        low=node.number("low"),
        high=node.number("high"),
        out_of=node.number("out_of"),
        rating=node.text("rating"),
        best=_best(node),
    )


def _of_dataset(node: Node) -> DatasetPeerScore:
    return DatasetPeerScore(
        dataset=node.text("dataset"),
        title=node.text("title", ""),
        marks=tuple(CriterionMark(name, mark, 0) for mark in Mark for name in node.texts(mark.value)),
        low=node.number("low"),
        high=node.number("high"),
        out_of=node.number("out_of"),
        files=tuple(
            FileScore(item.text("name"), item.number("low"), item.number("high")) for item in node.items("files")
        ),
        best=_best(node),
    )


def _best(node: Node) -> BestChange | None:
    best = node.inner("best_change")
    if best is None:
        return None
    return BestChange(
        best.text("gesture"), best.text("text"), node.text("how", ""), best.number("gain"), best.whole("datasets")
    )
