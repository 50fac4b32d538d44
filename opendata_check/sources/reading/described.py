"""What a metadata file gave, and how several of them are put together without counting a file twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from opendata_check.model.catalog import Dataset, Distribution, Fault

_KEPT_APART = frozenset({"id", "title", "distributions", "described"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one metadata file says. ``consumed`` are files that describe and are no data themselves."""

    datasets: tuple[Dataset, ...] = ()
    faults: tuple[Fault, ...] = ()
    consumed: frozenset[Path] = frozenset()
    title: str = ""
    publisher_siren: str | None = None


def unreadable(path: Path, where: str, what: str, remedy: str = "") -> Reading:
    """Return the reading of a metadata file that is malformed: a fault, and the file is no dataset."""
    return Reading(faults=(Fault(what, where, remedy),), consumed=frozenset({path}))


def paths_of(dataset: Dataset) -> set[Path]:
    """Return the local files of a dataset."""
    return {found.path for found in dataset.distributions if found.path is not None}


def complete_with(dataset: Dataset, other: Dataset) -> Dataset:
    """Return ``dataset`` with the fields it lacks taken from ``other``, and the distributions it lacks added."""
    missing = {
        field.name: getattr(other, field.name)
        for field in fields(Dataset)
        if field.name not in _KEPT_APART and not getattr(dataset, field.name)
    }
    own = paths_of(dataset)
    urls = {found.url for found in dataset.distributions if found.url}
    more = tuple(
        found for found in other.distributions if (found.path not in own if found.path else found.url not in urls)
    )
    return replace(
        dataset,
        **missing,
        distributions=distinct_ids(dataset.distributions + more),
        described=dataset.described or other.described,
    )


def combine(datasets: Iterable[Dataset]) -> list[Dataset]:
    """Return the datasets, those that share a local file made one; the first to speak of a file prevails."""
    kept: list[Dataset] = []
    owner: dict[Path, int] = {}
    for dataset in datasets:
        paths = paths_of(dataset)
        place = min((owner[path] for path in paths if path in owner), default=None)
        if place is None:
            place = len(kept)
            kept.append(dataset)
        else:
            elsewhere = {path for path in paths if owner.get(path, place) != place}
            own = tuple(found for found in dataset.distributions if found.path not in elsewhere)
            kept[place] = complete_with(kept[place], replace(dataset, distributions=own))
        for path in paths:
            owner.setdefault(path, place)
    return kept


def distinct_ids(distributions: tuple[Distribution, ...]) -> tuple[Distribution, ...]:
    """Return the distributions with ids that differ."""
    seen: dict[str, int] = {}
    kept = []
    for found in distributions:
        count = seen[found.id] = seen.get(found.id, 0) + 1
        kept.append(found if count == 1 else replace(found, id=f"{found.id}#{count}"))
    return tuple(kept)


def distinct_datasets(datasets: Iterable[Dataset]) -> tuple[Dataset, ...]:
    """Return the datasets sorted by id, with ids that differ."""
    seen: dict[str, int] = {}
    kept = []
    for dataset in sorted(datasets, key=lambda dataset: (dataset.id.casefold(), dataset.id)):
        count = seen[dataset.id] = seen.get(dataset.id, 0) + 1
        kept.append(dataset if count == 1 else replace(dataset, id=f"{dataset.id}#{count}"))
    return tuple(kept)
