"""Finds in the bytes of a PDF what pdfium does not tell: scripts, launched programs, comments, archival profile."""

from __future__ import annotations

import io
import mmap
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opendata_check.inspection.image.images import read_image

_MAX_STREAMS = 200_000
_MAX_SECONDS = 4.0
_DICTIONARY = 4_096
_PIECE = 8_000_000
_MAX_OBJECTS_STREAM = 2_000_000
_MAX_UNPACKED = 32_000_000
_MAX_METADATA = 300_000
_MAX_PHOTOGRAPHS = 500
_MARKS = re.compile(
    rb"/S\s*/(?P<script>JavaScript)\b|/S\s*/(?P<launch>Launch)\b"
    rb"|/Subtype\s*/(?P<comment>Text|Highlight|StrikeOut|Squiggly|Caret)\b"
)
_PROFILE = re.compile(rb"pdfaid:(part|conformance)\s*(?:=\s*[\"']|>)\s*([1-4]|[A-Fa-f]\b)")


@dataclass(slots=True)
class Marks:
    """What was counted; ``pdf_a`` is « 2b » or ""."""

    scripts: int = 0
    launches: int = 0
    comments: int = 0
    pdf_a: str = ""
    positions: int = 0
    """Photographs that carry the place where they were taken."""
    partly_read: bool = False


def marks_of(path: Path) -> Marks:
    """Return the marks of a PDF, read outside its streams, in its packed objects and in its metadata.

    Nothing is run. A part that cannot be unpacked counts for nothing; limits on number, size and time set
    ``partly_read``. Raises OSError, ValueError. Source: ISO 32000-1, 7.5.7, 12.5.6, 12.6.4; ISO 19005-1, 6.7.11.
    """
    marks = Marks()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        profile: dict[bytes, bytes] = {}
        for text in _readable(data, marks):
            for found in _MARKS.finditer(text):
                marks.scripts += found.lastgroup == "script"
                marks.launches += found.lastgroup == "launch"
                marks.comments += found.lastgroup == "comment"
            if b"pdfaid:" in text:
                profile |= {found[1]: found[2].lower() for found in _PROFILE.finditer(text)}
        marks.pdf_a = (profile.get(b"part", b"") + profile.get(b"conformance", b"")).decode("ascii")
    return marks


def _readable(data: mmap.mmap, marks: Marks) -> Iterator[bytes]:
    """Yield the bytes between streams, then those of the streams that hold objects or metadata."""
    started, budget, at, photographs = time.monotonic(), _MAX_UNPACKED, 0, 0
    for number in range(_MAX_STREAMS):
        start = data.find(b"stream", at)
        while start >= 3 and data[start - 3 : start] == b"end":
            start = data.find(b"stream", start + 6)
        stop = start if start >= 0 else len(data)
        for piece in range(at, stop, _PIECE):
            yield data[piece : min(stop, piece + _PIECE)]
        if start < 0:
            return
        if number % 200 == 199 and time.monotonic() - started > _MAX_SECONDS:
            break
        end = data.find(b"endstream", start)
        end = end if end >= 0 else len(data)
        dictionary = data[max(at, start - _DICTIONARY) : start]
        dictionary = dictionary[dictionary.rfind(b"obj") + 3 :]
        if b"/ObjStm" in dictionary and budget > 0:
            unpacked = _inflated(data[start + 6 : min(end, start + 6 + _MAX_OBJECTS_STREAM)])
            budget -= len(unpacked)
            yield unpacked
        elif b"/Metadata" in dictionary:
            raw = data[start + 6 : min(end, start + 6 + _MAX_METADATA)]
            yield _inflated(raw) if b"/FlateDecode" in dictionary else raw
        elif b"/DCTDecode" in dictionary and photographs < _MAX_PHOTOGRAPHS:
            photographs += 1
            marks.positions += _is_placed(data[start + 6 : min(end, start + 6 + _MAX_METADATA)])
        at = end + 9 if end < len(data) else end
    marks.partly_read = True


def _is_placed(photograph: bytes) -> bool:
    """Return whether a JPEG, kept as it was in the document, says where it was taken."""
    photograph = photograph.lstrip(b"\r\n")
    return photograph.startswith(b"\xff\xd8") and bool(read_image(io.BytesIO(photograph), "jpeg")[1].positions)


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed.lstrip(b"\r\n"), _MAX_OBJECTS_STREAM)
    except zlib.error:
        return b""
