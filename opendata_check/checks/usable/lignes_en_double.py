"""Asks about the rows that stand twice in a table: an export glued twice, or two things that look the same."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, place, table_of
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one question for a table with repeated rows; nothing otherwise."""
    table = table_of(case)
    if table is None or not table.repeated_count:
        return
    yield Verdict(
        Outcome.UNVERIFIABLE,
        values={
            "count": plural(table.repeated_count, "ligne", "lignes"),
            "rows": at(table.repeated_rows),
        },
        locations=place(case, rows=table.repeated_rows),
        count=table.repeated_count,
    )
