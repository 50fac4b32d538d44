"""Judges what follows what inside a group of rows: the stops of a trip, the points of a shape.

Rows of a group usually stand together: each group is judged as it ends, and forgotten. Groups that come back later in
the file are read again, together, within a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from opendata_check.standards.gtfs.facts import Sequence
from opendata_check.standards.gtfs.gathering import Gathering
from opendata_check.standards.gtfs.reading import Batch
from opendata_check.standards.gtfs.store import LONGEST_ID, MAX_IDS
from opendata_check.standards.gtfs.values import number_of, seconds_of

MAX_SCATTERED = 400_000
"""Rows of scattered groups that are held to be judged together."""
MAX_GROUP = 100_000
"""Rows of one group."""
_MAX_PENDING = 100_000


Step = tuple[int, int, str, str, str, bool]
"""One row of a group: its order, its record number, its distance, its arrival, its departure, and whether it is timed
(a row on demand has a window instead of times). A plain tuple: there are millions."""


class Breach(NamedTuple):
    """What a row breaks."""

    code: str
    field: str
    row: int
    value: str | None


class Sequences:
    """Follows the groups of a file."""

    def __init__(self, sequence: Sequence) -> None:
        self._sequence = sequence
        self.groups: set[str] = set()
        """Groups seen, as long as they are not too many."""
        self.is_full = False
        self.scattered: set[str] = set()
        self._group = ""
        self._steps: list[Step] = []
        self._pending: dict[str, list[Breach]] = {}
        self._held: dict[str, list[Step]] = {}
        self._held_rows = 0

    def follow(self, batch: Batch, name: str, found: Gathering) -> None:
        """Take in a batch; groups that end are judged."""
        for group, steps in self._groups(batch):
            if group != self._group:
                self._close(name, found)
                self._open(group)
            if len(self._steps) + len(steps) <= MAX_GROUP:
                self._steps += steps
            else:
                found.add("gtfs.non_verifie", name, self._sequence.order)

    def end(self, name: str, found: Gathering) -> None:
        """Judge the last group, and give out what the groups that stand together break."""
        self._close(name, found)
        for group, breaches in self._pending.items():
            if group not in self.scattered:
                _give(breaches, name, found)
        self._pending = {}

    def hold(self, batch: Batch) -> bool:
        """Keep the rows of scattered groups (second reading); return False when there are too many."""
        for group, steps in self._groups(batch):
            if group in self.scattered:
                self._held_rows += len(steps)
                if self._held_rows > MAX_SCATTERED:
                    return False
                self._held.setdefault(group, []).extend(steps)
        return True

    def end_held(self, name: str, found: Gathering) -> None:
        """Judge the scattered groups."""
        for steps in self._held.values():
            _give(list(judge(self._sequence, steps)), name, found)
        self._held = {}

    def _open(self, group: str) -> None:
        self._group = group
        self.is_full = self.is_full or len(group) > LONGEST_ID
        if self.is_full:
            return
        if group in self.groups:
            self.scattered.add(group)
        self.groups.add(group)
        self.is_full = len(self.groups) > MAX_IDS

    def _close(self, name: str, found: Gathering) -> None:
        if self._steps and self._group not in self.scattered:
            breaches = list(judge(self._sequence, self._steps))
            if breaches:
                self._pending[self._group] = breaches
            if len(self._pending) > _MAX_PENDING:
                for held in self._pending.values():
                    _give(held, name, found)
                self._pending = {}
        self._steps = []

    def _groups(self, batch: Batch) -> Iterator[tuple[str, list[Step]]]:
        """Yield the rows of a batch that say their group and their order, those of a group that stand together."""
        sequence, columns = self._sequence, batch.columns
        if sequence.group not in columns or sequence.order not in columns:
            return
        empty = ("",) * len(batch.rows)
        arrival, departure = (columns.get(time, empty) for time in sequence.times or ("", ""))
        windows = [columns[window] for window in sequence.windows if window in columns]
        is_timed = [not any(cells) for cells in zip(*windows, strict=True)] if windows else [True] * len(batch.rows)
        places = {order: _order(order) for order in set(columns[sequence.order])}
        orders = [places[order] for order in columns[sequence.order]]
        distances = columns.get(sequence.distance, empty)
        steps = zip(orders, batch.rows, distances, arrival, departure, is_timed, strict=True)
        for group, rows in groupby(zip(columns[sequence.group], steps, strict=True), key=itemgetter(0)):
            if group:
                yield group, [step for _, step in rows if step[0] is not None]


def _order(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else None


def _give(breaches: list[Breach], name: str, found: Gathering) -> None:
    for breach in breaches:
        found.add(breach.code, name, breach.field, breach.row, breach.value)


def judge(sequence: Sequence, steps: list[Step]) -> Iterator[Breach]:
    """Yield what a whole group breaks, its rows put in their order."""
    ordered = sorted(steps, key=itemgetter(0))
    for before, step in pairwise(ordered):
        if step[0] == before[0]:
            yield Breach("gtfs.cle_double", sequence.order, step[1], str(step[0]))
    if any(step[2] for step in ordered):
        yield from _distances(sequence, ordered)
    if sequence.times:
        yield from _times(sequence, ordered)


def _distances(sequence: Sequence, steps: list[Step]) -> Iterator[Breach]:
    furthest: float | None = None
    for _, row, written, *_ in steps:
        distance = number_of(written) if written else None
        if distance is None:
            continue
        if furthest is not None and distance < furthest:
            yield Breach("gtfs.distance_recule", sequence.distance, row, written)
        furthest = distance


def _times(sequence: Sequence, steps: list[Step]) -> Iterator[Breach]:
    """Yield what the times of a trip break. Source: GTFS reference, stop_times.txt."""
    arrival_field, departure_field = sequence.times
    if len(steps) < 2:
        yield Breach("gtfs.course_un_arret", sequence.group, steps[0][1], None)
    for _, row, _, arrives, _, is_timed in {steps[0], steps[-1]}:
        if is_timed and not arrives.strip():
            yield Breach("gtfs.horaire_manquant", arrival_field, row, None)
    latest = -1
    for _, row, _, arrives, departs, _ in steps:
        arrival = seconds_of(arrives) if arrives else None
        departure = seconds_of(departs) if departs else None
        if arrival is None:
            if departure is not None and departure < latest:
                yield Breach("gtfs.horaire_recule", departure_field, row, departs)
            latest = latest if departure is None else departure
            continue
        if arrival < latest:
            yield Breach("gtfs.horaire_recule", arrival_field, row, arrives)
        if departure is not None and departure < arrival:
            yield Breach("gtfs.depart_avant_arrivee", departure_field, row, departs)
        latest = arrival if departure is None else departure
