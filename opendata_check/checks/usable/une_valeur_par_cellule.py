"""Decides whether each cell of a table holds one value that a program can use."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.layouts import cells_of, concluded, judged, layout_of, marks_of
from opendata_check.checks.subjects import place, table_of
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural

_NOUNS = {
    "many_values": ("cellule", "cellules"),
    "text_numbers": ("nombre", "nombres"),
    "errors": ("cellule", "cellules"),
}


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table, or one per kind of cells that hold something else than a value."""
    layout, table = layout_of(case), table_of(case)
    if layout is None or table is None or not table.row_count:
        return
    faults = list(judged(case, layout, _NOUNS))
    for mark in marks_of(layout, ["colour"]):
        values = {"count": plural(mark.count, "cellule colorée", "cellules colorées"), "where": cells_of(mark)}
        faults.append(
            Verdict(
                Outcome.UNVERIFIABLE,
                case="colour",
                rule="colour",
                count=mark.count,
                values=values,
                locations=place(case),
            )
        )
    yield from concluded(layout, table, faults)
