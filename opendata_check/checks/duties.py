"""Is one duty met? The shared logic of the checks that look for what the law asks to publish."""

from __future__ import annotations

from dataclasses import dataclass

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.texts import plain, quoted
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.inspected import Evidence, InspectedDataset
from opendata_check.model.legal import Applicability, Duty
from opendata_check.model.organization import EvidenceKind
from opendata_check.wording import french_date, join_list

_NATIONAL_BASE, _SITE = "national_base", "site"


@dataclass(frozen=True, slots=True)
class Sightings:
    """What was found that may answer a duty. Each list is sorted by title."""

    found: tuple[InspectedDataset, ...] = ()
    """Surely answers it."""
    probable: tuple[InspectedDataset, ...] = ()
    """May answer it: somebody must look."""
    broken: tuple[InspectedDataset, ...] = ()
    """Would answer it, but not one of its files can be had."""


def sightings(case: Case, family: str) -> Sightings:
    """Return the datasets that answer ``family``, by the rule's figures ``enough`` and ``probable`` (0 to 1)."""
    enough, probable = case.number("enough"), case.number("probable")
    found, perhaps, broken = [], [], []
    for dataset in case.evidence.datasets:
        confidence = max((match.confidence for match in dataset.matches if match.family == family), default=0.0)
        if confidence < probable:
            continue
        if dataset.files and all(file.unreachable for file in dataset.files):
            broken.append(dataset)
        elif confidence >= enough:
            found.append(dataset)
        else:
            perhaps.append(dataset)
    return Sightings(in_order(found), in_order(perhaps), in_order(broken))


def in_order(datasets: list[InspectedDataset]) -> tuple[InspectedDataset, ...]:
    """Return datasets sorted by title, then key, so that no verdict depends on the order of reading."""
    return tuple(sorted(datasets, key=lambda item: (item.dataset.title, item.key)))


def judge(case: Case, obligation: str, seen: Sightings) -> list[Verdict]:
    """Return the verdict on one duty; none when the law's rules do not hold it.

    Cases: ``exempt``, ``exempt_published``, ``compliant``, ``elsewhere_too``, ``broken``, ``probable``, ``no_event``,
    ``duty_unknown``, ``event_unknown``, ``elsewhere``, ``incomplete``, ``not_found``. What binds nobody is never a
    fault; what was not looked at is never said missing.
    """
    duty = case.evidence.duty(obligation)
    if duty is None:
        return []
    kind, outcome, datasets = _decide(case.evidence, duty, seen)
    return [
        Verdict(
            outcome,
            case=kind,
            values=_values(case.evidence, duty, datasets),
            locations=tuple(Location(dataset=item.key) for item in datasets),
            evidence_kind=EvidenceKind.DECLARED if _rests_on_words(kind, duty) else EvidenceKind.OBSERVED,
            seen=_seen(case.evidence, kind, duty, datasets),
        )
    ]


def _rests_on_words(kind: str, duty: Duty) -> bool:
    """Return whether the verdict comes from what the body declared, not from what was seen."""
    return kind == "no_event" or (kind in {"exempt", "exempt_published"} and bool(duty.declared_facts))


def _decide(evidence: Evidence, duty: Duty, seen: Sightings) -> tuple[str, Outcome, tuple[InspectedDataset, ...]]:
    if duty.applicability.binds_not:
        return ("exempt_published" if seen.found else "exempt"), Outcome.NOT_APPLICABLE, seen.found
    if seen.found:
        return ("elsewhere_too" if _named_place_unseen(evidence, duty) else "compliant"), Outcome.COMPLIANT, seen.found
    if duty.event and duty.event_happened is False:
        return "no_event", Outcome.NOT_APPLICABLE, ()
    if seen.probable:
        return "probable", Outcome.UNVERIFIABLE, seen.probable
    if duty.applicability is Applicability.UNKNOWN:
        return "duty_unknown", Outcome.UNVERIFIABLE, ()
    if seen.broken:
        return "broken", Outcome.NON_COMPLIANT, seen.broken
    if duty.event and duty.event_happened is None:
        return "event_unknown", Outcome.UNVERIFIABLE, ()
    if _named_place_unseen(evidence, duty) or not _looked_in_a_good_place(evidence, duty):
        return "elsewhere", Outcome.UNVERIFIABLE, ()
    if any(not catalog.complete for catalog in evidence.catalogs):
        return "incomplete", Outcome.UNVERIFIABLE, ()
    return "not_found", Outcome.NON_COMPLIANT, ()


def _looked_in_a_good_place(evidence: Evidence, duty: Duty) -> bool:
    looked = {catalog.place for catalog in evidence.catalogs}
    return bool(looked) and (not duty.proof.places or not looked.isdisjoint(duty.proof.places))


def _named_place_unseen(evidence: Evidence, duty: Duty) -> bool:
    """Return whether a place that the text names was not looked at: missing here, it may well be there.

    ``elsewhere`` tells that the text names such a place: the body's own site, or a national base.
    """
    looked = {catalog.place for catalog in evidence.catalogs}
    named = duty.proof.places[:1] == (_SITE,) and bool(duty.proof.elsewhere)
    return (named and _SITE not in looked) or (_NATIONAL_BASE in duty.proof.places and _NATIONAL_BASE not in looked)


def _values(evidence: Evidence, duty: Duty, datasets: tuple[InspectedDataset, ...]) -> dict[str, str]:
    return {
        "reason": _sentence(duty.reason),
        "missing": join_list([missing.name for missing in duty.missing_facts]) or "les faits que le texte demande",
        "event": duty.event.rstrip(" ."),
        "elsewhere": _sentence(duty.proof.elsewhere),
        "datasets": quoted([item.dataset.title or item.key for item in datasets]),
        "places": places(evidence),
        "date": french_date(evidence.on),
    }


def _sentence(text: str) -> str:
    return f"{text.rstrip(' .')}." if text.strip() else ""


def places(evidence: Evidence) -> str:
    """Return where we looked, as the user would recognise it: a place that could not be read is none."""
    read = [catalog for catalog in evidence.catalogs if catalog.complete or catalog.datasets]
    locations = sorted({plain(catalog.location) for catalog in read})
    return join_list([f"« {location} »" for location in locations]) or "aucun lieu"


def _seen(evidence: Evidence, kind: str, duty: Duty, datasets: tuple[InspectedDataset, ...]) -> str:
    if kind == "no_event":
        return f"Réponse déclarée : pas d'événement de ce genre ({duty.event.rstrip(' .')})."
    titles = quoted([item.dataset.title or item.key for item in datasets]) or "aucun"
    return f"Lieux examinés le {french_date(evidence.on)} : {places(evidence)}. Jeux de données retenus : {titles}."
