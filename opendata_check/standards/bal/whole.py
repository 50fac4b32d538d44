"""Remembers a few bytes of every row, to tell at the end what only the whole file shows: duplicates, disagreements.

A row costs 12 bytes, 20 with identifiers: its address (street, number, suffix), its point, its identifier.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opendata_check.standards.bal.communes import NOWHERE
from opendata_check.standards.bal.identifiers import Identifiers, hashes, mix
from opendata_check.standards.bal.rows import plain
from opendata_check.standards.bal.sheet import TOPONYM, UNREAD, Column, Ints, Mask, Sheet

Bits = NDArray[np.uint64]

MAX_ROWS = 5_000_000
"""Rows compared with one another; those after are judged by themselves only."""
_MAX_SUFFIXES = (1 << 15) - 1
_NO_NUMBER = (1 << 17) - 1
_LOW = np.uint64((1 << 32) - 1)
_SUFFIX_MASK = np.uint64(_MAX_SUFFIXES)
_NUMBER_SHIFT, _STREET_SHIFT = np.uint64(15), np.uint64(32)
_NUMBER_MASK = np.uint64(_NO_NUMBER)
_NO_DEGREE = 999.0
_MAX_NAMES = 20_000
"""Undeclared hamlets whose name is remembered, to be shown."""
_SHOWN = 100
_PIECE = 1 << 18


class Records:
    """The record number of each row kept, as runs of consecutive numbers: most files are one run."""

    def __init__(self) -> None:
        self._starts: list[Ints] = []
        self._firsts: list[Ints] = []
        self.count = 0

    def add(self, records: Ints) -> None:
        """Keep the numbers of a batch."""
        breaks = np.flatnonzero(np.diff(records) != 1) + 1
        places = np.concatenate(([0], breaks)).astype(np.int64)
        self._starts.append(places + self.count)
        self._firsts.append(records[places])
        self.count += len(records)

    def at(self, rows: NDArray[np.intp]) -> tuple[int, ...]:
        """Return the record numbers of rows."""
        starts, firsts = np.concatenate(self._starts), np.concatenate(self._firsts)
        run = np.searchsorted(starts, rows, side="right") - 1
        return tuple((firsts[run] + rows - starts[run]).tolist())


class Streets:
    """Numbers each (street, identifier of street) met; the table is sorted arrays, since a file may have many."""

    def __init__(self) -> None:
        self._keys: Bits = np.zeros(0, np.uint64)
        self._numbers: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self.names: Bits = np.zeros(0, np.uint64)
        """Hash of the street of each number (0: no usable name)."""
        self.identifiers: Bits = np.zeros(0, np.uint64)
        """Hash of the identifier of each number (0: none)."""

    def numbers(self, names: Bits, identifiers: Bits) -> NDArray[np.uint32]:
        """Return the number of each pair, the same as last time for one already met."""
        keys = mix(names ^ mix(identifiers))
        unique, first = np.unique(keys, return_index=True)
        place = np.searchsorted(self._keys, unique)
        met = np.zeros(len(unique), np.bool_)
        inside = place < len(self._keys)
        met[inside] = self._keys[place[inside]] == unique[inside]
        fresh = unique[~met]
        if len(fresh):
            own = np.arange(len(self.names), len(self.names) + len(fresh), dtype=np.uint32)
            self._numbers = np.insert(self._numbers, place[~met], own)
            self._keys = np.insert(self._keys, place[~met], fresh)
            self.names = np.concatenate((self.names, names[first[~met]]))
            self.identifiers = np.concatenate((self.identifiers, identifiers[first[~met]]))
        return self._numbers[np.searchsorted(self._keys, keys)]


class Whole:
    """What is remembered of a file."""

    def __init__(self) -> None:
        self.rows = 0
        self.full = False
        """Whether the file has more rows than are compared."""
        self.communes: set[str] = set()
        self._complete = 0
        self._commune_identifiers: set[int] = set()
        self._records = Records()
        self._streets = Streets()
        self._suffixes: dict[str, int] = {"": 0}
        self._addresses: list[Bits] = []
        self._points: list[NDArray[np.uint32]] = []
        self._identifiers: list[Bits | int] = []
        """One array a batch, or the length of a batch without identifiers."""
        self._hamlets: list[tuple[NDArray[np.uint32], Bits]] = []
        self._declared: list[Bits] = []
        self._names: dict[int, str] = {}

    # ------------------------------------------------------------------ while reading

    def remember(self, sheet: Sheet, records: Ints, identifiers: Identifiers | None) -> None:
        """Keep what is needed of a batch."""
        self.rows += sheet.size
        for place in np.unique(sheet.commune).tolist():
            code = sheet.commune_codes[place] if place != UNREAD else ""
            if len(self.communes) < 2 and sheet.communes.status(code) != NOWHERE:
                self.communes.add(code)
        if identifiers:
            self._complete += int(identifiers.complete.sum())
            if len(self._commune_identifiers) < 2:
                used = identifiers.commune.filter(pa.array(identifiers.complete)).unique()
                self._commune_identifiers.update(hashes(used)[:2].tolist())
        self.full = self.full or self._records.count + sheet.size > MAX_ROWS
        if self.full:
            return
        self._remember_hamlets(sheet)
        self._records.add(records)
        self._addresses.append(self._address(sheet, identifiers))
        self._points.append(_point(sheet))
        self._identifiers.append(hashes(identifiers.adresse) if identifiers else sheet.size)

    def _address(self, sheet: Sheet, identifiers: Identifiers | None) -> Bits:
        """Return the street (32 bits), number (17) and suffix (15) of each row."""
        codes, names = _streets(sheet)
        given = np.zeros(sheet.size, np.uint64)
        if identifiers:
            ids = identifiers.toponyme.dictionary_encode()
            given = hashes(ids.dictionary)[ids.indices.to_numpy()]
        street = self._streets.numbers(np.where(sheet.has_voie, names[codes], np.uint64(0)), given)
        number = np.where(sheet.numero == UNREAD, _NO_NUMBER, sheet.numero).astype(np.uint64)
        low = (number << _NUMBER_SHIFT) | self._suffix(sheet)
        return (street.astype(np.uint64) << _STREET_SHIFT) | low

    def _suffix(self, sheet: Sheet) -> Bits:
        """Return a number for each suffix; the last one for all the suffixes beyond what 15 bits can tell."""
        column = sheet.columns.get("suffixe")
        if column is None or not column.filled.any():
            return np.zeros(sheet.size, np.uint64)
        known = self._suffixes
        for word in (words := [word[:_SHOWN].lower() for word in column.words.to_pylist()]):
            if len(known) < _MAX_SUFFIXES:
                known.setdefault(word, len(known))
        numbers = np.array([known.get(word, _MAX_SUFFIXES) for word in words], np.uint64)
        return numbers[column.codes]

    def _remember_hamlets(self, sheet: Sheet) -> None:
        """Keep the hamlets named as a complement, and those that have a row of their own."""
        first = self._records.count
        place, hamlet = sheet.place, sheet.columns.get("lieudit_complement_nom")
        if place is not None:
            own = np.unique(place.codes[(sheet.numero == TOPONYM) & sheet.has_voie])
            self._declared.append(_marks(place.words.take(pa.array(own)).to_pylist()))
        if hamlet is not None and hamlet.filled.any():
            rows = np.flatnonzero(hamlet.filled)
            words = hamlet.words.to_pylist()
            marks = _marks(words)
            self._hamlets.append(((rows + first).astype(np.uint32), marks[hamlet.codes[rows]]))
            for word, mark in zip(words, marks.tolist(), strict=True):
                if len(self._names) < _MAX_NAMES:
                    self._names.setdefault(mark, word[:_SHOWN])

    # ------------------------------------------------------------------ at the end

    def file_codes(self) -> Iterator[str]:
        """Yield the rules that the file as a whole breaks."""
        if not self.rows:
            yield "rows.empty"
        if 0 < self._complete < self.rows:
            yield "rows.every_line_required_id_ban"
        if self.rows and self._complete == self.rows and len(self._commune_identifiers) > 1:
            yield "rows.multi_id_ban_commune"
        if len(self.communes) > 1:
            yield "rows.plusieurs_communes"
        if self.full:
            yield "rows.doublons_non_cherches"

    def row_codes(self) -> Iterator[tuple[str, tuple[int, ...], tuple[str, ...]]]:
        """Yield the rules that rows break together: code, record numbers, values (or none)."""
        yield from self._undeclared()
        if not self._addresses:
            return
        address, points = np.concatenate(self._addresses), np.concatenate(self._points)
        self._addresses, self._points = [], []
        street = (address >> _STREET_SHIFT).astype(np.uint32)
        number = ((address >> _NUMBER_SHIFT) & _NUMBER_MASK).astype(np.uint32)
        sure = (self._streets.names != 0)[street] & (number != _NO_NUMBER) & (address & _SUFFIX_MASK != _SUFFIX_MASK)
        _, name = np.unique(self._streets.names, return_inverse=True)
        address &= _LOW
        address |= (name.astype(np.uint64) << _STREET_SHIFT)[street]  # one street, whatever its identifiers
        same = mix(address)
        same ^= points
        found = {"row.adresse_en_double": sure & _repeated(same, sure)}
        del same, points
        if self._streets.identifiers.any():
            found |= self._street_rules(street)
        if any(not isinstance(batch, int) for batch in self._identifiers):
            found |= self._address_rules(address, sure & (number != TOPONYM))
        for code, where in found.items():
            if where.any():
                yield code, self._records.at(np.flatnonzero(where)), ()

    def _undeclared(self) -> Iterator[tuple[str, tuple[int, ...], tuple[str, ...]]]:
        if not self._hamlets or self.full:  # a hamlet may be declared after what was kept
            return
        rows, marks = (np.concatenate(part) for part in zip(*self._hamlets, strict=True))
        lone = ~_is_one_of(marks, np.unique(np.concatenate((_marks([]), *self._declared))))
        if lone.any():
            names = tuple(self._names.get(mark, "") for mark in marks[lone].tolist())
            yield "row.lieudit_complement_nom_not_declared", self._records.at(rows[lone].astype(np.intp)), names

    def _street_rules(self, street: NDArray[np.uint32]) -> dict[str, Mask]:
        """Return where a street has two identifiers, and an identifier two streets."""
        names, identifiers = self._streets.names, self._streets.identifiers
        both = (names != 0) & (identifiers != 0)
        return {
            "row.different_id_ban_toponyme_with_same_voie_nom": (both & _disagree(names, identifiers, both))[street],
            "row.different_voie_nom_with_same_id_ban_toponyme": (both & _disagree(identifiers, names, both))[street],
        }

    def _address_rules(self, address: Bits, numbered: Mask) -> dict[str, Mask]:
        """Return where an address has two identifiers (or one and none), and an identifier two addresses."""
        batches = (np.zeros(part, np.uint64) if isinstance(part, int) else part for part in self._identifiers)
        identifiers = np.concatenate(tuple(batches))
        self._identifiers = []
        given = numbered & (identifiers != 0)
        return {
            "row.different_adresse_with_same_id_ban_adresse": _disagree(identifiers, address, given),
            "row.different_id_ban_adresses_with_same_adresse": _disagree(address, identifiers, numbered),
        }


def _streets(sheet: Sheet) -> tuple[NDArray[np.int64], Bits]:
    """Return for each row the rank of its street, and for each rank the hash of commune, part of commune and name."""
    place, part = sheet.place, sheet.columns.get("commune_deleguee_insee")
    codes = sheet.commune.astype(np.int64) + 1
    communes = ["", *sheet.commune_codes]
    if place is None:
        return np.zeros(sheet.size, np.int64), np.zeros(1, np.uint64)
    parts: list[str] = [""]
    if part is not None and part.filled.any():
        parts = part.words.to_pylist()
        codes = codes * len(parts) + part.codes
    else:
        part = None
    ranks = pa.array(codes).dictionary_encode()
    names = plain(place.words).to_pylist()
    joined = pa.array(ranks.indices.to_numpy().astype(np.int64) * len(names) + place.codes).dictionary_encode()
    areas = [(communes[code // len(parts)], parts[code % len(parts)]) for code in ranks.dictionary.to_pylist()]
    words = (("\0".join(areas[pair // len(names)]), names[pair % len(names)]) for pair in joined.dictionary.to_pylist())
    marks = _marks([f"{area}\0{name}" for area, name in words])
    return joined.indices.to_numpy().astype(np.int64), marks


def _marks(words: list[str]) -> Bits:
    """Return 64 bits for each text, never 0; the same for the same text during a run."""
    return np.maximum(np.array([hash(word) for word in words], np.int64).view(np.uint64), np.uint64(1))


def _point(sheet: Sheet) -> NDArray[np.uint32]:
    """Return 32 bits of the kind of position and of the point of each row."""
    long, lat = (np.nan_to_num(axis, nan=_NO_DEGREE).view(np.uint64) for axis in (sheet.long, sheet.lat))
    bits = mix(long ^ mix(lat))
    position: Column | None = sheet.columns.get("position")
    if position is not None and position.filled.any():
        bits = mix(bits ^ _marks(pc.utf8_lower(position.words).to_pylist())[position.codes])
    return (bits >> np.uint64(32)).astype(np.uint32)


def _repeated(values: Bits, among: Mask) -> Mask:
    """Return where a value stands more than once among some rows."""
    ordered = np.sort(values[among])
    return _is_one_of(values, ordered[1:][ordered[1:] == ordered[:-1]])


def _disagree(keys: Bits, values: Bits, among: Mask) -> Mask:
    """Return where, among some rows, one key goes with two values."""
    rows = np.argsort(keys) if among.all() else np.flatnonzero(among)[np.argsort(keys[among])]
    torn = [np.zeros(0, np.uint64)]
    for start in range(0, len(rows) - 1, _PIECE):
        piece = rows[start : start + _PIECE + 1]
        ordered, beside = keys[piece], values[piece]
        torn.append(ordered[1:][(ordered[1:] == ordered[:-1]) & (beside[1:] != beside[:-1])])
    return among & _is_one_of(keys, np.concatenate(torn))


def _is_one_of(values: Bits, wanted: Bits) -> Mask:
    """Return where a value is one of ``wanted`` (sorted), piece by piece: np.isin would copy millions of rows."""
    found = np.zeros(len(values), np.bool_)
    for start in range(0, len(values) if len(wanted) else 0, _PIECE):
        piece = values[start : start + _PIECE]
        place = np.minimum(np.searchsorted(wanted, piece), len(wanted) - 1)
        found[start : start + _PIECE] = wanted[place] == piece
    return found
