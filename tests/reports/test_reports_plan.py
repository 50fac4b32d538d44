"""The plan of work: every action once, weeks proposed and never imposed, a table to fill in, a calendar that others read."""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
import report_samples as samples
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from markdown_it import MarkdownIt
from test_reports_csv import FORMULAS
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.legal import Applicability, DatedPart
from opendata_check.model.report import AuditReport
from opendata_check.reports.office.calendar import folded, written
from opendata_check.reports.office.plan import plan
from opendata_check.reports.office.rhythm import reminders
from opendata_check.resources import load_yaml, rules_folder


def rows(report: AuditReport) -> list[dict[str, str]]:
    text = reports.render(report, "plan-csv")
    return list(csv.DictReader(StringIO(text[1:], newline=""), delimiter=";", strict=True))


def calendar(report: AuditReport) -> Calendar:
    return Calendar.from_ical(reports.render(report, "plan-ics").encode())


def with_rhythm(frequency: str, modified: date | None) -> AuditReport:
    report = samples.bound_commune()
    first = report.datasets[0]
    data = replace(first.dataset, frequency=frequency, modified=modified)
    return replace(report, datasets=(replace(first, dataset=data),))


def with_date(day: date, answer: Applicability = Applicability.APPLIES) -> AuditReport:
    report = samples.bound_commune()
    part = DatedPart(day, "les communes de moins de 2 000 habitants, aussi")
    first = replace(report.duties[0], parts=(part,), applicability=answer)
    return replace(report, duties=(first, *report.duties[1:]))


# --- the plan itself ------------------------------------------------------------------------------------------------


def test_every_priority_is_one_step_in_its_order() -> None:
    report = samples.bound_commune()
    steps = plan(report).steps
    assert [step.priority for step in steps] == list(report.priorities)
    assert len({step.key for step in steps}) == len(steps)


def test_week_one_is_the_monday_after_the_audit() -> None:
    report = samples.bound_commune()
    assert plan(report).monday == date(2026, 11, 30)
    assert plan(replace(report, on=date(2026, 11, 29))).monday == date(2026, 11, 30)
    assert plan(replace(report, on=date(2026, 11, 30))).monday == date(2026, 12, 7)


def test_a_week_holds_half_a_day_and_two_days_take_four_weeks() -> None:
    one = samples.bound_commune().priorities[0]
    efforts = ("deux_jours", "demi_heure", "demi_journee", "demi_heure")
    made = tuple(replace(one, rank=n, effort=effort, blocker=False) for n, effort in enumerate(efforts, start=1))
    steps = plan(replace(samples.bound_commune(), priorities=made)).steps
    assert [(step.first_week, step.last_week) for step in steps] == [(1, 4), (5, 5), (6, 6), (5, 5)]


def test_what_is_urgent_and_what_is_asked_of_others_starts_at_once() -> None:
    one = samples.bound_commune().priorities[0]
    made = (
        replace(one, rank=1, effort="demi_journee", blocker=False),
        replace(one, rank=2, effort="demander_au_prestataire", blocker=False),
        replace(one, rank=3, effort="demi_journee", blocker=True),
    )
    steps = plan(replace(samples.bound_commune(), priorities=made)).steps
    assert [step.first_week for step in steps] == [1, 1, 1]


def test_keys_stay_when_the_day_and_the_other_actions_change() -> None:
    report = samples.bound_commune()
    before = {step.priority.check: step.key for step in plan(report).steps}
    later = plan(replace(report, on=date(2027, 3, 1), priorities=report.priorities[2:]))
    assert all(before[step.priority.check] == step.key for step in later.steps)


def test_a_date_to_come_is_told_only_when_a_text_gives_it() -> None:
    assert plan(samples.bound_commune()).dates == ()
    assert plan(with_date(date(2026, 1, 1))).dates == ()
    assert plan(with_date(date(2027, 1, 1), Applicability.EXEMPT)).dates == ()
    (one,) = plan(with_date(date(2027, 1, 1))).dates
    assert (one.day, one.what) == (date(2027, 1, 1), "les communes de moins de 2 000 habitants, aussi")
    assert one.articles


@pytest.mark.parametrize(
    ("frequency", "modified", "first", "months"),
    [
        ("annual", date(2026, 6, 1), date(2027, 6, 2), 12),
        ("quarterly", date(2026, 11, 1), date(2027, 2, 2), 3),
        ("monthly", date(2020, 1, 1), date(2026, 11, 30), 1),
        ("annual", None, date(2027, 11, 24), 12),
        ("monthly", date(2026, 10, 30), date(2026, 12, 1), 1),
    ],
)
def test_a_rhythm_gives_a_reminder(frequency: str, modified: date | None, first: date, months: int) -> None:
    (one,) = reminders(with_rhythm(frequency, modified), 10)
    expected = date(2026, 12, 1) if first.day > 28 else first
    assert (one.first, one.months, one.modified) == (expected, months, modified)


@pytest.mark.parametrize("frequency", ["daily", "weekly", "irregular", "unknown", "", "à chaque conseil"])
def test_no_rhythm_or_a_short_one_gives_no_reminder(frequency: str) -> None:
    report = with_rhythm(frequency, None)
    (item,) = report.datasets
    assert reminders(replace(report, datasets=(replace(item, matches=()),)), 10) == ()


# --- in Markdown ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", samples.ALL)
def test_the_page_tells_every_action_and_that_weeks_are_proposed(name: str) -> None:
    report = samples.ALL[name]()
    text = reports.render(report, "plan")
    for priority in report.priorities:
        assert f"### {priority.rank}. {priority.title}" in text
    assert ("aucun texte ne fixe ces dates" in text) == bool(report.priorities)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_each_action_says_who_how_long_and_which_article() -> None:
    text = reports.render(samples.bound_commune(), "plan")
    for label in ("Pourquoi", "Quoi faire", "Temps", "Qui l'a", "Logiciel", "Gain", "Article"):
        assert f"- **{label}**" in text
    assert "(estimation)" in text


def test_the_sentence_for_the_supplier_is_ready_to_send() -> None:
    report = samples.bound_commune()
    asked = replace(report.priorities[0], effort="demander_au_prestataire")
    text = reports.render(replace(report, priorities=(asked,)), "plan")
    assert "Pouvez-vous exporter" in text


def test_nothing_to_do_is_said_calmly() -> None:
    text = reports.render(samples.faultless_commune(), "plan")
    assert "Rien à corriger sur les points contrôlés" in text
    assert "Semaine" not in text


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_make_no_html_in_the_page(words: str) -> None:
    text = reports.render(poisoned(words), "plan")
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        assert not {child.type for child in token.children or ()} & {"html_inline", "image"}
        assert token.type != "html_block"


# --- in a table -----------------------------------------------------------------------------------------------------


def test_the_table_leaves_who_when_and_done_to_fill_in() -> None:
    report = samples.bound_commune()
    found = rows(report)
    assert list(found[0])[:3] == ["Qui", "Échéance", "Fait"]
    assert {(row["Qui"], row["Échéance"], row["Fait"]) for row in found} == {("", "", "")}
    assert [row["Quoi"] for row in found] == [priority.title for priority in report.priorities]
    assert {row["À partir du"] for row in found} >= {"2026-11-30"}


@pytest.mark.parametrize("words", (*FORMULAS, *HOSTILE))
def test_no_cell_of_the_table_is_a_formula(words: str) -> None:
    report = poisoned(words)
    first = replace(report.priorities[0], title=words, why=words, files=(words,), holder=words)
    for row in rows(replace(report, priorities=(first,))):
        assert not [cell for cell in row.values() if re.match(r"\s*[=+\-@＝＋－＠]", cell)]


# --- in a calendar --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", samples.ALL)
def test_the_calendar_is_read_by_another_program(name: str) -> None:
    report = samples.ALL[name]()
    read = calendar(report)
    assert not read.errors
    todos = read.walk("VTODO")
    assert [str(todo["SUMMARY"]) for todo in todos] == [priority.title for priority in report.priorities]
    for part in (*todos, *read.walk("VEVENT")):
        assert not part.errors
        assert part["DTSTAMP"].dt.date() == report.on
    uids = [str(part["UID"]) for part in (*todos, *read.walk("VEVENT"))]
    assert len(set(uids)) == len(uids)


def test_no_task_has_a_deadline_and_every_week_is_free_time() -> None:
    read = calendar(samples.bound_commune())
    assert not [todo for todo in read.walk("VTODO") if "DUE" in todo]
    weeks = read.walk("VEVENT")
    assert weeks
    assert {str(event["TRANSP"]) for event in weeks} == {"TRANSPARENT"}
    assert all(event["DTSTART"].dt.weekday() == 0 for event in weeks if "RRULE" not in event)
    assert "aucun texte ne fixe ces dates" in str(weeks[0]["DESCRIPTION"])


def test_every_action_is_listed_in_the_event_of_its_week() -> None:
    report = samples.bound_commune()
    told = " ".join(str(event["DESCRIPTION"]) for event in calendar(report).walk("VEVENT"))
    assert all(priority.title in told for priority in report.priorities)


def test_a_date_that_a_text_gives_is_an_event() -> None:
    events = calendar(with_date(date(2027, 1, 1))).walk("VEVENT")
    (event,) = [event for event in events if event["DTSTART"].dt == date(2027, 1, 1)]
    assert "Entrée en vigueur" in str(event["SUMMARY"])
    assert "CRPA" in str(event["DESCRIPTION"])


def test_a_rhythm_is_an_event_that_comes_back() -> None:
    events = calendar(with_rhythm("quarterly", date(2026, 11, 1))).walk("VEVENT")
    (event,) = [event for event in events if "RRULE" in event]
    assert event["RRULE"] == {"FREQ": ["MONTHLY"], "INTERVAL": [3]}
    assert str(event["SUMMARY"]) == "Rappel proposé, mettre à jour : Base adresse locale"


@pytest.mark.parametrize("words", (*HOSTILE, "a;b,c\\n\\;d", "BEGIN:VEVENT", "é" * 200, "\r\nATTENDEE:mailto:a@b.c"))
def test_lines_are_short_and_hostile_words_open_no_component(words: str) -> None:
    report = poisoned(words)
    first = replace(report.priorities[0], title=words, why=words, holder=words, files=(words,))
    report = replace(report, priorities=(first, *report.priorities[1:]))
    raw = reports.render(report, "plan-ics")
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    assert raw.count("\n") == raw.count("\r\n")
    read = Calendar.from_ical(raw.encode())
    assert len(read.walk("VTODO")) == len(report.priorities)
    assert not [part for part in read.walk() if "ATTENDEE" in part]
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x1b]", raw)


@given(st.text(max_size=300).filter(lambda text: "\r" not in text))
def test_texts_are_read_back_as_written(text: str) -> None:
    line = folded(f"SUMMARY:{written(text)}")
    assert all(len(piece.encode("utf-8", "surrogatepass")) <= 75 for piece in line.removesuffix("\r\n").split("\r\n"))
    unfolded = line.replace("\r\n ", "").removesuffix("\r\n").removeprefix("SUMMARY:")
    assert re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], unfolded, flags=re.DOTALL) == text


def test_a_calendar_always_holds_something() -> None:
    (event,) = calendar(samples.nobody()).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Données ouvertes : aucune action proposée"
    assert str(event["DESCRIPTION"])


def test_phrases_are_whole() -> None:
    """In YAML's braces a comma ends a value: a phrase cut there leaves a key without a text."""
    table = load_yaml(rules_folder() / "words.yaml")["office"]
    assert not [key for key, entry in table.items() if list(entry) != ["label"] or not isinstance(entry["label"], str)]


@pytest.mark.parametrize("format_name", ["plan", "plan-csv", "plan-ics"])
def test_the_same_report_gives_the_same_plan(format_name: str) -> None:
    assert reports.render(samples.partial(), format_name) == reports.render(samples.partial(), format_name)
