"""Validates a table against a schema in one pass: our reading of rows, frictionless' verdict on cells, our grouping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, TableFacts
from opendata_check.model.schema import Field, SchemaMatch, TableValidation
from opendata_check.ranges import column_letter
from opendata_check.tables.columns import Rules, column_judge
from opendata_check.tables.groups import STRUCTURE, Group, Groups
from opendata_check.tables.issues import JudgedColumn, issues_of
from opendata_check.tables.pairs import PairRule, pair_rules
from opendata_check.tables.rows import Reading, Row, csv_rows
from opendata_check.tables.uniqueness import MAX_VALUES, UniqueKey

_BATCH_ROWS = 1_000
_BATCH_CHARACTERS = 4_000_000
"""Measured by the cells' number: a batch is cut before its text grows beyond."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to judge, settled once the header is read."""

    width: int
    """Cells a row should have."""
    columns: tuple[JudgedColumn, ...]
    judges: tuple[tuple[int, Callable[[set[str | None]], dict[str, Rules]]], ...]
    pairs: tuple[PairRule, ...]
    unique: tuple[tuple[str, UniqueKey], ...]
    missing: frozenset[str]


def validate(
    content: Content, facts: ContentFacts, match: SchemaMatch, *, max_rows: int | None = None
) -> TableValidation:
    """Judge every cell of a table against the schema it was matched with.

    Encoding, dialect and header line come from ``facts``; columns may stand in any order, misspelt ones are judged as
    ``match`` reads them, and differences of header are not repeated as cell issues. Issues are grouped by rule and
    column: exact counts, physical lines. ``max_rows`` stops early; whatever stops the reading makes the validation
    incomplete, with a note. Rows are read by batches: memory does not grow with the file. A workbook is judged through
    the CSV that inspection makes of it. Raises TablesError when the file cannot be opened or the schema used.
    """
    schema = match.schema
    table = facts.table
    reading = Reading()
    if table is None or table.header_row is None:
        return TableValidation(schema.id, schema.version, 0, complete=False, note=_no_table_note(facts))
    if facts.text is not None and table.dialect is not None:
        rows = csv_rows(content, facts.text, table, reading)
    else:
        note = "Ce format n'est pas du CSV : ses cellules n'ont pas été contrôlées."
        return TableValidation(schema.id, schema.version, 0, complete=False, note=note)

    groups = Groups()
    with closing(rows):
        header = next(rows, None)
        if header is None:
            note = reading.stopped or "Le fichier s'arrête avant sa ligne d'en-tête."
            return TableValidation(schema.id, schema.version, 0, complete=False, note=note)
        plan = _plan(header[1], table, match)
        judged = _judge_rows(rows, plan, groups, max_rows, reading)
    if reading.damaged.count:
        groups.by_key["encoding", STRUCTURE] = Group(reading.damaged)
    note = _note(content, table, plan, reading)
    return TableValidation(
        schema.id,
        schema.version,
        judged,
        issues=issues_of(groups, plan.columns, plan.pairs, schema.missing_values, facts.personal),
        complete=not note,
        note=note,
    )


def _no_table_note(facts: ContentFacts) -> str:
    if facts.envelope.detected == "empty":
        return "Le fichier est vide : il n'y a rien à contrôler."
    return "Aucune ligne d'en-tête n'a été trouvée : les colonnes ne peuvent pas être reconnues."


def _note(content: Content, table: TableFacts, plan: _Plan, reading: Reading) -> str:
    """Return why the validation is not complete, or ""."""
    notes = [reading.stopped] if reading.stopped else []
    if content.truncated:
        notes.append("Seul le début du fichier a pu être téléchargé : le reste n'a pas été contrôlé.")
    if any(key.full for _, key in plan.unique):
        notes.append(f"Au-delà de {MAX_VALUES} valeurs différentes, les répétitions n'ont plus été cherchées.")
    return " ".join(notes)


def _plan(header: Sequence[str], table: TableFacts, match: SchemaMatch) -> _Plan:
    schema = match.schema
    # Inspection's labels are those the match was made with; the line itself says how many cells a row should have.
    labels = list(table.labels) if len(table.labels) == len(header) else [cell.strip() for cell in header]
    fields = {field.name: field for field in schema.fields}
    misspelt = dict(match.misspelt_columns)
    positions: dict[str, int] = {}
    for read in (lambda label: label.lstrip("\ufeff"), lambda label: misspelt.get(label, "")):
        for position, label in enumerate(labels):
            name = read(label)
            if name in fields and name not in positions and position not in positions.values():
                positions[name] = position
    columns = tuple(
        JudgedColumn(fields[name], position, labels[position].lstrip("\ufeff"), _letter(table, position))
        for name, position in sorted(positions.items(), key=lambda item: item[1])
    )
    return _Plan(
        width=len(header),
        columns=columns,
        judges=tuple((c.position, column_judge(c.field, schema.missing_values)) for c in columns),
        pairs=pair_rules(schema, positions),
        unique=_unique_keys(match, columns),
        missing=frozenset(schema.missing_values),
    )


def _letter(table: TableFacts, position: int) -> str:
    if position < len(table.columns) and table.columns[position].position == position:
        return table.columns[position].letter
    return column_letter(position)


def _unique_keys(match: SchemaMatch, columns: Sequence[JudgedColumn]) -> tuple[tuple[str, UniqueKey], ...]:
    missing = match.schema.missing_values
    keys = [
        ("unique", UniqueKey([column.field], [column.position], missing))
        for column in columns
        if column.field.constraints.get("unique")
    ]
    by_name = {column.field.name: column for column in columns}
    primary: list[tuple[Field, int]] = [
        (by_name[name].field, by_name[name].position) for name in match.schema.primary_key if name in by_name
    ]
    if primary and len(primary) == len(match.schema.primary_key):
        keys.append(("primary_key", UniqueKey([f for f, _ in primary], [p for _, p in primary], missing)))
    return tuple(keys)


def _judge_rows(rows: Iterator[Row], plan: _Plan, groups: Groups, max_rows: int | None, reading: Reading) -> int:
    judged = 0
    while max_rows is None or judged < max_rows:
        room = _BATCH_ROWS if max_rows is None else min(_BATCH_ROWS, max_rows - judged)
        batch = _batch(rows, room)
        if not batch:
            return judged
        judged += _judge_batch(batch, plan, groups)
    if next(rows, None) is not None:
        reading.stopped = f"Seules les {judged} premières lignes ont été contrôlées."
    return judged


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


def _judge_batch(batch: Sequence[Row], plan: _Plan, groups: Groups) -> int:
    """Judge the rows of one batch column by column; return how many were judged (blank ones are not)."""
    lines: list[int] = []
    rows: list[Sequence[str | None]] = []
    shifted: set[int] = set()
    width = plan.width
    missing = plan.missing
    only_empty = missing == {""}
    for line, cells in batch:
        if (not any(cells)) if only_empty else missing.issuperset(cells):
            groups.add("blank_row", STRUCTURE, line)
            continue
        if len(cells) != width:
            groups.add("extra_cell" if len(cells) > width else "missing_cell", STRUCTURE, line)
            shifted.add(line)
            rows.append(cells[:width] + [None] * (width - len(cells)))
        else:
            rows.append(cells)
        lines.append(line)
    columns = list(zip(*rows, strict=True))
    if not columns:
        return 0
    for position, judge in plan.judges:
        faulty = judge(set(columns[position]))
        if faulty:
            _record(columns[position], lines, faulty, position, shifted, groups)
    for pair in plan.pairs:
        for index in pair.faulty_cells(columns, len(lines)):
            groups.add(pair.rule, pair.place, lines[index])
    for rule, key in plan.unique:
        for row, line in zip(rows, lines, strict=True):
            if key.repeated(row) or (rule == "primary_key" and key.null(row)):
                groups.add(rule, key.positions[0], line, row[key.positions[0]])
    return len(lines)


def _record(
    cells: Sequence[str | None],
    lines: Sequence[int],
    faulty: dict[str, Rules],
    position: int,
    shifted: set[int],
    groups: Groups,
) -> None:
    for cell, line in zip(cells, lines, strict=True):
        rules = faulty.get(cell) if cell is not None else None
        if rules:
            for rule in rules:
                groups.add(rule, position, line, None if line in shifted else cell)
