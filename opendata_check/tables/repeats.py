"""Once a table is read: the rows that repeat a key, looked up again in the file to say what they hold."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.ranges import LineRanges
from opendata_check.tables.batches import KeyWatch
from opendata_check.tables.groups import STRUCTURE, Group, Groups
from opendata_check.tables.keys import SeenKeys, Spill
from opendata_check.tables.listing import Listing
from opendata_check.tables.plan import Plan
from opendata_check.tables.rows import Reading, csv_rows, lines_at, long_cells_allowed, reader_of

_PAGE = 5_000
_MANY = 100_000
_LONGEST_EXAMPLE = 400


def watches_of(plan: Plan) -> tuple[KeyWatch, ...]:
    """Return the plan's keys, ready to be noted."""
    spill = Spill()
    return tuple(
        KeyWatch(
            key.rule,
            key.positions[0],
            key.reader(),
            SeenKeys(spill, len(plan.keys)),
            key.reference_reader() if key.rule == "foreign_key" else None,
        )
        for key in plan.keys
    )


def report_keys(
    content: Content,
    facts: ContentFacts,
    plan: Plan,
    watches: Sequence[KeyWatch],
    groups: Groups,
    listing: Listing | None,
    *,
    one_line_each: bool,
) -> None:
    """Add the faults of keys: repeated ones, and foreign ones that nothing answers."""
    reports = [_Report(watch, listing) for watch in watches]
    unknown = _merged(report.unknown() for report in reports)
    for row, line, cells in _second_look(content, facts, plan, unknown, one_line_each):
        for report in reports:
            report.tell(row, line, cells)
    for report in reports:
        report.finish(groups)


class _Report:
    """The faults of one key, told row after row as the file is read again."""

    def __init__(self, watch: KeyWatch, listing: Listing | None) -> None:
        self._watch = watch
        self._listing = listing
        self._rows = _faulty_rows(watch)
        self._held = watch.recall(self._rows) if watch.recall is not None and len(self._rows) < _MANY else {}
        self._at = 0
        self._lines = LineRanges()
        self._first: str | None = None
        self._waiting: tuple[list[int], list[int], list[str]] = ([], [], [])

    def unknown(self) -> array[int]:
        """Return the rows, in order, whose cells were not kept."""
        held = self._held
        return self._rows if not held else array("q", (row for row in self._rows if row not in held))

    def tell(self, row: int, line: int, cells: Sequence[str]) -> None:
        """Tell the faults up to a row that was read again."""
        self._tell_held(row)
        if self._at < len(self._rows) and self._rows[self._at] == row:
            self._at += 1
            self._add(row, line, cells[self._watch.position] if self._watch.position < len(cells) else "")

    def finish(self, groups: Groups) -> None:
        """Tell the last faults, and give their lines to the group of the key."""
        self._tell_held(None)
        self._hand_over()
        if self._first is None:
            return
        watch = self._watch
        if watch.rule == "duplicate_row":
            groups.by_key[watch.rule, STRUCTURE] = Group(self._lines)
            return
        before = groups.by_key.get((watch.rule, watch.position))
        if before is not None:  # keys wholly empty were told as they came
            self._lines = _united(before.lines, self._lines)
        groups.by_key[watch.rule, watch.position] = Group(self._lines, self._first)

    def _tell_held(self, before: int | None) -> None:
        """Tell the faults whose cells were kept, up to a row."""
        held = self._held
        while self._at < len(self._rows) and (before is None or self._rows[self._at] < before):
            row = self._rows[self._at]
            self._at += 1
            if row in held:
                self._add(row, *held[row])

    def _add(self, row: int, line: int, cell: str) -> None:
        if self._watch.rule == "duplicate_row":
            cell = ""
        if self._first is None:
            self._first = cell[:_LONGEST_EXAMPLE]
        rows, lines, cells = self._waiting
        rows.append(row)
        lines.append(line)
        cells.append(cell)
        if len(rows) >= _PAGE:
            self._hand_over()

    def _hand_over(self) -> None:
        rows, lines, cells = self._waiting
        self._lines.extend(lines)
        if self._listing is not None and rows:
            place = STRUCTURE if self._watch.rule == "duplicate_row" else self._watch.position
            self._listing.add(self._watch.rule, place, rows, lines, cells, late=True)
        self._waiting = ([], [], [])


def _faulty_rows(watch: KeyWatch) -> array[int]:
    """Return the rows at fault, in order."""
    found = watch.seen.unanswered() if watch.rule == "foreign_key" else watch.seen.repeated()
    return _sorted(array("q", found))


def _sorted(rows: array[int]) -> array[int]:
    if len(rows) < _MANY:
        return array("q", sorted(rows))
    import numpy as np

    np.frombuffer(rows, np.int64).sort()  # in place: a list of them would weigh five times more
    return rows


def _merged(parts: Iterable[array[int]]) -> array[int]:
    """Return the rows of several lists, in order, each once."""
    filled = [part for part in parts if part]
    if len(filled) == 1:
        return filled[0]
    found = array("q")
    for row in heapq.merge(*filled):
        if not found or found[-1] != row:
            found.append(row)
    return found


def _united(first: LineRanges, second: LineRanges) -> LineRanges:
    """Return the lines of both; those beyond what one of them could keep are counted, and no more."""
    united = LineRanges()
    for start, end in heapq.merge(first.ranges(), second.ranges()):
        united.extend(range(start, end + 1))
    united.count = first.count + second.count
    return united


def _second_look(
    content: Content, facts: ContentFacts, plan: Plan, wanted: Sequence[int], one_line_each: bool
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (row, line, cells) of the wanted rows, in order."""
    assert facts.text is not None and facts.table is not None and facts.table.dialect is not None
    if not wanted:
        return
    if one_line_each:
        for line, cells in _records_of_a_line(content, facts, wanted):
            yield line, line, cells
        return
    numbers = iter(wanted)
    number = next(numbers, None)
    with closing(csv_rows(content, facts.text, facts.table, Reading())) as rows:
        for row, (line, cells) in enumerate(rows, start=plan.header_record):
            if row == number:
                yield row, line, cells
                number = next(numbers, None)
                if number is None:
                    return


def _records_of_a_line(content: Content, facts: ContentFacts, wanted: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of the wanted lines, a record each: the others are skipped without being split into cells."""
    assert facts.text is not None and facts.table is not None and facts.table.dialect is not None
    split = reader_of(facts.table.dialect, content)
    with long_cells_allowed():
        for line, text in lines_at(content, facts.text, wanted):
            yield line, next(iter(split(iter([text]))), [])


def rows_at(
    content: Content, facts: ContentFacts, lines: Sequence[int], *, one_line_each: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of the records that start at these physical lines, in increasing order."""
    assert facts.text is not None and facts.table is not None and facts.table.dialect is not None
    wanted = set(lines)
    if not wanted:
        return
    if one_line_each:
        yield from _records_of_a_line(content, facts, sorted(wanted))
        return
    last = max(wanted)
    with closing(csv_rows(content, facts.text, facts.table, Reading())) as rows:
        for line, cells in rows:
            if line in wanted:
                yield line, cells
            if line >= last:
                return
