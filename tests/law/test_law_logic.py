"""The three-valued logic obeys Kleene's laws."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from opendata_check.law.logic import all_of, any_of, not_

_VALUES = st.sampled_from([True, False, None])
_LISTS = st.lists(_VALUES, max_size=6)


def test_truth_tables_of_two_values() -> None:
    pairs = list(itertools.product([True, None, False], repeat=2))
    assert [all_of(pair) for pair in pairs] == [True, None, False, None, None, False, False, False, False]
    assert [any_of(pair) for pair in pairs] == [True, True, True, True, None, None, True, None, False]


def test_nothing_to_hold_holds_and_nothing_to_choose_fails() -> None:
    assert all_of([]) is True
    assert any_of([]) is False


@given(_VALUES)
def test_denying_twice_changes_nothing(value: bool | None) -> None:
    assert not_(not_(value)) is value


@given(_LISTS)
def test_de_morgan(values: list[bool | None]) -> None:
    assert not_(all_of(values)) is any_of([not_(value) for value in values])
    assert not_(any_of(values)) is all_of([not_(value) for value in values])


@given(_LISTS, st.randoms(use_true_random=False))
def test_order_does_not_matter(values: list[bool | None], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert all_of(shuffled) is all_of(values)
    assert any_of(shuffled) is any_of(values)


@given(_LISTS, _LISTS)
def test_groups_may_be_nested(left: list[bool | None], right: list[bool | None]) -> None:
    assert all_of([all_of(left), all_of(right)]) is all_of(left + right)
    assert any_of([any_of(left), any_of(right)]) is any_of(left + right)


@given(_LISTS, st.data())
def test_learning_a_fact_never_overturns_what_was_known(values: list[bool | None], data: st.DataObject) -> None:
    learnt = [data.draw(st.booleans()) if value is None else value for value in values]
    for combine in (all_of, any_of):
        before = combine(values)
        assert before is None or combine(learnt) is before
        assert combine(learnt) is not None
