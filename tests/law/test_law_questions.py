"""The questions left open: each asked once, in the order of the facts, with all that it would decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from opendata_check.law import scope
from opendata_check.law.hypothesis import imagined
from opendata_check.law.loading import law
from opendata_check.law.questions import open_questions, set_aside
from opendata_check.model.legal import Applicability, Duty, MissingFact
from opendata_check.model.organization import OrganizationKind
from opendata_check.model.scope import SetAside

ON = date(2026, 11, 23)
KINDS = [OrganizationKind.COMMUNE, OrganizationKind.SYNDICAT, OrganizationKind.SOCIETE_LOCALE, OrganizationKind.UNKNOWN]


def duties_of(kind: OrganizationKind, **facts: bool | float | str) -> tuple[Duty, ...]:
    return scope(imagined(kind, facts, ON), ON)


def one(duties: tuple[Duty, ...], name: str) -> Duty:
    return next(duty for duty in duties if duty.obligation == name)


@pytest.mark.parametrize("kind", KINDS)
def test_each_fact_is_asked_once_in_the_order_of_the_facts_with_its_own_words(kind: OrganizationKind) -> None:
    questions = open_questions(duties_of(kind))
    asked = [question.fact for question in questions]
    assert asked == [name for name in law().facts if name in asked] and asked
    for question in questions:
        fact = law().facts[question.fact]
        assert (question.question, question.help) == (fact.question, fact.help)


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_names_every_duty_it_decides_the_heaviest_first(kind: OrganizationKind) -> None:
    duties = duties_of(kind)
    weights = {duty.title: duty.weight for duty in duties}
    for question in open_questions(tuple(reversed(duties))):
        needing = {
            duty.title
            for duty in duties
            if any(missing.fact == question.fact for missing in duty.missing_facts)
            or (duty.event_fact == question.fact and duty.event_happened is None and not duty.applicability.binds_not)
        }
        assert len(question.duties) == len(set(question.duties))
        assert set(question.duties) == needing
        heaviness = [weights[title] for title in question.duties]
        assert heaviness == sorted(heaviness, reverse=True)


def test_what_would_follow_is_that_of_the_heaviest_duty_and_of_that_fact_alone() -> None:
    duties = duties_of(OrganizationKind.COMMUNE, population=5000.0, population_totale=5000.0)
    question = next(item for item in open_questions(duties) if item.fact == "agents_etp")
    assert question.what_if == one(duties, "diffusion-par-principe").what_if
    assert [answer.status for answer in question.what_if] == [Applicability.APPLIES, Applicability.EXEMPT]
    for question in open_questions(duties_of(OrganizationKind.SYNDICAT)):
        assert {answer.fact for answer in question.what_if} <= {question.fact}


def test_an_answered_question_is_not_asked_again() -> None:
    before = {question.fact for question in open_questions(duties_of(OrganizationKind.COMMUNE))}
    after = {question.fact for question in open_questions(duties_of(OrganizationKind.COMMUNE, exploite_dae=False))}
    assert before - after == {"exploite_dae"}


def test_an_event_is_asked_when_the_duty_binds_and_tells_nothing_more() -> None:
    duty = one(duties_of(OrganizationKind.COMMUNE), "decp-marches")
    assert duty.applicability is Applicability.APPLIES and duty.event_happened is None
    (question,) = open_questions((duty,))
    assert (question.fact, question.duties, question.what_if) == ("marches_plus_de_40000", (duty.title,), ())


@pytest.mark.parametrize("answer", [Applicability.EXEMPT, Applicability.NOT_IN_FORCE])
def test_the_event_of_a_duty_that_binds_nobody_is_not_asked(answer: Applicability) -> None:
    duty = one(duties_of(OrganizationKind.COMMUNE), "decp-marches")
    assert open_questions((replace(duty, applicability=answer),)) == ()


@pytest.mark.parametrize("happened", [True, False])
def test_an_event_that_was_answered_is_not_asked(happened: bool) -> None:
    duty = one(duties_of(OrganizationKind.COMMUNE, marches_plus_de_40000=happened), "decp-marches")
    assert open_questions((duty,)) == ()


def test_what_no_town_hall_can_supply_is_not_asked() -> None:
    duty = one(duties_of(OrganizationKind.COMMUNE), "decp-marches")
    unread = MissingFact("", "la valeur du seuil")
    undecided = replace(duty, applicability=Applicability.UNKNOWN, missing_facts=(unread,), event_happened=True)
    assert open_questions((undecided,)) == ()


def test_no_duty_leaves_no_question() -> None:
    assert open_questions(()) == ()


def test_rules_set_aside_are_those_whose_text_was_not_read_with_the_reason() -> None:
    assert set_aside() == tuple(SetAside(rule.id, rule.title, rule.to_verify) for rule in law().to_verify)
    assert [rule.id for rule in set_aside()] == ["zfe"]
    assert all(rule.why and rule.id not in {item.id for item in law().obligations} for rule in set_aside())
    assert set_aside(replace(law(), to_verify=())) == ()
