"""An enemy's saved audit, given to « report »: each format is read again by a reader that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from functools import cache
from typing import Any

import icalendar
import openpyxl
import poisoned_audits as enemy
import pyoxigraph
import pytest
import rdflib
from lxml import etree, html
from markdown_it import MarkdownIt

from opendata_check import reports
from opendata_check.rereading import RereadingError, report_from

TEXTS = tuple(enemy.TEXTS)


@cache
def _document(name: str) -> dict[str, Any]:
    return enemy.with_texts(enemy.TEXTS[name])


@cache
def out(name: str, format_: str) -> bytes:
    return enemy.written(_document(name), format_)


@pytest.mark.parametrize("format_", reports.formats())
@pytest.mark.parametrize("number", enemy.NUMBERS)
def test_numbers_at_their_ends_are_shown_or_refused(number: float, format_: str) -> None:
    made = enemy.written(_numbers(number), format_)
    assert made and len(made) < 2_000_000


@cache
def _numbers(number: float) -> dict[str, Any]:
    return enemy.with_numbers(number)


@pytest.mark.parametrize("format_", reports.formats())
@pytest.mark.parametrize("day", enemy.DAYS)
def test_days_at_the_ends_of_the_calendar_are_shown(day: str, format_: str) -> None:
    assert enemy.written(_days(day), format_)


@cache
def _days(day: str) -> dict[str, Any]:
    return enemy.with_days(day)


@pytest.mark.parametrize("day", enemy.DAYS)
def test_agendas_stay_agendas_at_the_ends_of_the_calendar(day: str) -> None:
    calendar = icalendar.Calendar.from_ical(enemy.written(_days(day), "plan-ics"))
    events = calendar.walk("VEVENT")
    assert events and not [fault for event in events for fault in event.errors]
    assert all("DTEND" not in event or event["DTEND"].dt > event["DTSTART"].dt for event in events)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("scores", "overall"), 1e308, "0 à 100"),
        (("scores", "overall"), -1, "0 à 100"),
        (("scores", "confidence"), 1e308, "0 à 1"),
        (("scores", "axes", 0, "score"), 10**12, "0 à 100"),
        (("scores", "axes", 0, "confidence"), -0.5, "0 à 1"),
        (("findings", 0, "fingerprint"), "../../../x", "identifiant"),
        (("findings", 0, "fingerprint"), "", "identifiant"),
        (("findings", 0, "check"), "a b\"onclick='x'", "identifiant"),
        (("findings", 0, "obligation"), "</script>", "identifiant"),
        (("priorities", 0, "check"), "x" * 101, "identifiant"),
        (("duties", 0, "id"), "x y", "identifiant"),
    ],
)
def test_what_anchors_and_gauges_are_made_of_is_checked_when_read(
    path: tuple[str | int, ...], value: Any, expected: str
) -> None:
    document = enemy.honest()
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    with pytest.raises(RereadingError, match=expected):
        report_from(document)


def test_two_rules_cannot_bear_one_id() -> None:
    document = enemy.honest()
    document["duties"][1]["id"] = document["duties"][0]["id"]
    with pytest.raises(RereadingError, match="aucune autre règle"):
        report_from(document)


@pytest.mark.parametrize("delimiter", ["\ud800", "\x1b[2J", ";" * 5, "\n", "A" * 1_000_000])
def test_a_delimiter_is_one(delimiter: str) -> None:
    document = enemy.honest()
    document["datasets"][0]["files"][0] |= {"delimiter": delimiter, "row_count": 3, "read": True}
    with pytest.raises(RereadingError, match="séparateur"):
        report_from(document)


@pytest.mark.parametrize("name", TEXTS)
def test_pages_hold_no_tag_link_or_handler_of_the_enemy(name: str) -> None:
    page = html.fromstring(out(name, "html").decode("utf-8"))
    elements = [one for one in page.iter() if isinstance(one.tag, str)]
    assert sum(one.tag == "script" for one in elements) <= 1
    assert not [one.tag for one in elements if one.tag in {"img", "iframe", "object", "embed", "base", "use", "form"}]
    for one in elements:
        for key, value in one.attrib.items():
            assert not key.startswith("on")
            assert key not in {"href", "src", "action", "formaction"} or re.match(r"https?://|#", value)
    ids = Counter(one.get("id") for one in elements if one.get("id") is not None)
    assert not [key for key, count in ids.items() if count > 1 or not key or re.search(r"\s", key)]
    links = {one.get("href", "")[1:] for one in page.iter("a") if one.get("href", "").startswith("#")}
    assert links - {""} <= set(ids)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("format_", ["csv", "plan-csv"])
def test_no_cell_of_a_table_is_a_formula(name: str, format_: str) -> None:
    text = out(name, format_).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.strip()[:1] in "=+-@" and cell.strip() and not _is_number(cell)]


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(,\d+)?", cell) is not None


@pytest.mark.parametrize("name", TEXTS)
def test_a_workbook_holds_texts_only(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(out(name, "xlsx")))
    for sheet in book:
        for row in sheet.iter_rows():
            assert not [cell.coordinate for cell in row if cell.data_type in "fe" or cell.hyperlink]


@pytest.mark.parametrize("name", TEXTS)
def test_an_agenda_gains_no_line(name: str) -> None:
    raw = out(name, "plan-ics")
    calendar = icalendar.Calendar.from_ical(raw)
    assert {one.name for one in calendar.walk()} <= {"VCALENDAR", "VTODO", "VEVENT"}
    assert not [one for one in calendar.walk() if "ATTACH" in one or one.errors]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", TEXTS)
def test_a_graph_says_nothing_of_the_enemys_own(name: str) -> None:
    raw = out(name, "dqv")
    graph = rdflib.Graph().parse(data=raw.decode("utf-8"), format="turtle")
    assert len(list(pyoxigraph.parse(raw, format=pyoxigraph.RdfFormat.TURTLE))) >= len(graph) > 50
    assert rdflib.URIRef("urn:evil") not in {term for triple in graph for term in triple}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("format_", ["junit", "badge"])
def test_xml_is_well_formed_and_holds_nothing_active(name: str, format_: str) -> None:
    tree = etree.fromstring(out(name, format_), etree.XMLParser(resolve_entities=False))
    tags = {etree.QName(one).localname for one in tree.iter() if isinstance(one.tag, str)}
    assert not tags & {"script", "foreignObject", "use", "image", "a", "style"}
    assert not [key for one in tree.iter() for key in one.attrib if key.startswith("on") or key.endswith("href")]
    assert tree.getroottree().docinfo.internalDTD is None


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("format_", ["json", "sarif", "gitlab"])
def test_json_is_strict_json(name: str, format_: str) -> None:
    json.loads(out(name, format_), parse_constant=lambda text: pytest.fail(text))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("format_", ["markdown", "plan", "github-summary"])
def test_markdown_holds_no_tag_nor_link_of_the_enemy(name: str, format_: str) -> None:
    parsed = (
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(out(name, format_).decode())
    )
    tokens = [one for token in parsed for one in (token, *(token.children or ()))]
    tags = [one.content for one in tokens if one.type in {"html_inline", "html_block"}]
    assert not [tag for tag in tags if not re.fullmatch(r"\s*</?(details|summary|br)>.*\s*", tag)]
    assert not [one for one in tokens if one.type == "image"]
    links = [str(one.attrs["href"]) for one in tokens if one.type == "link_open"]
    assert all(link.startswith(("https://", "http://", "#")) for link in links)


@pytest.mark.parametrize("name", TEXTS)
def test_a_workflow_obeys_our_commands_only(name: str) -> None:
    lines = re.split(r"\r\n|\r|\n", out(name, "github").decode())
    commands = [line.lstrip() for line in lines if line.lstrip().startswith("::")]
    assert {re.split(r"[ :]", line[2:])[0] for line in commands} <= {"error", "warning", "notice", "group", "endgroup"}
    assert not [line for line in lines if "##[" in line and not line.startswith("::")]  # one command a line is obeyed


@pytest.mark.parametrize("name", TEXTS)
def test_a_screen_receives_no_control(name: str) -> None:
    text = out(name, "terminal").decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]", text)
    assert max(map(len, text.split("\n"))) <= 80


@pytest.mark.parametrize("format_", reports.formats())
def test_a_megabyte_in_each_text_makes_no_endless_report(format_: str) -> None:
    assert len(out("long", format_)) < 8_000_000
