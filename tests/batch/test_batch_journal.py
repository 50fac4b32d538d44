"""What a lot keeps of itself is read back as it was written, and nothing odd in it crashes a run."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.batch.journal import Kept, Run, lot_file, read_run, read_summary, summary_file
from opendata_check.model.catalog import Fault
from opendata_check.model.finding import Axis
from opendata_check.model.lot import LotEntry, LotResult, LotState
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary, FindingMark

SUMMARY = AuditSummary(
    body="insee:54395", name="Nancy", kind="commune", target="Nancy", on=date(2026, 11, 26), tool_version="1",
    population=104_403, overall=62.5, axes=(AxisScore(Axis.USABLE, 50.0, 0.5, 1, 2, 3),), counts=(("error", 1),),
    severities=(("major", 2),), families=("arbres",), newest=date(2026, 1, 2),
)  # fmt: skip
MARK = FindingMark("f", "c", "usable", "major", "error", "t\u202e", "m")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_a_summary_comes_back_whole() -> None:
    for kept in (
        Kept("d", 2, SUMMARY, (MARK,)),
        Kept("d", 1, None, fault=Fault("quoi", "où", "que faire")),
    ):
        assert read_summary(summary_file(kept).encode()) == kept


@given(TEXTS, TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_a_run_and_its_rows_come_back_whatever_is_typed(typed: str, key: str, extra: list[tuple[str, str]]) -> None:
    run = Run(date(2026, 11, 26), 3, (("--portal", typed),), finished=True)
    rows = [LotResult(LotEntry(4, typed, key, tuple(extra)), LotState.DONE)]
    text = lot_file(run, typed, rows, [typed])
    assert read_run(text.encode()) == (run, frozenset({key}))
    assert json.loads(text)["rows"][0]["extra"] == [{"label": one, "value": other} for one, other in extra]


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"schema_version": "2.0"}',
        b'{"schema_version": "1.0"}',
        b"[" * 100_000,
    ],
)
def test_what_is_damaged_says_nothing(data: bytes | None) -> None:
    assert read_summary(data) is None and read_run(data) is None


@pytest.mark.parametrize("field", ["row", "turn", "summary", "marks", "fault"])
def test_a_summary_that_lacks_a_part_or_has_a_wrong_one_says_nothing(field: str) -> None:
    told = json.loads(summary_file(Kept("d", 2, SUMMARY, (MARK,))))
    assert read_summary(json.dumps({name: value for name, value in told.items() if name != field}).encode()) is None
    wrong = read_summary(json.dumps({**told, field: {"x": 1}}).encode())
    assert wrong is None or field == "row"
