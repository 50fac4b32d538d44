"""Tells what a file is from its first bytes, against what its name and its catalogue announce."""

from __future__ import annotations

import os
import struct
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from opendata_check.inspection.magic import signature
from opendata_check.inspection.polyglot import also_opens_as, ends_as_pdf, pdf_start
from opendata_check.inspection.text import unicode_mark
from opendata_check.inspection.text_kinds import TEXT, text_kind
from opendata_check.model.content import Content
from opendata_check.model.facts import EnvelopeFacts
from opendata_check.vocabulary import format_of, format_of_extension

__all__ = ["HEAD", "TEXT", "envelope_of", "is_text"]

HEAD = 65_536
"""First bytes read."""
_MOST_NULS = 64_000_000
_CHUNK = 1_048_576

# The streams an OLE2 file must have (MS-XLS 2.1.2, MS-DOC 2.1.1, MS-PPT 2.1.1).
_OLE2_STREAMS = (("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "doc"), ("PowerPoint Document", "pptx"))
_LOCKED = "EncryptedPackage"
"""The stream of an Office file under a password (MS-OFFCRYPTO 2.3.4.4)."""
_OFFICE = ("xls", "xlsx", "doc", "docx", "pptx")

# Control characters no text holds: NUL is counted apart, for some exports pad with it.
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\x00\t\n\x0b\x0c\r\x1a\x1b") + b"\x7f"
_MAX_CONTROLS = 0.01
_MAX_NULS = 0.1


def envelope_of(content: Content, declared_format: str) -> EnvelopeFacts:
    """Return the envelope of a file. Formats are ids of rules/formats.yaml.

    ``detected`` is found in the first 64 KB: a zip is only « zip » until its list of files is read, a text that may
    be a table is « txt » until its lines are. A second format is looked for near the beginning and at the end.
    Raises OSError when the file cannot be read.
    """
    extension = _extension(content.name)
    with content.path.open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, 2)
        detected, variety = _kind(file, head, size, extension)
        also = also_opens_as(file, head, size, detected)
    return EnvelopeFacts(
        detected=detected,
        extension=extension,
        extension_format=format_of_extension(extension),
        declared_format=format_of(declared_format),
        variety=variety,
        also=also,
    )


def _extension(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    return suffix if suffix.isalnum() and len(suffix) <= 12 else ""


def _kind(file: BinaryIO, head: bytes, size: int, extension: str) -> tuple[str, str]:
    """Return the format of the file and its variety."""
    if not head:
        return "empty", ""
    if not head.strip(b"\0") and _only_nuls(file):
        return "empty", "nul"
    detected, variety = signature(head)
    if detected == "ole2":
        return _ole2_kind(head, file, format_of_extension(extension))
    if detected:
        return detected, variety
    at = pdf_start(head)
    if at >= 0 and (not is_text(head[:at]) or not head[:at].strip() or ends_as_pdf(file, size)):
        return "pdf", ""
    if not is_text(head):
        return "binary", ""
    text = _decoded(head)
    if not text.strip("\ufeff \t\r\n") and len(head) < HEAD:
        return "empty", ""
    return text_kind(text, extension, size=size)


def _decoded(head: bytes) -> str:
    """Return the beginning as text: its own encoding is looked for later, on the whole file."""
    mark = unicode_mark(head)
    if mark:
        return head.decode(mark, "replace")
    for cut in (head, head[:-1], head[:-2], head[:-3]):  # the last character may be cut
        try:
            return cut.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return head.decode("latin-1")


def _only_nuls(file: BinaryIO) -> bool:
    """Return whether nothing but NUL bytes follows: what a broken copy leaves. Nobody knows beyond 64 MB: False."""
    if file.seek(0, os.SEEK_END) > _MOST_NULS:
        return False
    file.seek(0)
    return not any(chunk.strip(b"\0") for chunk in iter(partial(file.read, _CHUNK), b""))


def _ole2_kind(head: bytes, file: BinaryIO, announced: str) -> tuple[str, str]:
    """Return which old Office file this is, from the names of its streams (MS-CFB 2.6), else what its name announces.

    A new Office file locked by a password is also an OLE2 file: nothing but its name says what it was.
    """
    locked = ""
    if len(head) >= 76:
        shift, first_sector = struct.unpack("<H", head[30:32])[0], struct.unpack("<I", head[48:52])[0]
        # Sector numbers from 0xFFFFFFFA up mean « none ».
        file.seek((first_sector + 1 if first_sector < 0xFFFFFFFA else 0) << min(shift, 12))
        directory = file.read(4096)
        names = {
            directory[at : at + max(0, min(64, struct.unpack("<H", directory[at + 64 : at + 66])[0]) - 2)]
            for at in range(0, len(directory) - 127, 128)
        }
        for stream, kind in _OLE2_STREAMS:
            if stream.encode("utf-16-le") in names:
                return kind, ""
        locked = "locked" if _LOCKED.encode("utf-16-le") in names else ""
    return (announced if announced in _OFFICE else "binary"), locked


def is_text(head: bytes) -> bool:
    """Return whether the first bytes are text in some encoding: nearly no control character, few NULs."""
    if unicode_mark(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls <= _MAX_CONTROLS * len(head) and head.count(0) <= _MAX_NULS * len(head)
