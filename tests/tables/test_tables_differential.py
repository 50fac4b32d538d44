"""Our verdicts are frictionless': same (row, field, error type) sets on generated tables and on real ones, by both engines.

Departures, each with its test below: a row blank but for cells in excess is not called blank; a cell that crashes
frictionless is a fault of type; each branch of a pattern « a|b » is anchored on both sides.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_factory import against, content_of, facts_of, issue, schema_of

from opendata_check import schemas, tables
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import Field, SchemaMatch, TableSchema
from opendata_check.tables.exact import descriptor
from opendata_check.tables.listing import Listing
from opendata_check.tables.types import error_type

Faults = list[tuple[int, str, str]]


def plain(schema: TableSchema) -> TableSchema:
    """Return the schema with Table Schema's rules only, without the national checks frictionless does not know."""
    return replace(schema, checks=())


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


def frictionless_faults(path: Path, facts: ContentFacts, schema: TableSchema) -> Faults:
    """Return what frictionless.validate says of rows and cells, sorted."""
    import frictionless
    from frictionless import formats, resources

    assert facts.text is not None
    assert facts.table is not None
    assert facts.table.dialect is not None
    control = formats.CsvControl(
        delimiter=facts.table.dialect.delimiter, quote_char='"', double_quote=True, skip_initial_space=False
    )
    resource = resources.TableResource(
        path=path.name,
        basepath=str(path.parent),
        format="csv",
        encoding=facts.text.encoding,
        dialect=frictionless.Dialect(header_rows=[facts.table.header_row or 1], controls=[control]),
        detector=frictionless.Detector(schema_sync=True),
        schema=frictionless.Schema.from_descriptor(
            {
                "fields": [descriptor(f, schema.missing_values) for f in schema.fields],
                "missingValues": list(schema.missing_values),
                **({"primaryKey": list(schema.primary_key)} if schema.primary_key else {}),
            }
        ),
    )
    csv.field_size_limit(2**31 - 1)
    report = resource.validate(limit_errors=10**9)
    assert not report.errors, report.errors
    found = []
    for error in report.tasks[0].errors:
        if error.type in ("missing-label", "extra-label", "unmatched-header"):
            continue
        name = getattr(error, "field_name", "") if error.type != "primary-key" else ""
        found.append((error.row_number, name, error.type))
    return sorted(found)


def our_faults(path: Path, facts: ContentFacts, schema: TableSchema, *, columnar: bool) -> Faults:
    listing = Listing()
    validation = tables.validate(
        content_of(path), facts, SchemaMatch(schema, 1.0, "declared"), listing=listing, columnar=columnar
    )
    assert validation.complete, validation.note
    assert facts.table is not None
    names = dict(enumerate(label.lstrip("\ufeff") for label in facts.table.labels))
    types = [(fault.row, fault.position, error_type(fault.rule)) for fault in listing]
    assert [row for row, *_ in types] == sorted(row for row, *_ in types)
    return sorted((row, "" if kind == "primary-key" else names.get(place, ""), kind) for row, place, kind in types)


def both_engines(path: Path, facts: ContentFacts, schema: TableSchema) -> Iterator[Faults]:
    for columnar in (False, True):
        yield our_faults(path, facts, schema, columnar=columnar)


TRAPS = [
    "", " ", "\u00a0", "NC", "0", "-0", "1", "01", " 12 ", "12\n", "1_000", "1.5", "1,5", ".5", "5.", "1e5", "1E-400", "NaN", "-nan",
    "Inf", "-INF", "1 000", "99999", "100000", "0.01", "0.0099999999999999999999", "1.0000000000000000000001", "0x10",
    "١٢", "２０２４", "2024-01-31", "2024-1-5", "2023-02-29", "2024-02-29", "2024-02-30", "0000-01-01", "31/12/2023", "2024-01-31 ",
    "2024-01-31T10:00:00Z", "oui", "non", "OUI", "true", "True", "TRUE", "false", "a:b", "http:", "http://é.fr/ x", "https://a.fr",
    "C:\\x", "1a:b", "21340172200011", "2134017220001", "21340172200011\n", "7.1", "7.123", "2024/2025", "W123456789", "W12345678",
    "aide en numéraire", "aide en nature;aide en numéraire", "Aide en nature", "entrée", "x" * 256, "x" * 257, "e\u0301", "😀" * 5,
    "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20", "0F6B1D3A-2C58-4E1F-9B7A-5D3C1E8F4A20", "{0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20}",
    "0f6b1d3a2c584e1f9b7a5d3c1e8f4a20", "14118", "2A004", "14118_xxxx_00012", "a@b.fr", "é@b.fr", "a@b", "2024", " 202", "1, 2", "91,91",
    "05/01/2024", "ax", "xb", "a", "b", 'gui"llemet', "ligne\nsuivante", "retour\rseul", "c\r\nd", "nul\0", "\ufeff", "-0.37", "49.182863",
]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(TRAPS),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.dates().map(str),
    st.integers().map(str),
)


@st.composite
def generated_tables(draw: st.DrawFn) -> tuple[TableSchema, str]:
    schema = draw(st.sampled_from([*SCHEMAS, OTHER_TYPES]))
    fields = draw(st.lists(st.sampled_from(schema.fields), min_size=1, max_size=6, unique_by=lambda f: f.name))
    extra = draw(st.sampled_from([[], ["hors_schema"]]))
    labels = [field.name for field in fields] + extra
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])))
    writer.writerow(labels)
    for _ in range(draw(st.integers(0, 6))):
        row = [draw(st.one_of(st.just(field.example), CELLS)) for field in fields] + ["n'importe quoi"] * len(extra)
        shape = draw(st.sampled_from(["right"] * 6 + ["short", "long", "blank", "line"]))
        if shape == "short":
            row = row[: draw(st.integers(1, len(row)))]
        elif shape == "long":
            row += draw(st.sampled_from([[""], ["de trop"], ["un", "deux"]]))
        elif shape == "blank":
            row = [""] * len(row)
        elif shape == "line":
            row = []
        writer.writerow(row)
    return schema, stream.getvalue()


def blank_but_for_excess(text: str) -> bool:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    width = len(rows[0])
    return any(len(row) > width and all(c in ("", "NC") for c in row[:width]) for row in rows[1:])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(generated_tables())
def test_generated_tables_get_frictionless_verdicts(tmp_path: Path, generated: tuple[TableSchema, str]):
    schema, text = generated
    if blank_but_for_excess(text):
        return
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    facts = facts_of(text.encode())
    expected = frictionless_faults(path, facts, schema)
    for found in both_engines(path, facts, schema):
        assert found == expected


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_trap_in_every_field_gets_frictionless_verdict(tmp_path: Path, data: st.DataObject):
    schema = data.draw(st.sampled_from([*SCHEMAS, OTHER_TYPES]))
    field = data.draw(st.sampled_from(schema.fields))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([field.name, "hors_schema"])
    writer.writerows([trap, "x"] for trap in TRAPS)
    path = tmp_path / "t.csv"
    path.write_bytes(stream.getvalue().encode())
    facts = facts_of(path.read_bytes())
    expected = frictionless_faults(path, facts, schema)
    for found in both_engines(path, facts, schema):
        assert found == expected


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
    for found in both_engines(path, facts, schema):
        assert found == [(2, "", "extra-cell"), (2, "b", "constraint-error")]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        (Field("n", "number", constraints={"minimum": 0}), "sNaN"),
        (Field("n", "datetime", constraints={"minimum": "2024-01-01T00:00:00Z"}), "2024-05-05T00:00:00"),
    ],
)
def test_departure_a_cell_that_crashes_frictionless_is_a_fault_of_type(tmp_path: Path, field: Field, cell: str):
    import frictionless

    with pytest.raises((ArithmeticError, TypeError)):
        frictionless.Field.from_descriptor(descriptor(field, ("",))).create_cell_reader()(cell)
    assert issue(against(tmp_path, f"n,o\n{cell},x\n", schema_of(field)), "type").count == 1


@pytest.mark.parametrize("field", [Field("a", "inconnu"), Field("a", constraints={"pattern": "("})])
def test_a_field_that_frictionless_refuses_is_a_tables_error(tmp_path: Path, field: Field):
    schema = schema_of(field)
    with pytest.raises(tables.TablesError, match="ne peut pas être contrôlé|ne se lit pas"):
        against(tmp_path, "a,b\nx,y\n", schema)


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
        assert facts.table is not None
        match = schemas.recognise(facts.table.labels)
        assert match is not None, path
        schema = plain(match.schema)
        expected = frictionless_faults(path, facts, schema)
        for found in both_engines(path, facts, schema):
            assert found == expected, path
        compared += 1
    assert compared > 40
