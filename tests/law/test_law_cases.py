"""Runs the cases of tests/law/*.yaml and the examples of rules/obligations, which a lawyer can read and add to."""

from __future__ import annotations

from pathlib import Path

import pytest
from law_cases import KEYS, WORDS, Case, cases, differences

from opendata_check.law import scope
from opendata_check.law.examples import example_body
from opendata_check.law.loading import law
from opendata_check.law.rules import Example, Obligation

CASES = cases()
EXAMPLES = [(obligation, example) for obligation in law().obligations for example in obligation.examples]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['_file']}: {case['cas']}")
def test_case_a_lawyer_can_read(case: Case) -> None:
    assert set(case) - {"_file"} <= KEYS, f"clé inconnue dans le cas « {case['cas']} »"
    assert set(case["attendu"].values()) <= set(WORDS)
    assert differences(case) == []


def test_there_are_enough_cases_and_no_two_have_the_same_title() -> None:
    assert len(CASES) >= 150
    titles = [case["cas"] for case in CASES]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("obligation", "example"), EXAMPLES, ids=lambda item: getattr(item, "id", getattr(item, "title", ""))
)
def test_examples_of_a_rule_are_what_it_answers(obligation: Obligation, example: Example) -> None:
    duties = {duty.obligation: duty for duty in scope(example_body(example), example.on)}
    duty = duties[obligation.id]
    assert duty.applicability is example.status, duty.reason


@pytest.mark.parametrize("obligation", law().obligations, ids=lambda item: item.id)
def test_examples_stand_on_both_sides(obligation: Obligation) -> None:
    statuses = {example.status.value for example in obligation.examples}
    assert "applies" in statuses
    assert statuses & {"exempt", "not_in_force"}


def test_each_line_of_the_table_has_a_case_on_each_side(shared: Path) -> None:
    """Two rows are no duties (decisions.md 7), one is listed apart until its text is read."""
    rows = (shared / "law" / "table.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ids = {row.split("\t")[0].split(" (")[0] for row in rows} - {"cgct-l1112-23", "scdl-*"}
    seen: dict[str, set[str]] = {name: set() for name in ids}
    for case in CASES:
        for name, answer in case["attendu"].items():
            if name in seen:
                seen[name].add(answer)
    apart = {obligation.id for obligation in law().to_verify}
    for name in ids - apart:
        assert "concerné" in seen[name], name
        assert seen[name] & {"non concerné", "pas en vigueur"}, name
    assert apart == {"zfe"}
