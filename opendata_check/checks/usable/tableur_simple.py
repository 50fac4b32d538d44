"""Decides whether a workbook is a plain table that a program reads as it is."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.layouts import marks_of, region_of, title_rows
from opendata_check.checks.subjects import facts_of, place
from opendata_check.checks.texts import lines, plain, quoted
from opendata_check.model.facts import ContentFacts, SpreadsheetFacts, TableFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import join_list, plural


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per workbook, or one per kind of obstacle."""
    facts = facts_of(case)
    if facts is None or facts.spreadsheet is None:
        return
    faults = [*_layout(case, facts, facts.spreadsheet), *_sheets(facts.spreadsheet, facts.table)]
    partly = facts.table is not None and facts.table.truncated  # what was not read may hold some
    yield from faults or [Verdict(Outcome.UNVERIFIABLE if partly else Outcome.COMPLIANT)]


def _layout(case: Case, facts: ContentFacts, book: SpreadsheetFacts) -> Iterable[Verdict]:
    layout = facts.table.layout if facts.table else None
    yield from _merges(book)
    rows = title_rows(facts.table) if facts.table else ()
    if rows:
        values = {"lines": lines(rows), "region": region_of(layout)}
        yield Verdict(Outcome.NON_COMPLIANT, case="titles", rule="titles", values=values,
                      locations=place(case, rows=rows))  # fmt: skip
    for mark in marks_of(layout, ["blank_column"]) if layout else ():
        words = "la colonne" if len(mark.columns) == 1 else "les colonnes"
        values = {"columns": f"{words} {join_list(list(mark.columns[:10]))}", "region": region_of(layout)}
        yield Verdict(Outcome.NON_COMPLIANT, case="blank_column", rule="blank_column", count=mark.count, values=values)


def _merges(book: SpreadsheetFacts) -> Iterable[Verdict]:
    """Yield the merges that a program stumbles on: those of titles do it no more harm than the titles do."""
    if not book.merged_count:
        return
    if not book.layouts:
        first = plain(book.merged_ranges[0].rsplit("!", 1)[-1], 20) if book.merged_ranges else ""
        shown = ", ".join(book.merged_ranges[:10])
        yield _merged("merged", book.merged_count, first, shown)
        return
    for kind in ("merged_header", "merged_body"):
        marks = [(layout, mark) for layout in book.layouts for mark in layout.marks if mark.kind == kind]
        if marks:
            at = marks[0][1].cells[:1]
            shown = ", ".join(f"{layout.sheet}!{cells}" for layout, mark in marks for cells in mark.cells)[:300]
            yield _merged(kind, sum(mark.count for _, mark in marks), at[0] if at else "", shown)


def _merged(case: str, count: int, first: str, shown: str) -> Verdict:
    values = {"count": plural(count, "groupe de cellules fusionnées", "groupes de cellules fusionnées"),
              "first": f" (le premier en {first})" if first else ""}  # fmt: skip
    return Verdict(Outcome.NON_COMPLIANT, case=case, rule=case, count=count, values=values,
                   seen=f"Cellules fusionnées : {plain(shown, 400)}.")  # fmt: skip


def _sheets(book: SpreadsheetFacts, table: TableFacts | None) -> Iterable[Verdict]:
    if book.hidden_sheets:
        yield Verdict(Outcome.NON_COMPLIANT, case="hidden", rule="hidden", count=len(book.hidden_sheets),
                      values={"sheets": quoted(book.hidden_sheets)})  # fmt: skip
    visible = book.filled_sheets - len(book.hidden_sheets)
    if visible > 1:
        shown = next((name for name in book.sheets if name not in {*book.hidden_sheets, *book.empty_sheets}), "")
        other = bool(table and table.sheet and shown and table.sheet != shown)
        values = {"count": str(visible), "sheet": quoted([table.sheet]) if table else ""}
        found = "several_other" if other else "several"
        yield Verdict(Outcome.NON_COMPLIANT, case=found, rule="several", count=visible, values=values)
    if book.drawing_sheets:
        yield Verdict(Outcome.NON_COMPLIANT, case="drawing", rule="drawing", count=len(book.drawing_sheets),
                      values={"sheets": quoted(book.drawing_sheets)})  # fmt: skip
    if book.formula_count:
        yield Verdict(Outcome.NON_COMPLIANT, case="formulas", rule="formulas", count=book.formula_count,
                      values={"count": plural(book.formula_count, "formule")})  # fmt: skip
