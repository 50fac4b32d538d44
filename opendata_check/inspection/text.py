"""Finds how characters are stored, reading the whole file by bounded chunks: encoding, line ends, damaged letters."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import BinaryIO

from opendata_check.inspection import french, mojibake
from opendata_check.model.content import Content
from opendata_check.model.facts import TextFacts

CHUNK = 1_000_000
"""Bytes read at once."""

_ASCII = bytes(range(128))
_HIGH = re.compile(rb"[\x80-\xff]")
_UNDEFINED = re.compile(b"[" + re.escape(french.UNDEFINED_IN_CP1252) + b"]")
_SAMPLE_PER_CHUNK = 4_000
_SAMPLE = 40_000
_REPLACEMENT = "\ufffd".encode()
_PATTERN_BYTES = 4_000

# UTF-8 read as cp1252, then written again in cp1252: the bytes are those of UTF-8.
_MOJIBAKE_BYTES = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe2\x80[\x93\x94\x98-\x9d\xa6]|\xc5[\x92\x93]")


def unicode_mark(head: bytes) -> str:
    """Return the encoding the first bytes prove: a byte order mark, or the zeros of UTF-16; "" when they prove none.

    UTF-16 without a mark answers with its byte order (``utf-16-le``, ``utf-16-be``), so that Python decodes it.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:_PATTERN_BYTES]
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def read_text(content: Content) -> TextFacts:
    """Return how the characters of a text file are stored. Linear; at most a few chunks in memory."""
    with content.path.open("rb") as file:
        mark = unicode_mark(file.read(_PATTERN_BYTES))
        file.seek(len(codecs.BOM_UTF8) if mark == "utf-8-sig" else 0)
        survey = _Survey(mark)
        chunks = _transcoded(file, mark) if mark.startswith("utf-16") else _pieces(file)
        for chunk in _aligned(chunks, content.truncated):
            survey.take(chunk)
    return survey.facts()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the file by chunks."""
    while chunk := file.read(CHUNK):
        yield chunk


def _transcoded(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Yield a UTF-16 file as UTF-8, without its mark; what cannot be read becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in _pieces(file):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _aligned(chunks: Iterator[bytes], truncated: bool) -> Iterator[bytes]:
    """Yield the same bytes cut so that no character and no CRLF straddles two chunks.

    The end of a truncated file loses the incomplete character it may carry.
    """
    kept = b""
    for chunk in chunks:
        data = kept + chunk
        cut = data.rfind(b"\n") + 1 or _after_last_ascii(data)
        kept = data[cut:]
        if cut:
            yield data[:cut]
    if truncated:
        kept = kept[: _after_last_ascii(kept)]
    if kept:
        yield kept


def _after_last_ascii(data: bytes) -> int:
    """Return where to cut: after the last ASCII byte that is not a CR; nowhere near in 100 bytes means at the end."""
    for at in range(len(data) - 1, max(-1, len(data) - 101), -1):
        if data[at] < 128 and data[at] != 13:
            return at + 1
    return len(data)


def _count_lines(data: bytes) -> int:
    """Return how many line ends the bytes hold (LF, CRLF, lone CR)."""
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


class _Survey:
    """What the chunks seen so far say. ``mark`` is what the first bytes proved; UTF-16 comes transcoded."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._lines = 0
        self._nuls = 0
        self._good = 0
        self._bad = 0
        self._replaced = 0
        self._first_high: int | None = None
        self._first_bad: int | None = None
        self._first_undefined: int | None = None
        self._contexts: Counter[french.Context] = Counter()
        self._bytes: Counter[int] = Counter()
        self._damage = mojibake.Damage()
        self._mojibake_bytes: Counter[bytes] = Counter()
        self._in_quotes = 0
        self._ends: Counter[str] = Counter()
        self._ends_in_quotes: Counter[str] = Counter()

    def take(self, chunk: bytes) -> None:
        """Add one aligned chunk."""
        self._nuls += chunk.count(0)
        self._damage.take_ascii(chunk)
        high = chunk.translate(None, _ASCII)
        if high:
            if self._first_high is None:
                self._first_high = self._line_of(_HIGH, chunk)
            self._take_high(chunk, high)
        self._take_line_ends(chunk)
        self._lines += _count_lines(chunk)

    def _line_of(self, pattern: re.Pattern[bytes], chunk: bytes) -> int | None:
        found = pattern.search(chunk)
        return self._lines + _count_lines(chunk[: found.start()]) + 1 if found else None

    def _take_high(self, chunk: bytes, high: bytes) -> None:
        """Look at the bytes above 127: valid UTF-8, or evidence for another encoding."""
        ascii_count = len(chunk) - len(high)
        self._damage.take(chunk)
        self._replaced += chunk.count(_REPLACEMENT)
        if self._mark.startswith("utf-16") and self._first_bad is None and _REPLACEMENT in chunk:
            self._first_bad = self._lines + _count_lines(chunk[: chunk.index(_REPLACEMENT)]) + 1
        try:
            self._good += len(chunk.decode()) - ascii_count
            if self._bad:
                self._mojibake_bytes.update(_MOJIBAKE_BYTES.findall(chunk))
            return
        except UnicodeDecodeError as error:
            if self._first_bad is None:
                self._first_bad = self._lines + _count_lines(chunk[: error.start]) + 1
        text = chunk.decode(errors="replace")
        bad = text.count("\ufffd") - chunk.count(_REPLACEMENT)
        self._bad += bad
        self._good += len(text) - ascii_count - bad
        self._bytes.update(high)
        self._mojibake_bytes.update(_MOJIBAKE_BYTES.findall(chunk))
        if self._first_undefined is None:
            self._first_undefined = self._line_of(_UNDEFINED, chunk)
        if self._contexts.total() < _SAMPLE:
            self._contexts += french.sample_contexts(chunk, _SAMPLE_PER_CHUNK)

    def _take_line_ends(self, chunk: bytes) -> None:
        """Count line ends, apart when they stand between quotes: a cell may hold line breaks of another kind."""
        kinds = _line_ends(chunk)
        quotes = chunk.count(b'"')
        if quotes and (len(kinds) > 1 or not self._ends.keys() >= kinds.keys()):
            parts = chunk.split(b'"')
            # A part's own CRLF is whole: a quote cannot stand between its two bytes.
            for inside, part in zip(_alternate(self._in_quotes), parts, strict=False):
                (self._ends_in_quotes if inside else self._ends).update(_line_ends(part))
        elif self._in_quotes and not quotes:
            self._ends_in_quotes.update(kinds)
        else:
            self._ends.update(kinds)
        self._in_quotes ^= quotes & 1

    def _line_ending(self) -> str:
        kinds = sorted(self._ends or self._ends_in_quotes)
        return kinds[0] if len(kinds) == 1 else "mixed" if kinds else "none"

    def facts(self) -> TextFacts:
        """Return the facts."""
        encoding, certain, bad_line = self._mark, True, self._first_bad
        damaged, pairs = self._damage.count, self._damage.pairs()
        if not encoding:
            encoding = "utf-8"
            if self._bad and self._good <= self._bad:
                encoding, certain = self._one_byte_encoding()
                damaged, pairs = self._mojibake_bytes.total(), self._misread_bytes()
                bad_line = self._first_undefined if encoding == "cp1252" else None
        return TextFacts(
            encoding=encoding,
            has_bom=self._mark in ("utf-8-sig", "utf-16"),
            line_ending=self._line_ending(),
            certain=certain,
            first_non_ascii_line=self._first_high,
            nul_count=self._nuls,
            undecodable_line=bad_line,
            mojibake_count=damaged,
            mojibake=pairs,
            lost_letters=self._damage.lost,
            undecodable_count=self._bad if bad_line else 0,
            replaced_count=self._replaced,
        )

    def _misread_bytes(self) -> tuple[tuple[str, str, int], ...]:
        ranked = sorted(self._mojibake_bytes.items(), key=lambda item: (-item[1], item[0]))
        shown = ranked[: mojibake.SHOWN]
        return tuple((seen.decode("cp1252", "replace"), seen.decode(), count) for seen, count in shown)

    def _one_byte_encoding(self) -> tuple[str, bool]:
        sampled = {byte for _, byte, _ in self._contexts}
        unseen = Counter({("h", byte, "h"): count for byte, count in self._bytes.items() if byte not in sampled})
        return french.choose(self._contexts + unseen)


def _alternate(first: int) -> Iterator[int]:
    return cycle((first, first ^ 1))


def _line_ends(data: bytes) -> dict[str, int]:
    """Return how many line ends of each kind the bytes hold; absent when none."""
    crlf = data.count(b"\r\n")
    counts = {"lf": data.count(b"\n") - crlf, "crlf": crlf, "cr": data.count(b"\r") - crlf}
    return {kind: count for kind, count in counts.items() if count}
