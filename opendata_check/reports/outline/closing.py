"""The last blocks: private life, told calmly and without any value, and what could not be seen or judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from opendata_check.model.finding import Axis, Finding, Outcome
from opendata_check.model.legal import Duty
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.basics import Fact
from opendata_check.reports.outline.groups import gathered
from opendata_check.reports.outline.lookup import Lookup
from opendata_check.reports.outline.phrases import say, sentence
from opendata_check.reports.outline.values import Group, Limits, Personal, Undecided
from opendata_check.reports.outline.verdict import place_name


def alerts(finding: Finding) -> bool:
    """Return True for a fault about private life, and for a doubt about a column (not for a file read in part)."""
    if finding.axis is not Axis.PROTECTED:
        return False
    if finding.outcome is Outcome.UNVERIFIABLE:
        return any(place.column or place.letter for place in finding.locations)
    return finding.outcome is Outcome.NON_COMPLIANT


def personal(report: AuditReport, lookup: Lookup, told: Mapping[str, int] = MappingProxyType({})) -> Personal:
    """Return the alerts about private life, with what the duty they serve asks and allows."""
    found = [finding for finding in report.findings if alerts(finding)]
    judged = any(f.axis is Axis.PROTECTED and f.outcome is Outcome.COMPLIANT for f in report.findings)
    if not found:
        return Personal(say("personal_none") if judged else "", (), (), ())
    served = {finding.obligation for finding in found}
    duty = next((duty for duty in report.duties if duty.obligation in served), None)
    return Personal(
        sentence=say("personal_intro"),
        groups=tuple(_calm(group) for group in gathered(found, lookup, told)),
        facts=tuple(_facts(duty)) if duty else (),
        articles=phrases.citations(duty.legal_basis) if duty else (),
    )


def _calm(group: Group) -> Group:
    """Return the group called a « signalement à vérifier »; its sentences need not say it again."""
    state = say("personal_state")
    lead = f"{state} : ".casefold()
    items = tuple(
        replace(item, message=sentence(item.message[len(lead) :]))
        if item.message.casefold().startswith(lead) else item
        for item in group.items
    )  # fmt: skip
    return replace(group, severity=state, items=items)


def _facts(duty: Duty) -> Iterator[Fact]:
    for label, text in (
        ("personal_duty", duty.what),
        ("personal_allowed", duty.note),
        ("personal_if", duty.authority),
    ):
        if text:
            yield Fact(say(label), sentence(text))


def limits(report: AuditReport, lookup: Lookup) -> Limits:
    """Return what could not be decided, what failed, and what could not be read."""
    seen = tuple(dict.fromkeys(f"{fault.line.rstrip('.')}." for fault in report.faults))
    unseen = tuple(
        say("partial_place", name=place_name(catalog)) for catalog in report.catalogs if not catalog.complete
    )
    return Limits(undecided=_undecided(report, lookup), faults=(*unseen, *seen))


def _undecided(report: AuditReport, lookup: Lookup) -> tuple[Undecided, ...]:
    """Return the points left open, taken together when they are open on the same files; failures last.

    Doubts about private life stand in their own block.
    """
    together: dict[tuple[str, tuple[str, ...]], list[tuple[Fact, Group]]] = {}
    for outcome in (Outcome.UNVERIFIABLE, Outcome.ERROR):
        for group in gathered((f for f in report.findings if f.outcome is outcome and not alerts(f)), lookup):
            told = dict.fromkeys(sentence(text) for text in (*(item.message for item in group.items), group.remedy))
            text = " ".join(filter(None, told))
            together.setdefault((group.state, group.files), []).append((Fact(group.title, text), group))
    return tuple(
        Undecided(
            state,
            tuple(fact for fact, _ in points),
            files,
            tuple(group.check for _, group in points),
            tuple(tuple(one for item in group.items for one in item.fingerprints) for _, group in points),
        )
        for (state, files), points in together.items()
    )
