"""Columns are profiled from all their values: kinds, date forms, identifiers and the rows at fault."""

from __future__ import annotations

import tracemalloc

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import siren, siret

from opendata_check.inspection.batch import ColumnBatch
from opendata_check.inspection.column_shapes import NAMES, shapes_of
from opendata_check.inspection.columns import TableProfiler
from opendata_check.inspection.identifiers import IdentifierTracker, passes
from opendata_check.inspection.shapes import shape_of
from opendata_check.model.facts import ColumnFacts


def column(label: str, values: list[str]) -> ColumnFacts:
    profiler = TableProfiler([label, "autre"])
    for line, value in enumerate(values, start=2):
        profiler.add(line, [value, "x"])
    return profiler.columns()[0]


def made_siret(number: int) -> str:
    base = f"{number:08d}"
    first = base + luhn.calc_check_digit(base)
    return first + "0001" + luhn.calc_check_digit(first + "0001")


@pytest.mark.parametrize(
    ("cell", "shape"),
    [
        ("12", "integer"), ("-3", "integer"), ("1 250", "integer"), ("1\u202f250\u202f000", "integer"), ("0", "integer"),
        ("075", "code"), ("01200", "code"), ("0.5", "number"), ("12,50", "number"), ("1 250,50", "number"),
        ("-,5", "number"), ("2.16E+13", "number"), ("2024-01-31", "iso"), ("2024-01-31T10:00:00Z", "iso"),
        ("31/01/2024", "french"), ("1/2/24", "french"), ("31-01-2024 08h30", "french"), ("2024/01/31", "date"),
        ("12/31/2024", "date"), ("2024-13-01", "text"), ("oui", "boolean"), ("FAUX", "boolean"), ("n/a", "text"),
        ("12 rue X", "text"), ("48.85,2.35", "text"), ("06 12 34 56 78", "text"), ("-", "text"), ("1.2.3", "text"),
    ],
)  # fmt: skip
def test_one_cell_has_one_shape(cell: str, shape: str) -> None:
    assert shape_of(cell) == shape


@pytest.mark.parametrize(
    ("values", "kind", "form"),
    [
        (["1", "2", ""], "integer", ""),
        (["1", "2,5"], "number", ""),
        (["01", "75", "13"], "text", ""),
        (["2024-01-01"] * 20 + ["inconnue"], "date", "iso"),
        (["01/02/2024"] * 5, "date", "french"),
        (["2024/01/02"] * 5, "date", ""),
        (["oui", "non", "Oui"], "boolean", ""),
        (["0", "1"], "integer", ""),
        (["a", "1"], "text", ""),
        (["", " "], "empty", ""),
    ],
)
def test_a_column_has_the_kind_of_nearly_all_its_cells(values: list[str], kind: str, form: str) -> None:
    facts = column("x", values)
    assert (facts.kind, facts.date_form) == (kind, form)


def test_filled_cells_are_counted_over_many_batches() -> None:
    profiler = TableProfiler(["a", "b"])
    for line in range(2, 20_002):
        profiler.add(line, [str(line), "x" if line % 4 == 0 else ""])
    assert [facts.filled for facts in profiler.columns()] == [20_000, 5_000]
    assert (profiler.row_count, profiler.columns()[1].letter) == (20_000, "B")


def test_ragged_and_blank_rows_keep_their_physical_lines() -> None:
    profiler = TableProfiler(["a", "b"])
    for line, cells in [(2, ["1", "2"]), (3, ["1"]), (4, []), (6, ["", " "]), (9, ["1", "2", "3"])]:
        profiler.add(line, cells)
    assert (profiler.row_count, profiler.ragged.ranges(), profiler.blank.ranges()) == (
        3,
        ((3, 3), (9, 9)),
        ((4, 4), (6, 6)),
    )
    assert [facts.filled for facts in profiler.columns()] == [3, 2]


@pytest.mark.parametrize(
    ("label", "identifier"),
    [
        ("COLL_SIRET", "siret"), ("idAttribuant", "siret"), ("idBénéficiaire", "siret"), ("Siret du bénéficiaire", "siret"),
        ("siretAcheteur", "siret"), ("SIREN", "siren"), ("siren_gestionnaire", "siren"), ("nb_siret", ""),
        ("date_siret", ""), ("nomBeneficiaire", ""), ("id", ""), ("sirene", ""), ("idMarche", ""),
    ],
)  # fmt: skip
def test_a_label_announces_an_identifier(label: str, identifier: str) -> None:
    assert column(label, ["x"]).identifier == identifier


def test_values_announce_an_identifier_and_its_faulty_rows() -> None:
    values = [made_siret(number) for number in range(100, 109)] + ["12345678901234"]
    facts = column("code", values)
    assert (facts.identifier, facts.identifier_invalid, facts.identifier_invalid_rows) == ("siret", 1, ((11, 11),))


def test_sirens_are_told_from_values() -> None:
    assert column("code", [made_siret(number)[:9] for number in range(100, 120)]).identifier == "siren"


@pytest.mark.parametrize(
    "values",
    [
        [f"{number:014d}" for number in range(10**13, 10**13 + 300)],
        [str(number) for number in range(600_000_000, 600_000_400)],
        ["12345.50"] * 30,
        [made_siret(7)] * 2,
    ],
)
def test_other_numbers_are_not_identifiers(values: list[str]) -> None:
    assert column("montant", values).identifier == ""


@pytest.mark.parametrize(
    ("damaged", "valid"),
    [
        (made_siret(42), True),
        (f"{made_siret(42)[:3]} {made_siret(42)[3:6]} {made_siret(42)[6:9]}\u00a0{made_siret(42)[9:]}", True),
        (made_siret(42) + ".0", False),
        ("2.16E+13", False),
        ("2,16E+13", False),
        (made_siret(42).lstrip("0"), False),
        (made_siret(42)[:9], False),
        ("0" * 15, False),
        ("inconnu", False),
    ],
)
def test_a_siret_damaged_by_a_spreadsheet_is_invalid(damaged: str, valid: bool) -> None:
    facts = column("siret", [damaged])
    assert (facts.identifier, facts.identifier_invalid) == ("siret", 0 if valid else 1)


def test_establishments_of_la_poste_follow_their_own_rule() -> None:
    # 35600000049837 fails the Luhn control; the sum of its digits is a multiple of 5.
    assert not luhn.is_valid("35600000049837")
    assert passes("siret", "35600000049837")
    assert passes("siret", "35600000000048")
    assert not passes("siret", "35600000049838")


@settings(max_examples=500)
@given(st.one_of(st.from_regex(r"[0-9]{14}", fullmatch=True), st.integers(0, 99_999_999).map(made_siret)))
def test_our_control_agrees_with_stdnum(number: str) -> None:
    assert passes("siret", number) == siret.is_valid(number)
    assert passes("siren", number[:9]) == siren.is_valid(number[:9])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=30))
def test_any_rows_are_profiled_and_every_row_is_counted_once(rows: list[list[str]]) -> None:
    profiler = TableProfiler(["a", "siret", "date_naissance"])
    for line, cells in enumerate(rows, start=2):
        profiler.add(line, cells)
    columns = profiler.columns()
    assert profiler.row_count + profiler.blank.count == len(rows)
    assert all(facts.filled <= profiler.row_count for facts in columns)
    assert columns == profiler.columns()


def test_a_hostile_table_takes_bounded_memory() -> None:
    profiler = TableProfiler([f"siret{number}" for number in range(200)])
    good, bad = made_siret(1), "1"
    tracemalloc.start()
    for line in range(2, 6_002):
        profiler.add(line, [good if line % 2 else bad] * 200)
    columns = profiler.columns()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [facts.identifier_invalid for facts in columns] == [3_000] * 200
    assert peak < 60_000_000


@given(st.lists(st.text(max_size=12) | st.from_regex(r"[0-9.,/ +-]{1,12}", fullmatch=True), min_size=1, max_size=40))
@settings(max_examples=200)
def test_shapes_of_a_whole_column_are_those_of_its_cells(cells: list[str]) -> None:
    column = ColumnBatch(0, pa.array(cells))
    told = [NAMES[at] if at >= 0 else "" for at in shapes_of(column)]
    alone = [shape_of(cell.strip()) if cell.strip() else "" for cell in column.values.to_pylist()]
    assert told == alone


@given(st.lists(st.from_regex(r"(356000000)?[0-9 ]{4,18}", fullmatch=True), min_size=1, max_size=40))
def test_a_whole_column_passes_the_controls_of_its_cells(cells: list[str]) -> None:
    cells += [made_siret(len(cells)), made_siret(7)[:9]]
    column = ColumnBatch(0, pa.array(cells))
    for kind in ("siret", "siren"):
        failing = IdentifierTracker(kind, announced=True).take(column)
        alone = [bool(cell.strip()) and not passes(kind, cell.strip()) for cell in column.values.to_pylist()]
        assert failing.tolist() == alone


@pytest.mark.parametrize(
    ("values", "span"),
    [
        (["2024-03-01", "2023-12-31T10:00", "2024-02-30"], ("2023-12-31", "2024-03-01")),
        (["31/12/2023", "1/3/2024", "02/01/98"], ("1998-01-02", "2024-03-01")),
        (["12", "13"], ("", "")),
    ],
)
def test_a_column_of_dates_tells_the_first_and_the_last(values: list[str], span: tuple[str, str]) -> None:
    facts = column("date", values)
    assert (facts.first_date, facts.last_date) == span
