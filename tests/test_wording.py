"""French numbers, dates and words; every value of the model that reaches a screen has its word."""

from __future__ import annotations

from datetime import date

import pytest

from opendata_check import wording
from opendata_check.errors import RulesError
from opendata_check.model.finding import Axis, Outcome, Severity
from opendata_check.model.legal import Applicability, Certainty
from opendata_check.model.organization import EvidenceKind, OrganizationKind


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("outcomes", Outcome),
        ("applicability", Applicability),
        ("axes", Axis),
        ("severities", Severity),
        ("certainty", Certainty),
        ("evidence", EvidenceKind),
        ("kinds", OrganizationKind),
    ],
)
def test_every_value_has_its_word(table: str, values: type) -> None:
    assert all(wording.word(table, value) for value in values)  # type: ignore[attr-defined]


def test_a_value_without_a_word_is_refused() -> None:
    with pytest.raises(RulesError, match="parfait"):
        wording.word("outcomes", "parfait")


def test_dates_are_written_in_full() -> None:
    assert wording.french_date(date(2026, 1, 1)) == "1er janvier 2026"
    assert wording.french_date(date(2026, 11, 23)) == "23 novembre 2026"


def test_numbers_are_written_the_french_way() -> None:
    assert wording.french_number(6200) == "6\u202f200"
    assert wording.french_number(1234567.5, 1) == "1\u202f234\u202f567,5"


def test_plurals_start_at_two() -> None:
    assert [wording.plural(n, "ligne").replace("\u00a0", " ") for n in (0, 1, 1.5, 2)] == [
        "0 ligne",
        "1 ligne",
        "2 ligne",
        "2 lignes",
    ]
    assert wording.plural(3, "travail", "travaux").endswith("travaux")


def test_lists_end_with_and() -> None:
    assert wording.join_list([]) == ""
    assert wording.join_list(["a"]) == "a"
    assert wording.join_list(["a", "b", "c"]) == "a, b et c"
    assert wording.join_list(("a", "b"), "ou") == "a ou b"


def test_efforts_are_ordered_and_no_effort_comes_last() -> None:
    assert wording.effort_rank("demi_heure") < wording.effort_rank("deux_jours") < wording.effort_rank("")


def test_the_glossary_holds_ten_words() -> None:
    assert len(wording.glossary()) == 10


def test_no_word_is_cut_by_its_punctuation() -> None:
    """A comma or a colon without quotes would cut a sentence of the YAML in two."""

    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for inner in value.values() for leaf in leaves(inner)]
        if isinstance(value, list):
            return [leaf for inner in value for leaf in leaves(inner)]
        return [value]

    assert all(leaf is not None for leaf in leaves(wording._table()))


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("40\u202f000\u00a0€ à Évry…", "utf-8", "40\u202f000\u00a0€ à Évry…"),
        ("40\u202f000\u00a0€ à Évry…", "cp1252", "40 000\u00a0€ à Évry…"),
        ("40\u202f000\u00a0€ à Évry…", "cp850", "40 000\u00a0EUR à Évry..."),
        ("40\u202f000\u00a0€ à Évry…", "ascii", "40 000 EUR a Evry..."),
        ("œuvre – « là » ✓ 中", "ascii", 'oeuvre - " la " ? ?'),
    ],
)
def test_what_a_screen_lacks_is_shown_by_the_nearest_letter(text: str, encoding: str, shown: str) -> None:
    assert wording.legible(text, encoding) == shown
    assert wording.carries(shown, encoding)


def test_an_encoding_nobody_knows_gets_plain_letters() -> None:
    assert wording.legible("été", "x-inconnu") == "ete"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("62", 62), ("49,5", 49.5), ("49.5", 49.5), ("6 200", 6200), ("6\u202f200", 6200), ("12 345,67", 12345.67),
        ("55 ETP", 55), ("3600 agents", 3600), ("１２", 12), ("55 habitants", None), ("003", None), ("0", 0), ("3.600", None), ("3,600", None), ("3 60", None),
        ("1 2 3", None), ("1_000", None), ("-1", None), ("1e3", None), ("nan", None), ("²", None), ("", None),
        ("9" * 5000, None), ("3600.5.2", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it_or_not_at_all(text: str, number: float | None) -> None:
    assert wording.number_in(text, "agents", "etp") == number


def test_what_is_counted_whole_has_no_decimals_at_all() -> None:
    assert wording.number_in("3 600", whole=True) == 3600
    assert wording.number_in("3,00", whole=True) is None and wording.number_in("49,5", whole=True) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)), ("31/01/2026", date(2026, 1, 31)), ("31-1-2026", date(2026, 1, 31)),
        ("31.01.2026", date(2026, 1, 31)), (" 31 janvier 2026 ", date(2026, 1, 31)), ("1er mars 2026", date(2026, 3, 1)),
        ("31 JANVIER 2026", date(2026, 1, 31)), ("le 1er aout 2026", date(2026, 8, 1)), ("01 / 02 / 2026", date(2026, 2, 1)),
        ("1 fe\u0301vrier 2026", date(2026, 2, 1)), ("31/02/2026", None), ("31/01/26", None), ("2026", None),
        ("janvier 2026", None), ("12/31/2025", None), ("", None), ("²/1/2026", None), ("2026-01-31-05", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_write_it_or_not_at_all(text: str, day: date | None) -> None:
    assert wording.date_in(text) == day
