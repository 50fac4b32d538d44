"""Compares a population with a threshold: which vintage counts on a date, and which of its two figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from opendata_check.law.figures import exact_number
from opendata_check.law.reading import Passes, Reading, between
from opendata_check.law.rules import Law
from opendata_check.model.organization import EvidenceKind, PopulationFigures


@dataclass(frozen=True, slots=True)
class Question:
    """A comparison of a population with a threshold."""

    name: str
    """French name of the figure: « le nombre d'habitants »."""
    passes: Passes
    threshold: float
    totale_only: bool
    """True where the text says which figure counts (CGCT: the totale); False where it does not."""


@dataclass(frozen=True, slots=True)
class _Vintage:
    figures: PopulationFigures
    detail: str
    notable: bool


def read_population(populations: tuple[PopulationFigures, ...], on: date, asked: Question, law: Law) -> Reading:
    """Return whether the population in force on ``on`` passes a threshold. ``populations`` come newest first.

    The vintage:

    - the figures in force in the civil year of ``on``;
    - for the year after the newest vintage, that vintage, said to be the latest known; beyond, unknown;
    - before the oldest vintage, or in a year without figures, unknown, and the reason says so;
    - declared figures listed first come before all others, from their own year on and for every later year.

    Where the text does not say which figure counts, the two are compared one by one: both pass, True; neither, False;
    one of the two, unknown. Where it says the totale, the totale decides.
    When the vintage lacks a figure that is needed, the one it has may decide alone, since the totale is never below
    the municipale; else the newest vintage that has the other figure is looked at, each figure again compared by
    itself, and it decides when both agree. When no vintage has the other figure, the one we have decides, and the
    answer says so.
    """
    vintage = _vintage_in_force(populations, on, law)
    if vintage is None:
        return _no_vintage(populations, on, asked, law)
    municipale, totale = vintage.figures.municipale, vintage.figures.totale
    if totale is not None and asked.totale_only:
        return _totale(vintage, municipale, totale, asked, law)
    if municipale is not None and totale is not None:
        return _both_figures(vintage, municipale, totale, asked, law)
    return _one_figure(vintage, populations, asked, law)


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
    said = law.say("population", key, annee=str(item.in_force_year), source=item.source)
    return _Vintage(item, said, notable)


def _declared(items: list[PopulationFigures], law: Law) -> _Vintage:
    item = max(items, key=lambda item: item.in_force_year)
    return _Vintage(item, law.say("population", "declared", annee=str(item.in_force_year)), notable=True)


def _no_vintage(populations: tuple[PopulationFigures, ...], on: date, asked: Question, law: Law) -> Reading:
    if not populations:
        return Reading(None, missing=asked.name)
    return Reading(
        None,
        missing=law.say("population", "name_in_year", nom=asked.name, annee=str(on.year)),
        why=law.say("population", "no_vintage"),
    )


def _totale(vintage: _Vintage, municipale: int | None, totale: int, asked: Question, law: Law) -> Reading:
    """Return the answer of the totale; said when the municipale would have answered otherwise."""
    if municipale is None or asked.passes(municipale) is asked.passes(totale):
        return Reading(asked.passes(totale), totale, detail=vintage.detail, notable=vintage.notable)
    said = law.say("population", "totale_counts", municipale=exact_number(municipale), totale=exact_number(totale))
    return Reading(asked.passes(totale), totale, detail=f"{said} ; {vintage.detail}", notable=True)


def _both_figures(vintage: _Vintage, municipale: int, totale: int, asked: Question, law: Law) -> Reading:
    verdict = between(municipale, totale, asked.passes)
    if verdict is not None:
        return Reading(verdict, municipale, detail=vintage.detail, notable=vintage.notable)
    said = law.say(
        "population",
        "ambiguous",
        municipale=exact_number(municipale),
        totale=exact_number(totale),
        seuil=exact_number(asked.threshold),
    )
    return Reading(None, missing=law.say("population", "name_ambiguous"), why=said)


def _one_figure(vintage: _Vintage, populations: tuple[PopulationFigures, ...], asked: Question, law: Law) -> Reading:
    municipale, totale = vintage.figures.municipale, vintage.figures.totale
    has_municipale = municipale is not None
    value = municipale if municipale is not None else totale
    assert value is not None
    verdict = asked.passes(value)
    far_end = math.inf if has_municipale else 0.0
    if asked.passes(far_end) is verdict:  # wherever the missing figure lies, the answer is the same
        return Reading(verdict, value, detail=vintage.detail, notable=vintage.notable)
    others = [
        (item.in_force_year, other)
        for item in populations
        if (other := item.totale if has_municipale else item.municipale) is not None
    ]
    if not others:
        alone = law.say("population", "municipale_only" if has_municipale else "totale_only")
        return Reading(verdict, value, detail=f"{vintage.detail} ({alone})", notable=True)
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
    if asked.passes(other) is verdict:
        return Reading(verdict, value, detail=law.say("population", "other_year", **said), notable=True)
    key = "totale_unknown" if asked.totale_only else "ambiguous_other_year"
    why = law.say("population", key, seuil=exact_number(asked.threshold), **said)
    missing = law.say("population", "name_totale" if asked.totale_only else "name_ambiguous")
    return Reading(None, missing=missing, why=why)
