"""Asks about the figures and the dates of a table that seem odd: never a fault, somebody has to look."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, place, table_of
from opendata_check.checks.texts import column
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one question per column and kind of oddity; nothing for a table without any."""
    table = table_of(case)
    for odd in table.oddities if table else ():
        yield Verdict(
            Outcome.UNVERIFIABLE,
            case=odd.kind,
            values={
                "where": column(odd.column, odd.letter),
                "other": column(odd.other),
                "count": plural(odd.count, "ligne", "lignes"),
                "rows": at(odd.rows),
            },
            locations=place(case, column=odd.column, letter=odd.letter, rows=odd.rows),
            count=odd.count,
            rule=f"{odd.kind} {odd.other}",
            column=odd.column,
        )
