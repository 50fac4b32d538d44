"""Refuses, before pdfium opens it, a PDF whose streams would swell beyond measure once unpacked."""

from __future__ import annotations

import base64
import binascii
import mmap
import re
import zlib
from pathlib import Path

from opendata_check.inspection.errors import InspectionError

MAX_STREAM = 64_000_000
"""Unpacked bytes of a stream that is not an image; pdfium needs two to three times as much to read it."""
MAX_IMAGE = 600_000_000
"""Unpacked bytes of a stream that calls itself an image: pdfium does not unpack it to find text."""
_DEFLATE_LIMIT = 1_032
_DICTIONARY = 4_096
_STEP = 262_144
_STREAM = re.compile(rb"stream\r?\n")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]{0,200}\]|/[^\s/<>\[\]()]{1,40}|)")
_COMPRESSING = re.compile(rb"/(?:FlateDecode|LZWDecode|RunLengthDecode|Fl|LZW|RL)(?![A-Za-z])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def refuse_swelling(path: Path) -> None:
    """Raise InspectionError when a stream of the PDF is compressed twice, or unpacks beyond the limits.

    Measured with pypdfium2 5.15: a PDF of 5 kB made pdfium take 4 GB. Streams too small to pass the limits (deflate
    cannot exceed 1032 to 1) are not unpacked, so the check is free on ordinary files. Encrypted streams cannot be
    weighed and go through. Source: ISO 32000-1, 7.3.8 and 7.4.
    """
    with path.open("rb") as file:
        if not file.seek(0, 2):
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for found in _STREAM.finditer(data):
                _check(data, found.start(), found.end())


def _check(data: mmap.mmap, dictionary_end: int, start: int) -> None:
    """Weigh the stream that starts there."""
    dictionary = data[max(0, dictionary_end - _DICTIONARY) : dictionary_end]
    if dictionary.endswith(b"end"):
        return
    dictionary = dictionary[dictionary.rfind(b"obj") + 3 :] if b"obj" in dictionary else dictionary
    dictionary = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), dictionary)
    filters = _FILTER.search(dictionary)
    if not filters:
        return
    compressions = len(_COMPRESSING.findall(filters[1]))
    if compressions > 1:
        raise _refused()
    limit = MAX_IMAGE if re.search(rb"/Subtype\s*/Image\b", dictionary) else MAX_STREAM
    end = data.find(b"endstream", start)
    end = end if end >= 0 else len(data)
    if (end - start) * _DEFLATE_LIMIT > limit and _unpacked(data, start, end, filters[1], limit) > limit:
        raise _refused()


def _refused() -> InspectionError:
    return InspectionError(
        "le PDF n’a pas été lu : une de ses parties deviendrait démesurée une fois décompressée",
        remedy="Imprimez-le de nouveau en PDF, puis republiez-le.",
    )


def _unpacked(data: mmap.mmap, start: int, end: int, filters: bytes, limit: int) -> int:
    """Return how many bytes the stream gives once inflated, counting no further than just above ``limit``.

    What is not deflate counts for nothing.
    """
    if b"ASCII85Decode" in filters or b"/A85" in filters:
        try:
            packed = base64.a85decode(data[start:end].strip().removesuffix(b"~>"))
        except (ValueError, binascii.Error):
            return 0
    else:
        packed = b""
    size, at = 0, start
    inflate = zlib.decompressobj()
    pending = packed
    try:
        while not inflate.eof and size <= limit:
            if not pending:
                if packed or at >= end:
                    break
                pending = data[at : min(at + _STEP, end)]
                at += len(pending)
            size += len(inflate.decompress(pending, 4 * _STEP))
            pending = inflate.unconsumed_tail
    except zlib.error:
        return size
    return size
