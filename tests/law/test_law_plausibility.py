"""Facts that contradict each other are said in a sentence, answers that no rule reads too, and nothing else is."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from opendata_check.law import with_doubts_noted
from opendata_check.law.loading import law
from opendata_check.law.plausibility import doubts, unread_answers
from opendata_check.model.organization import DeclaredFact, Organization, OrganizationKind, PopulationFigures
from opendata_check.territory.headcount import band

COMMUNE = Organization("Essai", OrganizationKind.COMMUNE)


def figures(municipale: int | None, totale: int | None = None) -> tuple[PopulationFigures, ...]:
    return (PopulationFigures(2023, 2026, municipale, totale, "Insee"),)


@pytest.mark.parametrize(
    ("agents", "inhabitants", "odd"),
    [(62.5, 62, True), (62, 62, False), (61, 62, False), (21, 20, True), (20, 10, False), (500, 0, False)],
)
def test_more_agents_than_inhabitants_is_odd_above_a_handful(agents: float, inhabitants: int, odd: bool) -> None:
    body = replace(COMMUNE, agents_etp=agents, populations=figures(inhabitants))
    assert bool(doubts(body, law())) is odd


def test_the_sentence_gives_both_numbers_and_asks_to_check() -> None:
    body = replace(COMMUNE, agents_effectif=6200, populations=figures(6100, 6150))
    (said,) = doubts(body, law())
    assert said == "Ces deux réponses se contredisent : 6\u202f200 agents pour 6\u202f150 habitants. Vérifiez-les."


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        (OrganizationKind.EPCI, True),
        (OrganizationKind.DEPARTEMENT, True),
        (OrganizationKind.CCAS, False),
        (OrganizationKind.SYNDICAT, False),
    ],
)
def test_a_body_without_inhabitants_of_its_own_is_not_compared_with_them(kind: OrganizationKind, odd: bool) -> None:
    assert bool(doubts(Organization("Essai", kind, agents_etp=300, populations=figures(200)), law())) is odd


def test_agents_are_compared_with_the_largest_figure_of_any_year() -> None:
    grown = replace(COMMUNE, agents_etp=150, populations=figures(100, 120) + figures(None, 160))
    assert doubts(grown, law()) == ()


@pytest.mark.parametrize(("etp", "people", "odd"), [(12.5, 12, True), (12, 12, False), (3, 0, True), (3, None, False)])
def test_there_are_never_more_etp_than_people(etp: float, people: int | None, odd: bool) -> None:
    said = doubts(replace(COMMUNE, agents_etp=etp, agents_effectif=people), law())
    assert bool(said) is odd
    assert not odd or "équivalents temps plein pour" in said[0]


@pytest.mark.parametrize(
    ("code", "etp", "odd"), [("12", 49.5, True), ("12", 49, False), ("00", 1, True), ("53", 90_000, False)]
)
def test_etp_above_the_band_of_people_are_odd(code: str, etp: float, odd: bool) -> None:
    said = doubts(replace(COMMUNE, agents_etp=etp, headcount_band=band(code)), law())
    assert bool(said) is odd
    assert not odd or said[0].startswith("L'Insee compte au plus")


def test_each_contradiction_has_its_own_sentence() -> None:
    body = replace(
        COMMUNE, agents_etp=300, agents_effectif=200, headcount_band=band("11"), populations=figures(100, 100)
    )
    assert len(set(doubts(body, law()))) == 3
    assert doubts(COMMUNE, law()) == ()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("site_internet", "oui", "on attend true (oui) ou false (non)"),
        ("site_internet", 1, "on attend true (oui) ou false (non)"),
        ("vehicules_du_parc", True, "on attend un nombre"),
        ("vehicules_du_parc", -1, "on attend un nombre"),
        ("vehicules_du_parc", math.nan, "on attend un nombre"),
        ("vehicules_du_parc", 1_000_001, "on attend un nombre"),
        ("type_de_syndicat", "mixte", "ce n'est pas l'un des choix"),
        ("type_de_syndicat", True, "ce n'est pas l'un des choix"),
        ("site_int", True, "Vouliez-vous écrire « site_internet » ?"),
        ("zzzz", True, "qu'aucune règle ne demande"),
        ("kind", "commune", "qu'aucune règle ne demande"),
    ],
)
def test_an_answer_that_no_rule_can_use_is_said(name: str, value: bool | float | str, said: str) -> None:
    (sentence,) = unread_answers(replace(COMMUNE, declared=(DeclaredFact(name, value),)), law())
    assert said in sentence and f"« {name} »" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("site_internet", False),
        ("vehicules_du_parc", 0),
        ("vehicules_du_parc", 1_000_000),
        ("vehicules_du_parc", 20.5),
        ("type_de_syndicat", "mixte_ouvert"),
    ],
)
def test_an_answer_of_its_type_is_read_in_silence(name: str, value: bool | float | str) -> None:
    assert unread_answers(replace(COMMUNE, declared=(DeclaredFact(name, value),)), law()) == ()


def test_the_name_of_an_answer_never_reaches_a_sentence_with_its_escapes() -> None:
    (said,) = unread_answers(replace(COMMUNE, declared=(DeclaredFact("\x1b[31m\u202e" + "x" * 500, True),)), law())
    assert said.isprintable() and len(said) < 250


def test_doubts_are_added_to_the_notes_after_those_already_there() -> None:
    body = replace(
        COMMUNE, agents_etp=13, agents_effectif=12, declared=(DeclaredFact("zzzz", True),), notes=("Ancien.",)
    )
    noted = with_doubts_noted(body)
    assert noted is not None
    assert noted.notes[0] == "Ancien." and len(noted.notes) == 3
    assert replace(noted, notes=body.notes) == body


def test_a_body_without_doubt_is_left_as_it_is() -> None:
    assert with_doubts_noted(COMMUNE) is COMMUNE
    assert with_doubts_noted(None) is None
