"""Reads one file of a GTFS dataset by batches of rows, within bounds on lines, records and columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TextIO

from opendata_check.standards.gtfs.facts import Table
from opendata_check.standards.gtfs.gathering import Gathering

_BATCH_ROWS = 20_000
_BATCH_TEXT = 4_000_000
_MAX_LINE = 1_000_000
_MAX_RECORD = 2_000_000
_MAX_COLUMNS = 500
_HEAD = 65_536


class _TooLong(Exception):  # noqa: N818 - it only leaves the reading
    """A line or a record goes beyond what may be held in memory."""


@dataclass(slots=True)
class Batch:
    """Rows that follow each other, by column."""

    rows: list[int]
    """Record numbers (1-based, the header counts as one)."""
    columns: dict[str, tuple[str, ...]]
    """Cells of each known column that the file has."""


@dataclass(slots=True)
class Outcome:
    """How the reading of a file went."""

    has_header: bool = False
    is_whole: bool = True
    """False when rows were lost: what refers to them cannot be judged."""
    columns: frozenset[str] = frozenset()
    """Known columns that the file has."""


@dataclass(slots=True)
class _Header:
    width: int = 0
    places: dict[str, int] = field(default_factory=dict)
    """Where each known column stands."""


class _Lines:
    """The lines of a file. Whoever reads records puts back what they say of the last one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_bad = False
        """True when the record held bytes that are not UTF-8."""
        self.length = 0
        """Characters handed since the record began."""

    def __iter__(self) -> Iterator[str]:
        for line in iter(partial(self._stream.readline, _MAX_LINE), ""):
            length = len(line)
            self.length += length
            if (length == _MAX_LINE and line[-1] != "\n") or self.length > _MAX_RECORD:
                raise _TooLong
            if not line.isascii() and _has_bad_bytes(line):
                self.is_bad = True
            yield line


def _has_bad_bytes(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return True
    return False


def batches(path: Path, table: Table, found: Gathering, outcome: Outcome) -> Iterator[Batch]:
    """Yield the rows of a file by batches, nothing of what is no CSV.

    What its form breaks goes to ``found``, and ``outcome`` says in the end how much was read.
    """
    try:
        if not _is_text(path, table.name, found):
            outcome.is_whole = False
            return
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            yield from _read(stream, table, found, outcome)
    except OSError:
        outcome.is_whole = False
        found.add("gtfs.illisible", table.name)


def _is_text(path: Path, name: str, found: Gathering) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        found.add("gtfs.fichier_vide", name)
        return False
    if b"\x00" in head:
        found.add("gtfs.pas_texte", name)
        return False
    return True


def _read(stream: TextIO, table: Table, found: Gathering, outcome: Outcome) -> Iterator[Batch]:
    header: _Header | None = None
    rows: list[int] = []
    records: list[list[str]] = []
    text = 0
    for number, record, length in _records(stream, table.name, found, outcome):
        if header is None:
            header = _header(record, table, found)
            if header is None:
                outcome.is_whole = False
                return
            outcome.has_header, outcome.columns = True, frozenset(header.places)
            continue
        if len(record) != header.width:
            if not record or record == [""]:
                found.add("gtfs.ligne_vide", table.name, row=number)
                continue
            found.add("gtfs.nombre_de_colonnes", table.name, row=number)
            record = (record + [""] * header.width)[: header.width]
        rows.append(number)
        records.append(record)
        text += length
        if len(rows) >= _BATCH_ROWS or text >= _BATCH_TEXT:
            yield _batch(rows, records, header)
            rows, records, text = [], [], 0
    if rows and header is not None:
        yield _batch(rows, records, header)


def _records(stream: TextIO, name: str, found: Gathering, outcome: Outcome) -> Iterator[tuple[int, list[str], int]]:
    """Yield the records of a file: their number, their cells, their length in characters."""
    lines = _Lines(stream)
    reader = csv.reader(iter(lines), strict=True)
    number = 0
    while True:
        lines.length = 0
        number += 1
        try:
            record = next(reader, None)
        except (csv.Error, _TooLong) as error:
            outcome.is_whole = False
            is_endless = isinstance(error, _TooLong) or "limit" in str(error)
            found.add("gtfs.demesure" if is_endless else "gtfs.csv", name, row=number)
            if is_endless or number == 1:
                return
            continue
        if record is None:
            return
        if lines.is_bad:
            lines.is_bad = False
            found.add("gtfs.encodage", name, row=number)
        yield number, record, lines.length


def _batch(rows: list[int], records: list[list[str]], header: _Header) -> Batch:
    columns = list(zip(*records, strict=True))
    return Batch(rows, {name: columns[place] for name, place in header.places.items()})


def _header(record: list[str], table: Table, found: Gathering) -> _Header | None:
    """Return where the known columns stand, None when nothing can be read."""
    names = [name.strip() for name in record]
    if len(names) > _MAX_COLUMNS:
        found.add("gtfs.demesure", table.name, row=1)
        return None
    if len(names) == 1 and any(separator in names[0] for separator in ";\t|"):
        found.add("gtfs.separateur", table.name)
        return None
    header = _Header(len(names))
    seen: set[str] = set()
    by_fold = {name.lower(): name for name in table.fields}
    for place, (name, written) in enumerate(zip(names, record, strict=True)):
        if not name:
            found.add("gtfs.colonne_sans_nom", table.name)
        elif name in seen:
            found.add("gtfs.colonne_double", table.name, name)
        elif name in table.fields:
            header.places[name] = place
        else:
            meant = by_fold.get(name.lower(), "")
            remedy = f"La norme connaît « {meant} » : les noms de colonnes s'écrivent en minuscules." if meant else ""
            found.add("gtfs.colonne_inconnue", table.name, name, remedy=remedy)
        if written != name:
            found.add("gtfs.espace", table.name, name, row=1, value=written, expected=name)
        seen.add(name)
    for name, known in table.fields.items():
        if (known.required or known.column) and name not in header.places:
            found.add("gtfs.colonne_manquante", table.name, name)
    return header
