"""Decides whether a table opens with one line that names each column once."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.layouts import SURE, marks_of, region_of, title_rows
from opendata_check.checks.subjects import at, facts_of, place
from opendata_check.checks.texts import lines, quoted
from opendata_check.model.facts import TableFacts
from opendata_check.model.finding import Outcome
from opendata_check.ranges import column_letter
from opendata_check.wording import join_list


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table, or one per kind of fault; titles above a spreadsheet's header belong to it."""
    facts = facts_of(case)
    if facts is None or facts.table is None:
        return
    faults = list(_faults(case, facts.table, in_text=facts.spreadsheet is None))
    row = facts.table.header_row
    yield from faults or [Verdict(Outcome.COMPLIANT, values={"row": str(row or 1)})]


def _faults(case: Case, table: TableFacts, *, in_text: bool) -> Iterable[Verdict]:
    if table.header_row is None:
        yield Verdict(Outcome.NON_COMPLIANT, case="no_header", rule="no_header")
        return
    layout = table.layout
    on_two_rows = marks_of(layout, ["two_row_header"]) if layout else []
    for mark in on_two_rows:
        sure = mark.confidence >= SURE
        outcome = Outcome.NON_COMPLIANT if sure else Outcome.UNVERIFIABLE
        yield Verdict(outcome, case="two_rows" if sure else "two_rows_doubt", rule="two_rows",
                      values={"lines": lines(mark.rows), "region": region_of(layout)},
                      locations=place(case, rows=mark.rows))  # fmt: skip
    header = ((table.header_row, table.header_row),)
    titles = title_rows(table)
    if in_text and titles:
        yield Verdict(Outcome.NON_COMPLIANT, case="titles", rule="titles",
                      values={"lines": lines(titles), "region": region_of(layout)},
                      locations=place(case, rows=titles))  # fmt: skip
    # The second row names what the first leaves without a name.
    if table.empty_labels and not on_two_rows:
        letters = [column_letter(position) for position in table.empty_labels[:10]]
        values = {"columns": join_list(letters), "where": at(header)}
        yield Verdict(Outcome.NON_COMPLIANT, case="empty", rule="empty", count=len(table.empty_labels), values=values,
                      locations=place(case, rows=header))  # fmt: skip
    if table.duplicate_labels:
        values = {"columns": quoted(table.duplicate_labels), "where": at(header)}
        yield Verdict(Outcome.NON_COMPLIANT, case="duplicate", rule="duplicate", count=len(table.duplicate_labels),
                      values=values, locations=place(case, rows=header))  # fmt: skip
