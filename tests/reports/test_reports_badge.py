"""The badge: a valid SVG that stands alone, says in words what it shows, and is legible."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
import report_samples as samples
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.report import AuditReport

SVG = "{http://www.w3.org/2000/svg}"


def badge(report: AuditReport) -> ElementTree.Element:
    return ElementTree.fromstring(reports.render(report, "badge"))


def texts(report: AuditReport) -> list[str | None]:
    return [element.text for element in badge(report).iter(f"{SVG}text")]


def scored(score: float | None) -> AuditReport:
    report = samples.bound_commune()
    return replace(report, scores=replace(report.scores, overall=score))


def luminance(color: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("score", "text"),
    [(58.4, "58 sur 100"), (99.9, "99 sur 100"), (100.0, "100 sur 100"), (0.0, "0 sur 100"), (None, "pas encore noté")],
)
def test_the_score_is_said_in_words_and_cut_downwards(score: float | None, text: str) -> None:
    assert texts(scored(score)) == ["données ouvertes", text]


def test_a_partial_audit_is_said() -> None:
    assert texts(samples.partial())[1] == "58 sur 100, examen partiel"
    assert texts(replace(scored(None), interrupted=True))[1] == "pas encore noté, examen partiel"


def test_it_has_a_role_a_name_and_a_title() -> None:
    root = badge(samples.bound_commune())
    title = root.find(f"{SVG}title")
    assert title is not None
    assert root.get("role") == "img"
    assert root.get("lang") == "fr"
    assert root.get("aria-label") == title.text
    assert title.text == (
        "Données ouvertes, Valombre-sur-Orle : 58 sur 100, au 23 novembre 2026. "
        "Note calculée sur 82 % des points à vérifier. Cette note suit des progrès. Elle ne classe personne."
    )


def test_nobody_has_no_name() -> None:
    report = replace(samples.bound_commune(), organization=None)
    assert badge(report).attrib["aria-label"].startswith("Données ouvertes : 58 sur 100, au 23 novembre 2026.")


def test_it_fetches_nothing_and_runs_nothing() -> None:
    elements = list(badge(samples.bound_commune()).iter())
    assert {element.tag.removeprefix(SVG) for element in elements} == {"svg", "title", "rect", "path", "g", "text"}
    assert not any("href" in name or name.startswith("on") for element in elements for name in element.attrib)
    assert "url(" not in reports.render(samples.bound_commune(), "badge")


def test_the_color_never_depends_on_the_score() -> None:
    low, high = (reports.render(scored(score), "badge") for score in (20.0, 90.0))
    assert low.replace("20 sur 100", "90 sur 100") == high


@pytest.mark.parametrize("score", [58.4, None])
def test_letters_stand_out(score: float | None) -> None:
    root = badge(scored(score))
    ink = luminance(next(root.iter(f"{SVG}g")).attrib["fill"])
    for shape in (*root.iter(f"{SVG}rect"), *root.iter(f"{SVG}path")):
        assert (ink + 0.05) / (luminance(shape.attrib["fill"]) + 0.05) >= 4.5


@pytest.mark.parametrize("name", samples.ALL)
def test_texts_stay_inside(name: str) -> None:
    root = badge(samples.ALL[name]())
    width = int(root.attrib["width"])
    first, second = root.iter(f"{SVG}text")
    end = int(first.attrib["x"]) + int(first.attrib["textLength"])
    assert end < int(second.attrib["x"])
    assert int(second.attrib["x"]) + int(second.attrib["textLength"]) < width <= 400
    assert root.attrib["viewBox"] == f"0 0 {width} {root.attrib['height']}"


@pytest.mark.parametrize("text", (*HOSTILE, '"><script>alert(1)</script>', "a\ufffeb"))
def test_hostile_names_are_text(text: str) -> None:
    root = badge(poisoned(text))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "rect", "path", "g", "text"}
    assert len(root.attrib["aria-label"]) < 400
