"""Gathers what a workbook keeps beside its cells: authors, comments, changes, macros, hidden parts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.parsers import expat

from opendata_check.inspection.archives.zip import member_chunks
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.office.compound_file import CompoundFile
from opendata_check.inspection.office.old import old_traces
from opendata_check.inspection.office.parts import Properties, member_traces
from opendata_check.inspection.sheets.table import Sheet
from opendata_check.inspection.sheets.xls_records import records
from opendata_check.inspection.traces import MAX_PLACES, merged
from opendata_check.inspection.xml_stream import Attributes, Elements, Refused, read_elements
from opendata_check.model.facts import RowRange, TraceFacts
from opendata_check.ranges import column_letter

_MAX_PART = 50_000_000
_MAX_PARTS = 500
_MAX_PROPERTIES = 3
_MAX_COUNTED = 50_000_000
"""Bytes of XML read to count comments, and as many for changes."""
_MAX_RUNS = 5
_PROPERTIES = re.compile(r"docprops/core\.xml|meta\.xml", re.I)
_COMMENTS = re.compile(r"xl/comments[^/]*\.xml|xl/comments/[^/]+\.xml", re.I)
_THREADS = re.compile(r"xl/threadedcomments/[^/]+\.xml", re.I)
_CHANGES = re.compile(r"xl/revisions/revisionlog[^/]*\.xml", re.I)
_MACRO_SHEETS = re.compile(r"xl/macrosheets/[^/]+\.xml", re.I)
_CHANGED = ("rcc", "rrc", "rm", "rfmt", "ris", "rsnm", "rdn", "rcmt")
"""Elements of a revision log that are each a change (ECMA-376 part 1, 18.11)."""
_ODS_CHANGED = ("cell-content-change", "insertion", "deletion", "movement")
_NOTE, _SUPBOOK, _BOUNDSHEET, _MACRO_SHEET = 0x001C, 0x01AE, 0x0085, 1
_OWN_BOOKS = (0x0401, 0x3A01)
"""MS-XLS 2.4.271: a supporting book that is this workbook, or its add-ins."""


def zip_traces(archive: zipfile.ZipFile, sheets: Sequence[Sheet]) -> TraceFacts:
    """Return what an XLSX or an ODS keeps; a part that breaks sets ``partly_read``."""
    names = archive.namelist()
    told = Properties()
    broken = len(names) > 20 * _MAX_PARTS
    for name in [*filter(_PROPERTIES.fullmatch, names)][:_MAX_PROPERTIES]:
        broken |= not _read(archive, name, told.elements, told)
    wanted = {"comment": _COMMENTS, "threadedComment": _THREADS}
    comments = []
    for element, pattern in wanted.items():
        count, complete = _count(archive, [name for name in names if pattern.fullmatch(name)], (element,))
        comments.append(count)
        broken |= not complete
    changes, complete = _count(archive, [name for name in names if _CHANGES.fullmatch(name)], _CHANGED)
    broken |= not complete
    if any(sheet.changes for sheet in sheets):
        found, complete = _count(archive, ["content.xml"], _ODS_CHANGED)
        changes, broken = changes + found, broken or not complete
    kept = TraceFacts(
        author=told.author,
        last_author=told.last_author,
        # A thread also stands among the notes, for older programs: the larger count is the true one.
        comments=max(comments) + sum(sheet.notes for sheet in sheets),
        tracked_changes=changes,
        macros=sum(1 for name in names if _MACRO_SHEETS.fullmatch(name)),
        external_links=sum(sheet.name.startswith("'file:") for sheet in sheets),
        partly_read=broken,
    )
    return merged((kept, member_traces(archive), hidden_traces(sheets)))


def xls_traces(data: bytes, sheets: Sequence[Sheet]) -> TraceFacts:
    """Return what an XLS keeps (MS-XLS 2.4.179 Note, 2.4.271 SupBook, 2.4.28 BoundSheet8)."""
    file = CompoundFile(data)
    name = next((name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in file.names), None)
    notes = books = macro_sheets = 0
    if name is not None:
        stream = file.stream(name)
        for kind, at, size in records(stream):
            notes += kind == _NOTE
            if kind == _SUPBOOK:
                books += size > 4 or int.from_bytes(stream[at + 2 : at + 4], "little") not in _OWN_BOOKS
            elif kind == _BOUNDSHEET and size > 5:
                macro_sheets += stream[at + 5] == _MACRO_SHEET
    kept = TraceFacts(
        comments=notes, external_links=books, macros=macro_sheets, tracked_changes=int("Revision Log" in file.names)
    )
    return merged((replace(old_traces(file), partly_read=False), kept, hidden_traces(sheets)))


def hidden_traces(sheets: Sequence[Sheet]) -> TraceFacts:
    """Return the filled sheets, rows and columns that the screen does not show: how many and where."""
    count = 0
    places: list[str] = []
    for sheet in sheets:
        if not sheet.table.filled:
            continue
        columns, rows = hidden_columns(sheet), sheet.marks.hidden_rows
        count += sheet.hidden + len(columns) + rows.count
        if len(places) < MAX_PLACES:
            places += _places(sheet, columns, rows.ranges(), rows.count)
    return TraceFacts(hidden_count=count, hidden_places=tuple(places[:MAX_PLACES]))


def hidden_columns(sheet: Sheet) -> list[int]:
    """Return the hidden columns that hold something; the void at the right of a table is often hidden too."""
    filled = {column.position for column in sheet.table.facts().columns if column.filled}
    return sorted(filled & sheet.marks.hidden_columns)


def _places(sheet: Sheet, columns: Sequence[int], rows: Sequence[RowRange], count: int) -> Iterator[str]:
    """Yield, in French, what is hidden in one sheet: the sheet itself, its columns, its rows."""
    if sheet.hidden:
        yield f"feuille « {sheet.name} »"
    if columns:
        runs = [(column_letter(first), column_letter(last)) for first, last in _runs(columns)]
        yield f"{_word('colonne', len(columns))} {_listed(runs)} de la feuille « {sheet.name} »"
    if rows:
        runs = [(str(first), str(last)) for first, last in rows]
        yield f"{_word('ligne', count)} {_listed(runs)} de la feuille « {sheet.name} »"


def _word(noun: str, count: int) -> str:
    return noun if count == 1 else noun + "s"


def _listed(runs: Sequence[tuple[str, str]]) -> str:
    """Return « A, C à D, F », the first five runs, then « … »."""
    shown = [first if first == last else f"{first} à {last}" for first, last in runs[:_MAX_RUNS]]
    return ", ".join(shown) + ("…" if len(runs) > _MAX_RUNS else "")


def _runs(positions: Sequence[int]) -> list[RowRange]:
    runs: list[RowRange] = []
    for at in positions:
        if runs and at == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _count(archive: zipfile.ZipFile, names: Sequence[str], elements: Sequence[str]) -> tuple[int, bool]:
    """Return how many of these elements the parts hold, and whether all could be read."""
    total = 0

    def found(_attributes: Attributes) -> None:
        nonlocal total
        total += 1

    complete = len(names) <= _MAX_PARTS
    left = _MAX_COUNTED
    for name in names[:_MAX_PARTS]:
        left -= archive.getinfo(name).file_size
        if left < 0:
            return total, False
        complete &= _read(archive, name, Elements(dict.fromkeys(elements, found), {}), None)
    return total, complete


def _read(archive: zipfile.ZipFile, name: str, elements: Elements, told: Properties | None) -> bool:
    """Read one part; False when it breaks, is refused or is longer than 50 million bytes."""
    try:
        read_elements(member_chunks(archive, name, _MAX_PART), elements, told.keep if told else None)
    except (InspectionError, Refused, expat.ExpatError, ValueError, LookupError):
        return False
    finally:
        if told is not None:
            told.close()
    return True
