"""Decides whether a dataset says whom to write to, and whether that is a service rather than a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import record_of
from opendata_check.folding import fold
from opendata_check.model.finding import Outcome
from opendata_check.model.organization import EvidenceKind

_MAIL = re.compile(r"(?:mailto:)?([^@\s]{1,64})@([\w.-]{1,250})", re.IGNORECASE)
_NAMED = re.compile(r"[a-z]{1,20}[._][a-z]{2,30}|[a-z]{2,20}-[a-z]{2,20}[._][a-z-]{2,30}")
"""« prenom.nom », « p.nom », « jean-luc.nom »: the ways administrations name the mailboxes of persons."""


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset. A mailbox that seems a person's is a question: its name is never repeated."""
    dataset = record_of(case)
    contact = dataset.contact.strip()
    if not dataset.described:
        yield Verdict(Outcome.UNVERIFIABLE)
    elif not contact:
        yield Verdict(Outcome.NON_COMPLIANT, evidence_kind=EvidenceKind.DECLARED)
    elif domain := _domain_of_a_person(contact, case.words("services")):
        yield Verdict(
            Outcome.UNVERIFIABLE, case="person", values={"domain": domain}, evidence_kind=EvidenceKind.DECLARED
        )
    else:
        yield Verdict(Outcome.COMPLIANT, evidence_kind=EvidenceKind.DECLARED)


def _domain_of_a_person(contact: str, services: Iterable[str]) -> str:
    """Return the domain of a mailbox named as a person's, "" for a service's, a form or anything else."""
    found = _MAIL.fullmatch(contact)
    if found is None:
        return ""
    local = fold(found[1]).replace(" ", "_")
    words = re.split(r"[._\-]", local)
    known = frozenset(services)
    if not _NAMED.fullmatch(local) or any(word in known for word in words):
        return ""
    place = set(re.split(r"[._\-]", fold(found[2])))
    return "" if place.intersection(word for word in words if len(word) > 2) else found[2]
