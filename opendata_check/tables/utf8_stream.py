"""Gives a file as UTF-8 bytes, whatever its encoding, noting on the way what a reader of columns must know."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from types import TracebackType

from opendata_check.model.facts import TextFacts
from opendata_check.ranges import LineRanges

_UTF8 = frozenset({"utf-8", "utf-8-sig", "ascii"})
_BOM = codecs.BOM_UTF8
_LINE_END = re.compile(r"\r\n|\r|\n")


class Utf8Stream(io.RawIOBase):
    """A binary file for Arrow: no byte order mark, UTF-8 only, undecodable bytes replaced and their lines noted."""

    def __init__(self, path: Path, text: TextFacts, quote: str) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._decoder: codecs.IncrementalDecoder | None = None
        if text.encoding not in _UTF8 or text.undecodable_line is not None:
            encoding = "utf-8-sig" if text.has_bom and text.encoding == "utf-8" else text.encoding
            self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        elif self._file.read(len(_BOM)) != _BOM:
            self._file.seek(0)
        self._quote = quote.encode() or b"\0\0"
        self._watch = text.undecodable_line is not None
        self._left = b""
        self._held = b""
        """A carriage return kept for the next block."""
        self._line = 1
        self._after_return = False
        self._last_damaged = 0
        self.quotes = 0
        """Quotation marks seen so far."""
        self.has_nul = False
        self.damaged = LineRanges()

    def __enter__(self) -> Utf8Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file underneath."""
        self._file.close()
        super().close()

    def readable(self) -> bool:
        """Return True: this is a stream to read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes; none at the end.

        A block never ends between CR and LF: Arrow takes them for one line break, also in a cell, and loses the LF.
        """
        fresh = self._next(size - len(self._held) if size > 1 else size)
        data, self._held = self._held + fresh, b""
        if fresh and data.endswith(b"\r"):
            data, self._held = data[:-1], b"\r"
            if not data:
                return self.read(size)
        self.quotes += data.count(self._quote)
        self.has_nul = self.has_nul or b"\0" in data
        return data

    def _next(self, size: int) -> bytes:
        """Return bytes of the file, as UTF-8."""
        if self._decoder is None:
            return self._file.read(size)
        while not self._left:
            raw = self._file.read(1 << 20)
            decoded = self._decoder.decode(raw, final=not raw)
            if self._watch:
                self._note(decoded)
            self._left = decoded.encode("utf-8", "replace")
            if not raw:
                break
        data, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
        return data

    @property
    def quoted(self) -> bool:
        """True once a quotation mark was seen: cells may then hold line breaks."""
        return self.quotes > 0

    def _note(self, text: str) -> None:
        """Note the lines of damaged characters, counted as ``rows`` counts them: LF, CR and CRLF end a line."""
        if self._after_return and text.startswith("\n"):
            text = text[1:]
        if "\ufffd" in text:
            for number, line in enumerate(_LINE_END.split(text), start=self._line):
                if "\ufffd" in line and number != self._last_damaged:
                    self.damaged.add(number)
                    self._last_damaged = number
        self._line += text.count("\n") + text.count("\r") - text.count("\r\n")
        self._after_return = text.endswith("\r")
