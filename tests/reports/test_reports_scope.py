"""The answer to `scope` on a screen and as JSON: nothing lost, no line too long, nothing hostile, whatever the name."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_reports_formats import HOSTILE, MARKUP

from opendata_check.cli.bodies import Told, answer
from opendata_check.law.loading import law
from opendata_check.model.legal import Applicability, Certainty, Duty
from opendata_check.model.organization import DeclaredFact
from opendata_check.model.scope import OpenQuestion, ScopeAnswer, SetAside
from opendata_check.reports.interface import ReportError
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.payload import legal
from opendata_check.reports.scope import render_explanation, render_scope

ON = date(2026, 11, 23)
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/schemas/scope.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
TOLD = {
    "nancy": Told(name="54395"),
    "petite": Told(name="36114", agents="12"),
    "metropole": Told(name="245400676", agents="900"),
    "syndicat": Told(kind="syndicat", facts=("type_de_syndicat=mixte_ferme",)),
    "imaginee": Told(kind="commune", population="3600", agents="55"),
    "ecole": Told(kind="ecole"),
}
ANSWERS = {name: answer(told, ON, law()) for name, told in TOLD.items()}
ANSWERS["ancienne"] = answer(TOLD["nancy"], date(2017, 1, 1), law())
WIDTHS = [40, 80, 120]


def flat(text: str) -> str:
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Return ``text`` without its spaces: a line may end anywhere in a word longer than it."""
    return "".join(text.split())


def parsed(text: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(text)
    VALIDATOR.validate(content)
    return content


def doubted(duty: Duty) -> str:
    """Return the mark that stands after the title of a duty whose reading is ours."""
    return " *" if duty.certainty is Certainty.INTERPRETATION else ""


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_longer_than_the_screen_and_nothing_is_cut(name: str, width: int) -> None:
    text = render_scope(ANSWERS[name], "terminal", width=width, target="54395")
    assert max(map(len, text.splitlines())) <= width
    assert text.endswith("\n") and "\n\n\n" not in text
    shown = squeezed(text)
    reasons = {duty.reason for duty in ANSWERS[name].duties}
    for duty in ANSWERS[name].duties:
        if len(reasons) == 1:  # one answer for all is said once
            assert shown.count(squeezed(duty.reason)) == 2 and squeezed(duty.title) in shown
        elif duty.applicability.binds_not:
            assert squeezed(f"{duty.title}{doubted(duty)}. {duty.reason}") in shown
    for question in ANSWERS[name].questions:
        assert squeezed(f"{question.question} [{question.fact}]") in shown
    for item in (*ANSWERS[name].remarks, *(rule.title for rule in ANSWERS[name].set_aside)):
        assert squeezed(item) in shown


@pytest.mark.parametrize("name", ANSWERS)
def test_every_binding_duty_has_its_row_with_its_day_and_its_text(name: str) -> None:
    shown = flat(render_scope(ANSWERS[name], "terminal", width=400))
    for duty in ANSWERS[name].duties:
        if duty.applicability is Applicability.APPLIES:
            day = duty.since.strftime("%d/%m/%Y") if duty.since else say("scope_steps")
            assert re.search(rf"{re.escape(flat(duty.title))}( \*)? {re.escape(flat(day))} ", shown), duty.obligation


def test_a_binding_duty_whose_steps_are_undecided_says_so_instead_of_a_day() -> None:
    first = next(duty for duty in ANSWERS["nancy"].duties if duty.applicability is Applicability.APPLIES)
    shown = render_scope(replace(ANSWERS["nancy"], duties=(replace(first, since=None),)), "terminal", width=400)
    assert say("scope_steps") in shown and "/20" not in shown


@pytest.mark.parametrize(("said", "expected"), [("", "if_event"), ("oui", ""), ("non", "absent")])
def test_an_event_is_told_under_its_row_until_it_is_said_to_happen(said: str, expected: str) -> None:
    facts = (f"marches_plus_de_40000={said}",) if said else ()
    whole = answer(Told(kind="commune", facts=facts), ON, law())
    (duty,) = [duty for duty in whole.duties if duty.obligation == "decp-marches"]
    shown = flat(render_scope(replace(whole, duties=(duty,), questions=(), set_aside=()), "terminal"))
    assert (flat(say("if_event", event=duty.event)) in shown) is (expected == "if_event")
    assert ("Vous avez déclaré n'avoir aucun marché" in shown) is (expected == "absent")
    assert say("scope_set_aside").upper() not in shown and say("scope_events").upper() not in shown


def test_a_duty_that_no_answer_would_settle_is_told_with_its_reason() -> None:
    college = replace(answer(Told(kind="etablissement_enseignement"), ON, law()), questions=())
    shown = flat(render_scope(college, "terminal", width=400))
    assert shown.count(college.duties[0].reason) == 2  # once under the verdict, once for all of them
    for duty in college.duties:
        assert duty.applicability is Applicability.UNKNOWN and flat(duty.title) in shown
    one = replace(college.duties[0], reason="Une raison à elle seule.")
    apart = flat(render_scope(replace(college, duties=(one, *college.duties[1:])), "terminal", width=400))
    assert flat(f"- {one.title}{doubted(one)}. Une raison à elle seule.") in apart


@pytest.mark.parametrize("name", ANSWERS)
def test_the_document_is_the_answer_in_the_form_published(name: str) -> None:
    given_answer = ANSWERS[name]
    text = render_scope(given_answer, "json")
    content = parsed(text)
    assert content["duties"] == [legal.duty(duty) for duty in given_answer.duties]
    assert content["organization"] == legal.organization(given_answer.organization)
    assert (content["on"], content["remarks"]) == (given_answer.on.isoformat(), list(given_answer.remarks))
    assert [item["fact"] for item in content["open_questions"]] == [item.fact for item in given_answer.questions]
    assert [item["id"] for item in content["already_open"]] == [item.id for item in given_answer.already_open]
    assert [item["id"] for item in content["to_verify"]] == [item.id for item in given_answer.set_aside]
    assert text == json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert SCHEMA["$id"].endswith(f":{content['schema_version']}")


@pytest.mark.parametrize("report_format", ["html", "", "\x1b[31m"])
def test_another_format_is_refused_with_those_there_are(report_format: str) -> None:
    with pytest.raises(ReportError, match="Choisissez : terminal, json"):
        render_scope(ANSWERS["ecole"], report_format)


def poisoned(text: str) -> ScopeAnswer:
    """Return an answer with ``text`` wherever a file of answers, a reference or a local rule may put its own words."""
    whole = ANSWERS["nancy"]
    body = replace(whole.organization, name=text, departement_name=text, epci_name=text, notes=(text,),
                   declared=(DeclaredFact("x", text, note=text), DeclaredFact("y", float("nan"))),
                   populations=(replace(whole.organization.populations[0], source=text),))  # fmt: skip
    first = next(duty for duty in whole.duties if duty.obligation == "diffusion-par-principe")
    tree = replace(first.condition, label=text, children=(replace(first.condition.children[0], label=text),))
    bad = replace(first, title=text, reason=text, condition=tree, what=text, where=text, note=text, event=text,
                  what_if=tuple(replace(item, text=text, answer=text) for item in first.what_if),
                  legal_basis=(replace(first.legal_basis[0], article=text, version=text, copy=text),))  # fmt: skip
    return replace(
        whole, organization=body, duties=(bad, *whole.duties[1:]), remarks=(text,),
        questions=(OpenQuestion("x", text, text, (text,) * 6, bad.what_if),), set_aside=(SetAside("x", text, text),),
    )  # fmt: skip


def check_harmless(text: str) -> None:
    text.encode("utf-8")
    assert not {unicodedata.category(sign) for sign in text if sign != "\n"} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert not re.search(r"[\u0300-\u036f]{4}", text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [40, 80])
def test_a_hostile_name_never_puts_an_escape_on_the_screen(text: str, width: int) -> None:
    whole = poisoned(text)
    for shown in (
        render_scope(whole, "terminal", width=width, target="54395"),
        render_explanation(whole, "diffusion-par-principe", "terminal", width=width),
    ):
        check_harmless(shown)
        assert max(map(len, shown.splitlines())) <= width
    for document in (render_scope(whole, "json"), render_explanation(whole, "diffusion-par-principe", "json")):
        check_harmless(document)
        parsed(document)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_no_name_at_all_puts_a_control_character_on_the_screen(text: str) -> None:
    body = replace(ANSWERS["nancy"].organization, name=text, notes=(text,))
    whole = replace(ANSWERS["ecole"], organization=body, remarks=(text,), duties=ANSWERS["ecole"].duties[:1])
    check_harmless(render_scope(whole, "terminal", width=40))
    content = parsed(render_scope(whole, "json"))
    check_harmless(content["organization"]["name"] + content["remarks"][0])


def test_markup_is_printed_as_it_was_written() -> None:
    shown = render_scope(replace(ANSWERS["ecole"], remarks=(MARKUP,)), "terminal", width=120)
    assert MARKUP in shown


def test_the_commands_to_type_next_name_the_same_body() -> None:
    whole = ANSWERS["nancy"]
    shown = render_scope(whole, "terminal", target='"Nancy (54)" --agents 62', interview='"Nancy (54)"')
    assert 'opendata-check scope "Nancy (54)" --agents 62 --explain diffusion-par-principe' in flat(shown)
    assert 'opendata-check init "Nancy (54)"' in shown
    assert "opendata-check init" not in render_scope(whole, "terminal", target="--kind commune")
    assert "opendata-check" not in render_scope(whole, "terminal").split(say("scope_next").upper())[-1]


def test_an_interpretation_is_marked_and_the_mark_is_explained() -> None:
    shown = render_scope(ANSWERS["metropole"], "terminal")
    assert " *" in shown and flat(say("scope_doubt")) in flat(shown)
    certain = tuple(duty for duty in ANSWERS["metropole"].duties if not doubted(duty))
    plain = render_scope(replace(ANSWERS["metropole"], duties=certain), "terminal")
    assert certain and " *" not in plain and flat(say("scope_doubt")) not in flat(plain)
