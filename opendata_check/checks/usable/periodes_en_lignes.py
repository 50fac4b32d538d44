"""Asks whether columns named after years or months would not be better as rows."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.layouts import layout_of, marks_of
from opendata_check.checks.subjects import place
from opendata_check.model.finding import Outcome
from opendata_check.wording import french_number


def decide(case: Case) -> Iterable[Verdict]:
    """Yield a question about the table whose columns are periods, nothing about the others: many are fine so."""
    layout = layout_of(case)
    for mark in marks_of(layout, ["periods"]) if layout else ():
        values = {"count": french_number(mark.count), "first": mark.columns[0], "last": mark.columns[-1]}
        yield Verdict(Outcome.UNVERIFIABLE, count=mark.count, values=values, locations=place(case))
