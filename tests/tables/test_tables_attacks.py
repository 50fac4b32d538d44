"""Files made to break the engine: both ways of reading them end in time, within memory, and agree."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_factory import content_of, facts_of, issue, lines_of, schema_of
from tables_oracle import both_engines, listed, same_as_frictionless

from opendata_check import tables
from opendata_check.model.facts import Dialect
from opendata_check.model.schema import Field, SchemaMatch
from opendata_check.tables import batches, columnar, keys, listing
from opendata_check.tables.listing import Listing

SCHEMA = schema_of(
    Field("a", "integer", constraints={"required": True}), Field("b", constraints={"maxLength": 5}), Field("c", "date")
)
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, data: bytes | str) -> Path:
    path = folder / "attaque.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("after", [3, 400, 150_000])
def test_a_quote_never_closed_is_read_alike(tmp_path: Path, seen: bool, after: int):
    good = "1,x,2024-01-31\n"
    path = written(tmp_path, "a,b,c\n" + good * 2 + '1,"x,2024-01-31\n' + "1,longer,hier\n" * after)
    facts = facts_of(path.read_bytes(), unclosed_quote_row=4 if seen else None)
    validation, _ = both_engines(path, facts, SCHEMA)
    assert validation.complete is not (seen or after == 150_000)


@pytest.mark.parametrize("size", [900_000, 1_500_000, 5_000_000])
@pytest.mark.parametrize("letter", ["x", "é", '""', "\n"])
def test_a_huge_cell_is_read_alike(tmp_path: Path, size: int, letter: str):
    cell = letter * (size // len(letter))
    path = written(tmp_path, f'a,b,c\n1,x,hier\n2,"{cell}",2024-01-31\nx,y,z\n')
    validation, found = both_engines(path, facts_of(path.read_bytes()), SCHEMA)
    assert all(len(fault.value) <= 1_000 for fault in found)
    assert validation.complete is (len(cell) < 1_999_000)


def test_characters_without_a_shape_are_read_alike(tmp_path: Path):
    odd = ["\0", "\x1a", "\x85", "\u2028", "\ufeff", "\U0010ffff", "\x0b", "\x1c", "a\0b"]
    path = written(tmp_path, "a,b,c\n" + "".join(f"1{mark},{mark}{mark},2024-01-3{mark}\n{mark},,\n" for mark in odd))
    same_as_frictionless(path, facts_of(path.read_bytes()), SCHEMA)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_byte_of_another_encoding_late_in_a_file_is_told_alike(tmp_path: Path, known: bool, line_end: str):
    rows = [f"{number},é,2024-01-31" for number in range(30_000)]
    data = line_end.join(["a,b,c", *rows]).encode()
    lines = data.split(line_end.encode())
    for number in (20_000, 20_001, 29_000):
        lines[number] = lines[number].replace("é".encode(), b"\xe9\xe9\xe9\xe9\xe9\xe9")
    path = written(tmp_path, line_end.encode().join(lines))
    facts = facts_of(path.read_bytes(), undecodable_line=20_001 if known else None)
    validation, found = both_engines(path, facts, SCHEMA)
    assert [fault.line for fault in found if fault.rule == "max_length"] == [20_001, 20_002, 29_001]
    if known:
        assert lines_of(issue(validation, "encoding")) == [20_001, 20_002, 29_001]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "mac_roman", "cp850", "latin-1"])
def test_a_large_file_of_another_encoding_is_read_alike(tmp_path: Path, encoding: str, engine: Counter[str]):
    text = "a,b,c\r\n" + "".join(f'{number},"éçà\r\nù",2024-01-3{number % 3}\r\n' for number in range(30_000))
    path = written(tmp_path, text.encode(encoding))
    _, found = both_engines(path, facts_of(path.read_bytes(), encoding=encoding), SCHEMA)
    assert len(found) == 40_000
    assert engine == {"columns": 1}


@settings(untimed, max_examples=60)
@given(
    st.binary(max_size=300), st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-16-be", "cp850"]), st.integers(20, 400)
)
def test_any_bytes_are_read_alike(tmp_path: Path, data: bytes, encoding: str, block: int):
    raw = "a,b,c\n".encode(encoding) + data
    path = written(tmp_path, raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "BLOCK_BYTES", block)
        both_engines(path, facts_of(raw, encoding=encoding, undecodable_line=2), SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c",
        "a,b,c\n",
        "a,b,c\r\n",
        "a,b,c\n\n",
        "a,b,c\n\n\n\n",
        "a,b,c\n,,\n",
        "a,b,c\n1,2,3,4\n",
        "a\n",
        "a\n\n1\n \nx\n",
        "a",
    ],
)
def test_files_with_hardly_anything_in_them_are_read_alike(tmp_path: Path, text: str):
    path = written(tmp_path, text)
    same_as_frictionless(path, facts_of(path.read_bytes()), SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        '1,"a\r\nb",c\r\n22,"dd\r\nee",f\r\n"\r\n","\r\n\r\n",""\r\n' * 3,
        '1,"a\rb",c\r22,"""\r",f\r"\r","\r\n",""\r' * 3,
        '1\0,"a\0\n""b",c\n2,"\0"" \n",\0\n,"x\0\n\n""\n",\0' * 2,
        '1,"é😀\r\n",x\r\nd,"\r\n😀"\r\n' * 4,
    ],
)
def test_no_character_is_lost_where_two_blocks_meet(tmp_path: Path, text: str):
    path = written(tmp_path, "a,b,c\r\n" + text)
    facts = facts_of(path.read_bytes())
    schema = schema_of(*(Field(name, constraints={"enum": ["jamais"]}) for name in "abc"))
    for block in range(20, 90):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(columnar, "BLOCK_BYTES", block)
            both_engines(path, facts, schema)


@pytest.mark.parametrize("quotechar", ['"', "'", ""])
@pytest.mark.parametrize("delimiter", ['"', "\n", "\r", "\0", " ", "a", "\x1f", "é", "\\", "'"])
def test_a_strange_dialect_is_read_alike(tmp_path: Path, delimiter: str, quotechar: str):
    rows = ["x,y", "1,2", '"b,c",3', "4", "'q,r',5", "", "6,7,8"]
    path = written(tmp_path, "\n".join(rows).replace(",", delimiter))
    facts = facts_of(b"x,y\n")
    assert facts.table is not None
    facts = replace(facts, table=replace(facts.table, dialect=Dialect(delimiter, quotechar)))
    both_engines(path, facts, schema_of(Field("x", "integer"), Field("y", "integer", constraints={"unique": True})))


def test_five_thousand_columns_are_read_alike(tmp_path: Path, engine: Counter[str]):
    names = [f"c{number}" for number in range(5_000)]
    kinds = ("string", "integer", "date", "number", "boolean")
    schema = schema_of(
        *(Field(name, kinds[place % 5], constraints={"required": True}) for place, name in enumerate(names))
    )
    right = ["x", "1", "2024-01-31", "1.5", "true"] * 1_000
    wrong = ["", "x", "hier", "1;5", "oui"] * 1_000
    rows = [right] * 60 + [wrong, right[:2_500], [*right, "de trop"]]
    path = written(tmp_path, "\n".join(",".join(row) for row in [names, *rows]))
    start = time.process_time()
    _, found = both_engines(path, facts_of(path.read_bytes()), schema)
    assert time.process_time() - start < 12
    assert len(found) == 5_000 + 2_500 * 2 + 1
    assert engine == {"columns": 1}


def test_short_rows_below_five_thousand_columns_do_not_fill_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(batches, "MOST_IMPLIED", 60_000)
    names = [f"c{number}" for number in range(5_000)]
    path = written(tmp_path, ",".join(names) + "\n" + "x\n" * 5_000)
    schema = schema_of(*(Field(name, constraints={"required": True}) for name in names[:10]))
    facts = facts_of(path.read_bytes())
    for engine in (False, True):
        start = time.process_time()
        validation, found = listed(path, facts, schema, columnar=engine)
        assert time.process_time() - start < 4
        assert issue(validation, "missing_cell").count == 5_000
        assert Counter(fault.rule for fault in found)["missing_cell"] > 50_000
        assert len(found) == 5_000 + 60_000


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_rows_of_another_width_by_thousands_are_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
):
    monkeypatch.setattr(columnar, "_MANY_ODD", 1_000)
    monkeypatch.setattr(columnar, "BLOCK_BYTES", 30_000)
    step = round(1 / share)
    rows = [f"{number},x,2024-01-31" + ("," if number % step == 0 else "") for number in range(12_000)]
    rows[5_000], rows[5_001], rows[11_999] = 'x,"a\nb",hier,,', '1,"a\n\nb",hier', 'x,"\n'
    path = written(tmp_path, "a,b,c\n" + "\n".join(rows))
    _, found = both_engines(path, facts_of(path.read_bytes()), SCHEMA)
    assert next(fault.line for fault in found if fault.rule == "type" and fault.row == 5_002) == 5_002
    assert next(fault.line for fault in found if fault.rule == "type" and fault.row == 5_003) == 5_004
    assert max(fault.line for fault in found) == 12_004


def test_an_odd_row_holding_lines_and_separators_of_unicode_is_cut_as_csv_cuts_it(tmp_path: Path):
    path = written(tmp_path, 'a,b,c\n1,"x\ny",\u2028z\x0b,\x85w\x1c\n2,x\u2028,"c\nd",e\n3,x,2024-01-31\n')
    _, found = both_engines(path, facts_of(path.read_bytes()), SCHEMA)
    assert [(fault.line, fault.position, fault.value) for fault in found if fault.rule == "extra_cell"] == [
        (2, 3, "\x85w\x1c"),
        (4, 3, "e"),
    ]


def test_an_odd_row_with_a_cell_of_two_hundred_thousand_characters_is_read(tmp_path: Path, engine: Counter[str]):
    path = written(tmp_path, f"a,b,c\n1,{'x' * 200_000},2024-01-31,de trop\n2,y,hier\n")
    _, found = both_engines(path, facts_of(path.read_bytes()), SCHEMA)
    assert [(fault.row, fault.rule) for fault in found] == [(2, "extra_cell"), (2, "max_length"), (3, "type")]
    assert engine == {"columns": 1}


@pytest.mark.parametrize(
    "pattern", ["a*a*a*b", "(a*,?)*b", r"[\w.]*@?[\w.]*\.?[\w.]*x", "(.*)(.*)(.*)(.*)z", "a?" * 30 + "a" * 30]
)
def test_many_open_repeats_on_a_cell_of_a_million_characters_end_in_time(tmp_path: Path, pattern: str):
    schema = schema_of(Field("a", constraints={"pattern": pattern}), Field("b"))
    path = written(tmp_path, "a,b\n" + f"{'a' * 1_000_000},x\n" * 3 + f"{'a' * 500},x\n" + "b,x\nab,x\n")
    start = time.process_time()
    validation, _ = both_engines(path, facts_of(path.read_bytes()), schema)
    assert time.process_time() - start < 6
    assert validation.row_count == 6


def test_two_million_unique_keys_need_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Counter[str]
):
    monkeypatch.setattr(keys, "HELD_KEYS", 20_000)
    path = tmp_path / "cles.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("k,t\n")
        for start in range(0, 2_000_000, 100_000):
            stream.write("".join(f"V{number},x\n" for number in range(start, start + 100_000)))
        stream.write("V12,x\nV1999999,y\nV2000001,z\n")
    schema = schema_of(Field("k", constraints={"unique": True}), Field("t"))
    _, found = listed(path, facts_of(b"k,t\n"), schema, columnar=True)
    assert [(fault.row, fault.line, fault.value) for fault in found] == [
        (2_000_002, 2_000_002, "V12"),
        (2_000_003, 2_000_003, "V1999999"),
    ]
    assert engine == {"columns": 1}


@pytest.mark.parametrize("by_columns", [False, True])
def test_a_listing_that_spills_is_the_one_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_columns: bool
):
    rows = [f"{'x' if number % 3 else number},{'long' * (number % 4)},{number % 7}" for number in range(6_000)]
    rows[100:100] = ["", "1", "1,2,3,4,5", '"x\ny",z,hier']
    path = written(tmp_path, "a,b,c\n" + "\n".join(rows))
    schema = replace(
        schema_of(*(replace(field, constraints={**field.constraints, "unique": True}) for field in SCHEMA.fields)),
        primary_key=("c",),
    )
    facts = facts_of(path.read_bytes())
    held = listed(path, facts, schema, columnar=by_columns)
    monkeypatch.setattr(listing, "_HELD_BYTES", 500)
    monkeypatch.setattr(listing, "_HELD_LATE", 500)
    monkeypatch.setattr(listing, "_PIECE", 7)
    monkeypatch.setattr(columnar, "BLOCK_BYTES", 5_000)
    assert listed(path, facts, schema, columnar=by_columns) == held
    monkeypatch.setattr(listing, "_SORTED_AT_ONCE", 3)
    assert listed(path, facts, schema, columnar=by_columns) == held


def test_late_faults_are_listed_by_row_whatever_the_order_they_came_in():
    found = Listing()
    found.add("type", 0, [5], [5], ["x"])
    found.end_batch()
    for rows in ([7, 9], [1, 5, 8], [2]):
        found.add("unique", 1, rows, rows, ["y"] * len(rows), late=True)
    assert [(fault.row, fault.rule) for fault in found] == [
        (1, "unique"), (2, "unique"), (5, "type"), (5, "unique"), (7, "unique"), (8, "unique"), (9, "unique"),
    ]  # fmt: skip
    found.close()


def test_a_reading_given_up_leaves_no_trace_in_the_listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Counter[str]
):
    monkeypatch.setattr(columnar, "BLOCK_BYTES", 4_000)
    path = written(tmp_path, "a,b,c\n" + "x,y,z\n" * 3_000 + f'1,"{"q" * 1_500_000}",2024-01-31\n' + "x,y,z\n" * 10)
    validation, found = both_engines(path, facts_of(path.read_bytes()), SCHEMA)
    assert len(found) == 6_021
    assert validation.row_count == 3_011
    assert engine == {"rows": 1}


def test_nothing_is_said_on_the_error_stream(tmp_path: Path):
    path = written(tmp_path, "a,b,c\n" + '"x\n1,2,3\n4,5,6\n7,8,9,"10\n' * 5 + "1,2,3,4\n" * 30_000)
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from tables_factory import content_of, facts_of
from test_tables_attacks import SCHEMA
from opendata_check import tables
from opendata_check.model.schema import SchemaMatch
path = Path({str(path)!r})
tables.validate(content_of(path), facts_of(path.read_bytes()), SchemaMatch(SCHEMA, 1, "declared"), columnar=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2], capture_output=True
    )
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize("row", ["x{n},{n},hier", "1,VVVVVVVV,{n}", "{n},x,2024-01-31,", "{n}"])
def test_memory_does_not_grow_with_a_file_read_by_columns(tmp_path: Path, row: str):
    script = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from dataclasses import replace
from tables_factory import content_of, facts_of
from test_tables_attacks import SCHEMA
from opendata_check import tables
from opendata_check.model.schema import SchemaMatch
from opendata_check.tables import columnar, key_columns, keys, listing
from opendata_check.tables.listing import Listing
columnar.BLOCK_BYTES, listing._HELD_BYTES, keys.HELD_KEYS, key_columns._KEPT_BYTES = 1 << 18, 2_000_000, 20_000, 500_000
path = Path(sys.argv[2])
unique = [replace(f, constraints={"unique": True}) if f.name == "b" else f for f in SCHEMA.fields]
match = SchemaMatch(replace(SCHEMA, fields=tuple(unique)), 1, "declared")
found = Listing()
tables.validate(content_of(path), facts_of(b"a,b,c\\n"), match, listing=found, columnar=True)
assert sum(1 for _ in found) == found.count
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
    peaks = []
    for count in (10_000, 40_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("a,b,c\n")
            stream.writelines(row.format(n=number) + "\n" for number in range(count))
        command = [sys.executable, "-c", script, str(Path(__file__).parent), str(path)]
        done = subprocess.run(command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 30, peaks


def test_rows_are_still_read_by_columns_when_asked(tmp_path: Path, engine: Counter[str]):
    path = written(tmp_path, "a,b,c\n1,x,2024-01-31\n")
    match = SchemaMatch(SCHEMA, 1, "declared")
    facts = facts_of(path.read_bytes())
    assert tables.validate(content_of(path), facts, match, columnar=True).valid
    assert tables.validate(content_of(path), facts, match).valid
    assert engine == {"columns": 1}
