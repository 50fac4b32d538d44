"""Judges what only several files or rows together tell: agencies, parents of stops, days of service."""

from __future__ import annotations

from datetime import date, timedelta

from opendata_check.standards.gtfs.facts import facts
from opendata_check.standards.gtfs.gathering import Gathering
from opendata_check.standards.gtfs.reading import Batch
from opendata_check.standards.gtfs.store import LONGEST_ID, MAX_IDS, Store
from opendata_check.standards.gtfs.values import day_of

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MAX_AGENCIES = 10_000
_PARENT_TYPES = {"": "1", "0": "1", "2": "1", "3": "1", "4": "0"}
"""Type of location that a parent must have, by that of its child. Source: GTFS reference, stops.parent_station."""


class Links:
    """What is remembered from one file to the next, beside identifiers."""

    def __init__(self, store: Store, on: date | None) -> None:
        self._store = store
        self._on = on
        self._agencies: list[tuple[int, str, str]] = []
        self._stop_types: dict[str, str] = {}
        """Only of the locations that are no stop."""
        self._children: list[tuple[int, str, str]] = []
        self._free_routes: set[str] = set()
        """Routes where one boards or alights anywhere: their trips need a shape."""
        self._last_day: date | None = None
        self._has_days = False

    def judge(self, name: str, batch: Batch, found: Gathering) -> None:
        """Take in a batch of a file."""
        take = {
            "agency.txt": self._agency,
            "stops.txt": self._stops,
            "routes.txt": self._routes,
            "fare_attributes.txt": self._fares,
            "trips.txt": self._trips,
            "stop_times.txt": self._stop_times,
            "calendar.txt": self._calendar,
            "calendar_dates.txt": self._exceptions,
            "feed_info.txt": self._feed,
        }.get(name)
        if take is not None:
            take(batch, found)

    def end(self, name: str, found: Gathering) -> None:
        """Judge what needed the whole of a file."""
        if name == "agency.txt":
            self._end_agency(found)
        elif name == "stops.txt":
            self._end_stops(found)

    def _agency(self, batch: Batch, _found: Gathering) -> None:
        empty = ("",) * len(batch.rows)
        ids, zones = batch.columns.get("agency_id", empty), batch.columns.get("agency_timezone", empty)
        for row, agency, zone in zip(batch.rows, ids, zones, strict=True):
            if len(self._agencies) < _MAX_AGENCIES:
                self._agencies.append((row, agency[:LONGEST_ID], zone[:LONGEST_ID]))

    def _end_agency(self, found: Gathering) -> None:
        if len(self._agencies) < 2:
            return
        for row, agency, zone in self._agencies:
            if not agency.strip():
                found.add("gtfs.agence_manquante", "agency.txt", "agency_id", row)
            if zone and zone != self._agencies[0][2]:
                found.add("gtfs.fuseau_agences", "agency.txt", "agency_timezone", row, zone)

    def _stops(self, batch: Batch, _found: Gathering) -> None:
        empty = ("",) * len(batch.rows)
        ids = batch.columns.get("stop_id", empty)
        types = batch.columns.get("location_type", empty)
        parents = batch.columns.get("parent_station", empty)
        for row, stop, kind, parent in zip(batch.rows, ids, types, parents, strict=True):
            if kind not in ("", "0") and len(self._stop_types) < MAX_IDS and len(stop) <= LONGEST_ID:
                self._stop_types[stop] = kind[:1]
            if parent and len(self._children) < MAX_IDS:
                self._children.append((row, parent[:LONGEST_ID], kind[:1]))

    def _end_stops(self, found: Gathering) -> None:
        """Judge the parents of stops: they exist, and are of the right type."""
        known = self._store.ids("stops.txt/stop_id")
        for row, parent, kind in self._children:
            if known is not None and parent not in known and parent.strip() not in known:
                found.add("gtfs.reference", "stops.txt", "parent_station", row, parent)
            elif known is not None and _PARENT_TYPES.get(kind, "") not in ("", self._stop_types.get(parent, "0")):
                found.add("gtfs.parent_type", "stops.txt", "parent_station", row, parent)
        self._children = []

    def _several_agencies(self, name: str, batch: Batch, found: Gathering) -> None:
        """Note the rows that do not say their agency when there are several."""
        if len(self._agencies) < 2:
            return
        cells = batch.columns.get("agency_id")
        if cells is None:
            found.add("gtfs.agence_manquante", name, "agency_id")
            return
        for row, cell in zip(batch.rows, cells, strict=True):
            if not cell.strip():
                found.add("gtfs.agence_manquante", name, "agency_id", row)

    def _fares(self, batch: Batch, found: Gathering) -> None:
        self._several_agencies("fare_attributes.txt", batch, found)

    def _routes(self, batch: Batch, found: Gathering) -> None:
        self._several_agencies("routes.txt", batch, found)
        ids = batch.columns.get("route_id", ())
        for name in ("continuous_pickup", "continuous_drop_off"):
            free = zip(ids, batch.columns.get(name, ("",) * len(ids)), strict=True)
            for route, cell in free:
                if cell in ("0", "2", "3") and len(self._free_routes) < MAX_IDS and len(route) <= LONGEST_ID:
                    self._free_routes.add(route)

    def _trips(self, batch: Batch, found: Gathering) -> None:
        if not self._free_routes:
            return
        routes = batch.columns.get("route_id", ())
        shapes = batch.columns.get("shape_id", ("",) * len(routes))
        for row, route, shape in zip(batch.rows, routes, shapes, strict=False):
            if route in self._free_routes and not shape.strip():
                found.add("gtfs.trace_manquant", "trips.txt", "shape_id", row)

    def _stop_times(self, batch: Batch, found: Gathering) -> None:
        cells = batch.columns.get("stop_id", ())
        wrong = {cell for cell in set(cells) if cell in self._stop_types}
        if wrong:
            for row, cell in zip(batch.rows, cells, strict=True):
                if cell in wrong:
                    found.add("gtfs.arret_type", "stop_times.txt", "stop_id", row, cell)

    def _calendar(self, batch: Batch, found: Gathering) -> None:
        ends = batch.columns.get("end_date", ())
        days = [batch.columns[name] for name in _DAYS if name in batch.columns]
        active = [any(cell == "1" for cell in cells) for cells in zip(*days, strict=True)] if days else []
        for row, end, is_active in zip(batch.rows, ends, active, strict=False):
            last = day_of(end.strip())
            if last is None:
                continue
            if is_active:
                self._runs_until(last)
            if self._on and last < self._on:
                found.add("gtfs.service_perime", "calendar.txt", "end_date", row, end)

    def _exceptions(self, batch: Batch, _found: Gathering) -> None:
        days = batch.columns.get("date", ())
        kinds = batch.columns.get("exception_type", ())
        added = {day for day, kind in zip(days, kinds, strict=False) if kind == "1"}
        for text in added:
            day = day_of(text.strip())
            if day:
                self._runs_until(day)

    def _runs_until(self, day: date) -> None:
        self._last_day = day if self._last_day is None else max(self._last_day, day)

    def _feed(self, batch: Batch, found: Gathering) -> None:
        for row, cell in zip(batch.rows, batch.columns.get("feed_end_date", ()), strict=False):
            day = day_of(cell.strip())
            if self._on and day and day < self._on:
                found.add("gtfs.flux_perime", "feed_info.txt", "feed_end_date", row, cell)

    def end_service(self, part: str, found: Gathering) -> None:
        """Say whether trips still run on the day of the check. Removed days are not taken off."""
        if self._on is None or self._last_day is None:
            return
        shown = self._last_day.strftime("%Y%m%d")
        if self._last_day < self._on:
            found.add("gtfs.calendrier_perime", part, remedy=f"Dernier jour de service : {shown}. Publiez la suite.")
        elif self._last_day < self._on + timedelta(days=facts().days_ahead):
            found.add(
                "gtfs.calendrier_bientot_perime", part, remedy=f"Dernier jour de service : {shown}. Publiez la suite."
            )
