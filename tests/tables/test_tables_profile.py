"""What a table's profile says of its columns: the same by rows and by columns, true of every cell, and nobody's name."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tables_factory import content_of, facts_of
from tables_strategies import EVERY_TRAP

from opendata_check.model.profile import ColumnProfile, TableProfile
from opendata_check.tables.profile import profile

BY_COLUMNS, BY_ROWS = 10**9, 0
"""Sizes announced, so that Arrow or csv.reader cuts a small file."""


def profiled(text: str | bytes, *, size: int = BY_ROWS, **facts: Any) -> TableProfile:
    """Profile a CSV separated by semicolons."""
    raw = text.encode() if isinstance(text, str) else text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "donnees.csv"
        path.write_bytes(raw)
        return profile(content_of(path), replace(facts_of(raw, delimiter=";", **facts), byte_size=size))


def text_of(labels: list[str], rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(labels)
    writer.writerows(rows)
    return stream.getvalue()


def column(*cells: str, label: str = "colonne", size: int = BY_ROWS) -> ColumnProfile:
    """Profile one column, beside another that is always filled."""
    return profiled(text_of(["rang", label], [["x", cell] for cell in cells]), size=size).columns[1]


# --- both ways of reading say the same ------------------------------------------------------------------------------

_cells = st.one_of(
    st.sampled_from(EVERY_TRAP),
    st.sampled_from(["", " ", "1", "01", "12,5", "1 234,50", "2024-01-31", "31/12/2024", "oui", "non", "NC", "a\nb", "a\r\nb"]),
    st.text(max_size=6),
)  # fmt: skip


@st.composite
def ragged_tables(draw: st.DrawFn) -> str:
    """Draw a table with rows too short, too long, or blank, and line breaks inside cells."""
    width = draw(st.integers(2, 4))
    lines = []
    for _ in range(draw(st.integers(0, 30))):
        many = draw(st.sampled_from([width] * 8 + [0, 1, width - 1, width + 1, width + 3]))
        lines.append(draw(st.lists(_cells, min_size=many, max_size=many)))
    return text_of([f"c{n}" for n in range(width)], lines)


@given(ragged_tables())
@settings(deadline=None)
def test_rows_and_columns_give_one_profile(text: str) -> None:
    assert profiled(text, size=BY_COLUMNS) == profiled(text, size=BY_ROWS)
