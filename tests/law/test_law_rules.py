"""The rules as data: every obligation, what it must say, and what must never be cited or written in code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import opendata_check.law
from opendata_check.law import obligations, scope
from opendata_check.law.loading import law
from opendata_check.law.references import conditions_of, leaf_tests
from opendata_check.law.rules import Obligation, Threshold
from opendata_check.model.legal import Applicability, Certainty
from opendata_check.model.organization import Organization, OrganizationKind, PopulationFigures
from opendata_check.resources import rules_folder

_EFFORTS = {"demi_heure", "demi_journee", "deux_jours", "demander_au_prestataire"}
_REPEALED = re.compile(r"L\.?\s*1112-23")
_BEYOND_THE_TABLE = {"sdirve", "contribution-enr"}
"""Rows that verified.md gives ready for the table."""


def test_every_line_of_the_law_table_is_a_rule(shared: Path) -> None:
    """But two that are no duties (decisions.md 7): an article to never cite, models that oblige nobody."""
    lines = (shared / "law" / "table.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = {line.split("\t")[0].split(" (")[0] for line in lines}
    assert set(law().by_id) == known - {"cgct-l1112-23", "scdl-*"} | _BEYOND_THE_TABLE


def test_rules_are_sorted_by_id() -> None:
    ids = [obligation.id for obligation in obligations()]
    assert ids == sorted(ids)
    assert len(ids) == 41


def test_the_repealed_article_is_cited_nowhere() -> None:
    files = sorted(rules_folder().rglob("*.yaml"))
    assert files
    for path in files:
        assert not _REPEALED.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("obligation", obligations(), ids=lambda obligation: obligation.id)
def test_an_obligation_says_all_a_report_needs(obligation: Obligation) -> None:
    for text in (obligation.what, obligation.where, obligation.authority, obligation.holder, obligation.frequency):
        assert text
    assert obligation.effort in _EFFORTS
    assert obligation.title[0].isupper() and not obligation.title.endswith(".")
    for source in obligation.sources:
        reference = source.reference
        assert reference.version or reference.copy or reference.certainty is Certainty.INTERPRETATION


@pytest.mark.parametrize("obligation", obligations(), ids=lambda obligation: obligation.id)
def test_a_step_whose_date_was_not_read_says_according_to_whom(obligation: Obligation) -> None:
    for part in obligation.parts:
        if part.certainty is Certainty.INTERPRETATION:
            assert "selon" in part.label or "lendemain" in part.label, part.label


@pytest.mark.parametrize("obligation", obligations(), ids=lambda obligation: obligation.id)
def test_a_rule_that_nobody_read_is_not_stated_as_text(obligation: Obligation) -> None:
    if obligation.certainty is Certainty.TEXT:
        assert any(source.reference.certainty is Certainty.TEXT for source in obligation.sources)


@pytest.mark.parametrize("obligation", obligations(), ids=lambda obligation: obligation.id)
def test_words_are_plain(obligation: Obligation) -> None:
    """users.md, 6.14 and 15: no threat, no blame, no English."""
    said = " ".join(
        (
            obligation.title,
            obligation.what,
            obligation.where,
            obligation.authority,
            obligation.sanction,
            obligation.note,
        )
    )
    for word in ("insuffisant", "en infraction", "doit impérativement", "dataset", "deadline", "compliance"):
        assert word not in said.lower()


@pytest.mark.parametrize("name", ["bal", "decp-marches", "rip"])
def test_a_legal_place_no_audit_sees_is_told(name: str) -> None:
    obligation = next(item for item in obligations() if item.id == name)
    assert obligation.proof.places[0] in {"national_base", "site"}
    assert "désigne" in obligation.proof.elsewhere


def test_opening_by_default_came_in_three_steps_of_the_law_itself() -> None:
    commune = Organization("Essai", OrganizationKind.COMMUNE, agents_etp=10)
    duty = next(item for item in scope(commune, date(2026, 11, 23)) if item.obligation == "diffusion-par-principe")
    assert [part.since for part in duty.parts] == [date(2017, 4, 7), date(2017, 10, 7), date(2018, 10, 7)]
    assert {part.certainty for part in duty.parts} == {Certainty.TEXT}


def test_thresholds_are_the_ones_of_the_texts() -> None:
    on = date(2026, 11, 23)
    values = {name: parameter.on(on) for name, parameter in law().parameters.items()}
    assert {name: dated.value for name, dated in values.items() if dated} == {
        "seuil-population-diffusion": 3500,
        "seuil-agents-diffusion": 50,
        "seuil-agents-algorithmes": 50,
        "seuil-population-subventions": 3500,
        "seuil-montant-subvention": 23000,
        "seuil-marches-decp": 40000,
        "seuil-marches-sans-concurrence": 25000,
        "seuil-population-bal": 2000,
        "seuil-population-prada": 10000,
        "seuil-agents-prada": 200,
        "seuil-population-actes": 3500,
        "seuil-population-budget": 3500,
        "seuil-population-budget-membre": 3500,
        "seuil-population-rob-personnel": 10000,
        "seuil-population-remunerations": 40000,
        "seuil-population-nominations": 40000,
        "seuil-emplois-nominations": 3,
        "seuil-population-egalite": 40000,
        "seuil-agents-egalite": 50,
        "seuil-vehicules-flotte": 20,
        "seuil-population-eau": 3500,
    }


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("seuil-marches-decp", date(2018, 9, 30), None),
        ("seuil-marches-decp", date(2018, 10, 1), 25000),
        ("seuil-marches-decp", date(2019, 12, 31), 25000),
        ("seuil-marches-decp", date(2020, 1, 1), 40000),
        ("seuil-population-remunerations", date(2019, 8, 7), None),
        ("seuil-population-remunerations", date(2023, 7, 20), 80000),
        ("seuil-population-remunerations", date(2023, 7, 21), 40000),
        ("seuil-population-diffusion", date(2016, 10, 8), None),
        ("seuil-population-diffusion", date(2016, 10, 9), 3500),
        ("seuil-agents-diffusion", date(2016, 12, 31), None),
        ("seuil-agents-diffusion", date(2017, 1, 1), 50),
    ],
)
def test_a_threshold_has_the_value_of_its_day(name: str, day: date, value: float | None) -> None:
    dated = law().parameters[name].on(day)
    assert (dated.value if dated else None) == value


def test_no_threshold_and_no_condition_and_no_fact_is_left_unused() -> None:
    tests = [test for item in law().by_id.values() for part in conditions_of(item) for test in leaf_tests(part)]
    events = [item.event for item in obligations() if item.event is not None]
    used = {test.comparison.parameter for test in tests if isinstance(test.comparison, Threshold)}
    assert set(law().parameters) == used | {event.parameter for event in events if event.parameter}
    facts = {test.fact for test in tests} | {event.fact for event in events} | {event.amount for event in events} - {""}
    assert set(law().facts) == facts
    written = " ".join(path.read_text(encoding="utf-8") for path in rules_folder().rglob("*.yaml"))
    for path in (rules_folder() / "conditions").glob("*.yaml"):
        assert f"use: {path.stem}" in written, path


def test_no_threshold_and_no_article_is_written_in_python() -> None:
    forbidden = re.compile(
        r"\b(3[ _]?500|50|23[ _]?000|40[ _]?000|2[ _]?000)\b|\b[LRD]\.?\s?\*?\d{3,4}-\d|2017-779|2023-767"
    )
    files = sorted(Path(opendata_check.law.__file__).parent.glob("*.py"))
    assert len(files) > 5
    for path in files:
        assert not forbidden.search(path.read_text(encoding="utf-8")), path


def test_the_documented_form_names_every_key() -> None:
    readme = (rules_folder() / "README.md").read_text(encoding="utf-8")
    from opendata_check.law import conditions, loading

    keys = {*loading.REQUIRED, *loading.OPTIONAL, *conditions._GROUPS, *conditions._CLAUSES, *conditions._COMMON}
    keys |= {*loading.PLACES, *loading.LEVELS, *loading.EVIDENCE, *conditions._COMPARISONS, *conditions.KINDS}
    for key in keys:
        assert f"`{key}" in readme, key


def test_overseas_where_own_rules_were_not_read_nothing_is_affirmed() -> None:
    noumea = Organization("Nouméa", OrganizationKind.COMMUNE, insee_code="98818", departement_code="988")
    duties = scope(noumea, date(2026, 11, 23))
    assert {duty.applicability for duty in duties} == {Applicability.UNKNOWN}
    assert all(duty.condition.result is None and not duty.condition.children for duty in duties)
    assert all("propres règles" in duty.reason and duty.since is None and not duty.parts for duty in duties)


def test_a_step_that_is_undecided_gives_no_date() -> None:
    """Which of the two address dates applied depends on the population of 2024, which we may not know."""
    figures = (PopulationFigures(2023, 2026, 103671, None, "Insee"),)
    nancy = Organization("Nancy", OrganizationKind.COMMUNE, populations=figures)
    (bal,) = [duty for duty in scope(nancy, date(2026, 11, 23)) if duty.obligation == "bal"]
    assert bal.since is None
    assert [part.since for part in bal.parts] == [date(2024, 1, 1), date(2024, 6, 1)]
