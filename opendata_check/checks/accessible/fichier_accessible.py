"""Decides whether a file can be downloaded and opened."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import announced_format, file_of
from opendata_check.model.availability import Availability
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind
from opendata_check.vocabulary import formats

_NOT_FILES = frozenset({"service", ""})


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict a file; services (WFS, API) are not files and get none."""
    file = file_of(case)
    announced = formats().get(announced_format(file))
    if file.distribution.role == "api" or (announced and announced.role in _NOT_FILES):
        return
    if file.facts is None:
        yield from _unread(case)
    elif file.facts.envelope.detected == "html" and announced and announced.role == "data":
        yield Verdict(Outcome.NON_COMPLIANT, case="web_page", values={"format": announced.title},
                      seen="Le contenu reçu est une page web.")  # fmt: skip
    elif file.facts.fault:
        yield Verdict(Outcome.NON_COMPLIANT, case="unreadable", values={"fault": file.facts.fault.rstrip(" .")})
    elif file.facts.envelope.detected in case.words("unopened") and file.facts.spatial is None:
        yield Verdict(Outcome.COMPLIANT, case="unopened")
    else:
        yield Verdict(Outcome.COMPLIANT)


_TRIED = {
    "available": (Outcome.COMPLIANT, "answers"),
    "unavailable": (Outcome.NON_COMPLIANT, "unreachable"),
    "refused": (Outcome.NON_COMPLIANT, "not_public"),
    "not_ready": (Outcome.UNVERIFIABLE, "not_ready"),
    "unknown": (Outcome.ERROR, "not_seen"),
}
"""By what trying the link gave."""


def _tried(seen: Availability) -> Iterable[Verdict]:
    outcome, kind = _TRIED.get(seen.state, _TRIED["unknown"])
    yield Verdict(outcome, case=kind, values={"fault": seen.detail.rstrip(" .") or "le serveur n'a rien dit"})


def _unread(case: Case) -> Iterable[Verdict]:
    file = file_of(case)
    if file.fault is not None:
        values = {"fault": file.fault.what.rstrip(" .")}
        if file.unreachable or file.distribution.available is False:
            yield Verdict(Outcome.NON_COMPLIANT, case="unreachable", values=values)
        else:
            yield Verdict(Outcome.ERROR, case="not_seen", values=values)
    elif file.availability is not None:
        yield from _tried(file.availability)
    elif file.distribution.available is False:
        yield Verdict(Outcome.NON_COMPLIANT, case="said_unavailable", evidence_kind=EvidenceKind.DECLARED)
    elif file.distribution.available is True:
        yield Verdict(Outcome.COMPLIANT, case="said_available", evidence_kind=EvidenceKind.DECLARED)
