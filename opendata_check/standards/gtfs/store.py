"""Remembers, within bounds, the identifiers of a dataset: what is unique, and what others may refer to."""

from __future__ import annotations

from collections.abc import Collection

from opendata_check.standards.gtfs.facts import Table, facts
from opendata_check.standards.gtfs.gathering import Gathering
from opendata_check.standards.gtfs.reading import Batch, Outcome

MAX_IDS = 1_000_000
"""Identifiers kept for one column, and keys kept for one file."""
LONGEST_ID = 1_000
"""Characters: longer ones are not kept."""


class Store:
    """The identifiers seen so far."""

    def __init__(self, present: Collection[str]) -> None:
        self._present = present
        self._ids: dict[str, set[str]] = {}
        self._overflowed: set[str] = set()
        self._keys: set[str] | set[int] = set()
        self._keys_overflowed = False

    def ids(self, column: str) -> set[str] | None:
        """Return the values of a column (« stops.txt/stop_id »), None when there were too many to keep."""
        return None if column in self._overflowed else self._ids.setdefault(column, set())

    def begin(self, table: Table) -> None:
        """Begin a file."""
        self._keys, self._keys_overflowed = set(), False
        for name in table.fields:
            if f"{table.name}/{name}" in facts().referred:
                self._ids.setdefault(f"{table.name}/{name}", set())

    def remember(self, table: Table, batch: Batch, found: Gathering) -> None:
        """Keep the identifiers of a batch that others may refer to."""
        for name, cells in batch.columns.items():
            column = f"{table.name}/{name}"
            if column not in facts().referred or column in self._overflowed:
                continue
            ids = self._ids[column]
            distinct = {cell.strip() for cell in set(cells)} - {""}
            is_long = any(len(cell) > LONGEST_ID for cell in distinct)
            ids.update(() if is_long else distinct)
            if is_long or len(ids) > MAX_IDS:
                self._overflowed.add(column)
                self._ids[column] = set()
                found.add("gtfs.non_verifie", table.name, name)

    def end(self, table: Table, outcome: Outcome) -> None:
        """End a file: what refers to rows that were lost, or to a column that lacks, is not judged."""
        for name in table.fields:
            column = f"{table.name}/{name}"
            is_lost = not outcome.is_whole or (table.fields[name].required and name not in outcome.columns)
            if column in facts().referred and is_lost:
                self._overflowed.add(column)
                self._ids[column] = set()

    def add_ids(self, column: str, values: Collection[str]) -> None:
        """Keep identifiers that come from elsewhere than a table."""
        self._ids.setdefault(column, set()).update(values)

    def check_keys(self, table: Table, batch: Batch, found: Gathering) -> None:
        """Note the rows whose key was seen before. A key of one empty field is not one."""
        if not table.key or self._keys_overflowed:
            return
        is_long = len(table.key) == 1 and any(len(cell) > LONGEST_ID for cell in batch.columns.get(table.key[0], ()))
        if len(self._keys) > MAX_IDS or is_long:
            self._keys_overflowed = True
            found.add("gtfs.non_verifie", table.name, table.key[0])
            return
        known = [batch.columns[name] for name in table.key if name in batch.columns]
        if not known or (len(known) < len(table.key) == 2):
            return  # both halves of a pair are required: that one lacks is already said
        if len(table.key) == 1:
            self._single(table, known[0], batch.rows, found)
        else:
            self._several(table, known, batch.rows, found)

    def _single(self, table: Table, cells: tuple[str, ...], rows: list[int], found: Gathering) -> None:
        keys: set[str] = self._keys  # type: ignore[assignment]
        distinct = set(cells)
        if len(distinct) == len(cells) and keys.isdisjoint(distinct):
            keys.update(distinct)
            return
        for row, cell in zip(rows, cells, strict=True):
            if cell and cell in keys:
                found.add("gtfs.cle_double", table.name, table.key[0], row, cell)
            keys.add(cell)

    def _several(self, table: Table, columns: list[tuple[str, ...]], rows: list[int], found: Gathering) -> None:
        keys: set[int] = self._keys  # type: ignore[assignment]
        field = "" if table.key_is_all else table.key[0]
        for row, cells in zip(rows, zip(*columns, strict=True), strict=True):
            key = hash(cells)  # eight bytes of a keyed hash: a million keys collide once in ten million datasets
            if key in keys:
                found.add("gtfs.cle_double", table.name, field, row, ", ".join(cell for cell in cells if cell))
            keys.add(key)

    def check_refs(self, table: Table, batch: Batch, found: Gathering) -> None:
        """Note the cells that refer to nothing. What refers to its own file is judged once it is read."""
        for name, cells in batch.columns.items():
            refs = table.fields[name].refs
            if not refs or any(ref.startswith(f"{table.name}/") for ref in refs):
                continue
            targets = [self.ids(ref) for ref in refs]
            if any(target is None for target in targets) or self._is_said(refs):
                continue
            unknown = {cell for cell in set(cells) if cell.strip()}
            for target in targets:
                unknown = {
                    cell for cell in unknown if cell not in (target or ()) and cell.strip() not in (target or ())
                }
            if unknown:
                for row, cell in zip(batch.rows, cells, strict=True):
                    if cell in unknown:
                        found.add("gtfs.reference", table.name, name, row, cell, remedy=self._absent(refs))

    def _is_said(self, refs: tuple[str, ...]) -> bool:
        """Return whether the files referred to lack, and are said to lack: each row need not say it again."""
        names = {ref.partition("/")[0] for ref in refs}
        tables = [facts().tables[name] for name in names if name in facts().tables]
        return not names & set(self._present) and any(table.presence != "optional" for table in tables)

    def _absent(self, refs: tuple[str, ...]) -> str:
        """Return what to say when the file referred to is not there at all."""
        files = sorted({ref.partition("/")[0] for ref in refs})
        return "" if any(name in self._present for name in files) else f"Ajoutez le fichier {' ou '.join(files)}."
