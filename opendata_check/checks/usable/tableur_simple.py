"""Decides whether a workbook is a plain table that a program reads as it is."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of, place
from opendata_check.checks.texts import lines, plain, quoted
from opendata_check.model.facts import ContentFacts, SpreadsheetFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per workbook, or one per kind of obstacle."""
    facts = facts_of(case)
    if facts is None or facts.spreadsheet is None:
        return
    faults = [*_layout(case, facts, facts.spreadsheet), *_sheets(facts.spreadsheet)]
    yield from faults or [Verdict(Outcome.COMPLIANT)]


def _layout(case: Case, facts: ContentFacts, book: SpreadsheetFacts) -> Iterable[Verdict]:
    if book.merged_count:
        first = plain(book.merged_ranges[0].rsplit("!", 1)[-1], 20) if book.merged_ranges else ""
        values = {"count": plural(book.merged_count, "groupe de cellules fusionnées", "groupes de cellules fusionnées"),
                  "first": f" (le premier en {first})" if first else ""}  # fmt: skip
        yield Verdict(
            Outcome.NON_COMPLIANT, case="merged", rule="merged", count=book.merged_count, values=values,
            seen=f"Cellules fusionnées : {', '.join(book.merged_ranges[:10])}.",
        )  # fmt: skip
    rows = facts.table.title_rows if facts.table else ()
    if rows:
        yield Verdict(Outcome.NON_COMPLIANT, case="titles", rule="titles", values={"lines": lines(rows)},
                      locations=place(case, rows=rows))  # fmt: skip


def _sheets(book: SpreadsheetFacts) -> Iterable[Verdict]:
    if book.hidden_sheets:
        yield Verdict(Outcome.NON_COMPLIANT, case="hidden", rule="hidden", count=len(book.hidden_sheets),
                      values={"sheets": quoted(book.hidden_sheets)})  # fmt: skip
    visible = book.filled_sheets - len(book.hidden_sheets)
    if visible > 1:
        yield Verdict(Outcome.NON_COMPLIANT, case="several", rule="several", count=visible,
                      values={"count": str(visible)})  # fmt: skip
    if book.formula_count:
        yield Verdict(Outcome.NON_COMPLIANT, case="formulas", rule="formulas", count=book.formula_count,
                      values={"count": plural(book.formula_count, "formule")})  # fmt: skip
