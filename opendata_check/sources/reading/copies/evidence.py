"""What shows that groups of records are one dataset: a name, most of their files, or at least what a title can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from opendata_check.model.catalog import Dataset
from opendata_check.model.copies import CHECKSUM, HARVEST_ID, IDENTIFIER, TITLE, URL, Copy
from opendata_check.sources.reading.copies.file_tokens import FileTraits
from opendata_check.sources.reading.copies.likeness import Traits

_FEW = 8
"""More records than that with one token: it names no dataset by itself (a common page, an empty form)."""


class Record(NamedTuple):
    """One copy; ``rank`` is its place among all that were read, sorted."""

    rank: int
    copy: Copy
    files: tuple[FileTraits, ...]
    traits: Traits

    @property
    def authority(self) -> tuple[bool, bool, int, int]:
        """Return what sorts copies: native ones first, then the latest, then a fixed order."""
        dataset = self.copy.dataset
        latest = dataset.modified.toordinal() if dataset.modified else 0
        return bool(dataset.harvested_from), dataset.about_others, -latest, self.rank


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Copies held to be one dataset, the one that has most authority first."""

    records: tuple[Record, ...]
    dataset: Dataset
    traits: Traits
    portals: frozenset[str]
    grounds: frozenset[str] = frozenset()

    @property
    def harvested(self) -> bool:
        """Return True when a copy says where it comes from."""
        return any(record.copy.dataset.harvested_from for record in self.records)


Pair = tuple[int, int, str]
"""Two groups, by place in the list, and the ground to join them."""


def comparable(groups: Sequence[Group]) -> set[int]:
    """Return the places of the records that share a token or a title with another: the rest stay alone for good."""
    first: dict[str, int] = {}
    busy: set[int] = set()
    for place, group in enumerate(groups):
        traits = group.traits
        for token in (
            f"t{traits.title}",
            traits.page,
            *traits.names,
            *(token for one in traits.files for token in one),
        ):
            other = first.setdefault(token, place) if token else place
            if other != place:
                busy.add(other)
                busy.add(place)
    return busy


def _buckets(keys: Iterable[tuple[str, int]]) -> Iterator[list[int]]:
    """Yield the places that have a key in common, two at least."""
    found: dict[str, list[int]] = defaultdict(list)
    for key, place in keys:
        found[key].append(place)
    return (places for places in found.values() if len(places) > 1)


def _pairs(groups: Sequence[Group], places: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a bucket; of a large one, only those that have the same title."""
    if len(places) <= _FEW:
        yield from combinations(places, 2)
        return
    titled: dict[str, int] = {}
    for place in places:
        other = titled.setdefault(groups[place].traits.title, place)
        if other != place:
            yield other, place


def by_name(groups: Sequence[Group]) -> Iterator[Pair]:
    """Yield the pairs that share an identifier or the address of a record.

    Under different titles it must be the own name of one of them, and mean something beyond one portal: two records
    may well come from a same third, be shown on a same page, or be called ``budget``.
    """
    named = ((token, place) for place, group in enumerate(groups) for token in _names(group.traits))
    candidates = {pair for places in _buckets(named) for pair in _pairs(groups, places)}
    for first, second in candidates:
        one, other = groups[first], groups[second]
        a, b = one.traits, other.traits
        shared = (a.names & _names(b)) | (b.names & _names(a))
        if a.title != b.title:
            shared = frozenset(token for token in shared & (a.own | b.own) if token[0] != "l")
            if not shared or one.portals & other.portals:
                continue
        if all(token[0] == "u" for token in shared):
            yield first, second, URL
        else:
            yield first, second, HARVEST_ID if one.harvested or other.harvested else IDENTIFIER


def _names(traits: Traits) -> frozenset[str]:
    """Return all that names a record, its page included."""
    return traits.names | {traits.page} if traits.page else traits.names


def by_file(groups: Sequence[Group]) -> Iterator[Pair]:
    """Yield the pairs most of whose data are the same files."""
    tokens = ((token, place) for place, group in enumerate(groups) for token in frozenset().union(*group.traits.files))
    candidates = {pair for places in _buckets(tokens) for pair in _pairs(groups, places)}
    for first, second in candidates:
        ground = _same_files(groups[first], groups[second])
        if ground:
            yield first, second, ground


def _same_files(one: Group, other: Group) -> str:
    """Return the ground that files give, "" when too few are shared.

    Under the same title half the files of the smaller suffice: harvesters leave some out. Under different titles it
    takes most of those of the larger, and the same numbers: a year's file also stands in the dataset of all years.
    """
    a, b = one.traits, other.traits
    ours, theirs = frozenset().union(*a.files), frozenset().union(*b.files)
    common = min(sum(not tokens.isdisjoint(theirs) for tokens in a.files), sum(not t.isdisjoint(ours) for t in b.files))
    sizes = sorted((len(a.files), len(b.files)))
    if a.title == b.title:
        enough = 2 * common >= sizes[0]
    else:
        enough = 2 * common > sizes[1] and a.numbers == b.numbers and not one.portals & other.portals
    if not enough:
        return ""
    if any(token[0] != "c" for token in ours & theirs):
        return URL
    return CHECKSUM if a.title == b.title or not _other_publisher(a, b) else ""


def _other_publisher(a: Traits, b: Traits) -> bool:
    """Return True when two records name different publishers."""
    if a.siren and b.siren:
        return a.siren != b.siren
    return bool(a.publisher and b.publisher) and a.publisher != b.publisher


def by_title(groups: Sequence[Group]) -> Iterator[Pair]:
    """Yield the pairs that share title, publisher and formats, when each portal has only one such dataset."""
    published = (
        (f"{group.traits.title} {key}", place)
        for place, group in enumerate(groups)
        if group.traits.title and group.traits.formats
        for key in (f"n{group.traits.publisher}", f"s{group.traits.siren}")
        if len(key) > 1
    )
    seen: set[tuple[int, int]] = set()
    for places in _buckets(published):
        portals = [portal for place in places for portal in groups[place].portals]
        if len(portals) == len(set(portals)) and all(
            _resemble(groups[first].traits, groups[second].traits) for first, second in combinations(places, 2)
        ):
            seen.update(combinations(places, 2))
    for first, second in seen:
        yield first, second, TITLE


def _resemble(a: Traits, b: Traits) -> bool:
    """Return True for records of one title whose publishers, periods and formats may be the same."""
    if _other_publisher(a, b) or (a.temporal and b.temporal and a.temporal != b.temporal):
        return False
    return 2 * len(a.formats & b.formats) >= max(len(a.formats), len(b.formats))
