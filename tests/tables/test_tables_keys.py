"""Repeated values, primary keys and foreign keys: those frictionless finds, in any batch, in bounded memory."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_factory import against, facts_of, issue, lines_of, schema_of
from tables_oracle import both_engines, faults_of, same_as_frictionless

from opendata_check.model.schema import Field, ForeignKey, TableSchema
from opendata_check.tables import columnar, key_columns, keys
from opendata_check.tables.keys import OFFERED, SeenKeys, Spill, canonical

POOLS: dict[str, tuple[Field, list[str]]] = {
    "string": (Field("k"), ["a", "b", "A", "é", "e\u0301", " a", "a ", "", "NC", "long " * 110, "long " * 109 + "lonG ", "1", "1.0", "x\ny"]),
    "integer": (Field("k", "integer"), ["1", "01", "+1", " 1 ", "1_0", "10", "-0", "0", "00", "1.0", "1.5", "1.5", "x", "", "NC", "9" * 30, "9" * 30 + "0", "2"]),
    "number": (
        Field("k", "number", constraints={"maximum": 5}),
        ["1", "1.0", "1.00", "1e0", "10e-1", "1" + ".0" + "0" * 20, "0", "-0", "0.0", "0." + "0" * 25, "0e50", "NaN", "NaN", "nan", "Inf", "-inf", "INF",
         "9007199254740993", "9007199254740992", "9007199254740993.0", "123456789012345", "123456789012345.00", "0.1", ".1", "0.10", "1e400", "10e399", "1e-400",
         "10e-401", "x", "", "NC", "-1", "100000000000000000000000", "1e23"],
    ),
    "number with marks": (Field("k", "number", options={"decimalChar": ",", "groupChar": " "}), ["1,0", "1", "1 0", "10", "10,00", "1.0", ""]),
    "float": (Field("k", "number", options={"floatNumber": True}), ["1", "1.0", "1e400", "inf", "0.1", "0.1000000000000000055", "-0", "0", "nan", ""]),
    "date": (Field("k", "date"), ["2024-01-05", "2024-1-5", "2024-01- 5", "٢٠٢٤-01-05", "2024-02-29", "2024-2-29", "2024-02-30", "2024-02-30", "", "NC", "0999-01-01"]),
    "french date": (Field("k", "date", "%d/%m/%Y"), ["5/1/2024", "05/01/2024", "05/1/2024", "x", ""]),
    "datetime": (
        Field("k", "datetime"),
        ["2024-01-31T10:00:00Z", "2024-01-31T12:00:00+02:00", "2024-01-31T10:00:00+00:00", "2024-01-31T10:00:00", "2024-01-31 10:00:00", "2024-01-31T10:00:00.0",
         "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", "0001-01-01T00:00:00+02:00", "x", ""],
    ),
    "time": (Field("k", "time"), ["10:00:00", "10:00:00.0", "10:00:00Z", "12:00:00+02:00", "01:00:00+02:00", "23:00:00Z", "00:00:00+01:00", "x", ""]),
    "year": (Field("k", "year"), ["2024", " 202", "+202", "0202", "202", "2024", ""]),
    "yearmonth": (Field("k", "yearmonth"), ["2024-01", "2024-1", " 2024 - 1 ", "2024-13", ""]),
    "boolean": (Field("k", "boolean"), ["true", "1", "True", "false", "0", "x", ""]),
    "geopoint": (Field("k", "geopoint"), ["1,2", "1.0, 2.00", "1e0,2", "-0,0", "0,0", "91,91", ""]),
    "duration": (Field("k", "duration"), ["P1D", "PT24H", "P0D", "PT0S", "P1Y", "P1Y", "x", ""]),
    "email": (Field("k", format="email"), ["a@b.fr", "A@b.fr", "a@b", "a@b", ""]),
    "any": (Field("k", "any"), ["1", "1.0", "a", ""]),
}  # fmt: skip
"""By name: a field, and cells among which some are equal once typed though written otherwise."""
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
_SHIFTS = (None, UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-11, minutes=-30)))


def written(path: Path, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(labels)
    writer.writerows(rows)
    path.write_bytes(stream.getvalue().encode())
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Make many small batches, and let few keys stay in memory."""
    monkeypatch.setattr(columnar, "BLOCK_BYTES", 2_000)
    return monkeypatch


@pytest.mark.parametrize("held", ["memory", "numpy", "spilled", "forgotten"])
@pytest.mark.parametrize("name", POOLS)
def test_repeated_values_are_those_frictionless_finds(
    tmp_path: Path, small: pytest.MonkeyPatch, engine: Counter[str], name: str, held: str
):
    if held != "memory":
        small.setattr(keys, "_FEW_KEYS", 1)
    if held == "spilled":
        small.setattr(keys, "HELD_KEYS", 50)
    if held == "forgotten":
        small.setattr(key_columns, "_KEPT_BYTES", 100)
    field, pool = POOLS[name]
    field = replace(field, constraints={**field.constraints, "unique": True})
    chance = random.Random(name)
    rows = [[cell, "x" * 40] for cell in pool * 2]
    rows += [[f"seul {number}", "x" * chance.randrange(60)] for number in range(120)]
    rows += [[chance.choice(pool)] * chance.choice([1, 1, 3]) for _ in range(20)]
    chance.shuffle(rows)
    path = written(tmp_path / "t.csv", ["k", "t"], rows)
    schema = schema_of(field, Field("t"), missing_values=("", "NC"))
    faults = same_as_frictionless(path, facts_of(path.read_bytes()), schema)
    assert any(kind == "unique-error" for _, _, kind in faults)
    assert engine["columns"] == 1


@settings(untimed, max_examples=40)
@given(st.lists(st.sampled_from(sorted(POOLS)), min_size=1, max_size=3, unique=True), st.randoms(use_true_random=False))
def test_primary_and_foreign_keys_of_any_types_get_frictionless_verdicts(
    tmp_path: Path, names: list[str], chance: random.Random
):
    columns = [replace(POOLS[name][0], name=f"k{n}") for n, name in enumerate(names)]
    pools = [POOLS[name][1] for name in names]
    rows = []
    for _ in range(chance.randrange(150)):
        row = [chance.choice(pool) for pool in pools] + ["x" * chance.randrange(30)]
        rows.append(row[: chance.choice([9, 9, 9, 9, 1])] + chance.choice([[], [], [], ["de trop"]]))
    path = written(tmp_path / "t.csv", [*(field.name for field in columns), "t"], rows)
    labels = [field.name for field in columns]
    schema = replace(
        schema_of(*columns, Field("t"), missing_values=("", "NC"), primary_key=tuple(labels)),
        foreign_keys=(
            ForeignKey((labels[0],), "", (labels[-1],)),
            ForeignKey(tuple(labels), "", tuple(reversed(labels))),
        ),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "BLOCK_BYTES", 2_000)
        patch.setattr(keys, "_FEW_KEYS", chance.choice([1, 50_000]))
        patch.setattr(keys, "HELD_KEYS", chance.choice([7, 1_500_000]))
        same_as_frictionless(path, facts_of(path.read_bytes()), schema)


def test_a_repeated_value_is_found_among_many_whether_its_row_is_of_the_right_width_or_not(
    tmp_path: Path, engine: Counter[str]
):
    rows = [[f"v{number}", "x"] for number in range(60_000)]
    rows[10] = ["v59000", "x", "de trop"]
    rows[30_000] = ["v5", "x"]
    rows[59_999] = ["v20000"]
    path = written(tmp_path / "t.csv", ["k", "t"], rows)
    schema = schema_of(Field("k", constraints={"unique": True}), Field("t"))
    facts = facts_of(path.read_bytes())
    _, found = both_engines(path, facts, schema)
    told = [(fault.row, fault.line, fault.value) for fault in found if fault.rule == "unique"]
    assert told == [(30_002, 30_002, "v5"), (59_002, 59_002, "v59000"), (60_001, 60_001, "v20000")]
    assert engine == {"columns": 1}


@settings(untimed, max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=200), st.sampled_from([3, 40, 10**6]), st.booleans()
)
def test_keys_kept_in_memory_or_not_are_told_alike(seen: list[tuple[int, bool]], room: int, few: bool):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "HELD_KEYS", room)
        patch.setattr(keys, "_FEW_KEYS", 1_000 if few else 0)
        spill = Spill()
        repeated, unanswered = SeenKeys(spill, 2), SeenKeys(spill, 2)
        for row, (key, offered) in enumerate(seen):
            repeated.add(b"%d" % key, row)
            unanswered.add(b"%d" % key, OFFERED if offered else row)
        before: set[int] = set()
        expected = [row for row, (key, _) in enumerate(seen) if key in before or before.add(key)]  # type: ignore[func-returns-value]
        assert sorted(repeated.repeated()) == expected
        answers = {key for key, offered in seen if offered}
        assert sorted(unanswered.unanswered()) == [
            row for row, (key, offered) in enumerate(seen) if not offered and key not in answers
        ]
        spill.close()


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-3, 3), st.text(max_size=3), st.dates(), st.decimals(allow_nan=False),
    st.sampled_from([Decimal("1"), Decimal("1.0"), Decimal("10"), Decimal("1e1"), Decimal("0e9"), Decimal("-0"), 0.0, 0.1, Decimal("0.1"), float("inf")]),
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2024, 1, 2), timezones=st.sampled_from(_SHIFTS)),
    st.times(timezones=st.sampled_from(_SHIFTS)), st.timedeltas(), st.tuples(st.integers(0, 2), st.sampled_from([Decimal("1"), Decimal("1.0")])),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_VALUES, min_size=1, max_size=3), st.lists(_VALUES, min_size=1, max_size=3))
def test_two_keys_share_their_bytes_exactly_when_they_are_equal(first: list[Any], second: list[Any]):
    same_hash = hash(tuple(first)) == hash(tuple(second))
    equal = tuple(first) == tuple(second) and same_hash
    assert (canonical(tuple(first)) == canonical(tuple(second))) is equal


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (time(10, tzinfo=UTC), time(12, tzinfo=timezone(timedelta(hours=2))), True),
        (datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1), False),
        (date(2024, 1, 1), datetime(2024, 1, 1), False),
        (True, Decimal("1.00"), True),
        ((Decimal("1"), 2), (1, Decimal("2.0")), True),
        ("1", 1, False),
        (None, "", False),
    ],
)
def test_some_keys_are_equal_though_written_otherwise(first: Any, second: Any, equal: bool):
    assert (canonical((first,)) == canonical((second,))) is equal
    assert canonical((first, "a")) != canonical((first, "b"))
    assert canonical((float("nan"),)) is None
    assert canonical(((Decimal("NaN"), 1),)) is None


def test_empty_and_repeated_keys_are_counted_together_whatever_their_number(tmp_path: Path):
    rows = [["", "x"] if number % 2 else [str(number // 4), "x"] for number in range(48_000)]
    path = written(tmp_path / "t.csv", ["k", "t"], rows)
    schema = schema_of(Field("k"), Field("t"), primary_key=("k",))
    validation, _ = both_engines(path, facts_of(path.read_bytes()), schema)
    assert issue(validation, "primary_key").count == 24_000 + 12_000


def test_lines_of_repeated_values_are_right_below_cells_of_several_lines(tmp_path: Path):
    schema = schema_of(Field("k", constraints={"unique": True}), Field("t"))
    text = 'k,t\n1,"a\nb"\n2,x\n1,"c\n\nd"\n"2\n",x\n2,x\n'
    validation = against(tmp_path, text, schema)
    assert lines_of(issue(validation, "unique")) == [5, 10]
    path = tmp_path / "donnees.csv"
    _, found = both_engines(path, facts_of(text.encode()), schema)
    assert [(fault.row, fault.line, fault.value) for fault in found] == [(4, 5, "1"), (6, 10, "2")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_repeated_value_is_shown_as_it_is_written(
    tmp_path: Path, small: pytest.MonkeyPatch, line_end: str, encoding: str
):
    small.setattr(key_columns, "_KEPT_BYTES", 0)
    schema = schema_of(Field("k", constraints={"unique": True}), Field("t"))
    path = tmp_path / "t.csv"
    path.write_bytes(
        line_end.join(["k,t", "é,x", *(f"{n},y" for n in range(400)), "é,z", '"é",z', ""]).encode(encoding)
    )
    facts = facts_of(path.read_bytes(), encoding=encoding)
    _, found = both_engines(path, facts, schema)
    assert [(fault.line, fault.value) for fault in found] == [(403, "é"), (404, "é")]


def test_a_lone_return_that_inspection_did_not_see_does_not_shift_repeated_values(tmp_path: Path):
    schema = schema_of(Field("k", constraints={"unique": True}), Field("t"))
    path = tmp_path / "t.csv"
    path.write_bytes(b"k,t\n1,x\n2,y\r3,z\n1,w\n3,v\n")
    facts = facts_of(path.read_bytes())
    assert facts.text is not None
    facts = replace(facts, text=replace(facts.text, line_ending="lf"))
    _, found = both_engines(path, facts, schema)
    assert [(fault.row, fault.line, fault.value) for fault in found] == [(5, 5, "1"), (6, 6, "3")]


def test_a_repeated_cell_of_half_a_million_characters_is_told(tmp_path: Path, small: pytest.MonkeyPatch):
    small.setattr(key_columns, "_KEPT_BYTES", 0)
    small.setattr(columnar, "BLOCK_BYTES", 4 << 20)
    schema = schema_of(Field("k", constraints={"unique": True}), Field("t"))
    path = written(
        tmp_path / "t.csv", ["k", "t"], [["x" * 300_000, "a"], ["x" * 300_000 + "y", "a"], ["x" * 300_000, "a"]]
    )
    _, found = both_engines(path, facts_of(path.read_bytes()), schema)
    assert [(fault.row, len(fault.value)) for fault in found] == [(4, 1_000)]


def many(schema: TableSchema, count: int) -> TableSchema:
    return replace(schema, fields=tuple(Field(f"c{n}", constraints={"unique": True}) for n in range(count)))


def test_many_unique_columns_share_memory_and_open_files(
    tmp_path: Path, small: pytest.MonkeyPatch, engine: Counter[str]
):
    small.setattr(keys, "HELD_KEYS", 20_000)
    small.setattr(columnar, "BLOCK_BYTES", 1 << 20)
    schema = many(schema_of(Field("x")), 300)
    rows = [[f"{row * 1_000 + place}" for place in range(300)] for row in range(300)]
    rows[250] = rows[3]
    path = written(tmp_path / "t.csv", [field.name for field in schema.fields], rows)
    facts = facts_of(path.read_bytes())
    validation, found = both_engines(path, facts, schema)
    assert len(validation.issues) == 300
    assert {fault.row for fault in found} == {252}
    assert faults_of(found, facts)[0] == (252, "c0", "unique-error")
    assert engine == {"columns": 1}
