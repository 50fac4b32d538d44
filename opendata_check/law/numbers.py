"""Reads any number a condition compares: population, agents, or a number the organization declared."""

from __future__ import annotations

from datetime import date

from opendata_check.law.agents import read_agents
from opendata_check.law.figures import Figures
from opendata_check.law.population import Question, read_population
from opendata_check.law.reading import Passes, Reading
from opendata_check.law.rules import Law

POPULATION, POPULATION_TOTALE, LARGEST_MEMBER = "population", "population_totale", "plus_grande_commune"
AGENTS = ("agents_etp", "agents_effectif")


def read_number(fact: str, passes: Passes, threshold: float, figures: Figures, on: date, law: Law) -> Reading:
    """Return whether ``fact`` passes a threshold on the day ``on``, or what is missing to say so."""
    assumed = figures.assumed.get(fact)
    if isinstance(assumed, int | float):
        return Reading(passes(assumed), assumed)
    name = law.facts[fact].name
    if fact in (POPULATION, POPULATION_TOTALE, LARGEST_MEMBER) and fact not in figures.numbers:
        known = figures.largest_member if fact == LARGEST_MEMBER else figures.populations
        asked = Question(name, passes, threshold, totale_only=fact != POPULATION)
        return read_population(known, on, asked, law)
    if fact in AGENTS:
        return read_agents(fact, name, figures, on, passes, law)
    number = figures.numbers.get(fact)
    if number is None:
        return Reading(None, missing=name)
    return Reading(passes(number), number, detail=law.say("reasons", "declared"))
