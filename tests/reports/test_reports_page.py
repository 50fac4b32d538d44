"""Lines fit the page, and French typography never leaves a mark alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opendata_check.reports.page.lines import Lines
from opendata_check.reports.page.typesetting import typeset


def test_no_break_spaces_stand_before_marks_inside_quotes_and_in_numbers() -> None:
    assert typeset("« a » : 10 000 € ?") == "«\u00a0a\u00a0»\u00a0: 10\u00a0000\u00a0€\u00a0?"


@given(
    st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), max_size=30), st.integers(40, 120)
)
def test_a_paragraph_keeps_its_words_and_fits(words: list[str], width: int) -> None:
    lines = Lines(width)
    lines.paragraph(" ".join(words), indent=2, mark="-")
    text = lines.text()
    assert all(len(line) <= width for line in text.splitlines())
    assert text.replace("-", " ", 1).split() == " ".join(words).split()


def test_a_verbatim_line_is_cut_at_the_edge_and_never_wrapped() -> None:
    lines = Lines(40)
    lines.verbatim("x" * 100)
    assert lines.text() == "x" * 40 + "\n"
