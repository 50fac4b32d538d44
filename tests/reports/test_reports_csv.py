"""The CSV report, read back by Python's reader and by our own inspection: it must be what we ask of others."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import report_samples as samples
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.inspection import inspect
from opendata_check.model.content import Content
from opendata_check.model.finding import Location, Outcome

FORMULAS = ("=1+1", "+33 6", "-2", "@SUM(A1)", "\t=cmd|' /C calc'!A0", "＝1+1", '=HYPERLINK("http://x";"y")', "  =A1")


def lines(text: str) -> list[dict[str, str]]:
    assert text[0] == "\ufeff"
    return list(csv.DictReader(StringIO(text[1:], newline=""), delimiter=";", strict=True))


def test_one_line_a_finding_whatever_its_outcome() -> None:
    report = samples.bound_commune()
    found = lines(reports.render(report, "csv"))
    assert [line["Empreinte"] for line in found] == [finding.fingerprint for finding in report.findings]
    assert {line["Résultat"] for line in found} == {"bon", "à améliorer", "à confirmer", "non contrôlé"}


def test_a_line_says_where_what_and_why() -> None:
    found = lines(reports.render(samples.bound_commune(), "csv"))
    (line,) = [line for line in found if line["Colonne"] == "dateConvention"]
    assert line["Contrôle"] == "valeurs-conformes"
    assert line["Axe"] == "Exploitable"
    assert line["Gravité"]
    assert (line["Jeu de données"], line["Fichier"]) == ("Subventions 2025", "subventions-2025.csv")
    assert (line["Lettre"], line["Première ligne"], line["Nombre de lignes"]) == ("C", "4", "236")
    assert line["Constat"].startswith("236 lignes")
    assert line["Quoi faire"]
    assert "estimation" in line["Temps"]
    assert line["Date"] == "2026-11-23"
    assert line["Organisme"] == "Valombre-sur-Orle"


def test_other_places_are_counted_never_lost() -> None:
    places = tuple(Location(file=f"{n}.csv", rows=((n, n + 1),)) for n in range(1, 8))
    finding = replace(samples.finding("encodage-utf8", dataset="menus.csv"), locations=places, count=14)
    (line,) = lines(reports.render(replace(samples.bound_commune(), findings=(finding,)), "csv"))
    assert (line["Fichier"], line["Première ligne"], line["Nombre de lignes"]) == ("1.csv", "1", "2")
    assert line["Autres endroits"] == "6"


def test_it_is_written_for_excel_in_french() -> None:
    text = reports.render(samples.bound_commune(), "csv")
    assert text.encode("utf-8")[:3] == b"\xef\xbb\xbf"
    assert text.count("\n") == text.count("\r\n") == len(samples.bound_commune().findings) + 1
    head = text.split("\r\n", 1)[0]
    assert head.count(";") == 21
    titles = head[1:].split(";")
    assert len(set(titles)) == len(titles)
    assert all(titles)


def test_it_comes_in_pieces_when_it_is_long() -> None:
    report = samples.bound_commune()
    many = replace(report, findings=report.findings * 60)
    made = reports.rendered(many, "csv")
    assert not isinstance(made, str | bytes)
    pieces = list(made)
    assert len(pieces) > 4
    assert len(lines("".join(pieces))) == len(many.findings)


def test_a_report_without_a_finding_is_a_line_of_titles() -> None:
    assert lines(reports.render(samples.nobody(), "csv")) == []


@pytest.mark.parametrize("words", (*FORMULAS, *HOSTILE, 'a;"b"\r\nc', "a\x00b"))
def test_hostile_words_stay_in_their_cell_and_are_no_formula(words: str) -> None:
    report = poisoned(words)
    found = lines(reports.render(report, "csv"))
    assert len(found) == len(report.findings)
    assert {len(line) for line in found} == {22}
    for line in found:
        for cell in line.values():
            assert not re.match(r"\s*[=+\-@＝＋－＠]", cell)
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", cell)


@pytest.mark.parametrize("format_name", ["csv", "plan-csv"])
def test_our_own_inspection_finds_it_tidy(tmp_path: Path, format_name: str, program: Callable[..., object]) -> None:
    path = tmp_path / "constats.csv"
    path.write_bytes(reports.render(samples.bound_commune(), format_name).encode())
    facts = inspect(Content(path, path.name, path.stat().st_size, path.name))
    assert facts.text is not None
    assert (facts.text.encoding, facts.text.line_ending) == ("utf-8-sig", "crlf")
    assert facts.table is not None
    assert facts.table.dialect is not None
    assert (facts.table.dialect.delimiter, facts.table.header_row) == (";", 1)
    assert not facts.personal
    run = program("check", path)
    assert run.code == 0
    assert "bien formé" in run.out
    assert "VÉRIFIER" not in run.out


def test_dates_numbers_and_blanks_are_written_as_data() -> None:
    from opendata_check.reports.office.tables import Column, csv_pieces

    columns = (Column("date"), Column("rank"), Column("points"), Column("title"))
    text = "".join(csv_pieces(columns, [(date(2026, 1, 2), -3, 2.5, None)]))
    assert text == "\ufeffDate;Rang;Gain en points;Point contrôlé\r\n2026-01-02;-3;2,5;\r\n"


def test_unverifiable_findings_keep_their_remedy() -> None:
    report = samples.bound_commune()
    unsure = replace(report.findings[0], outcome=Outcome.UNVERIFIABLE, remedy="Dites-le.", effort="demi_heure")
    (line,) = lines(reports.render(replace(report, findings=(unsure,)), "csv"))
    assert (line["Quoi faire"], line["Temps"]) == ("Dites-le.", "une demi-heure (estimation)")
