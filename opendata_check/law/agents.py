"""Compares a number of agents with a threshold: people and full-time equivalents bound each other, no more.

A full-time equivalent (ETP) counts two half-time agents for one, so there are never more ETP than people. The Insee
band counts people on one day of a past year: it can rule ETP out, presumably, and never prove them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from opendata_check.law.figures import Figures, exact_number
from opendata_check.law.reading import Passes, Reading, between
from opendata_check.law.rules import Law
from opendata_check.model.organization import HeadcountBand
from opendata_check.wording import french_date

_BAND_YEARS = 5
"""Years after which a headcount says nothing any more."""


def read_agents(fact: str, name: str, figures: Figures, on: date, passes: Passes, law: Law) -> Reading:
    """Return whether the number of agents passes, in ETP (``agents_etp``) or in people (``agents_effectif``).

    A band counts for the year it was taken and those after, five at most.
    """
    if figures.band is not None and not _still_counts(figures.band, on):
        figures = replace(figures, band=None)
    exact, stated = (
        (figures.agents_etp, figures.agents_stated_on)
        if fact == "agents_etp"
        else (figures.agents_effectif, figures.effectif_stated_on)
    )
    if exact is not None:
        return Reading(passes(exact), exact, detail=_declared(stated, law))
    return _etp_from_people(name, figures, passes, law) if fact == "agents_etp" else _people(name, figures, passes, law)


def _still_counts(band: HeadcountBand, on: date) -> bool:
    return band.year is None or band.year <= on.year <= band.year + _BAND_YEARS


def _declared(stated: date | None, law: Law) -> str:
    return law.say("agents", "declared_on", date=french_date(stated)) if stated else law.say("agents", "declared")


def _etp_from_people(name: str, figures: Figures, passes: Passes, law: Law) -> Reading:
    people = figures.agents_effectif
    if people is not None:
        verdict = between(0, people, passes)
        said = law.say("agents", "people", nombre=exact_number(people))
        if verdict is not None:
            return Reading(verdict, people, shown=law.template("agents", "at_most"), detail=said, notable=True)
        return Reading(None, missing=name, why=law.say("agents", "people_not_etp", nombre=exact_number(people)))
    band = figures.band
    if band is None:
        return Reading(None, missing=name)
    verdict = None if band.highest is None else between(0, band.highest, passes)
    if verdict is None or band.highest is None:
        return Reading(None, missing=name, why=law.say("agents", "band_not_etp", tranche=band_words(band, law)))
    detail = law.say("agents", "band_etp", tranche=band_words(band, law))
    shown = law.template("agents", "at_most") if band.highest else ""
    return Reading(verdict, band.highest, shown=shown, detail=detail, notable=True, presumed=True)


def _people(name: str, figures: Figures, passes: Passes, law: Law) -> Reading:
    etp = figures.agents_etp
    if etp is not None and between(math.ceil(etp), math.inf, passes) is not None:
        said = law.say("agents", "from_etp", nombre=exact_number(etp))
        value = math.ceil(etp)
        return Reading(passes(value), value, shown=law.template("agents", "at_least"), detail=said, notable=True)
    band = figures.band
    if band is None:
        why = "" if etp is None else law.say("agents", "etp_not_people", nombre=exact_number(etp))
        return Reading(None, missing=name, why=why)
    highest = math.inf if band.highest is None else band.highest
    verdict = between(band.lowest, highest, passes)
    words = band_words(band, law)
    if verdict is None:
        return Reading(None, missing=name, why=law.say("agents", "band_too_wide", tranche=words))
    many = verdict is passes(math.inf)
    value, key = (band.lowest, "at_least") if many else (int(highest), "at_most")
    shown = law.template("agents", key) if value else ""
    return Reading(
        verdict, value, shown=shown, detail=law.say("agents", "band", tranche=words), notable=True, presumed=True
    )


def band_words(band: HeadcountBand, law: Law) -> str:
    """Return « 20 à 49 salariés fin 2023 »."""
    key = "band_open" if band.highest is None else "band_none" if band.highest == 0 else "band_closed"
    highest = "" if band.highest is None else exact_number(band.highest)
    said = law.say("agents", key, bas=exact_number(band.lowest), haut=highest)
    return said if band.year is None else law.say("agents", "band_year", tranche=said, annee=str(band.year))
