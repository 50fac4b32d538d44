"""The files of a lot: its bodies are compared, then the pages and tables are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from opendata_check.comparison import compared
from opendata_check.model.lot import Lot, LotResult
from opendata_check.model.summary import FindingMark
from opendata_check.reports import lot as pages


def batch_pages(
    lot: Lot, marks_of: Callable[[LotResult], tuple[FindingMark, ...]], rank: bool = False
) -> Iterator[tuple[str, str | bytes | Iterable[str]]]:
    """Yield (path relative to the output folder, « / » between parts; content) for each file of the lot.

    The bodies' own pages, ``communes/<key>/index.html``, are not among them: these files link to them. Each content
    must be used up before the next is asked for. ``marks_of`` gives the open findings of one audited body.
    Raises RulesError when rules/comparison.yaml or rules/words.yaml is badly written.
    """
    yield from pages.written(lot, compared(lot), marks_of, rank=rank)
