"""The three forms of a check's answer, from values made by hand: nothing lost, nothing hostile, limits told, bytes stable."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.model.check import CellError, ErrorGroup, FileCheck, FileFacts, HeaderFacts, Snippet
from opendata_check.model.schema import SchemaMatch, TableSchema
from opendata_check.reports.check import FORMATS, pieces
from opendata_check.reports.interface import Layout

CONTRACT = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).resolve().parents[2] / "docs/schemas/check.schema.json").read_text(encoding="utf-8"))
)
FACTS = FileFacts("bancs.csv", "csv", 1_234, "utf-8", ";", "lf", 1)
MATCH = SchemaMatch(TableSchema("ville/bancs", "1.0.0", "Bancs publics", ()), 0.87, "header")
ERROR = CellError(3, 4, "pose", "type-error", "31/01/2024", "La colonne B (pose) n'est pas une date")
GROUP = ErrorGroup(
    "type-error", "type", "error", "pose", "B", 2, ((3, 3), (7, 9)), "2 lignes : la colonne B (pose) n'est pas une date",
    value="31/01/2024", expected="2024-01-31",
)  # fmt: skip


def check(*errors: CellError, groups: tuple[ErrorGroup, ...] = (GROUP,), **changes: Any) -> FileCheck:
    return replace(
        FileCheck(FACTS, MATCH, rows=10, groups=groups, count=len(errors), errors=lambda: iter(errors)), **changes
    )


def text(answer: FileCheck, form: str, limit: int | None = None, layout: Layout | None = None) -> str:
    return "".join(pieces(answer, form, layout or Layout(), limit))


def said(answer: FileCheck, limit: int | None = None) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text(answer, "json", limit))
    CONTRACT.validate(value)
    return value


def rows(answer: FileCheck, limit: int | None = None) -> list[list[str]]:
    written = text(answer, "csv", limit)
    assert written.startswith("\ufeff")
    assert written.endswith("\r\n")
    return list(csv.reader(io.StringIO(written[1:], newline=""), delimiter=";"))


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_the_json_holds_all_that_was_found() -> None:
    answer = said(check(ERROR, replace(ERROR, row=None, line=None, part="stops.txt", level="warning")))
    assert answer["errors"] == [
        {
            "row": 3,
            "line": 4,
            "field": "pose",
            "type": "type-error",
            "value": "31/01/2024",
            "message": "La colonne B (pose) n'est pas une date",
            "level": "error",
        },
        {
            "row": None,
            "line": None,
            "field": "pose",
            "type": "type-error",
            "value": "31/01/2024",
            "message": "La colonne B (pose) n'est pas une date",
            "level": "warning",
            "part": "stops.txt",
        },
    ]
    (group,) = answer["groups"]
    assert (group["column"], group["count"], group["lines"]) == ("B", 2, [[3, 3], [7, 9]])
    assert (group["value"], group["expected"]) == ("31/01/2024", "2024-01-31")
    assert answer["schema"] == {
        "id": "ville/bancs",
        "version": "1.0.0",
        "title": "Bancs publics",
        "confidence": 0.87,
        "by": "header",
    }
    assert (answer["valid"], answer["rows"], answer["error_count"], answer["limit"]) == (False, 10, 2, None)


def test_the_json_tells_the_header() -> None:
    header = HeaderFacts(("a",), ("b",), ("c",), (("D", "d"),), ("e",), ("F",), True)
    assert said(check(header=header))["header"] == {
        "missing": ["a"],
        "absent_optional": ["b"],
        "extra": ["c"],
        "misspelt": [{"written": "D", "expected": "d"}],
        "duplicate": ["e"],
        "blank": ["F"],
        "reordered": True,
    }


def test_an_incomplete_check_without_fault_is_not_valid() -> None:
    answer = said(check(groups=(), complete=False, note="Le reste n'a pas été lu."))
    assert (answer["valid"], answer["complete"], answer["note"]) == (False, False, "Le reste n'a pas été lu.")
    assert "n'a pas pu être contrôlé en entier" in text(check(groups=(), complete=False, note="x"), "terminal")


def test_a_million_faults_are_written_without_being_held() -> None:
    def endless() -> Iterator[CellError]:
        return itertools.repeat(ERROR)

    answer = replace(check(), errors=endless, count=10**9)
    for form in ("json", "csv"):
        assert sum(1 for _ in itertools.islice(pieces(answer, form, Layout(), None), 50)) == 50


@pytest.mark.parametrize("limit", [None, 0, 1, 499, 500, 501, 1_200, 5_000])
def test_every_fault_is_written_up_to_the_limit_and_the_rest_is_told(limit: int | None) -> None:
    errors = [replace(ERROR, row=n, line=n, value=str(n)) for n in range(2, 1_203)]
    shown = len(errors) if limit is None else min(limit, len(errors))
    answer = said(check(*errors), limit)
    assert [error["value"] for error in answer["errors"]] == [error.value for error in errors[:shown]]
    assert (answer["error_count"], answer["errors_shown"], answer["limit"]) == (1_201, shown, limit)
    table = rows(check(*errors), limit)[1:]
    assert [row[6] for row in table[:shown]] == [error.value for error in errors[:shown]]
    left = len(errors) - shown
    assert len(table) == shown + bool(left)
    assert not left or table[-1][7].startswith(f"{left} autre")


# --- the table for spreadsheets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-x", "'-x"),
        ("=1", "'=1"),
        ("\t=1", "' =1"),
        ("＝1", "'＝1"),
        ("-12", "-12"),
        ("+12,5", "+12,5"),
        ("-0.5", "-0.5"),
        ("a;b", "a;b"),
        ('a"b', 'a"b'),
        ("a\nb", "a b"),
        (" x ", " x "),
        ("", ""),
    ],
)
def test_a_cell_is_never_a_formula(cell: str, written: str) -> None:
    assert rows(check(replace(ERROR, value=cell)))[1][6] == written
    assert rows(check(replace(ERROR, field=cell)))[1][3] == written


def test_levels_are_french_in_the_table() -> None:
    levels = [replace(ERROR, level=level) for level in ("error", "warning", "note")]
    assert [row[4] for row in rows(check(*levels))[1:]] == ["erreur", "avertissement", "remarque"]


# --- the screen -----------------------------------------------------------------------------------------------------


def flat(value: str) -> str:
    return " ".join(value.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_screen_tells_faults_before_warnings_before_notes() -> None:
    groups = tuple(replace(GROUP, level=level, message=level) for level in ("note", "error", "warning", "error"))
    screen = text(check(ERROR, groups=groups), "terminal")
    places = [screen.index(title) for title in ("À CORRIGER (2)", "À VÉRIFIER (1)", "POUR INFORMATION (1)")]
    assert places == sorted(places)


def test_the_screen_gives_the_places_of_a_cause() -> None:
    many = tuple((n, n + 1) for n in range(10, 1_000, 10))
    assert "(lignes 3 et 7 à 9)" in flat(text(check(ERROR), "terminal"))
    shown = flat(text(check(ERROR, groups=(replace(GROUP, lines=many),)), "terminal"))
    assert "(lignes 10 à 11, 20 à 21, 30 à 31, 40 à 41, 50 à 51, 60 à 61 et 186 autres)" in shown
    assert "(ligne 5)" in flat(text(check(ERROR, groups=(replace(GROUP, lines=((5, 5),)),)), "terminal"))
    of_records = check(ERROR, file=replace(FACTS, format="json", delimiter=""))
    assert "(enregistrements 3 et 7 à 9)" in flat(text(of_records, "terminal"))
    assert "10 enregistrements lus" in flat(text(of_records, "terminal"))


def test_the_screen_says_what_to_write_instead_or_gives_an_example_or_says_why_not() -> None:
    assert "« 31/01/2024 » devient « 2024-01-31 »" in flat(text(check(ERROR), "terminal"))
    unsure = replace(GROUP, expected="")
    assert "Valeur lue : « 31/01/2024 »" in flat(text(check(ERROR, groups=(unsure,)), "terminal"))
    masked = replace(unsure, value="(valeur masquée)")
    shown = flat(text(check(ERROR, groups=(masked,)), "terminal"))
    assert "elles peuvent désigner une personne" in shown
    assert "Par exemple" not in shown
    assert "Demandez-le." in flat(text(check(ERROR, groups=(replace(GROUP, remedy="Demandez-le."),)), "terminal"))


def test_spaces_around_a_value_can_be_seen() -> None:
    group = replace(GROUP, value=" 2024-01-31 ", expected="2024-01-31")
    assert "« ␣2024-01-31␣ » devient « 2024-01-31 »" in flat(text(check(ERROR, groups=(group,)), "terminal"))
    plain = text(check(ERROR, groups=(group,)), "terminal", layout=Layout(encoding="cp1252"))
    assert "_2024-01-31_" in plain
    assert "␣␣" in text(check(ERROR, groups=(replace(group, value="  ", expected=""),)), "terminal")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_snippet_stands_under_its_column_and_fits(width: int) -> None:
    snippet = Snippet(0, 1_234, ("voisine de gauche", "pose", "droite"), ("x" * 50, "31/01/2024", ""), 1)
    screen = text(check(ERROR, snippets=(snippet,)), "terminal", layout=Layout(width=width))
    labels, cells, under = [line for line in screen.splitlines() if "|" in line or "▔" in line]
    assert max(map(len, screen.splitlines())) <= width
    assert labels.index("pose") == cells.index("31/0") == under.index("▔")
    assert cells.startswith("  ligne 1234 | ")


@pytest.mark.parametrize(
    ("groups", "schema", "verdict"),
    [
        ((), MATCH, "Ce fichier est conforme au modèle."),
        ((), None, "Ce fichier est bien formé."),
        ((replace(GROUP, level="warning"),), MATCH, "Ce fichier est conforme au modèle, 1 point à vérifier."),
        ((replace(GROUP, level="note"),), MATCH, "Ce fichier est conforme au modèle."),
        ((GROUP,), MATCH, "Ce fichier n'est pas conforme : 2 fautes, 1 cause."),
        ((GROUP,), None, "Ce fichier n'est pas bien formé : 2 fautes, 1 cause."),
    ],
)
def test_the_verdict_comes_first(groups: tuple[ErrorGroup, ...], schema: SchemaMatch | None, verdict: str) -> None:
    screen = text(check(groups=groups, schema=schema), "terminal")
    assert flat(screen.split("\n\n")[1]) == verdict


def test_the_model_followed_is_said_with_how_sure_we_are() -> None:
    assert "Bancs publics (ville/bancs 1.0.0, reconnu à 87 %)" in flat(text(check(), "terminal"))
    named = replace(MATCH, by="declared", confidence=1.0)
    assert "Bancs publics (ville/bancs 1.0.0)" in flat(text(check(schema=named), "terminal"))
    near = text(check(schema=None, candidates=(MATCH,)), "terminal")
    assert "Les plus proches : ville/bancs (87 %)" in flat(near)


@pytest.mark.parametrize("most", [0, 1, 2, 3, 9])
def test_a_limit_on_causes_is_told_once(most: int) -> None:
    groups = tuple(replace(GROUP, level=level) for level in ("error", "warning", "note"))
    screen = flat(text(check(ERROR, groups=groups), "terminal", most))
    assert screen.count("montrez tout avec --limit 3") == (most < 3)
    assert screen.count("n'est pas une date") == min(most, 3)


# --- whatever the texts ---------------------------------------------------------------------------------------------

NASTY = st.text(alphabet=st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["\x1b[2J", "\x9b31m", "\x1b]0;x\x07", "\u202eabc", "=cmd|'/C calc'!A0", "<b>", "a" * 5_000, "\ud800", "\r\n"]
)


def is_safe(value: str) -> bool:
    return not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in value)


@given(bad=NASTY)
def test_no_text_reaches_any_form_raw(bad: str) -> None:
    error = CellError(2, 2, bad, bad, bad, bad, "error", bad)
    group = ErrorGroup(bad, bad, "error", bad, "A", 1, ((2, 2),), bad, bad, bad, bad, bad)
    match = SchemaMatch(TableSchema(bad, bad, bad, ()), 0.5, "header")
    header = HeaderFacts((bad,), (bad,), (bad,), ((bad, bad),), (bad,), ("A",), True)
    snippet = Snippet(0, 2, (bad, bad), (bad, bad), 0)
    for schema, candidates in ((match, ()), (None, (match,))):
        answer = FileCheck(
            replace(FACTS, name=bad), schema, candidates=candidates, note=bad, complete=False, header=header,
            groups=(group,), snippets=(snippet,), count=1, errors=lambda: iter([error]),
        )  # fmt: skip
        for form in FORMATS:
            written = text(answer, form)
            written.encode("utf-8")
            assert all(map(is_safe, written.removeprefix("\ufeff").splitlines()))
            assert len(written) < 60_000
        said(answer)
        cells = [cell for row in rows(answer) for cell in row if not re.fullmatch(r"\+[0-9]+([.,][0-9]+)?", cell)]
        assert all(not cell.lstrip()[:1] or cell.lstrip()[0] not in "=+@" for cell in cells)


def test_the_same_answer_is_the_same_bytes() -> None:
    for form in FORMATS:
        assert text(check(ERROR), form) == text(check(ERROR), form)
