"""One file through the rooms that say whether it is right: inspected, recognised, validated, told fault by fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date

from opendata_check import inspection, schemas, tables
from opendata_check.fetching import Fetcher
from opendata_check.file_table import ARCHIVES, FileCheckError, as_table, facts_of, file_facts, only_member
from opendata_check.header_check import (
    foreign_errors,
    foreign_groups,
    header_errors,
    header_facts,
    header_groups,
    text_errors,
    text_groups,
    unjudged_errors,
    unjudged_groups,
)
from opendata_check.model.check import CellError, ErrorGroup, FileCheck, Snippet
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import SchemaMatch, TableSchema, TableValidation
from opendata_check.standard_check import Found, Standard, TableRules, judged_file, standard_for
from opendata_check.tables.types import error_type

_ROUNDED = re.compile(r"[0-9][,.][0-9]+[Ee]\+[0-9]{1,2}")
_LOST_DIGITS = "Un tableur a arrondi ce nombre : reprenez-le à la source, dans une colonne au format Texte."
_CANDIDATES = 3
_SNIPPETS = 12
_PLAUSIBLE = 0.35
_UNTOLD = TableSchema("", "", "", ())
"""No schema at all: only the table's shape is judged."""


__all__ = ["Asked", "FileCheckError", "checked"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked of one file."""

    schema: TableSchema | None = None
    """None: recognise it."""
    on: date | None = None
    member: str = ""
    """Which file of an archive, when it holds several."""
    progress: Callable[[str], None] = lambda step: None


@contextmanager
def checked(content: Content, asked: Asked, fetcher: Fetcher) -> Iterator[FileCheck]:
    """Check a file; its faults can be read while the block lasts.

    Raises FileCheckError, InspectionError, SchemaError or TablesError when the file or the schema cannot be used.
    """
    with ExitStack() as stack:
        yield _check(content, asked, fetcher, stack)


def _check(content: Content, asked: Asked, fetcher: Fetcher, stack: ExitStack) -> FileCheck:
    facts = facts_of(content)
    kind = facts.envelope.detected
    standard = standard_for(content, facts) if asked.schema is None else None
    if kind in ARCHIVES and standard is None:
        return _check(only_member(content, asked.member, fetcher, stack), replace(asked, member=""), fetcher, stack)
    if standard is not None and not standard.tabular:
        return _by_standard(content, facts, standard, asked, fetcher, stack)
    table, described = as_table(content, facts, stack)
    return _by_schema(table, described, content, kind, asked, stack)


def _by_schema(
    table: Content, facts: ContentFacts, content: Content, kind: str, asked: Asked, stack: ExitStack
) -> FileCheck:
    """Judge a table against the schema asked for, else recognised, else against nothing but its own shape."""
    assert facts.table is not None
    asked.progress("Lecture du tableau")
    likely: tuple[SchemaMatch, ...] = ()
    match: SchemaMatch | None
    if asked.schema is not None:
        match = schemas.match_header(facts.table.labels, asked.schema)
    else:
        match, likely = _recognised(table, facts, content.name, kind)
    listing = tables.Listing()
    stack.callback(listing.close)
    standard = standard_for(table, facts, match) if asked.schema is None and match is not None else None
    judged = match or SchemaMatch(_UNTOLD, 0.0, "header")
    if standard is not None:  # its own rules judge the cells, the schema would say the same twice
        judged = replace(judged, schema=_UNTOLD)
    rules = TableRules(facts, match, asked.on) if standard is not None and match is not None else None
    if rules is not None:
        stack.callback(rules.close)
    validation, facts = _validated(table, facts, judged, listing, rules)
    if facts.table is None or facts.table.header_row is None:
        return _headless(content, facts, kind, validation.note)
    teller = tables.Teller(table, facts, judged)
    named = teller if match is None or judged is match else tables.Teller(table, facts, match)
    header = header_facts(facts.table, match)
    if standard is not None:  # whose rules tell of columns in their own words
        header = replace(header, missing=(), absent_optional=(), extra=(), misspelt=())
    groups = [*header_groups(header, facts.table), *_groups(validation, teller, listing)]
    if kind == "csv":
        groups += [group for group in text_groups(facts) if rules is None or group.type != "encoding"]
    found = Found()
    if rules is not None:
        found = rules.found(named, one_line_each=listing.one_line_each)
        groups += found.groups
    snippets = list(_snippets(table, facts, groups, named, one_line_each=listing.one_line_each))
    groups += foreign_groups(judged.schema)
    empty = validation.complete and not validation.row_count
    groups += unjudged_groups(judged.schema, facts.table, empty=empty)
    above = [*header_errors(header, facts), *(text_errors(facts) if kind == "csv" else ())]
    above += foreign_errors(judged.schema)
    above += unjudged_errors(facts.table, empty=empty)
    above.sort(key=lambda error: error.row or 0)
    of_records = kind in inspection.RECORD_FORMATS
    if of_records:
        groups = [_without_header(group) for group in groups]
        snippets = [replace(snippet, line=snippet.line - 1) for snippet in snippets]

    def errors() -> Iterator[CellError]:
        told = teller.told(listing)
        if found.count or (above and listing.count):  # merging costs as much as telling
            told = tables.merged(iter(above), told, found.errors())
        elif above:
            told = iter(above)
        return map(_unlined, told) if of_records else told

    return FileCheck(
        file=file_facts(content, kind, facts),
        schema=match,
        standard=standard.id if standard is not None else "",
        candidates=likely,
        rows=validation.row_count,
        complete=validation.complete,
        note=validation.note,
        header=header,
        groups=tuple(groups),
        snippets=tuple(snippets),
        count=listing.count + found.count + len(above),
        errors=errors,
    )


def _unlined(error: CellError) -> CellError:
    """Return an error of a record that has no line of its own; records are counted without a header."""
    return replace(error, row=(error.row - 1 or None) if error.row else None, line=None)


def _without_header(group: ErrorGroup) -> ErrorGroup:
    """Return a group whose places are records, counted without a header, and whose columns have no letter."""
    places = tuple((first - 1, last - 1) for first, last in group.lines if first > 1)
    return replace(group, lines=places, letter="")


def _headless(content: Content, facts: ContentFacts, kind: str, note: str) -> FileCheck:
    """Return the answer about a table whose header was not found: nothing else can be said."""
    remedy = "La première ligne doit nommer chaque colonne : ajoutez-la, ou supprimez ce qui la précède."
    said = "Aucune ligne d'en-tête n'a été trouvée"
    group = ErrorGroup("blank-header", "blank-header", "error", "", "", 1, (), said, remedy=remedy)
    error = CellError(None, None, "", "blank-header", "", said)
    file = file_facts(content, kind, facts)
    return FileCheck(file, None, complete=False, note=note, groups=(group,), count=1, errors=lambda: iter((error,)))


def _recognised(
    table: Content, facts: ContentFacts, name: str, kind: str
) -> tuple[SchemaMatch | None, tuple[SchemaMatch, ...]]:
    """Return the schema a table was meant for, by its header, its name and its first values, and the likely ones."""
    assert facts.table is not None
    carrier = "geojson" if kind == "geojson" else "table"
    likely = schemas.candidates(facts.table.labels, title=name, carrier=carrier)[:_CANDIDATES]
    if not likely or likely[0].confidence < _PLAUSIBLE:
        return None, ()
    rivals = [match for match in likely if match.confidence >= likely[0].confidence - 0.15]
    if likely[0].confidence >= schemas.THRESHOLD and len(rivals) == 1:
        return likely[0], ()
    fits = [
        (round(0.75 * match.confidence + 0.25 * tables.fit(table, facts, match), 2), -rank, match)
        for rank, match in enumerate(rivals)
    ]
    best, _, match = max(fits, key=lambda item: item[:2])
    if match.confidence >= schemas.THRESHOLD or best >= schemas.THRESHOLD:
        return replace(match, confidence=max(best, match.confidence)), ()
    return None, likely


def _validated(
    table: Content, facts: ContentFacts, match: SchemaMatch, listing: tables.Listing, rules: TableRules | None
) -> tuple[TableValidation, ContentFacts]:
    """Validate the table; a standard's ``rules`` are fed in the same reading, and look for rows alike themselves."""
    same_rows = rules is None
    try:
        return tables.validate(table, facts, match, listing=listing, same_rows=same_rows, tap=rules), facts
    except tables.ProvisionalEncodingError:
        listing.restart()
        facts = inspection.read_head(table, whole=True)
        if rules is not None:
            rules.restart(facts)
        return tables.validate(table, facts, match, listing=listing, same_rows=same_rows, tap=rules), facts


def _groups(validation: TableValidation, teller: tables.Teller, listing: tables.Listing) -> Iterator[ErrorGroup]:
    by_letter = {column.letter: column for column in teller.plan.columns}
    for issue in validation.issues:
        column = by_letter.get(issue.letter)
        cell = listing.examples.get((issue.rule, column.position), "") if column else ""
        yield ErrorGroup(
            type=error_type(issue.rule),
            rule=issue.rule,
            level=issue.level,
            field=column.field.name if column else "",
            letter=issue.letter,
            count=issue.count,
            lines=issue.rows,
            message=issue.message,
            value=teller.show(column.position, cell) if column else "",
            expected=teller.corrected(issue.rule, column.position, cell) if column else "",
            remedy=_LOST_DIGITS if _ROUNDED.fullmatch(cell.strip()) else "",
        )


def _snippets(
    table: Content, facts: ContentFacts, groups: list[ErrorGroup], teller: tables.Teller, *, one_line_each: bool
) -> Iterator[Snippet]:
    """Yield the first faulty row of each of the first groups, the faulty cell between its neighbours."""
    positions = {column.letter: column.position for column in teller.plan.columns}
    wanted = [
        (group.lines[0][0], index, positions[group.letter])
        for index, group in enumerate(groups)
        if group.lines and group.letter in positions
    ]
    wanted = sorted(wanted)[:_SNIPPETS]
    rows = dict(tables.rows_at(table, facts, sorted({line for line, *_ in wanted}), one_line_each=one_line_each))
    for line, index, position in wanted:
        cells = rows.get(line)
        if cells is None or position >= len(cells):
            continue
        around = range(max(0, position - 1), min(len(cells), position + 2, teller.plan.width))
        yield Snippet(
            group=index,
            line=line,
            labels=tuple(teller.name(p) for p in around),
            cells=tuple(teller.show(p, cells[p]) for p in around),
            faulty=position - around.start,
        )


def _by_standard(
    content: Content, facts: ContentFacts, standard: Standard, asked: Asked, fetcher: Fetcher, stack: ExitStack
) -> FileCheck:
    """Judge a file whose format has rules of its own and is no table."""
    asked.progress(f"Règles : {standard.name}")
    members: list[Content] = []
    if standard.id == "gtfs":
        for member in fetcher.members(content):
            if isinstance(member, Content):
                stack.callback(fetcher.release, member)
                members.append(member)
    kind = facts.envelope.detected
    found = stack.enter_context(judged_file(content, members, standard, kind, asked.on))
    return FileCheck(
        file=file_facts(content, kind, facts),
        schema=None,
        standard=standard.id,
        rows=found.rows,
        groups=found.groups,
        count=found.count,
        errors=found.errors,
    )
