"""Line ranges keep exact counts in bounded memory."""

from __future__ import annotations

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


def test_memory_is_bounded_and_the_count_stays_exact() -> None:
    ranges = LineRanges()
    for line in range(1, 100_001, 2):
        ranges.add(line)
    assert len(ranges.ranges()) == 10_000
    assert ranges.count == 50_000


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
