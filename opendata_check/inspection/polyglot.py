"""Sees that the same bytes can be opened as two formats: a PDF that is also a zip, an image that is also an archive."""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

_END = b"PK\x05\x06"
_TAIL = 65_535 + 22
_PDF = re.compile(rb"%PDF-\d")
_FOREWORD = 1_024
"""Readers look for « %PDF- » in the first 1024 bytes (ISO 32000-1, implementation note 13 of the older reference)."""
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|svg|script|head|body)", re.I)


def pdf_start(head: bytes) -> int:
    """Return where « %PDF-1 » stands in the first 1024 bytes, -1 when it does not."""
    found = _PDF.search(head, 0, _FOREWORD)
    return found.start() if found else -1


def also_opens_as(file: BinaryIO, head: bytes, size: int, detected: str) -> tuple[str, ...]:
    """Return the other formats that a reader would accept: ``zip`` at the end, ``pdf`` near the beginning.

    ``file`` is open in binary, of ``size`` bytes. Raises OSError.
    """
    found = []
    if detected not in ("zip", "empty") and _ends_as_zip(file, size):
        found.append("zip")
    at = pdf_start(head)
    if at >= 0 and detected != "pdf" and not _is_first_member(head, at) and ends_as_pdf(file, size):
        found.append("pdf")
    if detected == "pdf" and _MARKUP.match(head[: max(at, 0)]):
        found.append("html")
    return tuple(found)


def _ends_as_zip(file: BinaryIO, size: int) -> bool:
    """Return whether the file ends with a zip's end record, whose list of files stands just before it."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or at + 22 > len(tail):
        return False
    entries, directory, comment = struct.unpack("<H L 4x H", tail[at + 10 : at + 22])
    if at + 22 + comment != len(tail) or not entries:
        return False
    start = max(0, size - _TAIL) + at - directory
    if start < 0:
        return False
    file.seek(start)
    return file.read(4) == b"PK\x01\x02"


def ends_as_pdf(file: BinaryIO, size: int) -> bool:
    """Return whether the end of the file points to a PDF's list of objects (ISO 32000-1, 7.5.5)."""
    file.seek(max(0, size - 2_048))
    return b"startxref" in file.read(2_048)


def _is_first_member(head: bytes, at: int) -> bool:
    """Return whether a PDF is only the first file of a zip, stored as it is: that is no trap."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    name, extra = struct.unpack_from("<HH", head, 26)
    return bool(at == 30 + name + extra)
