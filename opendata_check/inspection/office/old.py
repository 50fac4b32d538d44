"""Reads what old office files (DOC, PPT, XLS, RTF) keep: authors, macros, attachments, a password."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.office.compound_file import CompoundFile
from opendata_check.inspection.traces import names_a_person
from opendata_check.model.content import Content
from opendata_check.model.facts import DocumentFacts, TraceFacts

MAX_OLE = 30_000_000
_MAX_RTF = 8_000_000
_SUMMARY = "\x05SummaryInformation"
_AUTHOR, _LAST_AUTHOR, _PAGES, _CHARACTERS = 4, 8, 14, 16
_MAX_PROPERTIES = 100
_MAX_NAME = 300
_ENCRYPTED = 0x0100
"""Bit of the flags of a DOC (MS-DOC 2.5.2, fEncrypted)."""
_RTF_AUTHOR = re.compile(rb"\{\\author ([^{}]{1,200})")
_RTF_LAST = re.compile(rb"\{\\operator ([^{}]{1,200})")
_RTF_CHANGE = re.compile(rb"\\(?:revised|deleted)(?![a-z0-9])")
_RTF_COMMENT = re.compile(rb"\{\\\*\\annotation(?![a-z])")
_RTF_OBJECT = re.compile(rb"\\objdata(?![a-z])")
_RTF_HIDDEN = re.compile(rb"\\v(?![a-z0-9])")
_RTF_PAGES = re.compile(rb"\\nofpages(\d{1,6})")
_RTF_LETTERS = re.compile(rb"\\nofchars(\d{1,9})")


def read_old_document(content: Content, carrier: str) -> tuple[DocumentFacts, TraceFacts]:
    """Return what an OLE2 document (DOC, PPT) announces and keeps; its text is not read.

    Above 30 MB nothing is read and ``partly_read`` says so. Raises InspectionError when the file is damaged, OSError.
    """
    if content.path.stat().st_size > MAX_OLE:
        return DocumentFacts(0, 0, 0, 0, 0, carrier=carrier, sampled=True), TraceFacts(partly_read=True)
    file = CompoundFile(content.path.read_bytes())
    summary = _summary(file)
    locked = _is_locked(file)
    facts = DocumentFacts(
        page_count=_count(summary.get(_PAGES)),
        pages_read=0,
        text_characters=_count(summary.get(_CHARACTERS)),
        pages_without_text=0,
        image_pages=0,
        encrypted=locked,
        carrier=carrier,
        sampled=True,
    )
    return facts, old_traces(file)


def old_traces(file: CompoundFile) -> TraceFacts:
    """Return the traces of an OLE2 file of any kind, XLS included: authors, macros, attachments.

    Tracked changes and comments are not looked for there: ``partly_read`` says so.
    """
    summary, names = _summary(file), file.names
    return TraceFacts(
        author=_is_person(summary.get(_AUTHOR)),
        last_author=_is_person(summary.get(_LAST_AUTHOR)),
        macros=int("_VBA_PROJECT" in names),
        embedded_files=int("\x01Ole10Native" in names),
        partly_read=True,
    )


def _is_person(value: str | int | None) -> bool:
    return isinstance(value, str) and names_a_person(value)


def _count(value: str | int | None) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def _is_locked(file: CompoundFile) -> bool:
    if "WordDocument" in file.names:
        header = file.stream("WordDocument")[:12]
        return len(header) == 12 and bool(struct.unpack_from("<H", header, 10)[0] & _ENCRYPTED)
    return "EncryptedSummary" in file.names or "EncryptedPackage" in file.names


def _summary(file: CompoundFile) -> Mapping[int, str | int]:
    """Return the texts and integers of the summary, by number; damaged ones are left out (MS-OLEPS 2.21, 3.1)."""
    if _SUMMARY not in file.names:
        return {}
    try:
        data = file.stream(_SUMMARY)
    except InspectionError:
        return {}
    found: dict[int, str | int] = {}
    try:
        (start,) = struct.unpack_from("<I", data, 44)
        (count,) = struct.unpack_from("<I", data, start + 4)
        for rank in range(min(count, _MAX_PROPERTIES)):
            number, offset = struct.unpack_from("<II", data, start + 8 + 8 * rank)
            kind, value = struct.unpack_from("<Ii", data, start + offset)
            if kind == 3:
                found[number] = value
            elif kind == 30:
                raw = data[start + offset + 8 : start + offset + 8 + min(max(value, 0), _MAX_NAME)]
                found[number] = raw.split(b"\0", 1)[0].decode("cp1252", "replace")
            elif kind == 31:
                raw = data[start + offset + 8 : start + offset + 8 + min(max(value, 0) * 2, _MAX_NAME)]
                found[number] = raw.decode("utf-16-le", "replace").split("\0", 1)[0]
    except struct.error:
        return found
    return found


def read_rtf(content: Content) -> tuple[DocumentFacts, TraceFacts]:
    """Return what an RTF announces and keeps, from its first 8 million bytes. Raises OSError. Source: RTF 1.9.1."""
    with content.path.open("rb") as file:
        data = file.read(_MAX_RTF)
        more = bool(file.read(1))
    pages, letters = _RTF_PAGES.search(data), _RTF_LETTERS.search(data)
    facts = DocumentFacts(
        page_count=int(pages[1]) if pages else 0,
        pages_read=0,
        text_characters=int(letters[1]) if letters else 0,
        pages_without_text=0,
        image_pages=0,
        carrier="doc",
        sampled=more,
    )
    author, last = _RTF_AUTHOR.search(data), _RTF_LAST.search(data)
    hidden = len(_RTF_HIDDEN.findall(data))
    return facts, TraceFacts(
        author=names_a_person(author[1].decode("cp1252", "replace")) if author else False,
        last_author=names_a_person(last[1].decode("cp1252", "replace")) if last else False,
        tracked_changes=len(_RTF_CHANGE.findall(data)),
        comments=len(_RTF_COMMENT.findall(data)),
        hidden_count=hidden,
        hidden_places=("texte masqué",) if hidden else (),
        embedded_files=len(_RTF_OBJECT.findall(data)),
        partly_read=more,
    )
