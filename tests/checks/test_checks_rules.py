"""Every rule has its function, every function its rule, and every example gives what it says."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from checks_building import case_of, evidence_of

import opendata_check.checks as checks_room
from opendata_check.checks import rules
from opendata_check.checks.interface import Rule
from opendata_check.checks.loading import all_checks, module_name
from opendata_check.checks.running import run_checks
from opendata_check.model.finding import Axis, Outcome

CHECKS = {check.rule.id: check for check in all_checks()}
EXAMPLES = [
    pytest.param(check, example, id=f"{check.rule.id} - {example['title']}")
    for check in CHECKS.values()
    for example in check.rule.examples
]
ROOM = Path(checks_room.__file__).parent
SHARED_CASES = {rule.id for rule in rules() if rule.axis is Axis.PUBLISHED}


def texts_of(rule: Rule) -> dict[str, str]:
    """Return every French text of a rule that a screen may show."""
    return {
        "title": rule.title,
        "action": rule.action,
        "why": rule.why,
        "remedy": rule.remedy,
        **{f"message {case}": text for case, text in rule.messages.items()},
        **{f"remedy {case}": text for case, text in rule.remedies.items()},
    }


TEXTS = [pytest.param(text, id=f"{rule.id} - {key}") for rule in rules() for key, text in texts_of(rule).items()]


def test_rules_and_functions_are_paired_one_to_one():
    functions = {
        f"opendata_check.checks.{axis}.{path.stem}"
        for axis in Axis
        for path in (ROOM / axis).glob("*.py")
        if path.stem != "__init__"
    }
    assert {module_name(rule) for rule in rules()} == functions


def test_there_are_at_least_25_checks_on_every_axis():
    assert len(rules()) >= 25
    assert {rule.axis for rule in rules()} == set(Axis)


def test_ids_are_unique():
    assert len({rule.id for rule in rules()}) == len(rules())


@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_example_gives_the_outcome_it_says(check, example):
    verdicts = list(check.decide(case_of(check.rule, example["facts"])))
    if example["outcome"] == "none":
        assert verdicts == []
        return
    assert len(verdicts) == 1
    verdict = verdicts[0]
    assert verdict.outcome == example["outcome"]
    assert (verdict.case or verdict.outcome.value) == example.get("case", example["outcome"])
    assert verdict.count == example.get("count", verdict.count)


@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_example_becomes_a_finding_whose_words_are_all_filled(check, example):
    for finding in run_checks([check], evidence_of(example["facts"])):
        assert finding.outcome.value == example["outcome"], finding.message
        assert finding.message
        assert finding.legal_basis
        assert finding.evidence
        shown = finding.message + finding.remedy
        assert "{" not in shown
        assert "  " not in shown
        assert not re.search(r"\.\.(?!\.)|\. \.|« »|\(\)|\w\(", shown), shown
        if finding.outcome in (Outcome.NON_COMPLIANT, Outcome.UNVERIFIABLE, Outcome.ERROR):
            assert finding.remedy


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_rule_shows_a_good_and_a_bad_example(rule):
    outcomes = [example["outcome"] for example in rule.examples]
    if "non_compliant" in outcomes:
        assert "compliant" in outcomes
    else:  # it only asks, and says nothing of what is in order
        assert {"none", "unverifiable"} <= set(outcomes)


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule.id not in SHARED_CASES], ids=lambda rule: rule.id)
def test_every_message_is_reached_by_an_example(rule):
    reached = {example.get("case", example["outcome"]) for example in rule.examples}
    assert set(rule.messages) <= reached


def test_duty_rules_have_the_same_cases_and_one_of_them_shows_them_all():
    shared = {rule.id: rule for rule in rules() if rule.id in SHARED_CASES}
    wanted = set(shared["subventions-publiees"].messages)
    assert {example.get("case") for example in shared["subventions-publiees"].examples} == wanted
    for rule in shared.values():
        assert set(rule.messages) == wanted
        assert set(rule.remedies) == set(shared["subventions-publiees"].remedies)


def test_duty_rules_only_use_the_values_the_shared_logic_gives():
    given = {"reason", "missing", "event", "elsewhere", "datasets", "places", "date"}
    for rule in rules():
        if rule.id in SHARED_CASES:
            for text in (*rule.messages.values(), *rule.remedies.values()):
                assert {name for _, name, _, _ in Formatter().parse(text) if name} <= given


@pytest.mark.parametrize("text", TEXTS)
def test_sentences_have_at_most_thirty_words(text):
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        words = [word for word in re.split(r"[\s'’]+", sentence) if re.search(r"\w", word)]
        assert len(words) <= 30, sentence


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_plain_french(text):
    folded = re.sub(r"\{\w+\}", "", text.casefold())
    for word in ("absent", "manquant", "insuffisant", "infraction", "violation", "dataset", "file ", "header", "data set",
                 "invalide", "métadonnée", "distribution", "parser", "warning", "checksum", "obligatoirement"):  # fmt: skip
        assert word not in folded, word


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_actions_are_imperatives_and_titles_are_statements(rule):
    assert re.match(r"[A-ZÉÀ][a-zéèêàû]+(ez|tes)\b", rule.action), rule.action
    assert not rule.title.endswith((".", "?", "!"))
    assert not rule.action.endswith(".")


def test_only_named_persons_and_an_empty_house_block():
    assert {rule.id: set(rule.blocker) for rule in rules() if rule.blocker} == {
        "jeux-publies": {"not_found"},
        "nir-absent": {"non_compliant"},
        "dates-de-naissance-absentes": {"with_names"},
    }
