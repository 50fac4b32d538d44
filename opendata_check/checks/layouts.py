"""The shared logic of the checks on how a table is laid out: its marks, where they are, the region proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, place, table_of
from opendata_check.checks.texts import plain
from opendata_check.model.facts import LayoutFacts, LayoutMark, RowRange, TableFacts
from opendata_check.model.finding import Outcome
from opendata_check.wording import french_number, join_list, plural

SURE = 0.7
"""Below it, what was seen is asked about, not blamed."""
_SHOWN_CELLS = 3


def layout_of(case: Case) -> LayoutFacts | None:
    """Return the layout of the file's main table, None when there is no table in it."""
    table = table_of(case)
    layout = table.layout if table else None
    return layout if layout is not None and layout.region else None


def region_of(layout: LayoutFacts | None) -> str:
    """Return the sentence that proposes where the table is, with a space before it; "" when there is none."""
    if layout is None or not layout.region:
        return ""
    others = f", et d'autres dans {join_list(list(layout.other_regions[:3]))}" if layout.other_regions else ""
    return f" Le tableau semble tenir dans {layout.region}{others}."


def marks_of(layout: LayoutFacts, kinds: Iterable[str]) -> list[LayoutMark]:
    """Return the marks of these kinds, in their order."""
    return [mark for kind in kinds for mark in layout.marks if mark.kind == kind]


def cells_of(mark: LayoutMark) -> str:
    """Return « (colonne D : D4, D15, D16…) » with a space before it, or ""."""
    if not mark.cells:
        return ""
    columns = f"{'colonne' if len(mark.columns) == 1 else 'colonnes'} {join_list(list(mark.columns[:5]))} : "
    shown = ", ".join(plain(cell, 20) for cell in mark.cells[:_SHOWN_CELLS])
    return f" ({columns if mark.columns else ''}{shown}{'…' if mark.count > _SHOWN_CELLS else ''})"


def judged(case: Case, layout: LayoutFacts, nouns: Mapping[str, tuple[str, str]]) -> Iterable[Verdict]:
    """Yield one verdict per kind of marks; ``nouns`` gives what each kind counts, singular and plural.

    A mark that is not sure becomes a question, case ``doubt``.
    """
    for mark in marks_of(layout, nouns):
        values = {
            "count": plural(mark.count, *nouns[mark.kind]),
            "where": cells_of(mark) or at(mark.rows),
            "region": region_of(layout),
        }
        sure = mark.confidence >= SURE
        yield Verdict(
            Outcome.NON_COMPLIANT if sure else Outcome.UNVERIFIABLE,
            case=mark.kind if sure else "doubt",
            rule=mark.kind,
            count=mark.count,
            values=values,
            locations=place(case, letter=mark.columns[0] if len(mark.columns) == 1 else "", rows=mark.rows),
        )


def concluded(layout: LayoutFacts, table: TableFacts, faults: Sequence[Verdict]) -> Iterable[Verdict]:
    """Yield the faults, else what can be said of a table that shows none, by how much of it was looked at."""
    if faults:
        yield from faults
    elif table.truncated:
        yield Verdict(Outcome.UNVERIFIABLE, values={"rows": plural(table.row_count, "ligne lue", "lignes lues")})
    elif layout.sampled:
        yield Verdict(Outcome.COMPLIANT, case="sampled", values={"rows": french_number(layout.rows_read)})
    else:
        yield Verdict(Outcome.COMPLIANT)


def title_rows(table: TableFacts) -> tuple[RowRange, ...]:
    """Return the rows above the header, those of a header on several rows left out."""
    marks = marks_of(table.layout, ["two_row_header"]) if table.layout else []
    first = marks[0].rows[0][0] if marks and marks[0].rows else 1 << 30
    return tuple((start, min(end, first - 1)) for start, end in table.title_rows if start < first)


def last_row(layout: LayoutFacts | None) -> int | None:
    """Return the last row of the sheet's tables: blank rows under it are no fault. None when nobody knows."""
    if layout is None or not layout.region:
        return None
    ends = [
        region.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for region in (layout.region, *layout.other_regions)
    ]
    return max(int(end) for end in ends)


def until(rows: tuple[RowRange, ...], last: int | None) -> tuple[RowRange, ...]:
    """Return the part of these rows that does not go beyond a row."""
    if last is None:
        return rows
    return tuple((first, min(end, last)) for first, end in rows if first <= last)
