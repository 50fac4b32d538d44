"""Gzip and deflate decompressed in pieces of bounded size: a bomb never stands in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_START = b"\x1f\x8b"


class DamagedError(Exception):
    """Compressed bytes are damaged, or stop too early."""


def inflated(pieces: Iterator[bytes], size: int, *, deflate: bool = False) -> Iterator[bytes]:
    """Yield gzip (several members too) or ``deflate`` decompressed, at most ``size`` bytes at a time.

    What follows the end is ignored, as gzip does. Raises DamagedError, after what came.
    """
    decoder = None
    rest = b""
    for piece in pieces:
        rest += piece
        while rest:
            if len(rest) < 2 and (decoder is None or decoder.eof):
                break  # two bytes tell what starts here
            if decoder is None:
                decoder = zlib.decompressobj(_deflate_form(rest) if deflate else _GZIP)
            elif decoder.eof:
                if deflate or not rest.startswith(_GZIP_START):
                    return
                decoder = zlib.decompressobj(_GZIP)
            if out := _step(decoder, rest, size):
                yield out
            rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    while decoder is not None and not decoder.eof and (out := _step(decoder, b"", size)):
        yield out  # what stood back for lack of room
    if rest if decoder is None else not decoder.eof:
        raise DamagedError


def _step(decoder: zlib._Decompress, data: bytes, size: int) -> bytes:
    """Return at most ``size`` more bytes. Raises DamagedError."""
    try:
        return decoder.decompress(data, size)
    except zlib.error as error:
        raise DamagedError from error


def _deflate_form(beginning: bytes) -> int:
    """Return how « deflate » is meant: with the zlib header, as RFC 9110 §8.4.1.2 says, or raw, as many send it."""
    zlib_header = beginning[0] & 0x0F == 8 and int.from_bytes(beginning[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS
