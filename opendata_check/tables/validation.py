"""Validates a table against a schema in one pass: columns accepted fast, an exact verdict on the rest, our grouping."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import SchemaMatch, TableValidation
from opendata_check.tables.batches import BatchFaults, KeyWatch, judge_rows
from opendata_check.tables.errors import ProvisionalEncodingError
from opendata_check.tables.groups import STRUCTURE, Group, Groups
from opendata_check.tables.issues import Speaker, issues_of
from opendata_check.tables.listing import Listing
from opendata_check.tables.plan import Plan, plan_of
from opendata_check.tables.record_batches import record_batches
from opendata_check.tables.repeats import report_keys, watches_of
from opendata_check.tables.rows import Reading, Row, csv_rows, read_header

COLUMNAR_BYTES = 3_000_000
"""From this size on, reading whole columns repays its imports (0.3 s)."""

_BATCH_ROWS = 1_000
_BATCH_CHARACTERS = 4_000_000
"""Measured by the cells' number: a batch is cut before its text grows beyond."""


class Tap(Protocol):
    """What else is to be fed with the rows of the header's width, in the same reading."""

    def take(self, batch: Any, rows: Any) -> None:
        """Take a batch of columns (pyarrow.RecordBatch of texts) and its record numbers (numpy)."""
        ...

    def restart(self) -> None:
        """Forget everything: the table is about to be read anew."""
        ...


@dataclass(slots=True)
class Run:
    """What one validation gathers while it reads."""

    groups: Groups
    listing: Listing | None
    reading: Reading
    watches: tuple[KeyWatch, ...] = ()
    tap: Tap | None = None
    judged: int = 0
    one_line_each: bool = True
    """True while every record stood on one physical line."""


def validate(
    content: Content,
    facts: ContentFacts,
    match: SchemaMatch,
    *,
    max_rows: int | None = None,
    listing: Listing | None = None,
    columnar: bool | None = None,
    same_rows: bool = False,
    tap: Tap | None = None,
) -> TableValidation:
    """Judge every cell of a table against the schema it was matched with.

    Encoding, dialect and header line come from ``facts``; columns may stand in any order, misspelt ones are judged
    as ``match`` reads them, and differences of header are not repeated as cell issues. Issues are grouped by rule
    and column: exact counts, physical lines; ``listing`` gets every faulty cell. ``max_rows`` stops early; whatever
    stops the reading makes the validation incomplete, with a note. Rows are read by batches: memory does not grow
    with the file. ``same_rows`` also looks for rows that are the same from end to end; ``tap`` is fed with them.
    Large files are judged by whole columns (``columnar`` forces one way or the other; verdicts are the same).
    Raises TablesError when the file cannot be opened or the schema used.
    """
    schema = match.schema
    table = facts.table
    if table is None or table.header_row is None:
        return TableValidation(schema.id, schema.version, 0, complete=False, note=_no_table_note(facts))
    if facts.text is None or table.dialect is None:
        note = "Ce format n'est pas du CSV : ses cellules n'ont pas été contrôlées."
        return TableValidation(schema.id, schema.version, 0, complete=False, note=note)

    header = read_header(content, facts)
    if isinstance(header, str):
        return TableValidation(schema.id, schema.version, 0, complete=False, note=header)
    plan = plan_of(header, table, match, same_rows=same_rows)
    run = None
    if columnar is not False and (columnar or content.path.stat().st_size >= COLUMNAR_BYTES):
        from opendata_check.tables.columnar import judge_columns

        start = listing.count if listing is not None else 0
        run = judge_columns(content, facts, header, plan, _new_run(plan, listing, tap), max_rows)
        if run is None and listing is not None and listing.count > start:
            listing.restart()
        if run is None and tap is not None:
            tap.restart()
    if run is None and facts.text.provisional:
        raise ProvisionalEncodingError("l'encodage n'a été cherché qu'au début du fichier", where=content.origin)
    if run is None:
        run = _judge_by_rows(content, facts, plan, _new_run(plan, listing), max_rows)
        if tap is not None:
            for batch, rows in record_batches(content, facts):
                tap.take(batch, rows)
    try:
        report_keys(content, facts, plan, run.watches, run.groups, listing, one_line_each=run.one_line_each)
    finally:
        for watch in run.watches:
            watch.seen.close()
    if listing is not None:
        listing.one_line_each = run.one_line_each
    return _outcome(content, facts, match, plan, run)


def _new_run(plan: Plan, listing: Listing | None, tap: Tap | None = None) -> Run:
    return Run(Groups(), listing, Reading(), watches_of(plan), tap)


def _judge_by_rows(content: Content, facts: ContentFacts, plan: Plan, run: Run, max_rows: int | None) -> Run:
    assert facts.text is not None and facts.table is not None
    faults = BatchFaults(run.groups, run.listing)
    number = plan.header_record
    with closing(csv_rows(content, facts.text, facts.table, run.reading)) as rows:
        next(rows, None)
        while max_rows is None or run.judged < max_rows:
            batch = _batch(rows, _BATCH_ROWS if max_rows is None else min(_BATCH_ROWS, max_rows - run.judged))
            if not batch:
                break
            numbered = list(enumerate(batch, start=number + 1))
            number += len(batch)
            run.one_line_each = run.one_line_each and batch[-1][0] == number
            run.judged += judge_rows(numbered, plan, faults, run.watches)
            faults.hand_over()
        else:
            if next(rows, None) is not None:
                run.reading.stopped = f"Seules les {run.judged} premières lignes ont été contrôlées."
    return run


def _batch(rows: Iterator[Row], room: int) -> list[Row]:
    """Return the next rows, at most ``room``, fewer when they are huge."""
    batch: list[Row] = []
    size = 0
    for row in islice(rows, room):
        batch.append(row)
        size += 60 * len(row[1]) + sum(map(len, row[1]))
        if size > _BATCH_CHARACTERS:
            break
    return batch


def _outcome(content: Content, facts: ContentFacts, match: SchemaMatch, plan: Plan, run: Run) -> TableValidation:
    schema = match.schema
    if run.reading.damaged.count:
        run.groups.by_key["encoding", STRUCTURE] = Group(run.reading.damaged)
        if run.listing is not None:
            # A line is its own record, but in the rare file whose cells hold line breaks.
            lines = [line for first, last in run.reading.damaged.ranges() for line in range(first, last + 1)]
            run.listing.add("encoding", STRUCTURE, lines, lines, [""] * len(lines), late=True)
    if run.reading.unclosed is not None:
        line = run.reading.unclosed
        run.groups.add("unclosed_quote", STRUCTURE, [line])
        if run.listing is not None:
            run.listing.add("unclosed_quote", STRUCTURE, [line], [line], [""], late=True)
    note = _note(content, run)
    return TableValidation(
        schema.id,
        schema.version,
        run.judged,
        issues=issues_of(run.groups, Speaker(plan.columns, plan.row_checks, schema), schema, facts.personal),
        complete=not note,
        note=note,
    )


def _no_table_note(facts: ContentFacts) -> str:
    if facts.envelope.detected == "empty":
        return "Le fichier est vide : il n'y a rien à contrôler."
    return "Aucune ligne d'en-tête n'a été trouvée : les colonnes ne peuvent pas être reconnues."


def _note(content: Content, run: Run) -> str:
    """Return why the validation is not complete, or ""."""
    notes = [run.reading.stopped] if run.reading.stopped else []
    if content.truncated:
        notes.append("Seul le début du fichier a pu être téléchargé : le reste n'a pas été contrôlé.")
    if any(rule == "pattern_timeout" for rule, _ in run.groups.by_key):
        notes.append("Un motif du schéma est trop long à essayer : les cellules concernées n'ont pas été contrôlées.")
    return " ".join(notes)
