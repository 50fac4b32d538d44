"""What a lot's folder keeps of a body, changed by hand or by an enemy: refused, or of use to every page and table."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import poisoned_audits as enemy
import pytest
from lot_samples import lot, marks_of

from opendata_check.batch.journal import Kept, summary_file
from opendata_check.lot_pages import batch_pages
from opendata_check.model.lot import LotResult
from opendata_check.rereading import RereadingError
from opendata_check.rereading.summaries import mark_from, summary_from

VALUES = (None, True, 7, -1, 10**18, 2**63, 10**400, float("nan"), float("inf"), 1e308, [], {}, [[]], ["x"], "zut",
          *(text for name, text in enemy.TEXTS.items() if name in {"surrogate", "terminal", "script", "long", "path"}))  # fmt: skip


@cache
def _result() -> LotResult:
    return next(one for one in lot(8).results if one.summary is not None)


def _told() -> dict[str, Any]:
    result = _result()
    found: dict[str, Any] = json.loads(summary_file(Kept("x", 1, result.summary, marks_of(result))))
    return found


def test_what_was_written_is_read_the_same() -> None:
    told = _told()
    assert summary_from(told["summary"]) == _result().summary
    assert tuple(mark_from(one) for one in told["marks"]) == marks_of(_result())


def _changes(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in told:
        for value in VALUES:
            changed = copy.deepcopy(told)
            changed[key] = value
            yield key, changed
        lacking = dict(told)
        del lacking[key]
        yield key, lacking


def test_no_changed_summary_breaks_a_page_or_a_table() -> None:
    told, refused = _told(), 0
    results = lot(8).results
    taken = []
    for key, changed in _changes(told["summary"]):
        try:
            taken.append(replace(_result(), summary=summary_from(changed)))
        except RereadingError as error:
            refused += 1
            assert key in str(error)
    marks = []
    for key, changed in _changes(told["marks"][0]):
        try:
            marks.append(mark_from(changed))
        except RereadingError as error:
            refused += 1
            assert key in str(error)
    assert refused > 200 and len(taken) > 50 and len(marks) > 10
    unique = tuple(replace(one, entry=replace(one.entry, key=f"k{n}")) for n, one in enumerate(taken))
    for _, content in batch_pages(replace(lot(8), results=(*results, *unique)), lambda _: tuple(marks), rank=True):
        made = content if isinstance(content, bytes) else "".join(map(str, content)).encode("utf-8")
        assert made and b"\x1b[2J" not in made


def test_parquet_and_workbook_are_read_by_others_after_the_worst_values() -> None:
    import openpyxl
    import pyarrow.parquet as pq

    worst = replace(
        _told_summary(),
        population=10**12,
        datasets=10**12,
        overall=100.0,
        name=enemy.TEXTS["script"],
        first_action="=1+1",
    )
    files = dict(batch_pages(replace(lot(8), results=(replace(_result(), summary=worst),)), marks_of))
    for path, content in files.items():
        if path.endswith(".parquet"):
            assert isinstance(content, bytes)
            assert pq.read_table(io.BytesIO(content)).num_rows > 0
    book = files["synthese.xlsx"]
    assert isinstance(book, bytes)
    for sheet in openpyxl.load_workbook(io.BytesIO(book)):
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def _told_summary() -> Any:
    return summary_from(_told()["summary"])


@pytest.mark.parametrize("day", enemy.DAYS)
def test_a_lot_at_the_ends_of_the_calendar_has_its_pages(day: str) -> None:
    from datetime import date

    on = date.fromisoformat(day)
    results = tuple(
        replace(
            one,
            summary=one.summary and replace(one.summary, on=on, newest=on),
            previous=one.previous and replace(one.previous, on=on, newest=on),
        )
        for one in lot(8).results
    )
    for _, content in batch_pages(replace(lot(8), on=on, previous_on=on, results=results), marks_of, rank=True):
        assert content if isinstance(content, bytes) else "".join(map(str, content))
