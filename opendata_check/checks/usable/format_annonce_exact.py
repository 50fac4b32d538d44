"""Decides whether a file is of the format that its name and its catalogue announce."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of
from opendata_check.model.facts import EnvelopeFacts
from opendata_check.model.finding import Outcome
from opendata_check.vocabulary import formats
from opendata_check.wording import join_list

_TOLD_ELSEWHERE = frozenset({"empty", "html"})
"""An empty file and a web page in place of a file have checks of their own."""


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per file, or one per false announcement (extension, catalogue, a second format inside)."""
    facts = facts_of(case)
    if facts is None or facts.envelope.detected in _TOLD_ELSEWHERE:
        return
    envelope = facts.envelope
    if envelope.variety == "error":
        yield Verdict(Outcome.NON_COMPLIANT, case="error_page", rule="error_page")
        return
    if envelope.also:
        values = {"found": _title(envelope.detected), "also": join_list([_title(other) for other in envelope.also])}
        yield Verdict(Outcome.NON_COMPLIANT, case="polyglot", values=values, rule="polyglot")
    announced = {"extension": envelope.extension_format, "declared": envelope.declared_format}
    judged = {who: _agrees(case, wanted, envelope) for who, wanted in announced.items() if wanted}
    faults = [who for who, agrees in judged.items() if agrees is False]
    for who in faults:
        values = {"announced": _title(announced[who]), "found": _title(envelope.detected)}
        yield Verdict(Outcome.NON_COMPLIANT, case=who, values=values, rule=who)
    if not faults and not envelope.also and True in judged.values():
        yield Verdict(Outcome.COMPLIANT, values={"found": _title(envelope.detected)})


def _agrees(case: Case, announced: str, envelope: EnvelopeFacts) -> bool | None:
    """Return whether the bytes can be what is announced; None when they are not recognised."""
    if announced == envelope.detected:
        return True
    if envelope.detected == "binary":
        return False if announced in case.words("texts") else None
    accepted = dict(line.split(": ") for line in case.words("accepted"))
    return envelope.detected in accepted.get(announced, "").split()


def _title(format_id: str) -> str:
    known = formats().get(format_id)
    return known.title if known else "un format inconnu de l'outil"
