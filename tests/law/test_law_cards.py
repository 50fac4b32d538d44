"""The card of a rule says all that its file says: condition in words, thresholds with their dates, texts, examples."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from opendata_check.law.cards import card, cards
from opendata_check.law.figures import exact_number
from opendata_check.law.loading import law
from opendata_check.law.references import conditions_of, leaf_tests, others_of
from opendata_check.law.rules import Comparison as Compared
from opendata_check.law.rules import DatedValue, Group, Law, Obligation, OneOf, Parameter, Threshold
from opendata_check.law.rules import Test as Leaf
from opendata_check.model.legal import Certainty, LegalReference, NodeKind
from opendata_check.model.organization import OrganizationKind
from opendata_check.model.rulebook import RuleCard
from opendata_check.wording import word

OBLIGATIONS = tuple(law().by_id.values())
_DERIVED = {"event", "doubt", "who", "parts", "evidence", "elsewhere", "schemas", "examples", "legal_basis"}


def of(name: str, within: Law | None = None) -> RuleCard:
    chosen = within or law()
    return card(chosen, chosen.by_id[name])


def test_every_rule_has_its_card_applied_ones_first_each_group_sorted() -> None:
    found = cards(law())
    ids = [item.id for item in found]
    assert sorted(ids) == sorted(law().by_id) and len(ids) == len(set(ids))
    assert [bool(item.to_verify) for item in found] == sorted(bool(item.to_verify) for item in found)
    applied = [item.id for item in found if not item.to_verify]
    assert applied == sorted(applied) and ids[len(applied) :] == sorted(ids[len(applied) :])


@pytest.mark.parametrize("obligation", OBLIGATIONS, ids=lambda item: item.id)
def test_a_card_keeps_every_text_of_its_rule(obligation: Obligation) -> None:
    item = card(law(), obligation)
    for field in fields(RuleCard):
        if field.name not in {*_DERIVED, "certainty"}:
            assert getattr(item, field.name) == getattr(obligation, field.name), field.name
    assert item.certainty is obligation.certainty_on(law().read_on)
    assert item.legal_basis == tuple(source.reference for source in obligation.sources)
    assert [(part.since, part.label, part.certainty, part.until) for part in item.parts] == [
        (part.since, part.label, part.certainty, part.until) for part in obligation.parts
    ]
    proof = obligation.proof
    assert (item.evidence, item.elsewhere, item.schemas) == (proof.evidence, proof.elsewhere, proof.schemas)
    assert [(one.title, one.on, one.status) for one in item.examples] == [
        (one.title, one.on, one.status) for one in obligation.examples
    ]


@pytest.mark.parametrize("obligation", OBLIGATIONS, ids=lambda item: item.id)
def test_the_condition_is_told_node_by_node_from_the_top(obligation: Obligation) -> None:
    def shape(node: object, depth: int) -> list[tuple[int, str]]:
        children = node.children if isinstance(node, Group) else ()
        label = str(getattr(node, "label", ""))
        return [(depth, label), *(line for child in children for line in shape(child, depth + 1))]

    expected = shape(obligation.who, 0)
    told = card(law(), obligation).who
    assert [depth for depth, _ in told] == [depth for depth, _ in expected]
    for (_, line), (_, label) in zip(told, expected, strict=True):
        assert line.startswith(label) and "{" not in line and len(line) > len(label)


@pytest.mark.parametrize("obligation", OBLIGATIONS, ids=lambda item: item.id)
def test_every_kind_threshold_and_other_rule_of_a_condition_is_named(obligation: Obligation) -> None:
    said = " ".join(line for _, line in card(law(), obligation).who)
    for test in leaf_tests(obligation.who):
        if isinstance(test.comparison, Threshold):
            for dated in law().parameters[test.comparison.parameter].values:
                assert exact_number(dated.value) in said
        elif isinstance(test.comparison, OneOf):
            choices = law().facts[test.fact].choices
            for value in test.comparison.values:
                assert (choices.get(value) or word("kinds", value)) in said
    for name in others_of(replace(obligation, parts=())):
        assert f"(voir la règle « {name} »)" in said


def test_words_of_a_group_say_whether_all_or_one_is_needed() -> None:
    said = {line: depth for depth, line in of("diffusion-par-principe").who}
    assert said["aucune des deux dispenses ne joue (toutes ces conditions)"] == 0
    assert said["Assez d'habitants, ou pas de seuil d'habitants (l'une de ces conditions)"] == 1
    assert said["nombre d'agents en équivalent temps plein : au moins 50 agents"] == 1
    denied = replace(law().by_id["rip"], who=Group(NodeKind.NOT, "tout le reste", (law().by_id["bal"].who,)))
    assert card(law(), denied).who == (
        (0, "tout le reste (le contraire de cette condition)"), (1, "commune : commune"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("comparison", "said"),
    [
        (Compared.AT_LEAST, "au moins 3\u202f500 habitants"),
        (Compared.MORE_THAN, "plus de 3\u202f500 habitants"),
        (Compared.AT_MOST, "au plus 3\u202f500 habitants"),
        (Compared.LESS_THAN, "moins de 3\u202f500 habitants"),
    ],
)
def test_each_comparison_has_its_words(comparison: Compared, said: str) -> None:
    test = Leaf("habitants", "population", Threshold("seuil-population-diffusion", comparison))
    assert card(law(), replace(law().by_id["rip"], who=test)).who == ((0, f"habitants : {said}"),)


def test_a_threshold_that_changed_gives_each_value_with_its_date() -> None:
    values = "80\u202f000 (depuis le 8 août 2019) et 40\u202f000 (depuis le 21 juillet 2023)"
    assert (2, f"nombre d'habitants : plus de {values} habitants") in of("dix-remunerations").who


def test_a_threshold_said_again_by_a_newer_text_is_given_once() -> None:
    values = (DatedValue(date(2016, 1, 1), 777, LegalReference("A", "1")),
              DatedValue(date(2020, 1, 1), 777, LegalReference("B", "2")))  # fmt: skip
    name = "seuil-population-diffusion"
    parameters = {**law().parameters, name: Parameter(name, "t", "habitants", "habitant", values)}
    lines = [line for _, line in of("diffusion-par-principe", replace(law(), parameters=parameters)).who]
    assert "nombre d'habitants : au moins 777 habitants" in lines


def test_an_event_is_told_with_its_latest_threshold() -> None:
    assert of("decp-marches").event == "un marché de 40\u202f000 € hors taxes ou plus"
    assert of("inspire").event == law().by_id["inspire"].event.label  # type: ignore[union-attr]
    assert of("rip").event == ""


@pytest.mark.parametrize("obligation", OBLIGATIONS, ids=lambda item: item.id)
def test_the_body_of_an_example_is_told_as_names_and_values(obligation: Obligation) -> None:
    for told, example in zip(card(law(), obligation).examples, obligation.examples, strict=True):
        assert dict(told.body) == dict(example.body)


def test_a_yes_or_no_test_says_the_answer_expected() -> None:
    answers = {line for item in cards(law()) for _, line in item.who}
    assert "acheteur soumis au code de la commande publique : oui" in answers
    assert "affichage ou papier décidé par une délibération : non" in answers


def test_an_exemption_that_may_be_wrong_is_told_with_the_bodies_it_is_about() -> None:
    for obligation in OBLIGATIONS:
        told, doubt = card(law(), obligation).doubt, obligation.doubtful_exemption
        assert bool(told) is (doubt is not None)
        assert doubt is None or (
            told.endswith(f" : {doubt.note}") and all(word("kinds", k) in told for k in doubt.kinds)
        )


def test_a_rule_of_the_user_s_own_folder_is_marked() -> None:
    assert not any(item.local for item in cards(law()))
    assert card(law(), replace(law().by_id["rip"], local=True)).local


def test_conditions_of_the_steps_are_not_mixed_with_who_is_bound() -> None:
    assert len(list(conditions_of(law().by_id["bal"]))) == 2
    assert of("bal").who == ((0, "commune : commune"),)


def test_a_rule_whose_every_text_of_the_day_is_second_hand_is_an_interpretation_that_day() -> None:
    rob = law().by_id["budget-rob"]
    kinds = frozenset({OrganizationKind.COMMUNE})
    assert rob.certainty_on(date(2025, 12, 31), kinds) is Certainty.TEXT
    assert rob.certainty_on(date(2026, 1, 1), kinds) is Certainty.INTERPRETATION
