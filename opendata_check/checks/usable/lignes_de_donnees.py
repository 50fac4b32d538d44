"""Decides whether each row of a table is one thing: no total, no title, no second header among the data."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.layouts import concluded, judged, layout_of
from opendata_check.checks.subjects import table_of
from opendata_check.model.finding import Outcome
from opendata_check.wording import french_number, join_list

_NOUNS = {
    "total": ("ligne de total", "lignes de total"),
    "subtotal": ("ligne de sous-total", "lignes de sous-total"),
    "section": ("ligne de titre", "lignes de titre"),
    "repeated_header": ("en-tête répété", "en-têtes répétés"),
    "notes": ("ligne de note", "lignes de note"),
}


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table, or one per kind of rows that are no data."""
    layout, table = layout_of(case), table_of(case)
    if layout is None or table is None or not table.row_count:
        return
    faults = list(judged(case, layout, _NOUNS))
    if layout.other_regions:
        places = [layout.region, *layout.other_regions]
        faults.append(
            Verdict(
                Outcome.NON_COMPLIANT,
                case="several",
                rule="several",
                count=len(places),
                values={"count": french_number(len(places)), "places": join_list(places[:6])},
            )
        )
    yield from concluded(layout, table, faults)
