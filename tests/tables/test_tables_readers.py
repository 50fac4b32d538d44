"""The law of our readers: on any cell, the value and the broken rules frictionless gives."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_oracle import frictionless_reader
from tables_strategies import EVERY_TRAP, MISSING, cells, fields

from opendata_check import schemas
from opendata_check.model.schema import Field
from opendata_check.tables.errors import TablesError
from opendata_check.tables.exact import CellReader, exact_reader
from opendata_check.tables.quick import quick_test
from opendata_check.tables.readers import constraint_reader, value_reader

NATIONAL = list(
    {
        repr(replace(field, name="", example="", meaning="")): field
        for schema in map(schemas.load, schemas.known())
        for field in schema.fields
    }.values()
)
"""Fields of the national schemas, those that are read alike once."""
SAMPLES = [
    *(Field("x", format=form) for form in ("default", "uri", "email", "uuid", "binary")),
    *(
        Field("x", kind)
        for kind in ("any", "boolean", "integer", "number", "date", "datetime", "time", "year", "yearmonth")
    ),
    *(Field("x", kind) for kind in ("array", "object", "list", "duration", "geojson")),
    *(Field("x", "geopoint", form) for form in ("default", "array", "object")),
    *(Field("x", "date", form) for form in ("any", "%d/%m/%Y", "%Y%m%d", "%d %m %Y", "%Y", "pas une forme", "%q")),
    *(Field("x", "datetime", form) for form in ("any", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z")),
    *(Field("x", "time", form) for form in ("any", "%H:%M", "%Hh%M")),
    *(
        Field("x", "number", options={**bare, **decimal, **group, **floats})
        for bare in ({}, {"bareNumber": True}, {"bareNumber": False})
        for decimal in ({}, {"decimalChar": ","}, {"decimalChar": "."})
        for group in ({}, {"groupChar": " "}, {"groupChar": "."}, {"groupChar": "\u202f"})
        for floats in ({}, {"floatNumber": True})
    ),
    Field("x", "integer", options={"bareNumber": False}),
    Field("x", "boolean", options={"trueValues": ["oui", "1"], "falseValues": ["non", "oui"]}),
    Field("x", "geojson", "topojson"),
    Field("x", "list", options={"itemType": "integer", "delimiter": ";"}),
    Field("x", "array", options={"arrayItem": {"type": "integer"}}),
    Field("x", "number", constraints={"minimum": 0.1, "maximum": 0.3}),
    Field("x", "number", constraints={"exclusiveMinimum": "0.1", "exclusiveMaximum": 1}, options={"floatNumber": True}),
    Field("x", "integer", constraints={"minimum": -3, "enum": [1, "2", "x"]}),
    Field("x", constraints={"enum": ["a", "b"], "minLength": 2, "maxLength": 2, "pattern": "[a-c]*"}),
    Field("x", constraints={"required": True}, options={"missingValues": ["NC", "-"]}),
    Field("x", "date", constraints={"minimum": "2024-01-31", "exclusiveMaximum": "2024-02-29"}),
    Field("x", "datetime", constraints={"minimum": "2024-01-31T10:00:00"}),
    Field("x", "time", constraints={"maximum": "10:00:00"}),
    Field("x", "year", constraints={"minimum": 2024}),
    Field("x", "yearmonth", constraints={"minimum": "2024-01", "enum": ["2024-1", [2024, 2]]}),
    Field("x", "any", constraints={"enum": [1, "a"]}),
    *NATIONAL,
]


def readings(field: Field, missing: tuple[str, ...], texts: list[str]) -> list[tuple[str, Any, Any]]:
    """Return (cell, our reading, frictionless' reading); a crash of frictionless is a fault of type for us."""
    from frictionless import FrictionlessException

    try:
        theirs = frictionless_reader(field, missing)
    except (FrictionlessException, re.error):
        with pytest.raises(TablesError):
            exact_reader(field, missing)("refusé")
        return []
    ours = exact_reader(field, missing)
    return [(text, ours(text), _or_type_fault(theirs, text)) for text in texts]


def _or_type_fault(read: CellReader, text: str) -> Any:
    try:
        return read(text)
    except (ArithmeticError, TypeError, ValueError):
        return None, ("type",)


def same(ours: Any, theirs: Any) -> bool:
    """Return True for equal values, and for two numbers that are no number."""
    return ours[1] == theirs[1] and (ours[0] == theirs[0] or (ours[0] != ours[0] and theirs[0] != theirs[0]))


@pytest.mark.parametrize("field", SAMPLES, ids=lambda f: f"{f.name}-{f.type}-{f.format}"[:40])
def test_every_trap_is_read_as_frictionless_reads_it(field: Field):
    texts = [text for text in EVERY_TRAP if text != "sNaN"] if field.type == "number" else EVERY_TRAP
    for text, ours, theirs in readings(field, ("", "NC"), texts):
        assert same(ours, theirs), (text, ours, theirs)
        assert isinstance(ours[0], tuple) or type(ours[0]) is type(theirs[0]), text


@settings(max_examples=200, deadline=None)
@given(fields(), MISSING, st.data())
def test_any_cell_of_any_field_is_read_as_frictionless_reads_it(
    field: Field, missing: tuple[str, ...], data: st.DataObject
):
    texts = data.draw(st.lists(cells(field.type), min_size=1, max_size=8))
    try:
        exact_reader(field, missing)("\N{BELL}")
    except TablesError:
        return  # a bound its own field cannot read: frictionless crashes on each cell
    for text, ours, theirs in readings(field, missing, texts):
        if ours != (None, ("type",)) or theirs[1] != ("type",):
            assert same(ours, theirs), (text, ours, theirs)


@settings(max_examples=200, deadline=None)
@given(fields(), MISSING, st.data())
def test_what_is_cleared_at_once_is_surely_right(field: Field, missing: tuple[str, ...], data: st.DataObject):
    try:
        clears = quick_test(field, missing, ())
        read = exact_reader(field, missing)
        read("\N{BELL}")
    except TablesError:
        return
    if clears is not None:
        for text in data.draw(st.lists(cells(field.type), min_size=1, max_size=20)):
            if text and clears(text):
                assert read(text)[1] == (), text


@pytest.mark.parametrize("field", [f for f in NATIONAL if f.example], ids=lambda f: f.name)
def test_every_example_of_a_national_schema_is_right(field: Field):
    assert exact_reader(field, ("",))(field.example)[1] == ()


@given(st.text("-0a ٣²\n.é", max_size=9))
def test_figures_are_taken_out_of_a_text_as_frictionless_does(text: str):
    read = value_reader(Field("n", "integer", options={"bareNumber": False}))
    assert read is not None
    bare = re.sub(r"((^[^-\d]*)|(\D*$))", "", text.strip())
    try:
        expected = int(bare)
    except ValueError:
        expected = None
    assert read(text) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field("x", "number"), 0.1),
        (Field("x", "number"), 3),
        (Field("x", "number"), True),
        (Field("x", "number"), None),
        (Field("x", "number", options={"floatNumber": True}), 0.1),
        (Field("x", "integer"), 2.0),
        (Field("x", "integer"), 2.5),
        (Field("x", "integer"), False),
        (Field("x", "boolean"), True),
        (Field("x", "boolean"), 1),
        (Field("x"), 1),
        (Field("x", "any"), 1),
        (Field("x", "year"), 2024),
        (Field("x", "year"), 20240),
        (Field("x", "yearmonth"), [2024, 1]),
        (Field("x", "yearmonth"), [2024]),
    ],
)
def test_a_bound_of_json_is_read_as_frictionless_reads_it(field: Field, value: Any):
    import frictionless

    from opendata_check.tables.exact import descriptor

    theirs = frictionless.Field.from_descriptor(descriptor(field, ("",))).create_value_reader()(value)
    ours = constraint_reader(field)(value)
    assert ours == theirs
    assert isinstance(ours, tuple) or type(ours) is type(theirs)


@pytest.mark.parametrize(
    "field",
    [f for f in SAMPLES if f not in NATIONAL and not f.constraints and f.options.keys() <= {"bareNumber"}],
    ids=lambda f: f"{f.type}-{f.format}",
)
def test_a_cell_of_a_million_characters_is_read_in_a_moment(field: Field):
    read = exact_reader(field, ("",))
    size = 1_000_000
    texts = [
        "a" * size, "1" * size, "1 " * (size // 2), "2024-01-31" + " " * size, "a@" + "b." * (size // 2) + "fr", "[" * size, "-" * size,
        "1" + "a" * size + "1", "http:" + "/" * size, "P" + "1Y" * (size // 2), "é" * size + "@b.fr", ":" * size, "a.b" * (size // 3),
    ]  # fmt: skip
    start = time.process_time()
    for text in texts:
        read(text)
    assert time.process_time() - start < 4
