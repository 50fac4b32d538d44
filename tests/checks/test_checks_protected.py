"""The checks of the protected axis: alarms above a confidence, questions under it, families of the decree told apart."""

from __future__ import annotations

from typing import Any

import pytest
from checks_building import evidence_of

from opendata_check.checks.loading import all_checks
from opendata_check.checks.persons import reasons
from opendata_check.checks.running import run_checks
from opendata_check.inspection.personal.watch import PersonalWatch
from opendata_check.inspection.personal_words import words
from opendata_check.model.finding import Axis, Finding, Outcome
from opendata_check.resources import load_yaml, rules_folder

PROTECTED = [check for check in all_checks() if check.rule.axis is Axis.PROTECTED]
KINDS = ("nir", "birth_date", "email", "phone", "person_name", "iban", "person_address", "named_in_text", "health", "social",
         "school", "owner", "home_place", "small_counts", "plate")  # fmt: skip


def findings(*hints: dict[str, Any], truncated: bool = False) -> list[Finding]:
    table = {"row_count": 9, "truncated": truncated}
    whole = [{"column": "a", "letter": "A", "count": 3, "rows": [[2, 4]], **hint} for hint in hints]
    facts = {"envelope": {"detected": "csv", "extension": "csv"}, "table": table, "personal": whole}
    return list(run_checks(PROTECTED, evidence_of({"file": {"name": "a.csv", "facts": facts}})))


def outcomes(*hints: dict[str, Any]) -> dict[str, Outcome]:
    return {finding.check: finding.outcome for finding in findings(*hints)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_hint_is_told_by_one_check(kind: str) -> None:
    raised = [f for f in findings({"kind": kind, "confidence": 0.95}) if f.outcome is not Outcome.COMPLIANT]
    assert len(raised) == 1
    assert raised[0].count == 3
    assert "colonne" in raised[0].message
    asks = {"named_in_text", "small_counts"}
    assert raised[0].outcome is (Outcome.UNVERIFIABLE if kind in asks else Outcome.NON_COMPLIANT)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"nir", "named_in_text", "small_counts"}))
def test_what_is_not_sure_is_a_question(kind: str) -> None:
    raised = [f for f in findings({"kind": kind, "confidence": 0.5}) if f.outcome is not Outcome.COMPLIANT]
    assert [f.outcome for f in raised] == [Outcome.UNVERIFIABLE]
    assert raised[0].message.startswith("À confirmer")
    assert raised[0].remedy


@pytest.mark.parametrize("family", [family.id for family in words().families])
def test_a_family_of_the_decree_raises_no_alarm_and_is_named(family: str) -> None:
    said = findings({"kind": "person_name", "public_family": family}, {"kind": "email", "public_family": family})
    assert {finding.outcome for finding in said} == {Outcome.COMPLIANT}
    label = load_yaml(rules_folder() / "personal_data.yaml")["families"][family]["label"]
    told = [finding for finding in said if label in finding.message]
    assert {finding.check for finding in told} == {"noms-de-personnes-absents", "coordonnees-personnelles-absentes"}


def test_an_alarm_beside_what_is_public_is_still_an_alarm() -> None:
    said = outcomes(
        {"kind": "person_name", "public_family": "elected_officials"}, {"kind": "phone", "column": "tel perso"}
    )
    assert said["coordonnees-personnelles-absentes"] is Outcome.NON_COMPLIANT
    assert said["noms-de-personnes-absents"] is Outcome.COMPLIANT


def test_names_beside_births_are_said_once() -> None:
    said = outcomes({"kind": "person_name"}, {"kind": "birth_date", "column": "b"})
    assert "noms-de-personnes-absents" not in said
    assert said["dates-de-naissance-absentes"] is Outcome.NON_COMPLIANT


def test_public_names_do_not_make_a_birth_date_heavier() -> None:
    (birth,) = [f for f in findings({"kind": "person_name", "public_family": "archives"}, {"kind": "birth_date", "column": "b"})
                if f.check == "dates-de-naissance-absentes"]  # fmt: skip
    assert birth.case == "alone"


def test_the_clue_is_told_in_words() -> None:
    for reason, clause in reasons().items():
        (raised,) = [f for f in findings({"kind": "email", "reason": reason}) if f.outcome is Outcome.NON_COMPLIANT]
        assert f"Indice : {clause}." in raised.message


def test_a_part_read_is_not_said_clear() -> None:
    assert {finding.outcome for finding in findings(truncated=True)} == {Outcome.UNVERIFIABLE}


def test_reasons_and_families_of_hints_exist() -> None:
    nine = load_yaml(rules_folder() / "personal_data.yaml")["families"]
    assert {family["item"] for family in nine.values()} == set(range(1, 10))
    assert PersonalWatch(["a"]).hints() == ()
