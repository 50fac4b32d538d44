"""The faults of one batch of rows, and how rows given as lists of cells are judged."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, pairwise, zip_longest

from opendata_check.tables.groups import STRUCTURE, Groups
from opendata_check.tables.keys import OFFERED, Key, KeyReader, SeenKeys, canonical
from opendata_check.tables.listing import Listing
from opendata_check.tables.plan import Plan
from opendata_check.tables.rows import Row

MOST_IMPLIED = 1_000_000
"""Faults listed because another one of their row implies them: cells lacking or in excess after the first."""

_Part = tuple[int, Sequence[int], Sequence[int], Sequence[str], Sequence[int] | None]


class BatchFaults:
    """Collects the faults of a batch, in any order, then hands them over by rule and column."""

    def __init__(self, groups: Groups, listing: Listing | None) -> None:
        self._groups = groups
        self._listing = listing
        self._parts: dict[tuple[str, int], list[_Part]] = {}
        self._examples: dict[tuple[str, int], str] = {}
        self._apart: dict[tuple[str, int], tuple[list[int], list[int], list[str]]] = {}
        self._implied = 0

    def add(
        self,
        rule: str,
        position: int,
        rows: Sequence[int],
        lines: Sequence[int],
        values: Sequence[str] = (),
        codes: Sequence[int] | None = None,
        *,
        example: str | None = None,
        listed_at: int | None = None,
    ) -> None:
        """Record faulty cells, as Listing.add does; ``example`` is one of them, when it may be shown.

        ``listed_at`` is the position of the cell when the group is that of whole rows.
        """
        key = (rule, position)
        place = position if listed_at is None else listed_at
        self._parts.setdefault(key, []).append((place, rows, lines, values or [""] * len(rows), codes))
        if example is not None:
            self._examples.setdefault(key, example)

    def add_apart(self, rule: str, position: int, row: int, line: int, value: str = "") -> None:
        """Record a fault that another one of the same row implies: it is listed, but makes no group."""
        if self._listing is None or self._implied >= MOST_IMPLIED:
            return
        self._implied += 1
        rows, lines, values = self._apart.setdefault((rule, position), ([], [], []))
        rows.append(row)
        lines.append(line)
        values.append(value)

    @property
    def lists_implied(self) -> bool:
        """False when faults that others imply are no longer listed."""
        return self._listing is not None and self._implied < MOST_IMPLIED

    def hand_over(self) -> None:
        """Give the faults to the groups and the listing, whole rows first, then by column, and forget them."""
        for (rule, position), parts in sorted(self._parts.items(), key=lambda item: (item[0][1], item[0][0])):
            example = self._examples.get((rule, position))
            if len(parts) == 1:
                self._groups.add(rule, position, parts[0][2], example)
            else:
                self._groups.add(rule, position, sorted(chain.from_iterable(_ints(part[2]) for part in parts)), example)
            if self._listing is not None:
                for place, rows, lines, values, codes in _joined(parts):
                    self._listing.add(rule, place, rows, lines, values, codes)
        if self._listing is not None:
            for (rule, position), implied in sorted(self._apart.items(), key=lambda item: (item[0][1], item[0][0])):
                self._listing.add(rule, position, *_in_order(*implied))
            self._listing.end_batch()
        self._parts.clear()
        self._examples.clear()
        self._apart.clear()


def _joined(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield the parts as they are, but for those of one row each: they are joined by place, in order."""
    single: dict[int, tuple[list[int], list[int], list[str]]] = {}
    for part in parts:
        place, rows, lines, values, codes = part
        if len(rows) > 1 or codes is not None:
            yield part
            continue
        joined = single.setdefault(place, ([], [], []))
        joined[0].extend(_ints(rows))
        joined[1].extend(_ints(lines))
        joined[2].extend(values)
    for place, (rows, lines, values) in single.items():
        yield (place, *_in_order(rows, lines, values), None)


def _in_order(rows: list[int], lines: list[int], values: list[str]) -> tuple[list[int], list[int], list[str]]:
    if all(before <= after for before, after in pairwise(rows)):
        return rows, lines, values
    order = sorted(range(len(rows)), key=rows.__getitem__)
    return [rows[i] for i in order], [lines[i] for i in order], [values[i] for i in order]


def _ints(numbers: Sequence[int]) -> list[int]:
    return [int(number) for number in numbers]


@dataclass(slots=True)
class KeyWatch:
    """A key of the plan, with what was seen of it so far."""

    rule: str
    position: int
    reader: KeyReader
    seen: SeenKeys = field(default_factory=SeenKeys)
    referenced: KeyReader | None = None
    """Reads what a row offers to a foreign key."""
    hash_key: Callable[[Key, int], None] | None = None
    """How to remember a key when columns are hashed whole."""
    recall: Callable[[Sequence[int]], dict[int, tuple[int, str]]] | None = None
    """Gives line and cell of rows, those that were kept."""

    def note(self, row_number: int, cells: Sequence[str | None]) -> bool:
        """Remember the key of one row, and what it offers; return True when the key is wholly null."""
        if self.rule == "duplicate_row":
            self._note_row(row_number, [cell or "" for cell in cells])
            return False
        if self.referenced is not None:
            offered = self.referenced.key(cells)
            if (whole := canonical(offered)) is not None:
                self.seen.add(whole, OFFERED)
        key = self.reader.key(cells)
        if all(part is None for part in key):
            return True
        if self.hash_key is not None:
            self.hash_key(key, row_number)
        elif (whole := canonical(key)) is not None:
            self.seen.add(whole, row_number)
        elif self.rule == "foreign_key":
            self.seen.add(secrets.token_bytes(16), row_number)  # what equals nothing is found nowhere
        return False

    def _note_row(self, row_number: int, cells: Sequence[str]) -> None:
        if self.hash_key is not None:
            self.hash_key(tuple(cells), row_number)
            return
        whole = "\0".join(cells)
        if whole.count("\0") != len(cells) - 1:  # a cell holds one: its place must be told
            whole = repr(cells)
        self.seen.add(whole.encode("utf-8", "surrogatepass"), row_number)


def judge_rows(batch: Sequence[tuple[int, Row]], plan: Plan, faults: BatchFaults, watches: Sequence[KeyWatch]) -> int:
    """Judge rows given with their record number; return how many are not blank."""
    numbers: list[int] = []
    lines: list[int] = []
    rows: list[Sequence[str | None]] = []
    shifted: set[int] = set()
    for number, (line, cells) in batch:
        if _is_blank(cells, plan):
            faults.add("blank_row", STRUCTURE, [number], [line])
            _note_blank(number, line, faults, watches)
            continue
        if len(cells) != plan.width:
            _wrong_width(number, line, cells, plan, faults)
            shifted.add(number)
            cells = cells[: plan.width]
        rows.append(cells)
        numbers.append(number)
        lines.append(line)
    if not rows:
        return 0
    columns: list[Sequence[str | None]] = list(zip_longest(*rows))
    beyond = [None] * len(rows)
    columns += [beyond] * (plan.width - len(columns))
    for column, judge in zip(plan.columns, plan.judges, strict=True):
        cells_of = columns[column.position]
        if cells_of is beyond:  # every row stops before: there may be thousands of such columns
            continue
        faulty = judge.faulty(set(cells_of))
        if faulty:
            _record(cells_of, numbers, lines, faulty, column.position, shifted, faults)
    for check in plan.row_checks:
        wrong = check.faulty_rows(columns, len(rows))
        if wrong:
            place = columns[check.place]
            faults.add(
                check.rule,
                check.place,
                [numbers[i] for i in wrong],
                [lines[i] for i in wrong],
                [place[i] or "" for i in wrong],
            )
    if watches and shifted:
        rows = [[*cells, *[None] * (plan.width - len(cells))] for cells in rows]
    for watch in watches:
        _watch(watch, numbers, lines, rows, faults, shifted if watch.rule == "duplicate_row" else frozenset())
    return len(rows)


def _is_blank(cells: Sequence[str], plan: Plan) -> bool:
    """Return True when every cell of the header's width is null: frictionless then says nothing else of the row.

    Cells in excess are data all the same: such a row is not called blank.
    """
    if len(cells) > plan.width and any(cells[plan.width :]):
        return False
    if not any(cells):
        return all("" in missing for missing in plan.missing[: len(cells)])
    return all(cell in missing for cell, missing in zip(cells, plan.missing, strict=False))


def _note_blank(number: int, line: int, faults: BatchFaults, watches: Sequence[KeyWatch]) -> None:
    for watch in watches:
        if watch.rule == "primary_key":
            faults.add_apart("primary_key", watch.position, number, line)


def _wrong_width(number: int, line: int, cells: Sequence[str], plan: Plan, faults: BatchFaults) -> None:
    """Say once that the row is too long or too short, and list each cell in excess or lacking."""
    if len(cells) > plan.width:
        faults.add("extra_cell", STRUCTURE, [number], [line], [cells[plan.width]], listed_at=plan.width)
        if faults.lists_implied:
            for position in range(plan.width + 1, len(cells)):
                faults.add_apart("extra_cell", position, number, line, cells[position])
        return
    faults.add("missing_cell", STRUCTURE, [number], [line], listed_at=len(cells))
    if not faults.lists_implied:
        return
    for position in range(len(cells), plan.width):
        if position in plan.required:
            faults.add_apart("required", position, number, line)
        if position > len(cells):
            faults.add_apart("missing_cell", position, number, line)


def _record(
    cells: Sequence[str | None],
    numbers: Sequence[int],
    lines: Sequence[int],
    faulty: dict[str, tuple[str, ...]],
    position: int,
    shifted: set[int],
    faults: BatchFaults,
) -> None:
    by_rule: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        rules = faulty.get(cell) if cell is not None else None
        if rules:
            for rule in rules:
                by_rule.setdefault(rule, []).append(index)
    for rule, indexes in by_rule.items():
        shown = next((cells[i] for i in indexes if numbers[i] not in shifted), None)
        faults.add(
            rule,
            position,
            [numbers[i] for i in indexes],
            [lines[i] for i in indexes],
            [cells[i] or "" for i in indexes],
            example=shown,
        )


def _watch(
    watch: KeyWatch,
    numbers: Sequence[int],
    lines: Sequence[int],
    rows: Sequence[Sequence[str | None]],
    faults: BatchFaults,
    left_out: AbstractSet[int],
) -> None:
    """Note the key of each row; rows left out, cut or completed to the header's width, are not what the file says."""
    null = []
    for index, (number, row) in enumerate(zip(numbers, rows, strict=True)):
        if number not in left_out and watch.note(number, row):
            null.append(index)
    if null and watch.rule == "primary_key":
        faults.add(
            "primary_key",
            watch.position,
            [numbers[i] for i in null],
            [lines[i] for i in null],
            [rows[i][watch.position] or "" for i in null],
        )
