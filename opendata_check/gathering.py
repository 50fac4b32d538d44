"""Asks each source in turn for its catalogue, then makes one list where each dataset stands once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from opendata_check.fetching import Fetcher
from opendata_check.model.catalog import Catalog, Dataset, Fault
from opendata_check.model.copies import MergedDataset
from opendata_check.model.listed import Listed
from opendata_check.model.report import Progress
from opendata_check.sources import Source, SourceError
from opendata_check.sources.merging import merge

FOLDER = "folder"

_STOPPED = Fault("la lecture a été interrompue avant cette source", remedy="Relancez la commande.")


def gathered(sources: Sequence[Source], fetcher: Fetcher) -> Iterator[Progress | Catalog]:
    """Yield a Progress then a Catalog for each source; after Ctrl-C, what was not asked comes as an empty Catalog.

    A source where nothing can be seen gives an empty Catalog with a fault when there are others beside it.
    Raises SourceError when it is the only one.
    """
    interrupted = False
    for number, source in enumerate(sources):
        if interrupted:
            yield _unseen(source, _STOPPED, interrupted=True)
            continue
        yield Progress(f"Recherche des données : {source.label}", number, len(sources) if len(sources) > 1 else 0)
        try:
            catalog = source.collect(fetcher)
        except SourceError as error:
            if len(sources) == 1:
                raise
            catalog = _unseen(source, Fault(error.what, error.where or source.label, error.remedy))
        except KeyboardInterrupt:
            catalog = _unseen(source, _STOPPED, interrupted=True)
        interrupted = catalog.interrupted
        yield catalog


def not_asked(sources: Sequence[Source]) -> list[Catalog]:
    """Return the empty catalogues of sources whose turn did not come before a Ctrl-C."""
    return [_unseen(source, _STOPPED, interrupted=True) for source in sources]


def _unseen(source: Source, fault: Fault, *, interrupted: bool = False) -> Catalog:
    """Return the catalogue of a source that showed nothing."""
    told = fault if fault.where else Fault(fault.what, source.label, fault.remedy)
    return Catalog(
        source=source.kind,
        place=FOLDER if source.kind == FOLDER else "portal",
        location=source.label,
        title=source.label,
        datasets=(),
        faults=(told,),
        complete=False,
        interrupted=interrupted,
    )


def one_list(catalogs: Sequence[Catalog]) -> list[Listed]:
    """Return each dataset of the catalogues once, with ids that differ, and where its files may be read."""
    merged = merge(catalogs)
    taken: dict[str, int] = {}
    return [_listed(one, taken) for one in merged]


def _listed(one: MergedDataset, taken: dict[str, int]) -> Listed:
    """Return a dataset of the list; ``taken`` counts the ids given before it."""
    number = taken[one.dataset.id] = taken.get(one.dataset.id, 0) + 1
    dataset = one.dataset if number == 1 else replace(one.dataset, id=f"{one.dataset.id}#{number}")
    folders = [Path(copy.location) for copy in one.copies if copy.source == FOLDER]
    online = any(copy.source != FOLDER for copy in one.copies)
    return Listed(dataset, one.copies, one.copies[0].location, _root(dataset, folders), online)


def _root(dataset: Dataset, folders: list[Path]) -> Path | None:
    """Return the folder that holds a dataset's local files, None when it has none."""
    local = next((one.path for one in dataset.distributions if one.path is not None), None)
    if local is None:
        return None
    holding = (folder for folder in folders if local.absolute().is_relative_to(folder.absolute()))
    return next(holding, folders[0] if folders else None)
