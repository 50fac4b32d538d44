"""Rebuilds what a lot's folder keeps of one audit, its summary and its open findings, whoever changed it since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opendata_check.model.finding import Axis, Outcome, Severity
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import OrganizationKind
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.rereading.errors import RereadingError
from opendata_check.rereading.nodes import Node, ShapeError
from opendata_check.rereading.verdicts import known_level, score, share

_MOST = 10**12
"""No commune has more inhabitants, files or findings."""
_SHORT, _LONG = 2000, 4000


def summary_from(values: Mapping[str, Any]) -> AuditSummary:
    """Return the summary that these values describe. Raises RereadingError at the first that cannot be."""
    try:
        return _summary(Node(values, "summary"))
    except ShapeError as error:
        raise _refused(error) from error


def mark_from(values: Mapping[str, Any]) -> FindingMark:
    """Return the open finding that these values describe. Raises RereadingError at the first that cannot be."""
    try:
        return _mark(Node(values, "marks"))
    except ShapeError as error:
        raise _refused(error) from error


def _refused(error: ShapeError) -> RereadingError:
    return RereadingError(f"il faut ici {error.expected}", where=error.place, remedy="Relancez l'audit.")


def _summary(node: Node) -> AuditSummary:
    return AuditSummary(
        body=_text(node, "body"),
        name=_text(node, "name"),
        kind=node.word("kind", OrganizationKind).value if node.text("kind") else "",
        target=_text(node, "target", _LONG),
        on=node.day("on"),
        tool_version=_text(node, "tool_version"),
        insee_code=node.name("insee_code", optional=True),
        siren=node.name("siren", optional=True),
        departement_code=node.name("departement_code", optional=True),
        departement_name=_text(node, "departement_name"),
        epci_siren=node.name("epci_siren", optional=True),
        epci_name=_text(node, "epci_name"),
        population=None if node.whole_or_none("population") is None else _count(node, "population"),
        stratum=_text(node, "stratum"),
        bound=node.word("bound", Applicability).value if node.text("bound") else "",
        overall=score(node, "overall"),
        confidence=share(node),
        level=known_level(node) if node.text("level") else "",
        axes=tuple(_axis(item) for item in node.items("axes")),
        datasets=_count(node, "datasets"),
        files=_count(node, "files"),
        duties_met=_count(node, "duties_met"),
        duties_unmet=_count(node, "duties_unmet"),
        duties_unknown=_count(node, "duties_unknown"),
        counts=_pairs(node, "counts"),
        severities=_pairs(node, "severities"),
        families=_families(node),
        first_action=_text(node, "first_action", _LONG),
        actions=_count(node, "actions"),
        faults=_count(node, "faults"),
        partial=node.flag("partial"),
        newest=node.day_or_none("newest"),
    )


def _axis(node: Node) -> AxisScore:
    return AxisScore(
        axis=node.word("axis", Axis),
        score=score(node, "score"),
        confidence=share(node),
        compliant=_count(node, "compliant"),
        non_compliant=_count(node, "non_compliant"),
        unverifiable=_count(node, "unverifiable"),
    )


def _mark(node: Node) -> FindingMark:
    return FindingMark(
        fingerprint=node.name("fingerprint"),
        check=node.name("check"),
        axis=node.word("axis", Axis).value,
        severity=node.word("severity", Severity).value,
        outcome=node.word("outcome", Outcome).value,
        title=_text(node, "title", _LONG),
        message=_text(node, "message", _LONG),
        dataset=_text(node, "dataset", _LONG),
        file=_text(node, "file", _LONG),
        obligation=node.name("obligation", optional=True),
        count=_count(node, "count"),
    )


def _pairs(node: Node, key: str) -> tuple[tuple[str, int], ...]:
    """Return a list of (word, count) pairs."""
    found = []
    for item in node.items(key):
        pair = item.value
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and type(pair[1]) is int):
            raise item.wrong("un mot et un nombre")
        if not 0 <= pair[1] <= _MOST:
            raise item.wrong("un nombre qui se compte")
        found.append((pair[0][:_SHORT], pair[1]))
    return tuple(found)


def _text(node: Node, key: str, longest: int = _SHORT) -> str:
    """Return a text as it was kept: pages and tables clean it. One that no file can hold, or endless, is refused."""
    found = node.text(key)
    if not _fits(found, longest):
        raise node.at(key).wrong(f"un texte de {longest} lettres au plus")
    return found


def _fits(text: str, longest: int) -> bool:
    return len(text) <= longest and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))


def _families(node: Node) -> tuple[str, ...]:
    found = node.texts("families")
    if not all(_fits(text, _SHORT) for text in found):
        raise node.at("families").wrong("une liste d'identifiants")
    return found


def _count(node: Node, key: str) -> int:
    found = node.whole(key)
    if not 0 <= found <= _MOST:
        raise node.at(key).wrong("un nombre de 0 à mille milliards")
    return found
