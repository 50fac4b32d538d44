"""The law of kernels: a cell they do not point at is right, whatever the field and the column."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_strategies import EVERY_TRAP, MISSING, PATTERNS, cells, fields

from opendata_check import schemas
from opendata_check.model.schema import CustomCheck, Field
from opendata_check.tables import kernels
from opendata_check.tables.columns import cell_verdict
from opendata_check.tables.errors import TablesError
from opendata_check.tables.kernels import Column, hashes_of, kernel_of, numbers_of
from opendata_check.tables.value_checks import VALUE_CHECKS

NATIONAL = list(
    {
        repr((replace(field, name="", example="", meaning=""), sorted(check.name for check in checks))): (field, checks)
        for schema in map(schemas.load, schemas.known())
        for field in schema.fields
        for checks in [tuple(check for check in schema.checks if check.params.get("column") == field.name)]
    }.values()
)
"""Fields of the national schemas with the checks on them, those judged alike once."""
SIRETS = [
    "21340172200011", "21340172200012", "35600000000048", "35600000000047", "35600000049837", "35600000049838", "356000000", "00000000000000",
    "12345678900007", "73282932000074", "73282932000075", "732829320", "732829321", "404833048", "404833047", "2134017220001a", "213401722 0001",
    "٢١٣٤٠١٧٢٢٠٠٠١١", "213401722000110", "9" * 14, "35600000000006", "35600000000014",
]  # fmt: skip
"""Right and wrong, La Poste's own key included, and numbers whose whole is right but not their SIREN."""


def column(texts: Sequence[str], before: int = 0) -> Column:
    """Return a column of cells that starts inside its buffer, as a slice does."""
    return Column(pa.array([*["avant"] * before, *texts, "après"], pa.string()).slice(before, len(texts)))


def missed(field: Field, missing: tuple[str, ...], checks: Sequence[CustomCheck], texts: Sequence[str]) -> list[str]:
    """Return the faulty cells that the field's kernel does not point at."""
    verdict = cell_verdict(field, missing, checks)
    suspects = kernel_of(field, missing, checks)(column(texts, before=3))
    if suspects is None:
        return []
    assert sorted(set(suspects.tolist())) == suspects.tolist()
    cleared = np.setdiff1d(np.arange(len(texts)), suspects)
    return [texts[index] for index in cleared if verdict(texts[index])]


def mixtures(kind: str) -> st.SearchStrategy[list[str]]:
    """Return columns of one width or of many, right or wrong, repeated or not."""
    long = st.sampled_from(["x" * 300, "9" * 300, "é" * 200, "\n" * 5, "\0" * 9])
    one = st.one_of(cells(kind), long)
    repeated = st.lists(one, min_size=1, max_size=4).flatmap(lambda pool: st.lists(st.sampled_from(pool), max_size=40))
    return st.one_of(st.lists(one, max_size=12), repeated)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fields(), MISSING, st.data())
def test_no_faulty_cell_is_cleared_in_any_field(field: Field, missing: tuple[str, ...], data: st.DataObject):
    try:
        assert missed(field, missing, (), data.draw(mixtures(field.type))) == []
    except TablesError:
        return  # a bound its own field cannot read


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NATIONAL), st.data())
def test_no_faulty_cell_is_cleared_in_a_national_field(
    judged: tuple[Field, tuple[CustomCheck, ...]], data: st.DataObject
):
    field, checks = judged
    pool = [field.example, *SIRETS] if checks else [field.example]
    texts = data.draw(
        st.lists(st.one_of(st.sampled_from(pool), st.sampled_from(EVERY_TRAP), cells(field.type)), max_size=30)
    )
    assert missed(field, ("",), checks, texts) == []


@pytest.mark.parametrize(("field", "checks"), NATIONAL, ids=lambda value: getattr(value, "name", ""))
def test_no_trap_is_cleared_wrongly_in_a_national_field(field: Field, checks: tuple[CustomCheck, ...]):
    texts = [*EVERY_TRAP, *SIRETS, field.example]
    assert missed(field, ("",), checks, texts) == []
    for width in sorted({len(text.encode()) for text in texts}):
        assert missed(field, ("",), checks, [text for text in texts if len(text.encode()) == width]) == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_cell_is_cleared_wrongly_by_a_pattern(pattern: str):
    field = Field("x", constraints={"pattern": pattern})
    letters = random.Random(pattern)
    texts = ["".join(letters.choice("ab1A-@. \né_") for _ in range(letters.randrange(6))) for _ in range(2_000)]
    assert missed(field, ("",), (), [*texts, *EVERY_TRAP]) == []


@given(st.lists(st.one_of(st.sampled_from(SIRETS), st.integers(0, 10**14 - 1).map(lambda n: f"{n:014}")), max_size=60))
@pytest.mark.parametrize("name", ["french-siret-value", "french-siren-value"])
def test_no_wrong_key_of_an_identifier_is_cleared(name: str, texts: list[str]):
    check = CustomCheck(name, {"column": "x"})
    assert missed(Field("x"), ("",), (check,), texts) == []
    assert missed(Field("x", constraints={"pattern": r"^\d{14}$"}), ("",), (check,), texts) == []
    posts = ["356000000" + text[:5] for text in texts]
    assert missed(Field("x"), ("",), (check,), posts) == []


@given(st.lists(st.sampled_from(EVERY_TRAP), max_size=40))
@pytest.mark.parametrize("name", sorted(VALUE_CHECKS))
def test_no_cell_is_cleared_wrongly_by_a_national_check(name: str, texts: list[str]):
    check = CustomCheck(name, {"column": "x", "allow-year-only": "yes"})
    assert missed(Field("x"), ("", "NC"), (check,), texts) == []


@pytest.mark.parametrize(
    "field",
    [
        Field("x", constraints={"required": True}),
        Field("x", constraints={"required": True, "pattern": "a*"}),
        Field("x", "number", constraints={"required": True}),
        Field("x", "date", constraints={"required": True}),
        Field("x", format="uri", constraints={"required": True}),
    ],
)
@pytest.mark.parametrize("missing", [("",), ("", "a", "0"), ("-",), (), ("aa", "1")])
def test_a_required_cell_that_counts_as_empty_is_never_cleared(field: Field, missing: tuple[str, ...]):
    assert missed(field, missing, (), ["", "a", "0", "-", "aa", "1", "2024-01-31", "http://a"]) == []


@pytest.mark.parametrize("bound", [float("nan"), float("inf"), True, "5", 10**30, 1e300, 5e-324, 123456789012345678])
def test_a_strange_bound_clears_nothing_wrongly(bound: object):
    for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        try:
            assert (
                missed(Field("x", "number", constraints={name: bound}), ("",), (), ["1", "5", "9" * 15, "-1", "5.0"])
                == []
            )
        except TablesError:
            continue


def test_right_cells_are_cleared_without_being_read_one_by_one():
    right = [
        (Field("x", constraints={"maxLength": 3}), ["abc", "é"]),
        (Field("x", constraints={"pattern": r"^\d{14}$"}), ["21340172200011"]),
        (Field("x", constraints={"pattern": r"^[A-Z]+-\d+(\|[A-Z]+-\d+)*$"}), ["AB-12|C-3", "A-1"]),
        (Field("x", "date"), ["2024-01-31", "1999-12-28"]),
        (Field("x", "number", constraints={"minimum": 0}), ["1500.00", "0"]),
        (Field("x", "datetime"), ["2024-01-31T10:00:00Z"] * 2),
        (Field("x", format="email"), ["contact@asso.example.fr"]),
        (Field("x", format="uri"), ["https://www.valmont.example/a.html", "http://a.fr/b"]),
        (Field("x", format="uuid"), ["0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20"]),
        (Field("x", "year"), ["2024"]),
    ]
    for field, texts in right:
        suspects = kernel_of(field, ("",), ())(column([*texts, ""], before=2))
        assert suspects is not None, field
        assert suspects.size == 0, field


def test_an_empty_batch_has_no_suspects():
    empty = column([])
    for field in [
        Field("x"),
        Field("x", "date"),
        Field("x", "number"),
        Field("x", format="uri"),
        Field("x", "datetime"),
    ]:
        suspects = kernel_of(field, ("",), ())(empty)
        assert suspects is None or not suspects.size
    high, low = hashes_of(empty, 1)
    assert (high.size, low.size) == (0, 0)


def test_the_shapes_kept_of_a_column_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kernels, "_HELD_SHAPES", 10_000)
    judge = kernel_of(Field("x", constraints={"pattern": "[a-z ]+"}), ("",), ())
    chance = random.Random(1)
    tracemalloc.start()
    try:
        held = []
        for _ in range(2):
            for _ in range(20):
                texts = ["".join(chance.choice("a ") for _ in range(200)) for _ in range(100)]
                suspects = judge(column(texts))
                assert suspects is not None
                assert not suspects.size
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert held[1] - held[0] < 100_000


@given(
    st.lists(st.one_of(st.binary(max_size=20), st.integers(0, 700).map(lambda n: b"\0" * n)), max_size=40),
    st.integers(0, 2**64 - 1),
)
def test_cells_have_the_same_hash_when_they_are_the_same_and_only_then(raws: list[bytes], salt: int):
    array = pa.array([b"avant", *raws, *raws[::-1]], pa.binary()).slice(1)
    high, low = hashes_of(Column(array), salt)
    assert high.size == 2 * len(raws)
    by_hash: dict[tuple[int, int], bytes] = {}
    for raw, pair in zip([*raws, *raws[::-1]], zip(high.tolist(), low.tolist(), strict=True), strict=True):
        assert by_hash.setdefault(pair, raw) == raw
    assert len(by_hash) == len(set(raws))


@given(st.lists(st.one_of(cells("number"), st.just("")), max_size=40))
def test_plain_numbers_are_read_as_floats_and_all_others_told(texts: list[str]):
    odd, values, rows = numbers_of(column(texts, before=1))
    told = set(odd.tolist()) | set(rows.tolist()) | {index for index, text in enumerate(texts) if not text}
    assert told == set(range(len(texts)))
    if values is not None:
        for row, value in zip(rows.tolist(), values.tolist(), strict=True):
            assert float(texts[row]) == value
