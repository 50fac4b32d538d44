"""Compares a population with a threshold: which vintage counts on a date, and what to do with its two figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from opendata_check.law.figures import exact_number
from opendata_check.law.rules import Law
from opendata_check.model.organization import EvidenceKind, PopulationFigures


@dataclass(frozen=True, slots=True)
class Reading:
    """What comparing one fact with its threshold gave."""

    holds: bool | None
    value: float | None = None
    """The figure to print."""
    detail: str = ""
    """French: which figure it is."""
    notable: bool = False
    """True when the reason must say the detail, not only the node."""
    missing: str = ""
    """French name of what is missing when ``holds`` is None."""
    why: str = ""
    """French: why it is missing, when there is more to say."""


@dataclass(frozen=True, slots=True)
class _Vintage:
    figures: PopulationFigures
    detail: str
    notable: bool


def read_population(
    populations: tuple[PopulationFigures, ...], on: date, passes: Callable[[float], bool], threshold: str, law: Law
) -> Reading:
    """Return whether the population in force on ``on`` passes a threshold.

    ``populations`` come newest first; ``passes`` compares one figure with the threshold, whose French form is
    ``threshold``. The vintage:

    - the figures in force in the civil year of ``on``;
    - for the year after the newest vintage, that vintage, said to be the latest known; beyond, unknown;
    - before the oldest vintage, or in a year without figures, unknown, and the reason says so;
    - declared figures listed first come before all others, from their own year on and for every later year.

    The two figures are compared one by one, since the texts without a definition do not say which counts, and the
    totale is never below the municipale: both pass, True; neither passes, False; one of the two, unknown.
    When the vintage lacks one figure, the one it has may decide alone (a municipale that passes, a totale that does
    not); else the newest vintage that has the other figure is looked at, each figure again compared by itself, and
    it decides when both agree. When no vintage has the other figure, the one we have decides, and the answer says so.
    """
    vintage = _vintage_in_force(populations, on, law)
    if vintage is None:
        return _no_vintage(populations, on, law)
    figures = vintage.figures
    if figures.municipale is not None and figures.totale is not None:
        return _both_figures(vintage, passes, threshold, law)
    return _one_figure(vintage, populations, passes, threshold, law)


def _vintage_in_force(populations: tuple[PopulationFigures, ...], on: date, law: Law) -> _Vintage | None:
    """Return the vintage that counts on ``on``, or None when we do not have it."""
    usable = [item for item in populations if item.municipale is not None or item.totale is not None]
    declared = [item for item in usable if item.evidence is EvidenceKind.DECLARED and item.in_force_year <= on.year]
    if declared and usable[0].evidence is EvidenceKind.DECLARED:
        return _declared(declared, law)
    observed = [item for item in usable if item.evidence is EvidenceKind.OBSERVED]
    for item in observed:
        if item.in_force_year == on.year:
            return _observed("in_force", item, notable=False, law=law)
    newest = max(observed, key=lambda item: item.in_force_year, default=None)
    if newest is not None and newest.in_force_year == on.year - 1:
        return _observed("latest_known", newest, notable=True, law=law)
    return _declared(declared, law) if declared else None


def _observed(key: str, item: PopulationFigures, *, notable: bool, law: Law) -> _Vintage:
    said = law.say("facts.population", key, annee=str(item.in_force_year), source=item.source)
    return _Vintage(item, said, notable)


def _declared(items: list[PopulationFigures], law: Law) -> _Vintage:
    item = max(items, key=lambda item: item.in_force_year)
    return _Vintage(item, law.say("facts.population", "declared", annee=str(item.in_force_year)), notable=True)


def _no_vintage(populations: tuple[PopulationFigures, ...], on: date, law: Law) -> Reading:
    if not populations:
        return Reading(None, missing=law.say("facts.population", "name"))
    return Reading(
        None,
        missing=law.say("facts.population", "name_in_year", annee=str(on.year)),
        why=law.say("facts.population", "no_vintage"),
    )


def _both_figures(vintage: _Vintage, passes: Callable[[float], bool], threshold: str, law: Law) -> Reading:
    municipale, totale = vintage.figures.municipale, vintage.figures.totale
    assert municipale is not None and totale is not None
    if passes(municipale) == passes(totale):
        return Reading(passes(municipale), municipale, vintage.detail, vintage.notable)
    said = law.say(
        "facts.population",
        "ambiguous",
        municipale=exact_number(municipale),
        totale=exact_number(totale),
        seuil=threshold,
    )
    return Reading(None, missing=law.say("facts.population", "name_ambiguous"), why=said)


def _one_figure(
    vintage: _Vintage,
    populations: tuple[PopulationFigures, ...],
    passes: Callable[[float], bool],
    threshold: str,
    law: Law,
) -> Reading:
    municipale, totale = vintage.figures.municipale, vintage.figures.totale
    has_municipale = municipale is not None
    value = municipale if municipale is not None else totale
    assert value is not None
    verdict = passes(value)
    if verdict == has_municipale:  # the missing figure, on the far side of this one, could not change the answer
        return Reading(verdict, value, vintage.detail, vintage.notable)
    others = [
        (item.in_force_year, other)
        for item in populations
        if (other := item.totale if has_municipale else item.municipale) is not None
    ]
    if not others:
        alone = law.say("facts.population", "municipale_only" if has_municipale else "totale_only")
        return Reading(verdict, value, f"{vintage.detail} ({alone})", notable=True)
    other_year, other = max(others)
    year = vintage.figures.in_force_year
    # each figure keeps its own year, whichever of the two the vintage in force has
    years = (year, other_year) if has_municipale else (other_year, year)
    pair = (value, other) if has_municipale else (other, value)
    said = {
        "annee": str(years[0]),
        "autre_annee": str(years[1]),
        "municipale": exact_number(pair[0]),
        "totale": exact_number(pair[1]),
    }
    if passes(other) == verdict:
        return Reading(verdict, value, law.say("facts.population", "other_year", **said), notable=True)
    why = law.say("facts.population", "ambiguous_other_year", seuil=threshold, **said)
    return Reading(None, missing=law.say("facts.population", "name_ambiguous"), why=why)
