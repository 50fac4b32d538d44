"""Judges a GTFS dataset: which files it has, then each of them, those that others refer to first.

Not judged: how far stops are from the shape, speeds, overlaps (frequencies, time frames, zones on demand), in-seat
transfers, what rows on demand forbid to pickup and drop-off types, default rider categories, decimals of amounts, what
translations point to, days without service, and the days that exceptions remove.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from opendata_check.standards.gtfs.cells import Cells
from opendata_check.standards.gtfs.facts import Table, facts
from opendata_check.standards.gtfs.gathering import Gathering
from opendata_check.standards.gtfs.links import Links
from opendata_check.standards.gtfs.reading import Outcome, batches
from opendata_check.standards.gtfs.sequences import Sequences
from opendata_check.standards.gtfs.store import Store
from opendata_check.standards.gtfs.zones import NAME as ZONES
from opendata_check.standards.gtfs.zones import zones
from opendata_check.standards.interface import Fault
from opendata_check.standards.rulebook import shown

_TELLING = frozenset({"agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt"})
_ENOUGH = 3
_MAX_MEMBERS = 5_000


def recognises(names: Iterable[str]) -> bool:
    """Return whether an archive of those members is a GTFS dataset, at its root or in one folder: three known files."""
    folders = Counter(folder for folder, name in map(_split, names) if name.lower() in _TELLING)
    return any(count >= _ENOUGH for count in folders.values())


def validate(members: Mapping[str, Path], on: date | None = None) -> Iterator[Fault]:
    """Yield what a GTFS dataset breaks. Never raises: what cannot be read is a fault.

    ``members`` are the files already unpacked, by their name in the archive. Parts are files, fields are columns, rows
    are record numbers (1-based, the header counts as one; lines for locations.geojson). ``on`` is the day of which the
    calendars are judged; without it they are not. Source: GTFS Schedule reference, revision of 9 July 2025.
    """
    found = Gathering()
    files = _files(members, found)
    _presence(files, found)
    yield from found.given_out()
    store = Store(files.keys())
    links = Links(store, on)
    routed = _Routed()
    for name, table in facts().tables.items():
        if name == "stop_times.txt" and ZONES in files:
            store.add_ids(f"{ZONES}/id", zones(files[ZONES], found))
        if name in files:
            _table(files[name], table, store, links, found, routed)
        yield from found.given_out()
    _absent(files, routed, found)
    _idle_trips(files, routed, store, found)
    links.end_service("calendar.txt" if "calendar.txt" in files else "calendar_dates.txt", found)
    yield from found.given_out()


class _Routed:
    """What the end of the judgement needs of the files gone by."""

    def __init__(self) -> None:
        self.has_networks = False
        self.has_elevators = False
        self.empty: set[str] = set()
        """Files that have a header and no row."""
        self.timed_trips: set[str] | None = None
        """Trips that have times; None when they were not all kept."""


def _split(name: str) -> tuple[str, str]:
    folder, _, file = name.rpartition("/")
    return folder, file


def _files(members: Mapping[str, Path], found: Gathering) -> dict[str, Path]:
    """Return the files of the dataset by their names in the reference."""
    known = {*facts().tables, ZONES}
    folders = Counter(folder for folder, name in map(_split, members) if name.lower() in known)
    home = "" if folders[""] or not folders else folders.most_common(1)[0][0]
    if home:
        found.add("gtfs.sous_dossier", shown(home))
    files: dict[str, Path] = {}
    for member in sorted(members)[:_MAX_MEMBERS]:
        folder, name = _split(member)
        if folder != home or name.lower() not in known:
            if name.endswith(".txt"):
                found.add("gtfs.sous_dossier" if name in known else "gtfs.fichier_inconnu", shown(member))
            continue
        if name != name.lower():
            found.add("gtfs.nom_de_fichier", shown(name))
        if name == name.lower() or name.lower() not in members:
            files.setdefault(name.lower(), members[member])
    return files


def _presence(files: Mapping[str, Path], found: Gathering) -> None:
    """Say which files lack that the reference always asks for."""
    for name, table in facts().tables.items():
        if table.presence == "required" and name not in files:
            found.add("gtfs.fichier_manquant", name)
    if "stops.txt" not in files and ZONES not in files:
        found.add("gtfs.fichier_manquant", "stops.txt")
    if "calendar.txt" not in files and "calendar_dates.txt" not in files:
        remedy = "Ajoutez calendar.txt, ou calendar_dates.txt avec tous les jours de service."
        found.add("gtfs.fichier_manquant", "calendar.txt", remedy=remedy)
    if "translations.txt" in files and "feed_info.txt" not in files:
        remedy = "Des traductions demandent feed_info.txt, qui dit la langue d'origine."
        found.add("gtfs.fichier_manquant", "feed_info.txt", remedy=remedy)


def _absent(files: Mapping[str, Path], routed: _Routed, found: Gathering) -> None:
    """Say which files lack, or are too many, given what others hold."""
    if routed.has_elevators and "levels.txt" not in files:
        remedy = "Des ascenseurs (pathway_mode 5) demandent levels.txt."
        found.add("gtfs.fichier_manquant", "levels.txt", remedy=remedy)
    for name in ("networks.txt", "route_networks.txt"):
        if routed.has_networks and name in files:
            found.add("gtfs.fichier_interdit", name)
    required = {name for name, table in facts().tables.items() if table.presence == "required"}
    if ZONES not in files:
        required.add("stops.txt")
    if not {"calendar.txt", "calendar_dates.txt"} & (files.keys() - routed.empty):
        required |= {"calendar.txt", "calendar_dates.txt"}
    for name in sorted(required & routed.empty):
        found.add("gtfs.sans_ligne", name)


def _table(path: Path, table: Table, store: Store, links: Links, found: Gathering, routed: _Routed) -> None:
    """Judge one file."""
    cells = Cells(table)
    sequences = Sequences(table.sequence) if table.sequence else None
    store.begin(table)
    count, outcome = 0, Outcome()
    for batch in batches(path, table, found, outcome):
        count += len(batch.rows)
        cells.judge(batch, found)
        store.check_keys(table, batch, found)
        store.remember(table, batch, found)
        store.check_refs(table, batch, found)
        links.judge(table.name, batch, found)
        if sequences is not None:
            sequences.follow(batch, table.name, found)
        routed.has_networks |= table.name == "routes.txt" and "network_id" in batch.columns
        routed.has_elevators |= table.name == "pathways.txt" and "5" in batch.columns.get("pathway_mode", ())
        if table.single and count > 1:
            for row in batch.rows[1 if count == len(batch.rows) else 0 :]:
                found.add("gtfs.une_seule_ligne", table.name, row=row)
    if outcome.has_header and outcome.is_whole and not count:
        routed.empty.add(table.name)
    store.end(table, outcome)
    links.end(table.name, found)
    if sequences is not None:
        _sequences(path, table, sequences, found, routed, outcome)


def _sequences(
    path: Path, table: Table, sequences: Sequences, found: Gathering, routed: _Routed, outcome: Outcome
) -> None:
    """Judge the last group of a file, then those that were scattered, read a second time."""
    sequences.end(table.name, found)
    if sequences.is_full:
        found.add("gtfs.non_verifie", table.name, table.sequence.group if table.sequence else "")
    if sequences.scattered:
        again = batches(path, table, Gathering(), Outcome())
        if all(sequences.hold(batch) for batch in again):
            sequences.end_held(table.name, found)
        else:
            found.add("gtfs.non_verifie", table.name, table.sequence.order if table.sequence else "")
    if table.name == "stop_times.txt" and not sequences.is_full and outcome.is_whole:
        routed.timed_trips = {group.strip() for group in sequences.groups}


def _idle_trips(files: Mapping[str, Path], routed: _Routed, store: Store, found: Gathering) -> None:
    """Say which trips have no time."""
    trips = store.ids("trips.txt/trip_id")
    if routed.timed_trips is None or not trips or not trips - routed.timed_trips:
        return
    table = facts().tables["trips.txt"]
    for batch in batches(files["trips.txt"], table, Gathering(), Outcome()):
        for row, trip in zip(batch.rows, batch.columns.get("trip_id", ()), strict=False):
            if trip.strip() and trip.strip() not in routed.timed_trips:
                found.add("gtfs.course_sans_horaire", "trips.txt", "trip_id", row, trip)
