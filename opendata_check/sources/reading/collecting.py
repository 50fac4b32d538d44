"""What every portal's reader does alike: keep what came, note what did not, and stop cleanly when the user asks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from opendata_check.fetching import FetchingError
from opendata_check.model.catalog import Dataset, Fault

MAX_DATASETS = 200_000
"""More than the whole national portal holds; beyond it a list is taken for endless."""
MAX_BYTES = 256 * 1024 * 1024
"""Memory that one list may take, roughly: a hundred thousand datasets that say little."""
MAX_SECONDS = 3600.0
"""A list that takes longer than that to come is taken for endless too."""
_MAX_REASONS = 50
_EACH_DATASET, _EACH_FILE, _EACH_FIELD = 2500, 600, 200


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that was seen and is not kept."""

    reason: str
    """As in ``Catalog.left_out``: ``archived``, ``deleted``, ``private``, ``service``, ``federated``…"""


@dataclass(frozen=True, slots=True)
class Announced:
    """How many datasets the portal says it has in the scope that was asked."""

    count: int


Part = Dataset | Fault | LeftOut | Announced
"""What a reader yields, one at a time, in the portal's order."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a reader gave, ready for a Catalog."""

    datasets: tuple[Dataset, ...]
    faults: tuple[Fault, ...]
    complete: bool
    left_out: tuple[tuple[str, int], ...]
    announced: int | None
    interrupted: bool


def gather(parts: Iterable[Part], where: str, *, seconds: float = MAX_SECONDS) -> Gathered:
    """Return what ``parts`` gave: each dataset id once, in order; any Fault makes it incomplete.

    Ctrl-C ends the reading: what came before is kept, ``interrupted`` is True and a fault says so. A list that gave
    fewer records than it announced is told as such, with ``where``. One that takes too much (datasets, memory,
    ``seconds``) is left there. Nothing is raised but what ``parts`` raises.
    """
    datasets: dict[str, Dataset] = {}
    faults: list[Fault] = []
    left_out: Counter[str] = Counter()
    announced: int | None = None
    interrupted = False
    room, end = MAX_BYTES, time.monotonic() + seconds
    try:
        for part in parts:
            if isinstance(part, Fault):
                faults.append(part)
            elif isinstance(part, LeftOut):
                left_out[part.reason if part.reason in left_out or len(left_out) < _MAX_REASONS else "other"] += 1
            elif isinstance(part, Announced):
                announced = part.count
            elif datasets.setdefault(part.id, part) is part:
                room -= _weight(part)
            too_much = _too_much(len(datasets), room, end)
            if too_much:
                faults.append(Fault(f"{too_much} : la suite n'est pas lue", where))
                break
    except KeyboardInterrupt:
        interrupted = True
        faults.append(Fault("la lecture a été interrompue : ce qui suit n'a pas été vu", where, "Relancez-la."))
    seen = len(datasets) + left_out.total()
    if announced is not None and seen < announced and not faults:
        lacking = announced - seen
        many = "jeux de données annoncés n'ont" if lacking > 1 else "jeu de données annoncé n'a"
        faults.append(Fault(f"{lacking} {many} pas été vu{'s' if lacking > 1 else ''} dans la liste", where))
    return Gathered(
        tuple(datasets.values()), tuple(faults), not faults, tuple(sorted(left_out.items())), announced, interrupted
    )


def _too_much(count: int, room: int, end: float) -> str:
    """Return why a list is read no further, in French, "" when it may go on."""
    if count >= MAX_DATASETS:
        return f"la liste a plus de {MAX_DATASETS} jeux de données"
    if room < 0:
        return "la liste est démesurée"
    return "cette liste est trop longue à venir" if time.monotonic() > end else ""


def _weight(dataset: Dataset) -> int:
    """Return how many bytes of memory a dataset takes, roughly: what may be long in it."""
    texts = [dataset.description, *(one.description for one in dataset.distributions)]
    texts += [one.description for one in dataset.fields]
    lists = _EACH_FILE * len(dataset.distributions) + _EACH_FIELD * len(dataset.fields)
    return _EACH_DATASET + lists + sum(map(str.__sizeof__, texts))


def fault_of(error: FetchingError) -> Fault:
    """Return a fetch's failure as a fault, so that the audit goes on."""
    return Fault(error.what, error.where, error.remedy)
