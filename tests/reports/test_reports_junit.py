"""JUnit XML: valid by the schema of Jenkins' xUnit plugin, read by two parsers, counted right, safe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import report_samples as samples
from lxml import etree
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.finding import Location, Outcome
from opendata_check.model.report import AuditReport
from opendata_check.reports.interface import Layout
from opendata_check.reports.junit import render

XSD = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "official" / "junit-10.xsd")))


def tree(report: AuditReport) -> ElementTree.Element:
    written = reports.render(report, "junit").encode()
    XSD.assertValid(etree.fromstring(written))
    return ElementTree.fromstring(written)


def cases(report: AuditReport) -> dict[tuple[str, str], ElementTree.Element]:
    found = [(case.get("classname") or "", case.get("name") or "", case) for case in tree(report).iter("testcase")]
    assert len({pair[:2] for pair in found}) == len(found)  # Jenkins keeps one test of those with the same name
    return {(classname, name): case for classname, name, case in found}


@pytest.mark.parametrize("name", samples.ALL)
def test_every_report_is_valid_by_the_schema_of_jenkins(name: str) -> None:
    assert tree(samples.ALL[name]()).tag == "testsuites"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_text(text: str) -> None:
    found = tree(poisoned(text))
    assert {element.tag for element in found.iter()} == {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped"
    }  # fmt: skip


def test_what_xml_cannot_hold_is_replaced_even_in_texts_that_nobody_cleaned() -> None:
    finding = samples.finding("jeu-decrit", dataset="menus.csv", message="a\x00b\x0bc\ufffe<&>\"'\ud83d")
    written = "".join(render(replace(samples.bound_commune(), findings=(finding,)), Layout()))
    read = ElementTree.fromstring(written.encode())
    failure = next(read.iter("failure"))
    assert failure.get("message") == "a\ufffdb c\ufffd<&>\"'\ufffd"  # a vertical tabulation is a space, on one line


@pytest.mark.parametrize("name", samples.ALL)
def test_totals_are_the_sums_of_what_is_there(name: str) -> None:
    found = tree(samples.ALL[name]())
    for suites in ([found], found.findall("testsuite")):
        for suite in suites:
            assert int(suite.get("tests") or 0) == len(list(suite.iter("testcase")))
            assert int(suite.get("failures") or 0) == len(list(suite.iter("failure")))
            assert int(suite.get("errors") or 0) == len(list(suite.iter("error")))
    for suite in found.findall("testsuite"):
        assert int(suite.get("skipped") or 0) == len(list(suite.iter("skipped")))


def test_suites_are_the_axes_in_order() -> None:
    names = [suite.get("name") for suite in tree(samples.bound_commune()).findall("testsuite")]
    assert names == ["Publié", "Accessible", "Exploitable", "Réutilisable", "À jour", "Protégé",
                     "Ce que nous n'avons pas pu voir"]  # fmt: skip


def test_a_fault_fails_with_what_to_do_where_and_by_which_model() -> None:
    found = cases(samples.bound_commune())
    failure = found["usable.valeurs-conformes", "examples/commune-exemple/subventions-2025.csv"].find("failure")
    assert failure is not None
    assert failure.get("type") == "major"
    assert (failure.get("message") or "").endswith("(et 1 de plus)")
    text = failure.text or ""
    assert "colonne C (dateConvention), lignes 4, 9 à 12, 15 et 230 autres" in text
    assert "Quoi faire : Corrigez ces cellules" in text
    assert "Modèle scdl/subventions, version 2.0.4." in text
    assert "[valeurs-conformes]" in text


def test_one_check_and_one_file_are_one_test_and_one_failure() -> None:
    found = cases(samples.bound_commune())
    case = found["protected.donnees-personnelles", "examples/commune-exemple/inscriptions-cantine.csv"]
    assert len(list(case)) == 1
    assert (case[0].text or "").count("[donnees-personnelles]") == 2


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ([Outcome.COMPLIANT], None),
        ([Outcome.COMPLIANT, Outcome.NOT_APPLICABLE], None),
        ([Outcome.NOT_APPLICABLE], "skipped"),
        ([Outcome.UNVERIFIABLE, Outcome.COMPLIANT], "skipped"),
        ([Outcome.ERROR, Outcome.UNVERIFIABLE], "error"),
        ([Outcome.ERROR, Outcome.NON_COMPLIANT, Outcome.COMPLIANT], "failure"),
    ],
)
def test_a_test_tells_the_gravest_of_its_findings(outcomes: list[Outcome], state: str | None) -> None:
    findings = tuple(samples.finding("jeu-decrit", outcome, dataset="menus.csv") for outcome in outcomes)
    (case,) = cases(replace(samples.bound_commune(), findings=findings, faults=())).values()
    assert [child.tag for child in case] == ([state] if state else [])


def test_two_datasets_with_the_same_file_name_are_two_tests() -> None:
    findings = tuple(
        replace(samples.finding("jeu-decrit", dataset="menus.csv"), dataset=key,
                locations=(Location(dataset=key, file="data.csv"),))
        for key in ("a", "b")
    )  # fmt: skip
    found = cases(replace(samples.bound_commune(), findings=findings, faults=()))
    assert [name for _, name in found] == ["examples/commune-exemple/data.csv", "examples/commune-exemple/data.csv (2)"]


def test_what_was_not_seen_is_an_error_for_a_place_and_skipped_for_a_file() -> None:
    found = cases(samples.partial())
    assert found["unseen.error", "1"].find("error") is not None
    skipped = found["unseen.skipped", "1"].find("skipped")
    assert skipped is not None
    assert "voies.shp est coupé" in (skipped.get("message") or "")


def test_tests_come_one_by_one() -> None:
    first = samples.finding("jeu-decrit", dataset="menus.csv")
    findings = tuple(
        replace(first, locations=(Location(dataset="menus.csv", file=f"{at:04}.csv"),)) for at in range(2_000)
    )
    made = reports.rendered(replace(samples.bound_commune(), findings=findings), "junit")
    assert not isinstance(made, str | bytes)
    sizes = [len(piece) for piece in made]
    assert len(sizes) > 2_000
    assert max(sizes) < 5_000


def test_the_same_findings_in_another_order_give_the_same_text() -> None:
    report = samples.bound_commune()
    shuffled = replace(report, findings=tuple(reversed(report.findings)))
    assert sorted(cases(report)) == sorted(cases(shuffled))
    assert [suite.attrib for suite in tree(report)] == [suite.attrib for suite in tree(shuffled)]
