"""The tables locked in PDFs are counted: ruled or not, over one page or several, and nothing else is taken for one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_drawing import drawn, prose, read
from reportlab.pdfgen.canvas import Canvas

from opendata_check.model.facts import DocumentFacts

# Tables, counted


def ruled(canvas: Canvas, *, top: float, rows: int, columns: int = 3, text: str = "Maison") -> None:
    """Draw a table of names with its lines: no figure tells it."""
    for row in range(rows + 1):
        canvas.line(50, top - 20 * row, 50 + 120 * columns, top - 20 * row)
    for column in range(columns + 1):
        canvas.line(50 + 120 * column, top, 50 + 120 * column, top - 20 * rows)
    for row in range(rows):
        for column in range(columns):
            canvas.drawString(55 + 120 * column, top - 20 * row - 14, text)


def amounts(canvas: Canvas, *, top: float, rows: int) -> None:
    for row in range(rows):
        canvas.drawString(50, top - 15 * row, f"Chapitre {row}")
        for right in (350, 450, 550):
            canvas.drawRightString(right, top - 15 * row, f"{row * 37 % 900 + 100},50")


def tables_of(tmp_path: Path, *pages: Callable[[Canvas], None]) -> DocumentFacts:
    return read(tmp_path / "a.pdf", drawn(*pages))[0]


def test_tables_are_counted_ruled_or_not(tmp_path: Path) -> None:
    def two(canvas: Canvas) -> None:
        amounts(canvas, top=800, rows=8)
        ruled(canvas, top=400, rows=6)

    facts = tables_of(tmp_path, two, prose, lambda canvas: ruled(canvas, top=700, rows=4))
    assert (facts.table_count, facts.table_pages, facts.largest_table) == (3, ((1, 1), (3, 3)), 8)
    assert facts.looks_tabular


def test_a_ruled_table_of_figures_is_one_table(tmp_path: Path) -> None:
    assert tables_of(tmp_path, lambda canvas: ruled(canvas, top=700, rows=10, text="1 250,00")).table_count == 1


def test_a_table_that_goes_on_over_pages_is_one(tmp_path: Path) -> None:
    whole = tables_of(tmp_path, *[lambda canvas: amounts(canvas, top=800, rows=50)] * 3)
    assert (whole.table_count, whole.largest_table, whole.table_pages) == (1, 150, ((1, 3),))
    apart = tables_of(tmp_path, *[lambda canvas: amounts(canvas, top=800, rows=10)] * 3)
    assert apart.table_count == 3


@pytest.mark.parametrize("rows", [1, 2])
def test_a_frame_around_a_text_is_no_table(tmp_path: Path, rows: int) -> None:
    facts = tables_of(tmp_path, lambda canvas: ruled(canvas, top=700, rows=rows, columns=1))
    assert (facts.table_count, facts.looks_tabular) == (0, False)


def test_the_grid_of_a_chart_is_no_table(tmp_path: Path) -> None:
    def chart(canvas: Canvas) -> None:
        ruled(canvas, top=700, rows=12, columns=4, text="")
        canvas.drawString(50, 300, "Evolution de la population de la commune")

    assert tables_of(tmp_path, chart).table_count == 0


def test_a_table_of_contents_is_no_table(tmp_path: Path) -> None:
    def contents(canvas: Canvas) -> None:
        for line in range(20):
            canvas.drawString(50, 800 - 15 * line, f"{line + 1}")
            canvas.drawString(120, 800 - 15 * line, "Titre de la partie")
            canvas.drawRightString(500, 800 - 15 * line, f"{3 * line + 2}")

    assert tables_of(tmp_path, contents).table_count == 0


def test_votes_in_running_text_are_no_table(tmp_path: Path) -> None:
    def votes(canvas: Canvas) -> None:
        for line in range(20):
            canvas.drawString(50, 800 - 15 * line, f"Deliberation {line} : pour {20 + line % 3}, contre {line % 4}")

    assert tables_of(tmp_path, votes).table_count == 0


def test_a_table_set_on_the_left_goes_on_whatever_the_width_of_its_figures(tmp_path: Path) -> None:
    def page(start: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            for line in range(48):
                canvas.drawString(150, 800 - 15 * line, f"{(start + line) * 137}")
                canvas.drawString(350, 800 - 15 * line, f"{(start + line) * 37},00")

        return draw

    assert tables_of(tmp_path, page(1), page(100), page(1_000)).table_count == 1


def test_a_thousand_lines_on_a_page_are_read_in_a_moment(tmp_path: Path) -> None:
    def plan(canvas: Canvas) -> None:
        for number in range(4_000):
            canvas.line(number % 500, number % 700, number % 500 + 30, number % 700)
            canvas.line(number % 600, number % 800, number % 600, number % 800 + 30)
        canvas.drawString(50, 300, "Plan de la commune, echelle 1/5000")

    path = tmp_path / "a.pdf"
    data = drawn(plan)
    started = time.monotonic()
    read(path, data)
    assert time.monotonic() - started < 5
