"""Rebuilds findings, scores and priorities."""

from __future__ import annotations

from dataclasses import dataclass

from opendata_check.errors import RulesError
from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.organization import EvidenceKind
from opendata_check.model.schema import ValueIssue
from opendata_check.model.score import AxisScore, Priority, Scores
from opendata_check.reports.outline.phrases import level
from opendata_check.rereading.law import references
from opendata_check.rereading.nodes import Node

_BEST = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """An example that a finding keeps, and the file it was seen in."""

    dataset: str
    file: str
    issue: ValueIssue


def finding(node: Node) -> tuple[Finding, Kept | None]:
    """Return a finding, with the example it keeps."""
    found = Finding(
        check=node.name("check"),
        axis=node.word("axis", Axis),
        outcome=node.word("outcome", Outcome),
        severity=node.word("severity", Severity),
        weight=node.whole("weight"),
        title=node.text("title"),
        message=node.text("message"),
        why=node.text("why"),
        remedy=node.text("remedy"),
        effort=node.known("effort", "efforts"),
        legal_basis=references(node),
        obligation=node.name("obligation", optional=True),
        dataset=node.text("dataset"),
        dataset_title=node.text("dataset_title"),
        locations=tuple(_location(item) for item in node.items("locations")),
        evidence=node.text("evidence"),
        evidence_kind=node.word("evidence_kind", EvidenceKind),
        fingerprint=node.name("fingerprint"),
        blocker=node.flag("blocker"),
        count=node.whole("count"),
        action=node.text("action"),
        case=node.text("case", ""),
    )
    return found, _example(node, found)


def _example(node: Node, found: Finding) -> Kept | None:
    example = node.inner("example")
    if example is None or not found.locations:
        return None
    place = example.whole("place", 0)
    if not 0 <= place < len(found.locations):
        raise example.at("place").wrong("le rang d'un des endroits de la liste « locations »")
    seen = found.locations[place]
    issue = ValueIssue(
        rule="",
        column=seen.column,
        letter=seen.letter,
        count=found.count,
        rows=seen.rows,
        message="",
        before=example.text("before"),
        after=example.text("after"),
    )
    return Kept(found.dataset, seen.file, issue)


def _location(node: Node) -> Location:
    return Location(
        dataset=node.text("dataset"),
        file=node.text("file"),
        sheet=node.text("sheet"),
        column=node.text("column"),
        letter=node.text("letter"),
        rows=tuple(item.own_range() for item in node.items("rows")),
        url=node.text("url"),
    )


def scores(node: Node) -> Scores:
    """Return the whole and each axis."""
    return Scores(
        overall=score(node, "overall"),
        confidence=share(node),
        level=known_level(node),
        axes=tuple(_axis(item) for item in node.items("axes")),
        blockers=node.texts("blockers"),
    )


def score(node: Node, key: str) -> float | None:
    """Return a score, None when nothing could be judged."""
    found = node.number_or_none(key)
    if found is not None and not 0 <= found <= _BEST:
        raise node.at(key).wrong("un nombre de 0 à 100, ou null")
    return found


def share(node: Node) -> float:
    """Return how much of the weight could be judged."""
    found = node.number("confidence")
    if not 0 <= found <= 1:
        raise node.at("confidence").wrong("un nombre de 0 à 1")
    return found


def known_level(node: Node) -> str:
    """Return the id of a level of rules/scoring.yaml."""
    found = node.text("level")
    try:
        level(found)
    except RulesError:
        raise node.at("level").wrong("un niveau que ce programme connaît") from None
    return found


def _axis(node: Node) -> AxisScore:
    return AxisScore(
        axis=node.word("axis", Axis),
        score=score(node, "score"),
        confidence=share(node),
        compliant=node.whole("compliant"),
        non_compliant=node.whole("non_compliant"),
        unverifiable=node.whole("unverifiable"),
    )


def priority(node: Node) -> Priority:
    """Return one thing to do."""
    return Priority(
        rank=node.whole("rank"),
        check=node.name("check"),
        title=node.text("title"),
        why=node.text("why"),
        remedy=node.text("remedy"),
        obligation=node.name("obligation", optional=True),
        legal_basis=references(node),
        legal_weight=node.number("legal_weight"),
        effort=node.known("effort", "efforts"),
        gain=node.number("gain"),
        findings=node.texts("findings"),
        files=node.texts("files"),
        holder=node.text("holder"),
        software=node.text("software"),
        frequency=node.text("frequency"),
        blocker=node.flag("blocker"),
    )
