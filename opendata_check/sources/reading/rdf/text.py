"""Gives a document's text as clean UTF-8, whatever its encoding and whatever its server says of it."""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO

from opendata_check.sources.reading.charsets import text_encoding

_CHUNK = 262_144
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SEEN_OTHERWISE = ("utf", "iso8859-1", "cp1252", "ascii")
"""Encodings that need not be declared: marks show the first ones, and bytes that are not UTF-8 the others."""
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_RUN = 20_000_000
_ERRORS = "opendata-check-cp1252"


class EndlessTextError(Exception):
    """One single text fills megabytes: no catalogue does that."""


def encoding_of(start: bytes, said: str = "") -> tuple[str, int]:
    """Return the encoding of a document and the length of its mark, from its bytes, else from what the server said."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name, len(mark)
    for beginning, name in _UNMARKED:
        if start.startswith(beginning):
            return name, 0
    declared = _DECLARED.match(start[:500])
    for name in (declared[1].decode("ascii") if declared else "", said):
        found = text_encoding(name)
        if found and not found.startswith(_SEEN_OTHERWISE):
            return found, 0
    return "utf-8", 0


class CleanText(io.RawIOBase):
    """A file in UTF-8: no mark, no control characters; bytes that are not UTF-8 are read as Windows-1252.

    ``read`` raises EndlessTextError when megabytes go by without any of ``separators``: parsers would hold them all.
    """

    def __init__(self, file: BinaryIO, charset: str = "", separators: str = '"<>') -> None:
        super().__init__()
        self._file = file
        start = file.read(1000)
        self._encoding, mark = encoding_of(start, charset)
        self._waiting = start[mark:]
        self._decoder = codecs.getincrementaldecoder(self._encoding)(_ERRORS)
        self._ended = False
        self._separators = re.compile("[" + re.escape(separators) + "]")
        self._run = 0
        self._left = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, b"" at the end only; at most ``size`` of them when it is positive."""
        clean = self._left
        self._left = b""
        while not clean and not self._ended:
            clean = self._next().encode("utf-8", "replace")
        if 0 < size < len(clean):
            clean, self._left = clean[:size], clean[size:]
        return clean

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill ``buffer``; return how many bytes were put there."""
        clean = self.read(len(buffer))
        buffer[: len(clean)] = clean
        return len(clean)

    def text(self) -> str:
        """Return some more text, "" at the end only."""
        text = ""
        while not text and not self._ended:
            text = self._next()
        return text

    def _next(self) -> str:
        """Return some more text, perhaps none."""
        raw = self._waiting or self._file.read(_CHUNK)
        self._waiting = b""
        self._ended = not raw
        text = self._decoder.decode(raw, final=self._ended)
        if _FORBIDDEN.search(text):
            text = _FORBIDDEN.sub(" ", text)
        if self._separators.search(text):
            self._run = 0
        else:
            self._run += len(text)
            if self._run > _LONGEST_RUN:
                raise EndlessTextError
        return text


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read as Windows-1252 what is not in the encoding it should be: portals mix both in one page."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = bytes(error.object[error.start : error.end])
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(_ERRORS, _as_cp1252)
