"""Once a table is read: the rows that repeat a key, looked up again in the file to say what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.tables.batches import KeyWatch
from opendata_check.tables.groups import STRUCTURE, Groups
from opendata_check.tables.keys import SeenKeys
from opendata_check.tables.listing import Listing
from opendata_check.tables.plan import Plan
from opendata_check.tables.rows import Reading, csv_rows, lines_at, reader_of


def watches_of(plan: Plan) -> tuple[KeyWatch, ...]:
    """Return the plan's keys, ready to be noted."""
    return tuple(
        KeyWatch(
            key.rule,
            key.positions[0],
            key.reader(),
            SeenKeys(),
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
    faulty = [sorted(_faulty_rows(watch)) for watch in watches]
    wanted = sorted({row for rows in faulty for row in rows})
    if not wanted:
        return
    unknown = sorted(
        {
            row
            for watch, rows in zip(watches, faulty, strict=True)
            for row in rows
            if watch.held is None or row not in watch.held
        }
    )
    places = {row: (line, cells) for row, line, cells in _second_look(content, facts, plan, unknown, one_line_each)}
    for watch, rows in zip(watches, faulty, strict=True):
        held = {row: (line, _cell(cells, watch.position)) for row, (line, cells) in places.items()} | (watch.held or {})
        rows = [row for row in rows if row in held]
        if not rows:
            continue
        lines = [held[row][0] for row in rows]
        if watch.rule == "duplicate_row":
            groups.add(watch.rule, STRUCTURE, lines)
            if listing is not None:
                listing.add(watch.rule, STRUCTURE, rows, lines, [""] * len(rows), late=True)
            continue
        values = [held[row][1] for row in rows]
        before = groups.by_key.get((watch.rule, watch.position))
        if before is not None:  # keys wholly empty were told as they came
            lines_before = [line for first, last in before.lines.ranges() for line in range(first, last + 1)]
            del groups.by_key[watch.rule, watch.position]
            groups.add(watch.rule, watch.position, sorted([*lines_before, *lines]), values[0])
        else:
            groups.add(watch.rule, watch.position, lines, values[0])
        if listing is not None:
            listing.add(watch.rule, watch.position, rows, lines, values, late=True)


def _faulty_rows(watch: KeyWatch) -> Iterator[int]:
    if watch.rule == "foreign_key":
        yield from (row for key, row in watch.wanted if key not in watch.offered)
    else:
        yield from (row for row, _ in watch.seen.repeated(watch.candidates))


def _cell(cells: Sequence[str], position: int) -> str:
    return cells[position] if position < len(cells) else ""


def _second_look(
    content: Content, facts: ContentFacts, plan: Plan, wanted: Sequence[int], one_line_each: bool
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (row, line, cells) of the wanted rows, in order."""
    assert facts.text is not None and facts.table is not None and facts.table.dialect is not None
    if not wanted:
        return
    if one_line_each:
        # A record a line: the others are skipped without being split into cells.
        split = reader_of(facts.table.dialect, content)
        for line, text in lines_at(content, facts.text, wanted):
            yield line, line, next(iter(split(iter([text]))), [])
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


def rows_at(content: Content, facts: ContentFacts, lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of the records that start at these physical lines, in increasing order."""
    assert facts.text is not None and facts.table is not None
    wanted = set(lines)
    if not wanted:
        return
    last = max(wanted)
    with closing(csv_rows(content, facts.text, facts.table, Reading())) as rows:
        for line, cells in rows:
            if line in wanted:
                yield line, cells
            if line >= last:
                return
