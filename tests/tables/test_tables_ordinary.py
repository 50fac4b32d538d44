"""The law of the fast path: when it gives a verdict, frictionless gives the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check import schemas
from opendata_check.model.schema import Field
from opendata_check.tables.exact import exact_reader
from opendata_check.tables.ordinary import own_verdict

FIELDS = [
    *{f.name: f for id_ in schemas.known() for f in schemas.load(id_).fields}.values(),
    Field("n", "number", constraints={"minimum": 0.1, "maximum": 0.3}),
    Field("i", "integer", constraints={"minimum": -3}),
    Field("b", "boolean"),
    Field("e", constraints={"enum": ["a", "b"], "minLength": 2}),
    Field("p", constraints={"pattern": "a|b"}),
    Field("u", format="uuid"),
    Field("w", format="uri", constraints={"maxLength": 30}),
]
EXACT = {id(field): exact_reader(field, ("",)) for field in FIELDS}
NEAR_DATES = st.from_regex(r"\A\s?[0-9]{3,5}-\d{1,2}-\d{1,2}\s?\Z")
NEAR_NUMBERS = st.from_regex(r"\A\s?[-+]?[0-9_]{0,17}[.,]?\d{0,17}([eE][0-9]{1,3})?\s?\Z")
NEAR_URIS = st.from_regex(r"\A[A-Za-z][a-z+.-]{0,6}:[!-~]{0,12}\Z")
NEAR_UUIDS = st.from_regex(r"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{11,12}\Z")


@settings(max_examples=800, deadline=None)
@given(
    st.sampled_from(FIELDS),
    st.one_of(
        NEAR_DATES,
        NEAR_NUMBERS,
        NEAR_URIS,
        NEAR_UUIDS,
        st.dates().map(str),
        st.text(max_size=8),
        st.sampled_from([f.example for f in FIELDS if f.example]),
    ),
)
def test_our_verdict_is_frictionless_verdict(field: Field, cell: str):
    verdict = own_verdict(field)
    ours = verdict(cell) if verdict is not None and cell else None
    if ours is not None:
        assert ours == EXACT[id(field)](cell)[1]


@pytest.mark.parametrize("field", [f for f in FIELDS if f.example], ids=lambda f: f.name)
def test_every_schema_example_is_right_without_frictionless_and_with_it(field: Field):
    verdict = own_verdict(field)
    assert verdict is not None
    assert verdict(field.example) == ()
    assert EXACT[id(field)](field.example)[1] == ()


@pytest.mark.parametrize("cell", ["NaN", "sNaN", "Infinity", "-inf"])
def test_numbers_that_are_not_finite_are_left_to_frictionless(cell: str):
    verdict = own_verdict(Field("n", "number"))
    assert verdict is not None
    assert verdict(cell) is None


@pytest.mark.parametrize(
    "field",
    [
        Field("x", "geopoint"),
        Field("x", "number", options={"decimalChar": ","}),
        Field("x", "number", constraints={"exclusiveMinimum": 0}),
        Field("x", "number", constraints={"minimum": "0"}),
        Field("x", "integer", constraints={"enum": ["1"]}),
        Field("x", "integer", constraints={"minimum": 0.5}),
        Field("x", "date", "%d/%m/%Y"),
        Field("x", "date", constraints={"minimum": "2020-01-01"}),
        Field("x", "boolean", constraints={"enum": ["true"]}),
        Field("x", format="email"),
        Field("x", constraints={"enum": [1, 2]}),
        Field("x", constraints={"pattern": "("}),
    ],
)
def test_rare_types_are_always_left_to_frictionless(field: Field):
    assert own_verdict(field) is None
