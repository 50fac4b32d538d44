"""Decides whether every row of a table has as many cells as its header."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.layouts import last_row, until
from opendata_check.checks.subjects import at, place, table_of
from opendata_check.checks.texts import lines
from opendata_check.model.facts import RowRange, TableFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table with a header, or one per kind of fault."""
    table = table_of(case)
    if table is None or table.header_row is None:
        return
    faults = list(_faults(case, table))
    if faults:
        yield from faults
    elif table.truncated:
        yield Verdict(Outcome.UNVERIFIABLE, values={"rows": plural(table.row_count, "ligne")})
    else:
        yield Verdict(Outcome.COMPLIANT, values={"rows": plural(table.row_count, "ligne")})


def _faults(case: Case, table: TableFacts) -> Iterable[Verdict]:
    if table.ragged_count:
        values = {"count": plural(table.ragged_count, "ligne"), "where": at(table.ragged_rows)}
        yield Verdict(Outcome.NON_COMPLIANT, case="ragged", rule="ragged", count=table.ragged_count, values=values,
                      locations=place(case, rows=table.ragged_rows))  # fmt: skip
    if table.unclosed_quote_row:
        row = ((table.unclosed_quote_row, table.unclosed_quote_row),)
        yield Verdict(Outcome.NON_COMPLIANT, case="quote", rule="quote", values={"line": lines(row)},
                      locations=place(case, rows=row))  # fmt: skip
    blank = until(table.blank_rows, last_row(table.layout))
    # Rows beyond the ranges kept are counted all the same.
    count = table.blank_count - _length(table.blank_rows) + _length(blank)
    if count > 0:
        values = {"count": plural(count, "ligne vide", "lignes vides"), "where": at(blank)}
        yield Verdict(Outcome.NON_COMPLIANT, case="blank", rule="blank", count=count, values=values,
                      locations=place(case, rows=blank))  # fmt: skip


def _length(rows: tuple[RowRange, ...]) -> int:
    return sum(last - first + 1 for first, last in rows)
