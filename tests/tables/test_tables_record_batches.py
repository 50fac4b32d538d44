"""A table given as batches of columns: the same rows and numbers whichever way it is read, up to where it can be."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata_check import tables
from opendata_check.inspection import read_head
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import SchemaMatch, TableSchema
from opendata_check.tables import columnar
from opendata_check.tables.record_batches import record_batches

Row = tuple[int, tuple[str, ...]]


def facts_of(path: Path) -> tuple[Content, ContentFacts]:
    content = Content(path=path, name=path.name, byte_size=path.stat().st_size, origin=path.name)
    return content, read_head(content, whole=True)


def read(content: Content, facts: ContentFacts) -> list[Row]:
    found: list[Row] = []
    for batch, numbers in record_batches(content, facts):
        assert batch.num_rows == len(numbers) > 0
        found += zip(numbers.tolist(), zip(*(column.to_pylist() for column in batch.columns), strict=True), strict=True)
    return found


class Tap:
    """What a standard is, for the table that feeds it."""

    def __init__(self) -> None:
        self.found: list[Row] = []

    def take(self, batch: Any, rows: Any) -> None:
        cells = zip(*(column.to_pylist() for column in batch.columns), strict=True)
        self.found += zip(rows.tolist(), cells, strict=True)

    def restart(self) -> None:
        self.found.clear()


def both_ways(tmp_path: Path, text: str | bytes, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Read by rows, and as the table is judged by columns; both must agree."""
    path = tmp_path / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    content, facts = facts_of(path)
    by_rows = read(content, facts)
    tap = Tap()
    tables.validate(content, facts, SchemaMatch(TableSchema("", "", "", ()), 0.0, "header"), columnar=True, tap=tap)
    assert tap.found == by_rows
    return by_rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2\n3;4\n", [(2, ("1", "2")), (3, ("3", "4"))]),
        ("a;b\n1;2\n3\n5;6;7\n8;9\n", [(2, ("1", "2")), (5, ("8", "9"))]),
        ("a;b\n1;2\n\n;\n8;9\n", [(2, ("1", "2")), (5, ("8", "9"))]),
        ("a;b\n;\n;\n", []),
        ('a;b\n1;"x\ny"\n3;4\n', [(2, ("1", "x\ny")), (3, ("3", "4"))]),
        ("Un titre\na;b\n1;2\n3;4\n", [(3, ("1", "2")), (4, ("3", "4"))]),
        ("\ufeffa;b\r\n1;été\r\n", [(2, ("1", "été"))]),
        ("a;b\n", []),
    ],
)
def test_rows_come_with_their_record_numbers(
    text: str, rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_ways(tmp_path, text, monkeypatch) == rows


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_any_encoding_is_read(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "nom;lieu\n" + "été;Besançon\n" * 30
    rows = both_ways(tmp_path, text.encode(encoding), monkeypatch)
    assert rows == [(n, ("été", "Besançon")) for n in range(2, 32)]


CELLS = st.sampled_from(["", "x", "1", "é", 'a"b', "a\nb", "a;b", " "])


@given(rows=st.lists(st.lists(CELLS, max_size=5), max_size=15))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_agree_on_any_table(rows: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows([["a", "b", "c"], ["u", "v", "w"], *rows])
    found = both_ways(tmp_path, stream.getvalue(), monkeypatch)
    numbers = [number for number, _ in found]
    assert numbers == sorted(set(numbers))


def test_a_file_of_many_blocks_is_read_whole_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "BLOCK_BYTES", 2_000)
    rows = [f"{n};valeur {n}" if n % 50 else "trop;de;cellules" for n in range(3_000)]
    found = both_ways(tmp_path, "a;b\n" + "\n".join(rows) + "\n", monkeypatch)
    assert found == [(n + 2, (str(n), f"valeur {n}")) for n in range(3_000) if n % 50]


def test_what_arrow_cannot_cut_is_read_by_rows_from_there_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "BLOCK_BYTES", 2_000)
    text = "a;b\n" + "1;x\n" * 2_000 + f"2;{'y' * 9_000}\n" + "3;z\n" * 100
    found = both_ways(tmp_path, text, monkeypatch)
    assert [number for number, _ in found] == list(range(2, 2_103))


def test_a_dialect_that_arrow_lacks_is_read_by_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a, b\n1, 2\n3, 4\n", encoding="utf-8")
    content, facts = facts_of(path)
    assert facts.table is not None
    assert facts.table.dialect is not None
    dialect = replace(facts.table.dialect, skip_initial_space=True)
    assert read(content, replace(facts, table=replace(facts.table, dialect=dialect))) == [
        (2, ("1", "2")),
        (3, ("3", "4")),
    ]
