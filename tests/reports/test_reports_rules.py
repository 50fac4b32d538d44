"""The rules themselves, listed, shown and compared between two days: nothing lost on a screen or as JSON."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from test_reports_formats import HOSTILE

from opendata_check.law.cards import cards
from opendata_check.law.changes import changes
from opendata_check.law.loading import law
from opendata_check.model.legal import Applicability, Certainty
from opendata_check.model.organization import Organization, OrganizationKind, PopulationFigures
from opendata_check.model.rulebook import Change, RuleCard, RuleChanges
from opendata_check.reports.outline.phrases import say, sentence
from opendata_check.reports.payload import legal
from opendata_check.reports.rule_cards.cards import SCHEMA_VERSION, card, changed, listing
from opendata_check.wording import french_date, word

CARDS = cards(law())
READ_ON = date(2026, 11, 25)
SINCE, UNTIL = date(2016, 1, 1), date(2026, 11, 23)


def squeezed(text: str) -> str:
    """Return ``text`` without its spaces: a line may end anywhere in a word longer than it."""
    return "".join(text.split())


def parsed(text: str) -> dict[str, Any]:
    """Return what a JSON answer holds; its keys are sorted, its version is said, its French is not escaped."""
    content: dict[str, Any] = json.loads(text)
    assert text == json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert content.pop("schema_version") == SCHEMA_VERSION
    return content


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_list_gives_each_applied_rule_its_name_its_day_and_its_title(width: int) -> None:
    text = listing(CARDS, READ_ON, "terminal", width)
    assert max(map(len, text.splitlines())) <= width
    rows = squeezed(text)
    for item in CARDS:
        if not item.to_verify:
            assert f"{item.id} " in text and item.parts[0].since.strftime("%d/%m/%Y") in text
        else:
            assert squeezed(f"- {item.id} : {item.title}. {sentence(item.to_verify)}") in rows
    applied = [item for item in CARDS if not item.to_verify]
    wide = squeezed(listing(CARDS, READ_ON, "terminal", 300))
    for item in applied:
        assert squeezed(f"{item.id}{item.parts[0].since:%d/%m/%Y}{item.title}") in wide
    assert squeezed(say("rules_count", count=len(applied), day=french_date(READ_ON))) in wide


def test_a_local_rule_is_marked_in_the_list_and_on_its_card() -> None:
    own = replace(CARDS[0], local=True)
    assert f"{own.title} ({say('rules_local')})" in listing((own,), READ_ON, "terminal", 300)
    assert say("rules_local") not in listing(CARDS, READ_ON, "terminal", 300)
    assert squeezed(say("rules_own")) in squeezed(card(own, (), "terminal", 80))
    assert squeezed(say("rules_own")) not in squeezed(card(CARDS[0], (), "terminal", 80))
    assert say("scope_set_aside").upper() not in listing((own,), READ_ON, "terminal", 80)


def test_the_list_as_json_tells_what_identifies_each_rule() -> None:
    content = parsed(listing(CARDS, READ_ON, "json", 80))
    assert content["read_on"] == "2026-11-25"
    assert [item["id"] for item in content["rules"]] == [item.id for item in CARDS]
    for told, item in zip(content["rules"], CARDS, strict=True):
        assert told == {
            "id": item.id, "title": item.title, "since": item.parts[0].since.isoformat(), "level": item.level,
            "weight": item.weight, "confidence": item.certainty.value, "applied": not item.to_verify,
            "to_verify": item.to_verify, "local": item.local,
        }  # fmt: skip


@pytest.mark.parametrize("item", CARDS, ids=lambda item: item.id)
@pytest.mark.parametrize("width", [40, 80])
def test_a_card_says_all_that_is_known_of_the_rule(item: RuleCard, width: int) -> None:
    text = card(item, ("Un contrôle qui sert",), "terminal", width)
    assert max(map(len, text.splitlines())) <= width and text.endswith("\n") and "\n\n\n" not in text
    shown = squeezed(text)
    texts = [item.title, item.id, item.to_verify, item.what, item.event.rstrip(". "), item.where, item.format,
             item.licence, item.delay, item.frequency, item.authority, item.sanction, item.holder, item.software,
             item.note, item.doubt, item.earlier, item.elsewhere, word("efforts", item.effort), "Un contrôle qui sert",
             *(line for _, line in item.who), *(part.label for part in item.parts),
             *(french_date(part.until) for part in item.parts if part.until),
             *(reference.label.split(" (")[0] for reference in item.legal_basis)]  # fmt: skip
    for said in texts:
        assert squeezed(said).rstrip(".")[1:] in shown, said  # the first letter may be a capital
    for one in item.examples:
        answer = word("applicability", one.status, "short")
        told = squeezed(f"- {one.title}, le {french_date(one.on)} : {answer}.") in shown
        assert told is not bool(item.to_verify)  # a rule that is not applied answers nothing
    end = "rules_read" if item.certainty is Certainty.TEXT else "interpretation_alone"
    assert shown.endswith(squeezed(say(end)))


def test_the_condition_on_a_card_is_indented_by_its_depth() -> None:
    item = next(item for item in CARDS if item.id == "diffusion-par-principe")
    text = card(item, (), "terminal", 400)
    lines = text[text.index(say("rules_who").upper()) :].splitlines()[2:]
    for (depth, said), line in zip(item.who, lines, strict=False):
        assert line.startswith(f"{'  ' * depth}- ") and squeezed(line) == squeezed(f"-{said}")


@pytest.mark.parametrize("item", CARDS, ids=lambda item: item.id)
def test_a_card_as_json_loses_nothing(item: RuleCard) -> None:
    told = parsed(card(item, ("Contrôle",), "json", 80))["rule"]
    assert told["checks"] == ["Contrôle"]
    assert told["who"] == [{"depth": depth, "text": text} for depth, text in item.who]
    assert told["legal_basis"] == [legal.reference(cited) for cited in item.legal_basis]
    assert [(one["since"], one["until"], one["label"]) for one in told["parts"]] == [
        (part.since.isoformat(), part.until.isoformat() if part.until else None, part.label) for part in item.parts
    ]
    assert [(one["title"], one["body"], one["on"], one["status"]) for one in told["examples"]] == [
        (one.title, dict(one.body), one.on.isoformat(), one.status.value) for one in item.examples
    ]
    derived = {"who", "parts", "legal_basis", "examples", "certainty", "evidence", "schemas", "effort"}
    for field in fields(RuleCard):
        if field.name not in derived | {"holder", "software", "doubt"}:
            assert told[field.name] == getattr(item, field.name), field.name
    assert told["doubtful_exemption"] == item.doubt
    assert (told["evidence"], told["schemas"]) == (list(item.evidence), list(item.schemas))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_of_a_local_rule_put_no_escape_on_the_screen(text: str) -> None:
    first = CARDS[0]
    bad = replace(first, title=text, what=text, note=text, doubt=text, event=text, where=text, to_verify=text, elsewhere=text,
                  parts=(replace(first.parts[0], label=text),), examples=(replace(first.examples[0], title=text),),
                  legal_basis=(replace(first.legal_basis[0], article=text, copy=text),))  # fmt: skip
    for shown in (
        card(bad, (), "terminal", 80),
        card(bad, (), "json", 80),
        listing((bad,), READ_ON, "terminal", 80),
        listing((bad, replace(bad, to_verify="")), READ_ON, "json", 80),
    ):
        shown.encode("utf-8")
        assert not {unicodedata.category(sign) for sign in shown if sign != "\n"} & {"Cc", "Cf", "Cs", "Co"}


@pytest.mark.parametrize("width", [40, 80])
def test_every_change_is_told_with_its_rule_and_its_day(width: int) -> None:
    found = changes(law(), SINCE, UNTIL)
    text = changed(found, SINCE, UNTIL, "", "terminal", width)
    assert max(map(len, text.splitlines())) <= width and "\n\n\n" not in text
    shown = squeezed(text)
    assert shown.startswith(squeezed(say("changes_all", since=french_date(SINCE), until=french_date(UNTIL))))
    for item in found:
        told = "".join(f"- {french_date(change.on)}. {change.text}" for change in item.changes)
        assert squeezed(f"{item.title} ({item.obligation}){told}") in shown
    assert squeezed(say("changes_figures")) not in shown and squeezed(say("changes_none")) not in shown


CHANGE = Change(date(2023, 7, 21), "threshold", "Un seuil : 80 avant, 40 depuis.")


@pytest.mark.parametrize("before", Applicability)
@pytest.mark.parametrize("after", Applicability)
def test_a_body_is_told_its_answer_before_and_now_when_they_differ(before: Applicability, after: Applicability) -> None:
    found = (RuleChanges("bal", "Adresses", (CHANGE,), before, after),)
    shown = squeezed(changed(found, SINCE, UNTIL, "Valombre", "terminal", 80))
    said = say(
        "changes_answer",
        before=word("applicability", before, "short"),
        after=word("applicability", after, "short"),
    )
    assert (squeezed(said) in shown) is (before is not after)
    assert squeezed(say("changes_figures")) in shown and "pourValombre" in shown
    (told,) = parsed(changed(found, SINCE, UNTIL, "Valombre", "json", 80))["changes"]
    assert (told["before"], told["after"]) == (before.value, after.value)


def test_changes_as_json_tell_the_days_and_the_kind_of_each() -> None:
    figures = (PopulationFigures(2023, 2026, 50_000, 50_000, "Insee"),)
    body = Organization("Essai", OrganizationKind.COMMUNE, populations=figures, agents_etp=700)
    for organization in (None, body):
        found = changes(law(), SINCE, UNTIL, organization)
        content = parsed(changed(found, SINCE, UNTIL, "", "json", 80))
        assert (content["since"], content["until"]) == ("2016-01-01", "2026-11-23")
        for told, item in zip(content["changes"], found, strict=True):
            assert (told["id"], told["title"]) == (item.obligation, item.title)
            assert (told["before"], told["after"]) == (item.before, item.after)
            assert told["changes"] == [
                {"on": one.on.isoformat(), "kind": one.kind, "text": one.text} for one in item.changes
            ]


def test_when_nothing_changed_it_is_said() -> None:
    assert say("changes_none") in changed((), SINCE, UNTIL, "", "terminal", 80)
    assert parsed(changed((), SINCE, UNTIL, "", "json", 80))["changes"] == []


@pytest.mark.parametrize("width", [40, 50, 60, 80])
def test_the_list_fits_a_narrow_screen_too(width: int) -> None:
    text = listing(CARDS, READ_ON, "terminal", width)
    assert max(map(len, text.splitlines())) <= width
    assert all(item.id in text for item in CARDS)


def test_what_a_name_or_a_change_holds_cannot_drive_the_terminal() -> None:
    one = RuleChanges("x", "\x1b[31mtitre\u202e", (Change(SINCE, "begins", "\x1b]0;x\x07texte"),), None, None)
    for report_format in ("terminal", "json"):
        text = changed((one,), SINCE, UNTIL, "\x1b[31mVille\u202e", report_format, 80)
        assert not set("\x1b\x07\u202e") & set(text) and "\\u001b" not in text


def test_the_lines_of_a_condition_are_cleaned_too() -> None:
    item = replace(CARDS[0], who=((0, "commune\x1b[31m\u202e"), (1, "x")))
    assert not set("\x1b\u202e") & set(card(item, (), "terminal", 80))
