"""Words made safe and short."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from opendata_check.checks.texts import column, lines, plain, quoted

NNBSP = "\N{NARROW NO-BREAK SPACE}"


@given(st.text(), st.integers(min_value=2, max_value=50))
@example("0 \x08\r0", 4)
def test_plain_text_is_bounded_one_line_and_without_controls(text, limit):
    result = plain(text, limit)
    assert len(result) <= limit
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in result)
    assert plain(result, limit) == result


def test_plain_text_keeps_french_spaces_and_accents():
    assert plain(f"Été 2026{NNBSP}: 6{NNBSP}200 €") == f"Été 2026{NNBSP}: 6{NNBSP}200 €"


def test_lines_are_told_briefly():
    assert lines([]) == ""
    assert lines([(7, 7)]) == "ligne 7"
    assert lines([(4, 415)]) == "lignes 4 à 415"
    assert lines([(3, 3), (8, 8)]) == "lignes 3 et 8"
    assert lines([(3, 3), (8, 9), (12, 12)]) == "lignes 3, 8 à 9 et 12"
    assert lines([(3, 3), (8, 8), (12, 12), (90, 91)]) == "lignes 3, 8, 12…"
    assert lines([(1234, 1234)]) == f"ligne 1{NNBSP}234"


def test_columns_are_told_with_what_is_known():
    assert column("date", "B") == "colonne B (« date »)"
    assert column("date") == "colonne « date »"
    assert column("", "B") == "colonne B"


def test_names_are_quoted_and_the_rest_counted():
    assert quoted([]) == ""
    assert quoted(["a"]) == "« a »"
    assert quoted(["a", "b"]) == "« a » et « b »"
    assert quoted(list("abcde")) == "« a », « b », « c », « d » et 1 autre"
    assert quoted(list("abcdef")) == "« a », « b », « c », « d » et 2 autres"
