"""Hostile files are read within bounds: never a crash, an issue or a note instead."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_factory import DELIBERATION, content_of, csv_text, facts_of, issue, lines_of, validated

from opendata_check import schemas, tables
from opendata_check.model.facts import Dialect

HEADER = ",".join(DELIBERATION)
ROW = ",".join(DELIBERATION.values())


def test_an_unclosed_quote_stops_the_reading_at_its_line(tmp_path: Path):
    text = "\n".join([HEADER, ROW, ROW.replace("Budget", '"Budget'), *[ROW] * 50])
    validation = validated(tmp_path, text, unclosed_quote_row=3)
    assert (validation.row_count, validation.complete) == (1, False)
    assert (
        validation.note == "Le guillemet ouvert à la ligne 3 n'est jamais refermé : la suite n'a pas pu être contrôlée."
    )


def test_an_unclosed_quote_in_a_large_file_does_not_swallow_memory(tmp_path: Path):
    text = "\n".join([HEADER, ROW, '"' + ROW, *[ROW] * 40_000])
    validation = validated(tmp_path, text)
    assert (validation.row_count, validation.complete) == (1, False)
    assert "ligne qui commence en 3 est démesurée" in validation.note


def test_a_cell_of_ten_megabytes_is_a_note(tmp_path: Path):
    text = "\n".join([HEADER, ROW, ROW.replace("Budget", "B" * 10_000_000), ROW])
    validation = validated(tmp_path, text)
    assert (validation.row_count, validation.complete) == (1, False)
    assert "démesurée" in validation.note


def test_a_cell_of_a_million_characters_is_judged(tmp_path: Path):
    text = csv_text([{**DELIBERATION, "DELIB_OBJET": "B" * 1_000_000}, {**DELIBERATION, "DELIB_DATE": "9" * 1_000_000}])
    validation = validated(tmp_path, text)
    found = issue(validation, "type")
    assert lines_of(found) == [3]
    assert len(found.before) <= 40


def test_a_row_of_a_hundred_thousand_cells_is_one_issue(tmp_path: Path):
    validation = validated(tmp_path, "\n".join([HEADER, ROW + "," * 100_000, ROW]))
    assert lines_of(issue(validation, "extra_cell")) == [2]
    assert validation.row_count == 2


def test_many_rows_of_a_hundred_thousand_cells_stay_within_time(tmp_path: Path):
    start = time.process_time()
    validation = validated(tmp_path, "\n".join([HEADER, *[ROW + "," * 100_000] * 100]))
    assert issue(validation, "extra_cell").count == 100
    assert time.process_time() - start < 10


def test_nul_bytes_are_characters_like_others(tmp_path: Path):
    validation = validated(tmp_path, csv_text([{**DELIBERATION, "DELIB_DATE": "2024\0-01-31", "DELIB_ID": "1\0"}]))
    assert [i.rule for i in validation.issues] == ["type"]


def test_a_dialect_without_meaning_is_one_french_line(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n")
    facts = facts_of(b"a,b\n")
    assert facts.table is not None
    match = schemas.recognise(list(DELIBERATION))
    assert match is not None
    broken = type(facts)(facts.envelope, facts.text, type(facts.table)(1, ("a",), 0, dialect=Dialect("")))
    with pytest.raises(tables.TablesError, match="séparer les cellules"):
        tables.validate(content_of(path), broken, match)


def test_a_dialect_without_quotes_reads_quotes_as_characters(tmp_path: Path):
    text = "\n".join([HEADER, ROW.replace("Budget", '"Budget'), ROW])
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    facts = facts_of(text.encode())
    assert facts.table is not None
    match = schemas.recognise(list(DELIBERATION))
    assert match is not None
    unquoted = type(facts)(
        facts.envelope, facts.text, type(facts.table)(1, facts.table.labels, 0, dialect=Dialect(",", ""))
    )
    validation = tables.validate(content_of(path), unquoted, match)
    assert (validation.valid, validation.row_count) == (True, 2)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(["utf-8", "cp1252", "utf-16", "latin-1", "mac_roman"]))
def test_no_bytes_after_a_header_make_it_crash(tmp_path: Path, data: bytes, encoding: str):
    raw = (HEADER + "\n").encode(encoding) + data
    validation = validated(tmp_path, raw, encoding=encoding, undecodable_line=2)
    assert validation.row_count >= 0
    for found in validation.issues:
        lines = lines_of(found)
        assert lines == sorted(lines)
        assert len(lines) == found.count


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_batches_change_nothing(tmp_path: Path, chance: random.Random):
    rows = [
        {**DELIBERATION, "DELIB_DATE": chance.choice(["2024-01-31", "hier"])} for _ in range(chance.randrange(2500))
    ]
    if not rows:
        return
    wrong = [line for line, row in enumerate(rows, start=2) if row["DELIB_DATE"] == "hier"]
    validation = validated(tmp_path, csv_text(rows))
    assert validation.row_count == len(rows)
    assert [lines_of(found) for found in validation.issues] == ([wrong] if wrong else [])
