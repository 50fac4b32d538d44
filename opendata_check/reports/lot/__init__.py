"""The pages and tables of many bodies audited in one go: what a companion opens, sorts, prints and hands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from opendata_check.model.compared import Compared
from opendata_check.model.lot import Lot, LotResult
from opendata_check.model.summary import FindingMark

__all__ = ["written"]

Marks = Callable[[LotResult], tuple[FindingMark, ...]]


def written(
    lot: Lot, compared: Compared, marks_of: Marks, *, rank: bool = False
) -> Iterator[tuple[str, str | bytes | Iterable[str]]]:
    """Yield (relative path, content) for each file of the lot but the bodies' own pages, which these link to.

    Each content must be used up before the next is asked for. ``marks_of`` is called once for each audited body, in
    the order of the list, and what it gives is not kept. ``rank`` adds a ranking, for the companion's own use.
    """
    from opendata_check.reports.lot import csvtable, parquet
    from opendata_check.reports.lot.site import pages

    yield from pages(lot, compared, rank)
    yield "synthese.csv", csvtable.pieces(lot, compared)
    yield "scores.parquet", parquet.scores(lot)
    yield from _detailed(lot, compared, marks_of)


def _detailed(lot: Lot, compared: Compared, marks_of: Marks) -> Iterator[tuple[str, bytes]]:
    """Yield the workbook and the file of findings, both filled while the findings of each body pass once."""
    from opendata_check.reports.lot.parquet import finding_rows, findings_table
    from opendata_check.reports.lot.workbook import Book

    book, table = Book(lot, compared), findings_table()
    for result in lot.results:
        marks = marks_of(result) if result.summary is not None else ()
        book.add(result, marks)
        for row in finding_rows(result, marks):
            table.add(row)
    yield "constats.parquet", table.bytes()
    yield "synthese.xlsx", book.bytes()
