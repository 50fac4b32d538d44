"""Watches a table's columns of coordinates go by: where the rows lie, which are swapped, empty or unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opendata_check.coordinates import METROPOLE, OVERSEAS, column_words, system_of
from opendata_check.inspection.batch import Integers, Mask, TableBatch
from opendata_check.inspection.labels import words_of
from opendata_check.inspection.spatial.apparent import apparent_crs
from opendata_check.inspection.spatial.cells import Floats, most_decimals, numbers, pairs
from opendata_check.inspection.spatial.extent import Box, Places, dominant
from opendata_check.model.facts import GeometryFault, RowRange, SpatialFacts
from opendata_check.ranges import LineRanges

_MAX_SOURCES = 4
_MAX_LABELS = 10_000
_SHOWN_RANGES = 50
_ENOUGH_READ = 0.5
"""Share of the filled cells that must be coordinates for the columns to be taken as such."""
_ENOUGH_IN_FRANCE = 0.8
"""The same for columns only named x and y: share of the positions that must lie in France."""


@dataclass(frozen=True, slots=True)
class Source:
    """The column or the two columns that say where a row lies."""

    columns: tuple[int, ...]
    """0-based: x then y (longitude then latitude), or the only one."""
    labels: tuple[str, ...]
    family: str
    """``degrees`` (lon, lat), ``plane`` (x, y), ``latitude_first``, ``longitude_first`` or ``shape``."""
    declared: str = ""
    """System that the labels name (« x_l93 »)."""


def sources_of(labels: Sequence[str]) -> list[Source]:
    """Return the columns that seem to hold coordinates, longitudes and latitudes first."""
    words = column_words()
    halves: dict[tuple[str, tuple[str, ...]], dict[str, int]] = {}
    found: list[Source] = []
    for position, label in enumerate(labels[:_MAX_LABELS]):
        said = words_of(label)
        whole = "".join(said)
        families = [
            family for family in ("latitude_first", "longitude_first", "shape") if whole in getattr(words, family)
        ]
        found += [Source((position,), (label,), family, _declared(said)) for family in families]
        for role, family in (("longitude", "degrees"), ("latitude", "degrees"), ("x", "plane"), ("y", "plane")):
            known = getattr(words, role)
            named = [word for word in said if word in known] or ([whole] if whole in known else [])
            if len(named) == 1:
                rest = tuple(word for word in said if word not in known and word not in words.around)
                axis = "x" if role in ("x", "longitude") else "y"
                halves.setdefault((family, () if named == [whole] else rest), {}).setdefault(axis, position)
    two = [
        Source((both["x"], both["y"]), (labels[both["x"]], labels[both["y"]]), family,
               _declared((*words_of(labels[both["x"]]), *words_of(labels[both["y"]])))
               or ("EPSG:4326" if family == "degrees" else ""))
        for (family, _), both in halves.items()
        if len(both) == 2
    ]  # fmt: skip
    two.sort(key=lambda source: (source.family != "degrees", source.columns))
    return [*two, *found][:_MAX_SOURCES]


def _declared(said: Sequence[str]) -> str:
    """Return the system the words of a label name, "" when they name none."""
    whole = " ".join(said)
    if "l93" in whole or "lambert93" in whole or "lambert 93" in whole or "2154" in whole:
        return "EPSG:2154"
    zone = next((word for word in said if len(word) == 4 and word[:2] == "cc" and "42" <= word[2:] <= "50"), "")
    if zone:
        return f"EPSG:39{zone[2:]}"
    return "EPSG:4326" if "wgs84" in whole or "4326" in whole else ""


class CoordinateWatch:
    """Observes the rows of a table and tells at the end where they lie; nothing when no column says so."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._tracks = [_Track(source) for source in sources_of(labels)]

    def take(self, batch: TableBatch) -> None:
        """Look at a batch of rows."""
        for track in self._tracks:
            if max(track.source.columns) < len(batch.columns):
                track.take(batch)

    def spatial(self) -> SpatialFacts | None:
        """Return what the first columns that do hold coordinates say, None when none does."""
        return next((facts for facts in (track.facts() for track in self._tracks) if facts is not None), None)


class _Track:
    """What is known of one source so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._places = Places()
        self._box = Box()
        self._filled = self._read = self._commas = self._coarse = self._sexagesimal = 0
        self._decimals: int | None = None
        self._rows = {name: LineRanges() for name in ("null", "unreadable", "zero", "swapped", "straight", "far")}

    def take(self, batch: TableBatch) -> None:
        """Add a batch of rows."""
        chosen = [batch.columns[position] for position in self.source.columns]
        if len(chosen) == 2:
            x, y, filled, half = self._two(batch)
        else:
            x, y, filled, half = self._one(batch)
        lines = batch.lines
        read = np.isfinite(x) & np.isfinite(y)
        zero = read & (x == 0) & (y == 0)
        self._filled += int(filled.sum())
        self._read += int(read.sum())
        self._note("null", lines, ~filled)
        self._note("unreadable", lines, filled & ~read | half)
        self._note("zero", lines, zero)
        placed = read & ~zero
        if not placed.any():
            return
        xs, ys, at = x[placed], y[placed], lines[placed]
        self._box.add(float(xs.min()), float(ys.min()))
        self._box.add(float(xs.max()), float(ys.max()))
        self._places.add_many(xs, ys, at)
        self._judge(xs, ys, at)
        if self._decimals is None:
            self._decimals = max(most_decimals(column, column.filled) for column in chosen)

    def _two(self, batch: TableBatch) -> tuple[Floats, Floats, Mask, Mask]:
        """Return x and y by row, whether the row says something, and whether it says only one of the two."""
        first, second = (batch.columns[position] for position in self.source.columns)
        read = numbers(first), numbers(second)
        filled = first.rows(first.filled), second.rows(second.filled)
        commas = first.rows(read[0].commas) | second.rows(read[1].commas)
        self._commas += int(commas.sum())
        old_way = first.rows(read[0].sexagesimal) | second.rows(read[1].sexagesimal)
        self._sexagesimal += int(old_way.sum())
        x, y = read[0].values[first.codes], read[1].values[second.codes]
        return x, y, filled[0] | filled[1], filled[0] ^ filled[1]

    def _one(self, batch: TableBatch) -> tuple[Floats, Floats, Mask, Mask]:
        column = batch.columns[self.source.columns[0]]
        read = pairs(column)
        turned = ~read.in_order & (self.source.family == "latitude_first")
        x, y = np.where(turned, read.second, read.first), np.where(turned, read.first, read.second)
        self._commas += int(read.commas[column.codes].sum())
        codes = column.codes
        return x[codes], y[codes], column.rows(column.filled), np.zeros(len(codes), dtype=np.bool_)

    def _judge(self, xs: Floats, ys: Floats, at: Integers) -> None:
        """Note the rows whose degrees changed places, are no place on Earth, or are too round."""
        degrees = (np.abs(xs) <= 180) & (np.abs(ys) <= 180)
        home, turned = in_france(xs, ys), in_france(ys, xs)
        self._note("straight", at, home)
        self._note("swapped", at, degrees & ~home & turned)
        if self.source.family != "plane":
            self._note("far", at, ((np.abs(xs) > 180) | (np.abs(ys) > 90)) & ~turned & (np.abs(xs) < 1_000_000_000))
        self._coarse += int((degrees & _is_round(xs) & _is_round(ys)).sum())

    def _note(self, what: str, lines: Integers, among: Mask) -> None:
        if among.any():
            self._rows[what].extend(lines[among])

    def facts(self) -> SpatialFacts | None:
        """Return what is known of the source, None when its cells are no coordinates after all."""
        if not self._read or self._read < _ENOUGH_READ * self._filled:
            return None
        system = system_of(self.source.declared)
        by_system, cells, unplaced = self._places.told(system)
        named = self.source.family != "plane" or bool(self.source.declared)
        at_home = self._rows["straight"].count + self._rows["swapped"].count + sum(
            count for name, count in by_system if name not in ("", "wgs84", "swapped")
        )  # fmt: skip
        if not named and at_home < _ENOUGH_IN_FRANCE * (self._read - self._rows["zero"].count):
            return None
        box = self._box.bounds()
        apparent = dominant(by_system, box, apparent_crs(box))
        swapped = self._rows["swapped"]
        if self.source.family == "shape" and apparent == "swapped":
            # The label told no order: most rows give it.
            apparent, swapped = "wgs84", self._rows["straight"]
            other = {"swapped": "wgs84", "wgs84": "swapped"}
            by_system = tuple((other.get(name, name), count) for name, count in by_system)
        return SpatialFacts(
            feature_count=self._read,
            bbox=box,
            declared_crs=self.source.declared,
            apparent_crs=apparent,
            carrier="columns",
            columns=self.source.labels,
            systems=by_system,
            zeros=self._rows["zero"].count,
            zero_rows=_shown(self._rows["zero"]),
            faults=tuple(
                GeometryFault(kind, self._rows[name].count, _shown(self._rows[name]))
                for kind, name in (("null", "null"), ("out_of_range", "far"))
                if self._rows[name].count and not (name == "far" and apparent not in ("", "wgs84", "swapped"))
            ),
            cells=cells,
            unplaced=unplaced,
            decimals=self._decimals,
            unreadable=self._rows["unreadable"].count,
            unreadable_rows=_shown(self._rows["unreadable"]),
            decimal_commas=self._commas,
            swapped_rows=_shown(swapped) if apparent in ("wgs84", "swapped") else (),
            coarse=self._coarse,
            sexagesimal=self._sexagesimal,
        )


def _shown(ranges: LineRanges) -> tuple[RowRange, ...]:
    return ranges.ranges()[:_SHOWN_RANGES]


def _is_round(values: Floats) -> Mask:
    """Return which numbers need no more than two decimals."""
    hundreds = values * 100
    return np.asarray(np.abs(hundreds - np.round(hundreds)) < 1e-7, dtype=np.bool_)


def in_france(longitudes: Floats, latitudes: Floats) -> Mask:
    """Return which points lie in France, roughly: the same outline as ``coordinates.in_france``, for arrays."""
    inside = np.zeros(len(longitudes), dtype=np.bool_)
    with np.errstate(over="ignore", invalid="ignore"):
        for (x1, y1), (x2, y2) in zip(METROPOLE, (*METROPOLE[1:], METROPOLE[0]), strict=True):
            if y1 != y2:
                astride = (y1 > latitudes) != (y2 > latitudes)
                inside ^= astride & (longitudes < x1 + (latitudes - y1) * (x2 - x1) / (y2 - y1))
        for west, south, east, north in OVERSEAS:
            inside |= (longitudes >= west) & (longitudes <= east) & (latitudes >= south) & (latitudes <= north)
    return inside
