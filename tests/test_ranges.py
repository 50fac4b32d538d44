"""Line ranges keep exact counts in bounded memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.ranges import LineRanges, column_letter


@given(st.sets(st.integers(1, 3000)))
def test_ranges_hold_exactly_the_lines_given(lines: set[int]) -> None:
    ranges = LineRanges()
    for line in sorted(lines):
        ranges.add(line)
    covered = [n for first, last in ranges.ranges() for n in range(first, last + 1)]
    assert covered == sorted(lines)
    assert ranges.count == len(lines)


@given(st.lists(st.sets(st.integers(1, 300)), max_size=4), st.booleans())
def test_lines_given_as_arrays_make_the_ranges_of_lines_given_one_by_one(batches: list[set[int]], first: bool) -> None:
    np = pytest.importorskip("numpy")
    one_by_one, at_once = LineRanges(), LineRanges()
    for number, batch in enumerate(batches):
        lines = [300 * number + line for line in sorted(batch)]
        for line in lines:
            one_by_one.add(line)
        at_once.extend(lines if first and number == 0 else np.array(lines, np.int64))
    assert at_once.ranges() == one_by_one.ranges()
    assert at_once.count == one_by_one.count


def test_an_array_beyond_the_bound_is_counted_whole() -> None:
    np = pytest.importorskip("numpy")
    ranges = LineRanges()
    ranges.extend(np.arange(1, 60_001, 2))
    ranges.extend(np.arange(60_001, 70_001, 2))
    assert len(ranges.ranges()) == 10_000
    assert ranges.ranges()[-1] == (19_999, 19_999)
    assert ranges.count == 35_000


def test_memory_is_bounded_and_the_count_stays_exact() -> None:
    ranges = LineRanges()
    for line in range(1, 100_001, 2):
        ranges.add(line)
    assert len(ranges.ranges()) == 10_000
    assert ranges.count == 50_000


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
