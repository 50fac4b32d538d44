"""Sums up many bodies over time: medians by period, how many rise or fall, who has gone silent."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Sequence
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from opendata_check.model.finding import Axis
from opendata_check.model.history import Median, Period, Silence, Trend
from opendata_check.store.reading import decoded
from opendata_check.wording import word

_STEPS = {"day": 10, "month": 7, "year": 4}
"""How many letters of an ISO date name the period."""
_REASONS = ("vanished", "fewer", "aged")
_ROWS = """
SELECT audit.body, day, partial, datasets, points, newest, overall, {axes}
FROM audit JOIN body ON body.id = audit.body WHERE {bodies} ORDER BY audit.body, day, audit.id
"""


class _Row(NamedTuple):
    """One audit as trends read it. Scores in tenths of a point."""

    body: int
    day: str
    partial: int
    datasets: int
    points: int
    newest: str | None
    scores: tuple[int | None, ...]
    """The whole, then each axis."""


class _Limits(NamedTuple):
    """The table ``store_limits`` of rules/words.yaml."""

    rise: float
    """Points from which a score is said to rise or to fall: less is what the mere passing of days does."""
    aged: int
    """Days from which the newest dataset is said to be old."""
    fewer: int
    """Share in % of the datasets that are gone, from which it is said."""


def _limits() -> _Limits:
    number = [word("store_limits", *key) for key in (("rise", "points"), ("aged", "days"), ("fewer", "share"))]
    return _Limits(float(number[0]), int(number[1]), int(number[2]))


class _Tally:
    """The figures of one period: four bytes each, since the country has hundreds of thousands."""

    def __init__(self) -> None:
        self.bodies = self.rising = self.falling = self.steady = 0
        self.scores = tuple(array("i") for _ in range(len(Axis) + 1))
        self.points, self.datasets = array("i"), array("i")

    def count(self, row: _Row) -> None:
        """Count the last audit of a body in the period."""
        self.bodies += 1
        for known, score in zip(self.scores, row.scores, strict=True):
            if score is not None:
                known.append(score)
        self.points.append(row.points)
        self.datasets.append(row.datasets)

    def move(self, before: _Row, after: _Row, rise: float) -> None:
        """Count how a body moved since its period before."""
        if before.scores[0] is None or after.scores[0] is None:
            return
        gap = (after.scores[0] - before.scores[0]) / 10
        self.rising += gap >= rise
        self.falling += gap <= -rise
        self.steady += -rise < gap < rise

    def period(self, name: str) -> Period:
        """Return the period in figures."""
        overall, *axes = (_median(known, 10) for known in self.scores)
        return Period(
            name=name,
            bodies=self.bodies,
            overall=overall,
            axes=tuple((axis.value, found) for axis, found in zip(Axis, axes, strict=True)),
            points=_median(self.points),
            datasets=_median(self.datasets),
            rising=self.rising,
            falling=self.falling,
            steady=self.steady,
        )


def _median(known: Sequence[int], unit: int = 1) -> Median:
    return Median(median(known) / unit if known else None, len(known))


def trend(connection: sqlite3.Connection, path: Path, step: str, bodies: str, places: tuple[str, ...]) -> Trend:
    """Return the trend of the bodies that a condition chooses, by ``step`` (day, month, year)."""
    axes, limits, letters = ", ".join(axis.value for axis in Axis), _limits(), _STEPS[step]
    tallies: dict[str, _Tally] = {}
    silent: list[Silence] = []
    seen = audits = unsure = 0
    with decoded(path):
        names: dict[int, tuple[str, str, str]] = {
            number: (str(key), str(name), str(place))
            for number, key, name, place in connection.execute("SELECT id, key, name, departement FROM body")
        }
        rows = connection.execute(_ROWS.format(axes=axes, bodies=bodies), places)
        told = (_Row(row[0], row[1], row[2], row[3], row[4], row[5], row[6:]) for row in rows)
        for body, audited in groupby(told, key=lambda row: row.body):
            group = list(audited)
            seen, audits, unsure = seen + 1, audits + len(group), unsure + bool(group[-1].partial)
            _count(group, tallies, letters, limits.rise)
            found = _silence(group, *names[body], limits)
            silent += [] if found is None else [found]
        periods = tuple(tallies[name].period(name) for name in sorted(tallies))
    return Trend(
        step=step,
        bodies=seen,
        audits=audits,
        periods=periods,
        silent=tuple(sorted(silent, key=lambda one: (_REASONS.index(one.reason), one.name, one.body))),
        unsure=unsure,
        rise=limits.rise,
        aged_days=limits.aged,
    )


def _count(group: Sequence[_Row], tallies: dict[str, _Tally], letters: int, rise: float) -> None:
    """Count a body in the periods where it was audited, by its last audit of each."""
    latest = {row.day[:letters]: row for row in group}
    for name, row in latest.items():
        tallies.setdefault(name, _Tally()).count(row)
    for (_, before), (name, after) in pairwise(latest.items()):
        tallies[name].move(before, after, rise)


def _silence(group: Sequence[_Row], key: str, name: str, departement: str, limits: _Limits) -> Silence | None:
    """Return why a body is said silent, by its latest audit; None when it is not, or when that audit is partial."""
    *earlier, last = group
    if last.partial or not earlier:
        return None
    most = max(row.datasets for row in earlier)
    newest = None if last.newest is None else date.fromisoformat(last.newest)
    if most and not last.datasets:
        reason = "vanished"
    elif most >= 2 and (most - last.datasets) * 100 >= limits.fewer * most:
        reason = "fewer"
    elif _age(last) > limits.aged and any(0 <= _age(row) <= limits.aged for row in earlier):
        reason = "aged"
    else:
        return None
    return Silence(key, name, departement, reason, date.fromisoformat(last.day), last.datasets, most, newest)


def _age(row: _Row) -> int:
    """Return the age in days of the newest dataset on the day of the audit; -1 when no date is known."""
    if row.newest is None:
        return -1
    return max(0, (date.fromisoformat(row.day) - date.fromisoformat(row.newest)).days)
