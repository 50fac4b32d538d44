"""Keeps a page of reasonable weight whatever was found; past a limit, it says what is left out and where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from opendata_check.reports.outline.values import DatasetBlock, Files, Group, Item, Limits, Outline, Undecided

SHOWN = 6000
"""Findings a page shows: beyond, a browser slows down and nobody reads on."""
_ACTIONS = 300
"""Actions listed after the first ones: their number stays in the title of the list."""
_NAMES = 150
"""Names told in one list."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """An outline that a page can carry."""

    told: Outline
    shown: int
    """Findings told one by one."""
    total: int
    """Those there are."""


class _Room:
    """How many findings may still be told."""

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.total = 0

    def take(self, count: int) -> int:
        """Return how many of ``count`` findings there is room for."""
        self.total += count
        taken = min(count, self.left)
        self.left -= taken
        return taken


def bounded(told: Outline, limit: int = SHOWN) -> Bounded:
    """Return the outline with ``limit`` findings at most: private life first, then the order of the page."""
    room = _Room(limit)
    personal = replace(told.personal, groups=_groups(told.personal.groups, room))
    files = _files(told.files, room)
    limits = _limits(told.limits, room)
    actions = replace(told.actions, others=told.actions.others[:_ACTIONS])
    shorter = replace(told, personal=personal, files=files, limits=limits, actions=actions)
    return Bounded(shorter, limit - room.left, room.total)


def _files(files: Files, room: _Room) -> Files:
    general, repeated = _groups(files.general, room), _groups(files.repeated, room)
    blocks: list[DatasetBlock] = []
    for block in files.datasets:
        groups = _groups(block.groups, room)
        if groups or (room.left and not block.groups and len(blocks) < SHOWN):
            blocks.append(replace(block, groups=groups))
    return replace(files, general=general, repeated=repeated, datasets=tuple(blocks))


def _groups(groups: Sequence[Group], room: _Room) -> tuple[Group, ...]:
    kept = (replace(group, items=_items(group.items, room)) for group in groups)
    return tuple(group for group in kept if group.items)


def _items(items: Sequence[Item], room: _Room) -> tuple[Item, ...]:
    kept = []
    for item in items:
        taken = room.take(max(1, len(item.fingerprints)))
        if taken:
            kept.append(replace(item, fingerprints=item.fingerprints[:taken]))
    return tuple(kept)


def _limits(limits: Limits, room: _Room) -> Limits:
    kept: list[Undecided] = []
    for one in limits.undecided:
        prints = tuple(each[: room.take(len(each))] for each in one.fingerprints)
        if any(prints) or (room.left and not any(one.fingerprints)):
            kept.append(replace(one, fingerprints=prints))
    return replace(limits, undecided=tuple(kept))


def fingerprints(told: Outline) -> Iterator[str]:
    """Yield the fingerprints of all the findings an outline tells."""
    files = told.files
    groups = chain(
        told.personal.groups, files.general, files.repeated, chain.from_iterable(one.groups for one in files.datasets)
    )
    for group in groups:
        for item in group.items:
            yield from item.fingerprints
    for one in told.limits.undecided:
        yield from chain.from_iterable(one.fingerprints)


def named(names: Sequence[str]) -> tuple[Sequence[str], int]:
    """Return the first names of a list, and how many more there are."""
    return names[:_NAMES], max(0, len(names) - _NAMES)
