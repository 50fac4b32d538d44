"""Our verdicts are frictionless': same rows, fields and error types on any table, and our two engines say one thing.

Departures, each with its test below (exact.py lists them): each branch of « a|b » is anchored on both sides; a cell that
crashes frictionless is a fault of type; an endless pattern is given up; a free date has 200 characters at most; a
foreign key needs all its columns. And a row blank but for cells in excess is not called blank.
"""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tables_factory import against, content_of, facts_of, issue, schema_of
from tables_oracle import both_engines, faults_of, frictionless_faults, frictionless_reader, plain, same_as_frictionless
from tables_strategies import EVERY_TRAP, Drawn, tables_of_every_kind

from opendata_check import schemas, tables
from opendata_check.model.facts import TableFacts
from opendata_check.model.schema import Field, ForeignKey, SchemaMatch, TableSchema
from opendata_check.tables import columnar
from opendata_check.tables.exact import exact_reader

SCHEMAS = [plain(schemas.load(*key)) for key in [
    ("scdl/deliberations", ""), ("scdl/subventions", ""), ("etalab/schema-bal", "1.4.0"), ("etalab/schema-bal", "1.5.0"),
]]  # fmt: skip

OTHER_TYPES = schema_of(
    Field("courriel", format="email", constraints={"minLength": 3}),
    Field("mesure", "number", constraints={"minimum": -5, "maximum": 0.3}, options={"decimalChar": ","}),
    Field("annee", "year"),
    Field("quand", "datetime"),
    Field("jour", "date", "%d/%m/%Y"),
    Field("position", "geopoint"),
    Field("drapeau", "boolean"),
    Field("code", constraints={"pattern": "(a|b)x?", "maxLength": 3}),
    Field("entier", "integer", constraints={"enum": ["1", "2"]}),
    missing_values=("", "NC"),
)
QUIET_TRAPS = [cell for cell in EVERY_TRAP if cell != "sNaN"]
"""But for the one that crashes frictionless where a number has a bound."""
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@st.composite
def national_tables(draw: st.DrawFn) -> tuple[TableSchema, bytes]:
    """Draw a few columns of a national schema, filled with its own examples and with traps."""
    schema = draw(st.sampled_from([*SCHEMAS, OTHER_TYPES]))
    fields = draw(st.lists(st.sampled_from(schema.fields), min_size=1, max_size=6, unique_by=lambda f: f.name))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])))
    writer.writerow([field.name for field in fields])
    for _ in range(draw(st.integers(0, 6))):
        row = [draw(st.one_of(st.just(field.example), st.sampled_from(QUIET_TRAPS))) for field in fields]
        shape = draw(st.sampled_from(["right"] * 6 + ["short", "long", "blank", "line"]))
        writer.writerow(
            {"short": row[:-1] or row, "long": [*row, "de trop"], "blank": [""] * len(row), "line": []}.get(shape, row)
        )
    return schema, stream.getvalue().encode()


@settings(untimed, max_examples=40)
@given(national_tables())
def test_tables_of_national_schemas_get_frictionless_verdicts(tmp_path: Path, generated: tuple[TableSchema, bytes]):
    schema, data = generated
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    same_as_frictionless(path, facts_of(data), schema)


@pytest.mark.parametrize("block", [4 << 20, 120])
@settings(untimed, max_examples=70)
@given(drawn=tables_of_every_kind())
def test_tables_of_every_kind_get_frictionless_verdicts(tmp_path: Path, block: int, drawn: Drawn):
    path = tmp_path / "t.csv"
    path.write_bytes(drawn.data)
    facts = facts_of(drawn.data, delimiter=drawn.delimiter, quotechar=drawn.quotechar, header_row=drawn.header_row)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "BLOCK_BYTES", block)
        try:
            both_engines(path, facts, drawn.schema)
        except tables.TablesError:
            return  # a bound that its own field cannot read: tested apart
        try:
            same_as_frictionless(path, facts, drawn.schema)
        except (ArithmeticError, TypeError):
            return  # frictionless crashes on a cell: tested apart


_RAW = st.text('ab1,,;""\'\n\n\r \t\u2028\x0b\x1cé', max_size=60)


@settings(untimed, max_examples=150)
@given(_RAW)
@example('1,"x\ny"\na,"\r","\n"\n')
@example('a\u2028b,"x\ny",z\n1\n')
@example('"\r","\n"\n1\n')
@example('"a""b"c"d",1\n')
@example("a,b")
@example('1",,"\r')
@example('1\0,"x\0\n"\n\0,"""\0\r"\n')
def test_any_text_is_cut_into_cells_as_frictionless_cuts_it(tmp_path: Path, text: str):
    schema = schema_of(
        Field("a", constraints={"enum": ["a"]}), Field("b", "integer", constraints={"required": True, "unique": True})
    )
    path = tmp_path / "t.csv"
    path.write_bytes(("a,b\n" + text).encode())
    same_as_frictionless(path, facts_of(path.read_bytes()), schema)


@pytest.mark.parametrize("header", ['"a\nx",b\n', 'a,"b\r\ny"\r\n', 'Titre\n"a\n\nx",b\n', "a,b\r", '\ufeff"a",b\n'])
def test_a_header_of_several_lines_or_none_at_the_end_is_read_whole(tmp_path: Path, header: str):
    row = 2 if header.startswith("Titre") else 1
    data = (header + '1,2\n"x\ny",z\n,z\n').encode()
    names = next(csv.reader(io.StringIO(header.split("\n", row - 1)[-1].lstrip("\ufeff"), newline="")))
    schema = schema_of(*(Field(name, "integer", constraints={"required": True}) for name in names))
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    assert len(same_as_frictionless(path, facts_of(data, header_row=row), schema)) == 4


@settings(untimed, max_examples=15)
@given(st.data())
def test_every_trap_in_every_national_field_gets_frictionless_verdict(tmp_path: Path, data: st.DataObject):
    schema = data.draw(st.sampled_from([*SCHEMAS, OTHER_TYPES]))
    field = data.draw(st.sampled_from(schema.fields))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([field.name, "hors_schema"])
    writer.writerows([trap, "x"] for trap in QUIET_TRAPS)
    path = tmp_path / "t.csv"
    path.write_bytes(stream.getvalue().encode())
    same_as_frictionless(path, facts_of(path.read_bytes()), schema)


def test_departure_a_short_row_is_said_once_not_once_per_cell(tmp_path: Path):
    schema = schema_of(Field("a"), Field("b", constraints={"required": True}), Field("c", "integer"))
    validation = against(tmp_path, "a,b,c\nx\n", schema)
    assert [(i.rule, i.column) for i in validation.issues] == [("missing_cell", "")]


def test_departure_a_row_blank_but_for_cells_in_excess_is_not_blank(tmp_path: Path):
    schema = schema_of(Field("a"), Field("b", constraints={"required": True}))
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n,,perdu\n")
    facts = facts_of(path.read_bytes())
    assert frictionless_faults(path, facts, schema) == [(2, "", "blank-row")]
    _, found = both_engines(path, facts, schema)
    assert faults_of(found, facts) == [(2, "", "extra-cell"), (2, "b", "constraint-error")]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        (Field("n", "number", constraints={"minimum": 0}), "sNaN"),
        (Field("n", "datetime", constraints={"minimum": "2024-01-01T00:00:00Z"}), "2024-05-05T00:00:00"),
    ],
)
def test_departure_a_cell_that_crashes_frictionless_is_a_fault_of_type(tmp_path: Path, field: Field, cell: str):
    with pytest.raises((ArithmeticError, TypeError)):
        frictionless_reader(field, ("",))(cell)
    assert issue(against(tmp_path, f"n,o\n{cell},x\n", schema_of(field)), "type").count == 1


@pytest.mark.parametrize(
    ("field", "cell", "repeated"),
    [
        (Field("n", "array", constraints={"unique": True}), "[1]", True),
        (Field("n", "object", constraints={"unique": True}), "{}", True),
        (Field("n", "list", constraints={"unique": True}), "a;b", True),
        (Field("n", "number", constraints={"unique": True}), "sNaN", True),
        (Field("n", "number", constraints={"unique": True}), "NaN", False),
    ],
)
def test_departure_a_key_that_crashes_frictionless_is_compared_as_text(
    tmp_path: Path, field: Field, cell: str, repeated: bool
):
    path = tmp_path / "t.csv"
    path.write_text(f"n,o\n{cell},x\n{cell},x\n", encoding="utf-8")
    facts = facts_of(path.read_bytes())
    if repeated:
        with pytest.raises((ArithmeticError, TypeError)):
            frictionless_faults(path, facts, schema_of(field))
    _, found = both_engines(path, facts, schema_of(field))
    assert [(fault.row, fault.rule) for fault in found] == ([(3, "unique")] if repeated else [])


@pytest.mark.parametrize("pattern", ["a|b", "oui|ouais", "^a$|^b$", "01|02", "a|", "(?:a|b)|c"])
def test_departure_each_branch_of_an_alternative_is_anchored_on_both_sides(pattern: str):
    ours = exact_reader(Field("x", constraints={"pattern": pattern}), ("",))
    grouped = exact_reader(Field("x", constraints={"pattern": f"(?:{pattern})"}), ("",))
    for cell in [*EVERY_TRAP, "ax", "xb", "oui!", "ouais", "non ouais", "01x", "x02", "c"]:
        assert ours(cell) == grouped(cell)


@pytest.mark.parametrize("columnar_engine", [False, True])
@pytest.mark.parametrize("pattern", ["(a+)+", "(a|aa)+$", r"(\w+\s?)*", "(?i:(a*)*)", "a*" * 9 + "b"])
def test_departure_an_endless_pattern_is_given_up_within_a_second(tmp_path: Path, pattern: str, columnar_engine: bool):
    schema = schema_of(Field("x", constraints={"pattern": pattern}), Field("y"))
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"{'a' * (40_000 + n)}!,\n" for n in range(30)) + "§,\n", encoding="utf-8")
    facts = facts_of(path.read_bytes())
    start = time.process_time()
    validation = tables.validate(content_of(path), facts, SchemaMatch(schema, 1, "declared"), columnar=columnar_engine)
    assert time.process_time() - start < 3
    told = {found.rule: found.count for found in validation.issues}
    assert sum(told.values()) == 31
    if "pattern_timeout" in told:
        assert not validation.complete
        assert "trop long" in validation.note
    assert told["pattern"] >= 1  # a short cell is judged all the same


def test_departure_a_free_date_has_two_hundred_characters_at_most():
    field = Field("d", "date", "any")
    padded = "2024-01-31" + " " * 200
    assert frictionless_reader(field, ("",))(padded)[1] == ()
    assert exact_reader(field, ("",))(padded) == (None, ("type",))
    assert exact_reader(field, ("",))(padded[:200])[1] == ()


def test_departure_a_foreign_key_is_judged_when_the_file_has_all_its_columns(tmp_path: Path):
    schema = replace(schema_of(Field("a"), Field("b"), Field("c")), foreign_keys=(ForeignKey(("a",), "", ("b",)),))
    path = tmp_path / "t.csv"
    for text, expected in [("a,b\nx,y\ny,x\nz,z\nw,\n", [(5, "", "foreign-key")]), ("a,c\nx,y\n", [])]:
        path.write_text(text, encoding="utf-8")
        facts = facts_of(path.read_bytes())
        _, found = both_engines(path, facts, schema)
        assert faults_of(found, facts) == expected


@pytest.mark.parametrize(
    "field",
    [
        Field("a", "inconnu"),
        Field("a", constraints={"pattern": "("}),
        Field("a", constraints={"pattern": "(?i)a"}),
        Field("a", constraints={"pattern": "a" * 20_000}),
        Field("a", constraints={"maxLength": "dix"}),
        Field("a", "date", constraints={"minimum": "hier"}),
        Field("a", "integer", constraints={"minimum": 0.5}),
        Field("a", "integer", constraints={"enum": 3}),
    ],
)
@pytest.mark.parametrize("columnar_engine", [False, True])
def test_a_field_that_makes_no_sense_is_a_tables_error(tmp_path: Path, field: Field, columnar_engine: bool):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\nx,y\n2024-01-31,y\n12,y\n")
    facts = facts_of(path.read_bytes())
    with pytest.raises(tables.TablesError, match=r"ne peut pas être contrôlé|ne se lit pas"):
        tables.validate(content_of(path), facts, SchemaMatch(schema_of(field), 1, "declared"), columnar=columnar_engine)


def test_rows_of_every_width_and_several_lines_keep_their_numbers(tmp_path: Path, engine: Counter[str]):
    rows = [
        "1,2", '"x\ny",2', '1,2,"a\r\nb"', "x,2", '"x\n\n"', "x,2", '3,"\r"', '"\n",4', ",", "", '"1\n', '",5', "x",
        "x,6,7", "x,7",
    ]  # fmt: skip
    schema = schema_of(Field("a", "integer"), Field("b", constraints={"required": True, "unique": True}))
    path = tmp_path / "t.csv"
    for times in (1, 400):
        path.write_bytes(("a,b\n" + "\n".join(rows * times)).encode())
        facts = facts_of(path.read_bytes())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(columnar, "BLOCK_BYTES", 200)
            same_as_frictionless(path, facts, schema)
            _, found = both_engines(path, facts, schema)
        starts = dict(zip(range(2, 10**6), _starts(path.read_bytes().decode()), strict=False))
        assert all(fault.line == starts[fault.row] for fault in found)
    assert engine == {"columns": 4}


def _starts(text: str) -> list[int]:
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    starts, line = [], reader.line_num + 1
    for _ in reader:
        starts.append(line)
        line = reader.line_num + 1
    return starts


def _shared_tables(shared: Path) -> list[tuple[Path, dict[str, Any]]]:
    mutations = shared / "samples" / "mutations"
    special: dict[str, dict[str, Any]] = {
        "02_latin1_semicolon.csv": {"encoding": "cp1252", "delimiter": ";"},
        "04_utf16.csv": {"encoding": "utf-16"},
        "36_title_rows.csv": {"header_row": 3},
    }
    skipped = {"34_empty.csv", "08_header_lower.csv"}  # no table; labels frictionless would not pair
    found = [(p, special.get(p.name, {})) for p in sorted(mutations.glob("*.csv")) if p.name not in skipped]
    found += [(p, {}) for p in sorted((shared / "samples" / "derived").glob("*scdl.csv")) if "prenoms" not in p.name]
    examples = shared / "samples" / "examples" / "betagouv+SCDL-Subvention-DataSubvention"
    found += [(p, {}) for p in sorted(examples.glob("exemples__*.csv"))]
    bal = shared / "peers" / "validateur-bal" / "lib" / "validate" / "__tests__"
    found += [(p, {"delimiter": ";"}) for p in sorted(bal.glob("1.*/data/*.csv")) if "relax" not in p.name]
    ban = shared / "portals" / "ban"
    return found + [(p, {"delimiter": ";"}) for p in sorted(ban.glob("*.csv"))]


@pytest.mark.shared
def test_shared_samples_get_frictionless_verdicts(shared: Path):
    compared = 0
    for path, options in _shared_tables(shared):
        facts = facts_of(path.read_bytes(), **options)
        assert isinstance(facts.table, TableFacts)
        match = schemas.recognise(facts.table.labels)
        assert match is not None, path
        same_as_frictionless(path, facts, plain(match.schema))
        compared += 1
    assert compared > 40
