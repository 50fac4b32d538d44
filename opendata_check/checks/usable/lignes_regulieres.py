"""Decides whether every row of a table has as many cells as its header."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, place, table_of
from opendata_check.checks.texts import lines
from opendata_check.model.facts import TableFacts
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
    if table.blank_count:
        values = {"count": plural(table.blank_count, "ligne vide", "lignes vides"), "where": at(table.blank_rows)}
        yield Verdict(Outcome.NON_COMPLIANT, case="blank", rule="blank", count=table.blank_count, values=values,
                      locations=place(case, rows=table.blank_rows))  # fmt: skip
