"""Facts typed for a body: how they are read, what they are laid over, and the body made of them alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.law import LawError, scope
from opendata_check.law.hypothesis import imagined, read_fact, with_facts
from opendata_check.law.loading import law
from opendata_check.law.rules import FactType
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)

ON = date(2026, 11, 23)
COMMUNE = OrganizationKind.COMMUNE
INSEE = PopulationFigures(2023, 2026, 3000, 3100, "Insee")


@pytest.mark.parametrize("text", ["oui", " OUI ", "o", "true", "vrai", "1", "yes"])
def test_yes_is_understood_however_it_is_typed(text: str) -> None:
    assert read_fact(law(), "site_internet", text, "--fact") is True


@pytest.mark.parametrize("text", ["non", "Non", "n", "false", "faux", "0", "no"])
def test_no_is_understood_however_it_is_typed(text: str) -> None:
    assert read_fact(law(), "site_internet", text, "--fact") is False


@pytest.mark.parametrize(
    ("text", "number"),
    [("6200", 6200), ("6 200", 6200), ("6\u202f200", 6200), ("6\u00a0200", 6200), ("49,5", 49.5), ("49.5", 49.5)],
)
def test_a_number_is_read_as_the_french_write_it(text: str, number: float) -> None:
    assert read_fact(law(), "agents_etp", text, "--fact") == number


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("site_internet", "peut-être", "Répondez oui ou non."),
        ("agents_etp", "beaucoup", "Donnez un nombre"),
        ("agents_etp", "-1", "Donnez un nombre"),
        ("agents_etp", "nan", "Donnez un nombre"),
        ("agents_etp", "inf", "Donnez un nombre"),
        ("emplois_fonctionnels", "1001", "Donnez un nombre"),
        ("type_de_syndicat", "mixte", "Valeurs possibles : communes, mixte_ferme, mixte_ouvert."),
    ],
)
def test_an_answer_of_another_type_is_refused_with_what_is_expected(name: str, text: str, remedy: str) -> None:
    with pytest.raises(LawError) as caught:
        read_fact(law(), name, text, "--fact")
    assert f"« {text} » ne répond pas à « {name} »" in str(caught.value)
    assert remedy in str(caught.value) and "--fact" in str(caught.value)


def test_the_largest_answer_that_makes_sense_is_taken() -> None:
    for fact in law().facts.values():
        if fact.type is FactType.NUMBER:
            assert read_fact(law(), fact.id, str(int(fact.highest)), "") == fact.highest
    assert read_fact(law(), "type_de_syndicat", " Mixte_Ferme ", "") == "mixte_ferme"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("site_int", "Noms proches : site_internet."),
        ("zzzz", "Leurs noms sont entre crochets"),
        ("kind", "« kind » n'est pas un fait connu"),
    ],
)
def test_an_unknown_fact_is_refused_with_the_names_close_to_it(name: str, said: str) -> None:
    with pytest.raises(LawError) as caught:
        read_fact(law(), name, "oui", "--fact")
    assert said in str(caught.value)
    assert "kind," not in str(caught.value)


@given(st.sampled_from([*law().facts, "\x1b[31minconnu", "\u202e"]), st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_one_printable_line(name: str, text: str) -> None:
    try:
        value = read_fact(law(), name, text, "--fact")
    except LawError as error:
        assert str(error).isprintable()
    else:
        fact = law().facts[name]
        expected = {FactType.BOOLEAN: bool, FactType.NUMBER: float, FactType.CHOICE: str}[fact.type]
        assert type(value) is expected


def test_figures_supposed_stand_alone_for_the_year_of_the_day() -> None:
    known = Organization("Essai", COMMUNE, populations=(INSEE,))
    figures = with_facts(known, {"population": 3600.0, "population_totale": 3650.0}, ON, "dit ici").populations
    assert figures == (PopulationFigures(2023, 2026, 3600, 3650, "dit ici", EvidenceKind.DECLARED),)


@pytest.mark.parametrize(("name", "pair"), [("population", (3600, None)), ("population_totale", (None, 3600))])
def test_one_figure_alone_does_not_make_the_other_up(name: str, pair: tuple[int | None, int | None]) -> None:
    (figures,) = imagined(COMMUNE, {name: 3600.0}, ON).populations
    assert (figures.municipale, figures.totale) == pair


def test_agents_are_stated_on_the_day_and_those_unsaid_are_kept() -> None:
    known = Organization("Essai", COMMUNE, agents_effectif=80, agents_effectif_stated_on=date(2025, 1, 1))
    told = with_facts(known, {"agents_etp": 55.5}, ON)
    assert (told.agents_etp, told.agents_etp_stated_on) == (55.5, ON)
    assert (told.agents_effectif, told.agents_effectif_stated_on) == (80, date(2025, 1, 1))
    both = with_facts(told, {"agents_effectif": 62.0}, ON)
    assert (both.agents_etp, both.agents_effectif, both.agents_effectif_stated_on) == (55.5, 62, ON)
    assert isinstance(both.agents_effectif, int)


def test_an_answer_replaces_the_one_of_the_same_name_and_no_other() -> None:
    old, other = DeclaredFact("site_internet", False, note="avant"), DeclaredFact("exploite_dae", True)
    told = with_facts(Organization("Essai", COMMUNE, declared=(old, other)), {"site_internet": True}, ON)
    assert told.declared == (other, DeclaredFact("site_internet", True, ON))


def test_nothing_told_changes_nothing() -> None:
    known = Organization("Essai", COMMUNE, populations=(INSEE,), agents_etp=12, declared=(DeclaredFact("a", 1),))
    assert with_facts(known, {}, ON) == known


def test_a_yes_is_no_number_of_anything() -> None:
    body = imagined(COMMUNE, {"population": True, "agents_etp": True}, ON)
    assert (body.populations, body.agents_etp, body.declared) == ((), None, ())


def test_a_body_made_of_facts_has_no_name_and_no_number_of_its_own() -> None:
    body = imagined(COMMUNE, {"population": 3600.0}, ON)
    assert (body.kind, body.name, body.insee_code, body.siren) == (COMMUNE, "", None, None)
    assert imagined(COMMUNE, {}, ON, name="Essai").name == "Essai"


@pytest.mark.parametrize(
    ("inhabitants", "agents", "answer"),
    [(3500.0, 50.0, "applies"), (3499.0, 55.0, "exempt"), (3600.0, 49.9, "exempt")],
)
def test_what_was_told_decides_as_if_it_were_known(inhabitants: float, agents: float, answer: str) -> None:
    facts = {"population": inhabitants, "population_totale": inhabitants, "agents_etp": agents}
    known = Organization("Essai", COMMUNE, populations=(INSEE,), agents_etp=400)
    for body in (imagined(COMMUNE, facts, ON), with_facts(known, facts, ON)):
        duties = {duty.obligation: duty for duty in scope(body, ON)}
        assert duties["diffusion-par-principe"].applicability is Applicability(answer)
