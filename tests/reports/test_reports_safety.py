"""Cleaning a text: the shortcut for ordinary texts changes no answer, and a value is rebuilt only where it must be."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import report_samples as samples
from hypothesis import example, given
from hypothesis import strategies as st
from test_reports_formats import BIDI, ESCAPES, ZALGO

from opendata_check.model.catalog import Fault
from opendata_check.model.facts import Dialect
from opendata_check.model.finding import Severity
from opendata_check.model.legal import LegalReference
from opendata_check.model.organization import DeclaredFact
from opendata_check.reports.safety import (
    MAX_TEXT,
    MAX_TITLE,
    clean,
    is_absolute,
    last_part,
    made_safe,
    safe_value,
    shorten,
)

_LONG_WAY = "→"
"""Not a Western sign: a text that begins with it never takes the shortcut."""
_SIGNS = "aé €\u00a0\u202f…\u00ad\u0301\t\n\x1b[m"
_TEXTS = st.text(max_size=80) | st.text(st.characters(max_codepoint=0x2FF), max_size=80) | st.text(_SIGNS)


@given(_TEXTS)
@example("L’été, 6\u202f200 € à Œuvre-le-Château\u00a0: « oui »…")
@example("trait\u00adcoupé")
@example("e\u0301e\u0301")
@example("\x81\x8d\x9b2J")
@example(ESCAPES)
@example(BIDI)
def test_the_shortcut_gives_what_the_long_way_gives(text: str) -> None:
    assert clean(_LONG_WAY + text) == _LONG_WAY + clean(text)


@given(_TEXTS, st.integers(20, 40))
def test_the_shortcut_cuts_where_the_long_way_cuts(text: str, limit: int) -> None:
    text = text[: 4 * limit]
    long_way = clean(_LONG_WAY + text, limit + 1)
    assert long_way == _LONG_WAY + clean(text, limit)


@given(st.integers(0, 0x10FFFF).map(chr))
def test_one_sign_is_kept_replaced_or_dropped_by_its_category_alone(sign: str) -> None:
    category = unicodedata.category(sign)
    expected = sign
    if sign in "\t\n\r\v\f" or category in {"Zl", "Zp"}:
        expected = " "
    elif category in {"Cc", "Cf"}:
        expected = ""
    elif category in {"Cs", "Co", "Cn"}:
        expected = "\N{REPLACEMENT CHARACTER}"
    assert clean(f"a{sign}") == f"a{expected}"


@pytest.mark.parametrize("limit", [1, 2, 10, 300])
def test_a_long_text_is_cut_with_an_ellipsis_and_a_text_of_the_limit_is_not(limit: int) -> None:
    assert clean("a" * limit, limit) == "a" * limit
    for length in (limit + 1, 4 * limit, 4 * limit + 1, 50 * limit):
        assert clean("a" * length, limit) == shorten("a" * length, limit) == "a" * (limit - 1) + "…"


def test_what_is_dropped_at_the_end_of_a_very_long_text_is_still_shown_as_a_cut() -> None:
    assert clean("\u200b" * 79 + "a" + "b" * 50, 20) == "a…"
    assert clean("abc" + " " * 7 + "d", 10) == "abc…"


def test_marks_are_kept_up_to_three_in_a_row_whatever_hides_between_them() -> None:
    assert clean("e\u0301\u0302\u0303") == "e\u0301\u0302\u0303"
    for mark in "\u0301\u20dd":  # one that stands over a letter, one that encloses it
        assert clean("e" + mark * 9) == "e" + mark * 3
    assert clean("e" + "\u0301\u200b" * 9 + "e\u0301") == "e" + "\u0301" * 3 + "e\u0301"
    assert clean(ZALGO) == "Z" + "\u0301" * 3 + "algo"


@pytest.mark.parametrize(
    ("location", "absolute", "last"),
    [
        ("/srv/mairie", True, "mairie"),
        ("C:\\Mairie\\données", True, "données"),
        ("\\\\serveur\\partage\\x", True, "x"),
        ("données/2025.csv", False, "2025.csv"),
        ("https://exemple.fr/a", False, "a"),
        ("", False, ""),
        ("/", True, "/"),
    ],
)
def test_absolute_paths_of_any_system_are_known_and_never_a_url(location: str, absolute: bool, last: str) -> None:
    assert (is_absolute(location), last_part(location)) == (absolute, last)


@dataclass(frozen=True)
class Inner:
    title: str
    text: str
    rows: tuple[tuple[int, int], ...] = ((1, 2),)


@dataclass(frozen=True)
class Outer:
    inner: tuple[Inner, ...]
    names: tuple[str, ...] = ()
    on: date = date(2026, 1, 1)
    severity: Severity = Severity.MAJOR
    number: float = 1.5
    path: Path | None = None


def test_every_text_of_a_value_is_cleaned_however_deep_and_titles_are_cut_shorter() -> None:
    long = "a" * (MAX_TEXT + 1)
    safe = safe_value(Outer((Inner(long, long), Inner(ESCAPES, BIDI)), ("ordinaire", "\x1b[31mrouge\x07")))
    assert (len(safe.inner[0].title), len(safe.inner[0].text)) == (MAX_TITLE, MAX_TEXT)
    assert safe.inner[1] == Inner("rougecloche", "facgnp.exex")
    assert safe.names == ("ordinaire", "rouge")


def test_what_needs_no_cleaning_is_the_very_same_value() -> None:
    value = Outer((Inner("Titre", "texte à l’heure", ((2, 2), (5, 9))),), ("a",), path=Path("/srv/a"))
    safe = safe_value(value)
    assert safe == value
    assert (safe.inner[0], safe.on, safe.path) == (value.inner[0], value.on, value.path)
    assert safe.severity is Severity.MAJOR
    reference = LegalReference("CRPA", "article L312-1-1")
    assert safe_value(reference) is reference


@pytest.mark.parametrize("value", [None, True, 12, float("inf"), date(2026, 1, 1), (), ((1, 2), (3, 4)), (1, 2)])
def test_dates_numbers_and_ranges_are_left_as_they_are(value: object) -> None:
    assert safe_value(value) is value


def test_a_declared_text_is_cleaned_and_a_declared_number_is_not() -> None:
    assert safe_value(DeclaredFact("a\x00", "b\x1b[1m", note="c\u202e")) == DeclaredFact("a", "b", note="c")
    assert safe_value(DeclaredFact("a", 12.5)).value == 12.5


def test_the_tabulation_of_a_dialect_is_a_fact() -> None:
    dialect = Dialect(delimiter="\t")
    assert safe_value(dialect) is dialect and safe_value((dialect,))[0] is dialect


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{root}/voirie.zip", "voirie.zip"),
        ("dans {root} et {root}/a", "dans commune-exemple et a"),
        ("{root}-2/a", "{root}-2/a"),
        ("https://exemple.fr{root}/a", "https://exemple.fr{root}/a"),
        ("/autre{root}", "/autre{root}"),
    ],
)
def test_the_folder_that_was_read_is_told_by_its_name_and_nothing_else_is_touched(text: str, said: str) -> None:
    root = str(samples.FOLDER)
    report = replace(samples.bound_commune(), faults=(Fault(text.format(root=root), "", ""),))
    assert made_safe(report).faults[0].what == said.format(root=root)


@pytest.mark.parametrize(
    ("value", "kept"),
    [(((0, "\x1b[31mx"),), ((0, "x"),)), (((2, 5), (7, 7)), ((2, 5), (7, 7))), ((("\x1bc", "a"),), (("", "a"),))],
)
def test_only_ranges_of_rows_are_left_as_they_are(value: object, kept: object) -> None:
    assert safe_value(value) == kept
