"""Makes one dataset of the copies that several catalogues show of it, so that it is counted once.

Records are compared on what names them (identifiers, addresses), then on their files, then on their title. Strong
evidence comes first and whatever it joined is compared anew; a title only joins when nothing else is left, and never
two records of one portal. Evidence that would join two records of one portal under different titles (the years of a
series, two datasets with one notice) only counts together with the title. Nothing depends on the order of the input.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from opendata_check.model.catalog import Catalog, Dataset
from opendata_check.model.copies import GROUNDS, Copy, MergedDataset
from opendata_check.sources.reading.copies.evidence import Group, Pair, Record, by_file, by_name, by_title, comparable
from opendata_check.sources.reading.copies.file_tokens import files_of
from opendata_check.sources.reading.copies.joining import joined
from opendata_check.sources.reading.copies.likeness import host_of, joined_traits, traits_of


def merge(catalogs: Sequence[Catalog]) -> tuple[MergedDataset, ...]:
    """Return each dataset once with all its copies, sorted by catalogue then id of the copy that has most authority."""
    with _without_collector():
        groups = _grouped(list(_records(catalogs)))
        groups.sort(key=lambda group: group.records[0].rank)
        return tuple(map(_merged, groups))


def _merged(group: Group) -> MergedDataset:
    """Return a group as others see it."""
    grounds = tuple(ground for ground in GROUNDS if ground in group.grounds) if group.grounds else ()
    return MergedDataset(group.dataset, tuple(record.copy for record in group.records), grounds)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the search for cycles: none is made here, and each one would walk through all the catalogues again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _grouped(groups: list[Group]) -> list[Group]:
    """Return the groups joined as long as something joins them, in no order."""
    done: list[Group] = []
    while groups:
        busy = comparable(groups)
        done += [group for place, group in enumerate(groups) if place not in busy]
        groups = [groups[place] for place in sorted(busy)]
        agreed = _unclashing(groups, [*by_name(groups), *by_file(groups)])
        agreed = agreed or _complete(groups, list(by_title(groups)))
        if not agreed:
            break
        groups = _united(groups, agreed)
    return done + groups


# ---- records


def _records(catalogs: Sequence[Catalog]) -> Iterator[Group]:
    """Yield each record alone, sorted by catalogue and id; one that was read twice comes once."""
    read: dict[tuple[str, str], list[Catalog]] = defaultdict(list)
    for catalog in catalogs:
        read[catalog.source, catalog.location].append(catalog)
    rank = 0
    for number, key in enumerate(sorted(read)):
        source, location = key
        sirens = {catalog.publisher_siren for catalog in read[key] if catalog.publisher_siren}
        siren = sirens.pop() if len(sirens) == 1 else ""
        host = host_of(location)
        portals = frozenset([host or f"{source} {location}"])
        for dataset in _sorted([dataset for catalog in read[key] for dataset in catalog.datasets]):
            files = files_of(dataset)
            traits = traits_of(dataset, files, host, siren)
            record = Record(rank, Copy(number, source, location, dataset), files, traits)
            yield Group((record,), dataset, traits, portals)
            rank += 1


def _sorted(datasets: list[Dataset]) -> Iterator[Dataset]:
    """Yield datasets in an order of their own, equal ones once."""
    datasets.sort(key=lambda dataset: dataset.id)
    for _, same in groupby(datasets, key=lambda dataset: dataset.id):
        found = list(same)
        if len(found) == 1:
            yield found[0]
        else:
            yield from sorted(dict.fromkeys(found), key=repr)


# ---- joining


def _chains(groups: Sequence[Group], pairs: list[Pair]) -> Iterator[tuple[list[Group], list[Pair]]]:
    """Yield the groups that pairs hold together, near or far, each time with those pairs."""
    roots = _roots(len(groups), pairs)
    linked: dict[int, list[Pair]] = defaultdict(list)
    members: dict[int, list[Group]] = defaultdict(list)
    for pair in pairs:
        linked[roots[pair[0]]].append(pair)
    for place, group in enumerate(groups):
        members[roots[place]].append(group)
    return ((members[root], found) for root, found in linked.items())


def _unclashing(groups: Sequence[Group], pairs: list[Pair]) -> list[Pair]:
    """Return the pairs that may all be joined: of a chain that clashes, only those that have the same title."""
    kept: list[Pair] = []
    for members, linked in _chains(groups, pairs):
        clash = _clash(members)
        kept += [pair for pair in linked if not clash or groups[pair[0]].traits.title == groups[pair[1]].traits.title]
    return kept


def _complete(groups: Sequence[Group], pairs: list[Pair]) -> list[Pair]:
    """Return the pairs of the chains where each group goes with each other: weak evidence does not chain."""
    kept: list[Pair] = []
    for members, linked in _chains(groups, pairs):
        if 2 * len(linked) == len(members) * (len(members) - 1):
            kept += linked
    return kept


def _clash(groups: Iterable[Group]) -> bool:
    """Return True when one portal has several of these groups under different titles."""
    titles: dict[str, str] = {}
    return any(
        titles.setdefault(portal, group.traits.title) != group.traits.title
        for group in groups
        for portal in group.portals
    )


def _roots(count: int, pairs: Iterable[Pair]) -> list[int]:
    """Return for each place the first place it is joined to, near or far (union-find)."""
    parent = list(range(count))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for first, second, _ in pairs:
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    return [root(place) for place in range(count)]


def _united(groups: Sequence[Group], pairs: list[Pair]) -> list[Group]:
    """Return the groups once the pairs are joined."""
    roots = _roots(len(groups), pairs)
    grounds: dict[int, set[str]] = defaultdict(set)
    for first, _, ground in pairs:
        grounds[roots[first]].add(ground)
    members: dict[int, list[Group]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[roots[place]].append(group)
    return [_one(found, grounds[place]) if len(found) > 1 else found[0] for place, found in members.items()]


def _one(groups: Sequence[Group], grounds: set[str]) -> Group:
    """Return several groups as one."""
    records = tuple(
        sorted((record for group in groups for record in group.records), key=lambda record: record.authority)
    )
    dataset, files = joined([record.copy.dataset for record in records], [record.files for record in records])
    return Group(
        records,
        dataset,
        joined_traits(dataset, files, [record.traits for record in records]),
        frozenset().union(*(group.portals for group in groups)),
        frozenset(grounds).union(*(group.grounds for group in groups)),
    )
