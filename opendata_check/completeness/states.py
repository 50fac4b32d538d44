"""Where one family stands for one body, from the datasets, the duties and the findings; judges nothing anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opendata_check.completeness.comparable import population
from opendata_check.matching import Family, settings
from opendata_check.model.completeness import Candidate, Elsewhere, ExpectedFamily, Publisher
from opendata_check.model.finding import Axis, Finding, Outcome, Severity
from opendata_check.model.inspected import Evidence, InspectedDataset, Match
from opendata_check.model.legal import Applicability, Duty, OpenElsewhere
from opendata_check.model.organization import Organization, OrganizationKind

_STATE_OF = {
    "found": Outcome.COMPLIANT.value,
    "faults": Outcome.NON_COMPLIANT.value,
    "probable": Outcome.UNVERIFIABLE.value,
    "by_others": "already_open",
    "national": "already_open",
    "exempt": Outcome.NOT_APPLICABLE.value,
    "no_event": Outcome.NOT_APPLICABLE.value,
    "need": Outcome.NOT_APPLICABLE.value,
    "holder": Outcome.NOT_APPLICABLE.value,
    "stratum": Outcome.NOT_APPLICABLE.value,
    "competence_unknown": Outcome.UNVERIFIABLE.value,
    "duty_unknown": Outcome.UNVERIFIABLE.value,
    "event_unknown": Outcome.UNVERIFIABLE.value,
    "place_unseen": Outcome.UNVERIFIABLE.value,
    "incomplete": Outcome.UNVERIFIABLE.value,
    "not_found": "not_found",
}
"""The state, a key of the table of words « outcomes », that each reason leads to."""


_OF_ONE_TRADE = frozenset({"syndicat", "operateur"})
"""Holders that do one thing or a few (energy, water, a car park): no list tells which."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the audit gathered, indexed so that no family walks through everything."""

    evidence: Evidence
    already_open: Sequence[OpenElsewhere]
    findings: Sequence[Finding]
    duty_of: Mapping[str, Duty]
    """By obligation."""
    own_of: Mapping[str, Sequence[tuple[InspectedDataset, Match]]]
    """The body's datasets that may answer a family."""
    others_of: Mapping[str, Sequence[tuple[InspectedDataset, Match]]]
    """The like, of what others publish on its territory."""
    at_fault: frozenset[str]
    """Keys of the datasets that a finding says to improve."""


def seen_in(
    evidence: Evidence,
    by_others: Sequence[InspectedDataset],
    already_open: Sequence[OpenElsewhere],
    findings: Sequence[Finding],
) -> Seen:
    """Return what was gathered, indexed."""
    return Seen(
        evidence=evidence,
        already_open=already_open,
        findings=findings,
        duty_of={duty.obligation: duty for duty in evidence.duties},
        own_of=_by_family(evidence.datasets),
        others_of=_by_family(by_others),
        at_fault=frozenset(item.dataset for item in findings if _is_fault(item)),
    )


def _is_fault(finding: Finding) -> bool:
    """Return whether a dataset is to be improved for it: a remark « pour information » is no fault."""
    return finding.outcome is Outcome.NON_COMPLIANT and finding.severity is not Severity.INFO


def _by_family(datasets: Sequence[InspectedDataset]) -> dict[str, list[tuple[InspectedDataset, Match]]]:
    index: dict[str, list[tuple[InspectedDataset, Match]]] = {}
    for item in datasets:
        for match in item.matches:
            index.setdefault(match.family, []).append((item, match))
    return index


def own_holders(organization: Organization | None) -> frozenset[str]:
    """Return the codes of holders that the body is; empty when its kind is not known."""
    if organization is None or organization.kind is OrganizationKind.UNKNOWN:
        return frozenset()
    kinds = {organization.kind, *organization.acts_as}
    return frozenset(holder.code for holder in settings().holders.values() if holder.kinds & kinds)


def family_state(family: Family, seen: Seen, own: frozenset[str]) -> ExpectedFamily:
    """Return where a family stands. ``own`` are the holders that the body is."""
    found, probable = _candidates(family, seen.own_of.get(family.id, ()))
    elsewhere = (*_by_others(family, seen), *_nationally(family, seen))
    reason = _reason(family, seen, own, found, probable, elsewhere)
    return ExpectedFamily(
        family=family.id,
        title=family.title,
        obligation=family.obligation,
        state=_STATE_OF[reason],
        reason=reason,
        found=found,
        probable=probable,
        elsewhere=elsewhere,
        publishers=_publishers(family, seen, own),
        holder=family.holder,
        software=family.software,
        frequency=family.frequency,
        effort=family.effort,
        stratum=family.stratum,
        common=family.common,
        mine=bool(family.holders) and family.holders[0] in own,
        guarded=family.guarded,
    )


def _candidates(
    family: Family, matched: Sequence[tuple[InspectedDataset, Match]]
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """Return the datasets that answer a family, and those that may, the surest first."""
    every = sorted(
        (_candidate(item, match) for item, match in matched if match.confidence >= settings().probable),
        key=lambda one: (-one.confidence, one.title, one.dataset),
    )
    sure = tuple(one for one in every if one.confidence >= family.enough)
    return sure, tuple(every[len(sure) :])


def _candidate(item: InspectedDataset, match: Match) -> Candidate:
    places = dict.fromkeys(copy.dataset.landing_page or copy.source for copy in item.copies[1:])
    title = item.dataset.title or item.key
    return Candidate(item.key, title, match.confidence, match.by, match.heard, match.rivals, tuple(places))


def _by_others(family: Family, seen: Seen) -> tuple[Elsewhere, ...]:
    found = [
        Elsewhere(item.dataset.publisher, item.dataset.landing_page or item.catalog_location, item.dataset.title, False)
        for item, match in seen.others_of.get(family.id, ())
        if match.confidence >= family.enough
    ]
    return tuple(sorted(set(found), key=lambda one: (one.title, one.by, one.where)))


def _nationally(family: Family, seen: Seen) -> tuple[Elsewhere, ...]:
    return tuple(
        Elsewhere(item.by, item.where, item.title, True)
        for item in seen.already_open
        if item.family == family.id or (family.national and item.id == family.national)
    )


def _reason(
    family: Family,
    seen: Seen,
    own: frozenset[str],
    found: Sequence[Candidate],
    probable: Sequence[Candidate],
    elsewhere: Sequence[Elsewhere],
) -> str:
    if found:
        return "faults" if any(one.dataset in seen.at_fault for one in found) else "found"
    if probable:
        return "probable"
    if elsewhere:
        return "by_others" if any(not one.national for one in elsewhere) else "national"
    return _why_usual(family, seen, own) if family.usual else _why_due(family, seen)


def _why_usual(family: Family, seen: Seen, own: frozenset[str]) -> str:
    """Return why a usual family that was not seen does not concern the body, or that it was not found."""
    organization = seen.evidence.organization
    if organization is not None and family.needs and organization.declared_value(family.needs) is False:
        return "need"
    if own and own.isdisjoint(family.holders):
        return "holder"
    if organization is not None and own == {"commune"}:
        people = population(organization)
        if people is not None and people < family.stratum:
            return "stratum"
    if own and own <= _OF_ONE_TRADE and not family.own:
        return "competence_unknown"
    return _why_unseen(seen)


def _why_due(family: Family, seen: Seen) -> str:
    """Return why a family that a text asks for was not seen: the duty's own answer first."""
    duty = seen.duty_of.get(family.obligation)
    if duty is None or duty.applicability is Applicability.UNKNOWN:
        return "duty_unknown"
    if duty.applicability.binds_not:
        return "exempt"
    if duty.event and duty.event_happened is not True:
        return "no_event" if duty.event_happened is False else "event_unknown"
    judged = [item for item in seen.findings if _is_about(item, duty)]
    looked = {catalog.place for catalog in seen.evidence.catalogs}
    if any(item.outcome in {Outcome.UNVERIFIABLE, Outcome.ERROR} for item in judged):
        return "place_unseen"
    if not judged and duty.proof.places and looked.isdisjoint(duty.proof.places):
        return "place_unseen"
    return _why_unseen(seen)


def _is_about(finding: Finding, duty: Duty) -> bool:
    return finding.obligation == duty.obligation and finding.axis is Axis.PUBLISHED and not finding.dataset


def _why_unseen(seen: Seen) -> str:
    if not seen.evidence.catalogs or any(not catalog.complete for catalog in seen.evidence.catalogs):
        return "incomplete"
    return "not_found"


def _publishers(family: Family, seen: Seen, own: frozenset[str]) -> tuple[Publisher, ...]:
    """Return who else could publish it: named when the body's own intercommunality is, or the State's service.

    Nobody publishes for another what each body has of its own; the State alone does, when it has it.
    """
    national = next((item.by for item in seen.already_open if item.id == family.national and family.national), "")
    found = []
    for code in family.holders:
        if code in own or (family.own and code != "etat"):
            continue
        name = national if code == "etat" else _intercommunality(seen.evidence.organization) if code == "epci" else ""
        found.append(Publisher(code, name or settings().holders[code].label, bool(name)))
    return tuple(found)


def _intercommunality(organization: Organization | None) -> str:
    if organization is None or organization.kind is OrganizationKind.EPCI:
        return ""
    return organization.epci_name or ""
